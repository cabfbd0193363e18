//! A database that is read where nothing is shared with those that write it: in a folder that is not writable there is no
//! place for the index of the log, and beside a file that is only read, and that nobody has open, none is made. SQLite
//! reads such a file only when it is told that nobody changes it.
//!
//! Nobody can promise that, so it is looked at before and after each read. What was read while the file changed is thrown
//! away, and read again on another connection.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use super::file::{Identity, beside};

/// The state of a database file and of the files beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Snapshot {
    path: PathBuf,
    database: Option<State>,
    log: Option<State>,
    journal: Option<State>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    identity: Option<Identity>,
    length: u64,
    modified: Option<SystemTime>,
}

/// Why a file cannot be read as one that nobody changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsettled {
    /// Its log holds rows that are not in the file.
    Log,
    /// A transaction is not over: its journal undoes what it has written.
    Journal,
    /// It changed while it was opened.
    Changed,
}

/// Changes within less may leave the time of a file as it was.
const CLOCK_OF_FILES: Duration = Duration::from_millis(20);

impl Snapshot {
    /// Takes the state, once it is old enough for the next change to show.
    pub(super) fn take(path: &Path) -> Self {
        let taken = Self::now(path);
        let modified = taken.database.as_ref().and_then(|state| state.modified);
        if let Some(age) = modified.and_then(|modified| modified.elapsed().ok())
            && let Some(left) = CLOCK_OF_FILES.checked_sub(age)
        {
            thread::sleep(left);
            return Self::now(path);
        }
        taken
    }

    fn now(path: &Path) -> Self {
        let state = |path: &Path| fs::metadata(path).ok().map(|file| State::of(&file));
        Self {
            path: path.to_owned(),
            database: state(path),
            log: state(&beside(path, "-wal")),
            journal: state(&beside(path, "-journal")),
        }
    }

    pub(super) fn is_current(&self) -> bool {
        *self == Self::now(&self.path)
    }

    /// Returns whether nobody has a log of the file open that others could share.
    pub(super) fn has_no_log(path: &Path) -> bool {
        let log = fs::metadata(beside(path, "-wal"));
        log.map_or(true, |log| log.len() == 0 && !beside(path, "-shm").exists())
    }

    /// Returns what says that the file by itself is not the database.
    pub(super) fn unsettled(path: &Path) -> Option<Unsettled> {
        if fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0) {
            return Some(Unsettled::Log);
        }
        is_hot(&beside(path, "-journal")).then_some(Unsettled::Journal)
    }
}

impl State {
    fn of(file: &Metadata) -> Self {
        Self { identity: Identity::of(file), length: file.len(), modified: file.modified().ok() }
    }
}

/// Returns whether a rollback journal holds anything. Some modes of SQLite leave an empty one, or one with zeros for its
/// header.
fn is_hot(journal: &Path) -> bool {
    let Ok(file) = fs::metadata(journal) else { return false };
    let mut start = [0];
    let read = File::open(journal).and_then(|mut journal| journal.read_exact(&mut start));
    file.len() > 0 && (read.is_err() || start != [0])
}
