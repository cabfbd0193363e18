//! Runs a plan on a connection.

mod bulk;
mod collations;
mod forms;
mod siblings;

use std::ops::ControlFlow;
use std::sync::Arc;

use purlin_query::catalog::{Catalog, Default, FieldIndex, ModelIndex};
use purlin_query::plan::{Access, Collation, FrameColumn, Plan, Sql};
use purlin_query::value::Value;
use rusqlite::{Connection, Statement};

use bulk::Bulk;
pub(super) use collations::collation_of;
use collations::{collated, collations_of, look_at_schema};
use forms::plan_for;
use siblings::Siblings;

use super::bind;
use super::error::{
    Broken, ErrorContext, convert, differs, foreign_key_refused, is_foreign_key, is_interrupt, is_restricted,
    out_of_range, restricted,
};
use super::parents_first::{Deferral, are_few_to_scan, parents_first, refers_to_itself};
use super::read;
use super::statement::{Compiled, filled};
use crate::error::{Error, ErrorKind, Meta};
use crate::execution::{Answer, Call, Changed, Execution, GivenRow, PlannedQuery, given_rows, is_one_read};
use crate::prepared::{Collations, Prepared};
use crate::reply::{Recycler, Reply};

/// Why a plan did not run to its end.
pub(super) enum Stopped {
    /// Its deadline was over.
    Interrupted,
    /// It failed.
    Failed(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// How the statements of a plan are kept together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// In a transaction of their own, where there are several.
    Own,
    /// In the transaction that is open.
    Open,
}

/// Runs a plan: all of it or, when it writes, nothing of it. No deadline ends a transaction in its beginning or its end,
/// so that what is reported is what happened.
pub(super) fn execute(
    connection: &super::connection::Connection,
    prepared: &Arc<Prepared>,
    values: &[Value],
    recycler: &Arc<Recycler>,
    scope: Scope,
) -> Result<Reply, Stopped> {
    run_plan(connection, prepared, values, recycler, scope).map_err(|stopped| match stopped {
        Stopped::Failed(error) => {
            let file = connection.files.as_ref().map(|files| &*files.path);
            Stopped::Failed(differs(error, &connection.sqlite, file, prepared.catalog()))
        }
        Stopped::Interrupted => Stopped::Interrupted,
    })
}

fn run_plan(
    connection: &super::connection::Connection,
    prepared: &Arc<Prepared>,
    values: &[Value],
    recycler: &Arc<Recycler>,
    scope: Scope,
) -> Result<Reply, Stopped> {
    let super::connection::Connection { sqlite: connection, watch, .. } = connection;
    let (catalog, plan) = (prepared.catalog(), &prepared.plan);
    // Which of two plans runs is found out in the snapshot in which it does.
    let single = is_one_read(plan) && plan.canonical.is_none();
    let in_transaction = scope == Scope::Open || !single;
    let run = |order: Option<&Order<'_>>, siblings: &[Siblings]| {
        if plan.access == Access::Write && !plan.text_keys.is_empty() {
            look_at_schema(connection)?;
        }
        // A read is looked at when it has run: it is by a statement that the connection learns of tables that were made again.
        let looks_first = plan.access == Access::Write || prepared.was_collated();
        let mut differing = if looks_first { collations::differing(connection, prepared) } else { Collations::new() };
        loop {
            let collated = collated(prepared, &differing)?;
            let plan = plan_for(connection, collated.as_deref().unwrap_or(plan))?;
            let query = PlannedQuery { prepared, plan, values, most_bytes: watch.most_bytes() };
            let mut execution = Execution::new(&query, recycler);
            if let Some(order) = order {
                execution.write_in_order(&order.rows);
            }
            let caller = Caller { siblings, ..Caller::new(connection, catalog, plan, in_transaction, order) };
            let walked = walk(connection, caller, &mut execution);
            if plan.access == Access::Read && !matches!(walked, Err(Stopped::Interrupted)) {
                let seen = collations::differing(connection, prepared);
                if seen != differing {
                    differing = seen;
                    continue;
                }
            }
            walked?;
            return Ok(execution.finish()?);
        }
    };
    let (begin, commit, rollback) = match (scope, plan.access) {
        (Scope::Own, _) if single => return run(None, &[]),
        // One snapshot for all levels of a read.
        (Scope::Own, Access::Read) => ("BEGIN", "COMMIT", "ROLLBACK"),
        // A deferred transaction that comes to write later can only fail when another writer was there before.
        (Scope::Own, Access::Write) => ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"),
        // A write that fails half way must not leave its half in the user's transaction.
        (Scope::Open, Access::Write) => ("SAVEPOINT purlin_write", "RELEASE purlin_write", "ROLLBACK TO purlin_write"),
        (Scope::Open, Access::Read) => return run(None, &[]),
    };
    let place = ErrorContext { catalog, model: plan.model };
    let attempt = |order: Option<&Order<'_>>, siblings: &[Siblings]| {
        watch.unwatched(|| run_sql(connection, begin))?;
        let result = run(order, siblings);
        watch.unwatched(|| {
            let result = result.and_then(|reply| {
                // It may be the first to see that a foreign key leads nowhere.
                run_sql_at(connection, commit, Some(&place))?;
                Ok(reply)
            });
            if result.is_err() && !connection.is_autocommit() {
                // Before the rollback, which sets the count back that this loses.
                let mut deferrals =
                    order.map(|order| &order.deferral).into_iter().chain(siblings.iter().map(Siblings::deferral));
                let cut = deferrals.next().map_or(Ok(()), |deferral| deferral.cut(connection));
                let undone = cut.and_then(|()| run_sql(connection, rollback));
                let ended =
                    if scope == Scope::Open { undone.and_then(|()| run_sql(connection, commit)) } else { undone };
                if ended.is_err() && !connection.is_autocommit() {
                    // Half of the write would be left in the transaction of the caller: none of it is to be committed.
                    let _ = run_sql(connection, "ROLLBACK");
                }
            }
            result
        })
    };
    let result = attempt(None, &[]);
    // Rows may refer to rows after them, as they could were they written by one statement. Where the database has rolled the
    // caller's transaction back, there is none to try again in.
    let Err(Stopped::Failed(error)) = &result else { return result };
    if !error.is_foreign_key_violation() || (scope == Scope::Open && connection.is_autocommit()) {
        return result;
    }
    let rows = given_rows(plan, values);
    if rows.is_empty() {
        let siblings = Siblings::of(connection, catalog, plan, scope)?;
        return if siblings.is_empty() { result } else { attempt(None, &siblings) };
    }
    if rows.len() < 2 || !refers_to_itself(catalog, plan.model) {
        return result;
    }
    let deferral = Deferral::of(connection, catalog, plan.model, scope)?;
    if deferral.ends_in_time() && are_few_to_scan(connection, catalog, plan.model, rows.len()) {
        // As they were given, so that the database numbers them as one statement would.
        let precedes_parent = vec![true; rows.len()];
        return attempt(Some(&Order { rows, precedes_parent, deferral, pauses: false }), &[]);
    }
    let Some(order) = parents_first(connection, catalog, plan.model, &rows) else { return result };
    let order = Order {
        rows: order.iter().filter_map(|placed| rows.get(placed.index).copied()).collect(),
        precedes_parent: order.iter().map(|placed| placed.closes_circle).collect(),
        deferral,
        pauses: deferral.may_pause(),
    };
    attempt(Some(&order), &[])
}

