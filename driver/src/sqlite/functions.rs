//! The SQL functions that plans call: checks of computed numbers, literal text search, and bound arrays as tables.

use std::cell::RefCell;

use memchr::memmem::Finder;
use purlin_query::dialect::sqlite::{
    BIG_INT_FUNCTION, CONTAINS_FUNCTION, ENDS_WITH_FUNCTION, FLOAT_FUNCTION, INT_FUNCTION, STARTS_WITH_FUNCTION,
};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result, ffi, vtab};

/// Registers the functions on a connection.
pub(super) fn register(sqlite: &Connection) -> Result<()> {
    vtab::array::load_module(sqlite)?;
    range_check(sqlite, INT_FUNCTION, |number| matches!(number, Number::Whole(whole) if i32::try_from(whole).is_ok()))?;
    range_check(sqlite, BIG_INT_FUNCTION, |number| matches!(number, Number::Whole(_)))?;
    range_check(sqlite, FLOAT_FUNCTION, |number| match number {
        Number::Whole(_) => true,
        Number::Real(real) => real.is_finite(),
    })?;
    text_search(sqlite, CONTAINS_FUNCTION, |needle, text, folded| {
        // Folding first keeps the search linear whatever the text and the needle are; short texts cost a copy of a
        // few cache lines.
        folded.clear();
        folded.extend_from_slice(text);
        folded.make_ascii_lowercase();
        needle.finder.find(folded).is_some()
    })?;
    text_search(sqlite, STARTS_WITH_FUNCTION, |needle, text, _| {
        let needle = needle.finder.needle();
        text.get(..needle.len()).is_some_and(|start| start.eq_ignore_ascii_case(needle))
    })?;
    text_search(sqlite, ENDS_WITH_FUNCTION, |needle, text, _| {
        let needle = needle.finder.needle();
        let start = text.len().checked_sub(needle.len());
        start.and_then(|start| text.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(needle))
    })
}

/// A computed number.
#[derive(Clone, Copy)]
enum Number {
    Whole(i64),
    Real(f64),
}

/// Registers a function of a computed number and the number that it was computed from. It returns the first where its
/// column can hold it. Null is the result of null only: of a number it is a division by zero.
fn range_check(sqlite: &Connection, name: &str, fits: fn(Number) -> bool) -> Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    sqlite.create_scalar_function(name, 2, flags, move |context| {
        let number = match context.get_raw(0) {
            ValueRef::Null if context.get_raw(1) == ValueRef::Null => return Ok(rusqlite::types::Value::Null),
            ValueRef::Integer(whole) => Some(Number::Whole(whole)),
            ValueRef::Real(real) => Some(Number::Real(real)),
            ValueRef::Null | ValueRef::Text(_) | ValueRef::Blob(_) => None,
        };
        match number.filter(|number| fits(*number)) {
            Some(Number::Whole(whole)) => Ok(rusqlite::types::Value::Integer(whole)),
            Some(Number::Real(real)) => Ok(rusqlite::types::Value::Real(real)),
            None => Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_RANGE), None)),
        }
    })
}

/// The text that is searched for, with its ASCII letters in lower case.
struct Needle {
    finder: Finder<'static>,
}

impl Needle {
    fn new(text: &[u8]) -> Self {
        Self { finder: Finder::new(&text.to_ascii_lowercase()).into_owned() }
    }
}

/// Registers a function of a text and the text to search it for, which is prepared once per run of a statement.
fn text_search(sqlite: &Connection, name: &str, matches: fn(&Needle, &[u8], &mut Vec<u8>) -> bool) -> Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    let folded = RefCell::new(Vec::new());
    sqlite.create_scalar_function(name, 2, flags, move |context: &Context<'_>| {
        if context.get_raw(0) == ValueRef::Null || context.get_raw(1) == ValueRef::Null {
            return Ok(None);
        }
        let needle = context
            .get_or_create_aux(1, |needle| with_text(needle, Needle::new).ok_or("there is nothing to search for"))?;
        let mut folded = folded.borrow_mut();
        Ok(with_text(context.get_raw(0), |text| matches(&needle, text, &mut folded)))
    })
}

/// The text of a value, as `LIKE` sees it.
fn with_text<T>(value: ValueRef<'_>, read: impl FnOnce(&[u8]) -> T) -> Option<T> {
    match value {
        ValueRef::Null => None,
        ValueRef::Text(text) | ValueRef::Blob(text) => Some(read(text)),
        // A column of text without its affinity, as views have them.
        ValueRef::Integer(number) => Some(read(number.to_string().as_bytes())),
        ValueRef::Real(number) => Some(read(format!("{number:?}").as_bytes())),
    }
}
