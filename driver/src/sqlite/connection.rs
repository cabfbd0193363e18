//! Opens connections.

use std::cell::Cell;
use std::ffi::c_int;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use purlin_query::dialect::sqlite::DECIMAL_COLLATION;
use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{MAIN_DB, OpenFlags};

use super::busy;
use super::descriptors;
use super::file::{self, DatabaseFile, Identity, Log, OpenFiles};
use super::functions;
use super::options::Synchronous;
use super::presence::{ClosingTurn, Farewell, Presence};
use super::snapshot::{Snapshot, Unsettled};
use super::turn::Row;
use super::watch::Watch;
use crate::error::{Error, ErrorKind};
use crate::options::QueryOptions;
use crate::printable;

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 256;
/// Virtual machine instructions between two looks at the deadline: about 10 microseconds.
const INSTRUCTIONS: i32 = 1_000;
/// Pages in memory, in KiB; SQLite's own 2 MiB make a read of a few thousand rows go to the system for each.
const CACHE_KIB: i64 = 16 * 1024;
/// How often a file is opened that is replaced meanwhile.
const OPENING_TRIES: usize = 8;
/// How long the last connection that may write waits for those that read, to empty the log.
const LOG_PATIENCE: Duration = Duration::from_millis(50);
/// What is left of the write-ahead log after it was copied into the database, in bytes.
const LOG_BYTES: i64 = 64 << 20;

/// A connection.
pub(crate) struct Connection {
    pub(crate) sqlite: rusqlite::Connection,
    pub(super) watch: Arc<Watch>,
    /// Of which file it is a connection, in the count of [`super::file::DatabaseFile`].
    pub(super) generation: u64,
    synchronous: Cell<Synchronous>,
    /// The state of a file that is not shared with those that write it.
    snapshot: Option<Snapshot>,
    /// `None` of a database in memory.
    pub(super) files: Option<Arc<OpenFiles>>,
    /// Those of this process who write the file; for the writer.
    pub(super) row: Option<Arc<Row>>,
    /// Dropped after the connection is closed.
    presence: Option<Presence>,
    /// Last of all: until then no other connection to the file is closed.
    closing: Option<ClosingTurn>,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Reader,
    Writer,
}

impl Connection {
    /// Opens a database in memory.
    pub(super) fn open_in_memory(options: &QueryOptions, role: Role) -> Result<Self, Error> {
        let opened = rusqlite::Connection::open_in_memory();
        opened.and_then(|sqlite| Self::configured(sqlite, options, role)).map_err(|error| {
            Error::new(ErrorKind::CannotOpen, format!("cannot open the SQLite database in memory: {error}"))
        })
    }

    /// Copies a database in memory, and nothing else that its connection has.
    pub(super) fn copy_in_memory(other: &Self, options: &QueryOptions) -> Result<Self, Error> {
        let copied = || {
            let mut sqlite = rusqlite::Connection::open_in_memory()?;
            Backup::new(&other.sqlite, &mut sqlite)?.run_to_completion(c_int::MAX, Duration::ZERO, None)?;
            Self::configured(sqlite, options, Role::Writer)
        };
        copied().map_err(|error| {
            let message = format!(
                "the script ran, and what it has set could not be taken back, since the database in memory cannot be copied: {}",
                printable::printable(&error.to_string(), 200)
            );
            Error::new(ErrorKind::Database, message)
        })
    }

