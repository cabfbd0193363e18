//! The log of a file: what is left of it when clients close, and when its file was replaced.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]
#![cfg(unix)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use purlin_driver::{Engine, NotRun, Options};
use purlin_query::catalog::Catalog;
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::*;

fn open_at(path: &Path, parameters: &str) -> Engine {
    let url = format!("file:{}{parameters}", path.display());
    Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("a URL of a file")
}

/// A database with the tables and one tag, which nobody has open.
fn database(path: &Path, tag: &str) {
    rusqlite::Connection::open(path)
        .and_then(|sqlite| sqlite.execute_batch(&format!(r#"{TABLES} INSERT INTO "Tag" (name) VALUES ('{tag}')"#)))
        .expect("a database");
}

fn tags() -> &'static [u16] {
    words![Code::FindMany, 2, Code::End, Code::Field, 1, Code::End]
}

fn create(engine: &Engine, name: &str) {
    run(engine, create_tag(), vec![text(name)]).unwrap_or_else(|error| panic!("{name}: {error}"));
}

fn read(engine: &Engine) -> Vec<String> {
    texts(&rows(run(engine, tags(), vec![])), 0, 0)
}

fn log_of(path: &Path) -> PathBuf {
    path.with_extension("db-wal")
}

fn log_bytes(path: &Path) -> u64 {
    fs::metadata(log_of(path)).map_or(0, |log| log.len())
}

/// The tags in a copy of the file alone.
fn copied(path: &Path) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = folder.path().join("copy.db");
    fs::copy(path, &copy).expect("the file");
    tags_in(&copy)
}

/// The tags that another program finds that opens the file.
fn tags_in(path: &Path) -> Vec<String> {
    let sqlite = rusqlite::Connection::open(path).expect("a file");
    let intact: String = sqlite.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it runs");
    assert_eq!(intact, "ok");
    let mut statement = sqlite.prepare(r#"SELECT name FROM "Tag" ORDER BY id"#).expect("the table");
    let names = statement.query_map([], |row| row.get(0)).expect("it runs");
    names.collect::<Result<_, _>>().expect("texts")
}

#[test]
fn nothing_is_left_in_the_log_whichever_client_of_a_process_is_closed_last() {
    for order in ["reader last", "writer last", "both", "reader stays"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("test.db");
        database(&path, "first");
        let (writing, reading) = (open_at(&path, ""), open_at(&path, "?mode=ro"));
        create(&writing, "second");
        assert_eq!((read(&writing).len(), read(&reading).len()), (2, 2));
        let close = |engine: &Engine| block_on(engine.close()).expect("nothing runs");
        match order {
            "reader last" => [&writing, &reading].map(close),
            "writer last" => [&reading, &writing].map(close),
            "both" => {
                let closes = (writing.close(), reading.close());
                [block_on(closes.0), block_on(closes.1)].map(|closed| closed.expect("nothing runs"))
            }
            _ => [close(&writing), ()],
        };
        assert_eq!(log_bytes(&path), 0, "{order}");
        assert_eq!(copied(&path), ["first", "second"], "{order}");
        // Both go on.
        create(&writing, "third");
        assert_eq!(read(&reading).len(), 3, "{order}");
    }
}

#[test]
fn a_log_that_is_still_read_when_its_writer_closes_is_emptied_by_the_last_reader() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("test.db");
    database(&path, "first");
    let (writing, reading) = (open_at(&path, ""), open_at(&path, "?mode=ro"));
    create(&writing, "second");
    let transaction = block_on(reading.begin(Default::default())).expect("a transaction may read");
    let prepared = reading.prepare(tags()).expect("a valid shape");
    assert_eq!(rows(block_on(transaction.run(&prepared, vec![]))).len(), 2);
    create(&writing, "third");
    block_on(writing.close()).expect("nothing runs");
    assert_eq!(rows(block_on(transaction.run(&prepared, vec![]))).len(), 2, "its snapshot is whole");
    assert!(log_bytes(&path) > 0, "it is needed for that");
    block_on(transaction.commit()).expect("it is open");
    block_on(reading.close()).expect("nothing runs");
    assert_eq!(log_bytes(&path), 0);
    assert_eq!(copied(&path), ["first", "second", "third"]);
}

#[test]
fn the_first_read_after_a_pause_looks_at_the_file() {
    let by_id: &[u16] = words![Code::FindUnique, 2, Code::Where, Code::Equals, 0, Code::End, Code::Field, 1, Code::End];
    for (replaced, words) in [(true, by_id), (true, tags()), (false, by_id)] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        database(&at("test.db"), "old");
        database(&at("next.db"), "new");
        let engine = open_at(&at("test.db"), "");
        let prepared = engine.prepare(words).expect("a valid shape");
        let values = || if words == by_id { vec![Value::Int(1)] } else { vec![] };
        let ask = || match engine.try_run(Arc::clone(&prepared), values()) {
            Ok(reply) => Ok(reply),
            Err(NotRun::Failed(error)) => Err(error),
            Err(NotRun::Waits(query)) => block_on(engine.run_checked(query)),
        };
        for _ in 0..5 {
            assert_eq!(texts(&rows(ask()), 0, 0), ["old"]);
        }
        // The pause is what this is about: whoever looks at the file goes to sleep in it.
        std::thread::sleep(Duration::from_secs(3));
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(at(&format!("test.db{end}")));
        }
        if replaced {
            fs::rename(at("next.db"), at("test.db")).expect("it takes the place");
        }
        std::thread::sleep(Duration::from_millis(1_500));
        match replaced {
            true => assert_eq!(texts(&rows(ask()), 0, 0), ["new"]),
            false => assert_eq!(ask().expect_err("it is gone").code(), Some("P1003")),
        }
    }
}

