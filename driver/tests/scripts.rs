//! Scripts of statements: nothing that one sets stays for those who write after it.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use purlin_driver::{Engine, Options};
use purlin_query::catalog::Catalog;
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::*;

/// A database in a file and one in memory, with rows.
fn both(check: impl Fn(&Engine, &str)) {
    let fixture = fixture();
    seed(&fixture.engine);
    check(&fixture.engine, "in a file");
    let memory = Engine::open(Catalog::new(MODELS, &[]), "file::memory:", Options::default()).expect("a valid URL");
    memory.execute_script(TABLES).expect("the tables");
    seed(&memory);
    check(&memory, "in memory");
}

fn tag_count(engine: &Engine) -> usize {
    rows(run(engine, words![Code::FindMany, 2, Code::End, Code::Field, 1, Code::End], vec![])).len()
}

/// Creates a post of a user that is not there.
fn dangling(engine: &Engine) -> Option<&'static str> {
    let words = words![Code::Create, 1, Code::Set, 1, Code::Set, 2, Code::End, Code::Field, 0, Code::End];
    run(engine, words, vec![text("dangling"), Value::Int(77)]).expect_err("there is no such user").code()
}

#[test]
fn foreign_keys_that_a_script_turns_off_are_checked_after_it() {
    // The last one fails before it turns them on again.
    for script in [
        "PRAGMA foreign_keys = OFF",
        "PRAGMA foreign_keys=OFF; BEGIN TRANSACTION; INSERT INTO posts VALUES (9, 'x', 1); COMMIT;",
        "PRAGMA foreign_keys = OFF; INSERT INTO nowhere VALUES (1); PRAGMA foreign_keys = ON",
    ] {
        both(|engine, place| {
            let ran = engine.execute_script(script);
            assert_eq!(ran.is_err(), script.contains("nowhere"), "{place}: {ran:?}");
            assert_eq!(dangling(engine), Some("P2003"), "{place}: {script}");
        });
    }
}

#[test]
fn temporary_objects_of_a_script_take_no_writes() {
    both(|engine, place| {
        let temporary = r#"CREATE TEMP TABLE "Tag" ("id" INTEGER PRIMARY KEY, "name" TEXT);
            CREATE TEMP TRIGGER swallow BEFORE INSERT ON main."User" BEGIN SELECT RAISE(IGNORE); END;"#;
        engine.execute_script(temporary).expect("it is valid");
        run(engine, create_tag(), vec![text("kept")]).expect("the table is there");
        assert_eq!(tag_count(engine), 3, "{place}");
        engine.execute_script(r#"DROP TABLE temp."Tag""#).expect_err("nothing temporary is left");
        let user = words![Code::Create, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
        run(engine, user, vec![text("new@x")]).expect("no trigger is left");
    });
}

#[test]
fn what_a_script_sets_does_not_stop_those_who_write_after_it() {
    for script in [
        "PRAGMA query_only = ON",
        "PRAGMA max_page_count = 1",
        "PRAGMA locking_mode = EXCLUSIVE; UPDATE \"Tag\" SET name = name",
        "ATTACH ':memory:' AS main2; CREATE TABLE main2.other (x)",
        "PRAGMA ignore_check_constraints = ON; PRAGMA recursive_triggers = ON",
    ] {
        both(|engine, place| {
            engine.execute_script(script).expect("it is valid");
            run(engine, create_tag(), vec![text("kept")]).unwrap_or_else(|error| panic!("{place}: {script}: {error}"));
            assert_eq!(tag_count(engine), 3, "{place}: {script}");
            assert!(engine.execute_script("SELECT * FROM main2.other").is_err(), "{place}: {script}");
        });
    }
}

#[test]
fn a_transaction_that_a_script_leaves_open_is_undone_and_reported() {
    for begin in ["BEGIN", "BEGIN IMMEDIATE", "SAVEPOINT s"] {
        both(|engine, place| {
            let script = format!(r#"{begin}; INSERT INTO "Tag" (name) VALUES ('undone')"#);
            let error = engine.execute_script(&script).expect_err("it is not over");
            assert!(error.to_string().contains("rolled back"), "{place}: {begin}: {error}");
            assert_eq!(tag_count(engine), 2, "{place}: {begin}");
            run(engine, create_tag(), vec![text("after")]).expect("nothing is open");
            assert_eq!(tag_count(engine), 3, "{place}: {begin}");
        });
    }
}
