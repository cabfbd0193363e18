//! The types of PostgreSQL that columns of the schema language have.

use crate::catalog::{Column, Type};

/// A type of PostgreSQL, as a parameter is declared and a value is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the PostgreSQL type of the same name")]
pub enum PostgresType {
    /// What the place of the parameter makes of it: one of the types whose binary form is their text, enums among them.
    Inferred,
    Boolean,
    SmallInt,
    Integer,
    BigInt,
    Oid,
    Real,
    DoublePrecision,
    Numeric,
    Money,
    Timestamp,
    TimestampTz,
    Date,
    Time,
    TimeTz,
    Uuid,
    Inet,
    Json,
    JsonB,
    ByteA,
    Bit,
    VarBit,
}

/// The declared type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ParameterType {
    /// The type of the value, or of the elements of the array.
    pub ty: PostgresType,
    /// Whether the parameter is an array.
    pub array: bool,
}

impl PostgresType {
    /// The type of a column.
    pub(crate) fn of_column(column: &Column) -> Self {
        match column.native.as_deref() {
            Some("SmallInt") => Self::SmallInt,
            Some("Oid") => Self::Oid,
            Some("Real") => Self::Real,
            Some("Money") => Self::Money,
            Some("Timestamptz") => Self::TimestampTz,
            Some("Date") => Self::Date,
            Some("Time") => Self::Time,
            Some("Timetz") => Self::TimeTz,
            Some("Uuid") => Self::Uuid,
            Some("Inet") => Self::Inet,
            Some("Json") => Self::Json,
            Some("Bit") => Self::Bit,
            Some("VarBit") => Self::VarBit,
            _ => Self::of(column.ty),
        }
    }

    /// The type of a value that no column gives another one.
    pub(crate) fn of(ty: Type) -> Self {
        match ty {
            Type::String | Type::Enum(_) => Self::Inferred,
            Type::Boolean => Self::Boolean,
            Type::Int => Self::Integer,
            Type::BigInt => Self::BigInt,
            Type::Float => Self::DoublePrecision,
            Type::Decimal => Self::Numeric,
            Type::DateTime => Self::Timestamp,
            Type::Json => Self::JsonB,
            Type::Bytes => Self::ByteA,
        }
    }
}
