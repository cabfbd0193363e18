//! Changes of a database that another process writes to all the time.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use purlin_migrate::push::{self, DataLoss};
use support::Database;

const BUSY: &str = "model Busy {\n  id Int @id @default(autoincrement())\n}\n";

/// Writes transactions one right after the other. Between two of them a client lets others in for a little more than a
/// millisecond.
fn write_all_the_time(writer: &rusqlite::Connection, started: &AtomicBool, enough: &AtomicBool) {
    // Long enough for a word about it.
    let mut length = Duration::from_millis(2_500);
    while !enough.load(Ordering::Relaxed) {
        writer.execute_batch("BEGIN IMMEDIATE; INSERT INTO Busy DEFAULT VALUES").unwrap();
        started.store(true, Ordering::Relaxed);
        thread::sleep(length);
        writer.execute_batch("COMMIT").unwrap();
        thread::sleep(Duration::from_micros(1_300));
        length = Duration::from_millis(200);
    }
}

#[test]
fn a_push_waits_for_the_gap_between_two_transactions() {
    static TOLD: AtomicU32 = AtomicU32::new(0);
    purlin_migrate::sqlite::tell_when_waiting(|| {
        TOLD.fetch_add(1, Ordering::Relaxed);
    });
    let mut database = Database::new();
    database.push(BUSY);
    database.sql("PRAGMA journal_mode = wal");
    let writer = rusqlite::Connection::open(database.folder.path().join("test.db")).unwrap();
    writer.busy_timeout(Duration::from_secs(60)).unwrap();
    let (started, enough) = (AtomicBool::new(false), AtomicBool::new(false));
    let pushed = thread::scope(|scope| {
        let (begun, ended) = (&started, &enough);
        scope.spawn(move || write_all_the_time(&writer, begun, ended));
        while !started.load(Ordering::Relaxed) {
            thread::yield_now();
        }
        let pushed = ["a Int?", "a Int?\n  b Int?", "a Int?\n  b String?", "b String?"].map(|fields| {
            let push = database.plan(&format!("{BUSY}model Pushed {{\n  id Int @id\n  {fields}\n}}"));
            push::apply(&mut database.connection, &push, DataLoss::Accepted)
        });
        enough.store(true, Ordering::Relaxed);
        pushed
    });
    for pushed in pushed {
        pushed.unwrap();
    }
    assert_eq!(database.get("SELECT name FROM pragma_table_info('Pushed')"), "id b");
    assert_eq!(TOLD.load(Ordering::Relaxed), 1, "one wait was long");
}
