//! Reads the cells of a row, in PostgreSQL's binary form, into the columns of a frame.
//!
//! A cell is read by the type that its column has in the database, and checked against the one that the schema gives to it.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use purlin_query::catalog::{Catalog, Type};
use purlin_query::plan::FrameColumn;
use sqlx::postgres::{PgRow, PgTypeKind};
use sqlx::{Row, ValueRef};

use super::encode::{EPOCH, MICROS_PER_DAY};
use super::{error, numeric, oid};
use crate::datetime;
use crate::error::Error;
use crate::frame::{ColumnData, Frame, Values};
use crate::stored::{enum_index, place, push_text, unfit};

/// Reads one row.
pub(super) fn row(catalog: &Catalog, wanted: &[FrameColumn], row: &PgRow, frame: &mut Frame) -> Result<(), Error> {
    let Frame { columns, text, bytes, rows } = frame;
    for (index, (column, wanted)) in columns.iter_mut().zip(wanted).enumerate() {
        let value = row.try_get_raw(index).map_err(|error| error::convert(&error, None))?;
        if value.is_null() {
            if !wanted.nullable {
                return Err(unfit(catalog, wanted, "null"));
            }
            column.push_null();
            continue;
        }
        let stored = {
            let ty = value.type_info();
            let is_text = matches!(ty.kind(), PgTypeKind::Enum(_)) || ty.oid().is_none();
            Stored { oid: ty.oid().map_or(0, |oid| oid.0), is_text }
        };
        let found = value.as_bytes().unwrap_or_default();
        cell(catalog, wanted, stored, found, column, text, bytes)?;
    }
    *rows += 1;
    Ok(())
}

/// The type of a column in the database.
#[derive(Clone, Copy)]
struct Stored {
    oid: u32,
    /// Whether it is one that the database has defined whose binary form is its text, such as an enum.
    is_text: bool,
}

fn cell(
    catalog: &Catalog,
    wanted: &FrameColumn,
    stored: Stored,
    found: &[u8],
    column: &mut ColumnData,
    heap: &mut String,
    bytes: &mut Vec<u8>,
) -> Result<(), Error> {
    let unfit = |what: &str| unfit(catalog, wanted, what);
    match (&mut column.values, wanted.ty) {
        (Values::I32(values), Type::Int) => match whole(stored.oid, found) {
            Some(number) => {
                values.push(i32::try_from(number).map_err(|_| unfit("an integer beyond 32 bits"))?);
            }
            None => return Err(unfit("no integer")),
        },
        (Values::I64(values), Type::Int | Type::BigInt) => {
            values.push(whole(stored.oid, found).ok_or_else(|| unfit("no integer"))?);
        }
        (Values::I32(values), Type::Enum(_)) => {
            values.push(
                enum_index(catalog, wanted.ty, found).ok_or_else(|| unfit("a text that is no value of the enum"))?,
            );
        }
        (Values::I64(values), Type::DateTime) => {
            let micros = instant(stored.oid, found).ok_or_else(|| unfit("no date"))?;
            if !datetime::REPRESENTED.contains(&micros) {
                return Err(unfit("a date beyond the years that clients can hold"));
            }
            // A `DateTime` has whole milliseconds: both clients read one value, and find the row by it.
            values.push(datetime::whole_millis(micros));
        }
        (Values::F64(values), _) => values.push(float(stored.oid, found).ok_or_else(|| unfit("no number"))?),
        (Values::Bool(values), _) => match (stored.oid, found) {
            (oid::BOOL, [byte]) => values.push(*byte != 0),
            _ => return Err(unfit("no boolean")),
        },
        (Values::Bytes(places), _) => {
            if stored.oid != oid::BYTEA {
                return Err(unfit("no bytes"));
            }
            places.push(place(bytes.len(), found.len())?);
            bytes.extend_from_slice(found);
        }
        (Values::Text(places), Type::Decimal) => {
            let start = heap.len();
            decimal(stored.oid, found, heap).ok_or_else(|| unfit("no finite number"))?;
            places.push(place(start, heap.len() - start)?);
        }
        (Values::Text(places), Type::Json) => {
            let text = match (stored.oid, found) {
                (oid::JSONB, [1, text @ ..]) | (oid::JSON, text) => text,
                _ => return Err(unfit("no JSON")),
            };
            push_text(places, heap, std::str::from_utf8(text).map_err(|_| unfit("a text that is not UTF-8"))?)?;
        }
        (Values::Text(places), _) => {
            let start = heap.len();
            text(stored, found, heap).ok_or_else(|| unfit("a value of a type that is no text"))?;
            places.push(place(start, heap.len() - start)?);
        }
        _ => return Err(unfit("a value of another type")),
    }
    Ok(())
}

