//! Which transactions the code that runs on this thread is inside of.
//!
//! A write through the client, inside a transaction of the same database, waits for the transaction that waits for it.
//! Only what runs inside is refused: a task that was spawned there is on its own.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;

use purlin_driver::Engine;

thread_local! {
    /// The databases, by [`purlin_driver::Engine::database`], whose transactions this thread is inside of.
    static INSIDE: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Runs `work` as the inside of a transaction of the database.
pub(crate) async fn run<F: Future>(database: u64, work: F) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|context| {
        let _inside = Inside::enter(database);
        work.as_mut().poll(context)
    })
    .await
}

/// Returns whether this thread is inside a transaction of the engine's database.
pub(crate) fn is_inside(engine: &Engine) -> bool {
    INSIDE.with_borrow(|inside| !inside.is_empty() && inside.contains(&engine.database()))
}

/// Leaves again when dropped, also when the work panics.
struct Inside;

impl Inside {
    fn enter(database: u64) -> Self {
        INSIDE.with_borrow_mut(|inside| inside.push(database));
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
