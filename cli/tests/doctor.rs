//! `doctor`: what it finds in a project, and what it leaves alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use support::{Project, USER};

/// A project that is as it should be.
fn healthy() -> Project {
    let project = Project::new();
    project.write("package.json", "{ \"dependencies\": { \"purlin\": \"0.1.0\" } }");
    project.write("node_modules/purlin/package.json", "{ \"version\": \"0.1.0\" }");
    project.write(".env", "DATABASE_URL=file:./dev.db\n");
    project.write(
        "prisma/schema.prisma",
        &format!(
            "datasource db {{\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}}\n\n\
             generator client {{\n  provider = \"purlin-typescript\"\n}}\n\n{USER}"
        ),
    );
    project.write(
        "src/db.ts",
        "import { PurlinClient } from './generated/purlin'\nexport const db = new PurlinClient()\n",
    );
    project.done("generate");
    project.done("db push");
    project
}

/// What is found, as `level check place`, and the exit code.
fn found(project: &Project) -> (i32, Vec<String>) {
    let said = project.run("doctor --format json");
    let report: serde_json::Value =
        serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}{}", said.out, said.err));
    assert_eq!(report.get("ok").and_then(serde_json::Value::as_bool), Some(said.code == 0));
    let text = |finding: &serde_json::Value, key: &str| {
        finding.get(key).and_then(serde_json::Value::as_str).unwrap_or("-").to_owned()
    };
    let findings = report.get("findings").unwrap().as_array().unwrap().iter().map(|finding| {
        assert!(!text(finding, "message").is_empty() && !text(finding, "remedy").is_empty());
        format!("{} {} {}", text(finding, "level"), text(finding, "check"), text(finding, "place"))
    });
    (said.code, findings.collect())
}

fn finds(project: &Project, expected: &[&str]) {
    let (code, findings) = found(project);
    assert_eq!(findings, expected);
    assert_eq!(code, i32::from(expected.iter().any(|finding| finding.starts_with("error"))));
}

#[test]
fn a_healthy_project_needs_nothing() {
    let project = healthy();
    assert_eq!(project.done("doctor"), "Healthy: 13 checks found nothing to change\n");
    finds(&project, &[]);
    let files = |project: &Project| std::fs::read_dir(project.path("")).unwrap().count();
    let before = files(&project);
    project.done("doctor");
    assert_eq!(files(&project), before, "it leaves nothing behind");
}

#[test]
fn what_cannot_be_asked_is_told_apart() {
    let project = Project::new();
    assert!(project.fails(2, "doctor").contains("found no schema"));
    assert!(project.fails(2, "doctor --format yaml").contains("json"));
    let project = Project::of("model User {");
    project.fails(1, "doctor");
}

#[test]
fn another_library_on_the_same_database_is_found() {
    let project = healthy();
    for (text, place) in [
        ("import Database from 'better-sqlite3'\nexport const old = new Database('dev.db')\n", 1),
        (
            "// the old one\nimport { PrismaBetterSqlite3 } from \"@prisma/adapter-better-sqlite3\"\nnew PrismaBetterSqlite3({ url: process.env.DATABASE_URL })\n",
            2,
        ),
        (
            "import { PrismaLibSql } from '@prisma/adapter-libsql'\nnew PrismaLibSql({ url: process.env['DATABASE_URL'] })\n",
            1,
        ),
        ("import { createClient } from '@libsql/client'\ncreateClient({ url: 'file:dev.db' })\n", 1),
        ("const { DatabaseSync } = require('node:sqlite')\nnew DatabaseSync(`./dev.db`)\n", 1),
        ("import { Database } from 'bun:sqlite'\nnew Database('dev.db')\n", 1),
        ("import sqlite3 from 'sqlite3'\nnew sqlite3.Database('dev.db')\n", 1),
        ("export const out = execFileSync('sqlite3', ['dev.db'])\nconst sqlite3 = await import(\n  'sqlite3'\n)\n", 3),
        ("import { drizzle } from 'drizzle-orm/better-sqlite3'\ndrizzle(process.env.DATABASE_URL)\n", 1),
        ("import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n", 1),
        // Which file it is, the text does not tell.
        ("import { open } from './files'\nimport Database from 'better-sqlite3'\nnew Database(open())\n", 2),
    ] {
        project.write("src/old.ts", text);
        finds(&project, &[&format!("error sqlite-libraries src/old.ts:{place}")]);
        let said = project.run("doctor");
        assert!(said.out.contains("second copy of SQLite") && said.out.contains("docs/adopting.md"), "{}", said.out);
        assert!(said.out.ends_with("1 thing must be changed\n"), "{}", said.out);
    }
    project.write("package.json", "{ \"dependencies\": { \"typeorm\": \"1.0.0\", \"better-sqlite3\": \"1.0.0\" } }");
    project.write("src/old.ts", "new DataSource({\n  type: 'better-sqlite3',\n  database: 'dev.db',\n})\n");
    finds(&project, &["error sqlite-libraries src/old.ts:2"]);
}

