//! Binds the parameters of a statement.

use std::rc::Rc;

use purlin_query::catalog::{Catalog, Type};
use purlin_query::value::Value;
use rusqlite::Statement;
use rusqlite::types;

use crate::error::{Error, Kind};
use crate::frame::Frame;
use crate::stitch::{self, Cell};
use crate::{datetime, json};

/// Binds a value of the query at `position` (from 1).
pub(super) fn value(
    catalog: &Catalog,
    statement: &mut Statement<'_>,
    position: usize,
    value: &Value,
    ty: Type,
) -> Result<(), Error> {
    let bound = match value {
        Value::Null => statement.raw_bind_parameter(position, types::Null),
        Value::Boolean(value) => statement.raw_bind_parameter(position, *value),
        Value::Int(value) => statement.raw_bind_parameter(position, *value),
        Value::Float(value) => statement.raw_bind_parameter(position, *value),
        Value::Json(text) if !json::stands_as_number(text) => statement.raw_bind_parameter(position, text.as_bytes()),
        Value::Text(text) | Value::Decimal(text) | Value::Json(text) => {
            statement.raw_bind_parameter(position, text.as_str())
        }
        Value::DateTime(micros) => {
            statement.raw_bind_parameter(position, datetime::sort_key(datetime::whole_millis(*micros)))
        }
        Value::Bytes(bytes) => statement.raw_bind_parameter(position, bytes.as_slice()),
        Value::Enum(index) => statement.raw_bind_parameter(position, enum_name(catalog, *index, ty)?),
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
        Cell::Instant(micros) => statement.raw_bind_parameter(position, datetime::sort_key(micros)),
        Cell::Enum(enumeration, index) => {
            statement.raw_bind_parameter(position, enum_name(catalog, index, Type::Enum(enumeration))?)
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
    match stitch::cell_at(frame, column, 0, ty) {
        Some(found) => cell(catalog, statement, position, found),
        None => value(catalog, statement, position, &Value::Null, ty),
    }
}

/// Binds values as one array.
pub(super) fn array(
    statement: &mut Statement<'_>,
    position: usize,
    values: impl Iterator<Item = Result<types::Value, Error>>,
) -> Result<(), Error> {
    let values: rusqlite::vtab::array::Array = Rc::new(values.collect::<Result<_, _>>()?);
    statement.raw_bind_parameter(position, values).map_err(|error| super::error::convert(&error, None))
}

/// A value of the query as an element of an array.
pub(super) fn element(catalog: &Catalog, value: &Value, ty: Type) -> Result<types::Value, Error> {
    Ok(match value {
        Value::Null => types::Value::Null,
        Value::Boolean(value) => types::Value::Integer(i64::from(*value)),
        Value::Int(value) => types::Value::Integer(*value),
        Value::Float(value) => types::Value::Real(*value),
        Value::Text(text) | Value::Decimal(text) | Value::Json(text) => types::Value::Text(text.clone()),
        Value::DateTime(micros) => types::Value::Text(datetime::sort_key(datetime::whole_millis(*micros))),
        Value::Bytes(bytes) => types::Value::Blob(bytes.clone()),
        Value::Enum(index) => types::Value::Text(enum_name(catalog, *index, ty)?.to_owned()),
        Value::List(_) => return Err(Error::invalid("a list where one value belongs")),
    })
}

/// A part of a key as an element of an array.
pub(super) fn key_element(catalog: &Catalog, cell: Cell<'_>) -> Result<types::Value, Error> {
    Ok(match cell {
        Cell::Int(number) => types::Value::Integer(number),
        Cell::Float(bits) => types::Value::Real(f64::from_bits(bits)),
        Cell::Text(text) => types::Value::Text(text.to_owned()),
        Cell::Bytes(bytes) => types::Value::Blob(bytes.to_vec()),
        Cell::Instant(micros) => types::Value::Text(datetime::sort_key(micros)),
        Cell::Enum(enumeration, index) => {
            types::Value::Text(enum_name(catalog, index, Type::Enum(enumeration))?.to_owned())
        }
    })
}

/// The text in the database of an enum's value.
fn enum_name(catalog: &Catalog, index: u16, ty: Type) -> Result<&str, Error> {
    let known = if let Type::Enum(enumeration) = ty { catalog.enumeration(enumeration) } else { None };
    let value = known.and_then(|known| known.values.get(usize::from(index)));
    value.map(|value| &*value.db_name).ok_or_else(|| Error::invalid("no such enum value"))
}

/// The text of an instant.
pub(super) fn instant(micros: i64) -> Result<String, Error> {
    datetime::format(micros)
        .ok_or_else(|| Error::new(Kind::OutOfRange, "a date is beyond the years that its text can hold (±999999)"))
}
