//! Scripts with transactions of their own: what they left is never misreported.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use purlin_migrate::{deploy, history::History, resolve};
use support::Database;

impl Database {
    fn script(&self, name: &str, script: &str) {
        let folder = self.folder.path().join("migrations").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("migration.sql"), script).unwrap();
    }

    fn tables(&self) -> String {
        self.get("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_prisma_migrations' ORDER BY name")
    }
}

/// Deploys a script that must fail: the message makes no false promise, and the next run is stopped until somebody has
/// settled it. Returns the message and the remedy.
fn fails(script: &str, left: &str) -> String {
    let mut database = Database::new();
    database.script("1_a", script);
    let error = database.deploy().unwrap_err();
    let told = format!("{error}; {}", error.remedy().unwrap_or_default());
    assert_eq!(error.code(), Some("P3018"), "{told}");
    assert!(!told.contains("nothing was changed"), "{told}");
    assert!(
        told.contains("purlin migrate resolve --rolled-back 1_a` or `purlin migrate resolve --applied 1_a`"),
        "{told}"
    );
    assert_eq!(database.tables(), left, "{script}");

    let error = database.deploy().unwrap_err();
    assert_eq!(error.code(), Some("P3009"), "{error}");
    assert!(error.remedy().unwrap().contains("purlin migrate resolve"), "{:?}", error.remedy());
    let history = History::read(&database.folder.path().join("migrations")).unwrap();
    resolve::rolled_back(&mut database.connection, &history, "1_a").unwrap();
    database.script("1_a", "CREATE TABLE IF NOT EXISTS settled (x);");
    assert_eq!(database.deploy().unwrap(), ["1_a"]);
    assert!(database.deploy().unwrap().is_empty());
    told
}

#[test]
fn a_transaction_that_is_not_ended_is_no_success() {
    for script in [
        "BEGIN; CREATE TABLE z (x);",
        "BEGIN IMMEDIATE;\nCREATE TABLE z (x);\n-- COMMIT;\n",
        "CREATE TABLE kept (x); COMMIT; BEGIN; CREATE TABLE z (x);",
        "BEGIN; COMMIT; SAVEPOINT a; CREATE TABLE z (x);",
    ] {
        let left = if script.contains("kept") { "kept" } else { "" };
        // COMMIT without BEGIN is an error of its own.
        if script.starts_with("CREATE") {
            assert!(fails(script, left).contains("line 1"));
        } else {
            assert!(fails(script, left).contains("begins a transaction and does not end it"), "{script}");
        }
    }
}

#[test]
fn what_a_failed_script_committed_stays_and_is_said() {
    let told = fails("BEGIN;\nCREATE TABLE r (x);\nCOMMIT;\nNONSENSE;\n", "r");
    assert!(told.contains("line 4: near \"NONSENSE\""), "{told}");
    assert!(told.contains("what the script committed before stays"), "{told}");
    fails("CREATE TABLE r (x); ROLLBACK;", "r");
    fails("BEGIN; CREATE TABLE r (x); END; BEGIN; CREATE TABLE s (x); SELECT nothing;", "r");
    fails("VACUUM; CREATE TABLE r (x); NONSENSE;", "r");
    fails("PRAGMA journal_mode = WAL; CREATE TABLE r (x); NONSENSE;", "r");
}

#[test]
fn a_script_that_ends_its_transactions_is_applied_once() {
    for script in [
        "BEGIN; CREATE TABLE a (x); COMMIT;",
        "BEGIN; CREATE TABLE a (x); SAVEPOINT s; DROP TABLE a; ROLLBACK TO s; RELEASE s; END;",
        "VACUUM; CREATE TABLE a (x);",
        "ATTACH ':memory:' AS other; CREATE TABLE other.t (x); CREATE TABLE a (x);",
        "PRAGMA journal_mode = WAL; CREATE TABLE a (x);",
        "SAVEPOINT s; CREATE TABLE a (x); RELEASE s;",
        "SAVEPOINT s; CREATE TABLE a (x);",
        "BEGIN; CREATE TABLE b (x); ROLLBACK; CREATE TABLE a (x);",
    ] {
        let mut database = Database::new();
        database.script("1_a", script);
        database.script("2_b", "INSERT INTO a VALUES (1);");
        assert_eq!(database.deploy().unwrap(), ["1_a", "2_b"], "{script}");
        assert_eq!(database.tables(), "a", "{script}");
        let row = "SELECT migration_name || (finished_at >= started_at) || applied_steps_count FROM _prisma_migrations";
        assert_eq!(database.get(row), "1_a11 2_b11", "{script}");
        assert!(database.deploy().unwrap().is_empty(), "{script}");
    }
}

/// Words of transactions in comments, strings, names and triggers are none.
#[test]
fn an_ordinary_script_stays_whole_or_nothing() {
    for script in [
        "CREATE TABLE a (x); -- BEGIN;\n/* COMMIT; */ INSERT INTO a VALUES ('; COMMIT;');",
        "CREATE TABLE a (\"COMMIT\"); CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; SELECT CASE WHEN 1 THEN 2 END; END;",
        "CREATE TABLE a (x); SAVEPOINT s; INSERT INTO a VALUES (1); ROLLBACK TO s; RELEASE s;",
        "PRAGMA foreign_keys = OFF; CREATE TABLE a (x); PRAGMA foreign_keys = ON;",
        "CREATE TABLE a (x UNIQUE); INSERT OR ROLLBACK INTO a VALUES (1);",
    ] {
        let mut database = Database::new();
        database.script("1_a", &format!("{script}\nNONSENSE;"));
        let before = database.dump();
        let error = database.deploy().unwrap_err();
        assert!(error.remedy().unwrap().starts_with("nothing was changed"), "{script}: {:?}", error.remedy());
        assert_eq!(database.dump(), before, "{script}");
        database.script("1_a", script);
        assert_eq!(database.deploy().unwrap(), ["1_a"], "{script}");
    }
}

