//! A close is over when the file is free, and not before: somebody copies or replaces it then.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use purlin_driver::{Engine, Error, Options, Reply, Running, SqliteOptions, Synchronous, TransactionOptions};
use purlin_query::catalog::Catalog;
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::*;

/// Long enough for the slowest machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longer than any close has ever waited for what it does not wait for.
const SLOW: Duration = Duration::from_millis(600);

fn slow(engine: &Engine) -> Running<Reply> {
    let prepared = engine.prepare(&slow_count()).expect("a valid shape");
    engine.run(&prepared, vec![text("zz")])
}

fn by_id() -> &'static [u16] {
    words![Code::FindUnique, 0, Code::Where, Code::Equals, 0, Code::End, Code::Field, 1, Code::End]
}

/// A database on which a slow read takes as long as it may.
fn with_slow_rows() -> Fixture {
    let fixture = fixture_with(Options { statement_timeout: SLOW, ..Options::default() });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    fixture
}

/// Returns whether nothing of this process has the file open, and nothing of it is left in a log.
fn is_free(path: &Path) -> bool {
    let log = path.with_file_name("test.db-wal");
    let index = path.with_file_name("test.db-shm");
    #[cfg(target_os = "linux")]
    let open = std::fs::read_dir("/proc/self/fd")
        .expect("the list of files")
        .flatten()
        .any(|entry| std::fs::read_link(entry.path()).is_ok_and(|open| open == path));
    #[cfg(not(target_os = "linux"))]
    let open = false;
    !open && !log.exists() && !index.exists()
}

/// What was found at the moment in which a close was over.
#[derive(Debug)]
struct Closed {
    result: Result<(), Error>,
    free: bool,
    at: Instant,
}

fn close(fixture: &Fixture, engine: &Engine) -> Receiver<Closed> {
    let (sender, closed) = channel();
    let path = fixture.path();
    engine.close_with(move |result| {
        drop(sender.send(Closed { result, free: is_free(&path), at: Instant::now() }));
    });
    closed
}

fn expect_free(closed: &Receiver<Closed>, title: &str) -> Instant {
    let closed = closed.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{title}: it is over"));
    assert!(closed.result.is_ok(), "{title}: {closed:?}");
    assert!(closed.free, "{title}: the file is free");
    closed.at
}

#[test]
fn a_close_waits_for_the_reads_that_run() {
    let fixture = with_slow_rows();
    let reads: Vec<_> = (0..3).map(|_| slow(&fixture.engine)).collect();
    expect_free(&close(&fixture, &fixture.engine), "with reads that run");
    // They have ended in their own time, as if nobody had closed anything.
    for read in reads {
        let error = block_on(read).expect_err("it takes minutes");
        assert!(error.is_timeout() && error.to_string().contains("600 ms"), "{error}");
    }
}

#[test]
fn a_close_waits_for_the_reads_that_wait() {
    let fixture = fixture_with(Options {
        statement_timeout: SLOW / 4,
        sqlite: SqliteOptions { readers: 2, ..SqliteOptions::default() },
        ..Options::default()
    });
    fixture.engine.execute_script(SLOW_ROWS).expect("the rows are inserted");
    let over = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let prepared = fixture.engine.prepare(&slow_count()).expect("a valid shape");
    for _ in 0..8 {
        let over = std::sync::Arc::clone(&over);
        let done = move |_| {
            over.fetch_add(1, Ordering::SeqCst);
        };
        fixture.engine.run_with(std::sync::Arc::clone(&prepared), vec![text("zz")], done);
    }
    expect_free(&close(&fixture, &fixture.engine), "with reads in the queue");
    assert_eq!(over.load(Ordering::SeqCst), 8);
}

#[test]
fn a_second_close_is_not_over_before_the_first() {
    let fixture = with_slow_rows();
    let read = slow(&fixture.engine);
    let closes: Vec<_> = (0..5).map(|_| close(&fixture, &fixture.engine)).collect();
    for (number, closed) in closes.iter().enumerate() {
        expect_free(closed, &format!("close {number}"));
    }
    drop(read);
    // With nothing open there is nothing to wait for.
    expect_free(&close(&fixture, &fixture.engine), "once more");
}

#[test]
fn thousands_of_closes_are_over_when_the_first_is() {
    let fixture = with_slow_rows();
    let read = slow(&fixture.engine);
    let closes: Vec<_> = (0..50_000).map(|_| fixture.engine.close()).collect();
    for closed in closes {
        block_on(closed).expect("nothing is lost");
    }
    assert!(block_on(read).is_err());
    assert!(is_free(&fixture.path()));
}

