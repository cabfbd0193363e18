//! Rows to Rust values.
//!
//! The engine returns frames: typed columns. A [`Part`] is a column of a frame, or the rows of a relation with parts of
//! their own; the parts of a query are laid out once, then each row is read straight into its struct.

#[cfg(feature = "json")]
use purlin_driver::JsonReader;
use purlin_driver::Rows;
use purlin_driver::frame::{HeapRange, Span, Values};
use purlin_query::catalog::{Catalog, FieldIndex, ModelIndex};
use purlin_query::plan::{Item, Nest};

use crate::error::Error;
use crate::select::Select;
use crate::value::Enum;
use crate::{DateTime, Decimal};

/// A type that a part of a row can be read into.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be loaded",
    note = "columns load into their Rust type, relations into structs with `#[derive(Select)]`"
)]
pub trait Load: Sized {
    /// How deep relations nest in it. That a struct which contains itself has none makes rustc report the cycle.
    #[doc(hidden)]
    const DEPTH: usize = 0;

    #[doc(hidden)]
    fn load(part: &Part<'_>, row: usize) -> Result<Self, Error>;
}

/// A part of the rows of a frame: a column, or related rows.
#[derive(Debug)]
pub struct Part<'r> {
    nulls: &'r [bool],
    cells: Cells<'r>,
    source: Source<'r>,
}

#[derive(Debug)]
enum Cells<'r> {
    I32(&'r [i32]),
    I64(&'r [i64]),
    F64(&'r [f64]),
    Bool(&'r [bool]),
    Text(&'r str, &'r [HeapRange]),
    Bytes(&'r [u8], &'r [HeapRange]),
    Rows { spans: &'r [Span], reversed: bool, parts: Vec<Part<'r>> },
}

/// Where a part comes from, for messages.
#[derive(Debug, Clone, Copy)]
struct Source<'r> {
    catalog: &'r Catalog,
    model: ModelIndex,
    field: FieldIndex,
}

/// A row of a frame.
#[derive(Debug, Clone, Copy)]
pub struct Row<'r> {
    parts: &'r [Part<'r>],
    index: usize,
}

impl Row<'_> {
    /// The part of the row at this place of the selection.
    #[inline]
    pub fn get<T: Load>(&self, index: usize) -> Result<T, Error> {
        match self.parts.get(index) {
            Some(part) => T::load(part, self.index),
            None => Err(Error::internal("the engine returned fewer columns than were asked for")),
        }
    }

    /// The fragment whose parts begin at this place of the row.
    #[inline]
    pub fn flat<T: Select>(&self, from: usize) -> Result<T, Error> {
        T::from_row(Row { parts: self.parts.get(from..).unwrap_or_default(), index: self.index })
    }
}

impl<'r> Row<'r> {
    /// The parts of the row from the first one on.
    #[inline]
    pub fn columns(&self) -> Columns<'r> {
        Columns { parts: self.parts.iter(), index: self.index }
    }
}

/// The parts of a row, one after another.
#[derive(Debug)]
pub struct Columns<'r> {
    parts: std::slice::Iter<'r, Part<'r>>,
    index: usize,
}

impl Columns<'_> {
    /// The next part.
    #[inline]
    pub fn next<T: Load>(&mut self) -> Result<T, Error> {
        match self.parts.next() {
            Some(part) => T::load(part, self.index),
            None => Err(Error::internal("the engine returned fewer columns than the model has")),
        }
    }
}

/// All rows of a reply as `T`.
pub(crate) fn load_rows<T: Select>(rows: &Rows, catalog: &Catalog) -> Result<Vec<T>, Error> {
    let nest = rows.nest();
    let parts = lay_out(rows, nest, catalog)?;
    load_span(&parts, Span { start: 0, length: u32::try_from(rows.len()).unwrap_or(u32::MAX) }, nest.reversed)
}

/// The first row of a reply as `T`.
pub(crate) fn load_row<T: Select>(rows: &Rows, catalog: &Catalog) -> Result<Option<T>, Error> {
    if rows.is_empty() {
        return Ok(None);
    }
    let parts = lay_out(rows, rows.nest(), catalog)?;
    T::from_row(Row { parts: &parts, index: 0 }).map(Some)
}