/// The order in which the rows of a `createMany` are written that refer to each other, after a foreign key has refused the
/// first try.
struct Order<'v> {
    rows: Vec<GivenRow<'v>>,
    /// Whether each of them may refer to a row that is written after it.
    precedes_parent: Vec<bool>,
    deferral: Deferral,
    /// Whether the deferral pauses between the rows that need it: SQLite scans whole tables for each row while it counts.
    pauses: bool,
}

/// Runs the calls of an execution one after another.
fn walk<'p>(connection: &Connection, mut caller: Caller<'_>, execution: &mut Execution<'p>) -> Result<(), Stopped> {
    while let Some((call, mut answer)) = execution.next()? {
        caller.call(&call, &mut answer)?;
        execution.done(answer)?;
    }
    caller.end_bulk()?;
    for unmatched in execution.link() {
        let collations = collations_of(connection, caller.catalog, &unmatched);
        if collations.iter().any(|collation| *collation != Collation::Binary) {
            execution.link_by(&unmatched, &collations);
        }
    }
    Ok(())
}

/// Runs a statement without parameters and results.
pub(super) fn run_sql(connection: &Connection, sql: &str) -> Result<(), Stopped> {
    run_sql_at(connection, sql, None)
}

fn run_sql_at(connection: &Connection, sql: &str, place: Option<&ErrorContext<'_>>) -> Result<(), Stopped> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| stopped(&error, place))?;
    statement.raw_execute().map(drop).map_err(|error| stopped(&error, place))
}

