//! The log of a file: what is left of it when clients close, and when its file was replaced.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]
#![cfg(unix)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use purlin_driver::{Engine, Options};
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
        let ask = || engine.try_run(&prepared, &values()).unwrap_or_else(|| run(&engine, words, values()));
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
    while fixture.engine.try_run(&prepared, &values).is_none() {
        assert!(began.elapsed() < Duration::from_secs(10), "the clock is awake");
        std::thread::yield_now();
    }
}
