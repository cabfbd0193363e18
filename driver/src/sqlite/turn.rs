//! The turns of the writers of one file: whoever came first writes first.
//!
//! A file that is reached by several paths, as by symbolic links, has a pool for each, since each path may lead elsewhere
//! tomorrow. Their writers would wait for each other as processes do, by trying again and again; here they wait in a row.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Those who write a file, the first of whom has the turn.
#[derive(Debug, Default)]
pub(super) struct Row {
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    waiting: VecDeque<u64>,
}

impl Row {
    /// Waits for a turn, which lasts as long as the returned value; `None` when it has not come at `until`.
    pub(super) fn wait(self: &Arc<Self>, until: Option<Instant>) -> Option<Turn> {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        state.waiting.push_back(number);
        while state.waiting.front() != Some(&number) {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            state = match left {
                None => self.moved.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(left) if left.is_zero() => {
                    drop(state);
                    self.leave(number);
                    return None;
                }
                Some(left) => self.moved.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
            };
        }
        drop(state);
        Some(Turn { row: Arc::clone(self), number })
    }

    fn leave(&self, number: u64) {
        self.lock().waiting.retain(|waiting| *waiting != number);
        self.moved.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn to write.
#[derive(Debug)]
pub(super) struct Turn {
    row: Arc<Row>,
    number: u64,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.row.leave(self.number);
    }
}
