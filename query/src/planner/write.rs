//! Writes: rows in dependency order, then what the client wants back.

use super::{Level, Planner, WrittenKey, include};
use crate::catalog::{Arity, Column, Default, FieldIndex, Key, Model, ModelIndex, Relation, Type};
use crate::dialect::sqlite::place;
use crate::error::Error;
use crate::plan::{FrameColumn, Missing, Outcome, Param, Run};
use crate::render::{Statement, Table};
use crate::tree::{Arithmetic, Filter, RowGroup, Selected, Slot, Write};

/// What a column gets.
enum Assigned {
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

type Assignments = Vec<(FieldIndex, Assigned)>;

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
            let mut statement = self.statement();
            let table = self.update_head(&mut statement, model, assignments)?;
            statement.push(" WHERE ");
            statement.condition(table, filter)?;
            let level = self.returning(statement, model, wanted, &computed, Some(Missing::Target(model)))?;
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
                && !self.statement().relation_of(model, *field)?.holds_key
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
        let relation = self.statement().relation_of(model, *field)?;
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
        let mut statement = self.statement();
        let table = self.update_head(&mut statement, model, assignments)?;
        statement.push(" WHERE ");
        statement.condition(table, filter)?;
        if !computed.is_empty() {
            self.returned(&mut statement, model, &computed, &computed)?;
        }
        let columns = self.frame_columns(model, &computed)?;
        Ok(Outcome::Affected(vec![self.step(statement, columns, Run::Once, None)?]))
    }

    pub(super) fn delete(
        &mut self,
        model: ModelIndex,
        filter: &Filter,
        selection: &[Selected],
    ) -> Result<Outcome, Error> {
        if selection.iter().all(|selected| matches!(selected, Selected::Column(_))) {
            let wanted = self.wanted(model, selection)?;
            let mut statement = self.statement();
            self.delete_head(&mut statement, model, filter)?;
            let level = self.returning(statement, model, wanted, &[], Some(Missing::Target(model)))?;
            return Ok(Outcome::Row(self.nest(model, &level, selection, false)?));
        }
        // What hangs on the row must be read before it goes.
        let key = self.primary_key(model)?;
        let (nest, level) = self.read_target(model, filter, selection, &key)?;
        let mut statement = self.statement();
        let table = statement.table(model);
        statement.push("DELETE FROM ").source(table)?.push(" WHERE ");
        self.equals_cells(&mut statement, table, &key, &level)?;
        self.step(statement, Vec::new(), Run::Once, None)?;
        Ok(Outcome::Row(nest))
    }

    pub(super) fn delete_many(&mut self, model: ModelIndex, filter: &Filter) -> Result<Outcome, Error> {
        let mut statement = self.statement();
        self.delete_head(&mut statement, model, filter)?;
        Ok(Outcome::Affected(vec![self.step(statement, Vec::new(), Run::Once, None)?]))
    }

    pub(super) fn create_many(&mut self, model: ModelIndex, groups: &[RowGroup]) -> Result<Outcome, Error> {
        let mut steps = Vec::new();
        for group in groups {
            let mut assignments = Vec::new();
            for (index, field) in group.fields.iter().enumerate() {
                let ty = self.statement().column_of(model, *field)?.ty;
                assignments.push((*field, Assigned::Param(Param::RowValue { index, ty })));
            }
            self.defaults(model, &mut assignments)?;
            let (counted, computed): (Vec<FieldIndex>, Vec<FieldIndex>) =
                self.computed(model, &assignments, Cause::Insert)?.into_iter().partition(|field| {
                    self.statement()
                        .column_of(model, *field)
                        .is_ok_and(|column| column.default == Default::Autoincrement)
                });
            let keys = self.keys_of_any_form(model, &assignments)?;
            self.note_written(model, keys, None)?;
            let mut statement = self.statement();
            self.insert_head(&mut statement, model, assignments)?;
            let counted = counted.first().map(|field| Ok::<_, Error>(self.statement().column_of(model, *field)?.ty));
            let run = Run::EachRow {
                rows: group.rows,
                fields: group.fields.clone(),
                counted: counted.transpose()?,
                plain: (!computed.is_empty()).then(|| statement.text().to_owned()),
            };
            if computed.is_empty() {
                steps.push(self.step(statement, Vec::new(), run, None)?);
                continue;
            }
            self.returned(&mut statement, model, &computed, &computed)?;
            let columns = self.frame_columns(model, &computed)?;
            steps.push(self.step(statement, columns, run, None)?);
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
        let mut statement = self.statement();
        self.insert_head(&mut statement, model, assignments)?;
        let level = self.returning(statement, model, wanted, &computed, Some(Missing::Written(model)))?;
        self.note_written(model, keys, Some(&level))?;
        self.children(model, data, &level, false)?;
        Ok(level)
    }

    /// The unique keys among the written columns that hold values of any form.
    fn keys_of_any_form(&self, model: ModelIndex, assignments: &Assignments) -> Result<Vec<&'a Key>, Error> {
        let statement = self.statement();
        let mut keys = Vec::new();
        for key in self.model(model)?.keys.iter() {
            let mut any_form = false;
            for field in key.fields.iter() {
                any_form |= statement.holds_any_form(model, *field)?;
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
            let mut statement = self.statement();
            let table = statement.table(model);
            let fields = &key.fields;
            statement.push("SELECT 1 WHERE ");
            if let Some(values) = values {
                statement.push("(SELECT COUNT(*) FROM ").source(table)?.push(" WHERE ");
                statement.separated(" AND ", fields.iter().zip(values), |statement, (field, value)| {
                    statement.compared(table, *field)?.push(" = ").param(value);
                    Ok(())
                })?;
                statement.push(") < 2");
            } else {
                statement.push("NOT EXISTS (SELECT 1 FROM ").source(table)?.push(" WHERE ");
                statement.separated(" AND ", fields.iter(), |statement, field| {
                    statement.column(table, *field)?.push(" IS NOT NULL");
                    Ok(())
                })?;
                statement.push(" GROUP BY ");
                statement.separated(", ", fields.iter(), |statement, field| {
                    statement.compared(table, *field)?;
                    Ok(())
                })?;
                statement.push(" HAVING COUNT(*) > 1)");
            }
            let columns = vec![FrameColumn { ty: Type::Int, nullable: false, source: None }];
            self.step(statement, columns, Run::Once, Some(Missing::Other { model, fields: fields.to_vec() }))?;
        }
        Ok(())
    }

    /// The numbers of a written row that come from the database. They are read whatever is selected, so that none is
    /// stored that its column cannot hold.
    fn computed(&self, model: ModelIndex, assignments: &Assignments, cause: Cause) -> Result<Vec<FieldIndex>, Error> {
        let is_default = |column: &Column| matches!(column.default, Default::Database | Default::Autoincrement);
        let columns = self.model(model)?.columns().filter(|(field, _, column)| {
            !column.list
                && self.dialect.range_check(column.ty).is_some()
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
            let relation = self.statement().relation_of(model, *field)?;
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
        let mut statement = self.statement();
        statement.push("SELECT 1 WHERE ").param(assigned).push(" = ").param(value);
        let columns = vec![FrameColumn { ty: Type::Int, nullable: false, source: None }];
        self.step(statement, columns, Run::Once, Some(Missing::Agreement { model, field }))?;
        Ok(())
    }

    /// Creates or connects the rows that refer to this row.
    fn children(&mut self, model: ModelIndex, data: &[Write], level: &Level, existing: bool) -> Result<(), Error> {
        let mut named = self.named_before(model, data)?.into_iter();
        for write in data {
            let (Write::Create { field, .. } | Write::Connect { field, .. }) = write else { continue };
            let relation = self.statement().relation_of(model, *field)?;
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
                    let key = self.primary_key(relation.target)?;
                    let mut wanted = key.clone();
                    include_keys(&mut wanted, &keys);
                    let mut statement = self.statement();
                    let table = self.update_head(&mut statement, relation.target, assignments)?;
                    statement.push(" WHERE ");
                    // What was found before may be named twice, and has the key of its new place the second time.
                    let missing = match named.next().flatten() {
                        Some(level) => {
                            self.equals_cells(&mut statement, table, &key, &level)?;
                            None
                        }
                        None => {
                            statement.condition(table, filter)?;
                            Some(Missing::Connected { model, field: *field })
                        }
                    };
                    let level = self.returning(statement, relation.target, wanted, &[], missing)?;
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
            let relation = self.statement().relation_of(model, *field)?;
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
        let inverse = self.model(relation.target)?.relation(relation.inverse);
        let is_one_to_one = inverse
            .is_some_and(|inverse| inverse.arity != Arity::Many && inverse.target == model && inverse.inverse == field);
        if !is_one_to_one {
            return Ok(());
        }
        let nullable =
            |field: &FieldIndex| self.statement().column_of(model, *field).is_ok_and(|column| column.nullable);
        let can_stand_alone = relation.from.iter().all(nullable);
        let mut statement = self.statement();
        let table = if can_stand_alone {
            let nulls = relation.from.iter().map(|field| (*field, Assigned::Null)).collect();
            self.update_head(&mut statement, model, nulls)?
        } else {
            statement.push("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ");
            let table = statement.table(model);
            statement.source(table)?;
            table
        };
        statement.push(" WHERE ");
        let pairs = relation.from.iter().zip(relation.to.iter());
        statement.separated(" AND ", pairs, |statement, (from, to)| {
            statement.compared(table, *from)?.push(" = ").param(level.cell(*to)?);
            Ok(())
        })?;
        if let Some(filter) = existing {
            statement.push(" AND (");
            statement.condition(table, filter)?;
            statement.push(") IS NOT TRUE");
        }
        if can_stand_alone {
            self.step(statement, Vec::new(), Run::Once, None)?;
        } else {
            statement.push(")");
            let columns = vec![FrameColumn { ty: Type::Int, nullable: false, source: None }];
            let missing = Missing::Place { model: relation.target, field: relation.inverse };
            self.step(statement, columns, Run::Once, Some(missing))?;
        }
        Ok(())
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
        let relation = self.statement().relation_of(model, field)?;
        let nullable = |field: &FieldIndex| {
            self.statement().column_of(relation.target, *field).is_ok_and(|column| column.nullable)
        };
        if relation.to.iter().all(nullable) {
            let nulls = relation.to.iter().map(|field| (*field, Assigned::Null)).collect();
            let mut statement = self.statement();
            let table = self.update_head(&mut statement, relation.target, nulls)?;
            statement.push(" WHERE ");
            self.equals_link(&mut statement, table, relation, level)?;
            self.step(statement, Vec::new(), Run::Once, None)?;
            return Ok(());
        }
        if let Write::Connect { filter, .. } = write {
            // That the row is not there is said before that the place is not free.
            self.connected(model, field, relation, filter)?;
        }
        let mut statement = self.statement();
        statement.push("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ");
        let table = statement.table(relation.target);
        statement.source(table)?.push(" WHERE ");
        self.equals_link(&mut statement, table, relation, level)?;
        if let Write::Connect { filter, .. } = write {
            statement.push(" AND NOT (");
            statement.condition(table, filter)?;
            statement.push(")");
        }
        statement.push(")");
        let columns = vec![FrameColumn { ty: Type::Int, nullable: false, source: None }];
        self.step(statement, columns, Run::Once, Some(Missing::Place { model, field }))?;
        Ok(())
    }

    /// The rows that refer to the row of a level.
    fn equals_link(
        &self,
        statement: &mut Statement<'a>,
        table: Table,
        relation: &Relation,
        level: &Level,
    ) -> Result<(), Error> {
        let pairs = relation.to.iter().zip(relation.from.iter());
        statement.separated(" AND ", pairs, |statement, (to, from)| {
            statement.compared(table, *to)?.push(" = ").param(level.cell(*from)?);
            Ok(())
        })?;
        Ok(())
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
        let mut statement = self.statement();
        let table = statement.table(relation.target);
        statement.push("SELECT ");
        statement.separated(", ", wanted, |statement, key| {
            statement.column(table, *key)?;
            Ok(())
        })?;
        statement.push(" FROM ").source(table)?.push(" WHERE ");
        statement.condition(table, filter)?;
        let columns = self.frame_columns(relation.target, wanted)?;
        let frame = self.step(statement, columns, Run::Single, Some(Missing::Connected { model, field }))?;
        Ok(Level { frame, fields: wanted.to_vec(), offset: 0 })
    }

    /// Puts two rows into the join table, where they may be already.
    fn join(&mut self, relation: &Relation, parent: &Level, child: &Level) -> Result<(), Error> {
        let (Some(through), [from], [to]) = (&relation.through, &relation.from[..], &relation.to[..]) else {
            return Err(Error::invalid("a join table links single columns".to_owned()));
        };
        let mut statement = self.statement();
        statement.push(self.dialect.insert_ignore());
        statement.table_name(through.schema.as_deref(), &through.table).push(" (");
        statement.name(&through.from_column).push(", ").name(&through.to_column).push(") VALUES (");
        let from_model = statement.relation_of(relation.target, relation.inverse)?.target;
        statement.joined_key(from_model, *from, parent.cell(*from)?)?.push(", ");
        statement.joined_key(relation.target, *to, child.cell(*to)?)?.push(")");
        self.step(statement, Vec::new(), Run::Once, None)?;
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
                let relation = self.statement().relation_of(model, *field)?;
                if !relation.holds_key {
                    include(wanted, &relation.from);
                }
            }
        }
        Ok(())
    }

    fn assign_columns(&self, model: ModelIndex, data: &[Write], into: &mut Assignments) -> Result<(), Error> {
        let value = |field: FieldIndex, slot: Slot| {
            Ok::<_, Error>(Param::Value { slot, ty: self.statement().column_of(model, field)?.ty })
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
                    self.statement().column_of(model, *field)?;
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
        for (field, _, column) in self.model(model)?.columns() {
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
        for (field, _, column) in self.model(model)?.columns() {
            if column.updated_at && !into.iter().any(|(other, _)| *other == field) {
                into.push((field, Assigned::Param(Param::Now)));
            }
        }
        Ok(())
    }

    fn insert_head(
        &self,
        statement: &mut Statement<'a>,
        model: ModelIndex,
        assignments: Assignments,
    ) -> Result<(), Error> {
        let target = self.model(model)?;
        statement.push("INSERT INTO ").table_name(target.schema.as_deref(), &target.table);
        if assignments.is_empty() {
            statement.push(" DEFAULT VALUES");
            return Ok(());
        }
        statement.push(" (");
        statement.separated(", ", &assignments, |statement, (field, _)| {
            let name = &statement.column_of(model, *field)?.name;
            statement.name(name);
            Ok(())
        })?;
        statement.push(") VALUES (");
        let given = given(&assignments);
        statement.separated(", ", assignments, |statement, (field, assigned)| {
            match assigned {
                Assigned::Param(param) => statement.assigned(model, field, param, &given)?,
                Assigned::Null => statement.push("NULL"),
                Assigned::Number(number) => statement.push(&number.to_string()),
                Assigned::Change(..) => {
                    return Err(Error::invalid("a new row has no value yet that could be changed".to_owned()));
                }
            };
            Ok(())
        })?;
        statement.push(")");
        Ok(())
    }

    /// Whether a column is a part of a unique key.
    fn is_of_key(&self, model: ModelIndex, field: FieldIndex) -> Result<bool, Error> {
        Ok(self.model(model)?.keys.iter().any(|key| key.fields.contains(&field)))
    }

    fn update_head(
        &self,
        statement: &mut Statement<'a>,
        model: ModelIndex,
        assignments: Assignments,
    ) -> Result<Table, Error> {
        let table = statement.table(model);
        statement.push("UPDATE ").source(table)?.push(" SET ");
        let given = given(&assignments);
        statement.separated(", ", assignments, |statement, (field, assigned)| {
            let name = &statement.column_of(model, field)?.name;
            statement.name(name).push(" = ");
            match assigned {
                // A key that keeps its value keeps its form: by the bytes of it other rows refer to this one.
                Assigned::Param(param)
                    if self.is_of_key(model, field)? && statement.holds_any_form(model, field)? =>
                {
                    statement.push("CASE WHEN ").compared(table, field)?.push(" = ").param(param.clone());
                    statement.push(" THEN ").column(table, field)?.push(" ELSE ");
                    statement.assigned(model, field, param, &given)?.push(" END")
                }
                Assigned::Param(param) => statement.assigned(model, field, param, &given)?,
                Assigned::Null => statement.push("NULL"),
                Assigned::Number(number) => statement.push(&number.to_string()),
                Assigned::Change(operator, param) => {
                    let ty = statement.column_of(model, field)?.ty;
                    if let Some(function) = self.dialect.arithmetic(ty, operator) {
                        let place = place(model, field);
                        statement.push(function).push("(").column(table, field)?.push(", ").param(param);
                        statement.push(&format!(", {place})"));
                        return Ok(());
                    }
                    let symbol = match operator {
                        Arithmetic::Add => " + ",
                        Arithmetic::Subtract => " - ",
                        Arithmetic::Multiply => " * ",
                        Arithmetic::Divide => " / ",
                    };
                    let check = self.dialect.range_check(ty);
                    if let Some(check) = check {
                        statement.push(check).push("(");
                    }
                    statement.column(table, field)?.push(symbol).param(param);
                    if check.is_some() {
                        let place = place(model, field);
                        statement.push(", ").column(table, field)?.push(&format!(", {place})"));
                    }
                    statement
                }
            };
            Ok(())
        })?;
        Ok(table)
    }

    fn delete_head(&self, statement: &mut Statement<'a>, model: ModelIndex, filter: &Filter) -> Result<(), Error> {
        let table = statement.table(model);
        statement.push("DELETE FROM ").source(table)?.push(" WHERE ");
        statement.condition(table, filter)
    }

    /// Ends a write with the columns that it gives back; those in `checked` pass through the check of their range.
    fn returning(
        &mut self,
        mut statement: Statement<'a>,
        model: ModelIndex,
        mut wanted: Vec<FieldIndex>,
        checked: &[FieldIndex],
        require: Option<Missing>,
    ) -> Result<Level, Error> {
        if wanted.is_empty() {
            wanted = self.primary_key(model)?;
        }
        self.returned(&mut statement, model, &wanted, checked)?;
        let columns = self.frame_columns(model, &wanted)?;
        let frame = self.step(statement, columns, Run::Once, require)?;
        Ok(Level { frame, fields: wanted, offset: 0 })
    }

    /// ` RETURNING ..`
    fn returned(
        &self,
        statement: &mut Statement<'a>,
        model: ModelIndex,
        wanted: &[FieldIndex],
        checked: &[FieldIndex],
    ) -> Result<(), Error> {
        statement.push(" RETURNING ");
        statement.separated(", ", wanted, |statement, field| {
            let column = statement.column_of(model, *field)?;
            match self.dialect.range_check(column.ty).filter(|_| checked.contains(field)) {
                Some(check) => {
                    let place = place(model, *field);
                    statement.push(check).push("(").name(&column.name).push(&format!(", NULL, {place})"))
                }
                None => statement.name(&column.name),
            };
            Ok(())
        })?;
        Ok(())
    }

    pub(super) fn equals_cells(
        &self,
        statement: &mut Statement<'a>,
        table: Table,
        fields: &[FieldIndex],
        level: &Level,
    ) -> Result<(), Error> {
        statement.separated(" AND ", fields, |statement, field| {
            statement.compared(table, *field)?.push(" = ").param(level.cell(*field)?);
            Ok(())
        })?;
        Ok(())
    }

    fn primary_key(&self, model: ModelIndex) -> Result<Vec<FieldIndex>, Error> {
        let key = self.model(model)?.keys.first();
        key.map(|key| key.fields.to_vec()).ok_or_else(|| Error::invalid("the model has no key".to_owned()))
    }

    fn model(&self, model: ModelIndex) -> Result<&'a Model, Error> {
        self.statement().model(model)
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

/// The parameters that columns get.
fn given(assignments: &Assignments) -> Vec<(FieldIndex, Param)> {
    let params = assignments.iter().map(|(field, assigned)| match assigned {
        Assigned::Param(param) => Some((*field, param.clone())),
        Assigned::Null | Assigned::Number(_) | Assigned::Change(..) => None,
    });
    params.flatten().collect()
}

/// Adds the columns of keys that are not there yet.
fn include_keys(fields: &mut Vec<FieldIndex>, keys: &[&Key]) {
    for key in keys {
        include(fields, &key.fields);
    }
}