#[inline]
fn load_span<T: Select>(parts: &[Part<'_>], span: Span, reversed: bool) -> Result<Vec<T>, Error> {
    let (start, length) = (span.start as usize, span.length as usize);
    let mut loaded = Vec::with_capacity(length);
    for offset in 0..length {
        let index = if reversed { start + length - 1 - offset } else { start + offset };
        loaded.push(T::from_row(Row { parts, index })?);
    }
    Ok(loaded)
}

/// The parts of the rows of a nest, in the order of its items.
fn lay_out<'r>(rows: &'r Rows, nest: &'r Nest, catalog: &'r Catalog) -> Result<Vec<Part<'r>>, Error> {
    let frame = rows.frame(nest.frame);
    let mut parts = Vec::with_capacity(nest.items.len());
    let column = |field: FieldIndex, index: usize| {
        let Some(column) = frame.columns.get(index) else {
            return Err(Error::internal("a frame lacks a column that its plan promises"));
        };
        let cells = match &column.values {
            Values::I32(values) => Cells::I32(values),
            Values::I64(values) => Cells::I64(values),
            Values::F64(values) => Cells::F64(values),
            Values::Bool(values) => Cells::Bool(values),
            Values::Text(places) => Cells::Text(&frame.text, places),
            Values::Bytes(places) => Cells::Bytes(&frame.bytes, places),
        };
        Ok(Part { nulls: &column.nulls, cells, source: Source { catalog, model: nest.model, field } })
    };
    for item in &nest.items {
        match item {
            Item::Column { field, column: index } => parts.push(column(*field, *index)?),
            Item::Counts(counts) => {
                for (field, index) in counts {
                    parts.push(column(*field, *index)?);
                }
            }
            Item::Relation { field, link, nest: inner, .. } => parts.push(Part {
                nulls: &[],
                cells: Cells::Rows {
                    spans: rows.link(*link),
                    reversed: inner.reversed,
                    parts: lay_out(rows, inner, catalog)?,
                },
                source: Source { catalog, model: nest.model, field: *field },
            }),
        }
    }
    Ok(parts)
}

impl<'r> Part<'r> {
    /// Returns whether there is nothing: null, or no related row.
    #[inline]
    fn is_null(&self, row: usize) -> bool {
        match &self.cells {
            Cells::Rows { spans, .. } => spans.get(row).is_none_or(|span| span.length == 0),
            _ => self.nulls.get(row).copied().unwrap_or(false),
        }
    }

    /// The related row, which must be there.
    #[inline]
    pub fn row(&self, row: usize) -> Result<Row<'_>, Error> {
        match &self.cells {
            Cells::Rows { spans, parts, .. } => match spans.get(row) {
                Some(span) if span.length > 0 => Ok(Row { parts, index: span.start as usize }),
                _ => Err(self.missing()),
            },
            _ => Err(self.unfit()),
        }
    }

    #[cold]
    fn missing(&self) -> Error {
        Error::inconsistent(format!("`{}` is required, but the database has a row without it", self.source))
    }

    #[cold]
    fn unfit(&self) -> Error {
        Error::internal(format!("the engine returned `{}` in another type than the catalog says", self.source))
    }

    #[cfg(feature = "json")]
    #[cold]
    fn unlike_schema(&self, ty: &str, found: Result<(), &str>) -> Error {
        let found = found.err().unwrap_or("another value");
        Error::inconsistent(format!("`{}` is {ty} in the schema, but the database holds {found} there", self.source))
    }

    #[cold]
    fn unreadable(&self, what: &str) -> Error {
        Error::inconsistent(format!("`{}` holds a value that is not {what}", self.source))
    }
}

impl std::fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let model = self.catalog.model(self.model).map_or("?", |model| &model.name);
        let field = self.catalog.field(self.model, self.field).map_or("?", |field| &field.name);
        write!(f, "{model}.{field}")
    }
}

impl<T: Load> Load for Option<T> {
    const DEPTH: usize = T::DEPTH;

    #[inline]
    fn load(part: &Part<'_>, row: usize) -> Result<Self, Error> {
        if part.is_null(row) { Ok(None) } else { T::load(part, row).map(Some) }
    }
}

impl<T: Load> Load for Box<T> {
    const DEPTH: usize = T::DEPTH;

    #[inline]
    fn load(part: &Part<'_>, row: usize) -> Result<Self, Error> {
        T::load(part, row).map(Box::new)
    }
}

