//! Errors of the driver, with the codes that Prisma gives to them.

use std::fmt;

/// What went wrong. `code()` is Prisma's; the predicates say the same in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    kind: Kind,
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
pub(crate) enum Kind {
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
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), meta: Vec::new() }))
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid(None), message)
    }

    pub(crate) fn is_kind(&self, kind: Kind) -> bool {
        self.0.kind == kind
    }

    pub(crate) fn with(mut self, name: &'static str, value: Meta) -> Self {
        self.0.meta.push((name, value));
        self
    }

    /// The query or its result is beyond a limit. `limit` is the name of the limit and of the option that sets it.
    pub(crate) fn limit(limit: &'static str, allowed: u64, message: impl Into<String>) -> Self {
        Self::new(Kind::Limit, message)
            .with("limit", Meta::Text(limit.to_owned()))
            .with("allowed", Meta::Text(allowed.to_string()))
    }

    /// The row that a query needs is not there.
    pub fn not_found(model: &str, message: impl Into<String>) -> Self {
        Self::missing(Kind::NotFound, model, message.into())
    }

    /// A row that was to be connected to a list of related rows is not there.
    pub(crate) fn connected_not_found(model: &str, message: impl Into<String>) -> Self {
        Self::missing(Kind::ConnectedNotFound, model, message.into())
    }

    /// A row that was to be deleted from a list of related rows is not in it.
    pub(crate) fn not_related(model: &str, message: impl Into<String>) -> Self {
        Self::missing(Kind::NotRelated, model, message.into())
    }

    fn missing(kind: Kind, model: &str, message: String) -> Self {
        Self::new(kind, message.clone())
            .with("modelName", Meta::Text(model.to_owned()))
            .with("cause", Meta::Text(message))
    }

    /// The write would leave a row without the relation that it requires.
    pub(crate) fn relation(model: &str, message: impl Into<String>) -> Self {
        Self::new(Kind::Relation, message).with("modelName", Meta::Text(model.to_owned()))
    }

    /// Names the model of the query that the compiler refused because rows cannot be without a relation.
    pub(crate) fn of_model(self, model: Option<&str>) -> Self {
        match model {
            Some(model) if self.is_kind(Kind::Relation) => self.with("modelName", Meta::Text(model.to_owned())),
            _ => self,
        }
    }

    /// The code that Prisma gives to this error, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self.0.kind {
            Kind::Invalid(code) => return code,
            Kind::BadUrl => "P1013",
            Kind::CannotOpen => "P1003",
            Kind::Busy | Kind::Timeout => "P1008",
            Kind::Closed => "P1017",
            Kind::Unique => "P2002",
            Kind::ForeignKey => "P2003",
            Kind::Constraint => "P2004",
            Kind::NotNull => "P2011",
            Kind::Relation => "P2014",
            Kind::NotRelated => "P2017",
            Kind::ConnectedNotFound => "P2018",
            Kind::OutOfRange => "P2020",
            Kind::NoTable => "P2021",
            Kind::NoColumn => "P2022",
            Kind::Inconsistent => "P2023",
            Kind::Queue => "P2024",
            Kind::NotFound => "P2025",
            Kind::TransactionClosed => "P2028",
            Kind::Limit => "P2029",
            Kind::WriteConflict => "P2034",
            Kind::Database | Kind::ReadOnly | Kind::OutcomeUnknown => "P2039",
        })
    }

    /// Facts beside the message, under Prisma's names: `modelName`, `target`, `cause`, `column` ...
    pub fn meta(&self) -> &[(&'static str, Meta)] {
        &self.0.meta
    }

    /// The query or one of its values does not fit the schema.
    pub fn is_invalid(&self) -> bool {
        matches!(self.0.kind, Kind::Invalid(_))
    }

    /// A unique constraint refused the write.
    pub fn is_unique_violation(&self) -> bool {
        self.0.kind == Kind::Unique
    }

    /// A foreign key refused the write.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.0.kind == Kind::ForeignKey
    }

    /// A required column was given null by the write.
    pub fn is_null_violation(&self) -> bool {
        self.0.kind == Kind::NotNull
    }

    /// The write would leave a row without a relation that it requires.
    pub fn is_relation_violation(&self) -> bool {
        self.0.kind == Kind::Relation
    }

    /// A constraint refused the write: a unique or foreign key, a required column or relation, or a check.
    pub fn is_constraint_violation(&self) -> bool {
        matches!(self.0.kind, Kind::Unique | Kind::ForeignKey | Kind::NotNull | Kind::Relation | Kind::Constraint)
    }

    /// The transaction met a write of another one and had no effect: it may be run again.
    pub fn is_write_conflict(&self) -> bool {
        self.0.kind == Kind::WriteConflict
    }

    /// The database cannot be reached: its URL is wrong, its file cannot be opened, or the client was closed meanwhile.
    pub fn is_connection_error(&self) -> bool {
        matches!(self.0.kind, Kind::BadUrl | Kind::CannotOpen | Kind::Closed)
    }

    /// The database lacks a table or a column of the schema.
    pub fn is_schema_mismatch(&self) -> bool {
        matches!(self.0.kind, Kind::NoTable | Kind::NoColumn)
    }

    /// The database holds what the schema does not allow.
    pub fn is_inconsistent(&self) -> bool {
        self.0.kind == Kind::Inconsistent
    }

    /// A number is beyond what its column holds.
    pub fn is_out_of_range(&self) -> bool {
        self.0.kind == Kind::OutOfRange
    }

    /// The row that the query needs is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self.0.kind, Kind::NotFound | Kind::ConnectedNotFound | Kind::NotRelated)
    }

    /// The database was locked for longer than the busy timeout.
    pub fn is_busy(&self) -> bool {
        self.0.kind == Kind::Busy
    }

    /// The query or its result is beyond a limit; its facts are `limit` and `allowed`.
    pub fn is_limit(&self) -> bool {
        self.0.kind == Kind::Limit
    }

    /// The query did not get its turn in time, or too many were waiting: it had no effect, and may be asked again.
    pub fn is_queue_timeout(&self) -> bool {
        self.0.kind == Kind::Queue
    }

    /// The database cannot be written: it is open for reading only, or its file is.
    pub fn is_read_only(&self) -> bool {
        self.0.kind == Kind::ReadOnly
    }

    /// Nobody knows whether the write stands: the disk failed while it was made durable. Look before you write again.
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.kind == Kind::OutcomeUnknown
    }

    /// The query ran longer than the statement timeout and had no effect.
    pub fn is_timeout(&self) -> bool {
        self.0.kind == Kind::Timeout
    }

    /// The transaction was over: committed, rolled back or timed out.
    pub fn is_transaction_closed(&self) -> bool {
        self.0.kind == Kind::TransactionClosed
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
            (None, Some("P2014")) => Self::new(Kind::Relation, error.to_string()),
            (None, code) => Self::new(Kind::Invalid(code), error.to_string()),
        }
    }
}
