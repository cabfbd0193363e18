//! Why a command stopped: what, and what to do about it.

use std::{borrow::Cow, io, path::Path};

/// Why a command stopped.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) code: Option<&'static str>,
    pub(crate) remedy: Option<String>,
    kind: FailureKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FailureKind {
    /// The answer is no.
    No,
    /// Wrong usage, or something out of reach.
    Trouble,
}

impl Failure {
    /// The answer is no: exit code 1.
    pub(crate) fn no(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: None, remedy: None, kind: FailureKind::No }
    }

    /// Wrong usage, or something out of reach: exit code 2.
    pub(crate) fn trouble(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: None, remedy: None, kind: FailureKind::Trouble }
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        use io::ErrorKind;
        let leads_nowhere = || path.symlink_metadata().is_ok_and(|found| found.is_symlink());
        let (why, remedy): (Cow<'_, str>, Option<String>) = match error.kind() {
            ErrorKind::NotFound if leads_nowhere() => ("it is a link that leads nowhere".into(), None),
            ErrorKind::NotFound => ("it does not exist".into(), None),
            ErrorKind::PermissionDenied => {
                ("permission is denied".into(), Some(format!("let the user who runs this command {doing} it")))
            }
            ErrorKind::ReadOnlyFilesystem => ("the file system is read-only".into(), None),
            ErrorKind::IsADirectory => ("it is a folder".into(), None),
            ErrorKind::NotADirectory => ("a part of its path is a file".into(), None),
            ErrorKind::InvalidFilename => ("its name is too long".into(), None),
            ErrorKind::FileTooLarge => ("it is too large".into(), None),
            ErrorKind::StorageFull => ("the disk is full".into(), Some("free some space".to_owned())),
            _ => (error.to_string().into(), None),
        };
        let failure = Self::trouble(format!("cannot {doing} {}: {why}", crate::terminal::path(path)));
        match remedy {
            Some(remedy) => failure.with_remedy(remedy),
            None => failure,
        }
    }

    pub(crate) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self.kind {
            FailureKind::No => 1,
            FailureKind::Trouble => 2,
        }
    }
}

impl From<purlin_migrate::Error> for Failure {
    fn from(error: purlin_migrate::Error) -> Self {
        let no = error.code().is_some() || error.is_refused() || error.is_script_failed() || error.is_drift();
        Self {
            message: error.to_string(),
            code: error.code(),
            remedy: error.remedy().map(str::to_owned),
            kind: if no { FailureKind::No } else { FailureKind::Trouble },
        }
    }
}
