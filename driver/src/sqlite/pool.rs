//! The pool of a SQLite database: reader threads, and the writer's thread.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use purlin_query::plan::{Access, Outcome};
use purlin_query::value::Value;

use super::connection::{Connection, Role};
use super::execute::{Scope, Stopped, counts, execute};
use super::writer::{self, Job};
use crate::engine::Prepared;
use crate::error::{Error, Kind};
use crate::options::Options;
use crate::reply::{Recycler, Reply, Rows};
use crate::url::Location;

/// What takes the result of a query.
pub(crate) type Done = Box<dyn FnOnce(Result<Reply, Error>) + Send>;

/// A query with its values.
pub(crate) struct Query {
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) values: Vec<Value>,
    pub(crate) done: Done,
}

/// The pool of one database.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    writer: Sender<Job>,
}

/// What the threads of a pool share.
pub(super) struct Shared {
    pub(super) location: Location,
    pub(super) options: Options,
    pub(super) recycler: Arc<Recycler>,
    /// Opened when first used. Empty of a database in memory, which is the writer's alone.
    readers: Vec<Mutex<Option<Connection>>>,
    queue: Mutex<Queue>,
    arrived: Condvar,
}

struct Queue {
    reads: VecDeque<Query>,
    threads: usize,
    idle: usize,
    open: bool,
}

/// A read on the caller's thread may last this long; then it starts over on a thread of the pool.
const INLINE_LIMIT: Duration = Duration::from_millis(1);
/// A read whose last runs were quicker than this runs on the caller's thread: the way to another and back
/// costs 10 to 30 microseconds.
const QUICK: Duration = Duration::from_micros(250);

impl Pool {
    pub(crate) fn new(location: Location, options: Options) -> Result<Self, Error> {
        let readers = if location == Location::Memory { 0 } else { options.readers.max(1) };
        let shared = Arc::new(Shared {
            location,
            options,
            recycler: Arc::new(Recycler::default()),
            readers: (0..readers).map(|_| Mutex::new(None)).collect(),
            queue: Mutex::new(Queue { reads: VecDeque::new(), threads: 0, idle: 0, open: true }),
            arrived: Condvar::new(),
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
        if queue.idle > 0 {
            self.shared.arrived.notify_one();
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
                        (query.done)(Err(Error::new(Kind::CannotOpen, format!("cannot start a thread: {error}"))));
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

    /// Closes the connections that nobody uses; they open again when they are needed.
    pub(crate) fn close_idle(&self) {
        for reader in &self.shared.readers {
            if let Ok(mut reader) = reader.try_lock() {
                *reader = None;
            }
        }
        self.send(Job::Close);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.queue().open = false;
        self.shared.arrived.notify_all();
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The life of a reader's thread.
    fn serve(&self, number: usize) {
        while let Some(Query { prepared, values, done }) = self.next() {
            let result = self.read_on(number, &prepared, &values);
            done(result);
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
            queue.idle += 1;
            queue = self.arrived.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.idle -= 1;
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

    fn read(&self, connection: &Connection, prepared: &Arc<Prepared>, values: &[Value]) -> Result<Reply, Stopped> {
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
        let result = execute(&connection.sqlite, prepared.catalog(), &prepared.plan, values, scope, &mut buffers);
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

/// How long a plan took lately, in microseconds.
#[derive(Debug, Default)]
pub(crate) struct Cost(AtomicU32);

impl Cost {
    /// Keeps a mean that forgets: the last run counts for a quarter.
    fn record(&self, took: Duration) {
        let took = u32::try_from(took.as_micros()).unwrap_or(u32::MAX).max(1);
        let mean = match self.0.load(Ordering::Relaxed) {
            0 => took,
            mean => mean - mean / 4 + took / 4,
        };
        self.0.store(mean.max(1), Ordering::Relaxed);
    }

    /// Whether the plan has run, and was quick.
    fn is_quick(&self) -> bool {
        let mean = self.0.load(Ordering::Relaxed);
        mean > 0 && u128::from(mean) < QUICK.as_micros()
    }
}
