//! Numbers that the database computes: keys, defaults and arithmetic. One that its column cannot hold is never stored.

use purlin_driver::{Engine, Error, Reply, TransactionOptions};
use purlin_query::shape::Code;
use purlin_query::value::Value;

use crate::support::*;

/// The next key of a table is one that an Int cannot hold.
fn exhaust(engine: &Engine, table: &str) {
    engine
        .execute_script(&format!(
            r#"DELETE FROM sqlite_sequence WHERE name = '{table}'; INSERT INTO sqlite_sequence VALUES ('{table}', 2147483647)"#
        ))
        .expect("the sequence is set");
}

fn out_of_range(result: Result<Reply, Error>) {
    let error = error(result);
    assert_eq!(error.code(), Some("P2020"), "{error}");
}

#[test]
fn a_key_beyond_its_type_is_not_stored_whatever_is_selected() {
    let inserts: [(&[u16], Vec<Value>); 6] = [
        (&words![Code::Create, USER, Code::Set, NAME, Code::End, Code::AllColumns, Code::End], vec![text("x")]),
        (&words![Code::Create, USER, Code::Set, NAME, Code::End, Code::Field, NAME, Code::End], vec![text("x")]),
        (&words![Code::Create, USER, Code::Set, NAME, Code::End, Code::End], vec![text("x")]),
        (&words![Code::CreateMany, USER, 1, 1, NAME], vec![Value::List(vec![text("x"), text("y")])]),
        (
            &words![
                Code::Create,
                POST,
                Code::Set,
                1,
                Code::NestedCreate,
                AUTHOR,
                Code::Set,
                NAME,
                Code::End,
                Code::End,
                Code::Field,
                1,
                Code::End,
            ],
            vec![text("t"), text("x")],
        ),
        (
            &words![
                Code::Create,
                USER,
                Code::Set,
                ID,
                Code::Set,
                NAME,
                Code::NestedCreate,
                STAFF,
                Code::Set,
                NAME,
                Code::End,
                Code::End,
                Code::Field,
                NAME,
                Code::End,
            ],
            vec![Value::Int(5), text("x"), text("y")],
        ),
    ];
    for (words, values) in inserts {
        let Fixture { engine, .. } = &fixture();
        exhaust(engine, "User");
        out_of_range(run(engine, words, values.clone()));
        assert_eq!((count(engine, USER), count(engine, POST)), (0, 0), "{words:?}");
        // In a transaction the rest of it stands.
        let mut transaction = block_on(engine.begin(TransactionOptions::default())).expect("it begins");
        let within = |transaction: &mut purlin_driver::Transaction, words: &[u16], values: Vec<Value>| {
            let prepared = transaction.engine().prepare(words)?;
            block_on(transaction.run(&prepared, values))
        };
        let given = words![Code::Create, USER, Code::Set, ID, Code::Set, NAME, Code::End, Code::Field, ID, Code::End];
        assert!(within(&mut transaction, &given, vec![Value::Int(9), text("x")]).is_ok());
        out_of_range(within(&mut transaction, words, values));
        block_on(transaction.commit()).expect("it commits");
        assert_eq!((count(engine, USER), count(engine, POST)), (1, 0), "{words:?}");
        // And what names its own key is still taken.
        assert!(run(engine, &given, vec![Value::Int(2_147_483_647), text("x")]).is_ok());
    }
}

#[test]
fn the_message_names_the_model_whose_number_it_is() {
    let Fixture { engine, .. } = &fixture();
    exhaust(engine, "Post");
    let nested = words![
        Code::Create,
        USER,
        Code::Set,
        NAME,
        Code::NestedCreate,
        POSTS,
        Code::Set,
        1,
        Code::End,
        Code::End,
        Code::Field,
        ID,
        Code::End,
    ];
    assert_eq!(
        error(run(engine, &nested, vec![text("x"), text("t")])).to_string(),
        "`Post.id` cannot hold the number that the database computes for it: an Int has 32 bits, a BigInt 64, and nothing is divided by zero"
    );
    assert_eq!(count(engine, USER), 0);
}

