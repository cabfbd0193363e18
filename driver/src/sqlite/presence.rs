//! One SQLite library per file and process.
//!
//! SQLite's locks are POSIX locks, which do not exclude the threads of one process from each other: the library keeps
//! count of them in memory. Two copies of the library in one process know nothing of each other's counts, and destroy a
//! file that both write (<https://sqlite.org/howtocorrupt.html>, section 2.2). Node.js comes to that easily: two
//! versions of a package, or a client of another maker beside this one.
//!
//! A second copy of Purlin is found by a lock on a file of the process in the folder for temporary files: that kind of
//! lock belongs to the open file and not to the process. Other libraries are found by the files that the process has
//! open, where the system lists them.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, LazyLock, Mutex, PoisonError};

use super::descriptors;
use super::file::{Identity, Log, beside, stale_log};
use super::turn::Row;
use crate::error::{Error, ErrorKind};
use crate::{origin, printable};

/// Says that this copy of the library has a file open; held by each of its connections.
#[derive(Debug)]
pub(super) struct Presence {
    file: Identity,
    state: State,
    /// Whether the connection may write.
    writable: bool,
}

/// What a connection that is closed leaves to do: SQLite copies the log into the file when the last connection of all is
/// closed, unless that one may only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Farewell {
    Nothing,
    /// It is the last of this process that may write: the log is to be copied now.
    CopyLog,
    /// It is the last of this process, it may only read, and the log could not be copied when it was to be.
    CopyLeftLog,
}

/// How far a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Opening,
    Open,
    Closing,
}

/// How many connections have a file open, and the lock that says so.
struct Held {
    /// Those that have it open, are opening it or are closing it.
    count: usize,
    /// Those that have it open, and so keep SQLite from removing its log.
    open: usize,
    /// Those that are closing it.
    closing: usize,
    /// Those of the open ones that may write.
    writable: usize,
    /// Whether the log was left with what the last of those have written.
    left_log: bool,
    /// The log that those write to.
    log: Arc<Log>,
    /// The writers among them.
    row: Arc<Row>,
    lock: Option<(File, PathBuf)>,
}

/// The files of which a connection is being closed.
static CLOSING: LazyLock<(Mutex<HashSet<Identity>>, Condvar)> = LazyLock::new(Default::default);

/// The turn of a connection to be closed. Two that are closed at once each find the lock of the other, so that neither is
/// the last and both leave the log behind.
#[derive(Debug)]
pub(super) struct ClosingTurn {
    file: Identity,
}

impl Drop for ClosingTurn {
    fn drop(&mut self) {
        let (closing, ended) = &*CLOSING;
        closing.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.file);
        ended.notify_all();
    }
}

/// Counted under one lock, from the first connection to the last: a file may be closed here and opened there at once.
static PRESENT: LazyLock<Mutex<HashMap<Identity, Held>>> = LazyLock::new(Mutex::default);

impl Presence {
    /// Announces that this copy of the library opens `file`; refuses when another of this process has it open, and when
    /// this copy has it open with another log: SQLite would use one index for both.
    ///
    /// `alone` says that this copy is the only SQLite library that should have the file open in this process: a Rust
    /// program links one library for all its crates, an addon of Node.js brings its own.
    pub(super) fn announce(resolved: &Path, file: Identity, alone: bool) -> Result<Self, Error> {
        let mut present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        let log = beside(resolved, "-wal");
        if present.iter().any(|(other, held)| *other != file && held.open > 0 && held.log.is_at(&log)) {
            // Those who have the file open that was here before still write to it.
            return Err(stale_log(resolved, resolved));
        }
        if let Some(held) = present.get_mut(&file) {
            if held.log.path != beside(resolved, "-wal") {
                if held.count > held.closing {
                    return Err(other_name(resolved));
                }
                // The file was deleted, and this one has its number now, or it has another name since: whoever had it open
                // is about to be gone.
                held.log = Arc::new(Log::of(resolved));
            }
            if held.open > 0 && !held.log.is_in_place() {
                return Err(lost_log(resolved));
            }
            held.count += 1;
            return Ok(Self { file, state: State::Opening, writable: false });
        }
        let lock = lock(resolved, file)?;
        let refused = match alone.then(|| is_open_here(file)) {
            Some(Ok(true)) => Some(foreign(resolved)),
            Some(Err(error)) => Some(error),
            Some(Ok(false)) | None => None,
        };
        if let Some(error) = refused {
            if let Some((_, path)) = &lock {
                let _ = fs::remove_file(path);
            }
            return Err(error);
        }
        present.insert(
            file,
            Held {
                count: 1,
                open: 0,
                closing: 0,
                writable: 0,
                left_log: false,
                log: Arc::new(Log::of(resolved)),
                row: Arc::default(),
                lock,
            },
        );
        Ok(Self { file, state: State::Opening, writable: false })
    }

