//! The database: whether it is there, can be read and written, and of a file whether it is whole.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use purlin_migrate::connection::Connection;

use super::{Finding, database_file};
use crate::{
    database::{datasource, is_sqlite, unsupported},
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

pub(super) const NAME: &str = "database";

/// How often a long check says that it is still at work.
const PROGRESS: Duration = Duration::from_secs(5);

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    if unsupported(&loaded.schema).is_some() {
        return Ok(Vec::new());
    }
    let url = project.url(loaded)?;
    if let Some(elsewhere) = project.elsewhere(loaded, &project.written_url(loaded)?)? {
        return Err(elsewhere.failure());
    }
    let Some(file) = database_file(project, loaded) else {
        // Its address may be wrong; opening it says how.
        let connection = Connection::open_to_look(datasource(loaded)?, &url)?;
        if is_sqlite(&loaded.schema) || connection.is_writable()? {
            return Ok(Vec::new());
        }
        let message =
            "the server takes no writes: it is a standby, or the user's transactions are read-only by default";
        return Ok(vec![Finding::error(NAME, message, "use the URL of the primary server")]);
    };
    let path = PathBuf::from(&file);
    if matches!(path.try_exists(), Ok(false)) {
        return Ok(vec![
            Finding::error(
                NAME,
                "the database does not exist",
                "create it with `purlin migrate deploy` or `purlin db push`, or correct the database's URL",
            )
            .at(file),
        ]);
    }
    let mut connection = Connection::open_to_look(datasource(loaded)?, &url)?;
    let mut findings = Vec::new();
    if purlin_migrate::sqlite::is_read_only(&url) {
        // Nobody wants to write it.
    } else if !connection.is_writable()? {
        findings.push(
            Finding::error(NAME, "the database cannot be written", "make the file writable for the user who runs this")
                .at(file.clone()),
        );
    } else if let Some(folder) = unwritable_folder(&path) {
        findings.push(
            Finding::error(
                NAME,
                format!("no files can be created in {folder}, where SQLite keeps the journal of the database"),
                "make the folder writable for the user who runs this",
            )
            .at(file.clone()),
        );
    }
    let mode = connection.journal_mode()?;
    if mode != "wal" && mode != "delete" {
        findings.push(
            Finding::warning(
                NAME,
                format!("the database has the journal mode {mode}: readers wait for writers"),
                "nothing is to be done: the client changes it to WAL when it first opens the file",
            )
            .at(file.clone()),
        );
    }
    let shown = file.clone();
    let damage = connection.damage(PROGRESS, move |passed| {
        terminal::note(format_args!("still checking {shown} ({})", terminal::time(passed)));
    })?;
    if damage > 0 {
        findings.push(
            Finding::error(
                NAME,
                format!("the database is damaged: {}", match damage {
                    1 => "1 inconsistency".to_owned(),
                    number => format!("{number} inconsistencies"),
                }),
                "stop the programs that use it, and restore it from a backup; `.recover` of the sqlite3 shell saves what \
                 can be read",
            )
            .at(file),
        );
    }
    Ok(findings)
}

/// The folder of a file, if no file can be made in it. Rights alone do not tell: the file system may be read-only.
fn unwritable_folder(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let probe = folder.join(format!(".purlin-doctor-{}", std::process::id()));
    if std::fs::OpenOptions::new().write(true).create_new(true).open(&probe).is_err() {
        return Some(terminal::path(folder));
    }
    // It was made a moment ago; that it may be left over is the lesser trouble.
    let _ = std::fs::remove_file(&probe);
    None
}
