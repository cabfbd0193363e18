//! The file of a database: read-only, missing, replaced, and opened by two SQLite libraries.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use std::fs;

use purlin_driver::{Engine, Options};
use purlin_query::catalog::Catalog;
use purlin_query::shape::Code;
use support::*;

/// The emails of all users.
fn users() -> &'static [u16] {
    words![Code::FindMany, 0, Code::End, Code::Field, 1, Code::End]
}

#[test]
fn a_database_that_is_open_for_reading_refuses_writes() {
    let fixture = fixture();
    seed(&fixture.engine);
    let reading = fixture.open_with("?mode=ro", Options::default()).expect("a valid URL");
    assert_eq!(rows(run(&reading, users(), vec![])).len(), 3);
    let error = run(&reading, create_tag(), vec![text("new")]).expect_err("it only reads");
    assert!(error.is_read_only(), "{error}");
    assert!(error.to_string().contains("mode=ro"), "the remedy: {error}");
    let error = block_on(reading.begin(Default::default())).map(drop).expect_err("it only reads");
    assert!(error.is_read_only(), "{error}");
    let error = reading.execute_script("DELETE FROM User").expect_err("it only reads");
    assert!(error.is_read_only(), "{error}");
    assert_eq!(count(&fixture, r#""User""#), 3);
}

#[test]
fn a_file_that_was_never_written_ahead_is_read_without_a_change() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("plain.db");
    let sqlite = rusqlite::Connection::open(&path).expect("a new file");
    sqlite.execute_batch(TABLES).expect("the tables");
    drop(sqlite);
    let before = fs::read(&path).expect("the file");
    let url = format!("file:{}?mode=ro", path.display());
    let engine = Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("a valid URL");
    assert!(rows(run(&engine, users(), vec![])).is_empty());
    drop(engine);
    assert_eq!(fs::read(&path).expect("the file"), before);
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing lies beside it");
}

#[test]
fn a_reader_does_not_wait_for_those_that_keep_a_file_from_being_written_ahead() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("plain.db");
    let other = rusqlite::Connection::open(&path).expect("a new file");
    other.execute_batch(TABLES).expect("the tables");
    // A read that is not over yet.
    let mut reading = other.prepare("SELECT * FROM sqlite_schema").expect("a statement");
    let mut rows_of_other = reading.query([]).expect("it runs");
    rows_of_other.next().expect("a row").expect("there are tables");
    let url = format!("file:{}", path.display());
    let engine = Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("a valid URL");
    let began = std::time::Instant::now();
    assert!(rows(run(&engine, users(), vec![])).is_empty());
    assert!(began.elapsed().as_secs() < 2, "it took {:?}", began.elapsed());
}