    /// Does `work` while nobody in this process has `file` open, nor comes to open it; does nothing when somebody has it open.
    #[cfg(target_os = "linux")]
    pub(super) fn without_others(file: Identity, work: impl FnOnce()) {
        let present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        if !present.contains_key(&file) && is_open_here(file) == Ok(false) {
            work();
        }
    }

    /// The connection is open; `writable` says whether it may write. Returns the log that all connections of this copy of the library to the file write to.
    pub(super) fn opened(&mut self, resolved: &Path, writable: bool) -> Result<Arc<Log>, Error> {
        let mut present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(held) = present.get_mut(&self.file) else { return Ok(Arc::new(Log::of(resolved))) };
        if !held.log.is_in_place() {
            return Err(lost_log(resolved));
        }
        held.open += 1;
        held.writable += usize::from(writable);
        self.writable = writable;
        self.state = State::Open;
        Ok(Arc::clone(&held.log))
    }

    /// Those of this copy of the library who write the file.
    pub(super) fn row(&self) -> Arc<Row> {
        let present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        present.get(&self.file).map(|held| Arc::clone(&held.row)).unwrap_or_default()
    }

    /// Waits until no other connection of this process to the file is being closed.
    pub(super) fn closing_turn(&self) -> ClosingTurn {
        let (closing, ended) = &*CLOSING;
        let closing = closing.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = ended.wait_while(closing, |closing| closing.contains(&self.file));
        waited.unwrap_or_else(PoisonError::into_inner).insert(self.file);
        ClosingTurn { file: self.file }
    }

    /// The connection is about to be closed. As the last one it removes the log, and the next one makes another.
    pub(super) fn closes(&mut self) -> Farewell {
        let mut present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        let open = present.get_mut(&self.file).filter(|_| self.state == State::Open);
        let Some(held) = open else { return Farewell::Nothing };
        self.state = State::Closing;
        held.open -= 1;
        held.closing += 1;
        held.writable -= usize::from(self.writable);
        if held.open == 0 {
            held.log.give_up();
            held.log = Arc::new(held.log.afresh());
        }
        match (self.writable, held.writable, held.open) {
            (true, 0, _) => Farewell::CopyLog,
            (false, 0, 0) if held.left_log => Farewell::CopyLeftLog,
            _ => Farewell::Nothing,
        }
    }

