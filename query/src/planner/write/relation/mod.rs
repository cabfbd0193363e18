//! Operations on the rows that are related to a written row.

mod change;
mod connect;
mod create;
mod disconnect;

use super::update::Rows;
use super::{Assignments, Level, Planner};
use crate::catalog::{Arity, FieldIndex, ModelIndex, Relation};
use crate::error::Error;
use crate::lower::{Scope, Table};
use crate::plan::{Missing, Param, Run};
use crate::statement::{
    Alias, ColumnName, Comparison, Condition, Expression, From, Output, Select, Source, Statement, TableName,
};
use crate::tree::{RelationWrite, RowWrites};

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
        for (field, write) in &data.relations {
            let relation = self.catalog.relation_at(model, *field)?;
            if !relation.holds_key {
                continue;
            }
            let level = match write {
                RelationWrite::Create(data) => self.insert(relation.target, data, Vec::new(), &relation.to)?,
                RelationWrite::Connect(filter) => self.connected(model, *field, relation, filter)?,
                RelationWrite::ConnectOrCreate { filter, create } => self.found_or_created(relation, filter, create)?,
                RelationWrite::Disconnect(None) => {
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

    /// What is written after a row, in the order in which the caller wrote it. `named` are the rows to connect that were found
    /// before (see [`Self::named_before`]), and `existing`: the row was there before. Returns the row as it is then, where its
    /// own columns may have changed with a key of the row that it refers to.
    pub(super) fn write_after(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        row: &Level,
        named: Vec<Option<Level>>,
        existing: bool,
    ) -> Result<Option<Level>, Error> {
        let mut moved: Option<Level> = None;
        let mut named = named.into_iter();
        for (field, write) in &data.relations {
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key && write.comes_first() {
                continue;
            }
            let link = Link { model, field: *field, relation, row: moved.as_ref().unwrap_or(row) };
            // Whether another row may have the place of the one that an operation brings.
            let replaces = existing && !link.is_many();
            // Whether something looks at the row again.
            let follows = relation.holds_key
                && (data.relations.len() > 1
                    || self.primary_key(model)?.iter().any(|field| relation.from.contains(field)));
            match write {
                RelationWrite::Create(data) => {
                    if replaces {
                        self.replace(&link, None)?;
                    }
                    self.create_linked(&link, data)?;
                }
                RelationWrite::CreateMany(rows) => self.create_many_linked(&link, rows)?,
                RelationWrite::Connect(filter) => {
                    self.connect(&link, filter, named.next().flatten(), replaces)?;
                }
                RelationWrite::ConnectOrCreate { filter, create } => {
                    self.connect_or_create(&link, filter, create, named.next().flatten(), replaces)?;
                }
                RelationWrite::Disconnect(filter) => self.disconnect(&link, filter.as_ref())?,
                RelationWrite::Set(rows) => self.set_linked(&link, rows)?,
                RelationWrite::Update { data, .. } if data.columns.is_empty() && data.relations.is_empty() => {}
                RelationWrite::Update { filter, data } => {
                    let follows = follows && self.changes_key(relation.target, data, &relation.to)?;
                    let wanted = if follows { relation.to.to_vec() } else { Vec::new() };
                    let rows = Rows::Linked(&link, filter.as_ref());
                    let changed = self.change(relation.target, rows, data, wanted, link.missing())?;
                    if follows {
                        moved = Some(self.follow(&link, &changed)?);
                    }
                }
                RelationWrite::UpdateMany { filter, data } => {
                    self.change_all(relation.target, Rows::Linked(&link, Some(filter)), data)?;
                }
                RelationWrite::Upsert { filter, create, update } => {
                    let written = self.upsert_linked(&link, filter.as_ref(), create, update, follows)?;
                    if let Some(written) = written {
                        moved = Some(self.follow(&link, &written)?);
                    }
                }
                RelationWrite::Delete(filter) => self.delete_linked(&link, filter.as_ref())?,
                RelationWrite::DeleteMany(filter) => {
                    self.delete_all(relation.target, Rows::Linked(&link, Some(filter)))?;
                }
            }
        }
        Ok(moved)
    }

    /// Returns whether a write changes columns by which other rows refer to the written one: the database changes those rows
    /// too.
    fn changes_key(&self, model: ModelIndex, data: &RowWrites, key: &[FieldIndex]) -> Result<bool, Error> {
        if data.columns.iter().any(|(field, _)| key.contains(field)) {
            return Ok(true);
        }
        for (field, write) in &data.relations {
            let relation = self.catalog.relation_at(model, *field)?;
            if !relation.holds_key || !relation.from.iter().any(|field| key.contains(field)) {
                continue;
            }
            let changes = match write {
                RelationWrite::Update { data, .. } => self.changes_key(relation.target, data, &relation.to)?,
                _ => true,
            };
            if changes {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Finds the row of a link again after the row that it refers to was written: `other`, as it is now. The foreign key is
    /// that of `other`, and may be a part of the row's own key.
    fn follow(&mut self, link: &Link<'_, 'a>, other: &Level) -> Result<Level, Error> {
        let mut scope = self.scope();
        let table = scope.table(link.model);
        let mut key = Vec::new();
        for field in self.primary_key(link.model)? {
            let referred = link.relation.from.iter().position(|from| *from == field);
            key.push((
                field,
                match referred.and_then(|position| link.relation.to.get(position)) {
                    Some(to) => other.cell(*to)?,
                    None => link.row.cell(field)?,
                },
            ));
        }
        let wanted = link.row.fields.clone();
        let output = |field: &FieldIndex| Ok(Output::of(scope.column(table, *field)?));
        let outputs = wanted.iter().map(output).collect::<Result<_, Error>>()?;
        let from = Some(From::Table(scope.source(table)?));
        let conditions = scope.equals_from(table, link.relation, key)?;
        let select = Statement::Select(Box::new(Select { outputs, from, conditions, ..Select::default() }));
        let columns = self.frame_columns(link.model, &wanted)?;
        let frame = self.step(&scope, &select, columns, Run::Single, Some(Missing::Moved(link.model)))?;
        Ok(Level { frame, fields: wanted, offset: 0 })
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
