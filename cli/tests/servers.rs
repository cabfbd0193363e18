//! The commands on a PostgreSQL server.

#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

#[path = "../../driver/tests/postgres/cluster.rs"]
mod cluster;
mod support;

use cluster::Cluster;
use support::Project;

const SCHEMA: &str = r#"
datasource db {
  provider = "postgresql"
}

model User {
  id    Int    @id @default(autoincrement())
  email String @unique
}
"#;

/// A project with this schema, and an empty database that its `.env` names.
fn project() -> (Project, String) {
    let project = Project::new();
    let url = Cluster::shared().database("");
    project.write("prisma/schema.prisma", SCHEMA);
    project.write(".env", &format!("DATABASE_URL=\"{}\"\n", url.replace("postgres@", "postgres:hunter2@")));
    (project, url)
}

#[test]
fn a_push_makes_the_tables_and_a_second_one_changes_nothing() {
    let (project, url) = project();
    let said = project.run("db push");
    assert!(said.code == 0 && said.out.contains("+ table \"User\""), "{}{}", said.out, said.err);
    let place = url.rsplit_once('@').unwrap().1.split_once('/').unwrap();
    assert!(said.err.contains(&format!("Database: {} at {} (PostgreSQL)", place.1, place.0)), "{}", said.err);
    assert!(!said.err.contains("hunter2"), "{}", said.err);
    assert!(project.done("db push").contains("Unchanged"));
    Cluster::shared().execute(&url, "INSERT INTO \"User\" (email) VALUES ('a')");
    project.write("prisma/schema.prisma", &SCHEMA.replace("  email String @unique\n", ""));
    let err = project.fails(1, "db push");
    assert!(err.contains("dropping the column \"User\".\"email\" loses 1 value"), "{err}");
    project.done("db push --accept-data-loss");
    assert_eq!(Cluster::shared().ask(&url, "SELECT * FROM \"User\""), "1");
}

#[test]
fn migrations_are_written_applied_and_told() {
    let (project, url) = project();
    let out = project.done("migrate dev --name init");
    assert!(out.contains("Applied"), "{out}");
    assert!(project.read("prisma/migrations/migration_lock.toml").contains("provider = \"postgresql\""));
    assert!(project.done("migrate status").contains("In sync"));
    assert!(project.done("doctor").contains("Healthy"));
    Cluster::shared().execute(&url, "ALTER TABLE \"User\" ADD COLUMN extra int");
    let said = project.run("migrate status");
    assert!(said.code != 0 && said.out.contains("\"User\".\"extra\""), "{}{}", said.out, said.err);
    assert!(project.run("doctor").out.contains("the database is not what its migrations make"));
    project.done("migrate reset --force");
    assert!(project.done("migrate status").contains("In sync"));
}

#[test]
fn a_script_is_executed() {
    let (project, url) = project();
    project.write("x.sql", "CREATE TABLE a (id int, t text);\nINSERT INTO a VALUES (1, NULL);\nTABLE a;\n");
    let out = project.done("db execute --file x.sql --format json");
    assert_eq!(out.trim(), r#"[{"columns":["id","t"],"more":0,"rows":[[1,null]]}]"#);
    project.write("x.sql", "INSERT INTO a VALUES (2);\nINSERT INTO b VALUES (2);\n");
    let err = project.fails(1, "db execute --file x.sql");
    assert!(err.contains("line 2: relation \"b\" does not exist"), "{err}");
    assert_eq!(Cluster::shared().ask(&url, "SELECT count(*) FROM a"), "1");
}

#[test]
fn a_server_that_cannot_be_reached_is_named_without_the_password() {
    let (project, _) = project();
    for url in ["postgresql://ada:hunter2@127.0.0.1:1/app", "file:./dev.db"] {
        let err = project.fails(2, &format!("db push --url {url}"));
        assert!(err.contains("127.0.0.1:1") || err.contains("is for `file`"), "{err}");
        assert!(!err.contains("hunter2"), "{err}");
    }
    let said = project.run("doctor --url postgresql://ada:hunter2@127.0.0.1:1/app");
    assert!(said.code != 0 && said.out.contains("cannot reach the server at 127.0.0.1:1"), "{}", said.out);
    assert!(!format!("{}{}", said.out, said.err).contains("hunter2"));
    project.write(".env", "");
    let err = project.fails(2, "db push");
    assert!(err.contains("DATABASE_URL=\"postgresql://user:password@localhost:5432/database\""), "{err}");
}
