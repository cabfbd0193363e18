//! The rows of `createMany`: each is a run of a statement, in the order in which they were given.

use purlin_query::catalog::Type;
use purlin_query::plan::{Missing, Param, Plan, Run, Step};
use purlin_query::value::Value;
use rusqlite::{Connection, Statement};

use super::super::bind;
use super::super::error::out_of_range;
use super::super::parents_first::{Row, broken_foreign_key, row_number};
use super::super::statement::Compiled;
use super::{Changed, Context, Stopped, counted_field, not_found, run_sql};
use crate::frame::Frame;

/// So many statements of one `createMany` are held while its rows are written; others are looked up for each row.
const MOST_HELD: usize = 64;

/// A statement of `createMany`.
pub(super) struct Insert<'c> {
    statement: Compiled<'c>,
    /// Whether it returns nothing.
    plain: bool,
}

/// A row of a `createMany`.
#[derive(Clone, Copy)]
pub(super) struct GivenRow<'v> {
    /// The index of its step.
    pub(super) step: usize,
    pub(super) row: Row<'v>,
    /// Whether it refers to a row that is written after it.
    pub(super) closes_circle: bool,
}

/// The rows of a `createMany`, in the order in which they were given.
pub(super) fn given_rows<'a>(plan: &'a Plan, values: &'a [Value]) -> Vec<GivenRow<'a>> {
    let list = |slot: u16| match values.get(usize::from(slot)) {
        Some(Value::List(list)) => &**list,
        _ => &[],
    };
    let mut groups: Vec<_> = plan
        .steps
        .iter()
        .map_while(|step| match &step.run {
            Run::EachRow { rows, fields, .. } => Some((fields, list(*rows).chunks_exact(fields.len().max(1)))),
            _ => None,
        })
        .collect();
    let mut next = |step: usize| {
        let (fields, rows) = groups.get_mut(step)?;
        Some(GivenRow { step, row: Row { fields, values: rows.next()? }, closes_circle: false })
    };
    match plan.order {
        Some(order) => {
            let group = |value: &Value| if let Value::Int(group) = value { usize::try_from(*group).ok() } else { None };
            list(order).iter().filter_map(|value| next(group(value)?)).collect()
        }
        None => std::iter::from_fn(|| next(0)).collect(),
    }
}

