//! The forms of decimals in a file: numbers are compared by their values, and by an index where all are in one form.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

use purlin_driver::frame::Values;
use purlin_driver::{Engine, Error, Options, Reply, SqliteOptions};
use purlin_query::catalog::{Arity, Catalog, Column, Default, Field, Key, Model, Relation, Through, Type};
use purlin_query::dialect::sqlite::FormedType;
use purlin_query::shape::Code;
use purlin_query::value::Value;

mod support;
use support::run;

/// A key that is a decimal, and another unique one.
const PRICE: &[Field] = &[
    Field::column("amount", Column::new("amount", Type::Decimal).indexed()),
    Field::column("code", Column::new("code", Type::Decimal).nullable().indexed()),
    Field::column("plain", Column::new("plain", Type::Decimal).nullable()),
    Field::relation("items", Relation::referenced(1, 2, Arity::Many, &[0], &[1])),
    Field::relation("tags", Relation::through(2, 1, &[0], &[0], Through::new("_PriceToTag", "A", "B"))),
];
const ITEM: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("amount", Column::new("amount", Type::Decimal).nullable()),
    Field::relation("price", Relation::foreign(0, 3, Arity::Optional, &[1], &[0])),
];
const TAG: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::relation("prices", Relation::through(0, 4, &[0], &[0], Through::new("_PriceToTag", "B", "A"))),
];
const MODELS: &[Model] = &[
    Model::new("Price", "Price", PRICE, const { &[Key::new("amount", &[0]), Key::new("code", &[1])] }),
    Model::new("Item", "Item", ITEM, const { &[Key::new("id", &[0])] }),
    Model::new("Tag", "Tag", TAG, const { &[Key::new("id", &[0])] }),
];

/// The type of the columns of decimals, and whether there are the indexes that tell of other forms.
#[derive(Debug, Clone, Copy)]
struct File {
    native: &'static str,
    watched: bool,
}

const TEXT: File = File { native: "DECIMAL_TEXT", watched: true };
const UNWATCHED: File = File { native: "DECIMAL_TEXT", watched: false };
/// As Prisma declares it, which makes numbers of texts.
const NUMERIC: File = File { native: "DECIMAL", watched: true };
/// As an expression of a view or a table of another program: a number stays one, and a text a text.
const UNTYPED: File = File { native: "BLOB", watched: false };
const FILES: [File; 4] = [TEXT, UNWATCHED, NUMERIC, UNTYPED];