#[test]
fn another_library_on_another_database_is_left_alone() {
    let project = healthy();
    for text in [
        "import Database from 'better-sqlite3'\nnew Database('cache.db')\n",
        "import Database from 'better-sqlite3'\nnew Database(':memory:')\n",
        "import type { Database } from 'better-sqlite3'\n",
        "// import Database from 'better-sqlite3'\n/* new Database('dev.db') */\n",
        "// Generated by a tool\nimport Database from 'better-sqlite3'\nnew Database('dev.db')\n",
        // A process of its own.
        "export const out = execFileSync('sqlite3', ['./dev.db', 'select 1'])\n",
        "import { spawn } from 'node:child_process'\nexport const child = spawn('sqlite3', ['dev.db'])\n",
        "import { $ } from 'execa'\nexport default () => $({ input: 'from dev.db' })('sqlite3', ['dev.db'])\n",
        "import type {\n  Database,\n} from 'better-sqlite3'\nexport type Old = Database\nexport const file = 'dev.db'\n",
    ] {
        project.write("src/old.ts", text);
        finds(&project, &[]);
    }
    project.write("src/old.ts", "");
    project.write("node_modules/x/index.js", "require('better-sqlite3')('dev.db')");
    finds(&project, &[]);
    // What is only listed may be left over.
    project.write("package.json", "{ \"devDependencies\": { \"better-sqlite3\": \"12.0.0\" } }");
    finds(&project, &["warning sqlite-libraries package.json"]);
    assert!(project.done("doctor").ends_with("Healthy: 13 checks found nothing to change; 1 warning\n"));
}

#[test]
fn a_library_of_the_root_of_the_workspace_counts() {
    let project = healthy();
    project.write(
        "package.json",
        "{ \"workspaces\": [\"packages/*\"], \"dependencies\": { \"better-sqlite3\": \"12.0.0\" } }",
    );
    project.write("packages/app/package.json", "{}");
    let command = format!("doctor --format json --schema {}", project.path("prisma/schema.prisma").display());
    let output = project.command(&command).current_dir(project.path("packages/app")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("better-sqlite3, which brings a copy of SQLite, is listed"), "{text}");
}

#[test]
fn a_second_sqlite_of_a_rust_program_is_found() {
    let project = healthy();
    project.write("Cargo.toml", "[package]\nname = \"x\"\n[dependencies]\nrusqlite = \"0.39\"\nsqlx = \"0.9\"\n");
    project.write("src/main.rs", "fn main() { rusqlite::Connection::open(\"dev.db\"); }\n");
    finds(&project, &[]);
    // It needs no look at the sources: both cannot be linked.
    project.write("Cargo.toml", "[package]\nname = \"x\"\n[dependencies]\nlibsql = \"0.9\"\n");
    finds(&project, &["error rust-libraries Cargo.toml"]);
    project.write("Cargo.toml", "[package]\nname = \"x\"\n");
    project.write("Cargo.lock", "[[package]]\nname = \"libsql-ffi\"\nversion = \"0.9.30\"\n");
    finds(&project, &["warning rust-libraries Cargo.lock"]);
    std::fs::remove_file(project.path("Cargo.lock")).unwrap();
    // A rewriting of SQLite may be used for other files.
    project.write("Cargo.toml", "[package]\nname = \"x\"\n[dependencies]\nturso = \"0.3\"\n");
    finds(&project, &["warning rust-libraries Cargo.toml"]);
    project.write("src/main.rs", "fn main() { turso::Builder::new_local(\"dev.db\"); }\n");
    finds(&project, &["error rust-libraries src/main.rs"]);
}

