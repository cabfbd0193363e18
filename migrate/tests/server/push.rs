//! What a push changes, what it refuses, and what it leaves alone.

use purlin_migrate::connection::Connection;
use purlin_migrate::push::{self, DataLoss};
use purlin_schema::model::Provider;

use crate::support::{Database, schema};

const USER: &str = "model User { id Int @id @default(autoincrement())\n name String? }";

/// Each scalar, each native type, and each kind of default.
const TYPES: &str = r#"
enum Color {
  RED
  GREEN @map("dark green")
}
model Sample {
  id        Int       @id @default(autoincrement())
  small     Int       @default(-5) @db.SmallInt
  oid       Int?      @db.Oid
  big       BigInt    @default(9007199254740993)
  real      Float     @default(1.5) @db.Real
  double    Float     @default(-0.25)
  decimal   Decimal   @default(1.50)
  money     Decimal   @default(12.5) @db.Money
  numeric   Decimal   @default(3) @db.Decimal(10, 2)
  bool      Boolean   @default(true)
  text      String    @default("it's \"quoted\" \\ back")
  varchar   String    @default("x") @db.VarChar(20)
  varchars  String    @db.VarChar
  char      String    @default("ab") @db.Char(4)
  uuid      String    @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  uuid2     String    @default("6f1a4ed8-5f0e-4a39-8a0f-2f6a7c1f0001") @db.Uuid
  inet      String    @default("10.0.0.1") @db.Inet
  bit       String    @default("101") @db.Bit(3)
  varbit    String    @db.VarBit
  xml       String?   @db.Xml
  json      Json      @default("{\"a\": [1, 2]}")
  plain     Json?     @default("[]") @db.Json
  bytes     Bytes     @default("aGk=")
  at        DateTime  @default(now())
  exact     DateTime  @default("2020-01-02T03:04:05.678Z") @db.Timestamp(6)
  zoned     DateTime  @default(now()) @db.Timestamptz(0)
  day       DateTime  @default("2020-01-02T00:00:00Z") @db.Date
  time      DateTime  @db.Time(3)
  timetz    DateTime  @db.Timetz
  color     Color     @default(GREEN)
  maybe     Color?
  colors    Color[]   @default([RED, GREEN])
  none      Color[]
  numbers   Int[]     @default([1, -2])
  empty     Int[]     @default([])
  texts     String[]  @default(["a", "it's"])
  names     String[]  @db.VarChar(5)
  computed  Int       @default(dbgenerated("(1 + 2)"))
  point     Unsupported("point")?
  updated   DateTime  @updatedAt
  @@index([text(ops: raw("text_pattern_ops"))])
  @@index([json], type: Gin)
  @@index([numbers], type: Gin)
  @@index([at(sort: Desc), big])
  @@index([uuid], type: Hash)
  @@unique([varchar, big])
}
"#;

#[test]
fn every_type_and_default_is_found_again() {
    let mut database = Database::new();
    database.push(TYPES);
    // Another program's spelling of the same is the same.
    database
        .sql("ALTER TABLE \"Sample\" ALTER COLUMN at SET DEFAULT now(), ALTER COLUMN small SET DEFAULT '-5'::integer");
    database.assert_pushed(TYPES);
}

#[test]
fn a_column_comes_and_goes() {
    let mut database = Database::new();
    database.push(USER);
    database.sql("INSERT INTO \"User\" (name) VALUES ('Ada')");
    database.push("model User { id Int @id @default(autoincrement())\n name String?\n age Int @default(7)\n at DateTime @default(now()) }");
    assert_eq!(database.ask("SELECT name, age, at IS NULL FROM \"User\""), "Ada|7|f");
    let message = database.refused(USER.replace("\n name String?", "\n nick String?").as_str());
    assert!(
        message.contains("dropping the column \"User\".\"name\" loses 1 value (if it shall only be called \"nick\""),
        "{message}"
    );
    assert!(message.contains("dropping the column \"User\".\"age\" loses 1 value"), "{message}");
    database.push_with(USER, DataLoss::Accepted);
    assert_eq!(database.ask("SELECT * FROM \"User\""), "1|Ada");
}