    /// Opens the file. The caller has said how long to wait for locks.
    pub(super) fn open(file: &DatabaseFile, options: &QueryOptions, role: Role) -> Result<Self, Error> {
        let path = &*file.path;
        let present = path.try_exists();
        if path.is_dir() {
            let message = format!("{} is a folder: a SQLite database is a file", printable::path(path));
            return Err(Error::new(ErrorKind::CannotOpen, message));
        }
        if path.metadata().is_ok_and(|file| !file.is_file()) {
            let message =
                format!("{} is a device, a pipe or a socket: a SQLite database is a file", printable::path(path));
            return Err(Error::new(ErrorKind::CannotOpen, message));
        }
        if let Some(beside) = file::strange_beside(path) {
            // SQLite would wait for somebody to write into a pipe.
            let message = format!(
                "{} is a device, a pipe or a socket, at the place of a file that SQLite keeps beside the database: remove it",
                printable::path(&beside)
            );
            return Err(Error::new(ErrorKind::CannotOpen, message));
        }
        let create = options.sqlite.create && !options.read_only;
        match present {
            Err(error) => {
                let message = format!("cannot open the SQLite file {}: {error}", printable::path(path));
                return Err(Error::new(ErrorKind::CannotOpen, message));
            }
            Ok(false) if !create => return Err(missing(path)),
            Ok(_) => {}
        }
        for _ in 0..OPENING_TRIES {
            // Resolved once: a link that is switched meanwhile leads to another file, with another log.
            let resolved = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            if file::has_several_names(&resolved) {
                let message = format!(
                    "{} has another name (a hard link), and SQLite keeps a log for each: writes through both destroy the file, and reads miss what is in the other log; remove the other name, or copy the file",
                    printable::path(path)
                );
                return Err(Error::new(ErrorKind::CannotOpen, message));
            }
            let before = Identity::at(&resolved);
            // Before the file is opened: merely closing it again would drop the locks of another library.
            let announced = before.map(|identity| Presence::announce(&resolved, identity, options.sqlite.only_library));
            let presence = announced.transpose()?;
            let mut connection = Self::open_resolved(file, &resolved, presence, options, role)?;
            let Ok(metadata) = std::fs::metadata(&resolved) else { continue };
            let after = Identity::of(&metadata);
            if before.is_some() && before != after {
                // Replaced while it was opened: nobody knows which one this is.
                continue;
            }
            let resolved = match before {
                Some(_) => resolved,
                // This connection has made the file, perhaps behind a link that led nowhere.
                None => path.canonicalize().unwrap_or(resolved),
            };
            if connection.presence.is_none() {
                let announced = after.map(|identity| Presence::announce(&resolved, identity, false));
                connection.presence = announced.transpose()?;
            }
            let log = match &mut connection.presence {
                Some(presence) => presence.opened(&resolved, !options.read_only)?,
                None => Arc::new(Log::of(&resolved)),
            };
            let files = OpenFiles::new(path.to_owned(), resolved, &metadata, log);
            let (files, generation) = file.after_open(files);
            connection.generation = generation;
            connection.check_commits(&files, role)?;
            if role == Role::Writer && !options.read_only {
                connection.row = connection.presence.as_ref().map(Presence::row);
            }
            connection.files = Some(files);
            return Ok(connection);
        }
        let message =
            format!("the SQLite file {} was replaced again and again while it was opened", printable::path(path));
        Err(Error::new(ErrorKind::CannotOpen, message))
    }

    fn open_resolved(
        file: &DatabaseFile,
        resolved: &Path,
        presence: Option<Presence>,
        options: &QueryOptions,
        role: Role,
    ) -> Result<Self, Error> {
        let path = &*file.path;
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags |= if options.read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
        flags.set(OpenFlags::SQLITE_OPEN_CREATE, options.sqlite.create && !options.read_only);
        let open = || {
            rusqlite::Connection::open_with_flags(resolved, flags)
                .and_then(|sqlite| Self::configured(sqlite, options, role))
        };
        let mut why = Unsettled::Changed;
        let mut shares = file.changes_while_read();
        for _ in 0..OPENING_TRIES {
            // SQLite would make a log and its index beside a file that is only read.
            let at_rest = options.read_only && !shares && Snapshot::has_no_log(resolved) && writes_ahead(resolved);
            if !at_rest {
                match open() {
                    // The log's index cannot be made here.
                    Err(error) if options.read_only && cannot_share(&error) => {}
                    opened => {
                        let mut connection = opened.map_err(|error| cannot_open(path, &error, options))?;
                        connection.presence = presence;
                        return Ok(connection);
                    }
                }
            }
            match Self::open_unshared(path, resolved, flags, options, role)? {
                Ok(mut connection) => {
                    connection.presence = presence;
                    return Ok(connection);
                }
                // What was at rest is so no more: there is a log now that can be shared.
                Err(_) if at_rest => shares = true,
                // Where it cannot be shared, somebody may just have been about to close it.
                Err(found) => {
                    why = found;
                    shares = file.changes_while_read();
                }
            }
        }
        Err(unsettled(path, why))
    }

