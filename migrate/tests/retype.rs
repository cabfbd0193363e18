//! Columns of keys whose type changes: each change is made, or it is counted and refused before anything is touched.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use purlin_migrate::{
    plan::Level,
    push::{self, DataLoss},
};
use support::Database;

/// The types, and values that a column of each can hold in a file.
#[rustfmt::skip]
const TYPES: &[(&str, &[&str])] = &[
    ("String", &["'1'", "'2'", "'007'", "'7'", "'abc'", "'1.0'", "'1e0'", "''", "' 5'", "'5'", "'true'", "'{}'", "'2024-01-02'", "'9223372036854775807'", "'1.5'", "x'31'"]),
    ("Int", &["0", "1", "2", "-5", "2147483647"]),
    ("BigInt", &["1", "0", "9223372036854775807", "-9007199254740993", "9007199254740992", "9007199254740993"]),
    ("Float", &["1.0", "0.0", "2.5", "1e300", "-1.0", "9e999"]),
    ("Decimal", &["'1'", "'1.0'", "'0'", "'0.1234567890123456789012345'", "2", "'1.5'"]),
    ("Boolean", &["0", "1"]),
    ("Bytes", &["x'31'", "x'61'", "x''", "x'00'"]),
    ("Json", &["'{}'", "'\"a\"'", "1", "'[1]'", "2.5"]),
    ("DateTime", &["'2024-01-02T03:04:05.678+00:00'", "1704067200000", "'2024-01-02'", "1"]),
    ("Role", &["'USER'", "'ADMIN'", "'1'", "'0'"]),
    ("Level", &["'USER'", "'1'"]),
];

const ENUMS: &str = "enum Role {\n  USER\n  ADMIN\n  ONE @map(\"1\")\n  NIL @map(\"0\")\n}\nenum Level {\n  USER\n  ONE @map(\"1\")\n}\n";

/// Models whose column `v` has the type at `$`, and the statements that put the value at `?` into a row.
#[rustfmt::skip]
const KINDS: &[(&str, &str, &str)] = &[
    ("plain", "model T {\n  id Int @id @default(autoincrement())\n  v $\n}\n", "INSERT INTO T (v) VALUES (?)"),
    ("optional", "model T {\n  id Int @id @default(autoincrement())\n  v $?\n}\n", "INSERT INTO T (v) VALUES (?)"),
    ("unique", "model T {\n  id Int @id @default(autoincrement())\n  v $ @unique\n}\n", "INSERT OR IGNORE INTO T (v) VALUES (?)"),
    ("id", "model T {\n  v $ @id\n}\n", "INSERT OR IGNORE INTO T (v) VALUES (?)"),
    ("part of an id", "model T {\n  v $\n  w Int\n  @@id([v, w])\n}\n", "INSERT OR IGNORE INTO T (v, w) VALUES (?, 1)"),
    (
        "foreign key to an id",
        "model P {\n  v $ @id\n  ts T[]\n}\nmodel T {\n  id Int @id @default(autoincrement())\n  v $\n  p P @relation(fields: [v], references: [v])\n}\n",
        "INSERT OR IGNORE INTO P (v) VALUES (?); INSERT INTO T (v) VALUES (?)",
    ),
    (
        "foreign key to a unique field",
        "model P {\n  id Int @id @default(autoincrement())\n  v $ @unique\n  ts T[]\n}\nmodel T {\n  id Int @id @default(autoincrement())\n  v $?\n  p P? @relation(fields: [v], references: [v])\n}\n",
        "INSERT OR IGNORE INTO P (v) VALUES (?); INSERT INTO T (v) VALUES (?)",
    ),
    (
        "many to many",
        "model P {\n  id Int @id @default(autoincrement())\n  ts T[]\n}\nmodel T {\n  v $ @id\n  ps P[]\n}\n",
        "INSERT OR IGNORE INTO P VALUES (1); INSERT OR IGNORE INTO T (v) VALUES (?); INSERT OR IGNORE INTO _PToT (A, B) VALUES (1, ?)",
    ),
];

fn of(models: &str, ty: &str) -> String {
    format!("{ENUMS}{}", models.replace('$', ty))
}

#[test]
fn each_change_of_a_type_is_made_or_refused_with_its_reason() {
    for (kind, models, insert) in KINDS {
        for (from, values) in TYPES {
            let no_key = |ty: &str| matches!(ty, "Json") && !matches!(*kind, "plain" | "optional");
            if no_key(from) {
                continue;
            }
            let mut made = Database::new();
            made.push(&of(models, from));
            let empty = made.folder.path().join("empty.db");
            made.sql(&format!("VACUUM INTO '{}'", empty.display()));
            for (to, _) in TYPES.iter().filter(|(to, _)| to != from && !no_key(to)) {
                // All values at once, and where one of them may be forbidden, each alone.
                let alone = if matches!(*kind, "id" | "unique") { *values } else { &[] };
                for set in alone.iter().map(std::slice::from_ref).chain([*values]) {
                    let mut database = Database::at(&empty);
                    for value in set {
                        database.sql(&insert.replace('?', value));
                    }
                    change(&mut database, &of(models, to), &format!("{kind}, {from} to {to}, {set:?}"));
                }
            }
        }
    }
}

