//! The run of a plan, without I/O: which statement is next, what it binds, which frame its rows fill, which rows must be
//! there, how rows nest, and what the client gets.
//!
//! Whoever has a connection drives it. A thread of SQLite takes one call after another, and a task of a server awaits the
//! answer in between, or sends several calls at once:
//!
//! ```text
//! let mut execution = Execution::new(&query, recycler);
//! while let Some((call, mut answer)) = execution.next()? {
//!     // Each run of the statement with its parameters; the rows that it returns go into the answer.
//!     connection.call(&call, &mut answer)?;
//!     execution.done(answer)?;
//! }
//! execution.finish()?
//! ```
//!
//! It holds no connection, no statement and no callback, and may be sent to another thread.

mod answer;
mod bound;
mod call;
mod given_rows;
mod links;
mod missing;
#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use purlin_query::Limits;
use purlin_query::catalog::Catalog;
use purlin_query::plan::{Access, Keys, Missing, Param, Plan, ResultKind, Run, Sql, Step};
use purlin_query::value::Value;

use crate::branch;
use crate::error::{Error, ErrorKind};
use crate::frame::{ColumnData, Frame, Values};
use crate::prepared::Prepared;
use crate::reply::{Buffers, Recycler, Reply, Rows};
use crate::size;
use crate::stitch;
use crate::stored;

pub(crate) use answer::{Answer, Changed};
pub(crate) use bound::{Bound, Listed, Parameters};
pub(crate) use call::Call;
pub(crate) use given_rows::{GivenRow, given_rows, list_at};
pub(crate) use links::Unmatched;

use call::Repeats;
use given_rows::RowsInOrder;
use missing::{not_found, not_unique};

/// A plan and what it runs with.
pub(crate) struct PlannedQuery<'p> {
    pub(crate) prepared: &'p Arc<Prepared>,
    /// The plan of `prepared`, or another for the same query.
    pub(crate) plan: &'p Plan,
    pub(crate) values: &'p [Value],
    /// The bytes that the frames may come to where the limits of the client allow more: a read on the caller's thread holds
    /// up whatever else that thread has to do. An error of that limit then says no more than that the read is too large for it.
    pub(crate) most_bytes: u64,
}

impl<'p> PlannedQuery<'p> {
    fn catalog(&self) -> &'p Catalog {
        self.prepared.catalog()
    }

    fn limits(&self) -> &'p Limits {
        &self.prepared.limits
    }

    /// The bytes that the frames may come to.
    fn most_bytes(&self) -> u64 {
        self.limits().result_bytes.min(self.most_bytes)
    }
}

/// How far a step of a plan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// It was not begun.
    Waiting,
    /// Its call was handed out, and is not answered yet.
    Called,
    /// Its frame is complete.
    Done,
}

/// The run of a plan.
pub(crate) struct Execution<'p> {
    query: &'p PlannedQuery<'p>,
    recycler: &'p Arc<Recycler>,
    buffers: Buffers,
    /// All steps before this one were begun.
    first: usize,
    /// How far each step has come, where several calls are under way at once; empty where each is answered before the next.
    progress: Vec<Progress>,
    /// The rows of a `createMany` that are written in another order than that of the steps.
    rows: Option<RowsInOrder>,
    /// The rows that the counted statements have changed.
    changed: u64,
    /// The instant of the request in microseconds, once a parameter has asked for it.
    now: OnceLock<i64>,
    linked: bool,
}

impl Drop for Execution<'_> {
    fn drop(&mut self) {
        // A reply of rows has taken them.
        if !self.buffers.frames.is_empty() {
            self.recycler.put(std::mem::take(&mut self.buffers));
        }
    }
}

/// Returns whether a plan is one statement that reads: a snapshot by itself.
pub(crate) fn is_one_read(plan: &Plan) -> bool {
    match plan.steps.as_slice() {
        [] => true,
        [Step { run: Run::Once | Run::Single, .. }] => plan.access == Access::Read,
        _ => false,
    }
}