    /// Opens a file that is not shared with those that write it: it has no log, and each read looks whether it changed.
    fn open_unshared(
        path: &Path,
        resolved: &Path,
        flags: OpenFlags,
        options: &QueryOptions,
        role: Role,
    ) -> Result<Result<Self, Unsettled>, Error> {
        let snapshot = Snapshot::take(resolved);
        if let Some(why) = Snapshot::unsettled(resolved) {
            return Ok(Err(why));
        }
        let opened =
            rusqlite::Connection::open_with_flags(address(resolved, "immutable"), flags | OpenFlags::SQLITE_OPEN_URI)
                .and_then(|sqlite| Self::configured(sqlite, options, role));
        if !snapshot.is_current() {
            return Ok(Err(Unsettled::Changed));
        }
        let mut connection = opened.map_err(|error| cannot_open(path, &error, options))?;
        connection.snapshot = Some(snapshot);
        Ok(Ok(connection))
    }

    /// Has the writes that follow be on disk when their client says. In a log, a write that is on disk takes all before
    /// it there as well.
    pub(super) fn synchronize(&self, synchronous: Synchronous) -> Result<(), Error> {
        if self.synchronous.get() == synchronous {
            return Ok(());
        }
        let set = self.sqlite.pragma_update(None, "synchronous", synchronous.name());
        set.map_err(|error| super::error::convert(&error, None))?;
        self.synchronous.set(synchronous);
        Ok(())
    }

