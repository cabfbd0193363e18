//! Default rows as JSON: the same text that the TypeScript client gives for a row.
//!
//! Keys are the names of the schema. BigInt and Decimal are strings, since a JSON number loses their digits in
//! JavaScript; DateTime is ISO 8601 with milliseconds; Bytes is base64; Json is itself; an enum is its name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::Model;
use crate::value::{Cell, Enum, decimal_text};

/// Serializes the columns of a default row.
pub fn serialize_row<M: Model, S: Serializer>(cells: &[Cell<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    let Some(model) = M::CATALOG.model(M::INDEX) else { return Err(S::Error::custom("no such model in the catalog")) };
    let mut map = serializer.serialize_map(Some(cells.len()))?;
    for ((_, field, _), cell) in model.shown_columns().zip(cells) {
        map.serialize_entry(field.name.as_ref(), cell)?;
    }
    map.end()
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i32(*value),
            Self::BigInt(value) => serializer.collect_str(value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Decimal(value) => serializer.serialize_str(&decimal_text(value)),
            Self::DateTime(value) => serializer.collect_str(&value.format("%Y-%m-%dT%H:%M:%S%.3fZ")),
            #[cfg(feature = "json")]
            Self::Json(value) => value.serialize(serializer),
            Self::List(cells) => cells.serialize(serializer),
            Self::Bytes(value) => serializer.serialize_str(&STANDARD.encode(value)),
        }
    }
}

/// Reads an enum from its name in the schema.
pub fn parse_enum<'de, E: Enum, D: Deserializer<'de>>(deserializer: D) -> Result<E, D::Error> {
    let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    let found = E::VALUES.iter().copied().find(|value| value.name() == name);
    found.ok_or_else(|| {
        let names: Vec<_> = E::VALUES.iter().map(|value| value.name()).collect();
        serde::de::Error::custom(format_args!("`{name}` is not one of {}", names.join(", ")))
    })
}
