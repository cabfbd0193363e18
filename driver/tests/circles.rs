//! `createMany` of rows that refer to each other: what one statement could write is written, and nothing else.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use purlin_driver::{Engine, Error, Options, Reply, SqliteOptions, Synchronous, TransactionOptions};
use purlin_query::catalog::{Arity, Catalog, Column, Default, Field, Key, Model, Relation, Type};
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::{block_on, run, text};

const NODE: u16 = 0;
const FAN: u16 = 2;
const ID: u16 = 0;
const CODE: u16 = 1;
const NEXT: u16 = 2;
const UP: u16 = 3;
const TEAM: u16 = 4;
const A: u16 = 6;

const NODE_FIELDS: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("code", Column::new("code", Type::String).nullable()),
    Field::column("nextId", Column::new("next", Type::Int).nullable()),
    Field::column("upCode", Column::new("up", Type::String).nullable()),
    Field::column("teamId", Column::new("team", Type::Int).nullable()),
    Field::column("number", Column::new("number", Type::Int).default(Default::Database)),
    Field::column("a", Column::new("a", Type::Int).nullable()),
    Field::column("b", Column::new("b", Type::Int).nullable()),
    Field::column("toA", Column::new("to_a", Type::Int).nullable()),
    Field::column("toB", Column::new("to_b", Type::Int).nullable()),
    Field::relation("next", Relation::foreign(0, 13, Arity::Optional, &[2], &[0])),
    Field::relation("up", Relation::foreign(0, 14, Arity::Optional, &[3], &[1])),
    Field::relation("team", Relation::foreign(1, 1, Arity::Optional, &[4], &[0])),
    Field::relation("before", Relation::referenced(0, 10, Arity::Many, &[0], &[2])),
    Field::relation("down", Relation::referenced(0, 11, Arity::Many, &[1], &[3])),
    Field::relation("fans", Relation::referenced(2, 2, Arity::Many, &[0], &[1])),
    Field::relation("to", Relation::foreign(0, 17, Arity::Optional, &[8, 9], &[6, 7])),
    Field::relation("of", Relation::referenced(0, 16, Arity::Many, &[6, 7], &[8, 9])),
];
const TEAM_FIELDS: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::relation("nodes", Relation::referenced(0, 12, Arity::Many, &[0], &[4])),
];
const FAN_FIELDS: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::column("nodeId", Column::new("node", Type::Int)),
    Field::relation("node", Relation::foreign(0, 15, Arity::One, &[1], &[0])),
];
const NODE_KEYS: &[Key] = &[Key::new("id", &[0]), Key::new("code", &[1]), Key::new("a_b", &[6, 7])];
const KEYS: &[Key] = &[Key::new("id", &[0])];
const MODELS: &[Model] = &[
    Model::new("Node", "Node", NODE_FIELDS, NODE_KEYS),
    Model::new("Team", "Team", TEAM_FIELDS, KEYS),
    Model::new("Fan", "Fan", FAN_FIELDS, KEYS),
];

/// How the tables are, other than as Purlin makes them.
#[derive(Debug, Clone, Copy)]
struct Tables {
    /// The default of a column that no row gives. An expression has the statement return what it computes.
    default: &'static str,
    /// What follows the key, the foreign key to the next node, and that to the team.
    code: &'static str,
    next: &'static str,
    team: &'static str,
    fan: &'static str,
    /// What follows the columns.
    options: &'static str,
    /// Statements that follow, while foreign keys are not looked at.
    more: &'static str,
}

const PLAIN: Tables = Tables { default: "2", code: "", next: "", team: "", fan: "", options: "", more: "" };
const COMPUTED: Tables = Tables { default: "(1 + 1)", ..PLAIN };
const DEFERRABLE: &str = "DEFERRABLE INITIALLY DEFERRED";

struct Database {
    engine: Engine,
    folder: tempfile::TempDir,
}

