//! Steps that run only where an earlier one had a row, or had none, and what comes after both.

use purlin_query::plan::{FrameColumn, RowOf, When};

use crate::frame::{Frame, HeapRange, Values};

/// Returns whether a step runs.
pub(crate) fn holds(conditions: &[When], frames: &[Frame]) -> bool {
    conditions.iter().all(|when| frames.get(when.frame).is_some_and(|frame| (frame.rows > 0) == when.has_row))
}

/// Puts the first row of the first frame that has one into a frame.
pub(crate) fn take(rows: &[RowOf], columns: &[FrameColumn], frames: &[Frame], into: &mut Frame) {
    let found = rows.iter().find_map(|row| Some((row, frames.get(row.frame).filter(|frame| frame.rows > 0)?)));
    let Some((row, from)) = found else { return };
    into.reset(columns);
    for (at, index) in row.columns.iter().enumerate() {
        let (Some(column), Some(source)) = (into.columns.get_mut(at), from.columns.get(*index)) else { continue };
        if source.is_null(0) {
            column.push_null();
            continue;
        }
        match (&mut column.values, &source.values) {
            (Values::I32(into), Values::I32(from)) => into.extend(from.first()),
            (Values::I64(into), Values::I64(from)) => into.extend(from.first()),
            (Values::F64(into), Values::F64(from)) => into.extend(from.first()),
            (Values::Bool(into), Values::Bool(from)) => into.extend(from.first()),
            (Values::Text(places), Values::Text(from_places)) => {
                let text = from.text_at(from_places.first().copied().unwrap_or_default());
                places.push(place(into.text.len(), text.len()));
                into.text.push_str(text);
            }
            (Values::Bytes(places), Values::Bytes(from_places)) => {
                let bytes = from.bytes_at(from_places.first().copied().unwrap_or_default());
                places.push(place(into.bytes.len(), bytes.len()));
                into.bytes.extend_from_slice(bytes);
            }
            _ => column.push_null(),
        }
    }
    into.rows = 1;
}

/// The place of what is added to a heap of so many bytes. The heap holds parts of one that has 32-bit places.
fn place(start: usize, length: usize) -> HeapRange {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    HeapRange { start: number(start), length: number(length) }
}
