//! What a plan would lose, and what forbids it, in words.

use crate::{
    database::{Column, Table},
    diff::{Alteration, Diff},
    plan::{Hazard, Level},
    sql::{identifier, qualified},
};

/// Rows that go with their table.
pub(crate) fn dropped_table(table: &Table, rows: i64, replacement: Option<&Table>) -> Hazard {
    let remedy = replacement.map(|_| keep_by_name(table)).unwrap_or_default();
    let message = format!("dropping the table {} loses its {}{remedy}", table.shown(), count(rows, "row"));
    Hazard { level: Level::Loss, item: table.name.clone(), message }
}

/// A join table that no relation of the schema uses any more, while a new one is made between the same tables: the relation has
/// another name, and the clients would find none of its rows.
pub(crate) fn left_table(table: &Table, rows: i64, created: &Table) -> Hazard {
    let message = format!(
        "the new join table {} is empty, and no relation of the schema uses the {} of {} any more{}",
        created.shown(),
        count(rows, "row"),
        table.shown(),
        keep_by_name(table)
    );
    Hazard { level: Level::Loss, item: table.name.clone(), message }
}

/// The pairs of a join table whose models are others now.
pub(crate) fn lost_pairs(alteration: &Alteration, rows: i64) -> Hazard {
    let models = |table: &Table| {
        let target = |column: &str| match table.target(column) {
            Some((target, key)) => format!("\"{target}\"({key})"),
            None => "nothing".to_owned(),
        };
        format!("{} and {}", target("A"), target("B"))
    };
    let message = format!(
        "the join table {} loses its {}: A and B refer to {} instead of {}",
        alteration.from.shown(),
        count(rows, "row"),
        models(&alteration.to),
        models(&alteration.from)
    );
    Hazard { level: Level::Loss, item: alteration.from.name.clone(), message }
}

/// Values that go with their column.
pub(crate) fn dropped_column(alteration: &Alteration, column: &Column, values: i64) -> Hazard {
    let message = format!(
        "dropping the column {}.\"{}\" loses {}{}",
        alteration.from.shown(),
        column.name,
        count(values, "value"),
        rename_instead(alteration, column)
    );
    Hazard { level: Level::Loss, item: item(&alteration.from.name, column), message }
}

/// A new column that would have no value in the rows that are there.
pub(crate) fn no_value(table: &Table, column: &Column, rows: i64) -> Hazard {
    let message = format!(
        "the new column {}.\"{}\" is required and has no default in the database, so the {} of the table would \
         have no value: give it a @default that the database knows (uuid(), cuid() and @updatedAt are the client's), \
         or make it optional first",
        table.shown(),
        column.name,
        count(rows, "row")
    );
    Hazard { level: Level::Blocked, item: item(&table.name, column), message }
}

/// Nulls in a column that becomes required.
pub(crate) fn nulls(table: &Table, column: &Column, nulls: i64) -> Hazard {
    let message = format!(
        "the column {}.\"{}\" becomes required and has {}: fill them first, or give it a @default",
        table.shown(),
        column.name,
        count(nulls, "null")
    );
    Hazard { level: Level::Blocked, item: item(&table.name, column), message }
}

/// Values of a key that are there more than once; `converted` says which change of a type makes them equal.
pub(crate) fn duplicates(
    table: &Table,
    columns: &[String],
    what: &str,
    groups: i64,
    converted: Option<String>,
) -> Hazard {
    let message = format!(
        "the {what} on {}({}) is impossible: {} more than once{}",
        table.shown(),
        columns.join(", "),
        match (groups, &converted) {
            (1, None) => "1 value is there".to_owned(),
            (1, Some(_)) => "1 value would be there".to_owned(),
            (_, None) => format!("{groups} values are there"),
            (_, Some(_)) => format!("{groups} values would be there"),
        },
        converted.unwrap_or_default(),
    );
    Hazard { level: Level::Blocked, item: format!("{}.{}", table.name, columns.join("_")), message }
}

/// Rows whose foreign key leads nowhere.
pub(crate) fn orphans(table: &Table, columns: &[String], target: &str, rows: i64) -> Hazard {
    let message = format!(
        "the foreign key {}({}) is impossible: {} to a row of \"{target}\" that does not exist",
        table.shown(),
        columns.join(", "),
        if rows == 1 { "1 row refers".to_owned() } else { format!("{rows} rows refer") },
    );
    Hazard { level: Level::Blocked, item: format!("{}.{}", table.name, columns.join("_")), message }
}

/// The new join table between the two tables that a join table joins.
pub(crate) fn replacement<'a>(diff: &'a Diff, table: &Table) -> Option<&'a Table> {
    if !table.is_join_table() {
        return None;
    }
    let joined = |table: &Table| {
        let mut targets: Vec<String> =
            ["A", "B"].iter().filter_map(|column| Some(table.target(column)?.0.to_ascii_lowercase())).collect();
        targets.sort_unstable();
        targets
    };
    diff.created.iter().find(|created| created.is_join_table() && joined(created) == joined(table))
}

/// Says how a relation keeps its table.
fn keep_by_name(table: &Table) -> String {
    let name = table.name.strip_prefix('_').unwrap_or(&table.name);
    format!(" (a relation that is named @relation(\"{name}\") at both ends keeps this table and its rows)")
}

/// Says how to rename the column, where one new column could be the old one under another name.
fn rename_instead(alteration: &Alteration, column: &Column) -> String {
    let mut alike = alteration.added.iter().filter(|added| added.family == column.family);
    let (Some(added), None) = (alike.next(), alike.next()) else { return String::new() };
    format!(
        " (if it shall only be called \"{}\", `ALTER TABLE {} RENAME COLUMN {} TO {}` keeps them)",
        added.name,
        qualified(alteration.from.namespace.as_deref(), &alteration.from.name),
        identifier(&column.name),
        identifier(&added.name)
    )
}

/// The column that a hazard is about.
pub(crate) fn item(table: &str, column: &Column) -> String {
    format!("{table}.{}", column.name)
}

/// A number of things.
pub(crate) fn count(number: i64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
