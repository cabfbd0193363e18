//! How the database stands to the migrations and to the schema.

use std::path::Path;

use purlin_migrate::{connection::Connection, status};

use super::{Finding, database_file};
use crate::{
    failure::Failure,
    project::{Loaded, Project, datasource},
    terminal,
};

pub(super) const NAME: &str = "migrations";

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    // What is wrong with the file itself, another check says.
    let Some(file) = database_file(project, loaded).filter(|file| Path::new(file).is_file()) else {
        return Ok(Vec::new());
    };
    let provider = datasource(loaded)?.provider;
    let Ok(connection) = Connection::open_to_look(provider, &project.url(loaded)?) else { return Ok(Vec::new()) };
    let history = project.history(loaded)?;
    let Ok(status) = status::status(&connection, &loaded.schema, &history) else { return Ok(Vec::new()) };
    let standing = &status.standing;
    let mut findings = Vec::new();
    let mut add = |message: String, remedy: &str| findings.push(Finding::error(NAME, message, remedy).at(file.clone()));
    if let Some(name) = standing.failed.first() {
        add(
            format!("the migration {name} began and did not end"),
            "repair the database, then settle it with `purlin migrate resolve`",
        );
    }
    if !standing.pending.is_empty() {
        let pending = terminal::count(standing.pending.len(), "migration");
        add(format!("{pending} of the folder not applied to the database"), "run `purlin migrate deploy`");
    }
    if !standing.edited.is_empty() {
        let edited = standing.edited.join(", ");
        add(format!("edited after being applied: {edited}"), "restore the files from version control");
    }
    if !standing.missing.is_empty() {
        let missing = standing.missing.join(", ");
        add(format!("applied, but not in the folder: {missing}"), "restore the folders from version control");
    }
    if !status.differences.is_empty() {
        let changes = terminal::count(status.differences.len(), "change");
        let remedy = if history.migrations.is_empty() {
            "run `purlin db push`, or `purlin migrate dev`"
        } else {
            "run `purlin migrate dev`"
        };
        add(format!("the database is not what the schema describes: {changes} away from it"), remedy);
    }
    // Of tables that are not what the schema describes nothing is to be read yet.
    if findings.is_empty() {
        let unreadable = connection.unreadable(&loaded.schema)?;
        let remedy = "change these rows: a client of this schema cannot read them";
        findings
            .extend(unreadable.into_iter().map(|hazard| Finding::error(NAME, hazard.message, remedy).at(file.clone())));
    }
    Ok(findings)
}