#[test]
fn a_required_column_without_a_default_needs_an_empty_table() {
    let mut database = Database::new();
    database.push(USER);
    let wanted = "model User { id Int @id @default(autoincrement())\n name String?\n age Int }";
    database.sql("INSERT INTO \"User\" (name) VALUES ('Ada')");
    let message = database.refused(wanted);
    assert!(
        message.contains("the new column \"User\".\"age\" is required and has no default in the database"),
        "{message}"
    );
    database.sql("DELETE FROM \"User\"");
    database.push(wanted);
}

#[test]
fn a_column_becomes_required_with_its_default_for_nulls() {
    let mut database = Database::new();
    database.push(USER);
    database.sql("INSERT INTO \"User\" (name) VALUES ('Ada'), (NULL)");
    let message = database.refused("model User { id Int @id @default(autoincrement())\n name String }");
    assert!(message.contains("becomes required and has 1 null"), "{message}");
    database.push("model User { id Int @id @default(autoincrement())\n name String @default(\"nobody\") }");
    assert_eq!(database.ask("SELECT name FROM \"User\" ORDER BY id"), "Ada\nnobody");
    database.push(USER);
}

#[test]
fn types_change_where_each_value_survives() {
    let mut database = Database::new();
    let model = |ty: &str| format!("model T {{ id Int @id\n value {ty} }}");
    database.push(&model("String @default(\"7\")"));
    database.sql("INSERT INTO \"T\" VALUES (1, '42'), (2, '-7')");
    database.push(&model("Int @default(8)"));
    database.push(&model("BigInt @default(9)"));
    database.push(&model("Decimal"));
    database.push(&model("Float"));
    database.push(&model("Int @db.SmallInt"));
    database.push(&model("String @db.VarChar(3)"));
    assert_eq!(database.ask("SELECT value FROM \"T\" ORDER BY id"), "42\n-7");
    database.push(&model("String[]"));
    assert_eq!(database.ask("SELECT value FROM \"T\" ORDER BY id"), "{42}\n{-7}");
}

#[test]
fn values_that_do_not_survive_a_change_of_type_are_counted() {
    let mut database = Database::new();
    let model = |ty: &str| format!("model T {{ id Int @id\n value {ty} }}");
    database.push(&model("String"));
    database.sql("INSERT INTO \"T\" VALUES (1, 'forty two'), (2, '7')");
    let message = database.refused(&model("Int"));
    assert!(message.contains("the 2 values of \"T\".\"value\" cannot all become INTEGER"), "{message}");
    assert!(!message.contains("forty"), "no value stands in a message: {message}");
    let message = database.refused(&model("String @db.VarChar(3)"));
    assert!(
        message.contains("1 value of \"T\".\"value\" would not survive the change from text to VARCHAR(3)"),
        "{message}"
    );
    database.push_with(&model("String @db.VarChar(3)"), DataLoss::Accepted);
    assert_eq!(database.ask("SELECT value FROM \"T\" ORDER BY id"), "for\n7");
}

#[test]
fn keys_and_indexes_change() {
    let mut database = Database::new();
    let model = |fields: &str| format!("model T {{ a Int\n b Int\n c String\n {fields} }}");
    database.push(&model("@@id([a])\n @@index([b])"));
    database.sql("INSERT INTO \"T\" VALUES (1, 1, 'x'), (2, 1, 'x')");
    let message = database.refused(&model("@@id([a])\n @@unique([b, c])"));
    assert!(
        message.contains("the unique index on \"T\"(b, c) is impossible: 1 value is there more than once"),
        "{message}"
    );
    database.push(&model("@@id([a, b])\n @@unique([a, c])"));
    assert_eq!(database.ask("SELECT count(*) FROM pg_indexes WHERE tablename = 'T'"), "2");
    // The same index under another name is renamed, and not made anew.
    let plan = database.push(&model("@@id([a, b])\n @@unique([a, c], map: \"own name\")"));
    assert!(plan.script.contains("ALTER INDEX \"T_a_c_key\" RENAME TO \"own name\""), "{}", plan.script);
    let message = database.refused(&model("@@id([b])"));
    assert!(message.contains("the primary key on \"T\"(b) is impossible"), "{message}");
}

