//! The rows that `connect`, `connectOrCreate` and `set` name, and when they are looked for: what is written before may change
//! what names them.

use std::collections::BTreeMap;
use std::slice;

use crate::catalog::{Arity, FieldIndex, ModelIndex, Relation};
use crate::error::Error;
use crate::plan::Missing;
use crate::planner::write::held::Held;
use crate::planner::write::update::Rows;
use crate::planner::{Level, Planner, include};
use crate::tree::{Filter, RelationWrite, RowWrites};

/// A row that an operation on a relation names.
#[derive(Clone)]
pub(super) struct Name<'r, 'a> {
    relation: &'a Relation,
    pub(super) filter: &'r Filter,
    /// The error where it is not there. None of `connectOrCreate`.
    pub(super) missing: Option<Missing>,
    /// Whether an operation before this one may make the row.
    pub(super) may_be_made: bool,
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
        let name = |filter| Self { relation, filter, missing: missing.clone(), may_be_made: false };
        filters.iter().map(name).collect()
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

/// Rows that were found before the operations that name them run, and are held until then.
#[derive(Default)]
pub(in crate::planner::write) struct NamedRows(BTreeMap<At, Held>);

impl NamedRows {
    pub(super) fn get(&self, operation: usize, row: usize) -> Option<Held> {
        self.0.get(&(operation, row)).copied()
    }

    pub(super) fn of_operation(&self, operation: usize) -> impl Iterator<Item = Held> {
        self.0.range((operation, 0)..(operation + 1, 0)).map(|(_, held)| *held)
    }
}

/// The operations on the relations of a row, and of which models those that were looked at make rows.
pub(super) struct Makers<'r> {
    model: ModelIndex,
    operations: &'r [(FieldIndex, RelationWrite)],
    /// Those that run before the row is written, or those that run after it.
    comes_first: bool,
    /// By model: how many operations were looked at, and whether one of them makes rows of it.
    known: BTreeMap<ModelIndex, (usize, bool)>,
}

impl<'r> Makers<'r> {
    pub(super) fn new(model: ModelIndex, operations: &'r [(FieldIndex, RelationWrite)], comes_first: bool) -> Self {
        Self { model, operations, comes_first, known: BTreeMap::new() }
    }

    /// Returns whether an operation before one may make a row of a model, or change what names one.
    pub(super) fn may_make(
        &mut self,
        planner: &Planner<'_>,
        target: ModelIndex,
        operation: usize,
    ) -> Result<bool, Error> {
        let (looked_at, makes) = self.known.entry(target).or_default();
        if !*makes && *looked_at < operation {
            let operations = self.operations.get(*looked_at..operation).unwrap_or_default();
            *makes = planner.may_make(self.model, operations, target, self.comes_first)?;
            *looked_at = operation;
        }
        Ok(*makes)
    }
}

