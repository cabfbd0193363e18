//! Errors of the driver, with the codes that Prisma gives to them.

use std::fmt;

/// What went wrong. `code()` is Prisma's; the predicates say the same in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    message: String,
    meta: Vec<(&'static str, Meta)>,
}

/// A fact beside the message, for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meta {
    /// A name or a text.
    Text(String),
    /// A list of names.
    List(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    /// The query or one of its values does not fit the schema; the code, where Prisma has one.
    Invalid(Option<&'static str>),
    /// The query or its result is beyond a limit.
    Limit,
    /// The query did not get its turn in time, or too many wait.
    Queue,
    /// The query ran longer than it may.
    Timeout,
    BadUrl,
    CannotOpen,
    /// The server is not there, has no place, or is shutting down.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "only servers do this"))]
    Unreachable,
    /// The server did not answer in time.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "only servers do this"))]
    Silent,
    /// The server refused the user or the password.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "only servers do this"))]
    Denied,
    /// The connection could not be encrypted as the URL asks.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "only servers do this"))]
    Tls,
    ReadOnly,
    /// The disk failed while a write was made durable.
    OutcomeUnknown,
    Unique,
    ForeignKey,
    NotNull,
    Constraint,
    NotFound,
    /// A row that a list of related rows was to be connected to.
    ConnectedNotFound,
    /// A row that was to be deleted from a list of related rows.
    NotRelated,
    Relation,
    Busy,
    NoTable,
    NoColumn,
    Inconsistent,
    OutOfRange,
    TransactionClosed,
    WriteConflict,
    Database,
    Closed,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), meta: Vec::new() }))
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid(None), message)
    }

    pub(crate) fn is_kind(&self, kind: ErrorKind) -> bool {
        self.0.kind == kind
    }

    pub(crate) fn with(mut self, name: &'static str, value: Meta) -> Self {
        self.0.meta.push((name, value));
        self
    }

    /// The query or its result is beyond a limit. `limit` is the name of the limit and of the option that sets it.
    pub(crate) fn limit(limit: &'static str, allowed: u64, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Limit, message)
            .with("limit", Meta::Text(limit.to_owned()))
            .with("allowed", Meta::Text(allowed.to_string()))
    }

    /// The row that a read needs is not there.
    pub fn not_found(model: &str, message: impl Into<String>) -> Self {
        Self::missing(ErrorKind::NotFound, model, message).with("operation", Meta::Text("a query".to_owned()))
    }

    /// A row that a call of this model needs is not there.
    pub(crate) fn missing(kind: ErrorKind, model: &str, message: impl Into<String>) -> Self {
        Self::new(kind, message).with("modelName", Meta::Text(model.to_owned()))
    }

    /// Names the model of the query that the compiler refused because rows cannot be without a relation.
    pub(crate) fn of_model(self, model: Option<&str>) -> Self {
        match model {
            Some(model) if self.is_kind(ErrorKind::Relation) => self.with("modelName", Meta::Text(model.to_owned())),
            _ => self,
        }
    }

    /// The code that Prisma gives to this error, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self.0.kind {
            ErrorKind::Invalid(code) => return code,
            ErrorKind::BadUrl => "P1013",
            ErrorKind::Denied => "P1000",
            ErrorKind::Unreachable => "P1001",
            ErrorKind::Silent => "P1002",
            ErrorKind::CannotOpen => "P1003",
            ErrorKind::Tls => "P1011",
            ErrorKind::Busy | ErrorKind::Timeout => "P1008",
            ErrorKind::Closed => "P1017",
            ErrorKind::Unique => "P2002",
            ErrorKind::ForeignKey => "P2003",
            ErrorKind::Constraint => "P2004",
            ErrorKind::NotNull => "P2011",
            ErrorKind::Relation => "P2014",
            ErrorKind::NotRelated => "P2017",
            ErrorKind::ConnectedNotFound => "P2018",
            ErrorKind::OutOfRange => "P2020",
            ErrorKind::NoTable => "P2021",
            ErrorKind::NoColumn => "P2022",
            ErrorKind::Inconsistent => "P2023",
            ErrorKind::Queue => "P2024",
            ErrorKind::NotFound => "P2025",
            ErrorKind::TransactionClosed => "P2028",
            ErrorKind::Limit => "P2029",
            ErrorKind::WriteConflict => "P2034",
            ErrorKind::Database | ErrorKind::ReadOnly | ErrorKind::OutcomeUnknown => "P2039",
        })
    }

    /// Facts beside the message, under Prisma's names: `modelName`, `target`, `operation`, `column` ...
    pub fn meta(&self) -> &[(&'static str, Meta)] {
        &self.0.meta
    }

    /// The query or one of its values does not fit the schema.
    pub fn is_invalid(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Invalid(_))
    }

    /// A unique constraint refused the write.
    pub fn is_unique_violation(&self) -> bool {
        self.0.kind == ErrorKind::Unique
    }

    /// A foreign key refused the write.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.0.kind == ErrorKind::ForeignKey
    }

    /// A required column was given null by the write.
    pub fn is_null_violation(&self) -> bool {
        self.0.kind == ErrorKind::NotNull
    }

    /// The write would leave a row without a relation that it requires.
    pub fn is_relation_violation(&self) -> bool {
        self.0.kind == ErrorKind::Relation
    }

    /// A constraint refused the write: a unique or foreign key, a required column or relation, or a check.
    pub fn is_constraint_violation(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Unique
                | ErrorKind::ForeignKey
                | ErrorKind::NotNull
                | ErrorKind::Relation
                | ErrorKind::Constraint
        )
    }

    /// The transaction met a write of another one and had no effect: it may be run again.
    pub fn is_write_conflict(&self) -> bool {
        self.0.kind == ErrorKind::WriteConflict
    }

    /// The database cannot be reached: its URL is wrong, its file cannot be opened, or the client was closed meanwhile.
    pub fn is_connection_error(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::BadUrl
                | ErrorKind::CannotOpen
                | ErrorKind::Unreachable
                | ErrorKind::Silent
                | ErrorKind::Denied
                | ErrorKind::Tls
                | ErrorKind::Closed
        )
    }

    /// The database lacks a table or a column of the schema.
    pub fn is_schema_mismatch(&self) -> bool {
        matches!(self.0.kind, ErrorKind::NoTable | ErrorKind::NoColumn)
    }

    /// The database holds what the schema does not allow.
    pub fn is_inconsistent(&self) -> bool {
        self.0.kind == ErrorKind::Inconsistent
    }

    /// A number is beyond what its column holds.
    pub fn is_out_of_range(&self) -> bool {
        self.0.kind == ErrorKind::OutOfRange
    }

    /// The row that the query needs is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self.0.kind, ErrorKind::NotFound | ErrorKind::ConnectedNotFound | ErrorKind::NotRelated)
    }

    /// The database was locked for longer than the busy timeout.
    pub fn is_busy(&self) -> bool {
        self.0.kind == ErrorKind::Busy
    }

    /// The query or its result is beyond a limit; its facts are `limit` and `allowed`.
    pub fn is_limit(&self) -> bool {
        self.0.kind == ErrorKind::Limit
    }

    /// The query did not get its turn in time, or too many were waiting: it had no effect, and may be asked again.
    pub fn is_queue_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Queue
    }

    /// The database cannot be written: it is open for reading only, or its file is.
    pub fn is_read_only(&self) -> bool {
        self.0.kind == ErrorKind::ReadOnly
    }

    /// Nobody knows whether the write stands: the disk failed while it was made durable. Look before you write again.
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.kind == ErrorKind::OutcomeUnknown
    }

    /// The query ran longer than the statement timeout and had no effect.
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// The transaction was over: committed, rolled back or timed out.
    pub fn is_transaction_closed(&self) -> bool {
        self.0.kind == ErrorKind::TransactionClosed
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

impl From<purlin_query::Error> for Error {
    fn from(error: purlin_query::Error) -> Self {
        match (error.exceeded(), error.code()) {
            (Some((limit, allowed)), _) => Self::limit(limit, allowed, error.to_string()),
            // Of the rows as much as of the query: whatever they hold, they cannot be without each other.
            (None, Some("P2014")) => Self::new(ErrorKind::Relation, error.to_string()),
            (None, code) => Self::new(ErrorKind::Invalid(code), error.to_string()),
        }
    }
}