impl Context<'_> {
    /// The statement of a step of `createMany`: without what it returns, where nobody looks at that.
    pub(super) fn insert<'c>(&self, connection: &'c Connection, step: &Step) -> Result<Insert<'c>, Stopped> {
        let plain = match &step.run {
            Run::EachRow { plain: Some(sql), .. } if self.has_literal_defaults(connection, step) => Some(sql),
            _ => None,
        };
        Ok(match plain {
            Some(sql) => Insert { statement: self.prepare_text(connection, sql)?, plain: true },
            None => Insert { statement: self.prepare(connection, step)?, plain: false },
        })
    }

    /// Runs a step once for each of some rows of `createMany`.
    pub(super) fn rows(
        &mut self,
        connection: &Connection,
        step: &Step,
        insert: &mut Insert<'_>,
        rows: &[Value],
        before: &[Frame],
        frame: &mut Frame,
    ) -> Result<Changed, Stopped> {
        let Run::EachRow { model, fields, counted, .. } = &step.run else { return Ok(0) };
        let mut changed = 0;
        for row in rows.chunks_exact(fields.len().max(1)) {
            self.bind_row(&mut insert.statement, step, row, before)?;
            let written = if insert.plain {
                self.change(connection, &mut insert.statement, step)?
            } else {
                self.collect(connection, &mut insert.statement, step, frame)?
            };
            self.check_transaction(connection)?;
            if written == 0 {
                if self.is_view(connection) {
                    // Nor do they tell the number of the last one.
                    continue;
                }
                return Err(Stopped::Failed(not_found(self.catalog, &Missing::Written(*model))));
            }
            changed += written;
            if *counted == Some(Type::Int) && i32::try_from(connection.last_insert_rowid()).is_err() {
                let field = counted_field(self.catalog, *model);
                return Err(Stopped::Failed(out_of_range(self.catalog, *model, field)));
            }
        }
        Ok(changed)
    }

    /// Runs the steps of a `createMany` row by row, in another order than that of the steps.
    pub(super) fn rows_in_order(
        &mut self,
        connection: &Connection,
        rows: &[GivenRow<'_>],
        frames: &mut [Frame],
    ) -> Result<Changed, Stopped> {
        let steps = &self.plan.steps;
        let mut inserts = Vec::new();
        inserts.resize_with(steps.len(), || None);
        for (step, frame) in steps.iter().zip(&mut *frames) {
            frame.reset(&step.columns);
        }
        let mut held = 0;
        let mut changed = 0;
        let mut last = None;
        let has_circle = rows.iter().any(|given| given.closes_circle);
        let number = if has_circle { row_number(connection, self.catalog, self.plan.model)? } else { None };
        let mut deferred = Vec::new();
        for given in rows {
            let (Some(step), Some(frame), Some(insert)) =
                (steps.get(given.step), frames.get_mut(given.step), inserts.get_mut(given.step))
            else {
                continue;
            };
            if last != Some(given.step) {
                self.look_at_dates(connection, step)?;
                last = Some(given.step);
            }
            let ready = match insert {
                Some(ready) => ready,
                None => {
                    held += 1;
                    insert.insert(self.insert(connection, step)?)
                }
            };
            let defers = given.closes_circle && number.is_some();
            if defers {
                run_sql(connection, "PRAGMA defer_foreign_keys = ON")?;
            }
            let written = self.rows(connection, step, ready, given.row.values, &[], frame);
            if defers {
                deferred.push(connection.last_insert_rowid());
                run_sql(connection, "PRAGMA defer_foreign_keys = OFF")?;
            }
            changed += written?;
            if held > MOST_HELD {
                *insert = None;
                held -= 1;
            }
        }
        if let Some(name) = number
            && let Some(error) = broken_foreign_key(connection, self.catalog, self.plan.model, name, &deferred)?
        {
            return Err(Stopped::Failed(error));
        }
        Ok(changed)
    }

    /// Whether the defaults of the columns that a step returns are written in the table as numbers that fit them. When
    /// that cannot be told, they are taken for expressions.
    fn has_literal_defaults(&self, connection: &Connection, step: &Step) -> bool {
        let Run::EachRow { model, .. } = step.run else { return false };
        let Some(table) = self.catalog.model(model).map(|model| &*model.table) else { return false };
        let sql = "SELECT name, dflt_value FROM pragma_table_xinfo(?) WHERE hidden = 0";
        let Ok(mut statement) = connection.prepare_cached(sql) else { return false };
        let defaults =
            statement.query_map([table], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)));
        let Ok(defaults) = defaults.and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>) else { return false };
        step.columns.iter().all(|returned| {
            let column = returned.source.and_then(|(model, field)| self.catalog.model(model)?.column(field));
            let found = column.and_then(|column| defaults.iter().find(|(name, _)| *name == column.name));
            found.is_some_and(|(_, default)| match (default, returned.ty) {
                (None, _) => true,
                (Some(literal), Type::Int) => literal.parse::<i32>().is_ok(),
                (Some(literal), Type::BigInt) => literal.parse::<i64>().is_ok(),
                (Some(literal), Type::Float) => literal.parse::<f64>().is_ok_and(f64::is_finite),
                _ => false,
            })
        })
    }

    /// Binds a row of `createMany`.
    fn bind_row(
        &mut self,
        statement: &mut Statement<'_>,
        step: &Step,
        row: &[Value],
        before: &[Frame],
    ) -> Result<(), Stopped> {
        for (index, param) in step.params.iter().enumerate() {
            match param {
                Param::Cell { frame, column } => self.bind_cell(statement, index + 1, before, *frame, *column)?,
                Param::RowValue { index: at, ty } => {
                    bind::value(self.catalog, statement, index + 1, row.get(*at).unwrap_or(&Value::Null), *ty)?;
                }
                Param::Date { form, value } => {
                    let date = self.instant(value, row);
                    self.bind_date(statement, index + 1, date, *form)?;
                }
                other => self.bind_plain(statement, index + 1, other)?,
            }
        }
        Ok(())
    }
}
