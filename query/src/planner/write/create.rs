//! `create`, `createMany`, and the rows that nested writes create.

use super::unique::include_keys;
use super::upsert::Changed;
use super::{Assigned, Assignments, Cause};
use crate::catalog::{Default, FieldIndex, ModelIndex};
use crate::error::Error;
use crate::plan::{Param, ResultKind, Run};
use crate::planner::{Level, Planner, include};
use crate::statement::Statement;
use crate::tree::{RowGroup, RowWrites, Rows, Selected};

impl<'a> Planner<'a> {
    pub(in crate::planner) fn create(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        selection: &[Selected],
    ) -> Result<ResultKind, Error> {
        if self.must_be_reloaded(model, data, selection)? {
            let key = self.primary_key(model)?;
            let level = self.insert(model, data, Vec::new(), &key)?;
            let nest = self.reload(model, &level, &key, selection)?;
            return Ok(ResultKind::Row(nest));
        }
        let wanted = self.wanted(model, selection)?;
        let level = self.insert(model, data, Vec::new(), &wanted)?;
        Ok(ResultKind::Row(self.nest(model, &level, selection, false)?))
    }

    pub(in crate::planner) fn create_many(&mut self, model: ModelIndex, rows: &Rows) -> Result<ResultKind, Error> {
        let mut steps = Vec::new();
        for group in &rows.groups {
            steps.push(self.insert_rows(model, group, Vec::new())?);
        }
        Ok(ResultKind::Affected(steps))
    }

    /// Inserts a row with all that is created or connected along with it; returns the wanted columns. `inherited` is what
    /// it gets from the row that it is created under.
    pub(super) fn insert(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        inherited: Assignments,
        wanted: &[FieldIndex],
    ) -> Result<Level, Error> {
        self.insert_unless(model, data, inherited, wanted, None)
    }

    /// Inserts a row as [`Self::insert`] does, unless there is another, which is changed instead.
    pub(super) fn insert_unless(
        &mut self,
        model: ModelIndex,
        data: &RowWrites,
        inherited: Assignments,
        wanted: &[FieldIndex],
        other: Option<Changed<'_, 'a>>,
    ) -> Result<Level, Error> {
        let looked_at = wanted;
        let mut wanted = looked_at.to_vec();
        let number_held = self.number_held();
        self.include_links(model, data, &mut wanted)?;
        let referred = self.referred_rows(model, data)?;
        let mut named = self.name_before(model, data, true)?;
        let mut assignments = inherited;
        self.refer_to(model, data, &referred, None, &mut assignments)?;
        self.assign_columns(model, data, &mut assignments)?;
        self.defaults(model, &mut assignments)?;
        let computed = self.computed(model, &assignments, Cause::Insert)?;
        include(&mut wanted, &computed);
        let keys = self.keys_of_any_form(model, &assignments)?;
        include_keys(&mut wanted, &keys);
        let level = self.insert_row(model, assignments, wanted, &computed, other)?;
        self.note_written(model, keys, Some(&level))?;
        self.name_among_others(model, data, &mut named)?;
        let level = self.write_after(model, data, level, &named, looked_at, true)?;
        self.hold_no_longer(number_held);
        Ok(level)
    }

    /// Inserts rows that give the same columns; returns the step.
    pub(super) fn insert_rows(
        &mut self,
        model: ModelIndex,
        group: &RowGroup,
        inherited: Assignments,
    ) -> Result<usize, Error> {
        self.confirm_before_insert(model)?;
        let mut assignments = inherited;
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
            (!computed.is_empty()).then(|| self.dialect.render(self.catalog, &Statement::Insert(insert.clone())).sql);
        let run = Run::EachRow {
            model,
            rows: group.rows,
            fields: group.fields.clone(),
            counted: counted.transpose()?,
            plain: plain.map(|sql| sql.to_string()),
            values: None,
        };
        insert.returning = self.returned(&scope, model, &computed, &computed)?;
        let columns = self.frame_columns(model, &computed)?;
        self.step(&scope, &Statement::Insert(insert), columns, run, None)
    }
}
