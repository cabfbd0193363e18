//! The file of a database: read-only, missing, replaced, and opened by two SQLite libraries.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use std::fs;
use std::time::Duration;

use purlin_driver::{Engine, Error, Options, SqliteOptions, Synchronous};
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
    let transaction = block_on(reading.begin(Default::default())).expect("a transaction may read");
    let prepared = reading.prepare(users()).expect("a valid shape");
    assert_eq!(rows(block_on(transaction.run(&prepared, vec![]))).len(), 3);
    let write = reading.prepare(create_tag()).expect("a valid shape");
    let error = block_on(transaction.run(&write, vec![text("new")])).expect_err("it only reads");
    assert!(error.is_read_only() && error.to_string().contains("mode=ro"), "{error}");
    // Another client writes meanwhile, and the transaction goes on with the rows that it has seen.
    create(&fixture.engine, "meanwhile").expect("nobody else writes");
    assert_eq!(rows(block_on(transaction.run(&prepared, vec![]))).len(), 3);
    block_on(transaction.commit()).expect("it was open");
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

/// The names of what lies beside a file.
fn beside(path: &std::path::Path) -> Vec<String> {
    let folder = fs::read_dir(path.parent().expect("a folder")).expect("the folder").flatten();
    let mut names: Vec<String> = folder.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_file_that_is_written_ahead_and_only_read_gets_nothing_beside_it() {
    for left in [None, Some("-wal"), Some("-journal")] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("test.db");
        let write = |tag: &str| {
            let sqlite = rusqlite::Connection::open(&path).expect("a file");
            sqlite.execute("INSERT INTO \"Tag\" (name) VALUES (?)", [tag]).expect("nobody else writes");
            sqlite
        };
        let setup = format!("PRAGMA journal_mode = wal; {TABLES}");
        rusqlite::Connection::open(&path).and_then(|sqlite| sqlite.execute_batch(&setup)).expect("a new file");
        drop(write("at rest"));
        if let Some(end) = left {
            // Empty, as some leave it behind.
            fs::write(folder.path().join(format!("test.db{end}")), "").expect("a file");
        }
        let (before, names) = (fs::read(&path).expect("the file"), beside(&path));
        let engine = open_to_read(&path);
        let read = || texts(&rows(run(&engine, tags(), vec![])), 0, 0);
        assert_eq!(read(), ["at rest"]);
        let transaction = block_on(engine.begin(Default::default())).expect("a transaction may read");
        let prepared = engine.prepare(tags()).expect("a valid shape");
        assert_eq!(rows(block_on(transaction.run(&prepared, vec![]))).len(), 1);
        block_on(transaction.commit()).expect("it is open");
        assert_eq!(beside(&path), names, "while it is open");
        block_on(engine.close()).expect("nothing runs");
        assert_eq!((fs::read(&path).expect("the file"), beside(&path)), (before, names), "when it is closed");

        // Whoever writes is seen while the log is open, and when it is not any more.
        assert_eq!(read(), ["at rest"]);
        let writer = write("in the log");
        assert_eq!(read(), ["at rest", "in the log"]);
        drop(write("later"));
        assert_eq!(read(), ["at rest", "in the log", "later"]);
        block_on(engine.close()).expect("nothing runs");
        drop(writer);
        assert_eq!(read(), ["at rest", "in the log", "later"]);
    }
}

#[test]
fn a_file_with_a_log_that_nobody_has_open_is_read_with_it() {
    let fixture = fixture();
    seed(&fixture.engine);
    let folder = tempfile::tempdir().expect("a temporary folder");
    // As a process leaves it that was killed.
    for end in ["", "-wal"] {
        let file = format!("test.db{end}");
        fs::copy(fixture.folder.path().join(&file), folder.path().join(&file)).expect("a file");
    }
    assert_eq!(rows(run(&open_to_read(&folder.path().join("test.db")), tags(), vec![])).len(), 2);
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
    // Somebody else keeps the first file open.
    let other = rusqlite::Connection::open(fixture.path()).expect("the file is there");
    let found = other.query_row(r#"SELECT count(*) FROM "Tag""#, [], |row| row.get(0));
    assert_eq!(found, Ok(1));
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
        let options = Options::from(SqliteOptions { only_library: true, ..SqliteOptions::default() });
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
    let engine =
        fixture.open(Options::from(SqliteOptions { only_library: true, readers: 2, ..SqliteOptions::default() }));
    let error = run(&engine, users(), vec![]).expect_err("two libraries would destroy the file");
    assert_eq!(error.code(), Some("P1003"));
    assert!(error.to_string().contains("two SQLite libraries"), "{error}");
    drop(foreign);
    assert_eq!(rows(run(&engine, users(), vec![])).len(), 3, "it opens when the other is closed");
    // Pools of the same library share it.
    let third =
        fixture.open(Options::from(SqliteOptions { only_library: true, readers: 3, ..SqliteOptions::default() }));
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
    let first = fixture.open(Options::from(SqliteOptions { readers: 2, ..SqliteOptions::default() }));
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
    let second = fixture.open(Options::from(SqliteOptions { readers: 3, ..SqliteOptions::default() }));
    let error = run(&second, users(), vec![]).expect_err("another copy has it open");
    assert!(!left.exists(), "nobody has this number, it is above the largest");
    assert!(error.to_string().contains("another copy of Purlin"), "{error}");
    assert!(error.to_string().contains("npm ls purlin"), "the remedy: {error}");
    drop(other);
    assert_eq!(rows(run(&second, users(), vec![])).len(), 3);
}

#[cfg(unix)]
#[test]
fn a_file_with_two_names_is_refused() {
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
    // What was written through the other name may be in a log that this one does not see.
    let reading = fixture.open_with("?mode=ro", Options::default()).expect("a valid URL");
    let error = run(&reading, users(), vec![]).expect_err("each name has a log");
    assert!(error.to_string().contains("copy the file") && !error.to_string().contains("mode=ro"), "{error}");
    fs::remove_file(fixture.folder.path().join("other.db")).expect("as the message says");
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
                let engine = fixture.open(Options::from(SqliteOptions { readers, ..SqliteOptions::default() }));
                for _ in 0..200 {
                    assert_eq!(rows(run(&engine, users(), vec![])).len(), 3);
                    block_on(engine.close()).expect("nobody uses it");
                }
            });
        }
    });
}

