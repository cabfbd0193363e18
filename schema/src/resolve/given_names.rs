//! The names that attributes give: `@map`, `@@map`, `@was`, `@@was`, `@@schema`.

use crate::attributes::Bound;
use crate::diagnostic::Diagnostic;
use crate::rules::Rule;
use crate::source::Span;

/// The name given by `@map` or `@@map`.
pub(super) fn mapped(map: &Bound<'_>, attribute: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    if map.get("name").is_none() {
        let example = match attribute {
            "@@map" => "table_name",
            "@@was" | "@was" => "oldName",
            _ => "column_name",
        };
        diagnostics.push(missing_argument(map, attribute, "name", &format!("{attribute}(\"{example}\")")));
        return None;
    }
    map.string("name", diagnostics)
}

/// The error for a needed argument that is not there.
pub(super) fn missing_argument(bound: &Bound<'_>, attribute: &str, argument: &str, example: &str) -> Diagnostic {
    Diagnostic::error(Rule::MissingArgument, bound.span, format!("`{attribute}` needs its argument `{argument}`"))
        .label("argument missing")
        .help(format!("write for example `{example}`"))
}

/// The name given by `@@schema`, and where.
pub(super) fn schema(bound: &Bound<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<(String, Span)> {
    let Some(argument) = bound.get("map") else {
        diagnostics.push(
            Diagnostic::error(Rule::MissingArgument, bound.span, "`@@schema` needs the name of a schema")
                .label("argument missing")
                .help("write for example `@@schema(\"public\")`"),
        );
        return None;
    };
    Some((bound.string("map", diagnostics)?, argument.value.span))
}
