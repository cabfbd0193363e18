//! What the tests share: a schema from text, a file with a database, a look into it.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::path::PathBuf;

use purlin_migrate::{
    Error,
    connection::Connection,
    deploy,
    develop::{self, Drift},
    history::{History, Migration},
    plan::Plan,
    push::{self, DataLoss, Push},
};
use purlin_schema::{
    SourceFile,
    model::{Provider, Schema},
};

/// A database in a folder of its own, opened twice: as the product does, and to look.
pub(crate) struct Database {
    pub(crate) connection: Connection,
    pub(crate) look: rusqlite::Connection,
    pub(crate) folder: tempfile::TempDir,
}

impl Database {
    pub(crate) fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap())
    }

    /// A copy of a database.
    pub(crate) fn at(file: &std::path::Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(file, folder.path().join("test.db")).unwrap();
        Self::in_folder(folder)
    }

    fn in_folder(folder: tempfile::TempDir) -> Self {
        let file = folder.path().join("test.db");
        let connection = Connection::open(Provider::Sqlite, &format!("file:{}", file.display())).unwrap();
        let look = rusqlite::Connection::open(file).unwrap();
        look.pragma_update(None, "foreign_keys", false).unwrap();
        // Power is not cut in these tests; thousands of small transactions would wait for the disk.
        #[allow(irrefutable_let_patterns, reason = "servers are there with a feature")]
        let Connection::Sqlite(sqlite) = &connection else { unreachable!("an SQLite database") };
        for connection in [sqlite, &look] {
            connection.pragma_update(None, "synchronous", false).unwrap();
        }
        Self { connection, look, folder }
    }

    /// A database that these statements made.
    pub(crate) fn of(sql: &str) -> Self {
        let database = Self::new();
        database.sql(sql);
        database
    }

    pub(crate) fn sql(&self, sql: &str) {
        self.look.execute_batch(sql).unwrap();
    }

    pub(crate) fn plan(&mut self, models: &str) -> Push {
        push::plan(&mut self.connection, &schema(models)).unwrap()
    }

    /// Pushes a schema that loses nothing, and sees that nothing is left to do.
    pub(crate) fn push(&mut self, models: &str) -> Plan {
        let push = self.plan(models);
        push::apply(&mut self.connection, &push, DataLoss::Refused).unwrap();
        self.assert_pushed(models);
        push.plan().clone()
    }

    pub(crate) fn assert_pushed(&mut self, models: &str) {
        let again = self.plan(models);
        let again = again.plan();
        assert!(again.is_empty(), "left after a push: {:?}\n{}", again.changes, again.script);
    }

    /// Pushes a schema that must be refused, leaves no trace of it, and returns why.
    pub(crate) fn refused(&mut self, models: &str) -> String {
        let before = self.dump();
        let push = self.plan(models);
        let error = push::apply(&mut self.connection, &push, DataLoss::Refused).unwrap_err();
        assert!(error.is_refused(), "{error}");
        assert_eq!(self.dump(), before);
        error.to_string()
    }

    pub(crate) fn migrations(&self) -> PathBuf {
        self.folder.path().join("migrations")
    }

    pub(crate) fn history(&self) -> History {
        History::read(&self.migrations()).unwrap()
    }

    pub(crate) fn deploy(&mut self) -> Result<Vec<String>, Error> {
        let history = self.history();
        let standing = deploy::check(&self.connection, &history)?;
        let mut done = Vec::new();
        deploy::apply(&mut self.connection, &history, &standing, |name| done.push(name.to_owned()))?;
        Ok(done)
    }

    /// `migrate dev`, in full.
    pub(crate) fn develop(&mut self, models: &str, name: &str) -> Result<Migration, Error> {
        self.deploy()?;
        let mut history = self.history();
        let draft = develop::draft(&mut self.connection, &schema(models), &history, Drift::Refused)?;
        develop::check_hazards(&draft, DataLoss::Refused)?;
        let migration = develop::write(draft, &mut history, name, Provider::Sqlite)?;
        self.deploy()?;
        Ok(migration)
    }

    /// A column of a query's result, as text, in one line.
    pub(crate) fn get(&self, sql: &str) -> String {
        let mut statement = self.look.prepare(sql).unwrap();
        let values = statement.query_map([], |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
        let text = |value| match value {
            rusqlite::types::Value::Null => "null".to_owned(),
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Real(number) => format!("{number:?}"),
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Blob(bytes) => format!("{bytes:?}"),
        };
        values.map(|value| text(value.unwrap())).collect::<Vec<_>>().join(" ")
    }

    /// All statements and all rows.
    pub(crate) fn dump(&self) -> String {
        let mut dump = self.get("SELECT sql FROM sqlite_schema ORDER BY name");
        let names = self.get("SELECT quote(name) FROM pragma_table_list WHERE schema = 'main' AND type = 'table'");
        for name in names.split_whitespace().filter(|name| *name != "'sqlite_schema'") {
            let name = name.trim_matches('\'');
            let columns = self.get(&format!(
                "SELECT group_concat('quote(\"' || name || '\")', '||''|''||') FROM pragma_table_xinfo('{name}')"
            ));
            dump.push_str(&format!(
                "\n{name}: {}",
                self.get(&format!("SELECT {columns} FROM \"{name}\" ORDER BY rowid"))
            ));
        }
        dump
    }
}

/// The schema of some models on SQLite. It must have no errors.
pub(crate) fn schema(models: &str) -> Schema {
    let text = format!("datasource db {{\n  provider = \"sqlite\"\n}}\n\n{models}");
    let files = [SourceFile { path: "schema.prisma".into(), text }];
    let (schema, diagnostics) = purlin_schema::parse(&files);
    let errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == purlin_schema::Severity::Error);
    assert!(!errors, "{}", purlin_schema::report::text(&files, &diagnostics, false));
    schema
}

/// A user with posts, which have tags.
pub(crate) const BLOG: &str = r#"
model User {
  id    Int     @id @default(autoincrement())
  email String  @unique
  name  String?
  posts Post[]
}

model Post {
  id       Int    @id @default(autoincrement())
  title    String
  author   User   @relation(fields: [authorId], references: [id], onDelete: Cascade)
  authorId Int
  tags     Tag[]

  @@index([authorId])
}

model Tag {
  id    Int    @id @default(autoincrement())
  name  String @unique
  posts Post[]
}
"#;

/// Rows for [`BLOG`]. The highest user and post are deleted again: their keys must never come back.
pub(crate) const ROWS: &str = "
INSERT INTO User (id, email, name) VALUES (1, 'ada@x', 'Ada'), (2, 'bob@x', NULL), (70, 'gone@x', 'Gone');
DELETE FROM User WHERE id = 70;
INSERT INTO Post (id, title, authorId) VALUES (1, 'One', 1), (2, 'Two', 1), (3, 'Three', 2), (90, 'Gone', 2);
DELETE FROM Post WHERE id = 90;
INSERT INTO Tag (id, name) VALUES (1, 'rust');
INSERT INTO _PostToTag (A, B) VALUES (1, 1), (3, 1);
";
