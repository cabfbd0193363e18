//! A database with one model that has a column of each type, and models that lead to each other.

use std::sync::Arc;
use std::time::Duration;

use purlin_driver::frame::Values;
use purlin_driver::{Engine, Error, Limits, Meta, Options, Reply, Rows, SqliteOptions};
use purlin_query::catalog::{Arity, Catalog, Column, Default, Enum, EnumValue, Field, Key, Model, Relation, Type};
use purlin_query::shape::Code;
use purlin_query::value::Value;

pub(crate) const THING: u16 = 0;
pub(crate) const USER: u16 = 1;
pub(crate) const POST: u16 = 2;
pub(crate) const ROOM: u16 = 3;
pub(crate) const COUNTER: u16 = 5;
pub(crate) const COMPUTED: u16 = 6;
pub(crate) const ID: u16 = 0;

const THINGS: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("text", Column::new("text", Type::String).nullable()),
    Field::column("flag", Column::new("flag", Type::Boolean).nullable()),
    Field::column("small", Column::new("small", Type::Int).nullable()),
    Field::column("big", Column::new("big", Type::BigInt).nullable()),
    Field::column("real", Column::new("real", Type::Float).nullable()),
    Field::column("price", Column::new("price", Type::Decimal).nullable()),
    Field::column("at", Column::new("at", Type::DateTime).nullable()),
    Field::column("document", Column::new("document", Type::Json).nullable()),
    Field::column("raw", Column::new("raw", Type::Bytes).nullable()),
    Field::column("kind", Column::new("kind", Type::Enum(0)).nullable()),
];
pub(crate) const TEXT: u16 = 1;
pub(crate) const FLAG: u16 = 2;
pub(crate) const SMALL: u16 = 3;
pub(crate) const BIG: u16 = 4;
pub(crate) const REAL: u16 = 5;
pub(crate) const PRICE: u16 = 6;
pub(crate) const AT: u16 = 7;
pub(crate) const DOCUMENT: u16 = 8;
pub(crate) const RAW: u16 = 9;
pub(crate) const KIND: u16 = 10;

const USERS: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("name", Column::new("name", Type::String)),
    Field::column("bossId", Column::new("boss_id", Type::Int).nullable()),
    Field::relation("posts", Relation::referenced(POST, 3, Arity::Many, &[0], &[2])),
    Field::relation("boss", Relation::foreign(USER, 5, Arity::Optional, &[2], &[0])),
    Field::relation("staff", Relation::referenced(USER, 4, Arity::Many, &[0], &[2])),
    Field::column("profile", Column::new("profile", Type::Json).nullable()),
];
pub(crate) const NAME: u16 = 1;
pub(crate) const POSTS: u16 = 3;
pub(crate) const BOSS: u16 = 4;
pub(crate) const STAFF: u16 = 5;
pub(crate) const PROFILE: u16 = 6;
const POST_FIELDS: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("title", Column::new("title", Type::String)),
    Field::column("authorId", Column::new("author_id", Type::Int)),
    Field::relation("author", Relation::foreign(USER, 3, Arity::One, &[2], &[0])),
];
pub(crate) const AUTHOR: u16 = 3;

const ROOMS: &[Field] = &[
    Field::column("building", Column::new("building", Type::String)),
    Field::column("number", Column::new("number", Type::BigInt)),
    Field::column("floor", Column::new("floor", Type::Float)),
    Field::relation("seats", Relation::referenced(4, 4, Arity::Many, &[0, 1, 2], &[1, 2, 3])),
];
pub(crate) const SEATS: u16 = 3;
const SEAT_FIELDS: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("building", Column::new("building", Type::String)),
    Field::column("number", Column::new("number", Type::BigInt)),
    Field::column("floor", Column::new("floor", Type::Float)),
    Field::relation("room", Relation::foreign(ROOM, 3, Arity::One, &[1, 2, 3], &[0, 1, 2])),
];

const COUNTERS: &[Field] = &[
    Field::column("id", Column::new("id", Type::BigInt).default(Default::Autoincrement)),
    Field::column("name", Column::new("name", Type::String)),
];
const COMPUTEDS: &[Field] = &[
    Field::column("name", Column::new("name", Type::String)),
    Field::column("literal", Column::new("literal", Type::Int).default(Default::Database)),
    Field::column("computed", Column::new("computed", Type::Int).default(Default::Database)),
    Field::column("twice", Column::new("twice", Type::Int).generated()),
];

const MODELS: &[Model] = &[
    Model::new("Thing", "Thing", THINGS, const { &[Key::new("id", &[0])] }),
    Model::new("User", "User", USERS, const { &[Key::new("id", &[0])] }),
    Model::new("Post", "Post", POST_FIELDS, const { &[Key::new("id", &[0])] }),
    Model::new("Room", "Room", ROOMS, const { &[Key::new("place", &[0, 1, 2])] }),
    Model::new("Seat", "Seat", SEAT_FIELDS, const { &[Key::new("id", &[0])] }),
    Model::new("Counter", "Counter", COUNTERS, const { &[Key::new("id", &[0])] }),
    Model::new("Computed", "Computed", COMPUTEDS, const { &[Key::new("name", &[0])] }),
];
const ENUMS: &[Enum] = &[Enum::new(
    "Kind",
    "Kind",
    const { &[EnumValue::new("RED", "red"), EnumValue::new("BLUE", "blue"), EnumValue::new("GREEN", "green")] },
)];

