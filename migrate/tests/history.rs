//! What the migrate commands do: writing, running, recording, and telling what is wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use purlin_migrate::{
    deploy,
    develop::{self, Drift},
    history::{History, Migration},
    push::DataLoss,
    resolve, status,
};
use purlin_schema::model::Provider;
use support::{BLOG, Database, ROWS, schema};

impl Database {
    fn write(&self, name: &str, script: &str) {
        let folder = self.migrations().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("migration.sql"), script).unwrap();
    }

    fn status(&self, models: &str) -> status::Status {
        status::status(&self.connection, &schema(models), &self.history()).unwrap()
    }
}

fn with_required_name() -> String {
    BLOG.replace("name  String?", "name  String @default(\"nobody\")")
}

#[test]
fn migrations_lead_from_schema_to_schema() {
    let mut database = Database::new();
    let first = database.develop(BLOG, "First step!").unwrap();
    assert!(first.name.ends_with("_first_step"), "{}", first.name);
    database.sql(ROWS);
    let second = database.develop(&with_required_name(), "").unwrap();
    assert!(second.name > first.name);
    insta::assert_snapshot!(second.script);
    assert_eq!(database.get("SELECT name FROM User"), "Ada nobody");
    assert!(database.status(&with_required_name()).is_in_sync());

    // Another database gets there by the files alone, and the commands agree that it is there.
    let mut other = Database::new();
    std::fs::rename(database.migrations(), other.migrations()).unwrap();
    assert!(!other.status(&with_required_name()).is_in_sync());
    assert_eq!(other.deploy().unwrap(), [first.name, second.name]);
    assert!(other.status(&with_required_name()).is_in_sync());
    assert!(other.deploy().unwrap().is_empty());
    other.assert_pushed(&with_required_name());
    assert!(!other.status(BLOG).differences.is_empty());
}

#[test]
fn the_record_is_prismas() {
    let mut database = Database::new();
    let migration = database.develop(BLOG, "init").unwrap();
    assert_eq!(
        std::fs::read_to_string(database.migrations().join("migration_lock.toml")).unwrap().lines().last(),
        Some("provider = \"sqlite\"")
    );
    let columns = database.get("SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || coalesce(dflt_value, '-') || ' ' || pk || ';' FROM pragma_table_info('_prisma_migrations')");
    assert_eq!(
        columns,
        "id TEXT 1 - 1; checksum TEXT 1 - 0; finished_at DATETIME 0 - 0; migration_name TEXT 1 - 0; logs TEXT 0 - 0; rolled_back_at DATETIME 0 - 0; started_at DATETIME 1 current_timestamp 0; applied_steps_count INTEGER UNSIGNED 1 0 0;"
    );
    assert_eq!(database.get("SELECT checksum FROM _prisma_migrations"), migration.checksum());
    assert_eq!(database.get("SELECT migration_name FROM _prisma_migrations WHERE finished_at >= started_at AND typeof(finished_at) = 'integer' AND logs IS NULL AND rolled_back_at IS NULL AND id GLOB '????????-????-4???-[89ab]???-????????????'"), migration.name);
}

#[test]
fn a_history_of_prisma_goes_on() {
    let mut database = Database::new();
    let script = "-- CreateTable\nCREATE TABLE \"User\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    \"email\" TEXT NOT NULL\n);\n\n-- CreateIndex\nCREATE UNIQUE INDEX \"User_email_key\" ON \"User\"(\"email\");\n";
    database.write("20240101000000_init", script);
    let checksum = Migration { name: String::new(), script: script.to_owned() }.checksum();
    database.sql(&format!(
        "{script} CREATE TABLE \"_prisma_migrations\" (\"id\" TEXT PRIMARY KEY NOT NULL, \"checksum\" TEXT NOT NULL, \"finished_at\" DATETIME, \"migration_name\" TEXT NOT NULL, \"logs\" TEXT, \"rolled_back_at\" DATETIME, \"started_at\" DATETIME NOT NULL DEFAULT current_timestamp, \"applied_steps_count\" INTEGER UNSIGNED NOT NULL DEFAULT 0);
         INSERT INTO _prisma_migrations VALUES ('a', 'x', NULL, '20240101000000_init', 'broke', 1704067200000, 1704067200000, 0), ('b', '{checksum}', 1704067200000, '20240101000000_init', NULL, NULL, 1704067200000, 1);",
    ));
    let models = "model User {\n id Int @id @default(autoincrement())\n email String @unique\n}";
    assert!(database.status(models).is_in_sync());
    database.develop(&models.replace('}', " name String?\n}"), "name").unwrap();
    assert_eq!(database.get("SELECT count(*) FROM _prisma_migrations"), "3");
}

