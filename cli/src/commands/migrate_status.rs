//! `purlin migrate status`

use std::process::ExitCode;

use purlin_migrate::status;

use super::migrate_deploy::all;
use crate::{failure::Failure, project::Project, terminal};

pub(crate) fn run(project: &Project) -> Result<ExitCode, Failure> {
    let loaded = project.load()?;
    let history = project.history(&loaded)?;
    let connection = project.connect_to_look(&loaded)?;
    let status = status::status(&connection, &loaded.schema, &history)?;
    if status.is_in_sync() {
        terminal::done("In sync:", format_args!("the database has {}", all(&history)));
        return Ok(ExitCode::SUCCESS);
    }
    let standing = &status.standing;
    let list = |what: &str, names: Vec<&str>| {
        if !names.is_empty() {
            terminal::line(format_args!("{what}:"));
            names.iter().for_each(|name| terminal::line(format_args!("  {name}")));
        }
    };
    list("Failed, to be settled with `purlin migrate resolve`", standing.failed.iter().map(String::as_str).collect());
    list("Not applied yet", standing.pending.iter().map(|migration| migration.name.as_str()).collect());
    list("Edited after they were applied", standing.edited.iter().map(String::as_str).collect());
    list("Applied, but not in the folder", standing.missing.iter().map(String::as_str).collect());
    if !status.differences.is_empty() {
        terminal::line("In the schema, but in no migration:");
        status.differences.iter().for_each(terminal::change);
    }
    let remedy = if !standing.pending.is_empty() {
        "run `purlin migrate deploy`"
    } else if !status.differences.is_empty() {
        "run `purlin migrate dev`"
    } else {
        "bring the folder back from version control, or settle it with `purlin migrate resolve`"
    };
    Err(Failure::no("the database is not in sync").with_remedy(remedy))
}
