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

/// A type whose values a file may hold in several forms, of which Purlin writes one, the canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormedType {
    /// `DateTime`. The canonical form is `2024-01-02T03:04:05.678+00:00`: texts of one instant are equal, and texts sort
    /// as their instants do.
    Date,
    /// `Decimal`. The canonical form is the number without an exponent, a plus, and zeros that say nothing: texts of one
    /// number are equal. A number in place of a text is in no other form: only a column that makes numbers of all texts
    /// that are one holds it, and it makes a number of what it is compared with too.
    Decimal,
}

impl FormedType {
    /// Whether a type is one.
    pub fn of(ty: Type) -> Option<Self> {
        match ty {
            Type::DateTime => Some(Self::Date),
            Type::Decimal => Some(Self::Decimal),
            _ => None,
        }
    }

    /// The name of the partial index of the rows whose value in `column` is in a form other than the canonical one.
    pub fn index(self, table: &str, column: &str) -> String {
        match self {
            Self::Date => format!("{table}_{column}_other_dates"),
            Self::Decimal => format!("{table}_{column}_other_decimals"),
        }
    }

    /// The condition of that index. It calls nothing that Purlin registers, so that every program keeps the index.
    pub fn condition(self, column: &str) -> String {
        let mut name = String::new();
        identifier(&mut name, column);
        match self {
            // `IS NOT NULL` of a column that is never null becomes true in a query, which then is not the condition of the index.
            // Of a day that is not there, as the 31st of February, a sum of days is another one. It is asked of days alone: of
            // `now` it would fail in an index, and so would the write of that text.
            Self::Date => {
                let time = "[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]+00:00";
                format!(
                    "CASE WHEN {name} GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:{time}' \
                     THEN {name} GLOB '*T2[4-9]*' OR date(substr({name}, 1, 10), '+0 days') IS NOT substr({name}, 1, 10) \
                     ELSE typeof({name}) <> 'null' END"
                )
            }
            Self::Decimal => format!(
                "typeof({name}) = 'blob' OR typeof({name}) = 'text' AND ({name} GLOB '*[^-.0-9]*' OR {name} GLOB '?*-*' \
                 OR {name} GLOB '*.*.*' OR {name} NOT GLOB '*[0-9]' OR {name} GLOB '*.*0' OR {name} = '-0' \
                 OR ltrim({name}, '-') GLOB '0[0-9]*' OR ltrim({name}, '-') GLOB '.*')"
            ),
        }
    }

    pub(super) fn has_other_forms(self, table: &str, column: &str) -> String {
        let mut sql = "SELECT EXISTS (SELECT 1 FROM ".to_owned();
        identifier(&mut sql, table);
        sql.push_str(" INDEXED BY ");
        identifier(&mut sql, &self.index(table, column));
        sql.push_str(" WHERE ");
        sql.push_str(&self.condition(column));
        sql.push(')');
        sql
    }
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

pub(super) fn collation(ty: Type) -> Option<&'static str> {
    (ty == Type::Decimal).then_some(" COLLATE purlin_decimal")
}

pub(super) fn by_value(ty: Type) -> Option<(&'static str, &'static str)> {
    match ty {
        Type::DateTime => Some(("purlin_instant(", ")")),
        Type::Decimal => Some(("", " COLLATE purlin_decimal")),
        _ => None,
    }
}

/// Two texts of one JSON value can differ in spaces and in the spelling of numbers.
pub(super) fn normal_form(ty: Type) -> Option<(&'static str, &'static str)> {
    (ty == Type::Json).then_some((JSON_CALL, ")"))
}
