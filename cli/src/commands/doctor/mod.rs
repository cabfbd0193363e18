//! `purlin doctor`: looks for what is known to destroy data or to break a project, and says what to do about it.
//!
//! Each check is a file of its own. It returns findings and prints nothing, changes nothing, and says nothing about what
//! it cannot tell. What can be changed without losing anything, [`fix`] changes when asked to.

mod calls;
mod clients;
mod copies;
mod database;
mod file_system;
mod fix;
pub(crate) mod forms;
mod migrations;
mod node;
pub(crate) mod packages;
mod react;
mod rust_libraries;
pub(crate) mod source;
pub(crate) mod sqlite_libraries;
mod values;
mod version;

use std::{collections::HashSet, path::Path, process::ExitCode};

use serde::Serialize;

use self::fix::Consent;
use crate::{
    args::{Doctor, ReportFormat},
    database::{is_sqlite, unsupported},
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

/// Something that a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// The name of the check.
    check: &'static str,
    level: Level,
    /// A file, or a file and a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    message: String,
    pub(crate) remedy: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    /// It must be changed: data, or the project, is at risk.
    Error,
    /// It should be looked at.
    Warning,
}

impl Finding {
    fn error(check: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, level: Level::Error, place: None, message: message.into(), remedy: remedy.into() }
    }

    fn warning(check: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(check, message, remedy) }
    }

    /// The place and the message.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.prefix().unwrap_or_default(), self.message)
    }

    /// The place as it stands before the message.
    fn prefix(&self) -> Option<String> {
        self.place.as_ref().map(|place| format!("{place}: "))
    }

    fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Something that could not be looked at for a reason that a command would give.
    fn failure(check: &'static str, failure: Failure) -> Self {
        let remedy = failure.remedy.unwrap_or_else(|| "correct it, then run `purlin doctor` again".to_owned());
        Self::error(check, failure.message, remedy)
    }
}

type Check = fn(&Project, &Loaded) -> Result<Vec<Finding>, Failure>;

/// The checks, the quick ones first.
const CHECKS: [(&str, Check); 13] = [
    (node::NAME, node::check),
    (react::NAME, react::check),
    (copies::NAME, copies::check),
    (sqlite_libraries::NAME, sqlite_libraries::check),
    (rust_libraries::NAME, rust_libraries::check),
    (clients::NAME, clients::check),
    (calls::NAME, calls::check),
    (file_system::NAME, file_system::check),
    (database::NAME, database::check),
    (migrations::NAME, migrations::check),
    (values::NAME, values::check),
    (forms::DATES, forms::dates),
    (forms::DECIMALS, forms::decimals),
];

#[derive(Debug, Serialize)]
struct Report<'a> {
    ok: bool,
    checks: Vec<&'static str>,
    findings: &'a [Finding],
}

pub(crate) fn run(project: &Project, what: &Doctor) -> Result<ExitCode, Failure> {
    if what.fix {
        let consent = if what.yes { Consent::Given } else { Consent::Needed };
        return fix::run(project, &project.load()?, consent);
    }
    report(project, what.format)
}

fn report(project: &Project, format: ReportFormat) -> Result<ExitCode, Failure> {
    let loaded = project.load_for_any()?;
    // A URL that is not there is found below, and so is a database at another place than the URL says.
    if unsupported(&loaded.schema).is_none()
        && format == ReportFormat::Text
        && let Ok(written) = project.written_url(&loaded)
        && project.elsewhere(&loaded, &written)?.is_none()
    {
        project.tell_database(&loaded)?;
    }
    let mut findings = Vec::new();
    for (name, check) in CHECKS {
        match check(project, &loaded) {
            Ok(found) => findings.extend(found),
            Err(failure) => findings.push(Finding::failure(name, failure)),
        }
    }
    if let Some(message) = unsupported(&loaded.schema) {
        findings.push(Finding::warning("provider", message, "use SQLite or PostgreSQL, or wait for a later version"));
    }
    // Several checks may stop at the same obstacle.
    let mut known = HashSet::new();
    findings.retain(|finding| known.insert((finding.text(), finding.remedy.clone())));
    // The order of the checks stays within a level.
    findings.sort_by_key(|finding| finding.level);
    let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
    match format {
        ReportFormat::Json => {
            let checks = CHECKS.iter().map(|(name, _)| *name).collect();
            for finding in &mut findings {
                finding.message = terminal::with_program(&finding.message);
                finding.remedy = terminal::with_program(&finding.remedy);
            }
            let report = Report { ok: errors == 0, checks, findings: &findings };
            let text = serde_json::to_string_pretty(&report)
                .map_err(|error| Failure::trouble(format!("cannot write the report as JSON: {error}")))?;
            terminal::line(text);
        }
        ReportFormat::Text => {
            for finding in &findings {
                terminal::finding(finding.level == Level::Error, finding.text(), &finding.remedy);
            }
            if errors == 0 {
                let left = findings.len();
                let rest = if left == 0 { String::new() } else { format!("; {}", terminal::count(left, "warning")) };
                terminal::done(
                    "Healthy:",
                    format_args!("{} found nothing to change{rest}", terminal::count(CHECKS.len(), "check")),
                );
                migrations::note(project, &loaded).into_iter().for_each(terminal::note);
            } else {
                terminal::line(format_args!("{} must be changed", terminal::count(errors, "thing")));
            }
        }
    }
    Ok(ExitCode::from(u8::from(errors > 0)))
}

/// The path of the database's file, where it is one.
fn database_file(project: &Project, loaded: &Loaded) -> Option<String> {
    if !is_sqlite(&loaded.schema) {
        return None;
    }
    let url = project.url(loaded).ok()?;
    purlin_migrate::sqlite::path(&url).filter(|path| *path != ":memory:").map(str::to_owned)
}

/// The database that is there to be looked at, for messages: a file, or the place of a server.
fn present_database(project: &Project, loaded: &Loaded) -> Option<String> {
    if is_sqlite(&loaded.schema) {
        return database_file(project, loaded).filter(|file| Path::new(file).is_file());
    }
    server(&project.url(loaded).ok()?)
}

#[cfg(feature = "postgres")]
fn server(url: &str) -> Option<String> {
    purlin_migrate::postgres::Server::place(url).ok()
}

#[cfg(not(feature = "postgres"))]
fn server(_url: &str) -> Option<String> {
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop")]
mod tests {
    use super::*;

    #[test]
    fn each_check_has_a_row_in_the_guide() {
        let page = include_str!("../../../../docs/adopting.md");
        let (_, section) = page.split_once("## What `purlin doctor` checks").unwrap();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        assert_eq!(rows.collect::<Vec<_>>(), CHECKS.map(|(name, _)| name));
    }
}
