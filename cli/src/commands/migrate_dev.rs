//! `purlin migrate dev`

use std::process::ExitCode;

use purlin_migrate::{
    deploy,
    develop::{self, Drift},
    history::History,
    lock::Lock,
    plan::{Level, Plan},
    push::DataLoss,
};

use super::{generate, migrate_deploy};
use crate::{database::datasource, failure::Failure, project::Project, terminal};

/// What the user wants.
pub(crate) struct Wish {
    pub(crate) name: Option<String>,
    pub(crate) create_only: bool,
    pub(crate) accept_data_loss: bool,
}

pub(crate) fn run(project: &Project, wish: Wish) -> Result<ExitCode, Failure> {
    let loaded = project.load()?;
    let provider = datasource(&loaded)?.provider;
    let folder = project.migrations(&loaded)?;
    let _lock = Lock::take(&folder, || {
        terminal::note("another `migrate dev` is at work on this project: waiting for its end");
    })?;
    // Read under the lock: the other one may have written a migration.
    let mut history = project.history(&loaded)?;
    let mut connection = project.connect(&loaded)?;
    let standing = deploy::check(&connection, &history)?;
    check_missing(&standing.missing)?;
    let applied = migrate_deploy::pending(&mut connection, &history)?;
    let unchanged = if applied {
        "the pending migrations were applied, and nothing else was changed"
    } else {
        "nothing was changed"
    };

    let drift = if wish.create_only { Drift::Ignored } else { Drift::Refused };
    let draft = develop::draft(&mut connection, &loaded.schema, &history, drift)
        .map_err(|error| blame_edit(Failure::from(error), &history, &standing.edited))?;
    tell(&draft.plan);
    if !wish.create_only {
        let accepted = wish.accept_data_loss || confirm(project, &draft.plan)?;
        let loss = if accepted { DataLoss::Accepted } else { DataLoss::Refused };
        develop::check_hazards(&draft, loss).map_err(|error| {
            if draft.plan.is_empty() {
                // An enum is text in the database: there is nothing to write a migration about but the rows.
                return Failure::from(error).with_remedy(format!(
                    "{unchanged}; write an empty migration with --create-only, and into it the UPDATE that changes these rows, \
                     or accept them as they are with --accept-data-loss"
                ));
            }
            let accept = if draft.plan.at(Level::Blocked).next().is_some() {
                ""
            } else {
                ", or accept the loss with --accept-data-loss"
            };
            Failure::from(error)
                .with_remedy(format!("{unchanged}; write the migration with --create-only and edit it{accept}"))
        })?;
    }
    if draft.plan.is_empty() && !wish.create_only {
        for hazard in &draft.plan.hazards {
            terminal::warning(format_args!("accepted: {}", hazard.message));
        }
        terminal::done("Unchanged:", "the migrations make what the schema describes");
        generate::note_stale(project, &loaded);
        return Ok(ExitCode::SUCCESS);
    }
    let name = name(project, wish.name)?;
    let changes = draft.plan.changes.clone();
    let drifted = draft.drift.is_some();
    if let Some(drift) = &draft.drift {
        terminal::warning(drift);
    }
    let migration = develop::write(draft, &mut history, &name, provider)?;
    let path = history.folder.join(&migration.name).join("migration.sql");
    terminal::done("Wrote", terminal::path(&path));
    changes.iter().for_each(terminal::change);
    if wish.create_only && drifted {
        terminal::note(format_args!(
            "it was not run: if it makes what the database already is, run `purlin migrate resolve --applied {}`",
            migration.name
        ));
    } else if wish.create_only {
        terminal::note("it was not run: look through it, then run `purlin migrate dev` again");
    } else {
        migrate_deploy::pending(&mut connection, &history).map_err(|failure| {
            let unchanged = "nothing was changed";
            let remedy = failure.remedy.clone().unwrap_or_else(|| unchanged.to_owned());
            let stays = format!("the database was not changed, and {} is there", terminal::path(&path));
            failure.with_remedy(remedy.replacen(unchanged, &stays, 1))
        })?;
    }
    generate::note_stale(project, &loaded);
    Ok(ExitCode::SUCCESS)
}

/// The migration's name: a folder that is a number tells nobody anything.
fn name(project: &Project, said: Option<String>) -> Result<String, Failure> {
    let name = said.or_else(|| terminal::ask("What does this migration do? Its name:", project.global.no_input));
    name.filter(|name| name.contains(char::is_alphanumeric)).ok_or_else(|| {
        Failure::trouble("the new migration needs a name; nothing was written")
            .with_remedy("say in a few words what it does: `purlin migrate dev --name add-posts`")
    })
}

/// Where an applied migration was edited, that is what is to be mended, whatever came of it.
fn blame_edit(failure: Failure, history: &History, edited: &[String]) -> Failure {
    let Some(name) = edited.first() else { return failure };
    let path = history.folder.join(name).join("migration.sql");
    failure.with_remedy(format!(
        "{} was edited after it was applied: restore the file, and make the change in the schema and a migration of its \
         own",
        terminal::path(&path)
    ))
}

fn check_missing(missing: &[String]) -> Result<(), Failure> {
    let Some(name) = missing.first() else { return Ok(()) };
    Err(Failure::no(format!("the database has the migration {name}, which is not in the folder")).with_remedy(
        "get the folder back from version control, or start over with `purlin migrate reset`, which drops all data",
    ))
}

fn tell(plan: &Plan) {
    if !plan.unmodeled.is_empty() {
        terminal::note(format_args!("left alone, no migration generated them: {}", plan.unmodeled.join(", ")));
    }
    for note in &plan.notes {
        terminal::note(note);
    }
}

/// Returns whether the user accepts what is lost. Where the rows forbid the change there is nothing to ask.
fn confirm(project: &Project, plan: &Plan) -> Result<bool, Failure> {
    if plan.at(Level::Loss).next().is_none() || plan.at(Level::Blocked).next().is_some() {
        return Ok(false);
    }
    // The refusal lists what would be lost.
    if !terminal::can_ask(project.global.no_input) {
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
