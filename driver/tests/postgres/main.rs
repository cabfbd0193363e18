//! Plans on a PostgreSQL server.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

#[path = "../../../query/tests/plans/call.rs"]
mod call;
mod cluster;

use std::time::{Duration, Instant};

use cluster::Cluster;
use futures_executor::block_on;
use purlin_driver::frame::Values;
use purlin_driver::{Engine, Error, Options, Reply, Rows, TransactionOptions};
use purlin_query::value::Value;
use purlin_schema::Schema;
use purlin_schema::source::SourceFile;

const SCHEMA: &str = r#"
datasource db {
  provider = "postgresql"
}

enum Role {
  ADMIN
  MEMBER @map("plain member")
}

model User {
  id        Int     @id @default(autoincrement())
  email     String  @unique
  name      String?
  role      Role    @default(MEMBER)
  managerId Int?
  manager   User?   @relation("Manages", fields: [managerId], references: [id])
  reports   User[]  @relation("Manages")
  posts     Post[]
}

model Post {
  id       Int      @id @default(autoincrement())
  title    String   @db.VarChar(40)
  views    BigInt   @default(0)
  authorId Int
  author   User     @relation(fields: [authorId], references: [id])
  tags     Tag[]
}

model Tag {
  id    String @id @default(uuid()) @db.Uuid
  name  String @unique
  posts Post[]
}

model Sample {
  id       Int       @id
  text     String?
  char     String?   @db.Char(5)
  uuid     String?   @db.Uuid
  inet     String?   @db.Inet
  bits     String?   @db.VarBit(9)
  xml      String?   @db.Xml
  bool     Boolean?
  small    Int?      @db.SmallInt
  int      Int?
  oid      Int?      @db.Oid
  big      BigInt?
  real     Float?    @db.Real
  float    Float?
  decimal  Decimal?  @db.Decimal(40, 15)
  money    Decimal?  @db.Money
  stamp    DateTime?
  stamptz  DateTime? @db.Timestamptz(3)
  date     DateTime? @db.Date
  time     DateTime? @db.Time(3)
  timetz   DateTime? @db.Timetz(3)
  json     Json?     @db.Json
  jsonb    Json?
  bytes    Bytes?
  role     Role?
}
"#;

const ROWS: &str = r#"
INSERT INTO "User" (email, name, role, "managerId") VALUES ('ada@x', 'Ada', 'ADMIN', NULL), ('bob@x', 'Bob', DEFAULT, 1),
  ('eve@x', NULL, DEFAULT, 1);
INSERT INTO "Post" (title, "authorId") VALUES ('one', 1), ('two', 1), ('three', 2);
INSERT INTO "Tag" VALUES ('00000000-0000-4000-8000-000000000001', 'red'), ('00000000-0000-4000-8000-000000000002', 'blue');
INSERT INTO "_PostToTag" VALUES (1, '00000000-0000-4000-8000-000000000001'), (1, '00000000-0000-4000-8000-000000000002'),
  (3, '00000000-0000-4000-8000-000000000002');
"#;

struct Database {
    cluster: &'static Cluster,
    url: String,
    engine: Engine,
}

impl Database {
    fn new() -> Self {
        Self::with("", Options::default())
    }

    /// One with parameters in its URL.
    fn with(parameters: &str, options: Options) -> Self {
        let cluster = Cluster::shared();
        let url = format!("{}{parameters}", cluster.database(&format!("{}{ROWS}", tables())));
        let engine = engine(&url, options);
        Self { cluster, url, engine }
    }

    fn run(&self, call: &str, values: Vec<Value>) -> Result<Reply, Error> {
        let prepared = self.engine.prepare(&call::words(self.engine.catalog(), call))?;
        block_on(self.engine.run(&prepared, values))
    }

    fn rows(&self, call: &str, values: Vec<Value>) -> Rows {
        match self.run(call, values) {
            Ok(Reply::Rows(rows)) => rows,
            other => panic!("{call}: {other:?}"),
        }
    }

    fn affected(&self, call: &str, values: Vec<Value>) -> u64 {
        match self.run(call, values) {
            Ok(Reply::Affected(number)) => number,
            other => panic!("{call}: {other:?}"),
        }
    }

