//! Migrations: written, replayed, run, and settled.

use purlin_migrate::connection::Connection;
use purlin_migrate::{resolve, status};
use purlin_schema::model::Provider;

use crate::support::{Database, schema};

const FIRST: &str = "enum Role { A\n B }\nmodel User { id Int @id @default(autoincrement())\n role Role @default(A) }";
const SECOND: &str = "enum Role { A\n C }\nmodel User { id Int @id @default(autoincrement())\n name String @default(\"x\")\n role Role @default(C)\n posts Post[] }\nmodel Post { id Int @id\n userId Int\n user User @relation(fields: [userId], references: [id]) }";
const THIRD: &str = "model User { id Int @id @default(autoincrement())\n name String @default(\"x\") }";

#[test]
fn migrations_lead_from_schema_to_schema() {
    let mut database = Database::new();
    let scripts: Vec<String> = [(FIRST, "first"), (SECOND, "second"), (THIRD, "third")]
        .into_iter()
        .map(|(models, name)| database.develop(models, name).unwrap().script)
        .collect();
    insta::assert_snapshot!(scripts.join("\n-- ---------------------------------------------------------------\n"));
    database.assert_pushed(THIRD);
    assert_eq!(database.ask("SELECT count(*) FROM pg_type WHERE typname = 'Role'"), "0", "an enum of a migration goes");
    let status = status::status(&database.connection, &schema(THIRD), &database.history()).unwrap();
    assert!(status.is_in_sync(), "{status:?}");
    assert_eq!(database.ask("SELECT count(*) FROM pg_database WHERE datname LIKE 'purlin_shadow%'"), "0");
    // Elsewhere, all of them run.
    let mut other = Database::new();
    other.folder = database.folder;
    assert_eq!(other.deploy().unwrap().len(), 3);
    assert_eq!(other.deploy().unwrap().len(), 0);
}

#[test]
fn a_migration_that_fails_leaves_nothing_behind() {
    let mut database = Database::new();
    database.write_migration("1_a", "CREATE TABLE a (id int);\n\nCREATE TABLE a (id int);\n");
    let error = database.deploy().unwrap_err();
    assert_eq!(error.code(), Some("P3018"));
    assert!(error.to_string().contains("line 3: relation \"a\" already exists"), "{error}");
    assert_eq!(database.ask("SELECT to_regclass('a') IS NULL"), "t");
    database.write_migration("1_a", "CREATE TABLE a (id int);\n");
    assert_eq!(database.deploy().unwrap(), ["1_a"]);
}

#[test]
fn a_statement_that_runs_outside_of_transactions_does() {
    let mut database = Database::new();
    database.write_migration(
        "1_a",
        "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (1);\nCREATE INDEX CONCURRENTLY i ON a (id);\n",
    );
    assert_eq!(database.deploy().unwrap(), ["1_a"]);
    database.write_migration("2_b", "CREATE TABLE b (id int);\nCREATE UNIQUE INDEX CONCURRENTLY u ON a (id);\n");
    let error = database.deploy().unwrap_err();
    assert!(
        error.remedy().is_some_and(|remedy| remedy.contains("what the script committed before stays")),
        "{error:?}"
    );
    let error = database.deploy().unwrap_err();
    assert_eq!(error.code(), Some("P3009"), "{error}");
    database.sql("DROP TABLE b; DROP INDEX u; DELETE FROM a");
    let history = database.history();
    resolve::rolled_back(&mut database.connection, &history, "2_b").unwrap();
    assert_eq!(database.deploy().unwrap(), ["2_b"]);
}

#[test]
fn a_script_that_sets_the_search_path_is_recorded() {
    let mut database = Database::new();
    database.write_migration(
        "1_dump",
        "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a (id int);\nSET statement_timeout = 0;\n",
    );
    assert_eq!(database.deploy().unwrap(), ["1_dump"]);
    assert_eq!(database.deploy().unwrap().len(), 0);
    assert_eq!(database.connection.introspect().unwrap().tables.len(), 1);
}

#[test]
fn drift_is_told_and_nothing_is_changed() {
    let mut database = Database::new();
    database.develop(FIRST, "first").unwrap();
    database.sql("ALTER TABLE \"User\" ADD COLUMN extra int; ALTER TYPE \"Role\" ADD VALUE 'Z'");
    let error = database.develop(SECOND, "second").unwrap_err();
    assert!(error.is_drift(), "{error}");
    assert!(error.to_string().contains("column \"User\".\"extra\""), "{error}");
    assert!(error.to_string().contains("enum \"Role\": +Z"), "{error}");
}

#[test]
fn migrations_of_a_named_schema_run_in_a_new_database() {
    let mut database = Database::new();
    database.url = format!("{}?schema=shop", database.url);
    database.connection = Connection::open(Provider::Postgres, &database.url).unwrap();
    database.develop(FIRST, "first").unwrap();
    assert_eq!(database.ask("SELECT schemaname FROM pg_tables WHERE tablename = '_prisma_migrations'"), "shop");
    database.assert_pushed(FIRST);
}

#[test]
fn two_deploys_at_once_run_each_migration_once() {
    let database = Database::new();
    for number in 1..=5 {
        database.write_migration(
            &format!("{number}_a"),
            &format!("CREATE TABLE t{number} (id int); SELECT pg_sleep(0.05);"),
        );
    }
    let history = database.history();
    let done: usize = std::thread::scope(|scope| {
        let deploys: Vec<_> = (0..4)
            .map(|_| {
                let (url, history) = (&database.url, &history);
                scope.spawn(move || {
                    let mut connection = Connection::open(Provider::Postgres, url).unwrap();
                    let standing = purlin_migrate::deploy::check(&connection, history).unwrap();
                    let mut done = 0;
                    purlin_migrate::deploy::apply(&mut connection, history, &standing, |_| done += 1).unwrap();
                    done
                })
            })
            .collect();
        deploys.into_iter().map(|deploy| deploy.join().unwrap()).sum()
    });
    assert_eq!(done, 5);
    assert_eq!(database.ask("SELECT count(*) FROM \"_prisma_migrations\""), "5");
}

#[test]
fn a_script_is_executed_and_its_rows_are_returned() {
    let mut database = Database::new();
    let rows = database
        .connection
        .execute_for_rows("CREATE TABLE a (id int, t text); INSERT INTO a VALUES (1, 'x'), (2, NULL); SELECT id, t, 1.5::float8 f FROM a")
        .unwrap();
    assert_eq!(
        format!("{rows:?}"),
        "[Rows { columns: [\"id\", \"t\", \"f\"], rows: [[Integer(1), Text(\"x\"), Real(1.5)], [Integer(2), Null, Real(1.5)]], more: 0 }]"
    );
    let error = database.connection.execute("SELECT 1;\nSELEC 2").unwrap_err();
    assert!(error.to_string().starts_with("line 2: syntax error"), "{error}");
    let error = database.connection.execute("BEGIN; INSERT INTO a VALUES (3, 'y')").unwrap_err();
    assert!(error.to_string().contains("begins a transaction and does not end it"), "{error}");
    assert_eq!(database.ask("SELECT count(*) FROM a"), "2");
}
