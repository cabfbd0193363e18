//! The runtime on which connections to servers live, one for the process.
//!
//! It is our own and not that of the caller: a connection outlives the runtime of a test, the clients of Node have none, and
//! a caller's runtime that is busy would hold up the deadlines of queries.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, ErrorKind};

/// Threads that read replies and fill frames. Queries wait for the server most of the time.
const MOST_THREADS: usize = 4;

/// The runtime; it is started by the first connection.
pub(super) fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let started = Builder::new_multi_thread().worker_threads(threads).thread_name("purlin-io").enable_all().build();
    let started = started.map_err(|error| {
        Error::new(ErrorKind::CannotOpen, format!("cannot start the threads of connections: {error}"))
    })?;
    // Another thread may have been first; then this one ends at once.
    if let Err(other) = RUNTIME.set(started) {
        other.shutdown_background();
    }
    RUNTIME.get().ok_or_else(|| Error::new(ErrorKind::CannotOpen, "the threads of connections did not start"))
}
