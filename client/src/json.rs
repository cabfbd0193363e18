//! Columns as JSON, in the form that default rows and the TypeScript client have.
//!
//! BigInt and Decimal are strings, since a JSON number loses their digits in JavaScript; DateTime is ISO 8601 with
//! milliseconds; Bytes is base64; Json is itself; an enum is its name.
//!
//! A default row has this form, and its keys are the names of the schema, or follow the generator's `json_names`. A fragment
//! with the word `json`, `#[select(User, json)]`, serializes in the same way. Any other struct of your own has the form that its derive
//! gives it: an `i64` is a number, a date has as many decimals as `chrono` writes, and the keys are the names of the fields in Rust. Write
//! `#[serde(with = "purlin::json")]` on the fields of type `i64`, [`Decimal`], [`DateTime`] and `Vec<u8>`, or `Option`s
//! of them, and `rename_all` on the struct, and it serializes as the same columns of a default row do:
//!
//! ```
//! use purlin::{DateTime, Decimal};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct OrderLine {
//!     #[serde(with = "purlin::json")]
//!     number: i64,
//!     #[serde(with = "purlin::json")]
//!     unit_price: Decimal,
//!     #[serde(with = "purlin::json", default)]
//!     placed_at: Option<DateTime>,
//!     note: String,
//! }
//!
//! # fn main() -> Result<(), serde_json::Error> {
//! let line: OrderLine = serde_json::from_str(r#"{ "number": "9007199254740993", "unitPrice": 0.1, "note": "" }"#)?;
//! assert_eq!(line.unit_price.to_string(), "0.1");
//! assert_eq!(
//!     serde_json::to_string(&line)?,
//!     r#"{"number":"9007199254740993","unitPrice":"0.1","placedAt":null,"note":""}"#
//! );
//! # Ok(())
//! # }
//! ```
//!
//! A struct that is only written takes `serialize_with = "purlin::json::serialize"`, and one that is only read
//! `deserialize_with = "purlin::json::deserialize"`. Serde wants a field with either to be there unless it has `default`,
//! an `Option` as well.
//!
//! **Read a `Decimal` this way.** The type's own `Deserialize` makes of the JSON number `0.1` the 55 digits of the nearest
//! binary fraction, and these are what is stored. [`deserialize`] reads a number as the shortest decimal that
//! stands for it, and text digit by digit.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::model::{Model, json_name_at};
use crate::value::{Cell, Enum, ToCell, decimal_text};
use crate::{DateTime, Decimal};

pub use crate::json_object::{JsonObject, ToJson};

/// Serializes the value of a column as a default row does.
pub fn serialize<T: ToCell + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.to_cell().serialize(serializer)
}

/// Reads the value of a column in the form that [`serialize`] writes. A BigInt and a Decimal may be numbers too: of a
/// decimal number the shortest decimal is taken that stands for it, so that `0.1` is `0.1`. A number keeps no more
/// than 17 digits on its way; send text where there are more.
pub fn deserialize<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::from_json(deserializer)
}

/// A type that [`deserialize`] reads: the types of columns, and `Option`s of them.
#[diagnostic::on_unimplemented(
    message = "`purlin::json` does not read `{Self}`",
    note = "it reads String, bool, i32, i64, f64, Decimal, DateTime, Json, Vec<u8>, and `Option`s of them; enums of the \
            schema read themselves"
)]
pub trait FromJson: Sized {
    #[doc(hidden)]
    fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Present<T>(T);

        impl<'de, T: FromJson> Deserialize<'de> for Present<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                T::from_json(deserializer).map(Self)
            }
        }

        Ok(Option::<Present<T>>::deserialize(deserializer)?.map(|Present(value)| value))
    }
}

macro_rules! plain {
    ($($ty:ty),*) => { $(
        impl FromJson for $ty {
            fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }
        }
    )* };
}

plain!(String, bool, i32, f64, DateTime);
#[cfg(feature = "json")]
plain!(crate::Json);

impl FromJson for Vec<u8> {
    fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        STANDARD.decode(text.as_bytes()).map_err(|_| de::Error::custom("this is not base64"))
    }
}

impl FromJson for i64 {
    fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Digits("a whole number, or text of one", |text| text.parse().ok()))
    }
}

impl FromJson for Decimal {
    fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Digits("a decimal number, or text of one", |text| {
            // The parser takes underscores too.
            let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
            if is_number && text.len() <= MAX_DECIMAL_TEXT { text.parse().ok() } else { None }
        }))
    }
}

/// Longer text is more than a column holds, and takes long to read.
const MAX_DECIMAL_TEXT: usize = 32_800;

