//! Which transactions the code that runs on this thread is inside of.
//!
//! A write through the client, inside a transaction of the same database, waits for the transaction that waits for it.
//! Only what runs inside is refused: a task that was spawned there is on its own.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;

thread_local! {
    /// The pools whose transactions this thread is inside of.
    static INSIDE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Runs `work` as the inside of a transaction of the pool.
pub(crate) async fn run<F: Future>(pool: usize, work: F) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|context| {
        let _inside = Inside::enter(pool);
        work.as_mut().poll(context)
    })
    .await
}

/// Whether this thread is inside a transaction of the pool.
pub(crate) fn is_inside(pool: usize) -> bool {
    INSIDE.with_borrow(|inside| inside.contains(&pool))
}

/// Leaves again when dropped, also when the work panics.
struct Inside;

impl Inside {
    fn enter(pool: usize) -> Self {
        INSIDE.with_borrow_mut(|inside| inside.push(pool));
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.with_borrow_mut(|inside| {
            inside.pop();
        });
    }
}
