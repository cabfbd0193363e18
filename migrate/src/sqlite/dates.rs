//! Finds the dates that are in another form than the one that Purlin writes.

use purlin_driver::datetime::parse;
use purlin_query::dialect::sqlite::{other_dates_condition, other_dates_index};
use rusqlite::{Connection, types::ValueRef};

use super::render::{self, identifier};
use crate::{
    Error,
    database::{DatabaseSchema, Family, same_name},
};

/// The dates of a column that are in another form than the one that Purlin writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherDates {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// How many are numbers of milliseconds.
    pub numbers: i64,
    /// How many are texts.
    pub texts: i64,
    /// How many of the texts have more digits than milliseconds, which SQLite's own functions would lose.
    pub finer: i64,
    /// How many are no dates, so that no client can read them.
    pub unreadable: i64,
    /// Whether an index has the column, which queries on dates cannot use because of them.
    pub indexed: bool,
    /// Whether the database has no index of such dates, so that queries do not use the column's indexes even without them.
    pub unwatched: bool,
}

impl OtherDates {
    /// Whether there are any.
    pub fn is_any(&self) -> bool {
        self.numbers + self.texts > 0
    }

    /// What it means that some are no dates, in a sentence, and a query that finds them; none where there are none.
    pub fn unreadable_message(&self) -> Option<(String, String)> {
        if self.unreadable == 0 {
            return None;
        }
        let what = if self.unreadable == 1 { "1 value that is no date" } else { "values that are no dates" };
        let count = if self.unreadable == 1 { String::new() } else { format!("{} ", self.unreadable) };
        let (table, column) = (&self.table, &self.column);
        let message = format!("\"{table}\".\"{column}\" holds {count}{what}: a query that reads one of them fails");
        let query = format!(
            "SELECT * FROM {} WHERE {} ORDER BY julianday({})",
            identifier(table),
            other_dates_condition(column),
            identifier(column)
        );
        Some((message, query))
    }

    /// What it means, in a sentence.
    pub fn message(&self) -> String {
        let Self { table, column, numbers, texts, .. } = self;
        let numbers = match numbers {
            0 => None,
            1 => Some("1 date that is a number of milliseconds, as Prisma up to version 6 writes them".to_owned()),
            _ => {
                Some(format!("{numbers} dates that are numbers of milliseconds, as Prisma up to version 6 writes them"))
            }
        };
        let texts = match texts {
            0 => None,
            1 => Some("1 date whose text is in another form than Purlin writes".to_owned()),
            _ => Some(format!("{texts} dates whose texts are in another form than Purlin writes")),
        };
        let found: Vec<String> = numbers.into_iter().chain(texts).collect();
        let index = if self.indexed { ", and queries on them do without the column's index" } else { "" };
        format!(
            "\"{table}\".\"{column}\" holds {}: they compare as the instants that they are{index}",
            found.join(", and ")
        )
    }

    /// What it means that columns hold dates in another form, and where to find the remedy: one sentence for all of them,
    /// none where there are none.
    pub fn advice(columns: &[Self]) -> Option<String> {
        let columns: Vec<&Self> = columns.iter().filter(|column| column.is_any()).collect();
        Some(format!("{}; `purlin doctor` says how to convert them", Self::summary(&columns)?))
    }

    /// [`Self::message`], or one about several columns.
    pub fn summary(columns: &[&Self]) -> Option<String> {
        let (first, more) = columns.split_first()?;
        if more.is_empty() {
            return Some(first.message());
        }
        let sum = |count: fn(&Self) -> i64| columns.iter().map(|column| count(column)).sum::<i64>();
        let (numbers, texts) = (sum(|column| column.numbers), sum(|column| column.texts));
        let kinds = match (numbers, texts) {
            (_, 0) => "are numbers of milliseconds, as Prisma up to version 6 writes them".to_owned(),
            (0, _) => "are texts in another form than Purlin writes".to_owned(),
            _ => format!(
                "are in another form than Purlin writes ({numbers} as numbers of milliseconds, as Prisma up to version 6 \
                 writes them, {texts} as texts)"
            ),
        };
        let indexed = columns.iter().filter(|column| column.indexed).count();
        let index = match indexed {
            0 => String::new(),
            1 => ", and queries on one of the columns do without its index".to_owned(),
            _ => format!(", and queries on {indexed} of the columns do without their indexes"),
        };
        Some(format!(
            "{} dates in {} columns {kinds}: they compare as the instants that they are{index}; the columns are {}",
            numbers + texts,
            columns.len(),
            Self::names(columns)
        ))
    }

    /// The names of columns, the first of many.
    fn names(columns: &[&Self]) -> String {
        const MOST: usize = 12;
        let mut names: Vec<String> =
            columns.iter().take(MOST).map(|column| format!("\"{}\".\"{}\"", column.table, column.column)).collect();
        if columns.len() > MOST {
            names.push(format!("and {} more", columns.len() - MOST));
        }
        names.join(", ")
    }