#[test]
fn a_failed_script_leaves_nothing_behind() {
    let mut database = Database::new();
    database.develop(BLOG, "init").unwrap();
    database.sql(ROWS);
    let before = database.dump();
    database.write("99990101000000_bad", "ALTER TABLE User ADD COLUMN x;\nDELETE FROM Post;\n\nSELECT nonsense;\n");
    let error = database.deploy().unwrap_err();
    assert_eq!(error.code(), Some("P3018"));
    assert!(error.to_string().contains("99990101000000_bad failed: line 4: no such column: nonsense"), "{error}");
    assert_eq!(database.dump(), before);
    // Repaired, it just runs.
    database.write("99990101000000_bad", "ALTER TABLE User ADD COLUMN x;");
    assert_eq!(database.deploy().unwrap(), ["99990101000000_bad"]);
}

/// Stops the second migration's script after each of its statements in turn: nothing of it may be left.
#[test]
fn a_script_stopped_anywhere_leaves_the_old_state() {
    let mut database = Database::new();
    database.develop(BLOG, "init").unwrap();
    database.sql(ROWS);
    database.sql("CREATE TRIGGER t AFTER INSERT ON User BEGIN SELECT 1; END;");
    let history = database.history();
    let draft =
        develop::draft(&mut database.connection, &schema(&with_required_name()), &history, Drift::Refused).unwrap();
    let script = draft.plan.script.clone();
    let before = database.dump();
    let ends: Vec<usize> = script.match_indices(";\n").map(|(at, _)| at + 2).collect();
    assert!(ends.len() >= 8, "{script}");
    for end in ends {
        let (done, rest) = script.split_at(end);
        database.write("99990101000000_next", &format!("{done}SELECT stop_here;\n{rest}"));
        assert!(database.deploy().unwrap_err().to_string().contains("stop_here"));
        assert_eq!(database.dump(), before);
    }
    database.write("99990101000000_next", &script);
    database.deploy().unwrap();
    database.assert_pushed(&with_required_name());
}

#[test]
fn a_rebuild_of_a_file_keeps_what_its_author_did_not_know() {
    let mut database = Database::new();
    database.develop(BLOG, "init").unwrap();
    let mut server = Database::new();
    copy(&database, &server);
    server.deploy().unwrap();
    server.sql(ROWS);
    server.sql("CREATE INDEX dba ON User (name); CREATE TRIGGER audit AFTER DELETE ON User BEGIN SELECT 1; END;");
    database.develop(&with_required_name(), "name").unwrap();
    copy(&database, &server);
    server.deploy().unwrap();
    assert_eq!(server.get("SELECT name FROM sqlite_schema WHERE name IN ('dba', 'audit') ORDER BY 1"), "audit dba");
    assert_eq!(server.get("SELECT name FROM User"), "Ada nobody");

    // A column with values is more than can be kept: its place in the new table is unknown.
    let mut server = Database::new();
    let history = database.history();
    let [first, ..] = history.migrations.as_slice() else { panic!() };
    server.write(&first.name, &first.script);
    server.deploy().unwrap();
    server.sql("ALTER TABLE User ADD COLUMN notes; INSERT INTO User (email, notes) VALUES ('a', 'mine')");
    copy(&database, &server);
    let before = server.dump();
    let error = server.deploy().unwrap_err();
    assert!(error.is_drift() && error.to_string().contains("would lose the column \"notes\" with 1 value"), "{error}");
    assert_eq!(server.dump(), before);
}