    /// Returns whether the file has changed since the connection was opened, and the connection cannot know.
    pub(super) fn is_outdated(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|snapshot| !snapshot.is_current())
    }

    /// Has each commit look whether the file and its log are still there: what is committed to a file that nobody finds
    /// again would be acknowledged and lost.
    fn check_commits(&mut self, files: &Arc<OpenFiles>, role: Role) -> Result<(), Error> {
        if role == Role::Reader {
            return Ok(());
        }
        let open = Arc::downgrade(files);
        // Returning true has SQLite roll back.
        let hooked =
            self.sqlite.commit_hook(Some(move || open.upgrade().is_none_or(|files| !files.are_in_place_still())));
        hooked.map_err(|error| super::error::convert(&error, None))
    }

    /// Fails when what was just committed may have gone to a file or a log that nobody finds again.
    pub(super) fn check_written(&self) -> Result<(), Error> {
        self.files.as_ref().map_or(Ok(()), |files| files.check_written())
    }

    /// Takes the log away that a file lies beside which has taken the place of this one: whoever opens that next would apply
    /// the log to it, and destroy it. What the log holds is copied into the file that it belongs to, which may have another
    /// name. Nothing is done unless it is sure that nobody else has either file open: another process may have begun to
    /// use the log for the other file. All other connections of this pool are closed.
    #[cfg(target_os = "linux")]
    pub(super) fn take_log_away(&self) {
        let Some(files) = &self.files else { return };
        let Some(successor) = files.successor() else { return };
        Presence::without_others(successor, || {
            let Ok(file) = std::fs::File::options().read(true).write(true).open(&files.resolved) else { return };
            // SQLite locks a part of the file for as long as it has it open with a log, and this locks all of it.
            let locked = rustix::fs::fcntl_lock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive);
            let is_successor = file.metadata().is_ok_and(|found| Identity::of(&found) == Some(successor));
            if locked.is_err() || !is_successor || files.successor() != Some(successor) {
                return;
            }
            busy::wait_until(None);
            let _ = self.sqlite.pragma_update(None, "query_only", false);
            // Without a log: SQLite copies it into the database and removes it, or fails when somebody else has the file
            // open. No journal is made beside the other file meanwhile.
            let _ = self.sqlite.pragma_update(None, "journal_mode", "memory");
        });
    }

    /// Only Linux tells who has a file open.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn take_log_away(&self) {}

    /// Copies a log that was lost into the database, where that is safe; fails when something of it is missing.
    /// All other connections of the process to the file are closed.
    pub(super) fn check_losses(&self, file: &DatabaseFile) -> Result<(), Error> {
        let Some(files) = &self.files else { return Ok(()) };
        file.check_losses(files, || self.save_log(files))
    }

    /// Copies a log that was lost into the database, where that is safe; returns whether the database holds all of it.
    fn save_log(&self, files: &OpenFiles) -> bool {
        let mode = if files.can_save_log() { "PASSIVE" } else { "NOOP" };
        let frames = self.sqlite.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| {
            Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        });
        // Whoever removed a log as the last to close the file has copied it before.
        frames.is_ok_and(|(written, copied)| written == copied)
    }

    fn configured(sqlite: rusqlite::Connection, options: &QueryOptions, role: Role) -> rusqlite::Result<Self> {
        let watch = Arc::new(Watch::new(sqlite.get_interrupt_handle()));
        let synchronous = Cell::new(options.sqlite.synchronous);
        let mut connection = Self {
            sqlite,
            watch,
            generation: 0,
            synchronous,
            snapshot: None,
            files: None,
            row: None,
            presence: None,
            closing: None,
        };
        connection.configure(options, role)?;
        Ok(connection)
    }

    fn configure(&mut self, options: &QueryOptions, role: Role) -> rusqlite::Result<()> {
        let sqlite = &mut self.sqlite;
        sqlite.busy_handler(Some(busy::handler))?;
        sqlite.set_prepared_statement_cache_capacity(STATEMENTS);
        self.log_ahead(role)?;
        let sqlite = &mut self.sqlite;
        sqlite.pragma_update(None, "synchronous", self.synchronous.get().name())?;
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
        // The first read opens the log, or makes it.
        sqlite.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0)).map(drop)
    }
}

/// Returns whether a database that is only read lies where its shared memory cannot be made.
fn cannot_share(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly))
}

/// Returns whether a file is in the mode that needs a log, without making one: SQLite keeps none for a connection that
/// takes no locks, and cannot open such a file then.
fn writes_ahead(path: &Path) -> bool {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let version =
        |sqlite: rusqlite::Connection| sqlite.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0));
    let read = rusqlite::Connection::open_with_flags(address(path, "nolock"), flags).and_then(version);
    read.is_err_and(|error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen))
}

