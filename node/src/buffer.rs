//! A reply as one buffer, from which the TypeScript runtime makes objects without a call per value.
//!
//! ```text
//! buffer  := header (i32 words), columns, links, text
//! nest    := rows, text, (column)*                                  one after another in the header, parents first
//! column  := at, nulls                 Int, Enum: index in i32; BigInt, Float, DateTime, counts: in 64-bit words;
//!                                      Boolean: in bytes. `nulls`: place of one byte per row, 0 when no row is null
//!          | at, heap                  Bytes: lengths in i32 (-1 is null), first byte of the heap
//!          | (none)                    String, Decimal, Json: see text
//!          | at, then the nest         relation: (start, length) a parent row in i32
//! text    := index in i32 of: lengths, chunks, (start, bytes, ascii)*chunks
//! ```
//! `text` is 0 when a nest has no text column, else the index of a table: where the lengths begin (UTF-16 units, -1
//! is null, row by row), the number of chunks, and each chunk. Text lies row by row, in chunks that JavaScript
//! decodes as one string each and cuts: that is several times faster than one string per value, and a chunk bounds what
//! a value that is kept keeps in memory. No value spans chunks.

use purlin_driver::Rows;
use purlin_driver::frame::{ColumnData, Frame, HeapRange, Values};
use purlin_query::catalog::{Catalog, Type};
use purlin_query::plan::{Item, Nest};

use crate::failure::Failure;
use crate::protocol::{COLUMN_WORDS, ITEM_COLUMN, ITEM_COUNTS, ITEM_RELATION, NEST_WORDS, RELATION_WORDS};

/// A chunk of text is not longer, unless one value is.
const CHUNK: usize = 32 * 1024;

/// Replies are addressed with 31 bits.
const MOST: usize = i32::MAX as usize;

/// Writes `rows` into `out`, which is emptied first.
pub(crate) fn write(catalog: &Catalog, rows: &Rows, out: &mut Vec<u8>) -> Result<(), Failure> {
    out.clear();
    let mut words = 0;
    count_words(rows.nest(), &mut words);
    out.resize(words * 4, 0);
    let mut writer = Writer { catalog, rows, out, header: 0 };
    writer.nest(rows.nest())?;
    if writer.out.len() > MOST {
        return Err(Failure::invalid("the result is larger than 2 GiB; use `take` to read it in parts"));
    }
    Ok(())
}

fn count_words(nest: &Nest, words: &mut usize) {
    let (of_nest, of_column, of_relation) = (NEST_WORDS as usize, COLUMN_WORDS as usize, RELATION_WORDS as usize);
    *words += of_nest;
    for item in &nest.items {
        match item {
            Item::Column { .. } => *words += of_column,
            Item::Counts(counts) => *words += of_column * counts.len(),
            Item::Relation { nest, .. } => {
                *words += of_relation;
                count_words(nest, words);
            }
        }
    }
}

/// What a column of 64-bit integers becomes.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Plain,
    Number,
    Instant,
}

struct Writer<'a> {
    catalog: &'a Catalog,
    rows: &'a Rows,
    out: &'a mut Vec<u8>,
    /// The next word of the header.
    header: usize,
}