impl<'p> Execution<'p> {
    /// Begins to run a query, in buffers of the recycler.
    pub(crate) fn new(query: &'p PlannedQuery<'p>, recycler: &'p Arc<Recycler>) -> Self {
        let PlannedQuery { plan, values, .. } = query;
        let mut buffers = recycler.take();
        buffers.frames.resize_with(buffers.frames.len().max(plan.steps.len()), Frame::default);
        for (step, frame) in plan.steps.iter().zip(&mut buffers.frames) {
            frame.reset(&step.columns);
        }
        let rows = plan.order.map(|_| RowsInOrder::new(&given_rows(plan, values)));
        let (first, progress, changed, now) = (0, Vec::new(), 0, OnceLock::new());
        Self { query, recycler, buffers, first, progress, rows, changed, now, linked: false }
    }

    /// Has the rows of a `createMany` written in this order. Nothing was called before.
    pub(crate) fn write_in_order(&mut self, rows: &[GivenRow<'_>]) {
        self.rows = Some(RowsInOrder::new(rows));
    }

    /// The next statement, and what takes its answer, which is given before the next is asked for; none when all were
    /// answered.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<(Call<'_>, Answer<'p>)>, Error> {
        let (index, step, repeats) = match self.next_rows() {
            Some(rows) => rows,
            None => loop {
                let index = self.first;
                let Some(step) = self.query.plan.steps.get(index) else { return Ok(None) };
                self.first += 1;
                if let Some(repeats) = self.begin(index, step)? {
                    break (index, step, repeats);
                }
            },
        };
        let answer = self.answer(index, step);
        Ok(Some((Call { execution: self, index, step, repeats }, answer)))
    }

    /// All statements that can be sent before one of them is answered, in the order in which their answers are due. None
    /// when all were answered. Only those of a read may change places with others, and nothing goes before a row that must
    /// be there.
    #[cfg_attr(not(test), expect(dead_code, reason = "SQLite has no use for it: it answers before the next is sent"))]
    pub(crate) fn ready(&mut self) -> Result<Vec<(Call<'_>, Answer<'p>)>, Error> {
        let mut ready = Vec::new();
        if self.progress.is_empty() {
            self.progress.resize(self.query.plan.steps.len(), Progress::Waiting);
            self.progress.iter_mut().take(self.first).for_each(|progress| *progress = Progress::Done);
        }
        if let Some((index, step, repeats)) = self.next_rows() {
            ready.push((index, step, repeats, self.answer(index, step)));
        }
        let mut at = if ready.is_empty() { 0 } else { usize::MAX };
        while let Some(index) = self.next_waiting(at) {
            at = index + 1;
            let Some(step) = self.query.plan.steps.get(index) else { break };
            if self.is_free(step) {
                match self.begin(index, step)? {
                    Some(repeats) => ready.push((index, step, repeats, self.answer(index, step))),
                    // Its frame is complete, and what depends on it may have been passed by.
                    None => at = 0,
                }
                if step.require.is_none() {
                    continue;
                }
            } else if self.query.plan.access == Access::Read {
                continue;
            }
            break;
        }
        let execution = &*self;
        let call = |(index, step, repeats, answer)| (Call { execution, index, step, repeats }, answer);
        Ok(ready.into_iter().map(call).collect())
    }

    /// Takes the answer of a call.
    #[inline]
    pub(crate) fn done(&mut self, answer: Answer<'p>) -> Result<(), Error> {
        let Answer { index, mut frame, changed, .. } = answer;
        for column in &mut frame.columns {
            column.finish();
        }
        let rows = frame.rows;
        if let Some(place) = self.buffers.frames.get_mut(index) {
            *place = frame;
        }
        self.complete(index, rows, changed)
    }

