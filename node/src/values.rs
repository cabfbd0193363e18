//! Values from JavaScript and back: the only file that touches untyped memory.
//!
//! Values are checked against what the plan expects.
//!
//! The TypeScript runtime checks first and names the argument; this is the second check, which nothing gets
//! past whoever calls the addon. Messages name the field and the kind of value, never the value.

#![expect(unsafe_code, reason = "Node-API hands out untyped values and untyped memory")]

use std::ops::RangeInclusive;

use napi::ValueType;
use napi::bindgen_prelude::{
    Array, ArrayBuffer, BigInt, FromNapiValue, JsObjectValue, JsValue, Object, Uint8ArraySlice, Unknown, Utf16String,
};
use purlin_driver::{Limits, decimal};
use purlin_query::catalog::{Catalog, FieldIndex, ModelIndex, Type};
use purlin_query::plan::{Plan, Run};
use purlin_query::shape::Input;
use purlin_query::value::Value;
use serde::de::IgnoredAny;

use crate::failure::Failure;

/// Room that is made before a list is read: its length is a claim, since an array can be long and have no elements.
const MOST_ROOM: usize = 4096;

/// The bytes that a value counts at least against the limit of bytes.
const LEAST_BYTES: u64 = 16;

/// The values of a call of `plan`. Reading an element may run JavaScript: a getter of the caller's.
pub(crate) fn read(catalog: &Catalog, limits: &Limits, plan: &Plan, values: &Array<'_>) -> Result<Vec<Value>, Failure> {
    let expected = plan.inputs.len();
    if values.len() as usize != expected {
        return Err(Failure::invalid(format!("the query takes {expected} values, {} came", values.len())));
    }
    let mut read = Vec::with_capacity(expected);
    for (index, input) in (0..).zip(&plan.inputs) {
        let value = element(values, index)?;
        read.push(match *input {
            Input::Column { model, field } | Input::Compared { model, field } => {
                let compared = matches!(input, Input::Compared { .. });
                Subject { compared, ..Subject::field(catalog, model, field)? }.value(&value)?
            }
            Input::List { model, field } | Input::Elements { model, field } => {
                let compared = matches!(input, Input::List { .. });
                let subject = Subject { compared, ..Subject::field(catalog, model, field)? };
                let list = list(&value)?;
                if list.len() > limits.list_values {
                    let most = limits.list_values;
                    let message =
                        format!("a list has more than {most} values; the option `limits.listValues` allows more");
                    return Err(Failure::limit("listValues", most.into(), message));
                }
                let mut items = Vec::with_capacity((list.len() as usize).min(MOST_ROOM));
                for item in 0..list.len() {
                    items.push(subject.value(&element(&list, item)?)?);
                }
                Value::List(items)
            }
            Input::Count => Value::Int(count(&value)?),
            Input::Order { .. } => {
                let list = list(&value)?;
                let mut order = Vec::with_capacity((list.len() as usize).min(MOST_ROOM));
                for row in 0..list.len() {
                    order.push(Value::Int(count(&element(&list, row)?)?));
                }
                Value::List(order)
            }
            Input::Rows { .. } => rows(catalog, limits, plan, index as usize, &list(&value)?)?,
        });
    }
    Ok(read)
}

/// The rows of a group of `createMany`, one after another.
fn rows(catalog: &Catalog, limits: &Limits, plan: &Plan, slot: usize, list: &Array<'_>) -> Result<Value, Failure> {
    if u64::from(list.len()) > limits.input_bytes / LEAST_BYTES {
        let most = limits.input_bytes;
        let message = format!("the rows have more than {most} bytes; the option `limits.inputBytes` allows more");
        return Err(Failure::limit("inputBytes", most, message));
    }
    let mut subjects = Vec::new();
    for step in &plan.steps {
        if let Run::EachRow { model, rows, fields, .. } = &step.run
            && usize::from(*rows) == slot
        {
            let fields = fields.iter().map(|field| Subject::field(catalog, *model, *field));
            subjects = fields.collect::<Result<Vec<_>, _>>()?;
        }
    }
    if subjects.is_empty() {
        // Rows that give nothing: each takes a place all the same.
        return Ok(Value::List(vec![Value::Null; list.len() as usize]));
    }
    let width = subjects.len();
    if !(list.len() as usize).is_multiple_of(width) {
        return Err(Failure::invalid("a row of createMany is incomplete"));
    }
    let mut values = Vec::with_capacity((list.len() as usize).min(MOST_ROOM));
    for (index, subject) in (0..list.len()).zip(subjects.iter().cycle()) {
        let value = element(list, index)?;
        values.push(if kind(&value)? == ValueType::Null { Value::Null } else { subject.value(&value)? });
    }
    Ok(Value::List(values))
}