/// What a `Vec` in a row is of: related rows, bytes, or the elements of a list column.
#[diagnostic::on_unimplemented(
    message = "`Vec<{Self}>` cannot be loaded",
    note = "a relation to many rows loads into a `Vec` of a struct with `#[derive(Select)]`, a list column into a `Vec` of \
            its type"
)]
pub trait Element: Sized {
    /// As [`Load::DEPTH`].
    #[doc(hidden)]
    const DEPTH: usize = 0;

    #[doc(hidden)]
    fn load_all(part: &Part<'_>, row: usize) -> Result<Vec<Self>, Error>;
}

impl<T: Element> Load for Vec<T> {
    const DEPTH: usize = T::DEPTH;

    #[inline]
    fn load(part: &Part<'_>, row: usize) -> Result<Self, Error> {
        T::load_all(part, row)
    }
}

impl<T: Select> Element for T {
    const DEPTH: usize = <T as Load>::DEPTH;

    #[inline]
    fn load_all(part: &Part<'_>, row: usize) -> Result<Vec<T>, Error> {
        match &part.cells {
            Cells::Rows { spans, reversed, parts } => {
                load_span(parts, spans.get(row).copied().unwrap_or_default(), *reversed)
            }
            _ => Err(part.unfit()),
        }
    }
}

macro_rules! loads {
    ($($ty:ty: $cells:ident, $value:ident => $made:expr;)*) => { $(
        impl Load for $ty {
            #[inline]
            fn load(part: &Part<'_>, row: usize) -> Result<Self, Error> {
                if part.is_null(row) {
                    return Err(part.missing());
                }
                match &part.cells {
                    Cells::$cells(values) => match values.get(row) {
                        Some($value) => Ok($made),
                        None => Err(part.unfit()),
                    },
                    _ => Err(part.unfit()),
                }
            }
        }
    )* };
}

loads! {
    bool: Bool, value => *value;
    i32: I32, value => *value;
    i64: I64, value => *value;
    f64: F64, value => *value;
}

impl<'r> Part<'r> {
    #[inline]
    fn text(&self, row: usize) -> Result<&'r str, Error> {
        if self.is_null(row) {
            return Err(self.missing());
        }
        let Cells::Text(heap, places) = self.cells else { return Err(self.unfit()) };
        let Some(place) = places.get(row) else { return Err(self.unfit()) };
        let start = place.start as usize;
        heap.get(start..start + place.length as usize).ok_or_else(|| self.unfit())
    }
}

impl Load for String {
    #[inline]
    fn load(part: &Part<'_>, row: usize) -> Result<Self, Error> {
        part.text(row).map(str::to_owned)
    }
}

impl Load for Decimal {
    fn load(part: &Part<'_>, row: usize) -> Result<Self, Error> {
        part.text(row)?.parse().map_err(|_| part.unreadable("a decimal"))
    }
}

#[cfg(feature = "json")]
impl Load for crate::Json {
    fn load(part: &Part<'_>, row: usize) -> Result<Self, Error> {
        let text = part.text(row)?;
        serde_json::from_str(text).map_err(|_| part.unlike_schema("Json", JsonReader::Serde.check(text)))
    }
}

impl Load for DateTime {
    #[inline]
    fn load(part: &Part<'_>, row: usize) -> Result<Self, Error> {
        Self::from_timestamp_micros(i64::load(part, row)?).ok_or_else(|| part.unreadable("a date"))
    }
}

impl Element for u8 {
    #[inline]
    fn load_all(part: &Part<'_>, row: usize) -> Result<Vec<Self>, Error> {
        if part.is_null(row) {
            return Err(part.missing());
        }
        let Cells::Bytes(heap, places) = part.cells else { return Err(part.unfit()) };
        let Some(place) = places.get(row) else { return Err(part.unfit()) };
        let start = place.start as usize;
        heap.get(start..start + place.length as usize).map(<[u8]>::to_vec).ok_or_else(|| part.unfit())
    }
}

/// Reads the elements of a list column. No executor has such columns, so whatever is in the place of one is wrong.
#[doc(hidden)]
pub fn load_elements<T>(part: &Part<'_>, _row: usize) -> Result<Vec<T>, Error> {
    Err(part.unfit())
}

/// Reads an enum.
#[doc(hidden)]
#[inline]
pub fn load_enum<E: Enum>(part: &Part<'_>, row: usize) -> Result<E, Error> {
    let index = usize::try_from(i32::load(part, row)?).unwrap_or(usize::MAX);
    E::VALUES.get(index).copied().ok_or_else(|| part.unreadable("a value of its enum"))
}
