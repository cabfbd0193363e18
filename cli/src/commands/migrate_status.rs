//! `purlin migrate status`

use std::process::ExitCode;

use purlin_migrate::{
    develop::Remedy,
    history::History,
    plan::{Change, ChangeKind},
    sqlite::OtherForms,
    status::{self, Status},
};
use serde_json::{Value, json};

use super::migrate_deploy::all;
use crate::{args::ReportFormat, failure::Failure, project::Project, terminal};

pub(crate) fn run(project: &Project, format: ReportFormat) -> Result<ExitCode, Failure> {
    let loaded = project.load()?;
    let history = project.history(&loaded)?;
    let connection = project.connect_to_look(&loaded)?;
    let status = status::status(&connection, &loaded.schema, &history)?;
    let forms = connection.other_forms(&loaded.schema)?;
    let mut notes = OtherForms::advice(&forms);
    let is_pushed = status::is_pushed(&connection, &history)?;
    if is_pushed && status.is_in_sync() {
        notes.push(PUSHED.to_owned());
    }
    if format == ReportFormat::Json {
        let text = serde_json::to_string_pretty(&report(&status, &history, &notes))
            .map_err(|error| Failure::trouble(format!("cannot write the report as JSON: {error}")))?;
        terminal::line(text);
        return Ok(ExitCode::from(u8::from(!status.is_in_sync())));
    }
    notes.iter().for_each(terminal::note);
    if status.is_in_sync() {
        let what =
            if is_pushed { WITHOUT_MIGRATIONS.to_owned() } else { format!("the database has {}", all(&history)) };
        terminal::done("In sync:", what);
        return Ok(ExitCode::SUCCESS);
    }
    for section in sections(&status) {
        terminal::line(format_args!("{}:", section.title));
        for name in &section.names {
            terminal::line(format_args!("  {name}"));
        }
        section.changes.into_iter().for_each(terminal::change);
    }
    Err(Failure::no("the database is not in sync").with_remedy(remedy(&status, &history)))
}

/// The state of a database that `db push` keeps in step with the schema.
const WITHOUT_MIGRATIONS: &str = "the database is what the schema describes, made without migrations";

/// What to know of such a database before migrations are used.
pub(crate) const PUSHED: &str = "the schema was pushed without migrations, so `migrate dev` would refuse this database: to begin a \
     history, write the first migration with `purlin migrate dev --create-only --name init`, and record it with `purlin \
     migrate resolve --applied <migration>`; without one, go on with `purlin db push`";

/// A list under a title.
struct Section<'a> {
    title: &'static str,
    names: Vec<&'a str>,
    changes: Vec<&'a Change>,
}

fn sections(status: &Status) -> Vec<Section<'_>> {
    let standing = &status.standing;
    let mut sections = Vec::new();
    let pending: Vec<&str> = standing.pending.iter().map(|migration| migration.name.as_str()).collect();
    for (title, names) in [
        ("Began and did not end", standing.failed.iter().map(String::as_str).collect()),
        ("Not applied yet", pending),
        ("Edited after they were applied", standing.edited.iter().map(String::as_str).collect()),
        ("Applied, but not in the folder", standing.missing.iter().map(String::as_str).collect()),
    ] {
        sections.push(Section { title, names, changes: Vec::new() });
    }
    let explained = !status.drift.is_empty() || !status.unmigrated.is_empty();
    for (changes, [added, removed, altered]) in [
        (
            &status.drift,
            [
                "In the database, but not made by its migrations",
                "Made by the migrations, but missing in the database",
                "In the database, but other than its migrations make it",
            ],
        ),
        (
            &status.unmigrated,
            [
                "In the schema, but not in a migration yet",
                "Made by the migrations, but not in the schema",
                "In the schema, but other than the migrations make it",
            ],
        ),
        (
            if explained { const { &Vec::new() } } else { &status.differences },
            [
                "In the schema, but missing in the database",
                "In the database, but not in the schema",
                "In the database, but other than in the schema",
            ],
        ),
    ] {
        for (title, kind) in [(added, ChangeKind::Add), (removed, ChangeKind::Remove), (altered, ChangeKind::Alter)] {
            let changes = changes.iter().filter(|change| change.kind == kind).collect();
            sections.push(Section { title, names: Vec::new(), changes });
        }
    }
    sections.retain(|section| !section.names.is_empty() || !section.changes.is_empty());
    sections
}

/// What to do first.
fn remedy(status: &Status, history: &History) -> String {
    failed(status)
        .or_else(|| pending(status))
        .or_else(|| edited(status, history))
        .or_else(|| missing(status))
        .unwrap_or_else(|| different(status, history))
}

/// What to do about a migration that began and did not end.
pub(crate) fn failed(status: &Status) -> Option<String> {
    let name = status.standing.failed.first()?;
    Some(status.standing.settle(name))
}

/// What to do about migrations that are not applied yet.
pub(crate) fn pending(status: &Status) -> Option<String> {
    let first = status.standing.pending.first()?;
    Some(if status.is_without_history {
        format!(
            "`db push` or another tool made the tables: if they are what a migration makes, record that with `purlin \
             migrate resolve --applied {}`",
            first.name
        )
    } else {
        "run `purlin migrate dev` in development, `purlin migrate deploy` elsewhere".to_owned()
    })
}

/// What to do about a migration that was edited after it was applied.
pub(crate) fn edited(status: &Status, history: &History) -> Option<String> {
    let name = status.standing.edited.first()?;
    let path = terminal::path(&history.folder.join(name).join("migration.sql"));
    Some(format!(
        "restore {path} from version control; if the edit changes nothing in the database, accept it with `purlin migrate \
         resolve --applied {name}`"
    ))
}

/// What to do about migrations that the database has and the folder does not.
pub(crate) fn missing(status: &Status) -> Option<String> {
    status.standing.missing.first()?;
    Some(
        "restore the folder from version control, or in development start over with `purlin migrate reset`, which drops all \
         data"
            .to_owned(),
    )
}

/// What to do about a database that is not what the schema describes.
pub(crate) fn different(status: &Status, history: &History) -> String {
    if !status.drift.is_empty() {
        let is_wanted = status.differences.is_empty();
        return if is_wanted { Remedy::Record } else { Remedy::Decide }.text();
    }
    if history.migrations.is_empty() && status.is_without_history {
        return "run `purlin db push`; or begin a history with `purlin migrate dev --create-only --name init`"
            .to_owned();
    }
    "run `purlin migrate dev --name <name>`".to_owned()
}

fn report(status: &Status, history: &History, notes: &[String]) -> Value {
    let standing = &status.standing;
    let changes = |changes: &[Change]| -> Vec<String> {
        changes.iter().map(|change| format!("{} {}", change.kind.sign(), change.what)).collect()
    };
    let pending: Vec<&str> = standing.pending.iter().map(|migration| migration.name.as_str()).collect();
    json!({
        "ok": status.is_in_sync(),
        "migrations": history.migrations.len(),
        "applied": standing.applied,
        "pending": pending,
        "failed": standing.failed,
        "edited": standing.edited,
        "missing": standing.missing,
        "drift": changes(&status.drift),
        "unmigrated": changes(&status.unmigrated),
        "differences": changes(&status.differences),
        "notes": notes.iter().map(|note| terminal::with_program(note)).collect::<Vec<_>>(),
        "remedy": if status.is_in_sync() { Value::Null } else { Value::String(terminal::with_program(&remedy(status, history))) },
    })
}
