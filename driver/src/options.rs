//! How a database is opened.

use std::time::Duration;

pub use purlin_query::Limits;

use crate::json::JsonReader;
use crate::sqlite::{SqliteOptions, SqliteQueryOptions};

/// How a database is opened, and how its queries run. The clients of a file share one pool, whatever their options are:
/// each option holds for the queries of its client, but for [`SqliteOptions::readers`], and those that only read have a
/// pool of their own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Options {
    /// Only read: writes are refused, and no file is made. Where somebody has a log of the file open it is shared; else
    /// each read looks whether the file has changed.
    pub read_only: bool,
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
    /// The options that only SQLite has.
    pub sqlite: SqliteOptions,
}

/// The options that belong to the queries of a client and not to the pool, which clients share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct QueryOptions {
    /// The same for all clients of a pool.
    pub(crate) read_only: bool,
    pub(crate) statement_timeout: Duration,
    pub(crate) queue_timeout: Duration,
    pub(crate) queue_length: usize,
    pub(crate) queue_bytes: u64,
    pub(crate) json: JsonReader,
    pub(crate) sqlite: SqliteQueryOptions,
}

impl Options {
    /// Returns what belongs to the queries of a client.
    pub(crate) fn of_queries(&self) -> QueryOptions {
        QueryOptions {
            read_only: self.read_only,
            statement_timeout: self.statement_timeout,
            queue_timeout: self.queue_timeout,
            queue_length: self.queue_length.max(1),
            queue_bytes: self.queue_bytes,
            json: self.json,
            sqlite: self.sqlite.of_queries(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            read_only: false,
            statement_timeout: Duration::from_secs(5),
            queue_timeout: Duration::from_secs(10),
            queue_length: 10_000,
            queue_bytes: 256 << 20,
            json: JsonReader::default(),
            limits: Limits::default(),
            sqlite: SqliteOptions::default(),
        }
    }
}

/// Options that are the defaults but for those of SQLite.
impl From<SqliteOptions> for Options {
    fn from(sqlite: SqliteOptions) -> Self {
        Self { sqlite, ..Self::default() }
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
