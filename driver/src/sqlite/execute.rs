//! Runs a plan on a connection.

mod bulk;
mod forms;

use purlin_query::Limits;
use purlin_query::catalog::{Arity, Catalog, Default, FieldIndex, ModelIndex, Type};
use purlin_query::plan::{Access, FrameColumn, Item, Keys, Missing, Nest, Outcome, Param, Plan, Run, Sql, Step};
use purlin_query::value::Value;
use rusqlite::{Connection, Statement};

use bulk::{GivenRow, given_rows};
use forms::plan_for;

use super::bind;
use super::error::{Broken, Place, convert, differs, foreign_key_refused, is_foreign_key, is_interrupt, out_of_range};
use super::parents_first::{Placed, parents_first, refers_to_itself};
use super::read;
use super::statement::{Compiled, is_listed, key_width, with_array, with_keys};
use crate::branch;
use crate::error::{Error, Kind, Meta};
use crate::frame::{Frame, Values};
use crate::identifiers;
use crate::json::JsonReader;
use crate::prepared::Prepared;
use crate::reply::Buffers;
use crate::size;
use crate::stitch::{self, Cell, Collation};

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

/// What a plan gave beside the frames: the number of changed rows.
pub(super) type Changed = u64;

/// What all statements of a run share.
struct Context<'a> {
    catalog: &'a Catalog,
    plan: &'a Plan,
    values: &'a [Value],
    limits: &'a Limits,
    /// The rows and the bytes that the frame of the present step may come to.
    most_rows: u64,
    most_bytes: u64,
    /// The instant at which the query began in microseconds, when a parameter asked for it.
    now: Option<i64>,
    /// Whether each date that the present step writes is to be a number, as the dates around it are.
    dates_are_numbers: Vec<bool>,
    /// Whether the statements are parts of a transaction.
    in_transaction: bool,
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
    prepared: &Prepared,
    values: &[Value],
    json: JsonReader,
    scope: Scope,
    buffers: &mut Buffers,
) -> Result<Changed, Stopped> {
    run_plan(connection, prepared, values, json, scope, buffers).map_err(|stopped| match stopped {
        Stopped::Failed(error) => {
            let file = connection.files.as_ref().map(|files| &*files.path);
            Stopped::Failed(differs(error, &connection.sqlite, file, prepared.catalog()))
        }
        Stopped::Interrupted => Stopped::Interrupted,
    })
}

fn run_plan(
    connection: &super::connection::Connection,
    prepared: &Prepared,
    values: &[Value],
    json: JsonReader,
    scope: Scope,
    buffers: &mut Buffers,
) -> Result<Changed, Stopped> {
    let super::connection::Connection { sqlite: connection, watch, .. } = connection;
    let (catalog, plan, limits) = (prepared.catalog(), &prepared.plan, &prepared.limits);
    // A statement that reads is a snapshot by itself.
    let single = match plan.steps.as_slice() {
        [] => true,
        [Step { run: Run::Once | Run::Single, .. }] => plan.canonical.is_none() && plan.access == Access::Read,
        _ => false,
    };
    let in_transaction = scope == Scope::Open || !single;
    let run = |buffers: &mut Buffers, order: Option<Vec<GivenRow<'_>>>| {
        let plan = plan_for(connection, plan)?;
        let context = Context::new(catalog, plan, values, limits, in_transaction);
        let changed = steps(connection, context, order, buffers)?;
        if let (Access::Write, Outcome::Rows(nest) | Outcome::Row(nest)) = (plan.access, &plan.result) {
            read::check_json(catalog, plan, nest, &buffers.frames, json)?;
        }
        Ok(changed)
    };
    let (begin, commit, rollback) = match (scope, plan.access) {
        (Scope::Own, _) if single => return run(buffers, None),
        // One snapshot for all levels of a read.
        (Scope::Own, Access::Read) => ("BEGIN", "COMMIT", "ROLLBACK"),
        // A deferred transaction that comes to write later can only fail when another writer was there before.
        (Scope::Own, Access::Write) => ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"),
        // A write that fails half way must not leave its half in the user's transaction.
        (Scope::Open, Access::Write) => ("SAVEPOINT purlin_write", "RELEASE purlin_write", "ROLLBACK TO purlin_write"),
        (Scope::Open, Access::Read) => return run(buffers, None),
    };
    let mut attempt = |order: Option<Vec<GivenRow<'_>>>| {
        watch.unwatched(|| run_sql(connection, begin))?;
        let result = run(buffers, order);
        watch.unwatched(|| {
            let result = result.and_then(|changed| {
                run_sql(connection, commit)?;
                Ok(changed)
            });
            if result.is_err() && !connection.is_autocommit() {
                let undone = run_sql(connection, rollback);
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
    let result = attempt(None);
    // Rows may refer to rows after them, as they could were they written by one statement. Where the database has rolled the
    // caller's transaction back, there is none to try again in.
    let Err(Stopped::Failed(error)) = &result else { return result };
    if !error.is_foreign_key_violation()
        || !refers_to_itself(catalog, plan.model)
        || (scope == Scope::Open && connection.is_autocommit())
    {
        return result;
    }
    let rows = given_rows(plan, values);
    let order = parents_first(catalog, plan.model, &rows.iter().map(|given| given.row).collect::<Vec<_>>());
    let Some(order) = order else { return result };
    let place = |placed: Placed| Some(GivenRow { closes_circle: placed.closes_circle, ..*rows.get(placed.index)? });
    attempt(Some(order.into_iter().filter_map(place).collect()))
}

/// Runs a statement without parameters and results.
pub(super) fn run_sql(connection: &Connection, sql: &str) -> Result<(), Stopped> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| stopped(&error, None))?;
    statement.raw_execute().map(drop).map_err(|error| stopped(&error, None))
}