impl Database {
    fn new(tables: Tables) -> Self {
        let Tables { default, code, next, team, fan, options, more } = tables;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let id = if options.is_empty() { "INTEGER PRIMARY KEY AUTOINCREMENT" } else { "INT PRIMARY KEY" };
        let sql = format!(
            r#"PRAGMA foreign_keys = OFF;
            CREATE TABLE "Team" (id INTEGER PRIMARY KEY);
            CREATE TABLE "Node" (id {id}, code TEXT UNIQUE {code}, next INT REFERENCES "Node" {next},
              up TEXT REFERENCES "Node" (code), team INT REFERENCES "Team" (id) {team}, number INT NOT NULL DEFAULT {default},
              a INT, b INT, to_a INT, to_b INT, UNIQUE (a, b), FOREIGN KEY (to_a, to_b) REFERENCES "Node" (a, b)) {options};
            CREATE TABLE "Fan" (id INTEGER PRIMARY KEY, node INT NOT NULL REFERENCES "Node" (id) {fan});
            INSERT INTO "Team" VALUES (1); {more}"#
        );
        let path = folder.path().join("test.db");
        rusqlite::Connection::open(&path).and_then(|sqlite| sqlite.execute_batch(&sql)).expect("the tables are made");
        let sqlite = SqliteOptions { synchronous: Synchronous::Normal, ..SqliteOptions::default() };
        let url = format!("file:{}", path.display());
        let engine = Engine::open(Catalog::new(MODELS, &[]), &url, Options { sqlite, ..Options::default() });
        Self { engine: engine.expect("a URL of a file"), folder }
    }

