//! Dates that are in another form than the one that Purlin writes, and indexes of dates that queries do without.

use std::path::Path;

use purlin_migrate::{connection::Connection, sqlite::OtherDates};

use super::{Finding, database_file};
use crate::{
    database::datasource,
    failure::Failure,
    project::{Loaded, Project},
};

pub(super) const NAME: &str = "dates";

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    let file = database_file(project, loaded);
    let at = |finding: Finding| match &file {
        Some(file) => finding.at(file.clone()),
        None => finding,
    };
    let mut findings = Vec::new();
    let columns = find(project, loaded)?.unwrap_or_default();
    for dates in &columns {
        if let Some((message, query)) = dates.unreadable_message() {
            findings.push(at(Finding::error(NAME, message, format!("correct them; `{query}` lists them first"))));
        }
    }
    let remedy = |condition: &str| {
        format!("{condition} run `purlin doctor --fix`, or what `purlin doctor --sql` prints with `purlin db execute`")
    };
    let of = |filter: fn(&OtherDates) -> bool| columns.iter().filter(move |dates| filter(dates)).collect::<Vec<_>>();
    if let Some(message) = OtherDates::summary(&of(OtherDates::is_any)) {
        findings.push(at(Finding::warning(NAME, message, remedy("once no program needs the other form,"))));
    }
    if let Some(message) = OtherDates::unwatched_summary(&of(|dates| dates.unwatched && !dates.is_any())) {
        findings.push(at(Finding::warning(NAME, message, remedy("for speed,"))));
    }
    Ok(findings)
}

/// The columns of dates that are to be looked at; none where there is no database yet. What is wrong with the database
/// itself, other checks say.
pub(crate) fn find(project: &Project, loaded: &Loaded) -> Result<Option<Vec<OtherDates>>, Failure> {
    let Some(file) = database_file(project, loaded) else { return Ok(None) };
    if !Path::new(&file).is_file() {
        return Ok(None);
    }
    let connection = Connection::open_to_look(datasource(loaded)?.provider, &project.url(loaded)?);
    Ok(connection.and_then(|connection| connection.other_dates(&loaded.schema)).ok())
}
