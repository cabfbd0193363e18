//! What `db push` does to a database, and what it refuses to do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use purlin_migrate::{
    plan::Level,
    push::{self, DataLoss},
};
use support::{BLOG, Database, ROWS, schema};

#[test]
fn a_new_database_is_as_prisma_writes_it() {
    let mut database = Database::new();
    let plan = database.push(BLOG);
    insta::assert_snapshot!(plan.script);
}

#[test]
fn every_type_and_default_is_found_again() {
    let mut database = Database::new();
    let plan = database.push(
        r#"
enum Role {
  USER
  ADMIN @map("admin")
}

model Every {
  id        String   @id @default(cuid())
  string    String   @default("it's \"quoted\"") @unique
  boolean   Boolean  @default(true)
  int       Int      @default(-7)
  bigint    BigInt   @default(9007199254740993)
  float     Float    @default(1.50)
  decimal   Decimal  @default(12345678901234567.890)
  time      DateTime @default("2024-01-02T03:04:05+01:00")
  now       DateTime @default(now())
  updated   DateTime @updatedAt
  json      Json     @default("{\"a\": 1}")
  bytes     Bytes    @default("aGVsbG8=")
  role      Role     @default(ADMIN)
  database  String   @default(dbgenerated("lower(hex(randomblob(8)))"))
  uuid      String   @default(uuid())
  optional  Int?

  @@index([int(sort: Desc), bigint])
  @@map("every thing")
}
"#,
    );
    insta::assert_snapshot!(plan.script);
    database.sql("INSERT INTO \"every thing\" (id, updated, uuid) VALUES ('1', 0, 'u')");
    assert_eq!(database.get("SELECT decimal FROM \"every thing\""), "12345678901234567.89");
    assert_eq!(database.get("SELECT time FROM \"every thing\""), "2024-01-02T02:04:05.000+00:00");
    assert_eq!(database.get("SELECT CAST(bytes AS TEXT) FROM \"every thing\""), "hello");
}

#[test]
fn a_database_of_prisma_needs_nothing() {
    let mut database = Database::of(
        r#"
CREATE TABLE "Account" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "amount" DECIMAL NOT NULL DEFAULT 0,
    "active" BOOLEAN NOT NULL DEFAULT 1,
    "data" JSONB NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ownerId" TEXT,
    CONSTRAINT "Account_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "owners" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE "owners" ("id" TEXT NOT NULL PRIMARY KEY, "a" INTEGER NOT NULL, "b" TEXT NOT NULL);
CREATE UNIQUE INDEX "owners_a_b_key" ON "owners"("a", "b");
CREATE INDEX "by_b" ON "owners"("b" DESC);
"#,
    );
    let models = r#"
model Account {
  id        Int      @id @default(autoincrement())
  amount    Decimal  @default(0)
  active    Boolean  @default(true)
  data      Json
  createdAt DateTime @default(now())
  owner     Owner?   @relation(fields: [ownerId], references: [id])
  ownerId   String?
}

model Owner {
  id       String    @id @default(uuid())
  a        Int
  b        String
  accounts Account[]

  @@unique([a, b])
  @@index([b(sort: Desc)], map: "by_b")
  @@map("owners")
}
"#;
    let plan = database.push(models);
    assert!(plan.is_empty());
    let [note] = plan.notes.as_slice() else { panic!("{:?}", plan.notes) };
    assert!(note.contains("\"Account\".\"amount\" (DECIMAL)"), "{note}");
}

#[test]
fn a_database_made_by_hand_needs_nothing() {
    let mut database = Database::of(
        "create table user (id integer primary key autoincrement, email varchar(100) not null unique, score double precision default (1.0),
         flag bool not null default true, boss int references user on delete set null on update cascade)",
    );
    let models = r#"
model User {
  id     Int     @id @default(autoincrement())
  email  String  @unique
  score  Float?  @default(1)
  flag   Boolean @default(true)
  bossId Int?    @map("boss")
  boss   User?   @relation("boss", fields: [bossId], references: [id])
  staff  User[]  @relation("boss")
}
"#;
    assert!(database.push(models).is_empty());
}

