//! A row that is looked at again after a related row got another key: the database changed the foreign keys that led there,
//! which may be parts of the row's own key, and the related row may be the row itself.

use super::Link;
use crate::catalog::{FieldIndex, ModelIndex};
use crate::error::Error;
use crate::lower::{Scope, Table};
use crate::plan::Missing;
use crate::planner::write::update::Rows;
use crate::planner::{Level, Planner, include};
use crate::statement::{Comparison, Condition, Expression};
use crate::tree::{Filter, RelationWrite, RowWrites};

/// A column of a model.
pub(super) type Place = (ModelIndex, FieldIndex);

/// What has to be known of a related row, before and after it is changed, to find the row that has the relation again.
pub(super) struct Followed {
    /// The columns of the related row that are read before and after its change.
    pub(super) columns: Vec<FieldIndex>,
    /// The columns of the row's key that may hold the value of a column of the related row, and get its new one with it, although
    /// the relation is not by them: both come from what is changed.
    copies: Vec<(FieldIndex, FieldIndex)>,
    /// The related row may be the row itself.
    may_be_itself: bool,
}

/// Columns that may hold the values of columns of a changed row, and get its new ones with it.
#[derive(Clone, Copy)]
pub(super) struct Copied<'r> {
    /// Each with the column of the changed row.
    pub(super) columns: &'r [(FieldIndex, FieldIndex)],
    pub(super) before: &'r Level,
    pub(super) after: &'r Level,
}

impl Followed {
    /// Returns whether the new values of the related row do not suffice to find the row.
    pub(super) fn needs_before(&self) -> bool {
        self.may_be_itself || !self.copies.is_empty()
    }
}

impl<'a> Planner<'a> {
    /// Returns what finds the row of a link again, where the places that an operation changes may change the columns that are
    /// looked at later, the row's key among them.
    pub(super) fn followed(
        &self,
        link: &Link<'_, 'a>,
        changed: Vec<Place>,
        looked_at: &[FieldIndex],
    ) -> Result<Option<Followed>, Error> {
        let relation = link.relation;
        let target = relation.target;
        let reached = self.reached(changed.clone())?;
        if !looked_at.iter().any(|field| reached.contains(&(link.model, *field))) {
            return Ok(None);
        }
        let key = self.primary_key(link.model)?;
        let mut copies = Vec::new();
        for place in changed {
            let reached = self.reached(vec![place])?;
            // A column that is changed by itself is changed in one row, and in no other.
            let followed = key.iter().copied().filter(|field| place != (link.model, *field));
            let followed = followed.filter(|field| reached.contains(&(link.model, *field)));
            for field in followed.filter(|field| !relation.holds_key || !relation.from.contains(field)) {
                for to in reached.iter().filter(|(model, _)| *model == target).map(|(_, to)| *to) {
                    if !copies.contains(&(field, to)) {
                        copies.push((field, to));
                    }
                }
            }
        }
        let may_be_itself = target == link.model && key.iter().any(|field| reached.contains(&(target, *field)));
        let mut columns = Vec::new();
        if relation.holds_key {
            include(&mut columns, &relation.to);
        }
        let sources: Vec<FieldIndex> = copies.iter().map(|(_, to)| *to).collect();
        include(&mut columns, &sources);
        if may_be_itself {
            include(&mut columns, &key);
        }
        Ok(Some(Followed { columns, copies, may_be_itself }))
    }

    /// Adds the columns that a change of a row of `model` may change, there and in the related rows that it changes.
    pub(super) fn changed_places(
        &self,
        model: ModelIndex,
        data: &RowWrites,
        into: &mut Vec<Place>,
    ) -> Result<(), Error> {
        into.extend(data.columns.iter().map(|(field, _)| (model, *field)));
        for (field, write) in &data.relations {
            let relation = self.catalog.relation_at(model, *field)?;
            match write {
                RelationWrite::Update { data, .. } => self.changed_places(relation.target, data, into)?,
                RelationWrite::Upsert { update, .. } => {
                    self.changed_places(relation.target, update, into)?;
                    if relation.holds_key {
                        into.extend(relation.from.iter().map(|field| (model, *field)));
                    }
                }
                _ if relation.holds_key => into.extend(relation.from.iter().map(|field| (model, *field))),
                _ => {}
            }
        }
        Ok(())
    }

    /// The columns that the database changes with others: those of the foreign keys that lead to them, and so on. Begins with
    /// the others.
    pub(super) fn reached(&self, mut places: Vec<Place>) -> Result<Vec<Place>, Error> {
        let mut next = 0;
        while let Some((model, field)) = places.get(next).copied() {
            next += 1;
            for (_, relation) in self.catalog.model_at(model)?.relations() {
                if relation.holds_key || relation.through.is_some() {
                    continue;
                }
                let pairs = relation.from.iter().zip(relation.to.iter());
                for (_, to) in pairs.filter(|(from, _)| **from == field) {
                    let place = (relation.target, *to);
                    if !places.contains(&place) {
                        places.push(place);
                    }
                }
            }
        }
        Ok(places)
    }

