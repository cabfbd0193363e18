//! The native types of PostgreSQL.

use super::{Definition, Indexing, Parameter, Parameters};
use crate::model::Scalar::{self, BigInt, Boolean, Bytes, DateTime, Decimal, Float, Int, Json, String};

const fn length(most: u32) -> Parameter {
    Parameter::new("length", 1, most)
}

const CHARACTERS: Parameters = Parameters::optional(&[length(10_485_760)]);
const BITS: Parameters = Parameters::optional(&[length(83_886_080)]);
const SECONDS: Parameters = Parameters::optional(&[Parameter::new("precision", 0, 6)]);
const DIGITS: Parameters =
    Parameters::optional(&[Parameter::new("precision", 1, 1000), Parameter::new("scale", 0, 1000)]);

pub(super) static TYPES: &[Definition] = &[
    Definition::plain("SmallInt", &[Int], "SMALLINT"),
    Definition::plain("Integer", &[Int], "INTEGER"),
    Definition::plain("BigInt", &[BigInt], "BIGINT"),
    Definition::plain("Oid", &[Int, BigInt], "OID"),
    Definition::plain("Decimal", &[Decimal], "DECIMAL").with(DIGITS),
    Definition::plain("Money", &[Decimal], "MONEY"),
    Definition::plain("Real", &[Float], "REAL"),
    Definition::plain("DoublePrecision", &[Float], "DOUBLE PRECISION"),
    Definition::plain("Text", &[String], "TEXT"),
    Definition::plain("VarChar", &[String], "VARCHAR").with(CHARACTERS),
    Definition::plain("Char", &[String], "CHAR").with(CHARACTERS.implying(&[1])),
    Definition::plain("Citext", &[String], "CITEXT"),
    Definition::plain("Uuid", &[String], "UUID"),
    Definition::plain("Inet", &[String], "INET"),
    Definition::plain("Bit", &[String], "BIT").with(BITS.implying(&[1])),
    Definition::plain("VarBit", &[String], "VARBIT").with(BITS),
    Definition::plain("Xml", &[String], "XML").indexed(Indexing::Never),
    Definition::plain("Boolean", &[Boolean], "BOOLEAN"),
    Definition::plain("Timestamp", &[DateTime], "TIMESTAMP").with(SECONDS),
    Definition::plain("Timestamptz", &[DateTime], "TIMESTAMPTZ").with(SECONDS),
    Definition::plain("Date", &[DateTime], "DATE"),
    Definition::plain("Time", &[DateTime], "TIME").with(SECONDS),
    Definition::plain("Timetz", &[DateTime], "TIMETZ").with(SECONDS),
    Definition::plain("JsonB", &[Json], "JSONB"),
    Definition::plain("Json", &[Json], "JSON"),
    Definition::plain("ByteA", &[Bytes], "BYTEA"),
];

/// The types of MySQL that are called something else here.
pub(super) const COUNTERPARTS: &[(&str, &str)] = &[
    ("TinyInt", "SmallInt"),
    ("TinyInt", "Boolean"),
    ("UnsignedTinyInt", "SmallInt"),
    ("UnsignedTinyInt", "Boolean"),
    ("UnsignedSmallInt", "Integer"),
    ("MediumInt", "Integer"),
    ("UnsignedMediumInt", "Integer"),
    ("Int", "Integer"),
    ("Year", "SmallInt"),
    ("Float", "Real"),
    ("Double", "DoublePrecision"),
    ("TinyText", "Text"),
    ("MediumText", "Text"),
    ("LongText", "Text"),
    ("DateTime", "Timestamp"),
    ("Binary", "ByteA"),
    ("VarBinary", "ByteA"),
    ("TinyBlob", "ByteA"),
    ("Blob", "ByteA"),
    ("MediumBlob", "ByteA"),
    ("LongBlob", "ByteA"),
];

/// The type, by name and arguments, of a field that says no more than `scalar`.
pub(super) fn default_for(scalar: Scalar) -> (&'static str, &'static [u32]) {
    match scalar {
        String => ("Text", &[]),
        Boolean => ("Boolean", &[]),
        Int => ("Integer", &[]),
        BigInt => ("BigInt", &[]),
        Float => ("DoublePrecision", &[]),
        Decimal => ("Decimal", &[65, 30]),
        DateTime => ("Timestamp", &[3]),
        Json => ("JsonB", &[]),
        Bytes => ("ByteA", &[]),
    }
}
