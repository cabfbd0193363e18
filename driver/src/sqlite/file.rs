//! The file of a database: which one it is, and whether it still is the one that was opened.

use std::fmt;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::error::{Error, Kind};
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

/// Whether several paths are names of the file, each of which SQLite would write a log of its own for.
#[cfg(unix)]
pub(super) fn has_several_names(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.nlink() > 1)
}

#[cfg(not(unix))]
pub(super) fn has_several_names(_: &Path) -> bool {
    false
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.device, self.inode)
    }
}

/// SQLite starts the log over at about 4 MiB, unless readers are in the way.
const LARGE_LOG: u64 = 64 << 20;

/// The file of a pool, looked at again and again: writes to a file that was deleted or replaced would be acknowledged
/// and lost.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    pub(super) path: PathBuf,
    log: PathBuf,
    opened: Mutex<Opened>,
    /// When it was last looked at, in milliseconds since the pool was made.
    looked: AtomicU64,
    since: Instant,
    /// Changes when the file does; connections of an earlier one are closed.
    generation: AtomicU64,
}

#[derive(Debug, Default)]
struct Opened {
    database: Option<Identity>,
    /// The write-ahead log, which lies beside the file under a name of its own.
    log: Option<Identity>,
    /// The log of a file that was replaced. SQLite would take it for the new file's and destroy that one.
    stale: Option<Identity>,
}

impl DatabaseFile {
    pub(super) fn new(path: PathBuf) -> Self {
        let mut log = path.clone().into_os_string();
        log.push("-wal");
        Self {
            path,
            log: log.into(),
            opened: Mutex::default(),
            looked: AtomicU64::new(0),
            since: Instant::now(),
            generation: AtomicU64::new(0),
        }
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    /// Whether the write-ahead log has grown far beyond the size at which it is started over.
    pub(super) fn is_log_large(&self) -> bool {
        fs::metadata(&self.log).is_ok_and(|log| log.len() > LARGE_LOG)
    }

    /// Called before a connection is opened.
    pub(super) fn before_open(&self) -> Result<(), Error> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stale) = opened.stale {
            // Where there is no file at all, that is what is said.
            if self.path.exists() {
                if Identity::at(&self.log) == Some(stale) {
                    return Err(self.stale_log());
                }
                opened.stale = None;
            }
        }
        Ok(())
    }

    /// Called when a connection is open.
    pub(super) fn after_open(&self) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.database = Identity::at(&self.path);
        opened.log = Identity::at(&self.log);
    }

    /// [`Self::check`], at most once per second.
    pub(super) fn check_sometimes(&self) -> Result<(), Error> {
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let last = self.looked.load(Ordering::Relaxed);
        if now.saturating_sub(last) < 1_000 {
            return Ok(());
        }
        self.looked.store(now, Ordering::Relaxed);
        self.check()
    }

    /// Fails when the file is gone, and has connections closed when it is another.
    pub(super) fn check(&self) -> Result<(), Error> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = opened.database else { return Ok(()) };
        let found = Identity::at(&self.path);
        if found == Some(known) {
            return Ok(());
        }
        self.generation.fetch_add(1, Ordering::Relaxed);
        let log = opened.log.filter(|log| Identity::at(&self.log) == Some(*log));
        *opened = Opened { stale: log, ..Opened::default() };
        match found {
            None => {
                let message = format!(
                    "the SQLite file {} was deleted or moved while it was open: nothing was written; put it back, or create it again with `purlin migrate deploy`",
                    printable::path(&self.path)
                );
                Err(Error::new(Kind::CannotOpen, message))
            }
            Some(_) if log.is_some() => Err(self.stale_log()),
            Some(_) => Ok(()),
        }
    }

    fn stale_log(&self) -> Error {
        let message = format!(
            "the SQLite file {path} was replaced while it was open, and {path}-wal belongs to the file before it: move {path}-wal and {path}-shm away, or put the first file back, and try again",
            path = printable::path(&self.path)
        );
        Error::new(Kind::CannotOpen, message)
    }
}
