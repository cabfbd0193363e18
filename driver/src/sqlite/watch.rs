//! Deadlines of statements.
//!
//! Three look at them: the progress handler of a connection, every thousand instructions of SQLite's machine; the
//! pool's clock, since a single instruction can take long, as `COUNT(*)` of a whole table or the merge of a large sort
//! does; and our SQL functions. SQLite itself looks only where its program jumps back, and one row can run two thousand
//! functions on a text of megabytes before it does.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{InterruptHandle, ffi};

use super::busy;

/// The deadline of what runs on a connection.
pub(super) struct Watch {
    opened: Instant,
    /// In microseconds since the connection was opened; or one of the below.
    at: AtomicU64,
    limit: AtomicU64,
    /// The bytes that what runs may read.
    most_bytes: AtomicU64,
    /// Microseconds that what runs has waited for locks of others.
    waited: Arc<AtomicU64>,
    /// The work of SQL functions since they last looked at the deadline, in bytes.
    work: AtomicUsize,
    /// Whether the clock may interrupt what runs. It holds the lock while it does, so that it never meets the next run.
    running: Mutex<bool>,
    /// Whether what runs may be stopped for a moment, and whether it is to stop and begin again then.
    restable: AtomicBool,
    rest: AtomicBool,
    interrupt: InterruptHandle,
}

/// There is no deadline.
const NEVER: u64 = 0;
/// There is one, and its time starts with the first look: a quick read ends before that and asks no clock.
const ARMED: u64 = 1;
/// The bytes that functions work on between two looks at the deadline: some ten microseconds.
const WORK: usize = 64 << 10;
/// The bytes that a call of a function counts at least.
const CALL: usize = 64;
/// How late the progress handler may be before the clock interrupts.
const GRACE: Duration = Duration::from_millis(20);

impl Watch {
    pub(super) fn new(interrupt: InterruptHandle) -> Self {
        Self {
            opened: Instant::now(),
            at: AtomicU64::new(NEVER),
            limit: AtomicU64::new(0),
            most_bytes: AtomicU64::new(u64::MAX),
            waited: Arc::default(),
            work: AtomicUsize::new(0),
            running: Mutex::new(false),
            restable: AtomicBool::new(false),
            rest: AtomicBool::new(false),
            interrupt,
        }
    }

    /// Runs `work`, whose statements are interrupted when they last longer than `limit`, and whose reads fail when they come
    /// to more bytes than `most_bytes`; waiting for locks does not count. Only the progress handler looks at the time: for
    /// reads that give up after a millisecond.
    pub(super) fn briefly<T>(&self, limit: Duration, most_bytes: u64, work: impl FnOnce() -> T) -> T {
        self.rest.store(false, Ordering::Relaxed);
        self.most_bytes.store(most_bytes, Ordering::Relaxed);
        self.arm(limit);
        let result = work();
        self.at.store(NEVER, Ordering::Relaxed);
        self.most_bytes.store(u64::MAX, Ordering::Relaxed);
        result
    }

    /// The bytes that what runs may read.
    pub(super) fn most_bytes(&self) -> u64 {
        self.most_bytes.load(Ordering::Relaxed)
    }

    /// The same for runs that the clock looks at as well.
    pub(super) fn within<T>(&self, limit: Duration, work: impl FnOnce() -> T) -> T {
        self.waited.store(0, Ordering::Relaxed);
        busy::count_into(&self.waited);
        let mut running = self.running();
        self.rest.store(false, Ordering::Relaxed);
        *running = true;
        drop(running);
        self.arm(limit);
        let result = work();
        self.at.store(NEVER, Ordering::Relaxed);
        *self.running() = false;
        result
    }

    /// Runs `work` without a deadline, in the middle of what has one. SQLite asks the progress handler once more when a
    /// statement is done: a `COMMIT` would be reported as interrupted although it stands, a `BEGIN` would leave its
    /// transaction open.
    pub(super) fn unwatched<T>(&self, work: impl FnOnce() -> T) -> T {
        let running = std::mem::take(&mut *self.running());
        let at = self.at.swap(NEVER, Ordering::Relaxed);
        let result = work();
        self.at.store(at, Ordering::Relaxed);
        *self.running() = running;
        result
    }

    /// Returns whether something runs that may not be stopped for a moment.
    pub(super) fn is_restless(&self) -> bool {
        *self.running() && !self.restable.load(Ordering::Relaxed)
    }

    /// Says whether what runs next may be stopped for a moment.
    pub(super) fn may_rest(&self, may: bool) {
        self.restable.store(may, Ordering::Relaxed);
    }

    /// Stops what runs, if anything does that may be stopped. Whoever runs it sees [`Watch::rested`] and begins again.
    pub(super) fn ask_to_rest(&self) {
        let running = self.running();
        if *running && self.restable.load(Ordering::Relaxed) {
            self.rest.store(true, Ordering::Relaxed);
            self.interrupt.interrupt();
        }
    }

    /// Returns whether what ran was asked to stop for a moment; asked once.
    pub(super) fn rested(&self) -> bool {
        self.rest.swap(false, Ordering::Relaxed)
    }

    fn running(&self) -> MutexGuard<'_, bool> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn arm(&self, limit: Duration) {
        self.limit.store(micros(limit), Ordering::Relaxed);
        self.at.store(ARMED, Ordering::Relaxed);
    }

    /// Returns whether the statement must stop; asked by the progress handler, on the thread that runs it.
    pub(super) fn is_over(&self) -> bool {
        match self.at.load(Ordering::Relaxed) {
            NEVER => false,
            ARMED => {
                self.start();
                self.rest.load(Ordering::Relaxed)
            }
            at => self.rest.load(Ordering::Relaxed) || self.passed() > at,
        }
    }

    /// Called by each SQL function, on the thread that runs the statement, with the bytes that it is about to work on.
    /// Fails when the statement must stop. It nearly always costs one addition.
    #[inline]
    pub(super) fn work(&self, bytes: usize) -> rusqlite::Result<()> {
        let work = self.work.load(Ordering::Relaxed).saturating_add(bytes.max(CALL));
        if work < WORK {
            self.work.store(work, Ordering::Relaxed);
            return Ok(());
        }
        self.work.store(0, Ordering::Relaxed);
        if self.is_over() { Err(interrupted()) } else { Ok(()) }
    }

    /// Interrupts what runs when its time is over; asked by the clock. Returns whether something runs.
    pub(super) fn enforce(&self) -> bool {
        let running = self.running();
        if !*running {
            return false;
        }
        match self.at.load(Ordering::Relaxed) {
            NEVER => {}
            ARMED => self.start(),
            at => {
                if self.passed().saturating_sub(micros(GRACE)) > at {
                    self.interrupt.interrupt();
                }
            }
        }
        true
    }

    /// The time on the clock of deadlines, which stands still while a lock is waited for.
    fn passed(&self) -> u64 {
        micros(self.opened.elapsed()).saturating_sub(self.waited.load(Ordering::Relaxed))
    }

    fn start(&self) {
        let at = self.passed().saturating_add(self.limit.load(Ordering::Relaxed));
        // Whoever looks first starts the time.
        let _ = self.at.compare_exchange(ARMED, at.max(ARMED + 1), Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// The error of a statement that was interrupted, as SQLite itself has it.
#[cold]
fn interrupted() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), None)
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
