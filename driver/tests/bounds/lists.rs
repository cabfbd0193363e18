//! `in` and `notIn`, from one value to a hundred thousand, and the keys by which related rows are found.

use std::time::{Duration, Instant};

use purlin_driver::{Engine, Limits};
use purlin_query::shape::Code;
use purlin_query::value::Value;

use crate::support::*;

fn in_list(code: Code, field: u16, list: Vec<Value>) -> (Vec<u16>, Vec<Value>) {
    (words![code, field].to_vec(), vec![Value::List(list)])
}

fn numbers(engine: &Engine, count: i64) {
    let sql = format!(
        r#"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
           INSERT INTO "Thing" ("id", "small") SELECT i, i * 2 FROM n"#
    );
    engine.execute_script(&sql).expect("the rows are inserted");
}

/// Each type has values that are equal without being the same text, or that other encodings would round.
#[test]
fn a_list_means_the_same_bound_one_by_one_and_as_an_array() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(
            r#"INSERT INTO "Thing" ("text", "flag", "small", "big", "real", "price", "at", "document", "raw", "kind") VALUES
               ('a', 1, 1, 9007199254740993, 0.1, '1.50', '2024-01-02T03:04:05.678+00:00', '{ "a": 1 }', x'00ff', 'red'),
               ('A', 0, -1, 9223372036854775807, 1e300, '1.5', '2024-01-02T03:04:05.678901+00:00', '"x"', x'', 'blue'),
               ('1', 1, 2147483647, -9223372036854775808, -0.0, '12345678901234567890.123456789', '1999-12-31T00:00:00.000+00:00', '1', x'61', 'green'),
               ('é', NULL, 0, 0, 3, '-0.001', '0000-01-01T00:00:00.000+00:00', 'null', x'31', NULL),
               (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);"#,
        )
        .expect("the rows are inserted");
    let decimal = |text: &str| Value::Decimal(text.to_owned());
    let json = |text: &str| Value::Json(text.to_owned());
    let lists: [(u16, Vec<Value>, &[i64]); 10] = [
        (TEXT, vec![text("a"), text("1"), text("é"), text("e")], &[1, 3, 4]),
        (FLAG, vec![Value::Boolean(true)], &[1, 3]),
        (SMALL, vec![Value::Int(2_147_483_647), Value::Int(-1), Value::Int(5)], &[2, 3]),
        (
            BIG,
            vec![Value::Int(9_007_199_254_740_993), Value::Int(i64::MIN), Value::Int(9_007_199_254_740_992)],
            &[1, 3],
        ),
        (REAL, vec![Value::Float(0.1), Value::Float(0.0), Value::Float(3.0)], &[1, 3, 4]),
        (PRICE, vec![decimal("1.5"), decimal("12345678901234567890.123456788")], &[1, 2]),
        (AT, vec![Value::DateTime(1_704_164_645_678_000), Value::DateTime(-62_167_219_200_000_000)], &[1, 2, 4]),
        (DOCUMENT, vec![json(r#"{"a":1}"#), json("null")], &[1, 4]),
        (RAW, vec![Value::Bytes(vec![0, 255]), Value::Bytes(Vec::new()), Value::Bytes(b"1".to_vec())], &[1, 2, 4]),
        (KIND, vec![Value::Enum(2), Value::Enum(0)], &[1, 3]),
    ];
    for (field, list, expected) in lists {
        let with_value = if matches!(field, FLAG | KIND) { vec![1, 2, 3] } else { vec![1, 2, 3, 4] };
        let others: Vec<i64> = with_value.into_iter().filter(|id| !expected.contains(id)).collect();
        // A list of more than 256 values is bound as an array.
        for length in [list.len(), 8, 256, 257, 100_000] {
            let values = || vec![Value::List(list.iter().cycle().take(length.max(list.len())).cloned().collect())];
            assert_eq!(ids(engine, THING, &words![Code::In, field], values()), expected, "field {field}, {length}");
            assert_eq!(ids(engine, THING, &words![Code::NotIn, field], values()), others, "field {field}, {length}");
        }
    }
}

#[test]
fn a_long_list_is_quick() {
    let limits = Limits { rows: 200_000, ..Limits::default() };
    let Fixture { engine, .. } = &limited(limits);
    numbers(engine, 100_000);
    for length in [256_i64, 257, 10_000, 70_000, 100_000] {
        let (filter, values) = in_list(Code::In, ID, (1..=length).map(|id| Value::Int(id * 3)).collect());
        let began = Instant::now();
        let found = ids(engine, THING, &filter, values);
        let took = began.elapsed();
        let expected: Vec<i64> = (1..=length).map(|id| id * 3).filter(|id| *id <= 100_000).collect();
        assert_eq!(found, expected);
        assert!(took < Duration::from_secs(2), "{length} values took {took:?}");
    }
    let (filter, values) = in_list(Code::NotIn, SMALL, (1..=99_990).map(|id| Value::Int(id * 2)).collect());
    assert_eq!(ids(engine, THING, &filter, values), (99_991..=100_000).collect::<Vec<i64>>());
}

#[test]
fn a_plan_serves_lists_of_all_lengths() {
    let Fixture { engine, .. } = &fixture();
    numbers(engine, 1_000);
    let shape = find_ids(THING, &words![Code::In, ID]);
    let plan = engine.prepare(&shape).expect("it compiles").id;
    for length in [1, 2, 3, 200, 256, 257, 999] {
        let list = (1..=length).map(Value::Int).collect();
        let found = ids(engine, THING, &words![Code::In, ID], vec![Value::List(list)]);
        assert_eq!(found, (1..=length).collect::<Vec<_>>());
    }
    assert_eq!(engine.prepare(&shape).expect("it is kept").id, plan);
}

#[test]
fn many_lists_and_an_include_stay_below_the_parameters_of_a_statement() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(
            r#"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
               INSERT INTO "User" ("id", "name") SELECT i, 'u' || i FROM n;
               INSERT INTO "Post" ("title", "author_id") SELECT 't' || id, id FROM "User""#,
        )
        .expect("the rows are inserted");
    let list = |length: i64| Value::List((1..=length).map(Value::Int).collect());
    // 200 lists of 256 values each and two of 50,000; then posts of 5,000 authors, filtered by a list of their own.
    let mut words = words![Code::FindMany, USER, Code::Where, Code::And, 202].to_vec();
    let mut values = Vec::new();
    for _ in 0..200 {
        words.extend(words![Code::Or, 2, Code::In, ID, Code::Greater, ID]);
        values.extend([list(256), Value::Int(100)]);
    }
    words.extend(words![Code::In, ID, Code::In, ID, Code::End, Code::Field, ID]);
    values.extend([list(50_000), list(60_000)]);
    words.extend(words![Code::Relation, POSTS, Code::Where, Code::In, ID, Code::End, Code::Field, ID, Code::End]);
    words.push(Code::End as u16);
    values.push(list(20_000));
    let rows = rows(run(engine, &words, values));
    assert_eq!((rows.len(), rows.frame(1).rows), (5_000, 5_000));
}

/// The parts of a key are put together in the database; each parent must find its own rows and no others.
#[test]
fn keys_of_several_parts_find_their_rows_however_many_they_are() {
    for rooms in [1, 3, 60, 65, 70, 85, 86, 100, 5_000] {
        let Fixture { engine, .. } = &fixture();
        engine
            .execute_script(&format!(
                r#"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rooms} - 1)
                   INSERT INTO "Room" SELECT 'b' || (i % 7), 9007199254740993 + i, i / 4.0 FROM n;
                   INSERT INTO "Seat" ("building", "number", "floor") SELECT * FROM "Room";
                   INSERT INTO "Seat" ("building", "number", "floor") SELECT "building", "number" + 1, "floor" FROM "Room";
                   INSERT INTO "Seat" ("building", "number", "floor") SELECT * FROM "Room" WHERE "floor" < 3;"#
            ))
            .expect("the rows are inserted");
        let shape = words![
            Code::FindMany,
            ROOM,
            Code::End,
            Code::Field,
            1,
            Code::Relation,
            SEATS,
            Code::End,
            Code::Field,
            2,
            Code::End,
            Code::End,
        ];
        let rows = rows(run(engine, &shape, Vec::new()));
        let (parents, children) = (integers(&rows, 0, 0), integers(&rows, 1, 0));
        assert_eq!(rows.len(), rooms);
        for (number, span) in parents.iter().zip(rows.link(0)) {
            let index = number - 9_007_199_254_740_993;
            assert_eq!(span.length, if index < 12 { 2 } else { 1 }, "room {index} of {rooms}");
            let range = span.start as usize..(span.start + span.length) as usize;
            assert!(children[range].iter().all(|child| child == number));
        }
    }
}

#[test]
fn the_pages_of_many_parents_are_their_own() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(
            r#"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
               INSERT INTO "User" ("id", "name", "boss_id") SELECT i, 'u' || i, nullif(i / 4, 0) FROM n;
               INSERT INTO "Post" ("title", "author_id") SELECT 't' || id, id / 2 FROM "User" WHERE id > 1"#,
        )
        .expect("the rows are inserted");
    // No index finds the staff of a boss, so that all are numbered in one pass.
    let shape = words![
        Code::FindMany,
        USER,
        Code::Where,
        Code::IsNotNull,
        2,
        Code::End,
        Code::Field,
        ID,
        Code::Relation,
        STAFF,
        Code::OrderBy,
        Code::Descending,
        0,
        Code::Field,
        ID,
        Code::Take,
        Code::Skip,
        Code::End,
        Code::Field,
        ID,
        Code::End,
        Code::End,
    ];
    let rows = rows(run(engine, &shape, vec![Value::Int(2), Value::Int(1)]));
    let (parents, children) = (integers(&rows, 0, 0), integers(&rows, 1, 0));
    for (parent, span) in parents.iter().zip(rows.link(0)) {
        let found = &children[span.start as usize..(span.start + span.length) as usize];
        let expected = [parent * 4 + 2, parent * 4 + 1].into_iter().filter(|id| *id <= 4_000).collect::<Vec<i64>>();
        // The last boss has one of staff only, which is skipped.
        let expected = if *parent == 1_000 { Vec::new() } else { expected };
        assert_eq!(found, expected, "{parent}");
    }
}

#[test]
fn a_list_beyond_its_limit_is_refused() {
    let limits = Limits { list_values: 1_000, input_bytes: 20_000, ..Limits::default() };
    let Fixture { engine, .. } = &limited(limits);
    let list = |length: i64| (1..=length).map(Value::Int).collect();
    let run_list = |length| {
        let (filter, values) = in_list(Code::In, ID, list(length));
        run(engine, &find_ids(THING, &filter), values)
    };
    assert!(run_list(1_000).is_ok());
    assert_eq!(limit(run_list(1_001)), ("listValues".to_owned(), "1000".to_owned()));
    // What counts are all values of a query together.
    let two = words![Code::And, 2, Code::In, ID, Code::Equals, TEXT];
    let two = |length: usize| {
        run(engine, &find_ids(THING, &two), vec![Value::List(list(1_000)), Value::Text("x".repeat(length))])
    };
    assert!(two(12_000).is_ok());
    assert_eq!(limit(two(12_001)), ("inputBytes".to_owned(), "20000".to_owned()));
    let error = error(run_list(1_001));
    assert_eq!(
        error.to_string(),
        "a list for `Thing.id` has more than 1000 values: split it into several queries, or raise the `listValues` limit of the client"
    );
}