#[test]
fn a_column_comes_and_goes_in_place() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql(ROWS);
    let wider = BLOG.replace("name  String?", "name  String?\n  age   Int @default(7)\n  bossId Int?\n  boss User? @relation(\"b\", fields: [bossId], references: [id])\n  staff User[] @relation(\"b\")");
    let plan = database.push(&wider);
    assert!(plan.script.contains("ADD COLUMN \"age\" INTEGER NOT NULL DEFAULT 7"), "{}", plan.script);
    assert!(
        plan.script.contains("ADD COLUMN \"bossId\" INTEGER CONSTRAINT \"User_bossId_fkey\" REFERENCES"),
        "{}",
        plan.script
    );
    assert!(!plan.script.contains("RedefineTables"), "{}", plan.script);
    assert_eq!(database.get("SELECT age FROM User"), "7 7");
    database.sql("UPDATE User SET age = NULL WHERE 0");
    let narrower = wider.replace("\n  age   Int @default(7)", "");
    let push = database.plan(&narrower);
    assert!(push.plan().script.contains("DROP COLUMN \"age\""), "{}", push.plan().script);
}

#[test]
fn a_rebuild_keeps_rows_keys_indexes_triggers_and_marks() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql(ROWS);
    database.sql(
        "CREATE TABLE log (x); CREATE INDEX handmade ON User (name) WHERE name IS NOT NULL;
         CREATE INDEX plain_handmade ON User (name, email);
         CREATE TRIGGER remember AFTER UPDATE ON User BEGIN INSERT INTO log VALUES (new.id); END;
         CREATE VIEW names AS SELECT name, email FROM User;",
    );
    let plan = database.push(&BLOG.replace("name  String?", "name  String @default(\"nobody\")"));
    assert!(plan.script.contains("-- RedefineTables"), "{}", plan.script);
    assert_eq!(database.get("SELECT name FROM User ORDER BY id"), "Ada nobody");
    assert_eq!(database.get("SELECT count(*) FROM Post"), "3", "children stay when their parent is made anew");
    assert_eq!(database.get("SELECT A FROM _PostToTag ORDER BY A"), "1 3");
    assert_eq!(database.get("SELECT name FROM sqlite_schema WHERE tbl_name = 'User' AND type <> 'table' AND sql IS NOT NULL ORDER BY name"), "User_email_key handmade plain_handmade remember");
    assert_eq!(database.get("SELECT name FROM names ORDER BY 1"), "Ada nobody");
    database.sql("UPDATE User SET name = 'x' WHERE id = 2; INSERT INTO User (email) VALUES ('new@x');");
    assert_eq!(database.get("SELECT x FROM log"), "2");
    assert_eq!(database.get("SELECT max(id) FROM User"), "71", "the key 70 was given out before");
    assert_eq!(database.get("SELECT count(*) FROM pragma_foreign_key_check"), "0");
    assert_eq!(database.get("SELECT \"table\" FROM pragma_foreign_key_list('Post')"), "User");
}

#[test]
fn an_emptied_table_keeps_its_mark() {
    let mut database = Database::new();
    database.push("model T {\n id Int @id @default(autoincrement())\n a Int?\n}");
    database.sql("INSERT INTO T (id) VALUES (41); DELETE FROM T;");
    database.push("model T {\n id Int @id @default(autoincrement())\n a String?\n}");
    database.sql("INSERT INTO T (a) VALUES ('x');");
    assert_eq!(database.get("SELECT id FROM T"), "42");
}

