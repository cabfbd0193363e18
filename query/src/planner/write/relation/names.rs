//! The rows that `connect`, `connectOrCreate` and `set` name, and when they are looked for: what is written before may change
//! what names them.

use std::collections::BTreeMap;
use std::slice;

use super::Link;
use super::follow::{Copied, Place};
use crate::catalog::{Arity, FieldIndex, ModelIndex, Relation};
use crate::error::Error;
use crate::lower::{Scope, Table};
use crate::plan::Missing;
use crate::planner::write::Assignments;
use crate::planner::write::update::Rows;
use crate::planner::{Level, Planner};
use crate::statement::Condition;
use crate::tree::{Filter, RelationWrite, RowWrites};

/// A row that an operation on a relation names.
#[derive(Clone)]
pub(super) struct Name<'r, 'a> {
    relation: &'a Relation,
    pub(super) filter: &'r Filter,
    /// The error where it is not there. None of `connectOrCreate`.
    pub(super) missing: Option<Missing>,
}

impl<'r, 'a> Name<'r, 'a> {
    /// The rows that an operation names to relate them to the written row.
    pub(super) fn of(
        model: ModelIndex,
        field: FieldIndex,
        relation: &'a Relation,
        write: &'r RelationWrite,
    ) -> Vec<Self> {
        let (filters, missing) = match write {
            RelationWrite::Connect(filter) => (slice::from_ref(filter), Some(Missing::Connected { model, field })),
            RelationWrite::ConnectOrCreate { filter, .. } => (slice::from_ref(filter), None),
            RelationWrite::Set(filters) => (&filters[..], Some(Missing::Set { model, field })),
            _ => return Vec::new(),
        };
        filters.iter().map(|filter| Self { relation, filter, missing: missing.clone() }).collect()
    }

    /// Returns whether the filter names the same row whatever becomes of some columns of it, and of rows that are related to it.
    pub(super) fn does_without(&self, columns: &[FieldIndex]) -> bool {
        self.filter.compares_only(|field| !columns.contains(&field))
    }

    /// Returns whether the filter looks at the row alone, not at rows that are related to it.
    fn looks_at_columns(&self) -> bool {
        self.filter.compares_only(|_| true)
    }
}

/// Where an operation names a row: the number of the operation among those on the relations of one row, and that of the row among
/// those that the operation names.
type At = (usize, usize);

/// Rows that were found before the operations that name them run.
#[derive(Default)]
pub(in crate::planner::write) struct NamedRows(BTreeMap<At, Level>);

impl NamedRows {
    pub(super) fn take(&mut self, operation: usize, row: usize) -> Option<Level> {
        self.0.remove(&(operation, row))
    }
}

/// A row that was found before the row that names it was changed, and that the change may move to another key.
pub(in crate::planner::write) struct MovedName<'a> {
    at: At,
    relation: &'a Relation,
    missing: Option<Missing>,
    /// The columns that were found, and the changed columns whose values they may hold, and get with them.
    copies: Vec<(FieldIndex, FieldIndex)>,
}

impl MovedName<'_> {
    /// The changed columns, by whose values before and after the change the row is found again.
    pub(in crate::planner::write) fn sources(&self) -> impl Iterator<Item = FieldIndex> {
        self.copies.iter().map(|(_, source)| *source)
    }
}