    fn ask(&self, sql: &str) -> String {
        self.cluster.ask(&self.url, sql)
    }
}

/// The statements that create the tables of the schema.
fn tables() -> String {
    purlin_migrate::postgres::create_script(&purlin_migrate::postgres::lower(&schema()))
}

fn schema() -> Schema {
    let files = [SourceFile { path: "schema.prisma".into(), text: SCHEMA.to_owned() }];
    let (schema, diagnostics) = purlin_schema::parse(&files);
    assert!(diagnostics.is_empty(), "{}", purlin_schema::report::text(&files, &diagnostics, false));
    schema
}

fn engine(url: &str, options: Options) -> Engine {
    Engine::open(purlin_codegen::lower::lower(&schema()), url, options).expect("a URL of a server")
}

/// The values of a field of a frame, as text.
fn column(rows: &Rows, frame: usize, name: &str) -> Vec<String> {
    let prepared = rows.prepared();
    let place = prepared.plan.steps[frame].columns.iter().position(|column| {
        column.source.is_some_and(|(model, field)| prepared.catalog().field_name(model, field) == name)
    });
    let frame = rows.frame(frame);
    let column = &frame.columns[place.expect("the frame has the field")];
    let show = |row: usize| {
        if column.is_null(row) {
            return "null".to_owned();
        }
        match &column.values {
            Values::I32(values) => values[row].to_string(),
            Values::I64(values) => values[row].to_string(),
            Values::F64(values) => values[row].to_string(),
            Values::Bool(values) => values[row].to_string(),
            Values::Text(places) => frame.text_at(places[row]).to_owned(),
            Values::Bytes(places) => format!("{:?}", frame.bytes_at(places[row])),
        }
    };
    (0..frame.rows).map(show).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

#[test]
fn a_nested_read_is_one_statement_per_level() {
    let database = Database::new();
    let rows = database.rows(
        "user.findMany({ where: { id: { in: $ } }, orderBy: { id: asc },
         select: { email: true, role: true, posts: { orderBy: { id: asc }, select: { title: true, tags: { orderBy: { name: asc }, select: { name: true } } } } } })",
        vec![Value::List(vec![Value::Int(1), Value::Int(2), Value::Int(9)])],
    );
    assert_eq!(column(&rows, 0, "email"), ["ada@x", "bob@x"]);
    assert_eq!(column(&rows, 1, "title"), ["one", "two", "three"]);
    assert_eq!(column(&rows, 2, "name"), ["blue", "red", "blue"]);
}

#[test]
fn conditions_find_rows_by_values_of_each_kind() {
    let database = Database::new();
    for (condition, value, emails) in [
        ("{ email: $ }", text("bob@x"), vec!["bob@x"]),
        ("{ email: { in: $ } }", Value::List(vec![text("eve@x"), text("ada@x")]), vec!["ada@x", "eve@x"]),
        ("{ email: { contains: $ } }", text("_"), vec![]),
        ("{ email: { startsWith: $ } }", text("b"), vec!["bob@x"]),
        ("{ role: $ }", Value::Enum(0), vec!["ada@x"]),
        ("{ role: { in: $ } }", Value::List(vec![Value::Enum(1)]), vec!["bob@x", "eve@x"]),
        ("{ id: { gt: $ } }", Value::Int(1), vec!["bob@x", "eve@x"]),
        ("{ manager: { is: { name: $ } } }", text("Ada"), vec!["bob@x", "eve@x"]),
        ("{ posts: { some: { tags: { some: { name: $ } } } } }", text("blue"), vec!["ada@x", "bob@x"]),
        ("{ posts: { none: { views: { gte: $ } } } }", Value::Int(0), vec!["eve@x"]),
    ] {
        let call =
            format!("user.findMany({{ where: {condition}, orderBy: {{ id: asc }}, select: {{ email: true }} }})");
        assert_eq!(column(&database.rows(&call, vec![value]), 0, "email"), emails, "{condition}");
    }
}

/// A column, its value as it is shown, and as it is given.
type Sample = (&'static str, &'static str, fn() -> Value);

