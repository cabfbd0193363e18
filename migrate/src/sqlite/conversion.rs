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
    let mut found = Vec::new();
    for forms in other_forms(connection, present, wanted)? {
        if !forms.is_any() && !forms.unwatched {
            continue;
        }
        let obstacle = match present.table(&forms.table) {
            Some(table) if forms.is_any() => obstacle(connection, table, &forms)?,
            _ => None,
        };
        found.push(FormConversion { forms, obstacle });
    }
    Ok(found)
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
        if forms.is_any() {
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

/// What stands in the way of converting a column.
fn obstacle(connection: &Connection, table: &Table, forms: &OtherForms) -> Result<Option<(String, String)>, Error> {
    let (name, column) = (&forms.table, &forms.column);
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
    let function = function(forms.ty);
    for key in keys {
        let parts: Vec<String> = key.iter().map(|part| identifier(part)).collect();
        let present: Vec<String> = parts.iter().map(|part| format!("{part} IS NOT NULL")).collect();
        let converted: Vec<String> = key
            .iter()
            .map(|part| match same_name(part, column) {
                true => format!("coalesce({function}({0}), {0})", identifier(part)),
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
            let (one, many, sorted) = match forms.ty {
                FormedType::Date => ("instant", "instants", "julianday"),
                FormedType::Decimal => ("number", "numbers", "+"),
            };
            let count = if twice == 1 { format!("1 {one} is") } else { format!("{twice} {many} are") };
            return Ok(Some((
                format!(
                    "\"{name}\".\"{column}\" is left as it is: {count} there in several forms, and the unique key on ({}) \
                     allows each once",
                    key.join(", ")
                ),
                format!(
                    "delete or change one row of each; `SELECT *, {sorted}({0}) FROM {1} ORDER BY {sorted}({0}), {0}` shows \
                     texts beside each other",
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
fn date_in_one_form(value: ValueRef<'_>) -> Option<String> {
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
