//! `purlin migrate resolve`

use std::process::ExitCode;

use purlin_migrate::resolve;

use crate::{args::Resolve, failure::Failure, project::Project, terminal};

pub(crate) fn run(project: &Project, what: &Resolve) -> Result<ExitCode, Failure> {
    let loaded = project.load()?;
    let history = project.history(&loaded)?;
    let mut connection = project.connect(&loaded)?;
    if let Some(name) = &what.applied {
        resolve::applied(&mut connection, &history, name)?;
        terminal::done("Recorded", format_args!("{name} as applied"));
    }
    if let Some(name) = &what.rolled_back {
        resolve::rolled_back(&mut connection, &history, name)?;
        terminal::done("Recorded", format_args!("{name} as rolled back"));
    }
    Ok(ExitCode::SUCCESS)
}
