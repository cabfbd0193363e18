//! The SQL functions that plans call: checks of computed numbers, literal text search, and bound arrays as tables.
//!
//! Each tells the watch of its connection how much it is about to do, so that a deadline holds within one row too.

use std::cell::RefCell;
use std::sync::Arc;

use bigdecimal::BigDecimal;
use memchr::memchr2_iter;
use memchr::memmem::Finder;
use purlin_query::catalog::{FieldIndex, ModelIndex};
use purlin_query::dialect::sqlite::{
    BIG_INT_FUNCTION, CONTAINS_FUNCTION, DECIMAL_ADD_FUNCTION, DECIMAL_DIVIDE_FUNCTION, DECIMAL_FUNCTION,
    DECIMAL_MULTIPLY_FUNCTION, DECIMAL_SUBTRACT_FUNCTION, ENDS_WITH_FUNCTION, FLOAT_FUNCTION, INSTANT_FUNCTION,
    INT_FUNCTION, JSON_FUNCTION, STARTS_WITH_FUNCTION, column_at,
};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Result, ffi, vtab};

use super::read;
use super::watch::Watch;
use crate::{datetime, decimal, json_form};

/// Registers the functions on a connection.
pub(super) fn register(sqlite: &Connection, watch: &Arc<Watch>) -> Result<()> {
    vtab::array::load_module(sqlite)?;
    range_check(
        sqlite,
        watch,
        INT_FUNCTION,
        |number| matches!(number, Number::Whole(whole) if i32::try_from(whole).is_ok()),
    )?;
    range_check(sqlite, watch, BIG_INT_FUNCTION, |number| matches!(number, Number::Whole(_)))?;
    range_check(sqlite, watch, FLOAT_FUNCTION, |number| match number {
        Number::Whole(_) => true,
        Number::Real(real) => real.is_finite(),
    })?;
    instant(sqlite, watch)?;
    decimal_text(sqlite, watch)?;
    decimal_arithmetic(sqlite, watch, DECIMAL_ADD_FUNCTION, |left, right| Some(left + right))?;
    decimal_arithmetic(sqlite, watch, DECIMAL_SUBTRACT_FUNCTION, |left, right| Some(left - right))?;
    decimal_arithmetic(sqlite, watch, DECIMAL_MULTIPLY_FUNCTION, |left, right| Some(left * right))?;
    decimal_arithmetic(sqlite, watch, DECIMAL_DIVIDE_FUNCTION, decimal::quotient)?;
    json_form(sqlite, watch)?;
    contains(sqlite, watch)?;
    affix(sqlite, watch, STARTS_WITH_FUNCTION, |text, length| text.get(..length))?;
    affix(sqlite, watch, ENDS_WITH_FUNCTION, |text, length| text.get(text.len().checked_sub(length)?..))
}

/// A computed number.
#[derive(Clone, Copy)]
enum Number {
    Whole(i64),
    Real(f64),
}

/// Registers a function of a computed number and the number that it was computed from. It returns the first where its
/// column can hold it. Null is the result of null only: of a number it is a division by zero.
fn range_check(sqlite: &Connection, watch: &Arc<Watch>, name: &str, fits: fn(Number) -> bool) -> Result<()> {
    let watch = Arc::clone(watch);
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    sqlite.create_scalar_function(name, 3, flags, move |context| {
        watch.work(0)?;
        let number = match context.get_raw(0) {
            // SQLite computes with the digits that such a value begins with, or with 0, and the value would be lost.
            _ if matches!(context.get_raw(1), ValueRef::Text(_) | ValueRef::Blob(_)) => None,
            ValueRef::Null if context.get_raw(1) == ValueRef::Null => return Ok(rusqlite::types::Value::Null),
            ValueRef::Integer(whole) => Some(Number::Whole(whole)),
            ValueRef::Real(real) => Some(Number::Real(real)),
            ValueRef::Null | ValueRef::Text(_) | ValueRef::Blob(_) => None,
        };
        match number.filter(|number| fits(*number)) {
            Some(Number::Whole(whole)) => Ok(rusqlite::types::Value::Integer(whole)),
            Some(Number::Real(real)) => Ok(rusqlite::types::Value::Real(real)),
            None => Err(unfit(context)),
        }
    })
}

