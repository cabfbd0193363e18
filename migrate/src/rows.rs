//! What the statements of a script return, as `db execute` shows it.

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each is the storage class of the same name")]
pub enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// The rows that one statement returned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The first rows, at most [`MOST`].
    pub rows: Vec<Vec<Value>>,
    /// How many more there were.
    pub more: u64,
}

/// So many rows of a statement are kept: they are to be looked at, and a table may have millions.
pub const MOST: usize = 1_000;
