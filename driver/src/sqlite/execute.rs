//! Runs a plan on a connection.

use std::borrow::Cow;
use std::time::SystemTime;

use purlin_query::catalog::{Catalog, Type};
use purlin_query::plan::{Access, Item, Keys, Missing, Nest, Outcome, Param, Plan, Run, Sql, Step};
use purlin_query::value::Value;
use rusqlite::{CachedStatement, Connection, Statement};

use super::bind;
use super::error::{Place, convert, is_interrupt};
use super::read;
use super::stitch::{self, Cell};
use crate::error::{Error, Kind};
use crate::frame::{Frame, Values};
use crate::reply::Buffers;

/// Keys bound by one statement; SQLite's limit is 32,766 parameters.
const MAX_PARAMETERS: usize = 32_000;

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
    /// The instant at which the query began, when a parameter asked for it.
    now: Option<String>,
}

/// How the statements of a plan are kept together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// In a transaction of their own, where there are several.
    Own,
    /// In the transaction that is open.
    Open,
}

/// Runs a plan: all of it or, when it writes, nothing of it.
pub(super) fn execute(
    connection: &Connection,
    catalog: &Catalog,
    plan: &Plan,
    values: &[Value],
    scope: Scope,
    buffers: &mut Buffers,
) -> Result<Changed, Stopped> {
    // A statement is a transaction by itself. But what a write gives back must be read before it may stand.
    let single = match plan.steps.as_slice() {
        [] => true,
        [Step { run: Run::Once | Run::Single, columns, .. }] => plan.access == Access::Read || columns.is_empty(),
        _ => false,
    };
    let (begin, commit, rollback) = match (scope, plan.access) {
        (Scope::Own, _) if single => return steps(connection, catalog, plan, values, buffers),
        // One snapshot for all levels of a read.
        (Scope::Own, Access::Read) => ("BEGIN", "COMMIT", "ROLLBACK"),
        // A deferred transaction that comes to write later can only fail when another writer was there before.
        (Scope::Own, Access::Write) => ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"),
        // A write that fails half way must not leave its half in the user's transaction.
        (Scope::Open, Access::Write) => ("SAVEPOINT purlin_write", "RELEASE purlin_write", "ROLLBACK TO purlin_write"),
        (Scope::Open, Access::Read) => return steps(connection, catalog, plan, values, buffers),
    };
    run_sql(connection, begin)?;
    let result = steps(connection, catalog, plan, values, buffers).and_then(|changed| {
        run_sql(connection, commit)?;
        Ok(changed)
    });
    if result.is_err() && !connection.is_autocommit() {
        // Fails only when SQLite has rolled back by itself, which is what is wanted.
        let _ = run_sql(connection, rollback);
        if scope == Scope::Open {
            let _ = run_sql(connection, commit);
        }
    }
    result
}

/// Runs a statement without parameters and results.
pub(super) fn run_sql(connection: &Connection, sql: &str) -> Result<(), Stopped> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| stopped(&error, None))?;
    statement.raw_execute().map(drop).map_err(|error| stopped(&error, None))
}

fn stopped(error: &rusqlite::Error, place: Option<&Place<'_>>) -> Stopped {
    if is_interrupt(error) { Stopped::Interrupted } else { Stopped::Failed(convert(error, place)) }
}

fn steps(
    connection: &Connection,
    catalog: &Catalog,
    plan: &Plan,
    values: &[Value],
    buffers: &mut Buffers,
) -> Result<Changed, Stopped> {
    let mut context = Context { catalog, plan, values, now: None };
    buffers.frames.resize_with(buffers.frames.len().max(plan.steps.len()), Frame::default);
    let mut changed = 0;
    for (index, step) in plan.steps.iter().enumerate() {
        let Some((before, rest)) = buffers.frames.split_at_mut_checked(index) else { break };
        let Some(frame) = rest.first_mut() else { break };
        frame.reset(&step.columns);
        let count = context.step(connection, step, before, frame)?;
        for column in &mut frame.columns {
            column.finish();
        }
        if let Some(missing) = &step.require
            && frame.rows == 0
        {
            return Err(Stopped::Failed(not_found(catalog, missing)));
        }
        if let Outcome::Affected(counted) = &plan.result
            && counted.contains(&index)
        {
            changed += count;
        }
    }
    if let Outcome::Rows(nest) | Outcome::Row(nest) = &plan.result {
        link(plan, nest, buffers);
    }
    Ok(changed)
}