/// Makes the change, or sees that it is refused with its reason and without a trace.
fn change(database: &mut Database, models: &str, what: &str) {
    let before = database.dump();
    let rows = |database: &Database| database.get("SELECT count(*) FROM T");
    let count = rows(database);
    let push = database.plan(models);
    let has = |level| push.plan().at(level).next().is_some();
    let refused = push::apply(&mut database.connection, &push, DataLoss::Refused);
    if !has(Level::Loss) && !has(Level::Blocked) {
        refused.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(rows(database), count, "{what}");
        database.assert_pushed(models);
        return;
    }
    let error = refused.unwrap_err();
    assert!(error.is_refused() && error.remedy().is_some(), "{what}: {error}");
    assert_eq!(database.dump(), before, "{what}");
    let push = database.plan(models);
    let accepted = push::apply(&mut database.connection, &push, DataLoss::Accepted);
    if has(Level::Blocked) {
        let error = accepted.unwrap_err();
        assert!(error.is_refused() && error.remedy().is_some(), "{what}: {error}");
        assert_eq!(database.dump(), before, "{what}");
    } else {
        accepted.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(rows(database), count, "{what}");
    }
}

/// Refused with and without the flag, and what is said.
fn blocked(database: &mut Database, models: &str) -> String {
    let before = database.dump();
    let push = database.plan(models);
    let error = push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap_err();
    assert!(
        error.is_refused() && error.remedy().is_some_and(|text| text.starts_with("nothing was changed")),
        "{error}"
    );
    assert_eq!(database.dump(), before);
    error.to_string()
}

#[test]
fn a_key_that_numbers_the_rows_takes_whole_numbers_only() {
    let mut database = Database::new();
    database.push("model T {\n  id String @id\n}\n");
    database.sql("INSERT INTO T VALUES ('1'), ('2'), ('x'), ('y'), ('07'), ('8e0')");
    let why = blocked(&mut database, "model T {\n  id Int @id\n}\n");
    let expected =
        "2 values of \"T\".\"id\" cannot be stored as INTEGER, and as the primary key the column takes nothing else";
    assert!(why.contains(expected) && why.contains("2 values of \"T\".\"id\" would not survive"), "{why}");
    // As the message says.
    let (_, look) = why.split_once("(look: ").unwrap();
    let look = look.lines().next().unwrap().strip_suffix(')').unwrap();
    assert_eq!(database.get(look), "x y");
    database.sql("DELETE FROM T WHERE id IN ('07', '8e0')");
    let why = blocked(&mut database, "model T {\n  id Int @id\n}\n");
    assert!(why.contains(expected) && !why.contains("loses data"), "{why}");
    database.sql("DELETE FROM T WHERE id IN ('x', 'y')");
    database.push("model T {\n  id Int @id\n}\n");
    assert_eq!(database.get("SELECT typeof(id) || id FROM T ORDER BY id"), "integer1 integer2");
}

#[test]
fn a_key_that_does_not_number_the_rows_keeps_what_it_cannot_convert() {
    for (table, to, one) in [
        ("CREATE TABLE T (id TEXT NOT NULL PRIMARY KEY)", "Boolean", "1"),
        ("CREATE TABLE T (id TEXT NOT NULL PRIMARY KEY)", "BigInt", "1"),
        ("CREATE TABLE T (id TEXT NOT NULL PRIMARY KEY)", "Float", "1.0"),
    ] {
        let mut database = Database::of(table);
        database.sql("INSERT INTO T VALUES ('1'), ('x')");
        let models = format!("model T {{\n  id {to} @id\n}}\n");
        let why = database.refused(&models);
        assert!(why.contains("1 value of \"T\".\"id\" would not survive the change from TEXT"), "{table}: {why}");
        assert!(why.contains("and queries that read them would fail"), "{table}: {why}");
        let push = database.plan(&models);
        push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap();
        assert_eq!(database.get("SELECT id FROM T ORDER BY CAST(id AS TEXT)"), format!("{one} x"));
    }
}

#[test]
fn a_table_without_row_numbers_keeps_what_it_cannot_convert() {
    let mut database = Database::of("CREATE TABLE T (id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID");
    database.sql("INSERT INTO T VALUES ('1'), ('x')");
    let push = database.plan("model T {\n  id Int @id\n}\n");
    assert_eq!(push.plan().at(Level::Blocked).count(), 0);
    assert_eq!(push.plan().at(Level::Loss).count(), 1);
    push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap();
    assert_eq!(database.get("SELECT typeof(id) FROM T ORDER BY id"), "integer text");
}

