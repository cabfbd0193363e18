//! Another library of SQLite in the process of Purlin, on the same file.
//!
//! SQLite locks a file by the process, so that two copies of it in one process do not see each other's locks. Writes of
//! both destroy the file, whatever journal it has: docs/adopting.md says more.

use super::{
    Finding, database_file,
    packages::manifests,
    source::{self, Opens, Source},
};
use crate::{
    database::is_sqlite,
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

pub(super) const NAME: &str = "sqlite-libraries";

/// Packages that bring a copy of SQLite, or load one.
const LIBRARIES: [&str; 20] = [
    "better-sqlite3",
    "better-sqlite3-multiple-ciphers",
    "@prisma/adapter-better-sqlite3",
    "@prisma/adapter-libsql",
    "@prisma/client",
    "@libsql/client",
    "libsql",
    "sqlite3",
    "sqlite",
    "@vscode/sqlite3",
    "node-sqlite3-wasm",
    "@tursodatabase/database",
    "@mikro-orm/better-sqlite",
    "@mikro-orm/sqlite",
    "@mikro-orm/libsql",
    "drizzle-orm/better-sqlite3",
    "drizzle-orm/libsql",
    "drizzle-orm/bun-sqlite",
    "node:sqlite",
    "bun:sqlite",
];

/// Libraries that name their driver in an object: the package, and the key.
const DIALECTS: [(&str, &str); 3] = [("typeorm", "type"), ("sequelize", "dialect"), ("knex", "client")];

const ENDINGS: [&str; 11] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "vue", "svelte", "astro"];

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    find(project, loaded)
}

/// The findings, for `purlin init` too.
pub(crate) fn find(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    if !is_sqlite(&loaded.schema) {
        return Ok(Vec::new());
    }
    let file = database_file(project, loaded);
    let variable = project.url_variable(loaded)?.unwrap_or_else(|| "DATABASE_URL".to_owned());
    let manifests = manifests(&project.root);
    let depends = |package: &str| manifests.iter().any(|manifest| manifest.wants(package).is_some());
    let dialects: Vec<(&str, &str)> = DIALECTS.into_iter().filter(|(package, _)| depends(package)).collect();
    let mut findings = Vec::new();
    let mut imported: Vec<&str> = Vec::new();
    for source in source::files(&project.root, &ENDINGS) {
        let mut told: Vec<&str> = Vec::new();
        for (number, library) in used(&source, &dialects) {
            imported.push(library);
            if told.contains(&library) {
                continue;
            }
            told.push(library);
            let opens = match library {
                // Its engine opens what the schema says.
                "@prisma/client" => Opens::Ours,
                _ => source::opens(&source, file.as_deref(), &variable),
            };
            let place = format!("{}:{number}", terminal::path(&source.path));
            findings.extend(finding(library, opens).map(|finding| finding.at(place)));
        }
    }
    for manifest in &manifests {
        let path = terminal::path(&manifest.path);
        // Prisma's own package has the types and the command too.
        let unused = LIBRARIES.iter().filter(|library| {
            **library != "@prisma/client" && !imported.contains(library) && manifest.wants(library).is_some()
        });
        findings.extend(unused.map(|library| {
            Finding::warning(
                NAME,
                format!("{library}, which brings a copy of SQLite, is listed, and no source file here imports it"),
                format!("if nothing needs it any more, run `npm uninstall {library}`"),
            )
            .at(path.clone())
        }));
    }
    Ok(findings)
}

fn finding(library: &str, opens: Opens) -> Option<Finding> {
    match opens {
        Opens::Another => None,
        Opens::Ours => Some(Finding::error(
            NAME,
            format!(
                "{library} opens the database of Purlin with a second copy of SQLite: in one process the two do not see \
                 each other's locks, and destroy the file"
            ),
            "move these queries to Purlin's client, or into a process of their own; docs/adopting.md says how to change \
             over",
        )),
        Opens::Unknown => Some(Finding::error(
            NAME,
            format!(
                "{library} is a second copy of SQLite, and nothing here tells which file it opens: on the database of \
                 Purlin, in the same process, the two destroy the file"
            ),
            "if it opens another file, name that in this source file; else move these queries to Purlin's client, see \
             docs/adopting.md",
        )),
    }
}

/// The libraries that a file loads, or names as a driver, with their lines. A command of the same name, as in
/// `execFile('sqlite3', ..)`, is a process of its own, which is safe.
fn used(source: &Source, dialects: &[(&str, &str)]) -> Vec<(usize, &'static str)> {
    let library = |name: &str| LIBRARIES.into_iter().find(|library| *library == name);
    let mut used: Vec<(usize, &'static str)> = Vec::new();
    for import in source.imports().iter().filter(|import| !import.is_of_types()) {
        used.extend(library(import.module).map(|library| (import.line, library)));
    }
    for (number, line) in source.lines() {
        let names_driver = dialects.iter().any(|(_, key)| has_key(line, key));
        let drivers = Source::strings(line)
            .filter(|text| names_driver && ["sqlite", "sqlite3", "better-sqlite3", "libsql"].contains(text));
        used.extend(drivers.filter_map(library).map(|library| (number, library)));
    }
    used.sort_by_key(|(number, _)| *number);
    used
}

/// Returns whether a line has this key of an object.
fn has_key(line: &str, key: &str) -> bool {
    line.contains(&format!("{key}:")) || line.contains(&format!("'{key}':"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(code: &str, dialects: &[(&str, &str)]) -> Vec<&'static str> {
        let source = Source { path: "a.ts".into(), code: source::without_comments(code) };
        super::used(&source, dialects).into_iter().map(|(_, library)| library).collect()
    }

    #[test]
    fn imports_are_found_in_all_their_forms() {
        for (code, expected) in [
            ("import Database from 'better-sqlite3'", "better-sqlite3"),
            ("} from \"@prisma/adapter-better-sqlite3\";", "@prisma/adapter-better-sqlite3"),
            ("const { DatabaseSync } = require('node:sqlite')", "node:sqlite"),
            ("const sqlite = await import(`bun:sqlite`)", "bun:sqlite"),
            ("export { drizzle } from 'drizzle-orm/libsql'", "drizzle-orm/libsql"),
            ("import {\n  open,\n} from 'sqlite'", "sqlite"),
        ] {
            assert_eq!(used(code, &[]), [expected], "{code}");
        }
        for code in [
            "import type { Database } from 'better-sqlite3'",
            "import type {\n  Database,\n} from 'better-sqlite3'",
            "const text = 'better-sqlite3'",
            "import x from './better-sqlite3'",
            "  type: 'sqlite',",
            "export const out = execFileSync('sqlite3', ['./dev.db', 'select 1'])",
            "import { spawn } from 'node:child_process'; spawn('sqlite3', ['dev.db'])",
            "export const tools = { from: 'sqlite3' }",
        ] {
            assert!(used(code, &[]).is_empty(), "{code}");
        }
        assert_eq!(used("  type: 'better-sqlite3',", &[("typeorm", "type")]), ["better-sqlite3"]);
        assert_eq!(used("  client: \"sqlite3\",", &[("knex", "client")]), ["sqlite3"]);
    }
}