    /// What it means that columns are not watched, in a sentence; none where there are none.
    pub fn unwatched_summary(columns: &[&Self]) -> Option<String> {
        let why = "since nothing tells that all of its dates are in one form";
        match columns {
            [] => None,
            [only] => {
                Some(format!("queries on \"{}\".\"{}\" do without the column's index, {why}", only.table, only.column))
            }
            columns => Some(format!(
                "queries on {} columns of dates do without their indexes, since nothing tells that all of their dates are \
                 in one form; the columns are {}",
                columns.len(),
                Self::names(columns)
            )),
        }
    }

    /// The statements that bring the dates into the form that Purlin writes, and have queries use the column's index. They
    /// call SQLite's own functions alone, which know milliseconds: dates with more digits stay as they are.
    pub fn remedy(&self) -> Vec<String> {
        let (table, column) = (identifier(&self.table), identifier(&self.column));
        let mut statements = Vec::new();
        if self.numbers > 0 {
            statements.push(format!(
                "UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%f+00:00', {column} / 1000.0, 'unixepoch') \
                 WHERE typeof({column}) = 'integer';"
            ));
        }
        if self.texts > self.finer {
            let finer: String =
                (3..6).map(|digits| format!(" AND {column} NOT GLOB '*.{}[1-9]*'", "[0-9]".repeat(digits))).collect();
            statements.push(format!(
                "UPDATE {table} SET {column} = coalesce(strftime('%Y-%m-%dT%H:%M:%f+00:00', {column}), {column}) \
                 WHERE typeof({column}) = 'text' AND {}{};",
                other_dates_condition(&self.column),
                if self.finer > 0 { finer } else { String::new() }
            ));
        }
        if self.unwatched {
            statements.push(format!("{};", render::other_dates(&self.table, &self.column)));
        }
        statements
    }
}

/// A date of a column in one form, whatever form the cell has, so that equal instants are equal texts. SQLite counts in
/// milliseconds: a date with more digits, and what SQLite does not read, stays as it is.
pub(super) fn in_one_form(column: &str) -> String {
    let text = format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', {column})");
    let number = format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', {column} / 1000.0, 'unixepoch')");
    format!(
        "coalesce(CASE WHEN typeof({column}) = 'integer' THEN {number} \
         WHEN typeof({column}) = 'text' AND {column} NOT GLOB '*.[0-9][0-9][0-9][0-9]*' THEN {text} END, {column})"
    )
}

/// The milliseconds that a date of JavaScript can hold.
pub(super) const MILLIS: std::ops::RangeInclusive<i64> = -8_640_000_000_000_000..=8_640_000_000_000_000;

/// Looks at each column of dates of the schema behind `wanted`; those whose dates are all in our form, and watched where
/// an index has them, are left out.
pub(crate) fn other_dates(
    connection: &Connection,
    present: &DatabaseSchema,
    wanted: &DatabaseSchema,
) -> Result<Vec<OtherDates>, Error> {
    let mut found = Vec::new();
    for table in &wanted.tables {
        let Some(existing) = present.table(&table.name) else { continue };
        for column in table.columns.iter().filter(|column| column.family == Family::DateTime) {
            let Some(existing_column) = existing.column(&column.name) else { continue };
            let is_in = |columns: &[String]| columns.iter().any(|other| same_name(other, &column.name));
            let watched = is_in(&existing.other_dates);
            let indexed =
                is_in(&existing.primary_key) || existing.indexes.iter().any(|index| index.covers(&column.name));
            let (name, condition) = (identifier(&existing_column.name), other_dates_condition(&existing_column.name));
            let index = match watched {
                true => {
                    format!(" INDEXED BY {}", identifier(&other_dates_index(&existing.name, &existing_column.name)))
                }
                false => String::new(),
            };
            let sql = format!("SELECT {name} FROM {}{index} WHERE {condition}", identifier(&existing.name));
            let (mut numbers, mut texts, mut finer, mut unreadable) = (0, 0, 0, 0);
            let mut statement = connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                match row.get_ref(0)? {
                    ValueRef::Integer(millis) if MILLIS.contains(&millis) => numbers += 1,
                    ValueRef::Text(text) => match std::str::from_utf8(text).ok().and_then(parse) {
                        Some(micros) => {
                            texts += 1;
                            finer += i64::from(micros % 1_000 != 0);
                        }
                        None => unreadable += 1,
                    },
                    _ => unreadable += 1,
                }
            }
            let other = OtherDates {
                table: existing.name.clone(),
                column: existing_column.name.clone(),
                numbers,
                texts,
                finer,
                unreadable,
                indexed,
                unwatched: indexed && !watched,
            };
            if other.is_any() || other.unwatched || other.unreadable > 0 {
                found.push(other);
            }
        }
    }
    Ok(found)
}