#[test]
fn rows_before_the_last_key_are_stored_and_the_row_beyond_takes_them_along() {
    let Fixture { engine, .. } = &fixture();
    engine.execute_script("INSERT INTO sqlite_sequence VALUES ('User', 2147483645)").expect("the sequence is set");
    let many = words![Code::CreateMany, USER, 1, 1, NAME];
    out_of_range(run(engine, &many, vec![Value::List(vec![text("a"), text("b"), text("c")])]));
    assert_eq!(count(engine, USER), 0);
    assert!(matches!(run(engine, &many, vec![Value::List(vec![text("a"), text("b")])]), Ok(Reply::Affected(2))));
    assert_eq!(ids(engine, USER, &words![Code::And, 0], Vec::new()), [2_147_483_646, 2_147_483_647]);
}

#[test]
fn a_table_that_has_counted_to_its_last_number_is_no_full_disk() {
    let Fixture { engine, .. } = &fixture();
    engine.execute_script("INSERT INTO sqlite_sequence VALUES ('Counter', 9223372036854775806)").expect("it is set");
    let create = words![Code::Create, COUNTER, Code::Set, 1, Code::End, Code::Field, ID, Code::End];
    assert_eq!(integers(&rows(run(engine, &create, vec![text("last")])), 0, 0), [i64::MAX]);
    out_of_range(run(engine, &create, vec![text("beyond")]));
    out_of_range(run(engine, &words![Code::CreateMany, COUNTER, 1, 1, 1], vec![Value::List(vec![text("beyond")])]));
    assert_eq!(count(engine, COUNTER), 1);
}

#[test]
fn defaults_and_computed_columns_beyond_their_type_are_not_stored() {
    let create = words![Code::Create, COMPUTED, Code::Set, 0, Code::End, Code::Field, 0, Code::End];
    let many = words![Code::CreateMany, COMPUTED, 1, 1, 0];
    let literal = words![Code::CreateMany, COMPUTED, 1, 2, 0, 1];
    let Fixture { engine, .. } = &fixture();
    assert!(run(engine, &create, vec![text("a")]).is_ok());
    let result = run(engine, &many, vec![Value::List(vec![text("b"), text("c")])]);
    assert!(matches!(result, Ok(Reply::Affected(2))), "{result:?}");
    out_of_range(run(engine, &literal, vec![Value::List(vec![text("d"), Value::Int(2_000_000_000)])]));
    let update = words![Code::Update, COMPUTED, Code::Equals, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
    out_of_range(run(engine, &update, vec![text("a"), Value::Int(2_000_000_000)]));
    let update_many = words![Code::UpdateMany, COMPUTED, Code::Equals, 0, Code::Set, 1, Code::End];
    out_of_range(run(engine, &update_many, vec![text("a"), Value::Int(2_000_000_000)]));
    assert_eq!(count(engine, COMPUTED), 3);
    let all = words![Code::FindMany, COMPUTED, Code::End, Code::AllColumns, Code::End];
    assert_eq!(integers(&rows(run(engine, &all, Vec::new())), 0, 3), [14, 14, 14]);

    for default in ["3000000000", "(3000000000)", "(1 << 40)", "(1e300)", "'text'"] {
        let Fixture { engine, .. } = &fixture();
        let sql = format!(
            r#"DROP TABLE "Computed"; CREATE TABLE "Computed" ("name" TEXT NOT NULL PRIMARY KEY,
               "literal" INTEGER NOT NULL DEFAULT 7, "computed" INTEGER NOT NULL DEFAULT {default},
               "twice" INTEGER AS ("literal" * 2));"#
        );
        engine.execute_script(&sql).expect("the table is created");
        out_of_range(run(engine, &create, vec![text("a")]));
        out_of_range(run(engine, &many, vec![Value::List(vec![text("b"), text("c")])]));
        assert_eq!(count(engine, COMPUTED), 0, "{default}");
    }
}

