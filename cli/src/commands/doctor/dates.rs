//! Dates that are in another form than the one that Purlin writes, and indexes of dates that queries do without.

use std::path::Path;

use purlin_migrate::{connection::Connection, sqlite::OtherForms};

use super::{Finding, database_file};
use crate::{
    failure::Failure,
    project::{Loaded, Project, datasource},
};

pub(super) const NAME: &str = "dates";

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    let file = database_file(project, loaded);
    let at = |finding: Finding| match &file {
        Some(file) => finding.at(file.clone()),
        None => finding,
    };
    let mut findings = Vec::new();
    for dates in find(project, loaded)?.unwrap_or_default() {
        if let Some((message, query)) = dates.unreadable_message() {
            findings.push(at(Finding::error(NAME, message, format!("correct them; `{query}` lists them first"))));
        }
        if dates.is_any() || dates.unwatched {
            findings.push(at(finding(&dates)));
        }
    }
    Ok(findings)
}

/// The columns of dates that are to be looked at; none where there is no database yet. What is wrong with the database
/// itself, other checks say.
pub(crate) fn find(project: &Project, loaded: &Loaded) -> Result<Option<Vec<OtherForms>>, Failure> {
    let Some(file) = database_file(project, loaded) else { return Ok(None) };
    if !Path::new(&file).is_file() {
        return Ok(None);
    }
    let connection = Connection::open_to_look(datasource(loaded)?.provider, &project.url(loaded)?);
    Ok(connection.and_then(|connection| connection.other_forms(&loaded.schema)).ok())
}

fn finding(dates: &OtherForms) -> Finding {
    let message = if dates.is_any() { dates.message() } else { dates.unwatched_message() };
    let condition = if dates.is_any() { "once no program needs the other form, run" } else { "for speed, run" };
    // A statement on each line, to be copied into a file.
    let statements: String = dates.remedy().iter().map(|statement| format!("\n    {statement}")).collect();
    Finding::warning(
        NAME,
        message,
        format!("{condition} `purlin db execute --file <file>` with these lines in the file:{statements}"),
    )
}
