//! `purlin migrate deploy`

use std::process::ExitCode;

use purlin_migrate::{connection::Connection, deploy, history::History, status};

use super::migrate_status::PUSHED;
use crate::{failure::Failure, project::Project, terminal};

pub(crate) fn run(project: &Project) -> Result<ExitCode, Failure> {
    let loaded = project.load()?;
    let history = project.history(&loaded)?;
    let mut connection = project.connect(&loaded)?;
    let any = pending(&mut connection, &history)?;
    deploy::check_rows(&connection, &loaded.schema)?;
    if !any && status::is_pushed(&connection, &history)? {
        terminal::done("Unchanged:", "there are no migrations to run");
        terminal::note(PUSHED);
    } else if !any {
        terminal::done("Unchanged:", format_args!("the database has {}", all(&history)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the pending migrations and tells of each; whether there were any.
pub(super) fn pending(connection: &mut Connection, history: &History) -> Result<bool, Failure> {
    let standing = deploy::check(connection, history)?;
    for name in &standing.edited {
        terminal::warning(format_args!("the migration {name} was edited after it was applied to this database"));
    }
    for name in &standing.missing {
        terminal::warning(format_args!(
            "the database has the migration {name}, which is not in {}",
            terminal::path(&history.folder)
        ));
    }
    for name in standing.late() {
        terminal::warning(format_args!(
            "the migration {name} is older than some that this database has, and runs after them: where the order counts, \
             databases that are made anew will differ"
        ));
    }
    let done_before = deploy::apply(connection, history, &standing, |name| terminal::done("Applied", name))?;
    if !done_before.is_empty() {
        let what = terminal::count(done_before.len(), "migration");
        let names = done_before.join(", ");
        terminal::done("Unchanged:", format_args!("another process has applied {what} meanwhile: {names}"));
    }
    Ok(!standing.pending.is_empty())
}

/// `all migrations (3)`
pub(super) fn all(history: &History) -> String {
    match history.migrations.len() {
        0 => "all migrations; there are none yet".to_owned(),
        number => format!("all migrations ({number})"),
    }
}
