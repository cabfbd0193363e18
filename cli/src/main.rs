//! The command `purlin`.
//!
//! [`args`] says what can be typed, [`later`] what cannot yet, and [`commands`] has a file for each command. [`locate`] finds the
//! [`project`], whose schema [`schema_files`] reads, whose variables come from the [`environment`], and whose [`database`] is found
//! by its URL. [`output`] writes generated files, and [`terminal`] prints. The work itself is done by the crates beneath. Exit
//! codes: 0 done, 1 the answer is no (an invalid schema, stale files, a refused change), 2 wrong usage, files and databases out of
//! reach, or a result that could not be written.

#![forbid(unsafe_code)]

mod args;
mod commands;
mod database;
mod dotenv;
mod environment;
mod failure;
mod input;
mod later;
mod locate;
mod output;
mod prisma_config;
mod project;
mod schema_files;
mod settings;
mod terminal;
mod typed;
mod value;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

fn main() -> ExitCode {
    purlin_migrate::sqlite::tell_when_waiting(|| {
        terminal::note("waiting for another process that writes to the database");
    });
    // Help and errors of usage are printed before the arguments are known.
    args::Color::Auto.apply();
    let typed = args::Args::command().bin_name(terminal::program()).try_get_matches();
    let outcome = match typed.and_then(|typed| args::Args::from_arg_matches(&typed)) {
        Ok(args) => {
            args.global.color.apply();
            commands::run(args)
        }
        Err(error) => {
            typed::Options::scanned(std::env::args_os().skip(1)).remember();
            match later::failure(&error) {
                Some(failure) => Err(failure),
                None => error.exit(),
            }
        }
    };
    // What could not be written is not a result, whatever the command did.
    let outcome = outcome.and_then(|code| terminal::finish().map(|()| code));
    outcome.unwrap_or_else(|failure| {
        terminal::failure(&failure);
        ExitCode::from(failure.exit_code())
    })
}
