//! Values that a query carries beside its shape.

/// A value of a query, typed by the schema, not by the database.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Null. Only in rows of `createMany`: elsewhere null is part of the shape.
    Null,
    /// `Boolean`
    Boolean(bool),
    /// `Int`, `BigInt`, and the counts of `take` and `skip`
    Int(i64),
    /// `Float`; always finite
    Float(f64),
    /// `String`
    Text(String),
    /// `Decimal`, in canonical text: no exponent, no leading or trailing zeros, `-0` written `0`
    Decimal(String),
    /// `DateTime`, microseconds since 1970-01-01T00:00:00Z
    DateTime(i64),
    /// `Json`, as JSON text
    Json(String),
    /// `Bytes`
    Bytes(Vec<u8>),
    /// An enum's value: its index in [`crate::catalog::Enum::values`]
    Enum(u16),
    /// The list of `in` and `notIn`, and the rows of `createMany`, one after another
    List(Vec<Value>),
}

impl Value {
    /// What it is, for messages; never the value itself, which may be a secret.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Text(_) => "a string",
            Self::Decimal(_) => "a decimal",
            Self::DateTime(_) => "a date",
            Self::Json(_) => "JSON",
            Self::Bytes(_) => "bytes",
            Self::Enum(_) => "an enum value",
            Self::List(_) => "a list",
        }
    }
}
