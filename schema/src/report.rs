//! Diagnostics for people and for programs.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceFile, Span};

/// Lines shown before and after the text that is meant.
const CONTEXT: usize = 1;

/// Longest run of bytes that is shown of a text: a file may be one line of megabytes.
const LONGEST: usize = 2_000;

/// Findings that are drawn: what follows is seldom read, and a folder of many files may have thousands.
const MOST: usize = 50;

/// The diagnostics as text for a terminal, with the source beside them. Of more than fifty the first are drawn, errors
/// before warnings, and the others counted; [`json`] has all.
pub fn text(files: &[SourceFile], diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let lines: Vec<Lines> = files.iter().map(|file| Lines::new(&file.text)).collect();
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    let errors = diagnostics.iter().filter(is_error).count();
    let warnings = diagnostics.len() - errors;
    let mut room = (errors.min(MOST), warnings.min(MOST.saturating_sub(errors)));
    let hidden = (errors - room.0, warnings - room.1);
    let mut text = String::new();
    for diagnostic in diagnostics {
        let room = if is_error(&diagnostic) { &mut room.0 } else { &mut room.1 };
        if *room == 0 {
            continue;
        }
        *room -= 1;
        text.push_str(&renderer.render(&[group(files, &lines, diagnostic)]));
        text.push_str("\n\n");
    }
    if hidden != (0, 0) {
        text.push_str(&not_shown(hidden.0, hidden.1));
    }
    text
}

/// A line about the errors and warnings that are not drawn.
fn not_shown(errors: usize, warnings: usize) -> String {
    let count = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 more {what}")),
        _ => Some(format!("{count} more {what}s")),
    };
    let counts: Vec<String> = [count(errors, "error"), count(warnings, "warning")].into_iter().flatten().collect();
    format!("not shown: {}; `purlin validate --format json` lists all\n\n", counts.join(" and "))
}

fn group<'a>(files: &'a [SourceFile], lines: &[Lines], diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.code()));
    let main = (diagnostic.span, diagnostic.label.as_str(), AnnotationKind::Primary);
    let related = diagnostic.related.iter().map(|(span, label)| (*span, label.as_str(), AnnotationKind::Context));
    let (near, far): (Vec<_>, Vec<_>) =
        related.partition(|(span, ..)| span.file == main.0.file && span.start.abs_diff(main.0.start) < LONGEST / 2);
    for annotations in std::iter::once([vec![main], near].concat()).chain(far.into_iter().map(|one| vec![one])) {
        if let Some(snippet) = snippet(files, lines, &annotations) {
            group = group.element(snippet);
        }
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

/// The lines around the annotations, which are near each other in one file.
fn snippet<'a>(
    files: &'a [SourceFile],
    lines: &[Lines],
    annotations: &[(Span, &'a str, AnnotationKind)],
) -> Option<Snippet<'a, Annotation<'a>>> {
    let index = annotations.first()?.0.file;
    let (file, lines) = (files.get(index)?, lines.get(index)?);
    let spans = || annotations.iter().map(|(span, ..)| *span);
    let whole =
        Span { file: index, start: spans().map(|span| span.start).min()?, end: spans().map(|span| span.end).max()? };
    // Only the lines around it: the renderer reads all of the source that it is given.
    let (line, range) = lines.around(&file.text, whole);
    let excerpt = file.text.get(range.clone()).unwrap_or_default();
    let path = file.path.to_string_lossy().into_owned();
    let mut snippet = Snippet::source(excerpt).line_start(line).path(path);
    for (span, label, kind) in annotations {
        let start = span.start.saturating_sub(range.start).min(excerpt.len());
        let end = span.end.saturating_sub(range.start).clamp(start, excerpt.len());
        snippet = snippet.annotation(kind.span(start..end).label(*label));
    }
    Some(snippet)
}

/// The diagnostics as JSON: an object with a list `diagnostics`, whose entries have `severity`, `message`, `code`,
/// `file`, `line`, `column`, `endLine`, `endColumn`, `label`, `help` (or null), and `related`: a list of other text
/// that has to do with it, with `message` and the same place.
///
/// Lines and columns count from 1, columns in Unicode scalar values.
pub fn json(files: &[SourceFile], diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<Lines> = files.iter().map(|file| Lines::new(&file.text)).collect();
    let entries: Vec<serde_json::Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let related = diagnostic.related.iter().map(|(span, message)| {
                let place = Location::of(files, &lines, *span);
                serde_json::json!({
                    "message": message,
                    "file": place.file,
                    "line": place.start.0,
                    "column": place.start.1,
                    "endLine": place.end.0,
                    "endColumn": place.end.1,
                })
            });
            let place = Location::of(files, &lines, diagnostic.span);
            serde_json::json!({
                "severity": diagnostic.severity.name(),
                "message": diagnostic.message,
                "code": diagnostic.code(),
                "file": place.file,
                "line": place.start.0,
                "column": place.start.1,
                "endLine": place.end.0,
                "endColumn": place.end.1,
                "label": diagnostic.label,
                "help": diagnostic.help,
                "related": related.collect::<Vec<_>>(),
            })
        })
        .collect();
    serde_json::json!({ "diagnostics": entries }).to_string()
}

