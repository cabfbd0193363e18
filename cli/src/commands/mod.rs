//! The commands, a file each.

pub(crate) mod doctor;
mod execute;
mod explain;
mod format;
pub(crate) mod generate;
pub(crate) mod init;
mod migrate_deploy;
mod migrate_dev;
mod migrate_reset;
mod migrate_resolve;
pub(crate) mod migrate_status;
mod push;
mod seed;
mod validate;

use std::process::ExitCode;

use clap::CommandFactory;

use crate::{
    args::{Args, Command, Db, Migrate},
    failure::Failure,
    project::Project,
    terminal, typed,
};

/// Runs what was typed.
pub(crate) fn run(args: Args) -> Result<ExitCode, Failure> {
    let options = typed::Options::of(&args.global);
    match &args.command {
        // It goes into the folder of the project first.
        Command::Init(_) => {}
        Command::Validate { path: Some(path), .. } | Command::Format { path: Some(path), .. }
            if path.as_os_str() != "-" =>
        {
            options.with_schema(path).remember();
        }
        _ => options.remember(),
    }
    // They look at the project in their own way: one makes it, two must report errors in it as their result, one needs
    // none.
    let command = match args.command {
        Command::Init(what) => return init::run(args.global, what),
        Command::Validate { path, format } => return validate::run(args.global, path, format),
        Command::Completions { shell } => {
            // Not to standard output itself, which may be closed early.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "purlin", &mut script);
            terminal::result(&String::from_utf8_lossy(&script));
            return Ok(ExitCode::SUCCESS);
        }
        Command::Explain { code } => return explain::run(code.as_deref()),
        Command::Format { path, check } => {
            let mode = if check { format::Mode::Check } else { format::Mode::Write };
            return format::run(args.global, path, mode);
        }
        command => command,
    };
    let project = Project::open(args.global)?;
    match command {
        Command::Init(_)
        | Command::Validate { .. }
        | Command::Explain { .. }
        | Command::Format { .. }
        | Command::Completions { .. } => Ok(ExitCode::SUCCESS),
        Command::Generate { watch: true, .. } => generate::watch(&project),
        Command::Generate { check, .. } => {
            generate::run(&project, if check { generate::Mode::Check } else { generate::Mode::Write })
        }
        Command::Doctor(what) => doctor::run(&project, &what),
        Command::Db(Db::Push { accept_data_loss, force_reset }) => push::run(&project, accept_data_loss, force_reset),
        Command::Db(Db::Seed) => seed::run(&project),
        Command::Db(Db::Execute(what)) => execute::run(&project, &what),
        Command::Migrate(Migrate::Dev { name, create_only, accept_data_loss }) => {
            migrate_dev::run(&project, migrate_dev::Wish { name, create_only, accept_data_loss })
        }
        Command::Migrate(Migrate::Deploy) => migrate_deploy::run(&project),
        Command::Migrate(Migrate::Status { format }) => migrate_status::run(&project, format),
        Command::Migrate(Migrate::Reset { force }) => migrate_reset::run(&project, force),
        Command::Migrate(Migrate::Resolve(what)) => migrate_resolve::run(&project, &what),
    }
}