#[test]
fn a_strict_table_refuses_what_it_cannot_store() {
    for (ty, value, to) in [("TEXT", "'x'", "Int"), ("INTEGER", "1", "Bytes"), ("BLOB", "x'31'", "String")] {
        let mut database = Database::of(&format!("CREATE TABLE T (id INTEGER NOT NULL PRIMARY KEY, v {ty}) STRICT"));
        database.sql(&format!("INSERT INTO T VALUES (1, {value}), (2, NULL)"));
        let why = blocked(&mut database, &format!("model T {{\n  id Int @id\n  v {to}?\n}}\n"));
        assert!(
            why.contains("1 value of \"T\".\"v\" cannot be stored as") && why.contains("the table is strict"),
            "{why}"
        );
    }
}

#[test]
fn values_that_become_equal_are_counted() {
    let two = "model T {\n  id Int @id\n  v $ @unique\n}\n";
    let pair = "model T {\n  v $\n  w Int\n  @@id([v, w])\n}\n";
    for (models, insert, from, to) in [
        (two, "INSERT INTO T VALUES (1, '7'), (2, '007'), (3, '8')", "String", "Int"),
        (two, "INSERT INTO T VALUES (1, '7'), (2, '7.0'), (3, '8')", "Decimal", "Float"),
        (two, "INSERT INTO T VALUES (1, 9007199254740993), (2, 9007199254740992)", "BigInt", "Float"),
        (pair, "INSERT INTO T VALUES ('7', 1), ('07', 1), ('7', 2)", "String", "BigInt"),
    ] {
        let mut database = Database::new();
        database.push(&models.replace('$', from));
        database.sql(insert);
        let why = blocked(&mut database, &models.replace('$', to));
        assert!(why.contains("1 value would be there more than once after the conversion of \"v\" to"), "{why}");
        let (_, look) = why.split_once("more than once").unwrap().1.split_once("(look: ").unwrap();
        let look = look.lines().next().unwrap().strip_suffix(')').unwrap();
        assert_eq!(database.get(&format!("SELECT count(*) FROM ({look})")), "1", "{look}");
    }
}

#[test]
fn a_foreign_key_whose_ends_have_different_types_is_brought_in_line() {
    for (parent, child) in [("INTEGER", "TEXT"), ("TEXT", "INTEGER")] {
        let mut database = Database::of(&format!(
            "CREATE TABLE P (v {parent} NOT NULL PRIMARY KEY);
             CREATE TABLE T (id INTEGER NOT NULL PRIMARY KEY, v {child} NOT NULL,
               CONSTRAINT T_v_fkey FOREIGN KEY (v) REFERENCES P (v) ON DELETE RESTRICT ON UPDATE CASCADE);
             INSERT INTO P VALUES (1), (2); INSERT INTO T VALUES (1, '1'), (2, '2');"
        ));
        for ty in ["Int", "String"] {
            database.push(&format!(
                "model P {{\n  v {ty} @id\n  ts T[]\n}}\nmodel T {{\n  id Int @id\n  v {ty}\n  p P @relation(fields: [v], references: [v])\n}}\n"
            ));
            assert_eq!(database.get("SELECT count(*) FROM T JOIN P ON P.v = T.v"), "2");
            assert_eq!(database.get("SELECT count(*) FROM pragma_foreign_key_check"), "0");
        }
    }
}

#[test]
fn what_the_database_forbids_by_itself_is_said_in_words() {
    for (table, part) in [
        ("CREATE TABLE T (id INTEGER NOT NULL PRIMARY KEY, v TEXT, CHECK (typeof(v) = 'text'))", "a CHECK constraint"),
        (
            "CREATE TABLE T (id INTEGER NOT NULL PRIMARY KEY, v TEXT, CONSTRAINT long CHECK (v || '' = v AND typeof(v) <> 'integer'))",
            "the CHECK constraint long",
        ),
        (
            "CREATE TABLE T (id INTEGER NOT NULL PRIMARY KEY, v TEXT); CREATE UNIQUE INDEX part ON T (v) WHERE id > 0",
            "a unique index",
        ),
        ("CREATE TABLE T (id TEXT PRIMARY KEY, v TEXT); INSERT INTO T VALUES (NULL, '9')", "1 value of"),
        ("CREATE TABLE T (id INTEGER NOT NULL PRIMARY KEY, v TEXT); CREATE UNIQUE INDEX expr ON T (v + 0.5)", ""),
    ] {
        let mut database = Database::of(table);
        database.sql("INSERT INTO T VALUES (1, '7')");
        if part == "a unique index" {
            database.sql("INSERT INTO T VALUES (2, '07')");
        }
        let models = "model T {\n  id Int @id\n  v Int?\n}\n";
        if part.is_empty() {
            database.push(models);
            continue;
        }
        if part == "1 value of" {
            // Without a change of the key's type as well.
            let why = blocked(&mut database, "model T {\n  id String @id\n  v Int?\n}\n");
            assert!(why.contains("its column \"id\" is required, and has nulls"), "{why}");
        }
        let why = blocked(&mut database, models);
        assert!(why.contains(part) && why.contains("\"T\""), "{why}");
        assert!(!why.contains("constraint failed") && !why.contains("line "), "{why}");
    }
}
