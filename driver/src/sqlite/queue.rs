//! Who waits for a turn: bounded in number, in time, and in the bytes that their values hold.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::job::Job;
use crate::error::{Error, Kind};

/// What waits for the writer.
pub(super) struct Jobs {
    state: Mutex<State>,
    arrived: Condvar,
}

struct State {
    jobs: VecDeque<Job>,
    /// Whether the writer serves a job.
    busy: bool,
    open: bool,
}

impl Jobs {
    pub(super) fn new() -> Self {
        let state = State { jobs: VecDeque::new(), busy: false, open: true };
        Self { state: Mutex::new(state), arrived: Condvar::new() }
    }

    /// Queues a job, or refuses it; returns whether it has to wait behind others.
    pub(super) fn push(&self, job: Job) -> bool {
        let mut state = self.lock();
        if let Some(length) = job.queue_length().filter(|length| state.jobs.len() >= *length) {
            drop(state);
            job.refuse(full(length));
            return false;
        }
        let waits = state.busy || !state.jobs.is_empty();
        state.jobs.push_back(job);
        drop(state);
        self.arrived.notify_one();
        waits
    }

    /// The next job; `None` when the pool is gone and nothing is left.
    pub(super) fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        state.busy = false;
        loop {
            if let Some(job) = state.jobs.pop_front() {
                state.busy = true;
                return Some(job);
            }
            if !state.open {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Refuses the jobs that have waited too long; returns whether some still wait.
    pub(super) fn refuse_late(&self) -> bool {
        let now = Instant::now();
        let is_late = |job: &Job| job.waits_until().is_some_and(|until| until <= now);
        let mut late = Vec::new();
        let mut state = self.lock();
        // Nearly always none is; and a transaction may wait less long than what came before it.
        if state.jobs.iter().any(is_late) {
            for job in std::mem::take(&mut state.jobs) {
                if is_late(&job) {
                    late.push(job);
                } else {
                    state.jobs.push_back(job);
                }
            }
        }
        let waiting = !state.jobs.is_empty();
        drop(state);
        for job in late {
            if let Some(error) = job.too_late() {
                job.refuse(error);
            }
        }
        waiting
    }

    /// Lets the writer end after the jobs that are queued.
    pub(super) fn close(&self) {
        self.lock().open = false;
        self.arrived.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bytes that the queries which wait for a pool may hold.
#[derive(Debug, Default)]
pub(super) struct Budget {
    held: AtomicU64,
}

/// A query of fewer bytes costs nothing: the number of those that wait bounds them.
const FREE_BYTES: u64 = 4 << 10;

impl Budget {
    /// Takes the bytes of a query that is about to wait, where all that wait may hold `most`. One by itself may be larger.
    pub(super) fn take(self: &Arc<Self>, bytes: u64, most: u64) -> Result<Option<Charge>, Error> {
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
pub(super) fn too_large(most: u64) -> Error {
    let message = format!(
        "the queries that are waiting for the database hold as many bytes of values as `queueBytes` allows, {most}, or would with this one: try again later, or write less at a time"
    );
    Error::new(Kind::Queue, message)
}

/// Too many wait already.
pub(super) fn full(length: usize) -> Error {
    let message = format!(
        "{length} queries are waiting for the database already, the most that `queueLength` allows: try again later"
    );
    Error::new(Kind::Queue, message)
}

/// The turn did not come in time.
pub(super) fn late(timeout: Duration) -> Error {
    let message = format!(
        "the query waited {} ms for its turn, as long as `queueTimeout` allows, and had no effect: try again later",
        timeout.as_millis()
    );
    Error::new(Kind::Queue, message)
}
