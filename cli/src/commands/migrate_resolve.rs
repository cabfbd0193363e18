//! `purlin migrate resolve`

use std::process::ExitCode;

use purlin_migrate::{
    connection::Connection,
    history::{History, Standing},
    resolve,
};

use crate::{
    args::{Resolve, UNNAMED},
    failure::Failure,
    project::Project,
    terminal,
};

pub(crate) fn run(project: &Project, what: &Resolve) -> Result<ExitCode, Failure> {
    let loaded = project.load()?;
    let history = project.history(&loaded)?;
    if let Some(option) = unnamed(what) {
        let connection = project.connect_to_look(&loaded)?;
        let standing = history.standing(&connection.history()?.unwrap_or_default());
        return Err(ask_for_name(option, &standing));
    }
    let mut connection = project.connect(&loaded)?;
    if let Some(name) = &what.applied {
        resolve::applied(&mut connection, &history, name)?;
        terminal::done("Recorded", format_args!("{name} as applied"));
        warn_of_lacking(&connection, &history)?;
    }
    if let Some(name) = &what.rolled_back {
        resolve::rolled_back(&mut connection, &history, name)?;
        terminal::done("Recorded", format_args!("{name} as rolled back"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what the database does not have although its migrations make it: nothing was run.
fn warn_of_lacking(connection: &Connection, history: &History) -> Result<(), Failure> {
    let lacking = resolve::lacking(connection, history)?;
    if lacking.is_empty() {
        return Ok(());
    }
    let list: String = lacking.iter().map(|change| format!("\n  {} {}", change.kind.sign(), change.what)).collect();
    terminal::warning(format_args!(
        "nothing was run, and the database lacks what its migrations make; from the migrations to the database:{list}"
    ));
    terminal::note(
        "make the same change in the database with `purlin db execute`; or restore the file from version control, and make \
         the change in the schema and by `purlin migrate dev`",
    );
    Ok(())
}

/// The option that was typed without the name of a migration.
fn unnamed(what: &Resolve) -> Option<&'static str> {
    let is_unnamed = |name: &Option<String>| name.as_deref() == Some(UNNAMED);
    [("--applied", &what.applied), ("--rolled-back", &what.rolled_back)]
        .into_iter()
        .find_map(|(option, name)| is_unnamed(name).then_some(option))
}

/// Lists the migrations that an option can be about.
fn ask_for_name(option: &str, standing: &Standing) -> Failure {
    let mut names: Vec<&str> = standing.failed.iter().map(String::as_str).collect();
    if option == "--applied" {
        names.retain(|name| !standing.failed_and_missing.iter().any(|missing| missing == name));
        names.extend(standing.pending.iter().map(|migration| migration.name.as_str()));
        names.extend(standing.edited.iter().map(String::as_str));
        names.sort_unstable();
        names.dedup();
    }
    let failure = Failure::trouble(format!("{option} needs the name of a migration"));
    if names.is_empty() {
        let none = if option == "--applied" { "is pending, failed or was edited" } else { "failed" };
        return failure.with_remedy(format!("no migration {none}: there is nothing to settle"));
    }
    let list: String = names.iter().map(|name| format!("\n  purlin migrate resolve {option} {name}")).collect();
    failure.with_remedy(format!("run the one that is meant:{list}"))
}
