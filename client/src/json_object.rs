//! Default rows and fragments as JSON objects: the keys by one rule per schema, the values as [`json`](crate::json)
//! writes columns.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::value::{Cell, Scalar, ToCell};
use crate::{DateTime, Decimal};

/// A type with the JSON form of Purlin: the types of columns, default rows, and fragments that ask for it by `json`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no JSON form",
    label = "a fragment with `json` holds only what has one",
    note = "a fragment gets it by the word `json`: `#[select(User, json)]`; the value of a `@server` field has none, since \
            it stays on the server"
)]
pub trait ToJson {
    #[doc(hidden)]
    fn to_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// A list of them. It is here because a list of `u8` is the value of a column.
    #[doc(hidden)]
    fn list_to_json<S: Serializer>(list: &[Self], serializer: S) -> Result<S::Ok, S::Error>
    where
        Self: Sized,
    {
        serializer.collect_seq(list.iter().map(AsJson))
    }
}

/// A value that serializes as [`ToJson`] says.
struct AsJson<'v, T>(&'v T);

impl<T: ToJson> Serialize for AsJson<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.to_json(serializer)
    }
}

macro_rules! columns {
    ($($ty:ty),*) => { $(
        impl ToJson for $ty {
            fn to_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Scalar::cell(self).serialize(serializer)
            }
        }
    )* };
}

columns!(String, bool, i32, i64, f64, Decimal, DateTime);
#[cfg(feature = "json")]
columns!(crate::Json);

impl ToJson for u8 {
    fn to_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*self)
    }

    fn list_to_json<S: Serializer>(list: &[Self], serializer: S) -> Result<S::Ok, S::Error> {
        Cell::Bytes(list).serialize(serializer)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::list_to_json(self, serializer)
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.to_json(serializer),
            None => serializer.serialize_none(),
        }
    }
}

impl<T: ToJson> ToJson for Box<T> {
    fn to_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::to_json(self, serializer)
    }
}

/// A default row or a fragment, which another fragment may flatten.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no JSON form",
    label = "a fragment with `json` flattens only what has one",
    note = "add the word `json` to `{Self}`: `#[select(User, json)]`"
)]
pub trait JsonObject {
    /// Whether it holds others of the same row, whose keys may be its own.
    #[doc(hidden)]
    const FLATTENS: bool;

    #[doc(hidden)]
    fn entries<M: SerializeMap>(&self, object: &mut Object<M>) -> Result<(), M::Error>;
}

impl<T: JsonObject> JsonObject for Box<T> {
    const FLATTENS: bool = T::FLATTENS;

    fn entries<M: SerializeMap>(&self, object: &mut Object<M>) -> Result<(), M::Error> {
        T::entries(self, object)
    }
}

/// A JSON object that is being written.
#[derive(Debug)]
pub struct Object<M> {
    map: M,
    /// The keys so far, where one may come twice: the first one stays, and an object has each key once.
    written: Option<Vec<&'static str>>,
}

impl<M: SerializeMap> Object<M> {
    /// Writes a field.
    pub fn entry<T: ToJson>(&mut self, key: &'static str, value: &T) -> Result<(), M::Error> {
        self.raw(key, &AsJson(value))
    }

    /// Writes the number of related rows, which is a number: no database has too many rows for one.
    pub fn count(&mut self, key: &'static str, count: i64) -> Result<(), M::Error> {
        self.raw(key, &count)
    }

    /// Writes a column of a default row.
    pub fn column(&mut self, key: &'static str, value: &impl ToCell) -> Result<(), M::Error> {
        self.raw(key, &value.to_cell())
    }

    fn raw(&mut self, key: &'static str, value: &impl Serialize) -> Result<(), M::Error> {
        if let Some(written) = &mut self.written {
            if written.contains(&key) {
                return Ok(());
            }
            written.push(key);
        }
        self.map.serialize_entry(key, value)
    }
}

/// Serializes a default row or a fragment.
pub fn serialize_object<T: JsonObject, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let map = serializer.serialize_map(None)?;
    let mut object = Object { map, written: T::FLATTENS.then(Vec::new) };
    value.entries(&mut object)?;
    object.map.end()
}