#[test]
fn copies_of_the_package_are_found() {
    let project = healthy();
    project.write("package.json", "{ \"workspaces\": [\"packages/*\"] }");
    project.write("packages/app/package.json", "{}");
    finds(&project, &[]);
    project.write("packages/app/node_modules/purlin/package.json", "{ \"version\": \"0.2.0\" }");
    finds(&project, &["error copies -"]);
    let out = project.run("doctor").out;
    assert!(out.contains("purlin is installed 2 times") && out.contains("(0.1.0)") && out.contains("(0.2.0)"), "{out}");
    std::fs::remove_dir_all(project.path("packages/app/node_modules")).unwrap();
    // A package that brings its own.
    project.write("node_modules/@scope/lib/node_modules/purlin/package.json", "{ \"version\": \"0.1.0\" }");
    finds(&project, &["error copies -"]);
    std::fs::remove_dir_all(project.path("node_modules/@scope")).unwrap();
    project.write("node_modules/.pnpm/purlin@0.2.0/node_modules/purlin/package.json", "{ \"version\": \"0.2.0\" }");
    finds(&project, &["error copies -"]);
    std::fs::remove_dir_all(project.path("node_modules/.pnpm")).unwrap();
    // Links lead to one copy.
    #[cfg(unix)]
    {
        std::fs::create_dir_all(project.path("packages/app/node_modules")).unwrap();
        let link = project.path("packages/app/node_modules/purlin");
        std::os::unix::fs::symlink(project.path("node_modules/purlin"), link).unwrap();
        finds(&project, &[]);
    }
}

#[test]
fn versions_that_run_foreign_code_are_found() {
    let project = healthy();
    for (package, bad, good) in [
        ("react", "19.1.1", "19.1.2"),
        ("react-server-dom-webpack", "19.2.0", "19.2.1"),
        ("next", "15.5.6", "15.5.7"),
        ("next", "16.0.6", "16.0.7"),
    ] {
        let manifest = format!("node_modules/{package}/package.json");
        project.write(&manifest, &format!("{{ \"version\": \"{bad}\" }}"));
        finds(&project, &["error react -"]);
        let out = project.run("doctor").out;
        assert!(out.contains("CVE-2025-55182") && out.contains(&format!("install {package} {good} or later")), "{out}");
        project.write(&manifest, &format!("{{ \"version\": \"{good}\" }}"));
        finds(&project, &[]);
    }
    // Without an installation the manifest counts, where it names a version.
    std::fs::remove_dir_all(project.path("node_modules")).unwrap();
    project.write("package.json", "{ \"dependencies\": { \"react\": \"^19.0.0\" } }");
    finds(&project, &[]);
    project.write("package.json", "{ \"dependencies\": { \"react\": \"19.0.0\" } }");
    finds(&project, &["error react -"]);
}

#[cfg(unix)]
#[test]
fn an_old_node_is_found() {
    use std::os::unix::fs::PermissionsExt;
    let project = healthy();
    for (version, code) in [("v18.20.0", 1), ("v20.8.1", 1), ("v20.9.0", 0), ("v24.1.0", 0)] {
        project.write("tools/node", &format!("#!/bin/sh\necho {version}\n"));
        std::fs::set_permissions(project.path("tools/node"), std::fs::Permissions::from_mode(0o755)).unwrap();
        let output = project.command("doctor").env("PATH", project.path("tools")).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{text}");
        assert_eq!(text.contains("is too old: the client needs 20.9 or later"), code == 1, "{text}");
    }
}

