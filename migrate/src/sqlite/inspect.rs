//! Looks at the state of a file without changing it.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::Error;

/// How many steps of SQLite pass between two looks at the clock: some milliseconds.
const STEPS: i32 = 100_000;

/// How its transactions are kept: `wal`, `delete` and so on.
pub(crate) fn journal_mode(connection: &Connection) -> Result<String, Error> {
    Ok(connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?)
}

/// Returns whether this process may write the file.
pub(crate) fn is_writable(connection: &Connection) -> Result<bool, Error> {
    Ok(!connection.is_readonly("main")?)
}

/// How many inconsistencies the file has, at most 100; `waiting` is told now and then how long it has taken.
pub(crate) fn damage(
    connection: &mut Connection,
    every: Duration,
    mut waiting: impl FnMut(Duration) + Send + 'static,
) -> Result<usize, Error> {
    let started = Instant::now();
    let mut next = every;
    connection.progress_handler(
        STEPS,
        Some(move || {
            let passed = started.elapsed();
            if passed >= next {
                next = passed + every;
                waiting(passed);
            }
            false
        }),
    )?;
    let found = problems(connection);
    connection.progress_handler(0, None::<fn() -> bool>)?;
    found
}

fn problems(connection: &Connection) -> Result<usize, Error> {
    let mut statement = connection.prepare("PRAGMA quick_check(100)")?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(match lines.as_slice() {
        [only] if only == "ok" => 0,
        lines => lines.len(),
    })
}
