//! Which stored values keep their meaning when their column gets another type.
//!
//! SQLite converts a value by the affinity of the column that it is copied to, and keeps what it cannot convert. Neither
//! is an error, so this module works out what SQLite will store, and tells whether the clients can read that as the new
//! type and whether it still is the same value.

use purlin_driver::datetime;
use rusqlite::types::ValueRef;

use super::{forms::MILLIS as REPRESENTED_MILLIS, render::string};
use crate::database::{Column, Family};

/// A value of a column, and what SQLite makes of it in other storage classes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stored<'a> {
    pub(super) value: ValueRef<'a>,
    /// `CAST(value AS REAL)`.
    pub(super) as_real: f64,
    /// `CAST(value AS TEXT)`, unless it is a blob.
    pub(super) as_text: &'a [u8],
}

/// The storage that SQLite prefers in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Affinity {
    Text,
    /// Integers where that is exact, else floats: NUMERIC and INTEGER.
    Numeric,
    Real,
    Blob,
}

/// Returns whether a value of a column of the type `from` is the same value in the column `to`, and can be read there.
pub(super) fn is_kept(stored: Stored<'_>, from: &Column, to: &Column) -> bool {
    let after = convert(stored, affinity(&to.native_type));
    is_same(stored.value, after, &from.family) && is_readable(stored.value, after, from, to)
}

/// Returns whether the clients can read the value in the column `to`, be it the same or not.
pub(super) fn can_be_read(stored: Stored<'_>, from: &Column, to: &Column) -> bool {
    is_readable(stored.value, convert(stored, affinity(&to.native_type)), from, to)
}

/// What SQLite stores when the value is copied to a column of this affinity.
fn convert<'a>(stored: Stored<'a>, affinity: Affinity) -> ValueRef<'a> {
    match (stored.value, affinity) {
        (ValueRef::Integer(_), Affinity::Real) => ValueRef::Real(stored.as_real),
        (ValueRef::Integer(_) | ValueRef::Real(_), Affinity::Text) => ValueRef::Text(stored.as_text),
        (ValueRef::Real(number), Affinity::Numeric) => integer_of(number).map_or(stored.value, ValueRef::Integer),
        (ValueRef::Text(text), Affinity::Numeric | Affinity::Real) => {
            let Some(text) = std::str::from_utf8(text).ok().filter(|text| Number::read(text).is_some()) else {
                return stored.value;
            };
            match text.trim_ascii().parse::<i64>() {
                Ok(number) if affinity == Affinity::Numeric => ValueRef::Integer(number),
                _ if affinity == Affinity::Numeric => {
                    integer_of(stored.as_real).map_or(ValueRef::Real(stored.as_real), ValueRef::Integer)
                }
                _ => ValueRef::Real(stored.as_real),
            }
        }
        (value, _) => value,
    }
}

/// The integer that SQLite stores instead of a float.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the result is compared")]
fn integer_of(number: f64) -> Option<i64> {
    let integer = number as i64;
    (number.abs() < 9.2e18 && integer as f64 == number).then_some(integer)
}

