//! A single connection that runs scripts, for migrations: statements and values are text, and each call waits for its end.

use std::fmt;

use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgColumn, PgConnection, PgDatabaseError, PgErrorPosition, PgRow};
use sqlx::{Column as _, Either, Executor as _, Row as _, TypeInfo as _, ValueRef as _};
use tokio::runtime::{Builder, Runtime};

use super::connect::connect;
use super::error::is_of_statement;
use super::options;
use crate::error::{Error, ErrorKind};
use crate::printable::without_quoted;

/// A connection on which scripts are run.
pub struct PostgresSession {
    connection: PgConnection,
    /// Its own: the commands that have it do one thing at a time.
    runtime: Runtime,
}

/// What one statement of a script returned. Each value is the text that PostgreSQL shows for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextRows {
    /// The names of the columns; none of a statement that returned no row.
    pub columns: Vec<String>,
    /// PostgreSQL's names of their types, such as `INT4`.
    pub types: Vec<String>,
    /// The rows; null is none.
    pub rows: Vec<Vec<Option<String>>>,
    /// How many more there were.
    pub more: u64,
}

/// Why a script failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The server's code, such as `42P01`; none where the connection was lost.
    pub code: Option<String>,
    /// What the server says, without values of rows.
    pub message: String,
    /// The objects that stand in the way, where the server names them.
    pub detail: Option<String>,
    /// The byte of the script at which the error was found, where the server says it.
    pub position: Option<usize>,
    /// How many statements of the script were run before.
    pub before: usize,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ScriptError {}

impl fmt::Debug for PostgresSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The connection knows its password.
        formatter.debug_struct("PostgresSession").finish_non_exhaustive()
    }
}

impl PostgresSession {
    /// Connects to the database of a URL, or to another one of the same server.
    pub fn connect(url: &str, database: Option<&str>) -> Result<Self, Error> {
        let options = options::parse(url)?;
        let mut server = options.server.application_name("purlin migrate");
        if let Some(database) = database {
            server = server.database(database);
        }
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
            Error::new(ErrorKind::CannotOpen, format!("cannot start the thread of the connection: {error}"))
        })?;
        let connection = runtime.block_on(connect(&server, options.connect_timeout, async |server| Ok(server)))?;
        Ok(Self { connection, runtime })
    }

    /// Which database of which server a URL names, for messages: without the user and the password.
    pub fn place(url: &str) -> Result<String, Error> {
        let server = options::parse(url)?.server;
        let database = Self::database(url)?;
        Ok(match server.get_socket() {
            Some(socket) => format!("{database} at {}", socket.display()),
            None => format!("{database} at {}:{}", server.get_host(), server.get_port()),
        })
    }

    /// The name of the database of a URL.
    pub fn database(url: &str) -> Result<String, Error> {
        let server = options::parse(url)?.server;
        // Without one, the server takes that of the user.
        Ok(server.get_database().unwrap_or_else(|| server.get_username()).to_owned())
    }

    /// Runs the statements of a script in one message and returns what each returned. Unless a transaction is open or the
    /// script has its own, the server runs them as one transaction. Of each statement the first `most` rows are kept.
    pub fn run(&mut self, script: &str, most: usize) -> Result<Vec<TextRows>, ScriptError> {
        let Self { connection, runtime } = self;
        let mut results = Vec::new();
        let run = async {
            let mut current = TextRows::default();
            let mut stream = connection.fetch_many(sqlx::raw_sql(sqlx::AssertSqlSafe(script)));
            while let Some(part) = stream.try_next().await? {
                match part {
                    Either::Left(_) => results.push(std::mem::take(&mut current)),
                    Either::Right(_) if current.rows.len() >= most => current.more += 1,
                    Either::Right(row) => {
                        if current.columns.is_empty() {
                            let columns = row.columns();
                            current.columns = columns.iter().map(|column| column.name().to_owned()).collect();
                            let ty = |column: &PgColumn| column.type_info().name().to_owned();
                            current.types = columns.iter().map(ty).collect();
                        }
                        current.rows.push(texts(&row)?);
                    }
                }
            }
            Ok(())
        };
        match runtime.block_on(run) {
            Ok(()) => Ok(results),
            Err(error) => Err(ScriptError { before: results.len(), ..script_error(&error, script) }),
        }
    }
}

fn texts(row: &PgRow) -> Result<Vec<Option<String>>, sqlx::Error> {
    let text = |index: usize| {
        let value = row.try_get_raw(index)?;
        if value.is_null() {
            return Ok(None);
        }
        let text = value.as_str().map_err(sqlx::Error::Decode)?;
        Ok(Some(text.to_owned()))
    };
    (0..row.len()).map(text).collect()
}

fn script_error(error: &sqlx::Error, script: &str) -> ScriptError {
    let found = match error {
        sqlx::Error::Database(error) => error.try_downcast_ref::<PgDatabaseError>(),
        _ => None,
    };
    let Some(found) = found else {
        let message = match error {
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
                "the connection to the server was lost".to_owned()
            }
            other => without_quoted(&other.to_string()),
        };
        return ScriptError { code: None, message, detail: None, position: None, before: 0 };
    };
    let code = found.code();
    // Errors of data quote it; all others quote names.
    let message = if code.starts_with("22") { without_quoted(found.message()) } else { found.message().to_owned() };
    // Where something depends on something, the objects are listed, and where a key is violated, its values.
    let detail = if code == "2BP01" || code == "0A000" { found.detail().map(str::to_owned) } else { None };
    let position = match found.position() {
        Some(PgErrorPosition::Original(character)) => {
            script.char_indices().nth(character.saturating_sub(1)).map(|(byte, _)| byte)
        }
        _ => None,
    };
    let message = if is_of_statement(error) { message } else { format!("the server ended the connection: {message}") };
    ScriptError { code: Some(code.to_owned()), message, detail, position, before: 0 }
}
