//! A connection to a server, and the rows that it returns.

use std::cell::RefCell;

use purlin_driver::{PostgresSession, ScriptError, TextRows};

use crate::Error;

/// A connection that each command asks in turn.
#[derive(Debug)]
pub(super) struct Session(RefCell<PostgresSession>);

/// What a role or a database may have set otherwise: the change of a large table takes as long as it takes, texts are written without
/// escapes, and rows that a policy hides are an error and not counted as none.
const SETTINGS: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; \
                        SET standard_conforming_strings = on; SET row_security = off";

/// A row of a query, whose values are text.
#[derive(Debug, Clone)]
pub(super) struct Row(Vec<Option<String>>);

impl Session {
    pub(super) fn connect(url: &str) -> Result<Self, Error> {
        Self::connect_to(url, None)
    }

    /// Connects to another database of the server.
    pub(super) fn connect_to(url: &str, database: Option<&str>) -> Result<Self, Error> {
        match PostgresSession::connect(url, database) {
            Ok(session) => {
                let session = Self(RefCell::new(session));
                session.run(SETTINGS)?;
                Ok(session)
            }
            Err(error) if error.code() == Some("P1003") => Err(Error::no_database(error.to_string())),
            Err(error) => Err(Error::database(error.to_string())),
        }
    }

    /// Runs the statements of a script.
    pub(super) fn run(&self, script: &str) -> Result<Vec<TextRows>, ScriptError> {
        self.run_for(script, usize::MAX)
    }

    /// The same; of each statement the first `most` rows are kept.
    pub(super) fn run_for(&self, script: &str, most: usize) -> Result<Vec<TextRows>, ScriptError> {
        self.0.borrow_mut().run(script, most)
    }

    /// Takes back what a script has set, and the temporary tables that it has left.
    pub(super) fn reset_settings(&self) -> Result<(), Error> {
        self.run(&format!("RESET ROLE; RESET ALL; DISCARD TEMP; {SETTINGS}"))?;
        Ok(())
    }

    /// The rows of one query.
    pub(super) fn rows(&self, query: &str) -> Result<Vec<Row>, Error> {
        let results = self.run(query)?;
        Ok(results.into_iter().flat_map(|result| result.rows).map(Row).collect())
    }

    /// The rows of each of several queries, in one trip.
    pub(super) fn each<const N: usize>(&self, queries: [&str; N]) -> Result<[Vec<Row>; N], Error> {
        let results = self.run(&queries.join(";\n"))?;
        let rows: Vec<Vec<Row>> =
            results.into_iter().map(|result| result.rows.into_iter().map(Row).collect()).collect();
        rows.try_into().map_err(|_| Error::database("the server did not answer each query"))
    }

    /// The number in the only row of a query.
    pub(super) fn number(&self, query: &str) -> Result<i64, Error> {
        let rows = self.rows(query)?;
        let number = rows.first().and_then(|row| row.text(0).parse().ok());
        number.ok_or_else(|| Error::database("the server did not count the rows"))
    }
}

impl Row {
    /// The text in a column; an empty one for null.
    pub(super) fn text(&self, column: usize) -> &str {
        self.optional(column).unwrap_or_default()
    }

    /// The text in a column; none for null.
    pub(super) fn optional(&self, column: usize) -> Option<&str> {
        self.0.get(column)?.as_deref()
    }

    /// A text of its own.
    pub(super) fn owned(&self, column: usize) -> String {
        self.text(column).to_owned()
    }

    /// Whether a Boolean is true.
    pub(super) fn flag(&self, column: usize) -> bool {
        self.optional(column) == Some("t")
    }
}

impl From<ScriptError> for Error {
    fn from(error: ScriptError) -> Self {
        let failed = Self::database(match &error.detail {
            Some(detail) => format!("{} ({})", error.message, detail.replace('\n', "; ")),
            None => error.message.clone(),
        });
        match error.code.as_deref() {
            None => failed.with_remedy("what ran may or may not stand: look at the database before running it again"),
            Some("42501") => failed.with_remedy("let the user of the database URL do this, or use that of the owner"),
            Some("55P03") => failed.with_remedy(
                "another transaction uses the table for longer than this command waits: run it again when that is over",
            ),
            Some("25006") => {
                failed.with_remedy("use the URL of a primary server, of a user whose transactions may write")
            }
            _ => failed,
        }
    }
}
