//! SQLite.

use crate::catalog::Type;

/// The collation, registered by the driver on each connection, that orders decimal text by its value.
pub const DECIMAL_COLLATION: &str = "purlin_decimal";

pub(super) const ESCAPE_CLAUSE: &str = " ESCAPE '\\'";
pub(super) const NO_LIMIT: &str = "-1";
pub(super) const INSERT_IGNORE: &str = "INSERT OR IGNORE INTO ";

pub(super) fn identifier(out: &mut String, name: &str) {
    out.push('"');
    for character in name.chars() {
        if character == '"' {
            out.push('"');
        }
        out.push(character);
    }
    out.push('"');
}

pub(super) fn collation(out: &mut String, ty: Type) {
    if ty == Type::Decimal {
        out.push_str(" COLLATE ");
        out.push_str(DECIMAL_COLLATION);
    }
}

/// JSON is text here: `json()` takes out the spaces that do not matter.
pub(super) fn normal_form(ty: Type) -> Option<(&'static str, &'static str)> {
    (ty == Type::Json).then_some(("json(", ")"))
}
