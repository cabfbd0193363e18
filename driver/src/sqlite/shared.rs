//! What the threads of a pool share, and how a plan is run for a client.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use purlin_query::plan::Access;
use purlin_query::value::Value;

use super::busy;
use super::clock::Clock;
use super::closing::{Closing, CurrentEra};
use super::connection::{self, Connection, Role};
use super::execute::{Scope, Stopped, execute};
use super::file::DatabaseFile;
use super::job::{Job, Read};
use super::queue::Jobs;
use super::quick;
use super::reads::Queue;
use super::rest::{self, Gate};
use super::watch::Watch;
use crate::budget::{Budget, Sweep};
use crate::error::Error;
use crate::options::{Options, QueryOptions};
use crate::outbox::Held;
use crate::prepared::Prepared;
use crate::reply::{Recycler, Reply};
use crate::request::Request;

/// What the threads of a pool share.
pub(super) struct Shared {
    /// `None` of a database in memory.
    pub(super) file: Option<DatabaseFile>,
    pub(super) read_only: bool,
    pub(super) recycler: Arc<Recycler>,
    /// Opened when first used. Empty of a database in memory, which is the writer's alone.
    pub(super) readers: Vec<Mutex<Option<Connection>>>,
    pub(super) queue: Mutex<Queue>,
    /// The threads that are giving a result and then take the next read. Whoever awaits one read after another
    /// stays with one of them, and no other is woken in vain.
    pub(super) returning: AtomicUsize,
    pub(super) jobs: Jobs,
    /// The bytes that may wait in all queues.
    pub(super) budget: Arc<Budget>,
    pub(super) clock: Clock,
    pub(super) closing: Closing,
    watches: Mutex<Vec<Weak<Watch>>>,
    pub(super) gate: Gate,
}

/// Between two tries to open a file that is locked.
const OPENING_PAUSE: Duration = Duration::from_millis(2);

impl Shared {
    pub(super) fn new(file: Option<DatabaseFile>, options: &Options) -> Self {
        let readers = if file.is_none() { 0 } else { options.sqlite.readers.max(1) };
        Self {
            file,
            recycler: Arc::default(),
            readers: (0..readers).map(|_| Mutex::new(None)).collect(),
            queue: Mutex::new(Queue {
                reads: VecDeque::new(),
                era: CurrentEra::new(),
                threads: 0,
                idle: Vec::new(),
                open: true,
                sweep: Sweep::default(),
            }),
            returning: AtomicUsize::new(0),
            jobs: Jobs::new(),
            budget: Arc::default(),
            clock: Clock::default(),
            closing: Closing::default(),
            watches: Mutex::default(),
            gate: Gate::default(),
            read_only: options.read_only,
        }
    }

    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_open(&self) -> bool {
        self.queue().open
    }

    /// Opens a connection; waits for locks of other processes as long as `patience`.
    pub(super) fn open(&self, role: Role, options: &QueryOptions, patience: Duration) -> Result<Connection, Error> {
        let deadline = Instant::now().checked_add(patience);
        let connection = match &self.file {
            Some(file) => loop {
                busy::wait_until(deadline);
                file.check()?;
                if file.is_displaced() {
                    return Err(rest::displaced());
                }
                file.before_open()?;
                match Connection::open(file, options, role) {
                    // SQLite does not wait for each of its locks, such as that of a connection which is closed and takes
                    // the log away.
                    Err(error) if error.is_busy() && deadline.is_none_or(|deadline| Instant::now() < deadline) => {
                        thread::sleep(OPENING_PAUSE);
                    }
                    opened => break opened?,
                }
            },
            None => Connection::open_in_memory(options, role)?,
        };
        self.watch_over(&connection);
        Ok(connection)
    }

    /// A database in memory on a connection that has none of the settings, temporary objects and attached databases of
    /// the given one. That one is returned when this fails: the rows are gone with it.
    pub(super) fn without_settings(&self, old: Connection, options: &QueryOptions) -> (Connection, Result<(), Error>) {
        match Connection::copy_in_memory(&old, options) {
            Ok(connection) => {
                self.watch_over(&connection);
                (connection, Ok(()))
            }
            Err(error) => (old, Err(error)),
        }
    }

