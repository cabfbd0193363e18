//! SQLite.

use crate::catalog::{FieldIndex, ModelIndex, Type};
use crate::tree::{Arithmetic, Compare};

/// The collation, registered by the driver on each connection, that orders decimal text by its value.
pub const DECIMAL_COLLATION: &str = "purlin_decimal";

/// Functions, registered by the driver on each connection, that take a computed number, the number that it was computed
/// from, and the column as a number that `place` makes. They return the first when the column can hold it, and fail
/// otherwise: SQLite itself would store an Int of more than 32 bits, go over to floats after 64, and make null of a
/// division by zero.
pub const INT_FUNCTION: &str = "purlin_int";
/// As [`INT_FUNCTION`], for BigInt.
pub const BIG_INT_FUNCTION: &str = "purlin_big_int";
/// As [`INT_FUNCTION`], for Float, which is finite.
pub const FLOAT_FUNCTION: &str = "purlin_float";

/// Functions, registered by the driver on each connection, of two decimal numbers and a column as a number that `place`
/// makes: SQLite itself computes with floats. They fail where the result has more digits than a decimal may have, and where one divides by zero.
pub const DECIMAL_ADD_FUNCTION: &str = "purlin_decimal_add";
/// As [`DECIMAL_ADD_FUNCTION`], their difference.
pub const DECIMAL_SUBTRACT_FUNCTION: &str = "purlin_decimal_subtract";
/// As [`DECIMAL_ADD_FUNCTION`], their product.
pub const DECIMAL_MULTIPLY_FUNCTION: &str = "purlin_decimal_multiply";
/// As [`DECIMAL_ADD_FUNCTION`], their quotient.
pub const DECIMAL_DIVIDE_FUNCTION: &str = "purlin_decimal_divide";

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
/// The function, registered by the driver on each connection, that returns the normal form of a JSON text: equal values have
/// equal ones. Unlike `json()` of SQLite it writes each number in one way, and takes text that is no JSON as it is.
pub const JSON_FUNCTION: &str = "purlin_json";
const JSON_CALL: &str = "purlin_json(";

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

/// Appends a name to a statement, in quotes.
pub fn identifier(out: &mut String, name: &str) {
    out.push('"');
    for character in name.chars() {
        if character == '"' {
            out.push('"');
        }
        out.push(character);
    }
    out.push('"');
}

/// The number by which a statement tells a function which column it computes, for the message of an error.
pub(crate) fn place(model: ModelIndex, field: FieldIndex) -> u32 {
    u32::from(model) << 16 | u32::from(field)
}

/// The column that a number of a statement stands for.
pub fn column_at(place: u32) -> (ModelIndex, FieldIndex) {
    let [model_high, model_low, field_high, field_low] = place.to_be_bytes();
    (u16::from_be_bytes([model_high, model_low]), u16::from_be_bytes([field_high, field_low]))
}

pub(super) fn range_check(ty: Type) -> Option<&'static str> {
    match ty {
        Type::Int => Some(INT_FUNCTION),
        Type::BigInt => Some(BIG_INT_FUNCTION),
        Type::Float => Some(FLOAT_FUNCTION),
        _ => None,
    }
}

/// The function that computes with two values of this type, where the operator of SQL does not.
pub(super) fn arithmetic(ty: Type, operator: Arithmetic) -> Option<&'static str> {
    (ty == Type::Decimal).then_some(match operator {
        Arithmetic::Add => DECIMAL_ADD_FUNCTION,
        Arithmetic::Subtract => DECIMAL_SUBTRACT_FUNCTION,
        Arithmetic::Multiply => DECIMAL_MULTIPLY_FUNCTION,
        Arithmetic::Divide => DECIMAL_DIVIDE_FUNCTION,
    })
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

/// Two texts of one JSON value can differ in spaces and in the spelling of numbers.
pub(super) fn normal_form(ty: Type) -> Option<(&'static str, &'static str)> {
    (ty == Type::Json).then_some((JSON_CALL, ")"))
}
