//! The entries of `tests/reports/reports.toml` that have an `env`: which database a command works on.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use serde::Deserialize;
use std::collections::BTreeMap;
use support::Project;

#[derive(Deserialize)]
struct Log {
    report: Vec<Report>,
}

#[derive(Deserialize)]
struct Report {
    issues: Vec<String>,
    env: Option<Env>,
}

#[derive(Deserialize)]
struct Env {
    /// The `.env` file.
    text: String,
    /// What the process has beside it.
    #[serde(default)]
    environment: BTreeMap<String, String>,
    /// The database that `db push` makes for `env("DATABASE_URL")`.
    file: String,
}

#[test]
fn each_env_file_leads_to_its_database() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/reports/reports.toml");
    let log: Log = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut found = Vec::new();
    for Report { issues, env } in log.report {
        let Some(env) = env else { continue };
        let project = Project::new();
        project.write(
            "schema.prisma",
            "datasource db {\n  provider = \"sqlite\"\n  url      = env(\"DATABASE_URL\")\n}\n\nmodel Item {\n  id Int @id\n}\n",
        );
        project.write(".env", &env.text);
        let output = project.command("db push").envs(&env.environment).output().unwrap();
        let mut files: Vec<String> = std::fs::read_dir(project.path("."))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".db"))
            .collect();
        files.sort();
        if !output.status.success() || files != [env.file.as_str()] {
            let said = String::from_utf8_lossy(&output.stderr);
            found.push(format!("{}: made {files:?}, not {}\n{said}", issues.join(", "), env.file));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
