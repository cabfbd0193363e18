//! Statements that write rows, and where the columns of the rows are afterwards: in what the statement returns, or,
//! where a database returns nothing, in what is read by the key.

use super::update::Rows;
use super::upsert::Changed;
use super::{Assigned, Assignments, Level, Planner, held, include};
use crate::catalog::{Default, FieldIndex, ModelIndex};
use crate::dialect::Returning;
use crate::error::Error;
use crate::lower::{Scope, Table};
use crate::plan::{FrameColumn, Keys, Missing, Param, Returns, RowOf, Run, Step, When};
use crate::statement::{Condition, Delete, Expression, From, InKeys, KeysOf, Output, Select, Statement};

impl<'a> Planner<'a> {
    /// Inserts a row. Those of the wanted columns in `computed` must be within the range of their type.
    pub(super) fn insert_row(
        &mut self,
        model: ModelIndex,
        assignments: Assignments,
        wanted: Vec<FieldIndex>,
        computed: &[FieldIndex],
        other: Option<Changed<'_, 'a>>,
    ) -> Result<Level, Error> {
        self.confirm_before_insert(model)?;
        let capabilities = self.dialect.capabilities();
        let key =
            if capabilities.returning == Returning::None { Some(self.new_key(model, &assignments)?) } else { None };
        let mut scope = self.scope();
        let mut insert = self.insert_of(&mut scope, model, assignments)?;
        let mut missing = Missing::Written(model);
        if let Some(other) = other {
            insert.conflict = self.change_instead(&mut scope, model, &other)?;
            missing = Missing::Other { model, fields: other.key.fields.to_vec() };
        }
        let insert = Statement::Insert(insert);
        let Some(values) = key else {
            return self.returning(&scope, insert, model, wanted, computed, Some(missing));
        };
        let level = self.written_row(&scope, &insert, model, values)?;
        self.read_columns(model, level, wanted)
    }

    /// Finds a row; returns the wanted columns, of which there may be none where nothing is `missing` then.
    pub(super) fn find_row(
        &mut self,
        model: ModelIndex,
        rows: Rows<'_, 'a>,
        wanted: &[FieldIndex],
        missing: Option<Missing>,
    ) -> Result<Level, Error> {
        let key;
        let wanted = if wanted.is_empty() {
            key = self.primary_key(model)?;
            &key
        } else {
            wanted
        };
        self.find_one(model, wanted, true, missing, |planner, scope, table| planner.conditions(scope, table, rows))
    }