impl Writer<'_> {
    fn word(&mut self, value: usize) {
        let at = self.header * 4;
        self.header += 1;
        // More than `MOST` is refused at the end.
        let word = i32::try_from(value).unwrap_or(i32::MAX);
        if let Some(place) = self.out.get_mut(at..at + 4) {
            place.copy_from_slice(&word.to_le_bytes());
        }
    }

    fn nest(&mut self, nest: &Nest) -> Result<(), Failure> {
        let rows = self.rows;
        let frame = rows.frame(nest.frame);
        self.word(frame.rows);
        let text = self.text(nest, frame)?;
        self.word(text);
        for item in &nest.items {
            match item {
                Item::Column { field, column } => {
                    let ty =
                        self.catalog.model(nest.model).and_then(|model| model.column(*field)).map(|field| field.ty);
                    let form = if ty == Some(Type::DateTime) { Form::Instant } else { Form::Plain };
                    self.column(frame, find(frame, *column)?, form);
                }
                Item::Counts(counts) => {
                    for (_, column) in counts {
                        self.column(frame, find(frame, *column)?, Form::Number);
                    }
                }
                Item::Relation { link, nest, .. } => {
                    let at = self.align(4) / 4;
                    for span in rows.link(*link) {
                        self.out.extend_from_slice(&span.start.to_le_bytes());
                        self.out.extend_from_slice(&span.length.to_le_bytes());
                    }
                    self.word(at);
                    self.nest(nest)?;
                }
            }
        }
        Ok(())
    }

    fn column(&mut self, frame: &Frame, column: &ColumnData, form: Form) {
        match &column.values {
            Values::I32(values) if form == Form::Number => self.wide(values, |value| f64::from(value).to_le_bytes()),
            Values::I32(values) => {
                let at = self.align(4) / 4;
                self.append(values, i32::to_le_bytes);
                self.word(at);
            }
            Values::I64(values) => match form {
                Form::Plain => self.wide(values, i64::to_le_bytes),
                Form::Number => self.wide(values, |value| (value as f64).to_le_bytes()),
                // A Date holds milliseconds.
                Form::Instant => self.wide(values, |micros| (micros.div_euclid(1000) as f64).to_le_bytes()),
            },
            Values::F64(values) => self.wide(values, f64::to_le_bytes),
            Values::Bool(values) => {
                let at = self.out.len();
                self.append(values, |value| [u8::from(value)]);
                self.word(at);
            }
            Values::Text(_) => {
                self.word(0);
                self.word(0);
                return;
            }
            Values::Bytes(places) => {
                let at = self.align(4) / 4;
                for (row, place) in places.iter().enumerate() {
                    let length = if column.is_null(row) { -1 } else { place.length as i32 };
                    self.out.extend_from_slice(&length.to_le_bytes());
                }
                let heap = self.out.len();
                for (row, place) in places.iter().enumerate() {
                    if !column.is_null(row) {
                        self.out.extend_from_slice(frame.bytes_at(*place));
                    }
                }
                self.word(at);
                self.word(heap);
                return;
            }
        }
        let nulls = if column.nulls.is_empty() {
            0
        } else {
            let at = self.out.len();
            self.append(&column.nulls, |null| [u8::from(null)]);
            at
        };
        self.word(nulls);
    }

    fn wide<T: Copy>(&mut self, values: &[T], bytes: impl Fn(T) -> [u8; 8]) {
        let at = self.align(8) / 8;
        self.append(values, bytes);
        self.word(at);
    }

    /// In this form the compiler copies whole columns.
    fn append<T: Copy, const N: usize>(&mut self, values: &[T], bytes: impl Fn(T) -> [u8; N]) {
        let start = self.out.len();
        self.out.resize(start + values.len() * N, 0);
        if let Some(tail) = self.out.get_mut(start..) {
            for (place, value) in tail.chunks_exact_mut(N).zip(values) {
                place.copy_from_slice(&bytes(*value));
            }
        }
    }

    fn align(&mut self, to: usize) -> usize {
        let length = self.out.len().next_multiple_of(to);
        self.out.resize(length, 0);
        length
    }

    /// The text of a nest; returns the index of its table, 0 when the nest has no text column.
    fn text(&mut self, nest: &Nest, frame: &Frame) -> Result<usize, Failure> {
        let mut columns: Vec<(&[HeapRange], &ColumnData)> = Vec::new();
        for item in &nest.items {
            if let Item::Column { column, .. } = item {
                let column = find(frame, *column)?;
                if let Values::Text(places) = &column.values {
                    columns.push((places, column));
                }
            }
        }
        if columns.is_empty() {
            return Ok(0);
        }
        let ascii = frame.text.is_ascii();
        let lengths = self.align(4);
        self.out.resize(lengths + frame.rows * columns.len() * 4, 0);
        let text = self.out.len();
        let mut chunks: Vec<[usize; 3]> = Vec::new();
        let mut chunk = [text, 0, 1];
        let mut cell = lengths;
        for row in 0..frame.rows {
            for (places, column) in &columns {
                let length = if column.is_null(row) {
                    -1
                } else {
                    let value = places.get(row).map_or("", |place| frame.text_at(*place));
                    if chunk[1] > 0 && chunk[1] + value.len() > CHUNK {
                        chunks.push(chunk);
                        chunk = [self.out.len(), 0, 1];
                    }
                    chunk[1] += value.len();
                    self.out.extend_from_slice(value.as_bytes());
                    if ascii || value.is_ascii() {
                        value.len() as i32
                    } else {
                        chunk[2] = 0;
                        value.encode_utf16().count() as i32
                    }
                };
                if let Some(place) = self.out.get_mut(cell..cell + 4) {
                    place.copy_from_slice(&length.to_le_bytes());
                }
                cell += 4;
            }
        }
        if chunk[1] > 0 {
            chunks.push(chunk);
        }
        let table = self.align(4);
        let mut words = vec![(lengths / 4) as u32, chunks.len() as u32];
        words.extend(chunks.iter().flatten().map(|word| *word as u32));
        self.append(&words, u32::to_le_bytes);
        Ok(table / 4)
    }
}

fn find(frame: &Frame, column: usize) -> Result<&ColumnData, Failure> {
    frame.columns.get(column).ok_or_else(|| Failure::invalid("the plan names an unknown column of a result"))
}

/// How the rows of a reply nest, as numbers: the names are in the catalog that JavaScript has.
///
/// ```text
/// nest := model, reversed, items, (ITEM_COLUMN, field | ITEM_RELATION, field, many, nest | ITEM_COUNTS, relations, (field)*)*
/// ```
pub(crate) fn describe(nest: &Nest, out: &mut Vec<u32>) {
    out.extend([u32::from(nest.model), u32::from(nest.reversed), nest.items.len() as u32]);
    for item in &nest.items {
        match item {
            Item::Column { field, .. } => out.extend([ITEM_COLUMN as u32, u32::from(*field)]),
            Item::Relation { field, many, nest, .. } => {
                out.extend([ITEM_RELATION as u32, u32::from(*field), u32::from(*many)]);
                describe(nest, out);
            }
            Item::Counts(counts) => {
                out.extend([ITEM_COUNTS as u32, counts.len() as u32]);
                out.extend(counts.iter().map(|(field, _)| u32::from(*field)));
            }
        }
    }
}
