//! Connection URLs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use purlin_query::catalog::Provider;

use crate::error::{Error, ErrorKind};
use crate::options::Options;
#[cfg(feature = "postgres")]
use crate::postgres;
use crate::printable;
use crate::sqlite::MAX_READERS;

/// What the URL of a database says.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseUrl {
    /// Where the database is.
    pub(crate) location: Location,
    /// What it says about the options.
    pub(crate) parameters: Parameters,
}

/// The options that a URL may say. Those that it does not say are left to the client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameters {
    mode: Option<UrlMode>,
    connection_limit: Option<usize>,
    pool_timeout: Option<Duration>,
    socket_timeout: Option<Duration>,
}

impl Parameters {
    /// The options of a client, but for what the URL says of them.
    pub(crate) fn applied_to(self, mut options: Options) -> Options {
        if let Some(mode) = self.mode.filter(|mode| *mode != UrlMode::Memory) {
            options.read_only = mode == UrlMode::Read;
            options.sqlite.create = mode == UrlMode::Create;
        }
        let Options { queue_timeout, sqlite, .. } = &mut options;
        sqlite.readers = self.connection_limit.unwrap_or(sqlite.readers);
        sqlite.busy_timeout = self.socket_timeout.unwrap_or(sqlite.busy_timeout);
        *queue_timeout = self.pool_timeout.unwrap_or(*queue_timeout);
        options
    }
}

/// Where a database is.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    /// A SQLite file, absolute, so that one file is one pool whatever the current directory becomes.
    File(PathBuf),
    /// A SQLite database in memory, one for each engine that opens it.
    Memory,
    /// A PostgreSQL server, with its URL as it was given, which tells pools apart.
    #[cfg(feature = "postgres")]
    Postgres { url: String, server: Box<postgres::ServerOptions> },
}

impl Location {
    /// The kind of its database.
    pub(crate) fn provider(&self) -> Provider {
        match self {
            Self::File(_) | Self::Memory => Provider::Sqlite,
            #[cfg(feature = "postgres")]
            Self::Postgres { .. } => Provider::Postgres,
        }
    }
}

/// How a URL asks for its file to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlMode {
    /// `mode=rwc`: to write, and made where it does not exist.
    Create,
    /// `mode=rw`: to write, and it must exist.
    Write,
    /// `mode=ro`: to read, and it must exist.
    Read,
    /// `mode=memory`: no file at all.
    Memory,
}

/// Reads `file:path`, `sqlite:path` or `sqlite://path`, with the parameters `mode=ro|rw|rwc|memory`,
/// `connection_limit=n`, and in seconds `pool_timeout=n` and `socket_timeout=n`.
///
/// A relative path starts at the current directory. No part of the URL is put into a message but its scheme
/// and the path of a file ([`printable::path`]): the other databases' URLs hold passwords.
pub(crate) fn parse(url: &str) -> Result<DatabaseUrl, Error> {
    #[cfg(feature = "postgres")]
    if matches!(url.split_once(':'), Some(("postgres" | "postgresql", _))) {
        let server = Box::new(postgres::parse(url)?);
        let parameters = Parameters { pool_timeout: server.pool_timeout, ..Parameters::default() };
        return Ok(DatabaseUrl { location: Location::Postgres { url: url.to_owned(), server }, parameters });
    }
    let mut parameters = Parameters { mode: url_mode(url)?, ..Parameters::default() };
    for (name, value) in pairs(after_scheme(url)?) {
        let name = &*name.to_ascii_lowercase();
        match name {
            "immutable" => {
                return Err(bad(
                    "`immutable` in the database URL is not needed: write `mode=ro` to read a file that nobody writes",
                ));
            }
            "connection_limit" => parameters.connection_limit = Some(positive(name, value, MAX_READERS)?),
            "pool_timeout" => parameters.pool_timeout = Some(seconds(name, value)?),
            "socket_timeout" => parameters.socket_timeout = Some(seconds(name, value)?),
            // Prisma's other parameters mean nothing to a file.
            _ => {}
        }
    }
    if parameters.mode == Some(UrlMode::Memory) {
        return Ok(DatabaseUrl { location: Location::Memory, parameters });
    }
    let path = url_path(url)?;
    if path == ":memory:" {
        return Ok(DatabaseUrl { location: Location::Memory, parameters });
    }
    let absolute = std::path::absolute(path)
        .map_err(|error| bad(format!("cannot resolve `{}`: {error}", printable::path(Path::new(path)))))?;
    Ok(DatabaseUrl { location: Location::File(absolute), parameters })
}

