//! Another library of SQLite in a Rust program.
//!
//! rusqlite, sqlx and diesel share one copy of SQLite with Purlin: Cargo lets a program link `libsqlite3-sys` once, and
//! refuses to build where two versions are asked for. The libraries below are no part of that bargain.

use std::path::{Path, PathBuf};

use super::{
    Finding, database_file,
    source::{self, Opens},
};
use crate::{
    database::is_sqlite,
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

pub(super) const NAME: &str = "rust-libraries";

/// libsql links a changed SQLite under the names of SQLite's own functions. The linker takes one of the two for both
/// sides without a word, and libsql panics at its start when the other was in use before.
const LIBSQL: (&str, &str) = ("libsql", "libsql-ffi");

/// Rewritings of SQLite, with locks of their own: the crate, and the crate that shows in `Cargo.lock` that it is there.
const REWRITINGS: [(&str, &str); 2] = [("turso", "turso_core"), ("limbo", "limbo_core")];

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    if !is_sqlite(&loaded.schema) || !project.root.join("Cargo.toml").exists() {
        return Ok(Vec::new());
    }
    let file = database_file(project, loaded);
    let variable = project.url_variable(loaded)?.unwrap_or_else(|| "DATABASE_URL".to_owned());
    let locked = lock(&project.root);
    let manifest = std::fs::read_to_string(project.root.join("Cargo.toml")).unwrap_or_default();
    // One that cannot be read is Cargo's to complain of.
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    let direct = |library: &str| {
        let lists = ["dependencies", "dev-dependencies"];
        lists.iter().any(|list| manifest.get(*list).and_then(|list| list.get(library)).is_some())
    };
    let mut findings = Vec::new();
    let (library, engine) = LIBSQL;
    if direct(library) {
        findings.push(libsql(Finding::error, "this program").at(terminal::path(&project.root.join("Cargo.toml"))));
    } else if locked.iter().any(|name| name == engine) {
        findings.push(libsql(Finding::warning, "a program of this workspace").at("Cargo.lock"));
    }
    let mut sources = None;
    for (library, engine) in REWRITINGS {
        if !direct(library) && !locked.iter().any(|name| name == engine) {
            continue;
        }
        let sources = sources.get_or_insert_with(|| source::files(&project.root, &["rs"]));
        let path = format!("{library}::");
        let mut users = sources.iter().filter(|source| source.code.contains(&path));
        let ours = users.find(|source| source::opens(source, file.as_deref(), &variable) == Opens::Ours);
        findings.push(match ours {
            Some(source) => Finding::error(
                NAME,
                format!(
                    "{library} opens the database of Purlin, and is no SQLite: in one process the two do not see each \
                     other's locks, and destroy the file"
                ),
                "move these queries to Purlin's client, or into a process of their own; docs/adopting.md says how to \
                 change over",
            )
            .at(terminal::path(&source.path)),
            None => Finding::warning(
                NAME,
                format!(
                    "{library} brings locks of its own; if it opens the database of Purlin, the two destroy the file"
                ),
                "keep it away from this database, or leave it out",
            )
            .at(terminal::path(&project.root.join("Cargo.toml"))),
        });
    }
    Ok(findings)
}

fn libsql(finding: fn(&'static str, String, String) -> Finding, program: &str) -> Finding {
    finding(
        NAME,
        format!(
            "libsql links a SQLite under the same names as Purlin's into {program}: the linker takes one of them for both, \
             and libsql panics at its start when Purlin was first"
        ),
        "move these queries to Purlin's client, or use libsql in a program of its own".to_owned(),
    )
}

/// The names of the packages in the nearest `Cargo.lock`.
fn lock(root: &Path) -> Vec<String> {
    let here = crate::locate::absolute(root).unwrap_or_default();
    let path: Option<PathBuf> = here.ancestors().map(|folder| folder.join("Cargo.lock")).find(|path| path.exists());
    let text = path.and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let names = text.lines().filter_map(|line| line.strip_prefix("name = \""));
    names.map(|name| name.trim_end_matches('"').to_owned()).collect()
}
