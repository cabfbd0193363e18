//! Binds the parameters of a statement.

use purlin_query::catalog::{Catalog, Default, Type};
use purlin_query::value::Value;
use rusqlite::Statement;

use super::stitch::Cell;
use crate::datetime;
use crate::error::{Error, Kind};
use crate::frame::Frame;

/// Binds a value of the query at `position` (from 1).
pub(super) fn value(
    catalog: &Catalog,
    statement: &mut Statement<'_>,
    position: usize,
    value: &Value,
    ty: Type,
) -> Result<(), Error> {
    let bound = match value {
        Value::Null => statement.raw_bind_parameter(position, rusqlite::types::Null),
        Value::Boolean(value) => statement.raw_bind_parameter(position, *value),
        Value::Int(value) => statement.raw_bind_parameter(position, *value),
        Value::Float(value) => statement.raw_bind_parameter(position, *value),
        Value::Text(text) | Value::Decimal(text) | Value::Json(text) => {
            statement.raw_bind_parameter(position, text.as_str())
        }
        Value::DateTime(micros) => statement.raw_bind_parameter(position, instant(*micros)?),
        Value::Bytes(bytes) => statement.raw_bind_parameter(position, bytes.as_slice()),
        Value::Enum(index) => {
            let name = match ty {
                Type::Enum(enumeration) => catalog.enumeration(enumeration),
                _ => None,
            }
            .and_then(|known| known.values.get(usize::from(*index)))
            .ok_or_else(|| Error::invalid("no such enum value"))?;
            statement.raw_bind_parameter(position, &*name.db_name)
        }
        Value::List(_) => return Err(Error::invalid("a list where one value belongs")),
    };
    bound.map_err(|error| super::error::convert(&error, None))
}

/// Binds a part of a key.
pub(super) fn cell(
    catalog: &Catalog,
    statement: &mut Statement<'_>,
    position: usize,
    cell: Cell<'_>,
) -> Result<(), Error> {
    match cell {
        Cell::Int(number) => statement.raw_bind_parameter(position, number),
        Cell::Float(bits) => statement.raw_bind_parameter(position, f64::from_bits(bits)),
        Cell::Text(text) => statement.raw_bind_parameter(position, text),
        Cell::Bytes(bytes) => statement.raw_bind_parameter(position, bytes),
        Cell::Instant(micros) => statement.raw_bind_parameter(position, instant(micros)?),
        Cell::Enum(enumeration, index) => {
            return value(catalog, statement, position, &Value::Enum(index), Type::Enum(enumeration));
        }
    }
    .map_err(|error| super::error::convert(&error, None))
}

/// Binds a cell of the first row of an earlier frame; null when the frame has no row.
pub(super) fn first_row(
    catalog: &Catalog,
    statement: &mut Statement<'_>,
    position: usize,
    frame: &Frame,
    column: usize,
    ty: Type,
) -> Result<(), Error> {
    match super::stitch::cell_at(frame, column, 0, ty) {
        Some(found) => cell(catalog, statement, position, found),
        None => value(catalog, statement, position, &Value::Null, ty),
    }
}

/// The pattern that finds `text` literally, open at the ends.
pub(super) fn pattern(text: &str, open_start: bool, open_end: bool) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    if open_start {
        pattern.push('%');
    }
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    if open_end {
        pattern.push('%');
    }
    pattern
}

/// The text of an instant.
pub(super) fn instant(micros: i64) -> Result<String, Error> {
    datetime::format(micros)
        .ok_or_else(|| Error::new(Kind::OutOfRange, "a date is beyond the years that its text can hold (±999999)"))
}

/// A new identifier.
pub(super) fn generated(default: Default) -> String {
    match default {
        Default::Uuid(7) => uuid::Uuid::now_v7().to_string(),
        Default::Uuid(_) => uuid::Uuid::new_v4().to_string(),
        Default::Ulid => ulid::Ulid::new().to_string(),
        Default::Nanoid(length) => nanoid::nanoid!(usize::from(length)),
        Default::Cuid(2) => cuid2::create_id(),
        // Version 1 is what `cuid()` of the schema language is, for those who have such identifiers already.
        Default::Cuid(_) | Default::None | Default::Database | Default::Autoincrement | Default::Now => cuid::cuid1(),
    }
}
