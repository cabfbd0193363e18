//! The options that only SQLite has.

use std::time::Duration;

use crate::error::Error;

/// How a SQLite file is opened, and how its queries run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SqliteOptions {
    /// When an acknowledged write of this client is on disk.
    pub synchronous: Synchronous,
    /// How long a statement waits for a lock that another process holds.
    pub busy_timeout: Duration,
    /// How many reads of a file may run at once. The first client of a file decides, until all its clients are gone.
    pub readers: usize,
    /// Create the database file when it is not there.
    pub create: bool,
    /// No other SQLite library of this process may have the file open: two would destroy it. For an addon that brings a
    /// library of its own; a Rust program has one for all its crates.
    pub only_library: bool,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            synchronous: Synchronous::Full,
            busy_timeout: Duration::from_secs(5),
            readers: 4,
            create: false,
            only_library: false,
        }
    }
}

/// More readers than this are of no use to a file, and each takes a thread and its memory.
pub(crate) const MAX_READERS: usize = 256;

impl SqliteOptions {
    /// Refuses options that no pool can have.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.readers > MAX_READERS {
            let message = format!("`readers` can be {MAX_READERS} at most: each takes a thread and its memory");
            return Err(Error::invalid(message));
        }
        Ok(())
    }

    /// Returns what belongs to the queries of a client.
    pub(crate) fn of_queries(&self) -> SqliteQueryOptions {
        SqliteQueryOptions {
            synchronous: self.synchronous,
            busy_timeout: self.busy_timeout,
            create: self.create,
            only_library: self.only_library,
        }
    }
}

/// The options that belong to the queries of a client and not to the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SqliteQueryOptions {
    pub(crate) synchronous: Synchronous,
    pub(crate) busy_timeout: Duration,
    pub(crate) create: bool,
    pub(crate) only_library: bool,
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
    /// The value of the pragma.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Normal => "normal",
        }
    }
}
