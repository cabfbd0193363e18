//! Another library of SQLite in a Rust program.
//!
//! rusqlite, sqlx and diesel share one copy of SQLite with Purlin: Cargo lets a program link `libsqlite3-sys` once, and
//! refuses to build where two versions are asked for. These bring a copy, or a rewriting, of their own.

use std::path::{Path, PathBuf};

use super::{
    Finding, database_file,
    source::{self, Opens},
};
use crate::{
    failure::Failure,
    project::{self, Loaded, Project},
    terminal,
};

pub(super) const NAME: &str = "rust-libraries";

/// The crate, and the crate that shows in `Cargo.lock` that it is part of the program.
const LIBRARIES: [(&str, &str); 3] = [("libsql", "libsql-ffi"), ("turso", "turso_core"), ("limbo", "limbo_core")];

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    if project::unsupported(&loaded.schema).is_some() || !Path::new("Cargo.toml").exists() {
        return Ok(Vec::new());
    }
    let file = database_file(project, loaded);
    let variable = project.url_variable(loaded)?.unwrap_or_else(|| "DATABASE_URL".to_owned());
    let locked = lock();
    let manifest = std::fs::read_to_string("Cargo.toml").unwrap_or_default();
    // One that cannot be read is Cargo's to complain of.
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    let mut findings = Vec::new();
    let mut sources = None;
    for (library, engine) in LIBRARIES {
        let direct = ["dependencies", "dev-dependencies"]
            .iter()
            .any(|list| manifest.get(*list).and_then(|list| list.get(library)).is_some());
        if !direct && !locked.contains(&engine.to_owned()) {
            continue;
        }
        let sources = sources.get_or_insert_with(|| source::files(&["rs"]));
        let path = format!("{library}::");
        let users: Vec<_> = sources.iter().filter(|source| source.code.contains(&path)).collect();
        let ours = users.iter().find(|source| source::opens(source, file.as_deref(), &variable) == Opens::Ours);
        let remedy = "move these queries to Purlin's client, or into a process of their own; docs/adopting.md says how to \
                      change over";
        match ours {
            Some(source) => findings.push(
                Finding::error(
                    NAME,
                    format!(
                        "{library} opens the database of Purlin with a second SQLite: in one process the two do not see \
                         each other's locks, and destroy the file"
                    ),
                    remedy,
                )
                .at(terminal::path(&source.path)),
            ),
            None => findings.push(
                Finding::warning(
                    NAME,
                    format!(
                        "{library} is a second SQLite in the program; if it opens the database of Purlin, the two destroy \
                         the file"
                    ),
                    "keep it away from this database, or leave it out",
                )
                .at("Cargo.toml"),
            ),
        }
    }
    Ok(findings)
}

/// The names of the packages in the nearest `Cargo.lock`.
fn lock() -> Vec<String> {
    let here = std::env::current_dir().unwrap_or_default();
    let path: Option<PathBuf> = here.ancestors().map(|folder| folder.join("Cargo.lock")).find(|path| path.exists());
    let text = path.and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let names = text.lines().filter_map(|line| line.strip_prefix("name = \""));
    names.map(|name| name.trim_end_matches('"').to_owned()).collect()
}