#[test]
fn what_a_schema_cannot_say_survives_a_rebuild() {
    let mut database = Database::of(
        "CREATE TABLE T (id INTEGER PRIMARY KEY, code TEXT NOT NULL COLLATE NOCASE CHECK (length(code) < 9), n INTEGER,
         twice INTEGER GENERATED ALWAYS AS (n * 2) VIRTUAL, p INTEGER REFERENCES T (id) DEFERRABLE INITIALLY DEFERRED,
         CONSTRAINT positive CHECK (n > 0)) STRICT;
         CREATE INDEX expression ON T (lower(code));
         CREATE TRIGGER touched AFTER INSERT ON t BEGIN SELECT 1; END;
         INSERT INTO T (id, code, n) VALUES (1, 'a', 5);",
    );
    let models = |n: &str| {
        format!(
            "model T {{\n id Int @id @default(autoincrement())\n code String\n n {n}\n done Boolean?\n at DateTime @default(now())\n p Int?\n parent T? @relation(\"p\", fields: [p], references: [id], onDelete: NoAction, onUpdate: NoAction)\n children T[] @relation(\"p\")\n}}"
        )
    };
    let plan = database.push(&models("Int"));
    assert!(plan.script.contains("RedefineTables"), "{}", plan.script);
    assert_eq!(plan.unmodeled, ["generated column \"T\".\"twice\""]);
    let sql = database.get("SELECT sql FROM sqlite_schema WHERE name = 'T'");
    for kept in [
        "COLLATE NOCASE",
        "CHECK (length(code) < 9)",
        "GENERATED ALWAYS AS (n * 2) VIRTUAL",
        "CONSTRAINT positive CHECK (n > 0)",
        "STRICT",
        "DEFERRABLE INITIALLY DEFERRED",
    ] {
        assert!(sql.contains(kept), "{kept} is missing in {sql}");
    }
    assert_eq!(database.get("SELECT twice FROM T WHERE code = 'A'"), "10");
    assert_eq!(database.get("SELECT count(*) FROM sqlite_schema WHERE name IN ('expression', 'touched')"), "2");
    // A trigger may name its table in other letters.
    let table = database.connection.introspect().unwrap().table("T").unwrap().clone();
    assert_eq!(table.kept.triggers.len(), 1);
}

/// The text of the defaults of a table's columns, in order.
fn defaults(database: &Database, table: &str) -> String {
    database.get(&format!(
        "SELECT name || ': ' || coalesce(dflt_value, '-') FROM pragma_table_info('{table}') ORDER BY cid"
    ))
}

#[test]
fn a_rebuild_keeps_the_text_of_defaults_that_did_not_change() {
    let mut database = Database::of(
        "CREATE TABLE Account (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, createdAt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
         seenAt DATETIME DEFAULT (current_timestamp), balance DECIMAL NOT NULL DEFAULT 0, rate REAL NOT NULL DEFAULT '1.50',
         active BOOLEAN NOT NULL DEFAULT true, role TEXT NOT NULL DEFAULT \"user\", level INTEGER DEFAULT +7,
         token TEXT NOT NULL DEFAULT (LOWER( hex(randomblob(4)) )), day TEXT NOT NULL DEFAULT CURRENT_DATE);
         INSERT INTO Account (id, role) VALUES (1, 'owner');",
    );
    let models = |more: &str| {
        format!(
            "model Account {{
  id        Int       @id @default(autoincrement())
  createdAt DateTime  @default(now())
  seenAt    DateTime? @default(now())
  balance   Decimal   @default(0)
  rate      Float     @default(1.5)
  active    Boolean   @default(true)
  role      String    @default(\"user\")
  level     Int?      @default(7)
  token     String    @default(dbgenerated(\"lower(hex(randomblob(4)))\"))
  day       String    @default(dbgenerated())
{more}}}"
        )
    };
    assert!(database.plan(&models("")).plan().is_empty());
    let before = defaults(&database, "Account");
    let plan = database.push(&models("  updatedAt DateTime @default(now())\n"));
    assert!(plan.script.contains("RedefineTables"), "{}", plan.script);
    assert_eq!(
        defaults(&database, "Account"),
        format!("{before} updatedAt: strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"),
        "only the new column has a new default"
    );
    assert_eq!(database.get("SELECT sql LIKE '%createdAt\" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,%' FROM sqlite_schema WHERE name = 'Account'"), "1");
    assert_eq!(database.get("SELECT role FROM Account"), "owner");
    assert!(database.plan(&models("  updatedAt DateTime @default(now())\n")).plan().is_empty());
}

