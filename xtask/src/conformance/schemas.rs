//! `cargo xtask conformance schemas`: schemas of real applications, taken through everything that a schema goes through
//! until its clients compile.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use purlin_codegen::{GeneratedFile, lower, rust, typescript};
use purlin_schema::{Schema, Severity, SourceFile};

use super::Request;
use super::corpus::{OURS, provider};
use super::course::{Course, STEPS, StepOutcome};
use super::scratch::Scratch;
use crate::counts::Counts;
use crate::process::stopped;
use crate::steps::Steps;
use crate::{Result, checkout, tools};

const REASON_LINES: usize = 20;

/// A schema, and the same one in several files.
#[derive(Debug, Default)]
struct Source {
    whole: Vec<SourceFile>,
    split: Vec<SourceFile>,
}

pub(super) fn run(request: &Request) -> Result<ExitCode> {
    tools::node()?;
    let sources = read(&request.corpus)?;
    let mut counts = Counts::default();
    let mut steps = Steps::new("conformance-schemas")?;
    let names: Vec<&str> = sources.keys().map(String::as_str).collect();
    let scratch = Scratch::new(&mut steps, &names)?;
    let mut rows = Vec::new();
    for (name, source) in &sources {
        let provider = source.whole.iter().map(|file| provider(&file.text)).find(|provider| provider != "none");
        if let Some(other) = provider.filter(|provider| !OURS.contains(&provider.as_str())) {
            println!("  {name:<56} skipped: for {other}");
            counts.skipped += 1;
            continue;
        }
        let mut course = Course::default();
        let ended = steps.timed(name, |log| {
            course = Course::new(log);
            check(name, source, &scratch, &mut course);
            course.verdict()
        });
        if stopped() {
            return Err("interrupted".to_owned());
        }
        counts += Counts::one(ended.is_ok());
        for (step, reason) in course.failures() {
            if request.verbose {
                println!("    {step}:");
                for line in reason.lines().take(REASON_LINES) {
                    println!("      {line}");
                }
            }
        }
        rows.push(row(name, &course));
    }
    println!("\n{}", heading());
    println!("{}\n{counts}", rows.join("\n"));
    Ok(counts.exit_code())
}

/// Takes a schema as far as it goes. The clients depend on the schema, not on each other.
fn check(name: &str, source: &Source, scratch: &Scratch, course: &mut Course) {
    let valid = course.step("validate", |_| validate(&source.whole));
    let schema = valid.as_ref().map(|(schema, _)| schema);
    if let Some(once) = course.step("format", |_| Ok(format(&source.whole))) {
        course.step("again", |_| stays(&once, schema));
    }
    let Some((schema, warnings)) = valid else { return };
    course.warnings = warnings;
    course.models = schema.models.len();
    if !source.split.is_empty() {
        course.step("files", |_| {
            same_models(&schema, &validate(&source.split)?.0)?;
            stays(&format(&source.split), Some(&schema))
        });
    }

    let options = rust::Options { source: format!("{name}.prisma"), ..rust::Options::default() };
    if let Some(files) = course.step("rust", |_| Ok(rust::generate(&schema, &lower::lower(&schema), &options))) {
        course.step("cargo check", |log| scratch.check_rust(name, &files, log));
    }
    if let Some(files) = course.step("typescript", |_| Ok(generate_typescript(&schema))) {
        course.step("tsc", |log| scratch.check_typescript(name, &files, log));
    }
}

fn validate(files: &[SourceFile]) -> Result<(Schema, usize)> {
    let (schema, diagnostics) = purlin_schema::parse(files);
    let (errors, warnings): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|diagnostic| diagnostic.severity == Severity::Error);
    if errors.is_empty() {
        return Ok((schema, warnings.len()));
    }
    Err(format!("{} errors\n{}", errors.len(), purlin_schema::report::text(files, &errors, false)))
}

fn generate_typescript(schema: &Schema) -> Vec<GeneratedFile> {
    let options = typescript::Options { prisma_modules: true, ..typescript::Options::default() };
    typescript::generate(schema, &lower::lower(schema), &options)
}

fn format(files: &[SourceFile]) -> Vec<SourceFile> {
    let texts = purlin_schema::format::format(files);
    files.iter().zip(texts).map(|(file, text)| SourceFile { path: file.path.clone(), text }).collect()
}