impl<'a> Planner<'a> {
    /// The rows that the operations on the relations of a row name, where the foreign keys of the relations are on the other side
    /// or in a join table.
    fn names<'r>(&self, model: ModelIndex, data: &'r RowWrites) -> Result<Vec<(At, FieldIndex, Name<'r, 'a>)>, Error> {
        let mut names = Vec::new();
        let mut makers = Makers::new(model, &data.relations, false);
        for (operation, (field, write)) in data.relations.iter().enumerate() {
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key {
                continue;
            }
            for (row, mut name) in Name::of(model, *field, relation, write).into_iter().enumerate() {
                name.may_be_made = makers.may_make(self, relation.target, operation)?;
                names.push(((operation, row), *field, name));
            }
        }
        Ok(names)
    }

    /// Finds the rows that are named by what the write of a row may change before the operations on the others run: in itself,
    /// by cascades, or by letting go of the row that has the place of a one-to-one relation. `is_new`: the row is created, and may
    /// be named itself.
    pub(in crate::planner::write) fn name_before(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        is_new: bool,
    ) -> Result<NamedRows, Error> {
        let mut named = NamedRows::default();
        let names = self.names(model, data)?;
        let written = self.written_fields(model, data)?;
        if names.is_empty() || (written.is_empty() && !is_new) {
            return Ok(named);
        }
        let key = self.primary_key(model)?;
        let changed = self.changed_with(model, if is_new { &[] } else { &written })?;
        let moves_others = changed.len() > 1;
        for (at, _, name) in names {
            let target = name.relation.target;
            // Rows of lists are found after a new row, as by Prisma.
            let is_unlike = |field| target != model || (!is_new && key.contains(&field));
            let is_of_place = name.relation.arity != Arity::Many && !name.filter.compares_only(is_unlike);
            let mut changing = Vec::new();
            for (position, (model, copies)) in changed.iter().enumerate().filter(|(_, (model, _))| *model == target) {
                for copied in copies.iter().filter(|copied| copied.changes) {
                    // A row may be named by a new value of the row itself, but not by a new key.
                    if position > 0 || self.is_of_key(*model, copied.field)? {
                        changing.push(copied.field);
                    }
                }
            }
            let may_change = !name.does_without(&changing) && (name.looks_at_columns() || moves_others);
            if is_of_place || may_change {
                let held = self.hold_named(&name)?;
                named.0.insert(at, held);
            }
        }
        Ok(named)
    }

    /// The columns of a row that are written before the operations on the rows that refer to it.
    fn written_fields(&self, model: ModelIndex, data: &RowWrites) -> Result<Vec<FieldIndex>, Error> {
        let mut fields: Vec<FieldIndex> = data.columns.iter().map(|(field, _)| *field).collect();
        for (field, write) in &data.relations {
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key && write.comes_first() {
                include(&mut fields, &relation.from);
            }
        }
        Ok(fields)
    }

    /// Finds the rows of `connect` and `set` that are named by what another operation on their relation may change.
    pub(in crate::planner::write) fn name_among_others(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        named: &mut NamedRows,
    ) -> Result<(), Error> {
        let mut operations = BTreeMap::new();
        // A list of rows is one operation.
        for writes in data.operations() {
            if let Some((field, _)) = writes.first() {
                *operations.entry(*field).or_insert(0) += 1;
            }
        }
        for (at, field, name) in self.names(model, data)? {
            let is_alone = operations.get(&field) == Some(&1);
            let is_of_set = matches!(name.missing, Some(Missing::Set { .. }));
            let may_change = !is_alone && name.relation.through.is_none() && name.missing.is_some() && !is_of_set;
            if may_change && !named.0.contains_key(&at) && !name.does_without(&name.relation.to) {
                let held = self.hold_named(&name)?;
                named.0.insert(at, held);
            }
        }
        Ok(())
    }

    /// Finds the row that is named, and holds it.
    fn hold_named(&mut self, name: &Name<'_, 'a>) -> Result<Held, Error> {
        let target = name.relation.target;
        let mut wanted = self.linking(name.relation)?;
        include(&mut wanted, &self.primary_key(target)?);
        // One that is made before it is connected is looked for again then.
        let missing = name.missing.clone().filter(|_| !name.may_be_made);
        let found = self.find_by_name(&Name { missing: missing.clone(), ..name.clone() }, &wanted)?;
        Ok(self.hold(target, found, missing))
    }

    /// The row that is named, by the columns that link it: the one that was found before, or else the one that is there now.
    pub(super) fn named_row(&mut self, name: &Name<'_, 'a>, found: Option<Held>) -> Result<Level, Error> {
        match found {
            Some(held) if name.may_be_made => {
                let found = self.confirm(held, &[])?;
                self.found_or_made(name, &found)
            }
            Some(held) => self.confirm(held, &[]),
            None => self.find_named(name),
        }
    }

    /// Finds the row that is named; returns the columns that link it.
    pub(super) fn find_named(&mut self, name: &Name<'_, 'a>) -> Result<Level, Error> {
        let wanted = self.linking(name.relation)?;
        self.find_by_name(name, &wanted)
    }

    /// The same, where it may be that the row is made later.
    pub(super) fn find_if_there(&mut self, name: &Name<'_, 'a>) -> Result<Level, Error> {
        self.find_named(&Name { missing: None, ..name.clone() })
    }

    /// The row that is named: the one that was found before, or else one that was made since.
    pub(super) fn found_or_made(&mut self, name: &Name<'_, 'a>, found: &Level) -> Result<Level, Error> {
        let made = self.unless(found, |planner| planner.find_named(name))?;
        self.either(name.relation.target, &[found, &made], &self.linking(name.relation)?)
    }

    fn find_by_name(&mut self, name: &Name<'_, 'a>, wanted: &[FieldIndex]) -> Result<Level, Error> {
        let (target, missing) = (name.relation.target, name.missing.clone());
        if missing.is_some() && (name.relation.holds_key || name.relation.through.is_some()) {
            // A row that others begin to refer to is not changed: they need not wait for one another.
            return self
                .find_where(target, wanted, missing, |_, scope, table| Ok(vec![scope.condition(table, name.filter)?]));
        }
        self.find_row(target, Rows::Filter(name.filter), wanted, missing)
    }

    /// The rows that are named.
    pub(super) fn named_rows(&mut self, names: &[(Name<'_, 'a>, Option<Held>)]) -> Result<Vec<Level>, Error> {
        names.iter().map(|(name, found)| self.named_row(name, *found)).collect()
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