#[test]
fn a_close_waits_for_the_transaction_that_runs() {
    let fixture = fixture();
    let transaction = block_on(fixture.engine.begin(TransactionOptions::default())).expect("nobody writes");
    let tag = fixture.engine.prepare(create_tag()).expect("a valid shape");
    block_on(transaction.run(&tag, vec![text("one")])).expect("it is open");
    let closes = [close(&fixture, &fixture.engine), close(&fixture, &fixture.engine)];
    block_on(transaction.run(&tag, vec![text("two")])).expect("it is open");
    assert!(closes.iter().all(|closed| closed.try_recv().is_err()), "it is not over");
    block_on(transaction.commit()).expect("it is open");
    for closed in &closes {
        expect_free(closed, "behind a transaction");
    }
    assert_eq!(count(&fixture, r#""Tag""#), 2);

    // One that nobody ends is over in its time.
    let options = TransactionOptions { timeout: Duration::from_millis(200), ..TransactionOptions::default() };
    let transaction = block_on(fixture.engine.begin(options)).expect("nobody writes");
    expect_free(&close(&fixture, &fixture.engine), "behind a transaction that nobody ends");
    drop(transaction);
}

#[test]
fn a_close_waits_for_other_clients_of_the_file_whatever_their_options_are() {
    let fixture = with_slow_rows();
    let others = [
        Options::from(SqliteOptions { readers: 1, ..SqliteOptions::default() }),
        Options::from(SqliteOptions { busy_timeout: Duration::from_millis(1), ..SqliteOptions::default() }),
        Options::from(SqliteOptions { synchronous: Synchronous::Normal, ..SqliteOptions::default() }),
        Options { queue_length: 5, queue_bytes: 5_000, ..Options::default() },
    ];
    for other in others {
        let title = format!("{other:?}");
        let other = fixture.open(Options { statement_timeout: SLOW, ..other });
        let read = slow(&other);
        run(&other, create_tag(), vec![text(&title)]).expect("nobody writes");
        let closed = close(&fixture, &fixture.engine);
        let second = close(&fixture, &other);
        expect_free(&closed, &title);
        expect_free(&second, &title);
        assert!(block_on(read).is_err());
    }
}

#[test]
fn what_others_ask_for_later_neither_waits_for_a_close_nor_is_waited_for() {
    let fixture = with_slow_rows();
    let read = slow(&fixture.engine);
    let other = fixture.open(Options::default());
    let closed = close(&fixture, &fixture.engine);
    let began = Instant::now();
    // The read of the first runs for longer than all of these take.
    let mut turns = 0;
    while began.elapsed() < SLOW / 3 {
        turns += 1;
        run(&other, create_tag(), vec![text(&format!("tag {turns}"))]).expect("it has its turn");
        assert_eq!(rows(run(&other, by_id(), vec![Value::Int(1)])).len(), 1);
    }
    assert!(turns > 3, "{turns}");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(rows(run(&other, by_id(), vec![Value::Int(1)])).len(), 1);
                }
            });
        }
        let closed = closed.recv_timeout(PATIENCE);
        stop.store(true, Ordering::Relaxed);
        assert!(closed.expect("it is over though somebody always reads").result.is_ok());
    });
    assert!(block_on(read).is_err());
    expect_free(&close(&fixture, &other), "when the other has nothing more to ask");
}