#[test]
fn a_client_that_is_out_of_date_is_found() {
    let project = healthy();
    project.write("src/generated/purlin/index.ts", "// Generated by `purlin generate`: something else\n");
    finds(&project, &["error clients src/generated/purlin/index.ts"]);
    assert!(project.run("doctor").out.contains("help: run `purlin generate`"));
}

#[test]
fn a_database_that_is_not_there_or_not_whole_is_found() {
    let project = healthy();
    project
        .database()
        .execute_batch("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO User (name) SELECT hex(randomblob(40)) FROM n; PRAGMA journal_mode = TRUNCATE; PRAGMA journal_mode = DELETE")
        .unwrap();
    finds(&project, &[]);
    let whole = std::fs::read(project.path("dev.db")).unwrap();
    let mut torn = whole.clone();
    for byte in torn.iter_mut().skip(3 * 4096).take(5 * 4096) {
        *byte = 0x5a;
    }
    std::fs::write(project.path("dev.db"), &torn).unwrap();
    let (code, findings) = found(&project);
    assert!(code == 1 && findings.iter().any(|finding| finding.starts_with("error database")), "{findings:?}");
    assert!(project.run("doctor").out.contains("damaged"));

    project.write("dev.db", &"no database at all ".repeat(100));
    let out = project.run("doctor").out;
    assert!(out.contains("dev.db is not an SQLite database") && out.contains("check the database's URL"), "{out}");

    std::fs::remove_file(project.path("dev.db")).unwrap();
    finds(&project, &["error database ./dev.db"]);
    assert!(!project.path("dev.db").exists(), "a look makes no file");
    std::fs::create_dir(project.path("dev.db")).unwrap();
    assert!(project.run("doctor").out.contains("dev.db is a folder"));
    std::fs::remove_dir(project.path("dev.db")).unwrap();

    project.write(".env", "");
    let out = project.run("doctor").out;
    assert!(out.contains("the environment variable DATABASE_URL is not set"), "{out}");
}

#[test]
fn a_database_that_stands_behind_is_found() {
    let project = healthy();
    let schema = project.read("prisma/schema.prisma");
    project.write("prisma/schema.prisma", &schema.replace("name String?", "name String?\n  age Int?"));
    project.done("generate");
    finds(&project, &["error migrations ./dev.db"]);
    assert!(project.run("doctor").out.contains("purlin db push"));
    project.done("db push");
    finds(&project, &[]);
    project.write("prisma/migrations/1_a/migration.sql", "SELECT 1;");
    finds(&project, &["error migrations ./dev.db"]);
    // Of a database without a history: `migrate deploy` would refuse it.
    assert!(project.run("doctor").out.contains("purlin migrate resolve --applied 1_a"));
    project.done("migrate resolve --applied 1_a");
    std::fs::remove_dir_all(project.path("prisma/migrations")).unwrap();
    finds(&project, &["error migrations ./dev.db"]);
    project.done("migrate reset --force");
    project.done("migrate dev --name init");
    finds(&project, &[]);
    project.database().execute_batch("ALTER TABLE User ADD COLUMN extra TEXT").unwrap();
    assert!(project.run("doctor").out.contains("the database is not what its migrations make: 1 change away"));
    project.database().execute_batch("ALTER TABLE User DROP COLUMN extra").unwrap();
    project.write("prisma/migrations/29990101000000_a/migration.sql", "SELECT 1;");
    assert!(project.run("doctor").out.contains("purlin migrate deploy"));
    project.done("migrate deploy");
    finds(&project, &[]);
}

#[test]
fn rows_that_no_client_can_read_are_found() {
    let project = healthy();
    let schema = project.read("prisma/schema.prisma");
    project.write(
        "prisma/schema.prisma",
        &schema.replace("name String?", "name Role?").replace("model User", "enum Role {\n  USER\n}\n\nmodel User"),
    );
    project.done("generate");
    project.database().execute_batch("INSERT INTO User (name) VALUES ('GUEST'), ('USER'), (NULL)").unwrap();
    finds(&project, &["error migrations ./dev.db"]);
    let out = project.run("doctor").out;
    assert!(out.contains("1 value of \"User\".\"name\" is not in the enum Role") && !out.contains("GUEST"), "{out}");
}

