//! Binds the parameters of a statement.

use std::rc::Rc;

use rusqlite::Statement;
use rusqlite::types::{Null, Value};
use rusqlite::vtab::array;

use super::statement::ListForms;
use crate::error::{Error, ErrorKind};
use crate::execution::{Bound, Listed, Parameters};
use crate::{datetime, json};

/// Binds the parameters of a run. `dates_are_numbers` tells of each date that the statement writes whether it is to be a
/// number, as the dates around it are.
pub(super) fn parameters(
    statement: &mut Statement<'_>,
    parameters: &Parameters<'_>,
    dates_are_numbers: &[bool],
) -> Result<(), Error> {
    let (mut position, mut forms) = (0, ListForms::default());
    parameters.each(|bound| {
        position += 1;
        match bound {
            Bound::Keys(keys) => {
                position = list(statement, position, &keys, &mut forms)?;
                Ok(())
            }
            Bound::List(values) => {
                position = list(statement, position, &values, &mut forms)?;
                Ok(())
            }
            Bound::Date { micros, form } => {
                let is_number = form.and_then(|form| dates_are_numbers.get(form).copied()).unwrap_or(false);
                date(statement, position, micros, is_number)
            }
            bound => value(statement, position, bound),
        }
    })
}

/// Binds the values of a list, one by one or as one array. Returns the last position.
fn list<'a>(
    statement: &mut Statement<'_>,
    first: usize,
    list: &impl Listed<'a>,
    forms: &mut ListForms,
) -> Result<usize, Error> {
    let (length, width) = (list.len(), list.width());
    if !forms.is_listed(length, width) {
        let mut values = Vec::with_capacity(length * width);
        list.each(|part| -> Result<(), Error> {
            values.push(element(part)?);
            Ok(())
        })?;
        array(statement, first, values)?;
        return Ok(first);
    }
    let mut position = first;
    list.each(|part| {
        value(statement, position, part)?;
        position += 1;
        Ok::<_, Error>(())
    })?;
    for _ in length..length.next_power_of_two() {
        for part in 0..width {
            value(statement, position, list.part(length.saturating_sub(1), part)?)?;
            position += 1;
        }
    }
    Ok(position - 1)
}

/// Binds one value at `position` (from 1).
#[inline]
fn value(statement: &mut Statement<'_>, position: usize, bound: Bound<'_>) -> Result<(), Error> {
    match bound {
        Bound::Null => statement.raw_bind_parameter(position, Null),
        Bound::Boolean(value) => statement.raw_bind_parameter(position, value),
        Bound::Int(number) => statement.raw_bind_parameter(position, number),
        Bound::Float(number) => statement.raw_bind_parameter(position, number),
        Bound::Json(text) if !json::stands_as_number(text) => statement.raw_bind_parameter(position, text.as_bytes()),
        Bound::Text(text) | Bound::Json(text) | Bound::Enum(text) => statement.raw_bind_parameter(position, text),
        Bound::Bytes(bytes) => statement.raw_bind_parameter(position, bytes),
        Bound::Instant(micros) => statement.raw_bind_parameter(position, datetime::sort_key(micros)),
        Bound::Identifier(identifier) => statement.raw_bind_parameter(position, identifier),
        Bound::Date { micros, .. } => return date(statement, position, micros, false),
        Bound::List(_) | Bound::Keys(_) | Bound::KeyPart(..) | Bound::Pattern(_) => return Err(several()),
    }
    .map_err(|error| super::error::convert(&error, None))
}

/// Binds a date that a column gets.
fn date(statement: &mut Statement<'_>, position: usize, micros: Option<i64>, is_number: bool) -> Result<(), Error> {
    match micros {
        Some(micros) if is_number => statement.raw_bind_parameter(position, micros.div_euclid(1_000)),
        Some(micros) => statement.raw_bind_parameter(position, date_text(micros)?),
        None => statement.raw_bind_parameter(position, Null),
    }
    .map_err(|error| super::error::convert(&error, None))
}

/// Binds values as one array.
fn array(statement: &mut Statement<'_>, position: usize, values: Vec<Value>) -> Result<(), Error> {
    let values: array::Array = Rc::new(values);
    statement.raw_bind_parameter(position, values).map_err(|error| super::error::convert(&error, None))
}

/// A value as an element of an array.
#[inline]
fn element(bound: Bound<'_>) -> Result<Value, Error> {
    Ok(match bound {
        Bound::Null => Value::Null,
        Bound::Boolean(value) => Value::Integer(i64::from(value)),
        Bound::Int(number) => Value::Integer(number),
        Bound::Float(number) => Value::Real(number),
        Bound::Text(text) | Bound::Json(text) | Bound::Enum(text) => Value::Text(text.to_owned()),
        Bound::Bytes(bytes) => Value::Blob(bytes.to_vec()),
        Bound::Instant(micros) => Value::Text(datetime::sort_key(micros)),
        Bound::Identifier(identifier) => Value::Text(identifier),
        Bound::Date { micros: Some(micros), .. } => Value::Text(date_text(micros)?),
        Bound::Date { micros: None, .. } => Value::Null,
        Bound::List(_) | Bound::Keys(_) | Bound::KeyPart(..) | Bound::Pattern(_) => return Err(several()),
    })
}

/// The text of a date that a column gets.
fn date_text(micros: i64) -> Result<String, Error> {
    datetime::format(micros)
        .ok_or_else(|| Error::new(ErrorKind::OutOfRange, "a date is beyond the years that its text can hold (±999999)"))
}

#[cold]
fn several() -> Error {
    Error::invalid("a list where one value belongs")
}