fn whole(oid: u32, found: &[u8]) -> Option<i64> {
    Some(match oid {
        oid::INT4 => i32::from_be_bytes(found.try_into().ok()?).into(),
        oid::INT8 => i64::from_be_bytes(found.try_into().ok()?),
        oid::INT2 => i16::from_be_bytes(found.try_into().ok()?).into(),
        oid::OID => u32::from_be_bytes(found.try_into().ok()?).into(),
        _ => return None,
    })
}

fn float(oid: u32, found: &[u8]) -> Option<f64> {
    Some(match oid {
        oid::FLOAT8 => f64::from_be_bytes(found.try_into().ok()?),
        // The digits that the server shows, rather than those of the nearest `f64`: 0.1 is 0.1.
        oid::FLOAT4 => f32::from_be_bytes(found.try_into().ok()?).to_string().parse().ok()?,
        _ => return None,
    })
}

/// A date as microseconds since 1970-01-01T00:00:00Z. Those without an instant, as `infinity`, are none.
fn instant(oid: u32, found: &[u8]) -> Option<i64> {
    match oid {
        oid::TIMESTAMP | oid::TIMESTAMPTZ => {
            let micros = i64::from_be_bytes(found.try_into().ok()?);
            if micros == i64::MAX || micros == i64::MIN { None } else { micros.checked_add(EPOCH) }
        }
        oid::DATE => {
            let days = i32::from_be_bytes(found.try_into().ok()?);
            if days == i32::MAX || days == i32::MIN { None } else { Some(i64::from(days) * MICROS_PER_DAY + EPOCH) }
        }
        oid::TIME => Some(i64::from_be_bytes(found.try_into().ok()?)),
        oid::TIMETZ => {
            let (time, zone) = found.split_at_checked(8)?;
            let west = i32::from_be_bytes(zone.try_into().ok()?);
            Some(i64::from_be_bytes(time.try_into().ok()?) + i64::from(west) * 1_000_000)
        }
        _ => None,
    }
}

fn decimal(oid: u32, found: &[u8], heap: &mut String) -> Option<()> {
    match oid {
        oid::NUMERIC => numeric::decode(found, heap),
        oid::MONEY => {
            let cents = i64::from_be_bytes(found.try_into().ok()?);
            let (whole, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
            let sign = if cents < 0 { "-" } else { "" };
            let _ = write!(heap, "{sign}{whole}");
            if rest > 0 {
                let _ = write!(heap, ".{rest:02}");
                heap.truncate(heap.trim_end_matches('0').len());
            }
            Some(())
        }
        _ => {
            let _ = write!(heap, "{}", whole(oid, found)?);
            Some(())
        }
    }
}

fn text(stored: Stored, found: &[u8], heap: &mut String) -> Option<()> {
    match stored.oid {
        oid::UUID => {
            let uuid = uuid::Uuid::from_slice(found).ok()?;
            let _ = write!(heap, "{uuid}");
        }
        oid::INET => inet(found, heap)?,
        oid::BIT | oid::VARBIT => {
            let (length, bits) = found.split_at_checked(4)?;
            let length = usize::try_from(i32::from_be_bytes(length.try_into().ok()?)).ok()?;
            let bit = |index: usize| bits.get(index / 8).map(|byte| byte & (0x80 >> (index % 8)) != 0);
            for index in 0..length {
                heap.push(if bit(index)? { '1' } else { '0' });
            }
        }
        oid::TEXT | oid::VARCHAR | oid::BPCHAR | oid::NAME | oid::CHAR | oid::XML => {
            heap.push_str(std::str::from_utf8(found).ok()?);
        }
        _ if stored.is_text || stored.oid >= FIRST_OF_DATABASE => heap.push_str(std::str::from_utf8(found).ok()?),
        _ => return None,
    }
    Some(())
}

/// Types from this number on are those of a database: enums, domains, and those of extensions, of which the schema language
/// has `citext`.
const FIRST_OF_DATABASE: u32 = 16_384;

fn inet(found: &[u8], heap: &mut String) -> Option<()> {
    let (head, address) = found.split_at_checked(4)?;
    let &[family, bits, _, _] = head else { return None };
    let _ = match family {
        2 => write!(heap, "{}", Ipv4Addr::from(<[u8; 4]>::try_from(address).ok()?)),
        _ => write!(heap, "{}", Ipv6Addr::from(<[u8; 16]>::try_from(address).ok()?)),
    };
    if bits != if family == 2 { 32 } else { 128 } {
        let _ = write!(heap, "/{bits}");
    }
    Some(())
}
