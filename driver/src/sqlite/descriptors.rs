//! What to say when the process, or the system, has no descriptor left for another file.
//!
//! SQLite reports that a file cannot be opened, whatever the reason is.

use std::fs::File;
use std::io;

use crate::error::{Error, ErrorKind};

/// The descriptors that opening a connection takes: the file, its log, the index of that, our lock, and for a moment the
/// folder and a list.
const NEEDED: usize = 8;

/// The error of a file that could not be opened, when the reason is that there are no descriptors left.
pub(super) fn exhausted() -> Option<Error> {
    // Not the file of the database: closing that again would drop the locks of SQLite.
    let mut open = Vec::with_capacity(NEEDED);
    for _ in 0..NEEDED {
        match File::open(NOTHING) {
            Ok(file) => open.push(file),
            Err(error) => return is_exhaustion(&error).then(too_many_open),
        }
    }
    None
}

#[cfg(unix)]
const NOTHING: &str = "/dev/null";
#[cfg(not(unix))]
const NOTHING: &str = "NUL";

/// Returns whether the process has as many files open as it may, or all processes together have.
pub(super) fn is_exhaustion(error: &io::Error) -> bool {
    // EMFILE and ENFILE have the same numbers on all systems of the kind of Unix.
    let codes: &[i32] = if cfg!(windows) { &[4] } else { &[24, 23] };
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

pub(super) fn too_many_open() -> Error {
    let message = "no connection can be opened, since the process or the system has too many files and sockets open; nothing was done: try again later, close what is not needed, lower `connection_limit`, or raise the limit (`ulimit -n`)";
    Error::new(ErrorKind::Queue, message)
}
