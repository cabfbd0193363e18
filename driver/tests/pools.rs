//! One pool per file: clients with other options wait for each other in one queue, and each keeps its options.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use purlin_driver::{Engine, Options, Reply, Running, SqliteOptions, Synchronous, TransactionOptions};
use purlin_query::catalog::Catalog;
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::*;

fn create(engine: &Engine, name: &str) -> Running<Reply> {
    let prepared = engine.prepare(create_tag()).expect("a valid shape");
    engine.run(&prepared, vec![text(name)])
}

fn by_id() -> &'static [u16] {
    words![Code::FindUnique, 0, Code::Where, Code::Equals, 0, Code::End, Code::Field, 1, Code::End]
}

/// Options that differ in everything that clients of one file may differ in.
fn others() -> [Options; 8] {
    let default = Options::default();
    [
        Options {
            sqlite: SqliteOptions { synchronous: Synchronous::Normal, ..default.sqlite.clone() },
            ..default.clone()
        },
        Options {
            sqlite: SqliteOptions { busy_timeout: Duration::from_millis(1), ..default.sqlite.clone() },
            ..default.clone()
        },
        Options { sqlite: SqliteOptions { readers: 1, ..default.sqlite.clone() }, ..default.clone() },
        Options { sqlite: SqliteOptions { create: true, ..default.sqlite.clone() }, ..default.clone() },
        Options { queue_length: 7, ..default.clone() },
        Options { queue_bytes: 7_000, ..default.clone() },
        Options { sqlite: SqliteOptions { only_library: true, ..default.sqlite.clone() }, ..default.clone() },
        Options { json: purlin_driver::JsonReader::JavaScript, ..default },
    ]
}

#[test]
fn a_write_waits_for_the_transaction_of_a_client_with_other_options() {
    for options in others() {
        let fixture = fixture();
        let title = format!("{options:?}");
        let other = fixture.open(options);
        assert_eq!(fixture.engine.pool(), other.pool(), "{title}");
        for (first, second) in [(&fixture.engine, &other), (&other, &fixture.engine)] {
            let transaction = block_on(first.begin(TransactionOptions::default())).expect("nobody writes");
            let waiting = create(second, &format!("{:?}", std::time::Instant::now()));
            // The lock of another process would be waited for no longer than `busy_timeout`.
            let tag = first.prepare(create_tag()).expect("a valid shape");
            for number in 0..5 {
                let name = format!("{number} {:?}", std::time::Instant::now());
                block_on(transaction.run(&tag, vec![text(&name)])).expect("it is open");
            }
            block_on(transaction.commit()).expect("it is open");
            assert!(block_on(waiting).is_ok(), "{title}");
        }
    }
}

#[test]
fn clients_have_their_turns_in_the_order_in_which_they_ask() {
    let fixture = fixture();
    let engines: Vec<Engine> =
        others().into_iter().filter(|one| one.queue_length > 7).map(|one| fixture.open(one)).collect();
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody writes");
    let order = Arc::new(Mutex::new(Vec::new()));
    for number in 0..70 {
        let engine = &engines[number % engines.len()];
        let prepared = engine.prepare(create_tag()).expect("a valid shape");
        let order = Arc::clone(&order);
        engine.run_with(prepared, vec![text(&format!("tag {number}"))], move |reply| {
            assert!(reply.is_ok());
            order.lock().expect("nobody panics").push(number);
        });
    }
    block_on(transaction.commit()).expect("it is open");
    create(&fixture.engine, "behind them").wait();
    assert_eq!(*order.lock().expect("nobody panics"), (0..70).collect::<Vec<_>>());
}

#[test]
fn each_write_is_as_durable_as_its_client_asks() {
    let fixture = fixture();
    let hasty =
        fixture.open(Options::from(SqliteOptions { synchronous: Synchronous::Normal, ..SqliteOptions::default() }));
    let note =
        r#"INSERT INTO "Tag" (name) SELECT (SELECT COUNT(*) FROM "Tag") || ' ' || synchronous FROM pragma_synchronous"#;
    for engine in [&fixture.engine, &hasty, &hasty, &fixture.engine, &hasty] {
        engine.execute_script(note).expect("nobody writes");
    }
    let transaction = block_on(hasty.begin(TransactionOptions::default())).expect("nobody writes");
    block_on(transaction.commit()).expect("it is open");
    create(&fixture.engine, "full").wait();
    fixture.engine.execute_script(note).expect("nobody writes");
    let names = words![Code::FindMany, 2, Code::End, Code::Field, 1, Code::End];
    let names = texts(&rows(run(&fixture.engine, names, vec![])), 0, 0);
    // 2 is full, 1 is normal.
    assert_eq!(names, ["0 2", "1 1", "2 1", "3 2", "4 1", "full", "6 2"]);
}

