//! The writer: one thread, one connection, all writes of the process one after another.
//!
//! A write is done here from its begin to its commit, whatever becomes of the caller, so no connection is ever
//! left in a transaction. An interactive transaction has the thread until it ends or its time is over.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::connection::{Connection, Role};
use super::execute::{Scope, Stopped, run_sql};
use super::job::{Begun, Command, Job, Query, TransactionHandle};
use super::shared::Shared;
use crate::error::{Error, Kind};
use crate::options::TransactionOptions;

/// How often the writer looks, while a transaction is open, for others that have waited too long.
const TICK: Duration = Duration::from_millis(20);

/// The life of the writer's thread: it ends with the pool.
pub(super) fn run(shared: &Shared, jobs: &Receiver<Job>) {
    let mut connection = None;
    let mut waiting = VecDeque::new();
    while let Some(job) = waiting.pop_front().or_else(|| jobs.recv().ok()) {
        match job {
            Job::Close => connection = None,
            Job::Run(Query { prepared, values, done }) => done(with(shared, &mut connection, |connection| {
                shared.execute(connection, &prepared, &values, Scope::Own)
            })),
            Job::Script { sql, done } => done(with(shared, &mut connection, |connection| {
                connection
                    .sqlite
                    .execute_batch(&sql)
                    .map_err(|error| Stopped::Failed(super::error::convert(&error, None)))
            })),
            Job::Begin { options, asked, done } if asked.elapsed() > options.max_wait => done(Err(waited(&options))),
            Job::Begin { options, asked: _, done } => {
                let begun = with(shared, &mut connection, |connection| run_sql(&connection.sqlite, "BEGIN IMMEDIATE"));
                match (begun, &connection) {
                    (Ok(()), Some(connection)) => {
                        transaction(shared, connection, &options, done, jobs, &mut waiting);
                    }
                    (Err(error), _) => done(Err(error)),
                    (Ok(()), None) => done(Err(Error::new(Kind::Closed, "the writer has no connection"))),
                }
            }
        }
        // Whatever happened, the next job finds no transaction open.
        if connection.as_ref().is_some_and(|connection| !connection.sqlite.is_autocommit()) {
            connection = None;
        }
    }
}

/// Runs work on the writer's connection, which is opened when it is not.
fn with<T>(
    shared: &Shared,
    slot: &mut Option<Connection>,
    work: impl FnOnce(&Connection) -> Result<T, Stopped>,
) -> Result<T, Error> {
    let connection = match slot {
        Some(connection) => connection,
        None => slot.insert(Connection::open(&shared.location, &shared.options, Role::Writer)?),
    };
    work(connection).map_err(failed)
}

fn failed(stopped: Stopped) -> Error {
    match stopped {
        Stopped::Failed(error) => error,
        Stopped::Interrupted => Error::new(Kind::Database, "the statement was interrupted"),
    }
}

fn waited(options: &TransactionOptions) -> Error {
    let message = format!(
        "the transaction could not begin within {} ms: others write for too long, or `maxWait` is too short",
        options.max_wait.as_millis()
    );
    Error::new(Kind::TransactionClosed, message)
}

/// Serves a transaction to its end, and leaves none open.
fn transaction(
    shared: &Shared,
    connection: &Connection,
    options: &TransactionOptions,
    begun: Begun,
    jobs: &Receiver<Job>,
    waiting: &mut VecDeque<Job>,
) {
    let began = Instant::now();
    let (commands, orders) = channel();
    let ended = Arc::new(Mutex::new(None));
    let end = |why: String| *ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    begun(Ok(TransactionHandle { commands, ended: Arc::clone(&ended) }));
    loop {
        let left = options.timeout.saturating_sub(began.elapsed());
        if left.is_zero() {
            end(format!("it lasted longer than its timeout of {} ms and was rolled back", options.timeout.as_millis()));
            break;
        }
        match orders.recv_timeout(left.min(TICK)) {
            Ok(Command::Run(Query { prepared, values, done })) => {
                done(shared.execute(connection, &prepared, &values, Scope::Open).map_err(failed));
            }
            Ok(Command::End { commit, done }) => {
                let sql = if commit { "COMMIT" } else { "ROLLBACK" };
                let result = run_sql(&connection.sqlite, sql).map_err(failed);
                end(format!("it was {} before", if commit { "committed" } else { "rolled back" }));
                // Reported after the end is known to those who come too late.
                drop(orders);
                roll_back(connection);
                done(result);
                return;
            }
            Err(RecvTimeoutError::Timeout) => refuse_the_late(jobs, waiting),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    drop(orders);
    roll_back(connection);
}

fn roll_back(connection: &Connection) {
    if !connection.sqlite.is_autocommit() {
        // Fails only when SQLite has rolled back by itself.
        let _ = run_sql(&connection.sqlite, "ROLLBACK");
    }
}

/// Refuses the transactions that have waited too long behind this one.
fn refuse_the_late(jobs: &Receiver<Job>, waiting: &mut VecDeque<Job>) {
    waiting.extend(jobs.try_iter());
    for job in std::mem::take(waiting) {
        match job {
            Job::Begin { options, asked, done } if asked.elapsed() > options.max_wait => done(Err(waited(&options))),
            job => waiting.push_back(job),
        }
    }
}
