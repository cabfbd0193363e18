//! Operations on the rows that are related to a written row.

mod change;
mod connect;
mod create;
mod disconnect;
mod follow;
mod names;

use names::Name;
pub(super) use names::{MovedName, NamedRows};

use super::update::Rows;
use super::{Assignments, Level, Planner, include};
use crate::catalog::{Arity, FieldIndex, ModelIndex, Relation};
use crate::error::Error;
use crate::lower::{Scope, Table};
use crate::plan::{Missing, Param};
use crate::statement::{Alias, ColumnName, Comparison, Condition, Expression, From, Output, Select, Source, TableName};
use crate::tree::{RelationWrite, RowWrites};

/// The number of named rows that one statement moves or removes: each is a condition with the columns of a key, and a statement
/// has a limited number of parameters.
const MOST_TOGETHER: usize = 1_000;

/// A relation of a row that is there.
#[derive(Clone, Copy)]
pub(super) struct Link<'r, 'a> {
    /// The model of the row.
    pub(super) model: ModelIndex,
    pub(super) field: FieldIndex,
    pub(super) relation: &'a Relation,
    /// The row, with the columns that link it.
    pub(super) row: &'r Level,
}

impl Link<'_, '_> {
    fn is_many(&self) -> bool {
        self.relation.arity == Arity::Many
    }

    /// The error where the relation leads to no row that an operation names.
    fn missing(&self) -> Missing {
        Missing::Related { model: self.model, field: self.field }
    }

    /// The error where the place at the end of the relation is not free.
    fn place(&self) -> Missing {
        Missing::Place { model: self.model, field: self.field }
    }

    /// The columns of the row by which the related rows refer to it, with their values here.
    fn pairs(&self) -> Result<Vec<(FieldIndex, Param)>, Error> {
        let pairs = self.relation.to.iter().zip(self.relation.from.iter());
        pairs.map(|(to, from)| Ok((*to, self.row.cell(*from)?))).collect()
    }
}

impl<'a> Planner<'a> {
    /// What must be written before a row: the rows that it refers to, which give it its foreign keys. `existing` names the row,
    /// unless it is a new one.
    pub(super) fn write_before(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        existing: Option<Rows<'_, 'a>>,
        into: &mut Assignments,
    ) -> Result<(), Error> {
        // What makes room for one row may change what names another.
        let mut found = Vec::new();
        for (field, write) in &data.relations {
            let relation = self.catalog.relation_at(model, *field)?;
            let name = if relation.holds_key { Name::of(model, *field, relation, write).pop() } else { None };
            found.push(name.map(|name| self.find_named(&name)).transpose()?);
        }
        for ((field, write), found) in data.relations.iter().zip(found) {
            let relation = self.catalog.relation_at(model, *field)?;
            if !relation.holds_key {
                continue;
            }
            let level = match (write, found) {
                (RelationWrite::Create(data), _) => self.insert(relation.target, data, Vec::new(), &relation.to)?,
                (RelationWrite::ConnectOrCreate { create, .. }, Some(found)) => {
                    self.given_or_created(relation, &found, create)?
                }
                (_, Some(found)) => found,
                (RelationWrite::Disconnect(None), None) => {
                    self.disconnect_here(model, relation, into)?;
                    continue;
                }
                _ => continue,
            };
            if !matches!(write, RelationWrite::Create(_)) {
                self.free_place(model, *field, relation, &level, existing)?;
            }
            for (from, to) in relation.from.iter().zip(relation.to.iter()) {
                self.assign_key(model, into, *from, level.cell(*to)?)?;
            }
        }
        Ok(())
    }

