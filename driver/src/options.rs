//! How a database is opened.

use std::time::Duration;

pub use purlin_query::Limits;

use crate::json::JsonReader;

/// How a database is opened, and how its queries run. The clients of a file share one pool, whatever their options are:
/// each option holds for the queries of its client, but for [`Options::readers`], and those that only read have a pool
/// of their own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Options {
    /// When an acknowledged write of this client is on disk.
    pub synchronous: Synchronous,
    /// How long a statement waits for a lock that another process holds.
    pub busy_timeout: Duration,
    /// How many reads of a file may run at once. The first client of a file decides, until all its clients are gone.
    pub readers: usize,
    /// Create the database file when it is not there.
    pub create: bool,
    /// Only read: writes are refused, and no file is made. Where somebody has a log of the file open it is shared; else
    /// each read looks whether the file has changed.
    pub read_only: bool,
    /// No other SQLite library of this process may have the file open: two would destroy it. For an addon that brings a
    /// library of its own; a Rust program has one for all its crates.
    pub only_library: bool,
    /// How long one query may run, waiting for locks not included; then it is stopped and has no effect.
    pub statement_timeout: Duration,
    /// How long a query waits for its turn behind others of this process.
    pub queue_timeout: Duration,
    /// How many queries, of whichever clients, may wait for their turn when one of this client joins them.
    pub queue_length: usize,
    /// How many bytes of values the queries that wait, of whichever clients, may hold together with one of this client;
    /// those of a few kilobytes are not counted.
    pub queue_bytes: u64,
    /// What the client reads JSON with.
    pub json: JsonReader,
    /// Limits of each query.
    pub limits: Limits,
}

/// The options that belong to the queries of a client and not to the pool, which clients share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct QueryOptions {
    pub(crate) synchronous: Synchronous,
    pub(crate) busy_timeout: Duration,
    pub(crate) create: bool,
    /// The same for all clients of a pool.
    pub(crate) read_only: bool,
    pub(crate) only_library: bool,
    pub(crate) statement_timeout: Duration,
    pub(crate) queue_timeout: Duration,
    pub(crate) queue_length: usize,
    pub(crate) queue_bytes: u64,
    pub(crate) json: JsonReader,
}

impl Options {
    /// Returns what belongs to the queries of a client.
    pub(crate) fn of_queries(&self) -> QueryOptions {
        QueryOptions {
            synchronous: self.synchronous,
            busy_timeout: self.busy_timeout,
            create: self.create,
            read_only: self.read_only,
            only_library: self.only_library,
            statement_timeout: self.statement_timeout,
            queue_timeout: self.queue_timeout,
            queue_length: self.queue_length.max(1),
            queue_bytes: self.queue_bytes,
            json: self.json,
        }
    }
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

impl Synchronous {
    /// The value of SQLite's pragma.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Normal => "normal",
        }
    }
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
