//! Repository commands, run as `cargo xtask COMMAND`.
//!
//! One file a command. What they share: [`checkout`] knows the folders, [`tools`] what the machine must have,
//! [`steps`] prints progress and keeps logs, [`process`] runs children so that none outlives its parent.

#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "the commands talk to a terminal")]

#[cfg(test)]
mod architecture;
mod arguments;
mod bench;
mod checkout;
#[allow(clippy::panic, reason = "it is a helper of tests, which stop where it fails")]
#[path = "../../driver/tests/postgres/cluster.rs"]
mod cluster;
mod conformance;
mod counts;
mod demo;
mod faults;
mod lint;
mod package;
mod process;
mod regenerate;
mod server;
mod steps;
mod suites;
mod test;
mod tools;

use std::process::ExitCode;

use arguments::Arguments;

/// An error is a text, for that is all that becomes of it.
type Result<T = ()> = std::result::Result<T, String>;

struct Command {
    name: &'static str,
    options: &'static str,
    about: &'static str,
    run: fn(Arguments) -> Result<ExitCode>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        options: "[--check] [--database sqlite|postgres] [--port N]",
        about: "build everything and serve the example page; with --check drive it in a browser and exit",
        run: demo::command,
    },
    Command {
        name: "test",
        options: "[--long] [SUITE..]",
        about: "run every suite, or those named; --long adds the soak tests and runs the reliability suites in their long form",
        run: test::command,
    },
    Command {
        name: "lint",
        options: "",
        about: "check what needs no test to be seen: layout, lints, documentation, generated files",
        run: lint::command,
    },
    Command {
        name: "bench",
        options: "reads|writes [--database D] [--quick] [--json FILE]",
        about: "measure against the peers",
        run: bench::command,
    },
    Command {
        name: "regenerate",
        options: "[--check]",
        about: "write every checked-in generated file again, or only compare them",
        run: regenerate::command,
    },
    Command {
        name: "conformance",
        options: "psl|schemas --corpus DIR [--verbose]",
        about: "compare the schema language with Prisma's, or compile the clients of real schemas",
        run: conformance::command,
    },
    Command { name: "package", options: "", about: "build and pack the npm package", run: package::command },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_default();
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        print_usage();
        let asked = ["help", "--help", "-h"].contains(&name.as_str());
        return if asked { ExitCode::SUCCESS } else { ExitCode::from(2) };
    };
    let arguments = Arguments::new(words);
    if arguments.asks_for_help() {
        println!("usage: cargo xtask {name} {}\n\n  {}", command.options, command.about);
        return ExitCode::SUCCESS;
    }
    process::watch_signals();
    match (command.run)(arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("cargo xtask {name}: {message}");
            ExitCode::FAILURE
        }
    }
}

fn print_usage() {
    println!("usage: cargo xtask COMMAND\n");
    for Command { name, options, about, .. } in COMMANDS {
        println!("  {name} {options}\n      {about}");
    }
}