/// `init` warns when it takes over a project that still opens the file by another library.
#[test]
fn init_warns_of_another_library() {
    let project = healthy();
    project.write("src/old.ts", "import Database from 'better-sqlite3'\nnew Database('dev.db')\n");
    let said = project.run("init");
    assert_eq!(said.code, 0);
    assert!(said.err.contains("warning: src/old.ts:1: better-sqlite3 opens the database of Purlin"), "{}", said.err);
    assert!(said.out.contains("purlin doctor") && said.err.contains("docs/adopting.md"), "{}{}", said.out, said.err);
}

/// A project with a table of dates beside its user.
fn with_dates(attribute: &str) -> Project {
    let project = healthy();
    let schema = project.read("prisma/schema.prisma");
    let model = format!("model Visit {{\n  id Int @id\n  at DateTime {attribute}\n  seen DateTime?\n}}\n");
    project.write("prisma/schema.prisma", &format!("{schema}\n{model}"));
    project.done("generate");
    project
}

/// Rows in other forms than Purlin writes, in two columns.
fn with_other_dates() -> Project {
    let project = with_dates("@unique");
    project.done("db push");
    project.write(
        "rows.sql",
        "INSERT INTO Visit VALUES (1, 1704164645678, NULL), (2, '2024-01-02 03:04:05', '2024-01-02T03:04:05.678901Z');",
    );
    project.done("db execute --file rows.sql");
    project
}

#[test]
fn dates_in_another_form_are_one_finding_and_are_converted() {
    let project = with_other_dates();
    finds(&project, &["warning dates ./dev.db"]);
    let note = "3 dates in 2 columns are in another form than Purlin writes (1 as numbers of milliseconds";
    for command in ["migrate status", "db push", "init"] {
        let said = project.run(command);
        assert!(
            said.err.contains(note) && said.err.matches("number of milliseconds").count() <= 1,
            "{command}: {}",
            said.err
        );
    }
    let out = project.done("doctor");
    assert!(out.contains(note) && out.contains("`purlin doctor --fix`"), "{out}");
    // Nobody is here to answer.
    let err = project.fails(1, "doctor --fix");
    assert!(err.contains("would convert 3 dates in 2 columns; nothing was changed") && err.contains("--yes"), "{err}");
    finds(&project, &["warning dates ./dev.db"]);
    let out = project.done("doctor --fix --yes");
    assert!(out.contains("Converted 3 dates in 2 columns\n") && out.contains("  \"Visit\".\"at\": 2 dates\n"), "{out}");
    finds(&project, &[]);
    let seen: String =
        project.database().query_row("SELECT seen FROM Visit WHERE id = 2", [], |row| row.get(0)).unwrap();
    assert_eq!(seen, "2024-01-02T03:04:05.678+00:00");
    assert_eq!(project.done("doctor --fix"), "Unchanged: all dates and decimals are in the form that Purlin writes\n");
}

#[test]
fn digits_that_a_conversion_cuts_off_are_told() {
    let project = with_dates("@unique");
    project.done("db push");
    let insert = |id: u32, at: &str, seen: &str| {
        project.write("rows.sql", &format!("INSERT INTO Visit VALUES ({id}, {at}, {seen});"));
        project.done("db execute --file rows.sql");
    };
    // Nothing is lost of these: there are no digits beyond the millisecond, or they are zeros, or it stays as it is.
    insert(1, "1704164645678", "'2024-01-02T03:04:05.678000Z'");
    insert(2, "'2024-01-02 03:04:05'", "'-000001-01-02T03:04:05.678901Z'");
    let err = project.fails(1, "doctor --fix");
    assert!(err.contains("would convert") && !err.contains("beyond the millisecond"), "{err}");
    assert!(!project.done("doctor").contains("beyond the millisecond"));
    insert(3, "'2024-01-02T03:04:07.678901Z'", "'2024-01-02 03:04:05.6789'");
    insert(4, "'2024-01-02T03:04:06.1234567+02:00'", "'2024-01-02T03:04:05.0001Z'");
    let out = project.done("doctor");
    assert!(out.contains("converted, 4 dates lose their digits beyond the millisecond"), "{out}");
    let said = project.run("doctor --fix");
    assert_eq!(said.code, 1);
    assert!(said.err.contains("by the conversion, 4 dates lose their digits beyond the millisecond"), "{}", said.err);
    let lines = ["\"at\": 4 dates; 2 dates lose their digits", "\"seen\": 3 dates; 2 dates lose their digits"];
    assert!(lines.iter().all(|line| said.out.contains(line)), "{}", said.out);
    let out = project.done("doctor --fix --yes");
    assert!(lines.iter().all(|line| out.contains(line)), "{out}");
    let at: String = project.database().query_row("SELECT at FROM Visit WHERE id = 4", [], |row| row.get(0)).unwrap();
    assert_eq!(at, "2024-01-02T01:04:06.123+00:00");
}

