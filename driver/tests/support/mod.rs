//! What the tests of the driver share: a database file with some tables, and shapes on it.

#![allow(dead_code, unreachable_pub, reason = "each test takes what it needs")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use purlin_driver::frame::Values;
use purlin_driver::{Engine, Error, Options, Reply, Rows, SqliteOptions};
use purlin_query::catalog::{Arity, Catalog, Column, Default, Field, Key, Model, Relation, Through, Type};
use purlin_query::shape::Code;
use purlin_query::value::Value;

const USER: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("email", Column::new("email", Type::String)),
    Field::column("balance", Column::new("balance", Type::Decimal).nullable()),
    Field::relation("posts", Relation::referenced(1, 3, Arity::Many, &[0], &[2])),
];
const POST: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("title", Column::new("title", Type::String)),
    Field::column("authorId", Column::new("author_id", Type::Int)),
    Field::relation("author", Relation::foreign(0, 3, Arity::One, &[2], &[0])),
    Field::relation("tags", Relation::through(2, 2, &[0], &[0], Through::new("_PostToTag", "A", "B"))),
];
const TAG: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("name", Column::new("name", Type::String)),
    Field::relation("posts", Relation::through(1, 4, &[0], &[0], Through::new("_PostToTag", "B", "A"))),
];
const NODE: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::column("parentId", Column::new("parent_id", Type::Int).nullable()),
    Field::relation("parent", Relation::foreign(3, 3, Arity::Optional, &[1], &[0])),
    Field::relation("children", Relation::referenced(3, 2, Arity::Many, &[0], &[1])),
];
const COUNTRY: &[Field] = &[
    Field::column("code", Column::new("code", Type::String)),
    Field::relation("cities", Relation::referenced(5, 2, Arity::Many, &[0], &[1])),
];
const CITY: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::column("countryCode", Column::new("country_code", Type::String)),
    Field::relation("country", Relation::foreign(4, 1, Arity::One, &[1], &[0])),
];
const ID: &[Key] = &[Key::new("id", &[0])];
const ID_AND_SECOND: &[Key] = &[Key::new("id", &[0]), Key::new("email", &[1])];
pub const MODELS: &[Model] = &[
    Model::new("User", "User", USER, ID_AND_SECOND),
    Model::new("Post", "posts", POST, ID),
    Model::new("Tag", "Tag", TAG, ID_AND_SECOND),
    Model::new("Node", "Node", NODE, ID),
    Model::new("Country", "Country", COUNTRY, ID),
    Model::new("City", "City", CITY, ID),
];

pub const TABLES: &str = r#"
CREATE TABLE "User" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "email" TEXT NOT NULL UNIQUE, "balance" DECIMAL_TEXT);
CREATE TABLE "posts" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "title" TEXT NOT NULL,
  "author_id" INTEGER NOT NULL REFERENCES "User" ("id"));
CREATE TABLE "Tag" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL UNIQUE);
CREATE TABLE "_PostToTag" ("A" INTEGER NOT NULL REFERENCES "posts" ("id"), "B" INTEGER NOT NULL REFERENCES "Tag" ("id"));
CREATE TABLE "Node" ("id" INTEGER NOT NULL PRIMARY KEY, "parent_id" INTEGER REFERENCES "Node" ("id"));
CREATE UNIQUE INDEX "_PostToTag_AB_unique" ON "_PostToTag" ("A", "B");
"#;

/// A new database file with the tables, gone with the value.
pub struct Fixture {
    pub engine: Engine,
    pub folder: tempfile::TempDir,
}

impl Fixture {
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    /// Another engine on the same file.
    pub fn open(&self, options: Options) -> Engine {
        self.open_with("", options).expect("a URL of a file")
    }

    /// The same with parameters of the URL.
    pub fn open_with(&self, parameters: &str, options: Options) -> Result<Engine, Error> {
        let url = format!("file:{}{parameters}", self.path().display());
        Engine::open(Catalog::new(MODELS, &[]), &url, options)
    }
}

