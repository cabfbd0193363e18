//! The error of this crate.

use std::{fmt, path::Path};

/// Why a migration could not be planned or applied. Nothing was changed, unless the text says so.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    remedy: Option<String>,
    /// What SQLite said of the file, where it is not about the statement.
    trouble: Option<rusqlite::ErrorCode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ErrorKind {
    Database,
    #[cfg(feature = "postgres")]
    NoDatabase,
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
            #[cfg(feature = "postgres")]
            ErrorKind::NoDatabase => Some("P1003"),
            ErrorKind::NotEmpty => Some("P3005"),
            ErrorKind::AlreadyApplied => Some("P3008"),
            ErrorKind::FailedMigration => Some("P3009"),
            ErrorKind::NotFailed => Some("P3012"),
            ErrorKind::MissingScript => Some("P3015"),
            ErrorKind::UnknownMigration => Some("P3017"),
            ErrorKind::ApplyFailed => Some("P3018"),
            ErrorKind::OtherProvider => Some("P3019"),
            ErrorKind::Database
            | ErrorKind::Files
            | ErrorKind::ScriptFailed
            | ErrorKind::Drift
            | ErrorKind::Refused
            | ErrorKind::Unsupported => None,
        }
    }

    /// Returns whether the database differs from what its migrations make.
    pub fn is_drift(&self) -> bool {
        self.kind == ErrorKind::Drift
    }

    /// Returns whether a script failed.
    pub fn is_script_failed(&self) -> bool {
        matches!(self.kind, ErrorKind::ScriptFailed | ErrorKind::ApplyFailed)
    }

    /// Returns whether the rows in the database forbid the change, or would be lost by it.
    pub fn is_refused(&self) -> bool {
        self.kind == ErrorKind::Refused
    }

    /// What to do about it.
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref()
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), remedy: None, trouble: None }
    }

    pub(crate) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same, unless there is better advice.
    #[cfg(feature = "postgres")]
    pub(crate) fn with_remedy_unless_known(mut self, remedy: &str) -> Self {
        self.remedy.get_or_insert_with(|| remedy.to_owned());
        self
    }

    /// A database that its server does not have.
    #[cfg(feature = "postgres")]
    pub(crate) fn no_database(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NoDatabase, message).with_remedy(
            "create it with `purlin db push`, `purlin migrate dev` or `purlin migrate deploy`, or correct the database's URL",
        )
    }

    /// Returns whether the server does not have the database.
    #[cfg(feature = "postgres")]
    pub(crate) fn is_no_database(&self) -> bool {
        self.kind == ErrorKind::NoDatabase
    }

    /// The same, said of a place in a script.
    #[cfg(feature = "postgres")]
    pub(crate) fn in_script(mut self, place: &str) -> Self {
        self.message = format!("{place}{}", self.message);
        self.kind = ErrorKind::ScriptFailed;
        self
    }

    pub(crate) fn database(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Database, message)
    }

    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        use std::io;
        let why = match error.kind() {
            io::ErrorKind::NotFound => "it does not exist",
            io::ErrorKind::PermissionDenied => "permission is denied",
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
            io::ErrorKind::IsADirectory => "it is a folder",
            io::ErrorKind::NotADirectory => "it, or a part of its path, is a file and not a folder",
            io::ErrorKind::InvalidData => "it is not in the encoding UTF-8",
            io::ErrorKind::StorageFull => "the disk is full",
            _ => return Self::new(ErrorKind::Files, format!("cannot use {}: {error}", path.display())),
        };
        Self::new(ErrorKind::Files, format!("cannot use {}: {why}", path.display()))
    }

    pub(crate) fn not_empty(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotEmpty, message)
    }

    pub(crate) fn failed_migration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::FailedMigration, message)
    }

    pub(crate) fn script_failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::ScriptFailed, message)
    }

    pub(crate) fn missing_script(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::MissingScript, message)
    }

    pub(crate) fn unknown_migration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::UnknownMigration, message)
    }

    pub(crate) fn already_applied(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::AlreadyApplied, message)
    }

    pub(crate) fn not_failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFailed, message)
    }

    pub(crate) fn drift(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Drift, message)
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Refused, message)
    }

    /// The same, said of a migration.
    pub(crate) fn in_migration(mut self, name: &str) -> Self {
        if self.kind == ErrorKind::FailedMigration {
            return self;
        }
        self.message = format!("the migration {name} failed: {}", self.message);
        self.kind = ErrorKind::ApplyFailed;
        self
    }

    pub(crate) fn other_provider(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::OtherProvider, message)
    }

    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
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
        let trouble = error.sqlite_error_code();
        Self { trouble, ..Self::database(reason(&error)) }
    }
}

impl Error {
    /// A statement of a script that failed.
    pub(crate) fn statement(line: usize, error: &rusqlite::Error) -> Self {
        let trouble = error.sqlite_error_code();
        Self { trouble, ..Self::script_failed(format!("line {line}: {}", reason(error))) }
    }

    /// The same error, which is not to be told of the database's file.
    pub(crate) fn about_the_script(mut self) -> Self {
        self.trouble = None;
        self
    }