pub(super) fn stopped(error: &rusqlite::Error, place: Option<&ErrorContext<'_>>) -> Stopped {
    if is_interrupt(error) { Stopped::Interrupted } else { Stopped::Failed(convert(error, place)) }
}

/// Runs the calls of one execution on a connection.
struct Caller<'c> {
    connection: &'c Connection,
    catalog: &'c Catalog,
    plan: &'c Plan,
    /// Whether the statements are parts of a transaction.
    in_transaction: bool,
    /// The step of the last call.
    last: Option<usize>,
    /// Whether each date that the present step writes is to be a number, as the dates around it are.
    dates_are_numbers: Vec<bool>,
    /// What the calls of a `createMany` share.
    bulk: Option<Box<Bulk<'c>>>,
    /// The lists of rows that may refer to each other in any order.
    siblings: &'c [Siblings],
    /// The numbers of the rows of the present list, which are not looked at yet.
    to_be_checked: Vec<i64>,
}

impl<'c> Caller<'c> {
    fn new(
        connection: &'c Connection,
        catalog: &'c Catalog,
        plan: &'c Plan,
        in_transaction: bool,
        order: Option<&'c Order<'c>>,
    ) -> Self {
        let bulk = order.map(Bulk::of);
        let (last, dates_are_numbers, to_be_checked) = (None, Vec::new(), Vec::new());
        Self { connection, catalog, plan, in_transaction, last, dates_are_numbers, bulk, siblings: &[], to_be_checked }
    }

    /// Runs a statement, and puts what it returns into the answer.
    fn call(&mut self, call: &Call<'_>, answer: &mut Answer<'_>) -> Result<(), Stopped> {
        if self.last != Some(call.index()) {
            self.look_at_dates(call.step())?;
            self.last = Some(call.index());
        }
        if call.writes_given_rows() {
            self.before_siblings(call.index())?;
            self.write_rows(call, answer)?;
            return self.after_siblings(call.index());
        }
        self.end_bulk()?;
        self.before_siblings(call.index())?;
        let mut statement = self.compile(call)?;
        for run in call.runs() {
            bind::parameters(&mut statement, &run, &self.dates_are_numbers)?;
            let changed = self.collect(&mut statement, answer)?;
            self.check_transaction()?;
            answer.ran(Changed::Rows(changed))?;
            self.note_sibling(call.index());
        }
        drop(statement);
        self.after_siblings(call.index())
    }

    /// Fails when the statements are parts of a transaction that the database has ended: what comes after would stand alone.
    fn check_transaction(&self) -> Result<(), Stopped> {
        if self.in_transaction && self.connection.is_autocommit() {
            let message = "the database ended the transaction by itself, and nothing of it was written";
            return Err(Stopped::Failed(Error::new(ErrorKind::Database, message)));
        }
        Ok(())
    }