/// The diagnostics as commands of a workflow of GitHub Actions, which shows them beside the lines of a change.
pub fn github(files: &[SourceFile], diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<Lines> = files.iter().map(|file| Lines::new(&file.text)).collect();
    let mut text = String::new();
    for diagnostic in diagnostics {
        let Location { file, start, end } = Location::of(files, &lines, diagnostic.span);
        let mut properties = Vec::new();
        if let Some(file) = file {
            properties.push(("file", file));
            properties.push(("line", start.0.to_string()));
            // The format takes columns only of what is on one line.
            if start.0 == end.0 {
                properties.push(("col", start.1.to_string()));
                properties.push(("endLine", end.0.to_string()));
                properties.push(("endColumn", end.1.to_string()));
            } else {
                properties.push(("endLine", end.0.to_string()));
            }
        }
        properties.push(("title", diagnostic.code().to_owned()));
        let properties: Vec<String> =
            properties.into_iter().map(|(name, value)| format!("{name}={}", escape(&value, true))).collect();
        let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        let message = escape(&format!("{}{help}", diagnostic.message), false);
        text.push_str(&format!("::{} {}::{message}\n", diagnostic.severity.name(), properties.join(",")));
    }
    text
}

/// Escapes what would end a message of a workflow command, or one of its properties.
fn escape(text: &str, property: bool) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    if property { text.replace(':', "%3A").replace(',', "%2C") } else { text }
}

/// A span for programs: a path, and the line and column of each end.
struct Location {
    file: Option<String>,
    start: (usize, usize),
    end: (usize, usize),
}

impl Location {
    fn of(files: &[SourceFile], lines: &[Lines], span: Span) -> Self {
        let file = files.get(span.file);
        let source = file.map_or("", |file| file.text.as_str());
        let position = |offset| lines.get(span.file).map_or((1, 1), |lines| lines.position(source, offset));
        Self {
            file: file.map(|file| file.path.to_string_lossy().into_owned()),
            start: position(span.start),
            end: position(span.end),
        }
    }
}

/// The starts of the lines of a text, and counts of its characters: a file may be one line, with a finding in
/// each of its words.
struct Lines {
    starts: Vec<usize>,
    /// The characters before each [`STRIDE`]th byte.
    characters: Vec<usize>,
}

/// Bytes from one count of characters to the next.
const STRIDE: usize = 256;

impl Lines {
    fn new(text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect();
        let counts = text.as_bytes().chunks(STRIDE).scan(0, |before, bytes| {
            let count = *before;
            *before += characters(bytes);
            Some(count)
        });
        Self { starts, characters: counts.collect() }
    }

    /// Index of the line that holds the byte.
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Line and column of the byte.
    fn position(&self, text: &str, offset: usize) -> (usize, usize) {
        let line = self.line(offset);
        let start = self.starts.get(line).copied().unwrap_or_default();
        (line + 1, self.characters(text, offset).saturating_sub(self.characters(text, start)) + 1)
    }

    /// The characters that start before the byte.
    fn characters(&self, text: &str, offset: usize) -> usize {
        let nearest = offset.min(text.len()) / STRIDE;
        let rest = text.as_bytes().get(nearest * STRIDE..offset).unwrap_or_default();
        self.characters.get(nearest).copied().unwrap_or_default() + characters(rest)
    }

    /// The number of the first line around a span, and the bytes of those lines.
    fn around(&self, text: &str, span: Span) -> (usize, std::ops::Range<usize>) {
        let first = self.line(span.start).saturating_sub(CONTEXT);
        let start = self.starts.get(first).copied().unwrap_or_default();
        let end = self.starts.get(self.line(span.end) + CONTEXT + 1).map_or(text.len(), |next| next.saturating_sub(1));
        let near = floor(text, span.start.saturating_sub(LONGEST)).max(start);
        (first + 1, near..floor(text, end.min(span.start + LONGEST)).max(near))
    }
}

/// Counts the characters that start in these bytes of a text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

/// The last boundary of a character at or before the byte.
fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|index| text.is_char_boundary(*index)).unwrap_or_default()
}