pub(super) fn stopped(error: &rusqlite::Error, place: Option<&Place<'_>>) -> Stopped {
    if is_interrupt(error) { Stopped::Interrupted } else { Stopped::Failed(convert(error, place)) }
}

fn steps(
    connection: &Connection,
    mut context: Context<'_>,
    order: Option<Vec<GivenRow<'_>>>,
    buffers: &mut Buffers,
) -> Result<Changed, Stopped> {
    let Context { catalog, plan, values, limits, .. } = context;
    buffers.frames.resize_with(buffers.frames.len().max(plan.steps.len()), Frame::default);
    let mut changed = 0;
    let mut done = 0;
    let order = order.or_else(|| plan.order.map(|_| given_rows(plan, values)));
    if let Some(rows) = order {
        changed = context.rows_in_order(connection, &rows, &mut buffers.frames)?;
        done = plan.steps.iter().take_while(|step| matches!(step.run, Run::EachRow { .. })).count();
    }
    for (index, step) in plan.steps.iter().enumerate().skip(done) {
        let Some((before, rest)) = buffers.frames.split_at_mut_checked(index) else { break };
        let Some(frame) = rest.first_mut() else { break };
        frame.reset(&step.columns);
        if !branch::holds(&step.when, before) {
            continue;
        }
        if let Sql::Either(rows) = &step.sql {
            branch::take(rows, &step.columns, before, frame);
            continue;
        }
        // A row of a frame becomes at least one object, and its text is built at least once.
        context.most_rows = if is_unpaged(plan, index) { limits.rows.min(limits.objects) } else { limits.objects };
        context.most_bytes = limits.result_bytes.saturating_sub(before.iter().map(size::heap).sum());
        let count = context.step(connection, step, before, frame)?;
        context.check_transaction(connection)?;
        for column in &mut frame.columns {
            column.finish();
        }
        if let Some(missing) = &step.require
            && frame.rows == 0
        {
            return Err(Stopped::Failed(not_found(catalog, missing)));
        }
        if let (Access::Write, Some(Missing::Target(model)), 2..) = (plan.access, &step.require, frame.rows) {
            return Err(Stopped::Failed(not_unique(catalog, *model)));
        }
        if let Outcome::Affected(counted) = &plan.result
            && counted.contains(&index)
        {
            changed += count;
        }
    }
    if let Outcome::Row(nest) = &plan.result
        && plan.access == Access::Write
        && buffers.frames.get(nest.frame).is_none_or(|frame| frame.rows == 0)
    {
        return Err(Stopped::Failed(not_found(catalog, &Missing::Written(nest.model))));
    }
    if let Outcome::Rows(nest) | Outcome::Row(nest) = &plan.result {
        link(connection, catalog, plan, nest, buffers);
        size::check(plan, nest, buffers, limits)?;
    }
    Ok(changed)
}

