//! Brings the dates and the decimals of a database into the form that Purlin writes, as one transaction. What the clients
//! read stays the same.

use purlin_driver::{datetime, decimal};
use purlin_query::dialect::sqlite::FormedType;
use rusqlite::{Connection, functions::FunctionFlags, types::ValueRef};

use super::{
    apply::{check_orphans, orphans},
    forms::{MILLIS, OtherForms, family, other_forms},
    introspect::introspect,
    render::{self, identifier},
    statement::{TokenKind, tokens},
};
use crate::{
    Error,
    database::{DatabaseSchema, Table, Watched, same_name},
};

/// The SQL function that brings one value into the form that Purlin writes.
fn function(ty: FormedType) -> &'static str {
    match ty {
        FormedType::Date => "purlin_date_in_one_form",
        FormedType::Decimal => "purlin_decimal_in_one_form",
    }
}

/// A column whose values can be brought into one form, or why they cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormConversion {
    /// What the column holds.
    pub forms: OtherForms,
    /// What stands in the way, in a sentence, and what to do about it.
    pub obstacle: Option<(String, String)>,
}

/// The columns whose values are in another form, or are not watched, each with what stands in the way of a conversion.
pub(crate) fn conversions(
    connection: &Connection,
    present: &DatabaseSchema,
    wanted: &DatabaseSchema,
) -> Result<Vec<FormConversion>, Error> {
    register(connection)?;
    let mut found: Vec<FormConversion> = other_forms(connection, present, wanted)?
        .into_iter()
        .filter(|forms| forms.convertible() > 0 || forms.unwatched)
        .map(|forms| FormConversion { forms, obstacle: None })
        .collect();
    for conversion in &mut found {
        if let Some(table) = present.table(&conversion.forms.table).filter(|_| conversion.forms.convertible() > 0) {
            conversion.obstacle = trigger(table, &conversion.forms);
        }
    }
    // A column that stays as it is may stand in the way of another one.
    loop {
        let before = obstacles(&found);
        unique_keys(connection, present, &mut found)?;
        relations(connection, present, &mut found)?;
        if obstacles(&found) == before {
            return Ok(found);
        }
    }
}

/// The number of columns that stay as they are.
fn obstacles(found: &[FormConversion]) -> usize {
    found.iter().filter(|conversion| conversion.obstacle.is_some()).count()
}

impl FormConversion {
    fn is_of(&self, table: &str, column: &str) -> bool {
        same_name(&self.forms.table, table) && same_name(&self.forms.column, column)
    }

    /// Returns whether values change.
    fn changes_values(&self) -> bool {
        self.obstacle.is_none() && self.forms.convertible() > 0
    }
}

/// The type by which the values of a column are going to be converted, if they are.
fn converted_type(found: &[FormConversion], table: &str, column: &str) -> Option<FormedType> {
    let of_column = |conversion: &&FormConversion| conversion.is_of(table, column) && conversion.changes_values();
    found.iter().find(of_column).map(|conversion| conversion.forms.ty)
}

/// The value that a column is going to have.
fn converted(found: &[FormConversion], table: &str, column: &str, alias: &str) -> String {
    let name = format!("{alias}{}", identifier(column));
    match converted_type(found, table, column) {
        Some(ty) => format!("coalesce({}({name}), {name})", function(ty)),
        None => name,
    }
}

/// Converts what nothing stands in the way of, and returns that.
pub(crate) fn convert(connection: &mut Connection, wanted: &DatabaseSchema) -> Result<Vec<FormConversion>, Error> {
    // A value that is a key is converted at both ends of a relation; no action of a foreign key is to run in between.
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

fn in_a_transaction(connection: &Connection, wanted: &DatabaseSchema) -> Result<Vec<FormConversion>, Error> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let mut conversions = conversions(connection, &introspect(connection)?, wanted)?;
    conversions.retain(|conversion| conversion.obstacle.is_none());
    let before = orphans(connection)?;
    for FormConversion { forms, .. } in &conversions {
        let (table, column) = (identifier(&forms.table), identifier(&forms.column));
        if forms.convertible() > 0 {
            let function = function(forms.ty);
            let update = format!(
                "UPDATE {table} SET {column} = {function}({column}) WHERE {function}({column}) IS NOT NULL AND ({})",
                forms.ty.condition(&forms.column)
            );
            connection.execute(&update, []).map_err(|error| refused(forms, error))?;
        }
        if forms.unwatched {
            let watched = Watched { column: forms.column.clone(), family: family(forms.ty) };
            if let Some(statement) = render::watch(&forms.table, &watched) {
                connection.execute_batch(&statement)?;
            }
        }
    }
    check_orphans(&before, &orphans(connection)?)
        .map_err(|error| error.with_remedy("nothing was changed; correct the rows first"))?;
    connection.execute_batch("COMMIT")?;
    Ok(conversions)
}

