//! Dates and decimals that are in another form than the one that Purlin writes, and indexes of them that queries do
//! without.

use std::path::Path;

use purlin_migrate::{
    connection::Connection,
    sqlite::{FormedType, OtherForms},
};

use super::{Finding, database_file};
use crate::{
    database::datasource,
    failure::Failure,
    project::{Loaded, Project},
};

pub(super) const DATES: &str = "dates";
pub(super) const DECIMALS: &str = "decimals";

pub(super) fn dates(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    check(project, loaded, FormedType::Date, DATES)
}

pub(super) fn decimals(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    check(project, loaded, FormedType::Decimal, DECIMALS)
}

fn check(project: &Project, loaded: &Loaded, ty: FormedType, name: &'static str) -> Result<Vec<Finding>, Failure> {
    let file = database_file(project, loaded);
    let at = |finding: Finding| match &file {
        Some(file) => finding.at(file.clone()),
        None => finding,
    };
    let mut findings = Vec::new();
    let columns: Vec<OtherForms> =
        find(project, loaded)?.into_iter().flatten().filter(|forms| forms.ty == ty).collect();
    for forms in &columns {
        if let Some((message, query)) = forms.unreadable_message() {
            findings.push(at(Finding::error(name, message, format!("correct them; `{query}` lists them first"))));
        }
    }
    let remedy = |condition: &str| format!("{condition} run `purlin doctor --fix`");
    let of = |filter: fn(&OtherForms) -> bool| columns.iter().filter(move |forms| filter(forms)).collect::<Vec<_>>();
    if let Some(message) = OtherForms::summary(&of(|forms| forms.convertible() > 0)) {
        let loss = OtherForms::loss(&columns).map_or(String::new(), |loss| format!("; converted, {loss}"));
        let message = format!("{message}{loss}");
        findings.push(at(Finding::warning(name, message, remedy("once no program needs the other form,"))));
    }
    if let Some(message) = OtherForms::unwatched_summary(&of(|forms| forms.unwatched && !forms.is_any())) {
        findings.push(at(Finding::warning(name, message, remedy("for speed,"))));
    }
    Ok(findings)
}

/// The columns of dates and decimals that are to be looked at; none where there is no database yet. What is wrong with the
/// database itself, other checks say.
pub(crate) fn find(project: &Project, loaded: &Loaded) -> Result<Option<Vec<OtherForms>>, Failure> {
    let Some(file) = database_file(project, loaded) else { return Ok(None) };
    if !Path::new(&file).is_file() {
        return Ok(None);
    }
    let connection = Connection::open_to_look(datasource(loaded)?, &project.url(loaded)?);
    Ok(connection.and_then(|connection| connection.other_forms(&loaded.schema)).ok())
}
