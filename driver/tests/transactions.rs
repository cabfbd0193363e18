//! Transactions that the database ends by itself: nothing of them stands, whatever was queued behind.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::{Duration, Instant};

use purlin_driver::{
    Engine, Error, Options, Reply, Running, SqliteOptions, Synchronous, Transaction, TransactionOptions,
};
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::*;

fn begin(engine: &Engine) -> Transaction {
    block_on(engine.begin(TransactionOptions::default())).expect("nobody else writes")
}

fn tag(transaction: &Transaction, name: &str) -> Running<Reply> {
    let prepared = transaction.engine().prepare(create_tag()).expect("a valid shape");
    transaction.run(&prepared, vec![text(name)])
}

/// What makes SQLite roll a transaction back by itself, and the name of the tag that does it.
const CAUSES: [(&str, &str, &str); 4] = [
    (
        "a trigger before an insert",
        r#"CREATE TRIGGER t BEFORE INSERT ON "Tag" WHEN NEW.name = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'refused'); END"#,
        "bad",
    ),
    (
        "a trigger after an insert",
        r#"CREATE TRIGGER t AFTER INSERT ON "Tag" WHEN NEW.name = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'refused'); END"#,
        "bad",
    ),
    (
        "a constraint that rolls back",
        r#"DROP TABLE "_PostToTag"; DROP TABLE "Tag";
           CREATE TABLE "Tag" ("id" INTEGER PRIMARY KEY, "name" TEXT NOT NULL CHECK (name <> 'never'),
             extra TEXT UNIQUE ON CONFLICT ROLLBACK AS (iif(name IN ('bad', 'first'), 'taken', name)));
           INSERT INTO "Tag" (id, name) VALUES (100, 'first')"#,
        "bad",
    ),
    (
        "a write that is interrupted",
        r#"CREATE TRIGGER t BEFORE INSERT ON "Tag" WHEN NEW.name = 'bad' BEGIN
             SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n); END"#,
        "bad",
    ),
];

