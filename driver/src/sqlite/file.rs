//! The file of a database: which one it is, and whether it still is the one that was opened.

use std::fmt;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Instant, SystemTime};

use crate::error::{Error, ErrorKind, Meta};
use crate::printable;

/// What a file is, whatever path leads to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// `None` when there is no file, or the system has no such numbers.
    pub(super) fn at(path: &Path) -> Option<Self> {
        Self::of(&fs::metadata(path).ok()?)
    }

    /// The same of a symbolic link itself.
    pub(super) fn itself(path: &Path) -> Option<Self> {
        Self::of(&fs::symlink_metadata(path).ok()?)
    }

    #[cfg(unix)]
    pub(super) fn of(file: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self { device: file.dev(), inode: file.ino() })
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &Metadata) -> Option<Self> {
        None
    }
}

/// Returns whether several paths are names of the file, each of which SQLite would write a log of its own for.
pub(super) fn has_several_names(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && names_of(&file) > 1)
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.device, self.inode)
    }
}

/// SQLite starts the log over at about 4 MiB, unless readers are in the way.
const LARGE_LOG: u64 = 64 << 20;

/// The write-ahead log of an open file. One value is shared by all connections of the process that have the file open:
/// they share the index of the log too, so they must never write to different logs.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) path: PathBuf,
    index_path: PathBuf,
    /// Set as soon as the log exists.
    log: OnceLock<Identity>,
    index: OnceLock<Identity>,
    /// Whether it was once found to be gone or to be another file. It stays so until all connections are closed.
    lost: AtomicBool,
    /// Whether the last connection that had it open is closed, or is about to be: SQLite removes the log with it.
    given_up: AtomicBool,
}

impl Log {
    /// The log of the file at `resolved`, a path without symbolic links: SQLite puts it beside the file, not beside a
    /// link to it.
    pub(super) fn of(resolved: &Path) -> Self {
        Self::at(beside(resolved, "-wal"), beside(resolved, "-shm"))
    }

    /// The next log at the same place.
    pub(super) fn afresh(&self) -> Self {
        Self::at(self.path.clone(), self.index_path.clone())
    }

    fn at(path: PathBuf, index_path: PathBuf) -> Self {
        Self {
            path,
            index_path,
            log: OnceLock::new(),
            index: OnceLock::new(),
            lost: AtomicBool::new(false),
            given_up: AtomicBool::new(false),
        }
    }

    /// Called before the last connection is closed that has it open: from now on it may be gone by right.
    pub(super) fn give_up(&self) {
        self.given_up.store(true, Ordering::Release);
    }

    fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Acquire)
    }

    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Returns whether the log that the connections write to is still the one beside the file.
    pub(super) fn is_in_place(&self) -> bool {
        if self.is_lost() {
            return false;
        }
        let found = Identity::at(&self.path);
        let known = match (self.log.get(), found) {
            (Some(known), _) => *known,
            // A database that does not write ahead has no log.
            (None, None) => return true,
            (None, Some(found)) => {
                if let Some(index) = Identity::at(&self.index_path) {
                    self.index.get_or_init(|| index);
                }
                *self.log.get_or_init(|| found)
            }
        };
        // Without its index, others who open the file make another, and know nothing of the locks of this process.
        let in_place =
            found == Some(known) && self.index.get().is_none_or(|index| Identity::at(&self.index_path) == Some(*index));
        if !in_place {
            self.lost.store(true, Ordering::Relaxed);
        }
        in_place
    }

    /// Returns whether the connections have a log, and it is at `path`.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        self.path == path && self.log.get().is_some_and(|log| Identity::at(path) == Some(*log))
    }

    /// Returns whether the log is where it was, whatever became of the index.
    fn stays(&self) -> bool {
        self.log.get().is_none_or(|log| Identity::at(&self.path) == Some(*log))
    }

    /// Returns whether a lost log can still be copied into the database: nobody else has opened the file since. Another
    /// process would have made a log, or, as the last to close the file, removed the index.
    fn can_be_saved(&self) -> bool {
        Identity::at(&self.path).is_none()
            && self.index.get().is_some_and(|index| Identity::at(&self.index_path) == Some(*index))
    }
}