/// What a value is for.
struct Subject<'a> {
    catalog: &'a Catalog,
    model: ModelIndex,
    field: FieldIndex,
    ty: Type,
    /// Whether the column is only compared with it.
    compared: bool,
}

impl<'a> Subject<'a> {
    fn field(catalog: &'a Catalog, model: ModelIndex, field: FieldIndex) -> Result<Self, Failure> {
        let column = catalog.model(model).and_then(|model| model.column(field));
        let ty = column.ok_or_else(|| Failure::invalid("the plan names an unknown column"))?.ty;
        Ok(Self { catalog, model, field, ty, compared: false })
    }

    fn name(&self) -> String {
        let model = self.catalog.model(self.model).map_or("", |model| &model.name);
        let field = self.catalog.field(self.model, self.field).map_or("", |field| &field.name);
        format!("{model}.{field}")
    }

    fn refuse(&self, why: &str) -> Failure {
        Failure::invalid(format!("`{}` {why}", self.name()))
    }

    fn mismatch(&self, expected: &str, value: &Unknown<'_>) -> Failure {
        let got = match kind(value) {
            Ok(ValueType::Undefined) => "undefined",
            Ok(ValueType::Null) => "null",
            Ok(ValueType::Boolean) => "a boolean",
            Ok(ValueType::Number) => "a number",
            Ok(ValueType::String) => "a string",
            Ok(ValueType::BigInt) => "a bigint",
            Ok(ValueType::Object) => "an object",
            _ => "something else",
        };
        self.refuse(&format!("expects {expected}, got {got}"))
    }

    fn value(&self, value: &Unknown<'_>) -> Result<Value, Failure> {
        let kind = kind(value)?;
        match (self.ty, kind) {
            (Type::String, ValueType::String) => self.text(value).map(Value::Text),
            (Type::Boolean, ValueType::Boolean) => cast(value).map(Value::Boolean),
            (Type::Int, ValueType::Number) => {
                let number: f64 = cast(value)?;
                if number.fract() != 0.0 {
                    return Err(self.refuse("expects an integer"));
                }
                if !(f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number) {
                    return Err(self.refuse("expects an integer of 32 bits; a wider column is a BigInt"));
                }
                Ok(Value::Int(number as i64))
            }
            (Type::BigInt, ValueType::BigInt) => {
                let number: BigInt = cast(value)?;
                match number.get_i64() {
                    (number, true) => Ok(Value::Int(number)),
                    _ => Err(self.refuse("expects an integer of 64 bits")),
                }
            }
            (Type::BigInt, ValueType::Number) => {
                const SAFE: f64 = 9_007_199_254_740_991.0;
                let number: f64 = cast(value)?;
                if number.fract() == 0.0 && number.abs() <= SAFE {
                    Ok(Value::Int(number as i64))
                } else {
                    Err(self.refuse("expects an integer that a number holds exactly, or a bigint"))
                }
            }
            (Type::Float, ValueType::Number) => {
                let number: f64 = cast(value)?;
                if number.is_finite() { Ok(Value::Float(number)) } else { Err(self.refuse("expects a finite number")) }
            }
            (Type::DateTime, ValueType::Number) => {
                // The years 0000 to 9999: text that databases store for others does not sort.
                const YEARS: RangeInclusive<f64> = -62_167_219_200_000.0..=253_402_300_799_999.0;
                const DATES: RangeInclusive<f64> = -8_640_000_000_000_000.0..=8_640_000_000_000_000.0;
                let millis: f64 = cast(value)?;
                let range = if self.compared { DATES } else { YEARS };
                if millis.fract() == 0.0 && range.contains(&millis) {
                    Ok(Value::DateTime(millis as i64 * 1000))
                } else if self.compared {
                    Err(self.refuse("expects a valid date"))
                } else {
                    Err(self.refuse("expects a valid date in the years 0000 to 9999"))
                }
            }
            (Type::Decimal, ValueType::String) => {
                let text = self.text(value)?;
                let canonical = decimal::canonical(&text);
                canonical.map(Value::Decimal).ok_or_else(|| self.refuse("expects a decimal number"))
            }
            (Type::Json, ValueType::String) => {
                let text = self.text(value)?;
                match serde_json::from_str::<IgnoredAny>(&text) {
                    Ok(_) => Ok(Value::Json(text)),
                    Err(_) => Err(self.refuse("expects text that is JSON")),
                }
            }
            (Type::Enum(index), ValueType::Number) => {
                let number: f64 = cast(value)?;
                let known = self.catalog.enumeration(index).map_or(0, |enumeration| enumeration.values.len());
                if number.fract() == 0.0 && (0.0..known as f64).contains(&number) {
                    Ok(Value::Enum(number as u16))
                } else {
                    Err(self.refuse("expects a value of its enum"))
                }
            }
            (Type::Bytes, ValueType::Object) => {
                let bytes: Result<Uint8ArraySlice<'_>, _> = cast(value);
                match bytes {
                    Ok(bytes) if bytes.is_empty() && lost_its_buffer(value)? => {
                        Err(self.refuse("expects a Uint8Array whose buffer is still there"))
                    }
                    Ok(bytes) => Ok(Value::Bytes(bytes.to_vec())),
                    Err(_) => Err(self.mismatch("a Uint8Array", value)),
                }
            }
            _ => Err(self.mismatch(expected(self.ty), value)),
        }
    }

