//! What a process is asked for once, when its first database is opened, on the thread of whoever opens it.
//!
//! The environment: JavaScript changes it with `setenv`, which moves it while another thread reads. So no thread of a pool
//! reads it, neither by itself nor through SQLite.
//!
//! The number of the process: its threads are not in a process that is forked from it, and what is queued there would wait for ever.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::error::{Error, ErrorKind};

struct Origin {
    temporary: PathBuf,
    process: u32,
}

static ORIGIN: OnceLock<Origin> = OnceLock::new();

fn origin() -> &'static Origin {
    ORIGIN.get_or_init(|| Origin { temporary: std::env::temp_dir(), process: std::process::id() })
}

/// Asks for it now.
pub(crate) fn note() {
    origin();
}

/// The folder for temporary files.
pub(crate) fn temporary_folder() -> &'static Path {
    &origin().temporary
}

/// The error of a process that was forked from the one that opened the first database.
pub(crate) fn forked() -> Option<Error> {
    is_other(std::process::id())
}

fn is_other(process: u32) -> Option<Error> {
    (process != origin().process).then(|| {
        Error::new(
            ErrorKind::Closed,
            "this process was forked from one that had opened a database, whose threads it does not have: start another program instead of forking, or fork before the first client is opened",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_no_fork() {
        note();
        assert_eq!(forked(), None);
        let error = is_other(std::process::id() + 1).expect("another process");
        assert!(error.is_connection_error() && error.to_string().contains("forked"), "{error}");
    }
}
