//! Operations on the rows that are related to a written row.

mod change;
mod connect;
mod create;
mod disconnect;
mod names;

pub(super) use names::NamedRows;
use names::{Makers, Name};

use super::held::Held;
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
    /// Finds or creates the rows that a row is about to refer to, which are there before it; returns them by the number of their
    /// operation.
    pub(super) fn referred_rows(&mut self, model: ModelIndex, data: &RowWrites) -> Result<Vec<(usize, Level)>, Error> {
        // A row that is created for one relation may change what names that of another, or be it.
        let mut makers = Makers::new(model, &data.relations, true);
        let mut names = Vec::new();
        for (operation, (field, write)) in data.relations.iter().enumerate() {
            let relation = self.catalog.relation_at(model, *field)?;
            let name = if relation.holds_key { Name::of(model, *field, relation, write).pop() } else { None };
            names.push(match name {
                Some(name) if makers.may_make(self, relation.target, operation)? => {
                    Some((self.find_if_there(&name)?, Some(name)))
                }
                Some(name) => Some((self.find_named(&name)?, None)),
                None => None,
            });
        }
        let mut referred = Vec::new();
        for (operation, ((field, write), name)) in data.relations.iter().zip(names).enumerate() {
            let relation = self.catalog.relation_at(model, *field)?;
            if !relation.holds_key {
                continue;
            }
            let found = match name {
                Some((found, Some(name))) => Some(self.found_or_made(&name, &found)?),
                Some((found, None)) => Some(found),
                None => None,
            };
            let level = match (write, found) {
                (RelationWrite::Create(data), _) => self.insert(relation.target, data, Vec::new(), &relation.to)?,
                (RelationWrite::ConnectOrCreate { create, .. }, Some(found)) => {
                    self.given_or_created(relation, &found, create)?
                }
                (_, Some(found)) => found,
                _ => continue,
            };
            referred.push((operation, level));
        }
        Ok(referred)
    }

    /// Returns whether operations on the relations of a row may make a row of `target`, or give one other columns, by which
    /// another operation may name it then. `comes_first`: those that run before the row is written.
    pub(super) fn may_make(
        &self,
        model: ModelIndex,
        operations: &[(FieldIndex, RelationWrite)],
        target: ModelIndex,
        comes_first: bool,
    ) -> Result<bool, Error> {
        for (field, write) in operations {
            let relation = self.catalog.relation_at(model, *field)?;
            if (relation.holds_key && write.comes_first()) != comes_first {
                continue;
            }
            let made: &[&RowWrites] = match write {
                RelationWrite::Create(data) => &[data],
                RelationWrite::ConnectOrCreate { create, .. } => &[create],
                RelationWrite::Update { data, .. } => &[data],
                RelationWrite::Upsert { create, update, .. } => &[create, update],
                RelationWrite::CreateMany(_) | RelationWrite::UpdateMany { .. } if relation.target == target => {
                    return Ok(true);
                }
                _ => continue,
            };
            for data in made {
                let is_target = relation.target == target
                    && !(matches!(write, RelationWrite::Update { .. }) && data.columns.is_empty());
                if is_target
                    || self.may_make(relation.target, &data.relations, target, true)?
                    || self.may_make(relation.target, &data.relations, target, false)?
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Gives a row the foreign keys by which it refers to rows that are there, and makes room where it takes the place of a
    /// one-to-one relation. `existing` names the row, unless it is a new one.
    pub(super) fn refer_to(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        referred: &[(usize, Level)],
        existing: Option<Rows<'_, 'a>>,
        into: &mut Assignments,
    ) -> Result<(), Error> {
        for (operation, (field, write)) in data.relations.iter().enumerate() {
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key && matches!(write, RelationWrite::Disconnect(None)) {
                self.disconnect_here(model, relation, into)?;
                continue;
            }
            let Some((_, level)) = referred.iter().find(|(other, _)| *other == operation) else { continue };
            if !matches!(write, RelationWrite::Create(_)) {
                self.free_place(model, *field, relation, level, existing)?;
            }
            for (from, to) in relation.from.iter().zip(relation.to.iter()) {
                self.assign_key(model, into, *from, level.cell(*to)?)?;
            }
        }
        Ok(())
    }

    /// What is written after a row, in the order in which the caller wrote it. `named` are the rows that operations name and that
    /// were found before, `wanted` the columns that are looked at afterwards. `is_new`: the row is created.
    /// Returns the row as it is then: its own columns may have changed with the key of a related row.
    pub(super) fn write_after(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        row: Level,
        named: &NamedRows,
        wanted: &[FieldIndex],
        is_new: bool,
    ) -> Result<Level, Error> {
        if data.relations.is_empty() {
            return Ok(row);
        }
        let row = self.hold(model, row, Some(Missing::Moved(model)));
        let mut makers = Makers::new(model, &data.relations, false);
        let removals = self.removals;
        let mut operation = 0;
        for writes in data.operations() {
            let first = operation;
            operation += writes.len();
            let Some((field, write)) = writes.first() else { continue };
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key && write.comes_first() {
                continue;
            }
            let later = data.relations.get(operation..).unwrap_or_default();
            let looked_at = self.looked_at_by(model, later, wanted)?;
            self.look_at(row, looked_at);
            let level = if self.removals != removals && self.has_nullable_foreign_key(model, &relation.from)? {
                self.found_with_link(model, row, relation, write)?
            } else {
                self.held_row(row)?
            };
            let link = Link { model, field: *field, relation, row: &level };
            // Whether another row may have the place of the one that an operation brings.
            let replaces = !is_new && !link.is_many();
            match write {
                RelationWrite::Create(data) => {
                    if replaces {
                        self.replace(&link, None)?;
                    }
                    self.create_linked(&link, data)?;
                }
                RelationWrite::CreateMany(rows) => self.create_many_linked(&link, rows)?,
                RelationWrite::Connect(_) => {
                    let mut names = Vec::new();
                    for (position, (_, write)) in writes.iter().enumerate() {
                        let may_be_made = makers.may_make(self, relation.target, first + position)?;
                        let of_write = Name::of(model, *field, relation, write).into_iter();
                        names.extend(of_write.map(|mut name| {
                            name.may_be_made = may_be_made;
                            (name, named.get(first + position, 0))
                        }));
                    }
                    self.connect(&link, &names, replaces)?;
                }
                RelationWrite::ConnectOrCreate { create, .. } => {
                    for mut name in Name::of(model, *field, relation, write) {
                        name.may_be_made = makers.may_make(self, relation.target, first)?;
                        self.connect_or_create(&link, &name, create, named.get(first, 0), replaces)?;
                    }
                }
                RelationWrite::Disconnect(filter) => self.disconnect(&link, filter.as_ref())?,
                RelationWrite::Set(_) => {
                    let names = Name::of(model, *field, relation, write).into_iter().enumerate();
                    let names: Vec<_> = names.map(|(row, name)| (name, named.get(first, row))).collect();
                    self.set_linked(&link, &names)?;
                }
                RelationWrite::Update { data, .. } if data.columns.is_empty() && data.relations.is_empty() => {}
                RelationWrite::Update { filter, data } => {
                    let rows = Rows::Linked(&link, filter.as_ref());
                    self.change(relation.target, rows, data, Vec::new(), link.missing())?;
                }
                RelationWrite::UpdateMany { filter, data } => {
                    self.change_all(relation.target, Rows::Linked(&link, Some(filter)), data)?;
                }
                RelationWrite::Upsert { filter, create, update } => {
                    self.upsert_linked(&link, filter.as_ref(), create, update)?;
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
            // What these operations have named is done with.
            for held in (first..operation).flat_map(|operation| named.of_operation(operation)) {
                self.look_at(held, Vec::new());
            }
        }
        self.held_row(row)
    }

    /// A row as it is after something was deleted, with the columns of a link. Where these are null now, nothing can be linked to it.
    fn found_with_link(
        &mut self,
        model: ModelIndex,
        row: Held,
        relation: &Relation,
        write: &RelationWrite,
    ) -> Result<Level, Error> {
        let level = self.confirm(row, &[])?;
        let links = !matches!(
            write,
            RelationWrite::Disconnect(_)
                | RelationWrite::Update { .. }
                | RelationWrite::UpdateMany { .. }
                | RelationWrite::Delete(_)
                | RelationWrite::DeleteMany(_)
        );
        for field in relation.from.iter().filter(|_| links) {
            let scope = self.scope();
            let operand = Expression::Param(level.cell(*field)?, Some(scope.column_at(model, *field)?));
            self.check(&scope, Condition::Null { operand, negated: true }, Missing::Moved(model))?;
        }
        Ok(level)
    }

    /// Returns whether some columns of a row are part of a foreign key that may be null: a referential action may take it from the
    /// row when what it refers to is deleted.
    fn has_nullable_foreign_key(&self, model: ModelIndex, fields: &[FieldIndex]) -> Result<bool, Error> {
        let described = self.catalog.model_at(model)?;
        Ok(fields.iter().any(|field| {
            let refers = |relation: &Relation| relation.holds_key && relation.from.contains(field);
            described.column(*field).is_some_and(|column| column.nullable)
                && described.relations().any(|(_, relation)| refers(relation))
        }))
    }

    /// The columns of a row that operations on its relations and what follows them look at.
    fn looked_at_by(
        &self,
        model: ModelIndex,
        operations: &[(FieldIndex, RelationWrite)],
        wanted: &[FieldIndex],
    ) -> Result<Vec<FieldIndex>, Error> {
        let mut fields = wanted.to_vec();
        for (field, write) in operations {
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key && write.comes_first() {
                continue;
            }
            include(&mut fields, &relation.from);
            if relation.holds_key {
                // Its foreign key may be written again.
                include(&mut fields, &self.primary_key(model)?);
            }
        }
        Ok(fields)
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