/// Returns whether the two are one value.
fn is_same(before: ValueRef<'_>, after: ValueRef<'_>, from: &Family) -> bool {
    match (before, after) {
        (ValueRef::Integer(before), ValueRef::Integer(after)) => before == after,
        (ValueRef::Integer(before), ValueRef::Real(after)) => is_exactly(before, after),
        (ValueRef::Real(before), ValueRef::Integer(after)) => is_exactly(after, before),
        (ValueRef::Real(before), ValueRef::Real(after)) => before == after,
        (ValueRef::Integer(_), ValueRef::Text(_)) => true,
        (ValueRef::Real(before), ValueRef::Text(after)) => {
            std::str::from_utf8(after).ok().and_then(|text| text.parse::<f64>().ok()) == Some(before)
                && before.is_finite()
        }
        (ValueRef::Text(before), ValueRef::Text(after)) | (ValueRef::Blob(before), ValueRef::Blob(after)) => {
            before == after
        }
        (ValueRef::Text(before), ValueRef::Integer(after)) => is_number(before, &after.to_string(), from),
        // The shortest text that is read as this float: what comes back from it.
        (ValueRef::Text(before), ValueRef::Real(after)) => {
            after.is_finite() && is_number(before, &format!("{after:e}"), from)
        }
        _ => false,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the result is compared")]
fn is_exactly(integer: i64, float: f64) -> bool {
    // Both ways: the largest integers round up to a float that becomes the same integer again.
    integer as f64 == float && float.abs() < 9_223_372_036_854_775_808.0 && float as i64 == integer
}

/// Returns whether a text is this number. What was a string keeps its zeros and blanks only as a string: `007` is no 7.
fn is_number(text: &[u8], number: &str, from: &Family) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    if *from == Family::String {
        let whole_to_integer = !number.contains('e') && text.contains(['.', 'e', 'E']);
        if !is_plain(text) || whole_to_integer {
            return false;
        }
    }
    Number::read(text).is_some() && Number::read(text) == Number::read(number)
}

/// Returns whether a text is a number as one writes it: without blanks, a plus or zeros before it.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let begins = match digits {
        [b'0'] | [b'0', b'.', ..] => true,
        [first, ..] => (b'1'..=b'9').contains(first),
        [] => false,
    };
    begins && digits.last().is_some_and(u8::is_ascii_digit) && text != "-0"
}

/// Returns whether the clients can read the value as the column's type.
fn is_readable(before: ValueRef<'_>, after: ValueRef<'_>, from: &Column, to: &Column) -> bool {
    match (&to.family, after) {
        (Family::Other, _) => true,
        (Family::Int, ValueRef::Integer(number)) => i32::try_from(number).is_ok(),
        (Family::BigInt, ValueRef::Integer(_)) => true,
        (Family::Boolean, ValueRef::Integer(number)) => number == 0 || number == 1,
        (Family::Float, ValueRef::Real(number)) => number.is_finite(),
        (Family::Float | Family::Decimal | Family::Json, ValueRef::Integer(_)) => true,
        (Family::Decimal | Family::Json, ValueRef::Real(number)) => number.is_finite(),
        (Family::Decimal, ValueRef::Text(found)) => std::str::from_utf8(found).is_ok_and(|text| {
            let written = from.family != Family::String || is_plain(text);
            written && Number::read(text).is_some_and(|number| number.is_of_a_thousand_digits())
        }),
        // A whole number is read as milliseconds. Only what is an integer already can be meant so; `2024` is a year.
        (Family::DateTime, ValueRef::Integer(millis)) => {
            let counts = matches!(from.family, Family::Int | Family::BigInt | Family::DateTime | Family::Other);
            counts && matches!(before, ValueRef::Integer(_)) && MILLIS.contains(&millis)
        }
        (Family::DateTime, ValueRef::Text(found)) => std::str::from_utf8(found).is_ok_and(is_instant),
        (Family::Json, ValueRef::Text(found)) => std::str::from_utf8(found).is_ok(),
        (Family::String, ValueRef::Text(found)) => {
            let allowed = to.allowed.as_ref();
            std::str::from_utf8(found)
                .is_ok_and(|found| allowed.is_none_or(|allowed| allowed.values.iter().any(|value| value == found)))
        }
        (Family::Bytes, ValueRef::Blob(_)) => true,
        _ => false,
    }
}

/// The milliseconds of the years 0 to 9999.
const MILLIS: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

/// Returns whether a text is a date that the clients read, all of it: they cut off what is less than a millisecond.
fn is_instant(text: &str) -> bool {
    let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
    let digits = fraction.find(|character: char| !character.is_ascii_digit()).unwrap_or(fraction.len());
    let fraction = fraction.get(..digits).unwrap_or_default().trim_end_matches('0');
    let micros = datetime::parse(text).filter(|_| fraction.len() <= 3);
    micros.is_some_and(|micros| REPRESENTED_MILLIS.contains(&(micros / 1_000)))
}

/// A decimal number of any length: its digits without zeros at either end, and the power of ten of the last one.
#[derive(Debug, PartialEq, Eq)]
struct Number {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Number {
    /// Returns whether the clients read it: they refuse longer ones.
    fn is_of_a_thousand_digits(&self) -> bool {
        let point = i64::try_from(self.digits.len()).unwrap_or(i64::MAX).saturating_add(self.exponent);
        self.digits.len() <= 1_000 && point.unsigned_abs() <= 1_000
    }

