//! Statements: their text with their lists, and their compilation.

use std::fmt::Write as _;
use std::ops::{Deref, DerefMut};

use memchr::memchr_iter;
use purlin_query::dialect::sqlite::ARRAY_FUNCTION;
use purlin_query::plan::Gap;
use rusqlite::{CachedStatement, Connection, Statement};

/// A list of up to so many values is bound value by value, a longer one as one array. Up to here both are equally quick,
/// and a list of single values is what SQLite plans best.
pub(super) const MOST_LISTED: usize = 256;
/// So many values of all lists of a statement are bound one by one; further lists are arrays.
const MOST_LISTED_TOGETHER: usize = 8_192;

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

/// Decides of each list of a statement, in their order, whether its values are bound one by one, padded to a power of two
/// by repeating the last one (few texts, so that compiled statements are found again), or as one array.
#[derive(Default)]
pub(super) struct ListForms {
    /// The values that are bound one by one so far.
    listed: usize,
}

impl ListForms {
    /// Returns whether so many values, each of so many parts, are bound one by one.
    pub(super) fn is_listed(&mut self, values: usize, width: usize) -> bool {
        let parts = values.next_power_of_two() * width.max(1);
        let is_listed = parts <= MOST_LISTED && self.listed + parts <= MOST_LISTED_TOGETHER;
        if is_listed {
            self.listed += parts;
        }
        is_listed
    }
}

/// The text of a statement with gaps, for lists of these sizes: how many values each has, and of how many parts.
pub(super) fn filled(gaps: &[Gap], tail: &str, sizes: impl IntoIterator<Item = (usize, usize)>) -> String {
    let mut forms = ListForms::default();
    let mut text = String::new();
    for (Gap { head, around }, (values, width)) in gaps.iter().zip(sizes) {
        text.push_str(head);
        if forms.is_listed(values, width) {
            push_list(&mut text, values.next_power_of_two(), width, *around);
        } else {
            push_array(&mut text, width, *around);
        }
    }
    text.push_str(tail);
    text
}

/// Placeholders for so many values: `?,?,?`, or `VALUES (?,?),(?,?)` where each has several parts.
fn push_list(text: &mut String, values: usize, width: usize, (open, close): (&str, &str)) {
    text.reserve(values * (open.len() + close.len() + width * 2 + 2) + "VALUES ".len());
    if width > 1 {
        text.push_str("VALUES ");
    }
    for index in 0..values {
        if index > 0 {
            text.push(',');
        }
        if width <= 1 {
            text.push_str(open);
            text.push('?');
            text.push_str(close);
            continue;
        }
        text.push('(');
        for part in 0..width {
            text.push_str(if part > 0 { ",?" } else { "?" });
        }
        text.push(')');
    }
}

/// A query of the values of an array. Those of several parts lie in it one part after another, and are put together by a
/// window over its elements: a join of two arrays would look through one for each element of the other.
fn push_array(text: &mut String, width: usize, (open, close): (&str, &str)) {
    let _ = if width <= 1 {
        write!(text, "SELECT {open}value{close} FROM {ARRAY_FUNCTION}(?)")
    } else {
        let names: Vec<String> = (0..width).map(|part| format!("v{part}")).collect();
        let mut parts = "value AS v0".to_owned();
        for part in 1..width {
            let _ = write!(parts, ", LEAD(value, {part}) OVER (ORDER BY rowid) AS v{part}");
        }
        let names = names.join(", ");
        write!(text, "SELECT {names} FROM (SELECT {parts}, rowid AS n FROM {ARRAY_FUNCTION}(?)) WHERE n % {width} = 1")
    };
}