    /// Has the clock look at what runs on the connection.
    fn watch_over(&self, connection: &Connection) {
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        watches.retain(|watch| watch.strong_count() > 0);
        watches.push(Arc::downgrade(&connection.watch));
    }

    /// What the clock does at each tick. Returns whether somebody waits for a turn, and whether something runs.
    pub(super) fn look_at_the_clock(&self) -> (bool, bool) {
        let mut waiting = self.jobs.refuse_late();
        let mut late = Vec::new();
        let mut queue = self.queue();
        let now = Instant::now();
        let is_late = |read: &Read| read.request.waits_until().is_some_and(|until| until <= now);
        // Nearly always none is; and one client's queries may wait less long than another's before them.
        if queue.reads.iter().any(is_late) {
            for read in std::mem::take(&mut queue.reads) {
                if is_late(&read) {
                    late.push(read);
                } else {
                    queue.reads.push_back(read);
                }
            }
        }
        waiting |= !queue.reads.is_empty();
        drop(queue);
        for Read { request, .. } in late {
            let error = request.too_late();
            request.completion.complete(Err(error));
        }
        let mut running = false;
        for watch in self.watches() {
            running |= watch.enforce();
        }
        if let Some(file) = &self.file {
            // Who uses the file next is told.
            let _ = file.check_sometimes();
        }
        (waiting, running)
    }

    /// Queues a query: where it writes, or where there is one connection only, for the writer.
    pub(super) fn send(self: &Arc<Self>, request: Request) {
        let Some(request) = request.charged(&self.budget) else { return };
        if request.prepared().plan.access == Access::Write || self.readers.is_empty() {
            self.send_job(Job::Run(request));
        } else {
            self.push(Read::new(request));
        }
    }

    pub(super) fn send_job(&self, job: Job) {
        if self.jobs.push(job) {
            self.clock.note_waiting();
        }
    }

    /// Has a query wait where its reply would: whoever takes it has many to take, and this thread has others to serve.
    /// While it waits it takes nothing of what others share: no bytes of the queues, and no close waits for it.
    pub(super) fn hold(self: &Arc<Self>, request: Request, held: Held) {
        let shared = Arc::clone(self);
        request.hold(held, move |request| shared.send(request));
    }

    /// The same for a read, of which is known what became of it before.
    pub(super) fn hold_read(self: &Arc<Self>, read: Read, held: Held) {
        let shared = Arc::clone(self);
        let Read { request, slow, rested, era } = read;
        request.hold(held, move |request| {
            if let Some(request) = request.charged(&shared.budget) {
                shared.push(Read { request, slow, rested, era: None });
            }
        });
        // Only now, so that a close finds it either in its time or in the outbox.
        drop(era);
    }

    /// The error of a file that changes with each try to read it.
    pub(super) fn keeps_changing(&self) -> Error {
        connection::keeps_changing(self.file.as_ref().map_or(Path::new(""), |file| &file.path))
    }

    pub(super) fn watches(&self) -> Vec<Arc<Watch>> {
        let watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        watches.iter().filter_map(Weak::upgrade).collect()
    }

    pub(super) fn read(
        &self,
        connection: &Connection,
        prepared: &Arc<Prepared>,
        values: &[Value],
    ) -> Result<Reply, Stopped> {
        if quick::is_point_read_never_slow(prepared) {
            let ticks = self.clock.ticks();
            let reply = self.execute(connection, prepared, values, Scope::Own);
            if self.clock.ticks() - ticks > 1 {
                quick::record_stopped(&prepared.cost);
            }
            return reply;
        }
        let began = Instant::now();
        let reply = self.execute(connection, prepared, values, Scope::Own)?;
        prepared.cost.record(began.elapsed());
        Ok(reply)
    }

    /// Runs a plan and returns what the client gets.
    pub(super) fn execute(
        &self,
        connection: &Connection,
        prepared: &Arc<Prepared>,
        values: &[Value],
        scope: Scope,
    ) -> Result<Reply, Stopped> {
        execute(connection, prepared, values, &self.recycler, scope)
    }
}
