//! `connect` and `connectOrCreate`, and the places of one-to-one relations that they take.

use super::Link;
use crate::catalog::{Arity, FieldIndex, ModelIndex, Relation};
use crate::error::Error;
use crate::lower::{Scope, Table};
use crate::plan::{Missing, Param, Run};
use crate::planner::write::unique::include_keys;
use crate::planner::write::update::Rows;
use crate::planner::write::{Assigned, Assignments};
use crate::planner::{Level, Planner};
use crate::statement::{
    Comparison, Condition, Conflict, Expression, From, Insert, Output, Select, Statement, TableName, Update,
};
use crate::tree::{Filter, RelationWrite, RowWrites};

impl<'a> Planner<'a> {
    /// Connects a row that refers to the written one, or that a join table links to it. `found` is that row, where it was
    /// found before.
    pub(super) fn connect(&mut self, link: &Link<'_, 'a>, filter: &Filter, found: Option<Level>) -> Result<(), Error> {
        let relation = link.relation;
        if relation.through.is_some() {
            let child = self.connected(link.model, link.field, relation, filter)?;
            return self.join(relation, link.row, &child);
        }
        // What was found before may be named twice, and has the key of its new place the second time.
        match &found {
            Some(found) => self.refer(link, Rows::Found(found)),
            None => self.refer(link, Rows::Filter(filter)),
        }
    }

    /// Makes a row refer to the written one.
    pub(super) fn refer(&mut self, link: &Link<'_, 'a>, rows: Rows<'_, 'a>) -> Result<(), Error> {
        let target = link.relation.target;
        let mut assignments = self.inherited(link)?;
        self.set_updated_at(target, &mut assignments)?;
        let keys = self.keys_of_any_form(target, &assignments)?;
        let mut wanted = self.primary_key(target)?;
        include_keys(&mut wanted, &keys);
        let level = match rows {
            Rows::Found(found) => self.change_found(target, assignments, found, wanted)?,
            _ => {
                let missing = Missing::Connected { model: link.model, field: link.field };
                self.change_row(target, assignments, rows, wanted, &[], missing)?
            }
        };
        self.note_written(target, keys, Some(&level))
    }

    pub(super) fn connect_or_create(
        &mut self,
        link: &Link<'_, 'a>,
        filter: &Filter,
        create: &RowWrites,
    ) -> Result<(), Error> {
        let relation = link.relation;
        if relation.through.is_some() {
            let child = self.found_or_created(relation, filter, create, &relation.to)?;
            return self.join(relation, link.row, &child);
        }
        let key = self.primary_key(relation.target)?;
        let found = self.find_row(relation.target, Rows::Filter(filter), &key, None)?;
        self.given(&found, |planner| planner.refer(link, Rows::Found(&found)))?;
        self.unless(&found, |planner| planner.create_linked(link, create))
    }

    /// Some columns of the row that a filter names, or of a new one.
    pub(super) fn found_or_created(
        &mut self,
        relation: &'a Relation,
        filter: &Filter,
        create: &RowWrites,
        wanted: &[FieldIndex],
    ) -> Result<Level, Error> {
        let found = self.find_row(relation.target, Rows::Filter(filter), wanted, None)?;
        let created = self.unless(&found, |planner| planner.insert(relation.target, create, Vec::new(), wanted))?;
        self.either(relation.target, &[&found, &created], wanted)
    }

    /// Assigns a column of a foreign key. Relations may share it, as those of rows that belong to one tenant do: then they
    /// must lead to rows that agree about it.
    pub(super) fn assign_key(
        &mut self,
        model: ModelIndex,
        into: &mut Assignments,
        field: FieldIndex,
        value: Param,
    ) -> Result<(), Error> {
        let Some((_, Assigned::Param(assigned))) = into.iter().find(|(other, _)| *other == field) else {
            return self.assign(model, into, field, Assigned::Param(value));
        };
        let assigned = assigned.clone();
        let scope = self.scope();
        let column = Some(scope.column_at(model, field)?);
        let agree = Comparison::equal(Expression::Param(assigned, column), Expression::Param(value, column));
        self.check(&scope, agree, Missing::Agreement { model, field })
    }