    /// Compiles the statement of a call, or finds it compiled.
    fn compile(&self, call: &Call<'_>) -> Result<Compiled<'c>, Stopped> {
        match &call.step().sql {
            Sql::Fixed(text) => self.compile_text(text),
            Sql::Gaps { gaps, tail } => self.compile_text(&filled(gaps, tail, call.list_sizes())),
            Sql::Either(_) => Err(Stopped::Failed(Error::invalid("a choice between rows is no statement"))),
        }
    }

    fn compile_text(&self, sql: &str) -> Result<Compiled<'c>, Stopped> {
        Compiled::of(self.connection, sql).map_err(|error| stopped(&error, Some(&self.place())))
    }

    fn place(&self) -> ErrorContext<'c> {
        ErrorContext { catalog: self.catalog, model: self.plan.model }
    }

    /// Steps a statement that returns nothing; returns the number of rows that it changed.
    fn change(&self, statement: &mut Statement<'_>, columns: &[FrameColumn]) -> Result<u64, Stopped> {
        let changed = statement.raw_execute().map_err(|error| self.stopped(columns, &error))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// Steps a statement to its end; its rows go into the answer. Returns the number of rows that it changed, where that
    /// counts.
    fn collect(&self, statement: &mut Statement<'_>, answer: &mut Answer<'_>) -> Result<u64, Stopped> {
        let columns = answer.columns();
        if columns.is_empty() {
            return self.change(statement, columns);
        }
        let mut rows = statement.raw_query();
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    read::row(self.catalog, columns, row, &mut answer.frame)?;
                    if let ControlFlow::Break(()) = answer.row_is_read()? {
                        return Ok(0);
                    }
                }
                Ok(None) => return Ok(if answer.is_counted() { self.connection.changes() } else { 0 }),
                Err(error) => return Err(self.stopped(columns, &error)),
            }
        }
    }

    #[cold]
    fn stopped(&self, columns: &[FrameColumn], error: &rusqlite::Error) -> Stopped {
        // SQLite says of a table whose AUTOINCREMENT has come to its last number that the disk is full.
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) && is_counted_out(self.connection) {
            // The row may be one that is created along with that of the query.
            let written = columns.iter().find_map(|column| column.source);
            let model = written.map_or(self.plan.model, |(model, _)| model);
            return Stopped::Failed(out_of_range(self.catalog, model, counted_field(self.catalog, model)));
        }
        if error.sqlite_error_code() != Some(rusqlite::ErrorCode::ConstraintViolation) {
            return stopped(error, Some(&self.place()));
        }
        let write = self.last.and_then(|step| self.plan.steps.get(step)).and_then(|step| step.write);
        // The row may be one that is written along with that of the query.
        let model = write.and_then(|write| write.model).unwrap_or(self.plan.model);
        let name = |model: ModelIndex| self.catalog.model(model).map_or("row", |model| &*model.name);
        let called = Meta::Text(name(self.plan.model).to_owned());
        if is_foreign_key(error) {
            return Stopped::Failed(
                foreign_key_refused(name(model), Broken::by(write.map(|write| write.kind))).with("modelName", called),
            );
        }
        if is_restricted(error) {
            return Stopped::Failed(restricted(name(model)).with("modelName", called));
        }
        stopped(error, Some(&ErrorContext { catalog: self.catalog, model }))
    }
}

/// Returns whether a table has given the last number that its AUTOINCREMENT can give.
fn is_counted_out(connection: &Connection) -> bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_sequence WHERE seq = 9223372036854775807)";
    connection.query_row(sql, [], |row| row.get(0)).unwrap_or(false)
}

/// The key that the database counts up for the rows of a model.
fn counted_field(catalog: &Catalog, model: ModelIndex) -> FieldIndex {
    let columns = catalog.model(model).into_iter().flat_map(|model| model.columns());
    let counted = columns.filter(|(_, _, column)| column.default == Default::Autoincrement);
    counted.map(|(field, ..)| field).next().unwrap_or_default()
}
