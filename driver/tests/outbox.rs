//! Replies that nobody takes: who asked for them waits, and nobody else does.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use purlin_driver::{Engine, Error, Kept, Options, Outbox, Reply, SqliteOptions, TransactionOptions};
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::*;

/// The bytes of each reply, and of all that an outbox of these tests takes before it is full.
const REPLY: usize = 60;
const MOST: usize = 100;
/// Long enough for the slowest machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn emails() -> &'static [u16] {
    words![Code::FindMany, 0, Code::End, Code::Field, 1, Code::End]
}

/// What has come: a reply that waits, or an error.
type Arrived = Result<Kept, Error>;

/// Asks for so many reads, whose replies wait in the outbox.
fn ask(engine: &Engine, outbox: &Arc<Outbox>, reads: usize) -> Receiver<Arrived> {
    let (sender, arrived) = channel();
    let prepared = engine.prepare(emails()).expect("a valid shape");
    for _ in 0..reads {
        let (sender, kept) = (sender.clone(), Arc::clone(outbox));
        engine.run_to(outbox, Arc::clone(&prepared), Vec::new(), move |reply| {
            // The test may have ended.
            drop(sender.send(reply.map(|_| kept.keep(REPLY))));
        });
    }
    arrived
}

/// Fills an outbox.
fn full() -> (Arc<Outbox>, Kept) {
    let outbox = Arc::new(Outbox::new(MOST));
    let kept = outbox.keep(MOST + 1);
    (outbox, kept)
}

#[test]
fn reads_of_who_takes_nothing_hold_nobody_else() {
    let fixture = fixture();
    seed(&fixture.engine);
    let (outbox, kept) = full();
    let arrived = ask(&fixture.engine, &outbox, 50);
    // More than there are readers, and longer than one of them could take.
    for _ in 0..20 {
        assert_eq!(rows(run(&fixture.engine, emails(), Vec::new())).len(), 3);
    }
    let other = Arc::new(Outbox::new(MOST));
    let quick = ask(&fixture.engine, &other, 1);
    assert!(quick.recv_timeout(PATIENCE).expect("another taker does not wait").is_ok());
    assert!(arrived.try_recv().is_err(), "nothing is read for a taker that has enough");
    drop(kept);
    // Each reply is taken, and the next come.
    for number in 0..50 {
        let reply = arrived.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("reply {number} came"));
        assert!(reply.is_ok());
    }
}

#[test]
fn what_waits_is_bounded_by_the_outbox_and_the_readers() {
    let fixture = fixture_with(Options::from(SqliteOptions { readers: 3, ..SqliteOptions::default() }));
    seed(&fixture.engine);
    let outbox = Arc::new(Outbox::new(MOST));
    let arrived = ask(&fixture.engine, &outbox, 100);
    let mut taken = Vec::new();
    // Two replies fill it; each reader may be at one more.
    taken.extend((0..2).map(|_| arrived.recv_timeout(PATIENCE).expect("there is room for it")));
    // Reads of others go through the same readers: what was begun before them is done.
    for _ in 0..20 {
        assert_eq!(rows(run(&fixture.engine, emails(), Vec::new())).len(), 3);
    }
    taken.extend(arrived.try_iter());
    assert!(taken.len() <= 2 + 3, "{} replies wait", taken.len());
    let mut count = taken.len();
    taken.clear();
    while count < 100 {
        assert!(arrived.recv_timeout(PATIENCE).expect("the others come").is_ok());
        count += 1;
    }
}

#[test]
fn reads_that_wait_for_a_taker_are_bounded_in_number_and_not_in_time() {
    let options = Options { queue_length: 10, queue_timeout: Duration::from_millis(50), ..Options::default() };
    let fixture = fixture_with(options);
    seed(&fixture.engine);
    let (outbox, kept) = full();
    let arrived = ask(&fixture.engine, &outbox, 100);
    let is_full = |reply: &Arrived| matches!(reply, Err(error) if error.is_queue_timeout());
    // Those that wait are ten in the outbox and ten in the queue at most.
    for _ in 0..80 {
        let refused = arrived.recv_timeout(PATIENCE).expect("too many wait");
        assert!(is_full(&refused));
    }
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(200) {
        // Longer than a query waits for its turn. The queue may be full of them for a moment.
        match run(&fixture.engine, emails(), Vec::new()) {
            Err(error) if error.is_queue_timeout() => {}
            reply => assert_eq!(rows(reply).len(), 3),
        }
    }
    drop(kept);
    // Each reply is taken before the next.
    let rest: Vec<bool> = std::iter::from_fn(|| Some(arrived.recv_timeout(PATIENCE).ok()?.is_ok())).collect();
    assert_eq!(rest.len(), 20);
    assert!(rest.iter().filter(|is_ok| **is_ok).count() >= 10);
}