/// The path of a file that SQLite keeps beside the database.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What stands at the place of a file that SQLite keeps beside the database and is none.
pub(super) fn strange_beside(path: &Path) -> Option<PathBuf> {
    let is_strange = |path: &PathBuf| fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    ["-journal", "-wal", "-shm"].map(|suffix| beside(path, suffix)).into_iter().find(is_strange)
}

/// The files that the connections of a pool have open.
#[derive(Debug)]
pub(super) struct OpenFiles {
    /// As the URL says it; it may lead through symbolic links.
    pub(super) path: PathBuf,
    /// The same without symbolic links.
    pub(super) resolved: PathBuf,
    /// `None` where the system does not number files.
    pub(super) database: Option<Identity>,
    /// When the database file was made, where the system knows.
    pub(super) created: Option<SystemTime>,
    pub(super) log: Arc<Log>,
    since: Instant,
    /// When they were last found in place, in microseconds.
    looked: AtomicU64,
}

/// A write that takes less is looked at before and after it, not once more in between: a look costs two calls of the
/// system, about two microseconds.
const QUICK_WRITE_MICROS: u64 = 1_000;

impl OpenFiles {
    /// The files of a database that is open as the file of `metadata`.
    pub(super) fn new(path: PathBuf, resolved: PathBuf, metadata: &Metadata, log: Arc<Log>) -> Self {
        Self {
            path,
            resolved,
            database: Identity::of(metadata),
            created: metadata.created().ok(),
            log,
            since: Instant::now(),
            looked: AtomicU64::new(0),
        }
    }

    /// Returns whether a path still leads to the database, and the log of the connections lies beside it.
    pub(super) fn are_in_place(&self) -> bool {
        let in_place = self.is_database_in_place() && self.log.is_in_place();
        if in_place {
            self.looked.store(self.micros(), Ordering::Relaxed);
        }
        in_place
    }

    /// The same for a write that was looked at when it began.
    pub(super) fn are_in_place_still(&self) -> bool {
        let since_last = self.micros().saturating_sub(self.looked.load(Ordering::Relaxed));
        !self.log.is_lost() && (since_last < QUICK_WRITE_MICROS || self.are_in_place())
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Fails when what was just committed may have gone to a file or a log that nobody finds again.
    pub(super) fn check_written(&self) -> Result<(), Error> {
        if self.are_in_place() {
            return Ok(());
        }
        let message = format!(
            "the SQLite file {} or its log {} was deleted, moved or replaced during the write, which may or may not stand: look before you write again",
            printable::path(&self.path),
            printable::path(&self.log.path)
        );
        Err(Error::new(ErrorKind::OutcomeUnknown, message).with("outcome", Meta::Text("unknown".to_owned())))
    }

    fn are_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.log, &other.log) && self.database == other.database && self.resolved == other.resolved
    }

    /// The file that has taken the place of the database, and so lies beside its log.
    pub(super) fn successor(&self) -> Option<Identity> {
        let found = fs::symlink_metadata(&self.resolved).ok().filter(Metadata::is_file)?;
        Identity::of(&found).filter(|found| Some(*found) != self.database && self.log.is_at(&self.log.path))
    }

    /// Returns whether a lost log can still be copied into the database.
    pub(super) fn can_save_log(&self) -> bool {
        Identity::itself(&self.resolved) == self.database && self.log.can_be_saved()
    }

    fn is_database_in_place(&self) -> bool {
        // The file itself, not what a link at its place leads to: the log would be looked for beside that.
        self.database.is_none()
            || Identity::itself(&self.resolved) == self.database
                && (self.resolved == self.path || Identity::at(&self.path) == self.database)
    }
}

