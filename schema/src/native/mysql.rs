//! The native types of MySQL and MariaDB.

use super::{Definition, Indexing, Parameter, Parameters};
use crate::model::Scalar::{self, BigInt, Boolean, Bytes, DateTime, Decimal, Float, Int, Json, String};

const fn length(least: u32, most: u32) -> Parameter {
    Parameter::new("length", least, most)
}

const SHORT: Parameters = Parameters::required(&[length(0, 255)]);
const LONG: Parameters = Parameters::required(&[length(0, 65_535)]);
const BITS: Parameters = Parameters::required(&[length(1, 64)]);
const ONE_BIT: Parameters = Parameters::required(&[length(1, 1)]);
const SECONDS: Parameters = Parameters::optional(&[Parameter::new("precision", 0, 6)]).implying(&[0]);
const DIGITS: Parameters =
    Parameters::optional(&[Parameter::new("precision", 1, 65), Parameter::new("scale", 0, 30)]).implying(&[10, 0]);

pub(super) static TYPES: &[Definition] = &[
    Definition::plain("TinyInt", &[Int], "TINYINT"),
    // The width tells drivers and introspection that it is a truth value.
    Definition::plain("TinyInt", &[Boolean], "TINYINT(1)"),
    Definition::plain("UnsignedTinyInt", &[Int, Boolean], "TINYINT UNSIGNED"),
    Definition::plain("SmallInt", &[Int], "SMALLINT"),
    Definition::plain("UnsignedSmallInt", &[Int], "SMALLINT UNSIGNED"),
    Definition::plain("MediumInt", &[Int], "MEDIUMINT"),
    Definition::plain("UnsignedMediumInt", &[Int], "MEDIUMINT UNSIGNED"),
    Definition::plain("Int", &[Int], "INT"),
    Definition::plain("UnsignedInt", &[Int], "INT UNSIGNED"),
    Definition::plain("BigInt", &[BigInt], "BIGINT"),
    Definition::plain("UnsignedBigInt", &[BigInt], "BIGINT UNSIGNED"),
    Definition::plain("Year", &[Int], "YEAR"),
    Definition::plain("Decimal", &[Decimal], "DECIMAL").with(DIGITS),
    Definition::plain("Float", &[Float], "FLOAT"),
    Definition::plain("Double", &[Float], "DOUBLE"),
    Definition::plain("Bit", &[Bytes], "BIT").with(BITS),
    Definition::plain("Bit", &[Boolean], "BIT").with(ONE_BIT),
    Definition::plain("Char", &[String], "CHAR").with(SHORT),
    Definition::plain("VarChar", &[String], "VARCHAR").with(LONG),
    Definition::plain("Binary", &[Bytes], "BINARY").with(SHORT),
    Definition::plain("VarBinary", &[Bytes], "VARBINARY").with(LONG),
    Definition::plain("TinyBlob", &[Bytes], "TINYBLOB").indexed(Indexing::Prefix),
    Definition::plain("Blob", &[Bytes], "BLOB").indexed(Indexing::Prefix),
    Definition::plain("MediumBlob", &[Bytes], "MEDIUMBLOB").indexed(Indexing::Prefix),
    Definition::plain("LongBlob", &[Bytes], "LONGBLOB").indexed(Indexing::Prefix),
    Definition::plain("TinyText", &[String], "TINYTEXT").indexed(Indexing::Prefix),
    Definition::plain("Text", &[String], "TEXT").indexed(Indexing::Prefix),
    Definition::plain("MediumText", &[String], "MEDIUMTEXT").indexed(Indexing::Prefix),
    Definition::plain("LongText", &[String], "LONGTEXT").indexed(Indexing::Prefix),
    Definition::plain("Date", &[DateTime], "DATE"),
    Definition::plain("Time", &[DateTime], "TIME").with(SECONDS),
    Definition::plain("DateTime", &[DateTime], "DATETIME").with(SECONDS),
    Definition::plain("Timestamp", &[DateTime], "TIMESTAMP").with(SECONDS),
    Definition::plain("Json", &[Json], "JSON"),
];

/// The types of PostgreSQL that are called something else here.
pub(super) const COUNTERPARTS: &[(&str, &str)] = &[
    ("Integer", "Int"),
    ("Oid", "UnsignedInt"),
    ("Money", "Decimal(19, 2)"),
    ("Real", "Float"),
    ("DoublePrecision", "Double"),
    ("Citext", "Text"),
    ("Uuid", "Char(36)"),
    ("Inet", "VarChar(45)"),
    ("Xml", "LongText"),
    ("Boolean", "TinyInt"),
    ("Timestamptz", "Timestamp"),
    ("Timetz", "Time"),
    ("JsonB", "Json"),
    ("ByteA", "LongBlob"),
];

/// The type, by name and arguments, of a field that says no more than `scalar`.
pub(super) fn default_for(scalar: Scalar) -> (&'static str, &'static [u32]) {
    match scalar {
        String => ("VarChar", &[191]),
        Boolean => ("TinyInt", &[]),
        Int => ("Int", &[]),
        BigInt => ("BigInt", &[]),
        Float => ("Double", &[]),
        Decimal => ("Decimal", &[65, 30]),
        DateTime => ("DateTime", &[3]),
        Json => ("Json", &[]),
        Bytes => ("LongBlob", &[]),
    }
}