    /// Reads what SQLite takes for a number, blanks around it included.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.len() + fraction.len() == 0 || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let digits = all.trim_end_matches('0');
        let zeros = i64::try_from(all.len() - digits.len()).ok()?;
        let exponent = i64::from(exponent) - i64::try_from(fraction.len()).ok()? + zeros;
        let digits = digits.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { negative: false, digits, exponent: 0 });
        }
        Some(Self { negative, digits, exponent })
    }
}

/// SQLite's own rules for a declared type.
fn affinity(declared: &str) -> Affinity {
    let name = declared.to_ascii_uppercase();
    let has = |part: &str| name.contains(part);
    if has("INT") {
        Affinity::Numeric
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        Affinity::Text
    } else if has("BLOB") || name.trim().is_empty() || name == "ANY" {
        Affinity::Blob
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        Affinity::Real
    } else {
        Affinity::Numeric
    }
}

/// A condition to look at the values by: true for each that is not kept, and hardly for others.
pub(super) fn doubtful(name: &str, from: &Family, to: &Column) -> String {
    if let Some(allowed) = &to.allowed {
        return foreign(name, &allowed.values);
    }
    let condition = match to.family {
        Family::Int => format!(
            "CAST(CAST({name} AS INTEGER) AS TEXT) IS NOT CAST({name} AS TEXT) \
             OR CAST({name} AS INTEGER) NOT BETWEEN -2147483648 AND 2147483647"
        ),
        Family::BigInt => format!("CAST(CAST({name} AS INTEGER) AS TEXT) IS NOT CAST({name} AS TEXT)"),
        Family::Boolean => format!("CAST({name} AS TEXT) NOT IN ('0', '1')"),
        Family::Float => format!(
            "CASE typeof({name}) WHEN 'integer' THEN CAST({name} AS REAL) <> {name} WHEN 'text' THEN \
             CAST(CAST({name} AS REAL) AS TEXT) NOT IN ({name}, {name} || '.0') END"
        ),
        Family::Decimal => format!(
            "CASE typeof({name}) WHEN 'real' THEN CAST(CAST({name} AS TEXT) AS REAL) IS NOT {name} WHEN 'text' THEN \
             {name} GLOB '*[^-.0-9]*' OR {name} NOT GLOB '*[0-9]*' OR {name} GLOB '?*-*' \
             OR ltrim({name}, '-') GLOB '0[0-9]*' END"
        ),
        Family::DateTime if matches!(from, Family::Int | Family::BigInt) => {
            format!("{name} NOT BETWEEN {} AND {}", MILLIS.start(), MILLIS.end())
        }
        Family::DateTime => {
            let digits = "[0-9]".repeat(4);
            format!(
                "typeof({name}) <> 'text' OR date(substr({name}, 1, 10)) IS NOT substr({name}, 1, 10) \
                 OR datetime({name}) IS NULL OR {name} GLOB '*.{digits}*'"
            )
        }
        Family::Json => format!(
            "NOT ({}) OR CAST(CAST({name} AS NUMERIC) AS TEXT) <> {name} \
             AND {name} NOT GLOB '*[^-+.0-9eE]*'",
            is_json(name)
        ),
        Family::String => format!("typeof({name}) = 'real' AND CAST(CAST({name} AS TEXT) AS REAL) IS NOT {name}"),
        Family::Bytes => return format!("typeof({name}) <> 'blob'"),
        Family::Other => return "1".to_owned(),
    };
    format!("typeof({name}) = 'blob' OR {condition}")
}

/// The condition that a text is JSON. For SQLite it ends before a character U+0000.
pub(super) fn is_json(name: &str) -> String {
    format!("json_valid({name}) AND instr({name}, char(0)) = 0")
}

/// The condition that a value is none of these.
pub(super) fn foreign(name: &str, values: &[String]) -> String {
    if values.is_empty() {
        return format!("{name} IS NOT NULL");
    }
    // As the clients compare, whatever the collation of the column.
    let list: Vec<String> = values.iter().map(|value| string(value)).collect();
    format!("{name} COLLATE BINARY NOT IN ({})", list.join(", "))
}