    /// Finds a row by conditions, and does not keep other clients from changing it; returns the wanted columns.
    pub(super) fn find_where(
        &mut self,
        model: ModelIndex,
        wanted: &[FieldIndex],
        missing: Option<Missing>,
        conditions: impl FnOnce(&Self, &mut Scope<'a>, Table) -> Result<Vec<Condition<'a>>, Error>,
    ) -> Result<Level, Error> {
        self.find_one(model, wanted, false, missing, conditions)
    }

    /// Finds the row whose key a level has, as [`Self::find_where`] does.
    pub(super) fn find_by_key(
        &mut self,
        model: ModelIndex,
        level: &Level,
        wanted: &[FieldIndex],
        missing: Option<Missing>,
    ) -> Result<Level, Error> {
        self.find_where(model, wanted, missing, |planner, scope, table| {
            planner.conditions(scope, table, Rows::Found(level))
        })
    }

    fn find_one(
        &mut self,
        model: ModelIndex,
        wanted: &[FieldIndex],
        locks: bool,
        missing: Option<Missing>,
        conditions: impl FnOnce(&Self, &mut Scope<'a>, Table) -> Result<Vec<Condition<'a>>, Error>,
    ) -> Result<Level, Error> {
        let mut scope = self.scope();
        let table = scope.table(model);
        let output = |field: &FieldIndex| Ok(Output::of(scope.column(table, *field)?));
        let outputs = wanted.iter().map(output).collect::<Result<_, Error>>()?;
        let from = Some(From::Table(scope.source(table)?));
        let conditions = conditions(self, &mut scope, table)?;
        let select = Select { outputs, from, conditions, locks, ..Select::default() };
        let columns = self.frame_columns(model, wanted)?;
        let frame = self.step(&scope, &Statement::Select(Box::new(select)), columns, Run::Single, missing)?;
        Ok(Level { frame, fields: wanted.to_vec(), offset: 0 })
    }

    /// Plans steps that run only where a level has a row.
    pub(super) fn given<T>(
        &mut self,
        level: &Level,
        plan: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.when(level.frame, true, plan)
    }

    /// Plans steps that run only where a level has no row.
    pub(super) fn unless<T>(
        &mut self,
        level: &Level,
        plan: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.when(level.frame, false, plan)
    }

    fn when<T>(
        &mut self,
        frame: usize,
        has_row: bool,
        plan: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let held = self.held_rows();
        let condition = When { frame, has_row };
        self.when.push(condition);
        let planned = plan(self)?;
        self.when.pop();
        self.merge_held(&held, condition)?;
        Ok(planned)
    }

    /// Plans a write of a row that may not be there.
    pub(super) fn optionally(&mut self, plan: impl FnOnce(&mut Self) -> Result<Level, Error>) -> Result<Level, Error> {
        let level = plan(self)?;
        if let Some(step) = self.steps.get_mut(level.frame) {
            step.require = None;
        }
        Ok(level)
    }

    /// The row of the first of some levels that has one.
    pub(super) fn either(
        &mut self,
        model: ModelIndex,
        levels: &[&Level],
        wanted: &[FieldIndex],
    ) -> Result<Level, Error> {
        let mut rows = Vec::new();
        for level in levels {
            rows.push(RowOf { frame: level.frame, columns: level.columns(wanted)? });
        }
        let columns = self.frame_columns(model, wanted)?;
        let frame = self.take_either(rows, columns);
        Ok(Level { frame, fields: wanted.to_vec(), offset: 0 })
    }

    /// Changes a row, and finds the held rows again that move with it.
    pub(super) fn change_row(
        &mut self,
        model: ModelIndex,
        assignments: Assignments,
        rows: Rows<'_, 'a>,
        mut wanted: Vec<FieldIndex>,
        computed: &[FieldIndex],
        missing: Missing,
    ) -> Result<Level, Error> {
        let mut moves = self.moves(model, &assignments)?;
        if moves.is_empty() {
            return self.change_one(model, assignments, rows, wanted, computed, missing);
        }
        let before = self.look_before(model, rows, &mut moves, &missing)?;
        if wanted.is_empty() {
            wanted = self.primary_key(model)?;
        }
        include(&mut wanted, &held::sources(&moves));
        let rows = before.as_ref().map_or(rows, Rows::Found);
        let level = self.change_one(model, assignments, rows, wanted, computed, missing)?;
        self.find_moved(&moves, &|field| level.cell(field).ok())?;
        Ok(level)
    }

    fn change_one(
        &mut self,
        model: ModelIndex,
        assignments: Assignments,
        rows: Rows<'_, 'a>,
        wanted: Vec<FieldIndex>,
        computed: &[FieldIndex],
        missing: Missing,
    ) -> Result<Level, Error> {
        if self.dialect.capabilities().returning == Returning::AllWrites {
            let mut scope = self.scope();
            let (table, mut update) = self.update_of(&mut scope, model, assignments)?;
            update.conditions = self.conditions(&mut scope, table, rows)?;
            return self.returning(&scope, Statement::Update(update), model, wanted, computed, Some(missing));
        }
        // The row is found and locked by its key, changed, and read again by the key that it has then.
        let key = self.primary_key(model)?;
        let mut scope = self.scope();
        let table = scope.table(model);
        let mut select = Select { from: Some(From::Table(scope.source(table)?)), locks: true, ..Select::default() };
        let mut columns = self.frame_columns(model, &key)?;
        for field in &key {
            select.outputs.push(Output::of(scope.column(table, *field)?));
        }
        // A part of the key that is changed by arithmetic is computed beforehand.
        let mut changed = Vec::new();
        for (field, assigned) in &assignments {
            if let Assigned::Change(operator, value) = assigned
                && key.contains(field)
            {
                let column = scope.column_at(model, *field)?;
                select.outputs.push(Output::of(Expression::Computed {
                    column: scope.column_name(table, *field)?,
                    ty: column.ty,
                    operator: *operator,
                    value: value.clone(),
                    place: (model, *field),
                }));
                changed.push((*field, columns.len()));
                columns.extend(self.frame_columns(model, &[*field])?);
            }
        }
        select.conditions = self.conditions(&mut scope, table, rows)?;
        let frame = self.step(&scope, &Statement::Select(Box::new(select)), columns, Run::Single, Some(missing))?;
        let found = Level { frame, fields: key.clone(), offset: 0 };
        let value = |field: &FieldIndex| match assignments.iter().find(|(other, _)| other == field) {
            Some((_, Assigned::Param(param))) => Ok(param.clone()),
            Some((_, Assigned::Change(..))) => match changed.iter().find(|(other, _)| other == field) {
                Some((_, column)) => Ok(Param::Cell { frame, column: *column }),
                None => found.cell(*field),
            },
            _ => found.cell(*field),
        };
        let values = key.iter().map(value).collect::<Result<Vec<_>, Error>>()?;
        let (scope, update) = self.change_of(model, assignments, &found)?;
        let level = self.written_row(&scope, &update, model, values)?;
        self.read_columns(model, level, wanted)
    }

    fn change_of(
        &mut self,
        model: ModelIndex,
        assignments: Assignments,
        found: &Level,
    ) -> Result<(Scope<'a>, Statement<'a>), Error> {
        let mut scope = self.scope();
        let (table, mut update) = self.update_of(&mut scope, model, assignments)?;
        update.conditions = self.conditions(&mut scope, table, Rows::Found(found))?;
        Ok((scope, Statement::Update(update)))
    }

    /// Changes or removes all rows that satisfy the conditions of the statement. `columns` are those that it returns.
    pub(super) fn change_rows(
        &mut self,
        scope: Scope<'a>,
        table: Table,
        mut statement: Statement<'a>,
        columns: Vec<FrameColumn>,
    ) -> Result<usize, Error> {
        let conditions = match &mut statement {
            Statement::Update(update) => &mut update.conditions,
            Statement::Delete(delete) => &mut delete.conditions,
            Statement::Select(_) | Statement::Insert(_) | Statement::Levels(_) => {
                return Err(Error::invalid("the statement changes no rows that are there".to_owned()));
            }
        };
        if scope.capabilities().reads_changed_table || !conditions.iter().any(Condition::reads_rows) {
            return self.step(&scope, &statement, columns, Run::Once, None);
        }
        let conditions = std::mem::take(conditions);
        let frame = self.find_keys(&scope, table, conditions, None)?;
        self.change_found_rows(&scope, table, statement, columns, frame)
    }

    /// Removes rows, of which there must be so many.
    pub(super) fn delete_number(
        &mut self,
        model: ModelIndex,
        rows: Rows<'_, 'a>,
        number: usize,
        missing: Missing,
    ) -> Result<(), Error> {
        self.removals += 1;
        let mut scope = self.scope();
        let table = scope.table(model);
        let conditions = self.conditions(&mut scope, table, rows)?;
        let frame = self.find_keys(&scope, table, conditions, Some(missing))?;
        if let Some(step) = self.steps.get_mut(frame) {
            step.least = number;
        }
        let delete = Delete { table: scope.source(table)?, conditions: Vec::new(), returning: Vec::new() };
        self.change_found_rows(&scope, table, Statement::Delete(delete), Vec::new(), frame).map(drop)
    }

    /// Finds and locks rows by a statement of their own; returns the step, whose frame has their keys.
    fn find_keys(
        &mut self,
        scope: &Scope<'a>,
        table: Table,
        conditions: Vec<Condition<'a>>,
        missing: Option<Missing>,
    ) -> Result<usize, Error> {
        let key = self.primary_key(table.model)?;
        let output = |field: &FieldIndex| Ok(Output::of(scope.column(table, *field)?));
        let outputs = key.iter().map(output).collect::<Result<_, Error>>()?;
        let from = Some(From::Table(scope.source(table)?));
        let select = Select { outputs, from, conditions, locks: true, ..Select::default() };
        let columns = self.frame_columns(table.model, &key)?;
        self.step(scope, &Statement::Select(Box::new(select)), columns, Run::Once, missing)
    }

    /// Changes or removes the rows whose keys a frame has. `columns` are those that the statement returns.
    fn change_found_rows(
        &mut self,
        scope: &Scope<'a>,
        table: Table,
        mut statement: Statement<'a>,
        columns: Vec<FrameColumn>,
        frame: usize,
    ) -> Result<usize, Error> {
        let key = self.primary_key(table.model)?;
        let types = self.frame_columns(table.model, &key)?.iter().map(|column| column.ty).collect();
        let keys = Keys { frame, columns: (0..key.len()).collect(), types };
        let operands = key.iter().map(|field| scope.column(table, *field)).collect::<Result<Vec<_>, Error>>()?;
        let key_columns = key.iter().map(|field| scope.column_at(table.model, *field)).collect::<Result<_, Error>>()?;
        let named = vec![Condition::InKeys(InKeys { keys: KeysOf::Frame, operands, columns: key_columns })];
        match &mut statement {
            Statement::Update(update) => update.conditions = named,
            Statement::Delete(delete) => delete.conditions = named,
            Statement::Select(_) | Statement::Insert(_) | Statement::Levels(_) => {}
        }
        self.step(scope, &statement, columns, Run::Keys(keys), None)
    }

    /// Adds a write and the columns that it returns; those in `checked` must be within the range of their type.
    pub(super) fn returning(
        &mut self,
        scope: &Scope<'a>,
        mut statement: Statement<'a>,
        model: ModelIndex,
        mut wanted: Vec<FieldIndex>,
        checked: &[FieldIndex],
        require: Option<Missing>,
    ) -> Result<Level, Error> {
        if wanted.is_empty() {
            wanted = self.primary_key(model)?;
        }
        let returned = self.returned(scope, model, &wanted, checked)?;
        match &mut statement {
            Statement::Insert(insert) => insert.returning = returned,
            Statement::Update(update) => update.returning = returned,
            Statement::Delete(delete) => delete.returning = returned,
            Statement::Select(_) | Statement::Levels(_) => {}
        }
        let columns = self.frame_columns(model, &wanted)?;
        let frame = self.step(scope, &statement, columns, Run::Once, require)?;
        Ok(Level { frame, fields: wanted, offset: 0 })
    }

    /// Adds a write that returns nothing. Its frame is the key of the row, which is known.
    fn written_row(
        &mut self,
        scope: &Scope<'a>,
        statement: &Statement<'a>,
        model: ModelIndex,
        key: Vec<Param>,
    ) -> Result<Level, Error> {
        let fields = self.primary_key(model)?;
        let columns = self.frame_columns(model, &fields)?;
        let frame = self.step(scope, statement, columns, Run::Once, None)?;
        if let Some(Step { returns, .. }) = self.steps.last_mut() {
            *returns = Returns::Known(key);
        }
        Ok(Level { frame, fields, offset: 0 })
    }

    /// The values of the primary key of a new row.
    fn new_key(&self, model: ModelIndex, assignments: &Assignments) -> Result<Vec<Param>, Error> {
        let mut bound = 0;
        let mut given = Vec::new();
        for (field, assigned) in assignments {
            if let Assigned::Param(param) = assigned {
                // An identifier that is made for the statement is the one that it has bound.
                let is_generated = matches!(param, Param::Generated(_));
                given.push((*field, if is_generated { Param::Bound(bound) } else { param.clone() }));
                bound += 1;
            }
        }
        let value = |field: FieldIndex| {
            if let Some((_, param)) = given.iter().find(|(other, _)| *other == field) {
                return Ok(param.clone());
            }
            if self.catalog.column_at(model, field)?.default == Default::Autoincrement {
                return Ok(Param::InsertedId);
            }
            let (path, database) = (self.catalog.path(model, field), self.dialect.capabilities().name);
            Err(Error::invalid(format!(
                "`{path}` gets its value from the database, and {database} does not say which: give it a value"
            )))
        };
        self.primary_key(model)?.into_iter().map(value).collect()
    }

    /// The wanted columns of a row whose key a level has.
    fn read_columns(&mut self, model: ModelIndex, level: Level, wanted: Vec<FieldIndex>) -> Result<Level, Error> {
        if wanted.iter().all(|field| level.fields.contains(field)) {
            return Ok(level);
        }
        self.find_by_key(model, &level, &wanted, Some(Missing::Written(model)))
    }
}