    /// The keys of the rows that refer to this row once it is connected to them, for each `connect` of theirs, where they
    /// must be known before the first of them changes: what names one may depend on what another refers to.
    pub(super) fn named_before(&mut self, model: ModelIndex, data: &RowWrites) -> Result<Vec<Option<Level>>, Error> {
        let mut named = Vec::new();
        for (field, write) in &data.relations {
            let RelationWrite::Connect(filter) = write else { continue };
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key || relation.through.is_some() {
                continue;
            }
            // What another operation on the relation does may change what names it, too.
            let is_alone = data.relations.iter().filter(|(other, _)| other == field).count() == 1;
            named.push(if is_alone || names_without(filter, &relation.to) {
                None
            } else {
                let key = self.primary_key(relation.target)?;
                Some(self.found(model, *field, relation, filter, &key)?)
            });
        }
        Ok(named)
    }

    /// Lets go of the other row that refers to the row of a level by the foreign key of a one-to-one relation. Where that
    /// row cannot stand alone, there must be none. `existing` names the row that is about to refer to it, which may do so
    /// already.
    pub(super) fn free_place(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        relation: &'a Relation,
        level: &Level,
        existing: Option<Rows<'_, 'a>>,
    ) -> Result<(), Error> {
        let inverse = self.catalog.model_at(relation.target)?.relation(relation.inverse);
        let is_one_to_one = inverse
            .is_some_and(|inverse| inverse.arity != Arity::Many && inverse.target == model && inverse.inverse == field);
        if !is_one_to_one {
            return Ok(());
        }
        let nullable = |field: &FieldIndex| self.scope().column_at(model, *field).is_ok_and(|column| column.nullable);
        let can_stand_alone = relation.from.iter().all(nullable);
        let mut scope = self.scope();
        let (table, update) = if can_stand_alone {
            let nulls = relation.from.iter().map(|field| (*field, Assigned::Null)).collect();
            let (table, update) = self.update_of(&mut scope, model, nulls)?;
            (table, Some(update))
        } else {
            (scope.table(model), None)
        };
        let pairs = relation.from.iter().zip(relation.to.iter());
        let links = pairs.map(|(from, to)| Ok((*from, level.cell(*to)?))).collect::<Result<Vec<_>, Error>>()?;
        let mut conditions = scope.equals_from(table, relation, links)?;
        if let Some(rows) = existing {
            let mut named = self.conditions(&mut scope, table, rows)?;
            let named = if named.len() == 1 { named.pop() } else { Some(Condition::All(named)) };
            conditions.extend(named.map(|named| Condition::NotTrue(Box::new(named))));
        }
        match update {
            Some(update) => {
                let update = Statement::Update(Update { conditions, ..update });
                self.change_rows(scope, table, update, Vec::new())?;
                Ok(())
            }
            None => {
                let missing = Missing::Place { model: relation.target, field: relation.inverse };
                self.check_none(&scope, table, conditions, missing)
            }
        }
    }

    /// Adds a step that fails where a row of a table satisfies the conditions.
    pub(super) fn check_none(
        &mut self,
        scope: &Scope<'a>,
        table: Table,
        conditions: Vec<Condition<'a>>,
        otherwise: Missing,
    ) -> Result<(), Error> {
        let outputs = vec![Output::of(Expression::Number(1))];
        let from = Some(From::Table(scope.source(table)?));
        let select = Box::new(Select { outputs, from, conditions, ..Select::default() });
        self.check(scope, Condition::Exists { select, negated: true }, otherwise)
    }