/// The file of a pool, looked at again and again: writes to a file or a log that was deleted or replaced would be
/// acknowledged and lost.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    pub(super) path: PathBuf,
    opened: Mutex<Opened>,
    /// When it was last looked at, in milliseconds since the pool was made.
    looked: AtomicU64,
    since: Instant,
    /// Changes when the file does; connections of an earlier one are closed.
    generation: AtomicU64,
    /// Whether the files of the connections were found to be displaced, and some of those may still be open.
    displaced: AtomicBool,
    /// Whether somebody has written the file while a connection read it that shares nothing with those who write.
    changes_while_read: AtomicBool,
}

#[derive(Debug, Default)]
struct Opened {
    /// Nothing when no connection is open: the last to be closed removes the log.
    current: Weak<OpenFiles>,
    /// The file that was moved, deleted or replaced, while its log stayed.
    gone: Option<Gone>,
    /// Whether its log holds writes that the file does not.
    needs_log: bool,
}

/// A file that is gone, and its log. SQLite would take the log for the one of the next file of this name, and destroy
/// that one.
#[derive(Debug)]
struct Gone {
    database: Option<Identity>,
    /// When the file was made: a number of a file is given again when the file is deleted.
    created: Option<SystemTime>,
    log: Identity,
    /// Where the log stayed.
    left: PathBuf,
    /// When the log was made, for the same reason.
    log_created: Option<SystemTime>,
}

