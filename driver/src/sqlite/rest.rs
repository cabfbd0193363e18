//! Rest: the writer has all readers stop for a moment, to start the log over, or to close the connections to a file that
//! was displaced.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::file::DatabaseFile;
use super::job::Job;
use super::shared::Shared;
use crate::error::{Error, ErrorKind};
use crate::request::Completion;

/// How long the writer waits for the readers to come to rest, which takes a few milliseconds where threads get their
/// turns, and how often it looks.
const REST_PATIENCE: Duration = Duration::from_millis(250);
const REST_LOOK: Duration = Duration::from_micros(200);

/// All readers at rest.
pub(super) struct AtRest<'a> {
    readers: Vec<MutexGuard<'a, Option<Connection>>>,
    gate: &'a Gate,
    _lock: MutexGuard<'a, ()>,
}

impl Drop for AtRest<'_> {
    fn drop(&mut self) {
        self.gate.closed.store(false, Ordering::Release);
    }
}

/// Where readers wait while the writer needs all of them at rest.
#[derive(Default)]
pub(super) struct Gate {
    lock: Mutex<()>,
    closed: AtomicBool,
}

impl Gate {
    /// Waits until it is open.
    pub(super) fn pass(&self) {
        if self.closed.load(Ordering::Acquire) {
            drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

impl Shared {
    /// Returns whether a read was stopped before and runs again, so that there is no rest for now: what is read is stopped and
    /// begins again only once, since everybody else would wait for it.
    fn is_restless(&self) -> bool {
        self.watches().iter().any(|watch| watch.is_restless())
    }

    /// Runs something while no reader of this process needs the log: those of this pool and of others of the same file are kept
    /// at rest. None where they cannot be for now.
    pub(super) fn while_readers_rest<T>(&self, others: &[Arc<Self>], run: impl FnOnce() -> T) -> Option<T> {
        // All are asked before one of them is stopped: what was stopped in vain is restless from then on.
        let is_restless = self.is_restless() || others.iter().any(|other| other.is_restless());
        if is_restless { None } else { self.while_each_rests(others, run) }
    }

    fn while_each_rests<T>(&self, others: &[Arc<Self>], run: impl FnOnce() -> T) -> Option<T> {
        let _at_rest = self.rest_until(Some(Instant::now() + REST_PATIENCE))?;
        match others {
            [] => Some(run()),
            [other, others @ ..] => other.while_each_rests(others, run),
        }
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
        // The writer of another pool may have this gate, and wait for the one that this writer has.
        let lock = lock_until(&self.gate.lock, until)?;
        self.gate.closed.store(true, Ordering::Release);
        let mut at_rest = AtRest { readers: Vec::with_capacity(self.readers.len()), gate: &self.gate, _lock: lock };
        self.watches().iter().for_each(|watch| watch.ask_to_rest());
        for reader in &self.readers {
            at_rest.readers.push(lock_until(reader, until)?);
        }
        Some(at_rest)
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
        if let (Ok(()), Some(last)) = (&losses, &last) {
            last.take_log_away();
        }
        drop(last);
        file.displaced_is_closed();
        losses
    }

    /// Waits until the writer's thread has closed the connections to a file that was displaced, or whose log was.
    pub(super) fn await_displaced(&self, patience: Duration) -> Result<(), Error> {
        let Some(file) = self.file.as_ref().filter(|file| file.is_displaced()) else { return Ok(()) };
        if !file.path.exists() {
            // A transaction that still runs there need not be waited for.
            return Err(file.moved_away());
        }
        let (sender, receiver) = channel();
        // The receiver may have given up.
        let completion = Completion::new(move |closed| drop(sender.send(closed)));
        self.jobs.push(Job::CloseDisplaced { completion });
        let closed = receiver.recv_timeout(patience);
        closed.unwrap_or_else(|_| Err(displaced()))
    }

    pub(super) fn is_displaced(&self) -> bool {
        self.file.as_ref().is_some_and(DatabaseFile::is_displaced)
    }
}

/// Takes what others use as soon as nobody does; `None` when somebody still does at `until`.
fn lock_until<T>(mutex: &Mutex<T>, until: Option<Instant>) -> Option<MutexGuard<'_, T>> {
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(guard)) => return Some(guard.into_inner()),
            Err(TryLockError::WouldBlock) if until.is_none_or(|until| Instant::now() < until) => {
                thread::sleep(REST_LOOK);
            }
            Err(TryLockError::WouldBlock) => return None,
        }
    }
}

pub(super) fn displaced() -> Error {
    let message =
        "the database or its log was moved, deleted or replaced, and what still runs keeps it open: try again later";
    Error::new(ErrorKind::Busy, message)
}