fn open(file: File, rows: &str) -> (Engine, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("file:{}", folder.path().join("test.db").display());
    let options = Options::from(SqliteOptions { create: true, ..SqliteOptions::default() });
    let engine = Engine::open(Catalog::new(MODELS, &[]), &url, options).expect("a URL of a file");
    let native = file.native;
    let mut script = format!(
        r#"CREATE TABLE "Price" ("amount" {native} NOT NULL PRIMARY KEY, "code" {native} UNIQUE, "plain" {native});
           CREATE TABLE "Item" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "amount" {native} REFERENCES "Price" ("amount"));
           CREATE TABLE "Tag" ("id" INTEGER PRIMARY KEY);
           CREATE TABLE "_PriceToTag" ("A" {native} NOT NULL REFERENCES "Price" ("amount"),
             "B" INTEGER NOT NULL REFERENCES "Tag" ("id"));
           CREATE UNIQUE INDEX "_PriceToTag_AB_unique" ON "_PriceToTag" ("A", "B");"#
    );
    if file.watched {
        for column in ["amount", "code"] {
            let (name, condition) = (FormedType::Decimal.index("Price", column), FormedType::Decimal.condition(column));
            script.push_str(&format!(r#"CREATE INDEX "{name}" ON "Price" ("{column}") WHERE {condition};"#));
        }
    }
    engine.execute_script(&(script + rows)).expect("the tables are created");
    (engine, folder)
}

fn price(form: &str) -> String {
    format!(r#"INSERT INTO "Price" VALUES ({form}, {form}, {form});"#)
}

fn decimal(text: &str) -> Value {
    Value::Decimal(text.to_owned())
}

fn count(reply: Result<Reply, Error>) -> i64 {
    match reply {
        Ok(Reply::Counts(counts)) => counts[0],
        Ok(Reply::Affected(rows)) => i64::try_from(rows).expect("few rows"),
        other => panic!("expected a count, got {other:?}"),
    }
}

/// How many rows a condition on a column of `Price` finds.
fn found(engine: &Engine, operator: Code, field: u16, than: &str) -> i64 {
    let words = words![Code::Count, 0, Code::Where, operator, field, Code::End, 1, Code::All];
    count(run(engine, words, vec![decimal(than)]))
}

/// The forms of 1.5 that a file may hold.
const ONE_AND_A_HALF: [&str; 9] =
    ["'1.5'", "'1.50'", "'1.500000'", "'+1.5'", "'01.5'", "' 1.5 '", "'15e-1'", "'0.15E+1'", "1.5"];
/// Of 2.
const TWO: [&str; 8] = ["'2'", "'2.0'", "'2.'", "'+2'", "'002'", "'2e0'", "2", "2.0"];

#[test]
fn a_number_is_found_in_any_form() {
    for file in FILES {
        for (forms, number) in [(&ONE_AND_A_HALF[..], "1.5"), (&TWO[..], "2")] {
            for form in forms {
                let (engine, _folder) = open(file, &(price(form) + &price("'10'")));
                for field in 0..3 {
                    for (operator, than, rows) in [
                        (Code::Equals, number, 1),
                        (Code::NotEquals, number, 1),
                        (Code::Less, number, 0),
                        (Code::LessOrEqual, number, 1),
                        (Code::Greater, number, 1),
                        (Code::GreaterOrEqual, number, 2),
                        (Code::Less, "10", 1),
                        (Code::Greater, "1.4999999999999", 2),
                        (Code::Equals, "15", 0),
                    ] {
                        let count = found(&engine, operator, field, than);
                        assert_eq!(count, rows, "{operator:?} {than} of field {field} with {form} in {file:?}");
                    }
                    for (operator, list, rows) in
                        [(Code::In, [number, "7"], 1), (Code::In, ["10", number], 2), (Code::NotIn, ["7", number], 1)]
                    {
                        let words = words![Code::Count, 0, Code::Where, operator, field, Code::End, 1, Code::All];
                        let list = Value::List(list.map(decimal).to_vec());
                        let reply = run(&engine, words, vec![list]);
                        assert_eq!(count(reply), rows, "{operator:?} of field {field} with {form} in {file:?}");
                    }
                }
                let words =
                    words![Code::FindUnique, 0, Code::Where, Code::Equals, 0, Code::End, Code::Field, 0, Code::End];
                let reply = run(&engine, words, vec![decimal(number)]);
                let Ok(Reply::Rows(rows)) = reply else { panic!("expected a row of {form}, got {reply:?}") };
                assert_eq!(rows.len(), 1, "{form} in {file:?}");
            }
        }
    }
}

#[test]
fn related_rows_are_found_by_numbers_in_any_form() {
    for file in FILES {
        for form in ONE_AND_A_HALF {
            let rows = price(form)
                + &format!(r#"INSERT INTO "Item" VALUES (1, {form}), (2, NULL); INSERT INTO "Tag" VALUES (1);"#)
                + &format!(r#"INSERT INTO "_PriceToTag" VALUES ({form}, 1);"#);
            let (engine, _folder) = open(file, &rows);
            let where_some = |relation: u16| {
                let words =
                    words![Code::Count, 0, Code::Where, Code::Some, relation, Code::And, 0, Code::End, 1, Code::All];
                count(run(&engine, words, Vec::new()))
            };
            assert_eq!([where_some(3), where_some(4)], [1, 1], "{form} in {file:?}");
            let words = words![
                Code::FindMany,
                0,
                Code::End,
                Code::Relation,
                3,
                Code::End,
                Code::Field,
                0,
                Code::End,
                Code::Relation,
                4,
                Code::End,
                Code::Field,
                0,
                Code::End,
                Code::End
            ];
            let reply = run(&engine, words, Vec::new());
            let Ok(Reply::Rows(rows)) = reply else { panic!("expected rows of {form}, got {reply:?}") };
            let lengths: Vec<u32> = (0..2).map(|link| rows.link(link)[0].length).collect();
            assert_eq!(lengths, [1, 1], "{form} in {file:?}");
            let words = words![
                Code::FindMany,
                1,
                Code::End,
                Code::Relation,
                2,
                Code::End,
                Code::Field,
                0,
                Code::End,
                Code::End
            ];
            let reply = run(&engine, words, Vec::new());
            let Ok(Reply::Rows(rows)) = reply else { panic!("expected rows of {form}, got {reply:?}") };
            assert_eq!(rows.link(0).iter().map(|span| span.length).collect::<Vec<_>>(), [1, 0], "{form} in {file:?}");
        }
    }
}

#[test]
fn a_number_is_unique_in_any_form() {
    for file in FILES {
        for form in ONE_AND_A_HALF {
            let (engine, _folder) = open(file, &(price(form) + &price("'3'")));
            let words = words![Code::Create, 0, Code::Set, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
            for values in [["1.5", "7"], ["7", "1.5"]] {
                let reply = run(&engine, words, values.map(decimal).to_vec());
                assert!(reply.is_err_and(|error| error.is_unique_violation()), "{values:?} beside {form} in {file:?}");
            }
            run(&engine, words, ["8", "9"].map(decimal).to_vec()).expect("a new number is free");
            let words = words![Code::CreateMany, 0, 1, 2, 0, 1];
            let rows = Value::List(["11", "12", "1.5", "13"].map(decimal).to_vec());
            let reply = run(&engine, words, vec![rows]);
            assert!(reply.is_err_and(|error| error.is_unique_violation()), "many beside {form} in {file:?}");
            let words = words![Code::UpdateMany, 0, Code::Equals, 0, Code::Set, 1, Code::End];
            let reply = run(&engine, words, vec![decimal("3"), decimal("1.5")]);
            assert!(reply.is_err_and(|error| error.is_unique_violation()), "a change beside {form} in {file:?}");
            assert_eq!(found(&engine, Code::Greater, 0, "0"), 3, "{form} in {file:?}");
        }
    }
}

#[test]
fn a_foreign_key_takes_the_form_of_its_key() {
    for file in FILES {
        for form in ONE_AND_A_HALF {
            let (engine, folder) = open(file, &(price(form) + r#"INSERT INTO "Tag" VALUES (1);"#));
            // By its column, and by `connect`; the join table by `connect` as well.
            let words = words![Code::Create, 1, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
            run(&engine, words, vec![decimal("1.5")]).unwrap_or_else(|error| panic!("{form} in {file:?}: {error}"));
            let words =
                words![Code::Create, 1, Code::Connect, 2, Code::Equals, 0, Code::End, Code::Field, 0, Code::End];
            run(&engine, words, vec![decimal("1.5")]).unwrap_or_else(|error| panic!("{form} in {file:?}: {error}"));
            let words = words![
                Code::Update,
                0,
                Code::Equals,
                0,
                Code::Connect,
                4,
                Code::Equals,
                0,
                Code::End,
                Code::Field,
                0,
                Code::End
            ];
            run(&engine, words, vec![decimal("1.5"), Value::Int(1)])
                .unwrap_or_else(|error| panic!("{form} in {file:?}: {error}"));
            let sqlite = rusqlite::Connection::open(folder.path().join("test.db")).expect("the file is there");
            let alike: i64 = sqlite
                .query_row(
                    r#"SELECT (SELECT COUNT(*) FROM "Item" JOIN "Price" USING ("amount")) +
                         (SELECT COUNT(*) FROM "_PriceToTag" JOIN "Price" ON "A" = "amount")"#,
                    [],
                    |row| row.get(0),
                )
                .expect("a count");
            assert_eq!(alike, 3, "{form} in {file:?}");
        }
    }
}

/// A key of a decimal and a number, and rows that refer to it.
const RATE: &[Field] = &[
    Field::column("rate", Column::new("rate", Type::Decimal)),
    Field::column("year", Column::new("year", Type::Int)),
    Field::relation("bills", Relation::referenced(1, 3, Arity::Many, &[0, 1], &[1, 2])),
    Field::relation("up", Relation::foreign(0, 6, Arity::Optional, &[4, 5], &[0, 1])),
    Field::column("upRate", Column::new("upRate", Type::Decimal).nullable()),
    Field::column("upYear", Column::new("upYear", Type::Int).nullable()),
    Field::relation("down", Relation::referenced(0, 3, Arity::Many, &[0, 1], &[4, 5])),
];
const BILL: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("rate", Column::new("rate", Type::Decimal).nullable()),
    Field::column("year", Column::new("year", Type::Int).nullable().default(Default::Number(1))),
    Field::relation("of", Relation::foreign(0, 2, Arity::Optional, &[1, 2], &[0, 1])),
];
const RATES: &[Model] = &[
    Model::new("Rate", "Rate", RATE, const { &[Key::new("rate_year", &[0, 1])] }),
    Model::new("Bill", "Bill", BILL, const { &[Key::new("id", &[0])] }),
];

#[test]
fn a_part_of_a_foreign_key_takes_the_form_of_the_key_that_it_leads_to() {
    for first in ONE_AND_A_HALF {
        for second in ONE_AND_A_HALF {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let url = format!("file:{}", folder.path().join("test.db").display());
            let options = Options::from(SqliteOptions { create: true, ..SqliteOptions::default() });
            let engine = Engine::open(Catalog::new(RATES, &[]), &url, options).expect("a URL of a file");
            let script = format!(
                r#"CREATE TABLE "Rate" ("rate" DECIMAL_TEXT NOT NULL, "year" INT NOT NULL, "upRate" DECIMAL_TEXT, "upYear" INT,
                     PRIMARY KEY ("rate", "year"), FOREIGN KEY ("upRate", "upYear") REFERENCES "Rate" ("rate", "year"));
                   CREATE TABLE "Bill" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "rate" DECIMAL_TEXT, "year" INT DEFAULT 1,
                     FOREIGN KEY ("rate", "year") REFERENCES "Rate" ("rate", "year"));
                   INSERT INTO "Rate" VALUES ({first}, 1, NULL, NULL), ({second}, 2, NULL, NULL), ('7', 1, NULL, NULL);
                   INSERT INTO "Bill" VALUES (1, '7', 1), (2, NULL, 1);"#
            );
            engine.execute_script(&script).expect("the tables are created");
            let context = format!("{first} {second}");
            let update = |field: u16| {
                words![Code::Update, 1, Code::Equals, 0, Code::Set, field, Code::End, Code::Field, 0, Code::End]
                    .to_vec()
            };
            for id in [1, 2] {
                run(&engine, &update(1), vec![Value::Int(id), decimal("1.5")]).expect(&context);
            }
            let create = words![Code::Create, 1, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
            run(&engine, create, vec![decimal("1.5")]).expect(&context);
            run(&engine, &update(2), vec![Value::Int(1), Value::Int(2)]).expect(&context);
            let many = words![Code::UpdateMany, 1, Code::Equals, 0, Code::Set, 2, Code::End];
            run(&engine, many, vec![Value::Int(2), Value::Int(2)]).expect(&context);
            let refused = run(&engine, &update(2), vec![Value::Int(1), Value::Int(3)]);
            assert!(refused.is_err_and(|error| error.is_foreign_key_violation()), "{context}");
            // A row that refers to itself.
            let own = words![
                Code::Create,
                0,
                Code::Set,
                0,
                Code::Set,
                1,
                Code::Set,
                4,
                Code::Set,
                5,
                Code::End,
                Code::Field,
                1,
                Code::End
            ];
            run(&engine, own, vec![decimal("1.5"), Value::Int(9), decimal("1.5"), Value::Int(9)]).expect(&context);
        }
    }
}

#[test]
fn random_numbers_are_found_and_sorted_by_their_values() {
    let mut seed = 11_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for round in 0..9_usize {
        let file = FILES[round % 3];
        let (engine, _folder) = open(file, "");
        // Halves from -4 to 4, written in any form.
        let rows: Vec<i64> = (0..30).map(|_| i64::try_from(random(17)).expect("small") - 8).collect();
        let mut script = String::new();
        for (index, halves) in rows.iter().enumerate() {
            let sign = if *halves < 0 { "-" } else { "" };
            let (whole, half) = (halves.abs() / 2, if halves % 2 == 0 { "0" } else { "5" });
            let form = match random(5) {
                0 => format!("'{sign}{whole}.{half}'"),
                1 => format!("'{sign}0{whole}.{half}00'"),
                2 => format!("'{sign}{whole}{half}e-1'"),
                3 => format!("{sign}{whole}.{half}"),
                _ => format!(
                    "'{}'",
                    purlin_driver::decimal::canonical(&format!("{sign}{whole}.{half}")).expect("a number")
                ),
            };
            script.push_str(&format!(r#"INSERT INTO "Price" VALUES ({index}, NULL, {form});"#));
        }
        engine.execute_script(&script).expect("the rows are inserted");
        for than in -8..=8_i64 {
            let text = purlin_driver::decimal::canonical(&format!("{}e-1", than * 5)).expect("a number");
            for (operator, holds) in [
                (Code::Equals, (|a, b| a == b) as fn(i64, i64) -> bool),
                (Code::NotEquals, |a, b| a != b),
                (Code::Less, |a, b| a < b),
                (Code::GreaterOrEqual, |a, b| a >= b),
            ] {
                let expected = rows.iter().filter(|row| holds(**row, than)).count();
                let count = found(&engine, operator, 2, &text);
                assert_eq!(count, i64::try_from(expected).expect("few"), "{operator:?} {text} in round {round}");
            }
        }
        for direction in [Code::Ascending, Code::Descending] {
            let words = words![
                Code::FindMany,
                0,
                Code::OrderBy,
                direction,
                0,
                Code::Field,
                2,
                Code::End,
                Code::Field,
                2,
                Code::End
            ];
            let reply = run(&engine, words, Vec::new());
            let Ok(Reply::Rows(found)) = reply else { panic!("expected rows, got {reply:?}") };
            let frame = found.frame(0);
            let Values::Text(places) = &frame.columns[0].values else { panic!("decimals") };
            let read: Vec<f64> = places.iter().map(|place| frame.text_at(*place).parse().expect("a number")).collect();
            assert!(read.is_sorted_by(|a, b| if direction == Code::Ascending { a <= b } else { a >= b }), "{read:?}");
        }
    }
}

#[test]
fn a_form_that_another_program_writes_is_seen_at_once() {
    let (engine, folder) = open(TEXT, &price("'1.5'"));
    assert_eq!(found(&engine, Code::Equals, 1, "2"), 0);
    let other = rusqlite::Connection::open(folder.path().join("test.db")).expect("the file is there");
    other.execute_batch(&price("'2.00'")).expect("it is inserted");
    assert_eq!(found(&engine, Code::Equals, 1, "2"), 1);
    other
        .execute_batch(r#"UPDATE "Price" SET "amount" = '2', "code" = '2' WHERE "code" = '2.00'"#)
        .expect("it is changed");
    assert_eq!(found(&engine, Code::Equals, 1, "2"), 1);
}

/// A place of a shelf is named by a number and a date, and a box refers to it by both.
const PLACE: &[Field] = &[
    Field::column("number", Column::new("number", Type::Decimal).indexed()),
    Field::column("since", Column::new("since", Type::DateTime).indexed()),
    Field::relation("boxes", Relation::referenced(1, 3, Arity::Many, &[0, 1], &[1, 2])),
];
const BOX: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("number", Column::new("number", Type::Decimal).nullable()),
    Field::column("since", Column::new("since", Type::DateTime).nullable()),
    Field::relation("place", Relation::foreign(0, 2, Arity::Optional, &[1, 2], &[0, 1])),
];
const SHELF: &[Model] = &[
    Model::new("Place", "Place", PLACE, const { &[Key::new("number_since", &[0, 1])] }),
    Model::new("Box", "Box", BOX, const { &[Key::new("id", &[0])] }),
];

#[test]
fn each_part_of_a_foreign_key_takes_the_form_of_its_key() {
    for watched in [true, false] {
        for (number, since) in [
            ("'1.5'", "'1970-01-01T00:00:00.000+00:00'"),
            ("'1.50'", "'1970-01-01T00:00:00.000+00:00'"),
            ("'1.5'", "0"),
            ("'+1.5'", "'1970-01-01'"),
        ] {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let url = format!("file:{}", folder.path().join("test.db").display());
            let options = Options::from(SqliteOptions { create: true, ..SqliteOptions::default() });
            let engine = Engine::open(Catalog::new(SHELF, &[]), &url, options).expect("a URL of a file");
            let mut script = format!(
                r#"CREATE TABLE "Place" ("number" DECIMAL_TEXT NOT NULL, "since" DATETIME NOT NULL, PRIMARY KEY ("number", "since"));
                   CREATE TABLE "Box" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "number" DECIMAL_TEXT, "since" DATETIME,
                     FOREIGN KEY ("number", "since") REFERENCES "Place" ("number", "since"));
                   INSERT INTO "Place" VALUES ({number}, {since});
                   INSERT INTO "Box" VALUES (1, NULL, NULL);"#
            );
            for (ty, column) in
                [(FormedType::Decimal, "number"), (FormedType::Date, "since")].iter().filter(|_| watched)
            {
                let (name, condition) = (ty.index("Place", column), ty.condition(column));
                script.push_str(&format!(r#"CREATE INDEX "{name}" ON "Place" ("{column}") WHERE {condition};"#));
            }
            engine.execute_script(&script).expect("the tables are created");
            let key = || vec![decimal("1.5"), Value::DateTime(0)];
            let failed = |error: Error| -> Reply { panic!("{number} {since} {watched}: {error}") };
            let words = words![Code::Create, 1, Code::Set, 1, Code::Set, 2, Code::End, Code::Field, 0, Code::End];
            run(&engine, words, key()).unwrap_or_else(failed);
            let words = words![Code::CreateMany, 1, 1, 2, 1, 2];
            run(&engine, words, vec![Value::List(key())]).unwrap_or_else(failed);
            let connect: &[u16] = words![Code::Connect, 3, Code::And, 2, Code::Equals, 0, Code::Equals, 1, Code::End];
            let selected: &[u16] = words![Code::Field, 0, Code::End];
            let create = [&words![Code::Create, 1][..], connect, selected].concat();
            run(&engine, &create, key()).unwrap_or_else(failed);
            let update = [&words![Code::Update, 1, Code::Equals, 0][..], connect, selected].concat();
            run(&engine, &update, [vec![Value::Int(1)], key()].concat()).unwrap_or_else(failed);
            let words = words![Code::Count, 1, Code::Where, Code::Some, 3, Code::And, 0, Code::End, 1, Code::All];
            assert_eq!(count(run(&engine, words, Vec::new())), 4, "{number} {since} {watched}");
        }
    }
}
