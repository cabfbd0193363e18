//! Statements: their text with the keys of a level, and their compilation.

use std::ops::{Deref, DerefMut};

use memchr::memchr_iter;
use purlin_query::dialect::sqlite::ARRAY_FUNCTION;
use rusqlite::{CachedStatement, Connection, Statement};

/// So many parts of keys are bound one by one; more are bound as one array.
const MOST_LISTED: usize = 256;

/// A statement that takes more bytes when it is compiled is compiled for each run: a connection keeps a few hundred.
const MOST_KEPT: usize = 256 * 1024;

/// The bytes of a compiled statement, roughly: 11 to 20 times its text, and 190 for each placeholder of a list.
fn compiled_bytes(sql: &str) -> usize {
    let placeholders = if sql.len() < 1_024 { 0 } else { memchr_iter(b'?', sql.as_bytes()).count() };
    20 * sql.len() + 190 * placeholders
}

/// A compiled statement.
pub(super) enum Compiled<'c> {
    /// It goes back to those that the connection keeps.
    Kept(CachedStatement<'c>),
    /// It is gone after this run.
    Once(Statement<'c>),
}

impl<'c> Compiled<'c> {
    /// Compiles a text, or finds it compiled.
    pub(super) fn of(connection: &'c Connection, sql: &str) -> rusqlite::Result<Self> {
        if compiled_bytes(sql) <= MOST_KEPT {
            connection.prepare_cached(sql).map(Self::Kept)
        } else {
            connection.prepare(sql).map(Self::Once)
        }
    }
}

impl<'c> Deref for Compiled<'c> {
    type Target = Statement<'c>;

    fn deref(&self) -> &Statement<'c> {
        match self {
            Self::Kept(statement) => statement,
            Self::Once(statement) => statement,
        }
    }
}

impl DerefMut for Compiled<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Kept(statement) => statement,
            Self::Once(statement) => statement,
        }
    }
}

/// Whether keys of so many parts altogether are bound one by one, padded to a power of two.
pub(super) fn is_listed(parts: usize, width: usize) -> bool {
    (parts / width).next_power_of_two() * width <= MOST_LISTED
}

/// The text of a statement for so many keys: `?,?,?`, or `VALUES (?,?),(?,?)` when a key has several parts.
pub(super) fn with_keys(head: &str, tail: &str, keys: usize, width: usize) -> String {
    let mut text = String::with_capacity(head.len() + tail.len() + 7 + keys * (width * 2 + 2));
    text.push_str(head);
    if width > 1 {
        text.push_str("VALUES ");
    }
    for index in 0..keys {
        if index > 0 {
            text.push(',');
        }
        if width == 1 {
            text.push('?');
            continue;
        }
        text.push('(');
        for part in 0..width {
            text.push_str(if part > 0 { ",?" } else { "?" });
        }
        text.push(')');
    }
    text.push_str(tail);
    text
}

/// The text of a statement for an array of keys. Those of several parts lie in it one part after another, and are put
/// together by a window over its elements: a join of two arrays would look through one for each element of the other.
pub(super) fn with_array(head: &str, tail: &str, width: usize) -> String {
    if width == 1 {
        return format!("{head}SELECT value FROM {ARRAY_FUNCTION}(?){tail}");
    }
    let names: Vec<String> = (0..width).map(|part| format!("v{part}")).collect();
    let mut parts = "value AS v0".to_owned();
    for part in 1..width {
        parts.push_str(&format!(", LEAD(value, {part}) OVER (ORDER BY rowid) AS v{part}"));
    }
    let names = names.join(", ");
    format!(
        "{head}SELECT {names} FROM (SELECT {parts}, rowid AS n FROM {ARRAY_FUNCTION}(?)) WHERE n % {width} = 1{tail}"
    )
}
