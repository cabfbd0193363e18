//! `purlin format`

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use purlin_schema::{Diagnostic, SourceFile, format, parser, report};

use crate::{args::Global, failure::Failure, input, output, project::named_or_found, terminal};

/// Whether the files are written or looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

/// What a file comes to.
enum Formatting {
    Done,
    Changed(String),
    /// It cannot be read as a whole, and stays as it is.
    Unreadable(Vec<Diagnostic>),
}

pub(crate) fn run(global: Global, path: Option<PathBuf>, mode: Mode) -> Result<ExitCode, Failure> {
    if path.as_deref() == Some(Path::new("-")) {
        return filter(mode);
    }
    let (path, files) = named_or_found(global, path)?;
    let (mut changed, mut errors) = (0, 0);
    for (file, outcome) in files.iter().zip(outcomes(&files)) {
        let shown = terminal::path(&file.path);
        match outcome {
            Formatting::Done => {}
            Formatting::Unreadable(diagnostics) => {
                errors += diagnostics.len();
                terminal::complain(&report::text(&files, &diagnostics, terminal::colored()));
            }
            Formatting::Changed(text) => {
                changed += 1;
                if mode == Mode::Write {
                    write(&file.path, &text)?;
                    terminal::done("Formatted", shown);
                    for field in added(file, &text) {
                        terminal::done("Added", field);
                    }
                } else {
                    terminal::line(shown);
                }
            }
        }
    }
    if errors > 0 {
        let message = format!("{} has {}", terminal::path(&path), terminal::count(errors, "syntax error"));
        return Err(Failure::no(message).with_remedy("a file with one is not written"));
    }
    if mode == Mode::Check && changed > 0 {
        let (files, are) = (terminal::count(changed, "file"), if changed == 1 { "is" } else { "are" });
        return Err(Failure::no(format!("{files} {are} not formatted")).with_remedy("run `purlin format`"));
    }
    if changed == 0 {
        terminal::done("Formatted", format_args!("{}: nothing to change", terminal::path(&path)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Standard input to standard output, for editors: the text comes out as it was where it cannot be read as a whole.
fn filter(mode: Mode) -> Result<ExitCode, Failure> {
    let text = input::standard()?;
    let files = [SourceFile { path: "standard input".into(), text }];
    let outcome = outcomes(&files).pop().unwrap_or(Formatting::Done);
    let [SourceFile { text, .. }] = &files;
    if mode == Mode::Write {
        let text = if let Formatting::Changed(text) = &outcome { text } else { text };
        terminal::result(text);
    }
    match outcome {
        Formatting::Unreadable(diagnostics) => {
            terminal::complain(&report::text(&files, &diagnostics, terminal::colored()));
            let errors = terminal::count(diagnostics.len(), "syntax error");
            Err(Failure::no(format!("standard input has {errors}")))
        }
        Formatting::Changed(_) if mode == Mode::Check => Err(Failure::no("standard input is not formatted")),
        Formatting::Changed(_) | Formatting::Done => Ok(ExitCode::SUCCESS),
    }
}

/// What each file of a schema comes to.
fn outcomes(files: &[SourceFile]) -> Vec<Formatting> {
    let formatted = format::format(files);
    files
        .iter()
        .zip(formatted)
        .enumerate()
        .map(|(index, (file, text))| {
            // Older spellings are errors that the formatter mends: what is left decides.
            let file_now = SourceFile { path: file.path.clone(), text };
            if !syntax_errors(index, &file_now).is_empty() {
                return Formatting::Unreadable(syntax_errors(index, file));
            }
            if file_now.text == file.text { Formatting::Done } else { Formatting::Changed(file_now.text) }
        })
        .collect()
}

/// The fields that the formatter has put into a file: `Post.author User @relation(..)`.
fn added(before: &SourceFile, after: &str) -> Vec<String> {
    let now = SourceFile { path: before.path.clone(), text: after.to_owned() };
    let tree = |file| parser::parse_file(0, file, &mut Vec::new());
    let (then, tree) = (tree(before), tree(&now));
    let known: HashSet<(&str, &str)> = then
        .blocks()
        .flat_map(|block| block.fields().map(|field| (block.name.text.as_str(), field.name.text.as_str())))
        .collect();
    let fields = tree.blocks().flat_map(|block| block.fields().map(move |field| (block.name.text.as_str(), field)));
    fields
        .filter(|(block, field)| !known.contains(&(*block, field.name.text.as_str())))
        .map(|(block, field)| {
            let line = after.get(field.span.start..field.span.end).unwrap_or_default();
            format!("to {block}: {}", line.split_whitespace().collect::<Vec<_>>().join(" "))
        })
        .collect()
}

fn syntax_errors(index: usize, file: &SourceFile) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    parser::parse_file(index, file, &mut diagnostics);
    diagnostics
}

/// Writes the file itself, where the path is a link to it, and keeps who may do what with it.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failure = |error: std::io::Error| Failure::file("write", path, &error);
    let target = fs::canonicalize(path).map_err(failure)?;
    let permissions = fs::metadata(&target).map_err(failure)?.permissions();
    // A rename would pass over this.
    if permissions.readonly() {
        return Err(Failure::trouble(format!("cannot write {}: it is read-only", terminal::path(path)))
            .with_remedy("make it writable for the user who runs this command"));
    }
    output::replace(&target, text)?;
    fs::set_permissions(&target, permissions).map_err(failure)
}