#[test]
fn when_nobody_takes_any_more_nobody_waits() {
    let fixture = fixture();
    seed(&fixture.engine);
    let (outbox, kept) = full();
    let arrived = ask(&fixture.engine, &outbox, 20);
    outbox.close();
    // Each is answered, with rows or without.
    for _ in 0..20 {
        drop(arrived.recv_timeout(PATIENCE).expect("it is answered"));
    }
    drop(kept);
}

#[test]
fn a_transaction_waits_for_its_own_taker_and_no_longer_than_it_may() {
    let fixture = fixture();
    seed(&fixture.engine);
    let (outbox, kept) = full();
    let prepared = fixture.engine.prepare(emails()).expect("a valid shape");
    let ask = |timeout: Duration| {
        let options = TransactionOptions { timeout, ..TransactionOptions::default() };
        let transaction = block_on(fixture.engine.begin(options)).expect("nobody else writes");
        let (sender, arrived) = channel();
        let done = move |reply: Result<Reply, Error>| drop(sender.send(reply));
        transaction.run_to(&outbox, Arc::clone(&prepared), Vec::new(), done);
        (transaction, arrived)
    };
    let (transaction, arrived) = ask(Duration::from_millis(100));
    let error = arrived.recv_timeout(PATIENCE).expect("its time is over").expect_err("nobody took anything");
    assert!(error.is_transaction_closed(), "{error}");
    drop(transaction);
    assert!(run(&fixture.engine, create_tag(), vec![text("next")]).is_ok());

    let (transaction, arrived) = ask(PATIENCE);
    assert!(arrived.try_recv().is_err());
    drop(kept);
    assert_eq!(rows(arrived.recv_timeout(PATIENCE).expect("there is room")).len(), 3);
    block_on(transaction.commit()).expect("it is open");
}

/// Asks for the creation of so many tags whose names have `bytes` bytes; each reply waits in the outbox.
fn ask_to_write(engine: &Engine, outbox: &Arc<Outbox>, writes: usize, bytes: usize) -> Receiver<Arrived> {
    let (sender, arrived) = channel();
    let prepared = engine.prepare(create_tag()).expect("a valid shape");
    for number in 0..writes {
        let (sender, kept) = (sender.clone(), Arc::clone(outbox));
        let values = vec![Value::Text(format!("{number}{}", "x".repeat(bytes)))];
        engine.run_to(outbox, Arc::clone(&prepared), values, move |reply| {
            // The test may have ended.
            drop(sender.send(reply.map(|_| kept.keep(REPLY))));
        });
    }
    arrived
}