/// What the database forbids although nothing was seen to stand in the way.
fn refused(forms: &OtherForms, error: rusqlite::Error) -> Error {
    if error.sqlite_error_code() != Some(rusqlite::ErrorCode::ConstraintViolation) {
        return Error::from(error);
    }
    Error::refused(format!(
        "a constraint of \"{}\" forbids the form of {} that Purlin writes in \"{}\"",
        forms.table,
        forms.name(),
        forms.column
    ))
    .with_remedy(
        "nothing was changed; drop the constraint, or leave the values as they are: no query needs the conversion",
    )
}

/// The trigger that stands in the way of converting a column.
fn trigger(table: &Table, forms: &OtherForms) -> Option<(String, String)> {
    let (name, column) = (&forms.table, &forms.column);
    let trigger = table.kept.triggers.iter().find(|trigger| runs_after_update_of(&trigger.sql, column))?;
    Some((
        format!("\"{name}\".\"{column}\" is left as it is: the trigger \"{}\" would run for each row", trigger.name),
        "drop the trigger, run the command, and create the trigger again".to_owned(),
    ))
}

/// Finds the columns whose conversion would break a unique key, together with that of its other columns.
fn unique_keys(connection: &Connection, present: &DatabaseSchema, found: &mut [FormConversion]) -> Result<(), Error> {
    for table in &present.tables {
        let unique = table.indexes.iter().filter(|index| index.unique);
        let keys = unique
            .map(|index| index.columns.iter().map(|part| part.name.clone()).collect::<Vec<_>>())
            .chain([table.primary_key.clone()]);
        for key in keys {
            if !key.iter().any(|part| converted_type(found, &table.name, part).is_some()) {
                continue;
            }
            let twice = twice(connection, table, &key, found)?;
            if twice == 0 {
                continue;
            }
            for conversion in found.iter_mut().filter(|conversion| conversion.changes_values()) {
                if key.iter().any(|part| conversion.is_of(&table.name, part)) {
                    conversion.obstacle = Some(several_forms(&conversion.forms, &key, twice));
                }
            }
        }
    }
    Ok(())
}

/// The number of values that a key would have more than once.
fn twice(connection: &Connection, table: &Table, key: &[String], found: &[FormConversion]) -> Result<i64, Error> {
    let present: Vec<String> = key.iter().map(|part| format!("{} IS NOT NULL", identifier(part))).collect();
    let converted: Vec<String> = key.iter().map(|part| converted(found, &table.name, part, "")).collect();
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1)",
        identifier(&table.name),
        present.join(" AND "),
        converted.join(", ")
    );
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

fn several_forms(forms: &OtherForms, key: &[String], twice: i64) -> (String, String) {
    let (name, column) = (&forms.table, &forms.column);
    let (one, many, sorted) = match forms.ty {
        FormedType::Date => ("instant", "instants", "julianday"),
        FormedType::Decimal => ("number", "numbers", "+"),
    };
    let count = if twice == 1 { format!("1 {one} is") } else { format!("{twice} {many} are") };
    (
        format!(
            "\"{name}\".\"{column}\" is left as it is: {count} there in several forms, and the unique key on ({}) allows each \
             once",
            key.join(", ")
        ),
        format!(
            "delete or change one row of each; `SELECT *, {sorted}({0}) FROM {1} ORDER BY {sorted}({0}), {0}` shows texts \
             beside each other",
            identifier(column),
            identifier(name)
        ),
    )
}

