//! `Unsupported("tsvector")`: a type of the database that the language has no name for.

use crate::attributes::string;
use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::native;
use crate::rules::Rule;
use crate::syntax::Field;

/// The type as it is written.
pub(super) fn resolve(draft: &Draft<'_>, syntax: &Field, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let items = syntax.ty.arguments.as_ref().map_or(&[][..], |arguments| &arguments.items);
    let ([argument], name) = (items, &syntax.name.text) else {
        diagnostics.push(
            Diagnostic::error(
                Rule::MissingArgument,
                syntax.ty.span,
                format!("field `{}`: `Unsupported` needs the name of the type in the database", syntax.name.text),
            )
            .label("one string is needed")
            .help("write for example `Unsupported(\"tsvector\")`"),
        );
        return None;
    };
    let written = string(&argument.value, "the argument of `Unsupported`", diagnostics)?;
    if written.trim().is_empty() {
        diagnostics.push(
            Diagnostic::error(
                Rule::EmptyName,
                argument.value.span,
                format!("field `{name}`: `Unsupported` names no type"),
            )
            .label("a name is needed here")
            .help("write the name of the type in the database"),
        );
        return None;
    }
    if let (Some(provider), Some(prefix)) = (draft.provider, &draft.datasource)
        && let Some((scalar, native)) = native::named_by(&written, provider)
    {
        diagnostics.push(
            Diagnostic::error(
                Rule::SupportedType,
                syntax.ty.span,
                format!("field `{name}`: `{written}` is a type that the language knows"),
            )
            .label("supported")
            .help(format!("write `{} @{prefix}.{native}`", scalar.name())),
        );
    }
    Some(written)
}
