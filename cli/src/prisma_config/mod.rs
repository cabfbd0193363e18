//! Reads `prisma.config.ts` without running it.
//!
//! The file is a program. It is parsed by oxc, and what follows from its text and from the environment is evaluated:
//! strings, templates, constants, `env('X')`, `process.env.X ?? 'file:..'`, conditions on variables, `path.join`, and the
//! calls that load `.env` files. Everything else is reported with its line, never passed over: a setting that is overlooked
//! would send a command to another database.
//!
//! - `known.rs`, `evaluate.rs`, `calls.rs`: what is known of a value, of an expression, and of a call.
//! - `statements.rs`: the statements in their order, the export, and the calls that change the environment.
//! - `aliases.rs`: the objects that may be changed after they were written.
//! - `effects.rs`: what may change the environment and was not understood.
//! - `modules.rs`: the modules and functions that are known.
//! - `words.rs`: the words that make a file unreadable.

mod aliases;
mod calls;
mod effects;
mod evaluate;
mod known;
mod modules;
mod statements;
#[cfg(test)]
mod tests;
mod words;

use std::{collections::BTreeMap, path::Path};

use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;

use crate::value::{Condition, Value};

/// The keys that are read.
pub(crate) const KEYS: [&str; 4] = ["schema", "datasource.url", "migrations.path", "migrations.seed"];

/// The settings of a file, and what it does to the environment.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// The values of the keys that are set, each with its line.
    pub(crate) values: BTreeMap<&'static str, (Value, usize)>,
    /// The keys whose values cannot be told without running the file, and the lines that decide them.
    pub(crate) unreadable: BTreeMap<&'static str, usize>,
    pub(crate) effects: Effects,
}

/// What a file does to the environment.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Effects {
    /// The steps, in the order in which they are run.
    pub(crate) steps: Vec<Step>,
    /// The places that may change the environment in a way that cannot be told.
    pub(crate) doubts: Vec<Doubt>,
}

/// A change of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) line: usize,
    /// All of these must hold.
    pub(crate) conditions: Vec<Condition>,
    pub(crate) action: Action,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// `import 'dotenv/config'`, which takes its options from the environment.
    LoadByImport,
    /// `config()` of dotenv at the start of a file, which reads `.env`.
    LoadDefault,
    /// `config({ path, override })` of dotenv: the first file that has a variable wins, or the last one with `override`.
    Load { paths: Vec<Value>, overrides: bool },
    /// `process.loadEnvFile(path)`, which fails if there is no such file.
    LoadRequired { path: Value },
    /// The same where an error is caught.
    LoadIfAny { path: Value },
    /// `loadEnvConfig(folder, development)` of Next.js.
    LoadForNext { folder: Value, development: Condition },
    /// `process.env.NAME = value`
    Assign { name: String, operator: Operator, value: Value },
    /// `delete process.env.NAME`
    Delete { name: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Set,
    /// `??=`
    IfUnset,
    /// `||=`
    IfEmpty,
}

/// A place that may change the environment in a way that cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(crate) line: usize,
    /// The variable, where it is known which one.
    pub(crate) name: Option<String>,
    pub(crate) reach: Reach,
}

/// The variables that a change may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those that are not set, as by `config()` of dotenv without `override`.
    Unset,
    All,
}

/// A longer text is not a configuration that a person wrote. The limit bounds the stack that the parser may need.
const LONGEST: usize = 32 << 10;
/// The stack for one byte of the text. Each byte may open a bracket, for which the parser and a visitor need some
/// kilobytes in a debug build.
const STACK_PER_BYTE: usize = 32 << 10;
const STACK: usize = 8 << 20;

/// Where a file lies, and where the program that reads it starts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The absolute path of the file.
    pub(crate) file: &'a Path,
    /// The absolute path of the project's folder.
    pub(crate) root: &'a Path,
}

/// Reads the text of a configuration.
pub(crate) fn read(text: &str, place: Place<'_>) -> Config {
    if text.len() > LONGEST {
        return unreadable(1);
    }
    // The parser is recursive and has no limit of its own.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK + text.len() * STACK_PER_BYTE);
        let thread = thread.spawn_scoped(scope, || parse(text, place));
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| unreadable(1))
    })
}

/// A file of which nothing can be told.
fn unreadable(line: usize) -> Config {
    let doubt = Doubt { line, name: None, reach: Reach::All };
    let effects = Effects { steps: Vec::new(), doubts: vec![doubt] };
    Config { values: BTreeMap::new(), unreadable: KEYS.map(|key| (key, line)).into(), effects }
}

fn parse(text: &str, place: Place<'_>) -> Config {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let allocator = Allocator::default();
    // TypeScript has all of JavaScript, and each of these files is read as a module by Prisma.
    let parsed = Parser::new(&allocator, text, SourceType::ts()).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        let labels = parsed.diagnostics.iter().flat_map(|error| error.labels.iter());
        let offset = labels.map(|label| label.offset()).next().unwrap_or_default();
        return unreadable(line(text, offset));
    }
    statements::run(&parsed.program, text, place)
}

/// The line of an offset in the text.
fn line(text: &str, offset: u32) -> usize {
    let before = text.get(..usize::try_from(offset).unwrap_or_default()).unwrap_or_default();
    before.matches('\n').count() + 1
}
