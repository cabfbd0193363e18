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
        (find_ids(THING, &words![Code::In, field, 1]), list()),
        (find_ids(THING, &words![Code::NotIn, field, 12]), list()),
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
        let message = "`Thing.at` takes dates of the years 0000 to 9999: later and earlier ones do not sort";
        refused(engine, AT, &Value::DateTime(micros), message);
        let (words, values) = places(AT, &Value::DateTime(micros)).swap_remove(0);
        assert_eq!(error(run(engine, &words, values)).code(), Some("P2020"));
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
