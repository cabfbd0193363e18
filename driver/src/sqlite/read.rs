//! Reads the cells of a row into the columns of a frame, each as the type that the schema gives to it.
//!
//! SQLite's columns hold any type, so each cell is checked; what does not fit is an error that names the column.

use purlin_query::catalog::{Catalog, Type};
use purlin_query::plan::FrameColumn;
use rusqlite::types::ValueRef;

use crate::error::Error;
use crate::frame::{ColumnData, Frame, Values};
use crate::stored::{enum_index, place, push_text, unfit};
use crate::{datetime, decimal, json};

/// Reads one row.
pub(super) fn row(
    catalog: &Catalog,
    wanted: &[FrameColumn],
    row: &rusqlite::Row<'_>,
    frame: &mut Frame,
) -> Result<(), Error> {
    let Frame { columns, text, bytes, rows } = frame;
    for (index, (column, wanted)) in columns.iter_mut().zip(wanted).enumerate() {
        let value = row.get_ref(index).map_err(|error| super::error::convert(&error, None))?;
        cell(catalog, wanted, value, column, text, bytes)?;
    }
    *rows += 1;
    Ok(())
}

fn cell(
    catalog: &Catalog,
    wanted: &FrameColumn,
    value: ValueRef<'_>,
    column: &mut ColumnData,
    text: &mut String,
    bytes: &mut Vec<u8>,
) -> Result<(), Error> {
    match (&mut column.values, value) {
        (Values::I32(values), ValueRef::Integer(number)) if wanted.ty == Type::Int => match i32::try_from(number) {
            Ok(number) => values.push(number),
            Err(_) => return Err(unfit(catalog, wanted, "an integer beyond 32 bits")),
        },
        (Values::I32(values), ValueRef::Text(name)) if matches!(wanted.ty, Type::Enum(_)) => {
            match enum_index(catalog, wanted.ty, name) {
                Some(index) => values.push(index),
                None => return Err(unfit(catalog, wanted, "a text that is no value of the enum")),
            }
        }
        (Values::Text(places), ValueRef::Text(found)) => {
            let Ok(found) = std::str::from_utf8(found) else {
                return Err(unfit(catalog, wanted, "a text that is not UTF-8"));
            };
            if wanted.ty == Type::Decimal && !decimal::is_canonical(found) {
                match decimal::canonical(found) {
                    Some(number) => push_text(places, text, &number)?,
                    None => return Err(unfit(catalog, wanted, "a text that is no number")),
                }
            } else {
                push_text(places, text, found)?;
            }
        }
        (Values::I64(values), ValueRef::Integer(number)) if wanted.ty == Type::BigInt => values.push(number),
        (Values::I64(values), found @ (ValueRef::Text(_) | ValueRef::Integer(_))) if wanted.ty == Type::DateTime => {
            match (instant(found), found) {
                (Some(micros), _) if !datetime::REPRESENTED.contains(&micros) => {
                    return Err(unfit(catalog, wanted, "a date beyond the years that clients can hold"));
                }
                (Some(micros), _) => values.push(micros),
                (None, ValueRef::Text(_)) => return Err(unfit(catalog, wanted, "a text that is no date")),
                (None, _) => return Err(unfit(catalog, wanted, "a number beyond all dates")),
            }
        }
        (Values::F64(values), ValueRef::Real(number)) => values.push(number),
        #[expect(clippy::cast_precision_loss, reason = "SQLite stores a whole Float as an integer where it is exact")]
        (Values::F64(values), ValueRef::Integer(number)) => values.push(number as f64),
        // Another number would be true here, and equal to neither in a condition.
        (Values::Bool(values), ValueRef::Integer(number @ (0 | 1))) => values.push(number == 1),
        (Values::Bool(_), ValueRef::Integer(_)) => {
            return Err(unfit(catalog, wanted, "an integer that is neither 0 nor 1"));
        }
        (Values::Bytes(places), ValueRef::Blob(found)) => {
            places.push(place(bytes.len(), found.len())?);
            bytes.extend_from_slice(found);
        }
        // The text of a number that would not come back from a column with a numeric affinity, or JSON that another
        // program wrote as bytes. Conditions find it as they find text.
        (Values::Text(places), ValueRef::Blob(found)) if wanted.ty == Type::Json => {
            match std::str::from_utf8(found).ok().filter(|found| json::is_json(found)) {
                Some(found) => push_text(places, text, found)?,
                None => return Err(unfit(catalog, wanted, "bytes that are no text of JSON")),
            }
        }
        // `JSONB`, as Prisma declares it, has a numeric affinity: JSON that is a number became one.
        (Values::Text(places), ValueRef::Integer(number)) if wanted.ty == Type::Json => {
            push_text(places, text, &number.to_string())?;
        }
        (Values::Text(places), ValueRef::Real(number)) if wanted.ty == Type::Json && number.is_finite() => {
            push_text(places, text, &json::number_text(number))?;
        }
        // A numeric affinity keeps decimals as numbers: exact to 15 digits, as Prisma has them.
        (Values::Text(places), ValueRef::Integer(number)) if wanted.ty == Type::Decimal => {
            push_text(places, text, &number.to_string())?;
        }
        (Values::Text(places), ValueRef::Real(number)) if wanted.ty == Type::Decimal => {
            let number = decimal::canonical(&number.to_string());
            let number = number.ok_or_else(|| unfit(catalog, wanted, "a number that is not finite"))?;
            push_text(places, text, &number)?;
        }
        (_, ValueRef::Null) if wanted.nullable => column.push_null(),
        (_, value) => return Err(unfit(catalog, wanted, kind(value))),
    }
    Ok(())
}

/// The instant of a date in any of the forms that are read, in microseconds since 1970-01-01T00:00:00Z: a text, or a
/// number of milliseconds, which Prisma 6 and older wrote. A `DateTime` has whole milliseconds: what a text says beyond
/// them is cut off, so that both clients read one value, and find the row by it.
pub(super) fn instant(stored: ValueRef<'_>) -> Option<i64> {
    match stored {
        ValueRef::Text(text) => datetime::parse(std::str::from_utf8(text).ok()?).map(datetime::whole_millis),
        ValueRef::Integer(millis) => millis.checked_mul(1_000),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => None,
    }
}

fn kind(value: ValueRef<'_>) -> &'static str {
    match value {
        ValueRef::Null => "null",
        ValueRef::Integer(_) => "an integer",
        ValueRef::Real(_) => "a float",
        ValueRef::Text(_) => "a text",
        ValueRef::Blob(_) => "a blob",
    }
}
