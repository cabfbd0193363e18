//! The numbers of PostgreSQL's own types, which are the same in every database.
//!
//! Source: `src/include/catalog/pg_type.dat` of PostgreSQL.

use purlin_query::dialect::{ParameterType, PostgresType};

pub(super) const BOOL: u32 = 16;
pub(super) const BYTEA: u32 = 17;
pub(super) const CHAR: u32 = 18;
pub(super) const NAME: u32 = 19;
pub(super) const INT8: u32 = 20;
pub(super) const INT2: u32 = 21;
pub(super) const INT4: u32 = 23;
pub(super) const TEXT: u32 = 25;
pub(super) const OID: u32 = 26;
pub(super) const JSON: u32 = 114;
pub(super) const XML: u32 = 142;
pub(super) const FLOAT4: u32 = 700;
pub(super) const FLOAT8: u32 = 701;
pub(super) const MONEY: u32 = 790;
pub(super) const INET: u32 = 869;
pub(super) const BPCHAR: u32 = 1042;
pub(super) const VARCHAR: u32 = 1043;
pub(super) const DATE: u32 = 1082;
pub(super) const TIME: u32 = 1083;
pub(super) const TIMESTAMP: u32 = 1114;
pub(super) const TIMESTAMPTZ: u32 = 1184;
pub(super) const TIMETZ: u32 = 1266;
pub(super) const BIT: u32 = 1560;
pub(super) const VARBIT: u32 = 1562;
pub(super) const NUMERIC: u32 = 1700;
pub(super) const UUID: u32 = 2950;
pub(super) const JSONB: u32 = 3802;

/// The numbers of a type and of its arrays. Zero leaves the type to the place of the parameter, and arrays whose elements are
/// inferred are arrays of texts, which the statement casts.
fn numbers(ty: PostgresType) -> (u32, u32) {
    match ty {
        PostgresType::Inferred => (0, 1009),
        PostgresType::Boolean => (BOOL, 1000),
        PostgresType::SmallInt => (INT2, 1005),
        PostgresType::Integer => (INT4, 1007),
        PostgresType::BigInt => (INT8, 1016),
        PostgresType::Oid => (OID, 1028),
        PostgresType::Real => (FLOAT4, 1021),
        PostgresType::DoublePrecision => (FLOAT8, 1022),
        PostgresType::Numeric => (NUMERIC, 1231),
        PostgresType::Money => (MONEY, 791),
        PostgresType::Timestamp => (TIMESTAMP, 1115),
        PostgresType::TimestampTz => (TIMESTAMPTZ, 1185),
        PostgresType::Date => (DATE, 1182),
        PostgresType::Time => (TIME, 1183),
        PostgresType::TimeTz => (TIMETZ, 1270),
        PostgresType::Uuid => (UUID, 2951),
        PostgresType::Inet => (INET, 1041),
        PostgresType::Json => (JSON, 199),
        PostgresType::JsonB => (JSONB, 3807),
        PostgresType::ByteA => (BYTEA, 1001),
        PostgresType::Bit => (BIT, 1561),
        PostgresType::VarBit => (VARBIT, 1563),
    }
}

/// The number of the type that a parameter is declared to have; zero leaves it to its place.
pub(super) fn declared(ty: ParameterType) -> u32 {
    let (element, array) = numbers(ty.ty);
    if ty.array { array } else { element }
}

/// The number of the type of an array's elements.
pub(super) fn element(ty: PostgresType) -> u32 {
    match numbers(ty).0 {
        0 => TEXT,
        element => element,
    }
}
