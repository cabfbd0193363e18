//! Replies that somebody has yet to take, bounded in bytes.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The replies for one taker, a thread of JavaScript, which may be busy for seconds and find gigabytes of them.
///
/// While it is full, reads for it wait here. They hold no thread of the pool, so that nobody else waits for a taker that
/// is busy: neither other threads nor other databases.
pub struct Outbox {
    most: usize,
    state: Mutex<State>,
    /// There is room again.
    room: Condvar,
}

#[derive(Default)]
struct State {
    bytes: usize,
    held: VecDeque<Resume>,
    /// Whether a thread lets held reads go on, and whether it is to look again.
    resuming: bool,
    again: bool,
    closed: bool,
}

/// Queues a read that was held.
type Resume = Box<dyn FnOnce() + Send>;

/// So many held reads go on at once: as each is done, the next follow.
const AT_ONCE: usize = 4;

impl Outbox {
    /// One that is full when replies of more than `most` bytes wait in it.
    pub fn new(most: usize) -> Self {
        Self { most, state: Mutex::default(), room: Condvar::new() }
    }

    /// Counts a reply until the returned value is dropped.
    pub fn keep(self: &Arc<Self>, bytes: usize) -> Kept {
        self.lock().bytes += bytes;
        Kept { outbox: Arc::clone(self), bytes }
    }

    /// Nobody takes anything any more: lets go of the reads that wait.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let held = std::mem::take(&mut state.held);
        drop(state);
        drop(held);
        self.room.notify_all();
    }

    /// How many reads wait here, when it is full.
    pub(crate) fn full(&self) -> Option<usize> {
        let state = self.lock();
        self.is_full(&state).then_some(state.held.len())
    }

    /// Holds a read until there is room.
    pub(crate) fn hold(&self, resume: Resume) {
        let mut state = self.lock();
        if !state.closed {
            state.held.push_back(resume);
        }
        drop(state);
        // There may be room since it was asked.
        self.resume();
    }

    /// Waits for room; returns whether there is any.
    pub(crate) fn wait(&self, at_most: Duration) -> bool {
        let waited = self.room.wait_timeout_while(self.lock(), at_most, |state| self.is_full(state));
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !self.is_full(&state)
    }

    /// Lets some reads go on, while there is room.
    fn resume(&self) {
        let mut state = self.lock();
        // What goes on may end at once, and then this is called from within itself.
        state.again = true;
        if state.resuming {
            return;
        }
        state.resuming = true;
        while std::mem::take(&mut state.again) && !self.is_full(&state) {
            let some = state.held.len().min(AT_ONCE);
            let some: Vec<Resume> = state.held.drain(..some).collect();
            drop(state);
            some.into_iter().for_each(|resume| resume());
            state = self.lock();
        }
        state.resuming = false;
    }

    fn release(&self, bytes: usize) {
        let mut state = self.lock();
        state.bytes = state.bytes.saturating_sub(bytes);
        let full = self.is_full(&state);
        drop(state);
        if !full {
            self.room.notify_all();
            self.resume();
        }
    }

    fn is_full(&self, state: &State) -> bool {
        state.bytes > self.most && !state.closed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reply that waits in an outbox.
#[derive(Debug)]
pub struct Kept {
    outbox: Arc<Outbox>,
    bytes: usize,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.outbox.release(self.bytes);
    }
}

/// A query whose reply goes into an outbox. When it is over, whatever became of it, others go on.
pub(crate) struct Ticket(pub(crate) Arc<Outbox>);

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.resume();
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("most", &self.most).finish_non_exhaustive()
    }
}