#[test]
fn a_value_of_each_type_comes_back_as_it_left() {
    let database = Database::new();
    const COLUMNS: [Sample; 24] = [
        ("text", "zwölf \u{1F600}", || text("zwölf \u{1F600}")),
        ("char", "ab   ", || text("ab")),
        ("uuid", "0f0e0d0c-0b0a-4908-8706-050403020100", || text("0F0E0D0C-0B0A-4908-8706-050403020100")),
        ("inet", "10.1.0.0/16", || text("10.1.0.0/16")),
        ("bits", "101100001", || text("101100001")),
        ("xml", "<a>1</a>", || text("<a>1</a>")),
        ("bool", "true", || Value::Boolean(true)),
        ("small", "-32768", || Value::Int(-32_768)),
        ("int", "2147483647", || Value::Int(2_147_483_647)),
        ("oid", "26", || Value::Int(26)),
        ("big", "-9223372036854775808", || Value::Int(i64::MIN)),
        ("real", "0.1", || Value::Float(0.1)),
        ("float", "0.30000000000000004", || Value::Float(0.1 + 0.2)),
        ("decimal", "-1234567890123456789012345.000000000000001", || {
            Value::Decimal("-1234567890123456789012345.000000000000001".into())
        }),
        ("money", "-12.5", || Value::Decimal("-12.5".into())),
        ("stamp", "-62135596800000000", || Value::DateTime(-62_135_596_800_000_000)),
        ("stamptz", "1709210096789000", || Value::DateTime(1_709_210_096_789_000)),
        ("date", "1709164800000000", || Value::DateTime(1_709_164_800_000_000)),
        ("time", "45296789000", || Value::DateTime(45_296_789_000)),
        ("timetz", "45296789000", || Value::DateTime(45_296_789_000)),
        ("json", "{\"b\":1,  \"a\":[null]}", || Value::Json("{\"b\":1,  \"a\":[null]}".into())),
        ("jsonb", "{\"a\": [null], \"b\": 1}", || Value::Json("{\"b\":1,  \"a\":[null]}".into())),
        ("bytes", "[0, 255, 7]", || Value::Bytes(vec![0, 255, 7])),
        ("role", "1", || Value::Enum(1)),
    ];
    let names: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
    let select = format!("select: {{ {}: true }}", names.join(": true, "));
    let data = format!("data: {{ id: $, {}: $ }}", names.join(": $, "));
    let values = |id| [Value::Int(id)].into_iter().chain(COLUMNS.iter().map(|(_, _, value)| value())).collect();
    let expected: Vec<&str> = COLUMNS.iter().map(|(_, shown, _)| *shown).collect();
    let created = database.rows(&format!("sample.create({{ {data}, {select} }})"), values(1));
    let shown: Vec<String> = names.iter().map(|name| column(&created, 0, name).remove(0)).collect();
    assert_eq!(shown, expected);
    for (name, _, value) in COLUMNS.into_iter().filter(|(name, ..)| !matches!(*name, "json" | "xml" | "real")) {
        let found = database
            .rows(&format!("sample.findMany({{ where: {{ {name}: $ }}, select: {{ {name}: true }} }})"), vec![value()]);
        assert_eq!(found.len(), 1, "{name}");
        if name != "jsonb" && name != "bool" {
            let call = format!("sample.findMany({{ where: {{ {name}: {{ in: $ }} }}, select: {{ id: true }} }})");
            assert_eq!(database.rows(&call, vec![Value::List(vec![value()])]).len(), 1, "a list of {name}");
        }
    }
    // All of them null.
    let nulls = database.rows(&format!("sample.create({{ data: {{ id: $ }}, {select} }})"), vec![Value::Int(2)]);
    assert!(names.iter().all(|name| column(&nulls, 0, name) == ["null"]));
}

