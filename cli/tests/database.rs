//! `db push|seed|execute` and `migrate`, on a file.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use std::{
    io::Write,
    process::Stdio,
    time::{Duration, Instant},
};

use support::{Project, USER, said};

#[test]
fn a_push_says_what_changed() {
    let project = Project::of(USER);
    let out = project.done("db push");
    assert!(out.starts_with("Changed the database: 1 change (") && out.ends_with("  + table \"User\"\n"), "{out}");
    assert_eq!(project.done("db push"), "Unchanged: the database is what the schema describes\n");

    project.database().execute_batch("INSERT INTO User (name) VALUES ('Ada')").unwrap();
    project.schema("model User {\n  id Int @id @default(autoincrement())\n}");
    let err = project.fails(1, "db push");
    assert!(
        err.contains("dropping the column \"User\".\"name\" loses 1 value") && err.contains("--accept-data-loss"),
        "{err}"
    );
    let out = project.done("db push --accept-data-loss");
    assert!(out.contains("  - column \"User\".\"name\""), "{out}");
    let out = project.done("db push --force-reset");
    assert!(out.starts_with("Dropped everything in the database\n"), "{out}");
    assert_eq!(project.database().query_row("SELECT count(*) FROM User", [], |row| row.get::<_, i64>(0)).unwrap(), 0);
}

#[test]
fn migrations_go_round() {
    let project = Project::of(USER);
    assert!(project.fails(1, "migrate status").contains("purlin migrate dev"));
    assert!(!project.path("dev.db").exists(), "a look makes no file");
    let out = project.done("migrate dev --name init");
    assert!(
        out.starts_with("Wrote prisma/migrations/")
            && out.contains("_init/migration.sql\n  + table \"User\"\nApplied "),
        "{out}"
    );
    assert!(project.done("migrate status").contains("In sync"));
    assert!(project.done("migrate dev").contains("Unchanged"));

    project.schema(&USER.replace("name String?", "name String?\n  age Int?"));
    assert!(project.fails(1, "migrate status").contains("purlin migrate dev"));
    project.done("migrate dev --name age --create-only");
    let said = project.run("migrate status");
    assert!(
        said.code == 1 && said.out.contains("Not applied yet:\n  ") && said.err.contains("purlin migrate deploy"),
        "{}",
        said.out
    );
    assert!(project.done("migrate deploy").starts_with("Applied "));
    assert!(project.done("migrate deploy").contains("Unchanged"));
    project.done("migrate status");

    // Lost values need a yes, and nobody is here to give it.
    project.database().execute_batch("INSERT INTO User (age) VALUES (36)").unwrap();
    project.schema(USER);
    let err = project.fails(1, "migrate dev --name no-age");
    assert!(err.contains("loses 1 value") && err.contains("--create-only"), "{err}");
    assert_eq!(std::fs::read_dir(project.path("prisma/migrations")).unwrap().count(), 3);
    project.done("migrate dev --name no-age --accept-data-loss");

    assert!(project.fails(2, "migrate reset").contains("--force"));
    assert_eq!(project.done("migrate reset --force").matches("Applied ").count(), 3);
    project.done("migrate status");
    project.done("migrate deploy --url file:./other.db");
    project.done("migrate status --url file:./other.db");
}

#[test]
fn a_history_is_settled_by_hand() {
    let project = Project::of(USER);
    project.done("db push");
    project.write(
        "prisma/migrations/1_init/migration.sql",
        "CREATE TABLE \"User\" (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT);",
    );
    assert!(project.fails(1, "migrate deploy").contains("error[P3005]"));
    project.done("migrate resolve --applied 1_init");
    project.done("migrate status");
    assert!(project.fails(1, "migrate resolve --rolled-back 1_init").contains("error[P3012]"));
    project.fails(2, "migrate resolve");
    project.write("prisma/migrations/2_bad/migration.sql", "SELECT 1;\nNONSENSE;");
    let err = project.fails(1, "migrate deploy");
    assert!(err.contains("error[P3018]: the migration 2_bad failed: line 2: near \"NONSENSE\""), "{err}");
}

#[test]
fn a_pushed_database_starts_its_history() {
    let project = Project::of(USER);
    project.done("db push");
    let err = project.fails(1, "migrate dev --name init");
    assert!(err.contains("made without migrations, by `db push` or by hand:\n  + table \"User\"\n"), "{err}");
    let said = project.run("migrate dev --create-only --name init");
    assert!(said.code == 0 && said.err.contains("purlin migrate resolve --applied 2"), "{}", said.err);
    let command = said.err.split('`').find(|part| part.starts_with("purlin migrate resolve")).unwrap();
    project.done(command.trim_start_matches("purlin "));
    project.done("migrate status");
}

