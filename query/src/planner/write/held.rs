//! Rows that are looked at again after others were written, and the keys that they have then.
//!
//! The database changes the foreign keys that lead to a changed key, and a foreign key may be a part of a key that others
//! refer to, so that a change of one row may move many. A row is held for as long as something later looks at it. Each
//! statement that may move held rows is followed by steps that find them again, so that no row is ever recognized across
//! more than one change.

use super::update::Rows;
use super::{Assigned, Assignments};
use crate::catalog::{FieldIndex, ModelIndex};
use crate::error::Error;
use crate::lower::{Scope, Table};
use crate::plan::{Missing, Param};
use crate::planner::{Level, Planner, include};
use crate::statement::{Comparison, Condition, Expression};

/// A row that something later looks at.
pub(in crate::planner) struct HeldRow {
    model: ModelIndex,
    /// The row as it is when the next step runs.
    level: Level,
    /// The columns that are looked at later, besides the key.
    looked_at: Vec<FieldIndex>,
    /// The error where it is not there any more. None: then it has no row.
    missing: Option<Missing>,
}

/// The place of a held row.
#[derive(Clone, Copy)]
pub(super) struct Held(usize);

/// A column that has the value of a column of a changed row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Copied {
    pub(super) field: FieldIndex,
    /// The column of the changed row.
    source: FieldIndex,
    /// It is changed.
    pub(super) changes: bool,
}

/// What a change of rows may change in a held one.
pub(super) struct Move {
    held: Held,
    /// The ways in which it may get another key: the columns of its key that it has in common with the changed row then, those
    /// with the most columns first. None: only other columns change.
    ways: Vec<Vec<Copied>>,
}

impl<'a> Planner<'a> {
    /// Holds a row until [`Self::hold_no_longer`]. Its level has its key.
    pub(super) fn hold(&mut self, model: ModelIndex, level: Level, missing: Option<Missing>) -> Held {
        self.held.push(HeldRow { model, looked_at: level.fields.clone(), level, missing });
        Held(self.held.len() - 1)
    }

    /// The number of rows that are held.
    pub(super) fn number_held(&self) -> usize {
        self.held.len()
    }

    /// Ends the holding of rows, but of the first ones.
    pub(super) fn hold_no_longer(&mut self, but: usize) {
        self.held.truncate(but);
    }

    /// A held row as it is now.
    pub(super) fn held_row(&self, held: Held) -> Result<Level, Error> {
        let row = self.held.get(held.0).map(|row| row.level.clone());
        row.ok_or_else(|| Error::invalid("the row is not held".to_owned()))
    }

    /// Says which columns of a held row are looked at later. None: it need not be found again.
    pub(super) fn look_at(&mut self, held: Held, fields: Option<Vec<FieldIndex>>) {
        if let Some(row) = self.held.get_mut(held.0) {
            row.looked_at = fields.unwrap_or_default();
        }
    }

    /// The rows that are held, as they are now.
    pub(super) fn held_rows(&self) -> Vec<Level> {
        self.held.iter().map(|row| row.level.clone()).collect()
    }

    /// Merges what steps that may not have run found of the held rows with what was known `before` them.
    pub(super) fn merge_held(&mut self, before: &[Level]) -> Result<(), Error> {
        for (position, before) in before.iter().enumerate() {
            let Some(HeldRow { model, level, .. }) = self.held.get(position) else { continue };
            if level.frame == before.frame {
                continue;
            }
            let (model, level) = (*model, level.clone());
            let merged = self.either(model, &[&level, before], &before.fields)?;
            self.set_held(position, merged);
        }
        Ok(())
    }

    fn set_held(&mut self, position: usize, level: Level) {
        if let Some(row) = self.held.get_mut(position) {
            row.level = level;
        }
    }

