//! The rows of a `createMany`, and the order in which they are written.

use purlin_query::catalog::FieldIndex;
use purlin_query::plan::{Plan, Run, Step};
use purlin_query::value::Value;

use super::PlannedQuery;

/// A row of a `createMany`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GivenRow<'v> {
    /// The index of its step.
    pub(crate) step: usize,
    /// Its place among the rows of the step.
    pub(crate) place: usize,
    /// The columns of its values.
    pub(crate) fields: &'v [FieldIndex],
    pub(crate) values: &'v [Value],
}

/// The rows of a `createMany`, in the order in which they were given.
pub(crate) fn given_rows<'a>(plan: &'a Plan, values: &'a [Value]) -> Vec<GivenRow<'a>> {
    let mut groups: Vec<_> = plan
        .steps
        .iter()
        .map_while(|step| match &step.run {
            Run::EachRow { rows, fields, .. } => {
                Some((fields, list_at(values, *rows).chunks_exact(fields.len().max(1)).enumerate()))
            }
            _ => None,
        })
        .collect();
    let mut next = |step: usize| {
        let (fields, rows) = groups.get_mut(step)?;
        let (place, values) = rows.next()?;
        Some(GivenRow { step, place, fields, values })
    };
    match plan.order {
        Some(order) => {
            let group = |value: &Value| if let Value::Int(group) = value { usize::try_from(*group).ok() } else { None };
            list_at(values, order).iter().filter_map(|value| next(group(value)?)).collect()
        }
        None => std::iter::from_fn(|| next(0)).collect(),
    }
}

/// The list among the values of a query that is at this place; no values where there is none.
pub(crate) fn list_at(values: &[Value], slot: u16) -> &[Value] {
    match values.get(usize::from(slot)) {
        Some(Value::List(list)) => list,
        _ => &[],
    }
}

/// Rows of a step that are written one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rows {
    /// The place of the first among the rows of the step.
    first: usize,
    pub(super) length: usize,
    /// The number of the first among all rows, in the order in which they are written.
    pub(super) number: usize,
}

impl Rows {
    /// The values of one of the rows.
    pub(super) fn values<'p>(&self, query: &PlannedQuery<'p>, step: &Step, row: usize) -> &'p [Value] {
        let Run::EachRow { rows, fields, .. } = &step.run else { return &[] };
        let (width, row) = (fields.len().max(1), self.first + row);
        list_at(query.values, *rows).get(row * width..(row + 1) * width).unwrap_or_default()
    }
}

/// All rows of a step.
pub(super) fn all(query: &PlannedQuery<'_>, step: &Step) -> Rows {
    let length = match &step.run {
        Run::EachRow { rows, fields, .. } => list_at(query.values, *rows).len() / fields.len().max(1),
        _ => 0,
    };
    Rows { first: 0, length, number: 0 }
}

/// Rows that are written in an order of their own.
pub(super) struct RowsInOrder {
    /// The step of each row, and its place there.
    order: Vec<(usize, usize)>,
    next: usize,
}

impl RowsInOrder {
    pub(super) fn new(rows: &[GivenRow<'_>]) -> Self {
        Self { order: rows.iter().map(|row| (row.step, row.place)).collect(), next: 0 }
    }

    /// The next rows that stand together in one step.
    pub(super) fn next(&mut self) -> Option<(usize, Rows)> {
        let rest = self.order.get(self.next..)?;
        let (step, first) = *rest.first()?;
        let together = rest.iter().enumerate().take_while(|(offset, row)| **row == (step, first + offset));
        let rows = Rows { first, length: together.count(), number: self.next };
        self.next += rows.length;
        Some((step, rows))
    }
}