impl<'a> Planner<'a> {
    /// The rows that the operations on the relations of a row name, where the foreign keys of the relations are on the other side
    /// or in a join table.
    fn names<'r>(&self, model: ModelIndex, data: &'r RowWrites) -> Result<Vec<(At, FieldIndex, Name<'r, 'a>)>, Error> {
        let mut names = Vec::new();
        for (operation, (field, write)) in data.relations.iter().enumerate() {
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key {
                continue;
            }
            for (row, name) in Name::of(model, *field, relation, write).into_iter().enumerate() {
                names.push(((operation, row), *field, name));
            }
        }
        Ok(names)
    }

    /// Finds the rows of one-to-one relations that are named by what any write before may change, that of the row among them:
    /// rows of the same model, and those that are named by what they are related to. `is_new`: the row is created, and may be
    /// named itself. Rows of lists are found after it, as by Prisma.
    pub(in crate::planner::write) fn name_first(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        is_new: bool,
    ) -> Result<NamedRows, Error> {
        let key = self.primary_key(model)?;
        let mut named = NamedRows::default();
        for (at, _, name) in self.names(model, data)? {
            let may = |field| name.relation.target != model || (!is_new && key.contains(&field));
            if name.relation.arity != Arity::Many && !name.filter.compares_only(may) {
                named.0.insert(at, self.find_named(&name)?);
            }
        }
        Ok(named)
    }

    /// Finds the rows that are named by what a change of the row is about to change, in itself or by cascades. Returns those
    /// of all rows found so far that must be [found again](Self::name_again) after it.
    pub(in crate::planner::write) fn name_before(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        assignments: &Assignments,
        named: &mut NamedRows,
    ) -> Result<Vec<MovedName<'a>>, Error> {
        let names = self.names(model, data)?;
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut reached = Vec::new();
        for (source, _) in assignments {
            let places: Vec<Place> = self.reached(vec![(model, *source)])?;
            reached.extend(places.into_iter().map(|place| (*source, place)));
        }
        let moves_others = reached.len() > assignments.len();
        let mut moved = Vec::new();
        for (at, _, name) in names {
            let target = name.relation.target;
            // A row may be named by a new value of the row itself, but not by a new key.
            let mut copies = Vec::new();
            for (source, place) in &reached {
                let is_own_value = *place == (model, *source) && !self.is_of_key(model, *source)?;
                if place.0 == target && !is_own_value {
                    copies.push((place.1, *source));
                }
            }
            let changing: Vec<_> = copies.iter().map(|(field, _)| *field).collect();
            let may_change = !name.does_without(&changing) && (name.looks_at_columns() || moves_others);
            if may_change && !named.0.contains_key(&at) {
                named.0.insert(at, self.find_named(&name)?);
            }
            if named.0.contains_key(&at) {
                let columns = self.linking(name.relation)?;
                let copies: Vec<_> = copies.into_iter().filter(|(field, _)| columns.contains(field)).collect();
                if !copies.is_empty() {
                    moved.push(MovedName { at, relation: name.relation, missing: name.missing, copies });
                }
            }
        }
        Ok(moved)
    }

    /// Finds a row again after the change of the row that names it, which is given as it was and as it is.
    pub(in crate::planner::write) fn name_again(
        &mut self,
        moved: &MovedName<'a>,
        before: &Level,
        after: &Level,
        named: &mut NamedRows,
    ) -> Result<(), Error> {
        let MovedName { at, relation, missing, copies } = moved;
        let Some(found) = named.0.remove(at) else { return Ok(()) };
        let again = self.given(&found, |planner| {
            planner.find_again(relation.target, &found, missing.clone(), |planner, scope, table| {
                let copied = Some(Copied { columns: copies, before, after });
                let column = |field: &FieldIndex| planner.kept_or_copied(scope, table, &found, *field, copied);
                found.fields.iter().map(column).collect()
            })
        })?;
        named.0.insert(*at, again);
        Ok(())
    }

    /// Finds a row again that may have got another key: what has kept its key is the row, and where there is none, it is the one
    /// that satisfies the conditions.
    pub(super) fn find_again(
        &mut self,
        model: ModelIndex,
        found: &Level,
        missing: Option<Missing>,
        moved: impl FnOnce(&Self, &mut Scope<'a>, Table) -> Result<Vec<Condition<'a>>, Error>,
    ) -> Result<Level, Error> {
        let fields = &found.fields;
        let kept = self.find_where(model, fields, None, |planner, scope, table| {
            planner.equals_cells(scope, table, fields, found)
        })?;
        let other = self.unless(&kept, |planner| planner.find_where(model, fields, missing, moved))?;
        self.either(model, &[&kept, &other], fields)
    }

    /// Finds the rows of `connect` and `set` that are named by what another operation on their relation may change.
    pub(in crate::planner::write) fn name_among_others(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        named: &mut NamedRows,
    ) -> Result<(), Error> {
        let mut operations = BTreeMap::new();
        for (field, _) in &data.relations {
            *operations.entry(*field).or_insert(0) += 1;
        }
        for (at, field, name) in self.names(model, data)? {
            let is_alone = operations.get(&field) == Some(&1);
            let is_of_set = matches!(name.missing, Some(Missing::Set { .. }));
            let may_change = !is_alone && name.relation.through.is_none() && name.missing.is_some() && !is_of_set;
            if may_change && !named.0.contains_key(&at) && !name.does_without(&name.relation.to) {
                named.0.insert(at, self.find_named(&name)?);
            }
        }
        Ok(())
    }

    /// The row that is named, by the columns that link it.
    pub(super) fn find_named(&mut self, name: &Name<'_, 'a>) -> Result<Level, Error> {
        let wanted = self.linking(name.relation)?;
        let (target, missing) = (name.relation.target, name.missing.clone());
        if missing.is_some() && (name.relation.holds_key || name.relation.through.is_some()) {
            // A row that others begin to refer to is not changed: they need not wait for one another.
            return self.find_where(target, &wanted, missing, |_, scope, table| {
                Ok(vec![scope.condition(table, name.filter)?])
            });
        }
        self.find_row(target, Rows::Filter(name.filter), &wanted, missing)
    }

    /// The rows that names stand for, of which `found` were found before.
    pub(super) fn find_all_named(
        &mut self,
        link: &Link<'_, 'a>,
        names: &[Name<'_, 'a>],
        found: Vec<Option<Level>>,
    ) -> Result<Vec<Level>, Error> {
        let mut rows = Vec::new();
        for (name, found) in names.iter().zip(found) {
            rows.push(match found {
                Some(found) if link.relation.through.is_none() => self.still_there(link, name, &found)?,
                Some(found) => found,
                None => self.find_named(name)?,
            });
        }
        Ok(rows)
    }

    /// The columns by which a row that a filter names is connected: those that the foreign key here or the join table refers
    /// to, or its own key, by which its foreign key is changed.
    fn linking(&self, relation: &Relation) -> Result<Vec<FieldIndex>, Error> {
        if relation.holds_key || relation.through.is_some() {
            Ok(relation.to.to_vec())
        } else {
            self.primary_key(relation.target)
        }
    }
}
