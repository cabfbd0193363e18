//! The names that attributes give: `@map`, `@@map`, `@was`, `@@was`, `@@schema`.

use crate::attributes::Bound;
use crate::diagnostic::Diagnostic;
use crate::messages::arguments::{missing_argument, schema_without_name};
use crate::source::Span;

/// The name given by `@map` or `@@map`.
pub(super) fn mapped(map: &Bound<'_>, attribute: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    if map.get("name").is_none() {
        let example = match attribute {
            "@@map" => "table_name",
            "@@was" | "@was" => "oldName",
            _ => "column_name",
        };
        diagnostics.push(missing_argument(map.span, attribute, "name", &format!("{attribute}(\"{example}\")")));
        return None;
    }
    map.string("name", diagnostics)
}

/// The name given by `@@schema`, and where.
pub(super) fn schema(bound: &Bound<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<(String, Span)> {
    let Some(argument) = bound.get("map") else {
        diagnostics.push(schema_without_name(bound.span));
        return None;
    };
    Some((bound.string("map", diagnostics)?, argument.value.span))
}
