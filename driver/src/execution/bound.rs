//! The parameters of a statement, resolved to values that each database encodes in its way.

use purlin_query::catalog::{Catalog, Type};
use purlin_query::plan::{Keys, Param};
use purlin_query::tree::Compare;
use purlin_query::value::Value;

use super::call::Call;
use super::given_rows::list_at;
use crate::error::Error;
use crate::frame::{Frame, Values};
use crate::stitch::{self, Cell};
use crate::{datetime, identifiers};

/// A parameter.
#[derive(Debug)]
#[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "SQLite has no arrays, and searches by functions"))]
pub(crate) enum Bound<'a> {
    Null,
    Boolean(bool),
    Int(i64),
    Float(f64),
    /// A text, or a number that is written as one.
    Text(&'a str),
    Json(&'a str),
    Bytes(&'a [u8]),
    /// A date that a column is compared with, in microseconds since 1970-01-01T00:00:00Z. No column may hold it.
    Instant(i64),
    /// A date that a column gets. `form` is its column in the `date_forms` of the step, where it has one.
    Date {
        micros: Option<i64>,
        form: Option<usize>,
    },
    /// The text of an enum's value in the database.
    Enum(&'a str),
    /// A new identifier.
    Identifier(String),
    /// The values of a list of the query.
    List(List<'a>),
    /// The keys of an earlier frame.
    Keys(KeyList<'a>),
    /// A part of each of the keys of an earlier frame.
    KeyPart(KeyList<'a>, usize),
    /// A pattern of `LIKE`.
    Pattern(String),
}

/// The parameters of one run of a statement.
pub(crate) struct Parameters<'c> {
    pub(super) call: &'c Call<'c>,
    /// The rows of the frame that holds the keys: all of them, or the one that the statement runs for.
    pub(super) keys: &'c [u32],
    /// The row of a `createMany`.
    pub(super) row: &'c [Value],
    /// Its number.
    pub(super) number: usize,
}

impl Parameters<'_> {
    /// The number of the row of a `createMany` among all its rows, in the order in which they are written.
    pub(crate) fn row_number(&self) -> usize {
        self.number
    }

    /// Calls `bind` with each parameter, in the order of their places in the statement.
    pub(crate) fn each<E: From<Error>>(&self, mut bind: impl FnMut(Bound<'_>) -> Result<(), E>) -> Result<(), E> {
        let query = self.call.query();
        let value_at = |slot: u16| query.values.get(usize::from(slot)).unwrap_or(&Value::Null);
        for param in &self.call.step.params {
            match param {
                Param::Value { slot, ty } => bind(bound(query.catalog(), value_at(*slot), *ty)?)?,
                Param::RowValue { index, ty } => {
                    bind(bound(query.catalog(), self.row.get(*index).unwrap_or(&Value::Null), *ty)?)?;
                }
                Param::Count(slot) => bind(bound(query.catalog(), value_at(*slot), Type::BigInt)?)?,
                Param::List { slot, ty } => {
                    bind(Bound::List(List {
                        catalog: query.catalog(),
                        values: list_at(query.values, *slot),
                        ty: *ty,
                    }))?;
                }
                Param::Cell { frame, column } => match self.cell(*frame, *column) {
                    Some(cell) => bind(bound_cell(query.catalog(), cell)?)?,
                    None => bind(Bound::Null)?,
                },
                Param::Keys => bind(Bound::Keys(self.call.key_list(self.keys)))?,
                Param::Key(part) => {
                    let part = self.call.key_list(self.keys).part(0, *part)?;
                    bind(part)?;
                }
                Param::Now => bind(Bound::Date { micros: Some(self.call.now()), form: None })?,
                Param::Instant(micros) => bind(Bound::Date { micros: Some(*micros), form: None })?,
                Param::Date { form, value } => bind(Bound::Date { micros: self.date(value), form: Some(*form) })?,
                Param::Generated(default) => bind(Bound::Identifier(identifiers::generated(*default)))?,
                Param::Array { slot, ty } => {
                    bind(Bound::List(List {
                        catalog: query.catalog(),
                        values: list_at(query.values, *slot),
                        ty: *ty,
                    }))?;
                }
                Param::KeyArray { part, .. } => bind(Bound::KeyPart(self.call.key_list(self.keys), *part))?,
                Param::Pattern { slot, operator, escape } => match value_at(*slot) {
                    Value::Text(text) => bind(Bound::Pattern(pattern(text, *operator, *escape)))?,
                    _ => bind(Bound::Null)?,
                },
                // Of the rows that MySQL writes, which are read again.
                Param::Bound(_) | Param::InsertedId => {}
            }
        }
        Ok(())
    }

    /// The cell of the first row of an earlier frame; none when it is null, or when the frame has no row.
    fn cell(&self, frame: usize, column: usize) -> Option<Cell<'_>> {
        let step = self.call.query().plan.steps.get(frame);
        let ty = step.and_then(|step| step.columns.get(column)).map_or(Type::Int, |column| column.ty);
        stitch::cell_at(self.call.frames().get(frame)?, column, 0, ty)
    }

    /// The date that a parameter stands for; none where it is null.
    fn date(&self, param: &Param) -> Option<i64> {
        let value = match param {
            Param::Value { slot, .. } => self.call.query().values.get(usize::from(*slot)),
            Param::RowValue { index, .. } => self.row.get(*index),
            Param::Now => return Some(self.call.now()),
            Param::Instant(micros) => return Some(*micros),
            Param::Cell { frame, column } => match self.cell(*frame, *column) {
                Some(Cell::Instant(micros)) => return Some(micros),
                _ => None,
            },
            _ => None,
        };
        match value {
            Some(Value::DateTime(micros)) => Some(*micros),
            _ => None,
        }
    }
}

/// The keys that a frame holds, each once.
#[derive(Clone, Copy)]
pub(crate) struct KeyList<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) frame: Option<&'a Frame>,
    pub(super) keys: Option<&'a Keys>,
    /// The rows that have them.
    pub(super) rows: &'a [u32],
}

/// Values that fill a gap of a statement.
pub(crate) trait Listed<'a> {
    /// The number of values.
    fn len(&self) -> usize;

    /// The number of parts that each value has.
    fn width(&self) -> usize;

    /// A part of a value.
    fn part(&self, index: usize, part: usize) -> Result<Bound<'a>, Error>;

    /// Calls `take` with the parts of all values, those of each one after another.
    fn each<E: From<Error>>(&self, take: impl FnMut(Bound<'a>) -> Result<(), E>) -> Result<(), E>;
}

impl<'a> Listed<'a> for KeyList<'a> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn width(&self) -> usize {
        self.keys.map_or(0, |keys| keys.columns.len())
    }

    #[inline]
    fn part(&self, key: usize, part: usize) -> Result<Bound<'a>, Error> {
        let cell = || {
            let (row, keys) = (self.rows.get(key)?, self.keys?);
            stitch::cell_at(self.frame?, *keys.columns.get(part)?, *row as usize, *keys.types.get(part)?)
        };
        match cell() {
            Some(cell) => bound_cell(self.catalog, cell),
            None => Err(Error::invalid("a key has fewer parts than its statement")),
        }
    }

    #[inline]
    fn each<E: From<Error>>(&self, mut take: impl FnMut(Bound<'a>) -> Result<(), E>) -> Result<(), E> {
        // Nearly all keys are a number, and there may be thousands of them.
        match self.numbers() {
            Some((Values::I32(numbers), Type::Int | Type::BigInt)) => {
                for row in self.rows {
                    take(Bound::Int(numbers.get(*row as usize).copied().map_or(0, i64::from)))?;
                }
            }
            Some((Values::I64(numbers), Type::Int | Type::BigInt)) => {
                for row in self.rows {
                    take(Bound::Int(numbers.get(*row as usize).copied().unwrap_or(0)))?;
                }
            }
            _ => {
                for key in 0..self.len() {
                    for part in 0..self.width() {
                        take(self.part(key, part)?)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl<'a> KeyList<'a> {
    /// The values of the only part of the keys, and their type.
    fn numbers(&self) -> Option<(&'a Values, Type)> {
        let Keys { columns, types, .. } = self.keys?;
        let ([column], [ty]) = (&**columns, &**types) else { return None };
        Some((&self.frame?.columns.get(*column)?.values, *ty))
    }
}

impl std::fmt::Debug for KeyList<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut list = f.debug_list();
        let _ = self.each(|part| {
            list.entry(&part);
            Ok::<_, Error>(())
        });
        list.finish()
    }
}

/// The values of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'a> {
    catalog: &'a Catalog,
    values: &'a [Value],
    ty: Type,
}

impl<'a> Listed<'a> for List<'a> {
    fn len(&self) -> usize {
        self.values.len()
    }

    fn width(&self) -> usize {
        1
    }

    fn part(&self, index: usize, _: usize) -> Result<Bound<'a>, Error> {
        self.values.get(index).map_or(Ok(Bound::Null), |value| bound(self.catalog, value, self.ty))
    }

    #[inline]
    fn each<E: From<Error>>(&self, mut take: impl FnMut(Bound<'a>) -> Result<(), E>) -> Result<(), E> {
        self.values.iter().try_for_each(|value| take(bound(self.catalog, value, self.ty)?))
    }
}

/// A text as a pattern of `LIKE`, in which nothing of it is a wildcard.
fn pattern(text: &str, operator: Compare, escape: char) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    if operator != Compare::StartsWith {
        pattern.push('%');
    }
    for character in text.chars() {
        if matches!(character, '%' | '_') || character == escape {
            pattern.push(escape);
        }
        pattern.push(character);
    }
    if operator != Compare::EndsWith {
        pattern.push('%');
    }
    pattern
}

/// Resolves a value of the query.
#[inline]
fn bound<'a>(catalog: &'a Catalog, value: &'a Value, ty: Type) -> Result<Bound<'a>, Error> {
    Ok(match value {
        Value::Null => Bound::Null,
        Value::Boolean(value) => Bound::Boolean(*value),
        Value::Int(value) => Bound::Int(*value),
        Value::Float(value) => Bound::Float(*value),
        Value::Text(text) | Value::Decimal(text) => Bound::Text(text),
        Value::Json(text) => Bound::Json(text),
        Value::DateTime(micros) => Bound::Instant(datetime::whole_millis(*micros)),
        Value::Bytes(bytes) => Bound::Bytes(bytes),
        Value::Enum(index) => Bound::Enum(enum_name(catalog, *index, ty)?),
        Value::List(_) => return Err(Error::invalid("a list where one value belongs")),
    })
}

/// Resolves a cell of a frame.
#[inline]
fn bound_cell<'a>(catalog: &'a Catalog, cell: Cell<'a>) -> Result<Bound<'a>, Error> {
    Ok(match cell {
        Cell::Int(number) => Bound::Int(number),
        Cell::Float(bits) => Bound::Float(f64::from_bits(bits)),
        Cell::Text(text) => Bound::Text(text),
        Cell::Bytes(bytes) => Bound::Bytes(bytes),
        Cell::Instant(micros) => Bound::Instant(micros),
        Cell::Enum(enumeration, index) => Bound::Enum(enum_name(catalog, index, Type::Enum(enumeration))?),
    })
}

/// The text in the database of an enum's value.
fn enum_name(catalog: &Catalog, index: u16, ty: Type) -> Result<&str, Error> {
    let known = if let Type::Enum(enumeration) = ty { catalog.enumeration(enumeration) } else { None };
    let value = known.and_then(|known| known.values.get(usize::from(index)));
    value.map(|value| &*value.db_name).ok_or_else(|| Error::invalid("no such enum value"))
}
