//! `purlin validate`

use std::{path::PathBuf, process::ExitCode};

use purlin_schema::{Severity, report};

use crate::{
    args::{Format, Global},
    failure::Failure,
    project::{self, Project},
    terminal,
};

pub(crate) fn run(global: Global, path: Option<PathBuf>, format: Format) -> Result<ExitCode, Failure> {
    let path = match path {
        Some(path) => path,
        None => Project::open(global)?.schema_path()?,
    };
    let files = project::read_schema(&path)?;
    let (schema, diagnostics) = purlin_schema::parse(&files);
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    match format {
        Format::Json => terminal::line(report::json(&files, &diagnostics)),
        Format::Text => {
            terminal::complain(&report::text(&files, &diagnostics, terminal::colored()));
            if errors > 0 {
                let message = format!("{} has {}", terminal::path(&path), terminal::count(errors, "error"));
                return Err(Failure::no(message));
            }
            if let Some(message) = project::unsupported(&schema) {
                terminal::warning(message);
            }
            let models = terminal::count(schema.models.len(), "model");
            terminal::done("Valid", format_args!("{}: {models}", terminal::path(&path)));
        }
    }
    Ok(ExitCode::from(u8::from(errors > 0)))
}
