//! How a database is opened.

use std::time::Duration;

pub use purlin_query::Limits;

use crate::json::JsonReader;

/// How a database is opened. Two clients with the same URL and options share one pool.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Options {
    /// When an acknowledged write is on disk.
    pub synchronous: Synchronous,
    /// How long a statement waits for a lock that another process holds.
    pub busy_timeout: Duration,
    /// How many reads may run at once.
    pub readers: usize,
    /// Create the database file when it is not there.
    pub create: bool,
    /// Only read: writes are refused, and nothing is written to the folder of the file.
    pub read_only: bool,
    /// No other SQLite library of this process may have the file open: two would destroy it. For an addon that brings a
    /// library of its own; a Rust program has one for all its crates.
    pub only_library: bool,
    /// How long one query may run, waiting for locks not included; then it is stopped and has no effect.
    pub statement_timeout: Duration,
    /// How long a query waits for its turn behind others of this process.
    pub queue_timeout: Duration,
    /// How many queries may wait for their turn.
    pub queue_length: usize,
    /// How many bytes of values the queries that wait may hold together; those of a few kilobytes are not counted.
    pub queue_bytes: u64,
    /// What the client reads JSON with.
    pub json: JsonReader,
    /// Limits of each query.
    pub limits: Limits,
}

/// When an acknowledged write is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Synchronous {
    /// When it is acknowledged: it survives a loss of power.
    #[default]
    Full,
    /// Some time later: it survives a crash of the process, and the last writes before a loss of power may be
    /// missing, never torn.
    Normal,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            synchronous: Synchronous::Full,
            busy_timeout: Duration::from_secs(5),
            readers: 4,
            create: false,
            read_only: false,
            only_library: false,
            statement_timeout: Duration::from_secs(5),
            queue_timeout: Duration::from_secs(10),
            queue_length: 10_000,
            queue_bytes: 256 << 20,
            json: JsonReader::default(),
            limits: Limits::default(),
        }
    }
}

/// The bounds of an interactive transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionOptions {
    /// How long it may wait to begin.
    pub max_wait: Duration,
    /// How long it may last; then it is rolled back.
    pub timeout: Duration,
}

impl Default for TransactionOptions {
    fn default() -> Self {
        Self { max_wait: Duration::from_secs(2), timeout: Duration::from_secs(5) }
    }
}
