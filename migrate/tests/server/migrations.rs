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
    // A snapshot that is taken before the lock would not see what the other has done.
    database.sql(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$",
    );
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

#[test]
fn a_migration_makes_tables_of_every_type() {
    let mut database = Database::new();
    database.develop("model A { id Int @id }", "first").unwrap();
    let every = "model A { id Int @id\n at DateTime @default(now())\n name String @db.VarChar(20)\n price Decimal\n data Json\n raw Bytes?\n tags String[] }\n\
                 model B { id String @id @default(dbgenerated(\"gen_random_uuid()\")) @db.Uuid\n at DateTime\n price Decimal @db.Decimal(8, 2) }";
    database.develop(every, "second").unwrap();
    let status = status::status(&database.connection, &schema(every), &database.history()).unwrap();
    assert!(status.is_in_sync(), "{status:?}");
}

#[test]
fn the_history_goes_by_a_reset_of_named_schemas() {
    let models =
        "datasource db {\n provider = \"postgresql\"\n schemas = [\"a\"]\n}\nmodel T { id Int @id\n @@schema(\"a\") }";
    let mut database = Database::for_schema(models);
    database.develop(models, "first").unwrap();
    database.connection.reset().unwrap();
    assert_eq!(database.deploy().unwrap().len(), 1);
    database.assert_pushed(models);
}

#[test]
fn a_shadow_database_that_cannot_be_opened_is_dropped() {
    let mut database = Database::new();
    database.sql("DROP ROLE IF EXISTS alone; CREATE ROLE alone LOGIN CREATEDB CONNECTION LIMIT 1; GRANT ALL ON SCHEMA public TO alone");
    let url = database.url.replace("postgres@", "alone@");
    database.connection = Connection::open(Provider::Postgres, &url).unwrap();
    let error = database.develop("model A { id Int @id }", "first").unwrap_err();
    assert!(error.to_string().contains("no place for another connection"), "{error}");
    let left = database
        .ask("SELECT count(*) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE r.rolname = 'alone'");
    assert_eq!(left, "0");
}

#[test]
fn statements_that_speak_with_their_client_are_refused() {
    let mut database = Database::new();
    for script in
        ["CREATE TABLE a (id int);\nCOPY a FROM STDIN;", "SELECT 1;\ncopy (SELECT 1) to stdout", "SELECT 1;\nLISTEN x"]
    {
        let error = database.connection.execute(script).unwrap_err();
        assert!(error.to_string().starts_with("line 2: COPY with STDIN or STDOUT, and LISTEN"), "{error}");
    }
    database.write_migration("1_a", "COPY a FROM stdin;");
    assert_eq!(database.deploy().unwrap_err().code(), Some("P3018"));
    assert_eq!(database.ask("SELECT to_regclass('a') IS NULL"), "t");
}

#[test]
fn what_a_script_sets_ends_with_it() {
    let mut database = Database::new();
    database.sql(
        "DO $$ BEGIN CREATE ROLE other; EXCEPTION WHEN OTHERS THEN NULL; END $$; GRANT ALL ON SCHEMA public TO other",
    );
    database.write_migration("1_a", "CREATE TABLE \"T\" (id int); CREATE TEMP TABLE \"T\" (id int); SET ROLE other;");
    database.write_migration("2_b", "ALTER TABLE \"T\" ADD COLUMN b int;");
    assert_eq!(database.deploy().unwrap().len(), 2);
    assert_eq!(database.ask("SELECT b FROM \"T\""), "");
    assert_eq!(database.ask("SELECT tableowner FROM pg_tables WHERE tablename = '_prisma_migrations'"), "postgres");
}

#[test]
fn the_shadow_database_is_dropped() {
    let mut database = Database::new();
    database.sql("CREATE ROLE maker LOGIN CREATEDB; GRANT ALL ON SCHEMA public TO maker");
    let url = database.url.replace("postgres@", "maker@");
    database.connection = Connection::open(Provider::Postgres, &url).unwrap();
    database.develop("model A { id Int @id }", "first").unwrap();
    let left = database
        .ask("SELECT count(*) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE r.rolname = 'maker'");
    assert_eq!(left, "0");
}

#[test]
fn the_search_path_of_the_database_holds_for_the_replay() {
    let mut database = Database::new();
    database.sql("CREATE SCHEMA app; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = app, public', current_database()); END $$");
    database.connection = Connection::open(Provider::Postgres, &database.url).unwrap();
    database.develop(FIRST, "first").unwrap();
    database.develop(SECOND, "second").unwrap();
    assert_eq!(database.ask("SELECT schemaname FROM pg_tables WHERE tablename = 'Post'"), "app");
}