#[test]
fn a_unique_constraint_serves_as_a_unique_index() {
    let mut database = Database::of("CREATE TABLE \"T\" (id int PRIMARY KEY, email text NOT NULL UNIQUE)");
    database.assert_pushed("model T { id Int @id\n email String @unique }");
    database.push("model T { id Int @id\n email String }");
    assert_eq!(
        database.ask("SELECT count(*) FROM pg_constraint WHERE contype = 'u' AND conrelid = '\"T\"'::regclass"),
        "0"
    );
}

#[test]
fn foreign_keys_come_go_and_survive_a_change_of_their_types() {
    let mut database = Database::new();
    let models = |key: &str, relation: &str| {
        format!(
            "model User {{ id {key} @id\n posts Post[] }}\nmodel Post {{ id Int @id\n authorId {key}\n author User @relation(fields: [authorId], references: [id]{relation}) }}"
        )
    };
    database.push(&models("Int", ""));
    database.sql("INSERT INTO \"User\" VALUES (1); INSERT INTO \"Post\" VALUES (1, 1)");
    database.push(&models("BigInt", ""));
    database.push(&models("String", ", onDelete: Cascade"));
    assert_eq!(
        database.ask("SELECT conrelid::regclass, confdeltype FROM pg_constraint WHERE contype = 'f'"),
        "\"Post\"|c"
    );
    database.push("model User { id String @id }\nmodel Post { id Int @id\n authorId String }");
    database.sql("UPDATE \"Post\" SET \"authorId\" = 'gone'");
    let message = database.refused(&models("String", ""));
    assert!(
        message.contains("the foreign key \"Post\"(authorId) is impossible: 1 row refers to a row of \"User\""),
        "{message}"
    );
}

#[test]
fn an_enum_gains_values_in_their_order() {
    let mut database = Database::new();
    let models = |values: &str, default: &str| {
        format!("enum Role {{ {values} }}\nmodel User {{ id Int @id\n role Role {default}\n roles Role[] }}")
    };
    database.push(&models("ADMIN\n USER", ""));
    database.sql("INSERT INTO \"User\" VALUES (1, 'USER', '{ADMIN}')");
    let plan = database.push(&models("OWNER\n ADMIN\n GUEST\n USER", ""));
    assert!(plan.script.contains("ALTER TYPE \"Role\" ADD VALUE 'OWNER' BEFORE 'ADMIN'"), "{}", plan.script);
    assert!(plan.script.contains("ALTER TYPE \"Role\" ADD VALUE 'GUEST' BEFORE 'USER'"), "{}", plan.script);
    // A value that is a default at once needs the type anew: a value cannot be used in the transaction that adds it.
    database.push(&models("OWNER\n ADMIN\n GUEST\n USER\n BOT", "@default(BOT)"));
    assert_eq!(database.ask("SELECT role, roles FROM \"User\""), "USER|{ADMIN}");
}

#[test]
fn an_enum_loses_values_that_no_row_has() {
    let mut database = Database::new();
    let models = |values: &str| {
        format!(
            "enum Role {{ {values} }}\nmodel User {{ id Int @id\n role Role @default(USER)\n roles Role[] @default([USER])\n @@index([role]) }}"
        )
    };
    database.push(&models("ADMIN\n USER\n GUEST"));
    database.sql("INSERT INTO \"User\" VALUES (1, 'ADMIN', '{GUEST}')");
    let message = database.refused(&models("USER"));
    assert!(message.contains("1 value of \"User\".\"role\" is not in the enum \"Role\" any more"), "{message}");
    assert!(message.contains("1 value of \"User\".\"roles\" is not in the enum"), "{message}");
    database.sql("UPDATE \"User\" SET role = 'USER', roles = '{USER}'");
    database.push(&models("USER"));
    assert_eq!(database.ask("SELECT enum_range(NULL::\"Role\")"), "{USER}");
    database.sql("INSERT INTO \"User\" VALUES (2)");
    assert_eq!(database.ask("SELECT role, roles FROM \"User\" WHERE id = 2"), "USER|{USER}");
}

