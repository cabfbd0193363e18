//! Opens connections.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use purlin_query::dialect::sqlite::DECIMAL_COLLATION;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::functions;
use crate::error::{Error, Kind};
use crate::options::{Options, Synchronous};
use crate::url::Location;

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 256;
/// Virtual machine instructions between two looks at the deadline: about 10 microseconds.
const INSTRUCTIONS: i32 = 1_000;
/// Pages in memory, in KiB; SQLite's own 2 MiB make a read of a few thousand rows go to the system for each.
const CACHE_KIB: i64 = 16 * 1024;

/// A connection.
pub(crate) struct Connection {
    pub(crate) sqlite: rusqlite::Connection,
    deadline: Arc<Deadline>,
}

/// When the running statement is interrupted, in microseconds since the connection was opened; or one of the below.
struct Deadline {
    opened: Instant,
    at: AtomicU64,
    limit: AtomicU64,
}

/// There is no deadline.
const NEVER: u64 = 0;
/// There is one, and its clock starts with the first look: a quick read ends before that and asks no clock.
const ARMED: u64 = 1;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Reader,
    Writer,
}

impl Connection {
    pub(crate) fn open(location: &Location, options: &Options, role: Role) -> Result<Self, Error> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sqlite = match location {
            Location::File(path) => {
                if options.create {
                    flags |= OpenFlags::SQLITE_OPEN_CREATE;
                } else if !path.exists() {
                    return Err(missing(path));
                }
                rusqlite::Connection::open_with_flags(path, flags).map_err(|error| {
                    Error::new(Kind::CannotOpen, format!("cannot open the SQLite file {}: {error}", path.display()))
                })?
            }
            Location::Memory => rusqlite::Connection::open_in_memory()
                .map_err(|error| Error::new(Kind::CannotOpen, format!("cannot open SQLite in memory: {error}")))?,
        };
        let mut connection = Self {
            sqlite,
            deadline: Arc::new(Deadline {
                opened: Instant::now(),
                at: AtomicU64::new(NEVER),
                limit: AtomicU64::new(0),
            }),
        };
        connection.configure(options, role).map_err(|error| {
            let what = match location {
                Location::File(path) => path.display().to_string(),
                Location::Memory => "memory".to_owned(),
            };
            Error::new(Kind::CannotOpen, format!("cannot open the SQLite database {what}: {error}"))
        })?;
        Ok(connection)
    }

    fn configure(&mut self, options: &Options, role: Role) -> rusqlite::Result<()> {
        let sqlite = &mut self.sqlite;
        sqlite.busy_timeout(options.busy_timeout)?;
        sqlite.set_prepared_statement_cache_capacity(STATEMENTS);
        sqlite.pragma_update(None, "journal_mode", "wal")?;
        let synchronous = match options.synchronous {
            Synchronous::Full => "full",
            Synchronous::Normal => "normal",
        };
        sqlite.pragma_update(None, "synchronous", synchronous)?;
        sqlite.pragma_update(None, "foreign_keys", true)?;
        sqlite.pragma_update(None, "cache_size", -CACHE_KIB)?;
        // Plans do not depend on bound values. Else, on an analyzed database, SQLite compiles a statement anew for
        // each value that it is bound to: a fifth to a third of a nested read.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // An unknown name in double quotes is an error, not a text: else a column that the database does not have
        // would read as its own name.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        if role == Role::Reader {
            sqlite.pragma_update(None, "query_only", true)?;
        }
        sqlite.create_collation(DECIMAL_COLLATION, crate::decimal::compare)?;
        functions::register(sqlite)?;
        let deadline = Arc::clone(&self.deadline);
        sqlite.progress_handler(INSTRUCTIONS, Some(move || deadline.is_over()))
    }

    /// Runs `work`, whose statements are interrupted when they last longer than `limit`.
    pub(crate) fn within<T>(&self, limit: Duration, work: impl FnOnce(&Self) -> T) -> T {
        self.deadline.limit.store(micros(limit), Ordering::Relaxed);
        self.deadline.at.store(ARMED, Ordering::Relaxed);
        let result = work(self);
        self.deadline.at.store(NEVER, Ordering::Relaxed);
        result
    }
}

impl Deadline {
    fn is_over(&self) -> bool {
        match self.at.load(Ordering::Relaxed) {
            NEVER => false,
            ARMED => {
                let at = micros(self.opened.elapsed()).saturating_add(self.limit.load(Ordering::Relaxed));
                self.at.store(at.max(ARMED + 1), Ordering::Relaxed);
                false
            }
            at => micros(self.opened.elapsed()) > at,
        }
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn missing(path: &Path) -> Error {
    let message = format!(
        "there is no SQLite file at {}: create it with `purlin db push` or `purlin migrate deploy`, or open it with the `create` option",
        path.display()
    );
    Error::new(Kind::CannotOpen, message)
}