    /// Makes the reply. All calls were answered.
    #[inline]
    pub(crate) fn finish(mut self) -> Result<Reply, Error> {
        debug_assert!(self.is_answered(), "the reply is made when all calls were answered");
        let (catalog, plan, limits) = (self.query.catalog(), self.query.plan, self.query.limits());
        let (ResultKind::Rows(nest) | ResultKind::Row(nest)) = &plan.result else {
            return match &plan.result {
                ResultKind::Counts(frame) => Ok(Reply::Counts(self.counts(*frame)?)),
                _ => Ok(Reply::Affected(self.changed)),
            };
        };
        if matches!(plan.result, ResultKind::Row(_))
            && plan.access == Access::Write
            && self.buffers.frames.get(nest.frame).is_none_or(|frame| frame.rows == 0)
        {
            // What was written is read again at the end.
            return Err(not_found(self.query, &Missing::Gone(nest.model), None));
        }
        if !self.linked {
            // Where the database compares texts by their bytes, each row has found its place.
            let _ = self.link();
        }
        // The only row of a statement was not looked at when it was read.
        if self.held() > self.query.most_bytes() {
            return Err(size::too_many_bytes(limits));
        }
        size::check(plan, nest, &self.buffers, limits)?;
        if plan.access == Access::Write {
            stored::check_json(catalog, plan, nest, &self.buffers.frames, self.query.prepared.options.json)?;
        }
        let rows = std::mem::take(&mut self.buffers);
        Ok(Reply::Rows(Rows::new(Arc::clone(self.query.prepared), rows, Arc::clone(self.recycler))))
    }

    /// The numbers of a frame's first row.
    fn counts(&self, frame: usize) -> Result<Vec<i64>, Error> {
        let Some(frame) = self.buffers.frames.get(frame) else { return Ok(Vec::new()) };
        let number = |column: &ColumnData| match &column.values {
            Values::I64(values) => values.first().copied(),
            _ => None,
        };
        let numbers: Option<Vec<i64>> = frame.columns.iter().map(number).collect();
        numbers.ok_or_else(|| Error::new(ErrorKind::Database, "the database returned no count"))
    }

    /// The first step from `at` on that was not begun.
    fn next_waiting(&self, at: usize) -> Option<usize> {
        let waiting = self.progress.get(at..)?.iter().position(|progress| *progress == Progress::Waiting)?;
        Some(at + waiting)
    }

    /// The next rows of a `createMany`, where they have an order of their own.
    #[inline]
    fn next_rows(&mut self) -> Option<(usize, &'p Step, Repeats)> {
        if self.rows.is_none() { None } else { self.next_rows_in_order() }
    }

    #[cold]
    fn next_rows_in_order(&mut self) -> Option<(usize, &'p Step, Repeats)> {
        let steps = &self.query.plan.steps;
        if let Some((index, rows)) = self.rows.as_mut()?.next() {
            return Some((index, steps.get(index)?, Repeats::Rows(rows)));
        }
        self.rows = None;
        // All rows of all their steps were written.
        self.first = steps.iter().take_while(|step| matches!(step.run, Run::EachRow { .. })).count();
        self.progress.iter_mut().take(self.first).for_each(|progress| *progress = Progress::Done);
        None
    }

    /// Begins a step. None when it has nothing to run for: its frame stays empty.
    #[inline]
    fn begin(&mut self, index: usize, step: &'p Step) -> Result<Option<Repeats>, Error> {
        if !step.when.is_empty() && !branch::holds(&step.when, &self.buffers.frames) {
            return Ok(self.pass(index));
        }
        if let Sql::Either(rows) = &step.sql {
            let mut frame = self.buffers.frames.get_mut(index).map(std::mem::take).unwrap_or_default();
            branch::take(rows, &step.columns, &self.buffers.frames, &mut frame);
            if let Some(place) = self.buffers.frames.get_mut(index) {
                *place = frame;
            }
            return Ok(self.pass(index));
        }
        let repeats = match &step.run {
            Run::Once | Run::Single => return Ok(Some(Repeats::Once)),
            Run::Keys(keys) => Repeats::Keys(self.distinct_rows(keys)),
            Run::EachKey(keys) => Repeats::EachKey(self.distinct_rows(keys)),
            Run::EachRow { .. } => Repeats::Rows(given_rows::all(self.query, step)),
        };
        if repeats.is_none() {
            self.complete(index, 0, 0)?;
            return Ok(None);
        }
        Ok(Some(repeats))
    }

