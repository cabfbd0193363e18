//! SQLite.
//!
//! SQLite changes little of a table in place, so most changes rebuild it: a new table, the rows copied over column by
//! column, the old one dropped, the new one renamed. [`plan`] does natively what SQLite can, [`apply`] runs a script and
//! its record as one transaction with the guards that the procedure needs.

pub mod apply;
mod conversion;
mod converted;
mod create;
mod decimals;
mod evidence;
mod forbidden;
mod forms;
pub(crate) mod inspect;
pub mod introspect;
mod lower;
mod names;
pub mod plan;
mod render;
mod script;
mod spelling;
mod statement;
mod unfit;
mod unwritten;
mod values;
mod waiting;

use std::path::Path;

pub use conversion::FormConversion;
pub(crate) use conversion::{conversions, convert};
pub(crate) use evidence::{hazards, unreadable, values};
pub use forms::OtherForms;
pub(crate) use forms::other_forms;
pub use lower::lower;
pub(crate) use names::check as check_names;
pub use purlin_query::dialect::sqlite::FormedType;
pub(crate) use script::rebuilt;
pub(crate) use spelling::Spelling;
pub use unfit::UnfitValues;
pub(crate) use unfit::unfit_values;
pub(crate) use unwritten::refuse;
pub use waiting::tell_when_waiting;

use purlin_driver::UrlMode;
use rusqlite::{Connection, OpenFlags};

use crate::Error;

