//! Replies that somebody has yet to take, bounded in bytes.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The replies for one taker, a thread of JavaScript, which may be busy for seconds and find gigabytes of them.
///
/// While it is full, queries for it wait here. They hold no thread of the pool, so that nobody else waits for a taker that
/// is busy: neither other threads nor other databases.
pub struct Outbox {
    most: usize,
    /// The numbers of its queries, in the order in which they were asked for.
    asked: AtomicU64,
    state: Mutex<State>,
    /// There is room again.
    room: Condvar,
    /// The same as in the state, for those who only look.
    closed: AtomicBool,
}

#[derive(Default)]
struct State {
    bytes: usize,
    /// By their numbers.
    held: VecDeque<(u64, Waiting)>,
    held_bytes: u64,
    /// The numbers of queries that were held and are not over.
    resumed: Vec<u64>,
    /// Whether a thread lets held queries go on, and whether it is to look again.
    resuming: bool,
    again: bool,
    closed: bool,
}

/// What is held: a query, or a close that comes after queries.
struct Waiting {
    what: Waits,
    resume: Resume,
}

/// What waits in an outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waits {
    /// A query, whose values have so many bytes.
    Query(u64),
    Close,
}

impl Waits {
    fn bytes(self) -> u64 {
        match self {
            Self::Query(bytes) => bytes,
            Self::Close => 0,
        }
    }
}

/// Queues a query that was held.
type Resume = Box<dyn FnOnce() + Send>;

/// What an outbox holds back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) number: usize,
    /// The bytes of the values of the queries.
    pub(crate) bytes: u64,
}

/// So many held queries go on at once: as each is done, the next follow.
const AT_ONCE: usize = 4;

impl Outbox {
    /// One that is full when replies of more than `most` bytes wait in it.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            asked: AtomicU64::new(0),
            state: Mutex::default(),
            room: Condvar::new(),
            closed: AtomicBool::new(false),
        }
    }

    /// Counts a reply until the returned value is dropped.
    pub fn keep(self: &Arc<Self>, bytes: usize) -> Kept {
        self.lock().bytes += bytes;
        Kept { outbox: Arc::clone(self), bytes }
    }

    /// Nobody takes anything any more: lets go of the queries that wait.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.closed.store(true, Ordering::Relaxed);
        let held = std::mem::take(&mut state.held);
        state.held_bytes = 0;
        drop(state);
        drop(held);
        self.room.notify_all();
    }

    /// Returns whether nobody takes anything any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// What waits here, when it is full.
    pub(crate) fn full(&self) -> Option<Held> {
        let state = self.lock();
        self.is_full(&state).then_some(Held { number: state.held.len(), bytes: state.held_bytes })
    }

    /// The number of what is asked for now.
    pub(crate) fn number(&self) -> u64 {
        self.asked.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns whether a query of a lower number waits here, or has waited and is not over.
    pub(crate) fn holds_before(&self, number: u64) -> bool {
        let state = self.lock();
        state.held.front().is_some_and(|(first, _)| *first < number) || state.resumed.iter().any(|one| *one < number)
    }

    /// Holds a query or a close until there is room, behind those of lower numbers.
    pub(crate) fn hold(&self, number: u64, what: Waits, resume: Resume) {
        let mut state = self.lock();
        if !state.closed {
            // Mostly the last; one that went on in vain is among the first.
            let place = state.held.partition_point(|(other, _)| *other < number);
            state.held.insert(place, (number, Waiting { what, resume }));
            state.held_bytes = state.held_bytes.saturating_add(what.bytes());
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

    /// Lets some queries go on, while there is room.
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
            let some: Vec<(u64, Waiting)> = state.held.drain(..some).collect();
            let bytes = some.iter().map(|(_, waiting)| waiting.what.bytes()).sum();
            let queries = some.iter().filter(|(_, waiting)| waiting.what != Waits::Close).map(|(number, _)| *number);
            state.resumed.extend(queries);
            state.held_bytes = state.held_bytes.saturating_sub(bytes);
            drop(state);
            some.into_iter().for_each(|(_, waiting)| (waiting.resume)());
            state = self.lock();
        }
        state.resuming = false;
    }

    /// A query is over.
    fn is_over(&self, number: u64) {
        self.lock().resumed.retain(|resumed| *resumed != number);
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
pub(crate) struct Ticket {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) number: u64,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.outbox.is_over(self.number);
        self.outbox.resume();
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("most", &self.most).finish_non_exhaustive()
    }
}