#[test]
fn writes_for_who_takes_nothing_wait_and_hold_nobody_else() {
    let fixture = fixture();
    let (outbox, kept) = full();
    let arrived = ask_to_write(&fixture.engine, &outbox, 50, 0);
    // Each of these comes behind the writes in the queue.
    for number in 0..20 {
        run(&fixture.engine, create_tag(), vec![text(&format!("other {number}"))]).expect("nobody writes");
    }
    assert!(arrived.try_recv().is_err(), "nothing is written for a taker that has enough");
    assert_eq!(count(&fixture, r#""Tag""#), 20);
    drop(kept);
    for number in 0..50 {
        let reply = arrived.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("reply {number} came"));
        assert!(reply.is_ok());
    }
    assert_eq!(count(&fixture, r#""Tag""#), 70, "each was written once");
}

#[test]
fn replies_of_writes_fill_the_outbox_like_others() {
    let fixture = fixture();
    let outbox = Arc::new(Outbox::new(MOST));
    let arrived = ask_to_write(&fixture.engine, &outbox, 20, 0);
    let mut taken: Vec<Arrived> = Vec::new();
    taken.extend((0..2).map(|_| arrived.recv_timeout(PATIENCE).expect("there is room for it")));
    run(&fixture.engine, create_tag(), vec![text("behind them")]).expect("nobody writes");
    taken.extend(arrived.try_iter());
    assert_eq!(taken.len(), 2, "the second filled it, and there is one writer");
    assert_eq!(count(&fixture, r#""Tag""#), 3);
}

#[test]
fn what_waits_for_a_taker_takes_no_bytes_of_others() {
    let fixture = fixture_with(Options { queue_bytes: 1_000_000, ..Options::default() });
    let (outbox, kept) = full();
    let arrived = ask_to_write(&fixture.engine, &outbox, 30, 90_000);
    let refused = |arrived: &Receiver<Arrived>| match arrived.recv_timeout(PATIENCE) {
        Ok(Err(error)) => assert!(error.to_string().contains("queueBytes"), "{error}"),
        other => panic!("it is refused, got {other:?}"),
    };
    // Eleven may wait for the taker, and as many for their turn before they are found to have to.
    (0..8).for_each(|_| refused(&arrived));
    let small = fixture.engine.prepare(create_tag()).expect("a valid shape");
    block_on(fixture.engine.run(&small, vec![text("flush")])).expect("those before it have had their turns");
    block_on(fixture.engine.run(&small, vec![text(&"y".repeat(900_000))])).expect("nothing waits for its turn");
    drop(kept);
    drop(arrived);
}

#[test]
fn a_write_whose_taker_is_gone_does_not_begin() {
    let fixture = fixture();
    let (outbox, kept) = full();
    let arrived = ask_to_write(&fixture.engine, &outbox, 5, 0);
    run(&fixture.engine, create_tag(), vec![text("behind them")]).expect("nobody writes");
    outbox.close();
    for _ in 0..5 {
        assert!(arrived.recv_timeout(PATIENCE).expect("it is answered").is_err());
    }
    assert_eq!(count(&fixture, r#""Tag""#), 1);
    drop(kept);
}

#[test]
fn a_list_of_queries_does_not_wait_for_its_taker_for_ever() {
    let fixture = fixture();
    let idle = Duration::from_millis(100);
    let begin = || {
        let (sender, begun) = channel();
        let options = TransactionOptions { timeout: Duration::MAX, ..TransactionOptions::default() };
        fixture.engine.begin_waiting(options, idle, move |begun| drop(sender.send(begun)));
        begun.recv_timeout(PATIENCE).expect("it is answered").expect("nobody writes")
    };
    let tag = fixture.engine.prepare(create_tag()).expect("a valid shape");

    // A thread that sends nothing more.
    let transaction = begin();
    block_on(transaction.run(&tag, vec![text("undone")])).expect("it is open");
    run(&fixture.engine, create_tag(), vec![text("the next")]).expect("it has its turn");
    let error = block_on(transaction.commit()).expect_err("it was rolled back");
    assert!(error.is_transaction_closed() && error.to_string().contains("busy"), "{error}");

    // A thread that takes nothing.
    let transaction = begin();
    let (outbox, kept) = full();
    let (sender, arrived) = channel();
    let values = vec![text("undone as well")];
    transaction.run_to(&outbox, Arc::clone(&tag), values, move |reply| drop(sender.send(reply)));
    let error = arrived.recv_timeout(PATIENCE).expect("it is answered").expect_err("nobody took anything");
    assert!(error.is_transaction_closed() && error.to_string().contains("busy"), "{error}");
    drop(kept);

    // One that goes on in time, for longer than it may be idle.
    let transaction = begin();
    let began = Instant::now();
    let mut number = 0;
    while began.elapsed() < idle * 3 {
        number += 1;
        block_on(transaction.run(&tag, vec![text(&format!("kept {number}"))])).expect("it is open");
    }
    block_on(transaction.commit()).expect("it is open");
    assert_eq!(count(&fixture, r#""Tag" WHERE name LIKE 'undone%'"#), 0);
    assert_eq!(count(&fixture, r#""Tag" WHERE name LIKE 'kept%'"#), number);
}

#[test]
fn a_close_comes_after_the_queries_that_wait_for_the_taker_who_closes() {
    let fixture = fixture();
    seed(&fixture.engine);
    let (outbox, kept) = full();
    let reads = ask(&fixture.engine, &outbox, 10);
    let writes = ask_to_write(&fixture.engine, &outbox, 10, 0);
    for _ in 0..5 {
        run(&fixture.engine, create_tag(), vec![text(&format!("{:?}", Instant::now()))]).expect("nobody writes");
    }
    let (sender, closed) = channel();
    fixture.engine.close_for(&outbox, move |result| drop(sender.send(result)));
    assert!(closed.try_recv().is_err());
    // Another who closes does not wait for a taker that is busy.
    block_on(fixture.engine.close()).expect("nothing runs");
    drop(kept);
    let (mut taken, began) = (0, Instant::now());
    while taken < 20 {
        taken += reads.try_iter().chain(writes.try_iter()).filter(Result::is_ok).count();
        assert!(began.elapsed() < PATIENCE, "{taken} of 20 came");
        std::thread::yield_now();
    }
    closed.recv_timeout(PATIENCE).expect("all that came before is over").expect("it is closed");
    assert!(!fixture.folder.path().join("test.db-wal").exists(), "the file is free");
}

#[test]
fn a_query_whose_taker_is_gone_before_its_turn_does_not_run() {
    let fixture = fixture();
    seed(&fixture.engine);
    let outbox = Arc::new(Outbox::new(MOST));
    let delete = fixture.engine.prepare(words![Code::DeleteMany, 2, Code::And, 0]).expect("a valid shape");
    // The writer has somebody else to serve.
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody else writes");
    let (sender, arrived) = channel();
    fixture.engine.run_to(&outbox, Arc::clone(&delete), Vec::new(), move |reply| {
        let _ = sender.send(reply.is_ok());
    });
    outbox.close();
    block_on(transaction.commit()).expect("it is committed");
    assert_eq!(arrived.recv_timeout(PATIENCE), Ok(false));
    let tags = words![Code::FindMany, 2, Code::End, Code::Field, 1, Code::End];
    assert_eq!(rows(run(&fixture.engine, tags, Vec::new())).len(), 2);
}
