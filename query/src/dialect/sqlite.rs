//! SQLite.

use super::Rendered;
use super::render::{Renderer, Text, keys_in_gap, list_in_gap, operator_symbol, update_on_conflict};
use crate::catalog::{Column, FieldIndex, ModelIndex, Type};
use crate::plan::Param;
use crate::statement::{
    ColumnName, Comparison, Conflict, Expression, InKeys, InList, Insert, SchemaField, Statement, TableName,
};
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

/// The function, registered by the driver on each connection, that returns the text of a decimal. A column without an
/// affinity, as an expression of a view is, may hold a number, which SQLite would order before each text.
pub const DECIMAL_FUNCTION: &str = "purlin_decimal_text";

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
    /// Returns the one of a type, if it has several forms.
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

/// The column that a number of a statement stands for.
pub fn column_at(place: u32) -> (ModelIndex, FieldIndex) {
    let [model_high, model_low, field_high, field_low] = place.to_be_bytes();
    (u16::from_be_bytes([model_high, model_low]), u16::from_be_bytes([field_high, field_low]))
}

/// So many comparisons of columns that may be large need no look at the deadline between them.
const LARGE_COMPARISONS: usize = 64;

pub(super) fn render(statement: &Statement<'_>) -> Rendered {
    let mut sqlite = Sqlite::default();
    sqlite.statement(statement);
    sqlite.text.finish()
}

/// A query of the forms of the newest dates of a table: for each of `columns` the storage class of the newest value in the
/// first of its names that has one, `null` where none has.
pub(crate) fn newest_forms(table: &str, columns: &[Vec<&str>]) -> String {
    let mut sqlite = Sqlite::default();
    sqlite.push("SELECT ").separated(", ", columns, |sql, names| {
        sql.push("typeof(COALESCE(");
        for name in names {
            sql.push("(SELECT c FROM (SELECT ").name(name);
            sql.push(" AS c FROM ").name(table);
            sql.push(" ORDER BY rowid DESC LIMIT 100) WHERE c IS NOT NULL LIMIT 1), ");
        }
        sql.push("NULL))");
    });
    sqlite.text.into_text()
}

#[derive(Debug, Default)]
struct Sqlite {
    text: Text,
    /// Comparisons of columns that may be large.
    large_comparisons: usize,
}

impl Sqlite {
    /// A condition that may read large values, in a `CASE` where there are many of them. SQLite looks at the deadline
    /// where its program jumps, which plain comparisons do not, and each of two thousand may read a text of megabytes; the
    /// end of a `CASE` is a jump. Only of so many comparisons that no index would serve them, and of none that is or
    /// becomes an `IN`.
    fn within_deadline(&mut self, scans: bool, write: impl FnOnce(&mut Self)) {
        if scans {
            self.large_comparisons += 1;
        }
        // Each of them: which of some are evaluated at all is up to the row.
        let looks = scans && self.large_comparisons > LARGE_COMPARISONS;
        self.push(if looks { "CASE WHEN 1 THEN " } else { "" });
        write(self);
        self.push(if looks { " END" } else { "" });
    }

    fn call(&mut self, function: &str, write: impl FnOnce(&mut Self)) {
        self.push(function).push("(");
        write(self);
        self.push(")");
    }

    /// The number by which a statement tells a function which column it computes, for the message of an error.
    fn place(&mut self, (model, field): SchemaField) {
        self.push(", ").text().number(u32::from(model) << 16 | u32::from(field));
    }
}

impl Renderer for Sqlite {
    const NO_LIMIT: Option<&'static str> = Some("-1");
    const DEFAULT_VALUES: &'static str = " DEFAULT VALUES";

    fn text(&mut self) -> &mut Text {
        &mut self.text
    }

    fn name(&mut self, name: &str) {
        self.text.quoted(name, '"');
    }

    /// SQLite has no schemas, so the one of a table is not said.
    fn table_name(&mut self, table: TableName<'_>) {
        self.name(table.name);
    }

    fn derived_name(&mut self) {}

