//! The order in which rows of one `createMany` that refer to each other can be written one by one. SQLite looks at foreign
//! keys after each statement; Prisma writes all rows with one.

use purlin_query::catalog::{Catalog, FieldIndex, FieldKind, ModelIndex};
use purlin_query::value::Value;
use rustc_hash::FxHashMap;

/// A row of `createMany`.
#[derive(Clone, Copy)]
pub(super) struct Row<'v> {
    /// The columns of its values.
    pub(super) fields: &'v [FieldIndex],
    pub(super) values: &'v [Value],
}

/// A foreign key of a model that refers to rows of the same model.
struct SelfReference<'c> {
    from: &'c [FieldIndex],
    to: &'c [FieldIndex],
}

/// The indices of the rows in an order in which each comes after those that it refers to, and else as they are. None
/// where they have this order already, and where rows refer to each other in a circle.
pub(super) fn parents_first(catalog: &Catalog, model: ModelIndex, rows: &[Row<'_>]) -> Option<Vec<usize>> {
    let references = self_references(catalog, model);
    let mut by_key = FxHashMap::default();
    for (index, row) in rows.iter().enumerate() {
        for (number, reference) in references.iter().enumerate() {
            if let Some(key) = key(row, reference.to) {
                by_key.insert((number, key), index);
            }
        }
    }
    let parents = |index: usize| -> Vec<usize> {
        let Some(row) = rows.get(index) else { return Vec::new() };
        let parents = references.iter().enumerate().filter_map(|(number, reference)| {
            by_key.get(&(number, key(row, reference.from)?)).copied().filter(|parent| *parent != index)
        });
        parents.collect()
    };

    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Unseen,
        Entered,
        Done,
    }
    let mut states = vec![State::Unseen; rows.len()];
    let mut order = Vec::with_capacity(rows.len());
    // Not by recursion: a chain may be as long as the list.
    let mut entered: Vec<(usize, Vec<usize>)> = Vec::new();
    for first in 0..rows.len() {
        let mut next = Some(first);
        loop {
            if let Some(row) = next.take() {
                let state = states.get_mut(row)?;
                match state {
                    State::Done => {}
                    State::Entered => return None,
                    State::Unseen => {
                        *state = State::Entered;
                        entered.push((row, parents(row)));
                    }
                }
            }
            let Some((row, left)) = entered.last_mut() else { break };
            next = left.pop();
            if next.is_none() {
                *states.get_mut(*row)? = State::Done;
                order.push(*row);
                entered.pop();
            }
        }
    }
    (!order.is_sorted()).then_some(order)
}

/// Whether rows of a model may refer to others of it.
pub(super) fn refers_to_itself(catalog: &Catalog, model: ModelIndex) -> bool {
    !self_references(catalog, model).is_empty()
}

fn self_references(catalog: &Catalog, model: ModelIndex) -> Vec<SelfReference<'_>> {
    let fields = catalog.model(model).map_or(&[][..], |model| &model.fields);
    let references = fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Relation(relation) if relation.holds_key && relation.target == model => {
            Some(SelfReference { from: &relation.from, to: &relation.to })
        }
        _ => None,
    });
    references.collect()
}

/// The values of some columns of a row, as text; none where one is null or left to the database.
fn key(row: &Row<'_>, fields: &[FieldIndex]) -> Option<String> {
    let mut key = String::new();
    for field in fields {
        let place = row.fields.iter().position(|given| given == field)?;
        let value = row.values.get(place).filter(|value| **value != Value::Null)?;
        key += &format!("{value:?},");
    }
    Some(key)
}