#[cfg(unix)]
impl Fixture {
    /// Another engine on the same file, by a symbolic link: its pool is another.
    pub fn open_with_link(&self, options: Options) -> Engine {
        let link = self.folder.path().join("link.db");
        std::os::unix::fs::symlink(self.path(), &link).expect("the system has links");
        let url = format!("file:{}", link.display());
        Engine::open(Catalog::new(MODELS, &[]), &url, options).expect("a URL of a file")
    }
}

pub fn fixture() -> Fixture {
    fixture_with(Options::default())
}

pub fn fixture_with(options: Options) -> Fixture {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("file:{}", folder.path().join("test.db").display());
    let options = Options { sqlite: SqliteOptions { create: true, ..options.sqlite.clone() }, ..options };
    let engine = Engine::open(Catalog::new(MODELS, &[]), &url, options).expect("a URL of a file");
    engine.execute_script(TABLES).expect("the tables are created");
    Fixture { engine, folder }
}

/// Words of a shape: codes and indices.
#[macro_export]
macro_rules! words {
    ($($word:expr),* $(,)?) => { &[$(($word) as u16),*] };
}

pub fn run(engine: &Engine, words: &[u16], values: Vec<Value>) -> Result<Reply, Error> {
    let prepared = engine.prepare(words)?;
    block_on(engine.run(&prepared, values))
}

/// Waits on this thread; the futures of the driver need no runtime.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Thread(std::thread::Thread);
    impl std::task::Wake for Thread {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Thread(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(result) => return result,
            std::task::Poll::Pending => std::thread::park_timeout(Duration::from_secs(10)),
        }
    }
}

pub fn rows(reply: Result<Reply, Error>) -> Rows {
    match reply {
        Ok(Reply::Rows(rows)) => rows,
        other => panic!("expected rows, got {other:?}"),
    }
}

pub fn texts(rows: &Rows, frame: usize, column: usize) -> Vec<String> {
    let frame = rows.frame(frame);
    match &frame.columns[column].values {
        Values::Text(places) => places.iter().map(|place| frame.text_at(*place).to_owned()).collect(),
        other => panic!("expected text, got {other:?}"),
    }
}

pub fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

pub fn seed(engine: &Engine) {
    engine
        .execute_script(
            r#"INSERT INTO "User" VALUES (1, 'ada@x', '10.5'), (2, 'bob@x', '9'), (3, 'eve@x', NULL);
               INSERT INTO "posts" VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 1), (4, 'four', 1);
               INSERT INTO "Tag" VALUES (1, 'red'), (2, 'blue');
               INSERT INTO "_PostToTag" VALUES (1, 1), (1, 2), (3, 2);"#,
        )
        .expect("the rows are inserted");
}

/// The words that create a tag of the name that is the only value.
pub fn create_tag() -> &'static [u16] {
    words![Code::Create, 2, Code::Set, 1, Code::End, Code::Field, 0, Code::End]
}

/// The number of rows that a condition of SQL finds.
pub fn count(fixture: &Fixture, table: &str) -> i64 {
    let sqlite = rusqlite::Connection::open(fixture.path()).expect("the file is there");
    sqlite.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("a count")
}

/// Rows on which [`slow_count`] takes minutes.
pub const SLOW_ROWS: &str = r#"
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) INSERT INTO "User" SELECT i, 'u' || i, NULL FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) INSERT INTO "posts" SELECT i, 'p' || i, i % 200 + 1 FROM n;
"#;

/// Counts the users all of whose posts are of an author all of whose posts ... have not the title that is its value.
pub fn slow_count() -> Vec<u16> {
    let mut words = vec![Code::Count as u16, 0, Code::Where as u16];
    for _ in 0..5 {
        words.extend([Code::Every as u16, 3, Code::Every as u16, 3]);
    }
    words.extend([Code::Every as u16, 3, Code::NotEquals as u16, 1, Code::End as u16, 1, Code::All as u16]);
    words
}
