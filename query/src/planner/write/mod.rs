//! Writes: rows in dependency order, then what the client wants back.
//!
//! One file per operation, and in `relation` per operation on related rows. All of them reach related rows through one
//! notion of a link ([`relation`]): a foreign key here, a foreign key there, or a join table.

mod create;
mod delete;
mod held;
mod relation;
mod rows;
mod unique;
mod update;
mod upsert;

use super::{Level, Planner, include};
use crate::catalog::{Column, Default, FieldIndex, ModelIndex};
use crate::error::Error;
use crate::lower::{Given, Scope, Table, WrittenRow, table_name};
use crate::plan::Param;
use crate::statement::{ColumnName, Comparison, Condition, Conflict, Expression, Insert, Update};
use crate::tree::{Arithmetic, ColumnWrite, RowWrites};

pub(super) use held::HeldRow;
pub(super) use unique::WrittenKey;

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

    /// Assigns what the columns of a row are given.
    fn assign_columns(&self, model: ModelIndex, data: &RowWrites, into: &mut Assignments) -> Result<(), Error> {
        for (field, write) in &data.columns {
            let ty = self.scope().column_at(model, *field)?.ty;
            let value = |slot| Param::Value { slot, ty };
            let assigned = match write {
                ColumnWrite::Set(slot) => Assigned::Param(value(*slot)),
                ColumnWrite::Null => Assigned::Null,
                ColumnWrite::Change { operator, value: slot } => Assigned::Change(*operator, value(*slot)),
                // A dialect without lists refuses the column.
                ColumnWrite::Push(_) => continue,
            };
            self.assign(model, into, *field, assigned)?;
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
            return Err(Error::set_by_relation(&self.catalog.path(model, field)));
        }
        into.push((field, assigned));
        Ok(())
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
    fn set_updated_at(&self, model: ModelIndex, into: &mut Assignments) -> Result<(), Error> {
        for (field, _, column) in self.catalog.model_at(model)?.columns() {
            if column.updated_at && !into.iter().any(|(other, _)| *other == field) {
                into.push((field, Assigned::Param(Param::Now)));
            }
        }
        Ok(())
    }

    fn insert_of(
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

    /// Returns whether a column is a part of a unique key.
    fn is_of_key(&self, model: ModelIndex, field: FieldIndex) -> Result<bool, Error> {
        Ok(self.catalog.model_at(model)?.keys.iter().any(|key| key.fields.contains(&field)))
    }

    /// A change of rows that are not named yet.
    fn update_of(
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

    /// The columns that a write returns.
    fn returned(
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

    /// The columns of the primary key of a model.
    fn primary_key(&self, model: ModelIndex) -> Result<Vec<FieldIndex>, Error> {
        let key = self.catalog.model_at(model)?.keys.first();
        key.map(|key| key.fields.to_vec()).ok_or_else(|| Error::invalid("the model has no key".to_owned()))
    }

    /// Adds the columns by which the rows that are written after this one are linked to it.
    fn include_links(&self, model: ModelIndex, data: &RowWrites, wanted: &mut Vec<FieldIndex>) -> Result<(), Error> {
        for (field, write) in &data.relations {
            let relation = self.catalog.relation_at(model, *field)?;
            if relation.holds_key && write.comes_first() {
                continue;
            }
            include(wanted, &relation.from);
            // It may have to be found again.
            include(wanted, &self.primary_key(model)?);
        }
        Ok(())
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
