//! `purlin db seed`

use std::{
    path::Path,
    process::{Command, ExitCode},
};

use crate::{failure::Failure, project::Project, terminal};

pub(crate) fn run(project: &Project) -> Result<ExitCode, Failure> {
    let command = match &project.settings.seed {
        Some(command) => command.clone(),
        None => from_package()?.ok_or_else(|| {
            Failure::trouble("there is no seed command")
                .with_remedy("add it to purlin.toml: [seed] command = \"node prisma/seed.ts\"")
        })?,
    };
    let schema = project.schema_path().ok();
    if schema.is_some() {
        // A seed for a database that cannot be opened would fail half way, and in the client's words.
        project.load()?;
    }
    terminal::done("Running", &command);
    let environment = project.environment(schema.as_deref());
    let mut child = shell(&command);
    child.envs(environment.additions());
    if let Some(url) = &project.global.url {
        child.env("DATABASE_URL", url);
    }
    // A seed script calls the project's own tools, as scripts of package.json do.
    if let Ok(here) = std::env::current_dir() {
        let tools = here.join("node_modules").join(".bin");
        let path = std::env::var_os("PATH").unwrap_or_default();
        if let Ok(path) = std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&path))) {
            child.env("PATH", path);
        }
    }
    let status = child.status().map_err(|error| Failure::trouble(format!("cannot run the seed command: {error}")))?;
    if status.success() {
        terminal::done("Seeded", "the database");
        return Ok(ExitCode::SUCCESS);
    }
    let how = status.code().map_or("a signal".to_owned(), |code| format!("exit code {code}"));
    Err(Failure::no(format!("the seed command ended with {how}")))
}

fn shell(command: &str) -> Command {
    let (program, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(program);
    child.arg(flag).arg(command);
    child
}

/// `prisma.seed` of package.json, where Prisma had it before version 7.
fn from_package() -> Result<Option<String>, Failure> {
    let path = Path::new("package.json");
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, error))?;
    let package: serde_json::Value = serde_json::from_str(&text).map_err(|error| Failure::file("read", path, error))?;
    Ok(package.pointer("/prisma/seed").and_then(serde_json::Value::as_str).map(str::to_owned))
}