#[test]
fn a_column_that_becomes_required_keeps_the_text_of_its_default() {
    let mut database = Database::of(
        "CREATE TABLE Item (id INTEGER NOT NULL PRIMARY KEY, price DECIMAL DEFAULT 0, at DATETIME DEFAULT CURRENT_TIMESTAMP,
         label TEXT DEFAULT 'old');
         INSERT INTO Item VALUES (1, NULL, NULL, NULL);",
    );
    let plan = database.push(
        "model Item {\n  id Int @id\n  price Decimal @default(0)\n  at DateTime @default(now())\n  label String @default(\"new\")\n}",
    );
    assert!(plan.script.contains("coalesce(\"price\", 0)"), "{}", plan.script);
    assert_eq!(defaults(&database, "Item"), "id: - price: 0 at: CURRENT_TIMESTAMP label: 'new'");
    assert_eq!(database.get("SELECT price || label || (at IS NOT NULL) FROM Item"), "0new1");
}

#[test]
fn a_column_of_another_type_has_the_default_of_the_schema() {
    let mut database = Database::of(
        "CREATE TABLE Item (id INTEGER NOT NULL PRIMARY KEY, price REAL NOT NULL DEFAULT 1.50, code TEXT NOT NULL DEFAULT '7');
         INSERT INTO Item (id) VALUES (1);",
    );
    database.push("model Item {\n  id Int @id\n  price Decimal @default(1.5)\n  code Int @default(7)\n}");
    assert_eq!(defaults(&database, "Item"), "id: - price: '1.5' code: 7");
}

#[test]
fn nothing_unknown_is_dropped() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql("CREATE TABLE mine (x); INSERT INTO mine VALUES (1); CREATE INDEX my_index ON Post (title); CREATE VIRTUAL TABLE search USING fts5(title); CREATE VIEW v AS SELECT * FROM mine;");
    let plan = database.push(&BLOG.replace("title    String", "title    String\n  views Int @default(0)"));
    assert_eq!(plan.unmodeled, ["index \"my_index\" on \"Post\"", "table \"mine\""]);
    let without_tags =
        BLOG.split("model Tag").next().unwrap().replace("  tags     Tag[]\n", "  views Int @default(0)\n");
    let plan = database.push(&without_tags);
    assert!(plan.is_empty());
    assert_eq!(
        database.get(
            "SELECT count(*) FROM sqlite_schema WHERE name IN ('Tag', '_PostToTag', 'mine', 'my_index', 'search', 'v')"
        ),
        "6"
    );
}

#[test]
fn an_index_of_the_schema_comes_and_goes() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql(ROWS);
    let other = BLOG
        .replace("email String  @unique", "email String")
        .replace("@@index([authorId])", "@@unique([authorId, title], map: \"own name\")");
    database.push(&other);
    let indexes =
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('User', 'Post') AND sql IS NOT NULL";
    assert_eq!(database.get(indexes), "own name");
    database.push(&other.replace("own name", "new name"));
    assert_eq!(database.get(indexes), "new name");
}

#[test]
fn an_inline_unique_goes_with_its_attribute() {
    let mut database = Database::of(
        "CREATE TABLE T (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT UNIQUE); INSERT INTO T VALUES (1, 'x', 'y');",
    );
    database.push("model T {\n id Int @id\n a String? @unique\n b String?\n}");
    assert_eq!(database.get("SELECT name FROM pragma_index_list('T')"), "T_a_key");
    database.sql("INSERT INTO T VALUES (2, 'z', 'y');");
}

#[test]
fn a_push_stops_before_values_are_lost() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql(ROWS);
    let without_name = BLOG.replace("  name  String?\n", "");
    let why = database.refused(&without_name);
    assert!(why.contains("dropping the column \"User\".\"name\" loses 1 value"), "{why}");
    let push = database.plan(&without_name);
    push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap();
    database.assert_pushed(&without_name);

    let why = database.refused(&without_name.replace("title    String", "title    Int"));
    assert!(why.contains("3 values of \"Post\".\"title\" would not survive"), "{why}");
    database.sql("UPDATE Post SET title = CAST(id AS TEXT)");
    database.push(&without_name.replace("title    String", "title    Int"));
    assert_eq!(database.get("SELECT typeof(title) || title FROM Post"), "integer1 integer2 integer3");
}