#[test]
fn a_write_with_all_that_hangs_on_it_stands_or_falls_as_one() {
    let database = Database::new();
    let call = "user.create({ data: { email: $, posts: { create: [{ title: $, tags: { create: { name: $ } } }] } },
                select: { id: true, posts: { select: { title: true } } } })";
    let rows = database.rows(call, vec![text("zoe@x"), text("new"), text("green")]);
    assert_eq!(rows.len(), 1);
    let written = r#"SELECT "authorId", title, name FROM "Post" p JOIN "_PostToTag" ON "A" = p.id JOIN "Tag" t ON t.id = "B"
                     WHERE title = 'new'"#;
    assert_eq!(database.ask(written), "4|new|green");
    let error = database.run(call, vec![text("yan@x"), text("other"), text("green")]).expect_err("the tag is there");
    assert_eq!(error.code(), Some("P2002"), "{error}");
    assert_eq!(database.ask(r#"SELECT count(*) FROM "User" WHERE email = 'yan@x'"#), "0");
    assert_eq!(database.ask("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"), "0");
}

#[test]
fn the_errors_of_constraints_name_the_fields() {
    let database = Database::new();
    let error = database
        .run("user.create({ data: { email: $ }, select: { id: true } })", vec![text("ada@x")])
        .expect_err("the address is taken");
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        (Some("P2002"), "another User has the same email: the key is unique")
    );
    let error = database
        .run("post.create({ data: { title: $, authorId: $ }, select: { id: true } })", vec![text("x"), Value::Int(99)])
        .expect_err("there is no such author");
    assert_eq!(error.code(), Some("P2003"), "{error}");
    let error = database
        .run("user.delete({ where: { id: $ }, select: { id: true } })", vec![Value::Int(1)])
        .expect_err("posts refer to it");
    assert_eq!(error.code(), Some("P2003"), "{error}");
    let error = database
        .run(
            "post.update({ where: { id: $ }, data: { title: $ }, select: { id: true } })",
            vec![Value::Int(1), text(&"x".repeat(41))],
        )
        .expect_err("it is too long");
    assert_eq!(error.code(), Some("P2020"), "{error}");
    let error = database.run(
        "user.update({ where: { id: $ }, data: { name: $ }, select: { id: true } })",
        vec![Value::Int(99), text("x")],
    );
    assert_eq!(error.expect_err("no such user").code(), Some("P2025"));
    // None of them left a connection that is not clean.
    assert_eq!(
        database
            .affected("post.updateMany({ where: { id: $ }, data: { title: $ } })", vec![Value::Int(1), text("uno")]),
        1
    );
}

