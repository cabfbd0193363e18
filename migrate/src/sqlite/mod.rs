//! SQLite.
//!
//! SQLite changes little of a table in place, so most changes rebuild it: a new table, the rows copied over column by
//! column, the old one dropped, the new one renamed. [`plan`] does natively what SQLite can, [`apply`] runs a script and
//! its record as one transaction with the guards that the procedure needs.

pub mod apply;
mod create;
mod evidence;
pub mod introspect;
mod lower;
pub mod plan;
mod render;
mod script;
mod spelling;
mod statement;
mod unwritten;
mod values;

use std::time::Duration;

pub(crate) use evidence::{unreadable, values};
pub use lower::lower;
pub use script::owned;
pub(crate) use script::rebuilt;
pub(crate) use spelling::Spelling;
pub(crate) use unwritten::refuse;

use crate::Error;

/// How long to wait for another writer.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the file that a URL names, and makes it where it does not exist.
pub(crate) fn open(url: &str) -> Result<rusqlite::Connection, Error> {
    let Some(path) = path(url) else {
        // Other databases' addresses hold passwords, so no more than the scheme is said.
        let scheme = url.split_once(':').map_or("it", |(scheme, _)| scheme);
        return Err(Error::database(format!(
            "the schema is for SQLite, but the database URL is not that of a file ({scheme}: ..)"
        ))
        .with_remedy("write the URL as file:./dev.db, or set the provider of the datasource"));
    };
    if path == ":memory:" {
        return open_in_memory();
    }
    let file = std::path::Path::new(path);
    // A folder is not made: a mistyped path would look like an empty database.
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(Error::database(format!(
            "cannot make the database {path}: there is no folder {}",
            folder.display()
        ))
        .with_remedy("make the folder, or mend the database's URL"));
    }
    // A path is a path here: without SQLITE_OPEN_URI, `?` and `%` in it have no meaning.
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_CREATE;
    let connection = rusqlite::Connection::open_with_flags(file, flags)
        .map_err(|error| Error::database(format!("cannot open the SQLite file {path}: {error}")))?;
    prepare(connection)
}

/// A database that ends with the connection: where a history is replayed.
pub(crate) fn open_in_memory() -> Result<rusqlite::Connection, Error> {
    prepare(rusqlite::Connection::open_in_memory()?)
}

fn prepare(connection: rusqlite::Connection) -> Result<rusqlite::Connection, Error> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// The path in a URL: `file:./dev.db`, `sqlite:./dev.db`, `sqlite:///abs/dev.db`.
pub fn path(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("file:").or_else(|| url.strip_prefix("sqlite:"));
    let path = rest.map(|rest| rest.split_once('?').map_or(rest, |(path, _)| path))?;
    let path = path.strip_prefix("//").unwrap_or(path);
    (!path.is_empty()).then_some(path)
}

/// Prisma's name for a table or index that exists for a moment, while a table is rebuilt.
fn temporary(table: &str) -> String {
    format!("new_{table}")
}