/// Reads that come before and after a pause find the same file as quickly as ever.
#[test]
fn reads_run_on_the_thread_of_the_caller_again_after_a_pause() {
    let fixture = fixture();
    seed(&fixture.engine);
    let prepared = fixture
        .engine
        .prepare(words![Code::FindUnique, 2, Code::Where, Code::Equals, 0, Code::End, Code::Field, 1, Code::End])
        .expect("valid");
    let values = [Value::Int(1)];
    block_on(fixture.engine.run(&prepared, values.to_vec())).expect("it is there");
    std::thread::sleep(Duration::from_millis(2_500));
    block_on(fixture.engine.run(&prepared, values.to_vec())).expect("it is there");
    let began = Instant::now();
    while matches!(fixture.engine.try_run(Arc::clone(&prepared), &values), Err(NotRun::Waits(_))) {
        assert!(began.elapsed() < Duration::from_secs(10), "the clock is awake");
        std::thread::yield_now();
    }
}

/// Nobody but this process has the files open, and each of its clients comes to know.
#[cfg(target_os = "linux")]
#[test]
fn the_log_of_a_replaced_file_is_taken_away_and_its_file_keeps_the_rows() {
    for (next, moved_aside) in [("close", false), ("close", true), ("write", true), ("read", true), ("drop", false)] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        database(&at("test.db"), "old");
        database(&at("next.db"), "backup");
        let engine = open_at(&at("test.db"), "");
        create(&engine, "in the log");
        assert_eq!(read(&engine).len(), 2);
        assert!(log_bytes(&at("test.db")) > 0);
        if moved_aside {
            fs::rename(at("test.db"), at("aside.db")).expect("it is there");
        }
        fs::rename(at("next.db"), at("test.db")).expect("it takes the place");
        match next {
            "write" => create(&engine, "new"),
            "read" => {
                let began = Instant::now();
                while read(&engine) != ["backup"] {
                    assert!(began.elapsed() < Duration::from_secs(10), "the file is looked at each second");
                    std::thread::yield_now();
                }
            }
            _ => {}
        }
        block_on(engine.close()).expect("nothing runs");
        drop(engine);
        for end in ["-wal", "-shm", "-journal"] {
            assert!(!at(&format!("test.db{end}")).exists(), "{next}: {end}");
        }
        let expected = if next == "write" { vec!["backup", "new"] } else { vec!["backup"] };
        assert_eq!(tags_in(&at("test.db")), expected, "{next}");
        if moved_aside {
            assert_eq!(tags_in(&at("aside.db")), ["old", "in the log"], "{next}");
        }
    }
}

