//! Finds the children of each parent: the keys of a frame, and the rows that belong to each.

use std::collections::hash_map::Entry;

use purlin_query::catalog::Type;
use purlin_query::plan::Collation;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::frame::{Frame, Span, Values};

/// A part of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Cell<'a> {
    Int(i64),
    Float(u64),
    Text(&'a str),
    Bytes(&'a [u8]),
    /// Microseconds.
    Instant(i64),
    /// Enum and value.
    Enum(u16, u16),
}

/// The cell of a frame; `None` when it is null or not there.
pub(crate) fn cell_at(frame: &Frame, column: usize, row: usize, ty: Type) -> Option<Cell<'_>> {
    let column = frame.columns.get(column)?;
    if column.is_null(row) {
        return None;
    }
    Some(match &column.values {
        Values::I32(values) => match ty {
            Type::Enum(index) => Cell::Enum(index, u16::try_from(*values.get(row)?).ok()?),
            _ => Cell::Int(i64::from(*values.get(row)?)),
        },
        Values::I64(values) => match ty {
            Type::DateTime => Cell::Instant(*values.get(row)?),
            _ => Cell::Int(*values.get(row)?),
        },
        Values::F64(values) => Cell::Float(values.get(row)?.to_bits()),
        Values::Bool(values) => Cell::Int(i64::from(*values.get(row)?)),
        Values::Text(places) => Cell::Text(frame.text_at(*places.get(row)?)),
        Values::Bytes(places) => Cell::Bytes(frame.bytes_at(*places.get(row)?)),
    })
}

/// The rows of a frame that have its distinct keys, in their order: of each key the first. A key with a null in it leads
/// nowhere and is left out.
pub(crate) fn distinct_rows(frame: &Frame, columns: &[usize], types: &[Type]) -> Vec<u32> {
    if let ([column], [Type::Int | Type::BigInt], Some(numbers)) = (columns, types, integers(frame, columns)) {
        return distinct_integers(frame, *column, numbers);
    }
    let mut seen = FxHashSet::default();
    let is_new = |row: &u32| key_at(frame, columns, types, *row as usize).is_some_and(|key| seen.insert(key));
    rows_of(frame).filter(is_new).collect()
}

/// The same for a single column of numbers, which nearly all keys are.
fn distinct_integers(frame: &Frame, column: usize, numbers: impl Fn(usize) -> i64) -> Vec<u32> {
    let Some(column) = frame.columns.get(column) else { return Vec::new() };
    let mut rows: Vec<u32> = Vec::with_capacity(frame.rows);
    let (mut ascending, mut last) = (true, i64::MIN);
    let mut seen = FxHashSet::default();
    for row in rows_of(frame).filter(|row| !column.is_null(*row as usize)) {
        let number = numbers(row as usize);
        // While the keys ascend they are distinct without a look at those before.
        if ascending && (rows.is_empty() || number > last) {
            last = number;
            rows.push(row);
            continue;
        }
        if ascending {
            ascending = false;
            seen.extend(rows.iter().map(|row| numbers(*row as usize)));
        }
        if seen.insert(number) {
            rows.push(row);
        }
    }
    rows
}

/// The numbers of the rows of a frame, which the limits keep below 2^32.
fn rows_of(frame: &Frame) -> std::ops::Range<u32> {
    0..u32::try_from(frame.rows).unwrap_or(u32::MAX)
}

