//! The pool of a SQLite database: reader threads, and the writer's thread.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, TryLockError};
use std::thread;
use std::time::Duration;

use purlin_query::plan::Access;
use purlin_query::value::Value;

use super::execute::Stopped;
use super::job::{Done, Job, Query};
use super::shared::{Queue, Shared};
use super::writer;
use crate::error::{Error, Kind};
use crate::options::Options;
use crate::prepared::Prepared;
use crate::reply::{Recycler, Reply};
use crate::url::Location;

/// The pool of one database.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    writer: Sender<Job>,
}

/// A read on the caller's thread may last this long; then it starts over on a thread of the pool.
const INLINE_LIMIT: Duration = Duration::from_millis(1);

impl Pool {
    pub(crate) fn new(location: Location, options: Options) -> Result<Self, Error> {
        let readers = if location == Location::Memory { 0 } else { options.readers.max(1) };
        let shared = Arc::new(Shared {
            location,
            options,
            recycler: Arc::new(Recycler::default()),
            readers: (0..readers).map(|_| Mutex::new(None)).collect(),
            queue: Mutex::new(Queue { reads: VecDeque::new(), threads: 0, idle: Vec::new(), open: true }),
            returning: AtomicUsize::new(0),
        });
        let (writer, jobs) = channel();
        let for_writer = Arc::clone(&shared);
        thread::Builder::new()
            .name("purlin-writer".to_owned())
            .spawn(move || writer::run(&for_writer, &jobs))
            .map_err(|error| Error::new(Kind::CannotOpen, format!("cannot start the writer's thread: {error}")))?;
        Ok(Self { shared, writer })
    }

    /// Runs a read at once on this thread, when it is sure to be quick and a reader is free.
    pub(crate) fn try_run(&self, prepared: &Arc<Prepared>, values: &[Value]) -> Option<Result<Reply, Error>> {
        if prepared.plan.access != Access::Read || !(prepared.plan.point_read || prepared.cost.is_quick()) {
            return None;
        }
        // From the end: the threads begin at the start. One that is not open is passed over: opening takes long.
        let mut reader = self.shared.readers.iter().rev().find_map(|reader| {
            let reader = match reader.try_lock() {
                Ok(reader) => reader,
                Err(TryLockError::Poisoned(reader)) => reader.into_inner(),
                Err(TryLockError::WouldBlock) => return None,
            };
            reader.is_some().then_some(reader)
        })?;
        let connection = reader.as_mut()?;
        match connection.within(INLINE_LIMIT, |connection| self.shared.read(connection, prepared, values)) {
            Ok(reply) => Some(Ok(reply)),
            Err(Stopped::Failed(error)) => Some(Err(error)),
            Err(Stopped::Interrupted) => {
                prepared.cost.record(INLINE_LIMIT);
                None
            }
        }
    }

    pub(crate) fn run(&self, query: Query) {
        if query.prepared.plan.access == Access::Write || self.shared.readers.is_empty() {
            self.send(Job::Run(query));
            return;
        }
        let mut queue = self.shared.queue();
        queue.reads.push_back(query);
        if self.shared.returning.load(Ordering::Relaxed) >= queue.reads.len() {
            // One that returns will take it.
        } else if let Some(idle) = queue.idle.pop() {
            idle.unpark();
        } else if queue.threads < self.shared.readers.len() {
            let shared = Arc::clone(&self.shared);
            let number = queue.threads;
            let started =
                thread::Builder::new().name(format!("purlin-reader-{number}")).spawn(move || shared.serve(number));
            match started {
                Ok(_) => queue.threads += 1,
                Err(error) if queue.threads == 0 => {
                    let failed = queue.reads.pop_back();
                    drop(queue);
                    if let Some(query) = failed {
                        query.done.give(Err(Error::new(Kind::CannotOpen, format!("cannot start a thread: {error}"))));
                    }
                }
                // The threads there are will come to it.
                Err(_) => {}
            }
        }
    }

    pub(crate) fn send(&self, job: Job) {
        // The writer's thread lasts as long as the pool; were it gone, dropping the job ends who waits for it.
        drop(self.writer.send(job));
    }

    /// Closes the connections that nobody uses; they open again when they are needed. The writer's is the last.
    pub(crate) fn close_idle(&self, done: Done<()>) {
        for reader in &self.shared.readers {
            if let Ok(mut reader) = reader.try_lock() {
                *reader = None;
            }
        }
        self.send(Job::Close { done });
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = self.shared.queue();
        queue.open = false;
        for idle in queue.idle.drain(..) {
            idle.unpark();
        }
    }
}
