//! Why a query cannot be compiled.

use std::fmt;

use crate::catalog::{Field, Model};

/// A query that cannot be compiled, or a value that does not fit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Invalid,
    Required,
    Limit { limit: &'static str, allowed: u64 },
}

impl Error {
    pub(crate) fn invalid(message: String) -> Self {
        Self { kind: Kind::Invalid, message }
    }

    /// The query is beyond a limit; `limit` is the name of the limit and of the option that sets it.
    pub(crate) fn limit(limit: &'static str, allowed: u64, message: String) -> Self {
        Self { kind: Kind::Limit { limit, allowed }, message }
    }

    /// The limit that the query is beyond, with a message that says `what` is too much and what to `do` about it.
    pub(crate) fn beyond(limit: &'static str, allowed: u64, ceiling: bool, what: &str, remedy: &str) -> Self {
        let option = if ceiling { String::new() } else { format!(", or raise the `{limit}` limit of the client") };
        Self::limit(limit, allowed, format!("{what}: {remedy}{option}"))
    }

    pub(crate) fn required(model: &Model, field: &Field) -> Self {
        Self {
            kind: Kind::Required,
            message: format!("`{}.{}` is required and has no default: give it a value", model.name, field.name),
        }
    }

    /// As [`Self::required`], where the row may be connected by this relation instead.
    pub(crate) fn unconnected(model: &Model, field: &Field, relation: &Field) -> Self {
        let error = Self::required(model, field);
        Self { message: format!("{}, or connect or create `{}`", error.message, relation.name), ..error }
    }

    /// The limit that the query is beyond: its name and what it allows.
    pub fn exceeded(&self) -> Option<(&'static str, u64)> {
        match self.kind {
            Kind::Limit { limit, allowed } => Some((limit, allowed)),
            Kind::Invalid | Kind::Required => None,
        }
    }

    /// The code that Prisma gives to this error, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Invalid => None,
            Kind::Required => Some("P2012"),
            Kind::Limit { .. } => Some("P2029"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