    /// Passes a step by that has no statement to run.
    #[cold]
    fn pass(&mut self, index: usize) -> Option<Repeats> {
        if let Some(progress) = self.progress.get_mut(index) {
            *progress = Progress::Done;
        }
        None
    }

    /// The rows that have the distinct keys of a frame.
    fn distinct_rows(&self, keys: &Keys) -> Vec<u32> {
        let frame = self.buffers.frames.get(keys.frame);
        frame.map_or_else(Vec::new, |frame| stitch::distinct_rows(frame, &keys.columns, &keys.types))
    }

    /// Hands out the frame of a step to be filled.
    #[inline]
    fn answer(&mut self, index: usize, step: &'p Step) -> Answer<'p> {
        let held = self.held();
        if let Some(progress) = self.progress.get_mut(index) {
            *progress = Progress::Called;
        }
        let frame = self.buffers.frames.get_mut(index).map(std::mem::take).unwrap_or_default();
        Answer::new(self.query, index, step, frame, self.query.most_bytes().saturating_sub(held))
    }

    /// The bytes in the frames of all steps.
    fn held(&self) -> u64 {
        self.buffers.frames.iter().take(self.query.plan.steps.len()).map(size::heap).sum()
    }

    /// Looks at what a step has returned: `rows` rows, and the number of rows that it changed.
    fn complete(&mut self, index: usize, rows: usize, changed: u64) -> Result<(), Error> {
        let (catalog, plan) = (self.query.catalog(), self.query.plan);
        let Some(step) = plan.steps.get(index) else { return Ok(()) };
        if let Some(progress) = self.progress.get_mut(index) {
            *progress = Progress::Done;
        }
        if let Some(missing) = &step.require {
            if rows < step.least {
                return Err(not_found(self.query, missing, Some(step)));
            }
            if let (Access::Write, Missing::Target(model), 2..) = (plan.access, missing, rows) {
                return Err(not_unique(catalog, *model));
            }
        }
        if let ResultKind::Affected(counted) = &plan.result
            && (matches!(step.run, Run::EachRow { .. }) || counted.contains(&index))
        {
            self.changed += changed;
        }
        Ok(())
    }

    /// Returns whether all calls were handed out, and answered as far as that is known.
    fn is_answered(&self) -> bool {
        match &*self.progress {
            [] => self.first >= self.query.plan.steps.len(),
            progress => progress.iter().all(|progress| *progress == Progress::Done),
        }
    }

    /// Returns whether all frames that a step reads from are complete.
    fn is_free(&self, step: &Step) -> bool {
        let is_done = |frame: usize| self.progress.get(frame).is_none_or(|progress| *progress == Progress::Done);
        let keys = match &step.run {
            Run::Keys(keys) | Run::EachKey(keys) => is_done(keys.frame),
            Run::Once | Run::Single | Run::EachRow { .. } => true,
        };
        let branches = step.when.iter().all(|when| is_done(when.frame))
            && match &step.sql {
                Sql::Either(rows) => rows.iter().all(|row| is_done(row.frame)),
                Sql::Fixed(_) | Sql::Gaps { .. } => true,
            };
        keys && branches
            && step.params.iter().all(|param| match param {
                Param::Cell { frame, .. } => is_done(*frame),
                Param::Date { value, .. } => !matches!(&**value, Param::Cell { frame, .. } if !is_done(*frame)),
                _ => true,
            })
    }
}

/// Now, in microseconds since 1970-01-01T00:00:00Z.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // Milliseconds, as the schema's `DateTime` has by default.
    let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX / 1_000);
    millis.saturating_mul(1_000)
}
