//! The readers: threads that serve the queue of reads, each with its connection.
//!
//! The last one is kept for quick reads, so that slow ones cannot silence all others.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError, TryLockError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::busy;
use super::closing::CurrentEra;
use super::connection::{Connection, Role};
use super::execute::Stopped;
use super::file::DatabaseFile;
use super::job::Read;
use super::quick;
use super::shared::Shared;
use crate::budget::{self, Sweep};
use crate::error::{Error, ErrorKind};
use crate::options::QueryOptions;
use crate::reply::Reply;

/// The queue of reads.
pub(super) struct Queue {
    pub(super) reads: VecDeque<Read>,
    pub(super) era: CurrentEra,
    pub(super) threads: usize,
    /// The threads that wait, the last to come on top: its connection's pages are the warmest.
    pub(super) idle: Vec<(usize, Thread)>,
    pub(super) open: bool,
    pub(super) sweep: Sweep,
}

/// What became of a read.
enum Attempt {
    Done(Result<Reply, Error>),
    /// It is slower than its reader allows.
    Slow,
    /// It was stopped to let the writer start the log over, and is to begin again.
    Rested,
}

/// A read on the reader that is kept for quick ones may last this long; then it queues up with the others.
const QUICK_LIMIT: Duration = Duration::from_millis(50);
/// One whose shape has never run, or was slow, has less time: callers can think of new shapes without end.
const TRIAL_LIMIT: Duration = Duration::from_millis(5);
/// How often one who needs the reader of another thread looks whether it is free.
const BORROW_LOOK: Duration = Duration::from_millis(1);
/// How often a read is tried on a file that is not shared with those that write it, and changes meanwhile.
const UNSHARED_TRIES: usize = 8;

impl Shared {
    /// The reader that is kept for quick reads, so that slow ones cannot silence all others.
    fn kept(&self) -> usize {
        if self.readers.len() > 1 { self.readers.len() - 1 } else { usize::MAX }
    }

