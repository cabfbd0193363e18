//! Stored values on their way into a frame, and those that the schema or the client cannot hold.

use purlin_query::catalog::{Catalog, Type};
use purlin_query::plan::{FrameColumn, Item, Nest, Plan};

use crate::error::{Error, ErrorKind, Meta};
use crate::frame::{Frame, HeapRange, Values};
use crate::json::JsonReader;

/// Adds a text to a column, and to the heap of its frame.
#[inline]
pub(crate) fn push_text(places: &mut Vec<HeapRange>, heap: &mut String, text: &str) -> Result<(), Error> {
    places.push(place(heap.len(), text.len())?);
    heap.push_str(text);
    Ok(())
}

/// The place of what is added to a heap.
#[inline]
pub(crate) fn place(start: usize, length: usize) -> Result<HeapRange, Error> {
    match (u32::try_from(start), u32::try_from(length), u32::try_from(start + length)) {
        (Ok(start), Ok(length), Ok(_)) => Ok(HeapRange { start, length }),
        _ => Err(Error::new(ErrorKind::OutOfRange, "the result is larger than 4 GiB: read it in pages with `take`")),
    }
}

/// The number of an enum's value, by its name in the database.
pub(crate) fn enum_index(catalog: &Catalog, ty: Type, name: &[u8]) -> Option<i32> {
    let Type::Enum(index) = ty else { return None };
    let values = &catalog.enumeration(index)?.values;
    i32::try_from(values.iter().position(|value| value.db_name.as_bytes() == name)?).ok()
}

/// Refuses a reply of a write with JSON that the client could not read: the write would stand, and its caller be told that
/// it failed.
pub(crate) fn check_json(
    catalog: &Catalog,
    plan: &Plan,
    nest: &Nest,
    frames: &[Frame],
    reader: JsonReader,
) -> Result<(), Error> {
    let (Some(step), Some(frame)) = (plan.steps.get(nest.frame), frames.get(nest.frame)) else { return Ok(()) };
    for (wanted, column) in step.columns.iter().zip(&frame.columns).filter(|(wanted, _)| wanted.ty == Type::Json) {
        let Values::Text(places) = &column.values else { continue };
        for (row, place) in places.iter().enumerate() {
            if !column.is_null(row) {
                reader.check(frame.text_at(*place)).map_err(|found| unfit(catalog, wanted, found))?;
            }
        }
    }
    for item in &nest.items {
        if let Item::Relation { nest, .. } = item {
            check_json(catalog, plan, nest, frames, reader)?;
        }
    }
    Ok(())
}

/// The stored value does not fit the schema. The value itself stays out of the message.
pub(crate) fn unfit(catalog: &Catalog, wanted: &FrameColumn, found: &str) -> Error {
    let Some((model, field)) = wanted.source else {
        return Error::new(ErrorKind::Inconsistent, format!("the database returned {found} where a number belongs"));
    };
    let path = catalog.path(model, field);
    let ty = wanted.ty.name(catalog);
    let model_name = catalog.model(model).map_or("", |model| &model.name);
    let message = format!("`{path}` is {ty} in the schema, but the database holds {found} there");
    Error::new(ErrorKind::Inconsistent, message).with("modelName", Meta::Text(model_name.to_owned()))
}
