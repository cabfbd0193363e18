//! Values that no client can read, since SQLite lets any column hold any of its types.

use rusqlite::Connection;

use super::render::identifier;
use crate::{
    Error,
    database::{Column, DatabaseSchema, Family},
};

/// The values of a column that are not of its type in the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfitValues {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// How many there are.
    pub values: i64,
    /// What each of them is not.
    expected: &'static str,
    /// A condition that finds them.
    condition: String,
}

impl UnfitValues {
    /// What it means, in a sentence, and a query that finds them.
    pub fn message(&self) -> (String, String) {
        let Self { table, column, values, expected, condition } = self;
        let what = match values {
            1 => "1 value that is".to_owned(),
            _ => format!("{values} values that are"),
        };
        (
            format!("\"{table}\".\"{column}\" holds {what} not {expected}: a query that reads one of them fails"),
            format!("SELECT * FROM {} WHERE {condition}", identifier(table)),
        )
    }
}

/// Looks at the columns of the schema behind `wanted` whose type is one of SQLite's, in one pass over each table. Dates,
/// decimals and enums are looked at elsewhere.
pub(crate) fn unfit_values(
    connection: &Connection,
    present: &DatabaseSchema,
    wanted: &DatabaseSchema,
) -> Result<Vec<UnfitValues>, Error> {
    let mut found = Vec::new();
    for table in &wanted.tables {
        let Some(existing) = present.table(&table.name) else { continue };
        let mut columns: Vec<UnfitValues> = table
            .columns
            .iter()
            .filter_map(|column| {
                let name = &existing.column(&column.name)?.name;
                let (expected, condition) = unfit(column, &identifier(name))?;
                Some(UnfitValues { table: existing.name.clone(), column: name.clone(), values: 0, expected, condition })
            })
            .collect();
        if columns.is_empty() {
            continue;
        }
        let counts: Vec<String> =
            columns.iter().map(|column| format!("count(*) FILTER (WHERE {})", column.condition)).collect();
        let sql = format!("SELECT {} FROM {}", counts.join(", "), identifier(&existing.name));
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        if let Some(row) = rows.next()? {
            for (index, column) in columns.iter_mut().enumerate() {
                column.values = row.get(index)?;
            }
        }
        found.extend(columns.into_iter().filter(|column| column.values > 0));
    }
    Ok(found)
}

/// What the values of a column are to be, and a condition that finds those that are not.
fn unfit(column: &Column, name: &str) -> Option<(&'static str, String)> {
    let not_of = |class: &str| format!("typeof({name}) NOT IN ('null', '{class}')");
    let (expected, condition) = match column.family {
        Family::Boolean => ("0 or 1", format!("{name} NOT IN (0, 1) OR {}", not_of("integer"))),
        Family::Int => {
            ("an integer of 32 bits", format!("{name} NOT BETWEEN -2147483648 AND 2147483647 OR {}", not_of("integer")))
        }
        Family::BigInt => ("an integer", not_of("integer")),
        Family::Float => ("a number", format!("typeof({name}) NOT IN ('null', 'integer', 'real')")),
        Family::String if column.allowed.is_none() => ("a text", not_of("text")),
        Family::Bytes => ("a blob", not_of("blob")),
        Family::String | Family::Decimal | Family::DateTime | Family::Json | Family::Other => return None,
    };
    Some((expected, condition))
}
