//! Waiting for a turn, and how long one may last: no query silences the others.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use purlin_driver::{Engine, NotRun, Options, Reply, Running, SqliteOptions, TransactionOptions};
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::*;

/// A row by its id.
fn by_id() -> &'static [u16] {
    words![Code::FindUnique, 0, Code::Where, Code::Equals, 0, Code::End, Code::Field, 1, Code::End]
}

fn slow(engine: &Engine) -> Running<Reply> {
    let prepared = engine.prepare(&slow_count()).expect("a valid shape");
    engine.run(&prepared, vec![text("zz")])
}

#[test]
fn a_read_that_is_too_slow_is_stopped() {
    let fixture = fixture_with(Options { statement_timeout: Duration::from_millis(150), ..Options::default() });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let began = Instant::now();
    let error = block_on(slow(&fixture.engine)).expect_err("it takes minutes");
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.code(), Some("P1008"));
    assert!(error.to_string().contains("statementTimeout"), "the option: {error}");
    assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
}

#[test]
fn a_write_that_is_too_slow_is_stopped_and_undone() {
    let fixture = fixture_with(Options { statement_timeout: Duration::from_millis(150), ..Options::default() });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    // Each update runs the condition for as long as it may.
    let mut words = vec![Code::UpdateMany as u16, 0, Code::Or as u16, 2, Code::Equals as u16, 0];
    words.extend(&slow_count()[3..slow_count().len() - 3]);
    words.extend([Code::Set as u16, 1, Code::End as u16]);
    let prepared = fixture.engine.prepare(&words).expect("a valid shape");
    let values = vec![Value::Int(1), text("zz"), text("changed")];
    let error = block_on(fixture.engine.run(&prepared, values)).expect_err("it takes minutes");
    assert!(error.is_timeout(), "{error}");
    assert_eq!(count(&fixture, r#""User" WHERE email = 'changed'"#), 0);
}

/// The plan of a read by its key promises one row. A view in the place of the table keeps no promise, and one instruction of
/// SQLite may last as long as it likes.
#[test]
fn a_read_by_a_key_that_was_slow_runs_on_the_callers_thread_no_more() {
    let fixture = fixture();
    let view = r#"DROP TABLE "_PostToTag"; DROP TABLE "Tag"; CREATE VIEW "Tag" AS SELECT 1 AS id,
        length(replace(hex(randomblob(100000000)), '00', 'x')) AS name"#;
    fixture.engine.execute_script(view).expect("a view");
    let tag_by_id = words![Code::FindUnique, 2, Code::Where, Code::Equals, 0, Code::End, Code::Field, 1, Code::End];
    let prepared = fixture.engine.prepare(tag_by_id).expect("a valid shape");
    // Opens the reader, on its own thread.
    run(&fixture.engine, by_id(), vec![Value::Int(1)]).expect("no row");
    let inline = (0..10)
        .take_while(|_| {
            !matches!(fixture.engine.try_run(Arc::clone(&prepared), [Value::Int(1)]), Err(NotRun::Waits(_)))
        })
        .count();
    assert!(inline < 3, "{inline} slow reads held the caller's thread");
}

/// A read whose runs were quick comes to rows of megabytes: SQLite reads them between two looks at the time. It is stopped by
/// what it has read, and a thread of the pool reads all of it.
#[test]
fn a_read_of_large_rows_leaves_the_callers_thread() {
    let fixture = fixture();
    let script = r#"INSERT INTO "User" (id, email) VALUES (1, 'small'), (2, 'large');
        INSERT INTO "posts" (id, title, author_id) VALUES (1, 'small', 1), (2, 'small', 1);
        INSERT INTO "posts" (id, title, author_id) SELECT column1, printf('%.*c', 100000, 'x'), 2
          FROM (VALUES (11), (12), (13), (14));
        INSERT INTO "Tag" (id, name) VALUES (1, 'small'), (2, printf('%.*c', 300000, 'x')), (3, printf('%.*c', 200000, 'y'))"#;
    fixture.engine.execute_script(script).expect("the rows are inserted");
    let posts_of = words![Code::FindMany, 1, Code::Where, Code::Equals, 2, Code::End, Code::Field, 1, Code::End];
    let first_of = words![Code::FindFirst, 1, Code::Where, Code::Equals, 2, Code::End, Code::Field, 1, Code::End];
    let user_with_posts = words![
        Code::FindUnique,
        0,
        Code::Where,
        Code::Equals,
        0,
        Code::End,
        Code::Field,
        1,
        Code::Relation,
        3,
        Code::End,
        Code::Field,
        1,
        Code::End,
        Code::End
    ];
    let tag = words![Code::FindUnique, 2, Code::Where, Code::Equals, 0, Code::End, Code::Field, 1, Code::End];
    for (shape, frame, large, quick) in [
        // Four rows of 100,000 bytes, in a list and below another row; and one of 300,000 bytes.
        (posts_of.as_slice(), 0, 2, false),
        (user_with_posts.as_slice(), 1, 2, false),
        (tag.as_slice(), 0, 2, false),
        // What is not large may be read here.
        (tag.as_slice(), 0, 3, true),
        (first_of.as_slice(), 0, 2, true),
    ] {
        let prepared = fixture.engine.prepare(shape).expect("a valid shape");
        let small = || fixture.engine.try_run(Arc::clone(&prepared), [Value::Int(1)]);
        // Its runs show that it is quick; a busy machine makes some of them slow.
        let mut tries = 0;
        while matches!(small(), Err(NotRun::Waits(_))) {
            rows(block_on(fixture.engine.run(&prepared, vec![Value::Int(1)])));
            tries += 1;
            assert!(tries < 2_000, "it was never quick: {shape:?}");
        }
        match fixture.engine.try_run(Arc::clone(&prepared), [Value::Int(large)]) {
            Err(NotRun::Waits(query)) => {
                let found = rows(block_on(fixture.engine.run_checked(query)));
                let bytes = found.frame(frame).text.len();
                assert!(bytes >= 100_000, "all of it: {bytes}");
            }
            Ok(_) => assert!(quick, "it held the caller's thread: {shape:?}"),
            Err(NotRun::Failed(error)) => panic!("no limit of the client was broken: {error}"),
        }
    }
}

/// The same read breaks a limit of the client: that is found out on a thread of the pool.
#[test]
fn a_limit_of_the_client_is_its_own_error_also_after_a_read_on_the_callers_thread() {
    let limits = purlin_query::Limits { result_bytes: 1_000, ..purlin_query::Limits::default() };
    let fixture = fixture_with(Options { limits, ..Options::default() });
    let rows_of = r#"INSERT INTO "Tag" (id, name) VALUES (1, 'small'), (2, printf('%.*c', 300000, 'x'))"#;
    fixture.engine.execute_script(rows_of).expect("the rows are inserted");
    let tag = words![Code::FindUnique, 2, Code::Where, Code::Equals, 0, Code::End, Code::Field, 1, Code::End];
    let prepared = fixture.engine.prepare(tag).expect("a valid shape");
    rows(block_on(fixture.engine.run(&prepared, vec![Value::Int(1)])));
    let error = match fixture.engine.try_run(Arc::clone(&prepared), [Value::Int(2)]) {
        Err(NotRun::Waits(query)) => block_on(fixture.engine.run_checked(query)).expect_err("it is too large"),
        other => panic!("the caller's thread does not tell: {other:?}"),
    };
    assert!(error.is_limit() && error.to_string().contains("larger than 1000 bytes"), "{error}");
}

#[test]
fn slow_reads_leave_a_reader_for_quick_ones() {
    let fixture = fixture_with(Options { statement_timeout: Duration::from_secs(3), ..Options::default() });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let slow: Vec<_> = (0..12).map(|_| slow(&fixture.engine)).collect();
    let began = Instant::now();
    let reply = run(&fixture.engine, by_id(), vec![Value::Int(1)]);
    assert_eq!(texts(&rows(reply), 0, 0), ["u1"]);
    assert!(began.elapsed() < Duration::from_millis(2_500), "it took {:?}", began.elapsed());
    drop(slow);
}

#[test]
fn slow_reads_leave_a_reader_for_reads_that_never_ran() {
    let fixture = fixture_with(Options { statement_timeout: Duration::from_secs(3), ..Options::default() });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let slow: Vec<_> = (0..12).map(|_| slow(&fixture.engine)).collect();
    let began = Instant::now();
    for take in 1..4 {
        // Another shape each time, as after the start of a server.
        let mut shape = vec![Code::FindMany as u16, 0];
        shape.extend([Code::OrderBy as u16, Code::Ascending as u16, 0, Code::Field as u16, 0].repeat(take));
        shape.extend([Code::Take as u16, Code::End as u16, Code::Field as u16, 1, Code::End as u16]);
        assert_eq!(rows(run(&fixture.engine, &shape, vec![Value::Int(2)])).len(), 2);
    }
    assert!(began.elapsed() < Duration::from_millis(2_500), "it took {:?}", began.elapsed());
    drop(slow);
}

/// One large row, or a thread that the system had asleep, says nothing of the next read by a key.
#[test]
fn a_read_by_a_key_that_was_slow_once_has_its_turn_among_slow_reads() {
    let fixture = fixture();
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let script = r#"INSERT INTO "Tag" (id, name) VALUES (1, 'small'), (2, hex(zeroblob(60000000)))"#;
    fixture.engine.execute_script(script).expect("the rows are inserted");
    let tag = words![Code::FindUnique, 2, Code::Where, Code::Equals, 0, Code::End, Code::Field, 1, Code::End];
    for _ in 0..3 {
        let _ = run(&fixture.engine, tag, vec![Value::Int(2)]);
    }
    let slow: Vec<_> = (0..12).map(|_| slow(&fixture.engine)).collect();
    for _ in 0..5 {
        let began = Instant::now();
        run(&fixture.engine, tag, vec![Value::Int(1)]).expect("a row");
        assert!(began.elapsed() < Duration::from_secs(2), "it took {:?}", began.elapsed());
    }
    drop(slow);
}

#[test]
fn a_sort_whose_merge_is_a_single_instruction_is_stopped_too() {
    let fixture = fixture_with(Options { statement_timeout: Duration::from_millis(20), ..Options::default() });
    fixture
        .engine
        .execute_script(
            r#"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)
               INSERT INTO "Tag" SELECT i, 'tag ' || i || hex(zeroblob(200)) FROM n"#,
        )
        .expect("the rows are inserted");
    // Sorted by what has no index: the merge of the sort is one instruction.
    let shape = words![
        Code::FindMany,
        2,
        Code::OrderBy,
        Code::Descending,
        0,
        Code::Field,
        1,
        Code::Skip,
        Code::End,
        Code::Field,
        0,
        Code::End
    ];
    let error = run(&fixture.engine, shape, vec![Value::Int(399_999)]).expect_err("it takes longer");
    assert!(error.is_timeout(), "{error}");
}

#[test]
fn a_write_waits_as_long_as_the_queue_allows() {
    let fixture = fixture_with(Options { queue_timeout: Duration::from_millis(200), ..Options::default() });
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody else writes");
    let began = Instant::now();
    let error = run(&fixture.engine, create_tag(), vec![text("late")]).expect_err("the transaction is open");
    assert!(error.is_queue_timeout(), "{error}");
    assert_eq!(error.code(), Some("P2024"));
    let took = began.elapsed();
    assert!((Duration::from_millis(200)..Duration::from_secs(4)).contains(&took), "it took {took:?}");
    block_on(transaction.rollback()).expect("it is open");
    assert_eq!(count(&fixture, r#""Tag""#), 0, "what was refused never runs");
}

#[test]
fn the_queues_are_bounded() {
    let fixture = fixture_with(Options {
        queue_length: 10,
        sqlite: SqliteOptions { readers: 1, ..SqliteOptions::default() },
        ..Options::default()
    });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody else writes");
    let prepared = fixture.engine.prepare(create_tag()).expect("a valid shape");
    let writes: Vec<_> = (0..20).map(|n| fixture.engine.run(&prepared, vec![text(&format!("tag {n}"))])).collect();
    let reads: Vec<_> = (0..20).map(|_| slow(&fixture.engine)).collect();
    block_on(transaction.rollback()).expect("it is open");
    let full = |result: &Result<Reply, purlin_driver::Error>| matches!(result, Err(error) if error.is_queue_timeout() && error.to_string().contains("queueLength"));
    assert_eq!(writes.into_iter().map(block_on).filter(full).count(), 10);
    // One of them may be running already.
    let refused = reads.into_iter().rev().take(9).map(block_on).filter(full).count();
    assert_eq!(refused, 9);
}

/// Returns whether a query was refused since those that wait hold too many bytes.
fn holds_too_much<T>(result: &Result<T, purlin_driver::Error>) -> bool {
    matches!(result, Err(error) if error.is_queue_timeout() && error.to_string().contains("queueBytes"))
}

/// To look whether somebody of a full queue waits no longer takes long, and is not done for each that is refused.
#[test]
fn to_be_refused_at_a_full_queue_takes_no_time() {
    let length = 10_000;
    let fixture = fixture_with(Options {
        queue_length: length,
        statement_timeout: Duration::from_secs(20),
        ..Options::default()
    });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let waiting: Vec<_> = (0..length + 50).map(|_| slow(&fixture.engine)).collect();
    let began = Instant::now();
    let refused: Vec<_> = (0..5_000).map(|_| slow(&fixture.engine)).collect();
    // It was eight seconds.
    assert!(began.elapsed() < Duration::from_secs(4), "it took {:?}", began.elapsed());
    let refused = refused.into_iter().map(|running| block_on(running).expect_err("it is full"));
    assert!(refused.take(10).all(|error| error.code() == Some("P2024")));
    drop(waiting);
}

#[test]
fn writes_that_wait_are_bounded_in_bytes() {
    let fixture = fixture_with(Options { queue_bytes: 1_000_000, ..Options::default() });
    let prepared = fixture.engine.prepare(create_tag()).expect("a valid shape");
    let large = |n: usize| vec![text(&format!("{n}{}", "x".repeat(100_000)))];
    for _ in 0..2 {
        let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody else writes");
        let writes: Vec<_> = (0..20).map(|n| fixture.engine.run(&prepared, large(n))).collect();
        // Small ones wait all the same.
        let small = fixture.engine.run(&prepared, vec![text("small")]);
        block_on(transaction.rollback()).expect("it is open");
        let results: Vec<_> = writes.into_iter().map(block_on).collect();
        assert_eq!(results.iter().filter(|result| holds_too_much(result)).count(), 11);
        assert!(results.iter().filter(|result| !holds_too_much(result)).all(Result::is_ok));
        assert!(block_on(small).is_ok());
        // Those that were done have given back what they took.
        fixture.engine.execute_script(r#"DELETE FROM "Tag""#).expect("the rows are removed");
    }
}

#[test]
fn a_write_that_waits_alone_may_hold_more() {
    let fixture = fixture_with(Options { queue_bytes: 1_000, ..Options::default() });
    for name in ["a", "b", "c"] {
        let large = vec![text(&name.repeat(1_000_000))];
        assert!(run(&fixture.engine, create_tag(), large).is_ok());
    }
}

#[test]
fn reads_that_wait_are_bounded_in_bytes() {
    let options = Options {
        queue_bytes: 1_000_000,
        sqlite: SqliteOptions { readers: 1, ..SqliteOptions::default() },
        ..Options::default()
    };
    let fixture = fixture_with(options);
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let running = slow(&fixture.engine);
    let prepared = fixture.engine.prepare(&slow_count()).expect("a valid shape");
    let reads: Vec<_> = (0..20).map(|_| fixture.engine.run(&prepared, vec![text(&"z".repeat(100_000))])).collect();
    let refused = reads.into_iter().rev().take(10).map(block_on).filter(holds_too_much).count();
    assert_eq!(refused, 10);
    drop(running);
}

#[test]
fn commands_of_a_transaction_are_bounded_in_bytes() {
    let fixture = fixture_with(Options { queue_bytes: 1_000_000, ..Options::default() });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody else writes");
    let slow = transaction.run(&fixture.engine.prepare(&slow_count()).expect("a valid shape"), vec![text("zz")]);
    let prepared = fixture.engine.prepare(create_tag()).expect("a valid shape");
    let large = |n: usize| vec![text(&format!("{n}{}", "x".repeat(100_000)))];
    let commands: Vec<_> = (0..20).map(|n| transaction.run(&prepared, large(n))).collect();
    let refused = commands.into_iter().rev().take(10).map(block_on).filter(holds_too_much).count();
    assert_eq!(refused, 10);
    drop((slow, transaction));
}

#[test]
fn a_transaction_waits_no_longer_than_it_may_whatever_the_writer_does() {
    let fixture = fixture_with(Options { statement_timeout: Duration::from_secs(2), ..Options::default() });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let options = TransactionOptions { max_wait: Duration::from_millis(200), ..TransactionOptions::default() };
    let refused_in_time = |engine: &Engine, title: &str| {
        let began = Instant::now();
        let error = block_on(engine.begin(options)).map(drop).expect_err("the writer is taken");
        assert!(error.is_transaction_closed(), "{title}: {error}");
        let took = began.elapsed();
        assert!(
            (Duration::from_millis(190)..Duration::from_millis(1_500)).contains(&took),
            "{title}: it took {took:?}"
        );
    };

    // Behind a transaction that is never quiet.
    let busy = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody else writes");
    let prepared = fixture.engine.prepare(&slow_count()).expect("a valid shape");
    let running = busy.run(&prepared, vec![text("zz")]);
    refused_in_time(&fixture.engine, "behind a slow command");
    drop((running, busy));

    // Behind the lock of another process.
    let other = rusqlite::Connection::open(fixture.path()).expect("the file is there");
    let fresh = fixture.open(Options::from(SqliteOptions { readers: 3, ..SqliteOptions::default() }));
    other.execute_batch("BEGIN IMMEDIATE").expect("nobody writes");
    refused_in_time(&fresh, "behind another process");
    other.execute_batch("ROLLBACK").expect("it is open");
    let open = block_on(fresh.begin(options)).expect("the lock is free");
    block_on(open.rollback()).expect("it is open");
}

#[test]
fn a_thousand_transactions_take_their_turns_in_order() {
    let fixture = fixture();
    let prepared = fixture.engine.prepare(create_tag()).expect("a valid shape");
    // Long enough for the slowest disk: what is looked at is the order.
    let options = TransactionOptions { max_wait: Duration::from_secs(60), ..TransactionOptions::default() };
    let waiting: Vec<_> = (0..1_000).map(|_| fixture.engine.begin(options)).collect();
    for (number, transaction) in waiting.into_iter().enumerate() {
        let transaction = block_on(transaction).expect("its turn comes");
        block_on(transaction.run(&prepared, vec![text(&format!("tag {number}"))])).expect("an insert");
        block_on(transaction.commit()).expect("it commits");
    }
    assert_eq!(count(&fixture, r#""Tag" WHERE name = 'tag ' || (id - 1)"#), 1_000);
}

#[cfg(unix)]
#[test]
fn two_writers_of_one_file_both_get_their_turns() {
    let fixture = fixture();
    // A link makes another pool.
    let engines = [fixture.engine.clone(), fixture.open_with_link(Options::default())];
    let written: Arc<[AtomicU32; 2]> = Arc::default();
    let is_over = |written: &[AtomicU32; 2]| written.iter().all(|count| count.load(Ordering::Relaxed) >= 50);
    let writers = [0, 1].map(|index| {
        let (engine, written) = (engines[index].clone(), Arc::clone(&written));
        std::thread::spawn(move || {
            let prepared = engine.prepare(create_tag()).expect("a valid shape");
            let began = Instant::now();
            let mut slowest = Duration::ZERO;
            // Each goes on until the other has had its turns as well, however slow the machine is.
            while !is_over(&written) && began.elapsed() < Duration::from_secs(60) {
                let before = Instant::now();
                let number = written[index].load(Ordering::Relaxed);
                let values = vec![text(&format!("{index} {number}"))];
                block_on(engine.run(&prepared, values)).expect("no error reaches the caller");
                written[index].fetch_add(1, Ordering::Relaxed);
                slowest = slowest.max(before.elapsed());
            }
            slowest
        })
    });
    let slowest = writers.map(|writer| writer.join().expect("it ends"));
    let counts = [0, 1].map(|index: usize| written[index].load(Ordering::Relaxed));
    assert_eq!(count(&fixture, r#""Tag""#), i64::from(counts[0]) + i64::from(counts[1]));
    assert!(is_over(&written), "one waits for the other: {counts:?}");
    assert!(slowest.iter().all(|slowest| *slowest < Duration::from_secs(10)), "{slowest:?}");
}

#[test]
fn the_log_stays_bounded_under_reads_that_overlap_all_the_time() {
    let options = || Options { statement_timeout: Duration::from_millis(100), ..Options::default() };
    let fixture = fixture_with(options());
    is_bounded_while_read_by(&fixture, &fixture.engine);
    let fixture = fixture_with(options());
    is_bounded_while_read_by(&fixture, &fixture.open(Options { read_only: true, ..options() }));
    let fixture = fixture_with(options());
    is_bounded_while_read_by(&fixture, &fixture.open_with_link(options()));
}

/// Writes more than the log may hold while reads of another client overlap.
fn is_bounded_while_read_by(fixture: &Fixture, reader: &Engine) {
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let log = fixture.folder.path().join("test.db-wal");
    let prepared = fixture.engine.prepare(create_tag()).expect("a valid shape");
    let mut reads = Vec::new();
    let mut largest = 0;
    for number in 0..100 {
        // A new one before the last has come to its end.
        reads.push(slow(reader));
        let values = vec![text(&format!("{number}{}", "x".repeat(1 << 20)))];
        // The time is short for the reads; a slow disk may need several tries.
        while let Err(error) = block_on(fixture.engine.run(&prepared, values.clone())) {
            assert!(error.is_timeout(), "{error}");
        }
        largest = largest.max(std::fs::metadata(&log).map_or(0, |log| log.len()));
    }
    assert!(largest < 72 << 20, "the log grew to {largest} bytes");
    assert_eq!(count(fixture, r#""Tag""#), 100);
    drop(reads);
}

#[test]
fn a_slow_read_stops_for_a_moment_when_the_log_is_started_over() {
    let timeout = Duration::from_secs(60);
    let fixture = fixture_with(Options { statement_timeout: timeout, ..Options::default() });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let log = fixture.folder.path().join("test.db-wal");
    let prepared = fixture.engine.prepare(create_tag()).expect("a valid shape");
    let began = std::time::Instant::now();
    let _read = slow(&fixture.engine);
    let mut largest = 0;
    // Each takes two MiB of the log, one of them for the unique key.
    for number in 0..45 {
        let values = vec![text(&format!("{number}{}", "x".repeat(1 << 20)))];
        block_on(fixture.engine.run(&prepared, values)).expect("the tag is created");
        largest = largest.max(std::fs::metadata(&log).map_or(0, |log| log.len()));
    }
    // The read has not come to its end, and nobody has waited for that.
    assert!(began.elapsed() < timeout, "{:?}", began.elapsed());
    assert!(largest < 80 << 20, "the log grew to {largest} bytes");
    assert!(std::fs::metadata(&log).expect("a log").len() < 60 << 20, "it was started over");
}

#[test]
fn clients_with_other_timeouts_share_the_pool_and_keep_their_timeouts() {
    let fixture = fixture();
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let patient = fixture
        .open(Options::from(SqliteOptions { busy_timeout: Duration::from_millis(100), ..SqliteOptions::default() }));
    let hasty = Options {
        statement_timeout: Duration::from_millis(150),
        queue_timeout: Duration::from_millis(200),
        sqlite: SqliteOptions { busy_timeout: Duration::from_millis(100), ..SqliteOptions::default() },
        ..Options::default()
    };
    let hasty = fixture.open(hasty);
    assert_eq!(patient.pool(), hasty.pool(), "one pool has one writer");
    let long = TransactionOptions { timeout: Duration::from_secs(30), ..TransactionOptions::default() };
    let transaction = block_on(patient.begin(long)).expect("nobody else writes");
    let create = |engine: &Engine, name: &str| {
        let prepared = engine.prepare(create_tag()).expect("a valid shape");
        engine.run(&prepared, vec![text(name)])
    };
    // It waits in the queue of the pool, longer than anybody waits for the lock of another process.
    let waiting = create(&patient, "waits");
    let error = block_on(create(&hasty, "gives up")).expect_err("the transaction is not over");
    assert!(error.is_queue_timeout() && error.to_string().contains("200 ms"), "{error}");
    let error = block_on(slow(&hasty)).expect_err("it takes minutes");
    assert!(error.is_timeout() && error.to_string().contains("150 ms"), "{error}");
    block_on(transaction.commit()).expect("it was open");
    block_on(waiting).expect("it had its turn");
    assert_eq!(count(&fixture, r#""Tag""#), 1);
}