#[test]
fn a_transaction_is_committed_or_rolled_back_whole() {
    let database = Database::new();
    let update = |name: &str| {
        let call = "user.updateMany({ where: { id: $ }, data: { name: $ } })";
        (
            database.engine.prepare(&call::words(database.engine.catalog(), call)).expect("a plan"),
            vec![Value::Int(1), text(name)],
        )
    };
    let name = || database.ask(r#"SELECT name FROM "User" WHERE id = 1"#);
    let begin = || block_on(database.engine.begin(TransactionOptions::default())).expect("a transaction");

    let transaction = begin();
    let (prepared, values) = update("in it");
    block_on(transaction.run(&prepared, values)).expect("it is written");
    assert_eq!(name(), "Ada");
    block_on(transaction.commit()).expect("it is committed");
    assert_eq!(name(), "in it");

    let transaction = begin();
    let (prepared, values) = update("lost");
    block_on(transaction.run(&prepared, values)).expect("it is written");
    drop(transaction);
    assert_eq!(name(), "in it");

    // A write that fails leaves what was written before it.
    let transaction = begin();
    let (prepared, values) = update("kept");
    block_on(transaction.run(&prepared, values)).expect("it is written");
    let taken = "user.create({ data: { email: $ }, select: { id: true } })";
    let taken = database.engine.prepare(&call::words(database.engine.catalog(), taken)).expect("a plan");
    block_on(transaction.run(&taken, vec![text("ada@x")])).expect_err("the address is taken");
    block_on(transaction.commit()).expect("it is committed");
    assert_eq!(name(), "kept");
}

#[test]
fn a_query_that_takes_too_long_is_stopped_at_the_server() {
    let options = Options { statement_timeout: Duration::from_millis(200), ..Options::default() };
    let database = Database::with("?connection_limit=1", options);
    let lock = std::thread::spawn({
        let (cluster, url) = (database.cluster, database.url.clone());
        move || cluster.ask(&url, r#"BEGIN; UPDATE "User" SET name = 'x' WHERE id = 1; SELECT pg_sleep(2); ROLLBACK"#)
    });
    let locks = r#"SELECT count(*) FROM pg_locks WHERE mode = 'RowExclusiveLock' AND relation = '"User"'::regclass
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"#;
    while database.ask(locks) == "0" {
        std::thread::sleep(Duration::from_millis(10));
    }
    let error = database
        .run("user.updateMany({ where: { id: $ }, data: { name: $ } })", vec![Value::Int(1), text("late")])
        .expect_err("the row is locked");
    assert!(error.is_timeout(), "{error}");
    let rows = database.rows("user.findMany({ select: { email: true } })", vec![]);
    assert_eq!(rows.len(), 3);
    lock.join().expect("the lock is let go");
    assert_eq!(database.ask(r#"SELECT name FROM "User" WHERE id = 1"#), "Ada");
}

#[test]
fn what_has_done_nothing_survives_the_end_of_its_connection() {
    let database = Database::with("?connection_limit=1", Options::default());
    let count = || database.run("user.findMany({ select: { email: true } })", vec![]);
    count().expect("it is there");
    database.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    count().expect("a read is tried again on a new connection");
    // What begins a transaction has done nothing yet.
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.ask(end);
    let create = "user.create({ data: { email: $, posts: { create: [{ title: $ }] } }, select: { id: true } })";
    assert_eq!(database.rows(create, vec![text("zoe@x"), text("new")]).len(), 1);
    database.ask(end);
    let transaction =
        block_on(database.engine.begin(TransactionOptions::default())).expect("it begins on a new connection");
    block_on(transaction.rollback()).expect("it is rolled back");
}

#[test]
fn what_cannot_be_reached_is_named_without_the_password() {
    let cluster = Cluster::shared();
    let url = cluster.database("SELECT 1");
    let missing = url.replace("/test_", "/missing_");
    let nowhere = url.replace(&format!(":{}/", cluster.port), ":1/").replace("postgres@", "postgres:hunter2@");
    let bad_user = url.replace("postgres@", "nobody:hunter2@");
    for (url, named) in [(missing, "does not exist"), (nowhere, "127.0.0.1:1"), (bad_user, "user or the password")] {
        let engine = engine(&url, Options::default());
        let call = call::words(engine.catalog(), "user.findMany({ select: { email: true } })");
        let prepared = engine.prepare(&call).expect("a plan");
        let error = block_on(engine.run(&prepared, vec![])).expect_err(&url).to_string();
        assert!(error.contains(named) && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn a_socket_and_a_close() {
    let database = Database::new();
    let name = database.url.rsplit('/').next().expect("a name");
    let url = format!("postgresql://postgres@localhost/{name}?host={}", database.cluster.socket().display());
    // The socket's name ends with the port.
    let engine = engine(&url.replace("localhost", &format!("localhost:{}", database.cluster.port)), Options::default());
    let prepared =
        engine.prepare(&call::words(engine.catalog(), "user.findMany({ select: { email: true } })")).expect("a plan");
    block_on(engine.run(&prepared, vec![])).expect("rows");
    block_on(engine.close()).expect("it closes");
    let sessions =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    // The server ends their processes when it has read of it.
    let until = Instant::now() + Duration::from_secs(5);
    while database.ask(sessions) != "0" {
        assert!(Instant::now() < until, "connections are open after the close");
        std::thread::sleep(Duration::from_millis(20));
    }
    block_on(engine.run(&prepared, vec![])).expect("it opens again");
}

#[test]
fn a_server_takes_the_script_of_each_kind_of_object() {
    let text = include_str!("../../../migrate/tests/postgres/shop.prisma").to_owned();
    let (shop, _) = purlin_schema::parse(&[SourceFile { path: "shop.prisma".into(), text }]);
    let cluster = Cluster::shared();
    let script = purlin_migrate::postgres::create_script(&purlin_migrate::postgres::lower(&shop));
    let url = cluster.database(&script);
    let row = cluster.ask(
        &url,
        "INSERT INTO \"customers \"\"all\"\"\" (email, name) VALUES ('ada@x', 'Ada') RETURNING born AT TIME ZONE 'UTC', nicks, token, settings",
    );
    assert_eq!(row, "1999-12-31 23:30:00|{a,it's}|\\x00ff|{\"a\": \"it's\"}");
}