    /// What a change of columns of a model may change in the rows that are held.
    pub(super) fn moves(&self, model: ModelIndex, assignments: &Assignments) -> Result<Vec<Move>, Error> {
        if self.held.iter().all(|row| row.looked_at.is_empty()) {
            return Ok(Vec::new());
        }
        let fields: Vec<FieldIndex> = assignments.iter().map(|(field, _)| *field).collect();
        let changed = self.changed_with(model, &fields)?;
        let mut moves = Vec::new();
        for (position, row) in self.held.iter().enumerate().filter(|(_, row)| !row.looked_at.is_empty()) {
            let key = self.primary_key(row.model)?;
            let mut is_changed = false;
            let mut ways: Vec<Vec<Copied>> = Vec::new();
            for (_, copies) in changed.iter().filter(|(model, _)| *model == row.model) {
                let way: Vec<Copied> = copies.iter().copied().filter(|copied| key.contains(&copied.field)).collect();
                let moves = way.iter().any(|copied| copied.changes);
                is_changed |=
                    moves || copies.iter().any(|copied| copied.changes && row.looked_at.contains(&copied.field));
                if moves && !ways.contains(&way) {
                    ways.push(way);
                }
            }
            if is_changed {
                ways.sort_by_key(|way| std::cmp::Reverse(way.len()));
                moves.push(Move { held: Held(position), ways });
            }
        }
        Ok(moves)
    }

    /// The columns that change with those of a row: first those of the row, then those of the rows that refer to it by them, of
    /// the rows that refer to these, and so on. The columns that these rows have in common with the row are there, whether they
    /// change or not.
    pub(super) fn changed_with(
        &self,
        model: ModelIndex,
        fields: &[FieldIndex],
    ) -> Result<Vec<(ModelIndex, Vec<Copied>)>, Error> {
        let columns = self.catalog.model_at(model)?.columns();
        let own = columns.map(|(field, ..)| Copied { field, source: field, changes: fields.contains(&field) });
        let mut changed = vec![(model, own.collect::<Vec<_>>())];
        let mut next = 0;
        while let Some((model, copies)) = changed.get(next).cloned() {
            next += 1;
            for (_, relation) in self.catalog.model_at(model)?.relations() {
                if relation.holds_key || relation.through.is_some() {
                    continue;
                }
                let mut theirs = Vec::new();
                for (from, to) in relation.from.iter().zip(relation.to.iter()) {
                    let copied = copies.iter().find(|copied| copied.field == *from);
                    theirs.extend(copied.map(|copied| Copied { field: *to, ..*copied }));
                }
                theirs.sort_unstable();
                let is_changed = theirs.iter().any(|copied| copied.changes);
                let place = (relation.target, theirs);
                if is_changed && !changed.contains(&place) {
                    changed.push(place);
                }
            }
        }
        Ok(changed)
    }

    /// Plans an error where a change of several rows would give a held one a key that is not known: one that is computed for each
    /// row, or that may come from several of them.
    pub(super) fn refuse_unknown_keys(
        &mut self,
        model: ModelIndex,
        assignments: &Assignments,
        rows: Rows<'_, 'a>,
    ) -> Result<(), Error> {
        let is_computed = |copied: &Copied| {
            let assigned = assignments.iter().find(|(field, _)| *field == copied.source);
            matches!(assigned, Some((_, Assigned::Change(..))))
        };
        for Move { held, ways } in self.moves(model, assignments)? {
            if ways.len() < 2 && !ways.iter().flatten().any(is_computed) {
                continue;
            }
            let Some(HeldRow { model: moved, level, .. }) = self.held.get(held.0) else { continue };
            let (moved, level) = (*moved, level.clone());
            for way in &ways {
                let mut scope = self.scope();
                let table = scope.table(model);
                let mut conditions = self.conditions(&mut scope, table, rows)?;
                let values = way.iter().map(|copied| Ok((copied.source, level.cell(copied.field)?)));
                conditions.extend(scope.equals(table, values.collect::<Result<Vec<_>, Error>>()?)?);
                self.check_none(&scope, table, conditions, Missing::Moved(moved))?;
            }
        }
        Ok(())
    }

    /// Finds the held rows again that the statement before may have changed. `before` is the row that it changed, where more
    /// than one way [has to be told apart](Self::must_know_before), and `after` gives the new values of its columns, where they
    /// are known.
    pub(super) fn find_moved(
        &mut self,
        moves: Vec<Move>,
        before: Option<&Level>,
        after: &dyn Fn(FieldIndex) -> Option<Param>,
    ) -> Result<(), Error> {
        for Move { held, ways } in moves {
            let Some(HeldRow { model, level, missing, .. }) = self.held.get(held.0) else { continue };
            let (model, level, missing) = (*model, level.clone(), missing.clone());
            let is_known = |copied: &Copied| !copied.changes || after(copied.source).is_some();
            let can_follow = ways.iter().flatten().all(is_known) && (ways.len() < 2 || before.is_some());
            let ways = if can_follow { ways } else { Vec::new() };
            let find =
                |planner: &mut Self| planner.find_held_again(model, &level, missing.clone(), &ways, before, after);
            let again = if missing.is_some() { find(self)? } else { self.given(&level, find)? };
            self.set_held(held.0, again);
        }
        Ok(())
    }

