//! Closes the connections of a pool, when somebody asks for it.
//!
//! A close is over when everything is that was asked for before it, and when no connection is left that any of that
//! used. So the file is free then, unless somebody has asked for more. Nothing is stopped: writes and transactions come
//! before the close in the queue of the writer, and reads belong to an [`Era`]. A thread of its own waits for those, since
//! the writer has others to serve; where no thread can be started the writer waits itself.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use super::job::Job;
use super::shared::Shared;
use crate::error::Error;
use crate::request::Completion;

/// The time between two closings. It ends when nobody holds it: the queue of reads and each read that was asked for in it.
#[derive(Debug)]
pub(super) struct Era {
    /// It holds the next one, so that none ends before those that came before it.
    next: OnceLock<Arc<Era>>,
    /// Dropped with it, which whoever waits for its end sees.
    _end: Sender<Infallible>,
}

impl Drop for Era {
    fn drop(&mut self) {
        // One after another: thousands may end at once, and each drop within a drop takes of the stack.
        let mut next = self.next.take();
        while let Some(mut era) = next.and_then(Arc::into_inner) {
            next = era.next.take();
        }
    }
}

/// Waits for the end of an era.
pub(crate) struct EraEnd(Receiver<Infallible>);

impl EraEnd {
    fn wait(&self) {
        // Nothing is ever sent: this returns when the sender is dropped.
        let _ = self.0.recv();
    }
}

/// The era that reads belong to that are asked for now.
pub(super) struct CurrentEra {
    era: Arc<Era>,
    end: EraEnd,
}

impl CurrentEra {
    pub(super) fn new() -> Self {
        let (sender, receiver) = channel();
        Self { era: Arc::new(Era { next: OnceLock::new(), _end: sender }), end: EraEnd(receiver) }
    }

    pub(super) fn era(&self) -> &Arc<Era> {
        &self.era
    }

    /// Begins the next era, and returns what waits for the end of this one.
    pub(super) fn turn(&mut self) -> EraEnd {
        let next = Self::new();
        // Each has one successor, which it gets here.
        let _ = self.era.next.set(Arc::clone(&next.era));
        std::mem::replace(self, next).end
    }
}

/// Those who wait for a close.
#[derive(Default)]
pub(super) struct Closing(Mutex<State>);

#[derive(Default)]
struct State {
    closes: Vec<Close>,
    /// Whether a thread serves them.
    served: bool,
}

struct Close {
    reads: EraEnd,
    /// What the writer has found when it closed its connection.
    closed: Result<(), Error>,
    completion: Completion<()>,
}

impl Closing {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that have come; none ends the thread that serves them.
    fn next(&self) -> Vec<Close> {
        let mut state = self.lock();
        let closes = std::mem::take(&mut state.closes);
        state.served = !closes.is_empty();
        closes
    }
}

impl Shared {
    /// Closes the connections when what was asked for before is over.
    pub(super) fn close(&self, completion: Completion<()>) {
        let reads = self.queue().era.turn();
        self.send_job(Job::Close { reads, completion });
    }

    /// Closes the readers when the reads of an era are over; called by the writer's thread when its connection is closed.
    pub(super) fn close_after(self: &Arc<Self>, reads: EraEnd, closed: Result<(), Error>, completion: Completion<()>) {
        let mut state = self.closing.lock();
        state.closes.push(Close { reads, closed, completion });
        if std::mem::replace(&mut state.served, true) {
            return;
        }
        drop(state);
        let shared = Arc::clone(self);
        let started = thread::Builder::new().name("purlin-closer".to_owned()).spawn(move || shared.serve_closes());
        if started.is_err() {
            // There is this thread, whose writes wait then until the reads before them are over.
            self.serve_closes();
        }
    }

    fn serve_closes(&self) {
        loop {
            let closes = self.closing.next();
            if closes.is_empty() {
                return;
            }
            closes.iter().for_each(|close| close.reads.wait());
            self.close_readers();
            for Close { closed, completion, .. } in closes {
                // Whoever waits for the next must not suffer from a bug in this one.
                let _ = catch_unwind(AssertUnwindSafe(|| completion.complete(closed)));
            }
        }
    }

    /// Closes the readers. What was opened since the last era ended is of those who have asked later.
    fn close_readers(&self) {
        let Some(file) = &self.file else { return };
        file.retire_connections();
        for reader in &self.readers {
            let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            if reader.as_ref().is_some_and(|open| open.generation != file.generation()) {
                *reader = None;
            }
        }
    }
}
