//! Waits for the writes of other processes.

use std::cell::Cell;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// The most that a statement waits for other processes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Who waits longer is told why.
const QUIET: Duration = Duration::from_secs(2);

thread_local! {
    /// When the statement that waits on this thread began to.
    static SINCE: Cell<Option<Instant>> = const { Cell::new(None) };
    static TOLD: Cell<bool> = const { Cell::new(false) };
}

static TELL: OnceLock<fn()> = OnceLock::new();

/// Sets what is called, once per wait, when a statement waits for seconds.
pub fn tell_when_waiting(tell: fn()) {
    // The first one stays.
    let _ = TELL.set(tell);
}

/// Lets the statements of a connection wait.
pub(super) fn be_patient(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(try_again))
}

/// The busy handler. It pauses as the clients do: SQLite's own sleeps up to 100 ms between two tries, and a client that
/// writes all the time lets others in for about a millisecond.
fn try_again(tries: i32) -> bool {
    if tries == 0 {
        SINCE.set(Some(Instant::now()));
        TOLD.set(false);
    }
    let waited = SINCE.get().map_or(Duration::ZERO, |since| since.elapsed());
    if waited >= QUIET
        && !TOLD.replace(true)
        && let Some(tell) = TELL.get()
    {
        tell();
    }
    if waited >= PATIENCE {
        return false;
    }
    thread::sleep(purlin_driver::pause());
    true
}