#[test]
fn a_script_runs_whole_or_not_at_all() {
    let project = Project::of(USER);
    project.done("db push");
    project.write("seed.sql", "INSERT INTO User (name) VALUES ('a;b');\nINSERT INTO User (name) VALUES ('c');");
    project.done("db execute --file seed.sql");
    let mut child = project
        .command("db execute --stdin")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"DELETE FROM User; SELECT * FROM nowhere;").unwrap();
    let said = said(child.wait_with_output().unwrap());
    assert!(said.code == 1 && said.err.contains("nowhere"), "{}", said.err);
    assert_eq!(project.database().query_row("SELECT count(*) FROM User", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    project.fails(2, "db execute");
    project.fails(2, "db execute --file nowhere.sql");
}

#[cfg(unix)]
#[test]
fn the_seed_command_knows_the_database() {
    let project = Project::of(USER);
    assert!(project.fails(2, "db seed").contains("[seed]"));
    project.write("package.json", r#"{ "prisma": { "seed": "echo package > seeded" } }"#);
    project.done("db seed");
    assert_eq!(project.read("seeded"), "package\n");
    project.write(".env", "DATABASE_URL=file:./from-env.db\n");
    project.write("purlin.toml", "[seed]\ncommand = \"echo $DATABASE_URL > seeded\"\n");
    project.done("db seed");
    assert_eq!(project.read("seeded"), "file:./from-env.db\n");
    project.write("purlin.toml", "[seed]\ncommand = \"exit 3\"\n");
    assert!(project.fails(1, "db seed").contains("exit code 3"));
}

#[test]
fn migrations_do_not_run_the_seed() {
    let project = Project::of("model User {\n  id Int @id\n}");
    project.write("purlin.toml", "[seed]\ncommand = \"touch seeded\"\n");
    project.done("migrate dev --name init");
    project.done("migrate reset --force");
    project.done("migrate deploy");
    assert!(!project.path("seeded").exists());
    project.done("db seed");
    assert!(project.path("seeded").exists());
}

#[test]
fn eight_deployments_at_once_are_one() {
    let project = Project::of(USER);
    for number in 1..=5 {
        project.write(
            &format!("prisma/migrations/{number}_step/migration.sql"),
            &format!("CREATE TABLE t{number} (x); INSERT INTO t{number} VALUES (1);"),
        );
    }
    let start = || project.command("migrate deploy").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let children: Vec<_> = (0..8).map(|_| start()).collect();
    let all: Vec<_> = children.into_iter().map(|child| said(child.wait_with_output().unwrap())).collect();
    for said in &all {
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        // Each tells what became of the last migration, whoever applied it.
        assert!(said.out.contains("5_step") || said.out.contains("has all migrations (5)"), "{}", said.out);
    }
    let applied: usize = all.iter().map(|said| said.out.matches("Applied ").count()).sum();
    assert_eq!(applied, 5);
    let rows = "SELECT (SELECT count(*) FROM _prisma_migrations) || (SELECT count(*) FROM t5)";
    assert_eq!(project.database().query_row(rows, [], |row| row.get::<_, String>(0)).unwrap(), "51");
}

/// Kills a push at all times of its life: the table is the old one or the new one, with all rows.
#[test]
fn a_killed_push_leaves_the_old_or_the_new() {
    const ROWS: i64 = 60_000;
    let old = "model T {\n  id Int @id @default(autoincrement())\n  a String?\n  b String\n  @@index([b])\n}";
    let new = old.replace("a String?", "a String @default(\"none\")");
    let project = Project::of(old);
    project.done("db push");
    project
        .database()
        .execute_batch(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
             INSERT INTO T (a, b) SELECT nullif('text ' || i, 'text 7'), hex(randomblob(20)) FROM n;"
        ))
        .unwrap();
    let total = |project: &Project| -> (i64, i64, i64) {
        let sql = "SELECT count(*), total(length(b)), (SELECT count(*) FROM sqlite_schema WHERE name IN ('T', 'T_b_idx', 'new_T')) FROM T";
        project
            .database()
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get::<_, f64>(1)? as i64, row.get(2)?)))
            .unwrap()
    };
    let is_new = |project: &Project| -> bool {
        project
            .database()
            .query_row("SELECT \"notnull\" FROM pragma_table_info('T') WHERE name = 'a'", [], |row| row.get(0))
            .unwrap()
    };
    let expected = total(&project);
    assert_eq!(expected, (ROWS, ROWS * 40, 2));

    // How long it takes undisturbed, there and back.
    let started = Instant::now();
    project.schema(&new);
    project.done("db push");
    let whole = started.elapsed();
    assert!(is_new(&project));

    let (mut kept, mut changed) = (0, 0);
    for round in 0..16u32 {
        let aim = !is_new(&project);
        project.schema(if aim { &new } else { old });
        let mut child = project.command("db push").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * round / 14 + Duration::from_millis(1));
        // It may have ended before.
        let _ = child.kill();
        child.wait().unwrap();
        assert_eq!(total(&project), expected, "round {round}");
        if is_new(&project) == aim { changed += 1 } else { kept += 1 }
    }
    assert!(kept > 0, "each push came to its end: {kept} kept, {changed} changed");
    project.schema(&new);
    project.done("db push");
    assert_eq!(total(&project), expected);
}