/// Returns the path in the URL of a SQLite database, as it is written there: `./dev.db` of `file:./dev.db?mode=ro`.
pub fn url_path(url: &str) -> Result<&str, Error> {
    let rest = after_scheme(url)?;
    let path = rest.split_once('?').map_or(rest, |(path, _)| path);
    let path = match path.strip_prefix("//") {
        Some(path) if path.split('/').next().is_some_and(|host| host.contains('@')) => {
            return Err(bad(
                "the database URL names a user or a host, which a SQLite file does not have: write `file:./dev.db`",
            ));
        }
        Some(path) => path,
        None => path,
    };
    if path.is_empty() { Err(bad("the database URL names no file: write `file:./dev.db`")) } else { Ok(path) }
}

/// Returns the `mode` of the URL of a SQLite database, where it has one.
pub fn url_mode(url: &str) -> Result<Option<UrlMode>, Error> {
    let mut found = None;
    for (_, value) in pairs(after_scheme(url)?).filter(|(name, _)| name.eq_ignore_ascii_case("mode")) {
        let mode = match value {
            "rwc" => UrlMode::Create,
            "rw" => UrlMode::Write,
            "ro" => UrlMode::Read,
            "memory" => UrlMode::Memory,
            _ => return Err(bad("`mode` in the database URL must be `ro`, `rw`, `rwc` or `memory`")),
        };
        if found.replace(mode).is_some() {
            return Err(bad("`mode` stands twice in the database URL"));
        }
    }
    Ok(found)
}

/// The parameters behind the `?`, each with its value.
fn pairs(rest: &str) -> impl Iterator<Item = (&str, &str)> {
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// What follows the scheme, which must be one of SQLite.
fn after_scheme(url: &str) -> Result<&str, Error> {
    // Files of variables have quotes around values, and some programs, `docker run --env-file` among them, keep them.
    if let Some(quote) = url.trim_start().chars().next().filter(|first| matches!(first, '"' | '\'' | '`')) {
        return Err(bad(format!(
            "the database URL begins with the quote {quote}: write it without quotes, which programs such as \
             `docker run --env-file` keep as a part of the value"
        )));
    }
    let Some((scheme, rest)) = url.split_once(':') else {
        return Err(bad("the database URL has no scheme: write `file:./dev.db` for a SQLite file"));
    };
    match scheme {
        "file" | "sqlite" => Ok(rest),
        "postgres" | "postgresql" | "mysql" | "mariadb" => {
            Err(bad(format!("the database URL is for `{scheme}`, which this build of Purlin does not open")))
        }
        _ if is_scheme(scheme) && rest.starts_with("//") => {
            Err(bad(format!("unknown database URL scheme `{scheme}`: write `file:./dev.db`")))
        }
        // What stands before the colon may be a user, as in `user:password@host`.
        _ => Err(bad("the database URL begins with no scheme that Purlin knows: write `file:./dev.db`")),
    }
}

/// A day: nobody waits longer for an answer.
const MAX_SECONDS: usize = 86_400;

fn positive(name: &str, number: &str, most: usize) -> Result<usize, Error> {
    match number.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(bad(format!("`{name}` in the database URL must be a whole number from 1 to {most}"))),
    }
}

fn seconds(name: &str, number: &str) -> Result<Duration, Error> {
    let seconds = positive(name, number, MAX_SECONDS)?;
    Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX)))
}