#[test]
fn rows_are_numbered_or_not() {
    let mut database = Database::new();
    database.push("model T { id Int @id\n name String }");
    database.sql("INSERT INTO \"T\" VALUES (41, 'a')");
    database.push("model T { id Int @id @default(autoincrement())\n name String }");
    database.sql("INSERT INTO \"T\" (name) VALUES ('b')");
    assert_eq!(database.ask("SELECT max(id) FROM \"T\""), "42");
    database.push("model T { id BigInt @id @default(autoincrement())\n name String }");
    assert_eq!(database.ask("SELECT seqtypid::regtype FROM pg_sequence"), "bigint");
    database.push("model T { id BigInt @id\n name String }");
    assert_eq!(database.ask("SELECT count(*) FROM pg_sequence"), "0");
}

#[test]
fn identity_columns_number_the_rows_too() {
    let mut database = Database::of("CREATE TABLE \"T\" (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)");
    database.assert_pushed("model T { id Int @id @default(autoincrement()) }");
    database.push("model T { id BigInt @id @default(autoincrement()) }");
    database.push("model T { id BigInt @id }");
    assert_eq!(
        database.ask("SELECT attidentity = '' FROM pg_attribute WHERE attname = 'id' AND attrelid = '\"T\"'::regclass"),
        "t"
    );
}

#[test]
fn the_columns_of_a_join_table_change_places_with_their_models() {
    let mut database = Database::new();
    let models = |user: &str| {
        format!(
            "model {user} {{ id Int @id\n posts Post[] @relation(\"PostToUser\")\n @@map(\"User\") }}\nmodel Post {{ id String @id\n users {user}[] @relation(\"PostToUser\") }}"
        )
    };
    database.push(&models("User"));
    database.sql("INSERT INTO \"User\" VALUES (7); INSERT INTO \"Post\" VALUES ('p'); INSERT INTO \"_PostToUser\" VALUES ('p', 7)");
    database.push(&models("Author"));
    assert_eq!(database.ask("SELECT \"A\", \"B\" FROM \"_PostToUser\""), "7|p");
}

#[test]
fn checks_and_partial_indexes_are_compared_as_the_server_prints_them() {
    let mut database = Database::new();
    let model = |check: &str, condition: &str| {
        format!(
            "generator client {{ provider = \"prisma-client\"\n output = \"x\"\n previewFeatures = [\"partialIndexes\"] }}\n\
             model T {{ id Int @id\n age Int\n email String\n @@check(\"{check}\", map: \"of age\")\n @@index([email], map: \"some\", where: raw(\"{condition}\")) }}"
        )
    };
    database.push(&model("age >= 18 and email<>''", "age>10"));
    database.push(&model("age >= 21", "age > 12"));
    assert_eq!(
        database.ask("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'of age'"),
        "CHECK ((age >= 21))"
    );
    assert!(database.ask("SELECT indexdef FROM pg_indexes WHERE indexname = 'some'").ends_with("WHERE (age > 12)"));
}

#[test]
fn what_the_schema_does_not_know_stays() {
    let mut database = Database::new();
    database.push(USER);
    database.sql(
        "CREATE TABLE mine (id int); CREATE TYPE mood AS ENUM ('ok'); CREATE INDEX lower_name ON \"User\" (lower(name)); \
         CREATE INDEX sorted ON \"User\" (name DESC NULLS LAST) INCLUDE (id); CREATE VIEW v AS SELECT * FROM mine; \
         ALTER TABLE \"User\" ADD CONSTRAINT named CHECK (name <> '')",
    );
    let push = database.plan(USER);
    assert!(push.plan().is_empty(), "{:?}", push.plan().changes);
    let unmodeled = &push.plan().unmodeled;
    for expected in
        ["table \"mine\"", "enum \"mood\"", "index \"lower_name\" on \"User\"", "check \"named\" on \"User\""]
    {
        assert!(unmodeled.iter().any(|found| found == expected), "{expected} in {unmodeled:?}");
    }
}

