//! How results are written, the same in both languages.
//!
//! JSON has no word for some types, so their values are text that begins with the type: `bigint:7`,
//! `datetime:2024-01-01T00:00:00.000Z`, `bytes:00ff`. A Decimal is its text, as the TypeScript client gives it.

use purlin::{DateTime, Decimal, Error, Meta};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::Outcome;

/// A result as JSON.
pub fn show(value: impl Serialize) -> Outcome {
    Ok(serde_json::to_value(value).expect("results are plain data"))
}

/// A BigInt.
pub fn big_int(value: i64) -> Value {
    format!("bigint:{value}").into()
}

/// A Decimal.
pub fn decimal(value: &Decimal) -> Value {
    value.normalized().to_plain_string().into()
}

/// A DateTime.
pub fn date_time(value: DateTime) -> Value {
    value.format("datetime:%Y-%m-%dT%H:%M:%S%.3fZ").to_string().into()
}

/// Bytes.
pub fn bytes(value: &[u8]) -> Value {
    let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("bytes:{hex}").into()
}

/// How a query was refused: by its code, the model and the target of the constraint; `invalid` when it could not be
/// asked at all. A query that succeeded is `"succeeded"`.
pub fn refused<T>(result: Result<T, Error>) -> Value {
    match result {
        Ok(_) => "succeeded".into(),
        Err(error) => refusal(&error),
    }
}

/// All that an error says to programs: its code and its facts. A query that succeeded is `"succeeded"`.
pub fn facts<T>(result: Result<T, Error>) -> Value {
    let Err(error) = result else { return "succeeded".into() };
    let mut facts = Map::from_iter([("code".to_owned(), json!(error.code()))]);
    facts.extend(error.meta().iter().map(|(name, meta)| ((*name).to_owned(), fact(meta))));
    facts.into()
}

fn fact(meta: &Meta) -> Value {
    match meta {
        Meta::Text(text) => json!(text),
        Meta::List(list) => json!(list),
    }
}

/// The code alone, where an error is of no model.
pub fn code<T>(result: Result<T, Error>) -> Value {
    let refusal = refused(result);
    refusal.get("code").cloned().unwrap_or(refusal)
}

fn refusal(error: &Error) -> Value {
    if error.is_invalid() {
        return "invalid".into();
    }
    let mut shown = Map::from_iter([("code".to_owned(), json!(error.code()))]);
    for (name, meta) in error.meta() {
        let value = fact(meta);
        match *name {
            "modelName" => shown.insert("model".to_owned(), value),
            "target" => shown.insert("target".to_owned(), value),
            _ => None,
        };
    }
    shown.into()
}
