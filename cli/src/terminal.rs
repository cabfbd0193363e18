//! What is printed: results to standard output, notes and errors to standard error. Colors appear on a terminal alone.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
    sync::OnceLock,
    time::Duration,
};

use anstyle::{AnsiColor, Style};

use crate::{failure::Failure, typed};

const ADD: Style = AnsiColor::Green.on_default();
const REMOVE: Style = AnsiColor::Red.on_default();
const ALTER: Style = AnsiColor::Yellow.on_default();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();
const DONE: Style = AnsiColor::Green.on_default().bold();
const HEADING: Style = Style::new().bold();

/// The colors of `--help`.
pub(crate) const HELP: clap::builder::Styles = clap::builder::Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The first error of writing the result.
static UNWRITTEN: OnceLock<io::Error> = OnceLock::new();

/// The command as the user types it. The npm package is run by `npx`, and its start script says so.
pub(crate) fn program() -> &'static str {
    match std::env::var(RUN_BY) {
        Ok(runner) if runner == "npx" => "npx purlin",
        _ => "purlin",
    }
}

/// The variable by which the start script of the npm package says that it started this command.
pub(crate) const RUN_BY: &str = "PURLIN_RUN_BY";

/// A message whose commands, which stand between backticks or on lines of their own, are written as the user types them.
pub(crate) fn with_program(text: &str) -> String {
    const NAME: &str = "purlin ";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(NAME) {
        let (before, from) = rest.split_at(at);
        let end = match before {
            before if before.ends_with('`') => from.find('`'),
            before if before.ends_with("\n  ") => Some(from.find('\n').unwrap_or(from.len())),
            _ => None,
        };
        out.push_str(before);
        let (command, after) = from.split_at(end.unwrap_or(NAME.len()));
        match end {
            Some(_) => out.push_str(&typed::command(command.get(NAME.len()..).unwrap_or_default())),
            None => out.push_str(command),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A line of the result that names commands.
pub(crate) fn advice(text: impl std::fmt::Display) {
    line(with_program(&text.to_string()));
}

/// A line of the result.
pub(crate) fn line(text: impl std::fmt::Display) {
    keep(writeln!(anstream::stdout(), "{text}"));
}

/// Text of the result as it is.
pub(crate) fn result(text: &str) {
    keep(write!(anstream::stdout(), "{text}"));
}

fn keep(written: io::Result<()>) {
    // A closed pipe is the reader's wish.
    if let Err(error) = written.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    }) {
        // The first one stays.
        let _ = UNWRITTEN.set(error);
    }
}

/// Writes what is left of the result; an error where some of it could not be written, as on a full disk.
pub(crate) fn finish() -> Result<(), Failure> {
    keep(io::stdout().flush());
    match UNWRITTEN.get() {
        Some(error) => Err(Failure::file("write", Path::new("standard output"), error)),
        None => Ok(()),
    }
}

/// A line of the result that stands above others.
pub(crate) fn heading(text: impl std::fmt::Display) {
    line(format_args!("{HEADING}{text}{HEADING:#}"));
}

/// A line of the result whose first word says what was done.
pub(crate) fn done(word: &str, rest: impl std::fmt::Display) {
    line(format_args!("{DONE}{word}{DONE:#} {}", with_program(&rest.to_string())));
}

/// A change of the database.
pub(crate) fn change(change: &purlin_migrate::plan::Change) {
    use purlin_migrate::plan::ChangeKind;
    let style = match change.kind {
        ChangeKind::Add => ADD,
        ChangeKind::Remove => REMOVE,
        ChangeKind::Alter => ALTER,
    };
    line(format_args!("  {style}{}{style:#} {}", change.kind.sign(), change.what));
}

/// Something that was found, and what to do about it: a part of the result.
pub(crate) fn finding(is_error: bool, text: impl std::fmt::Display, remedy: &str) {
    let (style, word) = if is_error { (ERROR, "error") } else { (WARNING, "warning") };
    line(format_args!("{style}{word}{style:#}: {}", with_program(&text.to_string())));
    line(format_args!("  {NOTE}help{NOTE:#}: {}", with_program(remedy)));
}

/// Something to know, on standard error.
pub(crate) fn note(text: impl std::fmt::Display) {
    let _ = writeln!(anstream::stderr(), "{NOTE}note{NOTE:#}: {}", with_program(&text.to_string()));
}

/// What a command works on, on standard error.
pub(crate) fn about(text: impl std::fmt::Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Something to look at, on standard error.
pub(crate) fn warning(text: impl std::fmt::Display) {
    let _ = writeln!(anstream::stderr(), "{WARNING}warning{WARNING:#}: {}", with_program(&text.to_string()));
}

/// A report for standard error. The lines of a schema in it stay as they are.
pub(crate) fn complain(text: &str) {
    let is_of_schema = |line: &str| line.contains(" | ");
    let lines = text.split_inclusive('\n');
    let text: String =
        lines.map(|line| if is_of_schema(line) { line.to_owned() } else { with_program(line) }).collect();
    let _ = write!(anstream::stderr(), "{text}");
}

/// Why the command stopped.
pub(crate) fn failure(failure: &Failure) {
    let code = failure.code.map(|code| format!("[{code}]")).unwrap_or_default();
    let _ = writeln!(anstream::stderr(), "{ERROR}error{code}{ERROR:#}: {}", with_program(&failure.message));
    if let Some(remedy) = &failure.remedy {
        let _ = writeln!(anstream::stderr(), "  {NOTE}help{NOTE:#}: {}", with_program(remedy));
    }
}

/// Returns whether messages on standard error have colors.
pub(crate) fn colored() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// Returns whether somebody is there to answer.
pub(crate) fn can_ask(no_input: bool) -> bool {
    !no_input && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks; `None` where nobody is there to answer.
pub(crate) fn ask(question: &str, no_input: bool) -> Option<String> {
    if !can_ask(no_input) {
        return None;
    }
    let _ = write!(anstream::stderr(), "{NOTE}?{NOTE:#} {question} ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    if std::io::stdin().read_line(&mut answer).ok()? == 0 {
        // The end of the input leaves the cursor behind the question.
        let _ = writeln!(anstream::stderr());
    }
    Some(answer.trim().to_owned())
}

/// A path as the user would type it.
pub(crate) fn path(path: &Path) -> String {
    let shown = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    let shown = shown.as_deref().unwrap_or(path);
    let shown = shown.strip_prefix(".").unwrap_or(shown);
    // The current folder itself.
    if shown.as_os_str().is_empty() { ".".to_owned() } else { on_one_line(&shown.display().to_string()) }
}

/// A text of any length as a part of one line.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 500;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", on_one_line(text.get(..end).unwrap_or_default())),
        None => on_one_line(text),
    }
}

/// A text as a part of one line: control characters are escaped.
fn on_one_line(text: &str) -> String {
    let escaped = |character: char| {
        if character.is_control() { character.escape_default().collect() } else { character.to_string() }
    };
    text.chars().map(escaped).collect()
}

/// A time for the end of a line.
pub(crate) fn time(duration: Duration) -> String {
    match duration.as_millis() {
        0..1000 => format!("{} ms", duration.as_millis()),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
