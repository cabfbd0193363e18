//! `@@schema`: which of the database's schemas a table or an enum is in.

use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::messages::database as messages;
use crate::model::Provider;
use crate::source::Span;
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
    match (draft.provider, schema) {
        (Some(provider @ (Provider::Sqlite | Provider::Mysql)), Some((_, span))) => {
            diagnostics.push(messages::schema_unsupported(*span, block, provider));
        }
        (Some(Provider::Postgres), Some((name, span))) if !draft.schemas.contains(name) => {
            let known = draft.schemas.iter().map(String::as_str);
            diagnostics.push(messages::unknown_schema(*span, block, name, known));
        }
        (Some(Provider::Postgres), None) if !draft.schemas.is_empty() => {
            let example = draft.first_schema.as_deref().unwrap_or("public");
            diagnostics.push(messages::missing_schema(block, example));
        }
        _ => {}
    }
}
