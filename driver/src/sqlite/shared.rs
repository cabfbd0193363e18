//! What the threads of a pool share: the readers, the queue of reads, and how a plan is run for a client.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use purlin_query::plan::{Access, Outcome};
use purlin_query::value::Value;

use super::busy;
use super::clock::Clock;
use super::closing::{Closing, CurrentEra};
use super::connection::{self, Connection, Role};
use super::execute::{Scope, Stopped, counts, execute};
use super::file::DatabaseFile;
use super::job::{Done, Job, Query};
use super::queue::{self, Budget, Jobs};
use super::watch::Watch;
use crate::error::{Error, Kind};
use crate::options::{Options, QueryOptions};
use crate::outbox::{Held, Ticket};
use crate::prepared::Prepared;
use crate::reply::{Recycler, Reply, Rows};

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
    /// Readers wait here while the writer needs all of them at rest.
    gate: Mutex<()>,
    gated: AtomicBool,
}

pub(super) struct Queue {
    pub(super) reads: VecDeque<Query>,
    pub(super) era: CurrentEra,
    pub(super) threads: usize,
    /// The threads that wait, the last to come on top: its connection's pages are the warmest.
    pub(super) idle: Vec<(usize, Thread)>,
    pub(super) open: bool,
}

/// A read on the reader that is kept for quick ones may last this long; then it queues up with the others.
const QUICK_LIMIT: Duration = Duration::from_millis(50);
/// How often a read is tried on a file that is not shared with those that write it, and changes meanwhile.
const UNSHARED_TRIES: usize = 8;
/// One whose shape has never run has less time: callers can think of new shapes without end.
const TRIAL_LIMIT: Duration = Duration::from_millis(5);

