//! SQLite.

use crate::catalog::Type;

/// The collation, registered by the driver on each connection, that orders decimal text by its value.
pub const DECIMAL_COLLATION: &str = "purlin_decimal";

/// Functions, registered by the driver on each connection, that give a number back when it fits the column and fail
/// otherwise. SQLite itself would store an Int of more than 32 bits, and go over to floats after 64.
pub const INT_FUNCTION: &str = "purlin_int";
/// As [`INT_FUNCTION`], for BigInt.
pub const BIG_INT_FUNCTION: &str = "purlin_big_int";

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

pub(super) fn range_check(ty: Type) -> Option<&'static str> {
    match ty {
        Type::Int => Some(INT_FUNCTION),
        Type::BigInt => Some(BIG_INT_FUNCTION),
        _ => None,
    }
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
