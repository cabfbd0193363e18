//! The values of a table as SQLite stores them once their columns have other types: what a key makes of them is asked of
//! SQLite itself, in a table that is there for a moment.

use rusqlite::Connection;

use super::{plan::strict, render::identifier};
use crate::{
    Error,
    database::{Column, Family, same_name},
    diff::Alteration,
};

/// The table in which values are converted. A name that nobody has: it would hide a table of the database.
const TABLE: &str = "\"_purlin_converted\"";

/// Some columns of a table after a change of their types.
pub(super) struct Converted<'a> {
    connection: &'a Connection,
}

impl<'a> Converted<'a> {
    /// Copies columns of the table, each given by its definition after the change and by the expression of its values.
    pub(super) fn copy(
        connection: &'a Connection,
        alteration: &Alteration,
        columns: &[(&Column, String)],
    ) -> Result<Self, Error> {
        let mut definitions = Vec::new();
        let mut sources = Vec::new();
        for (column, source) in columns {
            definitions.push(format!("{} {}", identifier(&column.name), native_type(alteration, column)));
            sources.push(source.as_str());
        }
        connection.execute_batch(&format!("CREATE TEMP TABLE {TABLE} ({})", definitions.join(", ")))?;
        // From here on the table is dropped with this value.
        let converted = Self { connection };
        connection.execute_batch(&format!(
            "INSERT INTO temp.{TABLE} SELECT {} FROM main.{}",
            sources.join(", "),
            identifier(&alteration.from.name)
        ))?;
        Ok(converted)
    }

    /// How many rows fulfil a condition.
    pub(super) fn rows(&self, condition: &str) -> Result<i64, Error> {
        self.number(&format!("SELECT count(*) FROM temp.{TABLE} WHERE {condition}"))
    }

    /// How many combinations of values without a null are there more than once.
    pub(super) fn duplicates(&self, columns: &[String]) -> Result<i64, Error> {
        let names: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
        let present: Vec<String> = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
        self.number(&format!(
            "SELECT count(*) FROM (SELECT 1 FROM temp.{TABLE} WHERE {} GROUP BY {} HAVING count(*) > 1)",
            present.join(" AND "),
            names.join(", ")
        ))
    }

    fn number(&self, sql: &str) -> Result<i64, Error> {
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }
}

impl Drop for Converted<'_> {
    fn drop(&mut self) {
        // It ends with the connection at the latest.
        let _ = self.connection.execute_batch(&format!("DROP TABLE temp.{TABLE}"));
    }
}

/// The type that a column has after the change.
fn native_type(alteration: &Alteration, column: &Column) -> String {
    let changed = alteration.changed.iter().any(|change| change.ty && same_name(&change.to.name, &column.name));
    match alteration.source(&column.name) {
        Some(existing) if !changed => existing.native_type.clone(),
        _ => strict(&alteration.from, column).native_type,
    }
}

/// The storage class without which the table refuses a value of the column: that of the key by which SQLite numbers the
/// rows, and that of each column of a strict table.
pub(super) fn demanded(alteration: &Alteration, column: &Column) -> Option<&'static str> {
    let ty = native_type(alteration, column);
    let is_key = matches!(alteration.to.primary_key.as_slice(), [only] if same_name(only, &column.name));
    let has_row_numbers = !alteration
        .from
        .kept
        .options
        .iter()
        .any(|option| option.split_whitespace().any(|word| word.eq_ignore_ascii_case("ROWID")));
    if is_key && has_row_numbers && ty.eq_ignore_ascii_case("INTEGER") {
        return Some("integer");
    }
    if !super::spelling::is_strict(&alteration.from) || column.family == Family::Other {
        return None;
    }
    match super::spelling::storage(&column.family) {
        "INTEGER" => Some("integer"),
        "REAL" => Some("real"),
        "TEXT" => Some("text"),
        "BLOB" => Some("blob"),
        _ => None,
    }
}
