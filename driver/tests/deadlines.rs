//! Deadlines hold within one row: a condition of two thousand members on a text of megabytes is one step of SQLite.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use std::time::{Duration, Instant};

use purlin_driver::{Engine, Error, Options, Reply, TransactionOptions};
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::*;

/// The members of a condition; the default limit allows 2,000.
const MEMBERS: u16 = 1_900;
/// As long as the whole condition must not take, and no deadline below comes near.
const TOO_LONG: Duration = Duration::from_secs(3);

/// A database with one row whose text has eight million characters.
fn with_large_text(options: Options) -> Fixture {
    let fixture = fixture_with(options);
    set_text(&fixture, Code::Greater);
    fixture
}

/// Gives the row a text on which a condition of `operator` takes long. A test searches slowly, without optimizations.
fn set_text(fixture: &Fixture, operator: Code) {
    let bytes = if operator == Code::Contains { 250_000 } else { 4_000_000 };
    let row = format!(r#"REPLACE INTO "User" (id, email) VALUES (1, hex(zeroblob({bytes})))"#);
    fixture.engine.execute_script(&row).expect("the row is inserted");
}

/// A group of conditions on the text, none of which decides it before the last.
fn group(operator: Code) -> Vec<u16> {
    let members = [operator as u16, 1].repeat(MEMBERS.into());
    [&[Code::Or as u16, MEMBERS], &members[..]].concat()
}

const END: &[u16] = words![Code::End, Code::Field, 0, Code::End];

fn find(operator: Code) -> Vec<u16> {
    [&[Code::FindMany as u16, 0, Code::Where as u16], &group(operator)[..], END].concat()
}

/// Texts that the row neither holds nor reaches, and that are found out late.
fn operands() -> Vec<Value> {
    (0..MEMBERS).map(|number| text(&format!("0000000000000{number}1"))).collect()
}

fn timed(engine: &Engine, words: &[u16], values: Vec<Value>) -> (Result<Reply, Error>, Duration) {
    let began = Instant::now();
    let result = run(engine, words, values);
    (result, began.elapsed())
}

const LIMIT: Duration = Duration::from_millis(200);

#[test]
fn a_read_ends_within_one_row() {
    let fixture = with_large_text(Options { statement_timeout: LIMIT, ..Options::default() });
    let operators = [
        Code::Contains,
        Code::StartsWith,
        Code::EndsWith,
        Code::Less,
        Code::LessOrEqual,
        Code::Greater,
        Code::GreaterOrEqual,
    ];
    for operator in operators {
        set_text(&fixture, operator);
        // Each text of the row is less than the operands and begins as they do not.
        let words = if matches!(operator, Code::Less | Code::LessOrEqual) {
            [&[Code::FindMany as u16, 0, Code::Where as u16, Code::Not as u16], &group(Code::GreaterOrEqual)[..], END]
                .concat()
        } else {
            find(operator)
        };
        let (result, took) = timed(&fixture.engine, &words, operands());
        let error = result.expect_err("it takes long");
        assert!(error.is_timeout(), "{operator:?}: {error}");
        assert!(took < TOO_LONG, "{operator:?} took {took:?}");
    }
}

#[test]
fn negated_equality_ends_within_one_row() {
    let fixture = with_large_text(Options { statement_timeout: LIMIT, ..Options::default() });
    let single = |value: Value| Value::List(vec![value]);
    for (title, member, values) in [
        ("not equals", &words![Code::Not, Code::Equals, 1][..], operands()),
        ("not", words![Code::NotEquals, 1], operands()),
        ("not in", words![Code::NotIn, 1], operands().into_iter().map(single).collect()),
    ] {
        let members = member.repeat(MEMBERS.into());
        let words = [words![Code::FindMany, 0, Code::Where, Code::And, MEMBERS], &members[..], END].concat();
        let (result, took) = timed(&fixture.engine, &words, values);
        let error = result.expect_err("it takes long");
        assert!(error.is_timeout(), "{title}: {error}");
        assert!(took < TOO_LONG, "{title} took {took:?}");
    }
}

#[test]
fn conditions_in_small_groups_end_too() {
    let fixture = with_large_text(Options { statement_timeout: LIMIT, ..Options::default() });
    for operator in [Code::Contains, Code::Greater] {
        set_text(&fixture, operator);
        let group = [&[Code::And as u16, 2][..], &[operator as u16, 1].repeat(2)].concat();
        let groups = group.repeat(usize::from(MEMBERS / 3));
        let words =
            [&[Code::FindMany as u16, 0, Code::Where as u16, Code::Or as u16, MEMBERS / 3], &groups[..], END].concat();
        let values = operands().into_iter().take(usize::from(MEMBERS / 3 * 2)).collect();
        let (result, took) = timed(&fixture.engine, &words, values);
        let error = result.expect_err("it takes long");
        assert!(error.is_timeout(), "{operator:?}: {error}");
        assert!(took < TOO_LONG, "{operator:?} took {took:?}");
    }
}

#[test]
fn a_write_ends_within_one_row_and_the_next_has_its_turn() {
    let fixture = with_large_text(Options { statement_timeout: LIMIT, queue_timeout: TOO_LONG, ..Options::default() });
    set_text(&fixture, Code::Contains);
    let update = [&[Code::UpdateMany as u16, 0], &group(Code::Contains)[..], &[Code::Set as u16, 1, Code::End as u16]];
    let delete = [&[Code::DeleteMany as u16, 0], &group(Code::Contains)[..], &[]];
    for (title, write, set) in [("update", update, Some(text("changed"))), ("delete", delete, None)] {
        let prepared = fixture.engine.prepare(&write.concat()).expect("a valid shape");
        let values = operands().into_iter().chain(set).collect();
        let began = Instant::now();
        let slow = fixture.engine.run(&prepared, values);
        let next = run(&fixture.engine, create_tag(), vec![text(title)]);
        assert!(next.is_ok(), "{title}: {next:?}");
        let error = block_on(slow).expect_err(&format!("{title} takes long"));
        assert!(error.is_timeout(), "{title}: {error}");
        assert!(began.elapsed() < TOO_LONG, "{title} took {:?}", began.elapsed());
    }
    assert_eq!(count(&fixture, r#""User" WHERE email <> 'changed'"#), 1);
    assert_eq!(count(&fixture, r#""Tag""#), 2);
}

/// To store a row is one step of SQLite, which nothing interrupts; what it takes is bounded by the bytes of a call.
#[test]
fn a_row_of_megabytes_is_stored_as_a_whole_or_not_at_all_and_the_next_has_its_turn() {
    for limit in [1, 20, 5_000] {
        let statement_timeout = Duration::from_millis(limit);
        let fixture = fixture_with(Options { statement_timeout, queue_timeout: TOO_LONG, ..Options::default() });
        let patient = fixture.open(Options::default());
        let indexes = r#"CREATE INDEX "large" ON "User" (email, balance); CREATE INDEX "second" ON "User" (balance, email);
                         INSERT INTO "User" (id, email) VALUES (1, 'before')"#;
        fixture.engine.execute_script(indexes).expect("the index is made");
        let update = words![Code::Update, 0, Code::Equals, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
        let prepared = fixture.engine.prepare(update).expect("a valid shape");
        let large = fixture.engine.run(&prepared, vec![Value::Int(1), text(&"x".repeat(12_000_000))]);
        let next = run(&patient, create_tag(), vec![text("next")]);
        assert!(next.is_ok(), "limit {limit}: {next:?}");
        let stored = match block_on(large) {
            Ok(_) => r#""User" WHERE length(email) = 12000000"#,
            Err(error) => {
                assert!(error.is_timeout() && limit < 5_000, "limit {limit}: {error}");
                r#""User" WHERE email = 'before'"#
            }
        };
        assert_eq!(count(&fixture, stored), 1, "limit {limit}");
    }
}

#[test]
fn a_transaction_ends_within_one_row() {
    let fixture = with_large_text(Options::default());
    let options = TransactionOptions { timeout: LIMIT, ..TransactionOptions::default() };
    for operator in [Code::Contains, Code::EndsWith, Code::GreaterOrEqual] {
        set_text(&fixture, operator);
        let transaction = block_on(fixture.engine.begin(options)).expect("nobody else writes");
        let tag = fixture.engine.prepare(create_tag()).expect("a valid shape");
        block_on(transaction.run(&tag, vec![text("gone")])).expect("an insert");
        let prepared = fixture.engine.prepare(&find(operator)).expect("a valid shape");
        let began = Instant::now();
        let error = block_on(transaction.run(&prepared, operands())).expect_err("it takes long");
        assert!(error.is_transaction_closed(), "{operator:?}: {error}");
        assert!(began.elapsed() < TOO_LONG, "{operator:?} took {:?}", began.elapsed());
    }
    assert_eq!(count(&fixture, r#""Tag""#), 0);
}

#[test]
fn a_condition_that_is_in_time_finds_what_it_finds() {
    let fixture = fixture();
    seed(&fixture.engine);
    for (operator, last, found) in [
        (Code::Contains, "ob@", 1),
        (Code::StartsWith, "eve", 1),
        (Code::EndsWith, "@x", 3),
        (Code::Greater, "bob@x", 1),
        (Code::GreaterOrEqual, "bob@x", 2),
    ] {
        // The others are true of no row.
        let mut values: Vec<Value> = (1..MEMBERS).map(|number| text(&format!("zzz{number}"))).collect();
        values.push(text(last));
        assert_eq!(rows(run(&fixture.engine, &find(operator), values)).len(), found, "{operator:?}");
    }
}