impl DatabaseFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            opened: Mutex::default(),
            looked: AtomicU64::new(0),
            since: Instant::now(),
            generation: AtomicU64::new(0),
            displaced: AtomicBool::new(false),
            changes_while_read: AtomicBool::new(false),
        }
    }

    pub(super) fn changes_while_read(&self) -> bool {
        self.changes_while_read.load(Ordering::Relaxed)
    }

    /// Has the connections that are opened from now on share the file with those that write it, if they can, also when
    /// nobody has a log of it open just then: what is read meanwhile would be read again and again.
    pub(super) fn note_change_while_read(&self) {
        self.changes_while_read.store(true, Ordering::Relaxed);
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Has each connection closed before it is used again.
    pub(super) fn retire_connections(&self) {
        self.changes_while_read.store(false, Ordering::Relaxed);
        self.generation.fetch_add(1, Ordering::Release);
    }

    /// Returns whether the file or its log was displaced, and all connections have to be closed before one is opened.
    pub(super) fn is_displaced(&self) -> bool {
        self.displaced.load(Ordering::Acquire)
    }

    /// All connections to the displaced files are closed.
    pub(super) fn displaced_is_closed(&self) {
        self.displaced.store(false, Ordering::Release);
    }

    /// Fails when writes that were acknowledged went down with the log of displaced files. Called before the last of their
    /// connections is closed; `is_whole` tells whether the database holds all that its log does.
    pub(super) fn check_losses(&self, files: &OpenFiles, is_whole: impl FnOnce() -> bool) -> Result<(), Error> {
        let log = files.log.log.get().copied();
        if is_whole() || log.is_none() {
            return Ok(());
        }
        if Identity::itself(&files.resolved) == files.database {
            // The file is in its place, whether the path still leads to it or not; if the log is, it is found there.
            return if Identity::at(&files.log.path) == log { Ok(()) } else { Err(writes_lost(&files.resolved)) };
        }
        match self.path.canonicalize() {
            // The file has another name, and the path leads there.
            Ok(resolved) if Identity::at(&resolved) == files.database => {
                if Identity::at(&beside(&resolved, "-wal")) == log {
                    return Ok(());
                }
                if Identity::at(&files.log.path) == log {
                    self.lock().needs_log = true;
                    return Ok(());
                }
                Err(writes_lost(&files.resolved))
            }
            // Another file has its place.
            Ok(_) => Ok(()),
            // It may be somewhere, and so may its log.
            Err(_) if has_no_name(log) && !has_no_name(files.database) => Err(writes_lost(&files.resolved)),
            Err(_) => Ok(()),
        }
    }

    /// Returns whether the write-ahead log has grown far beyond the size at which it is started over.
    pub(super) fn is_log_large(&self) -> bool {
        let opened = self.lock();
        let current = opened.current.upgrade();
        current.is_some_and(|current| fs::metadata(&current.log.path).is_ok_and(|log| log.len() > LARGE_LOG))
    }

    /// Called before a connection is opened.
    pub(super) fn before_open(&self) -> Result<(), Error> {
        let mut opened = self.lock();
        let Some(gone) = &opened.gone else { return Ok(()) };
        // Where there is no file at all, that is what is said.
        let Ok(resolved) = self.path.canonicalize() else { return Ok(()) };
        if gone.threatens(&resolved) {
            return Err(stale_log(&self.path, &resolved));
        }
        if opened.needs_log
            && let Some(left) = gone.is_missing_at(&resolved)
        {
            return Err(left_log(&resolved, left));
        }
        opened.gone = None;
        Ok(())
    }

    /// Called when a connection is open. Returns its files, as all connections of a generation share them, and the
    /// generation.
    pub(super) fn after_open(&self, files: OpenFiles) -> (Arc<OpenFiles>, u64) {
        let mut opened = self.lock();
        let current = match opened.current.upgrade() {
            Some(current) if current.are_same(&files) => current,
            other => {
                if other.is_some() {
                    self.generation.fetch_add(1, Ordering::Relaxed);
                }
                Arc::new(files)
            }
        };
        opened.current = Arc::downgrade(&current);
        (current, self.generation())
    }

    /// [`Self::check`], at most once per second.
    pub(super) fn check_sometimes(&self) -> Result<(), Error> {
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let last = self.looked.load(Ordering::Acquire);
        if now.saturating_sub(last) < 1_000 {
            return Ok(());
        }
        let checked = self.check();
        // Afterwards: whoever reads this to be recent goes on with the file as it was found.
        self.looked.store(now, Ordering::Release);
        checked
    }

    /// Fails when the file is gone, and has connections closed when it or its log is another.
    pub(super) fn check(&self) -> Result<(), Error> {
        let mut opened = self.lock();
        let Some(current) = opened.current.upgrade().filter(|current| !current.are_in_place()) else { return Ok(()) };
        opened.current = Weak::new();
        // Asked after the look: another thread may just have closed the last connection, whose files no longer matter, and
        // the log went with it.
        if current.log.is_given_up() && current.is_database_in_place() {
            return Ok(());
        }
        let resolved = self.path.canonicalize();
        let leads_elsewhere = resolved.as_ref().is_ok_and(|resolved| Identity::at(resolved) != current.database);
        let is_in_place = current.is_database_in_place();
        let gone = if is_in_place { None } else { Gone::of(&current) };
        let threatens = |resolved: &PathBuf| gone.as_ref().is_some_and(|gone| gone.threatens(resolved));
        if !leads_elsewhere || !current.log.stays() || resolved.as_ref().is_ok_and(threatens) {
            // First, so that whoever sees another generation knows why. Where the path leads to another file, and the log is
            // where it was, nothing is lost and nothing is shared: who still runs there keeps nobody from the other file.
            // Unless that has taken the place of this one, and so lies beside the log.
            self.displaced.store(true, Ordering::Release);
        }
        self.generation.fetch_add(1, Ordering::Release);
        if is_in_place {
            return Ok(());
        }
        opened.gone = gone;
        opened.needs_log = false;
        // A log that lies beside another file is taken away with the last connection, or keeps that from being opened.
        resolved.map(drop).map_err(|_| self.moved_away())
    }

    /// There is no file where the one that was open has been.
    pub(super) fn moved_away(&self) -> Error {
        let message = format!(
            "the SQLite file {} was deleted or moved while it was open: nothing was written; put it back, with its `-wal` if that was moved as well, or create it again with `purlin migrate deploy`",
            printable::path(&self.path)
        );
        Error::new(ErrorKind::CannotOpen, message)
    }

    fn lock(&self) -> MutexGuard<'_, Opened> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gone {
    /// `None` when the log did not stay.
    fn of(files: &OpenFiles) -> Option<Self> {
        let log = *files.log.log.get()?;
        let left = files.log.path.clone();
        // The connections still have it open, so that no other file has its number yet.
        let found = fs::metadata(&left).ok().filter(|found| Identity::of(found) == Some(log))?;
        let log_created = found.created().ok();
        Some(Self { database: files.database, created: files.created, log, left, log_created })
    }

    /// Returns whether the log that stayed lies beside another file than its own.
    fn threatens(&self, resolved: &Path) -> bool {
        !self.is_at(resolved) && self.is_log_at(&beside(resolved, "-wal"))
    }

    /// Returns whether this is the log that stayed, and not another that has its number now that it is deleted.
    fn is_log_at(&self, path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|found| {
            let is_as_old = match (self.log_created, found.created()) {
                (Some(before), Ok(now)) => before == now,
                // Nobody knows; it is not likely that somebody has moved it.
                _ => path == self.left,
            };
            is_as_old && Identity::of(&found) == Some(self.log)
        })
    }

    /// Returns where the log stayed when the file has another name than it.
    fn is_missing_at(&self, resolved: &Path) -> Option<&Path> {
        let left = self.is_at(resolved) && self.left != beside(resolved, "-wal") && self.is_log_at(&self.left);
        left.then_some(&*self.left)
    }

    /// Returns whether this is the file that was gone.
    fn is_at(&self, path: &Path) -> bool {
        self.database.is_some()
            && self.created.is_some()
            && fs::metadata(path)
                .is_ok_and(|file| Identity::of(&file) == self.database && file.created().ok() == self.created)
    }
}