/// Finds the ends of relations that have to stay as they are because the other end does.
fn relations(connection: &Connection, present: &DatabaseSchema, found: &mut [FormConversion]) -> Result<(), Error> {
    for table in &present.tables {
        for key in &table.foreign_keys {
            let Some(parent) = present.table(&key.table) else { continue };
            let pairs: Vec<(&String, &String)> = key.columns.iter().zip(&key.references).collect();
            let is_converted = |(column, reference): &(&String, &String)| {
                converted_type(found, &table.name, column).is_some()
                    || converted_type(found, &parent.name, reference).is_some()
            };
            if !pairs.iter().any(is_converted)
                || pairs.iter().any(|(_, reference)| parent.column(reference).is_none())
                || separated(connection, table, parent, &pairs, found)? == 0
            {
                continue;
            }
            for conversion in found.iter_mut().filter(|conversion| conversion.changes_values()) {
                let other = pairs.iter().find_map(|(column, reference)| {
                    if conversion.is_of(&table.name, column) {
                        return Some((&parent.name, *reference));
                    }
                    conversion.is_of(&parent.name, reference).then_some((&table.name, *column))
                });
                if let Some((other_table, other_column)) = other {
                    conversion.obstacle = Some(other_end(&conversion.forms, other_table, other_column));
                }
            }
        }
    }
    Ok(())
}

/// The number of rows that refer to a row, and would not after the conversion.
fn separated(
    connection: &Connection,
    table: &Table,
    parent: &Table,
    pairs: &[(&String, &String)],
    found: &[FormConversion],
) -> Result<i64, Error> {
    let (mut joined, mut different) = (Vec::new(), Vec::new());
    for (column, reference) in pairs {
        joined.push(format!("p.{} = c.{}", identifier(reference), identifier(column)));
        let (child, key) =
            (converted(found, &table.name, column, "c."), converted(found, &parent.name, reference, "p."));
        let changed = format!("({child} IS NOT c.{} OR {key} IS NOT p.{})", identifier(column), identifier(reference));
        different.push(format!("({changed} AND {child} IS NOT {key})"));
    }
    let sql = format!(
        "SELECT count(*) FROM {} c JOIN {} p ON {} WHERE {}",
        identifier(&table.name),
        identifier(&parent.name),
        joined.join(" AND "),
        different.join(" OR ")
    );
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

fn other_end(forms: &OtherForms, table: &str, column: &str) -> (String, String) {
    (
        format!(
            "\"{}\".\"{}\" is left as it is: \"{table}\".\"{column}\", the other end of a relation, stays in its form",
            forms.table, forms.column
        ),
        format!(
            "make it possible to convert \"{table}\".\"{column}\", then run the command again; no query needs the conversion"
        ),
    )
}

/// Returns whether a trigger runs when a column is updated.
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
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for ty in [FormedType::Date, FormedType::Decimal] {
        connection.create_scalar_function(function(ty), 1, flags, move |context| {
            Ok(match ty {
                FormedType::Date => date_in_one_form(context.get_raw(0)),
                FormedType::Decimal => decimal_in_one_form(context.get_raw(0)),
            })
        })?;
    }
    Ok(())
}

/// A date in the form that Purlin writes, in whole milliseconds; none for what is no date, or not of the years 0 to 9999,
/// whose texts would not sort.
pub(super) fn date_in_one_form(value: ValueRef<'_>) -> Option<String> {
    let micros = match value {
        ValueRef::Integer(millis) if MILLIS.contains(&millis) => millis.checked_mul(1_000),
        ValueRef::Text(text) => std::str::from_utf8(text).ok().and_then(datetime::parse),
        _ => None,
    };
    let text = micros.map(datetime::whole_millis).and_then(datetime::format);
    text.filter(|text| text.starts_with(|first: char| first.is_ascii_digit()))
}

/// A decimal in the form that Purlin writes; none for what is no number.
fn decimal_in_one_form(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Text(text) => std::str::from_utf8(text).ok().and_then(decimal::canonical),
        _ => None,
    }
}
