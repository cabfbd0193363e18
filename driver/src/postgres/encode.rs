//! Parameters in PostgreSQL's binary form.

use std::net::IpAddr;

use purlin_query::dialect::{ParameterType, PostgresType};

use super::{numeric, oid};
use crate::error::{Error, ErrorKind};
use crate::execution::{Bound, Listed};

/// Microseconds from 1970-01-01, from which we count, to 2000-01-01, from which PostgreSQL does.
pub(super) const EPOCH: i64 = 946_684_800_000_000;
pub(super) const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The first day of PostgreSQL's dates and timestamps, 24 November of 4714 BC, counted from 2000-01-01.
const FIRST_DAY: i32 = -2_451_545;
/// The end of its timestamps, the beginning of the year 294277, in microseconds from 2000-01-01.
const END: i64 = 9_223_371_331_200_000_000;

/// Appends a parameter to `out`; returns whether it is not null.
pub(super) fn parameter(bound: &Bound<'_>, declared: ParameterType, out: &mut Vec<u8>) -> Result<bool, Error> {
    match bound {
        Bound::List(list) => array(list, 0, declared.ty, out).map(|()| true),
        Bound::KeyPart(keys, part) => array(keys, *part, declared.ty, out).map(|()| true),
        bound => value(bound, declared.ty, out),
    }
}

/// Appends an array of one dimension: the parts of values.
fn array<'a>(list: &impl Listed<'a>, part: usize, ty: PostgresType, out: &mut Vec<u8>) -> Result<(), Error> {
    let length = i32::try_from(list.len()).map_err(|_| Error::invalid("a list has too many values"))?;
    out.extend(i32::from(length > 0).to_be_bytes());
    let flag = out.len();
    out.extend(0_i32.to_be_bytes());
    out.extend(oid::element(ty).to_be_bytes());
    if length == 0 {
        return Ok(());
    }
    out.extend(length.to_be_bytes());
    out.extend(1_i32.to_be_bytes());
    for index in 0..list.len() {
        let place = out.len();
        out.extend((-1_i32).to_be_bytes());
        let is_there = value(&list.part(index, part)?, ty, out)?;
        let length = if is_there { i32::try_from(out.len() - place - 4).unwrap_or(i32::MAX) } else { -1 };
        let at = if is_there { place } else { flag };
        let word = if is_there { length } else { 1 };
        if let Some(bytes) = out.get_mut(at..at + 4) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
    }
    Ok(())
}

fn value(bound: &Bound<'_>, ty: PostgresType, out: &mut Vec<u8>) -> Result<bool, Error> {
    match bound {
        Bound::Null | Bound::Date { micros: None, .. } => return Ok(false),
        Bound::Boolean(value) => out.push(u8::from(*value)),
        Bound::Int(number) => integer(*number, ty, out)?,
        Bound::Float(number) => match ty {
            // The nearest of them, as the server itself casts.
            PostgresType::Real => out.extend((*number as f32).to_be_bytes()),
            _ => out.extend(number.to_be_bytes()),
        },
        Bound::Text(text) | Bound::Enum(text) => self::text(text, ty, out)?,
        Bound::Identifier(text) | Bound::Pattern(text) => self::text(text, ty, out)?,
        Bound::Json(text) => {
            if ty == PostgresType::JsonB {
                // The version of the form.
                out.push(1);
            }
            out.extend_from_slice(text.as_bytes());
        }
        Bound::Bytes(bytes) => out.extend_from_slice(bytes),
        Bound::Instant(micros) | Bound::Date { micros: Some(micros), .. } => instant(*micros, ty, out),
        Bound::List(_) | Bound::Keys(_) | Bound::KeyPart(..) => {
            return Err(Error::invalid("a list where one value belongs"));
        }
    }
    Ok(true)
}

