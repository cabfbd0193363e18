//! Brings the dates of a database into the form that Purlin writes, as one transaction. No instant changes.

use purlin_driver::datetime::{format, parse};
use purlin_query::dialect::sqlite::other_dates_condition;
use rusqlite::{Connection, functions::FunctionFlags, types::ValueRef};

use super::{
    apply::{check_orphans, orphans},
    dates::{MILLIS, OtherDates, other_dates},
    introspect::introspect,
    render::{self, identifier},
    statement::{TokenKind, tokens},
};
use crate::{
    Error,
    database::{DatabaseSchema, Table, same_name},
};

/// The SQL function that brings one value into the form that Purlin writes.
const FUNCTION: &str = "purlin_date_in_one_form";

/// A column whose dates can be brought into one form, or why they cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateConversion {
    /// What the column holds.
    pub dates: OtherDates,
    /// What stands in the way, in a sentence, and what to do about it.
    pub obstacle: Option<(String, String)>,
}

/// The columns whose dates are in another form, or are not watched, each with what stands in the way of a conversion.
pub(crate) fn conversions(
    connection: &Connection,
    present: &DatabaseSchema,
    wanted: &DatabaseSchema,
) -> Result<Vec<DateConversion>, Error> {
    register(connection)?;
    let mut found = Vec::new();
    for dates in other_dates(connection, present, wanted)? {
        if !dates.is_any() && !dates.unwatched {
            continue;
        }
        let obstacle = match present.table(&dates.table) {
            Some(table) if dates.is_any() => obstacle(connection, table, &dates)?,
            _ => None,
        };
        found.push(DateConversion { dates, obstacle });
    }
    Ok(found)
}

/// Converts what nothing stands in the way of, and returns that.
pub(crate) fn convert(connection: &mut Connection, wanted: &DatabaseSchema) -> Result<Vec<DateConversion>, Error> {
    // A date that is a key is converted at both ends of a relation; no action of a foreign key is to run in between.
    connection.pragma_update(None, "foreign_keys", false)?;
    let converted = in_a_transaction(connection, wanted);
    if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    converted.map_err(|error| match error.remedy() {
        Some(_) => error,
        None => error.with_remedy("nothing was changed"),
    })
}

fn in_a_transaction(connection: &Connection, wanted: &DatabaseSchema) -> Result<Vec<DateConversion>, Error> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let mut conversions = conversions(connection, &introspect(connection)?, wanted)?;
    conversions.retain(|conversion| conversion.obstacle.is_none());
    let before = orphans(connection)?;
    for DateConversion { dates, .. } in &conversions {
        let (table, column) = (identifier(&dates.table), identifier(&dates.column));
        if dates.is_any() {
            let update = format!(
                "UPDATE {table} SET {column} = {FUNCTION}({column}) WHERE {FUNCTION}({column}) IS NOT NULL AND {}",
                other_dates_condition(&dates.column)
            );
            connection.execute(&update, []).map_err(|error| refused(dates, error))?;
        }
        if dates.unwatched {
            connection.execute_batch(&render::other_dates(&dates.table, &dates.column))?;
        }
    }
    check_orphans(&before, &orphans(connection)?)
        .map_err(|error| error.with_remedy("nothing was changed; correct the rows first"))?;
    connection.execute_batch("COMMIT")?;
    Ok(conversions)
}

/// What the database forbids although nothing was seen to stand in the way.
fn refused(dates: &OtherDates, error: rusqlite::Error) -> Error {
    if error.sqlite_error_code() != Some(rusqlite::ErrorCode::ConstraintViolation) {
        return Error::from(error);
    }
    Error::refused(format!(
        "a constraint of \"{}\" forbids the form of dates that Purlin writes in \"{}\"",
        dates.table, dates.column
    ))
    .with_remedy(
        "nothing was changed; drop the constraint, or leave the dates as they are: no query needs the conversion",
    )
}

/// What stands in the way of converting a column.
fn obstacle(connection: &Connection, table: &Table, dates: &OtherDates) -> Result<Option<(String, String)>, Error> {
    let (name, column) = (&dates.table, &dates.column);
    if let Some(trigger) = table.kept.triggers.iter().find(|trigger| runs_after_update_of(&trigger.sql, column)) {
        return Ok(Some((
            format!(
                "\"{name}\".\"{column}\" is left as it is: the trigger \"{}\" would run for each row",
                trigger.name
            ),
            "drop the trigger, run the command, and create the trigger again".to_owned(),
        )));
    }
    let unique = table.indexes.iter().filter(|index| index.unique);
    let keys = unique
        .map(|index| index.columns.iter().map(|part| part.name.clone()).collect::<Vec<_>>())
        .chain([table.primary_key.clone()])
        .filter(|key| key.iter().any(|part| same_name(part, column)));
    for key in keys {
        let parts: Vec<String> = key.iter().map(|part| identifier(part)).collect();
        let present: Vec<String> = parts.iter().map(|part| format!("{part} IS NOT NULL")).collect();
        let converted: Vec<String> = key
            .iter()
            .map(|part| match same_name(part, column) {
                true => format!("coalesce({FUNCTION}({0}), {0})", identifier(part)),
                false => identifier(part),
            })
            .collect();
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1)",
            identifier(name),
            present.join(" AND "),
            converted.join(", ")
        );
        let twice: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        if twice > 0 {
            let count = if twice == 1 { "1 instant is".to_owned() } else { format!("{twice} instants are") };
            return Ok(Some((
                format!(
                    "\"{name}\".\"{column}\" is left as it is: {count} there in several forms, and the unique key on ({}) \
                     allows each once",
                    key.join(", ")
                ),
                format!(
                    "delete or change one row of each; `SELECT *, julianday({0}) FROM {1} ORDER BY 2, {0}` shows texts \
                     beside each other",
                    identifier(column),
                    identifier(name)
                ),
            )));
        }
    }
    Ok(None)
}

/// Whether a trigger runs when a column is updated.
fn runs_after_update_of(trigger: &str, column: &str) -> bool {
    let tokens = tokens(trigger);
    let event = tokens.iter().position(|token| ["DELETE", "INSERT", "UPDATE"].iter().any(|event| token.is(event)));
    let Some(event) = event.and_then(|event| tokens.get(event..)) else { return false };
    match event {
        [update, of, columns @ ..] if update.is("UPDATE") && of.is("OF") => columns
            .iter()
            .take_while(|token| !matches!(&token.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case("ON")))
            .any(|token| token.name().is_some_and(|name| same_name(name, column))),
        [update, ..] => update.is("UPDATE"),
        [] => false,
    }
}

fn register(connection: &Connection) -> Result<(), Error> {
    connection.create_scalar_function(
        FUNCTION,
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| Ok(in_one_form(context.get_raw(0))),
    )?;
    Ok(())
}

/// A date in the form that Purlin writes, to the microsecond; none for what is no date, or not of the years 0 to 9999,
/// whose texts would not sort.
fn in_one_form(value: ValueRef<'_>) -> Option<String> {
    let micros = match value {
        ValueRef::Integer(millis) if MILLIS.contains(&millis) => millis.checked_mul(1_000),
        ValueRef::Text(text) => std::str::from_utf8(text).ok().and_then(parse),
        _ => None,
    };
    micros.and_then(format).filter(|text| text.starts_with(|first: char| first.is_ascii_digit()))
}
