//! Dates and decimals that are in another form than the one that Purlin writes, and indexes of them that queries do
//! without.

use std::path::Path;

use purlin_migrate::{
    connection::Connection,
    sqlite::{FormedType, OtherForms},
};

use super::{Finding, database_file};
use crate::{
    failure::Failure,
    project::{Loaded, Project, datasource},
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
    for forms in find(project, loaded)?.into_iter().flatten().filter(|forms| forms.ty == ty) {
        if let Some((message, query)) = forms.unreadable_message() {
            findings.push(at(Finding::error(name, message, format!("correct them; `{query}` lists them first"))));
        }
        if forms.is_any() || forms.unwatched {
            findings.push(at(finding(&forms, name)));
        }
    }
    Ok(findings)
}

/// The columns of dates and decimals that are to be looked at; none where there is no database yet. What is wrong with the database
/// itself, other checks say.
pub(crate) fn find(project: &Project, loaded: &Loaded) -> Result<Option<Vec<OtherForms>>, Failure> {
    let Some(file) = database_file(project, loaded) else { return Ok(None) };
    if !Path::new(&file).is_file() {
        return Ok(None);
    }
    let connection = Connection::open_to_look(datasource(loaded)?.provider, &project.url(loaded)?);
    Ok(connection.and_then(|connection| connection.other_forms(&loaded.schema)).ok())
}

fn finding(forms: &OtherForms, name: &'static str) -> Finding {
    let message = if forms.is_any() { forms.message() } else { forms.unwatched_message() };
    let condition = if forms.is_any() { "once no program needs the other form, run" } else { "for speed, run" };
    // A statement on each line, to be copied into a file.
    let statements: String = forms.remedy().iter().map(|statement| format!("\n    {statement}")).collect();
    Finding::warning(
        name,
        message,
        format!("{condition} `purlin db execute --file <file>` with these lines in the file:{statements}"),
    )
}