/// Registers the function that makes an instant of a date in any form.
fn instant(sqlite: &Connection, watch: &Arc<Watch>) -> Result<()> {
    let watch = Arc::clone(watch);
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    sqlite.create_scalar_function(INSTANT_FUNCTION, 1, flags, move |context| {
        let stored = context.get_raw(0);
        watch.work(length(stored))?;
        if matches!(stored, ValueRef::Text(text) if datetime::is_canonical(text)) {
            return Ok(ToSqlOutput::Arg(0));
        }
        let instant = read::instant(stored).map(datetime::sort_key);
        Ok(ToSqlOutput::Owned(instant.map_or(Value::Null, Value::Text)))
    })
}

/// Registers the function that makes a text of a decimal that is stored as a number, the one as which it is read.
fn decimal_text(sqlite: &Connection, watch: &Arc<Watch>) -> Result<()> {
    let watch = Arc::clone(watch);
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    sqlite.create_scalar_function(DECIMAL_FUNCTION, 1, flags, move |context| {
        watch.work(length(context.get_raw(0)))?;
        Ok(match context.get_raw(0) {
            ValueRef::Integer(number) => ToSqlOutput::Owned(Value::Text(number.to_string())),
            ValueRef::Real(number) => {
                let text = number.to_string();
                ToSqlOutput::Owned(Value::Text(decimal::canonical(&text).unwrap_or(text)))
            }
            ValueRef::Null | ValueRef::Text(_) | ValueRef::Blob(_) => ToSqlOutput::Arg(0),
        })
    })
}

/// What a digit of an operand counts in the work of arithmetic.
const DIGIT: usize = 64;

/// Registers a function of two decimal numbers, each of them text or, in a column with a numeric affinity, a number.
fn decimal_arithmetic(
    sqlite: &Connection,
    watch: &Arc<Watch>,
    name: &str,
    compute: fn(&BigDecimal, &BigDecimal) -> Option<BigDecimal>,
) -> Result<()> {
    let watch = Arc::clone(watch);
    let number = |value: ValueRef<'_>| -> Option<BigDecimal> {
        let text = match value {
            ValueRef::Text(text) => decimal::canonical(std::str::from_utf8(text).ok()?)?,
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => decimal::canonical(&number.to_string())?,
            ValueRef::Null | ValueRef::Blob(_) => return None,
        };
        text.parse().ok()
    };
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    sqlite.create_scalar_function(name, 3, flags, move |context| {
        if context.get_raw(0) == ValueRef::Null {
            return Ok(None);
        }
        let digits = [0, 1].map(|operand| length(context.get_raw(operand)));
        watch.work(DIGIT * digits.iter().sum::<usize>())?;
        let operands = number(context.get_raw(0)).zip(number(context.get_raw(1)));
        let result = operands.and_then(|(left, right)| compute(&left, &right));
        match result.and_then(|result| decimal::canonical(&result.to_string())) {
            Some(text) => Ok(Some(text)),
            None => Err(unfit(context)),
        }
    })
}

/// What an error says of a number that its column cannot hold, before the column.
const UNFIT: &str = "purlin: no room in column ";

/// The error of a number that its column cannot hold.
fn unfit(context: &Context<'_>) -> rusqlite::Error {
    let place = context.get::<i64>(2).unwrap_or(-1);
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ERROR), Some(format!("{UNFIT}{place}")))
}

/// The column that cannot hold a number, when that is what the message of an error says.
pub(super) fn unfit_column(message: &str) -> Option<(ModelIndex, FieldIndex)> {
    message.strip_prefix(UNFIT)?.parse().ok().map(column_at)
}

/// Registers the function that returns the normal form of a JSON text. A cell that holds a number is the text of it.
fn json_form(sqlite: &Connection, watch: &Arc<Watch>) -> Result<()> {
    /// How much longer than a search of a text it takes to write its normal form.
    const WRITTEN: usize = 24;
    let watch = Arc::clone(watch);
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    sqlite.create_scalar_function(JSON_FUNCTION, 1, flags, move |context| {
        watch.work(WRITTEN * length(context.get_raw(0)))?;
        Ok(match context.get_raw(0) {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Real(number) => Some(json_form::normal_form(&number.to_string())),
            ValueRef::Text(text) | ValueRef::Blob(text) => Some(json_form::normal_form(&String::from_utf8_lossy(text))),
        })
    })
}