/// For each row of `parent`, the rows of `child` whose key equals its own. Rows of one key stand together. Returns whether
/// each row of either has found its place: where one has not, the database may compare texts in another way.
pub(crate) fn spans(
    parent: &Frame,
    parent_key: &[usize],
    child: &Frame,
    child_key: &[usize],
    types: &[Type],
    spans: &mut Vec<Span>,
) -> bool {
    spans.clear();
    spans.reserve(parent.rows);
    if let (Some(parents), Some(children)) = (integers(parent, parent_key), integers(child, child_key)) {
        let (groups, _) = groups(child.rows, |row| Some(children(row)));
        let column = parent_key.first().and_then(|column| parent.columns.get(*column));
        for row in 0..parent.rows {
            let null = column.is_none_or(|column| column.is_null(row));
            let span = if null { None } else { groups.get(&parents(row)) };
            spans.push(span.copied().unwrap_or_default());
        }
        return true;
    }
    let (groups, mut complete) = groups(child.rows, |row| key_at(child, child_key, types, row));
    // A row that stands under several parents of its own leads to the same rows each time.
    let mut is_found = vec![false; child.rows];
    let mut found = 0;
    for row in 0..parent.rows {
        let key = key_at(parent, parent_key, types, row);
        let span = key.as_ref().and_then(|key| groups.get(key));
        complete &= key.is_none() || span.is_some();
        if let Some(is_found) = span.and_then(|span| is_found.get_mut(span.start as usize)) {
            found += usize::from(!std::mem::replace(is_found, true));
        }
        spans.push(span.copied().unwrap_or_default());
    }
    complete && found >= groups.len()
}

/// The same where the columns of the key compare texts in a way of their own.
pub(crate) fn spans_by_collation(
    parent: &Frame,
    parent_key: &[usize],
    child: &Frame,
    child_key: &[usize],
    types: &[Type],
    collations: &[Collation],
    spans: &mut Vec<Span>,
) {
    #[derive(PartialEq, Eq, Hash, Clone)]
    enum Part<'a> {
        Cell(Cell<'a>),
        Folded(String),
    }
    fn folded<'a>(cell: Cell<'a>, collation: Collation) -> Part<'a> {
        match (cell, collation) {
            (Cell::Text(text), Collation::NoCase) => Part::Folded(text.to_ascii_lowercase()),
            (Cell::Text(text), Collation::RightTrim) => Part::Folded(text.trim_end_matches(' ').to_owned()),
            (cell, _) => Part::Cell(cell),
        }
    }
    let key = |frame, columns: &[usize], row| -> Option<Vec<Part<'_>>> {
        let key = key_at(frame, columns, types, row)?;
        Some(key.into_iter().zip(collations).map(|(cell, collation)| folded(cell, *collation)).collect())
    };
    let (groups, _) = groups(child.rows, |row| key(child, child_key, row));
    spans.clear();
    spans.extend((0..parent.rows).map(|row| {
        let span = key(parent, parent_key, row).and_then(|key| groups.get(&key));
        span.copied().unwrap_or_default()
    }));
}

/// The rows of each key, and whether those of each key stand together: the statements order by the key as the database
/// compares it.
fn groups<K: std::hash::Hash + Eq + Clone>(
    rows: usize,
    key: impl Fn(usize) -> Option<K>,
) -> (FxHashMap<K, Span>, bool) {
    let mut groups: FxHashMap<K, Span> = FxHashMap::default();
    let mut together = true;
    let mut current: Option<(K, Span)> = None;
    let mut close = |group: Option<(K, Span)>| {
        if let Some((key, span)) = group {
            match groups.entry(key) {
                Entry::Vacant(entry) => drop(entry.insert(span)),
                Entry::Occupied(_) => together = false,
            }
        }
    };
    for row in 0..rows {
        let Some(key) = key(row) else { continue };
        match &mut current {
            Some((same, span)) if *same == key => span.length += 1,
            _ => {
                let start = u32::try_from(row).unwrap_or(u32::MAX);
                close(current.replace((key, Span { start, length: 1 })));
            }
        }
    }
    close(current);
    (groups, together)
}

fn key_at<'a>(frame: &'a Frame, columns: &[usize], types: &[Type], row: usize) -> Option<Vec<Cell<'a>>> {
    columns.iter().zip(types).map(|(column, ty)| cell_at(frame, *column, row, *ty)).collect()
}

/// The numbers of a key that is a single column of plain integers.
fn integers<'a>(frame: &'a Frame, key: &[usize]) -> Option<Box<dyn Fn(usize) -> i64 + 'a>> {
    let [column] = key else { return None };
    match &frame.columns.get(*column)?.values {
        Values::I32(values) => Some(Box::new(|row| values.get(row).copied().map_or(0, i64::from))),
        Values::I64(values) => Some(Box::new(|row| values.get(row).copied().unwrap_or(0))),
        _ => None,
    }
}