/// Several rows have a key that the schema says is unique.
#[cold]
fn not_unique(catalog: &Catalog, model: ModelIndex) -> Error {
    let name = catalog.model(model).map_or("row", |model| &model.name);
    let message = format!(
        "several rows of {name} match the unique key of this query, and nothing was changed: the table lacks a unique index that the schema has; run `purlin db push`, or `purlin migrate status`"
    );
    Error::new(Kind::Constraint, message).with("modelName", Meta::Text(name.to_owned()))
}

/// Whether a step reads the rows of a `findMany` that does not say how many it takes.
fn is_unpaged(plan: &Plan, step: usize) -> bool {
    plan.take.is_none() && matches!(&plan.result, Outcome::Rows(nest) if nest.frame == step)
}

fn not_found(catalog: &Catalog, missing: &Missing) -> Error {
    let (Missing::Target(model)
    | Missing::Written(model)
    | Missing::Connected { model, .. }
    | Missing::Related { model, .. }
    | Missing::Place { model, .. }
    | Missing::Agreement { model, .. }
    | Missing::Other { model, .. }) = missing;
    let name = catalog.model(*model).map_or("", |model| &model.name);
    match missing {
        Missing::Other { fields, .. } => {
            let fields = fields.iter().map(|field| catalog.field_name(*model, *field).to_owned()).collect();
            Error::new(Kind::Unique, missing.message(catalog))
                .with("modelName", Meta::Text(name.to_owned()))
                .with("target", Meta::List(fields))
        }
        Missing::Written(_) => {
            Error::new(Kind::Constraint, missing.message(catalog)).with("modelName", Meta::Text(name.to_owned()))
        }
        Missing::Place { .. } | Missing::Agreement { .. } => Error::relation(name, missing.message(catalog)),
        Missing::Connected { model, field } if is_list_by_foreign_key(catalog, *model, *field) => {
            Error::connected_not_found(name, missing.message(catalog))
        }
        _ => Error::not_found(name, missing.message(catalog)),
    }
}

/// Whether a relation leads to many rows that hold its foreign key: what is missing there has a code of its own.
fn is_list_by_foreign_key(catalog: &Catalog, model: ModelIndex, field: FieldIndex) -> bool {
    let relation = catalog.model(model).and_then(|model| model.relation(field));
    relation.is_some_and(|relation| relation.arity == Arity::Many && relation.through.is_none())
}

/// Finds the children of each parent, for all relations of the result.
fn link(connection: &Connection, catalog: &Catalog, plan: &Plan, nest: &Nest, buffers: &mut Buffers) {
    for item in &nest.items {
        let Item::Relation { parent_key, child_key, link: number, nest: inner, .. } = item else { continue };
        if buffers.links.len() <= *number {
            buffers.links.resize_with(*number + 1, Vec::new);
        }
        let types: Vec<Type> =
            parent_key.iter().filter_map(|column| Some(plan.steps.get(nest.frame)?.columns.get(*column)?.ty)).collect();
        if let (Some(parent), Some(child), Some(spans)) =
            (buffers.frames.get(nest.frame), buffers.frames.get(inner.frame), buffers.links.get_mut(*number))
        {
            let complete = stitch::spans(parent, parent_key, child, child_key, &types, spans);
            if !complete && types.contains(&Type::String) {
                let collation =
                    |column| collation(connection, catalog, plan.steps.get(inner.frame)?.columns.get(column)?);
                let collations: Vec<Collation> =
                    child_key.iter().map(|column| collation(*column).unwrap_or(Collation::Binary)).collect();
                if collations.iter().any(|collation| *collation != Collation::Binary) {
                    stitch::spans_by_collation(parent, parent_key, child, child_key, &types, &collations, spans);
                }
            }
        }
        link(connection, catalog, plan, inner, buffers);
    }
}

/// How the database compares the texts of a column, which its table declares.
fn collation(connection: &Connection, catalog: &Catalog, column: &FrameColumn) -> Option<Collation> {
    let (model, field) = column.source?;
    let model = catalog.model(model)?;
    let (_, name, ..) = connection.column_metadata(Some("main"), &*model.table, &*model.column(field)?.name).ok()?;
    let name = name?.to_bytes();
    Some(match name {
        _ if name.eq_ignore_ascii_case(b"NOCASE") => Collation::NoCase,
        _ if name.eq_ignore_ascii_case(b"RTRIM") => Collation::RightTrim,
        _ => Collation::Binary,
    })
}

