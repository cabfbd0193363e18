//! The Rust half of the reliability suites: a process that writes batches until it is killed, its disk fails or its
//! time is over, and the check of what such a process has left behind.
//!
//! ```text
//! purlin-faults write --file=F --writers=N [--batches=N | --seconds=N] [--seed=N] [--name=TEXT] [--payload=N] [--quiet=1]
//! purlin-faults check --file=F
//! ```

#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "the suites read what the program says")]

mod check;
mod write;

use std::process::ExitCode;

/// An error is a text: the suites show it.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let settings = Settings(words.get(1..).unwrap_or_default());
    let result = match words.first().map(String::as_str) {
        Some("write") => write::run(&settings),
        Some("check") => check::run(&settings),
        _ => Err("the first argument is write or check".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("purlin-faults: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The arguments of the form `--name=value`.
struct Settings<'a>(&'a [String]);

impl Settings<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|word| word.strip_prefix("--")?.strip_prefix(name)?.strip_prefix('='))
    }

    /// The number of this name; 0 where there is none.
    fn number(&self, name: &str) -> Result<u64, Failure> {
        match self.text(name) {
            Some(text) => text.parse().map_err(|_| format!("--{name} needs a number").into()),
            None => Ok(0),
        }
    }

    fn file(&self) -> Result<&str, Failure> {
        self.text("file").ok_or_else(|| "--file is required".into())
    }
}