impl Shared {
    pub(super) fn new(file: Option<DatabaseFile>, options: &Options) -> Self {
        let readers = if file.is_none() { 0 } else { options.readers.max(1) };
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
            }),
            returning: AtomicUsize::new(0),
            jobs: Jobs::new(),
            budget: Arc::default(),
            clock: Clock::default(),
            closing: Closing::default(),
            watches: Mutex::default(),
            gate: Mutex::new(()),
            gated: AtomicBool::new(false),
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
        busy::wait_until(Instant::now().checked_add(patience));
        let connection = match &self.file {
            Some(file) => {
                file.check()?;
                if file.is_displaced() {
                    return Err(displaced());
                }
                file.before_open()?;
                Connection::open(file, options, role)?
            }
            None => Connection::open_in_memory(options, role)?,
        };
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        watches.retain(|watch| watch.strong_count() > 0);
        watches.push(Arc::downgrade(&connection.watch));
        Ok(connection)
    }

    /// Closes all connections to a file that was displaced, or whose log was. The writer's thread does it, whose connection
    /// is `writer`, before anything opens the file again: SQLite would use the index of the old log for the next one.
    /// Fails when writes that had been acknowledged are lost.
    pub(super) fn close_displaced(&self, writer: &mut Option<Connection>) -> Result<(), Error> {
        let Some(file) = self.file.as_ref().filter(|file| file.is_displaced()) else { return Ok(()) };
        let mut at_rest = self.rest_readers();
        let mut last = writer.take();
        for reader in &mut at_rest.readers {
            last = reader.take().or(last);
        }
        let losses = last.as_ref().map_or(Ok(()), |last| last.check_losses(file));
        drop(last);
        file.displaced_is_closed();
        losses
    }

    /// Waits until the writer's thread has closed the connections to a file that was displaced, or whose log was.
    fn await_displaced(&self, patience: Duration) -> Result<(), Error> {
        if !self.is_displaced() {
            return Ok(());
        }
        let (sender, receiver) = channel();
        // The receiver may have given up.
        let done = Done::new(move |closed| drop(sender.send(closed)));
        self.jobs.push(Job::CloseDisplaced { done });
        let closed = receiver.recv_timeout(patience);
        closed.unwrap_or_else(|_| Err(displaced()))
    }

    /// What the clock does at each tick. Returns whether somebody waits for a turn, and whether something runs.
    pub(super) fn look_at_the_clock(&self) -> (bool, bool) {
        let mut waiting = self.jobs.refuse_late();
        let mut late = Vec::new();
        let mut queue = self.queue();
        let now = Instant::now();
        let is_late = |query: &Query| query.waits_until().is_some_and(|until| until <= now);
        // Nearly always none is; and one client's queries may wait less long than another's before them.
        if queue.reads.iter().any(is_late) {
            for query in std::mem::take(&mut queue.reads) {
                if is_late(&query) {
                    late.push(query);
                } else {
                    queue.reads.push_back(query);
                }
            }
        }
        waiting |= !queue.reads.is_empty();
        drop(queue);
        for query in late {
            let error = query.too_late();
            query.done.give(Err(error));
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

    /// The reader that is kept for quick reads, so that slow ones cannot silence all others.
    fn kept(&self) -> usize {
        if self.readers.len() > 1 { self.readers.len() - 1 } else { usize::MAX }
    }

    /// Queues a read, or refuses it.
    pub(super) fn push(self: &Arc<Self>, mut query: Query) {
        let mut queue = self.queue();
        let length = query.prepared.options.queue_length;
        if queue.reads.len() >= length {
            drop(queue);
            query.done.give(Err(queue::full(length)));
            return;
        }
        query.era = Some(Arc::clone(queue.era.era()));
        let quick = query.may_be_quick();
        queue.reads.push_back(query);
        if let Err(error) = self.wake_reader(&mut queue, quick) {
            let failed = queue.reads.pop_back();
            drop(queue);
            if let Some(query) = failed {
                query.done.give(Err(error));
            }
        }
    }

    /// Finds a thread for a read that was queued. Fails when there is none and none can be started.
    fn wake_reader(self: &Arc<Self>, queue: &mut Queue, quick: bool) -> Result<(), Error> {
        if self.returning.load(Ordering::Relaxed) >= queue.reads.len() {
            // One that returns will take it.
            return Ok(());
        }
        let kept = self.kept();
        if let Some(place) = queue.idle.iter().rposition(|(number, _)| quick || *number != kept) {
            let (_, idle) = queue.idle.remove(place);
            idle.unpark();
            return Ok(());
        }
        let number = queue.threads;
        if number < self.readers.len() && (quick || number != kept) {
            let shared = Arc::clone(self);
            let name = format!("purlin-reader-{number}");
            match thread::Builder::new().name(name).spawn(move || shared.serve(number)) {
                Ok(_) => queue.threads += 1,
                Err(error) if number == 0 => {
                    return Err(Error::new(Kind::CannotOpen, format!("cannot start a thread: {error}")));
                }
                // The threads there are will come to it.
                Err(_) => self.clock.note_waiting(),
            }
            return Ok(());
        }
        self.clock.note_waiting();
        Ok(())
    }

    /// The life of a reader's thread.
    fn serve(self: &Arc<Self>, number: usize) {
        let kept = number == self.kept();
        while let Some(mut query) = self.next(number) {
            if let Some(held) = query.outbox().and_then(|outbox| outbox.full()) {
                self.hold(query, held);
                continue;
            }
            self.clock.note();
            query.begin();
            // A bug that panics costs its query and the connection, not the thread.
            let served = catch_unwind(AssertUnwindSafe(|| self.read_on(number, kept, &query)));
            let Ok(result) = served else {
                self.forget(number);
                continue;
            };
            let result = match result {
                Read::Done(result) => result,
                Read::Slow => {
                    query.slow = true;
                    let mut queue = self.queue();
                    queue.reads.push_front(query);
                    // There is a thread: this one.
                    let _ = self.wake_reader(&mut queue, false);
                    continue;
                }
                Read::Rested => {
                    query.rested = true;
                    self.queue().reads.push_front(query);
                    continue;
                }
            };
            let counts = usize::from(!kept);
            self.returning.fetch_add(counts, Ordering::Relaxed);
            let given = catch_unwind(AssertUnwindSafe(|| query.done.give(result)));
            self.returning.fetch_sub(counts, Ordering::Relaxed);
            if given.is_err() {
                self.forget(number);
            }
        }
    }

    /// Queues a query: where it writes, or where there is one connection only, for the writer.
    pub(super) fn send(self: &Arc<Self>, query: Query) {
        let Some(query) = query.charged(&self.budget) else { return };
        if query.prepared.plan.access == Access::Write || self.readers.is_empty() {
            self.send_job(Job::Run(query));
        } else {
            self.push(query);
        }
    }

    pub(super) fn send_job(&self, job: Job) {
        if self.jobs.push(job) {
            self.clock.note_waiting();
        }
    }

    /// Has a query wait where its reply would: whoever takes it has many to take, and this thread has others to serve.
    /// While it waits it takes nothing of what others share: no bytes of the queues, and no close waits for it.
    pub(super) fn hold(self: &Arc<Self>, mut query: Query, held: Held) {
        let Some(Ticket { outbox, number }) = query.ticket() else { return };
        let (outbox, number) = (Arc::clone(outbox), *number);
        let QueryOptions { queue_length, queue_bytes, .. } = query.prepared.options;
        let bytes = query.bytes();
        query.begin();
        query.era = None;
        if held.number >= queue_length {
            query.done.give(Err(queue::full(queue_length)));
            return;
        }
        if held.bytes > 0 && held.bytes.saturating_add(bytes) > queue_bytes {
            query.done.give(Err(queue::too_large(queue_bytes)));
            return;
        }
        let shared = Arc::clone(self);
        let resume = move || {
            // It has not waited for its turn, but for whoever asked.
            query.asked = Instant::now();
            shared.send(query);
        };
        outbox.hold(number, bytes, Box::new(resume));
    }

    /// Closes a reader's connection; the next read opens another.
    fn forget(&self, number: usize) {
        if let Some(reader) = self.readers.get(number) {
            *reader.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    fn next(&self, number: usize) -> Option<Query> {
        let kept = number == self.kept();
        let mut queue = self.queue();
        loop {
            let next = match kept {
                // Those that are known to be quick first, then those that nobody knows.
                true => {
                    let mut reads = queue.reads.iter();
                    let known = reads.position(|query| query.is_known() && query.may_be_quick());
                    let place = known.or_else(|| queue.reads.iter().position(Query::may_be_quick));
                    place.and_then(|place| queue.reads.remove(place))
                }
                false => queue.reads.pop_front(),
            };
            if next.is_some() {
                return next;
            }
            if !queue.open {
                return None;
            }
            let me = thread::current();
            queue.idle.push((number, me.clone()));
            drop(queue);
            thread::park();
            queue = self.queue();
            // Still there when nobody woke it, as a park may end by itself.
            queue.idle.retain(|(_, idle)| idle.id() != me.id());
        }
    }

    fn read_on(&self, number: usize, kept: bool, query: &Query) -> Read {
        let QueryOptions { statement_timeout: timeout, busy_timeout, .. } = query.prepared.options;
        let limit = match kept {
            true if query.is_known() => timeout.min(QUICK_LIMIT),
            true => timeout.min(TRIAL_LIMIT),
            false => timeout,
        };
        let run = || -> Result<Read, Error> {
            if self.gated.load(Ordering::Acquire) {
                drop(self.gate.lock().unwrap_or_else(PoisonError::into_inner));
            }
            self.file.as_ref().map_or(Ok(()), DatabaseFile::check_sometimes)?;
            for _ in 0..UNSHARED_TRIES {
                let mut reader = self.open_reader(number, &query.prepared.options)?;
                let connection = reader.as_mut().ok_or_else(|| Error::new(Kind::Closed, "the reader is not open"))?;
                busy::wait_until(Instant::now().checked_add(busy_timeout));
                connection.watch.may_rest(!query.rested);
                let run = |connection: &Connection| self.read(connection, &query.prepared, &query.values);
                let result = connection.within(limit, run);
                let rested = connection.watch.rested();
                if connection.is_outdated() {
                    continue;
                }
                if !connection.sqlite.is_autocommit() {
                    // It would go on in the snapshot of this read for ever.
                    *reader = None;
                }
                return Ok(match result {
                    Err(Stopped::Interrupted) if rested => Read::Rested,
                    Err(Stopped::Interrupted) if limit < timeout => {
                        query.prepared.cost.record_stopped();
                        Read::Slow
                    }
                    result => Read::Done(result.map_err(|stopped| self.failed(stopped, timeout))),
                });
            }
            Err(self.keeps_changing())
        };
        run().unwrap_or_else(|error| Read::Done(Err(error)))
    }

    /// Takes a reader, opened when it is not.
    fn open_reader(&self, number: usize, options: &QueryOptions) -> Result<MutexGuard<'_, Option<Connection>>, Error> {
        let slot = self.readers.get(number);
        let slot = slot.ok_or_else(|| Error::new(Kind::Closed, "the pool has no such reader"))?;
        loop {
            self.await_displaced(options.busy_timeout)?;
            let mut reader = slot.lock().unwrap_or_else(PoisonError::into_inner);
            let generation = self.file.as_ref().map_or(0, DatabaseFile::generation);
            if reader.as_ref().is_some_and(|open| open.generation != generation || open.is_outdated()) {
                *reader = None;
            }
            if reader.is_none() {
                match self.open(Role::Reader, options, options.busy_timeout) {
                    Ok(connection) => *reader = Some(connection),
                    // They were found to be displaced just now.
                    Err(_) if self.is_displaced() => continue,
                    Err(error) => return Err(error),
                }
            }
            return Ok(reader);
        }
    }

    /// The error of a file that changes with each try to read it.
    pub(super) fn keeps_changing(&self) -> Error {
        connection::keeps_changing(self.file.as_ref().map_or(Path::new(""), |file| &file.path))
    }

    fn is_displaced(&self) -> bool {
        self.file.as_ref().is_some_and(DatabaseFile::is_displaced)
    }

    /// Keeps the readers at rest. What they read is stopped and begins again when they go on, but only once; where a read
    /// was stopped before and runs again, there is no rest for now: everybody else would wait for it.
    pub(super) fn rest_readers_briefly(&self) -> Option<AtRest<'_>> {
        if self.watches().iter().any(|watch| watch.is_restless()) {
            return None;
        }
        self.rest_until(Some(Instant::now() + REST_PATIENCE))
    }

    /// The same, however long it takes.
    fn rest_readers(&self) -> AtRest<'_> {
        loop {
            if let Some(at_rest) = self.rest_until(None) {
                return at_rest;
            }
        }
    }

    fn rest_until(&self, until: Option<Instant>) -> Option<AtRest<'_>> {
        let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        self.gated.store(true, Ordering::Release);
        let mut at_rest = AtRest { readers: Vec::with_capacity(self.readers.len()), gated: &self.gated, _gate: gate };
        self.watches().iter().for_each(|watch| watch.ask_to_rest());
        for reader in &self.readers {
            at_rest.readers.push(lock_until(reader, until)?);
        }
        Some(at_rest)
    }

    fn watches(&self) -> Vec<Arc<Watch>> {
        let watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        watches.iter().filter_map(Weak::upgrade).collect()
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
        let json = prepared.options.json;
        let result = execute(connection, prepared, values, json, scope, &mut buffers);
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

/// Takes a reader as soon as nobody uses it; `None` when somebody still does at `until`.
fn lock_until(
    reader: &Mutex<Option<Connection>>,
    until: Option<Instant>,
) -> Option<MutexGuard<'_, Option<Connection>>> {
    loop {
        match reader.try_lock() {
            Ok(reader) => return Some(reader),
            Err(TryLockError::Poisoned(reader)) => return Some(reader.into_inner()),
            Err(TryLockError::WouldBlock) if until.is_none_or(|until| Instant::now() < until) => {
                thread::sleep(REST_LOOK);
            }
            Err(TryLockError::WouldBlock) => return None,
        }
    }
}

/// What became of a read.
enum Read {
    Done(Result<Reply, Error>),
    /// It is slower than its reader allows.
    Slow,
    /// It was stopped to let the writer start the log over, and is to begin again.
    Rested,
}

/// How long the writer waits for the readers to come to rest, which takes a few milliseconds where threads get their
/// turns, and how often it looks.
const REST_PATIENCE: Duration = Duration::from_millis(250);
const REST_LOOK: Duration = Duration::from_micros(200);

/// All readers at rest.
pub(super) struct AtRest<'a> {
    readers: Vec<MutexGuard<'a, Option<Connection>>>,
    gated: &'a AtomicBool,
    _gate: MutexGuard<'a, ()>,
}

impl Drop for AtRest<'_> {
    fn drop(&mut self) {
        self.gated.store(false, Ordering::Release);
    }
}

fn displaced() -> Error {
    let message =
        "the database or its log was moved, deleted or replaced, and what still runs keeps it open: try again later";
    Error::new(Kind::Busy, message)
}
