//! `@@schema`: which of the database's schemas a table or an enum is in.

use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::model::Provider;
use crate::rules::Rule;
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::Block;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for model in &draft.models {
        check(draft, model.block, model.schema.as_ref(), diagnostics);
    }
    for (block, schema) in draft.enum_blocks.iter().zip(&draft.enum_schemas) {
        check(draft, block, schema.as_ref(), diagnostics);
    }
}

fn check(draft: &Draft<'_>, block: &Block, schema: Option<&(String, Span)>, diagnostics: &mut Vec<Diagnostic>) {
    let what = format!("the {} `{}`", block.kind.keyword(), block.name.text);
    match (draft.provider, schema) {
        (Some(provider @ (Provider::Sqlite | Provider::Mysql)), Some((_, span))) => diagnostics.push(
            Diagnostic::error(
                Rule::SchemaUnsupported,
                *span,
                format!("{what} has a schema, but {} has none", provider.name()),
            )
            .label(format!("not on {}", provider.name()))
            .help("remove `@@schema`"),
        ),
        (Some(Provider::Postgres), Some((name, span))) if !draft.schemas.contains(name) => {
            let diagnostic = Diagnostic::error(
                Rule::UnknownSchema,
                *span,
                format!("{what} is in the schema `{name}`, which the datasource does not list"),
            )
            .label("not in `schemas`");
            diagnostics.push(match closest(name, draft.schemas.iter().map(String::as_str)) {
                Some(close) => diagnostic.suggest(Some(close)),
                None => diagnostic.help(format!("add `\"{name}\"` to `schemas` of the datasource")),
            });
        }
        (Some(Provider::Postgres), None) if !draft.schemas.is_empty() => diagnostics.push(
            Diagnostic::error(
                Rule::MissingSchema,
                Span { end: block.name.span.end, ..block.keyword },
                format!("{what} has no `@@schema`, and the datasource lists the schemas of the database"),
            )
            .label("in which schema")
            .help(format!("add `@@schema(\"{}\")` to it", draft.first_schema.as_deref().unwrap_or("public"))),
        ),
        _ => {}
    }
}