/// Opens the file that a URL names, and makes it where it does not exist.
pub(crate) fn open(url: &str) -> Result<Connection, Error> {
    if is_in_memory(url) {
        return open_in_memory();
    }
    let Some(path) = path(url) else { return Err(not_a_file(url)) };
    match mode(url)? {
        UrlMode::Memory => open_in_memory(),
        UrlMode::Read => Err(Error::database(format!(
            "the database's URL opens {path} to read only (mode=ro), and this command may write"
        ))
        .with_remedy("give this command another URL: --url file:<path>")),
        UrlMode::Write if matches!(Path::new(path).try_exists(), Ok(false)) => Err(Error::database(format!(
            "the database {path} does not exist, and its URL says not to create it (mode=rw)"
        ))
        .with_remedy("correct the database's URL, or remove the mode from it")),
        UrlMode::Write => open_file(Path::new(path), OpenFlags::SQLITE_OPEN_READ_WRITE),
        UrlMode::Create => {
            open_file(Path::new(path), OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
        }
    }
}

/// Why a URL names no file. Other databases' addresses hold passwords, so no more than the scheme is said.
fn not_a_file(url: &str) -> Error {
    let is_scheme = |text: &str| {
        let mut letters = text.chars();
        letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && text.len() <= 20
            && letters.all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
    };
    let start = "the schema is for SQLite, but the database URL";
    if let Some(quote) = url.trim_start().chars().next().filter(|first| matches!(first, '"' | '\'' | '`')) {
        return Error::database(format!("the database URL begins with the quote {quote}")).with_remedy(
            "write it without quotes, or with one at each end: in a file of variables a quote without an end is a part of the value",
        );
    }
    match url.split_once(':') {
        Some(("file" | "sqlite", rest)) if rest.contains('@') => {
            Error::database("the database URL names a user or a host, which a file of SQLite does not have")
                .with_remedy("write the path of the database's file, as in file:./dev.db")
        }
        Some((scheme @ ("file" | "sqlite"), _)) => Error::database(format!("{start} has no path after `{scheme}:`"))
            .with_remedy("write the path of the database's file, as in file:./dev.db"),
        Some((scheme, rest)) if is_scheme(scheme) && rest.starts_with("//") => {
            Error::database(format!("{start} is for `{scheme}`"))
                .with_remedy("write the URL as file:./dev.db, or set the provider of the datasource")
        }
        _ => Error::database(format!("{start} does not begin with `file:`"))
            .with_remedy("write `file:` before the path of the database's file, as in file:./dev.db"),
    }
}

/// Opens the file that a URL names, unless it does not exist. It is looked for once, so that one that another process
/// makes at this moment is either there or not.
pub(crate) fn open_existing(url: &str) -> Result<Option<Connection>, Error> {
    let Some(path) = path(url).filter(|_| !is_in_memory(url)) else { return open(url).map(Some) };
    let flags = match mode(url)? {
        UrlMode::Memory => return open_in_memory().map(Some),
        UrlMode::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        UrlMode::Write | UrlMode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    match open_file(Path::new(path), flags) {
        Err(_) if matches!(Path::new(path).try_exists(), Ok(false)) => Ok(None),
        other => other.map(Some),
    }
}

fn open_file(file: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let missing =
        |folder: &&Path| std::fs::metadata(folder).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    // A folder is not made: a mistyped path would look like an empty database.
    if let Some(folder) = folder.filter(missing) {
        return Err(Error::database(format!(
            "cannot create the database {}: there is no folder {}",
            file.display(),
            folder.display()
        ))
        .with_remedy("create the folder, or correct the database's URL"));
    }
    if std::fs::metadata(file).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return Err(Error::database(format!("{} is a device or a pipe, not an SQLite database", file.display()))
            .with_remedy("write the path of a file into the database's URL, for example file:./dev.db"));
    }
    // A path is a path here: without SQLITE_OPEN_URI, `?` and `%` in it have no meaning.
    let connection = Connection::open_with_flags(file, flags).map_err(|error| Error::from(error).at(file))?;
    let connection = prepare(connection)?;
    // SQLite opens whatever is there, and looks at it when it first reads.
    let read = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    read.map_err(|error| Error::from(error).at(file))?;
    Ok(connection)
}

/// A database that ends with the connection: where a history is replayed.
pub(crate) fn open_in_memory() -> Result<Connection, Error> {
    prepare(Connection::open_in_memory()?)
}

fn prepare(mut connection: Connection) -> Result<Connection, Error> {
    waiting::be_patient(&mut connection)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// What a URL allows to do with the file, by the function that the clients read it with.
fn mode(url: &str) -> Result<UrlMode, Error> {
    let mode = purlin_driver::url_mode(url).map_err(|error| Error::database(error.to_string()))?;
    // Commands make the database that they are asked to work on.
    Ok(mode.unwrap_or(UrlMode::Create))
}

/// Returns whether a URL allows to read only.
pub fn is_read_only(url: &str) -> bool {
    matches!(mode(url), Ok(UrlMode::Read))
}

/// Returns whether a URL means a database that ends with its connection.
pub fn is_in_memory(url: &str) -> bool {
    path(url) == Some(":memory:") || matches!(mode(url), Ok(UrlMode::Memory))
}

/// The path in a URL: `file:./dev.db`, `sqlite:./dev.db`, `sqlite:///abs/dev.db`.
pub fn path(url: &str) -> Option<&str> {
    purlin_driver::url_path(url).ok()
}

/// The URL with another path in it.
pub fn with_path(url: &str, path: &str) -> String {
    let Some(old) = self::path(url) else { return url.to_owned() };
    let end = url.find('?').unwrap_or(url.len());
    let start = end.saturating_sub(old.len());
    let (before, after) = (url.get(..start).unwrap_or_default(), url.get(end..).unwrap_or_default());
    format!("{before}{path}{after}")
}

/// Prisma's name for a table or index that exists for a moment, while a table is rebuilt.
fn temporary(table: &str) -> String {
    format!("new_{table}")
}

/// Returns whether a table can be the one that is to take the place of `table`.
fn is_temporary(name: &str, table: &str) -> bool {
    let expected = temporary(table);
    let Some((start, rest)) = name.split_at_checked(expected.len()) else { return false };
    let number = rest.strip_prefix('_').unwrap_or("2");
    start.eq_ignore_ascii_case(&expected) && (rest.is_empty() || rest.starts_with('_')) && number.parse::<u32>().is_ok()
}
