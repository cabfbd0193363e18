//! Opens connections.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use purlin_query::dialect::sqlite::DECIMAL_COLLATION;
use rusqlite::config::DbConfig;
use rusqlite::{MAIN_DB, OpenFlags};

use super::busy;
use super::file::{self, Identity};
use super::functions;
use super::presence::Presence;
use super::watch::Watch;
use crate::error::{Error, Kind};
use crate::options::{Options, Synchronous};
use crate::printable;

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 256;
/// Virtual machine instructions between two looks at the deadline: about 10 microseconds.
const INSTRUCTIONS: i32 = 1_000;
/// Pages in memory, in KiB; SQLite's own 2 MiB make a read of a few thousand rows go to the system for each.
const CACHE_KIB: i64 = 16 * 1024;
/// What is left of the write-ahead log after it was copied into the database, in bytes.
const LOG_BYTES: i64 = 64 << 20;

/// A connection.
pub(crate) struct Connection {
    pub(crate) sqlite: rusqlite::Connection,
    pub(super) watch: Arc<Watch>,
    /// Of which file it is a connection, in the count of [`super::file::DatabaseFile`].
    pub(super) generation: u64,
    /// Last, so that it is dropped after the connection is closed.
    _presence: Option<Arc<Presence>>,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Reader,
    Writer,
}

impl Connection {
    /// Opens the file, or a database in memory when there is none. The caller has said how long to wait for locks.
    pub(super) fn open(path: Option<&Path>, options: &Options, role: Role) -> Result<Self, Error> {
        let Some(path) = path else {
            let sqlite = rusqlite::Connection::open_in_memory()
                .map_err(|error| Error::new(Kind::CannotOpen, format!("cannot open SQLite in memory: {error}")))?;
            return Self::configured(sqlite, None, options, role).map_err(|error| {
                Error::new(Kind::CannotOpen, format!("cannot open the SQLite database in memory: {error}"))
            });
        };
        let present = path.try_exists();
        if path.is_dir() {
            let message = format!("{} is a folder: a SQLite database is a file", printable::path(path));
            return Err(Error::new(Kind::CannotOpen, message));
        }
        if !options.read_only && file::has_several_names(path) {
            let message = format!(
                "{} has another name (a hard link), and SQLite would keep a log for each, which destroys the file: remove the other name, copy the file, or end the URL in `?mode=ro`",
                printable::path(path)
            );
            return Err(Error::new(Kind::CannotOpen, message));
        }
        let create = options.create && !options.read_only;
        match present {
            Err(error) => {
                let message = format!("cannot open the SQLite file {}: {error}", printable::path(path));
                return Err(Error::new(Kind::CannotOpen, message));
            }
            Ok(false) if !create => return Err(missing(path)),
            Ok(_) => {}
        }
        // Before the file is opened: merely closing it again would drop the locks of another library.
        let announce = |identity, alone| Presence::announce(path, identity, alone);
        let presence = Identity::at(path).map(|identity| announce(identity, options.only_library)).transpose()?;
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags |= if options.read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
        flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
        let opened = rusqlite::Connection::open_with_flags(path, flags)
            .and_then(|sqlite| Self::configured(sqlite, presence.clone(), options, role));
        let opened = match opened {
            Err(error) if options.read_only && cannot_share(&error) && !has_log(path) => {
                // The log's index cannot be made here. Without a log there is nothing to share: nobody writes.
                let flags = flags | OpenFlags::SQLITE_OPEN_URI;
                rusqlite::Connection::open_with_flags(immutable(path), flags)
                    .and_then(|sqlite| Self::configured(sqlite, presence, options, role))
            }
            opened => opened,
        };
        let mut connection = opened.map_err(|error| cannot_open(path, &error))?;
        if connection._presence.is_none() {
            // This connection has made the file, and has it open itself.
            connection._presence = Identity::at(path).map(|identity| announce(identity, false)).transpose()?;
        }
        Ok(connection)
    }

