//! How the database stands to the migrations and to the schema.

use purlin_migrate::{connection::Connection, status};

use super::{Finding, present_database};
use crate::{
    commands::migrate_status,
    database::{datasource, unsupported},
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

pub(super) const NAME: &str = "migrations";

/// What to know of a database that is as it should be, and was made without migrations.
pub(super) fn note(project: &Project, loaded: &Loaded) -> Option<&'static str> {
    present_database(project, loaded)?;
    let connection = Connection::open_to_look(datasource(loaded).ok()?, &project.url(loaded).ok()?).ok()?;
    let is_pushed = status::is_pushed(&connection, &project.history(loaded).ok()?).ok()?;
    is_pushed.then_some(migrate_status::PUSHED)
}

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    if unsupported(&loaded.schema).is_some() {
        return Ok(Vec::new());
    }
    // What is wrong with the file or the server itself, another check says.
    let Some(place) = present_database(project, loaded) else { return Ok(Vec::new()) };
    let opened = Connection::open_to_look(datasource(loaded)?, &project.url(loaded)?);
    let Ok(connection) = opened else { return Ok(Vec::new()) };
    let history = project.history(loaded)?;
    let Ok(status) = status::status(&connection, &loaded.schema, &history) else { return Ok(Vec::new()) };
    let standing = &status.standing;
    let mut findings = Vec::new();
    let mut add =
        |message: String, remedy: String| findings.push(Finding::error(NAME, message, remedy).at(place.clone()));
    if let (Some(name), Some(remedy)) = (standing.failed.first(), migrate_status::failed(&status)) {
        add(format!("the migration {name} began and did not end"), remedy);
    }
    if let Some(remedy) = migrate_status::pending(&status) {
        let pending = terminal::count(standing.pending.len(), "migration");
        add(format!("{pending} of the folder not applied to the database"), remedy);
    }
    if let Some(remedy) = migrate_status::edited(&status, &history) {
        add(format!("edited after being applied: {}", standing.edited.join(", ")), remedy);
    }
    if let Some(remedy) = migrate_status::missing(&status) {
        add(format!("applied, but not in the folder: {}", standing.missing.join(", ")), remedy);
    }
    if !status.drift.is_empty() {
        let changes = terminal::count(status.drift.len(), "change");
        add(
            format!("the database is not what its migrations make: {changes} away from it"),
            migrate_status::different(&status, &history),
        );
    } else if !status.differences.is_empty() {
        let changes = terminal::count(status.differences.len(), "change");
        add(
            format!("the database is not what the schema describes: {changes} away from it"),
            migrate_status::different(&status, &history),
        );
    }
    // Of tables that are not what the schema describes nothing is to be read yet.
    if findings.is_empty() {
        let unreadable = connection.unreadable(&loaded.schema)?;
        let remedy = "change these rows: a client of this schema cannot read them";
        findings.extend(
            unreadable.into_iter().map(|hazard| Finding::error(NAME, hazard.message, remedy).at(place.clone())),
        );
    }
    Ok(findings)
}
