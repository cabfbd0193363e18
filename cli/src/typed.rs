//! The commands that messages tell the user to run, with the options by which this command was told its project: pasted, each
//! works on the same schema, settings and database.

use std::{ffi::OsString, path::Path, sync::OnceLock};

use crate::{args::Global, failure::Failure, locate, terminal};

/// The options that say which project a command works on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    schema: Option<String>,
    config: Option<String>,
    url: Option<String>,
}

static OPTIONS: OnceLock<Options> = OnceLock::new();

impl Options {
    /// Those of the parsed command line.
    pub(crate) fn of(global: &Global) -> Self {
        let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
        Self { schema: path(&global.schema), config: path(&global.config), url: global.url.clone() }
    }

    /// Those of a command line that could not be parsed.
    pub(crate) fn scanned(arguments: impl Iterator<Item = OsString>) -> Self {
        let mut options = Self::default();
        let mut arguments = arguments.filter_map(|argument| argument.into_string().ok());
        while let Some(argument) = arguments.next() {
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            let slot = match name.as_str() {
                "--schema" => &mut options.schema,
                "--config" => &mut options.config,
                "--url" => &mut options.url,
                _ => continue,
            };
            *slot = value.or_else(|| arguments.next());
        }
        options
    }

    /// The same for a command that is given the schema as an argument.
    pub(crate) fn with_schema(mut self, path: &Path) -> Self {
        self.schema = Some(path.display().to_string());
        self
    }

    /// The same without the URL, which `purlin init` has written into .env.
    pub(crate) fn without_url(mut self) -> Self {
        self.url = None;
        self
    }

    /// Makes them those of each command that is printed from now on.
    pub(crate) fn remember(self) {
        // A process runs one command.
        let _ = OPTIONS.set(self);
    }

    /// The options that a command takes, as a shell reads them, each behind a space.
    fn behind(&self, command: &str) -> String {
        let mut words = command.split_whitespace();
        let database = match words.next() {
            Some("db" | "migrate" | "doctor" | "init") => true,
            Some("generate" | "validate" | "format") => false,
            _ => return String::new(),
        };
        let mut text = String::new();
        for (name, value) in [
            ("--schema", &self.schema),
            ("--config", &self.config),
            ("--url", if database { &self.url } else { &None }),
        ] {
            let Some(value) = value else { continue };
            if command.split_whitespace().any(|word| word == name) {
                continue;
            }
            // A URL with an account in it may hold a password, which no message repeats.
            let shown = if name == "--url" && value.contains('@') { "<url>".to_owned() } else { word(value) };
            text.push_str(&format!(" {name} {shown}"));
        }
        text
    }
}

/// A command of Purlin as the user types it in this place: by the program that was started, with the options that were typed.
pub(crate) fn command(words: &str) -> String {
    let options = OPTIONS.get().map(|options| options.behind(words)).unwrap_or_default();
    format!("{} {words}{options}", terminal::program())
}

/// A text as one word of a shell.
pub(crate) fn word(text: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "./_-\\:@+~=".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// The options for a command that went into the folder of another project, from where its paths are others.
pub(crate) fn from_here(global: &Global) -> Result<Options, Failure> {
    let mut global = global.clone();
    for path in [&mut global.schema, &mut global.config].into_iter().flatten() {
        *path = locate::relative(path)?;
    }
    Ok(Options::of(&global))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(line: &str) -> Options {
        Options::scanned(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn each_command_gets_the_options_that_it_takes() {
        let options = scanned("db push --schema=a/schema.prisma --url file:./x.db --config purlin.toml --url");
        assert_eq!(options.behind("generate"), " --schema a/schema.prisma --config purlin.toml");
        let options = scanned("--schema a/schema.prisma migrate dev --url file:./x.db");
        assert_eq!(options.behind("migrate resolve --applied 1_a"), " --schema a/schema.prisma --url file:./x.db");
        assert_eq!(options.behind("doctor --fix"), " --schema a/schema.prisma --url file:./x.db");
        assert_eq!(options.behind("init"), " --schema a/schema.prisma --url file:./x.db");
        for without in ["explain unknown-type", "--version", "completions bash", ""] {
            assert_eq!(options.behind(without), "", "{without}");
        }
        assert_eq!(options.behind("format --schema b.prisma"), "");
        assert_eq!(scanned("--url postgres://me:secret@host/db").behind("db push"), " --url <url>");
    }

    #[test]
    fn a_word_is_quoted_where_a_shell_would_split_it() {
        for (text, expected) in
            [("a/b.prisma", "a/b.prisma"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$HOME", "'$HOME'"), ("", "''")]
        {
            assert_eq!(word(text), expected);
        }
    }
}