/// Prisma up to version 6 starts a relative path from the schema's folder.
#[test]
fn a_database_beside_the_schema_is_not_passed_over() {
    let project = Project::of(USER);
    project.done("db push --url file:./prisma/dev.db");
    for command in ["db push", "migrate dev --name init", "migrate deploy", "migrate status"] {
        let err = project.fails(1, command);
        for expected in
            ["no database ./dev.db", "there is ./prisma/dev.db", "\"file:./prisma/dev.db\"", "--url file:./dev.db"]
        {
            assert!(err.contains(expected), "{command}: {expected} is missing in {err}");
        }
    }
    assert!(!project.path("dev.db").exists());
    let said = project.run("db push --url file:./prisma/dev.db");
    assert!(said.err.contains("Database: ./prisma/dev.db (SQLite)\n"), "{}", said.err);
    let said = project.run("db push --url file:./dev.db");
    assert!(
        said.code == 0 && said.err.contains("Database: ./dev.db (SQLite), which does not exist yet\n"),
        "{}",
        said.err
    );
    project.done("db push");
}

#[test]
fn a_wrong_path_makes_no_folder() {
    let project = Project::of(USER);
    let err = project.fails(2, "db push --url file:./no/such/dir/x.db");
    assert!(err.contains("there is no folder ./no/such/dir"), "{err}");
    assert!(!project.path("no").exists());
}

#[test]
fn a_migration_needs_a_name_and_stays_as_it_was_applied() {
    let project = Project::of(USER);
    for command in ["migrate dev", "migrate dev --no-input", "migrate dev --name /"] {
        assert!(project.fails(2, command).contains("--name add-posts"), "{command}");
    }
    assert!(!project.path("prisma/migrations").exists());
    project.done("migrate dev --name init");
    let folder = std::fs::read_dir(project.path("prisma/migrations")).unwrap().map(|entry| entry.unwrap().path());
    let script = folder.map(|folder| folder.join("migration.sql")).find(|path| path.exists()).unwrap();
    let text = std::fs::read_to_string(&script).unwrap();
    std::fs::write(&script, text.replace("\"name\" TEXT", "\"name\" TEXT,\n    \"age\" INTEGER")).unwrap();
    let err = project.fails(1, "migrate dev --name more");
    assert!(err.contains("was edited after it was applied: restore the file"), "{err}");
    std::fs::write(&script, text).unwrap();
    project.done("migrate dev --name more");
}