impl<'a> Context<'a> {
    fn new(
        catalog: &'a Catalog,
        plan: &'a Plan,
        values: &'a [Value],
        limits: &'a Limits,
        in_transaction: bool,
    ) -> Self {
        Self {
            catalog,
            plan,
            values,
            limits,
            most_rows: limits.objects,
            most_bytes: limits.result_bytes,
            now: None,
            dates_are_numbers: Vec::new(),
            in_transaction,
        }
    }

    /// Runs a step; gives the number of rows that it changed.
    fn step(
        &mut self,
        connection: &Connection,
        step: &Step,
        before: &[Frame],
        frame: &mut Frame,
    ) -> Result<Changed, Stopped> {
        self.look_at_dates(connection, step)?;
        match &step.run {
            Run::Once | Run::Single => {
                let mut statement = self.prepare(connection, step)?;
                self.bind(&mut statement, step, before, &[])?;
                self.collect(connection, &mut statement, step, frame)
            }
            Run::Keys(keys) => self.for_keys(connection, step, keys, before, frame),
            Run::EachKey(keys) => {
                let parts = self.keys(keys, before);
                let mut statement = self.prepare(connection, step)?;
                for key in parts.chunks_exact(keys.columns.len().max(1)) {
                    self.bind(&mut statement, step, before, key)?;
                    self.collect(connection, &mut statement, step, frame)?;
                }
                Ok(0)
            }
            Run::EachRow { rows, .. } => {
                let mut insert = self.insert(connection, step)?;
                self.rows(connection, step, &mut insert, self.list(*rows), before, frame)
            }
        }
    }

    /// Fails when the statements are parts of a transaction that the database has ended: what comes after would stand alone.
    fn check_transaction(&self, connection: &Connection) -> Result<(), Stopped> {
        if self.in_transaction && connection.is_autocommit() {
            let message = "the database ended the transaction by itself, and nothing of it was written";
            return Err(Stopped::Failed(Error::new(Kind::Database, message)));
        }
        Ok(())
    }