    fn param(&mut self, param: &Param, _: Option<&Column>) {
        self.push("?").text().bind(param.clone());
    }

    fn by_value(&mut self, ty: Type, expression: &Expression<'_>) {
        match ty {
            Type::DateTime => self.call(INSTANT_FUNCTION, |sql| sql.expression(expression)),
            Type::Decimal => {
                self.call(DECIMAL_FUNCTION, |sql| sql.expression(expression));
                self.push(" COLLATE ").push(DECIMAL_COLLATION);
            }
            _ => self.expression(expression),
        }
    }

    /// Two texts of one JSON value can differ in spaces and in the spelling of numbers.
    fn normal_json(&mut self, expression: &Expression<'_>) {
        self.call(JSON_FUNCTION, |sql| sql.expression(expression));
    }

    fn computed(&mut self, column: ColumnName<'_>, ty: Type, operator: Arithmetic, value: &Param, place: SchemaField) {
        // SQLite itself computes with floats.
        if ty == Type::Decimal {
            let function = match operator {
                Arithmetic::Add => DECIMAL_ADD_FUNCTION,
                Arithmetic::Subtract => DECIMAL_SUBTRACT_FUNCTION,
                Arithmetic::Multiply => DECIMAL_MULTIPLY_FUNCTION,
                Arithmetic::Divide => DECIMAL_DIVIDE_FUNCTION,
            };
            return self.call(function, |sql| {
                sql.column(column);
                sql.push(", ").param(value, None);
                sql.place(place);
            });
        }
        let compute = |sql: &mut Self| {
            sql.column(column);
            sql.push(operator_symbol(operator)).param(value, None);
        };
        match range_check(ty) {
            None => compute(self),
            Some(function) => self.call(function, |sql| {
                compute(sql);
                sql.push(", ").column(column);
                sql.place(place);
            }),
        }
    }

    fn in_range(&mut self, column: ColumnName<'_>, ty: Type, place: SchemaField) {
        match range_check(ty) {
            None => self.column(column),
            Some(function) => self.call(function, |sql| {
                sql.column(column);
                sql.push(", NULL").place(place);
            }),
        }
    }

    fn search(&mut self, operator: Compare, column: ColumnName<'_>, text: &Param) {
        let function = match operator {
            Compare::StartsWith => STARTS_WITH_FUNCTION,
            Compare::EndsWith => ENDS_WITH_FUNCTION,
            _ => CONTAINS_FUNCTION,
        };
        self.call(function, |sql| {
            sql.column(column);
            sql.push(", ").param(text, None);
        });
    }

    fn compare(&mut self, comparison: &Comparison<'_>) {
        self.within_deadline(comparison.scans, |sql| sql.comparison(comparison));
    }

    fn in_list(&mut self, list: &InList<'_>) {
        let around = if list.column.ty == Type::Json { (JSON_CALL, ")") } else { ("", "") };
        self.within_deadline(list.scans, |sql| list_in_gap(sql, list, around));
    }

    fn in_keys(&mut self, keys: &InKeys<'_>) {
        keys_in_gap(self, &keys.operands);
    }

    fn insert_into(&mut self, conflict: &Conflict<'_>) {
        self.push(match conflict {
            Conflict::Fail | Conflict::Update { .. } => "INSERT INTO ",
            Conflict::Ignore => "INSERT OR IGNORE INTO ",
        });
    }

    fn conflict(&mut self, insert: &Insert<'_>) {
        if let Conflict::Update { key, change } = &insert.conflict {
            update_on_conflict(self, key, change);
        }
    }

    /// The one connection that writes locks the file.
    fn lock(&mut self) {}
}

/// The function that a computed number of this type passes through with the number that it was computed from.
fn range_check(ty: Type) -> Option<&'static str> {
    match ty {
        Type::Int => Some(INT_FUNCTION),
        Type::BigInt => Some(BIG_INT_FUNCTION),
        Type::Float => Some(FLOAT_FUNCTION),
        _ => None,
    }
}
