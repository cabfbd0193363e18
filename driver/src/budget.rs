//! The bounds of queries: how many wait for a turn, how long, with how many bytes of values, and how long one runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind};

/// The bytes that the queries which wait for a pool may hold.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    held: AtomicU64,
}

/// A query of fewer bytes costs nothing: the number of those that wait bounds them.
const FREE_BYTES: u64 = 4 << 10;

impl Budget {
    /// Takes the bytes of a query that is about to wait, where all that wait may hold `most`. One by itself may be larger.
    pub(crate) fn take(self: &Arc<Self>, bytes: u64, most: u64) -> Result<Option<Charge>, Error> {
        if bytes <= FREE_BYTES {
            return Ok(None);
        }
        let fits = |held: u64| (held == 0 || held.saturating_add(bytes) <= most).then(|| held.saturating_add(bytes));
        match self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => Ok(Some(Charge { budget: Arc::clone(self), bytes })),
            Err(_) => Err(too_large(most)),
        }
    }
}

/// The part of a budget that a query has, until it begins to run or is dropped.
#[derive(Debug)]
pub(crate) struct Charge {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Those that wait already hold too much.
pub(crate) fn too_large(most: u64) -> Error {
    let message = format!(
        "the queries that are waiting for the database hold as many bytes of values as `queueBytes` allows, {most}, or would with this one: try again later, or write less at a time"
    );
    Error::new(ErrorKind::Queue, message)
}

/// Too many wait already.
pub(crate) fn full(length: usize) -> Error {
    let message = format!(
        "{length} queries are waiting for the database already, the most that `queueLength` allows: try again later"
    );
    Error::new(ErrorKind::Queue, message)
}

/// The turn did not come in time.
pub(crate) fn late(timeout: Duration) -> Error {
    let message = format!(
        "the query waited {} ms for its turn, as long as `queueTimeout` allows, and had no effect: try again later",
        timeout.as_millis()
    );
    Error::new(ErrorKind::Queue, message)
}

/// A statement was stopped by its deadline.
pub(crate) fn ran_too_long(limit: Duration) -> Error {
    let message = format!(
        "the query ran longer than {} ms, the most that `statementTimeout` allows, and had no effect: ask for less, add an index, or raise it",
        limit.as_millis()
    );
    Error::new(ErrorKind::Timeout, message)
}

/// When the queries that nobody waits for any more were last taken out of a queue. To look at each of a full queue takes a
/// millisecond, which is too much for each query that comes while it is full.
#[derive(Debug, Default)]
pub(crate) struct Sweep(Option<Instant>);

/// To look at so few takes some microseconds.
const FEW: usize = 256;
/// Between two looks at more.
const SWEEP_PAUSE: Duration = Duration::from_millis(20);

impl Sweep {
    /// Returns whether it is time again, where so many wait.
    pub(crate) fn is_due(&mut self, waiting: usize) -> bool {
        let is_due = waiting <= FEW || self.0.is_none_or(|last| last.elapsed() >= SWEEP_PAUSE);
        if is_due {
            self.0 = Some(Instant::now());
        }
        is_due
    }
}