#[test]
fn a_date_that_a_unique_key_allows_once_is_left_and_told() {
    let project = with_other_dates();
    project.write("twice.sql", "INSERT INTO Visit VALUES (3, '2024-01-02T03:04:05.678Z', NULL);");
    project.done("db execute --file twice.sql");
    let said = project.run("doctor --fix --yes");
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(
        said.err.contains("\"Visit\".\"at\" is left as it is: 1 instant is there in several forms"),
        "{}",
        said.err
    );
    assert!(said.out.contains("Converted 1 date in 1 column\n"), "{}", said.out);
}

#[test]
fn what_fix_needs_is_asked_for() {
    let project = healthy();
    for wrong in ["doctor --yes", "doctor --fix --format json"] {
        assert!(project.fails(2, wrong).contains("Usage: purlin doctor"), "{wrong}");
    }
    std::fs::remove_file(project.path("dev.db")).unwrap();
    assert!(project.fails(1, "doctor --fix --yes").contains("there is no database ./dev.db"));
    assert!(!project.path("dev.db").exists());
}

#[test]
fn an_index_of_dates_that_queries_do_without_is_found() {
    let project = with_dates("@unique");
    // As Prisma makes it.
    project.write(
        "tables.sql",
        "CREATE TABLE \"Visit\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"at\" DATETIME NOT NULL, \"seen\" DATETIME);\n\
         CREATE UNIQUE INDEX \"Visit_at_key\" ON \"Visit\"(\"at\");",
    );
    project.done("db execute --file tables.sql");
    finds(&project, &["warning dates ./dev.db"]);
    project.done("doctor --fix --yes");
    finds(&project, &[]);
}

#[test]
fn decimals_in_another_form_are_found_and_the_remedy_converts_them() {
    let project = healthy();
    let schema = project.read("prisma/schema.prisma");
    let model = "model Item {\n  id Int @id\n  price Decimal @unique\n}\n";
    project.write("prisma/schema.prisma", &format!("{schema}\n{model}"));
    project.done("generate");
    project.done("db push");
    project.write("rows.sql", "INSERT INTO Item VALUES (1, '1.50'), (2, '2e3'), (3, 'none');");
    project.done("db execute --file rows.sql");
    let report: serde_json::Value = serde_json::from_str(&project.run("doctor --format json").out).unwrap();
    let findings = report.get("findings").unwrap().as_array().unwrap();
    let said = |at: usize, member: &str| findings[at].get(member).unwrap().as_str().unwrap().to_owned();
    assert_eq!([said(0, "check"), said(0, "level")], ["decimals", "error"]);
    assert!(said(0, "message").contains("holds 1 value that is no number"), "{}", said(0, "message"));
    assert_eq!([said(1, "check"), said(1, "level")], ["decimals", "warning"]);
    assert!(said(1, "message").contains("holds 2 decimals whose texts are in another form"), "{}", said(1, "message"));
    project.write("rows.sql", "DELETE FROM Item WHERE id = 3;");
    project.done("db execute --file rows.sql");
    finds(&project, &["warning decimals ./dev.db"]);
    project.done("doctor --fix --yes");
    let price: String =
        project.database().query_row("SELECT price FROM Item WHERE id = 1", [], |row| row.get(0)).unwrap();
    assert_eq!(price, "1.5");
    finds(&project, &[]);
}

