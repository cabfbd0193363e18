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

/// The providers of the generators that Purlin has, beside those of Prisma that it takes for its own.
const PROVIDERS: [&str; 2] = ["purlin-typescript", "purlin-rust"];

/// Why a generator that means to be Purlin's cannot be run, if there is one. Others are somebody else's.
pub(crate) fn unknown_generator(schema: &Schema, files: &[SourceFile]) -> Option<Failure> {
    let generator = schema.generators.iter().find(|generator| {
        generator.provider.to_lowercase().starts_with("purlin") && !PROVIDERS.contains(&&*generator.provider)
    })?;
    let file = files.get(generator.span.file)?;
    let written = format!("\"{}\"", generator.provider);
    let block = file.text.get(generator.span.start..).unwrap_or_default();
    let before = file.text.get(..generator.span.start + block.find(&written).unwrap_or_default()).unwrap_or_default();
    let place = format!("{}:{}", terminal::path(&file.path), before.matches('\n').count() + 1);
    let failure = Failure::no(format!(
        "{place}: the provider {written} of generator `{}` begins like those of Purlin, and is none of them",
        generator.name
    ));
    let [typescript, rust] = PROVIDERS;
    let rest = generator.provider.to_lowercase();
    let rest = rest.trim_start_matches("purlin").trim_start_matches(['-', '_', ' ', '/', '.']);
    let is_rust = rest.starts_with('r') || rest.contains("rust");
    let is_typescript = ["ts", "js", "typ", "node", "java"].iter().any(|part| rest.contains(part));
    Some(failure.with_remedy(match (is_typescript, is_rust) {
        (true, _) => format!("did you mean \"{typescript}\"?"),
        (_, true) => format!("did you mean \"{rust}\"?"),
        _ => format!("write \"{typescript}\" or \"{rust}\""),
    }))
}

/// Prints what is wrong with a schema; an error where that is more than warnings.
pub(crate) fn checked(
    path: &Path,
    schema: Schema,
    files: Vec<SourceFile>,
    diagnostics: &[Diagnostic],
) -> Result<Loaded, Failure> {
    terminal::complain(&purlin_schema::report::text(&files, diagnostics, terminal::colored()));
    match invalid(path, diagnostics).or_else(|| unknown_generator(&schema, &files)) {
        Some(failure) => Err(failure),
        None => Ok(Loaded { schema, files }),
    }
}
