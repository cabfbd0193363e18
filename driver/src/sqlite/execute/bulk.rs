//! The rows of `createMany`: each is a run of a statement, in the order in which they were given.

use purlin_query::catalog::{Catalog, FieldKind, Type};
use purlin_query::plan::{Param, Plan, Run, Step};
use purlin_query::value::Value;
use rusqlite::{Connection, Statement};

use super::super::bind;
use super::super::error::{Place, out_of_range};
use super::super::statement::Compiled;
use super::{Changed, Context, Stopped, counted_field, run_sql, stopped};
use crate::error::Error;
use crate::frame::Frame;

/// So many statements of one `createMany` are held while its rows are written; others are looked up for each row.
const MOST_HELD: usize = 64;

/// A statement of `createMany`.
pub(super) struct Insert<'c> {
    statement: Compiled<'c>,
    /// Whether it returns nothing.
    plain: bool,
}

/// Whether a plan writes many rows that may refer to each other.
pub(super) fn refers_to_its_like(catalog: &Catalog, plan: &Plan) -> bool {
    let fields = catalog.model(plan.model).map_or(&[][..], |model| &model.fields);
    plan.steps.first().is_some_and(|step| matches!(step.run, Run::EachRow { .. }))
        && fields.iter().any(|field| match &field.kind {
            FieldKind::Relation(relation) => relation.holds_key && relation.target == plan.model,
            FieldKind::Column(_) => false,
        })
}

/// Writes rows that may refer to rows after them, as one statement for all of them could. The foreign keys of the table
/// are looked at when all rows are there; `refused` is the error when one leads nowhere.
pub(super) fn deferring_foreign_keys(
    connection: &Connection,
    catalog: &Catalog,
    plan: &Plan,
    refused: Error,
    write: impl FnOnce() -> Result<Changed, Stopped>,
) -> Result<Changed, Stopped> {
    let Some(table) = catalog.model(plan.model).map(|model| &*model.table) else { return write() };
    let dangling = || {
        let sql = "SELECT COUNT(*) FROM pragma_foreign_key_check(?)";
        let count = connection.query_row(sql, [table], |row| row.get::<_, i64>(0));
        count.map_err(|error| stopped(&error, Some(&Place { catalog, model: plan.model })))
    };
    let before = dangling()?;
    run_sql(connection, "PRAGMA defer_foreign_keys = ON")?;
    let result =
        write().and_then(|changed| if dangling()? > before { Err(Stopped::Failed(refused)) } else { Ok(changed) });
    // An interactive transaction goes on as it was.
    let _ = run_sql(connection, "PRAGMA defer_foreign_keys = OFF");
    result
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
        frame: &mut Frame,
    ) -> Result<Changed, Stopped> {
        let Run::EachRow { fields, counted, .. } = &step.run else { return Ok(0) };
        let mut changed = 0;
        for row in rows.chunks_exact(fields.len().max(1)) {
            self.bind_row(&mut insert.statement, step, row)?;
            changed += if insert.plain {
                self.change(connection, &mut insert.statement, step)?
            } else {
                self.collect(connection, &mut insert.statement, step, frame)?
            };
            if *counted == Some(Type::Int) && i32::try_from(connection.last_insert_rowid()).is_err() {
                let field = counted_field(self.catalog, self.plan.model);
                return Err(Stopped::Failed(out_of_range(self.catalog, self.plan.model, field)));
            }
        }
        Ok(changed)
    }

    /// Runs the steps of a `createMany` whose rows give different columns, in the order of the rows: those that follow
    /// each other and are of one step together.
    pub(super) fn rows_in_order(
        &mut self,
        connection: &Connection,
        order: &[Value],
        frames: &mut [Frame],
    ) -> Result<Changed, Stopped> {
        let steps = &self.plan.steps;
        let mut rests = Vec::with_capacity(steps.len());
        let mut inserts = Vec::new();
        inserts.resize_with(steps.len(), || None);
        for (step, frame) in steps.iter().zip(&mut *frames) {
            let Run::EachRow { rows, .. } = &step.run else { break };
            frame.reset(&step.columns);
            rests.push(self.list(*rows));
        }
        let mut held = 0;
        let mut changed = 0;
        for run in order.chunk_by(PartialEq::eq) {
            let Some(Value::Int(group)) = run.first() else { continue };
            let Ok(group) = usize::try_from(*group) else { continue };
            let (Some(step), Some(rest), Some(frame), Some(insert)) =
                (steps.get(group), rests.get_mut(group), frames.get_mut(group), inserts.get_mut(group))
            else {
                continue;
            };
            let Run::EachRow { fields, .. } = &step.run else { continue };
            let Some((rows, after)) = rest.split_at_checked(run.len() * fields.len().max(1)) else { continue };
            *rest = after;
            let ready = match insert {
                Some(ready) => ready,
                None => {
                    held += 1;
                    insert.insert(self.insert(connection, step)?)
                }
            };
            self.look_at_dates(connection, step)?;
            changed += self.rows(connection, step, ready, rows, frame)?;
            if held > MOST_HELD {
                *insert = None;
                held -= 1;
            }
        }
        Ok(changed)
    }

    /// Whether the defaults of the columns that a step returns are written in the table as numbers that fit them. When
    /// that cannot be told, they are taken for expressions.
    fn has_literal_defaults(&self, connection: &Connection, step: &Step) -> bool {
        let Some(table) = self.catalog.model(self.plan.model).map(|model| &*model.table) else { return false };
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
    fn bind_row(&mut self, statement: &mut Statement<'_>, step: &Step, row: &[Value]) -> Result<(), Stopped> {
        for (index, param) in step.params.iter().enumerate() {
            match param {
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