/// SQLite keeps an enum as text, so nothing but the rows tells that a value may not go.
#[test]
fn an_enum_value_that_rows_have_stays() {
    let models = |values: &str| format!("enum Role {{\n  {values}\n}}\nmodel T {{\n  id Int @id\n  role Role?\n}}\n");
    let project = Project::of(&models("USER\n  ADMIN"));
    project.done("migrate dev --name init");
    project.database().execute_batch("INSERT INTO T VALUES (1, 'ADMIN'), (2, NULL)").unwrap();
    project.schema(&models("USER"));
    for command in ["migrate dev", "migrate dev --name less", "db push", "migrate deploy"] {
        let err = project.fails(1, command);
        assert!(err.contains("1 value of \"T\".\"role\" is not in the enum Role"), "{command}: {err}");
        assert!(err.contains("look: SELECT \"role\" FROM \"T\" WHERE") && !err.contains("ADMIN"), "{command}: {err}");
    }
    for command in ["migrate dev --accept-data-loss", "db push --accept-data-loss"] {
        let said = project.run(command);
        assert!(said.code == 0 && said.err.contains("warning: accepted: 1 value of"), "{command}: {}", said.err);
    }
    // The rows are changed by a migration that a person writes.
    let out = project.done("migrate dev --create-only --name no-admin");
    let path = out.lines().next().unwrap().strip_prefix("Wrote ").unwrap().to_owned();
    let script = project.read(&path);
    assert!(script.contains("Warnings") && script.ends_with("-- This is an empty migration.\n"), "{script}");
    project.write(&path, "UPDATE T SET role = 'USER' WHERE role = 'ADMIN';");
    assert!(project.done("migrate dev").starts_with("Applied "));
    for command in ["migrate dev", "db push", "migrate deploy"] {
        assert!(project.done(command).starts_with("Unchanged"), "{command}");
    }
}

#[test]
fn digits_are_lost_with_the_flag_alone() {
    let project = Project::of("model T {\n  id Int @id\n  price Decimal\n}");
    project.done("migrate dev --name init");
    project.database().execute_batch("INSERT INTO T VALUES (1, '0.1234567890123456789012345')").unwrap();
    project.schema("model T {\n  id Int @id\n  price Float\n}");
    for command in ["migrate dev --name float", "db push"] {
        let err = project.fails(1, command);
        assert!(err.contains("1 value of \"T\".\"price\" would not survive the change"), "{command}: {err}");
    }
    project.done("migrate dev --name float --accept-data-loss");
}

#[test]
fn a_script_prints_the_rows_of_its_statements() {
    let project = Project::of(USER);
    project.done("db push");
    project.write(
        "script.sql",
        "INSERT INTO User (id, name) VALUES (1, 'Ada'), (2, NULL), (3, 'a\u{1b}[31mb\nc') RETURNING id;\n\
         SELECT id, name AS \"the name\" FROM User ORDER BY id;\nSELECT 1.0 AS r, x'00ff' AS b, 9007199254740993 AS n;\n\
         SELECT * FROM User WHERE 0;\nUPDATE User SET name = 'x' WHERE 0;",
    );
    let out = project.done("db execute --file script.sql");
    assert_eq!(
        out,
        "id\n--\n1\n2\n3\n(3 rows)\n\n\
         id  the name\n--  ---------------\n1   Ada\n2   NULL\n3   a\\u{1b}[31mb\\nc\n(3 rows)\n\n\
         r    b        n\n---  -------  ----------------\n1.0  X'00FF'  9007199254740993\n(1 row)\n\n\
         id  name\n--  ----\n(0 rows)\n\n\
         Executed the script\n"
    );
    project.write("select.sql", "SELECT id, name FROM User WHERE id < 3; SELECT x'0A' AS b, NULL AS n, 0.5 AS r;");
    let out = project.done("db execute --format json --file select.sql");
    assert_eq!(
        out,
        "[{\"columns\":[\"id\",\"name\"],\"more\":0,\"rows\":[[1,\"Ada\"],[2,null]]},\
         {\"columns\":[\"b\",\"n\",\"r\"],\"more\":0,\"rows\":[[\"0A\",null,0.5]]}]\n"
    );
    project.write(
        "many.sql",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) SELECT i FROM n;",
    );
    assert!(project.done("db execute --file many.sql").contains("(1000 rows and 500 more)"));
    // What fails prints no rows: nothing of it is true any more.
    project.write("fails.sql", "SELECT name FROM User; SELECT nonsense;");
    let said = project.run("db execute --file fails.sql");
    assert!(said.code == 1 && said.out.is_empty(), "{}", said.out);
    project.fails(2, "db execute --stdin --file select.sql");
}

#[test]
fn the_status_is_told_to_scripts() {
    let project = Project::of(USER);
    let report = |code: i32| -> serde_json::Value {
        let said = project.run("migrate status --format json");
        assert_eq!(said.code, code, "{}{}", said.out, said.err);
        serde_json::from_str(&said.out).unwrap()
    };
    assert_eq!(report(1)["differences"][0], "+ table \"User\"");
    project.done("migrate dev --name init");
    let value = report(0);
    assert!(
        value["ok"] == true && value["remedy"].is_null() && value["applied"].as_array().unwrap().len() == 1,
        "{value}"
    );
    project.write("prisma/migrations/29990101000000_more/migration.sql", "CREATE TABLE more (x);");
    let value = report(1);
    assert!(value["pending"][0] == "29990101000000_more" && value["migrations"] == 2, "{value}");
    assert!(value["remedy"].as_str().unwrap().contains("purlin migrate dev"), "{value}");
}