    /// The same error, told of the file, where the file is what is wrong.
    pub(crate) fn at(self, path: &Path) -> Self {
        let Some(trouble) = self.trouble else { return self };
        match about_file(path, trouble) {
            Some((message, remedy)) => {
                // What is known of the database stays said.
                let remedy = match self.remedy {
                    Some(own) if own.starts_with("nothing was changed") => format!("nothing was changed; {remedy}"),
                    Some(own) => format!("{remedy}; {own}"),
                    None => remedy,
                };
                Self::database(message).with_remedy(remedy)
            }
            None => self,
        }
    }
}

/// What SQLite says, without the statement and without what it quotes of it: names stay, values do not.
pub(crate) fn reason(error: &rusqlite::Error) -> String {
    let message = match error {
        // SQLite says two words: `datatype mismatch`.
        rusqlite::Error::SqliteFailure(found, _) if found.code == rusqlite::ErrorCode::TypeMismatch => {
            "a value that is no whole number cannot be the INTEGER PRIMARY KEY of a row (datatype mismatch)".to_owned()
        }
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(code, None) => code.to_string(),
        // The others carry the values that did not fit.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..) => "the database returned a value of another type than expected".to_owned(),
        other => other.to_string(),
    };
    without_literals(&message)
}

/// `near "'secret'": syntax error` without the text or the number between the quotes.
fn without_literals(message: &str) -> String {
    let Some((before, rest)) = message.split_once("near \"") else { return message.to_owned() };
    let Some((token, after)) = rest.rsplit_once("\": ") else { return message.to_owned() };
    let literal = token.starts_with(|first: char| first == '\'' || first.is_ascii_digit())
        || token.starts_with("x'")
        || token.starts_with("X'");
    if literal { format!("{before}near a value: {after}") } else { message.to_owned() }
}

/// What is wrong with a file, and what to do about it.
fn about_file(path: &Path, trouble: rusqlite::ErrorCode) -> Option<(String, String)> {
    use rusqlite::ErrorCode;
    let shown = path.display();
    let (message, remedy) = match trouble {
        ErrorCode::NotADatabase => (
            format!("{shown} is not an SQLite database, or it is encrypted"),
            "check the database's URL; if this file was the database, restore it from a backup".to_owned(),
        ),
        ErrorCode::DatabaseCorrupt => (
            format!("the SQLite database {shown} is damaged"),
            "stop the programs that use it, and restore it from a backup; `.recover` of the sqlite3 shell saves what can \
             be read"
                .to_owned(),
        ),
        ErrorCode::ReadOnly => (
            format!("the SQLite database {shown} cannot be written: the file, or the folder that it is in, is read-only"),
            "make both writable for the user who runs this command".to_owned(),
        ),
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => return Some(cannot_open(path)),
        ErrorCode::SystemIoFailure => (
            format!("reading or writing the SQLite database {shown} failed: the disk or the file system reports an error"),
            "look at the disk and at the system's log; a database on a network drive belongs on a local one".to_owned(),
        ),
        ErrorCode::DiskFull => (
            format!("the disk is full: there is no room to change the SQLite database {shown}"),
            "free some space; a table that is rebuilt needs its own size once more".to_owned(),
        ),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => (
            format!("the SQLite database {shown} is locked by another process"),
            "stop that process, or run the command again when it is done".to_owned(),
        ),
        _ => return None,
    };
    Some((message, remedy))
}

/// Why a file cannot be opened: SQLite does not say.
fn cannot_open(path: &Path) -> (String, String) {
    use std::io::ErrorKind;
    let shown = path.display();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let found = std::fs::metadata(path);
    match found {
        Ok(found) if found.is_dir() => (
            format!("{shown} is a folder, not an SQLite database"),
            "write the path of a file into the database's URL, for example file:./dev.db".to_owned(),
        ),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => (
            format!("cannot open the SQLite database {shown}: permission to its folder is denied"),
            "let the user who runs this command read and enter the folder".to_owned(),
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => match std::fs::metadata(folder) {
            Ok(_) => (
                format!("cannot create the SQLite database {shown}: the folder {} is read-only", folder.display()),
                "make the folder writable for the user who runs this command, or correct the database's URL".to_owned(),
            ),
            Err(_) => (
                format!("cannot create the SQLite database {shown}: there is no folder {}", folder.display()),
                "create the folder, or correct the database's URL".to_owned(),
            ),
        },
        _ => (
            format!("cannot open the SQLite database {shown}: permission to it, or to its folder, is denied"),
            "let the user who runs this command read and write the file and its folder".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_and_values_do_not() {
        for (message, expected) in [
            ("near \"NONSENSE\": syntax error", "near \"NONSENSE\": syntax error"),
            ("near \"'hunter2'\": syntax error", "near a value: syntax error"),
            ("near \"'hunter\": 2'\": syntax error", "near a value: syntax error"),
            ("near \"4711\": syntax error", "near a value: syntax error"),
            ("near \"x'00'\": syntax error", "near a value: syntax error"),
            ("UNIQUE constraint failed: User.email", "UNIQUE constraint failed: User.email"),
        ] {
            assert_eq!(without_literals(message), expected);
        }
    }
}