    /// Through UTF-16, since the UTF-8 of Node-API replaces lone surrogates silently.
    fn text(&self, value: &Unknown<'_>) -> Result<String, Failure> {
        let units: Utf16String = cast(value)?;
        let text = String::from_utf16(&units)
            .map_err(|_| self.refuse("expects well-formed text: a surrogate stands alone"))?;
        if text.contains('\0') {
            return Err(self.refuse("expects text without NUL characters"));
        }
        Ok(text)
    }
}

fn expected(ty: Type) -> &'static str {
    match ty {
        Type::String => "a string",
        Type::Boolean => "a boolean",
        Type::Int => "an integer",
        Type::BigInt => "a bigint",
        Type::Float => "a number",
        Type::Decimal => "a decimal number",
        Type::DateTime => "a date",
        Type::Json => "JSON",
        Type::Bytes => "a Uint8Array",
        Type::Enum(_) => "a value of its enum",
    }
}

fn count(value: &Unknown<'_>) -> Result<i64, Failure> {
    if kind(value)? == ValueType::Number {
        let number: f64 = cast(value)?;
        const SAFE: f64 = 9_007_199_254_740_991.0;
        if number.fract() == 0.0 && (0.0..=SAFE).contains(&number) {
            return Ok(number as i64);
        }
    }
    Err(Failure::invalid("`take` and `skip` expect an integer that is not negative"))
}

fn list<'env>(value: &Unknown<'env>) -> Result<Array<'env>, Failure> {
    let array = matches!(kind(value)?, ValueType::Object) && value.is_array().map_err(|error| Failure::call(&error))?;
    if array { cast(value) } else { Err(Failure::invalid("a list of values is not an array")) }
}

fn element<'env>(array: &Array<'env>, index: u32) -> Result<Unknown<'env>, Failure> {
    match array.get::<Unknown<'env>>(index) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(Failure::invalid("a value is missing")),
        Err(error) => Err(Failure::call(&error)),
    }
}

fn kind(value: &Unknown<'_>) -> Result<ValueType, Failure> {
    value.get_type().map_err(|error| Failure::call(&error))
}

/// Returns whether the buffer of a typed array is detached: it was transferred, and the array looks empty.
fn lost_its_buffer(array: &Unknown<'_>) -> Result<bool, Failure> {
    let array: Object<'_> = cast(array)?;
    let buffer: Unknown<'_> = array.get_named_property("buffer").map_err(|error| Failure::call(&error))?;
    // A SharedArrayBuffer is none of these, and is never detached.
    let buffer: Result<ArrayBuffer<'_>, _> = cast(&buffer);
    buffer.map_or(Ok(false), |buffer| buffer.is_detached().map_err(|error| Failure::call(&error)))
}

/// Copies a reply into the array that JavaScript reads replies from; false when it does not fit.
pub(crate) fn copy_into(scratch: Unknown<'_>, bytes: &[u8]) -> Result<bool, Failure> {
    let mut scratch: Uint8ArraySlice<'_> = cast(&scratch)?;
    // SAFETY: Node-API gave the address and the length just now, and no JavaScript runs between that and the end of the
    // copy. The runtime's array is its own; were it shared with another thread, that thread could only see torn bytes.
    let place = unsafe { scratch.as_mut() }.get_mut(..bytes.len());
    Ok(place.map(|place| place.copy_from_slice(bytes)).is_some())
}

/// Callers have asked `value` for its type just before.
fn cast<V: FromNapiValue>(value: &Unknown<'_>) -> Result<V, Failure> {
    // SAFETY: Node-API checks the type once more and answers with an error where it does not fit.
    unsafe { value.cast::<V>() }.map_err(|error| Failure::call(&error))
}
