//! `purlin db seed`

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use super::doctor::packages;
use crate::{database::url_of, failure::Failure, locate, project::Project, terminal};

pub(crate) fn run(project: &Project) -> Result<ExitCode, Failure> {
    project.settings.check("migrations.seed", "seed.command = \"npx tsx prisma/seed.ts\"")?;
    let command = match project.settings.seed.as_ref().filter(|command| !command.trim().is_empty()) {
        Some(command) => command.clone(),
        None => {
            let path = terminal::path(&project.root.join("purlin.toml"));
            let command = suggestion(project);
            let facts = format!("{}docs/configuration.md says what a seed may import", to_install(project));
            let failure = Failure::trouble("there is no seed command");
            return Err(failure.with_remedy(match project.settings.seed {
                // The section is there, and may stand in a file only once.
                Some(_) => format!("it is empty: write command = \"{command}\" in its place; {facts}"),
                None => format!("add it to {path}; {facts}\n\n    [seed]\n    command = \"{command}\"\n"),
            }));
        }
    };
    let root = locate::absolute(&project.root)?;
    let mut child = shell(&command);
    child.current_dir(&root);
    child.envs(project.environment().additions());
    for name in project.environment().removals() {
        child.env_remove(name);
    }
    // It is about this process, not about what the seed starts.
    child.env_remove(terminal::RUN_BY);
    if project.schema_path().is_ok() {
        // A seed for a database that cannot be opened would fail half way, and in the client's words.
        let loaded = project.load()?;
        project.check_environment(&loaded)?;
        if project.url(&loaded).is_ok() {
            project.tell_database(&loaded)?;
        }
        let own = project.url_variable(&loaded)?;
        let clients = project.client_variable(&loaded)?;
        if let Some(url) = &project.global.url {
            // The path that was typed starts from this folder, that of the child from the project's.
            let url = match purlin_migrate::sqlite::path(url).map(Path::new).filter(|path| path.is_relative()) {
                Some(path) if path.as_os_str() != ":memory:" && project.root.as_os_str() != "" => {
                    url_of(url, &locate::absolute(path)?)?
                }
                _ => url.clone(),
            };
            match clients {
                Some(name) => drop(child.env(name, &url)),
                None => terminal::note(
                    "a generated client opens the URL that is written in the schema or in purlin.toml, whatever --url says; a \
                     variable in its place, { env = \"DATABASE_URL\" } in purlin.toml, makes it follow",
                ),
            }
            child.env(own.as_deref().unwrap_or("DATABASE_URL"), url);
        } else if let Some(name) = clients.filter(|name| own.as_ref() != Some(name))
            && let Ok(url) = project.written_url(&loaded)
            && project.environment().get(&name).as_ref() != Some(&url)
        {
            // The client would open another database than the one that was named above, or none.
            child.env(name, url);
        }
    } else if let Some(url) = &project.global.url {
        child.env("DATABASE_URL", url);
    }
    terminal::done("Running", &command);
    // A seed script calls the project's own tools, as scripts of package.json do.
    let tools = root.ancestors().map(|folder| folder.join("node_modules").join(".bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all: Vec<PathBuf> = tools.chain(std::env::split_paths(&path)).collect();
    if let Ok(path) = std::env::join_paths(all) {
        child.env("PATH", path);
    }
    let status = child.status().map_err(|error| Failure::trouble(format!("cannot run the seed command: {error}")))?;
    if status.success() {
        terminal::done("Seeded", "the database");
        return Ok(ExitCode::SUCCESS);
    }
    let how = status.code().map_or("a signal".to_owned(), |code| format!("exit code {code}"));
    let failure = Failure::no(format!("the seed command ended with {how}"));
    // What a shell says of a program that it does not find.
    if status.code() == Some(127) {
        return Err(
            failure.with_remedy("install the program that it calls, for example by `npm install --save-dev tsx`")
        );
    }
    Err(failure)
}

fn shell(command: &str) -> Command {
    let (program, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(program);
    child.arg(flag).arg(command);
    child
}

/// The command that installs what the suggestion runs with, where it is not listed.
fn to_install(project: &Project) -> &'static str {
    let is_listed = || packages::manifests(&project.root).iter().any(|manifest| manifest.wants("tsx").is_some());
    if suggestion(project).contains("tsx") && !is_listed() {
        "`npm i -D tsx` installs the program that runs it, "
    } else {
        ""
    }
}

/// A command that runs in this project. The generated client of a Node project is TypeScript, which Node 20 does not run.
fn suggestion(project: &Project) -> &'static str {
    let is = |name: &str| project.root.join(name).is_file();
    if is("Cargo.toml") && !is("package.json") { "cargo run --example seed" } else { "npx tsx prisma/seed.ts" }
}
