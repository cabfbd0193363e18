//! The folder for SQLite's temporary files, told once: otherwise SQLite reads the environment on the thread that makes one.

use std::path::PathBuf;
use std::sync::Once;

use rusqlite::Connection;

use crate::origin;

/// The variables that SQLite takes the folder from, in its order. Source: <https://sqlite.org/tempfiles.html>, section 5.
const VARIABLES: [&str; 2] = ["SQLITE_TMPDIR", "TMPDIR"];
/// The folders that it takes otherwise.
const FOLDERS: [&str; 3] = ["/var/tmp", "/usr/tmp", "/tmp"];

/// Reads what of the environment the threads of a pool need, which do not read it from then on. It is for programs in which
/// other code than Rust changes the environment: JavaScript does, and moves it while another thread reads.
pub fn read_environment() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        origin::note();
        let given = VARIABLES.iter().filter_map(|name| std::env::var_os(name).map(PathBuf::from));
        let folders = given.chain(FOLDERS.map(PathBuf::from)).filter(|folder| folder.is_dir());
        let Ok(connection) = Connection::open_in_memory() else { return };
        for folder in folders {
            // It is SQLite's for all connections. One that cannot be written is refused, and the next one tried.
            if connection.pragma_update(None, "temp_store_directory", folder.to_string_lossy()).is_ok() {
                break;
            }
        }
    });
}