#[test]
fn a_command_after_a_rollback_of_the_database_has_no_effect() {
    const COMMANDS: usize = 4;
    for (title, prepare, cause) in CAUSES {
        for broken in 0..COMMANDS {
            let options = Options { statement_timeout: Duration::from_millis(100), ..Options::default() };
            let fixture = fixture_with(options);
            fixture.engine.execute_script(prepare).expect("the cause is prepared");
            let before = count(&fixture, r#""Tag""#);
            let transaction = begin(&fixture.engine);
            // All at once, as a program does that does not await each.
            let commands: Vec<_> = (0..COMMANDS)
                .map(|number| {
                    let name = if number == broken { cause.to_owned() } else { format!("tag {number}") };
                    tag(&transaction, &name)
                })
                .collect();
            let commit = transaction.commit();
            for (number, command) in commands.into_iter().enumerate() {
                let result = block_on(command);
                match number.cmp(&broken) {
                    std::cmp::Ordering::Less => drop(result.expect("it came before")),
                    std::cmp::Ordering::Equal => {
                        let error = result.expect_err("the database refused it");
                        assert!(!error.is_transaction_closed(), "{title}: the first error is the cause: {error}");
                    }
                    std::cmp::Ordering::Greater => {
                        let error = result.expect_err("the transaction is over");
                        assert!(error.is_transaction_closed(), "{title}: {error}");
                        assert!(error.to_string().contains("the database rolled it back"), "{title}: {error}");
                    }
                }
            }
            let error = block_on(commit).expect_err("there is nothing to commit");
            assert!(error.is_transaction_closed(), "{title}: {error}");
            assert_eq!(count(&fixture, r#""Tag""#), before, "{title}, command {broken}");
            // The writer serves the next as if nothing had been.
            fixture.engine.execute_script("DROP TRIGGER IF EXISTS t").expect("reset");
            let next = begin(&fixture.engine);
            block_on(tag(&next, "next")).expect("a new transaction");
            block_on(next.commit()).expect("it commits");
            assert_eq!(count(&fixture, r#""Tag""#), before + 1, "{title}");
        }
    }
}

#[test]
fn a_commit_says_why_the_database_rolled_back() {
    let fixture = fixture();
    let (_, trigger, name) = CAUSES[0];
    fixture.engine.execute_script(trigger).expect("a trigger");
    let transaction = begin(&fixture.engine);
    block_on(tag(&transaction, name)).expect_err("the trigger refuses it");
    let error = block_on(transaction.commit()).expect_err("it is over");
    assert_eq!(error.code(), Some("P2028"));
    assert!(error.to_string().contains("refused"), "the first cause: {error}");
}

#[test]
fn updates_and_deletes_can_end_a_transaction_as_well() {
    for (event, shape, values) in [
        ("UPDATE", words![Code::UpdateMany, 2, Code::And, 0, Code::Set, 1, Code::End].as_slice(), vec![text("new")]),
        ("DELETE", words![Code::DeleteMany, 2, Code::And, 0].as_slice(), vec![]),
    ] {
        let fixture = fixture();
        let trigger = format!(
            r#"INSERT INTO "Tag" VALUES (1, 'old');
               CREATE TRIGGER t BEFORE {event} ON "Tag" BEGIN SELECT RAISE(ROLLBACK, 'refused'); END"#
        );
        fixture.engine.execute_script(&trigger).expect("a trigger");
        let transaction = begin(&fixture.engine);
        block_on(tag(&transaction, "before")).expect("an insert");
        let prepared = fixture.engine.prepare(shape).expect("a valid shape");
        let failing = transaction.run(&prepared, values);
        let after = tag(&transaction, "after");
        block_on(failing).expect_err("the trigger refuses it");
        assert!(block_on(after).expect_err("it is over").is_transaction_closed(), "{event}");
        drop(transaction);
        assert_eq!(count(&fixture, r#""Tag" WHERE name = 'old'"#), 1, "{event}");
        assert_eq!(count(&fixture, r#""Tag""#), 1, "{event}");
    }
}

#[test]
fn the_time_of_a_transaction_is_over_inside_a_statement_too() {
    let fixture = fixture();
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let options = TransactionOptions { timeout: Duration::from_millis(200), ..TransactionOptions::default() };
    let transaction = block_on(fixture.engine.begin(options)).expect("nobody else writes");
    let prepared = fixture.engine.prepare(&slow_count()).expect("a valid shape");
    let began = Instant::now();
    let error = block_on(transaction.run(&prepared, vec![text("zz")])).expect_err("its time is over");
    assert!(error.is_transaction_closed(), "{error}");
    assert!(began.elapsed() < Duration::from_secs(4), "it took {:?}", began.elapsed());
    // The writer is free again.
    let next = begin(&fixture.engine);
    block_on(next.rollback()).expect("a new transaction");
}

#[test]
fn a_statement_that_is_too_slow_leaves_its_transaction_open_when_it_only_reads() {
    let options = Options { statement_timeout: Duration::from_millis(100), ..Options::default() };
    let fixture = fixture_with(options);
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let transaction = begin(&fixture.engine);
    block_on(tag(&transaction, "first")).expect("an insert");
    let prepared = fixture.engine.prepare(&slow_count()).expect("a valid shape");
    let error: Error = block_on(transaction.run(&prepared, vec![text("zz")])).expect_err("it is too slow");
    assert!(error.is_timeout(), "{error}");
    block_on(tag(&transaction, "second")).expect("the transaction goes on");
    block_on(transaction.commit()).expect("it commits");
    assert_eq!(count(&fixture, r#""Tag""#), 2);
}

#[test]
fn too_many_commands_of_one_transaction_are_refused() {
    let fixture = fixture_with(Options { queue_length: 50, ..Options::default() });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let transaction = begin(&fixture.engine);
    let prepared = fixture.engine.prepare(&slow_count()).expect("a valid shape");
    let slow = transaction.run(&prepared, vec![text("zz")]);
    let commands: Vec<_> = (0..60).map(|number| tag(&transaction, &format!("tag {number}"))).collect();
    let refused = commands
        .into_iter()
        .rev()
        .take(5)
        .map(block_on)
        .filter(|result| matches!(result, Err(error) if error.is_queue_timeout()))
        .count();
    assert_eq!(refused, 5);
    drop(transaction);
    drop(slow);
}

#[test]
fn a_write_that_the_database_ignores_is_no_success() {
    let fixture = fixture();
    let trigger = r#"CREATE TRIGGER t BEFORE INSERT ON "Tag" WHEN NEW.name = 'bad' BEGIN SELECT RAISE(IGNORE); END"#;
    fixture.engine.execute_script(trigger).expect("a trigger");
    let error = run(&fixture.engine, create_tag(), vec![text("bad")]).expect_err("there is no row");
    assert_eq!(error.code(), Some("P2004"));
    assert!(error.to_string().contains("IGNORE"), "{error}");
    assert_eq!(count(&fixture, r#""Tag""#), 0);
}

/// The same where the ignored row is one of several: what was asked for is written as a whole or not at all.
#[test]
fn a_part_of_a_write_that_the_database_ignores_is_no_success() {
    let create_post = [Code::NestedCreate as u16, 3, Code::Set as u16, 1, Code::End as u16];
    let nested = [
        &[Code::Create as u16, 0, Code::Set as u16, 1][..],
        &create_post,
        &create_post,
        &[Code::End as u16, Code::Field as u16, 0, Code::End as u16],
    ]
    .concat();
    let ignore = |table: &str, column: &str| {
        format!(
            r#"CREATE TRIGGER t_{table} BEFORE INSERT ON "{table}" WHEN NEW.{column} = 'bad'
               BEGIN SELECT RAISE(IGNORE); END;"#
        )
    };
    let fixture = fixture();
    fixture.engine.execute_script(&(ignore("posts", "title") + &ignore("Tag", "name"))).expect("triggers");
    let values = || vec![text("ada@x"), text("good"), text("bad")];
    let rows = |names: &[&str]| vec![Value::List(names.iter().copied().map(text).collect())];
    let create_tags = words![Code::CreateMany, 2, 1, 1, 1];
    let rejected = |result: Result<Reply, Error>| {
        let error = result.expect_err("a row is missing");
        assert_eq!(error.code(), Some("P2004"), "{error}");
        assert!(error.to_string().contains("IGNORE"), "{error}");
    };
    rejected(run(&fixture.engine, &nested, values()));
    rejected(run(&fixture.engine, create_tags, rows(&["one", "bad", "two"])));
    // In a transaction the write alone is undone.
    let transaction = begin(&fixture.engine);
    block_on(tag(&transaction, "before")).expect("a tag");
    let prepared = fixture.engine.prepare(create_tags).expect("a valid shape");
    rejected(block_on(transaction.run(&prepared, rows(&["three", "bad"]))));
    block_on(transaction.commit()).expect("it is open");
    for (table, rows) in [(r#""User""#, 0), (r#""posts""#, 0), (r#""Tag""#, 1)] {
        assert_eq!(count(&fixture, table), rows, "{table}");
    }
    // A view says of no row that it was written.
    fixture
        .engine
        .execute_script(
            r#"INSERT INTO "User" (id, email) VALUES (5000000000, 'a number beyond that of a tag');
               ALTER TABLE "Tag" RENAME TO "Tags"; CREATE VIEW "Tag" AS SELECT * FROM "Tags";
               CREATE TRIGGER v INSTEAD OF INSERT ON "Tag" BEGIN INSERT INTO "Tags" (name) VALUES (NEW.name); END"#,
        )
        .expect("a view");
    run(&fixture.engine, create_tags, rows(&["four", "five"])).expect("the view takes them");
    assert_eq!(count(&fixture, r#""Tags""#), 3);
}

/// `createMany` of rows that refer to rows after them is tried again in another order.
const CREATE_NODES: &[u16] = words![Code::CreateMany, 3, 1, 2, 0, 1];

fn nodes(nodes: &[(i64, Option<i64>)]) -> Vec<Value> {
    let cells = nodes.iter().flat_map(|(id, parent)| [Value::Int(*id), parent.map_or(Value::Null, Value::Int)]);
    vec![Value::List(cells.collect())]
}

#[test]
fn a_write_that_is_tried_again_stays_in_its_transaction() {
    // Each ends the transaction at the first try, and would let the rows pass at the second.
    let causes = [
        "SELECT RAISE(ROLLBACK, 'too many')",
        "SELECT RAISE(ROLLBACK, 'FOREIGN KEY constraint failed')",
        r#"INSERT OR ROLLBACK INTO "User" (email) VALUES ('ada@x')"#,
    ];
    for cause in causes {
        let fixture = fixture();
        let trigger = format!(
            r#"CREATE TRIGGER t BEFORE INSERT ON "Node" WHEN (SELECT COUNT(*) FROM "Tag") > 0 BEGIN {cause}; END;
               INSERT INTO "User" (email) VALUES ('ada@x')"#
        );
        fixture.engine.execute_script(&trigger).expect("a trigger");
        let transaction = begin(&fixture.engine);
        block_on(tag(&transaction, "before")).expect("a tag");
        let prepared = fixture.engine.prepare(CREATE_NODES).expect("a valid shape");
        let failing = transaction.run(&prepared, nodes(&[(1, None), (2, Some(1))]));
        let after = tag(&transaction, "after");
        let commit = transaction.commit();
        block_on(failing).expect_err("the trigger refuses it");
        assert!(block_on(after).expect_err("it is over").is_transaction_closed(), "{cause}");
        assert!(block_on(commit).expect_err("it is over").is_transaction_closed(), "{cause}");
        for table in [r#""Node""#, r#""Tag""#] {
            assert_eq!(count(&fixture, table), 0, "{cause}");
        }
    }
}

#[test]
fn rows_that_refer_to_each_other_are_written_with_all_their_foreign_keys() {
    let broken = r#"PRAGMA foreign_keys = OFF; INSERT INTO "Node" VALUES (50, 40); PRAGMA foreign_keys = ON"#;
    let trigger = r#"CREATE TRIGGER t AFTER INSERT ON "Node" WHEN NEW.id = 9 BEGIN INSERT INTO "posts" (title, author_id) VALUES ('x', 77); END"#;
    for prepare in [broken, trigger] {
        let fixture = fixture();
        let sqlite = rusqlite::Connection::open(fixture.path()).expect("the file is there");
        sqlite.execute_batch(prepare).expect("what is there before");
        let before = count(&fixture, r#""Node""#);
        let in_a_transaction = |values: Vec<Value>| {
            let transaction = begin(&fixture.engine);
            let prepared = fixture.engine.prepare(CREATE_NODES).expect("a valid shape");
            let result = block_on(transaction.run(&prepared, values));
            block_on(transaction.commit()).expect("the transaction is still open");
            result
        };
        let alone = |values: Vec<Value>| run(&fixture.engine, CREATE_NODES, values);
        let refused = |result: Result<Reply, Error>| {
            assert!(result.expect_err("a foreign key leads nowhere").is_foreign_key_violation());
            assert_eq!(count(&fixture, r#""Node""#), before);
        };
        // One comes to its parent, which was missing, and another has none: as many lead nowhere as before.
        let one_for_another = || nodes(&[(40, None), (41, Some(99))]);
        refused(alone(one_for_another()));
        refused(in_a_transaction(one_for_another()));
        let by_trigger = || nodes(&[(8, Some(9)), (9, None)]);
        if prepare == trigger {
            refused(alone(by_trigger()));
            refused(in_a_transaction(by_trigger()));
            assert_eq!(count(&fixture, r#""posts""#), 0);
        }
        // What refers to later rows is written, beside what was broken before.
        alone(nodes(&[(1, Some(2)), (2, Some(3)), (3, None), (6, Some(6))])).expect("each has its parent");
        in_a_transaction(nodes(&[(4, Some(5)), (5, Some(1))])).expect("each has its parent");
        assert_eq!(count(&fixture, r#""Node""#), before + 6);
        // In a circle each would refer to a row that is not there yet; one of those may refer to nobody.
        let circle = |third: i64| nodes(&[(11, Some(12)), (12, Some(13)), (13, Some(11)), (14, Some(third))]);
        for result in [alone(circle(99)), in_a_transaction(circle(99))] {
            assert!(result.expect_err("there is no 99").is_foreign_key_violation());
        }
        alone(circle(12)).expect("each has its parent, and what a trigger writes is looked at when all is committed");
    }
    // A chain may be as long as the list.
    let fixture = fixture();
    let chain: Vec<_> = (1..20_000).map(|id| (id, (id < 19_999).then_some(id + 1))).collect();
    run(&fixture.engine, CREATE_NODES, nodes(&chain)).expect("the last comes first");
    assert_eq!(count(&fixture, r#""Node""#), 19_999);
    // Rows that give other columns than those that they refer to are of another statement.
    let roots_last = words![Code::CreateMany, 3, 2, 2, 0, 1, 1, 0];
    let rows = [
        Value::List(vec![Value::Int(30_000), Value::Int(30_001), Value::Int(30_002), Value::Int(30_000)]),
        Value::List(vec![Value::Int(30_001)]),
        Value::List([0, 0, 1].map(Value::Int).to_vec()),
    ];
    run(&fixture.engine, roots_last, rows.to_vec()).expect("the root comes first");
    assert_eq!(count(&fixture, r#""Node" WHERE id >= 30000"#), 3);
}

/// A deadline ends a write or does not; what is reported is what happened, also when it comes at the commit.
#[test]
fn a_write_that_is_reported_as_too_late_has_no_effect() {
    let fixture = fixture();
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let options = Options {
        statement_timeout: Duration::from_nanos(1),
        sqlite: SqliteOptions { synchronous: Synchronous::Normal, ..SqliteOptions::default() },
        ..Options::default()
    };
    let late = fixture.open(options);
    let update = words![Code::UpdateMany, 1, Code::LessOrEqual, 0, Code::Set, 1, Code::End];
    let sqlite = rusqlite::Connection::open(fixture.path()).expect("the file is there");
    let mut changed = sqlite.prepare(r#"SELECT COUNT(*) FROM "posts" WHERE "title" = ?"#).expect("a statement");
    let mut outcomes = [0, 0];
    for round in 0..10 {
        // The longer it is the more often the deadline is looked at, now before and now in the commit.
        for rows in 1..100 {
            let title = format!("{round} {rows}");
            let result = run(&late, update, vec![Value::Int(rows), text(&title)]);
            outcomes[usize::from(result.is_ok())] += 1;
            let changed: i64 = changed.query_row([&title], |row| row.get(0)).expect("a count");
            assert_eq!(changed, if result.is_ok() { rows } else { 0 }, "{result:?}");
        }
    }
    assert!(outcomes.iter().all(|count| *count > 0), "one of both never came: {outcomes:?}");
}

/// The same of reads: one that is stopped leaves no transaction on its connection, in which the next would see old rows.
#[test]
fn a_read_that_is_too_late_leaves_no_snapshot_behind() {
    let fixture = fixture();
    seed(&fixture.engine);
    let nested = words![
        Code::FindMany,
        0,
        Code::End,
        Code::Field,
        0,
        Code::Relation,
        3,
        Code::End,
        Code::Field,
        1,
        Code::End,
        Code::End
    ];
    let late = fixture.open(Options {
        statement_timeout: Duration::from_nanos(1),
        sqlite: SqliteOptions { readers: 1, ..SqliteOptions::default() },
        ..Options::default()
    });
    for number in 0..20_000 {
        if let Err(error) = run(&late, nested, Vec::new()) {
            assert!(error.is_timeout(), "{error}");
        }
        if number % 5_000 == 0 {
            run(&fixture.engine, create_tag(), vec![text(&format!("tag {number}"))]).expect("a tag is created");
        }
    }
}

/// Whoever stops waiting before the turn of a query does not have it done behind their back.
#[test]
fn a_query_whose_future_is_dropped_before_its_turn_does_not_run() {
    let fixture = fixture();
    let prepared = fixture.engine.prepare(create_tag()).expect("a valid shape");
    let holder = begin(&fixture.engine);
    let waiting: Vec<_> =
        (0..100).map(|number| fixture.engine.run(&prepared, vec![text(&format!("dropped {number}"))])).collect();
    let kept = fixture.engine.run(&prepared, vec![text("kept")]);
    let transaction = fixture.engine.begin(TransactionOptions::default());
    drop(waiting);
    drop(transaction);
    block_on(holder.commit()).expect("nothing is in its way");
    block_on(kept).expect("somebody waits for it");
    run(&fixture.engine, create_tag(), vec![text("later")]).expect("the transaction was never needed");
    assert_eq!(count(&fixture, r#""Tag""#), 2);
}

/// Nor does it hold a place in the queue, so that those who give up do not shut others out.
#[test]
fn queries_whose_futures_are_dropped_leave_the_queue() {
    let fixture = fixture_with(Options { queue_length: 4, ..Options::default() });
    let prepared = fixture.engine.prepare(create_tag()).expect("a valid shape");
    let holder = begin(&fixture.engine);
    for number in 0..20 {
        drop(fixture.engine.run(&prepared, vec![text(&format!("dropped {number}"))]));
    }
    let kept = fixture.engine.run(&prepared, vec![text("kept")]);
    block_on(holder.commit()).expect("nothing is in its way");
    block_on(kept).expect("there is room for it");
    assert_eq!(count(&fixture, r#""Tag""#), 1);
}

/// A transaction whose end nobody waits for is rolled back, as one that is dropped before.
#[test]
fn a_commit_whose_future_is_dropped_before_its_turn_is_a_rollback() {
    let fixture = fixture();
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let options = Options { statement_timeout: Duration::from_millis(200), ..Options::default() };
    let engine = fixture.open(options);
    let transaction = begin(&engine);
    block_on(tag(&transaction, "lost")).expect("a tag");
    let slow = engine.prepare(&slow_count()).expect("a valid shape");
    let slow = transaction.run(&slow, vec![text("none")]);
    drop(transaction.commit());
    block_on(slow).expect_err("it is too slow");
    run(&engine, create_tag(), vec![text("later")]).expect("the transaction is over");
    assert_eq!(count(&fixture, r#""Tag""#), 1);
}

/// An executor that is gone, as its wakers say.
struct Gone;

impl Wake for Gone {
    fn wake(self: Arc<Self>) {
        panic!("the executor is gone");
    }
}

#[test]
fn a_waker_that_panics_costs_nobody_else() {
    let fixture = fixture();
    let transaction = begin(&fixture.engine);
    let waker = Waker::from(Arc::new(Gone));
    let mut context = Context::from_waker(&waker);
    let mut waiting: Vec<_> = (0..50).map(|number| Box::pin(tag(&transaction, &format!("tag {number}")))).collect();
    for running in &mut waiting {
        let _ = running.as_mut().poll(&mut context);
    }
    let mut outside =
        pin!(fixture.engine.run(&fixture.engine.prepare(create_tag()).expect("a valid shape"), vec![text("outside")]));
    let _ = outside.as_mut().poll(&mut context);
    block_on(transaction.commit()).expect("its queries were done");
    run(&fixture.engine, create_tag(), vec![text("later")]).expect("the pool serves others");
    assert_eq!(count(&fixture, r#""Tag""#), 52);
}
