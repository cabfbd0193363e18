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

#[test]
fn names_that_sqlite_does_not_take_are_refused_before_it_is_asked() {
    for (models, what) in [
        ("model A {\n  id Int @id\n  @@map(\"SQLite_foo\")\n}", "the table \"SQLite_foo\" begins with sqlite_"),
        ("model A {\n  id Int @id\n  @@map(\"_prisma_migrations\")\n}", "is where the history of migrations is kept"),
        (
            "model A {\n  id Int @id\n  @@map(\"t\")\n}\nmodel B {\n  id Int @id\n  @@map(\"T\")\n}",
            "the table \"T\" and the table \"t\" have one name",
        ),
        (
            "model A {\n  id Int @id\n  x Int @map(\"y\")\n  z Int @map(\"Y\")\n}",
            "the column \"A\".\"Y\" and the column \"A\".\"y\" have one name",
        ),
        (
            "model A {\n  id Int @id\n  x Int\n  @@index([x], map: \"a\")\n}",
            "the index \"a\" on \"A\" and the table \"A\" have one name",
        ),
        (
            "model A {\n  id Int @id\n  x Int\n  @@index([x], map: \"sqlite_i\")\n}",
            "the index \"sqlite_i\" on \"A\" begins with sqlite_",
        ),
        (
            "model A {\n  id Int @id\n  x Int\n  @@index([x], map: \"i\")\n}\nmodel B {\n  id Int @id\n  x Int\n  @@index([x], map: \"I\")\n}",
            "the index \"I\" on \"B\" and the index \"i\" on \"A\" have one name",
        ),
    ] {
        let mut database = Database::new();
        // The schema's own checks find these as well; a caller need not have asked them.
        let text = format!("datasource db {{\n  provider = \"sqlite\"\n}}\n\n{models}");
        let files = [purlin_schema::SourceFile { path: "schema.prisma".into(), text }];
        let error = push::plan(&mut database.connection, &purlin_schema::parse(&files).0).unwrap_err();
        assert!(error.to_string().contains(what), "{error}");
        assert!(error.remedy().unwrap().contains("@map"));
    }
}