    /// What is written after a row, in the order in which the caller wrote it. `named` are the rows that operations name and that
    /// were found before, and `existing`, for a row that was there before, the columns that are wanted of it.
    /// Returns the row as it is then, where its own columns may have changed with the key of a related row.
    pub(super) fn write_after(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        row: &Level,
        mut named: NamedRows,
        existing: Option<&[FieldIndex]>,
    ) -> Result<Option<Level>, Error> {
        let mut looked_at = self.primary_key(model)?;
        include(&mut looked_at, existing.unwrap_or_default());
        if data.relations.len() > 1 {
            include(&mut looked_at, &row.fields);
        }
        let mut moved: Option<Level> = None;
        let mut operation = 0;
        for writes in data.relations.chunk_by(|(field, write), (other, next)| field == other && write.joins(next)) {
            let first = operation;
            operation += writes.len();
            let Some((field, write)) = writes.first() else { continue };
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key && write.comes_first() {
                continue;
            }
            let link = Link { model, field: *field, relation, row: moved.as_ref().unwrap_or(row) };
            // Whether another row may have the place of the one that an operation brings.
            let replaces = existing.is_some() && !link.is_many();
            match write {
                RelationWrite::Create(data) => {
                    if replaces {
                        self.replace(&link, None)?;
                    }
                    self.create_linked(&link, data)?;
                }
                RelationWrite::CreateMany(rows) => self.create_many_linked(&link, rows)?,
                RelationWrite::Connect(_) => {
                    let names = writes.iter().flat_map(|(_, write)| Name::of(model, *field, relation, write)).collect();
                    let found = (first..operation).map(|operation| named.take(operation, 0)).collect();
                    self.connect(&link, names, found, replaces)?;
                }
                RelationWrite::ConnectOrCreate { create, .. } => {
                    for name in Name::of(model, *field, relation, write) {
                        self.connect_or_create(&link, &name, create, named.take(first, 0), replaces)?;
                    }
                }
                RelationWrite::Disconnect(filter) => self.disconnect(&link, filter.as_ref())?,
                RelationWrite::Set(_) => {
                    let names = Name::of(model, *field, relation, write);
                    let found = (0..names.len()).map(|row| named.take(first, row)).collect();
                    self.set_linked(&link, names, found)?;
                }
                RelationWrite::Update { data, .. } if data.columns.is_empty() && data.relations.is_empty() => {}
                RelationWrite::Update { filter, data } => {
                    moved = self.update_linked(&link, filter.as_ref(), data, &looked_at)?.or(moved);
                }
                RelationWrite::UpdateMany { filter, data } => {
                    self.change_all(relation.target, Rows::Linked(&link, Some(filter)), data)?;
                }
                RelationWrite::Upsert { filter, create, update } => {
                    moved = self.upsert_linked(&link, filter.as_ref(), create, update, &looked_at)?.or(moved);
                }
                RelationWrite::Delete(None) => self.delete_linked(&link, None)?,
                RelationWrite::Delete(Some(filter)) if writes.len() == 1 => self.delete_linked(&link, Some(filter))?,
                RelationWrite::Delete(Some(_)) => {
                    let filters = writes.iter().filter_map(|(_, write)| match write {
                        RelationWrite::Delete(filter) => filter.clone(),
                        _ => None,
                    });
                    self.delete_together(&link, filters.collect())?;
                }
                RelationWrite::DeleteMany(filter) => {
                    self.delete_all(relation.target, Rows::Linked(&link, Some(filter)))?;
                }
            }
        }
        Ok(moved)
    }

    /// The rows of a table that a link leads to.
    pub(super) fn linked(
        &self,
        scope: &mut Scope<'a>,
        table: Table,
        link: &Link<'_, 'a>,
    ) -> Result<Vec<Condition<'a>>, Error> {
        let relation = link.relation;
        let Some(through) = &relation.through else {
            return scope.equals_to(table, relation, link.pairs()?);
        };
        let join = scope.table(relation.target);
        let name = TableName { schema: through.schema.as_deref(), name: &through.table };
        let mut conditions = self.joined_to(scope, join.alias, link)?;
        conditions.extend(scope.joined(table, join.alias, relation)?);
        let outputs = vec![Output::of(Expression::Number(1))];
        let from = Some(From::Table(Source { table: name, alias: join.alias }));
        let select = Box::new(Select { outputs, from, conditions, ..Select::default() });
        Ok(vec![Condition::Exists { select, negated: false }])
    }

    /// The rows of a join table that lead from a row.
    fn joined_to(&self, scope: &Scope<'a>, join: Alias, link: &Link<'_, 'a>) -> Result<Vec<Condition<'a>>, Error> {
        let Some(through) = &link.relation.through else { return Ok(Vec::new()) };
        let equal = |key: &FieldIndex| {
            let name = ColumnName { alias: Some(join), name: &through.from_column };
            let column = scope.column_at(link.model, *key)?;
            let place = (through, &*through.from_column);
            let own = scope.compared_key(place, link.model, *key, Expression::Column(name))?;
            Ok(Comparison::equal(own, Expression::Param(link.row.cell(*key)?, Some(column))))
        };
        link.relation.from.iter().map(equal).collect()
    }
}