/// Two at once read the same history: each would write a migration for the same change, and the second could never run.
#[test]
fn two_that_develop_at_once_write_one_migration() {
    for round in 0..6 {
        let project = Project::of(USER);
        if round % 2 == 0 {
            project.done("migrate dev --name init");
            project.schema(&USER.replace("name String?", "name String?\n  age Int?"));
        }
        let start = |name: &str| {
            let mut command = project.command(&format!("migrate dev --name {name}"));
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let children: Vec<_> = ["a", "b", "c", "d"].into_iter().map(start).collect();
        let all: Vec<_> = children.into_iter().map(|child| said(child.wait_with_output().unwrap())).collect();
        for said in &all {
            assert_eq!(said.code, 0, "round {round}: {}{}", said.out, said.err);
        }
        assert_eq!(all.iter().filter(|said| said.out.contains("Wrote ")).count(), 1, "round {round}");
        project.done("migrate status");
        project.done("migrate dev");
    }
}

/// As two branches leave it, when both are merged.
#[test]
fn two_migrations_for_one_change_are_told() {
    let project = Project::of(USER);
    let table = "-- CreateTable\nCREATE TABLE \"User\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    \"name\" TEXT\n);\n";
    project.write("prisma/migrations/20260101000000_a/migration.sql", table);
    project.done("migrate deploy");
    project.write("prisma/migrations/20260101000001_b/migration.sql", table);
    for command in ["migrate dev", "migrate deploy"] {
        let err = project.fails(1, command);
        assert!(err.contains("20260101000001_b failed") && err.contains("already exists"), "{command}: {err}");
        assert!(err.contains("remove its folder") && err.contains("nothing was changed"), "{command}: {err}");
    }
    std::fs::remove_dir_all(project.path("prisma/migrations/20260101000001_b")).unwrap();
    project.done("migrate dev");
}

#[test]
fn autoincrement_is_migrated() {
    let project = Project::of("model T {\n  id Int @id\n  v Int?\n}");
    project.done("migrate dev --name init");
    project.database().execute_batch("INSERT INTO T VALUES (8, 1)").unwrap();
    project.schema("model T {\n  id Int @id @default(autoincrement())\n  v Int?\n}");
    let said = project.run("migrate status");
    assert!(said.code == 1 && said.out.contains("~ column \"T\".\"id\": autoincrement"), "{}", said.out);
    assert!(project.done("migrate dev --name on").contains("~ column \"T\".\"id\": autoincrement"));
    project.done("migrate status");
    project.database().execute_batch("DELETE FROM T; INSERT INTO T (v) VALUES (2)").unwrap();
    assert_eq!(project.database().query_row("SELECT id FROM T", [], |row| row.get::<_, i64>(0)).unwrap(), 9);
    project.schema("model T {\n  id Int @id\n  v Int?\n}");
    assert!(project.done("db push").contains("no autoincrement"));
}

/// A push on a database with migrations changes it past them: that is said before, also of a change that is refused.
#[test]
fn a_push_past_the_migrations_is_told() {
    const WARNING: &str = "warning: the database has a history of migrations, and none of them makes this change";
    let changes = [
        ("model User {\n  id Int @id @default(autoincrement())\n}\n", 0),
        ("model User {\n  id Int @id @default(autoincrement())\n  name String?\n  age Int?\n}\n", 0),
        ("model User {\n  id Int @id @default(autoincrement())\n  name String? @unique\n}\n", 0),
        // A value would be lost.
        ("model User {\n  id Int @id @default(autoincrement())\n}\n", 1),
    ];
    for (models, rows) in changes {
        let project = Project::of(USER);
        project.done("migrate dev --name init");
        assert!(!project.run("db push").err.contains("warning"), "nothing changes");
        for _ in 0..rows {
            project.database().execute_batch("INSERT INTO User (name) VALUES ('Ada')").unwrap();
        }
        project.schema(models);
        let said = project.run("db push");
        assert_eq!(said.code, rows, "{}", said.err);
        assert!(said.err.contains(WARNING), "{}", said.err);
        if rows == 0 {
            assert!(project.fails(1, "migrate dev --name more").contains("differs from what its migrations make"));
        }
    }
    // Without a history, and with one that is dropped, there is nothing to pass by.
    let project = Project::of(USER);
    assert!(!project.run("db push").err.contains("warning"));
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    project.schema(changes[1].0);
    assert!(!project.run("db push --force-reset").err.contains("warning"));
}

/// What is in the schema already has only to be recorded.
#[test]
fn drift_that_the_schema_describes_needs_a_migration_alone() {
    const RECORD: &str = "to keep this, which is what the schema describes, write the migration";
    const DECIDE: &str = "to keep this, say the same in the schema, write the migration";
    let more = "model User {\n  id Int @id @default(autoincrement())\n  name String?\n  age Int?\n}\n";
    // Pushed before there was a migration.
    let project = Project::of(USER);
    project.done("db push");
    assert!(project.fails(1, "migrate dev --name init").contains(RECORD));
    // Pushed after one, or made by hand.
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    project.schema(more);
    project.done("db push");
    assert!(project.fails(1, "migrate dev --name age").contains(RECORD));
    assert!(project.fails(1, "migrate status").contains(RECORD));
    // What it says works.
    project.done("migrate dev --create-only --name age");
    let folder = std::fs::read_dir(project.path("prisma/migrations")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let name = names.into_iter().find(|name| name.ends_with("_age")).unwrap();
    project.done(&format!("migrate resolve --applied {name}"));
    project.done("migrate status");
    project.done("migrate dev");
    // The schema says something else than the database.
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    project.database().execute_batch("ALTER TABLE User ADD COLUMN age INTEGER").unwrap();
    assert!(project.fails(1, "migrate dev --name age").contains(DECIDE));
    assert!(project.fails(1, "migrate status").contains(DECIDE));
    project.schema(&more.replace("age Int?", "age String?"));
    assert!(project.fails(1, "migrate dev --name age").contains(DECIDE));
    project.schema(more);
    assert!(project.fails(1, "migrate dev --name age").contains(RECORD));
    // Without a migration, too.
    let project = Project::of(USER);
    project.done("db push");
    project.schema(more);
    assert!(project.fails(1, "migrate dev --name init").contains(DECIDE));
}

/// What is lost is said once: by the refusal, or as what was accepted.
#[test]
fn a_loss_is_said_once() {
    let losses = [
        ("model User {\n  id Int @id @default(autoincrement())\n}\n", "\"User\".\"name\" loses 1 value"),
        ("model Other {\n  id Int @id\n}\n", "\"User\" loses"),
        ("model User {\n  id Int @id @default(autoincrement())\n  name Int?\n}\n", "1 value of \"User\".\"name\""),
    ];
    for (models, loss) in losses {
        for command in ["migrate dev --name change", "migrate dev --no-input"] {
            let project = Project::of(USER);
            project.done("migrate dev --name init");
            project.database().execute_batch("INSERT INTO User (name) VALUES ('Ada')").unwrap();
            project.schema(models);
            let err = project.fails(1, command);
            assert_eq!(err.matches(loss).count(), 1, "{command}: {err}");
            assert!(!err.contains("warning"), "{command}: {err}");
        }
    }
}

#[cfg(unix)]
#[test]
fn the_client_of_a_seed_opens_the_database_that_is_named() {
    let project = Project::of("");
    project.write("schema.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}"));
    project.write(".env", "DATABASE_URL=file:./dev.db\nDB_URL=file:./app.db\n");
    project.write(
        "prisma.config.ts",
        "import 'dotenv/config'\nexport default { schema: 'schema.prisma', datasource: { url: process.env.DB_URL },\n  migrations: { seed: 'echo $DATABASE_URL $DB_URL > seeded' } }\n",
    );
    project.done("db seed");
    assert_eq!(project.read("seeded"), "file:./app.db file:./app.db\n");
    project.done("db seed --url file:./typed.db");
    assert_eq!(project.read("seeded"), "file:./typed.db file:./typed.db\n");
    // Where the client reads the variable of the commands, no other is touched.
    project.write(
        "purlin.toml",
        "url = { env = \"DB_URL\" }\n[seed]\ncommand = \"echo $DATABASE_URL $DB_URL > seeded\"\n",
    );
    project.done("db seed");
    assert_eq!(project.read("seeded"), "file:./dev.db file:./app.db\n");
}