#[test]
fn a_migration_keeps_the_text_of_defaults_that_did_not_change() {
    let mut database = Database::new();
    let models = |more: &str| {
        format!("model Item {{\n  id Int @id\n  at DateTime @default(now())\n  price Decimal @default(0)\n{more}}}")
    };
    database.write(
        "20240101000000_init",
        "CREATE TABLE \"Item\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"at\" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, \"price\" DECIMAL NOT NULL DEFAULT 0);",
    );
    database.deploy().unwrap();
    database.develop(&models("  changed DateTime @default(now())\n"), "changed").unwrap();
    let history = database.history();
    let script = &history.migrations.last().unwrap().script;
    assert!(script.contains("\"at\" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,"), "{script}");
    assert!(script.contains("\"price\" DECIMAL NOT NULL DEFAULT 0,"), "{script}");
}

fn copy(from: &Database, to: &Database) {
    for migration in from.history().migrations {
        to.write(&migration.name, &migration.script);
    }
}

#[test]
fn drift_stops_development() {
    let mut database = Database::new();
    database.develop(BLOG, "init").unwrap();
    // What nobody's schema knows is no drift.
    database.sql("CREATE TABLE mine (x); CREATE INDEX mine_too ON User (name) WHERE name <> ''; CREATE INDEX and_mine ON User (name)");
    database.develop(&with_required_name(), "name").unwrap();
    database.sql("ALTER TABLE User ADD COLUMN age INTEGER");
    let files = database.history().migrations.len();
    let error = database
        .develop(
            &with_required_name().replace("posts Post[]\n}\n\nmodel Post", "age Int?\n posts Post[]\n}\n\nmodel Post"),
            "age",
        )
        .unwrap_err();
    assert!(error.is_drift() && error.to_string().contains("+ column \"User\".\"age\""), "{error}");
    assert_eq!(database.history().migrations.len(), files);
    database.sql("ALTER TABLE User DROP COLUMN age; DROP TABLE _PostToTag");
    let error = database.develop(&with_required_name(), "x").unwrap_err();
    assert!(error.to_string().contains("- table \"_PostToTag\""), "{error}");
}

#[test]
fn only_generated_tables_are_dropped() {
    let mut database = Database::new();
    database.develop(BLOG, "init").unwrap();
    database.write("20990101000000_by_hand", "CREATE TABLE search_cache (x);\nCREATE INDEX cache_x ON search_cache (x);\nCREATE INDEX post_title ON Post (title);");
    database.deploy().unwrap();
    let without_tags = BLOG.split("model Tag").next().unwrap().replace("  tags     Tag[]\n", "");
    let migration = database.develop(&without_tags, "no tags").unwrap();
    assert!(
        migration.script.contains("DROP TABLE \"Tag\"") && migration.script.contains("DROP TABLE \"_PostToTag\""),
        "{}",
        migration.script
    );
    assert!(!migration.script.contains("cache") && !migration.script.contains("post_title"), "{}", migration.script);
}

#[test]
fn a_dropped_parent_takes_no_child_along() {
    let mut database = Database::new();
    database.develop(BLOG, "init").unwrap();
    database
        .sql("INSERT INTO User (id, email) VALUES (1, 'a'); INSERT INTO Post (title, authorId) VALUES ('kept', 1);");
    let models =
        "model Post {\n id Int @id @default(autoincrement())\n title String\n authorId Int\n @@index([authorId])\n}";
    let history = database.history();
    let draft = develop::draft(&mut database.connection, &schema(models), &history, Drift::Refused).unwrap();
    let error = develop::check_hazards(&draft, DataLoss::Refused).unwrap_err();
    assert!(error.to_string().contains("dropping the table \"User\" loses its 1 row"), "{error}");
    let migration = develop::write(draft, &mut database.history(), "alone", Provider::Sqlite).unwrap();
    assert!(
        migration.script.starts_with("/*\n  Warnings:\n\n  - dropping the table \"User\" loses its 1 row"),
        "{}",
        migration.script
    );
    database.deploy().unwrap();
    assert_eq!(database.get("SELECT title FROM Post"), "kept");
}