#[test]
fn a_rename_is_proposed_and_done_by_hand() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql(ROWS);
    let renamed = BLOG.replace("name  String?", "fullName String?");
    let why = database.refused(&renamed);
    let statement = "ALTER TABLE \"User\" RENAME COLUMN \"name\" TO \"fullName\"";
    assert!(why.contains(statement), "{why}");
    let why = database.refused(&BLOG.replace("name  String?", "fullName String"));
    assert!(why.contains("is required and has no default in the database") && why.contains(statement), "{why}");
    database.sql(statement);
    assert!(database.push(&renamed).is_empty());
    assert_eq!(database.get("SELECT fullName FROM User WHERE id = 1"), "Ada");
}

#[test]
fn nulls_of_a_unique_column_cannot_all_take_one_default() {
    let mut database = Database::new();
    database.push("model T {\n id Int @id\n a Int? @unique\n}");
    database.sql("INSERT INTO T VALUES (1, NULL), (2, NULL), (3, 7);");
    let why = database.refused("model T {\n id Int @id\n a Int @unique @default(5)\n}");
    assert!(why.contains("unique index on \"T\"(a) is impossible"), "{why}");
}

#[test]
fn a_leading_zero_is_a_value_too() {
    let mut database = Database::new();
    database.push("model T {\n id Int @id\n zip String\n}");
    database.sql("INSERT INTO T VALUES (1, '01234'), (2, '99999');");
    let why = database.refused("model T {\n id Int @id\n zip Int\n}");
    assert!(why.contains("1 value of \"T\".\"zip\""), "{why}");
}

#[test]
fn a_push_knows_what_the_rows_forbid() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql(ROWS);
    database.sql("INSERT INTO User (email, name) VALUES ('ada2@x', 'Ada');");
    let blocked = [
        (BLOG.replace("name  String?", "name  String"), "becomes required and has 1 null"),
        (BLOG.replace("name  String?", "name  String?\n  age Int"), "has no default in the database, so the 3 rows of the table would have no value"),
        (BLOG.replace("name  String?", "name  String? @unique"), "1 value is there more than once"),
        (BLOG.replace("name  String?", "name  String?\n  one Int @default(1) @unique"), "1 value is there more than once"),
        (BLOG.replace("title    String", "title String\n  other Int @default(5)\n  editor User @relation(\"e\", fields: [other], references: [id])").replace("posts Post[]\n}\n\nmodel Post", "posts Post[]\n  edits Post[] @relation(\"e\")\n}\n\nmodel Post"), ""),
    ];
    for (models, expected) in blocked.iter().take(4) {
        let why = database.refused(models);
        assert!(why.contains(expected), "{why}");
        assert!(database.plan(models).plan().at(Level::Blocked).next().is_some());
    }
    // The rows get the default of the new column, and refer to nobody.
    let (models, _) = blocked.last().unwrap();
    let before = database.dump();
    let push = database.plan(models);
    let error = push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap_err();
    assert!(
        error.to_string().contains("3 rows of \"Post\" would refer to a row of \"User\" that does not exist"),
        "{error}"
    );
    assert_eq!(database.dump(), before);
}

#[test]
fn orphans_forbid_a_foreign_key() {
    let mut database = Database::of(
        "CREATE TABLE P (id INTEGER PRIMARY KEY); CREATE TABLE C (id INTEGER PRIMARY KEY, pId INTEGER); INSERT INTO C VALUES (1, 9), (2, NULL);",
    );
    let models = "model P {\n id Int @id\n cs C[]\n}\nmodel C {\n id Int @id\n pId Int?\n p P? @relation(fields: [pId], references: [id])\n}";
    let why = database.refused(models);
    assert!(why.contains("1 row refers to a row of \"P\" that does not exist"), "{why}");
    database.sql("INSERT INTO P VALUES (9)");
    database.push(models);
}

#[test]
fn orphans_of_old_do_not_stand_in_the_way() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql(ROWS);
    database.sql("INSERT INTO Post (title, authorId) VALUES ('orphan', 999)");
    database.push(&BLOG.replace("title    String", "title    String?"));
    assert_eq!(database.get("SELECT count(*) FROM Post"), "4");
}