/// Returns whether a file that this process has open was deleted; false where the system does not list open files.
fn has_no_name(file: Option<Identity>) -> bool {
    let Some(file) = file else { return false };
    let entries = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    let open = entries.filter_map(|entry| fs::metadata(entry.path()).ok());
    open.filter(|metadata| Identity::of(metadata) == Some(file)).any(|metadata| names_of(&metadata) == 0)
}

#[cfg(unix)]
fn names_of(file: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    file.nlink()
}

#[cfg(not(unix))]
fn names_of(_: &Metadata) -> u64 {
    1
}

/// The file that was open before had a log, which SQLite would apply to this one.
pub(super) fn stale_log(path: &Path, resolved: &Path) -> Error {
    let message = format!(
        "the SQLite file {} was replaced while it was open, and {file}-wal belongs to the file before it: move {file}-wal and {file}-shm away, or put the first file back, and try again",
        printable::path(path),
        file = printable::path(resolved)
    );
    Error::new(ErrorKind::CannotOpen, message)
}

/// Writes that were acknowledged went down with a log.
fn writes_lost(resolved: &Path) -> Error {
    let message = format!(
        "{path}-wal, the log of the SQLite file {path}, was deleted, moved or replaced while it was open, and with it the last writes that had been acknowledged: nothing was written now; put the log back, look at the database, or restore a backup, before you write again",
        path = printable::path(resolved)
    );
    Error::new(ErrorKind::CannotOpen, message)
}