#[test]
fn parameters_of_the_url_are_checked() {
    let fixture = fixture();
    for (parameters, part) in [
        ("?mode=readonly", "`mode`"),
        ("?mode=", "`mode`"),
        ("?mode=ro&mode=rw", "`mode`"),
        ("?Mode=readonly", "`mode`"),
        ("?connection_limit=0", "connection_limit"),
        ("?connection_limit=1000000000", "connection_limit"),
        ("?connection_limit=-1", "connection_limit"),
        ("?pool_timeout=never", "pool_timeout"),
        ("?socket_timeout=99999999999", "socket_timeout"),
    ] {
        let error = fixture.open_with(parameters, Options::default()).expect_err("not a valid parameter");
        assert_eq!(error.code(), Some("P1013"), "{parameters}");
        assert!(error.to_string().contains(part), "{parameters}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_is_one_database_whichever_path_leads_to_it() {
    let fixture = fixture();
    let engine = fixture.open(Options::default());
    let links = tempfile::tempdir().expect("a temporary folder");
    std::os::unix::fs::symlink(fixture.path(), links.path().join("link.db")).expect("the system has links");
    std::os::unix::fs::symlink(fixture.folder.path(), links.path().join("folder")).expect("the system has links");
    fs::create_dir(fixture.folder.path().join("inner")).expect("a folder is made");
    let paths = [
        fixture.path(),
        links.path().join("link.db"),
        links.path().join("folder/test.db"),
        links.path().join("folder/inner/../test.db"),
        fixture.folder.path().join("./inner/../test.db"),
    ];
    for path in paths {
        let url = format!("file:{}", path.display());
        let other = Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("a URL of a file");
        assert_eq!(other.database(), engine.database(), "{}", path.display());
        run(&other, create_tag(), vec![text(&url)]).expect("the file is there");
    }
    fs::copy(fixture.path(), links.path().join("copy.db")).expect("the file is there");
    let url = format!("file:{}", links.path().join("copy.db").display());
    let copy = Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("a URL of a file");
    assert_ne!(copy.database(), engine.database(), "a copy is another file");
}

#[test]
fn a_write_to_a_file_that_was_deleted_fails() {
    let fixture = fixture();
    run(&fixture.engine, create_tag(), vec![text("first")]).expect("the file is there");
    // Only the creation of the fixture may make the file.
    let engine = fixture.open(Options::default());
    run(&engine, create_tag(), vec![text("second")]).expect("the file is there");
    fs::remove_file(fixture.path()).expect("it is there");
    let error = run(&engine, create_tag(), vec![text("third")]).expect_err("the write would be lost");
    assert_eq!(error.code(), Some("P1003"));
    assert!(error.to_string().contains("deleted or moved"), "{error}");
    assert!(!fixture.path().exists(), "nothing makes the file again");
}

#[test]
fn the_log_of_a_file_that_was_replaced_is_not_applied_to_the_next() {
    let fixture = fixture();
    let engine = fixture.open(Options::default());
    run(&engine, create_tag(), vec![text("in the log")]).expect("the file is there");
    let log = fixture.folder.path().join("test.db-wal");
    assert!(fs::metadata(&log).expect("there is a log").len() > 0);
    let replacement = fixture.folder.path().join("other.db");
    rusqlite::Connection::open(&replacement)
        .and_then(|sqlite| sqlite.execute_batch(&format!(r#"{TABLES} INSERT INTO "Tag" VALUES (7, 'replaced')"#)))
        .expect("another database");
    fs::rename(&replacement, fixture.path()).expect("it takes the place");
    for _ in 0..2 {
        let error = run(&engine, create_tag(), vec![text("lost")]).expect_err("the log is of the other file");
        assert!(error.to_string().contains("replaced"), "{error}");
    }
    fs::remove_file(&log).expect("as the message says");
    let _ = fs::remove_file(fixture.folder.path().join("test.db-shm"));
    run(&engine, create_tag(), vec![text("kept")]).expect("the new file is written");
    assert_eq!(count(&fixture, r#""Tag" WHERE name IN ('replaced', 'kept')"#), 2);
    assert_eq!(count(&fixture, r#""Tag""#), 2);
}

#[test]
fn what_is_no_database_is_named_with_its_path() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text_file = folder.path().join("notes.txt");
    fs::write(&text_file, "no database, but long enough to be looked at ".repeat(50)).expect("a file");
    for (path, part) in [(text_file.as_path(), "not a SQLite database"), (folder.path(), "is a folder")] {
        let url = format!("file:{}", path.display());
        let engine = Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("a valid URL");
        let error = run(&engine, users(), vec![]).expect_err("no database");
        assert!(error.to_string().contains(part), "{error}");
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        let error = run(&engine, create_tag(), vec![text("new")]).expect_err("no database");
        assert!(error.to_string().contains(part), "{error}");
    }
}

/// A file that the only library of the process makes is not taken for one that another library has open.
#[test]
fn the_only_library_makes_a_file() {
    let fixture = fixture();
    let url = format!("file:{}", fixture.path().with_file_name("new.db").display());
    let open = |url: &str| {
        let options = Options { only_library: true, ..Options::default() };
        Engine::open(Catalog::new(&[], &[]), url, options).expect("a URL of a file")
    };
    let refused = open(&url).execute_script("SELECT 1").expect_err("there is no file");
    assert_eq!(refused.code(), Some("P1003"));
    assert!(refused.to_string().contains("end the URL in `?mode=rwc`"), "{refused}");
    open(&format!("{url}?mode=rwc")).execute_script("CREATE TABLE made (id)").expect("the file is made");
    open(&url).execute_script("INSERT INTO made VALUES (1)").expect("the file is there");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_another_library_has_open_is_refused_by_an_addon() {
    let fixture = fixture();
    seed(&fixture.engine);
    block_on(fixture.engine.close()).expect("nobody uses it");
    // A handle that this library knows nothing of stands for another library.
    let foreign = fs::File::open(fixture.path()).expect("it is there");
    let engine = fixture.open(Options { only_library: true, readers: 2, ..Options::default() });
    let error = run(&engine, users(), vec![]).expect_err("two libraries would destroy the file");
    assert_eq!(error.code(), Some("P1003"));
    assert!(error.to_string().contains("two SQLite libraries"), "{error}");
    drop(foreign);
    assert_eq!(rows(run(&engine, users(), vec![])).len(), 3, "it opens when the other is closed");
    // Pools of the same library share it.
    let third = fixture.open(Options { only_library: true, readers: 3, ..Options::default() });
    assert_eq!(rows(run(&third, users(), vec![])).len(), 3);
}

#[cfg(unix)]
#[test]
fn a_second_copy_of_the_library_is_refused() {
    use std::os::unix::fs::MetadataExt;
    let fixture = fixture();
    seed(&fixture.engine);
    block_on(fixture.engine.close()).expect("nobody uses it");
    let file = fs::metadata(fixture.path()).expect("it is there");
    let prefix = format!("purlin-{}-", std::process::id());
    let suffix = format!("-{:x}-{:x}.lock", file.dev(), file.ino());
    let locks = || -> Vec<_> {
        let entries = fs::read_dir(std::env::temp_dir()).expect("the folder");
        let names = entries.flatten().map(|entry| entry.path());
        names
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                name.starts_with(&prefix) && name.ends_with(&suffix)
            })
            .collect()
    };
    assert!(locks().is_empty(), "the lock goes with the last connection");
    let first = fixture.open(Options { readers: 2, ..Options::default() });
    assert_eq!(rows(run(&first, users(), vec![])).len(), 3);
    let [path] = locks().try_into().expect("one lock per file");
    // What a process that was killed leaves behind is removed by the next one.
    let left = path.file_name().expect("a name").to_string_lossy().replace(&prefix, "purlin-4194304-");
    let left = path.with_file_name(left);
    fs::write(&left, "").expect("the folder for temporary files");
    block_on(first.close()).expect("nobody uses it");
    drop(first);
    // What another copy of the library would do.
    let other = fs::File::create(&path).expect("a lock file");
    other.try_lock().expect("nobody has it");
    let second = fixture.open(Options { readers: 3, ..Options::default() });
    let error = run(&second, users(), vec![]).expect_err("another copy has it open");
    assert!(!left.exists(), "nobody has this number, it is above the largest");
    assert!(error.to_string().contains("another copy of Purlin"), "{error}");
    assert!(error.to_string().contains("npm ls purlin"), "the remedy: {error}");
    drop(other);
    assert_eq!(rows(run(&second, users(), vec![])).len(), 3);
}

#[cfg(unix)]
#[test]
fn a_file_with_two_names_is_refused_for_writing() {
    let fixture = fixture();
    seed(&fixture.engine);
    block_on(fixture.engine.close()).expect("nobody uses it");
    fs::hard_link(fixture.path(), fixture.folder.path().join("other.db")).expect("a second name");
    for error in [
        run(&fixture.engine, users(), vec![]).expect_err("each name would have a log"),
        run(&fixture.engine, create_tag(), vec![text("new")]).expect_err("each name would have a log"),
    ] {
        assert_eq!(error.code(), Some("P1003"));
        assert!(error.to_string().contains("hard link"), "{error}");
    }
    let reading = fixture.open_with("?mode=ro", Options::default()).expect("a valid URL");
    assert_eq!(rows(run(&reading, users(), vec![])).len(), 3);
}

#[test]
fn a_transaction_does_not_commit_to_a_file_that_is_gone() {
    let fixture = fixture();
    let engine = fixture.open(Options::default());
    let transaction = block_on(engine.begin(Default::default())).expect("nobody else writes");
    let prepared = engine.prepare(create_tag()).expect("a valid shape");
    block_on(transaction.run(&prepared, vec![text("first")])).expect("the file is there");
    fs::remove_file(fixture.path()).expect("it is there");
    let error = block_on(transaction.commit()).expect_err("nobody would find it again");
    assert!(error.to_string().contains("deleted or moved"), "{error}");
    // Nothing says that a file was replaced, which is not there.
    let error = run(&engine, create_tag(), vec![text("second")]).expect_err("there is no file");
    assert!(error.to_string().contains("there is no SQLite file"), "{error}");
}

#[test]
fn a_file_is_closed_here_and_opened_there_at_once() {
    let fixture = fixture();
    seed(&fixture.engine);
    block_on(fixture.engine.close()).expect("nobody uses it");
    std::thread::scope(|scope| {
        for readers in 2..6 {
            let fixture = &fixture;
            scope.spawn(move || {
                let engine = fixture.open(Options { readers, ..Options::default() });
                for _ in 0..200 {
                    assert_eq!(rows(run(&engine, users(), vec![])).len(), 3);
                    block_on(engine.close()).expect("nobody uses it");
                }
            });
        }
    });
}
