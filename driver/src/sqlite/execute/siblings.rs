//! Rows of one list that a nested `create` or `createMany` writes: each has a statement of its own, while Prisma writes the
//! list by one, in which rows may refer to each other in any order.

use std::ops::Range;

use purlin_query::catalog::{Catalog, ModelIndex};
use purlin_query::plan::{Missing, Param, Plan, Run, Step, When};
use rusqlite::Connection;

use super::super::parents_first::{Deferral, refers_to_itself};
use super::{Caller, Scope, Stopped};

/// Steps that stand together and insert rows of one model, none of which belongs to another of them. Each inserts one row or
/// many: a `createMany` whose rows give different columns has a step per run of rows that give the same.
///
/// After a foreign key has refused the first try, foreign keys are deferred from the first of these statements to the last,
/// and then each row is looked at. All of them are inserts: SQLite takes `RESTRICT` for `NO ACTION` while it defers, and no
/// statement that deletes or changes a row may meet that.
pub(super) struct Siblings {
    steps: Range<usize>,
    model: ModelIndex,
    deferral: Deferral,
}

impl Siblings {
    /// The lists of a plan whose rows may refer to each other, where the database shows whatever is broken when they are
    /// written.
    pub(super) fn of(
        connection: &Connection,
        catalog: &Catalog,
        plan: &Plan,
        scope: Scope,
    ) -> Result<Vec<Self>, Stopped> {
        let mut found = Vec::new();
        for (steps, model) in lists(plan) {
            let is_one_row = steps.len() == 1
                && !plan.steps.get(steps.start).is_some_and(|step| matches!(step.run, Run::EachRow { .. }));
            if is_one_row || !refers_to_itself(catalog, model) {
                continue;
            }
            let deferral = Deferral::of(connection, catalog, model, scope)?;
            if deferral.may_pause() {
                found.push(Self { steps, model, deferral });
            }
        }
        Ok(found)
    }

    pub(super) fn deferral(&self) -> &Deferral {
        &self.deferral
    }
}

/// The steps that insert rows of one model, as long as they stand together and no row is given to another one. All of them
/// run, or none does.
fn lists(plan: &Plan) -> Vec<(Range<usize>, ModelIndex)> {
    let mut lists: Vec<(Range<usize>, Inserted<'_>)> = Vec::new();
    for (index, step) in plan.steps.iter().enumerate() {
        let Some(inserted) = Inserted::by(step) else { continue };
        match lists.last_mut() {
            Some((steps, of)) if steps.end == index && *of == inserted && !takes_from(step, steps) => steps.end += 1,
            _ => lists.push((index..index + 1, inserted)),
        }
    }
    lists.into_iter().map(|(steps, of)| (steps, of.model)).collect()
}

/// What a step inserts.
#[derive(PartialEq)]
struct Inserted<'p> {
    model: ModelIndex,
    when: &'p [When],
}

impl<'p> Inserted<'p> {
    /// The row or the rows that a step inserts, if it does nothing else.
    fn by(step: &'p Step) -> Option<Self> {
        let model = match (&step.require, &step.run) {
            (Some(Missing::Written(model)), Run::Once) | (_, Run::EachRow { model, .. }) => *model,
            _ => return None,
        };
        Some(Self { model, when: &step.when })
    }
}

/// Returns whether a step takes a value from the rows of some other steps.
fn takes_from(step: &Step, steps: &Range<usize>) -> bool {
    fn takes(param: &Param, steps: &Range<usize>) -> bool {
        match param {
            Param::Cell { frame, .. } => steps.contains(frame),
            Param::Date { value, .. } => takes(value, steps),
            _ => false,
        }
    }
    step.params.iter().any(|param| takes(param, steps))
}

impl Caller<'_> {
    fn siblings_of(&self, step: usize) -> Option<&Siblings> {
        self.siblings.iter().find(|siblings| siblings.steps.contains(&step))
    }

    /// Defers foreign keys before the first row of a list.
    pub(super) fn before_siblings(&self, step: usize) -> Result<(), Stopped> {
        match self.siblings_of(step) {
            Some(siblings) if siblings.steps.start == step => siblings.deferral.begin(self.connection),
            _ => Ok(()),
        }
    }

    /// Remembers the row of a list that was just written.
    pub(super) fn note_sibling(&mut self, step: usize) {
        if self.siblings_of(step).is_some() {
            self.to_be_checked.push(self.connection.last_insert_rowid());
        }
    }

    /// Looks at the rows of a list after its last one, and ends the deferral.
    pub(super) fn after_siblings(&mut self, step: usize) -> Result<(), Stopped> {
        let Some(siblings) = self.siblings.iter().find(|siblings| siblings.steps.contains(&step)) else {
            return Ok(());
        };
        if siblings.steps.end == step + 1 {
            let rows = std::mem::take(&mut self.to_be_checked);
            siblings.deferral.check(self.connection, self.catalog, siblings.model, &rows)?;
            siblings.deferral.cut(self.connection)?;
        }
        Ok(())
    }
}
