//! Database files that cannot be used: each message names the file and the remedy, and shows neither SQL nor values.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use std::process::Stdio;

use support::{Project, USER, said};

const COMMANDS: [&str; 4] = ["db push", "migrate deploy", "migrate status", "migrate dev --name init"];

#[test]
fn a_file_that_is_no_database() {
    let project = Project::of(USER);
    project.write("dev.db", &"this is a text, and a long one\n".repeat(100));
    for command in COMMANDS {
        let err = project.fails(2, command);
        assert!(err.contains("dev.db is not an SQLite database, or it is encrypted"), "{command}: {err}");
        assert!(err.contains("help: check the database's URL"), "{command}: {err}");
    }
    assert!(project.read("dev.db").starts_with("this is a text"), "it was left alone");
}

#[test]
fn a_damaged_database() {
    let project = Project::of(USER);
    project.done("db push");
    project
        .database()
        .execute_batch("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO User (name) SELECT hex(randomblob(40)) FROM n; PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let mut bytes = std::fs::read(project.path("dev.db")).unwrap();
    for byte in bytes.iter_mut().skip(4096) {
        *byte = 0x5a;
    }
    std::fs::write(project.path("dev.db"), bytes).unwrap();
    // The change makes the push read the rows.
    project.schema(&USER.replace("name String?", "name Int?"));
    let err = project.fails(2, "db push");
    assert!(err.contains("the SQLite database") && err.contains("dev.db is damaged"), "{err}");
    assert!(err.contains("restore it from a backup"), "{err}");
}

#[test]
fn a_folder_is_no_database() {
    let project = Project::of(USER);
    std::fs::create_dir(project.path("dev.db")).unwrap();
    for command in COMMANDS {
        let err = project.fails(2, command);
        assert!(err.contains("dev.db is a folder, not an SQLite database"), "{command}: {err}");
        assert_eq!(err.matches("unable to open").count(), 0, "{err}");
    }
}

/// Runs a command as a user without rights of its own: permissions do not stop root.
#[cfg(unix)]
fn as_nobody(project: &Project, arguments: &str) -> support::Said {
    use std::os::unix::{fs::MetadataExt, process::CommandExt};
    let mut command = project.command(arguments);
    if std::fs::metadata(project.path("prisma")).unwrap().uid() == 0 {
        // From a copy that this user may run: the folder that it was built in may be root's alone.
        let binary = std::env::temp_dir().join(format!("purlin-as-nobody-{}", std::process::id()));
        // Copied by another process: a file that this one has open for writing while a test starts a child is busy.
        let copied = std::process::Command::new("cp").arg(command.get_program()).arg(&binary).status().unwrap();
        assert!(copied.success());
        let mut copy = std::process::Command::new(&binary);
        copy.args(command.get_args()).current_dir(command.get_current_dir().unwrap()).env_clear();
        copy.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        copy.uid(65_534).gid(65_534);
        let said = said(copy.output().unwrap());
        std::fs::remove_file(&binary).unwrap();
        return said;
    }
    said(command.output().unwrap())
}

#[cfg(unix)]
fn allow(project: &Project, name: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(project.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
#[test]
fn a_read_only_file_or_folder() {
    let project = Project::of(USER);
    project.done("db push");
    allow(&project, "", 0o555);
    allow(&project, "dev.db", 0o444);
    project.schema(&USER.replace("name String?", "name String?\n  age Int?"));
    for command in ["db push", "migrate dev --name init"] {
        let said = as_nobody(&project, command);
        assert!(said.code != 0, "{command}: {}", said.out);
        if command == "db push" {
            assert!(
                said.err.contains("dev.db cannot be written: the file, or the folder that it is in, is read-only"),
                "{}",
                said.err
            );
            assert!(said.err.contains("make both writable"), "{}", said.err);
        }
    }
    // A database that is not there yet.
    let said = as_nobody(&project, "db push --url file:./new.db");
    assert!(said.code == 2 && said.err.contains("cannot create the SQLite database ./new.db"), "{}", said.err);
    assert!(said.err.contains("is read-only") && said.err.contains("make the folder writable"), "{}", said.err);
    // One that may not be read at all.
    allow(&project, "dev.db", 0o000);
    let said = as_nobody(&project, "db push");
    assert!(
        said.code == 2 && said.err.contains("cannot open the SQLite database ./dev.db: permission"),
        "{}",
        said.err
    );
    // A folder that may not be entered.
    std::fs::create_dir(project.path("closed")).unwrap();
    std::fs::copy(project.path("dev.db"), project.path("closed/dev.db")).unwrap();
    allow(&project, "closed", 0o000);
    let said = as_nobody(&project, "db push --url file:./closed/dev.db");
    assert!(said.code == 2 && said.err.contains("closed/dev.db: permission to its folder is denied"), "{}", said.err);
    allow(&project, "closed", 0o755);
    allow(&project, "", 0o755);
}

#[test]
fn a_message_shows_no_statement_and_no_value() {
    let project = Project::of(USER);
    project.done("db push");
    project.database().execute_batch("INSERT INTO User (id, name) VALUES (1, 'hunter2')").unwrap();
    for script in [
        "INSERT INTO User (id, name) VALUES (1, 'hunter2');",
        "INSERT INTO User (id, name) VALUES (2, 'hunter2') 'hunter2';",
        "SELECT 'hunter2' FROM nowhere;",
        "BEGIN; INSERT INTO User (id, name) VALUES (2, 'hunter2');",
        "UPDATE User SET id = 'hunter2';",
    ] {
        project.write("script.sql", script);
        let err = project.fails(1, "db execute --file script.sql");
        assert!(!err.contains("hunter2") && !err.contains("INSERT") && !err.contains("SELECT"), "{script}: {err}");
    }
}

/// The schema lies beside the database, so that both meanings of a relative URL are one place; it appears while others
/// look for it.
#[test]
fn deployments_at_once_make_one_database() {
    for round in 0..10 {
        let project = Project::new();
        project.write(
            "schema.prisma",
            &format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}}\n\n{USER}"),
        );
        project.write(
            "migrations/1_init/migration.sql",
            "CREATE TABLE \"User\" (\"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, \"name\" TEXT);",
        );
        let start = || project.command("migrate deploy").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let children: Vec<_> = (0..6).map(|_| start()).collect();
        for child in children {
            let said = said(child.wait_with_output().unwrap());
            assert_eq!(said.code, 0, "round {round}: {}{}", said.out, said.err);
        }
        let rows = "SELECT count(*) FROM _prisma_migrations";
        assert_eq!(project.database().query_row(rows, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }
}

#[test]
fn a_script_that_leaves_a_transaction_open_is_not_applied() {
    let project = Project::of("model T {\n  id Int @id\n}");
    project.write("prisma/migrations/1_a/migration.sql", "BEGIN;\nCREATE TABLE z (x);\n");
    let said = project.run("migrate deploy");
    assert!(said.code == 1 && !said.out.contains("Applied"), "{}{}", said.out, said.err);
    assert!(
        said.err.contains("error[P3018]") && said.err.contains("begins a transaction and does not end it"),
        "{}",
        said.err
    );
    let err = project.fails(1, "migrate deploy");
    assert!(err.contains("error[P3009]") && err.contains("purlin migrate resolve --rolled-back 1_a"), "{err}");
    project.done("migrate resolve --rolled-back 1_a");
    project.write("prisma/migrations/1_a/migration.sql", "BEGIN;\nCREATE TABLE z (x);\nCOMMIT;\n");
    assert_eq!(project.done("migrate deploy"), "Applied 1_a\n");

    project.write("script.sql", "BEGIN;\nDROP TABLE z;\n");
    let err = project.fails(1, "db execute --file script.sql");
    assert!(err.contains("does not end it") && !err.contains("nothing was changed"), "{err}");
    project.write("script.sql", "BEGIN;\nDROP TABLE z;\nEND;\nNONSENSE;\n");
    let err = project.fails(1, "db execute --file script.sql");
    assert!(err.contains("line 4") && err.contains("what the script committed before stays"), "{err}");
}

/// The mode of a URL counts for the command as for the clients.
#[test]
fn a_url_to_read_by_is_not_written() {
    let project = Project::of(USER);
    let err = project.fails(2, "db push --url file:./dev.db?mode=ro");
    assert!(err.contains("to read only (mode=ro)") && err.contains("--url"), "{err}");
    let err = project.fails(2, "db push --url file:./dev.db?mode=rw");
    assert!(err.contains("./dev.db does not exist, and its URL says not to create it (mode=rw)"), "{err}");
    assert!(!project.path("dev.db").exists());
    let err = project.fails(2, "db push --url file:./dev.db?mode=wild");
    assert!(err.contains("`mode` in the database URL must be") && !err.contains("wild"), "{err}");
    project.done("db push --url file:./dev.db?mode=rwc");
    project.done("migrate status --url file:./dev.db?mode=ro");
    project.done("db push --url file:./dev.db?mode=rw");
    let err = project.fails(2, "db execute --file prisma/schema.prisma --url file:./dev.db?mode=ro");
    assert!(err.contains("mode=ro"), "{err}");
}

/// Of deployments at the same time one runs the script; the others tell what they see, and what they see is true.
#[test]
fn a_script_with_transactions_of_its_own_runs_once() {
    for _ in 0..5 {
        let project = Project::of(USER);
        project.write(
            "prisma/migrations/1_init/migration.sql",
            "BEGIN;\nCREATE TABLE \"User\" (\"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, \"name\" TEXT);\nCOMMIT;\nBEGIN;\n\
             INSERT INTO \"User\" (\"name\") VALUES ('once');\nCOMMIT;\n",
        );
        let start = || project.command("migrate deploy").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let children: Vec<_> = (0..5).map(|_| start()).collect();
        let all: Vec<_> = children.into_iter().map(|child| said(child.wait_with_output().unwrap())).collect();
        for said in &all {
            let waits = said.err.contains("error[P3009]") && said.err.contains("another process is running it");
            assert!(said.code == 0 || (said.code == 1 && waits), "{}{}", said.out, said.err);
        }
        assert_eq!(all.iter().map(|said| said.out.matches("Applied ").count()).sum::<usize>(), 1);
        let rows = "SELECT (SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL) || (SELECT count(*) FROM User)";
        assert_eq!(project.database().query_row(rows, [], |row| row.get::<_, String>(0)).unwrap(), "11");
        project.done("migrate deploy");
    }
}

/// A URL that names no file: what it lacks is said, and nothing of what may be a secret in it.
#[test]
fn a_url_that_is_not_that_of_a_file_says_what_it_lacks() {
    let project = Project::of(USER);
    for (url, expected) in [
        ("./plain.db", "does not begin with `file:`"),
        ("plain.db", "does not begin with `file:`"),
        ("/abs/plain.db", "does not begin with `file:`"),
        ("C:\\data\\plain.db", "does not begin with `file:`"),
        ("user:plain@host/db", "does not begin with `file:`"),
        ("postgresql://user:plain@host/db", "is for `postgresql`"),
        ("libsql://plain.turso.io", "is for `libsql`"),
        ("plain plain://x", "does not begin with `file:`"),
        ("file:", "has no path after `file:`"),
        ("sqlite:?mode=rw", "has no path after `sqlite:`"),
    ] {
        for command in [&["db", "push"][..], &["migrate", "status"], &["migrate", "dev", "--name", "init"]] {
            let said = said(project.command("").args(command).args(["--url", url]).output().unwrap());
            assert_eq!(said.code, 2, "{url}: {}", said.err);
            assert!(said.err.contains(&format!("the database URL {expected}")), "{url}: {}", said.err);
            assert!(said.err.contains("as file:./dev.db") || said.err.contains("as in file:./dev.db"), "{}", said.err);
            assert!(!said.err.contains("plain") && !said.err.contains(".."), "{url}: {}", said.err);
        }
    }
}

#[test]
fn a_database_that_is_not_there_yet_is_told_of() {
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    for command in ["migrate status", "migrate deploy", "db push"] {
        let said = project.run(&format!("{command} --url file:./tpyo.db"));
        assert!(said.err.contains("Database: ./tpyo.db (SQLite), which does not exist yet"), "{command}: {}", said.err);
        let _ = std::fs::remove_file(project.path("tpyo.db"));
    }
    let said = project.run("migrate status");
    assert!(!said.err.contains("does not exist"), "{}", said.err);
}

#[test]
fn a_push_that_ends_drift_is_not_called_drift() {
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    project.write("drift.sql", "ALTER TABLE User ADD COLUMN hand TEXT;");
    project.done("db execute --file drift.sql");
    let said = project.run("db push --accept-data-loss");
    assert!(said.code == 0 && !said.err.contains("will report it as drift"), "{}", said.err);
    project.done("migrate status");
    project.write(
        "prisma/schema.prisma",
        &project.read("prisma/schema.prisma").replacen("model User {", "model User {\n  more Int?", 1),
    );
    assert!(project.run("db push").err.contains("will report it as drift"));
}

#[test]
fn what_a_failed_migrate_dev_leaves_is_said() {
    let role = |values: &str| format!("enum Role {{\n  {values}\n}}\nmodel User {{\n  id Int @id\n  role Role\n}}\n");
    let project = Project::of(&role("A\n  B"));
    project.done("migrate dev --name init");
    project.write("rows.sql", "INSERT INTO User (id, role) VALUES (1, 'B');");
    project.done("db execute --file rows.sql");
    let schema = project.read("prisma/schema.prisma").replacen("A\n  B", "A", 1);
    project.write("prisma/schema.prisma", &schema);
    project.done("migrate dev --create-only --name fewer");
    let said = project.run("migrate dev");
    assert!(said.code != 0, "{}{}", said.out, said.err);
    assert!(said.err.contains("the pending migrations were applied, and nothing else was changed"), "{}", said.err);
}

#[test]
fn a_quote_without_an_end_is_named() {
    let project = Project::of("");
    project.write("prisma/schema.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}"));
    project.write(".env", "DATABASE_URL=\"file:./dev.db\n");
    let err = project.fails(2, "db push");
    assert!(err.contains("begins with the quote \"") && err.contains("a quote without an end"), "{err}");
}

#[test]
fn a_reset_without_migrations_says_how_to_go_on() {
    let project = Project::of(USER);
    project.done("db push");
    let said = project.run("migrate reset --force");
    assert!(said.code == 0 && said.err.contains("`purlin db push` makes the tables"), "{}", said.err);
}