/// The key under which `serde_json` hands on the text of a number, with its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads a number from its text, or from what stands for it: what is expected, and the parser.
struct Digits<T>(&'static str, fn(&str) -> Option<T>);

impl<T> Digits<T> {
    fn parse<E: de::Error>(&self, text: &str) -> Result<T, E> {
        (self.1)(text).ok_or_else(|| E::custom(format_args!("expected {}", self.0)))
    }
}

impl<'de, T> de::Visitor<'de> for Digits<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        self.parse(text)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        self.parse(&number.to_string())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        self.parse(&number.to_string())
    }

    fn visit_i128<E: de::Error>(self, number: i128) -> Result<T, E> {
        self.parse(&number.to_string())
    }

    fn visit_u128<E: de::Error>(self, number: u128) -> Result<T, E> {
        self.parse(&number.to_string())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        // The fewest digits that are read back as this number.
        self.parse(&format!("{number:?}"))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        if map.next_key::<String>()?.as_deref() != Some(NUMBER) {
            return Err(de::Error::invalid_type(de::Unexpected::Map, &self));
        }
        self.parse(&map.next_value::<String>()?)
    }
}

/// Serializes the columns of a default row.
#[doc(hidden)]
pub fn serialize_row<M: Model, S: Serializer>(cells: &[Cell<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    let Some(model) = M::CATALOG.model(M::INDEX) else { return Err(S::Error::custom("no such model in the catalog")) };
    let mut map = serializer.serialize_map(Some(cells.len()))?;
    for ((place, _, _), cell) in model.shown_columns().zip(cells) {
        map.serialize_entry(json_name_at::<M>(place), cell)?;
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
#[doc(hidden)]
pub fn parse_enum<'de, E: Enum, D: Deserializer<'de>>(deserializer: D) -> Result<E, D::Error> {
    let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    let found = E::VALUES.iter().copied().find(|value| value.name() == name);
    found.ok_or_else(|| {
        let names: Vec<_> = E::VALUES.iter().map(|value| value.name()).collect();
        serde::de::Error::custom(format_args!("`{name}` is not one of {}", names.join(", ")))
    })
}

#[cfg(all(test, feature = "json"))]
mod tests {
    use serde::de::IntoDeserializer as _;
    use serde::de::value::{Error, MapDeserializer};

    use super::*;

    fn read<T: FromJson>(json: &str) -> Option<T> {
        deserialize(&mut serde_json::Deserializer::from_str(json)).ok()
    }

    #[test]
    fn a_number_is_the_shortest_decimal_that_stands_for_it() {
        for (json, expected) in [
            ("0.1", "0.1"),
            ("19.99", "19.99"),
            ("-1.005", "-1.005"),
            ("7", "7"),
            ("18446744073709551615", "18446744073709551615"),
            ("1e-7", "0.0000001"),
            ("1E21", "1000000000000000000000"),
            ("\"12345678901234567890.123456789\"", "12345678901234567890.123456789"),
            ("\"0.10\"", "0.1"),
        ] {
            assert_eq!(read::<Decimal>(json).map(|value| decimal_text(&value)).as_deref(), Some(expected), "{json}");
        }
        for json in ["\"\"", "\"1_000\"", "\"x\"", "true", "null", "{}", "{\"a\": 1}", "[1]", "\"0x1\"", "\" 1\""] {
            assert!(read::<Decimal>(json).is_none(), "{json}");
        }
        let long = format!("\"{}\"", "1".repeat(MAX_DECIMAL_TEXT + 1));
        assert!(read::<Decimal>(&long).is_none());
    }

    #[test]
    fn a_number_of_arbitrary_precision_keeps_its_digits() {
        let read = |key: &'static str, text: &'static str| {
            let map: MapDeserializer<'_, _, Error> = MapDeserializer::new([(key, text)].into_iter());
            Decimal::from_json(map.into_deserializer()).ok().map(|value| decimal_text(&value))
        };
        assert_eq!(
            read(NUMBER, "0.1000000000000000055511151231257827").as_deref(),
            Some("0.1000000000000000055511151231257827")
        );
        assert_eq!(read("other", "0.1"), None);
    }

    #[test]
    fn a_big_integer_is_text_or_a_whole_number() {
        assert_eq!(read("\"9007199254740993\""), Some(9_007_199_254_740_993_i64));
        assert_eq!(read("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(read("null"), Some(None::<i64>));
        assert_eq!(read("\"7\""), Some(Some(7_i64)));
        for json in ["9223372036854775808", "1.5", "1.0", "\"1.0\"", "\"\"", "null", "{}"] {
            assert!(read::<i64>(json).is_none(), "{json}");
        }
    }

    #[test]
    fn a_message_shows_no_value() {
        let message = |json: &str| {
            let read = deserialize::<Decimal, _>(&mut serde_json::Deserializer::from_str(json));
            read.err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert!(
            message("\"secret\"").starts_with("expected a decimal number, or text of one"),
            "{}",
            message("\"secret\"")
        );
        assert!(!message("\"secret\"").contains("secret"));
    }
}
