//! `delete` and `deleteMany`.

use super::update::Rows;
use crate::catalog::ModelIndex;
use crate::dialect::Returning;
use crate::error::Error;
use crate::plan::{Missing, ResultKind};
use crate::planner::Planner;
use crate::statement::{Delete, Statement};
use crate::tree::{Filter, Selected};

impl<'a> Planner<'a> {
    pub(in crate::planner) fn delete(
        &mut self,
        model: ModelIndex,
        filter: &Filter,
        selection: &[Selected],
    ) -> Result<ResultKind, Error> {
        let missing = Missing::Target(model);
        let is_flat = selection.iter().all(|selected| matches!(selected, Selected::Column(_)));
        if is_flat && self.dialect.capabilities().returning != Returning::None {
            let wanted = self.wanted(model, selection)?;
            let mut scope = self.scope();
            let table = scope.table(model);
            let conditions = vec![scope.condition(table, filter)?];
            let delete = Delete { table: scope.source(table)?, conditions, returning: Vec::new() };
            let level = self.returning(&scope, Statement::Delete(delete), model, wanted, &[], Some(missing))?;
            return Ok(ResultKind::Row(self.nest(model, &level, selection, false)?));
        }
        // What hangs on the row must be read before it goes.
        let key = self.primary_key(model)?;
        let (nest, level) = self.read_target(model, filter, selection, &key)?;
        self.delete_all(model, Rows::Found(&level))?;
        Ok(ResultKind::Row(nest))
    }

    pub(in crate::planner) fn delete_many(&mut self, model: ModelIndex, filter: &Filter) -> Result<ResultKind, Error> {
        Ok(ResultKind::Affected(vec![self.delete_all(model, Rows::Filter(filter))?]))
    }

    /// Removes rows; returns the step.
    pub(super) fn delete_all(&mut self, model: ModelIndex, rows: Rows<'_, 'a>) -> Result<usize, Error> {
        self.removals += 1;
        let mut scope = self.scope();
        let table = scope.table(model);
        let conditions = self.conditions(&mut scope, table, rows)?;
        let delete = Delete { table: scope.source(table)?, conditions, returning: Vec::new() };
        self.change_rows(scope, table, Statement::Delete(delete), Vec::new())
    }
}
