//! Why a query cannot be compiled.

use std::fmt;

use crate::catalog::{Field, Model};

/// A query that cannot be compiled, or a value that does not fit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ErrorKind {
    Invalid,
    Required,
    StaysConnected,
    Limit { limit: &'static str, allowed: u64 },
}

impl Error {
    pub(crate) fn invalid(message: String) -> Self {
        Self { kind: ErrorKind::Invalid, message }
    }

    /// The query is beyond a limit; `limit` is the name of the limit and of the option that sets it.
    pub(crate) fn limit(limit: &'static str, allowed: u64, message: String) -> Self {
        Self { kind: ErrorKind::Limit { limit, allowed }, message }
    }

    /// The limit that the query is beyond, with a message that says `what` is too much and what to `do` about it.
    pub(crate) fn beyond(limit: &'static str, allowed: u64, ceiling: bool, what: &str, remedy: &str) -> Self {
        let option = if ceiling { String::new() } else { format!(", or raise the `{limit}` limit of the client") };
        Self::limit(limit, allowed, format!("{what}: {remedy}{option}"))
    }

    pub(crate) fn required(model: &Model, field: &Field) -> Self {
        Self {
            kind: ErrorKind::Required,
            message: format!("`{}.{}` is required and has no default: give it a value", model.name, field.name),
        }
    }

    /// As [`Self::required`], where the row may be connected by this relation instead.
    pub(crate) fn unconnected(model: &Model, field: &Field, relation: &Field) -> Self {
        let error = Self::required(model, field);
        Self { message: format!("{}, or connect or create `{}`", error.message, relation.name), ..error }
    }

    /// A column is written that a relation around the row writes.
    pub(crate) fn set_by_relation(column: &str) -> Self {
        Self::invalid(format!("`{column}` is set by the relation around it: leave it out"))
    }

    /// Rows of `model` cannot be without the relation that a write would take from them.
    pub(crate) fn stays_connected(relation: &str, model: &str) -> Self {
        let message = format!(
            "`{relation}` cannot be disconnected: {model} has its foreign key in required columns; connect another row, or delete it"
        );
        Self { kind: ErrorKind::StaysConnected, message }
    }

    /// The limit that the query is beyond: its name and what it allows.
    pub fn exceeded(&self) -> Option<(&'static str, u64)> {
        match self.kind {
            ErrorKind::Limit { limit, allowed } => Some((limit, allowed)),
            ErrorKind::Invalid | ErrorKind::Required | ErrorKind::StaysConnected => None,
        }
    }

    /// The code that Prisma gives to this error, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self.kind {
            ErrorKind::Invalid => None,
            ErrorKind::Required => Some("P2012"),
            ErrorKind::StaysConnected => Some("P2014"),
            ErrorKind::Limit { .. } => Some("P2029"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