    fn sqlite(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("test.db")).expect("the file is there")
    }

    /// The foreign keys that lead nowhere.
    fn broken(&self) -> i64 {
        let sql = "SELECT count(*) FROM pragma_foreign_key_check";
        self.sqlite().query_row(sql, [], |row| row.get(0)).expect("the database is looked at")
    }

    /// A column of all nodes, in the order of another one.
    fn nodes(&self, sql: &str) -> Vec<String> {
        let sqlite = self.sqlite();
        let mut statement = sqlite.prepare(sql).expect("a statement");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|row| row.expect("a text")).collect()
    }

    fn clear(&self) {
        self.engine
            .execute_script(r#"PRAGMA foreign_keys = OFF; DELETE FROM "Node"; DELETE FROM "Fan""#)
            .expect("it is cleared");
    }

    /// Writes nodes, alone or in a transaction, after some other writes; returns what became of it in the end.
    fn write(&self, scope: Scope, before: &[(&[u16], Vec<Value>)], words: &[u16], rows: &[Value]) -> Result<(), Error> {
        let values = vec![Value::List(rows.to_vec())];
        let affected = |result| match result {
            Ok(Reply::Affected(_) | Reply::Rows(_)) => Ok(()),
            Ok(other) => panic!("an unexpected reply: {other:?}"),
            Err(error) => Err(error),
        };
        if scope == Scope::Alone {
            assert!(before.is_empty());
            return affected(run(&self.engine, words, values));
        }
        let transaction = block_on(self.engine.begin(TransactionOptions::default())).expect("nobody else writes");
        let run = |words: &[u16], values| {
            let prepared = self.engine.prepare(words).expect("a valid shape");
            affected(block_on(transaction.run(&prepared, values)))
        };
        for (words, values) in before {
            run(words, values.clone()).expect("it is written");
        }
        let written = run(words, values);
        // A write that fails is undone alone, whatever its transaction does then.
        let committed = block_on(transaction.commit());
        written.and(committed)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Alone,
    Transaction,
}
const SCOPES: [Scope; 2] = [Scope::Alone, Scope::Transaction];

fn int(value: i64) -> Value {
    Value::Int(value)
}

/// Creates nodes by their ids, the next ones and their teams.
const BY_NEXT: &[u16] = words![Code::CreateMany, NODE, 1, 3, ID, NEXT, TEAM];

/// Each row of `rows` nodes refers to one of them, or to none that is there, and is of a team or of one that is missing.
fn combinations(rows: i64, next: &[Option<i64>], teams: &[Option<i64>]) -> Vec<Vec<[Option<i64>; 3]>> {
    let mut all = vec![Vec::new()];
    for id in 1..=rows {
        let longer = all.iter().flat_map(|before| {
            next.iter().flat_map(move |next| {
                teams.iter().map(move |team| {
                    let mut rows: Vec<[Option<i64>; 3]> = before.clone();
                    rows.push([Some(id), *next, *team]);
                    rows
                })
            })
        });
        all = longer.collect();
    }
    all
}

#[test]
fn whatever_refers_to_nothing_is_refused_and_all_else_is_written() {
    let of_two = combinations(2, &[None, Some(1), Some(2), Some(99)], &[None, Some(1), Some(999)]);
    let of_three = combinations(3, &[Some(1), Some(2), Some(3), Some(99)], &[None, Some(999)]);
    let tables = [
        PLAIN,
        COMPUTED,
        Tables { team: DEFERRABLE, ..COMPUTED },
        Tables { next: DEFERRABLE, ..COMPUTED },
        Tables { fan: DEFERRABLE, ..COMPUTED },
        Tables { options: "WITHOUT ROWID", ..COMPUTED },
    ];
    for tables in tables {
        let database = Database::new(tables);
        for scope in SCOPES {
            let more = if [tables.next, tables.team, tables.fan, tables.options] == [""; 4] { &*of_three } else { &[] };
            for rows in of_two.iter().chain(more) {
                database.clear();
                let leads = |[_, next, team]: &[Option<i64>; 3]| {
                    next.is_none_or(|next| next <= rows.len() as i64) && *team != Some(999)
                };
                let expected = rows.iter().all(leads);
                let cells: Vec<Value> = rows.iter().flatten().map(|cell| cell.map_or(Value::Null, int)).collect();
                let written = database.write(scope, &[], BY_NEXT, &cells);
                assert_eq!(written.is_ok(), expected, "{rows:?} {scope:?} in {tables:?}: {written:?}");
                assert_eq!(database.broken(), 0, "{rows:?} {scope:?} in {tables:?}");
                let stored = database.nodes(r#"SELECT CAST(id AS TEXT) FROM "Node""#).len();
                assert_eq!(stored, if expected { rows.len() } else { 0 }, "{rows:?} {scope:?} in {tables:?}");
            }
        }
    }
}

#[test]
fn a_circle_that_is_refused_is_refused_by_its_foreign_key() {
    for tables in [PLAIN, COMPUTED] {
        for scope in SCOPES {
            let database = Database::new(tables);
            let rows = [1, 2, 999, 2, 1, 1].map(int);
            let error = database.write(scope, &[], BY_NEXT, &rows).expect_err("there is no such team");
            assert!(error.is_foreign_key_violation(), "{error}");
            assert!(error.to_string().contains("the write of Node"), "{error}");
        }
    }
}

/// What a statement of the caller's transaction left to be answered is answered by the rows, and counted once.
#[test]
fn what_the_caller_has_deferred_is_still_seen_at_the_commit() {
    let create_fan: &[u16] =
        words![Code::Create, FAN, Code::Set, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
    for tables in [Tables { fan: DEFERRABLE, ..PLAIN }, Tables { fan: DEFERRABLE, ..COMPUTED }] {
        for (node, team, expected) in [(2, 1, true), (3, 1, false), (2, 999, false), (3, 999, false)] {
            let database = Database::new(tables);
            let fan = (create_fan, vec![int(7), int(node)]);
            let rows = [1, 2, team, 2, 1, 1].map(int);
            let written = database.write(Scope::Transaction, &[fan], BY_NEXT, &rows);
            assert_eq!(written.is_ok(), expected, "{node} {team} {tables:?}: {written:?}");
            assert_eq!(database.broken(), 0, "{node} {team} {tables:?}");
        }
    }
}

/// After a circle, in one transaction, each statement is looked at by itself again.
#[test]
fn a_later_statement_of_the_transaction_is_looked_at_when_it_ends() {
    for tables in [PLAIN, COMPUTED] {
        for team in [1, 999] {
            let database = Database::new(tables);
            let transaction =
                block_on(database.engine.begin(TransactionOptions::default())).expect("nobody else writes");
            let prepared = database.engine.prepare(BY_NEXT).expect("a valid shape");
            let run = |rows: &[i64]| {
                let rows = rows.iter().copied().map(int).collect();
                block_on(transaction.run(&prepared, vec![Value::List(rows)]))
            };
            assert_eq!(run(&[1, 2, team, 2, 1, 1]).is_ok(), team == 1);
            assert!(run(&[8, 8, 999]).is_err_and(|error| error.is_foreign_key_violation()));
            run(&[9, 9, 1]).expect("the team is there");
            block_on(transaction.commit()).expect("nothing is left broken");
            assert_eq!(
                (database.broken(), database.nodes(r#"SELECT '' FROM "Node""#).len()),
                (0, if team == 1 { 3 } else { 1 })
            );
        }
    }
}

#[test]
fn what_a_trigger_writes_beside_a_circle_is_looked_at() {
    let trigger = |node: &'static str| match node {
        "1" => r#"CREATE TRIGGER t AFTER INSERT ON "Node" BEGIN INSERT INTO "Fan" (node) VALUES (1); END;"#,
        _ => r#"CREATE TRIGGER t AFTER INSERT ON "Node" BEGIN INSERT INTO "Fan" (node) VALUES (77); END;"#,
    };
    for scope in SCOPES {
        for (more, expected) in [(trigger("1"), true), (trigger("77"), false)] {
            let database = Database::new(Tables { more, ..COMPUTED });
            // The second is written first where its transaction is the caller's, and node 1 is not there yet.
            let rows = [1, 2, 1, 2, 1, 1].map(int);
            let written = database.write(scope, &[], BY_NEXT, &rows);
            assert_eq!(written.is_ok(), expected, "{scope:?} {more}: {written:?}");
            assert_eq!(database.broken(), 0, "{scope:?} {more}");
        }
    }
}

/// Programs that do not enforce foreign keys leave rows behind that make SQLite's count too low.
#[test]
fn rows_that_were_broken_before_hide_none_that_is_broken_now() {
    for scope in SCOPES {
        for tables in [PLAIN, COMPUTED] {
            let more = r#"INSERT INTO "Node" (id, next) VALUES (50, 1), (51, 2);"#;
            let database = Database::new(Tables { more, ..tables });
            let written = database.write(scope, &[], BY_NEXT, &[1, 2, 999, 2, 1, 999].map(int));
            assert!(written.is_err_and(|error| error.is_foreign_key_violation()), "{scope:?} {tables:?}");
            database.write(scope, &[], BY_NEXT, &[1, 2, 1, 2, 1, 1].map(int)).expect("the team is there");
            assert_eq!(database.broken(), 0);
        }
    }
}

#[test]
fn a_circle_over_a_key_of_two_columns_is_written_whole_or_not_at_all() {
    let words = words![Code::CreateMany, NODE, 1, 6, ID, A, A + 1, A + 2, A + 3, TEAM];
    for tables in [PLAIN, COMPUTED] {
        for scope in SCOPES {
            for (b, team, expected) in [(2, 1, true), (1, 1, false), (2, 999, false)] {
                let database = Database::new(tables);
                let rows = [1, 1, 1, 1, 2, team, 2, 1, 2, 1, if b == 2 { 1 } else { 9 }, 1].map(int);
                let written = database.write(scope, &[], words, &rows);
                assert_eq!(written.is_ok(), expected, "{b} {team} {scope:?} {tables:?}: {written:?}");
                assert_eq!(database.broken(), 0);
            }
        }
    }
}

/// Where a circle is a part of many rows, and rows of a later statement come after it.
#[test]
fn many_rows_with_circles_are_looked_at_to_the_last_one() {
    for tables in [PLAIN, COMPUTED] {
        for scope in SCOPES {
            for broken in [None, Some(0), Some(1_500), Some(2_999)] {
                let database = Database::new(tables);
                let rows: Vec<Value> = (0..3_000)
                    .flat_map(|index| {
                        let other = if index % 2 == 0 { index + 2 } else { index };
                        [int(index + 1), int(other), if broken == Some(index) { int(999) } else { int(1) }]
                    })
                    .collect();
                let written = database.write(scope, &[], BY_NEXT, &rows);
                assert_eq!(written.is_ok(), broken.is_none(), "{broken:?} {scope:?} {tables:?}: {written:?}");
                assert_eq!(database.broken(), 0);
            }
        }
    }
}

#[test]
fn keys_refer_to_each_other_as_the_database_compares_them() {
    let words = words![Code::CreateMany, NODE, 1, 2, CODE, UP];
    let rows = |rows: &[[Option<&str>; 2]]| -> Vec<Value> {
        rows.iter().flatten().map(|cell| cell.map_or(Value::Null, text)).collect()
    };
    for scope in SCOPES {
        for (collation, later, circle) in [
            (
                "COLLATE NOCASE",
                [[Some("z1"), Some("Z2")], [Some("z2"), None]],
                [[Some("a"), Some("B")], [Some("b"), Some("A")]],
            ),
            (
                "COLLATE RTRIM",
                [[Some("z1"), Some("z2  ")], [Some("z2"), None]],
                [[Some("a"), Some("b ")], [Some("b"), Some("a ")]],
            ),
        ] {
            for more in ["", r#"CREATE TRIGGER t AFTER INSERT ON "Node" BEGIN SELECT 1; END;"#] {
                let database = Database::new(Tables { code: collation, more, ..PLAIN });
                database.write(scope, &[], words, &rows(&later)).expect("the key is there");
                database.write(scope, &[], words, &rows(&circle)).expect("both keys are there");
                assert_eq!(database.broken(), 0);
            }
        }
        let database = Database::new(PLAIN);
        let written = database.write(scope, &[], words, &rows(&[[Some("z1"), Some("Z2")], [Some("z2"), None]]));
        assert!(written.is_err_and(|error| error.is_foreign_key_violation()));
    }
}

/// The database counts rows up in the order in which they were given.
#[test]
fn rows_that_refer_to_later_ones_are_numbered_as_they_were_given() {
    let words = words![Code::CreateMany, NODE, 1, 2, CODE, UP];
    for scope in SCOPES {
        for rows in [
            [[None, Some("z")], [Some("k"), None], [Some("z"), None]],
            [[Some("x"), Some("y")], [Some("y"), Some("x")], [Some("k"), Some("k")]],
        ] {
            let database = Database::new(PLAIN);
            let cells: Vec<Value> =
                rows.iter().flatten().map(|cell: &Option<&str>| cell.map_or(Value::Null, text)).collect();
            database.write(scope, &[], words, &cells).expect("the keys are there");
            let stored = database
                .nodes(r#"SELECT id || ' ' || coalesce(code, '') || ' ' || coalesce(up, '') FROM "Node" ORDER BY id"#);
            let expected: Vec<String> = rows
                .iter()
                .enumerate()
                .map(|(index, [code, up])| format!("{} {} {}", index + 1, code.unwrap_or(""), up.unwrap_or("")))
                .collect();
            assert_eq!(stored, expected, "{scope:?}");
        }
        // A row may refer to the number that a later one is known to get.
        let database = Database::new(PLAIN);
        let words = words![Code::CreateMany, NODE, 1, 1, NEXT];
        database.write(scope, &[], words, &[int(3), int(1), int(2)]).expect("there are three rows");
        assert!(database.write(scope, &[], words, &[int(7), int(4), int(5)]).is_err(), "there are six");
    }
}

/// How the rows of a list are written below another row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nested {
    /// A `create` per row.
    Create,
    /// One `createMany`, whose rows give the same columns.
    CreateMany,
    /// A `createMany` per run of rows that give the same columns, as the clients do where one leaves a column out.
    CreateManyRuns,
}

/// The words of nested writes of nodes below a team: its rows by their ids and the next ones.
fn nested(rows: &[[Option<i64>; 2]], by: Nested) -> (Vec<u16>, Vec<Value>) {
    const NODES: u16 = 1;
    let cell = |cell: &Option<i64>| cell.map_or(Value::Null, int);
    let mut words = Vec::new();
    let mut values = Vec::new();
    match by {
        Nested::Create => {
            for [id, next] in rows {
                words.extend(words![Code::NestedCreate, NODES, Code::Set, ID]);
                values.extend(id.map(int));
                words.extend(next.iter().flat_map(|_| [Code::Set as u16, NEXT]));
                values.extend(next.map(int));
                words.push(Code::End as u16);
            }
        }
        Nested::CreateMany => {
            words.extend(words![Code::NestedCreateMany, NODES, 2, ID, NEXT]);
            values.push(Value::List(rows.iter().flatten().map(cell).collect()));
        }
        Nested::CreateManyRuns => {
            for run in rows.chunk_by(|[_, one], [_, other]| one.is_some() == other.is_some()) {
                let gives_next = run.iter().any(|[_, next]| next.is_some());
                let columns: &[u16] = if gives_next { &[2, ID, NEXT] } else { &[1, ID] };
                words.extend(words![Code::NestedCreateMany, NODES]);
                words.extend(columns);
                values.push(Value::List(run.iter().flatten().flatten().map(|cell| int(*cell)).collect()));
            }
        }
    }
    (words, values)
}

/// The write of a team that has nodes below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    /// Changes the team 1.
    Update,
    /// Creates the team 2.
    Create,
    /// Creates the team 2, which is not there, by an `upsert`.
    UpsertCreates,
    /// Changes the team 1, which is there, by an `upsert`.
    UpsertUpdates,
}

/// Writes a team with nodes below it.
fn below_a_team(
    database: &Database,
    scope: Scope,
    above: Above,
    (nested, rows): (Vec<u16>, Vec<Value>),
) -> Result<(), Error> {
    const TEAM_MODEL: u16 = 1;
    let (mut words, mut values) = match above {
        Above::Update => (words![Code::Update, TEAM_MODEL, Code::Equals, 0].to_vec(), vec![int(1)]),
        Above::Create => (words![Code::Create, TEAM_MODEL, Code::Set, 0].to_vec(), vec![int(2)]),
        Above::UpsertCreates => {
            (words![Code::Upsert, TEAM_MODEL, Code::Equals, 0, Code::Set, 0].to_vec(), vec![int(2), int(2)])
        }
        Above::UpsertUpdates => {
            (words![Code::Upsert, TEAM_MODEL, Code::Equals, 0, Code::Set, 0, Code::End].to_vec(), vec![int(1), int(2)])
        }
    };
    words.extend(nested);
    values.extend(rows);
    if above == Above::UpsertCreates {
        words.push(Code::End as u16);
    }
    words.extend(words![Code::End, Code::Field, 0, Code::End]);
    if scope == Scope::Alone {
        return run(&database.engine, &words, values).map(drop);
    }
    let transaction = block_on(database.engine.begin(TransactionOptions::default())).expect("nobody else writes");
    let prepared = database.engine.prepare(&words).expect("a valid shape");
    let written = block_on(transaction.run(&prepared, values)).map(drop);
    // Whatever became of it, the next statement of the transaction fails by itself again.
    let lost = words![Code::Create, NODE, Code::Set, ID, Code::Set, NEXT, Code::End, Code::Field, ID, Code::End];
    let lost = database.engine.prepare(lost).expect("a valid shape");
    let refused = block_on(transaction.run(&lost, vec![int(777), int(12_345)]));
    assert!(refused.is_err_and(|error| error.is_foreign_key_violation()), "foreign keys are looked at once more");
    let committed = block_on(transaction.commit());
    written.and(committed)
}

#[test]
fn the_rows_of_a_nested_list_refer_to_each_other_in_any_order() {
    let of_two = combinations(2, &[None, Some(1), Some(2), Some(99)], &[None]);
    let of_three = combinations(3, &[None, Some(1), Some(2), Some(3), Some(99)], &[None]);
    let writes = [
        (Nested::Create, Above::Update),
        (Nested::Create, Above::Create),
        (Nested::Create, Above::UpsertCreates),
        (Nested::CreateMany, Above::Update),
        (Nested::CreateManyRuns, Above::Update),
        (Nested::CreateManyRuns, Above::Create),
        (Nested::CreateManyRuns, Above::UpsertCreates),
        (Nested::CreateManyRuns, Above::UpsertUpdates),
    ];
    for tables in [PLAIN, COMPUTED] {
        let database = Database::new(tables);
        for scope in SCOPES {
            for rows in of_two.iter().chain(&of_three) {
                for (by, above) in writes {
                    database.clear();
                    database.engine.execute_script(r#"DELETE FROM "Team" WHERE id = 2"#).expect("it is deleted");
                    let pairs: Vec<[Option<i64>; 2]> = rows.iter().map(|[id, next, _]| [*id, *next]).collect();
                    let expected = pairs.iter().all(|[_, next]| next.is_none_or(|next| next <= rows.len() as i64));
                    let written = below_a_team(&database, scope, above, nested(&pairs, by));
                    let what = format!("{pairs:?} {scope:?} {by:?} {above:?}");
                    assert_eq!(written.is_ok(), expected, "{what}: {written:?}");
                    assert!(written.err().is_none_or(|error| error.is_foreign_key_violation()), "{what}");
                    assert_eq!(database.broken(), 0, "{what}");
                    let stored = database.nodes(r#"SELECT id || ' ' || team FROM "Node" ORDER BY id"#).len();
                    assert_eq!(stored, if expected { rows.len() } else { 0 }, "{what}");
                }
            }
        }
    }
}

/// Where something else could be broken meanwhile and nobody would see it, the rows are written as before: each refers to rows
/// that are there.
#[test]
fn a_nested_list_is_not_deferred_where_that_would_hide_something() {
    let trigger = r#"CREATE TRIGGER t AFTER INSERT ON "Node" BEGIN INSERT INTO "Fan" (node) VALUES (12345); END"#;
    for tables in [
        Tables { fan: DEFERRABLE, ..PLAIN },
        Tables { options: "WITHOUT ROWID", ..PLAIN },
        Tables { more: trigger, ..PLAIN },
    ] {
        for scope in SCOPES {
            let database = Database::new(tables);
            for by in [Nested::Create, Nested::CreateManyRuns] {
                let forward = nested(&[[Some(1), Some(2)], [Some(2), None]], by);
                let error = below_a_team(&database, scope, Above::Update, forward).expect_err("it is not deferred");
                assert!(error.is_foreign_key_violation(), "{error}");
                assert_eq!(database.broken(), 0);
            }
        }
    }
}

/// The row that a list belongs to is written before it, and refers to none of its rows.
#[test]
fn a_row_refers_to_none_that_is_created_below_it() {
    const BEFORE: u16 = 13;
    let database = Database::new(PLAIN);
    // A node whose `up` is the code of a node that is created below it.
    let words = words![
        Code::Create,
        NODE,
        Code::Set,
        ID,
        Code::Set,
        UP,
        Code::NestedCreate,
        BEFORE,
        Code::Set,
        ID,
        Code::Set,
        CODE,
        Code::End,
        Code::End,
        Code::Field,
        ID,
        Code::End
    ];
    let values = || vec![int(1), text("z"), int(2), text("z")];
    let error = run(&database.engine, words, values()).expect_err("it is not there yet");
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!(database.nodes(r#"SELECT CAST(id AS TEXT) FROM "Node""#).len(), 0);
}