    /// Whether the table of the query is a view, whose triggers do not tell how many rows they have written.
    #[cold]
    fn is_view(&self, connection: &Connection) -> bool {
        let Some(table) = self.catalog.model(self.plan.model).map(|model| &*model.table) else { return false };
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ? AND type = 'view')";
        connection.query_row(sql, [table], |row| row.get(0)).unwrap_or(false)
    }

    fn list(&self, slot: u16) -> &'a [Value] {
        match self.values.get(usize::from(slot)) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    /// Runs a step once for all keys.
    fn for_keys(
        &mut self,
        connection: &Connection,
        step: &Step,
        keys: &Keys,
        before: &[Frame],
        frame: &mut Frame,
    ) -> Result<Changed, Stopped> {
        let Sql::Keyed { head, tail } = &step.sql else { return Ok(0) };
        let mut parts = self.keys(keys, before);
        if parts.is_empty() {
            return Ok(0);
        }
        let width = key_width(step);
        // Padded to a power of two by repeating the last key: few texts, so that statements are found again.
        let sql = if is_listed(parts.len(), width) {
            let padded = (parts.len() / width).next_power_of_two();
            let last = parts.len().saturating_sub(width);
            while parts.len() < padded * width {
                parts.extend_from_within(last..last + width);
            }
            with_keys(head, tail, padded, width)
        } else {
            with_array(head, tail, width)
        };
        let mut statement = self.prepare_text(connection, &sql)?;
        self.bind(&mut statement, step, before, &parts)?;
        self.collect(connection, &mut statement, step, frame)
    }

    fn keys<'f>(&self, keys: &Keys, before: &'f [Frame]) -> Vec<Cell<'f>> {
        match before.get(keys.frame) {
            Some(frame) => stitch::distinct_keys(frame, &keys.columns, &keys.types),
            None => Vec::new(),
        }
    }

    /// Compiles a step's statement, or finds it compiled.
    fn prepare<'c>(&self, connection: &'c Connection, step: &Step) -> Result<Compiled<'c>, Stopped> {
        match &step.sql {
            Sql::Fixed(text) => self.prepare_text(connection, text),
            Sql::Keyed { head, tail } => self.prepare_text(connection, &with_keys(head, tail, 1, 1)),
            Sql::Either(_) => Err(Stopped::Failed(Error::invalid("a choice between rows is no statement"))),
        }
    }

    fn prepare_text<'c>(&self, connection: &'c Connection, sql: &str) -> Result<Compiled<'c>, Stopped> {
        Compiled::of(connection, sql).map_err(|error| stopped(&error, Some(&self.place())))
    }

    fn place(&self) -> Place<'a> {
        Place { catalog: self.catalog, model: self.plan.model }
    }

    /// Binds all parameters; `key` is the list of keys of the statement, or the one key it runs for.
    fn bind(
        &mut self,
        statement: &mut Statement<'_>,
        step: &Step,
        before: &[Frame],
        key: &[Cell<'_>],
    ) -> Result<(), Stopped> {
        let mut position = 0;
        for param in &step.params {
            position += 1;
            match param {
                Param::Keys if !is_listed(key.len(), key_width(step)) => {
                    let values = key.iter().map(|part| bind::key_element(self.catalog, *part));
                    bind::array(statement, position, values)?;
                }
                Param::Keys => {
                    for (index, part) in key.iter().enumerate() {
                        bind::cell(self.catalog, statement, position + index, *part)?;
                    }
                    position += key.len().saturating_sub(1);
                }
                Param::Key(index) => match key.get(*index) {
                    Some(part) => bind::cell(self.catalog, statement, position, *part)?,
                    None => return Err(Stopped::Failed(Error::invalid("a key has fewer parts than its statement"))),
                },
                Param::List { slot, ty, length } => {
                    let values = self.values;
                    let Some(Value::List(list)) = values.get(usize::from(*slot)) else { continue };
                    for index in 0..*length as usize {
                        let value = list.get(index).or(list.last()).unwrap_or(&Value::Null);
                        bind::value(self.catalog, statement, position + index, value, *ty)?;
                    }
                    position += (*length as usize).saturating_sub(1);
                }
                Param::Array { slot, ty } => {
                    let values = self.values;
                    let Some(Value::List(list)) = values.get(usize::from(*slot)) else { continue };
                    let values = list.iter().map(|value| bind::element(self.catalog, value, *ty));
                    bind::array(statement, position, values)?;
                }
                Param::Cell { frame, column } => self.bind_cell(statement, position, before, *frame, *column)?,
                Param::Date { form, value } => {
                    let date = match &**value {
                        Param::Cell { frame, column } => before.get(*frame).and_then(|found| {
                            match stitch::cell_at(found, *column, 0, Type::DateTime) {
                                Some(Cell::Instant(micros)) => Some(micros),
                                _ => None,
                            }
                        }),
                        other => self.instant(other, &[]),
                    };
                    self.bind_date(statement, position, date, *form)?;
                }
                Param::RowValue { .. } => {}
                other => self.bind_plain(statement, position, other)?,
            }
        }
        Ok(())
    }

    /// Binds a cell of the first row of a frame.
    fn bind_cell(
        &self,
        statement: &mut Statement<'_>,
        position: usize,
        before: &[Frame],
        frame: usize,
        column: usize,
    ) -> Result<(), Stopped> {
        let Some(found) = before.get(frame) else { return Ok(()) };
        let column_of = self.plan.steps.get(frame).and_then(|step| step.columns.get(column));
        let ty = column_of.map_or(Type::Int, |column| column.ty);
        Ok(bind::first_row(self.catalog, statement, position, found, column, ty)?)
    }

    /// Binds a parameter that stands for one value and needs no frame.
    fn bind_plain(&mut self, statement: &mut Statement<'_>, position: usize, param: &Param) -> Result<(), Stopped> {
        let slot = |slot: &u16| self.values.get(usize::from(*slot)).unwrap_or(&Value::Null);
        let bound = match param {
            Param::Value { slot: at, ty } => {
                bind::value(self.catalog, statement, position, slot(at), *ty)?;
                return Ok(());
            }
            Param::Count(at) => {
                bind::value(self.catalog, statement, position, slot(at), Type::BigInt)?;
                return Ok(());
            }
            Param::Now => {
                let now = bind::instant(self.now())?;
                statement.raw_bind_parameter(position, now)
            }
            Param::Instant(micros) => {
                let instant = bind::instant(*micros)?;
                statement.raw_bind_parameter(position, instant)
            }
            Param::Generated(default) => statement.raw_bind_parameter(position, identifiers::generated(*default)),
            Param::List { .. }
            | Param::Array { .. }
            | Param::Cell { .. }
            | Param::Date { .. }
            | Param::Keys
            | Param::Key(_)
            | Param::RowValue { .. } => Ok(()),
            // No plan for SQLite has these.
            Param::KeyArray { .. } | Param::Pattern { .. } | Param::Bound(_) | Param::InsertedId => Ok(()),
        };
        bound.map_err(|error| stopped(&error, Some(&self.place())))
    }

    /// Steps a statement that returns nothing; gives the number of rows that it changed.
    fn change(&self, connection: &Connection, statement: &mut Statement<'_>, step: &Step) -> Result<Changed, Stopped> {
        let changed = statement.raw_execute().map_err(|error| self.stopped(connection, step, &error))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// Steps a statement to its end; its rows go into the frame.
    fn collect(
        &self,
        connection: &Connection,
        statement: &mut Statement<'_>,
        step: &Step,
        frame: &mut Frame,
    ) -> Result<Changed, Stopped> {
        if step.columns.is_empty() {
            return self.change(connection, statement, step);
        }
        // What a write of many rows returns was checked on its way; nobody wants it.
        let unwanted = matches!(self.plan.result, Outcome::Affected(_)) && step.require.is_none();
        let mut rows = statement.raw_query();
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    read::row(self.catalog, &step.columns, row, frame)?;
                    if unwanted {
                        frame.reset(&step.columns);
                        continue;
                    }
                    if step.run == Run::Single {
                        return Ok(0);
                    }
                    if frame.rows as u64 > self.most_rows {
                        return Err(Stopped::Failed(self.too_many_rows()));
                    }
                    if size::heap(frame) > self.most_bytes {
                        return Err(Stopped::Failed(size::too_many_bytes(self.limits)));
                    }
                }
                Ok(None) => return Ok(if unwanted { connection.changes() } else { 0 }),
                Err(error) => return Err(self.stopped(connection, step, &error)),
            }
        }
    }

    #[cold]
    fn too_many_rows(&self) -> Error {
        let most = self.limits.rows;
        if self.most_rows == self.limits.objects {
            return size::too_many_objects(self.limits);
        }
        let model = self.catalog.model(self.plan.model).map_or("rows", |model| &model.name);
        let message = format!(
            "more than {most} rows of {model} match: read them in pages with `take`, or raise the `rows` limit of the client"
        );
        Error::limit("rows", most, message)
    }

    #[cold]
    fn stopped(&self, connection: &Connection, step: &Step, error: &rusqlite::Error) -> Stopped {
        // SQLite says of a table whose AUTOINCREMENT has come to its last number that the disk is full.
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) && is_counted_out(connection) {
            // The row may be one that is created along with that of the query.
            let written = step.columns.iter().find_map(|column| column.source);
            let model = written.map_or(self.plan.model, |(model, _)| model);
            return Stopped::Failed(out_of_range(self.catalog, model, counted_field(self.catalog, model)));
        }
        if is_foreign_key(error) {
            let sql = match &step.sql {
                Sql::Fixed(sql) | Sql::Keyed { head: sql, .. } => sql,
                Sql::Either(_) => "",
            };
            let model = self.catalog.model(self.plan.model).map_or("row", |model| &model.name);
            return Stopped::Failed(foreign_key_refused(model, Broken::by(sql)));
        }
        stopped(error, Some(&self.place()))
    }
}

/// Whether a table has given the last number that its AUTOINCREMENT can give.
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

/// The numbers of a frame's first row.
pub(super) fn counts(frame: &Frame) -> Result<Vec<i64>, Error> {
    let number = |column: &crate::frame::Column| match &column.values {
        Values::I64(values) => values.first().copied(),
        _ => None,
    };
    let numbers: Option<Vec<i64>> = frame.columns.iter().map(number).collect();
    numbers.ok_or_else(|| Error::new(Kind::Database, "the database gave no count"))
}