    fn configured(
        sqlite: rusqlite::Connection,
        presence: Option<Arc<Presence>>,
        options: &Options,
        role: Role,
    ) -> rusqlite::Result<Self> {
        let watch = Arc::new(Watch::new(sqlite.get_interrupt_handle()));
        let mut connection = Self { sqlite, watch, generation: 0, _presence: presence };
        connection.configure(options, role)?;
        Ok(connection)
    }

    fn configure(&mut self, options: &Options, role: Role) -> rusqlite::Result<()> {
        let sqlite = &mut self.sqlite;
        sqlite.busy_handler(Some(busy::handler))?;
        sqlite.set_prepared_statement_cache_capacity(STATEMENTS);
        self.log_ahead(role)?;
        let sqlite = &mut self.sqlite;
        let synchronous = match options.synchronous {
            Synchronous::Full => "full",
            Synchronous::Normal => "normal",
        };
        sqlite.pragma_update(None, "synchronous", synchronous)?;
        sqlite.pragma_update(None, "foreign_keys", true)?;
        sqlite.pragma_update(None, "cache_size", -CACHE_KIB)?;
        // Plans do not depend on bound values. Else, on an analyzed database, SQLite compiles a statement again for
        // each value that it is bound to: a fifth to a third of a nested read.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // An unknown name in double quotes is an error, not a text: else a column that the database does not have
        // would read as its own name.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        if role == Role::Reader || options.read_only {
            sqlite.pragma_update(None, "query_only", true)?;
        }
        sqlite.create_collation(DECIMAL_COLLATION, crate::decimal::compare)?;
        functions::register(sqlite, &self.watch)?;
        let watch = Arc::clone(&self.watch);
        sqlite.progress_handler(INSTRUCTIONS, Some(move || watch.is_over()))
    }

    /// Has the database write ahead, so that readers and the writer do not wait for each other.
    fn log_ahead(&self, role: Role) -> rusqlite::Result<()> {
        let sqlite = &self.sqlite;
        let mode: String = sqlite.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        if !matches!(mode.as_str(), "wal" | "memory") && !sqlite.is_readonly(MAIN_DB)? {
            match role {
                Role::Writer => sqlite.pragma_update(None, "journal_mode", "wal")?,
                // A reader does without while others use the file, or where it may not write.
                Role::Reader => {
                    busy::wait_until(None);
                    let _ = sqlite.pragma_update(None, "journal_mode", "wal");
                }
            }
        }
        if role == Role::Writer {
            sqlite.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        }
        Ok(())
    }
}

/// Whether a database that is only read lies where its shared memory cannot be made.
fn cannot_share(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly))
}

/// Whether the write-ahead log of a file holds anything.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// The address of a file that nobody writes.
fn immutable(path: &Path) -> String {
    let mut address = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => address.push(char::from(*byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address + "?immutable=1"
}

fn missing(path: &Path) -> Error {
    let message = format!(
        "there is no SQLite file at {}: create it with `purlin db push` or `purlin migrate deploy`, or end the URL in `?mode=rwc` for an empty file to be made",
        printable::path(path)
    );
    Error::new(Kind::CannotOpen, message)
}

fn cannot_open(path: &Path, error: &rusqlite::Error) -> Error {
    let path = printable::path(path);
    let why = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => {
            "it is not a SQLite database; if it should be, restore it from a backup".to_owned()
        }
        Some(rusqlite::ErrorCode::DatabaseCorrupt) => {
            "it is damaged: restore it from a backup, or try `sqlite3 FILE .recover`".to_owned()
        }
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            let text = format!("cannot open the SQLite file {path}: another process kept it locked");
            return Error::new(Kind::Busy, text);
        }
        Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly) => {
            "the file and its folder must be writable, or the URL must end in `?mode=ro`".to_owned()
        }
        _ => printable::printable(&error.to_string(), 200),
    };
    Error::new(Kind::CannotOpen, format!("cannot open the SQLite file {path}: {why}"))
}

impl Connection {
    /// Runs `work`, whose statements are interrupted when they last longer than `limit`.
    pub(super) fn within<T>(&self, limit: Duration, work: impl FnOnce(&Self) -> T) -> T {
        self.watch.within(limit, || work(self))
    }
}
