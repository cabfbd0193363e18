//! `purlin db push`

use std::{process::ExitCode, time::Instant};

use purlin_migrate::{
    connection::Connection,
    plan::Hazard,
    push::{self, DataLoss},
    status,
};

use super::generate;
use crate::{
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

pub(crate) fn run(project: &Project, accept_data_loss: bool, force_reset: bool) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let loaded = project.load()?;
    let mut connection = project.connect(&loaded)?;
    if force_reset {
        connection.reset()?;
        terminal::done("Dropped", "everything in the database");
    }
    let push = push::plan(&mut connection, &loaded.schema)?;
    let plan = push.plan();
    // Before the change, so that it is also read where the change is refused.
    if !plan.is_empty()
        && connection.history()?.is_some_and(|rows| rows.iter().any(|row| !row.rolled_back))
        && !ends_drift(project, &loaded, &connection)
    {
        terminal::warning(
            "the database has a history of migrations, and none of them makes this change: `migrate dev` will report \
             it as drift; to change both, take the change back and run `purlin migrate dev --name <name>` instead",
        );
    }
    let loss = if accept_data_loss { DataLoss::Accepted } else { DataLoss::Refused };
    push::apply(&mut connection, &push, loss)?;
    for note in &plan.notes {
        terminal::note(note);
    }
    if !plan.unmodeled.is_empty() {
        terminal::note(format_args!("left alone, the schema does not know them: {}", plan.unmodeled.join(", ")));
    }
    if plan.is_empty() {
        plan.hazards.iter().for_each(accepted);
        terminal::done("Unchanged:", "the database is what the schema describes");
        generate::note_stale(project, &loaded);
        return Ok(ExitCode::SUCCESS);
    }
    let changes = terminal::count(plan.changes.len(), "change");
    terminal::done("Changed", format_args!("the database: {changes} ({})", terminal::time(started.elapsed())));
    plan.changes.iter().for_each(terminal::change);
    plan.hazards.iter().for_each(accepted);
    generate::note_stale(project, &loaded);
    Ok(ExitCode::SUCCESS)
}

fn accepted(hazard: &Hazard) {
    terminal::warning(format_args!("accepted: {}", hazard.message));
}

/// Returns whether the database differs from what its migrations make, and the schema does not: the push takes the difference
/// back.
fn ends_drift(project: &Project, loaded: &Loaded, connection: &Connection) -> bool {
    let Ok(history) = project.history(loaded) else { return false };
    let status = status::status(connection, &loaded.schema, &history);
    status.is_ok_and(|status| !status.drift.is_empty() && status.unmigrated.is_empty())
}