/// Checks that the formatter leaves what it has written as it is, and the meaning of the schema that it was given.
fn stays(once: &[SourceFile], schema: Option<&Schema>) -> Result {
    let twice = format(once);
    if let Some((first, second)) = once.iter().zip(&twice).find(|(first, second)| first != second) {
        let mut lines = first.text.lines().zip(second.text.lines());
        let (first_line, second_line) = lines.find(|(first, second)| first != second).unwrap_or_default();
        let path = first.path.display();
        return Err(format!("formatting {path} again changes it\nonce:  {first_line}\ntwice: {second_line}"));
    }
    match schema {
        Some(schema) => same_models(schema, &validate(once)?.0),
        None => Ok(()),
    }
}

/// Checks that two schemas have the same models, in whatever order: their types are written with the same words.
fn same_models(before: &Schema, after: &Schema) -> Result {
    let (before, after) = (type_lines(before), type_lines(after));
    if before == after {
        return Ok(());
    }
    let missing = before.iter().filter(|line| !after.contains(line)).map(|line| format!("before: {line}"));
    let extra = after.iter().filter(|line| !before.contains(line)).map(|line| format!("after:  {line}"));
    let lines: Vec<String> = missing.chain(extra).collect();
    Err(format!("the models are no longer the same\n{}", lines.join("\n")))
}

/// The lines of a schema's types, and the words of each line, in an order that does not depend on the models'.
fn type_lines(schema: &Schema) -> Vec<String> {
    let files = generate_typescript(schema);
    let types = files.iter().filter(|file| file.path == Path::new("models.ts")).flat_map(|file| file.text.lines());
    let sorted = |line: &str| {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        words.sort_unstable();
        words.join(" ")
    };
    let mut lines: Vec<String> = types.map(sorted).collect();
    lines.sort_unstable();
    lines
}

/// The schemas of a folder, or of its subfolder `schemas`: `NAME.prisma`, and `NAME.multi/` for the same in files.
fn read(corpus: &Path) -> Result<BTreeMap<String, Source>> {
    let inner = corpus.join("schemas");
    let folder = if inner.is_dir() { inner } else { corpus.to_path_buf() };
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    for path in checkout::files(&folder, |path| path.extension().is_some_and(|ending| ending == "prisma")) {
        let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let parent = path.parent().filter(|parent| *parent != folder).unwrap_or(&path);
        let (Some(name), Some(file)) = (parent.file_stem(), path.file_name()) else { continue };
        let source = sources.entry(name.to_string_lossy().into_owned()).or_default();
        let files = if parent == path { &mut source.whole } else { &mut source.split };
        files.push(SourceFile { path: PathBuf::from(file.to_string_lossy().replace("__", "/")), text });
    }
    for source in sources.values_mut().filter(|source| source.whole.is_empty()) {
        source.whole = std::mem::take(&mut source.split);
    }
    match sources.is_empty() {
        false => Ok(sources),
        true => Err(format!("{} has no schemas", folder.display())),
    }
}

fn heading() -> String {
    let steps: String = STEPS.iter().map(|step| format!("{step:>12}")).collect();
    format!("{:<40}{:>8}{:>10}{steps}", "milliseconds", "models", "warnings")
}

fn row(name: &str, course: &Course) -> String {
    let cell = |step: &&str| match course.outcome(step) {
        None => format!("{:>12}", "-"),
        Some(StepOutcome::Passed(time)) => format!("{:>12.1}", time.as_secs_f64() * 1000.0),
        Some(StepOutcome::Failed(_)) => format!("{:>12}", "failed"),
    };
    let cells: String = STEPS.iter().map(cell).collect();
    format!("{name:<40}{:>8}{:>10}{cells}", course.models, course.warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "datasource db {\n  provider = \"sqlite\"\n}\n";
    const A: &str = "model A {\n  id Int @id\n  bs B[]\n}\n";
    const B: &str = "model B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n}\n";

    fn schema(texts: &[&str]) -> Schema {
        let file = |text: &&str| SourceFile { path: "schema.prisma".into(), text: (*text).to_owned() };
        let files: Vec<SourceFile> = texts.iter().map(file).collect();
        validate(&files).expect("the schema is valid").0
    }

    #[test]
    fn the_order_of_files_is_no_difference() {
        let whole = schema(&[&[SOURCE, A, B].concat()]);
        assert_eq!(same_models(&whole, &schema(&[B, SOURCE, A])), Ok(()));
        assert!(same_models(&whole, &schema(&[&B.replace("  a A", "  c Int?\n  a A"), SOURCE, A])).is_err());
    }

    #[test]
    fn a_wrong_schema_says_why() {
        let file = SourceFile { path: "schema.prisma".into(), text: A.to_owned() };
        assert!(validate(&[file]).is_err_and(|reason| reason.contains("unknown-type")));
    }
}
