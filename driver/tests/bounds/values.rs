//! Values that would not come back, or not compare, as what they are: refused wherever a value stands.

use purlin_driver::Engine;
use purlin_query::shape::Code;
use purlin_query::value::Value;

use crate::support::*;

/// Each place where a value of a column may stand; the list and the rows hold the value twice.
fn places(field: u16, value: &Value) -> Vec<(Vec<u16>, Vec<Value>)> {
    let one = || vec![value.clone()];
    let list = || vec![Value::List(vec![value.clone(), value.clone()])];
    let mut places = vec![
        (words![Code::Create, THING, Code::Set, field, Code::End, Code::Field, ID, Code::End].to_vec(), one()),
        (words![Code::CreateMany, THING, 1, 1, field].to_vec(), list()),
        (words![Code::UpdateMany, THING, Code::And, 0, Code::Set, field, Code::End].to_vec(), one()),
        (find_ids(THING, &words![Code::Equals, field]), one()),
        (find_ids(THING, &words![Code::Not, Code::NotEquals, field]), one()),
        (find_ids(THING, &words![Code::In, field]), list()),
        (find_ids(THING, &words![Code::NotIn, field]), list()),
    ];
    if field == AT {
        places.push((find_ids(THING, &words![Code::Less, field]), one()));
        places.push((find_ids(THING, &words![Code::GreaterOrEqual, field]), one()));
    }
    places
}

fn refused(engine: &Engine, field: u16, value: &Value, message: &str) {
    for (words, values) in places(field, value) {
        let error = error(run(engine, &words, values));
        assert_eq!(error.to_string(), message, "{words:?}");
    }
    assert_eq!(count(engine, THING), 0);
}

#[test]
fn dates_that_do_not_sort_are_refused() {
    const FIRST: i64 = -62_167_219_200_000_000;
    const LAST: i64 = 253_402_300_799_999_999;
    let Fixture { engine, .. } = &fixture();
    for micros in [FIRST - 1, LAST + 1, i64::MIN, i64::MAX] {
        let message = "`Thing.at` holds dates of the years 0000 to 9999: later and earlier ones do not sort";
        // Written they are refused; in a condition they are bounds.
        let (written, compared) = {
            let mut places = places(AT, &Value::DateTime(micros));
            let compared = places.split_off(3);
            (places, compared)
        };
        for (words, values) in written {
            let error = error(run(engine, &words, values));
            assert_eq!((error.to_string().as_str(), error.code()), (message, Some("P2020")), "{words:?}");
        }
        for (words, values) in compared {
            assert!(run(engine, &words, values).is_ok(), "{words:?}");
        }
    }
    for micros in [FIRST, LAST, 0] {
        for (words, values) in places(AT, &Value::DateTime(micros)) {
            assert!(run(engine, &words, values).is_ok(), "{micros}");
        }
    }
    // What is stored already is read as it is.
    engine
        .execute_script(
            r#"DELETE FROM "Thing"; INSERT INTO "Thing" ("at") VALUES ('+010000-01-01T00:00:00.000+00:00')"#,
        )
        .expect("the row is inserted");
    let all = words![Code::FindMany, THING, Code::End, Code::Field, AT, Code::End];
    assert_eq!(integers(&rows(run(engine, &all, Vec::new())), 0, 0), [LAST + 1]);
}

