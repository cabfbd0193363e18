//! The error of this crate.

use std::{fmt, path::Path};

/// Why a migration could not be planned or applied. Nothing was changed, unless the text says so.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    remedy: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Database,
    Files,
    NotEmpty,
    FailedMigration,
    ScriptFailed,
    ApplyFailed,
    MissingScript,
    UnknownMigration,
    AlreadyApplied,
    NotFailed,
    Drift,
    Refused,
    OtherProvider,
    Unsupported,
}

impl Error {
    /// Prisma's code for it, where there is one.
    pub fn code(&self) -> Option<&'static str> {
        match self.kind {
            Kind::NotEmpty => Some("P3005"),
            Kind::AlreadyApplied => Some("P3008"),
            Kind::FailedMigration => Some("P3009"),
            Kind::NotFailed => Some("P3012"),
            Kind::MissingScript => Some("P3015"),
            Kind::UnknownMigration => Some("P3017"),
            Kind::ApplyFailed => Some("P3018"),
            Kind::OtherProvider => Some("P3019"),
            Kind::Database | Kind::Files | Kind::ScriptFailed | Kind::Drift | Kind::Refused | Kind::Unsupported => None,
        }
    }

    /// Whether the database differs from what its migrations make.
    pub fn is_drift(&self) -> bool {
        self.kind == Kind::Drift
    }

    /// Whether a script failed.
    pub fn is_script_failed(&self) -> bool {
        matches!(self.kind, Kind::ScriptFailed | Kind::ApplyFailed)
    }

    /// Whether the rows in the database forbid the change, or would be lost by it.
    pub fn is_refused(&self) -> bool {
        self.kind == Kind::Refused
    }

    /// What to do about it.
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref()
    }

    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), remedy: None }
    }

    pub(crate) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    pub(crate) fn database(message: impl Into<String>) -> Self {
        Self::new(Kind::Database, message)
    }

    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::new(Kind::Files, format!("{}: {error}", path.display()))
    }

    pub(crate) fn not_empty(message: impl Into<String>) -> Self {
        Self::new(Kind::NotEmpty, message)
    }

    pub(crate) fn failed_migration(message: impl Into<String>) -> Self {
        Self::new(Kind::FailedMigration, message)
    }

    pub(crate) fn script_failed(message: impl Into<String>) -> Self {
        Self::new(Kind::ScriptFailed, message)
    }

    pub(crate) fn missing_script(message: impl Into<String>) -> Self {
        Self::new(Kind::MissingScript, message)
    }

    pub(crate) fn unknown_migration(message: impl Into<String>) -> Self {
        Self::new(Kind::UnknownMigration, message)
    }

    pub(crate) fn already_applied(message: impl Into<String>) -> Self {
        Self::new(Kind::AlreadyApplied, message)
    }

    pub(crate) fn not_failed(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFailed, message)
    }

    pub(crate) fn drift(message: impl Into<String>) -> Self {
        Self::new(Kind::Drift, message)
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// The same, said of a migration.
    pub(crate) fn in_migration(mut self, name: &str) -> Self {
        if self.kind == Kind::FailedMigration {
            return self;
        }
        self.message = format!("the migration {name} failed: {}", self.message);
        self.kind = Kind::ApplyFailed;
        self
    }

    pub(crate) fn other_provider(message: impl Into<String>) -> Self {
        Self::new(Kind::OtherProvider, message)
    }

    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(Kind::Unsupported, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let busy = matches!(
            error.sqlite_error_code(),
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
        );
        let error = Self::database(error.to_string());
        if busy {
            error.with_remedy("another process holds the database; stop it, or try again when it is done")
        } else {
            error
        }
    }
}
