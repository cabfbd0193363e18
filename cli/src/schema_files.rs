//! The files of a schema, and what is wrong in them.

use std::path::{Path, PathBuf};

use purlin_codegen::{SchemaFilesError, schema_files};
use purlin_schema::{Diagnostic, Severity, SourceFile, model::Schema, rules::Stage};

use crate::{failure::Failure, input, locate, project::Loaded, terminal};

/// The files of the schema at a path. A folder must not reach into the folders of projects below it.
pub(crate) fn read_schema(path: &Path) -> Result<Vec<SourceFile>, Failure> {
    let files = read_files(path)?;
    locate::check_is_one_project(path, &files)?;
    Ok(files)
}

/// The files of a schema: one, or those of a folder.
pub(crate) fn read_files(path: &Path) -> Result<Vec<SourceFile>, Failure> {
    let paths = schema_files(path).map_err(|error| match error {
        SchemaFilesError::Unreadable(path, error) => Failure::file("read", &path, &error),
        SchemaFilesError::NotAFile(path) => Failure::trouble(format!("{} is not a file", terminal::path(&path)))
            .with_remedy("move it out of the schema's folder"),
        SchemaFilesError::Empty(folder) => {
            Failure::trouble(format!("there is no .prisma file in {}", terminal::path(&folder)))
                .with_remedy("name a folder of .prisma files or one such file, or create a schema with `purlin init`")
        }
    })?;
    let read = |path: PathBuf| Ok(SourceFile { text: input::text(&path)?, path });
    paths.into_iter().map(read).collect()
}

/// Why a schema with these findings cannot be used, if it cannot.
pub(crate) fn invalid(path: &Path, diagnostics: &[Diagnostic]) -> Option<Failure> {
    let errors = || diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let first = errors().next()?;
    // What follows from an error waits until that is gone, such as what a relation lacks until it is clear what its ends are.
    let hides = |error: &Diagnostic| error.stage != Stage::Meaning || error.rule.is_of_relations();
    let more = if errors().any(hides) { "; once these are right, others may show up" } else { "" };
    let count = terminal::count(errors().count(), "error");
    Some(
        Failure::no(format!("{} has {count}", terminal::path(path)))
            .with_remedy(format!("`purlin explain {}` tells more{more}", first.code())),
    )
}

/// Prints what is wrong with a schema; an error where that is more than warnings.
pub(crate) fn checked(
    path: &Path,
    schema: Schema,
    files: Vec<SourceFile>,
    diagnostics: &[Diagnostic],
) -> Result<Loaded, Failure> {
    terminal::complain(&purlin_schema::report::text(&files, diagnostics, terminal::colored()));
    match invalid(path, diagnostics) {
        Some(failure) => Err(failure),
        None => Ok(Loaded { schema, files }),
    }
}