/// The log of a file that has another name now is where it was.
fn left_log(resolved: &Path, left: &Path) -> Error {
    let message = format!(
        "the SQLite file {file} was moved there while it was open, and {left}, its log with the last writes, was left behind: move the log to {file}-wal and try again",
        file = printable::path(resolved),
        left = printable::path(left)
    );
    Error::new(ErrorKind::CannotOpen, message)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::options::{Options, QueryOptions};
    use crate::sqlite::SqliteOptions;
    use crate::sqlite::connection::{Connection, Role};

    struct Database {
        file: DatabaseFile,
        options: QueryOptions,
        _folder: tempfile::TempDir,
    }

    impl Database {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let sqlite = SqliteOptions { create: true, ..SqliteOptions::default() };
            let options = Options { sqlite, ..Options::default() }.of_queries();
            Self { file: DatabaseFile::new(folder.path().join("test.db")), options, _folder: folder }
        }

        /// Opens a connection and makes the log. Whoever looks at the files keeps what is returned beside it.
        fn open(&self) -> (Connection, Arc<OpenFiles>) {
            let connection = Connection::open(&self.file, &self.options, Role::Writer).expect("the file is opened");
            let sql = "CREATE TABLE IF NOT EXISTS t (i); INSERT INTO t VALUES (1)";
            connection.sqlite.execute_batch(sql).expect("the log is made");
            self.file.check().expect("the file is there");
            let files = Arc::clone(connection.files.as_ref().expect("it is a file"));
            assert!(files.log.log.get().is_some(), "the log is known");
            (connection, files)
        }

        fn log(&self) -> PathBuf {
            beside(&self.file.path, "-wal")
        }
    }

    #[test]
    fn a_log_that_goes_with_the_last_connection_is_not_displaced() {
        let database = Database::new();
        // Another thread looks at the files while they are closed here.
        let (connection, files) = database.open();
        drop(connection);
        assert!(!database.log().exists(), "the last connection has removed it");
        let generation = database.file.generation();
        database.file.check().expect("nothing was moved");
        assert!(!database.file.is_displaced());
        assert_eq!(database.file.generation(), generation, "no connection needs to be closed");
        drop(files);
        // The same when others have made a log meanwhile.
        let (connection, files) = database.open();
        drop(connection);
        let other = rusqlite::Connection::open(&database.file.path).expect("the file is there");
        other.execute_batch("INSERT INTO t VALUES (2)").expect("a log of its own");
        assert!(database.log().exists());
        database.file.check().expect("nothing was moved");
        assert!(!database.file.is_displaced());
        drop((files, other));
        // The same when this process has opened the file again, and looks at the files of before.
        let (connection, files) = database.open();
        drop(connection);
        let (again, _) = database.open();
        database.file.check().expect("nothing was moved");
        assert!(!database.file.is_displaced());
        drop((files, again));
    }

    #[test]
    fn a_log_that_goes_while_a_connection_is_open_is_displaced() {
        let database = Database::new();
        let (first, _) = database.open();
        let (second, _) = database.open();
        // One connection is left, so the log is not given up.
        drop(first);
        std::fs::remove_file(database.log()).expect("the log is there");
        database.file.check().expect("the file itself is there");
        assert!(database.file.is_displaced());
        drop(second);
        // The file was replaced while the last connection was closed.
        let database = Database::new();
        let (connection, files) = database.open();
        drop(connection);
        std::fs::rename(&database.file.path, beside(&database.file.path, "-moved")).expect("the file is there");
        database.file.check().expect_err("there is no file");
        drop(files);
    }

    #[test]
    #[allow(clippy::unwrap_used, reason = "a test that panics fails, which is its purpose")]
    fn a_log_that_has_the_number_of_a_deleted_one_belongs_to_its_own_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["v1.db", "v1.db-wal", "v2.db", "v2.db-wal"] {
            fs::write(at(name), name).unwrap();
        }
        let (database, created) = (Identity::at(&at("v1.db")), fs::metadata(at("v1.db")).unwrap().created().ok());
        let gone = |log: &str, log_created: Option<SystemTime>| Gone {
            database,
            created,
            log: Identity::at(&at(log)).unwrap(),
            left: at("v1.db-wal"),
            log_created,
        };
        let made = |name: &str| fs::metadata(at(name)).unwrap().created().ok();
        // The log itself, which somebody has moved beside the next file.
        assert!(gone("v2.db-wal", made("v2.db-wal")).threatens(&at("v2.db")) || made("v2.db-wal").is_none());
        // The number is that of the log before it, and was given again.
        assert!(!gone("v2.db-wal", Some(SystemTime::UNIX_EPOCH)).threatens(&at("v2.db")));
        // Where the system does not know when a file was made, its place tells.
        assert!(!gone("v2.db-wal", None).threatens(&at("v2.db")));
        fs::rename(at("v2.db"), at("v1.db")).unwrap();
        assert!(gone("v1.db-wal", None).threatens(&at("v1.db")));
        assert!(gone("v1.db-wal", made("v1.db-wal")).threatens(&at("v1.db")));
        assert!(
            !gone("v1.db-wal", Some(SystemTime::UNIX_EPOCH)).threatens(&at("v1.db")) || made("v1.db-wal").is_none()
        );
    }
}
