//! Reads `prisma.config.ts`, which decides which database the commands work on.
//!
//! The file is a program. One that is plain is read from its text: strings, constants, `env('X')`, `process.env.X ?? 'file:..'`,
//! `path.join`, and the calls that load `.env` files. Any other is run as Prisma runs it, and where that is not possible, a
//! command that needs it stops: a setting that is overlooked would send it to another database.
//!
//! - `plain.rs`: what is plain, and what it says; `paths.rs`: Node's paths.
//! - `loader.rs`: the run of a file that is not plain.

mod loader;
mod paths;
mod plain;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, path::Path};

use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;

use crate::value::{Condition, Value};
use plain::NotPlain;

/// The keys that are read.
pub(crate) const KEYS: [&str; 4] = ["schema", "datasource.url", "migrations.path", "migrations.seed"];

/// The settings of a file, and what it does to the environment.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// The values of the keys that are set.
    pub(crate) values: BTreeMap<&'static str, Value>,
    pub(crate) effects: Effects,
    /// Why the file could not be read, where it could not.
    pub(crate) unreadable: Option<Unreadable>,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// The line of what does not follow from the text.
    pub(crate) line: usize,
    /// Why the file could not be run.
    pub(crate) cause: String,
}

/// What a file does to the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effects {
    /// These steps, in the order in which they are run.
    Steps(Vec<Step>),
    /// It has set or removed these variables.
    Changed(BTreeMap<String, Option<String>>),
}

impl Default for Effects {
    fn default() -> Self {
        Self::Steps(Vec::new())
    }
}

/// A change of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) line: usize,
    pub(crate) action: Action,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// `import 'dotenv/config'`, which takes its options from the environment.
    LoadByImport,
    /// `config()` of dotenv, which reads `.env`.
    LoadDefault,
    /// `config({ path, override })` of dotenv: the first file that has a variable wins, or the last one with `override`.
    Load { paths: Vec<Value>, overrides: bool },
    /// `process.loadEnvFile(path)`, which fails if there is no such file.
    LoadRequired { path: Value },
    /// `loadEnvConfig(folder, development)` of Next.js.
    LoadForNext { folder: Value, development: Condition },
    /// `process.env.NAME = 'value'`
    Assign { name: String, value: String },
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

/// Whether a file that is not plain is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Running {
    Allowed,
    /// It belongs to a project that nobody has asked for.
    Refused,
}

/// Reads a configuration, by its text or by running it.
pub(crate) fn read(text: &str, place: Place<'_>, running: Running) -> Config {
    let line = match read_plain(text, place) {
        Ok(config) if !is_node_prepared() => return config,
        Ok(_) => 1,
        Err(line) => line,
    };
    let loaded = match running {
        Running::Allowed => loader::load(place),
        Running::Refused => Err("it belongs to another project".to_owned()),
    };
    match loaded {
        Ok(loaded) => {
            let setting = |key: &'static str| Some((key, Value::Literal(loaded.settings.get(key)?.clone())));
            Config {
                values: KEYS.into_iter().filter_map(setting).collect(),
                effects: Effects::Changed(loaded.variables),
                unreadable: None,
            }
        }
        Err(cause) => Config { unreadable: Some(Unreadable { line, cause }), ..Config::default() },
    }
}

/// Returns whether the environment has Node.js or its loader load other modules before or for the file, or dotenv or Next.js
/// other variables.
fn is_node_prepared() -> bool {
    let loads = std::env::var_os("NODE_OPTIONS").is_some_and(|options| {
        let options = options.to_string_lossy().into_owned();
        ["-r", "--require", "--import", "--env-file", "--loader", "--experimental"]
            .iter()
            .any(|one| options.contains(one))
    });
    loads
        || ["__NEXT_PROCESSED_ENV", "JITI_ALIAS", "DOTENV_KEY", "DOTENV_CONFIG_DOTENV_KEY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some())
}

/// Reads a plain configuration, or returns the line of what is not plain.
fn read_plain(text: &str, place: Place<'_>) -> Result<Config, usize> {
    if text.len() > LONGEST {
        return Err(1);
    }
    // The parser is recursive and has no limit of its own.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK + text.len() * STACK_PER_BYTE);
        let thread = thread.spawn_scoped(scope, || parse(text, place));
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or(Err(1))
    })
}

fn parse(text: &str, place: Place<'_>) -> Result<Config, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let allocator = Allocator::default();
    // TypeScript has all of JavaScript, and each of these files is read as a module by Prisma.
    let parsed = Parser::new(&allocator, text, SourceType::ts()).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        let labels = parsed.diagnostics.iter().flat_map(|error| error.labels.iter());
        return Err(line(text, labels.map(|label| label.offset()).next().unwrap_or_default()));
    }
    let plain = plain::read(&parsed.program, place).map_err(|NotPlain(at)| line(text, at))?;
    let step = |(action, at)| Step { line: line(text, at), action };
    Ok(Config {
        values: plain.values,
        effects: Effects::Steps(plain.steps.into_iter().map(step).collect()),
        unreadable: None,
    })
}

/// The line of an offset in the text.
fn line(text: &str, offset: u32) -> usize {
    let before = text.get(..usize::try_from(offset).unwrap_or_default()).unwrap_or_default();
    before.matches('\n').count() + 1
}