const SEARCH_FLAGS: FunctionFlags = FunctionFlags::SQLITE_DETERMINISTIC.union(FunctionFlags::SQLITE_UTF8);

/// Registers a function of a text and the text that it is to start or to end with; `part` is as much of the one as the
/// other is long.
fn affix(sqlite: &Connection, watch: &Arc<Watch>, name: &str, part: fn(&[u8], usize) -> Option<&[u8]>) -> Result<()> {
    let watch = Arc::clone(watch);
    sqlite.create_scalar_function(name, 2, SEARCH_FLAGS, move |context: &Context<'_>| {
        // SQLite has read all of the text, however little of it is compared.
        let text = context.get_raw(0);
        watch.work(length(text))?;
        Ok(with_text(context.get_raw(1), |wanted| {
            with_text(text, |text| part(text, wanted.len()).is_some_and(|part| part.eq_ignore_ascii_case(wanted)))
        })
        .flatten())
    })
}

/// Registers a function of a text and the text to search it for, which is prepared once per run of a statement.
fn contains(sqlite: &Connection, watch: &Arc<Watch>) -> Result<()> {
    let watch = Arc::clone(watch);
    let folded = RefCell::new(Vec::new());
    sqlite.create_scalar_function(CONTAINS_FUNCTION, 2, SEARCH_FLAGS, move |context: &Context<'_>| {
        let text = context.get_raw(0);
        watch.work(length(text))?;
        let needle = match context.get_aux::<Needle>(1)? {
            Some(needle) => needle,
            None => match with_text(context.get_raw(1), Needle::new) {
                Some(needle) => context.set_aux(1, needle)?,
                None => return Ok(None),
            },
        };
        Ok(with_text(text, |text| needle.is_in(text, &folded)))
    })
}

/// The text that is searched for.
struct Needle {
    /// With its ASCII letters in lower case.
    finder: Finder<'static>,
    /// The place of the byte that texts are expected to hold least often, and that byte in either case.
    rarest: Option<(usize, u8, u8)>,
}

impl Needle {
    fn new(text: &[u8]) -> Self {
        let lower = text.to_ascii_lowercase();
        let rarest = lower.iter().copied().enumerate().min_by_key(|(_, byte)| frequency(*byte));
        Self {
            finder: Finder::new(&lower).into_owned(),
            rarest: rarest.map(|(at, byte)| (at, byte, byte.to_ascii_uppercase())),
        }
    }

    /// Returns whether a text holds the needle. Where the rarest byte stands is looked at first, for as long as that costs
    /// less than a pass over the text; then the text is folded and searched by an algorithm that is linear whatever both
    /// are.
    fn is_in(&self, text: &[u8], folded: &RefCell<Vec<u8>>) -> bool {
        let needle = self.finder.needle();
        let Some((at, lower, upper)) = self.rarest else { return true };
        let mut budget = text.len() / needle.len() + 1;
        for place in memchr2_iter(lower, upper, text) {
            let candidate = place.checked_sub(at).and_then(|start| text.get(start..start + needle.len()));
            if candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(needle)) {
                return true;
            }
            budget -= 1;
            if budget == 0 {
                let mut folded = folded.borrow_mut();
                folded.clear();
                folded.extend_from_slice(text);
                folded.make_ascii_lowercase();
                return self.finder.find(&folded).is_some();
            }
        }
        false
    }
}

/// How often a byte is expected in a text, roughly. A letter is in lower case.
fn frequency(byte: u8) -> usize {
    match byte {
        b' ' | 0xC0.. => 30,
        b'a'..=b'z' => b"zqxjkvbpygfwmucldrhsnioate".iter().position(|letter| *letter == byte).unwrap_or(0),
        b'0'..=b'9' => 12,
        _ => 5,
    }
}

/// The bytes of a value.
#[inline]
fn length(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => 0,
    }
}

/// The text of a value, as `LIKE` sees it.
#[inline]
fn with_text<T>(value: ValueRef<'_>, read: impl FnOnce(&[u8]) -> T) -> Option<T> {
    match value {
        ValueRef::Null => None,
        ValueRef::Text(text) | ValueRef::Blob(text) => Some(read(text)),
        // A column of text without its affinity, as views have them.
        ValueRef::Integer(number) => Some(read(number.to_string().as_bytes())),
        ValueRef::Real(number) => Some(read(format!("{number:?}").as_bytes())),
    }
}