/// A statement may take the whole transaction back by itself.
#[test]
fn a_rollback_by_a_conflict_leaves_nothing() {
    let mut database = Database::new();
    for script in [
        "CREATE TABLE a (x UNIQUE); INSERT INTO a VALUES (1); INSERT OR ROLLBACK INTO a VALUES (1); CREATE TABLE b (x);",
        "CREATE TABLE a (x); CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT RAISE(ROLLBACK, 'no'); END; INSERT INTO a VALUES (1);",
    ] {
        database.script("1_a", script);
        let error = database.deploy().unwrap_err();
        assert!(error.remedy().unwrap().starts_with("nothing was changed"), "{:?}", error.remedy());
        assert_eq!(database.dump(), "");
    }
}

#[test]
fn a_script_of_its_own_transactions_keeps_references() {
    let mut database = Database::new();
    database.sql(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p ON DELETE CASCADE);
         INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);",
    );
    let drop = "BEGIN; PRAGMA foreign_keys = OFF; DROP TABLE p; CREATE TABLE p (id INTEGER PRIMARY KEY); COMMIT;";
    let error = database.connection.execute(drop).unwrap_err();
    assert!(error.to_string().contains("1 row of \"c\" would refer to a row of \"p\""), "{error}");
    assert!(error.remedy().unwrap().contains("what the script committed before stays"), "{:?}", error.remedy());
    assert_eq!(database.get("SELECT count(*) FROM c"), "1", "no cascade took the child along");
    database.connection.execute("DELETE FROM c; INSERT INTO p VALUES (1)").unwrap();
    assert!(database.connection.execute("INSERT INTO c VALUES (2)").is_err(), "keys are on again");
}

#[test]
fn an_executed_script_is_told_about_in_the_same_way() {
    let mut database = Database::new();
    let error = database.connection.execute("BEGIN; CREATE TABLE z (x);").unwrap_err();
    assert!(error.is_script_failed() && error.to_string().contains("does not end it"), "{error}");
    assert_eq!(database.tables(), "");
    let error = database.connection.execute("BEGIN; CREATE TABLE r (x); COMMIT; NONSENSE;").unwrap_err();
    assert!(!error.remedy().unwrap().contains("nothing was changed"), "{:?}", error.remedy());
    assert_eq!(database.tables(), "r");
    database.connection.execute("BEGIN; DROP TABLE r; COMMIT;").unwrap();
    assert_eq!(database.dump(), "", "no record is kept of it");
}

/// Of two runs at the same time the second neither runs the script again nor takes it for done.
#[test]
fn a_run_of_another_process_is_not_repeated() {
    let mut database = Database::new();
    database.script("1_a", "BEGIN; CREATE TABLE a (x); COMMIT;");
    let history = History::read(&database.folder.path().join("migrations")).unwrap();
    let standing = deploy::check(&database.connection, &history).unwrap();
    // Between the look and the run, another process begins.
    let mut other = Database::new();
    other.script("1_a", "BEGIN; NONSENSE;");
    other.deploy().unwrap_err();
    let table = other.get("SELECT sql FROM sqlite_schema WHERE name = '_prisma_migrations'");
    database.sql(&format!(
        "{table}; INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '1_a')"
    ));
    let error = deploy::apply(&mut database.connection, &history, &standing, |_| {}).unwrap_err();
    assert_eq!(error.code(), Some("P3009"), "{error}");
    assert!(
        error.to_string().contains("began and did not end: another process is running it, or it failed"),
        "{error}"
    );
    assert_eq!(database.tables(), "");
}

/// A run that comes second tells of each migration that the first has run.
#[test]
fn what_another_process_has_run_is_told() {
    let mut database = Database::new();
    for name in ["1_a", "2_b", "3_c"] {
        database.script(name, &format!("CREATE TABLE \"{name}\" (x);"));
    }
    let history = database.history();
    let standing = deploy::check(&database.connection, &history).unwrap();
    // Between the look and the run, another process runs the first two.
    let mut first = history.clone();
    first.migrations.truncate(2);
    deploy::apply(&mut database.connection, &first, &first.standing(&[]), |_| {}).unwrap();
    let mut done = Vec::new();
    let before =
        deploy::apply(&mut database.connection, &history, &standing, |name| done.push(name.to_owned())).unwrap();
    assert_eq!((before, done), (vec!["1_a".to_owned(), "2_b".to_owned()], vec!["3_c".to_owned()]));
    let mut done = Vec::new();
    let before =
        deploy::apply(&mut database.connection, &history, &standing, |name| done.push(name.to_owned())).unwrap();
    assert_eq!((before.len(), done.len()), (3, 0));
}

#[test]
fn a_file_that_a_script_names_is_not_taken_for_the_database() {
    let mut database = Database::new();
    database.sql("CREATE TABLE t (x)");
    let text = database.folder.path().join("text");
    std::fs::write(&text, "no database, whatever its length may be\n".repeat(40)).unwrap();
    for script in [
        "SELECT 1;\nATTACH '/no/such/folder/x.db' AS x;".to_owned(),
        "SELECT 1;\nVACUUM INTO '/no/such/folder/x.db';".to_owned(),
        format!("SELECT 1;\nATTACH '{}' AS x;", text.display()),
    ] {
        let error = database.connection.execute(&script).unwrap_err();
        assert!(error.is_script_failed() && error.to_string().starts_with("line 2: "), "{script}: {error}");
        assert!(!error.to_string().contains("test.db"), "{error}");
    }
    database.connection.execute("INSERT INTO t VALUES (1)").unwrap();
}
