//! Checks the values of a query against its plan: a plan is reused for any values that a client sends.

use std::sync::Arc;

use purlin_query::Limits;
use purlin_query::catalog::{Catalog, FieldIndex, ModelIndex, Type};
use purlin_query::plan::{Plan, Run};
use purlin_query::shape::Input;
use purlin_query::value::Value;

use crate::error::{Error, ErrorKind};
use crate::execution::list_at;
use crate::prepared::Prepared;
use crate::{datetime, json};

/// A query whose values were checked against its plan. Nothing but the check makes one, so that each query is checked once
/// on its way, and none runs without.
#[derive(Debug)]
pub struct Checked<V> {
    prepared: Arc<Prepared>,
    values: V,
    bytes: u64,
}

impl<V> Checked<V> {
    /// The plan.
    pub(crate) fn prepared(&self) -> &Arc<Prepared> {
        &self.prepared
    }
}

impl<V: AsRef<[Value]>> Checked<V> {
    /// Checks that `values` are what the plan takes: as many, each of its type and in its range, all within the limits.
    pub(crate) fn new(prepared: Arc<Prepared>, values: V) -> Result<Self, Error> {
        let bytes = check(&prepared.catalog, &prepared.plan, values.as_ref(), &prepared.limits)?;
        Ok(Self { prepared, values, bytes })
    }

    /// The values.
    pub(crate) fn values(&self) -> &[Value] {
        self.values.as_ref()
    }

    /// The bytes that the values hold.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl<V: IntoIterator<Item = Value>> Checked<V> {
    /// The same with values that may go to another thread.
    pub(crate) fn into_owned(self) -> Checked<Vec<Value>> {
        Checked { prepared: self.prepared, values: self.values.into_iter().collect(), bytes: self.bytes }
    }
}

/// Returns the bytes that the values hold.
fn check(catalog: &Catalog, plan: &Plan, values: &[Value], limits: &Limits) -> Result<u64, Error> {
    if values.len() != plan.inputs.len() {
        let message = format!("the query takes {} values, got {}", plan.inputs.len(), values.len());
        return Err(Error::invalid(message));
    }
    let bytes = within_limits(catalog, plan, values, limits)?;
    for (input, value) in plan.inputs.iter().zip(values) {
        match *input {
            Input::Column { model, field } => column(catalog, model, field, value, Purpose::Written)?,
            Input::Compared { model, field } => column(catalog, model, field, value, Purpose::Compared)?,
            Input::List { model, field } => {
                let Value::List(list) = value else { return Err(mismatch(catalog, model, field, "a list", value)) };
                if list.is_empty() {
                    return Err(Error::invalid("an empty list has no query: it is true or false by itself"));
                }
                for value in list {
                    column(catalog, model, field, value, Purpose::Compared)?;
                }
            }
            Input::Elements { model, field } => {
                let Value::List(elements) = value else {
                    return Err(mismatch(catalog, model, field, "a list", value));
                };
                for element in elements {
                    column(catalog, model, field, element, Purpose::Written)?;
                }
            }
            Input::Count => match value {
                Value::Int(0..) => {}
                _ => return Err(Error::invalid("`take` and `skip` are numbers that are not negative")),
            },
            Input::Order { groups } => {
                let known = |value: &Value| matches!(value, Value::Int(group) if usize::try_from(*group).is_ok_and(|group| group < groups));
                if !matches!(value, Value::List(order) if order.iter().all(known)) {
                    return Err(Error::invalid(
                        "the order of the rows of `createMany` names a group that is not there",
                    ));
                }
            }
            Input::Rows { model, .. } => {
                if !matches!(value, Value::List(_)) {
                    let name = catalog.model(model).map_or("", |model| &model.name);
                    return Err(Error::invalid(format!("the rows of {name} are a list, got {}", value.kind())));
                }
            }
        }
    }
    lists(catalog, plan, values)?;
    Ok(bytes)
}

/// Checks the lengths of lists, the bytes of all values, which it returns, and the number of rows that a `findMany` takes.
fn within_limits(catalog: &Catalog, plan: &Plan, values: &[Value], limits: &Limits) -> Result<u64, Error> {
    let mut bytes = 0;
    for (input, value) in plan.inputs.iter().zip(values) {
        bytes += size(value);
        if let (Input::List { model, field } | Input::Elements { model, field }, Value::List(list)) = (input, value)
            && list.len() as u64 > u64::from(limits.list_values)
        {
            let (most, name) = (limits.list_values, catalog.path(*model, *field));
            let message = format!(
                "a list for `{name}` has more than {most} values: split it into several queries, or raise the `listValues` limit of the client"
            );
            return Err(Error::limit("listValues", most.into(), message));
        }
    }
    if bytes > limits.input_bytes {
        let most = limits.input_bytes;
        let message = format!(
            "the values of the query are larger than {most} bytes: split it into several queries, or raise the `inputBytes` limit of the client"
        );
        return Err(Error::limit("inputBytes", most, message));
    }
    if let Some(Value::Int(take)) = plan.take.and_then(|slot| values.get(usize::from(slot)))
        && u64::try_from(*take).is_ok_and(|take| take > limits.rows)
    {
        let most = limits.rows;
        let message = format!(
            "`take` asks for more than {most} rows: read them in several pages, or raise the `rows` limit of the client"
        );
        return Err(Error::limit("rows", most, message));
    }
    Ok(bytes)
}

