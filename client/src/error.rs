//! What can go wrong.

use std::fmt;

use purlin_driver::Meta;

/// What went wrong. The predicates tell the cases apart; [`Error::code`] is Prisma's code for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Repr);

#[derive(Clone, PartialEq, Eq)]
enum Repr {
    Driver(purlin_driver::Error),
    Client(ErrorKind, Box<str>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ErrorKind {
    /// The query cannot be asked.
    Invalid,
    /// The database holds what the schema does not allow.
    Inconsistent,
    /// The transaction is over.
    TransactionClosed,
    /// The engine returned what its plan does not promise.
    Internal,
}

impl Error {
    pub(crate) fn invalid(message: impl Into<Box<str>>) -> Self {
        Self(Repr::Client(ErrorKind::Invalid, message.into()))
    }

    /// A query waits for the transaction that it is inside of.
    pub(crate) fn inside() -> Self {
        Self::invalid(
            "this call of the client inside its own transaction would wait for itself: use the client that the closure of the transaction is given",
        )
    }

    pub(crate) fn inconsistent(message: impl Into<Box<str>>) -> Self {
        Self(Repr::Client(ErrorKind::Inconsistent, message.into()))
    }

    pub(crate) fn transaction_closed() -> Self {
        Self(Repr::Client(ErrorKind::TransactionClosed, "the transaction is over".into()))
    }

    #[cold]
    pub(crate) fn internal(message: impl Into<Box<str>>) -> Self {
        Self(Repr::Client(ErrorKind::Internal, message.into()))
    }

    pub(crate) fn not_found(model: &str) -> Self {
        Self(Repr::Driver(purlin_driver::Error::not_found(model, format!("no {model} matches the query"))))
    }

    /// Prisma's code for this error, where it has one: `P2002` for a unique constraint, `P2025` for a missing row.
    pub fn code(&self) -> Option<&'static str> {
        match &self.0 {
            Repr::Driver(error) => error.code(),
            Repr::Client(ErrorKind::Inconsistent, _) => Some("P2023"),
            Repr::Client(ErrorKind::TransactionClosed, _) => Some("P2028"),
            Repr::Client(ErrorKind::Invalid | ErrorKind::Internal, _) => None,
        }
    }

    /// Facts beside the message, under Prisma's names: `modelName`, `target`, `operation`, `column` ...
    pub fn meta(&self) -> &[(&'static str, Meta)] {
        match &self.0 {
            Repr::Driver(error) => error.meta(),
            Repr::Client(..) => &[],
        }
    }

    /// The query or one of its values does not fit the schema.
    pub fn is_invalid(&self) -> bool {
        match &self.0 {
            Repr::Driver(error) => error.is_invalid(),
            Repr::Client(kind, _) => *kind == ErrorKind::Invalid,
        }
    }

    /// A unique constraint refused the write.
    pub fn is_unique_violation(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_unique_violation)
    }

    /// A foreign key refused the write.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_foreign_key_violation)
    }

    /// A required column was given null by the write.
    pub fn is_null_violation(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_null_violation)
    }

    /// The write would leave a row without a relation that it requires.
    pub fn is_relation_violation(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_relation_violation)
    }

    /// A constraint refused the write: a unique or foreign key, a required column or relation, or a check.
    pub fn is_constraint_violation(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_constraint_violation)
    }

    /// The transaction met a write of another one and had no effect: it may be run again.
    pub fn is_write_conflict(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_write_conflict)
    }

    /// The database cannot be reached: its URL is wrong, its file cannot be opened, or the client was closed meanwhile.
    pub fn is_connection_error(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_connection_error)
    }

    /// The database lacks a table or a column of the schema.
    pub fn is_schema_mismatch(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_schema_mismatch)
    }

    /// The database holds what the schema does not allow.
    pub fn is_inconsistent(&self) -> bool {
        match &self.0 {
            Repr::Driver(error) => error.is_inconsistent(),
            Repr::Client(kind, _) => *kind == ErrorKind::Inconsistent,
        }
    }

    /// A number is beyond what its column holds.
    pub fn is_out_of_range(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_out_of_range)
    }

    /// The row that the query needs is not there.
    pub fn is_not_found(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_not_found)
    }

    /// The database was locked for longer than the busy timeout.
    pub fn is_busy(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_busy)
    }

    /// The query or its result is beyond a limit; its facts are `limit` and `allowed`.
    pub fn is_limit(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_limit)
    }

    /// The query ran longer than the statement timeout and had no effect.
    pub fn is_timeout(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_timeout)
    }

    /// The query did not get its turn in time, or too many were waiting: it had no effect, and may be asked again.
    pub fn is_queue_timeout(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_queue_timeout)
    }

    /// The database cannot be written: it is open for reading only, or its file is.
    pub fn is_read_only(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_read_only)
    }

    /// Nobody knows whether the write stands: the disk failed while it was made durable. Look before you write again.
    pub fn is_outcome_unknown(&self) -> bool {
        self.driver().is_some_and(purlin_driver::Error::is_outcome_unknown)
    }

    /// The transaction was over: committed, rolled back or timed out.
    pub fn is_transaction_closed(&self) -> bool {
        match &self.0 {
            Repr::Driver(error) => error.is_transaction_closed(),
            Repr::Client(kind, _) => *kind == ErrorKind::TransactionClosed,
        }
    }

    fn driver(&self) -> Option<&purlin_driver::Error> {
        match &self.0 {
            Repr::Driver(error) => Some(error),
            Repr::Client(..) => None,
        }
    }
}

impl From<purlin_driver::Error> for Error {
    fn from(error: purlin_driver::Error) -> Self {
        Self(Repr::Driver(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Driver(error) => error.fmt(f),
            Repr::Client(_, message) => f.write_str(message),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        if let Some(code) = self.code() {
            out.field("code", &code);
        }
        out.field("message", &self.to_string()).finish()
    }
}

impl std::error::Error for Error {}