#[test]
fn json_that_would_not_come_back_is_refused() {
    let Fixture { engine, .. } = &fixture();
    let json = |text: &str| Value::Json(text.to_owned());
    let nul = "`Thing.document` cannot hold JSON with a NUL character";
    let half = "`Thing.document` cannot hold JSON with half of a surrogate pair";
    let deep = "`Thing.document` cannot hold JSON that nests deeper than 1,000 levels";
    refused(engine, DOCUMENT, &json(r#"{"a": "\u0000"}"#), nul);
    refused(engine, DOCUMENT, &json(r#"{"\u0000": 1}"#), nul);
    refused(engine, DOCUMENT, &json("\"a\0\""), nul);
    refused(engine, DOCUMENT, &json(r#"["\ud800"]"#), half);
    refused(engine, DOCUMENT, &json(r#"{"\udc00": 1}"#), half);
    refused(engine, DOCUMENT, &json(&format!("{}{}", "[".repeat(1_001), "]".repeat(1_001))), deep);
    for text in
        [format!("{}{}", "[".repeat(1_000), "]".repeat(1_000)), r#"{"a":"\\u0000","b":"\ud83d\ude00"}"#.to_owned()]
    {
        for (words, values) in places(DOCUMENT, &json(&text)) {
            assert!(run(engine, &words, values).is_ok(), "{}", &text[..30]);
        }
        assert_eq!(ids(engine, THING, &words![Code::Equals, DOCUMENT], vec![json(&text)]).len(), 3);
        engine.execute_script(r#"DELETE FROM "Thing""#).expect("the rows are deleted");
    }
}

/// A thing by its id, with its document.
fn by_id(code: Code) -> Vec<u16> {
    let set: &[u16] = if code == Code::Update { &words![Code::Set, SMALL, Code::End] } else { &[] };
    [&words![code, THING, Code::Equals, ID][..], set, &words![Code::Field, DOCUMENT, Code::End]].concat()
}

#[test]
fn a_write_that_returns_json_that_nobody_reads_has_no_effect() {
    let Fixture { engine, .. } = &fixture();
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    for (document, found) in [
        ("oops {", "text that is not JSON"),
        ("", "text that is not JSON"),
        ("{\"a\": [1,]}", "text that is not JSON"),
        (&*deep, "JSON that nests deeper than 127 levels"),
        ("[1e999]", "JSON with a number beyond those of 64-bit floats"),
    ] {
        let row = format!(r#"REPLACE INTO "Thing" ("id", "small", "document") VALUES (1, 1, '{document}')"#);
        engine.execute_script(&row).expect("the row is inserted");
        let refused = |words: &[u16], values: Vec<Value>| {
            let error = error(run(engine, words, values));
            assert_eq!(error.code(), Some("P2023"), "{error}");
            let expected = format!("`Thing.document` is Json in the schema, but the database holds {found} there");
            assert_eq!(error.to_string(), expected);
        };
        refused(&by_id(Code::Update), vec![Value::Int(1), Value::Int(5)]);
        refused(&by_id(Code::Delete), vec![Value::Int(1)]);
        let unchanged = words![Code::And, 2, Code::Equals, ID, Code::Equals, SMALL];
        assert_eq!(ids(engine, THING, &unchanged, vec![Value::Int(1), Value::Int(1)]), [1], "{document}");
        // A write that does not return it stands.
        let update =
            words![Code::Update, THING, Code::Equals, ID, Code::Set, SMALL, Code::End, Code::Field, ID, Code::End];
        assert_eq!(rows(run(engine, &update, vec![Value::Int(1), Value::Int(6)])).len(), 1);
        assert_eq!(ids(engine, THING, &unchanged, vec![Value::Int(1), Value::Int(6)]), [1], "{document}");
    }
}

#[test]
fn a_transaction_goes_on_after_a_write_that_returns_json_that_nobody_reads() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(r#"INSERT INTO "Thing" ("id", "small", "document") VALUES (1, 1, 'oops'), (2, 1, '{}')"#)
        .expect("the rows are inserted");
    let transaction = block_on(engine.begin(purlin_driver::TransactionOptions::default())).expect("nobody else writes");
    let prepared = engine.prepare(&by_id(Code::Update)).expect("a valid shape");
    let update = |id: i64| block_on(transaction.run(&prepared, vec![Value::Int(id), Value::Int(5)]));
    assert_eq!(error(update(1)).code(), Some("P2023"));
    assert_eq!(rows(update(2)).len(), 1);
    block_on(transaction.commit()).expect("it is open");
    assert_eq!(ids(engine, THING, &words![Code::Equals, SMALL], vec![Value::Int(5)]), [2]);
}

#[test]
fn json_of_related_rows_is_read_before_a_write_stands() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(
            r#"INSERT INTO "User" ("id", "name", "profile") VALUES (1, 'ada', '{bad');
               INSERT INTO "Post" ("id", "title", "author_id") VALUES (1, 'one', 1);"#,
        )
        .expect("the rows are inserted");
    let update = words![
        Code::Update,
        POST,
        Code::Equals,
        ID,
        Code::Set,
        1,
        Code::End,
        Code::Field,
        ID,
        Code::Relation,
        AUTHOR,
        Code::End,
        Code::Field,
        PROFILE,
        Code::End,
        Code::End,
    ];
    assert_eq!(error(run(engine, &update, vec![Value::Int(1), text("two")])).code(), Some("P2023"));
    assert_eq!(ids(engine, POST, &words![Code::Equals, 1], vec![text("one")]), [1]);
}

/// A number that is neither 0 nor 1 would be read as one of them, and no condition would find it as that.
#[test]
fn a_boolean_is_one_of_two_numbers() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(r#"INSERT INTO "Thing" ("id", "flag") VALUES (1, 0), (2, 1), (3, NULL), (4, 2), (5, -1)"#)
        .expect("the rows are inserted");
    let read = |id: i64| {
        let by_id =
            words![Code::FindFirst, THING, Code::Where, Code::Equals, ID, Code::End, Code::Field, FLAG, Code::End];
        run(engine, &by_id, vec![Value::Int(id)])
    };
    for id in 1..=3 {
        read(id).expect("it is one of them, or none");
    }
    for id in 4..=5 {
        let error = error(read(id));
        assert_eq!(error.code(), Some("P2023"));
        assert!(error.to_string().contains("an integer that is neither 0 nor 1"), "{error}");
    }
}
