//! Unique keys of values that may be stored in several forms, which the indexes of the database do not see as one value.

use super::Assignments;
use crate::catalog::FieldIndex;
use crate::catalog::{Key, ModelIndex};
use crate::error::Error;
use crate::plan::{Missing, Param};
use crate::planner::{Level, Planner, include};
use crate::statement::{Comparison, Condition, Expression, From, Operator, Output, Select};

/// A unique key whose values the database would compare by their form.
pub(in crate::planner) struct WrittenKey<'a> {
    model: ModelIndex,
    key: &'a Key,
    /// The values that were written; those of many rows are not known.
    values: Option<Vec<Param>>,
}

impl<'a> Planner<'a> {
    /// The unique keys among the written columns that hold values of any form.
    pub(super) fn keys_of_any_form(&self, model: ModelIndex, assignments: &Assignments) -> Result<Vec<&'a Key>, Error> {
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

    pub(super) fn note_written(
        &mut self,
        model: ModelIndex,
        keys: Vec<&'a Key>,
        level: Option<&Level>,
    ) -> Result<(), Error> {
        for key in keys {
            let values = level.map(|level| key.fields.iter().map(|field| level.cell(*field)).collect());
            self.written_keys.push(WrittenKey { model, key, values: values.transpose()? });
        }
        Ok(())
    }

    /// Ends a write with the checks that unique keys of values of any form still are unique. The indexes of the database do
    /// not see that two forms are one value.
    pub(in crate::planner) fn check_written_keys(&mut self) -> Result<(), Error> {
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
}

/// Adds the columns of keys that are not there yet.
pub(super) fn include_keys(fields: &mut Vec<FieldIndex>, keys: &[&Key]) {
    for key in keys {
        include(fields, &key.fields);
    }
}