#[test]
fn each_query_waits_by_the_bounds_of_its_client() {
    let fixture = fixture();
    let short = fixture.open(Options { queue_length: 3, ..Options::default() });
    let small = fixture.open(Options { queue_bytes: 50_000, ..Options::default() });
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody writes");
    let waiting: Vec<_> =
        (0..3).map(|number| create(&fixture.engine, &format!("{number}{}", "x".repeat(20_000)))).collect();
    let error = block_on(create(&short, "too many")).expect_err("three wait");
    assert!(error.is_queue_timeout() && error.to_string().contains("3 queries"), "{error}");
    let error = block_on(create(&small, &"y".repeat(20_000))).expect_err("60,000 bytes wait");
    assert!(error.is_queue_timeout() && error.to_string().contains("queueBytes"), "{error}");
    let more = create(&fixture.engine, &"z".repeat(20_000));
    block_on(transaction.commit()).expect("it is open");
    assert!(waiting.into_iter().chain([more]).all(|write| block_on(write).is_ok()));
    assert!(block_on(create(&short, "one")).is_ok() && block_on(create(&small, "two")).is_ok());
}

#[test]
fn the_lock_of_another_process_is_waited_for_as_long_as_the_client_says() {
    let fixture = fixture();
    let hasty = fixture
        .open(Options::from(SqliteOptions { busy_timeout: Duration::from_millis(20), ..SqliteOptions::default() }));
    let other = rusqlite::Connection::open(fixture.path()).expect("the file is there");
    other.execute_batch("BEGIN IMMEDIATE").expect("nobody writes");
    let error = block_on(create(&hasty, "hasty")).expect_err("the lock is taken");
    assert!(error.is_busy() && error.code() == Some("P1008"), "{error}");
    let patient = create(&fixture.engine, "patient");
    other.execute_batch("ROLLBACK").expect("it is open");
    assert!(block_on(patient).is_ok());
}

#[test]
fn the_first_client_says_how_many_read_at_once() {
    let fixture = fixture_with(Options {
        statement_timeout: Duration::from_secs(2),
        sqlite: SqliteOptions { readers: 1, ..SqliteOptions::default() },
        ..Options::default()
    });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let hasty = Options {
        queue_timeout: Duration::from_millis(100),
        sqlite: SqliteOptions { readers: 8, ..SqliteOptions::default() },
        ..Options::default()
    };
    let other = fixture.open(hasty);
    let slow = fixture.engine.prepare(&slow_count()).expect("a valid shape");
    let slow = fixture.engine.run(&slow, vec![text("zz")]);
    let by_name = words![Code::Count, 2, Code::End, 1, Code::All];
    let error = run(&other, by_name, vec![]).expect_err("the only reader is taken");
    assert!(error.is_queue_timeout(), "{error}");
    assert!(block_on(slow).is_err());
    assert!(run(&other, by_name, vec![]).is_ok());
}

#[test]
fn only_who_may_make_a_file_makes_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let open = |options: Options| {
        let url = format!("file:{}", folder.path().join("new.db").display());
        Engine::open(Catalog::new(MODELS, &[]), &url, options).expect("a URL of a file")
    };
    let plain = open(Options::default());
    let making = open(Options::from(SqliteOptions { create: true, ..SqliteOptions::default() }));
    assert_eq!(plain.pool(), making.pool());
    assert_eq!(plain.execute_script(TABLES).expect_err("there is no file").code(), Some("P1003"));
    making.execute_script(TABLES).expect("the file is made");
    assert!(block_on(create(&plain, "now it is there")).is_ok());
}