fn not_found(catalog: &Catalog, missing: &Missing) -> Error {
    let (Missing::Target(model) | Missing::Connected { model, .. } | Missing::Place { model, .. }) = missing;
    let name = catalog.model(*model).map_or("", |model| &model.name);
    match missing {
        Missing::Place { .. } => Error::relation(name, missing.message(catalog)),
        _ => Error::not_found(name, missing.message(catalog)),
    }
}

/// Finds the children of each parent, for all relations of the result.
fn link(plan: &Plan, nest: &Nest, buffers: &mut Buffers) {
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
            stitch::spans(parent, parent_key, child, child_key, &types, spans);
        }
        link(plan, inner, buffers);
    }
}

impl<'a> Context<'a> {
    /// Runs a step; gives the number of rows that it changed.
    fn step(
        &mut self,
        connection: &Connection,
        step: &Step,
        before: &[Frame],
        frame: &mut Frame,
    ) -> Result<Changed, Stopped> {
        match &step.run {
            Run::Once | Run::Single => {
                let mut statement = self.prepare(connection, step, 0)?;
                self.bind(&mut statement, step, before, &[])?;
                self.collect(&mut statement, step, frame)
            }
            Run::Keys(keys) => self.for_keys(connection, step, keys, before, frame),
            Run::EachKey(keys) => {
                let parts = self.keys(keys, before);
                let mut statement = self.prepare(connection, step, 0)?;
                for key in parts.chunks_exact(keys.columns.len().max(1)) {
                    self.bind(&mut statement, step, before, key)?;
                    self.collect(&mut statement, step, frame)?;
                }
                Ok(0)
            }
            Run::EachRow { rows, fields } => {
                let Some(Value::List(rows)) = self.values.get(usize::from(*rows)) else { return Ok(0) };
                let mut statement = self.prepare(connection, step, 0)?;
                let mut changed = 0;
                for row in rows.chunks_exact(fields.len().max(1)) {
                    self.bind_row(&mut statement, step, row)?;
                    changed += self.collect(&mut statement, step, frame)?;
                }
                Ok(changed)
            }
        }
    }

    /// Runs a step once for all keys, or once for as many as fit a statement.
    fn for_keys(
        &mut self,
        connection: &Connection,
        step: &Step,
        keys: &Keys,
        before: &[Frame],
        frame: &mut Frame,
    ) -> Result<Changed, Stopped> {
        let mut parts = self.keys(keys, before);
        let width = keys.columns.len().max(1);
        let others = step.params.len();
        let most = (MAX_PARAMETERS.saturating_sub(others) / width).max(1);
        let largest = if most.is_power_of_two() { most } else { most.next_power_of_two() / 2 };
        while !parts.is_empty() {
            let rest = parts.split_off(parts.len().min(largest * width));
            // Padded to a power of two by repeating the last key: few texts, so that statements are found again.
            let wanted = (parts.len() / width).next_power_of_two();
            let last = parts.len().saturating_sub(width);
            while parts.len() < wanted * width {
                parts.extend_from_within(last..last + width);
            }
            let mut statement = self.prepare(connection, step, wanted)?;
            self.bind(&mut statement, step, before, &parts)?;
            self.collect(&mut statement, step, frame)?;
            parts = rest;
        }
        Ok(0)
    }

