//! The operator classes of PostgreSQL that the language knows by name, as a table.
//!
//! Any other one is written `ops: raw("gin_trgm_ops")`, and the database alone knows whether it fits.

use crate::model::Arity;
use crate::model::IndexAlgorithm::{self, Brin, Gin, Gist, SpGist};

/// An operator class of PostgreSQL.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name in the schema language, `JsonbPathOps`.
    pub name: &'static str,
    /// The name in the database, `jsonb_path_ops`.
    pub sql: &'static str,
    /// The kinds of index that have it.
    pub algorithms: &'static [IndexAlgorithm],
    /// Those of them that take it for its types when an index names no operator class.
    pub default_of: &'static [IndexAlgorithm],
    /// Its purpose.
    pub accepts: Accepts,
}

/// The columns that an operator class is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// Lists of anything.
    Lists,
    /// Single values of these native types.
    Natives(&'static [&'static str]),
}

/// All of them.
pub static DEFINITIONS: &[Definition] = &[
    Definition { name: "ArrayOps", sql: "array_ops", algorithms: &[Gin], default_of: &[Gin], accepts: Accepts::Lists },
    Definition { name: "JsonbOps", sql: "jsonb_ops", algorithms: &[Gin], default_of: &[Gin], accepts: JSONB },
    Definition { name: "JsonbPathOps", sql: "jsonb_path_ops", algorithms: &[Gin], default_of: &[], accepts: JSONB },
    Definition {
        name: "InetOps",
        sql: "inet_ops",
        algorithms: &[Gist, SpGist],
        default_of: &[SpGist],
        accepts: Accepts::Natives(&["Inet"]),
    },
    Definition {
        name: "TextOps",
        sql: "text_ops",
        algorithms: &[SpGist],
        default_of: &[SpGist],
        accepts: Accepts::Natives(TEXT),
    },
    brin_default("BitMinMaxOps", "bit_minmax_ops", &["Bit"]),
    brin_default("VarBitMinMaxOps", "varbit_minmax_ops", &["VarBit"]),
    brin_default("BpcharMinMaxOps", "bpchar_minmax_ops", &["Char"]),
    brin("BpcharBloomOps", "bpchar_bloom_ops", &["Char"]),
    brin_default("ByteaMinMaxOps", "bytea_minmax_ops", &["ByteA"]),
    brin("ByteaBloomOps", "bytea_bloom_ops", &["ByteA"]),
    brin_default("DateMinMaxOps", "date_minmax_ops", &["Date"]),
    brin("DateMinMaxMultiOps", "date_minmax_multi_ops", &["Date"]),
    brin("DateBloomOps", "date_bloom_ops", &["Date"]),
    brin_default("Float4MinMaxOps", "float4_minmax_ops", &["Real"]),
    brin("Float4MinMaxMultiOps", "float4_minmax_multi_ops", &["Real"]),
    brin("Float4BloomOps", "float4_bloom_ops", &["Real"]),
    brin_default("Float8MinMaxOps", "float8_minmax_ops", &["DoublePrecision"]),
    brin("Float8MinMaxMultiOps", "float8_minmax_multi_ops", &["DoublePrecision"]),
    brin("Float8BloomOps", "float8_bloom_ops", &["DoublePrecision"]),
    brin_default("InetInclusionOps", "inet_inclusion_ops", &["Inet"]),
    brin("InetMinMaxOps", "inet_minmax_ops", &["Inet"]),
    brin("InetMinMaxMultiOps", "inet_minmax_multi_ops", &["Inet"]),
    brin("InetBloomOps", "inet_bloom_ops", &["Inet"]),
    brin_default("Int2MinMaxOps", "int2_minmax_ops", &["SmallInt"]),
    brin("Int2MinMaxMultiOps", "int2_minmax_multi_ops", &["SmallInt"]),
    brin("Int2BloomOps", "int2_bloom_ops", &["SmallInt"]),
    brin_default("Int4MinMaxOps", "int4_minmax_ops", &["Integer"]),
    brin("Int4MinMaxMultiOps", "int4_minmax_multi_ops", &["Integer"]),
    brin("Int4BloomOps", "int4_bloom_ops", &["Integer"]),
    brin_default("Int8MinMaxOps", "int8_minmax_ops", &["BigInt"]),
    brin("Int8MinMaxMultiOps", "int8_minmax_multi_ops", &["BigInt"]),
    brin("Int8BloomOps", "int8_bloom_ops", &["BigInt"]),
    brin_default("NumericMinMaxOps", "numeric_minmax_ops", &["Decimal"]),
    brin("NumericMinMaxMultiOps", "numeric_minmax_multi_ops", &["Decimal"]),
    brin("NumericBloomOps", "numeric_bloom_ops", &["Decimal"]),
    brin_default("OidMinMaxOps", "oid_minmax_ops", &["Oid"]),
    brin("OidMinMaxMultiOps", "oid_minmax_multi_ops", &["Oid"]),
    brin("OidBloomOps", "oid_bloom_ops", &["Oid"]),
    brin_default("TextMinMaxOps", "text_minmax_ops", TEXT),
    brin("TextBloomOps", "text_bloom_ops", TEXT),
    brin_default("TimestampMinMaxOps", "timestamp_minmax_ops", &["Timestamp"]),
    brin("TimestampMinMaxMultiOps", "timestamp_minmax_multi_ops", &["Timestamp"]),
    brin("TimestampBloomOps", "timestamp_bloom_ops", &["Timestamp"]),
    brin_default("TimestampTzMinMaxOps", "timestamptz_minmax_ops", &["Timestamptz"]),
    brin("TimestampTzMinMaxMultiOps", "timestamptz_minmax_multi_ops", &["Timestamptz"]),
    brin("TimestampTzBloomOps", "timestamptz_bloom_ops", &["Timestamptz"]),
    brin_default("TimeMinMaxOps", "time_minmax_ops", &["Time"]),
    brin("TimeMinMaxMultiOps", "time_minmax_multi_ops", &["Time"]),
    brin("TimeBloomOps", "time_bloom_ops", &["Time"]),
    brin_default("TimeTzMinMaxOps", "timetz_minmax_ops", &["Timetz"]),
    brin("TimeTzMinMaxMultiOps", "timetz_minmax_multi_ops", &["Timetz"]),
    brin("TimeTzBloomOps", "timetz_bloom_ops", &["Timetz"]),
    brin_default("UuidMinMaxOps", "uuid_minmax_ops", &["Uuid"]),
    brin("UuidMinMaxMultiOps", "uuid_minmax_multi_ops", &["Uuid"]),
    brin("UuidBloomOps", "uuid_bloom_ops", &["Uuid"]),
];