#[test]
fn values_that_no_client_can_read_are_found() {
    let project = healthy();
    let schema = project.read("prisma/schema.prisma");
    let model = "model Item {\n  id Int @id\n  age Int?\n  size BigInt?\n  weight Float?\n  done Boolean?\n  name String?\n  \
                 raw Bytes?\n}\n";
    project.write("prisma/schema.prisma", &format!("{schema}\n{model}"));
    project.done("generate");
    project.done("db push");
    let cells = ["3000000000", "'many'", "'heavy'", "2", "x'00'", "'text'"];
    let mut expected = Vec::new();
    for (column, cell) in ["age", "size", "weight", "done", "name", "raw"].iter().zip(cells) {
        project.write("row.sql", &format!("INSERT INTO Item (\"{column}\") VALUES (NULL), ({cell});"));
        project.done("db execute --file row.sql");
        expected.push("error values ./dev.db");
        finds(&project, &expected);
        let out = project.run("doctor").out;
        assert!(out.contains(&format!("\"Item\".\"{column}\" holds 1 value that is not ")), "{column}: {out}");
    }
    project.write(
        "row.sql",
        "DELETE FROM Item WHERE age = 3e9; UPDATE Item SET size = NULL, weight = 1, done = 1, name = '', raw = x'';",
    );
    project.done("db execute --file row.sql");
    finds(&project, &[]);
}

/// A database at another place than its URL says is one thing: it is not first worked on and then missing.
#[test]
fn a_database_at_another_place_is_told_once() {
    for (env, schema_env, place) in [
        ("DATABASE_URL=file:./web.db\n", "", "prisma/web.db"),
        ("OTHER=1\n", "DATABASE_URL=file:./web.db\n", "prisma/web.db"),
    ] {
        let project = healthy();
        project.write(".env", env);
        project.write("prisma/.env", schema_env);
        project.write(place, "");
        let said = project.run("doctor");
        assert_eq!(said.code, 1, "{}{}", said.out, said.err);
        assert!(said.out.contains("there is no database ./web.db, but there is ./prisma/web.db"), "{}", said.out);
        assert!(!said.err.contains("this command works on") && !said.err.contains("Database:"), "{}", said.err);
    }
    // Where both are there, the one that counts is named.
    let project = healthy();
    project.write("prisma/dev.db", "");
    let said = project.run("doctor");
    assert!(said.err.contains("this command works on ./dev.db"), "{}{}", said.out, said.err);
}

/// Code of Prisma's client that this one refuses is found, although nothing is wrong with the database.
#[test]
fn calls_that_the_client_does_not_support_are_found() {
    let project = healthy();
    let out = |text: &str| {
        project.write("src/app.ts", &format!("import {{ db }} from './db'\n{text}"));
        project.done("doctor")
    };
    let said = out("await db.user.createManyAndReturn({})\n");
    assert!(
        said.contains("warning: 1 place in the code needs a change")
            && said.contains("src/app.ts:2: `createManyAndReturn`"),
        "{said}"
    );
    assert!(said.contains("`purlin init` lists all of them") && said.contains("; 1 warning"), "{said}");
    let said = out(
        "await db.user.groupBy({})\nawait db.user.findMany({ cursor: { id: 1 } })\ndb.$on('query', f)\nawait db.user.aggregate({})\n",
    );
    assert!(said.contains("warning: 4 places in the code need a change"), "{said}");
    assert!(said.contains("src/app.ts:4: `$on`") && !said.contains("src/app.ts:5") && said.contains("..."), "{said}");
    finds(&project, &["warning calls -"]);
    assert!(out("await db.user.findMany({})\n").contains("found nothing to change\n"));
    // A project without the TypeScript client has other calls.
    project.write(
        "prisma/schema.prisma",
        &project.read("prisma/schema.prisma").replace("purlin-typescript", "purlin-rust"),
    );
    project.done("generate");
    assert!(out("await db.user.createManyAndReturn({})\n").contains("found nothing to change\n"));
}
