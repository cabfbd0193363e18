//! `update`, `updateMany`, and the changes of nested writes.

use super::held::{Copied, Move};
use super::relation::Link;
use super::unique::include_keys;
use super::{Assignments, Cause, given};
use crate::catalog::{Arity, FieldIndex, ModelIndex};
use crate::error::Error;
use crate::lower::{Given, Scope, Table};
use crate::plan::{Missing, ResultKind};
use crate::planner::{Level, Planner, include};
use crate::statement::{Condition, Statement};
use crate::tree::{Filter, RelationWrite, RowWrites, Selected};

/// Which rows of a table are changed.
#[derive(Clone, Copy)]
pub(super) enum Rows<'r, 'a> {
    /// Those that satisfy a condition.
    Filter(&'r Filter),
    /// The one whose key a level has.
    Found(&'r Level),
    /// Those whose keys some levels have.
    AllFound(&'r [Level]),
    /// Those that a link leads to, of which a condition is true.
    Linked(&'r Link<'r, 'a>, Option<&'r Filter>),
}

impl<'a> Planner<'a> {
    pub(in crate::planner) fn update(
        &mut self,
        model: ModelIndex,
        filter: &Filter,
        data: &RowWrites,
        selection: &[Selected],
    ) -> Result<ResultKind, Error> {
        let is_reloaded = self.must_be_reloaded(model, data, selection)? || self.moves_itself(model, data)?;
        let key = self.primary_key(model)?;
        let wanted = if is_reloaded { key.clone() } else { self.wanted(model, selection)? };
        let level = self.change(model, Rows::Filter(filter), data, wanted, Missing::Target(model))?;
        let nest = if is_reloaded {
            self.reload(model, &level, &key, selection)?
        } else {
            self.nest(model, &level, selection, false)?
        };
        Ok(ResultKind::Row(nest))
    }

    /// Changes a row and what is related to it; returns the wanted columns.
    pub(super) fn change(
        &mut self,
        model: ModelIndex,
        rows: Rows<'_, 'a>,
        data: &RowWrites,
        mut wanted: Vec<FieldIndex>,
        missing: Missing,
    ) -> Result<Level, Error> {
        let looked_at = wanted.clone();
        let number_held = self.number_held();
        self.include_links(model, data, &mut wanted)?;
        let found = if self.may_change_what_names(model, data, rows)? {
            let key = self.primary_key(model)?;
            let found = self.find_row(model, rows, &key, Some(missing.clone()))?;
            Some(self.hold(model, found, Some(Missing::Moved(model))))
        } else {
            None
        };
        let referred = self.referred_rows(model, data)?;
        let found = found.map(|held| self.held_row(held)).transpose()?;
        self.hold_no_longer(number_held);
        let rows = found.as_ref().map_or(rows, Rows::Found);
        let mut named = self.name_before(model, data, false)?;
        let mut assignments = Vec::new();
        self.refer_to(model, data, &referred, Some(rows), &mut assignments)?;
        self.assign_columns(model, data, &mut assignments)?;
        let level = if assignments.is_empty() {
            self.find_row(model, rows, &wanted, Some(missing))?
        } else {
            self.set_updated_at(model, &mut assignments)?;
            let computed = self.computed(model, &assignments, Cause::Update)?;
            include(&mut wanted, &computed);
            let keys = self.keys_of_any_form(model, &assignments)?;
            include_keys(&mut wanted, &keys);
            let level = if self.moves_own_key(model, data)? {
                self.change_what_refers_to_itself(model, assignments, rows, wanted, &computed, missing)?
            } else {
                self.change_row(model, assignments, rows, wanted, &computed, missing)?
            };
            self.note_written(model, keys, Some(&level))?;
            if data.relations.is_empty() || !self.moves_itself(model, data)? {
                level
            } else {
                // A row that refers to itself got a foreign key after it was returned.
                self.find_by_key(model, &level, &level.fields, Some(Missing::Moved(model)))?
            }
        };
        self.name_among_others(model, data, &mut named)?;
        let level = self.write_after(model, data, level, &named, &looked_at, false)?;
        self.hold_no_longer(number_held);
        Ok(level)
    }

    /// Changes a row that may refer to itself by a part of its key. The database changes that after the statement has returned the
    /// row, so the row is held and read again.
    fn change_what_refers_to_itself(
        &mut self,
        model: ModelIndex,
        assignments: Assignments,
        rows: Rows<'_, 'a>,
        wanted: Vec<FieldIndex>,
        computed: &[FieldIndex],
        missing: Missing,
    ) -> Result<Level, Error> {
        let key = self.primary_key(model)?;
        let number_held = self.number_held();
        let found = self.find_row(model, rows, &key, Some(missing.clone()))?;
        let itself = self.hold(model, found.clone(), Some(Missing::Moved(model)));
        let level = self.change_row(model, assignments, Rows::Found(&found), wanted, computed, missing)?;
        let found = self.confirm(itself, &[])?;
        self.hold_no_longer(number_held);
        self.find_by_key(model, &found, &level.fields, Some(Missing::Moved(model)))
    }

    /// Returns whether what is written before a row is changed may change what the row is known by: rows that are created write
    /// others in turn, and another row may give way.
    fn may_change_what_names(&self, model: ModelIndex, data: &RowWrites, rows: Rows<'_, 'a>) -> Result<bool, Error> {
        let looks_further = match rows {
            Rows::Filter(filter) | Rows::Linked(_, Some(filter)) => !filter.compares_only(|_| true),
            Rows::Linked(_, None) | Rows::Found(_) | Rows::AllFound(_) => false,
        };
        for (field, write) in &data.relations {
            let relation = self.catalog.relation_at(model, *field)?;
            let may = relation.holds_key
                && match write {
                    RelationWrite::Create(create) => !create.relations.is_empty(),
                    RelationWrite::Connect(_) => looks_further && self.is_one_to_one(model, *field, relation)?,
                    RelationWrite::ConnectOrCreate { create, .. } => {
                        !create.relations.is_empty()
                            || (looks_further && self.is_one_to_one(model, *field, relation)?)
                    }
                    _ => false,
                };
            if may {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The conditions that rows satisfy.
    pub(super) fn conditions(
        &self,
        scope: &mut Scope<'a>,
        table: Table,
        rows: Rows<'_, 'a>,
    ) -> Result<Vec<Condition<'a>>, Error> {
        Ok(match rows {
            Rows::Filter(filter) => vec![scope.condition(table, filter)?],
            Rows::Found(level) => self.equals_cells(scope, table, &self.primary_key(table.model)?, level)?,
            Rows::AllFound(levels) => {
                let key = self.primary_key(table.model)?;
                let row = |level| Ok(Condition::All(self.equals_cells(scope, table, &key, level)?));
                vec![Condition::Any(levels.iter().map(row).collect::<Result<_, Error>>()?)]
            }
            Rows::Linked(link, filter) => {
                let mut conditions = self.linked(scope, table, link)?;
                if let Some(filter) = filter {
                    conditions.push(scope.condition(table, filter)?);
                }
                conditions
            }
        })
    }

    /// Returns whether what a written row shows may change by the rows that are written after it: their counts do, and so do
    /// its own columns where a row that is written may be itself.
    pub(super) fn must_be_reloaded(
        &self,
        model: ModelIndex,
        data: &RowWrites,
        selection: &[Selected],
    ) -> Result<bool, Error> {
        if selection.iter().any(|selected| matches!(selected, Selected::Counts(_))) {
            return Ok(true);
        }
        for (field, write) in &data.relations {
            let comes_first = self.catalog.relation_at(model, *field)?.holds_key && write.comes_first();
            if !comes_first && self.changes_rows(model, *field, write, model)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether a change of a row may change what the row itself refers to: the database changes the rows that refer to
    /// it, those that refer to them, and so on.
    pub(super) fn moves_itself(&self, model: ModelIndex, data: &RowWrites) -> Result<bool, Error> {
        Ok(!self.moved_with_itself(model, data)?.is_empty())
    }

    /// Returns whether it may change the key of the row.
    fn moves_own_key(&self, model: ModelIndex, data: &RowWrites) -> Result<bool, Error> {
        let key = self.primary_key(model)?;
        let moved = self.moved_with_itself(model, data)?;
        Ok(moved.iter().flatten().any(|copied| copied.changes && key.contains(&copied.field)))
    }

    /// The columns that rows of the model of a row have in common with it where they change with it by a referential action.
    fn moved_with_itself(&self, model: ModelIndex, data: &RowWrites) -> Result<Vec<Vec<Copied>>, Error> {
        let mut changed: Vec<FieldIndex> = data.columns.iter().map(|(field, _)| *field).collect();
        for (field, _) in &data.relations {
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key {
                changed.extend_from_slice(&relation.from);
            }
        }
        let rows = self.changed_with(model, &changed)?.into_iter().skip(1);
        Ok(rows.filter(|(changed, _)| *changed == model).map(|(_, copies)| copies).collect())
    }

    /// Returns whether a write of a relation of a row of `model` changes rows of `changed` that were there before.
    fn changes_rows(
        &self,
        model: ModelIndex,
        field: FieldIndex,
        write: &RelationWrite,
        changed: ModelIndex,
    ) -> Result<bool, Error> {
        let relation = self.catalog.relation_at(model, field)?;
        let created = match write {
            RelationWrite::Create(data) => Some(data),
            RelationWrite::Connect(_) => None,
            RelationWrite::CreateMany(_) => return Ok(false),
            // Whatever these change or remove may lead back, by nested writes or by referential actions.
            _ => return Ok(true),
        };
        let holder = if relation.holds_key { model } else { relation.target };
        // The row that is connected, and the one that a place of a one-to-one relation is taken from.
        if holder == changed && relation.through.is_none() && (created.is_none() || relation.arity != Arity::Many) {
            return Ok(true);
        }
        for (field, inner) in created.iter().flat_map(|data| &data.relations) {
            if self.changes_rows(relation.target, *field, inner, changed)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(in crate::planner) fn update_many(
        &mut self,
        model: ModelIndex,
        filter: &Filter,
        data: &RowWrites,
    ) -> Result<ResultKind, Error> {
        let step = self.change_all(model, Rows::Filter(filter), data)?;
        Ok(ResultKind::Affected(step.into_iter().collect()))
    }

    /// Changes the columns of rows; returns the step, unless nothing is changed.
    pub(super) fn change_all(
        &mut self,
        model: ModelIndex,
        rows: Rows<'_, 'a>,
        data: &RowWrites,
    ) -> Result<Option<usize>, Error> {
        let mut assignments = Vec::new();
        self.assign_columns(model, data, &mut assignments)?;
        if assignments.is_empty() {
            return Ok(None);
        }
        self.set_updated_at(model, &mut assignments)?;
        let computed = self.computed(model, &assignments, Cause::Update)?;
        let keys = self.keys_of_any_form(model, &assignments)?;
        self.note_written(model, keys, None)?;
        self.assign_all(model, rows, assignments, &computed).map(Some)
    }

    /// Gives values to the columns of rows.
    pub(super) fn assign_all(
        &mut self,
        model: ModelIndex,
        rows: Rows<'_, 'a>,
        assignments: Assignments,
        computed: &[FieldIndex],
    ) -> Result<usize, Error> {
        let mut moves = self.moves(model, &assignments)?;
        self.look_before_all(model, rows, &assignments, &mut moves)?;
        self.assign_where(model, assignments, computed, &moves, |planner, scope, table| {
            planner.conditions(scope, table, rows)
        })
    }

    /// Gives values to the columns of rows that satisfy conditions. `moves` is what that may change in the held rows.
    pub(super) fn assign_where(
        &mut self,
        model: ModelIndex,
        assignments: Assignments,
        computed: &[FieldIndex],
        moves: &[Move],
        conditions: impl FnOnce(&Self, &mut Scope<'a>, Table) -> Result<Vec<Condition<'a>>, Error>,
    ) -> Result<usize, Error> {
        let given = given(&assignments);
        let mut scope = self.scope();
        let (table, mut update) = self.update_of(&mut scope, model, assignments)?;
        update.conditions = conditions(self, &mut scope, table)?;
        update.returning = self.returned(&scope, model, computed, computed)?;
        let columns = self.frame_columns(model, computed)?;
        let step = self.change_rows(scope, table, Statement::Update(update), columns)?;
        let after = |field| match given.iter().find(|(other, _)| *other == field) {
            Some((_, Given::Param(param))) => Some(param.clone()),
            _ => None,
        };
        self.find_moved(moves, &after)?;
        Ok(step)
    }
}
