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
use crate::plan::{Missing, Param, When};
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
    /// How many removals were planned when it was last found.
    removals: usize,
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
    /// The ways in which it may get another key: as the changed row, or as one that refers to it, by some route. None: only other
    /// columns change.
    ways: Vec<Way>,
}

/// A way in which a held row may get another key.
struct Way {
    /// The columns that it has in common with the changed row then, some of them of its key.
    copies: Vec<Copied>,
    /// The changed row as it was. None where there is no other way: a row that is not under its key any more has moved in this one.
    before: Option<Level>,
}

impl Way {
    fn fields(&self) -> Vec<FieldIndex> {
        self.copies.iter().map(|copied| copied.field).collect()
    }

    fn sources(&self) -> Vec<FieldIndex> {
        self.copies.iter().map(|copied| copied.source).collect()
    }
}

impl<'a> Planner<'a> {
    /// Holds a row until [`Self::hold_no_longer`]. Its level has its key.
    pub(super) fn hold(&mut self, model: ModelIndex, level: Level, missing: Option<Missing>) -> Held {
        let (looked_at, removals) = (level.fields.clone(), self.removals);
        self.held.push(HeldRow { model, level, looked_at, missing, removals });
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

    /// A held row as it is now, unless it was removed.
    pub(super) fn held_row(&self, held: Held) -> Result<Level, Error> {
        Ok(self.held_at(held)?.level.clone())
    }

    fn held_at(&self, held: Held) -> Result<&HeldRow, Error> {
        self.held.get(held.0).ok_or_else(|| Error::invalid("the row is not held".to_owned()))
    }

    /// Says which columns of a held row are looked at later. None: it need not be found again.
    pub(super) fn look_at(&mut self, held: Held, fields: Vec<FieldIndex>) {
        if let Some(row) = self.held.get_mut(held.0) {
            row.looked_at = fields;
        }
    }

    /// The rows that are held, as they are now, and how many removals were planned when they were found.
    pub(super) fn held_rows(&self) -> Vec<(Level, usize)> {
        self.held.iter().map(|row| (row.level.clone(), row.removals)).collect()
    }

    /// Merges what steps that run only on a condition have found of the held rows with what was known `before` them.
    pub(super) fn merge_held(&mut self, before: &[(Level, usize)], condition: When) -> Result<(), Error> {
        for (position, (before, removals)) in before.iter().enumerate() {
            let Ok(HeldRow { model, level, .. }) = self.held_at(Held(position)) else { continue };
            if level.frame == before.frame {
                continue;
            }
            let (model, level) = (*model, level.clone());
            // Where they have run and found no row, there is none.
            self.when.push(When { has_row: !condition.has_row, ..condition });
            let kept = self.either(model, &[before], &before.fields);
            self.when.pop();
            let merged = self.either(model, &[&level, &kept?], &before.fields)?;
            self.found_held(Held(position), merged, *removals);
        }
        Ok(())
    }

    fn found_held(&mut self, held: Held, level: Level, removals: usize) {
        if let Some(row) = self.held.get_mut(held.0) {
            row.level = level;
            row.removals = removals;
        }
    }

    /// Finds a held row under the key that it has, where it may have been removed, or where other columns of it are needed.
    pub(super) fn confirm(&mut self, held: Held, fields: &[FieldIndex]) -> Result<Level, Error> {
        let HeldRow { model, level, missing, removals, .. } = self.held_at(held)?;
        let (model, level, missing) = (*model, level.clone(), missing.clone());
        if *removals == self.removals && fields.iter().all(|field| level.fields.contains(field)) {
            return Ok(level);
        }
        let mut wanted = level.fields.clone();
        include(&mut wanted, fields);
        let found = self.given_if_optional(&level, missing, |planner, missing| {
            planner.find_by_key(model, &level, &wanted, missing)
        })?;
        self.found_held(held, found.clone(), self.removals);
        Ok(found)
    }

    /// Finds the held rows of a model before another is created: one that was removed must not be taken for a new one that gets
    /// its key.
    pub(super) fn confirm_before_insert(&mut self, model: ModelIndex) -> Result<(), Error> {
        for position in 0..self.held.len() {
            let Some(row) = self.held.get(position) else { continue };
            if row.model == model && !row.looked_at.is_empty() && row.removals != self.removals {
                self.confirm(Held(position), &[])?;
            }
        }
        Ok(())
    }

    /// Plans a search for a row that is there, or where nothing would be `missing`, for one that may not be.
    fn given_if_optional(
        &mut self,
        level: &Level,
        missing: Option<Missing>,
        find: impl FnOnce(&mut Self, Option<Missing>) -> Result<Level, Error>,
    ) -> Result<Level, Error> {
        if missing.is_some() { find(self, missing) } else { self.given(level, |planner| find(planner, None)) }
    }

    /// What a change of columns of a model may change in the rows that are held.
    pub(super) fn moves(&self, model: ModelIndex, assignments: &Assignments) -> Result<Vec<Move>, Error> {
        if self.held.iter().all(|row| row.looked_at.is_empty()) {
            return Ok(Vec::new());
        }
        let own_key = self.primary_key(model)?;
        let fields: Vec<FieldIndex> = assignments.iter().map(|(field, _)| *field).collect();
        let changed = self.changed_with(model, &fields)?;
        // No part of a key becomes null.
        let is_value = |copied: &Copied| {
            let assigned = assignments.iter().find(|(field, _)| *field == copied.source);
            copied.changes && !matches!(assigned, Some((_, Assigned::Null)))
        };
        let mut moves = Vec::new();
        for (position, row) in self.held.iter().enumerate().filter(|(_, row)| !row.looked_at.is_empty()) {
            let key = self.primary_key(row.model)?;
            let mut is_changed = false;
            let mut ways: Vec<Way> = Vec::new();
            for (route, (_, copies)) in changed.iter().enumerate().filter(|(_, (model, _))| *model == row.model) {
                let gets_a_key = copies.iter().any(|copied| is_value(copied) && key.contains(&copied.field));
                is_changed |=
                    gets_a_key || copies.iter().any(|copied| copied.changes && row.looked_at.contains(&copied.field));
                let mut copies = copies.clone();
                if route == 0 {
                    // The row itself is known by its key.
                    copies.retain(|copied| own_key.contains(&copied.field));
                }
                if gets_a_key && ways.iter().all(|way| way.copies != copies) {
                    ways.push(Way { copies, before: None });
                }
            }
            if is_changed {
                moves.push(Move { held: Held(position), ways });
            }
        }
        Ok(moves)
    }

    /// Finds what has to be known before a row is changed to find the held rows again: that they are there, and the row, where
    /// there are several ways in which it may move one. Returns the row then.
    pub(super) fn look_before(
        &mut self,
        model: ModelIndex,
        rows: Rows<'_, 'a>,
        moves: &mut [Move],
        missing: &Missing,
    ) -> Result<Option<Level>, Error> {
        let mut read = Vec::new();
        for Move { held, ways } in moves.iter().filter(|moved| !moved.ways.is_empty()) {
            let is_only = ways.len() == 1;
            let fields = ways.iter().filter(|_| !is_only).flat_map(Way::fields).collect::<Vec<_>>();
            self.confirm(*held, &fields)?;
            for way in ways.iter().filter(|_| !is_only) {
                include(&mut read, &way.sources());
            }
        }
        if read.is_empty() {
            return Ok(None);
        }
        include(&mut read, &self.primary_key(model)?);
        let before = self.find_row(model, rows, &read, Some(missing.clone()))?;
        for way in moves.iter_mut().filter(|moved| moved.ways.len() > 1).flat_map(|moved| &mut moved.ways) {
            way.before = Some(before.clone());
        }
        Ok(Some(before))
    }

    /// The same before several rows are changed, of which one may move a held row. A key that is computed for each of them is not
    /// known: then none of them may.
    pub(super) fn look_before_all(
        &mut self,
        model: ModelIndex,
        rows: Rows<'_, 'a>,
        assignments: &Assignments,
        moves: &mut [Move],
    ) -> Result<(), Error> {
        let is_computed = |copied: &Copied| {
            let assigned = assignments.iter().find(|(field, _)| *field == copied.source);
            matches!(assigned, Some((_, Assigned::Change(..))))
        };
        for Move { held, ways } in moves.iter_mut().filter(|moved| !moved.ways.is_empty()) {
            let key = self.primary_key(self.held_at(*held)?.model)?;
            let is_of_key = |copied: &&Copied| key.contains(&copied.field);
            let is_known = !ways.iter().flat_map(|way| &way.copies).filter(is_of_key).any(is_computed);
            if is_known && ways.len() == 1 {
                self.confirm(*held, &[])?;
                continue;
            }
            let fields: Vec<FieldIndex> = ways.iter().flat_map(Way::fields).collect();
            let level = self.confirm(*held, &fields)?;
            for way in &mut *ways {
                let conditions = |planner: &Self, scope: &mut Scope<'a>, table: Table| {
                    let mut conditions = planner.conditions(scope, table, rows)?;
                    let values = way.copies.iter().map(|copied| Ok((copied.source, level.cell(copied.field)?)));
                    conditions.extend(scope.equals(table, values.collect::<Result<Vec<_>, Error>>()?)?);
                    Ok::<_, Error>(conditions)
                };
                if is_known {
                    way.before = Some(self.find_where(model, &way.sources(), None, conditions)?);
                } else {
                    let mut scope = self.scope();
                    let table = scope.table(model);
                    let conditions = conditions(self, &mut scope, table)?;
                    let moved = Missing::Moved(self.held_at(*held)?.model);
                    self.check_none(&scope, table, conditions, moved)?;
                }
            }
            if !is_known {
                ways.clear();
            }
        }
        Ok(())
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

    /// Finds the held rows again that the statement before may have changed. `after` gives the new values of the columns of the
    /// changed row.
    pub(super) fn find_moved(
        &mut self,
        moves: &[Move],
        after: &dyn Fn(FieldIndex) -> Option<Param>,
    ) -> Result<(), Error> {
        for Move { held, ways } in moves {
            let HeldRow { model, level, missing, removals, .. } = self.held_at(*held)?;
            let (model, level, missing) = (*model, level.clone(), missing.clone());
            let removals = *removals;
            let again = self.given_if_optional(&level, missing, |planner, missing| {
                planner.find_held_again(model, &level, missing, ways, after)
            })?;
            self.found_held(*held, again, removals);
        }
        Ok(())
    }

    /// Finds one row again, which was there before the statement. The row that has its key is the row: what the same statement
    /// moves comes to keys that it gives, and those were free or the statement would fail. Where there is none, it has moved with
    /// the changed row.
    fn find_held_again(
        &mut self,
        model: ModelIndex,
        level: &Level,
        missing: Option<Missing>,
        ways: &[Way],
        after: &dyn Fn(FieldIndex) -> Option<Param>,
    ) -> Result<Level, Error> {
        let key = self.primary_key(model)?;
        let fields = &level.fields;
        let if_not_kept = if ways.is_empty() { missing.clone() } else { None };
        let kept = self.find_by_key(model, level, fields, if_not_kept)?;
        if ways.is_empty() {
            return Ok(kept);
        }
        let moved = self.unless(&kept, |planner| {
            planner.find_where(model, fields, missing, |planner, scope, table| {
                key.iter().map(|field| planner.has_moved(scope, table, *field, level, ways, after)).collect()
            })
        })?;
        self.either(model, &[&kept, &moved], fields)
    }

    /// That a column of a key has the value of the changed row in the way that moved it, or else the one that it had.
    fn has_moved(
        &self,
        scope: &Scope<'a>,
        table: Table,
        field: FieldIndex,
        level: &Level,
        ways: &[Way],
        after: &dyn Fn(FieldIndex) -> Option<Param>,
    ) -> Result<Condition<'a>, Error> {
        let mut any = Vec::new();
        let mut not_before: Vec<Condition<'a>> = Vec::new();
        for Way { copies, before } in ways {
            let copied = copies.iter().find(|copied| copied.field == field && copied.changes);
            let Some(value) = copied.and_then(|copied| after(copied.source)) else { continue };
            let mut all = scope.equals(table, [(field, value)])?;
            all.extend(not_before.iter().cloned());
            let Some(before) = before else { return Ok(Condition::All(all)) };
            let had = self.had(table.model, level, copies, before)?;
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
        copies: &[Copied],
        before: &Level,
    ) -> Result<Vec<Condition<'a>>, Error> {
        let equal = |copied: &Copied| {
            let column = self.catalog.model_at(model)?.column(copied.field);
            let own = Expression::Param(level.cell(copied.field)?, column);
            Ok(Comparison::equal(own, Expression::Param(before.cell(copied.source)?, column)))
        };
        copies.iter().map(equal).collect()
    }
}

/// The columns of a changed row with new values that find the held rows again.
pub(super) fn sources(moves: &[Move]) -> Vec<FieldIndex> {
    let mut sources = Vec::new();
    for copied in moves.iter().flat_map(|moved| &moved.ways).flat_map(|way| &way.copies) {
        if copied.changes {
            include(&mut sources, &[copied.source]);
        }
    }
    sources
}
