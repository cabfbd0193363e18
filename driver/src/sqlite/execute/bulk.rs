//! The rows of `createMany`: each is a run of a statement, in the order in which they were given.

use purlin_query::catalog::{ModelIndex, Type};
use purlin_query::plan::{Run, Step};
use rusqlite::Connection;

use super::super::bind;
use super::super::error::out_of_range;
use super::super::statement::Compiled;
use super::{Caller, Order, Stopped, counted_field};
use crate::execution::{Answer, Call, Changed};

/// So many statements of one `createMany` are held while its rows are written; others are looked up for each row.
const MOST_HELD: usize = 64;

/// A statement of `createMany`.
pub(super) struct Insert<'c> {
    statement: Compiled<'c>,
    /// Whether it returns nothing.
    plain: bool,
}

/// What the calls of a `createMany` share.
#[derive(Default)]
pub(super) struct Bulk<'c> {
    inserts: Inserts<'c>,
    /// For rows that may refer to rows after them.
    deferred: Option<Deferred<'c>>,
}

impl<'c> Bulk<'c> {
    /// For rows that are written in an order of their own.
    pub(super) fn of(order: &'c Order<'_>) -> Box<Self> {
        Box::new(Self {
            inserts: Inserts::default(),
            deferred: Some(Deferred { order, is_on: false, to_be_checked: Vec::new() }),
        })
    }
}

/// The statements that are held, by their steps.
#[derive(Default)]
struct Inserts<'c> {
    by_step: Vec<Option<Insert<'c>>>,
    held: usize,
}

impl<'c> Inserts<'c> {
    /// Takes the statement of a step.
    fn take(&mut self, step: usize) -> Option<Insert<'c>> {
        let insert = self.by_step.get_mut(step)?.take();
        self.held -= usize::from(insert.is_some());
        insert
    }

    /// Holds the statement of a step, unless there are too many.
    fn hold(&mut self, step: usize, insert: Insert<'c>) {
        if self.held >= MOST_HELD {
            return;
        }
        self.by_step.resize_with(self.by_step.len().max(step + 1), || None);
        if let Some(place) = self.by_step.get_mut(step) {
            *place = Some(insert);
            self.held += 1;
        }
    }
}

/// Rows of a `createMany` of which some may refer to rows after them: these are written while foreign keys are deferred.
struct Deferred<'c> {
    order: &'c Order<'c>,
    is_on: bool,
    /// The numbers of the rows that were written since the first deferred one.
    to_be_checked: Vec<i64>,
}

impl Deferred<'_> {
    fn before_row(&mut self, connection: &Connection, row: usize) -> Result<(), Stopped> {
        if !self.is_on && self.order.precedes_parent.get(row).copied().unwrap_or(false) {
            self.order.deferral.begin(connection)?;
            self.is_on = true;
        }
        Ok(())
    }

    fn after_row(&mut self, connection: &Connection) -> Result<(), Stopped> {
        if self.is_on || !self.to_be_checked.is_empty() {
            self.to_be_checked.push(connection.last_insert_rowid());
        }
        if self.is_on && self.order.pauses {
            self.order.deferral.cut(connection)?;
            self.is_on = false;
        }
        Ok(())
    }
}

impl<'c> Caller<'c> {
    /// Writes rows of a `createMany`.
    pub(super) fn write_rows(&mut self, call: &Call<'_>, answer: &mut Answer<'_>) -> Result<(), Stopped> {
        let mut bulk = self.bulk.take().unwrap_or_default();
        let mut insert = match bulk.inserts.take(call.index()) {
            Some(insert) => insert,
            None => self.insert(call)?,
        };
        for run in call.runs() {
            bind::parameters(&mut insert.statement, &run, &self.dates_are_numbers)?;
            if let Some(deferred) = &mut bulk.deferred {
                deferred.before_row(self.connection, run.row_number())?;
            }
            self.write_row(call, &mut insert, answer)?;
            self.note_sibling(call.index());
            if let Some(deferred) = &mut bulk.deferred {
                deferred.after_row(self.connection)?;
            }
        }
        bulk.inserts.hold(call.index(), insert);
        self.bulk = Some(bulk);
        Ok(())
    }

    /// Writes the row whose values are bound.
    fn write_row(&self, call: &Call<'_>, insert: &mut Insert<'_>, answer: &mut Answer<'_>) -> Result<(), Stopped> {
        let Run::EachRow { model, counted, .. } = &call.step().run else { return Ok(()) };
        let written = if insert.plain {
            self.change(&mut insert.statement, answer.columns())?
        } else {
            self.collect(&mut insert.statement, answer)?
        };
        self.check_transaction()?;
        if written == 0 && self.is_view(*model) {
            // Nor do its triggers tell the number of the last row.
            return Ok(answer.ran(Changed::Unknown)?);
        }
        answer.ran(Changed::Rows(written))?;
        if *counted == Some(Type::Int) && i32::try_from(self.connection.last_insert_rowid()).is_err() {
            let field = counted_field(self.catalog, *model);
            return Err(Stopped::Failed(out_of_range(self.catalog, *model, field)));
        }
        Ok(())
    }

    /// The statement of a step of `createMany`: without what it returns, where nobody looks at that.
    fn insert(&self, call: &Call<'_>) -> Result<Insert<'c>, Stopped> {
        let step = call.step();
        let plain = match &step.run {
            Run::EachRow { plain: Some(sql), .. } if self.has_literal_defaults(step) => Some(sql),
            _ => None,
        };
        Ok(match plain {
            Some(sql) => Insert { statement: self.compile_text(sql)?, plain: true },
            None => Insert { statement: self.compile(call)?, plain: false },
        })
    }

    /// Ends a `createMany` when all its rows are written: looks at the foreign keys of those that were written since they
    /// were deferred.
    #[inline]
    pub(super) fn end_bulk(&mut self) -> Result<(), Stopped> {
        match self.bulk.take().and_then(|bulk| bulk.deferred) {
            Some(deferred) => self.end_deferred(&deferred),
            None => Ok(()),
        }
    }

    #[cold]
    fn end_deferred(&self, deferred: &Deferred<'_>) -> Result<(), Stopped> {
        let deferral = deferred.order.deferral;
        deferral.check(self.connection, self.catalog, self.plan.model, &deferred.to_be_checked)?;
        if deferred.is_on { deferral.end(self.connection) } else { Ok(()) }
    }

    /// Returns whether the table of a model is a view, whose triggers do not tell how many rows they have written.
    #[cold]
    fn is_view(&self, model: ModelIndex) -> bool {
        let Some(table) = self.catalog.model(model).map(|model| &*model.table) else { return false };
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ? AND type = 'view')";
        self.connection.query_row(sql, [table], |row| row.get(0)).unwrap_or(false)
    }

    /// Returns whether the defaults of the columns that a step returns are written in the table as numbers that fit them.
    /// When that cannot be told, they are taken for expressions.
    fn has_literal_defaults(&self, step: &Step) -> bool {
        let Run::EachRow { model, .. } = step.run else { return false };
        let Some(table) = self.catalog.model(model).map(|model| &*model.table) else { return false };
        let sql = "SELECT name, dflt_value FROM pragma_table_xinfo(?) WHERE hidden = 0";
        let Ok(mut statement) = self.connection.prepare_cached(sql) else { return false };
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
}