/// Where the test below starts a process of its own, it runs this test, which has the file open until its input ends.
#[test]
fn another_process() {
    let Ok(path) = std::env::var("PURLIN_TEST_OTHER_PROCESS") else { return };
    let sqlite = rusqlite::Connection::open(&path).expect("the file is there");
    let inserted = sqlite.execute(r#"INSERT INTO "Tag" (name) VALUES ('by the other')"#, []);
    eprintln!("{}", if inserted.is_ok() { "open" } else { "failed" });
    std::io::stdin().lines().for_each(drop);
}

/// Starts it, and waits until it has the file open.
fn start_another(path: &Path) -> std::process::Child {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let mut other = Command::new(std::env::current_exe().expect("the program of this test"))
        .args(["--exact", "another_process", "--nocapture"])
        .env("PURLIN_TEST_OTHER_PROCESS", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = String::new();
    BufReader::new(other.stderr.take().expect("it is piped")).read_line(&mut said).expect("it says something");
    assert_eq!(said, "open\n");
    other
}

fn stop(mut other: std::process::Child) {
    drop(other.stdin.take());
    other.wait().expect("it ends");
}

#[test]
fn the_log_of_a_replaced_file_stays_where_another_process_has_one_of_the_files_open() {
    for opens_next in [false, true] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        database(&at("test.db"), "old");
        fs::copy(at("test.db"), at("next.db")).expect("a copy");
        let engine = open_at(&at("test.db"), "");
        create(&engine, "in the log");
        let first = (!opens_next).then(|| start_another(&at("test.db")));
        fs::rename(at("test.db"), at("aside.db")).expect("it is there");
        fs::rename(at("next.db"), at("test.db")).expect("it takes the place");
        // It uses the log for the other file, and what it writes was acknowledged.
        let next = opens_next.then(|| start_another(&at("test.db")));
        let before = fs::read(log_of(&at("test.db"))).expect("there is a log");
        for _ in 0..2 {
            let error = run(&engine, create_tag(), vec![text("refused")]).expect_err("the log is of the other file");
            assert!(error.to_string().contains("replaced") && error.code() == Some("P1003"), "{error}");
        }
        block_on(engine.close()).expect("nothing runs");
        assert!(fs::read(log_of(&at("test.db"))).expect("there is a log") == before, "nobody touches it");
        first.into_iter().chain(next).for_each(stop);
    }
}

/// One client that has the file open which was replaced keeps others of the process from using its log for the next.
#[test]
fn a_file_beside_a_log_that_this_process_writes_for_another_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    database(&at("test.db"), "old");
    database(&at("next.db"), "backup");
    let engine = open_at(&at("test.db"), "");
    create(&engine, "in the log");
    std::os::unix::fs::symlink(at("test.db"), at("link.db")).expect("a link");
    let transaction = block_on(engine.begin(Default::default())).expect("nobody writes");
    fs::rename(at("next.db"), at("test.db")).expect("it takes the place");
    let other = open_at(&at("link.db"), "");
    let error = run(&other, tags(), vec![]).expect_err("the log is of the other file");
    assert!(error.to_string().contains("replaced") && error.code() == Some("P1003"), "{error}");
    block_on(transaction.rollback()).expect("it is open");
    block_on(engine.close()).expect("nothing runs");
    assert_eq!(tags_in(&at("test.db")), ["backup"]);
    assert_eq!(read(&other), ["backup"]);
}