#[test]
fn a_view_that_would_break_stops_the_change() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql("CREATE VIEW names AS SELECT name FROM User");
    let before = database.dump();
    for models in [
        BLOG.replace("  name  String?\n", ""),
        BLOG.replace("  name  String?\n", "").replace("email String ", "email String?"),
    ] {
        let push = database.plan(&models);
        let error = push::apply(&mut database.connection, &push, DataLoss::Refused).unwrap_err();
        assert!(error.to_string().contains("names"), "{error}");
        assert_eq!(database.dump(), before);
    }
}

#[test]
fn another_key_makes_the_table_anew() {
    let mut database = Database::new();
    database.push("model T {\n a Int\n b Int\n c String\n @@id([a, b])\n}");
    database.sql("INSERT INTO T VALUES (1, 1, 'x'), (1, 2, 'y');");
    let why = database.refused("model T {\n a Int @id\n b Int\n c String\n}");
    assert!(why.contains("primary key on \"T\"(a) is impossible"), "{why}");
    database.push("model T {\n a Int\n b Int @id\n c String\n}");
    assert_eq!(database.get("SELECT c FROM T ORDER BY b"), "x y");
}

#[test]
fn a_change_planned_for_another_state_is_refused() {
    let mut database = Database::new();
    let push = database.plan(BLOG);
    database.sql("CREATE TABLE \"User\" (x)");
    let error = push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap_err();
    assert!(error.to_string().contains("changed by somebody else"), "{error}");
}

#[test]
fn hostile_names_are_only_names() {
    let mut database = Database::new();
    let models = |ty: &str| {
        format!(
            "model Select {{\n id Int @id @map(\"a\\\"b\")\n from {ty} @map(\"drop table;--\")\n where Int? @map(\"select\")\n \
             @@unique([from, where])\n @@map(\"it's a \\\"table\\\"\")\n}}"
        )
    };
    database.push(&models("Int"));
    database.sql("INSERT INTO \"it's a \"\"table\"\"\" VALUES (1, 2, 3)");
    database.push(&models("String"));
    assert_eq!(database.get("SELECT \"drop table;--\" FROM \"it's a \"\"table\"\"\""), "2");
}

#[test]
fn a_reset_leaves_nothing() {
    let mut database = Database::new();
    database.push(BLOG);
    database.sql("CREATE VIRTUAL TABLE search USING fts5(x); CREATE VIEW v AS SELECT 1; CREATE TRIGGER t AFTER INSERT ON Tag BEGIN SELECT 1; END;");
    database.sql(ROWS);
    database.connection.reset().unwrap();
    assert_eq!(database.get("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"), "");
    let push = push::plan(&mut database.connection, &schema(BLOG)).unwrap();
    push::apply(&mut database.connection, &push, DataLoss::Refused).unwrap();
}

#[test]
fn a_long_check_tells_that_it_is_at_work() {
    let mut database = Database::of(
        "CREATE TABLE t (x, y UNIQUE); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
         INSERT INTO t SELECT i, 'number ' || i FROM n",
    );
    let calls = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = calls.clone();
    let damage = database.connection.damage(std::time::Duration::ZERO, move |_| {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(damage.unwrap(), 0);
    assert!(calls.load(std::sync::atomic::Ordering::Relaxed) > 1);
}

/// The table that is made anew has a name of its own meanwhile, which another one may have already.
#[test]
fn a_rebuild_goes_around_names_that_are_taken() {
    for other in ["new_T", "NEW_t", "new_T_2"] {
        let mut database = Database::new();
        let models = |ty: &str| {
            format!(
                "model U {{\n id Int @id\n b Int?\n @@map(\"{other}\")\n}}\nmodel T {{\n id Int @id @default(autoincrement())\n a {ty}\n @@index([a], map: \"new_T_3\")\n}}"
            )
        };
        database.push(&models("Int?"));
        database.sql(&format!("INSERT INTO T VALUES (5, 7); DELETE FROM T; INSERT INTO T (a) VALUES (8); INSERT INTO {other} VALUES (1, 2); CREATE VIEW new_t_4 AS SELECT a FROM T;"));
        database.push(&models("String?"));
        assert_eq!(database.get("SELECT id || a FROM T"), "68", "{other}");
        assert_eq!(database.get(&format!("SELECT b FROM {other}")), "2");
        assert!(database.push(&models("String?")).is_empty());
    }
}
