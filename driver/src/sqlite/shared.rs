//! What the threads of a pool share: the readers, the queue of reads, and how a plan is run for a client.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::Instant;

use purlin_query::plan::Outcome;
use purlin_query::value::Value;

use super::connection::{Connection, Role};
use super::execute::{Scope, Stopped, counts, execute};
use super::job::Query;
use crate::error::{Error, Kind};
use crate::options::Options;
use crate::prepared::Prepared;
use crate::reply::{Recycler, Reply, Rows};
use crate::url::Location;

/// What the threads of a pool share.
pub(super) struct Shared {
    pub(super) location: Location,
    pub(super) options: Options,
    pub(super) recycler: Arc<Recycler>,
    /// Opened when first used. Empty of a database in memory, which is the writer's alone.
    pub(super) readers: Vec<Mutex<Option<Connection>>>,
    pub(super) queue: Mutex<Queue>,
    /// The threads that are giving a result and then take the next read. Whoever awaits one read after another
    /// stays with one of them, and no other is woken in vain.
    pub(super) returning: AtomicUsize,
}

pub(super) struct Queue {
    pub(super) reads: VecDeque<Query>,
    pub(super) threads: usize,
    /// The threads that wait, the last to come on top: its connection's pages are the warmest.
    pub(super) idle: Vec<Thread>,
    pub(super) open: bool,
}

impl Shared {
    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The life of a reader's thread.
    pub(super) fn serve(&self, number: usize) {
        while let Some(Query { prepared, values, done }) = self.next() {
            // A bug that panics costs its query and the connection, not the thread.
            let served = catch_unwind(AssertUnwindSafe(|| {
                let result = self.read_on(number, &prepared, &values);
                self.returning.fetch_add(1, Ordering::Relaxed);
                let given = catch_unwind(AssertUnwindSafe(|| done.give(result)));
                self.returning.fetch_sub(1, Ordering::Relaxed);
                given
            }));
            if !matches!(served, Ok(Ok(()))) {
                self.forget(number);
            }
        }
    }

    /// Closes a reader's connection; the next read opens another.
    fn forget(&self, number: usize) {
        if let Some(reader) = self.readers.get(number) {
            *reader.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    fn next(&self) -> Option<Query> {
        let mut queue = self.queue();
        loop {
            if let Some(query) = queue.reads.pop_front() {
                return Some(query);
            }
            if !queue.open {
                return None;
            }
            let me = thread::current();
            queue.idle.push(me.clone());
            drop(queue);
            thread::park();
            queue = self.queue();
            // Still there when nobody woke it, as a park may end by itself.
            queue.idle.retain(|idle| idle.id() != me.id());
        }
    }

    fn read_on(&self, number: usize, prepared: &Arc<Prepared>, values: &[Value]) -> Result<Reply, Error> {
        let Some(reader) = self.readers.get(number) else {
            return Err(Error::new(Kind::Closed, "the pool has no such reader"));
        };
        let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *reader {
            Some(connection) => connection,
            None => reader.insert(Connection::open(&self.location, &self.options, Role::Reader)?),
        };
        match self.read(connection, prepared, values) {
            Ok(reply) => Ok(reply),
            Err(Stopped::Failed(error)) => Err(error),
            Err(Stopped::Interrupted) => Err(Error::new(Kind::Database, "the read was interrupted")),
        }
    }

    pub(super) fn read(
        &self,
        connection: &Connection,
        prepared: &Arc<Prepared>,
        values: &[Value],
    ) -> Result<Reply, Stopped> {
        if prepared.plan.point_read {
            return self.execute(connection, prepared, values, Scope::Own);
        }
        let began = Instant::now();
        let reply = self.execute(connection, prepared, values, Scope::Own)?;
        prepared.cost.record(began.elapsed());
        Ok(reply)
    }

    /// Runs a plan and gives what the client gets.
    pub(super) fn execute(
        &self,
        connection: &Connection,
        prepared: &Arc<Prepared>,
        values: &[Value],
        scope: Scope,
    ) -> Result<Reply, Stopped> {
        let mut buffers = self.recycler.take();
        let (plan, limits) = (&prepared.plan, &self.options.limits);
        let result = execute(&connection.sqlite, prepared.catalog(), plan, values, limits, scope, &mut buffers);
        let reply = result.and_then(|changed| match &prepared.plan.result {
            Outcome::Affected(_) => Ok(Reply::Affected(changed)),
            Outcome::Counts(frame) => match buffers.frames.get(*frame) {
                Some(frame) => Ok(Reply::Counts(counts(frame)?)),
                None => Ok(Reply::Counts(Vec::new())),
            },
            Outcome::Rows(_) | Outcome::Row(_) => {
                let rows = std::mem::take(&mut buffers);
                Ok(Reply::Rows(Rows::new(Arc::clone(prepared), rows, Arc::clone(&self.recycler))))
            }
        });
        if !matches!(reply, Ok(Reply::Rows(_))) {
            self.recycler.put(buffers);
        }
        reply
    }
}
