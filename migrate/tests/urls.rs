//! Migrations read the URL of a database as the clients do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::path::Path;

use purlin_migrate::connection::Connection;
use purlin_schema::model::Provider;

/// What opening a URL says, with `{}` for a path in a folder of its own; and whether a file is there afterwards.
fn open(url: &str) -> (Result<(), String>, bool) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dev.db");
    let opened = Connection::open(Provider::Sqlite, &url.replace("{}", &file.display().to_string()));
    (opened.map(drop).map_err(|error| error.to_string()), Path::new(&file).exists())
}

#[test]
fn the_name_of_a_mode_may_be_in_any_case() {
    let (opened, is_there) = open("file:{}?MODE=ro");
    assert!(opened.unwrap_err().contains("to read only"));
    assert!(!is_there);
    let (opened, is_there) = open("sqlite://{}?connection_limit=1&Mode=rw");
    assert!(opened.unwrap_err().contains("does not exist"));
    assert!(!is_there);
    assert_eq!(open("file:{}?mOdE=rwc"), (Ok(()), true));
}

#[test]
fn a_mode_that_stands_twice_or_is_unknown_is_refused_before_a_file_is_made() {
    for url in
        ["file:{}?mode=rwc&mode=ro", "file:{}?mode=rwc&MODE=rwc", "file:{}?mode=any", "file:{}?mode", "file:{}?mode="]
    {
        let (opened, is_there) = open(url);
        assert!(opened.unwrap_err().contains("`mode`"), "{url}");
        assert!(!is_there, "{url}");
    }
}

#[test]
fn memory_has_three_spellings_and_makes_no_file() {
    for url in ["file::memory:", "sqlite::memory:", "file:{}?mode=memory", "file:?mode=memory", "file:{}?Mode=memory"] {
        assert_eq!(open(url), (Ok(()), false), "{url}");
    }
}

#[test]
fn a_user_or_a_host_is_not_taken_for_a_path() {
    for url in ["file://ada:secret@host/dev.db", "sqlite://ada@host/dev.db"] {
        let (opened, _) = open(url);
        let message = opened.unwrap_err();
        assert!(message.contains("names a user or a host") && !message.contains("ada"), "{message}");
    }
}
