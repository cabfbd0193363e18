//! `disconnect` and `set`.

use super::Link;
use super::names::Name;
use crate::catalog::{FieldIndex, ModelIndex, Relation};
use crate::error::Error;
use crate::plan::Run;
use crate::planner::write::held::Held;
use crate::planner::write::update::Rows;
use crate::planner::write::{Assigned, Assignments};
use crate::planner::{Level, Planner};
use crate::statement::{ColumnName, Comparison, Condition, Delete, Expression, Source, Statement, TableName};
use crate::tree::Filter;

impl<'a> Planner<'a> {
    /// Takes from a row that is written the foreign key by which it refers to another.
    pub(super) fn disconnect_here(
        &mut self,
        model: ModelIndex,
        relation: &Relation,
        into: &mut Assignments,
    ) -> Result<(), Error> {
        for field in self.nullable(model, &relation.from) {
            self.assign(model, into, field, Assigned::Null)?;
        }
        Ok(())
    }

    pub(super) fn disconnect(&mut self, link: &Link<'_, 'a>, filter: Option<&Filter>) -> Result<(), Error> {
        let relation = link.relation;
        if relation.holds_key {
            return self.let_go_here(link, filter);
        }
        if relation.through.is_none() {
            return self.let_go(link, filter);
        }
        // What a filter does not find is not connected.
        let rows = Rows::Linked(link, filter);
        let found = self.find_row(relation.target, rows, &relation.to, None)?;
        self.given(&found, |planner| planner.part(link, Some(&found)))
    }

    /// `set`: the rows that filters name are related, and no others.
    pub(super) fn set_linked(
        &mut self,
        link: &Link<'_, 'a>,
        names: &[(Name<'_, 'a>, Option<Held>)],
    ) -> Result<(), Error> {
        let relation = link.relation;
        let target = relation.target;
        // What names one may depend on what it refers to, so that all are found before the first is written.
        let rows = self.named_rows(names)?;
        if relation.through.is_some() {
            self.part(link, None)?;
            for row in &rows {
                self.join(relation, link.row, row)?;
            }
            return Ok(());
        }
        let pairs = link.pairs()?;
        self.let_go_or_refuse(target, self.without_link(link), link.place(), |planner, scope, table| {
            let mut conditions = scope.equals_to(table, relation, pairs)?;
            for row in &rows {
                let named = planner.equals_cells(scope, table, &row.fields, row)?;
                conditions.push(Condition::Not(Box::new(Condition::All(named))));
            }
            Ok(conditions)
        })?;
        if rows.len() > 1 {
            return self.refer_together(link, &rows);
        }
        for row in &rows {
            self.refer(link, Rows::Found(row))?;
        }
        Ok(())
    }

    /// Takes the foreign key from the rows that refer to a row, where they satisfy a condition.
    pub(super) fn let_go(&mut self, link: &Link<'_, 'a>, filter: Option<&Filter>) -> Result<(), Error> {
        let assignments = self.without_link(link);
        self.assign_all(link.relation.target, Rows::Linked(link, filter), assignments, &[])?;
        Ok(())
    }

    /// Takes the foreign key from a row that was written, where the row that it refers to satisfies a condition.
    fn let_go_here(&mut self, link: &Link<'_, 'a>, filter: Option<&Filter>) -> Result<(), Error> {
        let found = self.find_row(link.relation.target, Rows::Linked(link, filter), &link.relation.to, None)?;
        self.given(&found, |planner| {
            let mut nulls: Assignments = Vec::new();
            planner.disconnect_here(link.model, link.relation, &mut nulls)?;
            planner.assign_all(link.model, Rows::Found(link.row), nulls, &[]).map(drop)
        })
    }

    /// Removes the rows of the join table that lead from a row, to another or to any.
    fn part(&mut self, link: &Link<'_, 'a>, other: Option<&Level>) -> Result<(), Error> {
        let relation = link.relation;
        let Some(through) = &relation.through else { return Ok(()) };
        let mut scope = self.scope();
        let join = scope.table(relation.target);
        let name = TableName { schema: through.schema.as_deref(), name: &through.table };
        let mut conditions = self.joined_to(&scope, join.alias, link)?;
        if let (Some(other), [to]) = (other, &relation.to[..]) {
            let column = scope.column_at(relation.target, *to)?;
            let key = ColumnName { alias: Some(join.alias), name: &through.to_column };
            let place = (through, &*through.to_column);
            let key = scope.compared_key(place, relation.target, *to, Expression::Column(key))?;
            conditions.push(Comparison::equal(key, Expression::Param(other.cell(*to)?, Some(column))));
        }
        let table = Source { table: name, alias: join.alias };
        let delete = Statement::Delete(Delete { table, conditions, returning: Vec::new() });
        self.step(&scope, &delete, Vec::new(), Run::Once, None)?;
        Ok(())
    }

    /// What a row gets that no longer refers to another.
    pub(super) fn without_link(&self, link: &Link<'_, 'a>) -> Assignments {
        let fields = self.nullable(link.relation.target, &link.relation.to);
        fields.into_iter().map(|field| (field, Assigned::Null)).collect()
    }

    /// The columns of a foreign key that may be null: one of them is enough for it to lead nowhere.
    fn nullable(&self, model: ModelIndex, key: &[FieldIndex]) -> Vec<FieldIndex> {
        let is_nullable =
            |field: &&FieldIndex| self.scope().column_at(model, **field).is_ok_and(|column| column.nullable);
        key.iter().filter(is_nullable).copied().collect()
    }
}
