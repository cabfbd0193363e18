//! What migrations leave alone, and what they refuse by its name because they cannot write it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use purlin_migrate::push;
use support::{Database, schema};

#[test]
fn views_are_neither_created_nor_dropped() {
    let mut database = Database::of("CREATE TABLE \"Old\" (\"x\"); CREATE VIEW \"Named\" AS SELECT 1 AS \"userId\";");
    let models = r#"
generator client {
  provider        = "purlin-typescript"
  previewFeatures = ["views"]
}

view Named {
  userId Int  @unique
  user   User @relation(fields: [userId], references: [id])
}

model Other {
  id Int @id
}

model User {
  id      Int     @id
  named   Named?
  otherId Int?    @unique
  posts   Post[]
}

model Post {
  id     Int  @id
  userId Int
  user   User @relation(fields: [userId], references: [id])
}
"#;
    let plan = database.push(models);
    assert!(!plan.script.contains("Named"), "{}", plan.script);
    assert!(plan.script.contains("CONSTRAINT \"Post_userId_fkey\""), "{}", plan.script);
    let views = database.get("SELECT name FROM sqlite_schema WHERE type = 'view'");
    assert_eq!(views, "Named");
    let _ = database.push("model User {\n  id Int @id\n}\n");
    assert_eq!(database.get("SELECT name FROM sqlite_schema WHERE type = 'view'"), "Named");
}

#[test]
fn what_cannot_be_written_is_refused_by_its_name() {
    for (models, what) in [
        ("model A {\n  id Int @id\n  @@check(\"id > 0\")\n}", "the `@@check` of A"),
        ("model A {\n  id Int @id\n  b Int @generated(\"id + 1\")\n}", "the computed column `A.b`"),
        ("model A {\n  id Int @id\n  b Int @was(\"c\")\n}", "the `@was` of `A.b`"),
        ("model A {\n  id Int @id\n  @@was(\"B\")\n}", "the `@@was` of A"),
        (
            "model A {\n  id Int @id\n  b Int\n  @@unique([b], where: raw(\"b > 0\"))\n}",
            "a unique key of A that is about some rows only (`where:`)",
        ),
        (
            "model A {\n  id Int @id\n  b Int\n  @@index([b], where: raw(\"b > 0\"))\n}",
            "an index of some rows only (`where:`) of A",
        ),
        ("model A {\n  id Int @id\n  b String\n  @@index([raw(\"lower(b)\")])\n}", "an index over an expression of A"),
        ("model A {\n  id Int @id\n  b String @default(\"a\\u0000b\")\n}", "the NUL in the definition of `A.b`"),
        (
            "model A {\n  id Int @id\n  b String @default(dbgenerated(\"'a\\u0000b'\"))\n}",
            "the NUL in the definition of `A.b`",
        ),
        ("enum E {\n  X @was(\"Y\")\n}\nmodel A {\n  id Int @id\n  e E\n}", "the `@was` of `E.X`"),
    ] {
        let mut database = Database::new();
        let error = push::plan(&mut database.connection, &schema(models)).unwrap_err();
        assert_eq!(error.to_string(), format!("migrations of SQLite cannot write {what} yet"), "{models}");
        assert!(error.remedy().is_some());
        assert_eq!(database.dump(), "", "nothing was changed");
    }
}