    /// Finds one row again. The row that has its key is the row: what the same statement moves comes to keys that it gives, and
    /// those were free or the statement would fail. Where there is none, it has moved with the changed row.
    fn find_held_again(
        &mut self,
        model: ModelIndex,
        level: &Level,
        missing: Option<Missing>,
        ways: &[Vec<Copied>],
        before: Option<&Level>,
        after: &dyn Fn(FieldIndex) -> Option<Param>,
    ) -> Result<Level, Error> {
        let key = self.primary_key(model)?;
        let fields = &level.fields;
        let if_not_kept = if ways.is_empty() { missing.clone() } else { None };
        let kept = self.find_where(model, fields, if_not_kept, |planner, scope, table| {
            planner.equals_cells(scope, table, &key, level)
        })?;
        if ways.is_empty() {
            return Ok(kept);
        }
        let moved = self.unless(&kept, |planner| {
            planner.find_where(model, fields, missing, |planner, scope, table| {
                let mut all = Vec::new();
                for field in &key {
                    all.push(planner.has_moved(scope, table, *field, level, ways, before, after)?);
                }
                Ok(all)
            })
        })?;
        self.either(model, &[&kept, &moved], fields)
    }

    /// That a column of a key has the value that it had in the held row, or the one of the changed row in the way that moved it.
    #[allow(clippy::too_many_arguments, reason = "one condition of `find_held_again`, with all that it knows")]
    fn has_moved(
        &self,
        scope: &Scope<'a>,
        table: Table,
        field: FieldIndex,
        level: &Level,
        ways: &[Vec<Copied>],
        before: Option<&Level>,
        after: &dyn Fn(FieldIndex) -> Option<Param>,
    ) -> Result<Condition<'a>, Error> {
        let mut any = Vec::new();
        // More columns in common tell more: a row that has all of the changed one's key is that one.
        let mut not_before: Vec<Condition<'a>> = Vec::new();
        for way in ways {
            let copied = way.iter().find(|copied| copied.field == field && copied.changes);
            let Some(value) = copied.and_then(|copied| after(copied.source)) else { continue };
            let mut all = scope.equals(table, [(field, value)])?;
            all.extend(not_before.iter().cloned());
            let Some(before) = before else { return Ok(Condition::All(all)) };
            let had = self.had(table.model, level, way, before)?;
            all.extend(had.iter().cloned());
            any.push(Condition::All(all));
            not_before.push(Condition::NotTrue(Box::new(Condition::All(had))));
        }
        let mut all = self.equals_cells(scope, table, &[field], level)?;
        all.extend(not_before);
        any.push(Condition::All(all));
        Ok(if any.len() == 1 { Condition::All(any) } else { Condition::Any(any) })
    }

    /// That columns of a held row had the values of the changed row.
    fn had(
        &self,
        model: ModelIndex,
        level: &Level,
        way: &[Copied],
        before: &Level,
    ) -> Result<Vec<Condition<'a>>, Error> {
        let equal = |copied: &Copied| {
            let column = self.catalog.model_at(model)?.column(copied.field);
            let own = Expression::Param(level.cell(copied.field)?, column);
            Ok(Comparison::equal(own, Expression::Param(before.cell(copied.source)?, column)))
        };
        way.iter().map(equal).collect()
    }
}

/// The columns of a changed row that find the held rows again: those with new values, or all that they have in common.
pub(super) fn sources(moves: &[Move], all: bool) -> Vec<FieldIndex> {
    let mut sources = Vec::new();
    for copied in moves.iter().flat_map(|moved| &moved.ways).flatten().filter(|copied| all || copied.changes) {
        include(&mut sources, &[copied.source]);
    }
    sources
}

/// Returns whether a changed row has to be known as it was, to tell apart the ways in which it moves others.
pub(super) fn must_know_before(moves: &[Move]) -> bool {
    moves.iter().any(|moved| moved.ways.len() > 1)
}

/// The values that assignments give, where they are the same for all rows.
pub(super) fn given_values(assignments: &Assignments) -> Vec<(FieldIndex, Param)> {
    let given = |(field, assigned): &(FieldIndex, Assigned)| match assigned {
        Assigned::Param(param) => Some((*field, param.clone())),
        _ => None,
    };
    assignments.iter().filter_map(given).collect()
}