const TABLES: &str = r#"
CREATE TABLE "Thing" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "text" TEXT, "flag" BOOLEAN, "small" INTEGER,
  "big" BIGINT, "real" REAL, "price" TEXT, "at" DATETIME, "document" TEXT, "raw" BLOB, "kind" TEXT);
CREATE TABLE "User" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL,
  "boss_id" INTEGER REFERENCES "User" ("id"), "profile" TEXT);
CREATE TABLE "Post" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "title" TEXT NOT NULL,
  "author_id" INTEGER NOT NULL REFERENCES "User" ("id"));
CREATE INDEX "Post_author" ON "Post" ("author_id");
CREATE TABLE "Room" ("building" TEXT NOT NULL, "number" BIGINT NOT NULL, "floor" REAL NOT NULL,
  PRIMARY KEY ("building", "number", "floor"));
CREATE TABLE "Seat" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "building" TEXT NOT NULL,
  "number" BIGINT NOT NULL, "floor" REAL NOT NULL);
CREATE TABLE "Counter" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL);
CREATE TABLE "Computed" ("name" TEXT NOT NULL PRIMARY KEY, "literal" INTEGER NOT NULL DEFAULT 7,
  "computed" INTEGER NOT NULL DEFAULT (1 + 1), "twice" INTEGER AS ("literal" * 2));
"#;

/// A new database file with the tables, gone with the value.
pub(crate) struct Fixture {
    pub(crate) engine: Engine,
    _folder: tempfile::TempDir,
}

pub(crate) fn fixture() -> Fixture {
    limited(Limits::default())
}

pub(crate) fn limited(limits: Limits) -> Fixture {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("file:{}", folder.path().join("test.db").display());
    // The largest conditions take SQLite seconds, and more on a busy machine; none of these tests is about that bound.
    let statement_timeout = Duration::from_secs(60);
    let options = Options {
        limits,
        statement_timeout,
        sqlite: SqliteOptions { create: true, ..SqliteOptions::default() },
        ..Options::default()
    };
    let engine = Engine::open(Catalog::new(MODELS, ENUMS), &url, options).expect("a URL of a file");
    engine.execute_script(TABLES).expect("the tables are created");
    Fixture { engine, _folder: folder }
}

/// Runs a query on a thread of the pool.
pub(crate) fn run(engine: &Engine, words: &[u16], values: Vec<Value>) -> Result<Reply, Error> {
    let prepared = engine.prepare(words)?;
    block_on(engine.run(&prepared, values))
}

/// Waits on this thread; the futures of the driver need no runtime.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
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

pub(crate) fn rows(reply: Result<Reply, Error>) -> Rows {
    match reply {
        Ok(Reply::Rows(rows)) => rows,
        other => panic!("expected rows, got {other:?}"),
    }
}

/// The numbers of a column.
pub(crate) fn integers(rows: &Rows, frame: usize, column: usize) -> Vec<i64> {
    match &rows.frame(frame).columns[column].values {
        Values::I32(values) => values.iter().copied().map(i64::from).collect(),
        Values::I64(values) => values.clone(),
        other => panic!("expected integers, got {other:?}"),
    }
}

/// The ids of the rows that a condition finds, ascending.
pub(crate) fn ids(engine: &Engine, model: u16, filter: &[u16], values: Vec<Value>) -> Vec<i64> {
    integers(&rows(run(engine, &find_ids(model, filter), values)), 0, 0)
}

/// A `findMany` of the ids that a condition finds.
pub(crate) fn find_ids(model: u16, filter: &[u16]) -> Vec<u16> {
    let mut words = words![Code::FindMany, model, Code::Where].to_vec();
    words.extend(filter);
    words.extend(words![Code::OrderBy, Code::Ascending, 0, Code::Field, ID, Code::End, Code::Field, ID, Code::End]);
    words
}

pub(crate) fn count(engine: &Engine, model: u16) -> i64 {
    match run(engine, &words![Code::Count, model, Code::End, 1, Code::All], Vec::new()) {
        Ok(Reply::Counts(counts)) => counts[0],
        other => panic!("expected a count, got {other:?}"),
    }
}

pub(crate) fn error(result: Result<Reply, Error>) -> Error {
    result.expect_err("the query is refused")
}

/// The limit that an error names, as the code, the name and what is allowed.
pub(crate) fn limit(result: Result<Reply, Error>) -> (String, String) {
    let error = error(result);
    assert_eq!(error.code(), Some("P2029"), "{error}");
    assert!(error.is_limit());
    let fact = |name: &str| match error.meta().iter().find(|(known, _)| *known == name) {
        Some((_, Meta::Text(text))) => text.clone(),
        other => panic!("expected the fact `{name}`, got {other:?}"),
    };
    (fact("limit"), fact("allowed"))
}

pub(crate) fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// Random numbers that are the same in each run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}
