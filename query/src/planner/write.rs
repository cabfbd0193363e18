//! Writes: rows in dependency order, then what the client wants back.

use super::{Level, Planner, WrittenKey, include};
use crate::catalog::{Arity, Column, Default, FieldIndex, Key, ModelIndex, Relation};
use crate::dialect::Returning;
use crate::error::Error;
use crate::lower::{Given, Scope, Table, WrittenRow, table_name};
use crate::plan::{Missing, Outcome, Param, Run};
use crate::statement::{
    ColumnName, Comparison, Condition, Conflict, Delete, Expression, From, Insert, Operator, Output, Select, Statement,
    TableName, Update,
};
use crate::tree::{Arithmetic, Filter, RowGroup, Selected, Slot, Write};

/// What a column gets.
pub(super) enum Assigned {
    /// A parameter.
    Param(Param),
    /// Null.
    Null,
    /// A number that the schema names.
    Number(i32),
    /// Its own value, changed.
    Change(Arithmetic, Param),
}

/// What makes the database compute a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Insert,
    Update,
}

pub(super) type Assignments = Vec<(FieldIndex, Assigned)>;

impl<'a> Planner<'a> {
    pub(super) fn create(
        &mut self,
        model: ModelIndex,
        data: &[Write],
        selection: &[Selected],
    ) -> Result<Outcome, Error> {
        if self.must_be_read_again(model, data, selection)? {
            let key = self.primary_key(model)?;
            let level = self.insert(model, data, Vec::new(), &key)?;
            let nest = self.read_again(model, &level, &key, selection)?;
            return Ok(Outcome::Row(nest));
        }
        let wanted = self.wanted(model, selection)?;
        let level = self.insert(model, data, Vec::new(), &wanted)?;
        Ok(Outcome::Row(self.nest(model, &level, selection, false)?))
    }

    pub(super) fn update(
        &mut self,
        model: ModelIndex,
        filter: &Filter,
        data: &[Write],
        selection: &[Selected],
    ) -> Result<Outcome, Error> {
        let again = self.must_be_read_again(model, data, selection)?;
        let key = self.primary_key(model)?;
        let mut wanted = if again { key.clone() } else { self.wanted(model, selection)? };
        self.include_child_links(model, data, &mut wanted)?;
        let mut assignments = Vec::new();
        self.parents(model, data, Some(filter), &mut assignments)?;
        self.assign_columns(model, data, &mut assignments)?;
        let level = if assignments.is_empty() {
            self.read_target(model, filter, &[], &wanted)?.1
        } else {
            self.touch(model, &mut assignments)?;
            let computed = self.computed(model, &assignments, Cause::Update)?;
            include(&mut wanted, &computed);
            let keys = self.keys_of_any_form(model, &assignments)?;
            include_keys(&mut wanted, &keys);
            let missing = Missing::Target(model);
            let level = self.change_row(model, assignments, filter, wanted, &computed, missing)?;
            self.note_written(model, keys, Some(&level))?;
            level
        };
        self.children(model, data, &level, true)?;
        let nest = if again {
            self.read_again(model, &level, &key, selection)?
        } else {
            self.nest(model, &level, selection, false)?
        };
        Ok(Outcome::Row(nest))
    }

