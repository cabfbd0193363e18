//! Generated clients that are not what the schema asks for, or open another database than the commands.

use super::Finding;
use crate::{
    commands::generate,
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

pub(super) const NAME: &str = "clients";

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    if loaded.schema.generators.iter().any(generate::is_typescript)
        && let Some(other) = project.client_elsewhere(loaded)
    {
        findings.push(Finding::warning(NAME, other.message, other.remedy));
    }
    let stale = generate::stale(project, loaded)?;
    if let Some(first) = stale.first() {
        let message = match stale.len() {
            1 => "the generated client is not what the schema asks for".to_owned(),
            files => format!("{files} generated files are not what the schema asks for"),
        };
        findings.push(Finding::error(NAME, message, "run `purlin generate`").at(terminal::path(first)));
    }
    Ok(findings)
}