/// The bytes of a value: of its text, or eight.
fn size(value: &Value) -> u64 {
    match value {
        Value::Text(text) | Value::Decimal(text) | Value::Json(text) => text.len() as u64,
        Value::Bytes(bytes) => bytes.len() as u64,
        Value::List(list) => list.iter().map(size).sum(),
        Value::Null | Value::Boolean(_) | Value::Int(_) | Value::Float(_) | Value::DateTime(_) | Value::Enum(_) => 8,
    }
}

/// Rows are as wide and of the types of their columns.
fn lists(catalog: &Catalog, plan: &Plan, values: &[Value]) -> Result<(), Error> {
    let list = |slot| list_at(values, slot);
    let mut counts = vec![0_usize; if plan.order.is_some() { plan.steps.len() } else { 0 }];
    for group in plan.order.map_or(&[][..], list) {
        if let Value::Int(group) = group
            && let Some(count) = usize::try_from(*group).ok().and_then(|group| counts.get_mut(group))
        {
            *count += 1;
        }
    }
    for (index, step) in plan.steps.iter().enumerate() {
        if let Run::EachRow { model, rows, fields, .. } = &step.run {
            let rows = list(*rows);
            // A row that gives nothing still takes a place, or nobody could count it.
            let even = match fields.len() {
                0 => rows.iter().all(|value| *value == Value::Null),
                width => rows.len().is_multiple_of(width),
            };
            if !even {
                return Err(Error::invalid("the rows of `createMany` are not of one width"));
            }
            if plan.order.is_some() && counts.get(index).copied().unwrap_or(0) != rows.len() / fields.len().max(1) {
                return Err(Error::invalid("the order of the rows of `createMany` does not name each row once"));
            }
            for (value, field) in rows.iter().zip(fields.iter().cycle()) {
                column(catalog, *model, *field, value, Purpose::InRow)?;
            }
        }
    }
    Ok(())
}

/// What a value is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// A column gets it.
    Written,
    /// A column of a row of `createMany` gets it, which may be null.
    InRow,
    /// A column is compared with it. It may be a date that no column holds: before and after all of them.
    Compared,
}

fn column(
    catalog: &Catalog,
    model: ModelIndex,
    field: FieldIndex,
    value: &Value,
    purpose: Purpose,
) -> Result<(), Error> {
    let Some(column) = catalog.model(model).and_then(|model| model.column(field)) else {
        return Err(Error::invalid("no such column in the catalog"));
    };
    let fits = match (column.ty, value) {
        (Type::String, Value::Text(text)) => {
            if text.contains('\0') {
                let name = catalog.path(model, field);
                return Err(Error::invalid(format!("`{name}` cannot hold a NUL character")));
            }
            true
        }
        (Type::Boolean, Value::Boolean(_))
        | (Type::BigInt, Value::Int(_))
        | (Type::Decimal, Value::Decimal(_))
        | (Type::Bytes, Value::Bytes(_)) => true,
        (Type::DateTime, Value::DateTime(micros)) => {
            if purpose != Purpose::Compared && !datetime::SORTED.contains(micros) {
                let name = catalog.path(model, field);
                let message =
                    format!("`{name}` holds dates of the years 0000 to 9999: later and earlier ones do not sort");
                return Err(Error::new(ErrorKind::OutOfRange, message));
            }
            true
        }
        (Type::Json, Value::Json(text)) => {
            if let Err(reason) = json::check(text) {
                let name = catalog.path(model, field);
                return Err(Error::invalid(format!("`{name}` cannot hold JSON {reason}")));
            }
            true
        }
        (Type::Int, Value::Int(number)) => {
            if i32::try_from(*number).is_err() {
                let name = catalog.path(model, field);
                let message = format!("the value does not fit `{name}`, which is Int (32 bits): declare it BigInt");
                return Err(Error::new(ErrorKind::OutOfRange, message));
            }
            true
        }
        (Type::Float, Value::Float(number)) => {
            if !number.is_finite() {
                let name = catalog.path(model, field);
                return Err(Error::invalid(format!("`{name}` cannot hold NaN or an infinity")));
            }
            true
        }
        (Type::Enum(index), Value::Enum(value)) => {
            catalog.enumeration(index).is_some_and(|known| usize::from(*value) < known.values.len())
        }
        (_, Value::Null) => {
            if !column.nullable || purpose != Purpose::InRow {
                let name = catalog.path(model, field);
                return Err(Error::new(
                    ErrorKind::Invalid(Some("P2012")),
                    format!("`{name}` is required, it cannot be null"),
                ));
            }
            true
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(mismatch(catalog, model, field, column.ty.name(catalog), value)) }
}

fn mismatch(catalog: &Catalog, model: ModelIndex, field: FieldIndex, expected: &str, value: &Value) -> Error {
    let name = catalog.path(model, field);
    Error::invalid(format!("`{name}` takes {expected}, got {}", value.kind()))
}