fn integer(number: i64, ty: PostgresType, out: &mut Vec<u8>) -> Result<(), Error> {
    let too_large = |_| Error::new(ErrorKind::OutOfRange, "a number is beyond the range of its column");
    match ty {
        PostgresType::SmallInt => out.extend(i16::try_from(number).map_err(too_large)?.to_be_bytes()),
        PostgresType::Integer => out.extend(i32::try_from(number).map_err(too_large)?.to_be_bytes()),
        PostgresType::Oid => out.extend(u32::try_from(number).map_err(too_large)?.to_be_bytes()),
        PostgresType::DoublePrecision => out.extend((number as f64).to_be_bytes()),
        PostgresType::Real => out.extend((number as f32).to_be_bytes()),
        PostgresType::Numeric | PostgresType::Money => text(&number.to_string(), ty, out)?,
        _ => out.extend(number.to_be_bytes()),
    }
    Ok(())
}

/// Appends a text, or what is written as one.
fn text(text: &str, ty: PostgresType, out: &mut Vec<u8>) -> Result<(), Error> {
    let unfit = |what: &str| Error::invalid(format!("a value is no {what}, which its column holds"));
    match ty {
        PostgresType::Uuid => {
            let uuid = uuid::Uuid::try_parse(text).map_err(|_| unfit("UUID"))?;
            out.extend_from_slice(uuid.as_bytes());
        }
        PostgresType::Numeric => numeric::encode(text, out).ok_or_else(|| unfit("decimal"))?,
        PostgresType::Money => out.extend(cents(text).ok_or_else(|| unfit("amount of money"))?.to_be_bytes()),
        PostgresType::Inet => inet(text, out).ok_or_else(|| unfit("network address"))?,
        PostgresType::Bit | PostgresType::VarBit => bits(text, out).ok_or_else(|| unfit("string of bits"))?,
        _ if text.contains('\0') => {
            return Err(Error::invalid("a text has the character U+0000, which PostgreSQL does not store"));
        }
        _ => out.extend_from_slice(text.as_bytes()),
    }
    Ok(())
}

/// Appends an instant. One that no column can hold is a bound of a condition, since the engine refuses to store it: `infinity`,
/// which is beyond all dates, compares with them as it does.
fn instant(micros: i64, ty: PostgresType, out: &mut Vec<u8>) {
    match ty {
        PostgresType::Date => {
            let day = i32::try_from(micros.saturating_sub(EPOCH).div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX);
            out.extend((if day < FIRST_DAY { i32::MIN } else { day }).to_be_bytes());
        }
        PostgresType::Time => out.extend(micros.rem_euclid(MICROS_PER_DAY).to_be_bytes()),
        PostgresType::TimeTz => {
            out.extend(micros.rem_euclid(MICROS_PER_DAY).to_be_bytes());
            out.extend(0_i32.to_be_bytes());
        }
        _ => {
            let micros = micros.saturating_sub(EPOCH);
            let is_early = micros < i64::from(FIRST_DAY) * MICROS_PER_DAY;
            let bounded = if is_early {
                i64::MIN
            } else if micros >= END {
                i64::MAX
            } else {
                micros
            };
            out.extend(bounded.to_be_bytes());
        }
    }
}

/// An amount in hundredths.
fn cents(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_negative = whole.starts_with('-');
    let hundredths: i64 = format!("{:0<2}", fraction.get(..2).unwrap_or(fraction)).parse().ok()?;
    if fraction.bytes().skip(2).any(|digit| digit != b'0') {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    whole.checked_mul(100)?.checked_add(if is_negative { -hundredths } else { hundredths })
}

/// The form of `inet`: the family, the bits of the network, whether it is a `cidr`, and the address.
fn inet(text: &str, out: &mut Vec<u8>) -> Option<()> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => {
            out.extend([2, bits.unwrap_or(32), 0, 4]);
            out.extend(address.octets());
        }
        IpAddr::V6(address) => {
            out.extend([3, bits.unwrap_or(128), 0, 16]);
            out.extend(address.octets());
        }
    }
    Some(())
}

fn bits(text: &str, out: &mut Vec<u8>) -> Option<()> {
    out.extend(i32::try_from(text.len()).ok()?.to_be_bytes());
    for group in text.as_bytes().chunks(8) {
        let mut byte = 0;
        for (index, bit) in group.iter().enumerate() {
            match bit {
                b'0' => {}
                b'1' => byte |= 0x80 >> index,
                _ => return None,
            }
        }
        out.push(byte);
    }
    Some(())
}