    /// Whether what a written row shows may change by the rows that are written after it: their counts do, and so do its
    /// own columns where a row that is connected may be itself.
    fn must_be_read_again(&self, model: ModelIndex, data: &[Write], selection: &[Selected]) -> Result<bool, Error> {
        if selection.iter().any(|selected| matches!(selected, Selected::Counts(_))) {
            return Ok(true);
        }
        for write in data {
            if let Write::Create { field, .. } | Write::Connect { field, .. } = write
                && !self.catalog.relation_at(model, *field)?.holds_key
                && self.changes_rows(model, write, model)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a write of a relation of a row of `model` changes rows of `changed` that were there before.
    fn changes_rows(&self, model: ModelIndex, write: &Write, changed: ModelIndex) -> Result<bool, Error> {
        let (Write::Create { field, .. } | Write::Connect { field, .. }) = write else { return Ok(false) };
        let relation = self.catalog.relation_at(model, *field)?;
        let connects = matches!(write, Write::Connect { .. });
        let holder = if relation.holds_key { model } else { relation.target };
        // The row that is connected, and the one that a place of a one-to-one relation is taken from.
        if holder == changed && relation.through.is_none() && (connects || relation.arity != Arity::Many) {
            return Ok(true);
        }
        if let Write::Create { data, .. } = write {
            for inner in data {
                if self.changes_rows(relation.target, inner, changed)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    pub(super) fn update_many(&mut self, model: ModelIndex, filter: &Filter, data: &[Write]) -> Result<Outcome, Error> {
        let mut assignments = Vec::new();
        self.assign_columns(model, data, &mut assignments)?;
        if assignments.is_empty() {
            return Ok(Outcome::Affected(Vec::new()));
        }
        self.touch(model, &mut assignments)?;
        let computed = self.computed(model, &assignments, Cause::Update)?;
        let keys = self.keys_of_any_form(model, &assignments)?;
        self.note_written(model, keys, None)?;
        let mut scope = self.scope();
        let (table, mut update) = self.update_of(&mut scope, model, assignments)?;
        update.conditions.push(scope.condition(table, filter)?);
        update.returning = self.returned(&scope, model, &computed, &computed)?;
        let columns = self.frame_columns(model, &computed)?;
        Ok(Outcome::Affected(vec![self.change_rows(scope, table, Statement::Update(update), columns)?]))
    }

    pub(super) fn delete(
        &mut self,
        model: ModelIndex,
        filter: &Filter,
        selection: &[Selected],
    ) -> Result<Outcome, Error> {
        let capabilities = self.dialect.capabilities();
        let is_flat = selection.iter().all(|selected| matches!(selected, Selected::Column(_)));
        if is_flat && capabilities.returning != Returning::None {
            let wanted = self.wanted(model, selection)?;
            let mut scope = self.scope();
            let (_, delete) = self.delete_of(&mut scope, model, filter)?;
            let delete = Statement::Delete(delete);
            let level = self.returning(&scope, delete, model, wanted, &[], Some(Missing::Target(model)))?;
            return Ok(Outcome::Row(self.nest(model, &level, selection, false)?));
        }
        // What hangs on the row must be read before it goes.
        let key = self.primary_key(model)?;
        let (nest, level) = self.read_target(model, filter, selection, &key)?;
        let mut scope = self.scope();
        let table = scope.table(model);
        let conditions = self.equals_cells(&scope, table, &key, &level)?;
        let delete = Delete { table: scope.source(table)?, conditions, returning: Vec::new() };
        self.step(&scope, &Statement::Delete(delete), Vec::new(), Run::Once, None)?;
        Ok(Outcome::Row(nest))
    }

    pub(super) fn delete_many(&mut self, model: ModelIndex, filter: &Filter) -> Result<Outcome, Error> {
        let mut scope = self.scope();
        let (table, delete) = self.delete_of(&mut scope, model, filter)?;
        Ok(Outcome::Affected(vec![self.change_rows(scope, table, Statement::Delete(delete), Vec::new())?]))
    }

    pub(super) fn create_many(&mut self, model: ModelIndex, groups: &[RowGroup]) -> Result<Outcome, Error> {
        let mut steps = Vec::new();
        for group in groups {
            let mut assignments = Vec::new();
            for (index, field) in group.fields.iter().enumerate() {
                let ty = self.scope().column_at(model, *field)?.ty;
                assignments.push((*field, Assigned::Param(Param::RowValue { index, ty })));
            }
            self.defaults(model, &mut assignments)?;
            let (counted, computed): (Vec<FieldIndex>, Vec<FieldIndex>) =
                self.computed(model, &assignments, Cause::Insert)?.into_iter().partition(|field| {
                    let column = self.scope().column_at(model, *field);
                    column.is_ok_and(|column| column.default == Default::Autoincrement)
                });
            let keys = self.keys_of_any_form(model, &assignments)?;
            self.note_written(model, keys, None)?;
            let mut scope = self.scope();
            let mut insert = self.insert_of(&mut scope, model, assignments)?;
            let counted = counted.first().map(|field| Ok::<_, Error>(self.scope().column_at(model, *field)?.ty));
            let plain =
                (!computed.is_empty()).then(|| self.dialect.render(self.catalog, &Statement::Insert(insert.clone())).0);
            let run = Run::EachRow {
                rows: group.rows,
                fields: group.fields.clone(),
                counted: counted.transpose()?,
                plain: plain.map(|sql| sql.to_string()),
            };
            insert.returning = self.returned(&scope, model, &computed, &computed)?;
            let columns = self.frame_columns(model, &computed)?;
            steps.push(self.step(&scope, &Statement::Insert(insert), columns, run, None)?);
        }
        Ok(Outcome::Affected(steps))
    }

    /// Inserts a row with all that is created or connected along with it; gives the wanted columns.
    fn insert(
        &mut self,
        model: ModelIndex,
        data: &[Write],
        inherited: Assignments,
        wanted: &[FieldIndex],
    ) -> Result<Level, Error> {
        let mut wanted = wanted.to_vec();
        self.include_child_links(model, data, &mut wanted)?;
        let mut assignments = inherited;
        self.parents(model, data, None, &mut assignments)?;
        self.assign_columns(model, data, &mut assignments)?;
        self.defaults(model, &mut assignments)?;
        let computed = self.computed(model, &assignments, Cause::Insert)?;
        include(&mut wanted, &computed);
        let keys = self.keys_of_any_form(model, &assignments)?;
        include_keys(&mut wanted, &keys);
        let level = self.insert_row(model, assignments, wanted, &computed)?;
        self.note_written(model, keys, Some(&level))?;
        self.children(model, data, &level, false)?;
        Ok(level)
    }

    /// The unique keys among the written columns that hold values of any form.
    fn keys_of_any_form(&self, model: ModelIndex, assignments: &Assignments) -> Result<Vec<&'a Key>, Error> {
        let scope = self.scope();
        let mut keys = Vec::new();
        for key in self.catalog.model_at(model)?.keys.iter() {
            let mut any_form = false;
            for field in key.fields.iter() {
                any_form |= scope.holds_any_form(model, *field)?;
            }
            if any_form && key.fields.iter().any(|field| assignments.iter().any(|(other, _)| other == field)) {
                keys.push(key);
            }
        }
        Ok(keys)
    }

    fn note_written(&mut self, model: ModelIndex, keys: Vec<&'a Key>, level: Option<&Level>) -> Result<(), Error> {
        for key in keys {
            let values = level.map(|level| key.fields.iter().map(|field| level.cell(*field)).collect());
            self.written_keys.push(WrittenKey { model, key, values: values.transpose()? });
        }
        Ok(())
    }

    /// Ends a write with the checks that unique keys of values of any form still are unique. The indexes of the database do
    /// not see that two forms are one value.
    pub(super) fn check_written_keys(&mut self) -> Result<(), Error> {
        for WrittenKey { model, key, values } in std::mem::take(&mut self.written_keys) {
            let mut scope = self.scope();
            let table = scope.table(model);
            let from = Some(From::Table(scope.source(table)?));
            let condition = if let Some(values) = values {
                let conditions = scope.equals(table, key.fields.iter().copied().zip(values))?;
                let outputs = vec![Output::of(Expression::CountRows)];
                let same = Select { outputs, from, conditions, ..Select::default() };
                Condition::Compare(Comparison {
                    left: Expression::Select(Box::new(same)),
                    operator: Operator::Less,
                    right: Expression::Number(2),
                    scans: false,
                })
            } else {
                let mut same = Select { outputs: vec![Output::of(Expression::Number(1))], from, ..Select::default() };
                for field in key.fields.iter() {
                    same.conditions.push(Condition::Null { operand: scope.column(table, *field)?, negated: true });
                    same.group_by.push(scope.compared(table, *field)?);
                }
                same.having = Some(Condition::Compare(Comparison {
                    left: Expression::CountRows,
                    operator: Operator::Greater,
                    right: Expression::Number(1),
                    scans: false,
                }));
                Condition::Exists { select: Box::new(same), negated: true }
            };
            self.check(&scope, condition, Missing::Other { model, fields: key.fields.to_vec() })?;
        }
        Ok(())
    }

    /// The numbers of a written row that come from the database. They are read whatever is selected, so that none is
    /// stored that its column cannot hold.
    fn computed(&self, model: ModelIndex, assignments: &Assignments, cause: Cause) -> Result<Vec<FieldIndex>, Error> {
        let is_default = |column: &Column| matches!(column.default, Default::Database | Default::Autoincrement);
        let columns = self.catalog.model_at(model)?.columns().filter(|(field, _, column)| {
            !column.list
                && self.dialect.capabilities().checks_range(column.ty)
                && (column.generated || (cause == Cause::Insert && is_default(column)))
                && !assignments.iter().any(|(other, _)| other == field)
        });
        Ok(columns.map(|(field, ..)| field).collect())
    }

    /// Creates or finds the rows that this row refers to, and assigns the foreign key columns. `existing` names this row,
    /// unless it is a new one.
    fn parents(
        &mut self,
        model: ModelIndex,
        data: &[Write],
        existing: Option<&Filter>,
        into: &mut Assignments,
    ) -> Result<(), Error> {
        for write in data {
            let (Write::Create { field, .. } | Write::Connect { field, .. }) = write else { continue };
            let relation = self.catalog.relation_at(model, *field)?;
            if !relation.holds_key {
                continue;
            }
            let level = match write {
                Write::Create { data, .. } => self.insert(relation.target, data, Vec::new(), &relation.to)?,
                Write::Connect { filter, .. } => {
                    let level = self.connected(model, *field, relation, filter)?;
                    self.free_place(model, *field, relation, &level, existing)?;
                    level
                }
                _ => continue,
            };
            for (from, to) in relation.from.iter().zip(relation.to.iter()) {
                self.assign_key(model, into, *from, level.cell(*to)?)?;
            }
        }
        Ok(())
    }

    /// Assigns a column of a foreign key. Relations may share it, as those of rows that belong to one tenant do: then they
    /// must lead to rows that agree about it.
    fn assign_key(
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

    /// Creates or connects the rows that refer to this row.
    fn children(&mut self, model: ModelIndex, data: &[Write], level: &Level, existing: bool) -> Result<(), Error> {
        let mut named = self.named_before(model, data)?.into_iter();
        for write in data {
            let (Write::Create { field, .. } | Write::Connect { field, .. }) = write else { continue };
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key {
                continue;
            }
            if existing && relation.arity != Arity::Many {
                self.disconnect_other(model, *field, write, level)?;
            }
            match write {
                Write::Create { data, .. } if relation.through.is_some() => {
                    let child = self.insert(relation.target, data, Vec::new(), &relation.to)?;
                    self.join(relation, level, &child)?;
                }
                Write::Create { data, .. } => {
                    let back = |write: &Write| match write {
                        Write::Create { field, .. } | Write::Connect { field, .. } => *field == relation.inverse,
                        _ => false,
                    };
                    if data.iter().any(back) {
                        return Err(self.set_around(relation.target, relation.inverse));
                    }
                    let mut inherited = Vec::new();
                    for (to, from) in relation.to.iter().zip(relation.from.iter()) {
                        inherited.push((*to, Assigned::Param(level.cell(*from)?)));
                    }
                    self.insert(relation.target, data, inherited, &[])?;
                }
                Write::Connect { filter, .. } if relation.through.is_some() => {
                    let child = self.connected(model, *field, relation, filter)?;
                    self.join(relation, level, &child)?;
                }
                Write::Connect { filter, .. } => {
                    let mut assignments = Vec::new();
                    for (to, from) in relation.to.iter().zip(relation.from.iter()) {
                        assignments.push((*to, Assigned::Param(level.cell(*from)?)));
                    }
                    self.touch(relation.target, &mut assignments)?;
                    let keys = self.keys_of_any_form(relation.target, &assignments)?;
                    let mut wanted = self.primary_key(relation.target)?;
                    include_keys(&mut wanted, &keys);
                    // What was found before may be named twice, and has the key of its new place the second time.
                    let level = match named.next().flatten() {
                        Some(level) => self.change_found(relation.target, assignments, &level, wanted)?,
                        None => {
                            let missing = Missing::Connected { model, field: *field };
                            self.change_row(relation.target, assignments, filter, wanted, &[], missing)?
                        }
                    };
                    self.note_written(relation.target, keys, Some(&level))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The keys of the rows that refer to this row once it is connected to them, for each `connect` of theirs, where they
    /// must be known before the first of them changes: what names one may depend on what another refers to.
    fn named_before(&mut self, model: ModelIndex, data: &[Write]) -> Result<Vec<Option<Level>>, Error> {
        let mut named = Vec::new();
        for write in data {
            let Write::Connect { field, filter } = write else { continue };
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key || relation.through.is_some() {
                continue;
            }
            let is_of_field = |write: &&Write| matches!(write, Write::Connect { field: other, .. } if other == field);
            let is_alone = data.iter().filter(is_of_field).count() == 1;
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
    fn free_place(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        relation: &Relation,
        level: &Level,
        existing: Option<&Filter>,
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
        let mut conditions = scope.equals(table, links)?;
        if let Some(filter) = existing {
            conditions.push(Condition::NotTrue(Box::new(scope.condition(table, filter)?)));
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
    fn check_none(
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
    fn disconnect_other(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        write: &Write,
        level: &Level,
    ) -> Result<(), Error> {
        let relation = self.catalog.relation_at(model, field)?;
        let nullable =
            |field: &FieldIndex| self.scope().column_at(relation.target, *field).is_ok_and(|column| column.nullable);
        if relation.to.iter().all(nullable) {
            let nulls = relation.to.iter().map(|field| (*field, Assigned::Null)).collect();
            let mut scope = self.scope();
            let (table, mut update) = self.update_of(&mut scope, relation.target, nulls)?;
            update.conditions = self.equals_link(&scope, table, relation, level)?;
            self.step(&scope, &Statement::Update(update), Vec::new(), Run::Once, None)?;
            return Ok(());
        }
        if let Write::Connect { filter, .. } = write {
            // That the row is not there is said before that the place is not free.
            self.connected(model, field, relation, filter)?;
        }
        let mut scope = self.scope();
        let table = scope.table(relation.target);
        let mut conditions = self.equals_link(&scope, table, relation, level)?;
        if let Write::Connect { filter, .. } = write {
            conditions.push(Condition::Not(Box::new(scope.condition(table, filter)?)));
        }
        self.check_none(&scope, table, conditions, Missing::Place { model, field })
    }

    /// The rows that refer to the row of a level.
    fn equals_link(
        &self,
        scope: &Scope<'a>,
        table: Table,
        relation: &Relation,
        level: &Level,
    ) -> Result<Vec<Condition<'a>>, Error> {
        let pairs = relation.to.iter().zip(relation.from.iter());
        let links = pairs.map(|(to, from)| Ok((*to, level.cell(*from)?))).collect::<Result<Vec<_>, Error>>()?;
        scope.equals(table, links)
    }

    /// The columns by which this row refers to the row that `connect` names.
    fn connected(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        relation: &Relation,
        filter: &Filter,
    ) -> Result<Level, Error> {
        self.found(model, field, relation, filter, &relation.to)
    }

    /// Some columns of the row that `connect` names.
    fn found(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        relation: &Relation,
        filter: &Filter,
        wanted: &[FieldIndex],
    ) -> Result<Level, Error> {
        let mut scope = self.scope();
        let table = scope.table(relation.target);
        let output = |key: &FieldIndex| Ok(Output::of(scope.column(table, *key)?));
        let outputs = wanted.iter().map(output).collect::<Result<_, Error>>()?;
        let from = Some(From::Table(scope.source(table)?));
        let conditions = vec![scope.condition(table, filter)?];
        let select = Statement::Select(Select { outputs, from, conditions, ..Select::default() });
        let columns = self.frame_columns(relation.target, wanted)?;
        let frame = self.step(&scope, &select, columns, Run::Single, Some(Missing::Connected { model, field }))?;
        Ok(Level { frame, fields: wanted.to_vec(), offset: 0 })
    }

    /// Puts two rows into the join table, where they may be already.
    fn join(&mut self, relation: &'a Relation, parent: &Level, child: &Level) -> Result<(), Error> {
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

    /// Adds the columns by which the rows written after this one refer to it.
    fn include_child_links(
        &self,
        model: ModelIndex,
        data: &[Write],
        wanted: &mut Vec<FieldIndex>,
    ) -> Result<(), Error> {
        for write in data {
            if let Write::Create { field, .. } | Write::Connect { field, .. } = write {
                let relation = self.catalog.relation_at(model, *field)?;
                if !relation.holds_key {
                    include(wanted, &relation.from);
                }
            }
        }
        Ok(())
    }

    fn assign_columns(&self, model: ModelIndex, data: &[Write], into: &mut Assignments) -> Result<(), Error> {
        let value = |field: FieldIndex, slot: Slot| {
            Ok::<_, Error>(Param::Value { slot, ty: self.scope().column_at(model, field)?.ty })
        };
        for write in data {
            match write {
                Write::Set { field, value: slot } => {
                    self.assign(model, into, *field, Assigned::Param(value(*field, *slot)?))?;
                }
                Write::SetNull { field } => self.assign(model, into, *field, Assigned::Null)?,
                Write::Change { field, operator, value: slot } => {
                    self.assign(model, into, *field, Assigned::Change(*operator, value(*field, *slot)?))?;
                }
                // A dialect without lists refuses the column.
                Write::Push { field, .. } => {
                    self.scope().column_at(model, *field)?;
                }
                Write::Create { .. } | Write::Connect { .. } => {}
            }
        }
        Ok(())
    }

    /// A column is assigned once: a row that is created under another cannot name another parent.
    fn assign(
        &self,
        model: ModelIndex,
        into: &mut Assignments,
        field: FieldIndex,
        assigned: Assigned,
    ) -> Result<(), Error> {
        if into.iter().any(|(other, _)| *other == field) {
            return Err(self.set_around(model, field));
        }
        into.push((field, assigned));
        Ok(())
    }

    fn set_around(&self, model: ModelIndex, field: FieldIndex) -> Error {
        let name = self.catalog.path(model, field);
        Error::invalid(format!("`{name}` is set by the relation around it: leave it out"))
    }

    /// Adds the values that a new row gets from its defaults; the database's own are left to it.
    fn defaults(&self, model: ModelIndex, into: &mut Assignments) -> Result<(), Error> {
        for (field, _, column) in self.catalog.model_at(model)?.columns() {
            if into.iter().any(|(other, _)| *other == field) {
                continue;
            }
            let assigned = match column.default {
                Default::None if column.updated_at => Assigned::Param(Param::Now),
                Default::None | Default::Database | Default::Autoincrement => continue,
                Default::Number(number) => Assigned::Number(number),
                Default::Instant(millis) => Assigned::Param(Param::Instant(millis.saturating_mul(1_000))),
                Default::Now => Assigned::Param(Param::Now),
                generated => Assigned::Param(Param::Generated(generated)),
            };
            into.push((field, assigned));
        }
        Ok(())
    }

    /// Adds the `@updatedAt` columns to a change.
    fn touch(&self, model: ModelIndex, into: &mut Assignments) -> Result<(), Error> {
        for (field, _, column) in self.catalog.model_at(model)?.columns() {
            if column.updated_at && !into.iter().any(|(other, _)| *other == field) {
                into.push((field, Assigned::Param(Param::Now)));
            }
        }
        Ok(())
    }

    pub(super) fn insert_of(
        &self,
        scope: &mut Scope<'a>,
        model: ModelIndex,
        assignments: Assignments,
    ) -> Result<Insert<'a>, Error> {
        let given = given(&assignments);
        let row = WrittenRow { given: &given, changed: None };
        let mut values = Vec::new();
        for (field, assigned) in assignments {
            let name: &str = &scope.column_at(model, field)?.name;
            values.push((
                name,
                match assigned {
                    Assigned::Param(param) => scope.assigned(model, field, param, &row)?,
                    Assigned::Null => Expression::Null,
                    Assigned::Number(number) => Expression::Number(number.into()),
                    Assigned::Change(..) => {
                        return Err(Error::invalid("a new row has no value yet that could be changed".to_owned()));
                    }
                },
            ));
        }
        let table = table_name(self.catalog.model_at(model)?);
        Ok(Insert { table, values, conflict: Conflict::Fail, returning: Vec::new() })
    }

    /// Whether a column is a part of a unique key.
    fn is_of_key(&self, model: ModelIndex, field: FieldIndex) -> Result<bool, Error> {
        Ok(self.catalog.model_at(model)?.keys.iter().any(|key| key.fields.contains(&field)))
    }

    /// A change of rows that are not named yet.
    pub(super) fn update_of(
        &self,
        scope: &mut Scope<'a>,
        model: ModelIndex,
        assignments: Assignments,
    ) -> Result<(Table, Update<'a>), Error> {
        let table = scope.table(model);
        let given = given(&assignments);
        let row = WrittenRow { given: &given, changed: Some(table) };
        let mut values = Vec::new();
        for (field, assigned) in assignments {
            let column = scope.column_at(model, field)?;
            values.push((
                &*column.name,
                match assigned {
                    // A key that keeps its value keeps its form: by the bytes of it other rows refer to this one.
                    Assigned::Param(param)
                        if self.is_of_key(model, field)? && scope.holds_any_form(model, field)? =>
                    {
                        let value = Expression::Param(param.clone(), Some(column));
                        Expression::Case {
                            condition: Box::new(Comparison::equal(scope.compared(table, field)?, value)),
                            then: Box::new(scope.column(table, field)?),
                            otherwise: Box::new(scope.assigned(model, field, param, &row)?),
                        }
                    }
                    Assigned::Param(param) => scope.assigned(model, field, param, &row)?,
                    Assigned::Null => Expression::Null,
                    Assigned::Number(number) => Expression::Number(number.into()),
                    Assigned::Change(operator, value) => Expression::Computed {
                        column: scope.column_name(table, field)?,
                        ty: column.ty,
                        operator,
                        value,
                        place: (model, field),
                    },
                },
            ));
        }
        for (field, kept) in scope.kept_parts(model, &row)? {
            values.push((&*scope.column_at(model, field)?.name, kept));
        }
        let update = Update { table: scope.source(table)?, values, conditions: Vec::new(), returning: Vec::new() };
        Ok((table, update))
    }

    fn delete_of(
        &self,
        scope: &mut Scope<'a>,
        model: ModelIndex,
        filter: &Filter,
    ) -> Result<(Table, Delete<'a>), Error> {
        let table = scope.table(model);
        let conditions = vec![scope.condition(table, filter)?];
        Ok((table, Delete { table: scope.source(table)?, conditions, returning: Vec::new() }))
    }

    /// The columns that a write returns.
    pub(super) fn returned(
        &self,
        scope: &Scope<'a>,
        model: ModelIndex,
        wanted: &[FieldIndex],
        checked: &[FieldIndex],
    ) -> Result<Vec<Expression<'a>>, Error> {
        let expression = |field: &FieldIndex| {
            let column = scope.column_at(model, *field)?;
            let name = ColumnName { alias: None, name: &column.name };
            let is_checked = checked.contains(field) && scope.capabilities().checks_range(column.ty);
            Ok(if is_checked {
                Expression::InRange { column: name, ty: column.ty, place: (model, *field) }
            } else {
                Expression::Column(name)
            })
        };
        wanted.iter().map(expression).collect()
    }

    /// That columns of a table equal those of a level's row.
    pub(super) fn equals_cells(
        &self,
        scope: &Scope<'a>,
        table: Table,
        fields: &[FieldIndex],
        level: &Level,
    ) -> Result<Vec<Condition<'a>>, Error> {
        let cell = |field: &FieldIndex| Ok((*field, level.cell(*field)?));
        scope.equals(table, fields.iter().map(cell).collect::<Result<Vec<_>, Error>>()?)
    }

    pub(super) fn primary_key(&self, model: ModelIndex) -> Result<Vec<FieldIndex>, Error> {
        let key = self.catalog.model_at(model)?.keys.first();
        key.map(|key| key.fields.to_vec()).ok_or_else(|| Error::invalid("the model has no key".to_owned()))
    }
}

/// Whether a filter names the same rows whatever becomes of some columns.
fn names_without(filter: &Filter, columns: &[FieldIndex]) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| names_without(part, columns)),
        Filter::Compare { field, .. } => !columns.contains(field),
        _ => false,
    }
}

/// What columns get.
fn given(assignments: &Assignments) -> Vec<(FieldIndex, Given)> {
    let given = |assigned: &Assigned| match assigned {
        Assigned::Param(param) => Given::Param(param.clone()),
        Assigned::Number(number) => Given::Number(*number),
        Assigned::Null | Assigned::Change(..) => Given::Unknown,
    };
    assignments.iter().map(|(field, assigned)| (*field, given(assigned))).collect()
}

/// Adds the columns of keys that are not there yet.
fn include_keys(fields: &mut Vec<FieldIndex>, keys: &[&Key]) {
    for key in keys {
        include(fields, &key.fields);
    }
}