    /// Lets go of the row that an existing row of a one-to-one relation is connected to. Where that row cannot stand
    /// alone, there must be none but the one that is connected again.
    pub(super) fn disconnect_other(&mut self, link: &Link<'_, 'a>, write: &RelationWrite) -> Result<(), Error> {
        let relation = link.relation;
        if self.can_stand_alone(relation.target, &relation.to) {
            return self.let_go(link, None);
        }
        if let RelationWrite::Connect(filter) = write {
            // That the row is not there is said before that the place is not free.
            self.connected(link.model, link.field, relation, filter)?;
        }
        let mut scope = self.scope();
        let table = scope.table(relation.target);
        let mut conditions = scope.equals_to(table, relation, link.pairs()?)?;
        if let RelationWrite::Connect(filter) | RelationWrite::ConnectOrCreate { filter, .. } = write {
            conditions.push(Condition::Not(Box::new(scope.condition(table, filter)?)));
        }
        self.check_none(&scope, table, conditions, Missing::Place { model: link.model, field: link.field })
    }

    /// Returns whether the rows of a model can be without what their foreign key refers to.
    pub(super) fn can_stand_alone(&self, model: ModelIndex, key: &[FieldIndex]) -> bool {
        key.iter().all(|field| self.scope().column_at(model, *field).is_ok_and(|column| column.nullable))
    }

    /// The columns by which this row refers to the row that `connect` names.
    pub(super) fn connected(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        relation: &'a Relation,
        filter: &Filter,
    ) -> Result<Level, Error> {
        self.found(model, field, relation, filter, &relation.to)
    }

    /// Some columns of the row that `connect` names.
    pub(super) fn found(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        relation: &'a Relation,
        filter: &Filter,
        wanted: &[FieldIndex],
    ) -> Result<Level, Error> {
        self.named(relation, filter, wanted, Missing::Connected { model, field })
    }

    /// Some columns of the row that a filter names, which must be there.
    pub(super) fn named(
        &mut self,
        relation: &'a Relation,
        filter: &Filter,
        wanted: &[FieldIndex],
        otherwise: Missing,
    ) -> Result<Level, Error> {
        let mut scope = self.scope();
        let table = scope.table(relation.target);
        let output = |key: &FieldIndex| Ok(Output::of(scope.column(table, *key)?));
        let outputs = wanted.iter().map(output).collect::<Result<_, Error>>()?;
        let from = Some(From::Table(scope.source(table)?));
        let conditions = vec![scope.condition(table, filter)?];
        let select = Statement::Select(Box::new(Select { outputs, from, conditions, ..Select::default() }));
        let columns = self.frame_columns(relation.target, wanted)?;
        let frame = self.step(&scope, &select, columns, Run::Single, Some(otherwise))?;
        Ok(Level { frame, fields: wanted.to_vec(), offset: 0 })
    }

    /// Puts two rows into the join table, where they may be already.
    pub(super) fn join(&mut self, relation: &'a Relation, parent: &Level, child: &Level) -> Result<(), Error> {
        let (Some(through), [from], [to]) = (&relation.through, &relation.from[..], &relation.to[..]) else {
            return Err(Error::invalid("a join table links single columns".to_owned()));
        };
        let mut scope = self.scope();
        let from_model = self.catalog.relation_at(relation.target, relation.inverse)?.target;
        let parent = scope.joined_key(from_model, *from, parent.cell(*from)?)?;
        let child = scope.joined_key(relation.target, *to, child.cell(*to)?)?;
        let insert = Statement::Insert(Insert {
            table: TableName { schema: through.schema.as_deref(), name: &through.table },
            values: vec![(&through.from_column, parent), (&through.to_column, child)],
            conflict: Conflict::Ignore,
            returning: Vec::new(),
        });
        self.step(&scope, &insert, Vec::new(), Run::Once, None)?;
        Ok(())
    }
}

/// Returns whether a filter names the same rows whatever becomes of some columns.
fn names_without(filter: &Filter, columns: &[FieldIndex]) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| names_without(part, columns)),
        Filter::Compare { field, .. } => !columns.contains(field),
        _ => false,
    }
}
