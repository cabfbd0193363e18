//! SQLite.

use crate::catalog::Type;
use crate::tree::Compare;

/// The collation, registered by the driver on each connection, that orders decimal text by its value.
pub const DECIMAL_COLLATION: &str = "purlin_decimal";

/// Functions, registered by the driver on each connection, that take a computed number and the number that it was
/// computed from. They return the first when its column can hold it, and fail otherwise: SQLite itself would store an Int
/// of more than 32 bits, go over to floats after 64, and make null of a division by zero.
pub const INT_FUNCTION: &str = "purlin_int";
/// As [`INT_FUNCTION`], for BigInt.
pub const BIG_INT_FUNCTION: &str = "purlin_big_int";
/// As [`INT_FUNCTION`], for Float, which is finite.
pub const FLOAT_FUNCTION: &str = "purlin_float";

/// Functions, registered by the driver on each connection, that search a text for another. ASCII letters match in either
/// case, as `LIKE` matches them; nothing is a wildcard.
pub const CONTAINS_FUNCTION: &str = "purlin_contains";
/// As [`CONTAINS_FUNCTION`], at the start.
pub const STARTS_WITH_FUNCTION: &str = "purlin_starts_with";
/// As [`CONTAINS_FUNCTION`], at the end.
pub const ENDS_WITH_FUNCTION: &str = "purlin_ends_with";

/// The function, registered by the driver on each connection, that takes a date in any of its forms and returns the
/// text of the instant, which compares and sorts as instants do. What is no date becomes null.
pub const INSTANT_FUNCTION: &str = "purlin_instant";

/// The table-valued function, registered by the driver on each connection, whose rows are the elements of a bound array:
/// `value`, numbered by `rowid` from 1.
pub const ARRAY_FUNCTION: &str = "rarray";

/// The name of the partial index of the rows whose date in `column` is in a form other than the one that Purlin writes.
pub fn other_dates_index(table: &str, column: &str) -> String {
    format!("{table}_{column}_other_dates")
}

/// The condition of that index. Purlin writes `2024-01-02T03:04:05.678+00:00`, or six digits of a second where three
/// are not enough: texts of one instant are equal, and texts sort as their instants do. The condition calls nothing that
/// Purlin registers, so that every program keeps the index.
pub fn other_dates_condition(column: &str) -> String {
    let mut name = String::new();
    identifier(&mut name, column);
    format!(
        "{name} NOT GLOB '????-??-??T??:??:??.???+00:00' AND \
         ({name} NOT GLOB '????-??-??T??:??:??.??????+00:00' OR {name} GLOB '*000+00:00')"
    )
}

pub(super) fn has_other_dates(table: &str, column: &str) -> String {
    let mut sql = "SELECT EXISTS (SELECT 1 FROM ".to_owned();
    identifier(&mut sql, table);
    sql.push_str(" INDEXED BY ");
    identifier(&mut sql, &other_dates_index(table, column));
    sql.push_str(" WHERE ");
    sql.push_str(&other_dates_condition(column));
    sql.push(')');
    sql
}

/// The columns that a statement returns at most.
pub(super) const MAX_COLUMNS: usize = 2_000;
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
        Type::Float => Some(FLOAT_FUNCTION),
        _ => None,
    }
}

/// The function of `contains`, `startsWith` or `endsWith`.
pub(super) fn text_search(operator: Compare) -> &'static str {
    match operator {
        Compare::StartsWith => STARTS_WITH_FUNCTION,
        Compare::EndsWith => ENDS_WITH_FUNCTION,
        _ => CONTAINS_FUNCTION,
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
