//! The pool of a SQLite database: reader threads, the writer's thread, and the clock.

use std::sync::{Arc, TryLockError};
use std::thread;
use std::time::Duration;

use purlin_query::plan::Access;
use purlin_query::value::Value;

use super::busy;
use super::clock;
use super::execute::Stopped;
use super::file::DatabaseFile;
use super::job::{Done, Job, Query};
use super::shared::Shared;
use super::writer;
use crate::error::{Error, Kind};
use crate::options::Options;
use crate::prepared::Prepared;
use crate::reply::Reply;
use crate::url::Location;

/// The pool of one database.
pub(crate) struct Pool {
    shared: Arc<Shared>,
}

/// A read on the caller's thread may last this long; then it starts over on a thread of the pool.
const INLINE_LIMIT: Duration = Duration::from_millis(1);

impl Pool {
    pub(crate) fn new(location: Location, mut options: Options) -> Result<Self, Error> {
        options.queue_length = options.queue_length.max(1);
        let file = match location {
            Location::File(path) => Some(DatabaseFile::new(path)),
            Location::Memory => None,
        };
        let shared = Arc::new(Shared::new(file, options));
        let pool = Self { shared: Arc::clone(&shared) };
        let weak = Arc::downgrade(&shared);
        let clock = start("purlin-clock", move || clock::run(&weak))?;
        shared.clock.started(clock);
        start("purlin-writer", move || writer::run(&shared))?;
        Ok(pool)
    }

    /// Runs a read at once on this thread, when it is sure to be quick and a reader is free.
    pub(crate) fn try_run(&self, prepared: &Arc<Prepared>, values: &[Value]) -> Option<Result<Reply, Error>> {
        if prepared.plan.access != Access::Read || !prepared.is_quick() {
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
        self.shared.clock.note();
        busy::wait_until(None);
        let result = connection.watch.briefly(INLINE_LIMIT, || self.shared.read(connection, prepared, values));
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
            Err(Stopped::Failed(error)) => Some(Err(error)),
            Err(Stopped::Interrupted) => {
                prepared.cost.record(INLINE_LIMIT);
                None
            }
        }
    }

    pub(crate) fn run(&self, query: Query) {
        if let Some(error) = self.refuse(&query.prepared) {
            query.done.give(Err(error));
            return;
        }
        let Some(query) = query.charged(&self.shared.budget) else { return };
        if query.prepared.plan.access == Access::Write || self.has_one_connection() {
            self.send(Job::Run(query));
        } else {
            self.shared.push(query);
        }
    }

    pub(crate) fn has_one_connection(&self) -> bool {
        self.shared.readers.is_empty()
    }

    /// The error of a plan that writes to a database that is open for reading only.
    pub(crate) fn refuse(&self, prepared: &Prepared) -> Option<Error> {
        let writes = prepared.plan.access == Access::Write && self.shared.options.read_only;
        let message = "the database is open for reading only: leave `mode=ro` out of its URL to write";
        writes.then(|| Error::new(Kind::ReadOnly, message))
    }

    pub(crate) fn send(&self, job: Job) {
        if self.shared.jobs.push(job) {
            self.shared.clock.note_waiting();
        }
    }

    /// Closes the connections that nobody uses; they open again when they are needed. The writer's is the last.
    pub(crate) fn close_idle(&self, done: Done<()>) {
        self.send(Job::Close { done });
    }
}

/// Starts a thread of the pool.
fn start(name: &str, life: impl FnOnce() + Send + 'static) -> Result<thread::Thread, Error> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(life);
    let started = started.map_err(|error| Error::new(Kind::CannotOpen, format!("cannot start a thread: {error}")))?;
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
