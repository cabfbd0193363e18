//! The forms of dates in a file: which one is written, and when an index of dates is used.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

use purlin_driver::{Engine, Options, Reply, SqliteOptions};
use purlin_query::catalog::{Arity, Catalog, Column, Default, Field, Key, Model, Relation, Type};
use purlin_query::dialect::sqlite::FormedType;
use purlin_query::shape::Code;
use purlin_query::value::Value;

mod support;
use support::{block_on, run};

const EVENT: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("at", Column::new("at", Type::DateTime).nullable().indexed()),
    Field::column("seen", Column::new("seen", Type::DateTime).default(Default::Now)),
];
const KEYS: &[Key] = &[Key::new("id", &[0])];
const STAMP: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("at", Column::new("at", Type::DateTime).default(Default::Instant(INSTANT / 1_000))),
];
const MODELS: &[Model] = &[Model::new("Event", "Event", EVENT, KEYS), Model::new("Stamp", "Stamp", STAMP, KEYS)];

/// 2024-01-02T03:04:05.678Z in microseconds.
const INSTANT: i64 = 1_704_164_645_678_000;

/// A database with the table, and the index of other dates when it `is_ours`.
fn open(is_ours: bool, rows: &str) -> (Engine, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("file:{}", folder.path().join("test.db").display());
    let options = Options::from(SqliteOptions { create: true, ..SqliteOptions::default() });
    let engine = Engine::open(Catalog::new(MODELS, &[]), &url, options).expect("a URL of a file");
    let mut script = String::from(
        r#"CREATE TABLE "Event" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "at" DATETIME, "seen" DATETIME NOT NULL);
           CREATE INDEX "Event_at_idx" ON "Event" ("at");"#,
    );
    if is_ours {
        let (name, condition) = (FormedType::Date.index("Event", "at"), FormedType::Date.condition("at"));
        script.push_str(&format!(r#"CREATE INDEX "{name}" ON "Event" ("at") WHERE {condition};"#));
    }
    engine.execute_script(&(script + rows)).expect("the table is created");
    (engine, folder)
}

/// The cells of the last row as SQL literals.
fn last_row(folder: &tempfile::TempDir) -> (String, String) {
    let sqlite = rusqlite::Connection::open(folder.path().join("test.db")).expect("the file is there");
    let sql = r#"SELECT quote("at"), quote("seen") FROM "Event" ORDER BY "id" DESC LIMIT 1"#;
    sqlite.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a row")
}

fn create(engine: &Engine, micros: i64) {
    let words = words![Code::Create, 0, Code::Set, 1, Code::Set, 2, Code::End, Code::Field, 0, Code::End];
    run(engine, words, vec![Value::DateTime(micros), Value::DateTime(micros)]).expect("a row is created");
}

const OURS: &str = "'2024-01-02T03:04:05.678+00:00'";

#[test]
fn an_empty_table_gets_texts() {
    for is_ours in [false, true] {
        let (engine, folder) = open(is_ours, "");
        create(&engine, INSTANT);
        assert_eq!(last_row(&folder), (OURS.to_owned(), OURS.to_owned()), "{is_ours}");
        // What is less than a millisecond is cut off.
        create(&engine, INSTANT + 901);
        assert_eq!(last_row(&folder).0, OURS, "{is_ours}");
    }
}

/// Such tables come from other programs. Which of their rows is the newest, nobody can say.
#[test]
fn a_table_without_row_numbers_gets_texts() {
    let table = r#"CREATE TABLE "Stamp" ("id" INTEGER PRIMARY KEY, "at" DATETIME NOT NULL) WITHOUT ROWID;"#;
    let (engine, folder) = open(false, table);
    let create = words![Code::Create, 1, Code::Set, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
    run(&engine, create, vec![Value::Int(1), Value::DateTime(INSTANT)]).expect("a row is created");
    let sqlite = rusqlite::Connection::open(folder.path().join("test.db")).expect("the file is there");
    let at: String = sqlite.query_row(r#"SELECT quote("at") FROM "Stamp""#, [], |row| row.get(0)).expect("a row");
    assert_eq!(at, OURS);
}

/// The default of the table is a text, as Prisma up to version 6 made it, which read its numbers alone.
#[test]
fn a_literal_default_is_written_as_the_dates_beside_it() {
    let table = r#"CREATE TABLE "Stamp" ("id" INTEGER PRIMARY KEY, "at" DATETIME NOT NULL DEFAULT '2024-01-02 03:04:05 +00:00');"#;
    for (row, expected) in [("", OURS), (r#"INSERT INTO "Stamp" VALUES (1, 1672531200000)"#, "1704164645678")] {
        let (engine, folder) = open(false, &format!("{table}{row}"));
        let create = words![Code::Create, 1, Code::End, Code::Field, 0, Code::End];
        run(&engine, create, Vec::new()).expect("a row is created");
        let create_many = words![Code::CreateMany, 1, 1, 1, 0];
        run(&engine, create_many, vec![Value::List(vec![Value::Int(70)])]).expect("a row is created");
        let sqlite = rusqlite::Connection::open(folder.path().join("test.db")).expect("the file is there");
        let sql = r#"SELECT count(*) FROM "Stamp" WHERE quote("at") = ?"#;
        let written: i64 = sqlite.query_row(sql, [expected], |row| row.get(0)).expect("a count");
        assert_eq!(written, 2, "{row}");
    }
}

#[test]
fn beside_numbers_a_date_is_a_number() {
    for is_ours in [false, true] {
        let (engine, folder) = open(is_ours, r#"INSERT INTO "Event" VALUES (1, 1672531200000, 1672531200000);"#);
        create(&engine, INSTANT);
        assert_eq!(last_row(&folder), ("1704164645678".to_owned(), "1704164645678".to_owned()), "{is_ours}");
        create(&engine, INSTANT + 901);
        assert_eq!(last_row(&folder).0, "1704164645678", "{is_ours}");
        create(&engine, -1);
        assert_eq!(last_row(&folder).0, "-1", "{is_ours}");
    }
}

#[test]
fn a_column_without_dates_takes_after_the_others() {
    for is_ours in [false, true] {
        let (engine, folder) = open(is_ours, r#"INSERT INTO "Event" VALUES (1, NULL, 1672531200000);"#);
        create(&engine, INSTANT);
        assert_eq!(last_row(&folder), ("1704164645678".to_owned(), "1704164645678".to_owned()), "{is_ours}");
        // A change of the rows that are there, and many rows.
        let (engine, folder) = open(is_ours, r#"INSERT INTO "Event" VALUES (1, NULL, 1672531200000);"#);
        let words = words![Code::UpdateMany, 0, Code::Equals, 0, Code::Set, 1, Code::End];
        run(&engine, words, vec![Value::Int(1), Value::DateTime(INSTANT)]).expect("a row is changed");
        assert_eq!(last_row(&folder).0, "1704164645678", "{is_ours}");
        let (engine, folder) = open(is_ours, r#"INSERT INTO "Event" VALUES (1, NULL, 1672531200000);"#);
        let words = words![Code::CreateMany, 0, 1, 2, 1, 2];
        let row = Value::List(vec![Value::DateTime(INSTANT), Value::DateTime(INSTANT)]);
        run(&engine, words, vec![row]).expect("a row is created");
        assert_eq!(last_row(&folder).0, "1704164645678", "{is_ours}");
    }
    let (engine, folder) = open(true, r#"INSERT INTO "Event" VALUES (1, NULL, '2023-01-01T00:00:00.000+00:00');"#);
    create(&engine, INSTANT);
    assert_eq!(last_row(&folder), (OURS.to_owned(), OURS.to_owned()));
}

#[test]
fn dates_with_microseconds_are_found_by_their_milliseconds() {
    for is_ours in [false, true] {
        let rows = r#"INSERT INTO "Event" VALUES (1, '2024-01-02T03:04:05.678901+00:00', '2024-01-02 03:04:05.678999999'),
                        (2, '2024-01-02T03:04:05.679+00:00', 0), (3, '2024-01-02T03:04:05.677999Z', 0);"#;
        let (engine, _folder) = open(is_ours, rows);
        for bound in [INSTANT, INSTANT + 1, INSTANT + 999] {
            for (operator, count) in [
                (Code::Equals, 1),
                (Code::NotEquals, 2),
                (Code::Less, 1),
                (Code::LessOrEqual, 2),
                (Code::Greater, 1),
                (Code::GreaterOrEqual, 2),
            ] {
                let words = words![Code::Count, 0, Code::Where, operator, 1, Code::End, 1, Code::All];
                let reply = run(&engine, words, vec![Value::DateTime(bound)]);
                let Ok(Reply::Counts(counts)) = reply else { panic!("expected a count, got {reply:?}") };
                assert_eq!(counts, [count], "{operator:?} {bound} {is_ours}");
            }
        }
        let words =
            words![Code::FindMany, 0, Code::Where, Code::In, 1, Code::End, Code::Field, 1, Code::Field, 2, Code::End];
        let list = Value::List(vec![Value::DateTime(INSTANT), Value::DateTime(INSTANT + 5_000)]);
        let reply = run(&engine, words, vec![list]);
        let Ok(Reply::Rows(found)) = reply else { panic!("expected rows, got {reply:?}") };
        for column in &found.frame(0).columns {
            let purlin_driver::frame::Values::I64(dates) = &column.values else { panic!("dates") };
            assert_eq!(dates, &[INSTANT], "{is_ours}");
        }
    }
}

#[test]
fn days_that_are_not_there_are_no_dates() {
    // In the very shape that Purlin writes.
    for none in [
        "2020-02-31T00:00:00.000+00:00",
        "2021-02-29T12:00:00.000+00:00",
        "2020-13-01T00:00:00.000+00:00",
        "2020-00-10T00:00:00.000+00:00",
        "2020-04-31T00:00:00.000+00:00",
        "2020-01-01T24:00:01.000+00:00",
        "2020-01-01T25:00:00.000+00:00",
        "2020-01-01T00:60:00.000+00:00",
        "2020-01-01T00:00:61.000+00:00",
        "yyyy-mm-ddThh:mm:ss.mmm+00:00",
        "now",
    ] {
        for is_ours in [false, true] {
            let rows =
                format!(r#"INSERT INTO "Event" VALUES (1, '{none}', 0), (2, '2020-06-01T00:00:00.000+00:00', 0);"#);
            let (engine, _folder) = open(is_ours, &rows);
            assert_eq!(since(&engine, 0), [1], "{none} {is_ours}");
            let words = words![Code::FindMany, 0, Code::End, Code::Field, 1, Code::End];
            let read = run(&engine, words, Vec::new());
            assert!(read.is_err_and(|error| error.code() == Some("P2023")), "{none} {is_ours}");
        }
    }
    // The end of a day is the start of the next.
    for is_ours in [false, true] {
        let rows = r#"INSERT INTO "Event" VALUES (1, '2024-01-01T24:00:00.000+00:00', 0);"#;
        let (engine, _folder) = open(is_ours, rows);
        let start = INSTANT - INSTANT.rem_euclid(86_400_000_000);
        assert_eq!([since(&engine, start), since(&engine, start + 1_000)], [[1], [0]], "{is_ours}");
    }
}

#[test]
fn the_newest_date_decides() {
    // A database of Prisma 6 whose application is of Prisma 7 now, and one that was taken the other way.
    let rows = |first: &str, last: &str| {
        format!(r#"INSERT INTO "Event" VALUES (1, {first}, {first}), (2, {last}, {last}), (3, NULL, {last});"#)
    };
    for is_ours in [false, true] {
        let (engine, folder) = open(is_ours, &rows("1672531200000", "'2024-01-01T00:00:00.000+00:00'"));
        create(&engine, INSTANT);
        assert_eq!(last_row(&folder), (OURS.to_owned(), OURS.to_owned()), "{is_ours}");
        let (engine, folder) = open(is_ours, &rows("'2024-01-01T00:00:00.000+00:00'", "1672531200000"));
        create(&engine, INSTANT);
        assert_eq!(last_row(&folder), ("1704164645678".to_owned(), "1704164645678".to_owned()), "{is_ours}");
    }
}

#[test]
fn many_rows_and_changes_are_written_like_the_others() {
    let (engine, folder) = open(true, r#"INSERT INTO "Event" VALUES (1, 1672531200000, 1672531200000);"#);
    let words = words![Code::CreateMany, 0, 1, 2, 1, 2];
    let row = Value::List(vec![Value::DateTime(INSTANT), Value::DateTime(INSTANT)]);
    run(&engine, words, vec![row]).expect("a row is created");
    assert_eq!(last_row(&folder), ("1704164645678".to_owned(), "1704164645678".to_owned()));
    let words = words![Code::UpdateMany, 0, Code::GreaterOrEqual, 1, Code::Set, 1, Code::End];
    let reply = run(&engine, words, vec![Value::DateTime(INSTANT), Value::DateTime(INSTANT + 1_000)]);
    let Ok(Reply::Affected(1)) = reply else { panic!("one row is changed, not {reply:?}") };
    assert_eq!(last_row(&folder).0, "1704164645679");
}

#[test]
fn beside_texts_of_others_a_date_is_written_as_ours() {
    for text in ["2024-01-01 00:00:00", "2024-01-01", "2024-01-01T00:00:00+02:00"] {
        let (engine, folder) = open(true, &format!(r#"INSERT INTO "Event" VALUES (1, '{text}', '{text}');"#));
        create(&engine, INSTANT);
        assert_eq!(last_row(&folder), (OURS.to_owned(), OURS.to_owned()), "{text}");
    }
}

/// A key that is a date, and rows that refer to it beside a date of their own.
const SLOT: &[Field] = &[
    Field::column("start", Column::new("start", Type::DateTime).indexed()),
    Field::relation("visits", Relation::referenced(1, 3, Arity::Many, &[0], &[1])),
];
const VISIT: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("slotStart", Column::new("slotStart", Type::DateTime).nullable().indexed()),
    Field::column("made", Column::new("made", Type::DateTime).default(Default::Now)),
    Field::relation("slot", Relation::foreign(0, 1, Arity::Optional, &[1], &[0])),
];
const ROOM: &[Model] = &[
    Model::new("Slot", "Slot", SLOT, const { &[Key::new("start", &[0])] }),
    Model::new("Visit", "Visit", VISIT, const { &[Key::new("id", &[0])] }),
];

#[test]
fn a_foreign_key_takes_the_form_of_its_key_and_not_of_the_dates_beside_it() {
    for start in [OURS, "1704164645678", "'2024-01-02 03:04:05.678'"] {
        for made in ["0", "'2024-01-01T00:00:00.000+00:00'", "'2024-01-01'"] {
            for is_ours in [false, true] {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let url = format!("file:{}", folder.path().join("test.db").display());
                let options = Options::from(SqliteOptions { create: true, ..SqliteOptions::default() });
                let engine = Engine::open(Catalog::new(ROOM, &[]), &url, options).expect("a URL of a file");
                let mut script = format!(
                    r#"CREATE TABLE "Slot" ("start" DATETIME NOT NULL PRIMARY KEY);
                       CREATE TABLE "Visit" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "slotStart" DATETIME
                         REFERENCES "Slot" ("start"), "made" DATETIME NOT NULL);
                       INSERT INTO "Slot" VALUES ({start});
                       INSERT INTO "Visit" VALUES (1, NULL, {made});"#
                );
                for (table, column) in [("Slot", "start"), ("Visit", "slotStart")].iter().filter(|_| is_ours) {
                    let (name, condition) = (FormedType::Date.index(table, column), FormedType::Date.condition(column));
                    script.push_str(&format!(r#"CREATE INDEX "{name}" ON "{table}" ("{column}") WHERE {condition};"#));
                }
                engine.execute_script(&script).expect("the tables are created");
                let words = words![Code::Create, 1, Code::Set, 1, Code::End, Code::Field, 1, Code::End];
                let created = run(&engine, words, vec![Value::DateTime(INSTANT)]);
                assert!(created.is_ok(), "{start} {made} {is_ours}: {:?}", created.err());
                let words = words![Code::UpdateMany, 1, Code::Equals, 0, Code::Set, 1, Code::End];
                let changed = run(&engine, words, vec![Value::Int(1), Value::DateTime(INSTANT)]);
                assert!(changed.is_ok(), "{start} {made} {is_ours}: {:?}", changed.err());
            }
        }
    }
}

/// A key of a date and a number, rows that refer to it, and rows that refer to each other by a date.
const DAY: &[Field] = &[
    Field::column("at", Column::new("at", Type::DateTime)),
    Field::column("n", Column::new("n", Type::Int)),
    Field::relation("logs", Relation::referenced(1, 3, Arity::Many, &[0, 1], &[1, 2])),
];
const LOG: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("at", Column::new("at", Type::DateTime).nullable()),
    Field::column("n", Column::new("n", Type::Int).nullable().default(Default::Number(1))),
    Field::relation("day", Relation::foreign(0, 2, Arity::Optional, &[1, 2], &[0, 1])),
];
const MOMENT: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int).default(Default::Autoincrement)),
    Field::column("at", Column::new("at", Type::DateTime)),
    Field::column("upAt", Column::new("upAt", Type::DateTime).nullable()),
    Field::relation("up", Relation::foreign(2, 4, Arity::Optional, &[2], &[1])),
    Field::relation("down", Relation::referenced(2, 3, Arity::Many, &[1], &[2])),
];
const CALENDAR: &[Model] = &[
    Model::new("Day", "Day", DAY, const { &[Key::new("at_n", &[0, 1])] }),
    Model::new("Log", "Log", LOG, KEYS),
    Model::new("Moment", "Moment", MOMENT, const { &[Key::new("id", &[0]), Key::new("at", &[1])] }),
];

fn open_calendar(rows: &str) -> (Engine, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("file:{}", folder.path().join("test.db").display());
    let options = Options::from(SqliteOptions { create: true, ..SqliteOptions::default() });
    let engine = Engine::open(Catalog::new(CALENDAR, &[]), &url, options).expect("a URL of a file");
    let tables = r#"CREATE TABLE "Day" ("at" DATETIME NOT NULL, "n" INT NOT NULL, PRIMARY KEY ("at", "n"));
        CREATE TABLE "Log" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "at" DATETIME, "n" INT DEFAULT 1,
          FOREIGN KEY ("at", "n") REFERENCES "Day" ("at", "n"));
        CREATE TABLE "Moment" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "at" DATETIME NOT NULL UNIQUE,
          "upAt" DATETIME REFERENCES "Moment" ("at"));"#;
    engine.execute_script(&format!("{tables}{rows}")).expect("the tables are created");
    (engine, folder)
}

/// The forms of the instant that programs have written.
const FORMS: [&str; 3] = [OURS, "1704164645678", "'2024-01-02 03:04:05.678'"];

#[test]
fn a_part_of_a_foreign_key_takes_the_form_of_the_key_that_it_leads_to() {
    for day in FORMS {
        for newest in ["0", "'1970-01-01T00:00:00.000+00:00'"] {
            let rows = format!(
                r#"INSERT INTO "Day" VALUES ({day}, 1), ({newest}, 1), ({newest}, 2);
                   INSERT INTO "Log" VALUES (1, {newest}, 1), (2, NULL, 1), (3, {newest}, 1);"#
            );
            let (engine, _folder) = open_calendar(&rows);
            let context = format!("{day} {newest}");
            let instant = Value::DateTime(INSTANT);
            let update = words![Code::Update, 1, Code::Equals, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
            for id in [1, 2] {
                run(&engine, update, vec![Value::Int(id), instant.clone()]).expect(&context);
            }
            let many = words![Code::UpdateMany, 1, Code::Equals, 0, Code::Set, 1, Code::End];
            run(&engine, many, vec![Value::Int(3), instant.clone()]).expect(&context);
            // A number of the schema is the other part.
            let create = words![Code::Create, 1, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
            run(&engine, create, vec![instant.clone()]).expect(&context);
            let many = words![Code::CreateMany, 1, 1, 1, 1];
            run(&engine, many, vec![Value::List(vec![instant.clone(), instant.clone()])]).expect(&context);
            // Without a key there is no form to take.
            let refused = run(&engine, update, vec![Value::Int(1), Value::DateTime(INSTANT + 1_000)]);
            assert!(refused.is_err_and(|error| error.is_foreign_key_violation()), "{context}");
        }
    }
}

#[test]
fn a_part_of_a_foreign_key_that_stays_takes_the_form_of_the_other_key() {
    for first in FORMS {
        for second in FORMS {
            let rows = format!(
                r#"INSERT INTO "Day" VALUES ({first}, 1), ({second}, 2); INSERT INTO "Log" VALUES (1, {first}, 1), (2, {first}, 1);"#
            );
            let (engine, folder) = open_calendar(&rows);
            let update = words![Code::Update, 1, Code::Equals, 0, Code::Set, 2, Code::End, Code::Field, 0, Code::End];
            run(&engine, update, vec![Value::Int(1), Value::Int(2)]).expect("there is such a day");
            let many = words![Code::UpdateMany, 1, Code::Equals, 0, Code::Set, 2, Code::End];
            run(&engine, many, vec![Value::Int(2), Value::Int(2)]).expect("there is such a day");
            let refused = run(&engine, update, vec![Value::Int(1), Value::Int(3)]);
            assert!(refused.is_err_and(|error| error.is_foreign_key_violation()), "{first} {second}");
            let sqlite = rusqlite::Connection::open(folder.path().join("test.db")).expect("the file is there");
            let sql = format!(r#"SELECT count(*) FROM "Log" WHERE "n" = 2 AND typeof("at") = typeof({second})"#);
            let stored: i64 = sqlite.query_row(&sql, [], |row| row.get(0)).expect("a count");
            assert_eq!(stored, 2, "{first} {second}");
        }
    }
}

#[test]
fn a_row_that_refers_to_itself_has_its_key_twice_in_one_form() {
    for at in ["0", "'1970-01-01T00:00:00.000+00:00'"] {
        for up in ["NULL", "3600000", "'1970-01-01T01:00:00.000+00:00'"] {
            // The newest key, and the newest that a row refers to.
            let rows = format!(
                r#"PRAGMA foreign_keys = OFF; INSERT INTO "Moment" VALUES (1, {}, NULL), (2, {at}, {up}); PRAGMA foreign_keys = ON;"#,
                if up == "NULL" { "86400000" } else { up }
            );
            let (engine, _folder) = open_calendar(&rows);
            let context = format!("{at} {up}");
            let create = words![Code::Create, 2, Code::Set, 1, Code::Set, 2, Code::End, Code::Field, 0, Code::End];
            let both = |micros| vec![Value::DateTime(micros), Value::DateTime(micros)];
            run(&engine, create, both(INSTANT)).expect(&context);
            let update = words![
                Code::Update,
                2,
                Code::Equals,
                0,
                Code::Set,
                1,
                Code::Set,
                2,
                Code::End,
                Code::Field,
                0,
                Code::End
            ];
            let moved = [vec![Value::Int(2)], both(INSTANT + 1_000_000)].concat();
            run(&engine, update, moved).expect(&context);
            // Rows that refer to each other, the first to one that follows.
            let many = words![Code::CreateMany, 2, 1, 2, 1, 2];
            let date = |seconds: i64| Value::DateTime(INSTANT + seconds * 1_000_000);
            let circle = vec![date(10), date(11), date(11), date(10), date(12), date(12)];
            run(&engine, many, vec![Value::List(circle)]).expect(&context);
            let refused = run(&engine, create, vec![date(20), date(21)]);
            assert!(refused.is_err_and(|error| error.is_foreign_key_violation()), "{context}");
        }
    }
}

/// How many rows have a date from the instant on.
fn since(engine: &Engine, micros: i64) -> Vec<i64> {
    let words = words![Code::Count, 0, Code::Where, Code::GreaterOrEqual, 1, Code::End, 1, Code::All];
    match run(engine, words, vec![Value::DateTime(micros)]) {
        Ok(Reply::Counts(counts)) => counts,
        other => panic!("expected a count, got {other:?}"),
    }
}

#[test]
fn a_date_in_another_form_that_comes_later_is_seen_at_once() {
    let (engine, folder) = open(true, "");
    create(&engine, INSTANT);
    assert_eq!(since(&engine, INSTANT), [1]);
    let other = rusqlite::Connection::open(folder.path().join("test.db")).expect("the file is there");
    for (row, form) in
        [("2", "1704164645678"), ("3", "'2024-01-02 03:04:06'"), ("4", "'2024-01-02T05:04:05.678+02:00'")]
    {
        other.execute_batch(&format!(r#"INSERT INTO "Event" VALUES ({row}, {form}, {form})"#)).expect("it is inserted");
        let count: i64 = row.parse().expect("a number");
        assert_eq!(since(&engine, INSTANT), [count], "{form}");
    }
    // Inside a transaction the same.
    let transaction = block_on(engine.begin(purlin_driver::TransactionOptions::default())).expect("it begins");
    let words = words![Code::Count, 0, Code::Where, Code::GreaterOrEqual, 1, Code::End, 1, Code::All];
    let prepared = engine.prepare(words).expect("a plan");
    let reply = block_on(transaction.run(&prepared, vec![Value::DateTime(INSTANT)]));
    let Ok(Reply::Counts(counts)) = reply else { panic!("expected a count, got {reply:?}") };
    assert_eq!(counts, [4]);
    block_on(transaction.rollback()).expect("it is rolled back");
    // And when the table is made anew without the index.
    other.execute_batch(r#"DROP INDEX "Event_at_other_dates""#).expect("it is dropped");
    assert_eq!(since(&engine, INSTANT), [4]);
}

#[test]
fn a_date_that_is_none_is_neither_found_nor_deleted() {
    let rows =
        r#"INSERT INTO "Event" VALUES (1, 'yesterday', 0), (2, x'00', 0), (3, 1.5, 0), (4, NULL, 0), (5, 12, 0);"#;
    let (engine, folder) = open(false, rows);
    for (operator, count) in [(Code::Less, 1), (Code::Greater, 0), (Code::NotEquals, 1)] {
        let words = words![Code::DeleteMany, 0, operator, 1];
        let reply = run(&engine, words, vec![Value::DateTime(INSTANT)]);
        let Ok(Reply::Affected(deleted)) = reply else { panic!("expected a count, got {reply:?}") };
        assert_eq!(deleted, count, "{operator:?}");
        engine.execute_script(r#"INSERT OR IGNORE INTO "Event" VALUES (5, 12, 0);"#).expect("the row is there again");
    }
    assert_eq!(last_row(&folder).0, "12");
}

/// The text or number of an instant in one of the forms that are read, as an SQL literal.
fn form(micros: i64, form: u64) -> String {
    let at = |offset: i64| {
        let text = purlin_driver::datetime::format(micros + offset * 3_600_000_000).expect("a year of four digits");
        (text[..10].to_owned(), text[11..19].to_owned())
    };
    let millis = format!("{:03}", micros.rem_euclid(1_000_000) / 1_000);
    let ((day, time), (east, at_east), (west, at_west)) = (at(0), at(5), at(-11));
    match form {
        0 => (micros / 1_000).to_string(),
        1 => format!("'{day}T{time}.{millis}+00:00'"),
        2 => format!("'{day}T{time}.{millis}Z'"),
        3 => format!("'{day}T{time}.{millis}000+00:00'"),
        4 => format!("'{east}T{at_east}.{millis}+05:00'"),
        5 => format!("'{west} {at_west}.{millis}-11:00'"),
        6 => format!("'{day} {time}.{millis} +00:00'"),
        _ => format!("'{day} {time}.{millis}'"),
    }
}

#[test]
fn random_dates_are_found_and_sorted_as_their_instants() {
    let mut seed = 7_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for round in 0..12_u32 {
        let (engine, _folder) = open(round % 2 == 0, "");
        // Few instants, so that many rows have the same one; around midnight, where texts and instants differ most.
        let instants: Vec<i64> = (0..12)
            .map(|hour| INSTANT - INSTANT.rem_euclid(1_000_000) + hour * 3_600_000_000 + (hour % 3) * 1_000)
            .collect();
        let ours_alone = round >= 8;
        let rows: Vec<i64> = (0..40).map(|_| instants[random(12) as usize]).collect();
        let mut script = String::new();
        for (index, micros) in rows.iter().enumerate() {
            let date = form(*micros, if ours_alone { 1 } else { random(8) });
            script.push_str(&format!(r#"INSERT INTO "Event" VALUES ({}, {date}, {date});"#, index + 1));
        }
        engine.execute_script(&script).expect("the rows are inserted");
        for field in [1_u16, 2] {
            for than in &instants {
                for (operator, holds) in [
                    (Code::Equals, (|a, b| a == b) as fn(i64, i64) -> bool),
                    (Code::NotEquals, |a, b| a != b),
                    (Code::Less, |a, b| a < b),
                    (Code::LessOrEqual, |a, b| a <= b),
                    (Code::Greater, |a, b| a > b),
                    (Code::GreaterOrEqual, |a, b| a >= b),
                ] {
                    let words = words![Code::Count, 0, Code::Where, operator, field, Code::End, 1, Code::All];
                    let reply = run(&engine, words, vec![Value::DateTime(*than)]);
                    let Ok(Reply::Counts(counts)) = reply else { panic!("expected a count, got {reply:?}") };
                    let expected = rows.iter().filter(|row| holds(**row, *than)).count() as i64;
                    assert_eq!(counts, [expected], "round {round}, {operator:?} of field {field}");
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
                    field,
                    Code::End,
                    Code::Field,
                    0,
                    Code::End
                ];
                let reply = run(&engine, words, Vec::new());
                let Ok(Reply::Rows(found)) = reply else { panic!("expected rows, got {reply:?}") };
                let purlin_driver::frame::Values::I32(ids) = &found.frame(0).columns[0].values else { panic!("ids") };
                let mut expected: Vec<i32> = (1..=40).collect();
                expected.sort_by_key(|id| {
                    let instant = rows[*id as usize - 1];
                    if direction == Code::Ascending { instant } else { -instant }
                });
                assert_eq!(*ids, expected, "round {round}, {direction:?} by field {field}");
            }
        }
    }
}

#[test]
fn a_stored_date_that_no_client_can_hold_is_refused() {
    let most = 8_640_000_000_000_000_i64;
    let all = words![Code::FindMany, 0, Code::End, Code::Field, 1, Code::End];
    for stored in [most.to_string(), (-most).to_string(), "'+275760-09-13T00:00:00.000Z'".to_owned()] {
        let rows = format!(r#"INSERT INTO "Event" VALUES (1, {stored}, 0)"#);
        let (engine, _folder) = open(false, &rows);
        assert!(run(&engine, all, Vec::new()).is_ok(), "{stored}");
    }
    for stored in [
        (most + 1).to_string(),
        (-most - 1).to_string(),
        i64::MAX.to_string(),
        i64::MIN.to_string(),
        "9000000000000000".to_owned(),
        "'+275760-09-13T00:00:00.001Z'".to_owned(),
        "'-280000-01-01T00:00:00.000Z'".to_owned(),
    ] {
        let rows = format!(r#"INSERT INTO "Event" VALUES (1, {stored}, 0)"#);
        let (engine, folder) = open(false, &rows);
        let error = run(&engine, all, Vec::new()).expect_err("no client can hold it");
        assert_eq!(error.code(), Some("P2023"), "{stored}: {error}");
        assert!(error.to_string().contains("`Event.at` is DateTime in the schema"), "{stored}: {error}");
        // A write that would return it has no effect.
        let update = words![Code::Update, 0, Code::Equals, 0, Code::Set, 2, Code::End, Code::AllColumns, Code::End];
        let values = vec![Value::Int(1), Value::DateTime(INSTANT)];
        let error = run(&engine, update, values).expect_err("its row cannot be returned");
        assert_eq!(error.code(), Some("P2023"), "{stored}: {error}");
        assert_eq!(last_row(&folder).1, "0", "{stored}");
    }
}