    /// Queues a read, or refuses it.
    pub(super) fn push(self: &Arc<Self>, mut read: Read) {
        let mut queue = self.queue();
        let length = read.request.options().queue_length;
        if queue.reads.len() >= length && queue.sweep.is_due(length) {
            // Those that nobody waits for any more hold no place. They are let go after the lock.
            let (abandoned, kept): (VecDeque<Read>, VecDeque<Read>) =
                std::mem::take(&mut queue.reads).into_iter().partition(|read| read.request.is_abandoned());
            queue.reads = kept;
            drop(queue);
            drop(abandoned);
            queue = self.queue();
        }
        if queue.reads.len() >= length {
            drop(queue);
            read.request.completion.complete(Err(budget::full(length)));
            return;
        }
        read.era = Some(Arc::clone(queue.era.era()));
        let quick = read.may_be_quick();
        queue.reads.push_back(read);
        if let Err(error) = self.wake_reader(&mut queue, quick) {
            let failed = queue.reads.pop_back();
            drop(queue);
            if let Some(read) = failed {
                read.request.completion.complete(Err(error));
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
                    return Err(Error::new(ErrorKind::CannotOpen, format!("cannot start a thread: {error}")));
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
        while let Some(mut read) = self.next(number) {
            if read.request.is_abandoned() {
                continue;
            }
            if let Some(held) = read.request.outbox().and_then(|outbox| outbox.full()) {
                self.hold_read(read, held);
                continue;
            }
            self.clock.note();
            read.request.begin();
            // A bug that panics costs its query and the connection, not the thread.
            let served = catch_unwind(AssertUnwindSafe(|| self.read_on(number, kept, &read)));
            let Ok(result) = served else {
                self.forget(number);
                continue;
            };
            let result = match result {
                Attempt::Done(result) => result,
                Attempt::Slow => {
                    read.slow = true;
                    let mut queue = self.queue();
                    queue.reads.push_front(read);
                    // There is a thread: this one.
                    let _ = self.wake_reader(&mut queue, false);
                    continue;
                }
                Attempt::Rested => {
                    read.rested = true;
                    self.queue().reads.push_front(read);
                    continue;
                }
            };
            let counts = usize::from(!kept);
            self.returning.fetch_add(counts, Ordering::Relaxed);
            let given = catch_unwind(AssertUnwindSafe(|| read.request.completion.complete(result)));
            self.returning.fetch_sub(counts, Ordering::Relaxed);
            if given.is_err() {
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

    fn next(&self, number: usize) -> Option<Read> {
        let kept = number == self.kept();
        let mut queue = self.queue();
        loop {
            let next = match kept {
                // Those that are known to be quick first, then those that nobody knows, then those that were slow once.
                true => {
                    let first = |is_meant: fn(&Read) -> bool| queue.reads.iter().position(is_meant);
                    let place = first(Read::is_known_to_be_quick)
                        .or_else(|| first(Read::was_never_slow))
                        .or_else(|| first(Read::may_be_quick));
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

    fn read_on(&self, number: usize, kept: bool, read: &Read) -> Attempt {
        let query = &read.request.query;
        let options = &query.prepared().options;
        let (timeout, busy_timeout) = (options.statement_timeout, options.sqlite.busy_timeout);
        let limit = match kept {
            true if read.is_known_to_be_quick() => timeout.min(QUICK_LIMIT),
            true => timeout.min(TRIAL_LIMIT),
            false => timeout,
        };
        let run = || -> Result<Attempt, Error> {
            self.gate.pass();
            self.file.as_ref().map_or(Ok(()), DatabaseFile::check_sometimes)?;
            for _ in 0..UNSHARED_TRIES {
                let mut reader = self.open_reader(number, options)?;
                let connection =
                    reader.as_mut().ok_or_else(|| Error::new(ErrorKind::Closed, "the reader is not open"))?;
                busy::wait_until(Instant::now().checked_add(busy_timeout));
                connection.watch.may_rest(!read.rested);
                let run = |connection: &Connection| self.read(connection, query.prepared(), query.values());
                let result = connection.within(limit, run);
                let rested = connection.watch.rested();
                if connection.is_outdated() {
                    self.file.iter().for_each(DatabaseFile::note_change_while_read);
                    continue;
                }
                if !connection.sqlite.is_autocommit() {
                    // It would go on in the snapshot of this read for ever.
                    *reader = None;
                }
                return Ok(match result {
                    Err(Stopped::Interrupted) if rested => Attempt::Rested,
                    Err(Stopped::Interrupted) if limit < timeout => {
                        quick::record_stopped(&query.prepared().cost);
                        Attempt::Slow
                    }
                    result => Attempt::Done(result.map_err(|stopped| self.failed(stopped, timeout))),
                });
            }
            Err(self.keeps_changing())
        };
        run().unwrap_or_else(|error| Attempt::Done(Err(error)))
    }

    /// Takes a reader that another thread of the pool has opened, when there are no descriptors for one more: it waits for
    /// its turn there. Else fails with `error`, which opening has had.
    fn borrow_reader(&self, options: &QueryOptions, error: Error) -> Result<MutexGuard<'_, Option<Connection>>, Error> {
        if !error.is_queue_timeout() {
            return Err(error);
        }
        let until = Instant::now().checked_add(options.queue_timeout);
        loop {
            let generation = self.file.as_ref().map_or(0, DatabaseFile::generation);
            let mut busy = false;
            for reader in &self.readers {
                match reader.try_lock() {
                    Ok(reader) => {
                        let usable = |open: &Connection| open.generation == generation && !open.is_outdated();
                        if reader.as_ref().is_some_and(usable) {
                            return Ok(reader);
                        }
                    }
                    Err(TryLockError::WouldBlock) => busy = true,
                    Err(TryLockError::Poisoned(_)) => {}
                }
            }
            if !busy || until.is_some_and(|until| Instant::now() >= until) {
                return Err(error);
            }
            thread::sleep(BORROW_LOOK);
        }
    }

    /// Takes a reader, opened when it is not.
    fn open_reader(&self, number: usize, options: &QueryOptions) -> Result<MutexGuard<'_, Option<Connection>>, Error> {
        let slot = self.readers.get(number);
        let slot = slot.ok_or_else(|| Error::new(ErrorKind::Closed, "the pool has no such reader"))?;
        loop {
            self.await_displaced(options.sqlite.busy_timeout)?;
            let mut reader = slot.lock().unwrap_or_else(PoisonError::into_inner);
            let generation = self.file.as_ref().map_or(0, DatabaseFile::generation);
            if reader.as_ref().is_some_and(|open| open.generation != generation || open.is_outdated()) {
                *reader = None;
            }
            if reader.is_none() {
                match self.open(Role::Reader, options, options.sqlite.busy_timeout) {
                    Ok(connection) => *reader = Some(connection),
                    // They were found to be displaced just now.
                    Err(_) if self.is_displaced() => continue,
                    Err(error) => {
                        drop(reader);
                        return self.borrow_reader(options, error);
                    }
                }
            }
            return Ok(reader);
        }
    }
}
