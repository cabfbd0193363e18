//! The jobs that wait for the writer.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::job::Job;
use crate::budget::{self, Sweep};

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
    sweep: Sweep,
}

impl State {
    /// Takes out some jobs: nearly always none.
    fn take_out(&mut self, is_out: impl Fn(&Job) -> bool) -> Vec<Job> {
        let mut out = Vec::new();
        if self.jobs.iter().any(&is_out) {
            for job in std::mem::take(&mut self.jobs) {
                if is_out(&job) {
                    out.push(job);
                } else {
                    self.jobs.push_back(job);
                }
            }
        }
        out
    }
}

impl Jobs {
    pub(super) fn new() -> Self {
        let state = State { jobs: VecDeque::new(), busy: false, open: true, sweep: Sweep::default() };
        Self { state: Mutex::new(state), arrived: Condvar::new() }
    }

    /// Queues a job, or refuses it; returns whether it has to wait behind others.
    pub(super) fn push(&self, job: Job) -> bool {
        let mut state = self.lock();
        let is_full = |state: &State| job.queue_length().filter(|length| state.jobs.len() >= *length);
        let waiting = state.jobs.len();
        if is_full(&state).is_some() && state.sweep.is_due(waiting) {
            // Those that nobody waits for any more hold no place. They are let go after the lock.
            let abandoned = state.take_out(Job::is_abandoned);
            drop(state);
            drop(abandoned);
            state = self.lock();
        }
        if let Some(length) = is_full(&state) {
            drop(state);
            job.refuse(budget::full(length));
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
        let is_late = |job: &Job| job.is_abandoned() || job.waits_until().is_some_and(|until| until <= now);
        let mut state = self.lock();
        // A transaction may wait less long than what came before it.
        let late = state.take_out(is_late);
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
