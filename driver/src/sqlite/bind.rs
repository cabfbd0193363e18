//! Binds the parameters of a statement.

use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use purlin_query::catalog::{Catalog, Default, Type};
use purlin_query::value::Value;
use rusqlite::Statement;
use rusqlite::types;

use super::stitch::Cell;
use crate::error::{Error, Kind};
use crate::frame::Frame;
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
    match super::stitch::cell_at(frame, column, 0, ty) {
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

/// A ULID that is greater than those before it, also within a millisecond: rows that are written together sort as they were
/// given.
fn ulid() -> ulid::Ulid {
    static GENERATOR: Mutex<ulid::Generator> = Mutex::new(ulid::Generator::new());
    let mut generator = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    // It fails when a millisecond has no number left, which 2 ** 80 of them are needed for.
    generator.generate().unwrap_or_else(|_| ulid::Ulid::new())
}

/// A new identifier.
pub(super) fn generated(default: Default) -> String {
    match default {
        Default::Uuid(7) => uuid::Uuid::now_v7().to_string(),
        Default::Uuid(_) => uuid::Uuid::new_v4().to_string(),
        Default::Ulid => ulid().to_string(),
        Default::Nanoid(length) => nanoid::nanoid!(usize::from(length)),
        Default::Cuid(2) => cuid2::create_id(),
        // Version 1 is what `cuid()` of the schema language is, for those who have such identifiers already.
        Default::Cuid(_)
        | Default::None
        | Default::Database
        | Default::Number(_)
        | Default::Instant(_)
        | Default::Autoincrement
        | Default::Now => cuid::cuid1(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_that_begin_with_the_time_ascend() {
        for default in [Default::Ulid, Default::Uuid(7), Default::Cuid(1)] {
            let made: Vec<String> = (0..5_000).map(|_| generated(default)).collect();
            assert!(made.is_sorted_by(|one, next| one < next), "{default:?}");
        }
    }
}
