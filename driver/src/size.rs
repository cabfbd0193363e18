//! The size of a result as a client builds it, which is more than its frames hold: a row that several parents share is
//! built for each of them, and a text of JSON becomes the objects and arrays that it is made of. With a few levels that
//! lead back and forth, a hundred rows become millions of objects; with a few hundred kilobytes of `[{},{},...]`, one row
//! becomes a hundred thousand.

use purlin_query::Limits;
use purlin_query::catalog::Type;
use purlin_query::plan::{Item, Nest, Plan};

use crate::error::Error;
use crate::frame::{Frame, HeapRange, Values};
use crate::json;
use crate::reply::Buffers;

/// Refuses a result that consists of more objects or bytes than the limits allow, before anything is built.
pub(crate) fn check(plan: &Plan, nest: &Nest, buffers: &Buffers, limits: &Limits) -> Result<(), Error> {
    let Some(frame) = buffers.frames.get(nest.frame) else { return Ok(()) };
    let root = Size { objects: frame.rows as u64, bytes: heap(frame) };
    let most = bound(plan, nest, buffers, root);
    if most.objects <= limits.objects && most.bytes <= limits.result_bytes {
        return Ok(());
    }
    // Nearly always the lengths of the texts of JSON tell enough.
    for measure in [json::objects_by_length, json::objects_at_most, json::objects] {
        let mut total = Total { measure, objects: 0, bytes: 0, members: 0 };
        count(plan, nest, buffers, &vec![1; frame.rows], limits, &mut total)?;
        if total.members == 0 || total.objects + total.members / json::PARTS <= u128::from(limits.objects) {
            return Ok(());
        }
    }
    Err(too_many_members(limits))
}

/// There are too many objects.
pub(crate) fn too_many_objects(limits: &Limits) -> Error {
    let most = limits.objects;
    let message = format!(
        "the result consists of more than {most} objects: ask for fewer related rows with `take`, or raise the `objects` limit of the client"
    );
    Error::limit("objects", most, message)
}

/// There are too many objects, and those inside of values of JSON are among them.
fn too_many_members(limits: &Limits) -> Error {
    let most = limits.objects;
    let message = format!(
        "the result and the Json values in it consist of more than {most} objects, of which four members of a Json value are one: read fewer rows at a time, leave out the Json fields, or raise the `objects` limit of the client"
    );
    Error::limit("objects", most, message)
}

/// There are too many bytes.
pub(crate) fn too_many_bytes(limits: &Limits) -> Error {
    let most = limits.result_bytes;
    let message = format!(
        "the result is larger than {most} bytes: select fewer fields or take fewer rows, or raise the `resultBytes` limit of the client"
    );
    Error::limit("resultBytes", most, message)
}

/// The bytes of a value without those of a text or a blob: a table of numbers is built one by one as well.
const VALUE: u64 = 8;

/// The bytes that a frame holds.
pub(crate) fn heap(frame: &Frame) -> u64 {
    (frame.text.len() + frame.bytes.len()) as u64 + (frame.rows as u64 * frame.columns.len() as u64) * VALUE
}

#[derive(Clone, Copy)]
struct Size {
    objects: u64,
    bytes: u64,
}

/// A size that the result of a nest is not beyond, from the sizes of its frames alone. `level` is that of the rows of
/// the nest itself.
fn bound(plan: &Plan, nest: &Nest, buffers: &Buffers, level: Size) -> Size {
    let Some(frame) = buffers.frames.get(nest.frame) else { return level };
    let stored = plan.steps.get(nest.frame).map_or(&[][..], |step| &step.columns);
    let (mut columns, mut has_json) = (0, false);
    let mut children = Size { objects: 0, bytes: 0 };
    for item in &nest.items {
        match item {
            Item::Column { column, .. } => {
                columns += 1;
                has_json |= stored.get(*column).is_some_and(|column| matches!(column.ty, Type::Json));
            }
            Item::Relation { many, nest, .. } => {
                let Some(frame) = buffers.frames.get(nest.frame) else { continue };
                // A parent leads to each row at most once.
                let rows = if *many { frame.rows as u64 } else { 1 };
                let (objects, bytes) = (level.objects.saturating_mul(rows), level.objects.saturating_mul(heap(frame)));
                let child = bound(plan, nest, buffers, Size { objects, bytes });
                children.objects = children.objects.saturating_add(child.objects);
                children.bytes = children.bytes.saturating_add(child.bytes);
            }
            Item::Counts(_) => {}
        }
    }
    // A column that is selected twice is built twice.
    let repeated = if columns > frame.columns.len() { columns as u64 } else { 1 };
    let bytes = level.bytes.saturating_mul(repeated);
    let members = if has_json { bytes / json::BYTES_PER_OBJECT } else { 0 };
    Size {
        objects: level.objects.saturating_add(members).saturating_add(children.objects),
        bytes: bytes.saturating_add(children.bytes),
    }
}

