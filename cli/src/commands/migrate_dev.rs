//! `purlin migrate dev`

use std::process::ExitCode;

use purlin_migrate::{
    deploy, develop,
    plan::{Level, Plan},
    push::DataLoss,
};

use super::migrate_deploy;
use crate::{
    failure::Failure,
    project::{Project, datasource},
    terminal,
};

/// What the user wants.
pub(crate) struct Wish {
    pub(crate) name: Option<String>,
    pub(crate) create_only: bool,
    pub(crate) accept_data_loss: bool,
}

pub(crate) fn run(project: &Project, wish: Wish) -> Result<ExitCode, Failure> {
    let loaded = project.load()?;
    let provider = datasource(&loaded)?.provider;
    let mut history = project.history(&loaded)?;
    let mut connection = project.connect(&loaded)?;
    check_missing(&deploy::check(&connection, &history)?.missing)?;
    migrate_deploy::pending(&mut connection, &history)?;

    let draft = develop::draft(&mut connection, &loaded.schema, &history)?;
    tell(&draft.plan);
    if draft.plan.is_empty() {
        terminal::done("Unchanged:", "the migrations make what the schema describes");
        return Ok(ExitCode::SUCCESS);
    }
    if !wish.create_only {
        let accepted = wish.accept_data_loss || confirm(project, &draft.plan)?;
        let loss = if accepted { DataLoss::Accepted } else { DataLoss::Refused };
        develop::check_hazards(&draft, loss).map_err(Failure::from).map_err(|failure| {
            let remedy = "nothing was changed; write the migration with --create-only and edit it, or accept the loss \
                          with --accept-data-loss";
            failure.with_remedy(remedy)
        })?;
    }
    let name = match wish.name {
        Some(name) => name,
        None => terminal::ask("What does this migration do? Its name:", project.global.no_input).unwrap_or_default(),
    };
    let changes = draft.plan.changes.clone();
    let migration = develop::write(draft, &mut history, &name, provider)?;
    let path = history.folder.join(&migration.name).join("migration.sql");
    terminal::done("Wrote", terminal::path(&path));
    changes.iter().for_each(terminal::change);
    if wish.create_only {
        terminal::note("it was not run: look through it, then run `purlin migrate dev` again");
    } else {
        migrate_deploy::pending(&mut connection, &history)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check_missing(missing: &[String]) -> Result<(), Failure> {
    let Some(name) = missing.first() else { return Ok(()) };
    Err(Failure::no(format!("the database has the migration {name}, which is not in the folder"))
        .with_remedy("get the folder back from version control, or start anew with `purlin migrate reset`"))
}

fn tell(plan: &Plan) {
    if !plan.unmodelled.is_empty() {
        terminal::note(format_args!("left alone, no migration generated them: {}", plan.unmodelled.join(", ")));
    }
    for note in &plan.notes {
        terminal::note(note);
    }
}

/// Whether the user accepts what is lost. Where the rows forbid the change there is nothing to ask.
fn confirm(project: &Project, plan: &Plan) -> Result<bool, Failure> {
    if plan.at(Level::Loss).next().is_none() || plan.at(Level::Blocked).next().is_some() {
        return Ok(false);
    }
    for hazard in plan.at(Level::Loss) {
        terminal::warning(&hazard.message);
    }
    match terminal::ask("Go on and lose it? (y/N)", project.global.no_input).as_deref() {
        Some("y" | "Y" | "yes") => Ok(true),
        Some(_) => Err(Failure::no("nothing was changed")),
        None => Ok(false),
    }
}
