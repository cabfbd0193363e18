//! `purlin validate`

use std::{path::PathBuf, process::ExitCode};

use purlin_schema::{Severity, SourceFile, report};

use crate::{
    args::{Format, Global},
    database::unsupported,
    failure::Failure,
    project::{self, named_or_found},
    schema_files::{invalid, unknown_generator},
    terminal,
};

pub(crate) fn run(global: Global, path: Option<PathBuf>, format: Format) -> Result<ExitCode, Failure> {
    let (path, files) = named_or_found(global, path)?;
    let (schema, diagnostics) = purlin_schema::parse(&files);
    let invalid = invalid(&path, &diagnostics).or_else(|| unknown_generator(&schema, &files));
    match format {
        Format::Json => terminal::line(report::json(&files, &diagnostics)),
        Format::Github => terminal::result(&report::github(&from_checkout(files), &diagnostics)),
        Format::Text => {
            terminal::complain(&report::text(&files, &diagnostics, terminal::colored()));
            if let Some(failure) = invalid {
                return Err(failure);
            }
            if let Some(message) = unsupported(&schema) {
                terminal::warning(message);
            }
            let models = terminal::count(schema.models.len(), "model");
            terminal::done("Valid", format_args!("{}: {models}", terminal::path(&path)));
        }
    }
    // The report of a format has it where the rules of the language found it.
    match invalid {
        Some(failure) if diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error) => Err(failure),
        invalid => Ok(ExitCode::from(u8::from(invalid.is_some()))),
    }
}

/// The files by their paths in the checkout: annotations need those, wherever in it the command runs.
fn from_checkout(mut files: Vec<SourceFile>) -> Vec<SourceFile> {
    let Some(checkout) = std::env::var_os("GITHUB_WORKSPACE") else { return files };
    for file in &mut files {
        let path = std::path::absolute(&file.path).map(|path| project::tidy(&path));
        if let Ok(path) = path.as_deref().unwrap_or(&file.path).strip_prefix(&checkout) {
            file.path = path.to_owned();
        }
    }
    files
}