const JSONB: Accepts = Accepts::Natives(&["JsonB"]);

/// `citext` has none of its own: it is stored as `text` and takes those.
const TEXT: &[&str] = &["Text", "VarChar", "Citext"];

const fn brin(name: &'static str, sql: &'static str, natives: &'static [&'static str]) -> Definition {
    Definition { name, sql, algorithms: &[Brin], default_of: &[], accepts: Accepts::Natives(natives) }
}

const fn brin_default(name: &'static str, sql: &'static str, natives: &'static [&'static str]) -> Definition {
    Definition { default_of: &[Brin], ..brin(name, sql, natives) }
}

/// The operator class that the schema language calls `name`.
pub fn definition(name: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.name == name)
}

/// The name itself, where the language knows it.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    definition(name).map(|definition| definition.name)
}

/// All names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    DEFINITIONS.iter().map(|definition| definition.name)
}

impl Definition {
    /// Returns whether it is for columns of this native type and arity; `None` is a type that the language does not
    /// name.
    pub fn fits(&self, native: Option<&str>, arity: Arity) -> bool {
        match self.accepts {
            Accepts::Lists => arity == Arity::List,
            Accepts::Natives(natives) => arity != Arity::List && native.is_some_and(|native| natives.contains(&native)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Accepts, DEFINITIONS, IndexAlgorithm, definition, known, names};
    use crate::model::Provider;
    use crate::native;

    #[test]
    fn each_name_is_that_of_the_database_in_another_spelling() {
        for class in DEFINITIONS {
            assert_eq!(class.name.to_lowercase(), class.sql.replace('_', ""), "{class:?}");
            assert_eq!(definition(class.name), Some(class), "the name is given once");
        }
        assert_eq!(known("JsonbPathOps"), Some("JsonbPathOps"));
        assert_eq!(known("jsonb_path_ops"), None);
        assert_eq!(names().count(), 56);
    }

    #[test]
    fn each_native_type_is_one_of_postgresql() {
        let exists = |name| native::definitions(Provider::Postgres).iter().any(|native| native.name == name);
        for class in DEFINITIONS {
            if let Accepts::Natives(natives) = class.accepts {
                assert!(natives.iter().all(|native| exists(*native)), "{class:?}");
            }
        }
    }

    /// The expectations are what PostgreSQL 15 accepted when `CREATE INDEX` named no operator class, type by type.
    #[test]
    fn a_type_has_at_most_one_default_class() {
        let defaults = |algorithm: IndexAlgorithm| {
            let classes = DEFINITIONS.iter().filter(|class| class.default_of.contains(&algorithm));
            let mut natives = BTreeSet::new();
            for class in classes {
                assert!(class.algorithms.contains(&algorithm), "{class:?} is no default of what it does not go with");
                match class.accepts {
                    Accepts::Lists => assert!(natives.insert("[]"), "a second default for lists"),
                    Accepts::Natives(those) => {
                        for native in those {
                            assert!(natives.insert(*native), "a second default for {native}");
                        }
                    }
                }
            }
            natives.into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(defaults(IndexAlgorithm::Gist), "");
        assert_eq!(defaults(IndexAlgorithm::Gin), "JsonB []");
        assert_eq!(defaults(IndexAlgorithm::SpGist), "Citext Inet Text VarChar");
        assert_eq!(
            defaults(IndexAlgorithm::Brin),
            "BigInt Bit ByteA Char Citext Date Decimal DoublePrecision Inet Integer Oid Real SmallInt Text Time \
             Timestamp Timestamptz Timetz Uuid VarBit VarChar"
        );
    }
}