#[test]
fn who_only_reads_has_a_pool_of_its_own_and_waits_for_no_writer() {
    let fixture = fixture();
    seed(&fixture.engine);
    let reading = fixture.open_with("?mode=ro", Options::default()).expect("a valid URL");
    assert_ne!(reading.pool(), fixture.engine.pool());
    assert_eq!(reading.database(), fixture.engine.database());
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody writes");
    let open = block_on(reading.begin(TransactionOptions::default())).expect("it only reads");
    assert_eq!(rows(run(&reading, by_id(), vec![Value::Int(1)])).len(), 1);
    block_on(open.commit()).expect("it is open");
    block_on(transaction.commit()).expect("it is open");
}

/// Engines on the same file by other paths: a link, a link to its folder, and a way there and back.
#[cfg(unix)]
fn by_other_paths(fixture: &Fixture, options: &Options) -> Vec<Engine> {
    use std::os::unix::fs::symlink;
    let folder = fixture.folder.path();
    symlink(fixture.path(), folder.join("link.db")).expect("the system has links");
    symlink(folder, folder.join("folder")).expect("the system has links");
    std::fs::create_dir(folder.join("inner")).expect("a folder is made");
    let open = |path: &str| {
        let url = format!("file:{}", folder.join(path).display());
        Engine::open(Catalog::new(MODELS, &[]), &url, options.clone()).expect("a URL of a file")
    };
    ["link.db", "folder/test.db", "inner/../test.db", "folder/link.db"].map(open).into()
}

#[cfg(unix)]
#[test]
fn clients_of_other_paths_wait_for_a_transaction_in_their_order() {
    let fixture = fixture();
    let hasty = Options::from(SqliteOptions { busy_timeout: Duration::from_millis(1), ..SqliteOptions::default() });
    let engines = by_other_paths(&fixture, &hasty);
    let order = Arc::new(Mutex::new(Vec::new()));
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody writes");
    let tag = fixture.engine.prepare(create_tag()).expect("a valid shape");
    for (number, engine) in engines.iter().enumerate() {
        let prepared = engine.prepare(create_tag()).expect("a valid shape");
        let noted = Arc::clone(&order);
        engine.run_with(prepared, vec![text(&format!("tag {number}"))], move |reply| {
            noted.lock().expect("nobody panics").push(reply.map(|_| number).map_err(|error| error.to_string()));
        });
        // It waits in its own pool, whose connection is open when it takes its place in the row of the file.
        for turn in 0..20 {
            block_on(transaction.run(&tag, vec![text(&format!("{number} {turn}"))])).expect("it is open");
        }
    }
    assert!(order.lock().expect("nobody panics").is_empty(), "the transaction is not over");
    block_on(transaction.commit()).expect("it is open");
    for engine in &engines {
        create(engine, &format!("behind {}", engine.pool())).wait();
    }
    let mut order = order.lock().expect("nobody panics").clone();
    order.sort();
    assert_eq!(order, (0..4).map(Ok).collect::<Vec<_>>());
}

#[cfg(unix)]
#[test]
fn who_waits_for_a_client_of_another_path_waits_as_long_as_in_a_queue() {
    let fixture = fixture();
    let options = Options { queue_timeout: Duration::from_millis(100), ..Options::default() };
    let engines = by_other_paths(&fixture, &options);
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody writes");
    for engine in &engines {
        let error = block_on(create(engine, "late")).expect_err("the transaction is open");
        assert!(error.is_queue_timeout() && error.to_string().contains("100 ms"), "{error}");
        let hasty = TransactionOptions { max_wait: Duration::from_millis(50), ..TransactionOptions::default() };
        let error = block_on(engine.begin(hasty)).map(drop).expect_err("the transaction is open");
        assert!(error.is_transaction_closed() && error.to_string().contains("maxWait"), "{error}");
        block_on(engine.close()).expect("nothing runs");
    }
    block_on(transaction.commit()).expect("it is open");
    for (number, engine) in engines.iter().enumerate() {
        create(engine, &format!("tag {number}")).wait();
    }
    assert_eq!(count(&fixture, r#""Tag""#), 4, "what was refused has left the row");
}

/// Waits for what must succeed.
trait Wait {
    fn wait(self);
}

impl Wait for Running<Reply> {
    fn wait(self) {
        block_on(self).expect("nobody else writes");
    }
}
