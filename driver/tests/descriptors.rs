//! A process that has no descriptors left.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]
#![cfg(target_os = "linux")]

mod support;

use std::fs::File;
use std::process::Command;

use purlin_driver::{Engine, Error, Options, SqliteOptions};
use purlin_query::catalog::Catalog;
use purlin_query::shape::Code;
use support::*;

fn tags() -> &'static [u16] {
    words![Code::FindMany, 2, Code::End, Code::Field, 1, Code::End]
}

/// All descriptors but `free`.
fn take_all_but(free: usize) -> Vec<File> {
    let mut taken: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    taken.truncate(taken.len() - free);
    taken
}

fn expect_reason(error: &Error) {
    assert_eq!(error.code(), Some("P2024"), "{error}");
    assert!(error.to_string().contains("too many files") && error.to_string().contains("ulimit"), "{error}");
}

/// The test below starts a process that may have few files open, which runs this test.
#[test]
fn a_process_of_few_descriptors() {
    let Ok(path) = std::env::var("PURLIN_TEST_DESCRIPTORS") else { return };
    let open = |readers| {
        let options = Options::from(SqliteOptions { readers, ..SqliteOptions::default() });
        Engine::open(Catalog::new(MODELS, &[]), &format!("file:{path}"), options).expect("a URL of a file")
    };
    let engine = open(4);
    for free in 0..4 {
        let taken = take_all_but(free);
        expect_reason(&run(&engine, tags(), vec![]).expect_err("nothing can be opened"));
        expect_reason(&run(&engine, create_tag(), vec![text("x")]).expect_err("nothing can be opened"));
        expect_reason(&block_on(engine.begin(Default::default())).map(drop).expect_err("nothing can be opened"));
        drop(taken);
    }
    assert_eq!(rows(run(&engine, tags(), vec![])).len(), 2);
    // One reader is open, and many reads come.
    let taken = take_all_but(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let engine = &engine;
            scope.spawn(move || {
                for _ in 0..20 {
                    assert_eq!(rows(run(engine, tags(), vec![])).len(), 2);
                }
            });
        }
    });
    expect_reason(&run(&engine, create_tag(), vec![text("x")]).expect_err("no writer can be opened"));
    drop(taken);
    run(&engine, create_tag(), vec![text("kept")]).expect("there are descriptors again");
    assert_eq!(rows(run(&engine, tags(), vec![])).len(), 3);
}

#[test]
fn no_descriptors_is_told_as_the_reason_and_those_that_are_open_are_used() {
    let fixture = fixture();
    seed(&fixture.engine);
    block_on(fixture.engine.close()).expect("nobody uses it");
    let ran = Command::new("sh")
        .args(["-c", "ulimit -n 64 && exec \"$0\" --exact a_process_of_few_descriptors --nocapture"])
        .arg(std::env::current_exe().expect("the program of this test"))
        .env("PURLIN_TEST_DESCRIPTORS", fixture.path())
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && String::from_utf8_lossy(&ran.stdout).contains("1 passed"), "{said}");
    assert_eq!(count(&fixture, r#""Tag""#), 3);
}