/// The address of a file with a parameter that is set.
fn address(path: &Path, parameter: &str) -> String {
    let mut address = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => address.push(char::from(*byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{address}?{parameter}=1")
}

fn missing(path: &Path) -> Error {
    // A relative path is kept with its `..`, so that it begins with this folder as well.
    let is_relative = std::env::current_dir().is_ok_and(|folder| path.starts_with(folder));
    let elsewhere = if is_relative {
        "; a relative URL starts from the folder that the program runs in: write an absolute one, such as `file:/data/app.db`, if the file is in another folder"
    } else {
        ""
    };
    let message = format!(
        "there is no SQLite file at {}: create it with `purlin db push` or `purlin migrate deploy`, or end the URL in `?mode=rwc` for an empty file to be made{elsewhere}",
        printable::path(path)
    );
    Error::new(ErrorKind::CannotOpen, message)
}

/// The file alone is not the database.
fn unsettled(path: &Path, why: Unsettled) -> Error {
    let shown = printable::path(path);
    let message = match why {
        Unsettled::Log => format!(
            "cannot read the SQLite file {shown}: the last writes are in {shown}-wal, which cannot be shared where the folder is not writable: make the folder writable, or open the file once with a program that may write, and close it"
        ),
        Unsettled::Journal => format!(
            "cannot read the SQLite file {shown}: {shown}-journal belongs to a transaction that is not over, or whose process was killed: wait, or open the file once with a program that may write"
        ),
        Unsettled::Changed => return keeps_changing(path),
    };
    Error::new(ErrorKind::CannotOpen, message)
}

/// Somebody writes the file all the time.
pub(super) fn keeps_changing(path: &Path) -> Error {
    let message = format!(
        "the SQLite file {} changes while it is read, and cannot be shared with those that write it: make its folder writable, or try again later",
        printable::path(path)
    );
    Error::new(ErrorKind::Busy, message)
}

fn cannot_open(path: &Path, error: &rusqlite::Error, options: &QueryOptions) -> Error {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen)
        && let Some(exhausted) = descriptors::exhausted()
    {
        return exhausted;
    }
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
            return Error::new(ErrorKind::Busy, text);
        }
        Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly) if options.read_only => {
            "the file must be readable".to_owned()
        }
        Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly) => {
            "the file and its folder must be writable, or the URL must end in `?mode=ro`".to_owned()
        }
        // It makes files beside the database, of which one has a fixed size.
        Some(rusqlite::ErrorCode::SystemIoFailure) => {
            format!("the disk is full, or it fails ({})", printable::printable(&error.to_string(), 200))
        }
        _ => printable::printable(&error.to_string(), 200),
    };
    Error::new(ErrorKind::CannotOpen, format!("cannot open the SQLite file {path}: {why}"))
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.closing = self.presence.as_ref().map(Presence::closing_turn);
        let files = self.files.take();
        if let Some(files) = &files
            && !files.log.is_in_place()
            && !files.can_save_log()
        {
            // As the last connection this one would copy the log into the database, over what others have written since.
            let _ = self.sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        }
        // An interrupt that came when the last statement had ended holds until the next one begins. As the last connection
        // this one would stop copying the log, and leave it behind.
        let _ = self.sqlite.query_row("SELECT 1", [], |_| Ok(()));
        let farewell = self.presence.as_mut().map_or(Farewell::Nothing, Presence::closes);
        if farewell != Farewell::Nothing
            && let (Some(files), Some(presence)) = (files, &self.presence)
            && files.are_in_place()
        {
            busy::wait_until(Some(Instant::now() + LOG_PATIENCE));
            match farewell {
                Farewell::Nothing => {}
                Farewell::CopyLog => presence.leaves_log(!empty_log(&self.sqlite)),
                Farewell::CopyLeftLog => copy_left_log(&files.resolved),
            }
        }
    }
}

/// Copies the log into the database as far as nobody needs it, and empties it when all of it was copied. Returns whether
/// it is empty.
fn empty_log(sqlite: &rusqlite::Connection) -> bool {
    sqlite.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0)).is_ok_and(|kept| !kept)
}

/// Does for the last connection of the process what it cannot do, since it may only read, and what those that could were
/// kept from by what was still read.
fn copy_left_log(resolved: &Path) {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE;
    // A file that cannot be written any more keeps its log.
    let _ = rusqlite::Connection::open_with_flags(resolved, flags).map(|sqlite| empty_log(&sqlite));
}

impl Connection {
    /// Runs `work`, whose statements are interrupted when they last longer than `limit`.
    pub(super) fn within<T>(&self, limit: Duration, work: impl FnOnce(&Self) -> T) -> T {
        self.watch.within(limit, || work(self))
    }
}