/// Returns whether an item of a nest is a column of JSON.
fn is_json(plan: &Plan, nest: &Nest, item: &Item) -> bool {
    let Item::Column { column, .. } = item else { return false };
    let columns = plan.steps.get(nest.frame).map(|step| &step.columns);
    columns.and_then(|columns| columns.get(*column)).is_some_and(|column| column.ty == Type::Json)
}

struct Total {
    /// Counts the objects of a text of JSON, in fourths of one.
    measure: fn(&str) -> u64,
    objects: u128,
    bytes: u128,
    /// The objects of values of JSON, in fourths of one.
    members: u128,
}

/// Adds the rows of a nest, each as often as `times` says, and what hangs on them. It ends as soon as the total is
/// beyond a limit, so no number of times is greater than the limit.
fn count(
    plan: &Plan,
    nest: &Nest,
    buffers: &Buffers,
    times: &[u64],
    limits: &Limits,
    total: &mut Total,
) -> Result<(), Error> {
    let Some(frame) = buffers.frames.get(nest.frame) else { return Ok(()) };
    let objects = times.iter().map(|times| u128::from(*times)).sum::<u128>();
    total.objects += objects;
    if total.objects > u128::from(limits.objects) {
        return Err(too_many_objects(limits));
    }
    let columns = nest.items.iter().filter(|item| matches!(item, Item::Column { .. })).count();
    total.bytes += objects * columns as u128 * u128::from(VALUE);
    if total.bytes > u128::from(limits.result_bytes) {
        return Err(too_many_bytes(limits));
    }
    for item in &nest.items {
        if let Item::Column { column, .. } = item
            && let Some(column) = frame.columns.get(*column)
            && let Values::Text(places) | Values::Bytes(places) = &column.values
        {
            let bytes = |(place, times): (&HeapRange, &u64)| u128::from(place.length) * u128::from(*times);
            total.bytes += places.iter().zip(times).map(bytes).sum::<u128>();
            if total.bytes > u128::from(limits.result_bytes) {
                return Err(too_many_bytes(limits));
            }
            if is_json(plan, nest, item) {
                let members = |(place, times): (&HeapRange, &u64)| {
                    u128::from((total.measure)(frame.text_at(*place))) * u128::from(*times)
                };
                total.members += places.iter().zip(times).map(members).sum::<u128>();
            }
        }
    }
    for item in &nest.items {
        let Item::Relation { link, nest, .. } = item else { continue };
        let (Some(spans), Some(child)) = (buffers.links.get(*link), buffers.frames.get(nest.frame)) else { continue };
        // Where each parent's rows begin and end; the sums up to a row are how often it is part of the result.
        let mut changes = vec![0_i128; child.rows + 1];
        for (span, times) in spans.iter().zip(times) {
            let (start, end) = (span.start as usize, span.start as usize + span.length as usize);
            for (row, change) in [(start, i128::from(*times)), (end, -i128::from(*times))] {
                if let Some(place) = changes.get_mut(row) {
                    *place += change;
                }
            }
        }
        let mut sum = 0_i128;
        let times: Vec<u64> = changes
            .iter()
            .take(child.rows)
            .map(|change| {
                sum += change;
                u64::try_from(sum).unwrap_or(u64::MAX)
            })
            .collect();
        count(plan, nest, buffers, &times, limits, total)?;
    }
    Ok(())
}