#[test]
fn edited_missing_and_failed_migrations_are_told_apart() {
    let mut database = Database::new();
    database.write("1_a", "CREATE TABLE a (x);\n");
    database.write("2_b", "CREATE TABLE b (x);\n");
    database.deploy().unwrap();
    database.write("1_a", "CREATE TABLE a (x);\r\n");
    assert!(database.status("").standing.edited.is_empty(), "git changed the line ends");
    database.write("1_a", "CREATE TABLE a (y);\n");
    std::fs::remove_dir_all(database.migrations().join("2_b")).unwrap();
    database.write("3_c", "CREATE TABLE c (x);\n");
    let standing = database.status("").standing;
    assert_eq!((standing.edited, standing.missing), (vec!["1_a".to_owned()], vec!["2_b".to_owned()]));
    assert_eq!(standing.pending.len(), 1);

    database.sql("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('f', 'x', '3_c')");
    assert_eq!(database.status("").standing.failed, ["3_c"]);
    assert_eq!(database.deploy().unwrap_err().code(), Some("P3009"));
    let history = database.history();
    resolve::rolled_back(&mut database.connection, &history, "3_c").unwrap();
    assert_eq!(resolve::rolled_back(&mut database.connection, &history, "3_c").unwrap_err().code(), Some("P3017"));
    assert_eq!(resolve::rolled_back(&mut database.connection, &history, "1_a").unwrap_err().code(), Some("P3012"));
    assert_eq!(database.deploy().unwrap(), ["3_c"]);
}

#[test]
fn a_database_with_tables_and_no_history_is_taken_over_by_hand() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql(ROWS);
    let mut other = Database::new();
    let first = other.develop(BLOG, "init").unwrap();
    copy(&other, &database);
    assert_eq!(database.deploy().unwrap_err().code(), Some("P3005"));
    let history = database.history();
    resolve::applied(&mut database.connection, &history, &first.name).unwrap();
    assert_eq!(resolve::applied(&mut database.connection, &history, &first.name).unwrap_err().code(), Some("P3008"));
    assert!(database.status(BLOG).is_in_sync());
    database.develop(&with_required_name(), "next").unwrap();
    assert_eq!(database.get("SELECT name FROM User"), "Ada nobody");
}

#[test]
fn a_pushed_database_starts_its_history() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql(ROWS);
    let error = database.develop(BLOG, "init").unwrap_err();
    assert!(error.is_drift() && error.to_string().contains("+ table \"User\""), "{error}");
    let mut history = database.history();
    let draft = develop::draft(&mut database.connection, &schema(BLOG), &history, Drift::Ignored).unwrap();
    let migration = develop::write(draft, &mut history, "init", Provider::Sqlite).unwrap();
    resolve::applied(&mut database.connection, &history, &migration.name).unwrap();
    assert!(database.status(BLOG).is_in_sync());
    database.develop(&with_required_name(), "next").unwrap();
    assert_eq!(database.get("SELECT name FROM User"), "Ada nobody");
}

#[test]
fn a_folder_of_another_database_is_refused() {
    let database = Database::new();
    database.write("1_a", "SELECT 1;");
    std::fs::write(database.migrations().join("migration_lock.toml"), "provider = \"postgresql\"\n").unwrap();
    let error = database.history().check_provider(Provider::Sqlite).unwrap_err();
    assert_eq!(error.code(), Some("P3019"));
    std::fs::create_dir(database.migrations().join("2_empty")).unwrap();
    assert_eq!(History::read(&database.migrations()).unwrap_err().code(), Some("P3015"));
}

#[test]
fn a_script_with_its_own_transaction_runs() {
    let mut database = Database::new();
    database.write("1_a", "BEGIN;\nCREATE TABLE a (x);\nCOMMIT;\nBEGIN;\nINSERT INTO a VALUES (1);\nCOMMIT;\n");
    assert_eq!(database.deploy().unwrap(), ["1_a"]);
    assert_eq!(database.get("SELECT x FROM a"), "1");
}