    fn keys<'f>(&self, keys: &Keys, before: &'f [Frame]) -> Vec<Cell<'f>> {
        match before.get(keys.frame) {
            Some(frame) => stitch::distinct_keys(frame, &keys.columns, &keys.types),
            None => Vec::new(),
        }
    }

    /// Compiles a step's statement, or finds it compiled.
    fn prepare<'c>(
        &self,
        connection: &'c Connection,
        step: &Step,
        keys: usize,
    ) -> Result<CachedStatement<'c>, Stopped> {
        let sql = match &step.sql {
            Sql::Fixed(text) => Cow::Borrowed(text.as_str()),
            Sql::Keyed { head, tail } => Cow::Owned(with_keys(head, tail, keys, key_width(step))),
        };
        connection.prepare_cached(&sql).map_err(|error| stopped(&error, Some(&self.place())))
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
                Param::Cell { frame, column } => {
                    if let Some(found) = before.get(*frame) {
                        let column_of = self.plan.steps.get(*frame).and_then(|step| step.columns.get(*column));
                        let ty = column_of.map_or(Type::Int, |column| column.ty);
                        bind::first_row(self.catalog, statement, position, found, *column, ty)?;
                    }
                }
                Param::RowValue { .. } => {}
                other => self.bind_plain(statement, position, other)?,
            }
        }
        Ok(())
    }

    /// Binds a row of `createMany`.
    fn bind_row(&mut self, statement: &mut Statement<'_>, step: &Step, row: &[Value]) -> Result<(), Stopped> {
        for (index, param) in step.params.iter().enumerate() {
            match param {
                Param::RowValue { index: at, ty } => {
                    bind::value(self.catalog, statement, index + 1, row.get(*at).unwrap_or(&Value::Null), *ty)?;
                }
                other => self.bind_plain(statement, index + 1, other)?,
            }
        }
        Ok(())
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
            Param::Pattern { slot: at, open_start, open_end } => {
                let Value::Text(text) = slot(at) else {
                    return Err(Stopped::Failed(Error::invalid("a pattern is a text")));
                };
                statement.raw_bind_parameter(position, bind::pattern(text, *open_start, *open_end))
            }
            Param::Now => {
                let now = match &self.now {
                    Some(now) => now,
                    None => self.now.insert(now()?),
                };
                statement.raw_bind_parameter(position, now)
            }
            Param::Generated(default) => statement.raw_bind_parameter(position, bind::generated(*default)),
            Param::List { .. } | Param::Cell { .. } | Param::Keys | Param::Key(_) | Param::RowValue { .. } => Ok(()),
        };
        bound.map_err(|error| stopped(&error, Some(&self.place())))
    }

    /// Steps a statement to its end; its rows go into the frame.
    fn collect(&self, statement: &mut Statement<'_>, step: &Step, frame: &mut Frame) -> Result<Changed, Stopped> {
        let place = self.place();
        if step.columns.is_empty() {
            let changed = statement.raw_execute().map_err(|error| stopped(&error, Some(&place)))?;
            return Ok(u64::try_from(changed).unwrap_or(u64::MAX));
        }
        let mut rows = statement.raw_query();
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    read::row(self.catalog, &step.columns, row, frame)?;
                    if step.run == Run::Single {
                        return Ok(0);
                    }
                }
                Ok(None) => return Ok(0),
                Err(error) => return Err(stopped(&error, Some(&place))),
            }
        }
    }
}

fn now() -> Result<String, Error> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // Milliseconds, as the schema's `DateTime` has by default.
    let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX / 1_000);
    bind::instant(millis.saturating_mul(1_000))
}

fn key_width(step: &Step) -> usize {
    match &step.run {
        Run::Keys(keys) => keys.columns.len(),
        Run::Once | Run::Single | Run::EachKey(_) | Run::EachRow { .. } => 1,
    }
}

/// The text of a statement for so many keys: `?,?,?`, or `(?,?),(?,?)` when a key has several parts.
fn with_keys(head: &str, tail: &str, keys: usize, width: usize) -> String {
    let mut text = String::with_capacity(head.len() + tail.len() + keys * (width * 2 + 2));
    text.push_str(head);
    for index in 0..keys {
        if index > 0 {
            text.push(',');
        }
        if width == 1 {
            text.push('?');
            continue;
        }
        text.push('(');
        for part in 0..width {
            text.push_str(if part > 0 { ",?" } else { "?" });
        }
        text.push(')');
    }
    text.push_str(tail);
    text
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