    /// Changes the related row that a filter names; returns the row of the link as it is then, where it is followed.
    pub(super) fn update_linked(
        &mut self,
        link: &Link<'_, 'a>,
        filter: Option<&Filter>,
        data: &RowWrites,
        looked_at: &[FieldIndex],
    ) -> Result<Option<Level>, Error> {
        let target = link.relation.target;
        let rows = Rows::Linked(link, filter);
        let mut changed = Vec::new();
        self.changed_places(target, data, &mut changed)?;
        let Some(followed) = self.followed(link, changed, looked_at)? else {
            self.change(target, rows, data, Vec::new(), link.missing())?;
            return Ok(None);
        };
        let columns = followed.columns.clone();
        if !followed.needs_before() {
            let after = self.change(target, rows, data, columns, link.missing())?;
            return self.follow(link, &followed, None, &after).map(Some);
        }
        let mut read = self.primary_key(target)?;
        include(&mut read, &columns);
        let before = self.find_row(target, rows, &read, Some(link.missing()))?;
        let after = self.change(target, Rows::Found(&before), data, columns, link.missing())?;
        self.follow(link, &followed, Some(&before), &after).map(Some)
    }

    /// Finds the row of a link again after a related row was written: `after` is the related row as it is now, and `before` as
    /// it was, where that [is needed](Followed::needs_before).
    pub(super) fn follow(
        &mut self,
        link: &Link<'_, 'a>,
        followed: &Followed,
        before: Option<&Level>,
        after: &Level,
    ) -> Result<Level, Error> {
        let missing = Some(Missing::Moved(link.model));
        self.find_where(link.model, &link.row.fields, missing, |planner, scope, table| {
            let conditions = planner.other_row(scope, table, link, followed, before, after)?;
            let Some(before) = before.filter(|_| followed.may_be_itself) else { return Ok(conditions) };
            let same = planner.same_row(scope, table, link, before, after)?;
            Ok(vec![Condition::Any(vec![Condition::All(same), Condition::All(conditions)])])
        })
    }

    /// That a row is that of the link, which is not the changed one: it has the new foreign key, the copies of what was changed
    /// are changed as well, and the rest of its key is as before.
    fn other_row(
        &self,
        scope: &Scope<'a>,
        table: Table,
        link: &Link<'_, 'a>,
        followed: &Followed,
        before: Option<&Level>,
        after: &Level,
    ) -> Result<Vec<Condition<'a>>, Error> {
        let relation = link.relation;
        let mut conditions = Vec::new();
        for field in self.primary_key(link.model)? {
            let referred = relation.from.iter().position(|from| relation.holds_key && *from == field);
            if let Some(to) = referred.and_then(|position| relation.to.get(position)) {
                conditions.extend(scope.equals_from(table, relation, [(field, after.cell(*to)?)])?);
                continue;
            }
            let copied = before.map(|before| Copied { columns: &followed.copies, before, after });
            conditions.push(self.kept_or_copied(scope, table, link.row, field, copied)?);
        }
        Ok(conditions)
    }

    /// That a column of a table has the value that a row had, or got another one by a change of the row that it copies.
    pub(super) fn kept_or_copied(
        &self,
        scope: &Scope<'a>,
        table: Table,
        row: &Level,
        field: FieldIndex,
        copied: Option<Copied<'_>>,
    ) -> Result<Condition<'a>, Error> {
        let mut any = self.equals_cells(scope, table, &[field], row)?;
        if let Some(Copied { columns, before, after }) = copied {
            for (_, source) in columns.iter().filter(|(copy, _)| *copy == field) {
                let mut changed = vec![self.had(table.model, row, field, before, *source)?];
                changed.extend(scope.equals(table, [(field, after.cell(*source)?)])?);
                any.push(Condition::All(changed));
            }
        }
        Ok(if any.len() == 1 { Condition::All(any) } else { Condition::Any(any) })
    }

    /// That the row of the link is the changed row, and a row is this one as it is now.
    fn same_row(
        &self,
        scope: &Scope<'a>,
        table: Table,
        link: &Link<'_, 'a>,
        before: &Level,
        after: &Level,
    ) -> Result<Vec<Condition<'a>>, Error> {
        let key = self.primary_key(link.model)?;
        let mut conditions = self.equals_cells(scope, table, &key, after)?;
        for field in key {
            conditions.push(self.had(link.model, link.row, field, before, field)?);
        }
        Ok(conditions)
    }

    /// That a column of a row had the value of a column of the changed row.
    fn had(
        &self,
        model: ModelIndex,
        row: &Level,
        field: FieldIndex,
        before: &Level,
        source: FieldIndex,
    ) -> Result<Condition<'a>, Error> {
        let column = self.catalog.model_at(model)?.column(field);
        let own = Expression::Param(row.cell(field)?, column);
        Ok(Comparison::equal(own, Expression::Param(before.cell(source)?, column)))
    }
}