/// What migrations cannot write may be in them by hand; a deployment does not ask the schema for it.
#[test]
fn a_deployment_looks_at_the_rows_whatever_the_schema_says() {
    let mut database = Database::new();
    let models =
        |values: &str| format!("enum E {{\n  {values}\n}}\nmodel A {{\n  id Int @id\n  e E\n  @@check(\"id > 0\")\n}}");
    database.write("1_a", "CREATE TABLE A (id INTEGER PRIMARY KEY CHECK (id > 0), e TEXT NOT NULL);");
    database.deploy().unwrap();
    database.sql("INSERT INTO A VALUES (1, 'X')");
    deploy::check_rows(&database.connection, &schema(&models("X"))).unwrap();
    let error = deploy::check_rows(&database.connection, &schema(&models("Y"))).unwrap_err();
    assert!(error.is_refused() && error.to_string().contains("1 value of \"A\".\"e\" is not in the enum E"), "{error}");
}

#[test]
fn a_migration_that_would_run_before_another_is_not_written() {
    let mut database = Database::new();
    database.write("zero", "CREATE TABLE a (x);\n");
    let error = database.develop("model User {\n  id Int @id\n}\n", "users").unwrap_err();
    assert!(error.is_refused() && error.to_string().contains("would run before zero"), "{error}");
    assert_eq!(std::fs::read_dir(database.migrations()).unwrap().count(), 1, "nothing is written");
    // As the help says.
    let remedy = error.remedy().unwrap();
    std::fs::rename(database.migrations().join("zero"), database.migrations().join("20240101000000_zero")).unwrap();
    database.sql(remedy.split_once("in each database: ").unwrap().1);
    database.develop("model User {\n  id Int @id\n}\n", "users").unwrap();
    let standing = database.status("model User {\n  id Int @id\n}\n").standing;
    assert_eq!((standing.applied.len(), standing.pending.len(), standing.missing.len()), (2, 0, 0));
}

#[test]
fn a_migration_that_comes_late_is_told() {
    let mut database = Database::new();
    database.write("20240102000000_b", "CREATE TABLE b (x);\n");
    database.deploy().unwrap();
    database.write("20240101000000_a", "CREATE TABLE a (x);\n");
    database.write("20240103000000_c", "CREATE TABLE c (x);\n");
    let standing = database.status("").standing;
    assert_eq!(standing.late().collect::<Vec<_>>(), ["20240101000000_a"]);
    assert_eq!(database.deploy().unwrap(), ["20240101000000_a", "20240103000000_c"]);
    assert_eq!(database.status("").standing.late().count(), 0);
}

/// Scripts as people write them: each runs once, and its record is right.
#[test]
fn odd_scripts_are_run_whole() {
    let users = "CREATE TABLE \"User\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY\n);\n";
    let models = "model User {\n  id Int @id\n}\n";
    for (what, script, tables) in [
        ("empty", String::new(), ""),
        ("comments alone", "-- nothing\n/* ; */\n".to_owned(), ""),
        ("a byte order mark and line ends of Windows", format!("\u{feff}{}", users.replace('\n', "\r\n")), "User"),
        ("a transaction of its own", format!("BEGIN;\n{users}COMMIT;\n"), "User"),
        ("no semicolon at the end", users.trim_end().trim_end_matches(';').to_owned(), "User"),
        (
            "pragmas",
            format!("PRAGMA foreign_keys=OFF;\nPRAGMA journal_mode=WAL;\n{users}PRAGMA foreign_keys=ON;\n"),
            "User",
        ),
        (
            "a trigger with semicolons and a CASE",
            format!(
                "{users}CREATE TRIGGER t AFTER INSERT ON User BEGIN\n  SELECT CASE WHEN new.id > ';' THEN 1 END; SELECT 2;\nEND;\n\
                 CREATE TABLE b (x);\n"
            ),
            "User b",
        ),
    ] {
        let mut database = Database::new();
        database.write("20240101000000_first", &script);
        database.write(
            "20240101000000_second",
            "CREATE TABLE IF NOT EXISTS \"User\" (\"id\" INTEGER NOT NULL PRIMARY KEY);\n",
        );
        assert_eq!(database.deploy().unwrap().len(), 2, "{what}");
        let made = format!("{tables} User");
        for table in made.split_whitespace() {
            assert_eq!(
                database.get(&format!("SELECT count(*) FROM sqlite_schema WHERE name = '{table}'")),
                "1",
                "{what}"
            );
        }
        let finished =
            "SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL";
        assert_eq!(database.get(finished), "2", "{what}");
        assert!(database.deploy().unwrap().is_empty(), "{what}");
        let standing = database.status(models).standing;
        assert!(standing.edited.is_empty() && standing.pending.is_empty(), "{what}");
    }
}

