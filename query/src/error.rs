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
    TooMany,
}

impl Error {
    pub(crate) fn invalid(message: String) -> Self {
        Self { kind: Kind::Invalid, message }
    }

    pub(crate) fn too_many(message: String) -> Self {
        Self { kind: Kind::TooMany, message }
    }

    pub(crate) fn required(model: &Model, field: &Field) -> Self {
        Self {
            kind: Kind::Required,
            message: format!("`{}.{}` is required and has no default: give it a value", model.name, field.name),
        }
    }

    /// The code that Prisma gives to this error, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Invalid => None,
            Kind::Required => Some("P2012"),
            Kind::TooMany => Some("P2029"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
