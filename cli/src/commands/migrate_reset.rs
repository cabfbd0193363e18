//! `purlin migrate reset`

use std::process::ExitCode;

use super::migrate_deploy;
use crate::{failure::Failure, project::Project, terminal};

pub(crate) fn run(project: &Project, force: bool) -> Result<ExitCode, Failure> {
    let loaded = project.load()?;
    let history = project.history(&loaded)?;
    let url = project.url(&loaded)?;
    if !force {
        let question = format!("Everything in {url} will be dropped. Type \"reset\" to go on:");
        match terminal::ask(&question, project.global.no_input) {
            Some(answer) if answer == "reset" => {}
            Some(_) => return Err(Failure::no("nothing was changed")),
            None => {
                return Err(Failure::trouble(
                    "a reset drops everything in the database, and nobody is here to confirm it",
                )
                .with_remedy("run it again with --force"));
            }
        }
    }
    let mut connection = project.connect(&loaded)?;
    connection.reset()?;
    terminal::done("Dropped", "everything in the database");
    migrate_deploy::pending(&mut connection, &history)?;
    if history.migrations.is_empty() {
        terminal::note("there are no migrations, so that the database is empty: `purlin db push` makes the tables");
    }
    Ok(ExitCode::SUCCESS)
}