#[test]
fn a_statement_in_the_middle_that_fails_leaves_nothing() {
    for bad in ["CREATE TABEL c (x);", "INSERT INTO a VALUES (1), (1);", "DROP TABLE nowhere;"] {
        let mut database = Database::new();
        database
            .write("1_a", &format!("CREATE TABLE a (x UNIQUE);\nCREATE TABLE b (x);\n{bad}\nCREATE TABLE d (x);\n"));
        let error = database.deploy().unwrap_err();
        assert!(error.to_string().contains("the migration 1_a failed: line 3: "), "{error}");
        assert!(error.remedy().unwrap().starts_with("nothing was changed"), "{error}");
        assert_eq!(database.get("SELECT count(*) FROM sqlite_schema WHERE name IN ('a', 'b', 'd')"), "0");
        assert_eq!(database.status("").standing.pending.len(), 1, "it is not failed, but pending");
        database.write("1_a", "CREATE TABLE a (x);\n");
        assert_eq!(database.deploy().unwrap(), ["1_a"]);
    }
}

#[test]
fn a_script_that_cannot_be_read_is_told_in_words() {
    let database = Database::new();
    std::fs::create_dir_all(database.migrations().join("1_a/migration.sql")).unwrap();
    let read = |database: &Database| History::read(&database.migrations()).unwrap_err().to_string();
    assert!(read(&database).ends_with("1_a/migration.sql: it is a folder"), "{}", read(&database));
    std::fs::remove_dir(database.migrations().join("1_a/migration.sql")).unwrap();
    std::fs::write(database.migrations().join("1_a/migration.sql"), [0xff, 0xfe]).unwrap();
    assert!(read(&database).ends_with("1_a/migration.sql: it is not in the encoding UTF-8"), "{}", read(&database));
    std::fs::remove_dir_all(database.migrations()).unwrap();
    std::fs::write(database.migrations(), "").unwrap();
    assert!(read(&database).contains("is a file and not a folder"), "{}", read(&database));
}

/// What `migrate dev` writes for a key whose type changes is refused on rows that it cannot convert, in words.
#[test]
fn a_key_that_cannot_be_converted_stops_a_deployment() {
    let mut database = Database::new();
    database.develop("model User {\n  id String @id\n}\n", "init").unwrap();
    let mut history = database.history();
    let models = "model User {\n  id Int @id\n}\n";
    let draft = develop::draft(&mut database.connection, &schema(models), &history, Drift::Refused).unwrap();
    develop::write(draft, &mut history, "numbers", Provider::Sqlite).unwrap();
    database.sql("INSERT INTO User VALUES ('1'), ('x')");
    let error = database.deploy().unwrap_err();
    assert!(error.to_string().contains("cannot be the INTEGER PRIMARY KEY of a row"), "{error}");
    assert_eq!(database.get("SELECT id FROM User ORDER BY id"), "1 x");
    database.sql("DELETE FROM User WHERE id = 'x'");
    database.deploy().unwrap();
    assert_eq!(database.get("SELECT typeof(id) FROM User"), "integer");
}
