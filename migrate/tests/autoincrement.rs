//! Turning `@default(autoincrement())` on and off: it is a difference of its own, since without AUTOINCREMENT SQLite gives the
//! key of the last row out again when that row was deleted.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use support::Database;

fn model(key: &str, rest: &str) -> String {
    format!("model T {{\n  id {key}\n  {rest}\n}}\n")
}

const ON: &str = "Int @id @default(autoincrement())";
const OFF: &str = "Int @id";

/// The key that a new row gets after the last one was deleted.
fn next(database: &Database) -> String {
    database.sql("DELETE FROM T WHERE id = (SELECT max(id) FROM T); INSERT INTO T (v) VALUES ('new');");
    database.get("SELECT max(id) FROM T")
}

fn words(plan: &purlin_migrate::plan::Plan) -> Vec<String> {
    plan.changes.iter().map(|change| format!("{} {}", change.kind.sign(), change.what)).collect()
}

#[test]
fn it_is_turned_on_for_the_rows_that_are_there() {
    let mut database = Database::new();
    database.push(&model(OFF, "v String?"));
    database.sql("INSERT INTO T VALUES (1, 'a'), (7, 'b')");
    assert_eq!(next(&database), "2", "without it the key 7 is free again");
    database.sql("INSERT INTO T VALUES (9, 'c')");
    let plan = database.push(&model(ON, "v String?"));
    assert_eq!(words(&plan), ["~ column \"T\".\"id\": autoincrement"]);
    assert!(plan.hazards.is_empty(), "{:?}", plan.hazards);
    assert_eq!(next(&database), "10");
    assert!(database.push(&model(ON, "v String?")).is_empty());
}

#[test]
fn it_is_turned_off() {
    let mut database = Database::new();
    database.push(&model(ON, "v String?"));
    database.sql("INSERT INTO T VALUES (5, 'a')");
    let plan = database.push(&model(OFF, "v String?"));
    assert_eq!(words(&plan), ["~ column \"T\".\"id\": no autoincrement"]);
    assert_eq!(database.get("SELECT count(*) FROM sqlite_sequence"), "0");
    assert_eq!(next(&database), "1");
    assert!(database.push(&model(OFF, "v String?")).is_empty());
}

#[test]
fn it_comes_and_goes_with_other_changes_of_the_table() {
    for (from, to, key) in [(OFF, ON, "4"), (ON, OFF, "3"), (ON, ON, "4"), (OFF, OFF, "3")] {
        let mut database = Database::new();
        database.push(&model(from, "v String?\n  n Int?\n  old Int?"));
        database.sql("INSERT INTO T (id, v, n) VALUES (2, 'a', 2), (3, 'b', 3)");
        database.push(&model(to, "v String @default(\"x\")\n  n BigInt @default(0)\n  more Int?\n  @@index([v])"));
        assert_eq!(database.get("SELECT id FROM T ORDER BY id"), "2 3", "{from} to {to}");
        assert_eq!(next(&database), key, "{from} to {to}");
        assert!(
            database
                .push(&model(to, "v String @default(\"x\")\n  n BigInt @default(0)\n  more Int?\n  @@index([v])"))
                .is_empty()
        );
    }
}

#[test]
fn the_highest_key_ever_used_stays_through_rebuilds() {
    let mut database = Database::new();
    database.push(&model(ON, "v String?"));
    database.sql("INSERT INTO T VALUES (1, 'a'), (50, 'b'); DELETE FROM T WHERE id = 50;");
    database.push(&model(ON, "v String @default(\"x\")"));
    database.push(&model("BigInt @id @default(autoincrement())", "v String?"));
    assert_eq!(next(&database), "51");
}

#[test]
fn each_type_and_each_kind_of_table_can_be_numbered() {
    for (table, key) in [
        ("CREATE TABLE T (id BIGINT NOT NULL PRIMARY KEY, v TEXT)", "BigInt @id @default(autoincrement())"),
        ("CREATE TABLE T (id INT PRIMARY KEY NOT NULL, v TEXT)", ON),
        ("CREATE TABLE T (id INTEGER PRIMARY KEY, v TEXT) STRICT", ON),
        ("CREATE TABLE T (id INTEGER PRIMARY KEY, v TEXT) WITHOUT ROWID", ON),
        ("CREATE TABLE T (id INTEGER PRIMARY KEY, v TEXT) STRICT, WITHOUT ROWID", ON),
        ("CREATE TABLE T (id INTEGER, v TEXT, PRIMARY KEY (id))", ON),
        ("create table t (ID integer primary key, v text)", ON),
    ] {
        let mut database = Database::of(table);
        database.sql("INSERT INTO T VALUES (3, 'a')");
        let plan = database.push(&model(key, "v String?"));
        assert!(words(&plan).iter().any(|word| word.ends_with("autoincrement")), "{table}: {:?}", words(&plan));
        assert_eq!(next(&database), "4", "{table}");
        assert!(database.push(&model(key, "v String?")).is_empty(), "{table}");
    }
    for table in [
        "CREATE TABLE T (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT)",
        "CREATE TABLE T (id INTEGER, v TEXT, PRIMARY KEY (id AUTOINCREMENT))",
        "CREATE TABLE T (id INTEGER CONSTRAINT pk PRIMARY KEY ASC ON CONFLICT ABORT AUTOINCREMENT, v TEXT)",
    ] {
        assert!(Database::of(table).push(&model(ON, "v String?")).is_empty(), "{table}");
    }
}

#[test]
fn children_keep_their_rows() {
    let models = |key: &str| {
        format!(
            "model T {{\n  id {key}\n  v String?\n  c C[]\n}}\nmodel C {{\n  id Int @id\n  tId Int\n  t T @relation(fields: [tId], references: [id], onDelete: Cascade)\n}}\n"
        )
    };
    let mut database = Database::new();
    database.push(&models(OFF));
    database.sql("INSERT INTO T VALUES (1, 'a'); INSERT INTO C VALUES (1, 1);");
    database.push(&models(ON));
    database.push(&models(OFF));
    assert_eq!(database.get("SELECT count(*) FROM C"), "1");
    assert_eq!(database.get("SELECT count(*) FROM pragma_foreign_key_check"), "0");
}

#[test]
fn a_key_of_another_type_becomes_a_number() {
    let mut database = Database::new();
    database.push(&model("String @id", "v String?"));
    database.sql("INSERT INTO T VALUES ('3', 'a'), ('12', 'b')");
    let plan = database.push(&model(ON, "v String?"));
    assert!(plan.hazards.is_empty(), "{:?}", plan.hazards);
    assert_eq!(next(&database), "13");
    database.push(&model("BigInt @id", "v String?"));
    assert_eq!(database.get("SELECT group_concat(id) FROM T"), "3,13");
    assert!(database.push(&model("BigInt @id", "v String?")).is_empty());
}