    /// Says whether the log was left with something in it.
    pub(super) fn leaves_log(&self, left: bool) {
        let mut present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = present.get_mut(&self.file) {
            held.left_log = left;
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(held) = present.get_mut(&self.file) else { return };
        held.count -= 1;
        if self.state == State::Closing {
            held.closing -= 1;
        }
        if held.count > 0 {
            return;
        }
        if let Some(Held { lock: Some((_lock, path)), .. }) = present.remove(&self.file) {
            // Before the lock goes, so that nobody takes a file that is about to go.
            let _ = fs::remove_file(path);
        }
    }
}

/// Locks the file of this process for the database, in the first folder that takes it: each copy of the library in the process
/// comes to the same one. The folder of the database is the last. Where even that cannot be written, neither can the database be,
/// and `None` refuses nobody.
fn lock(path: &Path, database: Identity) -> Result<Option<(File, PathBuf)>, Error> {
    let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folders = [origin::temporary_folder(), Path::new("/dev/shm"), Path::new("/tmp"), Path::new("/var/tmp"), beside];
    lock_in_first(&folders, path, database)
}

fn lock_in_first(folders: &[&Path], path: &Path, database: Identity) -> Result<Option<(File, PathBuf)>, Error> {
    for folder in folders {
        if let Some(locked) = lock_in(folder, path, database)? {
            return Ok(Some(locked));
        }
    }
    Ok(None)
}

/// Locks the file of this process in a folder. `None` when it takes none.
fn lock_in(folder: &Path, path: &Path, database: Identity) -> Result<Option<(File, PathBuf)>, Error> {
    let space = process_space();
    remove_left_behind(folder, &space);
    let place = folder.join(format!("{PREFIX}{}-{space}-{database}{SUFFIX}", std::process::id()));
    // A few times, in case that the last owner removes the file just now.
    for _ in 0..16 {
        let file = match open_lock(&place) {
            Ok(file) => file,
            // The last owner has removed it just now, or there is no such folder.
            Err(error) if error.kind() == io::ErrorKind::NotFound && folder.is_dir() => continue,
            Err(error) if descriptors::is_exhaustion(&error) => return Err(descriptors::too_many_open()),
            Err(_) => return Ok(None),
        };
        let is_at_its_place = || {
            let identity = |file: io::Result<Metadata>| file.ok().and_then(|file| Identity::of(&file));
            identity(file.metadata()) == identity(fs::symlink_metadata(&place))
        };
        match file.try_lock() {
            Ok(()) if is_at_its_place() => {
                return Ok(Some((file, place)));
            }
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(second_copy(path)),
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    Ok(None)
}

/// Opens the file of a lock, or makes it. The folder belongs to everybody: a link that somebody has put there is not
/// followed, so that nothing is made elsewhere.
fn open_lock(place: &Path) -> io::Result<File> {
    match OpenOptions::new().create_new(true).write(true).open(place) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if !fs::symlink_metadata(place)?.is_file() {
                return Err(error);
            }
            OpenOptions::new().write(true).open(place)
        }
        made => made,
    }
}

const PREFIX: &str = "purlin-";
const SUFFIX: &str = ".lock";

/// The space in which the number of this process means one process: containers that share the folder have their own.
fn process_space() -> String {
    let space = fs::read_link("/proc/self/ns/pid").map(|space| space.to_string_lossy().into_owned());
    space.unwrap_or_default().chars().filter(char::is_ascii_digit).collect()
}

/// Removes the files of processes that are gone: one that is killed, or exits without ado, leaves its file.
fn remove_left_behind(folder: &Path, space: &str) {
    if space.is_empty() {
        // Without a list of processes nobody knows which of them are gone.
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let parts = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
        let Some((process, rest)) = parts.and_then(|parts| parts.split_once('-')) else { continue };
        let ours = rest.strip_prefix(space).is_some_and(|rest| rest.starts_with('-'));
        if ours && process.parse::<u32>().is_ok() && !Path::new("/proc").join(process).exists() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Returns whether this process has the file open, though this copy of the library does not. False where the system does not
/// list open files.
fn is_open_here(database: Identity) -> Result<bool, Error> {
    match fs::read_dir("/proc/self/fd") {
        Ok(entries) => Ok(entries.flatten().any(|entry| Identity::at(&entry.path()) == Some(database))),
        Err(error) if descriptors::is_exhaustion(&error) => Err(descriptors::too_many_open()),
        Err(_) => Ok(false),
    }
}

fn other_name(path: &Path) -> Error {
    let message = format!(
        "{} is open in this process under another name, and SQLite would keep a log for each, which destroys the file: close the client that has the other name, or use that name",
        printable::path(path)
    );
    Error::new(ErrorKind::CannotOpen, message)
}

fn lost_log(path: &Path) -> Error {
    let message = format!(
        "{path}-wal, the log of the SQLite file {path}, was deleted or replaced while it was open, and connections of this process still use it: close the other clients of this file, and try again",
        path = printable::path(path)
    );
    Error::new(ErrorKind::CannotOpen, message)
}

fn second_copy(path: &Path) -> Error {
    let message = format!(
        "another copy of Purlin in this process has {} open, and two would destroy the file: install one version only (`npm ls purlin` lists the copies)",
        printable::path(path)
    );
    Error::new(ErrorKind::CannotOpen, message)
}

fn foreign(path: &Path) -> Error {
    let libraries = other_libraries();
    let named = if libraries.is_empty() { String::new() } else { format!(" ({})", libraries.join(", ")) };
    let message = format!(
        "something else in this process{named} has {} open, and two SQLite libraries in one process would destroy the file: close the other before this client opens it (`purlin doctor` helps to find it)",
        printable::path(path)
    );
    Error::new(ErrorKind::CannotOpen, message)
}

/// The modules of this process that are SQLite libraries by their names.
fn other_libraries() -> Vec<String> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let mut names: Vec<String> = maps
        .lines()
        .filter_map(|line| Path::new(line.split_whitespace().nth(5)?).file_name()?.to_str().map(str::to_owned))
        .filter(|name| name.contains("sqlite") || name.contains("libsql"))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_copy_is_found_where_the_folder_for_temporary_files_is_not_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("x.db");
        fs::write(&file, "").expect("a file");
        let identity = Identity::at(&file).expect("it is there");
        let folders = [Path::new("/nowhere/at/all"), folder.path()];
        let first = lock_in_first(&folders, &file, identity).expect("the first").expect("a place");
        assert!(first.1.starts_with(folder.path()));
        let error = lock_in_first(&folders, &file, identity).expect_err("a second one");
        assert!(error.to_string().contains("another copy of Purlin"), "{error}");
    }
}