/// Returns whether a text may be the scheme of a URL, and is as short as those that there are.
fn is_scheme(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::BadUrl, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file that a URL names; none in memory.
    fn file(url: &str) -> Result<Option<PathBuf>, Error> {
        parse(url).map(|url| match url.location {
            Location::File(path) => Some(path),
            _ => None,
        })
    }

    #[test]
    fn a_path_is_a_file_from_the_current_directory() {
        let here = std::env::current_dir().expect("there is a current directory");
        for url in ["file:dev.db", "sqlite:dev.db", "sqlite://dev.db", "file:dev.db?connection_limit=1"] {
            assert_eq!(file(url), Ok(Some(here.join("dev.db"))), "{url}");
        }
    }

    #[test]
    fn quotes_around_the_url_are_named() {
        for (url, quote) in [
            ("\"file:./dev.db\"", '"'),
            ("'file:./dev.db'", '\''),
            (" \"postgres://ada:secret@host/db\"", '"'),
            ("\"dev.db\"", '"'),
        ] {
            let error = file(url).expect_err(url).to_string();
            assert!(error.contains(&format!("the quote {quote}: write it without quotes")), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_password_never_reaches_a_message() {
        let error = file("mysql://ada:secret@host/db").expect_err("no executor for it");
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn what_others_have_written_reaches_no_message() {
        let long = "x".repeat(100_000);
        for url in [
            "hunter2:pw@host/db",
            "hunter2:hunter2@host",
            "//hunter2:pw@host/db",
            "sqlite://hunter2:pw@host/db",
            "file://hunter2@host/db",
            "x\ny\u{1b}[31m://z",
            &format!("{long}:z"),
            &format!("{long}://z"),
            "",
        ] {
            let error = file(url).expect_err("it names no file").to_string();
            let secret = error.contains("hunter2") || error.contains("pw@") || error.contains(char::is_control);
            assert!(!secret && error.len() < 200, "{error}");
            assert!(error.contains("write `file:./dev.db`"), "{error}");
        }
        let error = file("mongodb://ada:secret@host/db").expect_err("no executor for it").to_string();
        assert_eq!(error, "unknown database URL scheme `mongodb`: write `file:./dev.db`");
        assert!(file("file:me@home.db").is_ok());
    }

    #[test]
    fn a_mode_stands_once_in_any_case_of_its_name() {
        for (url, mode) in [
            ("file:x", None),
            ("file:x?mode=rwc", Some(UrlMode::Create)),
            ("sqlite:x?connection_limit=1&MODE=ro", Some(UrlMode::Read)),
            ("sqlite://x?Mode=rw&", Some(UrlMode::Write)),
            ("file:x?mode=memory", Some(UrlMode::Memory)),
        ] {
            assert_eq!(url_mode(url), Ok(mode), "{url}");
        }
        for url in
            ["file:x?mode=ro&mode=ro", "file:x?mode=rw&Mode=memory", "file:x?mode=", "file:x?mode", "file:x?mode=RO"]
        {
            assert!(url_mode(url).is_err() && file(url).is_err(), "{url}");
        }
    }

    #[test]
    fn memory_has_three_spellings() {
        for url in ["file::memory:", "sqlite::memory:", "file:x?mode=memory"] {
            assert_eq!(file(url), Ok(None), "{url}");
        }
    }

    #[test]
    fn what_a_url_says_goes_before_what_the_client_says() {
        let given = Options { queue_timeout: Duration::from_secs(3), read_only: true, ..Options::default() };
        let applied = |url| parse(url).expect("a URL").parameters.applied_to(given.clone());
        assert_eq!(applied("file:dev.db?schema=public"), given);
        let options = applied("file:dev.db?mode=rwc&connection_limit=2&pool_timeout=7&socket_timeout=9");
        assert_eq!((options.read_only, options.sqlite.create), (false, true));
        assert_eq!(options.sqlite.readers, 2);
        assert_eq!((options.queue_timeout.as_secs(), options.sqlite.busy_timeout.as_secs()), (7, 9));
        let options = applied("file:dev.db?mode=ro");
        assert_eq!((options.read_only, options.sqlite.create), (true, false));
        let options = applied("file::memory:?pool_timeout=1");
        assert_eq!(options.queue_timeout.as_secs(), 1);
    }
}