#[test]
fn names_differ_by_their_case() {
    let mut database = Database::of("CREATE TABLE \"user\" (id int PRIMARY KEY, \"Name\" text)");
    let plan = database.push("model User { id Int @id\n name String? }");
    assert_eq!(plan.changes.len(), 1, "{:?}", plan.changes);
    let plan = database
        .push("model User { id Int @id\n name String? }\nmodel Other { id Int @id\n name String?\n @@map(\"user\") }");
    let changes: Vec<&str> = plan.changes.iter().map(|change| change.what.as_str()).collect();
    assert_eq!(changes, ["column \"user\".\"name\"", "column \"user\".\"Name\""]);
}

#[test]
fn a_change_by_somebody_else_in_between_is_found_under_the_locks() {
    let mut database = Database::new();
    database.push(USER);
    let wanted = "model User { id Int @id @default(autoincrement()) }";
    let push = push::plan(&mut database.connection, &schema(wanted)).unwrap();
    assert!(push.plan().hazards.is_empty());
    database.sql("INSERT INTO \"User\" (name) VALUES ('Ada')");
    let error = push::apply(&mut database.connection, &push, DataLoss::Refused).unwrap_err();
    assert!(error.to_string().contains("changed by somebody else"), "{error}");
    assert_eq!(database.ask("SELECT name FROM \"User\""), "Ada");
}

#[test]
fn a_failing_statement_leaves_nothing_behind() {
    let mut database = Database::new();
    database.push(USER);
    // A view that the column is part of stands in the way, and the server says so.
    database.sql("CREATE VIEW v AS SELECT name FROM \"User\"");
    let push =
        database.plan("model User { id Int @id @default(autoincrement())\n age Int? }\nmodel New { id Int @id }");
    let error = push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap_err();
    assert!(error.to_string().contains("view v depends on column name"), "{error}");
    assert_eq!(error.remedy(), Some("nothing was changed"));
    assert_eq!(database.ask("SELECT to_regclass('\"New\"') IS NULL"), "t");
    database.assert_pushed(USER);
}

#[test]
fn everything_goes_by_a_reset() {
    let mut database = Database::new();
    database.push(TYPES);
    database.sql(
        "CREATE VIEW v AS SELECT 1; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE SEQUENCE s; \
         CREATE DOMAIN d AS int; CREATE TYPE pair AS (a int, b int); CREATE MATERIALIZED VIEW m AS SELECT * FROM v; CREATE EXTENSION citext",
    );
    database.connection.reset().unwrap();
    assert_eq!(database.ask("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"), "");
    assert_eq!(
        database.ask("SELECT count(*) FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype <> 'b'"),
        "0"
    );
    assert_eq!(database.ask("SELECT count(*) FROM pg_extension WHERE extname = 'citext'"), "1");
    database.push(TYPES);
}

#[test]
fn the_schema_of_the_url_is_made() {
    let mut database = Database::new();
    let url = format!("{}?schema=own%20one", database.url);
    database.connection = Connection::open(Provider::Postgres, &url).unwrap();
    database.push(TYPES);
    assert_eq!(database.ask("SELECT schemaname FROM pg_tables WHERE tablename = 'Sample'"), "own one");
    assert!(database.connection.introspect().unwrap().tables.len() == 1);
}

#[test]
fn a_database_that_the_server_does_not_have_is_made() {
    let database = Database::new();
    let (server, _) = database.url.rsplit_once('/').unwrap();
    let url = format!("{server}/not%20there");
    let datasource = schema(USER).datasource.unwrap();
    let error = Connection::open_to_look(&datasource, &url).unwrap_err();
    assert_eq!(error.code(), Some("P1003"), "{error}");
    let mut connection = Connection::open_datasource(&datasource, &url).unwrap();
    let push = push::plan(&mut connection, &schema(USER)).unwrap();
    push::apply(&mut connection, &push, DataLoss::Refused).unwrap();
    assert_eq!(database.ask("SELECT count(*) FROM pg_database WHERE datname = 'not there'"), "1");
}