/// A database with the tables and one tag.
#[cfg(unix)]
fn database(path: &std::path::Path, tag: &str) {
    rusqlite::Connection::open(path)
        .and_then(|sqlite| sqlite.execute_batch(&format!(r#"{TABLES} INSERT INTO "Tag" (name) VALUES ('{tag}')"#)))
        .expect("a database");
}

fn open_at(path: &std::path::Path) -> Engine {
    let url = format!("file:{}", path.display());
    Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("a URL of a file")
}

/// The names of all tags as a process would find them that starts after all others were killed.
fn tags_after_a_crash(path: &std::path::Path) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = folder.path().join("copy.db");
    fs::copy(path, &copy).expect("the file");
    let log = path.with_file_name(format!("{}-wal", path.file_name().expect("a name").to_string_lossy()));
    if log.exists() {
        fs::copy(&log, folder.path().join("copy.db-wal")).expect("the log");
    }
    let sqlite = rusqlite::Connection::open(&copy).expect("the copy");
    let intact: String = sqlite.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it runs");
    assert_eq!(intact, "ok");
    let mut statement = sqlite.prepare(r#"SELECT name FROM "Tag" ORDER BY id"#).expect("the table");
    let names = statement.query_map([], |row| row.get(0)).expect("it runs");
    names.collect::<Result<_, _>>().expect("texts")
}

fn create(engine: &Engine, name: &str) -> Result<(), String> {
    run(engine, create_tag(), vec![text(name)]).map(drop).map_err(|error| error.to_string())
}

#[cfg(target_os = "linux")]
#[test]
fn the_log_of_a_file_behind_a_link_is_not_applied_to_the_next() {
    use std::os::unix::fs::symlink;
    // A link to the file, and a link to its folder.
    for link_folder in [false, true] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = folder.path().join("files");
        fs::create_dir(&files).expect("a folder");
        database(&files.join("v1.db"), "first");
        database(&files.join("v2.db"), "second");
        let path = if link_folder {
            symlink(&files, folder.path().join("current")).expect("a link");
            folder.path().join("current/v1.db")
        } else {
            symlink(files.join("v1.db"), folder.path().join("current.db")).expect("a link");
            folder.path().join("current.db")
        };
        let engine = open_at(&path);
        create(&engine, "in the log").expect("the file is there");
        fs::rename(files.join("v2.db"), files.join("v1.db")).expect("it takes the place");
        create(&engine, "kept").expect("the new file is written");
        assert_eq!(tags_after_a_crash(&files.join("v1.db")), ["second", "kept"]);
    }
}

#[cfg(unix)]
#[test]
fn a_link_may_be_switched_to_another_file_and_back() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    database(&at("v1.db"), "v1");
    database(&at("v2.db"), "v2");
    symlink(at("v1.db"), at("current.db")).expect("a link");
    let engine = open_at(&at("current.db"));
    for (target, tag) in [("v1.db", "a"), ("v2.db", "b"), ("v1.db", "c")] {
        symlink(at(target), at("next.db")).expect("a link");
        fs::rename(at("next.db"), at("current.db")).expect("it takes the place");
        create(&engine, tag).expect("the file is there");
    }
    assert_eq!(tags_after_a_crash(&at("v1.db")), ["v1", "a", "c"]);
    assert_eq!(tags_after_a_crash(&at("v2.db")), ["v2", "b"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_to_a_renamed_file_finds_its_log() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    database(&at("v1.db"), "v1");
    symlink(at("v1.db"), at("current.db")).expect("a link");
    let engine = open_at(&at("current.db"));
    create(&engine, "a").expect("the file is there");
    // The whole database under another name: the same file, but the log of a connection that is open is elsewhere.
    for end in ["", "-wal", "-shm"] {
        fs::rename(at(&format!("v1.db{end}")), at(&format!("v2.db{end}"))).expect("it is there");
    }
    symlink(at("v2.db"), at("next.db")).expect("a link");
    fs::rename(at("next.db"), at("current.db")).expect("it takes the place");
    let _ = create(&engine, "b");
    block_on(engine.close()).expect("nobody uses it");
    create(&engine, "c").expect("the file is there");
    let tags = tags_after_a_crash(&at("v2.db"));
    assert!(tags.starts_with(&["v1".to_owned(), "a".to_owned()]) && tags.ends_with(&["c".to_owned()]), "{tags:?}");
}

#[cfg(unix)]
#[test]
fn a_log_that_was_deleted_is_saved_and_the_next_write_has_another() {
    let fixture = fixture();
    create(&fixture.engine, "before").expect("the file is there");
    fs::remove_file(fixture.folder.path().join("test.db-wal")).expect("there is a log");
    create(&fixture.engine, "after").expect("it goes to another log");
    create(&fixture.engine, "later").expect("it goes to another log");
    assert_eq!(tags_after_a_crash(&fixture.path()), ["before", "after", "later"]);
}

#[cfg(unix)]
#[test]
fn readers_that_are_open_do_not_keep_a_deleted_log() {
    let fixture = fixture();
    seed(&fixture.engine);
    assert_eq!(rows(run(&fixture.engine, users(), vec![])).len(), 3);
    let log = fixture.folder.path().join("test.db-wal");
    fs::remove_file(&log).expect("there is a log");
    // Readers look once per second, and have the writer open another log.
    while !log.exists() {
        assert_eq!(rows(run(&fixture.engine, users(), vec![])).len(), 3);
    }
    create(&fixture.engine, "after").expect("it goes to another log");
    assert_eq!(tags_after_a_crash(&fixture.path()), ["red", "blue", "after"]);
}

#[cfg(unix)]
#[test]
fn writes_that_went_down_with_a_log_are_told_once() {
    type Loss = fn(&std::path::Path);
    let losses: [Loss; 3] = [
        // Both files: another process may have opened and closed the database since.
        |folder| {
            fs::remove_file(folder.join("test.db-wal")).expect("there is a log");
            fs::remove_file(folder.join("test.db-shm")).expect("there is an index");
        },
        // Replaced by another one.
        |folder| {
            fs::write(folder.join("other"), "").expect("a file");
            fs::rename(folder.join("other"), folder.join("test.db-wal")).expect("it takes the place");
        },
        // Moved away, and the index with it.
        |folder| {
            fs::rename(folder.join("test.db-wal"), folder.join("wal")).expect("there is a log");
            fs::rename(folder.join("test.db-shm"), folder.join("shm")).expect("there is an index");
        },
    ];
    for lose in losses {
        let fixture = fixture();
        // The tables are in the database, not in the log.
        block_on(fixture.engine.close()).expect("nobody uses it");
        create(&fixture.engine, "before").expect("the file is there");
        lose(fixture.folder.path());
        let error = create(&fixture.engine, "refused").expect_err("acknowledged writes are gone");
        assert!(error.contains("test.db-wal") && error.contains("nothing was written now"), "{error}");
        create(&fixture.engine, "after").expect("it goes to another log");
        assert_eq!(tags_after_a_crash(&fixture.path()), ["after"]);
    }
}

#[cfg(unix)]
#[test]
fn a_transaction_does_not_commit_to_a_log_that_is_gone() {
    let fixture = fixture();
    create(&fixture.engine, "before").expect("the file is there");
    let transaction = block_on(fixture.engine.begin(Default::default())).expect("nobody else writes");
    let prepared = fixture.engine.prepare(create_tag()).expect("a valid shape");
    block_on(transaction.run(&prepared, vec![text("inside")])).expect("the file is there");
    fs::remove_file(fixture.folder.path().join("test.db-wal")).expect("there is a log");
    let error = block_on(transaction.commit()).expect_err("nobody would find it again");
    assert!(error.to_string().contains("deleted"), "{error}");
    create(&fixture.engine, "after").expect("it goes to another log");
    assert_eq!(tags_after_a_crash(&fixture.path()), ["before", "after"]);
}

/// Where the test below starts a process of its own, it runs this test.
#[test]
fn another_process() {
    let Ok(path) = std::env::var("PURLIN_TEST_OTHER_PROCESS") else { return };
    let sqlite = rusqlite::Connection::open(&path).expect("the file is there");
    sqlite.execute_batch(r#"INSERT INTO "Tag" (name) VALUES ('by the other')"#).expect("nobody writes");
    // Older versions of SQLite do this when they close a file that nobody else seems to have open. Newer ones look at
    // the locks of the index as well.
    let checkpoint = sqlite.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, bool>(0));
    assert_eq!(checkpoint, Ok(false));
    drop(sqlite);
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{path}{end}"));
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_another_process_closes_as_the_last_loses_no_write() {
    let fixture = fixture();
    create(&fixture.engine, "before").expect("the file is there");
    // Closing the file drops the locks of SQLite, so that another process takes itself for the only one.
    fs::read(fixture.path()).expect("the file");
    let other = std::process::Command::new(std::env::current_exe().expect("the program of this test"))
        .args(["--exact", "another_process"])
        .env("PURLIN_TEST_OTHER_PROCESS", fixture.path())
        .output()
        .expect("it starts");
    assert!(other.status.success(), "{}", String::from_utf8_lossy(&other.stdout));
    assert!(!fixture.folder.path().join("test.db-wal").exists(), "the other process has removed the log");
    create(&fixture.engine, "after").expect("it goes to another log");
    assert_eq!(tags_after_a_crash(&fixture.path()), ["before", "by the other", "after"]);
    block_on(fixture.engine.close()).expect("nobody uses it");
    assert_eq!(tags_after_a_crash(&fixture.path()), ["before", "by the other", "after"]);
}

#[cfg(unix)]
#[test]
fn a_write_is_not_acknowledged_when_its_file_goes_while_it_runs() {
    for file in ["test.db", "test.db-wal"] {
        let fixture = fixture();
        create(&fixture.engine, "before").expect("the file is there");
        let other = rusqlite::Connection::open(fixture.path()).expect("the file is there");
        other.busy_timeout(std::time::Duration::ZERO).expect("a timeout");
        std::thread::scope(|scope| {
            let write = scope.spawn(|| {
                fixture.engine.execute_script(
                    r#"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000)
                       INSERT INTO "Tag" (name) SELECT 'tag ' || i FROM n"#,
                )
            });
            // It runs when nobody else can write.
            while other.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok() {}
            fs::remove_file(fixture.folder.path().join(file)).expect("it is there");
            let error = write.join().expect("it does not panic").expect_err("nobody would find it again");
            assert!(error.to_string().contains("deleted"), "{error}");
        });
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_was_moved_away_and_is_back_keeps_its_log() {
    let fixture = fixture();
    let engine = fixture.open(Options::default());
    create(&engine, "before").expect("the file is there");
    let away = fixture.folder.path().join("away.db");
    for tag in ["after", "after another time"] {
        fs::rename(fixture.path(), &away).expect("it is there");
        let error = create(&engine, "refused").expect_err("there is no file");
        assert!(error.contains("put it back"), "{error}");
        fs::rename(&away, fixture.path()).expect("it is there");
        create(&engine, tag).expect("as the message says");
    }
    assert_eq!(tags_after_a_crash(&fixture.path()), ["before", "after", "after another time"]);
}

#[cfg(unix)]
#[test]
fn a_replaced_file_that_is_put_back_keeps_its_log() {
    let fixture = fixture();
    let engine = fixture.open(Options::default());
    create(&engine, "before").expect("the file is there");
    let (away, other) = (fixture.folder.path().join("away.db"), fixture.folder.path().join("other.db"));
    database(&other, "other");
    // Somebody else keeps the first file open.
    let program = rusqlite::Connection::open(fixture.path()).expect("the file is there");
    let found = program.query_row(r#"SELECT count(*) FROM "Tag""#, [], |row| row.get(0));
    assert_eq!(found, Ok(1));
    fs::rename(fixture.path(), &away).expect("it is there");
    fs::rename(&other, fixture.path()).expect("it takes the place");
    let error = create(&engine, "refused").expect_err("the log is of the other file");
    assert!(error.contains("put the first file back"), "{error}");
    fs::rename(&away, fixture.path()).expect("it is there");
    create(&engine, "after").expect("as the message says");
    assert_eq!(tags_after_a_crash(&fixture.path()), ["before", "after"]);
}

#[cfg(unix)]
#[test]
fn the_log_of_a_deleted_file_is_not_applied_to_one_with_the_same_number() {
    let fixture = fixture();
    let other = tempfile::tempdir().expect("a temporary folder");
    database(&other.path().join("other.db"), "other");
    let engine = fixture.open(Options::default());
    create(&engine, "before").expect("the file is there");
    fs::remove_file(fixture.path()).expect("it is there");
    create(&engine, "refused").expect_err("there is no file");
    for engine in [&engine, &fixture.engine] {
        // From here on the system may give the number of the file to another.
        block_on(engine.close()).expect("nobody uses it");
    }
    fs::copy(other.path().join("other.db"), fixture.path()).expect("a new file");
    let error = create(&engine, "refused").expect_err("the log is of the other file");
    assert!(error.contains("replaced"), "{error}");
}

fn open_to_read(path: &std::path::Path) -> Engine {
    let url = format!("file:{}?mode=ro", path.display());
    Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("a URL of a file")
}

/// All tags.
fn tags() -> &'static [u16] {
    words![Code::FindMany, 2, Code::End, Code::Field, 1, Code::End]
}

/// Copies a database in the middle of a transaction whose pages are in the file already, as a killed process leaves it.
fn killed_while_writing(path: &std::path::Path, journal_mode: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let origin = folder.path().join("origin.db");
    let sqlite = rusqlite::Connection::open(&origin).expect("a new file");
    let setup = format!(
        r#"PRAGMA journal_mode = {journal_mode}; PRAGMA cache_size = 2; {TABLES}
           WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
           INSERT INTO "Tag" (name) SELECT 'before ' || i FROM n;
           BEGIN; UPDATE "Tag" SET name = 'never committed ' || id;"#
    );
    sqlite.execute_batch(&setup).expect("it runs");
    for end in ["", "-journal"] {
        fs::copy(folder.path().join(format!("origin.db{end}")), format!("{}{end}", path.display())).expect("a file");
    }
}

#[test]
fn a_transaction_that_was_never_committed_is_not_read() {
    for journal_mode in ["delete", "persist", "truncate"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("test.db");
        killed_while_writing(&path, journal_mode);
        let engine = open_to_read(&path);
        for _ in 0..2 {
            let error = run(&engine, tags(), vec![]).expect_err("the journal has to be undone first");
            assert!(error.to_string().contains("a program that may write"), "{error}");
        }
        block_on(engine.close()).expect("nobody uses it");
        assert_eq!(rows(run(&open_at(&path), tags(), vec![])).len(), 5000);
        let reply = rows(run(&engine, tags(), vec![]));
        assert!(texts(&reply, 0, 0).iter().all(|name| name.starts_with("before")));
    }
}

/// Where the test below starts a process that may not write the folder of the database, it runs this test: each line of
/// its input has it read.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_may_not_write() {
    let Ok(path) = std::env::var("PURLIN_TEST_READ") else { return };
    let engine = open_to_read(path.as_ref());
    for _ in std::io::stdin().lines() {
        let reply = run(&engine, tags(), vec![]).map_err(|error| error.to_string());
        let read = reply.map(|reply| texts(&rows(Ok(reply)), 0, 0).join(","));
        // Beside what the runner of the tests writes.
        eprintln!("{}", read.unwrap_or_else(|error| error));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_in_a_folder_that_is_not_writable_is_read_as_it_is_now() {
    use std::io::{BufRead, BufReader, Write};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

    let folder = tempfile::tempdir().expect("a temporary folder");
    let allow = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).expect("it is ours");
    let path = folder.path().join("test.db");
    let write_ahead = |path: &std::path::Path| {
        let sqlite = rusqlite::Connection::open(path).expect("a file");
        sqlite.pragma_update(None, "journal_mode", "wal").expect("nobody uses it");
        sqlite
    };
    drop(write_ahead(&path));
    database(&path, "first");
    symlink(&path, folder.path().join("link.db")).expect("a link");
    let insert = |sqlite: &rusqlite::Connection, name: &str| {
        sqlite.execute(r#"INSERT INTO "Tag" (name) VALUES (?)"#, [name]).expect("nobody else writes");
    };
    // Where that user can start it.
    let programs = tempfile::tempdir().expect("a temporary folder");
    fs::set_permissions(programs.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let program = programs.path().join("reader");
    fs::copy(std::env::current_exe().expect("the program of this test"), &program).expect("it is copied");
    for name in ["test.db", "link.db"] {
        allow(0o555);
        let mut command = Command::new(&program);
        if fs::metadata("/proc/self").expect("this process").uid() == 0 {
            // Root may write everywhere; nobody may not.
            command.uid(65_534).gid(65_534);
        }
        let mut reader = command
            .args(["--exact", "a_process_that_may_not_write", "--nocapture"])
            .env("PURLIN_TEST_READ", folder.path().join(name))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut input = reader.stdin.take().expect("a pipe");
        let mut output = BufReader::new(reader.stderr.take().expect("a pipe")).lines();
        let mut read = || {
            writeln!(input, "read").expect("it runs");
            output.next().expect("it answers").expect("a line")
        };
        let before = read();
        assert!(before.starts_with("first"), "{before}");
        assert!(!folder.path().join("test.db-wal").exists(), "it could not make a log");
        allow(0o755);
        let writer = write_ahead(&path);
        insert(&writer, &format!("in the log, {name}"));
        allow(0o555);
        assert_eq!(read(), format!("{before},in the log, {name}"));
        allow(0o755);
        insert(&writer, &format!("later, {name}"));
        drop(writer);
        allow(0o555);
        assert_eq!(read(), format!("{before},in the log, {name},later, {name}"));
        allow(0o755);
        drop(input);
        assert!(reader.wait().expect("it ends").success());
        // Whatever the reader has left of the log is closed.
        drop(write_ahead(&path));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn rows_that_are_only_in_a_log_are_not_passed_over() {
    use std::os::unix::fs::symlink;
    let fixture = fixture();
    seed(&fixture.engine);
    let folder = tempfile::tempdir().expect("a temporary folder");
    // As a backup that was taken file by file; an index that cannot be made stands for a folder that is not writable.
    for end in ["", "-wal"] {
        let file = format!("test.db{end}");
        fs::copy(fixture.folder.path().join(&file), folder.path().join(&file)).expect("a file");
    }
    symlink("/nowhere/test.db-shm", folder.path().join("test.db-shm")).expect("a link");
    symlink(folder.path().join("test.db"), folder.path().join("link.db")).expect("a link");
    for name in ["test.db", "link.db"] {
        let error = run(&open_to_read(&folder.path().join(name)), tags(), vec![]).expect_err("the log is not read");
        assert!(error.to_string().contains("-wal, which cannot be shared"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_named() {
    for path in ["/dev/null", "/dev/zero"] {
        for only_library in [false, true] {
            let options = Options::from(SqliteOptions { only_library, ..SqliteOptions::default() });
            let engine =
                Engine::open(Catalog::new(MODELS, &[]), &format!("file:{path}"), options).expect("a valid URL");
            let error = run(&engine, users(), vec![]).expect_err("no database");
            assert!(error.to_string().starts_with(&format!("{path} is a device")), "{error}");
        }
    }
}

#[test]
fn there_are_no_more_readers_than_a_process_can_have() {
    let fixture = fixture();
    for readers in [257, 1_000_000_000_000, usize::MAX] {
        let error = fixture
            .open_with("", Options::from(SqliteOptions { readers, ..SqliteOptions::default() }))
            .expect_err("too many");
        assert!(error.is_invalid() && error.to_string().contains("256"), "{error}");
    }
    seed(&fixture.engine);
    let engine = fixture.open(Options::from(SqliteOptions { readers: 256, ..SqliteOptions::default() }));
    assert_eq!(rows(run(&engine, users(), vec![])).len(), 3);
}

/// The folder for temporary files belongs to everybody.
#[cfg(target_os = "linux")]
#[test]
fn a_link_in_the_place_of_a_lock_is_not_followed() {
    use std::os::unix::fs::{MetadataExt, symlink};
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("test.db");
    database(&path, "first");
    let file = fs::metadata(&path).expect("it is there");
    let space = fs::read_link("/proc/self/ns/pid").expect("a process").to_string_lossy().into_owned();
    let space: String = space.chars().filter(char::is_ascii_digit).collect();
    let name = format!("purlin-{}-{space}-{:x}-{:x}.lock", std::process::id(), file.dev(), file.ino());
    let lock = std::env::temp_dir().join(name);
    let target = folder.path().join("made by somebody else");
    symlink(&target, &lock).expect("nobody has it open");
    assert_eq!(rows(run(&open_at(&path), tags(), vec![])).len(), 1);
    assert!(!target.exists(), "nothing is made behind the link");
    fs::remove_file(&lock).expect("the link is not touched");
}

/// The number of a file that was deleted is given to the next one, while its connections are still on their way out.
#[test]
fn files_that_come_and_go_are_not_taken_for_each_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    database(&folder.join("template.db"), "first");
    let template = &fs::read(folder.join("template.db")).expect("it is there");
    std::thread::scope(|scope| {
        for thread in 0..6 {
            scope.spawn(move || {
                for number in 0..100 {
                    let path = folder.join(format!("{thread}-{number}.db"));
                    fs::write(&path, template).expect("a file");
                    let url = format!("file:{}", path.display());
                    let options =
                        Options::from(SqliteOptions { synchronous: Synchronous::Normal, ..SqliteOptions::default() });
                    let engine = Engine::open(Catalog::new(MODELS, &[]), &url, options).expect("a URL");
                    run(&engine, tags(), vec![]).expect("nobody else has the file");
                    run(&engine, create_tag(), vec![text("second")]).expect("nobody else has the file");
                    // Its connections are closed by their threads.
                    fs::remove_file(&path).expect("it is there");
                    drop(engine);
                }
            });
        }
    });
}

#[cfg(unix)]
#[test]
fn an_index_that_was_deleted_is_made_anew_with_the_others() {
    let fixture = fixture();
    let tag = |name: &str| run(&fixture.engine, create_tag(), vec![text(name)]).map(drop);
    tag("first").expect("it is written");
    fs::remove_file(fixture.folder.path().join("test.db-shm")).expect("it is there");
    // Another program makes an index of its own, and has its locks there.
    let other = rusqlite::Connection::open(fixture.path()).expect("the file is there");
    other.execute_batch(r#"INSERT INTO "Tag" (name) VALUES ('of the other')"#).expect("it is written");
    tag("second").expect("it is written");
    other.execute_batch(r#"INSERT INTO "Tag" (name) VALUES ('of the other, later')"#).expect("it is written");
    tag("third").expect("it is written");
    assert_eq!(count(&fixture, r#""Tag""#), 5);
    let intact: String = other.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
    assert_eq!(intact, "ok");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_the_file_is_not_the_file() {
    let fixture = fixture();
    let tag = |name: &str| run(&fixture.engine, create_tag(), vec![text(name)]).map(drop);
    tag("first").expect("it is written");
    let moved = fixture.folder.path().join("moved.db");
    fs::rename(fixture.path(), &moved).expect("it is moved");
    std::os::unix::fs::symlink(&moved, fixture.path()).expect("a link");
    // What is acknowledged is in the log that the next one to open the file finds, or nothing is.
    let acknowledged = (0..10).filter(|number| tag(&number.to_string()).is_ok()).count();
    let other = rusqlite::Connection::open(fixture.path()).expect("the file is there");
    let sql = r#"SELECT COUNT(*) FROM "Tag" WHERE name <> 'first'"#;
    let found: i64 = other.query_row(sql, [], |row| row.get(0)).expect("a count");
    assert_eq!(found, acknowledged as i64);
}

/// A transaction on the file that was can last for long; who reads the next one does not wait for it.
#[cfg(unix)]
#[test]
fn reads_do_not_wait_for_a_transaction_on_the_file_that_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = |name: &str| folder.path().join(name);
    database(&place("v1.db"), "first");
    database(&place("v2.db"), "second");
    let link = |to: &str| {
        std::os::unix::fs::symlink(place(to), place("next")).expect("the system has links");
        fs::rename(place("next"), place("link.db")).expect("it takes the place");
    };
    link("v1.db");
    let engine = open_at(&place("link.db"));
    let read = || run(&engine, tags(), vec![]).map(|reply| texts(&rows(Ok(reply)), 0, 0));
    assert_eq!(read().expect("the file is there"), ["first"]);
    let long = purlin_driver::TransactionOptions { timeout: std::time::Duration::from_secs(60), ..Default::default() };
    let transaction = block_on(engine.begin(long)).expect("nobody writes");
    let tag = engine.prepare(create_tag()).expect("a valid shape");
    block_on(transaction.run(&tag, vec![text("undone")])).expect("it is open");
    link("v2.db");
    // A read looks once per second where the path leads.
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while read().expect("one of both is read") == ["first"] {
        assert!(std::time::Instant::now() < until, "the link is followed");
    }
    fs::remove_file(place("link.db")).expect("it is there");
    let error = loop {
        match read() {
            Ok(found) => assert_eq!(found, ["second"]),
            Err(error) => break error,
        }
        assert!(std::time::Instant::now() < until, "the link is looked at");
    };
    assert_eq!(error.code(), Some("P1003"), "{error}");
    link("v2.db");
    let error = block_on(transaction.commit()).expect_err("the path leads to another file");
    assert!(!error.is_busy(), "{error}");
    assert_eq!(read().expect("the file is there"), ["second"]);
    assert_eq!(tags_after_a_crash(&place("v1.db")), ["first"]);
}

/// What happens to a database that an engine has open.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Renamed,
    Deleted,
    Replaced,
    /// Renamed, and put back when a write was refused.
    PutBack,
    /// Renamed and put back before anybody looks.
    PutBackAtOnce,
    /// The link leads to another database.
    SwitchedToOther,
    /// The link leads to the file under its next name.
    SwitchedToMoved,
}

/// What becomes of the log and its index.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LogFiles {
    Left,
    MovedAlong,
    Deleted,
}

#[cfg(target_os = "linux")]
struct Place {
    folder: tempfile::TempDir,
}

#[cfg(target_os = "linux")]
impl Place {
    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap_or_else(|error| panic!("{from} to {to}: {error}"));
    }

    fn link(&self, to: &str) {
        // As a deployment does it: the link is never missing.
        std::os::unix::fs::symlink(self.path(to), self.path("next")).expect("the system has links");
        self.rename("next", "link.db");
    }

    fn logs(&self, log: LogFiles) {
        for end in ["-wal", "-shm"] {
            match log {
                LogFiles::Left => {}
                LogFiles::MovedAlong => self.rename(&format!("real.db{end}"), &format!("moved.db{end}")),
                LogFiles::Deleted => fs::remove_file(self.path(&format!("real.db{end}"))).expect("it is there"),
            }
        }
    }

    fn put_back(&self, log: LogFiles) {
        self.rename("moved.db", "real.db");
        if log == LogFiles::MovedAlong {
            for end in ["-wal", "-shm"] {
                if self.path(&format!("moved.db{end}")).exists() {
                    self.rename(&format!("moved.db{end}"), &format!("real.db{end}"));
                }
            }
        }
    }
}

/// The outcome of a write after an event.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Works,
    /// An error that says that the file is gone, and nothing of writes that were lost.
    Gone,
    /// One that says that writes were lost.
    Lost,
    /// One that says that the log is of another file.
    Stale,
    /// One that says where the log was left.
    Left,
}

#[cfg(target_os = "linux")]
impl Then {
    fn of(result: Result<(), Error>) -> Self {
        let Err(error) = result else { return Self::Works };
        let message = error.to_string();
        assert_eq!(error.code(), Some("P1003"), "{message}");
        let found: Vec<Self> = [
            (Self::Lost, "had been acknowledged"),
            (Self::Stale, "belongs to the file before it"),
            (Self::Left, "was left behind"),
            (Self::Gone, "was deleted or moved"),
            (Self::Gone, "there is no SQLite file"),
        ]
        .into_iter()
        .filter(|(_, part)| message.contains(part))
        .map(|(then, _)| then)
        .collect();
        assert_eq!(found.len(), 1, "one thing is said: {message}");
        found[0]
    }
}

#[cfg(target_os = "linux")]
#[test]
fn whatever_becomes_of_a_file_and_its_log_the_next_write_stands_or_says_the_truth() {
    use Event::*;
    use LogFiles::{Deleted as LogDeleted, Left, MovedAlong};
    let events = [Renamed, Deleted, Replaced, PutBack, PutBackAtOnce, SwitchedToOther, SwitchedToMoved];
    let mut failures = Vec::new();
    let templates = tempfile::tempdir().expect("a temporary folder");
    rusqlite::Connection::open(templates.path().join("real.db"))
        .and_then(|sqlite| sqlite.execute_batch(&format!("PRAGMA journal_mode = wal; {TABLES}")))
        .expect("a database");
    database(&templates.path().join("other.db"), "other");
    for event in events {
        for log in [Left, MovedAlong, LogDeleted] {
            for by_link in [false, true] {
                for frames in [false, true] {
                    for reader in [false, true] {
                        let is_switch = matches!(event, SwitchedToOther | SwitchedToMoved);
                        if is_switch && !by_link || event == Deleted && log == MovedAlong {
                            continue;
                        }
                        let title =
                            format!("{event:?}, log {log:?}, by link {by_link}, frames {frames}, reader {reader}");
                        let run = || displace(templates.path(), event, log, by_link, frames, reader);
                        match std::panic::catch_unwind(run) {
                            Ok(found) => {
                                let expected = expected(event, log, frames);
                                if found != expected {
                                    failures.push(format!("{title}: {found:?}, expected {expected:?}"));
                                }
                            }
                            Err(panic) => {
                                let text = panic.downcast_ref::<String>().cloned();
                                failures.push(format!("{title}: {}", text.unwrap_or_default()));
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} cases:\n{}", failures.len(), failures.join("\n"));
}

/// What becomes of two writes after an event, with what its error asks for done in between, and the tags that the
/// database then has.
#[cfg(target_os = "linux")]
type Found = (Then, Then, Vec<&'static str>);

#[cfg(target_os = "linux")]
fn expected(event: Event, log: LogFiles, frames: bool) -> Found {
    use Event::*;
    use LogFiles::{Deleted as LogDeleted, Left, MovedAlong};
    let lost = log == LogDeleted && frames;
    let kept = |lost: bool| if lost { vec!["second"] } else { vec!["first", "second"] };
    match (event, log) {
        (Renamed | Deleted, _) => {
            (if lost && event == Renamed { Then::Lost } else { Then::Gone }, Then::Gone, Vec::new())
        }
        (Replaced, _) => (Then::Works, Then::Works, vec!["other", "first write", "second"]),
        (PutBack, _) => (if lost { Then::Lost } else { Then::Gone }, Then::Works, kept(lost)),
        (PutBackAtOnce, Left | MovedAlong) => (Then::Works, Then::Works, vec!["first", "first write", "second"]),
        (PutBackAtOnce, LogDeleted) | (SwitchedToMoved, LogDeleted) if lost => (Then::Lost, Then::Works, kept(true)),
        (PutBackAtOnce, _) => (Then::Works, Then::Works, vec!["first", "first write", "second"]),
        (SwitchedToOther, LogDeleted) if lost => (Then::Lost, Then::Works, vec!["other", "second"]),
        (SwitchedToOther, _) => (Then::Works, Then::Works, vec!["other", "first write", "second"]),
        (SwitchedToMoved, Left) if frames => (Then::Left, Then::Works, kept(false)),
        (SwitchedToMoved, _) => (Then::Works, Then::Works, vec!["first", "first write", "second"]),
    }
}

#[cfg(target_os = "linux")]
fn displace(
    templates: &std::path::Path,
    event: Event,
    log: LogFiles,
    by_link: bool,
    frames: bool,
    reader: bool,
) -> Found {
    use Event::*;
    let place = Place { folder: tempfile::tempdir().expect("a temporary folder") };
    for name in ["real.db", "other.db"] {
        fs::copy(templates.join(name), place.path(name)).expect("a database");
    }
    place.link("real.db");
    let path = place.path(if by_link { "link.db" } else { "real.db" });
    // No power is lost here, and a disk that is busy makes a hundred cases take minutes.
    let options = Options::from(SqliteOptions { synchronous: Synchronous::Normal, ..SqliteOptions::default() });
    let engine = Engine::open(Catalog::new(MODELS, &[]), &format!("file:{}", path.display()), options);
    let engine = engine.expect("a URL of a file");
    let write = |name: &str| Then::of(run(&engine, create_tag(), vec![text(name)]).map(drop));
    assert_eq!(write("first"), Then::Works);
    if reader {
        assert_eq!(rows(run(&engine, tags(), vec![])).len(), 1);
    }
    if !frames {
        engine.execute_script("PRAGMA wal_checkpoint(TRUNCATE)").expect("nobody reads");
    }
    match event {
        Renamed | PutBack => {
            place.rename("real.db", "moved.db");
            place.logs(log);
        }
        Deleted => {
            fs::remove_file(place.path("real.db")).expect("it is there");
            place.logs(log);
        }
        Replaced => {
            place.logs(log);
            place.rename("real.db", "moved.db");
            place.rename("other.db", "real.db");
        }
        PutBackAtOnce => {
            place.rename("real.db", "moved.db");
            place.logs(log);
            place.put_back(log);
        }
        SwitchedToOther => {
            if log == LogFiles::MovedAlong {
                place.rename("real.db", "moved.db");
            }
            place.logs(log);
            place.link("other.db");
        }
        SwitchedToMoved => {
            place.rename("real.db", "moved.db");
            place.logs(log);
            place.link("moved.db");
        }
    }
    let first = write("first write");
    match (event, first) {
        (PutBack, _) => place.put_back(log),
        // As the message says.
        (_, Then::Stale) => {
            for end in ["-wal", "-shm"] {
                place.rename(&format!("real.db{end}"), &format!("away{end}"));
            }
        }
        (_, Then::Left) => place.rename("real.db-wal", "moved.db-wal"),
        _ => {}
    }
    let second = write("second");
    if second != Then::Works {
        return (first, second, Vec::new());
    }
    // What the next process finds, whatever this one still has open.
    let found = tags_after_a_crash(&path.canonicalize().expect("it is there"));
    block_on(engine.close()).expect("nothing runs");
    drop(engine);
    assert_eq!(tags_after_a_crash(&path.canonicalize().expect("it is there")), found, "after a close");
    let known = ["first", "first write", "second", "other"];
    let found =
        found.iter().map(|tag| *known.iter().find(|known| *known == tag).expect("a tag of this test")).collect();
    // A database that was left as it is has its writes, together with its log.
    if event == SwitchedToOther && (log != LogFiles::Deleted || !frames) {
        let left = place.path(if log == LogFiles::MovedAlong { "moved.db" } else { "real.db" });
        assert_eq!(tags_after_a_crash(&left), ["first"]);
    }
    (first, second, found)
}

/// Has another client open the file, write a row and close it, again and again, while `work` is done.
fn beside_writes(path: &std::path::Path, work: impl FnOnce()) {
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|threads| {
        threads.spawn(move || {
            while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                let sqlite = rusqlite::Connection::open(path).expect("the file is there");
                sqlite.busy_timeout(Duration::from_secs(10)).expect("it is set");
                let name = "(SELECT 'tag ' || count(*) FROM \"Tag\")";
                sqlite.execute_batch(&format!(r#"INSERT INTO "Tag" (name) VALUES ({name})"#)).expect("it is written");
            }
        });
        // Dropped, and so the writes stopped, also when this panics.
        let _stop = stop;
        work();
    });
}

#[test]
fn a_file_that_is_only_read_is_read_while_others_open_write_and_close_it() {
    for rows_before in [1, 8_000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("test.db");
        let sqlite = rusqlite::Connection::open(&path).expect("a new file");
        let setup = format!(
            r#"PRAGMA journal_mode = wal; {TABLES} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows_before})
               INSERT INTO "Tag" (name) SELECT i FROM n;"#
        );
        sqlite.execute_batch(&setup).expect("it runs");
        drop(sqlite);
        let engine = open_to_read(&path);
        beside_writes(&path, || {
            let mut last = rows_before;
            for number in 0..200 {
                let found = rows(run(&engine, tags(), vec![])).len();
                assert!(found >= last, "{found} after {last}");
                last = found;
                if number % 3 > 0 {
                    block_on(engine.close()).expect("nothing runs");
                }
            }
        });
        // When nobody writes it, nothing is made beside it.
        block_on(engine.close()).expect("nothing runs");
        rusqlite::Connection::open(&path)
            .and_then(|sqlite| sqlite.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))
            .expect("the last one to write");
        rows(run(&engine, tags(), vec![]));
        assert!(!path.with_extension("db-shm").exists());
    }
}

/// SQLite would open a pipe and wait for somebody to write into it.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_journal_is_refused() {
    for suffix in ["-journal", "-wal", "-shm"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("x.db");
        let pipe = folder.path().join(format!("x.db{suffix}"));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
        assert!(made.success());
        let engine = Engine::open(Catalog::new(MODELS, &[]), &format!("file:{}", file.display()), Options::default());
        let error = run(&engine.expect("a valid URL"), users(), vec![]).expect_err("it is refused");
        assert!(error.to_string().contains(&format!("x.db{suffix} is a device, a pipe or a socket")), "{error}");
    }
}