#[test]
fn arithmetic_without_a_result_that_fits_changes_nothing() {
    let cases = [
        (REAL, Code::Multiply, Value::Float(1e308), "real = 10.0"),
        (REAL, Code::Add, Value::Float(f64::MAX), "real = 1.7976931348623157e308"),
        (REAL, Code::Subtract, Value::Float(f64::MAX), "real = -1.7976931348623157e308"),
        (REAL, Code::Divide, Value::Float(0.0), "real = 1.0"),
        (REAL, Code::Divide, Value::Float(0.0), "real = 0.0"),
        (REAL, Code::Divide, Value::Float(1e-300), "real = 1e300"),
        (SMALL, Code::Divide, Value::Int(0), "small = 1"),
        (SMALL, Code::Add, Value::Int(1), "small = 2147483647"),
        (SMALL, Code::Multiply, Value::Int(2), "small = 2147483647"),
        (SMALL, Code::Subtract, Value::Int(1), "small = -2147483648"),
        (BIG, Code::Divide, Value::Int(0), "big = 1"),
        (BIG, Code::Add, Value::Int(1), "big = 9223372036854775807"),
        (BIG, Code::Divide, Value::Int(-1), "big = -9223372036854775807 - 1"),
        (BIG, Code::Multiply, Value::Int(3), "big = 9223372036854775807"),
    ];
    let Fixture { engine, .. } = &fixture();
    for (field, code, operand, set) in cases {
        // The first row has a result, the last has none.
        engine
            .execute_script(&format!(
                r#"DELETE FROM "Thing"; INSERT INTO "Thing" ("id", "real", "small", "big") VALUES (1, 0, 0, 0), (2, 0, 0, 0);
                   UPDATE "Thing" SET {set} WHERE id = 2"#
            ))
            .expect("the rows are stored");
        let all = || {
            let rows =
                rows(run(engine, &words![Code::FindMany, THING, Code::End, Code::AllColumns, Code::End], Vec::new()));
            format!("{:?}", rows.frame(0))
        };
        let before = all();
        let one = words![Code::Update, THING, Code::Equals, ID, code, field, Code::End, Code::Field, ID, Code::End];
        out_of_range(run(engine, &one, vec![Value::Int(2), operand.clone()]));
        out_of_range(run(
            engine,
            &words![Code::UpdateMany, THING, Code::And, 0, code, field, Code::End],
            vec![operand],
        ));
        assert_eq!(all(), before, "{code:?} {set}");
    }
}

/// Other programs store such values. SQLite takes the digits that they begin with, or 0.
#[test]
fn arithmetic_on_what_is_no_number_changes_nothing() {
    let Fixture { engine, .. } = &fixture();
    for (field, name, operand) in
        [(REAL, "real", Value::Float(2.0)), (SMALL, "small", Value::Int(2)), (BIG, "big", Value::Int(2))]
    {
        for stored in ["'hunter2'", "'12abc'", "x'00ff'"] {
            engine
                .execute_script(&format!(
                    r#"DELETE FROM "Thing"; INSERT INTO "Thing" ("id", "{name}") VALUES (1, {stored})"#
                ))
                .expect("the row is stored");
            for code in [Code::Add, Code::Multiply] {
                let change = words![Code::UpdateMany, THING, Code::And, 0, code, field, Code::End];
                out_of_range(run(engine, &change, vec![operand.clone()]));
            }
            let kept = format!(r#"DELETE FROM "Thing" WHERE "{name}" IS NOT {stored}"#);
            engine.execute_script(&kept).expect("the table is there");
            assert_eq!(ids(engine, THING, &words![Code::Equals, ID], vec![Value::Int(1)]), [1], "{name} {stored}");
        }
    }
}

#[test]
fn arithmetic_on_null_stays_null_and_plain_results_are_stored() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(
            r#"INSERT INTO "Thing" ("id", "real", "small", "big") VALUES (1, 9, 9, 9), (2, NULL, NULL, NULL)"#,
        )
        .expect("the rows are stored");
    for (field, operand) in [(REAL, Value::Float(2.0)), (SMALL, Value::Int(2)), (BIG, Value::Int(2))] {
        let divide = words![Code::UpdateMany, THING, Code::And, 0, Code::Divide, field, Code::End];
        assert!(matches!(run(engine, &divide, vec![operand]), Ok(Reply::Affected(2))));
        assert_eq!(ids(engine, THING, &words![Code::IsNull, field], Vec::new()), [2]);
    }
    assert_eq!(ids(engine, THING, &words![Code::Equals, REAL], vec![Value::Float(4.5)]), [1]);
    assert_eq!(ids(engine, THING, &words![Code::Equals, SMALL], vec![Value::Int(4)]), [1]);
    assert_eq!(ids(engine, THING, &words![Code::Equals, BIG], vec![Value::Int(4)]), [1]);
}