#[test]
fn the_url_of_another_database_is_refused_without_its_password() {
    for url in
        ["file:./dev.db", "mysql://ada:hunter2@localhost/app", "hunter2", "\"postgresql://ada:hunter2@localhost/app\""]
    {
        let error = Connection::open(Provider::Postgres, url).unwrap_err();
        assert!(error.to_string().starts_with("the schema is for PostgreSQL, but the database URL"), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn settings_of_the_database_do_not_stop_a_change() {
    let mut database = Database::new();
    database.sql(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = 200', current_database()); \
         EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database()); END $$",
    );
    database.connection = Connection::open(Provider::Postgres, &database.url).unwrap();
    database.push("model T { id Int @id\n path String @default(\"C:\\\\temp\") }");
    database.connection.execute("INSERT INTO \"T\" VALUES (1); SELECT pg_sleep(0.5)").unwrap();
    assert_eq!(database.ask("SELECT path FROM \"T\""), "C:\\temp");
}

#[test]
fn a_default_that_is_left_to_the_database_stays() {
    let mut database = Database::of(
        "CREATE TABLE \"T\" (id serial PRIMARY KEY, c varchar(10) NOT NULL DEFAULT 'zz', d int NOT NULL DEFAULT 1)",
    );
    database.push("model T { id Int @id @default(dbgenerated())\n c String @default(dbgenerated())\n d Int @default(dbgenerated()) }");
    database.sql("INSERT INTO \"T\" DEFAULT VALUES");
    assert_eq!(database.ask("SELECT * FROM \"T\""), "1|zz|1");
    let mut database = Database::of("CREATE TABLE \"T\" (id serial PRIMARY KEY)");
    database.push("model T { id Int @id @default(dbgenerated(\"nextval('\\\"T_id_seq\\\"'::regclass)\")) }");
}

#[test]
fn nulls_and_defaults_go_with_the_new_type() {
    let mut database = Database::new();
    database.push("model T { id Int @id\n c String?\n d Int?\n e Int? }");
    database.sql("INSERT INTO \"T\" VALUES (1, NULL, NULL, NULL), (2, 'x', 2, 3)");
    database.push(
        "model T { id Int @id\n c String[]\n d Decimal @default(0.5) @db.Decimal(4, 1)\n e String @default(\"abc\") }",
    );
    assert_eq!(database.ask("SELECT c, d, e FROM \"T\" ORDER BY id"), "|0.5|abc\n{x}|2.0|3");
}

#[test]
fn a_type_without_a_way_back_needs_consent() {
    let mut database = Database::new();
    database.push("model T { id Int @id\n c DateTime @db.Timestamp(3) }");
    database.sql("INSERT INTO \"T\" VALUES (1, '2020-01-02 03:04:05')");
    let message = database.refused("model T { id Int @id\n c DateTime @db.Time(3) }");
    assert!(message.contains("there is no way back to see whether they survive"), "{message}");
    database.push_with("model T { id Int @id\n c DateTime @db.Time(3) }", DataLoss::Accepted);
    assert_eq!(database.ask("SELECT c FROM \"T\""), "03:04:05");
}

#[test]
fn a_column_goes_from_enum_to_enum() {
    let mut database = Database::new();
    database.push("enum A { X\n Y }\nmodel T { id Int @id\n c A\n b Boolean }");
    database.sql("INSERT INTO \"T\" VALUES (1, 'X', true)");
    let message = database.refused("enum B { Y }\nmodel T { id Int @id\n c B\n b Boolean }");
    assert!(message.contains("1 value of \"T\".\"c\" cannot become \"B\""), "{message}");
    database.push("enum B { X }\nmodel T { id Int @id\n c B\n b Int @db.SmallInt }");
    assert_eq!(database.ask("SELECT c, b FROM \"T\""), "X|1");
    // A column may leave an enum that loses its value.
    database.push("enum B { X }\nmodel T { id Int @id\n c B\n b Int @db.SmallInt }");
    database.push("enum B { Z }\nmodel T { id Int @id\n c String @default(\"n\")\n b Int @db.SmallInt\n e B? @default(Z)\n f B? }");
    database
        .push_with("enum B { Q }\nmodel T { id Int @id\n c String\n b Int @db.SmallInt\n f B? }", DataLoss::Accepted);
    assert_eq!(database.ask("SELECT c FROM \"T\""), "X");
}

#[test]
fn a_sequence_that_two_tables_share_numbers_both() {
    let mut database = Database::of(
        "CREATE SEQUENCE shared; CREATE TABLE \"A\" (id int PRIMARY KEY DEFAULT nextval('shared')); \
         CREATE TABLE \"B\" (id int PRIMARY KEY DEFAULT nextval('shared'))",
    );
    database.assert_pushed(
        "model A { id Int @id @default(autoincrement()) }\nmodel B { id Int @id @default(autoincrement()) }",
    );
    database.push("model A { id BigInt @id @default(autoincrement()) }\nmodel B { id Int @id }");
    assert_eq!(database.ask("SELECT count(*) FROM pg_sequence"), "1");
}

#[test]
fn rows_that_a_policy_hides_are_not_counted_as_none() {
    let mut database = Database::new();
    database.push(USER);
    database.sql(
        "INSERT INTO \"User\" (name) VALUES ('Ada'); DO $$ BEGIN CREATE ROLE hidden LOGIN; EXCEPTION WHEN OTHERS THEN NULL; END $$; \
         ALTER TABLE \"User\" OWNER TO hidden; GRANT ALL ON SCHEMA public TO hidden; \
         ALTER TABLE \"User\" ENABLE ROW LEVEL SECURITY; ALTER TABLE \"User\" FORCE ROW LEVEL SECURITY",
    );
    let url = database.url.replace("postgres@", "hidden@");
    database.connection = Connection::open(Provider::Postgres, &url).unwrap();
    let error = push::plan(&mut database.connection, &schema("model User { id Int @id @default(autoincrement()) }"))
        .unwrap_err();
    assert!(error.to_string().contains("row-level security"), "{error}");
}

#[test]
fn what_the_schema_cannot_say_of_a_foreign_key_comes_back() {
    let mut database = Database::of(
        "CREATE TABLE \"A\" (id int PRIMARY KEY); CREATE TABLE \"B\" (id int PRIMARY KEY, a int NOT NULL CONSTRAINT own \
         REFERENCES \"A\" (id) MATCH FULL ON UPDATE CASCADE ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED)",
    );
    database.push("model A { id BigInt @id\n bs B[] }\nmodel B { id Int @id\n aId BigInt @map(\"a\")\n a A @relation(fields: [aId], references: [id], map: \"own\") }");
    let definition = database.ask("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'own'");
    assert!(definition.contains("MATCH FULL") && definition.contains("INITIALLY DEFERRED"), "{definition}");
}

#[test]
fn an_enum_that_is_a_part_of_keys_is_replaced() {
    let models = |values: &str| {
        format!(
            "enum K {{ {values} }}\nmodel A {{ id Int\n k K\n bs B[]\n @@id([id, k]) }}\n\
             model B {{ id Int @id\n aId Int\n k K\n a A @relation(fields: [aId, k], references: [id, k])\n @@index([id], map: \"some\", where: raw(\"k = 'X'\")) }}"
        )
    };
    let mut database = Database::new();
    let preview =
        "generator client { provider = \"prisma-client\"\n output = \"x\"\n previewFeatures = [\"partialIndexes\"] }\n";
    database.push(&format!("{preview}{}", models("X\n Y\n K_new")));
    database.sql("INSERT INTO \"A\" VALUES (1, 'X'); INSERT INTO \"B\" VALUES (1, 1, 'X')");
    database.push(&format!("{preview}{}", models("X\n Y")));
    // A condition speaks of the new value at once.
    database.push(&format!("{preview}{}", models("X\n Y\n Z").replace("k = 'X'", "k = 'Z'")));
    assert_eq!(database.ask("SELECT k FROM \"B\""), "X");
}

#[test]
fn tables_of_two_schemas_may_have_one_name() {
    let models = |key: &str, relation: bool| {
        let of = |namespace: &str, prefix: &str| {
            let (posts, user) = if relation {
                (
                    format!("posts {prefix}Post[]"),
                    format!("user {prefix}User @relation(fields: [userId], references: [id])"),
                )
            } else {
                (String::new(), String::new())
            };
            format!(
                "model {prefix}User {{ id {key} @id\n {posts}\n @@map(\"User\")\n @@schema(\"{namespace}\") }}\n\
                 model {prefix}Post {{ id Int @id\n userId {key}\n {user}\n @@map(\"Post\")\n @@schema(\"{namespace}\") }}\n"
            )
        };
        format!(
            "datasource db {{\n provider = \"postgresql\"\n schemas = [\"a\", \"b\"]\n}}\n{}{}",
            of("a", "A"),
            of("b", "B")
        )
    };
    let mut database = Database::for_schema(&models("Int", false));
    database.push(&models("Int", false));
    database.push(&models("Int", true));
    database.push(&models("String", true));
    assert_eq!(database.ask("SELECT count(*) FROM pg_constraint WHERE contype = 'f'"), "2");
}

#[test]
fn an_expression_may_name_its_table() {
    let mut database = Database::new();
    database.push(
        "model T { id Int @id\n a Int\n c String @db.VarChar(5)\n @@check(\"\\\"T\\\".a > 0\", map: \"positive\") }",
    );
}

#[test]
fn a_name_that_is_too_long_is_refused() {
    let mut database = Database::new();
    let name = "n".repeat(64);
    let error =
        push::plan(&mut database.connection, &schema(&format!("model T {{ id Int @id\n c Int @map(\"{name}\") }}")));
    assert!(error.unwrap_err().to_string().contains("has 64 bytes, and PostgreSQL keeps 63"));
}

#[test]
fn without_temporary_tables_nothing_is_compared() {
    let mut database = Database::new();
    database.push(USER);
    database.sql(
        "DO $$ BEGIN CREATE ROLE poor LOGIN; EXCEPTION WHEN OTHERS THEN NULL; END $$; \
         DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$",
    );
    let url = database.url.replace("postgres@", "poor@");
    database.connection = Connection::open(Provider::Postgres, &url).unwrap();
    let error = push::plan(&mut database.connection, &schema(USER)).unwrap_err();
    assert!(error.to_string().contains("temporary tables"), "{error}");
}

#[test]
fn constraints_that_the_schema_cannot_say_stay() {
    let mut database = Database::of(
        "CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY); \
         CREATE TABLE \"User\" (id serial PRIMARY KEY REFERENCES auth.users, name text CONSTRAINT mine UNIQUE)",
    );
    database.assert_pushed(USER);
    let mut database = Database::of("CREATE TABLE \"T\" (id int PRIMARY KEY, email text NOT NULL)");
    database.sql("INSERT INTO \"T\" VALUES (1, 'Ada')");
    database.push("model T { id Int @id\n email String @unique @db.Citext }");
}

#[test]
fn indexes_may_take_each_others_names() {
    let mut database = Database::new();
    let model = |a: &str, b: &str| {
        format!("model T {{ id Int @id\n a Int\n b Int\n @@index([a], map: \"{a}\")\n @@index([b], map: \"{b}\") }}")
    };
    database.push(&model("one", "two"));
    let plan = database.push(&model("two", "one"));
    assert!(!plan.script.contains("CREATE INDEX"), "{}", plan.script);
}

#[test]
fn each_row_gets_a_value_of_its_own_for_a_new_key() {
    let mut database = Database::new();
    database.push(USER);
    database.sql("INSERT INTO \"User\" (name) VALUES ('Ada'), ('Bob')");
    database.push("model User { id Int @id @default(autoincrement())\n name String?\n key String @unique @default(dbgenerated(\"gen_random_uuid()\")) @db.Uuid }");
    assert_eq!(database.ask("SELECT count(DISTINCT key) FROM \"User\""), "2");
}