#[test]
fn a_copy_of_the_file_alone_is_whole_after_a_close() {
    let fixture = with_slow_rows();
    for round in 0..3 {
        let read = slow(&fixture.engine);
        run(&fixture.engine, create_tag(), vec![text(&format!("round {round}"))]).expect("nobody writes");
        block_on(fixture.engine.close()).expect("it is closed");
        let copy = fixture.folder.path().join("copy.db");
        std::fs::copy(fixture.path(), &copy).expect("it is free");
        // And what takes the place of the file meets nothing of the one before it.
        std::fs::rename(&copy, fixture.path()).expect("it takes the place");
        assert_eq!(count(&fixture, r#""Tag""#), round + 1);
        drop(read);
    }
}

#[test]
fn who_closes_is_told_of_writes_that_went_down_with_the_log() {
    for second in [false, true] {
        let fixture = fixture();
        run(&fixture.engine, create_tag(), vec![text("acknowledged")]).expect("nobody writes");
        assert!(run(&fixture.engine, by_id(), vec![Value::Int(1)]).is_ok());
        for end in ["-wal", "-shm"] {
            std::fs::remove_file(fixture.folder.path().join(format!("test.db{end}"))).expect("it is there");
        }
        let first = close(&fixture, &fixture.engine);
        let again = second.then(|| close(&fixture, &fixture.engine));
        let first = first.recv_timeout(PATIENCE).expect("it is over");
        let error = first.result.expect_err("the tag is gone");
        assert!(first.free && error.code() == Some("P1003"), "{error}");
        if let Some(again) = again {
            expect_free(&again, "the second has nothing to tell");
        }
    }
}

#[test]
fn a_close_with_a_slow_read_on_a_lost_log_is_not_over_early() {
    let fixture = with_slow_rows();
    let read = slow(&fixture.engine);
    let log = fixture.folder.path().join("test.db-wal");
    std::fs::remove_file(&log).expect("it is there");
    let first = close(&fixture, &fixture.engine);
    let second = close(&fixture, &fixture.engine);
    for closed in [first, second] {
        let closed = closed.recv_timeout(PATIENCE).expect("it is over");
        assert!(closed.free, "{closed:?}");
    }
    drop(read);
}

#[test]
fn a_file_that_is_gone_is_closed_all_the_same() {
    let fixture = fixture();
    run(&fixture.engine, create_tag(), vec![text("gone")]).expect("nobody writes");
    for end in ["", "-wal", "-shm"] {
        std::fs::remove_file(fixture.folder.path().join(format!("test.db{end}"))).expect("it is there");
    }
    // As tests do that remove their database first.
    expect_free(&close(&fixture, &fixture.engine), "without a file");
}

#[test]
fn a_database_in_memory_outlives_a_close() {
    let engine = Engine::open(purlin_query::catalog::Catalog::new(MODELS, &[]), "file::memory:", Options::default());
    let engine = engine.expect("a valid URL");
    engine.execute_script(TABLES).expect("the tables");
    seed(&engine);
    block_on(engine.close()).expect("there is no file");
    assert_eq!(rows(run(&engine, by_id(), vec![Value::Int(1)])).len(), 1);
}

/// Connections that are closed at once must not each take the other for one that stays: the last one takes the log along.
#[cfg(unix)]
#[test]
fn connections_that_are_closed_at_once_leave_no_log() {
    let fixture = fixture();
    let link = fixture.folder.path().join("link.db");
    std::os::unix::fs::symlink(fixture.path(), &link).expect("a link");
    let log = fixture.folder.path().join("test.db-wal");
    let open = |path: &Path| {
        let url = format!("file:{}", path.display());
        Engine::open(purlin_query::catalog::Catalog::new(MODELS, &[]), &url, Options::default())
            .expect("a URL of a file")
    };
    block_on(fixture.engine.close()).expect("nothing runs");
    for round in 0..200 {
        let engines = [open(&fixture.path()), open(&link)];
        run(&engines[0], create_tag(), vec![text(&format!("tag {round}"))]).expect("a tag");
        let count = words![Code::Count, 2, Code::End, 1, Code::All];
        let counts: Vec<_> = engines
            .iter()
            .flat_map(|engine| (0..4).map(|_| engine.run(&engine.prepare(count).expect("a shape"), Vec::new())))
            .collect();
        counts.into_iter().for_each(|count| drop(block_on(count).expect("a count")));
        let closes: Vec<_> = engines.iter().map(Engine::close).collect();
        closes.into_iter().for_each(|close| block_on(close).expect("nothing runs"));
        assert!(!log.exists(), "round {round}");
    }
}

/// Where the test below starts a process that is to start no more threads, it runs this test.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_may_start_no_thread() {
    let Ok(path) = std::env::var("PURLIN_TEST_CLOSE") else { return };
    let engine = Engine::open(Catalog::new(MODELS, &[]), &format!("file:{path}"), Options::default());
    let engine = engine.expect("a URL of a file");
    let use_it = || {
        run(&engine, create_tag(), vec![text(&format!("tag {}", std::process::id()))]).map(drop)?;
        run(&engine, words![Code::DeleteMany, 2, Code::And, 0], vec![]).map(drop)?;
        run(&engine, words![Code::FindMany, 2, Code::End, Code::Field, 1, Code::End], vec![]).map(drop)
    };
    use_it().expect("the threads are started");
    let limit = [&*format!("--pid={}", std::process::id()), "--nproc=0:0"];
    let limited = std::process::Command::new("prlimit").args(limit).status().expect("`prlimit` of util-linux");
    assert!(limited.success());
    let another = std::thread::Builder::new().spawn(|| ());
    let closed = block_on(engine.close());
    let left = std::path::Path::new(&format!("{path}-wal")).exists();
    // Beside what the runner of the tests writes.
    eprintln!("{:?} {closed:?} {left} {:?}", another.map(drop).is_ok(), use_it());
}

#[cfg(target_os = "linux")]
#[test]
fn a_close_needs_no_other_thread() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    let fixture = fixture();
    block_on(fixture.engine.close()).expect("nothing runs");
    let folder = fixture.folder.path();
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777)).expect("it is ours");
    let program = folder.join("closer");
    std::fs::copy(std::env::current_exe().expect("the program of this test"), &program).expect("it is copied");
    let mut command = Command::new(&program);
    if std::fs::metadata("/proc/self").expect("this process").uid() == 0 {
        // Root may start as many threads as it likes; this user, which has no other processes, may not.
        command.uid(65_533).gid(65_533);
        chown(fixture.path(), Some(65_533), Some(65_533)).expect("it is ours");
    }
    let closer = command
        .args(["--exact", "a_process_that_may_start_no_thread", "--nocapture"])
        .env("PURLIN_TEST_CLOSE", fixture.path())
        .output()
        .expect("it starts");
    let shown = String::from_utf8_lossy(&closer.stderr);
    assert!(closer.status.success() && shown.contains("false Ok(()) false Ok(())"), "{shown}");
}
