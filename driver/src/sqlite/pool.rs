//! The pool of a SQLite database: reader threads, the writer's thread, and the clock.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, TryLockError, Weak};
use std::thread;
use std::time::Duration;

use purlin_query::plan::Access;
use purlin_query::value::Value;

use super::busy;
use super::clock;
use super::execute::Stopped;
use super::file::{DatabaseFile, Identity};
use super::job::Job;
use super::quick;
use super::shared::Shared;
use super::writer;
use crate::error::{Error, ErrorKind};
use crate::options::{Options, QueryOptions};
use crate::prepared::Prepared;
use crate::reply::Reply;
use crate::request::{Begin, Completion, Request};

/// The pool of one database.
pub(crate) struct Pool {
    shared: Arc<Shared>,
}

/// The pools of files in this process.
static POOLS: Mutex<Vec<Weak<Shared>>> = Mutex::new(Vec::new());

/// The other pools of the file of a pool: one that reads only, or that has the file under another path.
pub(super) fn others_of_file(pool: &Arc<Shared>) -> Vec<Arc<Shared>> {
    let file = |shared: &Shared| shared.file.as_ref().and_then(|file| Identity::at(&file.path));
    let Some(own) = file(pool) else { return Vec::new() };
    let pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let open = pools.iter().filter_map(Weak::upgrade);
    open.filter(|other| !Arc::ptr_eq(other, pool) && file(other).as_ref() == Some(&own)).collect()
}

/// A read on the caller's thread may last this long; then it starts over on a thread of the pool.
const INLINE_LIMIT: Duration = Duration::from_millis(1);
/// The frames of a read on the caller's thread may come to this. The time alone is looked at too rarely: SQLite reads some
/// rows of megabytes between two looks.
const INLINE_BYTES: u64 = 256 << 10;

impl Pool {
    /// The pool of the file at `path`, or of a database in memory.
    pub(crate) fn new(path: Option<PathBuf>, options: &Options) -> Result<Self, Error> {
        let shared = Arc::new(Shared::new(path.map(DatabaseFile::new), options));
        if shared.file.is_some() {
            let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
            pools.retain(|pool| pool.strong_count() > 0);
            pools.push(Arc::downgrade(&shared));
        }
        let pool = Self { shared: Arc::clone(&shared) };
        let weak = Arc::downgrade(&shared);
        let clock = start("purlin-clock", move || clock::run(&weak))?;
        shared.clock.started(clock);
        start("purlin-writer", move || writer::run(&shared))?;
        Ok(pool)
    }

    /// Runs a read at once on this thread, when it is sure to be quick and a reader is free.
    pub(crate) fn try_run(&self, prepared: &Arc<Prepared>, values: &[Value]) -> Option<Result<Reply, Error>> {
        if !quick::is_quick(prepared) || quick::has_long_list(values) {
            return None;
        }
        // Before the generation is asked for, which tells what the clock has found. Nobody has looked at the file while it
        // slept: a thread of the pool looks first.
        if !self.shared.clock.note() {
            return None;
        }
        let generation = self.shared.file.as_ref().map_or(0, DatabaseFile::generation);
        // From the end: the threads begin at the start. One that is not open is passed over: opening takes long.
        let mut reader = self.shared.readers.iter().rev().find_map(|reader| {
            let reader = match reader.try_lock() {
                Ok(reader) => reader,
                Err(TryLockError::Poisoned(reader)) => reader.into_inner(),
                Err(TryLockError::WouldBlock) => return None,
            };
            reader.as_ref().is_some_and(|reader| reader.generation == generation).then_some(reader)
        })?;
        let connection = reader.as_mut().filter(|connection| !connection.is_outdated())?;
        busy::wait_until(None);
        let read = || self.shared.read(connection, prepared, values);
        let result = connection.watch.briefly(INLINE_LIMIT, INLINE_BYTES, read);
        if connection.is_outdated() {
            return None;
        }
        if !connection.sqlite.is_autocommit() {
            // It would go on in the snapshot of this read for ever.
            *reader = None;
        }
        match result {
            Ok(reply) => Some(Ok(reply)),
            // A thread of the pool may wait for the lock.
            Err(Stopped::Failed(error)) if error.is_busy() => None,
            Err(Stopped::Failed(error)) if !error.is_limit() => Some(Err(error)),
            // On a thread of the pool it may take longer and come to more: what it breaks there is a limit of the client.
            Err(Stopped::Failed(_) | Stopped::Interrupted) => {
                prepared.cost.record(INLINE_LIMIT);
                None
            }
        }
    }

    /// Queues a query.
    pub(crate) fn run(&self, request: Request) {
        if let Some(error) = self.refuse(request.prepared()) {
            request.completion.complete(Err(error));
            return;
        }
        self.shared.send(request);
    }

    /// The file of the database; none in memory.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.shared.file.as_ref().map(|file| &*file.path)
    }

    /// Returns whether the plan of a query alone tells that it is quick.
    pub(crate) fn may_run_inline(prepared: &Prepared) -> bool {
        prepared.plan.point_read
    }

    /// Returns whether a query takes no longer than the way to another thread and back.
    pub(crate) fn is_tiny(prepared: &Prepared) -> bool {
        quick::is_tiny(prepared)
    }

    pub(crate) fn has_one_connection(&self) -> bool {
        self.shared.readers.is_empty()
    }

    /// The error of a plan that writes to a database that is open for reading only.
    pub(crate) fn refuse(&self, prepared: &Prepared) -> Option<Error> {
        let writes = prepared.plan.access == Access::Write && self.shared.read_only;
        let message = "the database is open for reading only: leave `mode=ro` out of its URL to write";
        writes.then(|| Error::new(ErrorKind::ReadOnly, message))
    }

    /// Queues a transaction.
    pub(crate) fn begin(&self, begin: Begin) {
        self.shared.send_job(Job::Begin(begin));
    }

    /// Queues a script.
    pub(crate) fn run_script(&self, sql: String, options: QueryOptions, completion: Completion<()>) {
        self.shared.send_job(Job::Script { sql, options, completion });
    }

    /// Closes the connections when what was asked for before is over; they open again when they are needed.
    pub(crate) fn close(&self, completion: Completion<()>) {
        self.shared.close(completion);
    }
}

/// Starts a thread of the pool.
fn start(name: &str, life: impl FnOnce() + Send + 'static) -> Result<thread::Thread, Error> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(life);
    let started =
        started.map_err(|error| Error::new(ErrorKind::CannotOpen, format!("cannot start a thread: {error}")))?;
    Ok(started.thread().clone())
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.jobs.close();
        let mut queue = self.shared.queue();
        queue.open = false;
        for (_, idle) in queue.idle.drain(..) {
            idle.unpark();
        }
        drop(queue);
        self.shared.clock.wake();
    }
}
