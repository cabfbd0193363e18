//! `purlin db execute`

use std::{io::Read, path::Path, process::ExitCode};

use crate::{args::Execute, failure::Failure, project::Project, terminal};

pub(crate) fn run(project: &Project, what: &Execute) -> Result<ExitCode, Failure> {
    let script = match &what.file {
        Some(path) => std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, error))?,
        None => {
            let mut text = String::new();
            let read = std::io::stdin().read_to_string(&mut text);
            read.map_err(|error| Failure::file("read", Path::new("standard input"), error))?;
            text
        }
    };
    if script.contains('\0') {
        let message = "the script holds a NUL character, where SQLite stops reading: nothing was run";
        return Err(Failure::trouble(message).with_remedy("remove it"));
    }
    let loaded = project.load()?;
    project.connect(&loaded)?.execute(&script)?;
    terminal::done("Executed", "the script");
    Ok(ExitCode::SUCCESS)
}
