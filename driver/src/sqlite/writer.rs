//! The writer: one thread, one connection, all writes of the process one after another.
//!
//! A write is done here from its begin to its commit, whatever becomes of the caller, so no connection is ever
//! left in a transaction. An interactive transaction has the thread until it ends or its time is over.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::connection::{Connection, Role};
use super::execute::{Scope, Stopped, run_sql};
use super::job::{Command, Done, Job, Query, TransactionHandle};
use super::shared::Shared;
use crate::error::{Error, Kind};
use crate::options::TransactionOptions;
use crate::url::Location;

/// How often the writer looks, while a transaction is open, for others that have waited too long.
const TICK: Duration = Duration::from_millis(20);

/// The life of the writer's thread: it ends with the pool.
pub(super) fn run(shared: &Shared, jobs: &Receiver<Job>) {
    let mut connection = None;
    let mut waiting = VecDeque::new();
    while let Some(job) = waiting.pop_front().or_else(|| jobs.recv().ok()) {
        // A bug that panics costs its query and the connection, not the thread that all others wait for.
        let served = catch_unwind(AssertUnwindSafe(|| serve(shared, &mut connection, job, jobs, &mut waiting)));
        // Whatever happened, the next job finds no transaction open.
        if let Some(open) = &connection {
            roll_back(open);
            if served.is_err() || !open.sqlite.is_autocommit() {
                connection = None;
            }
        }
    }
}

fn serve(
    shared: &Shared,
    connection: &mut Option<Connection>,
    job: Job,
    jobs: &Receiver<Job>,
    waiting: &mut VecDeque<Job>,
) {
    match job {
        Job::Close { done } => {
            // A database in memory is gone with its connection.
            if shared.location != Location::Memory {
                *connection = None;
            }
            done.give(Ok(()));
        }
        Job::Run(Query { prepared, values, done }) => {
            done.give(with(shared, connection, |connection| {
                shared.execute(connection, &prepared, &values, Scope::Own)
            }));
        }
        Job::Script { sql, done } => {
            done.give(with(shared, connection, |connection| {
                let result = connection.sqlite.execute_batch(&sql);
                result.map_err(|error| Stopped::Failed(super::error::convert(&error, None)))
            }));
        }
        Job::Begin { options, asked, done } if asked.elapsed() > options.max_wait => {
            done.give(Err(waited(&options)));
        }
        Job::Begin { options, asked: _, done } => {
            let begun = with(shared, connection, |connection| run_sql(&connection.sqlite, "BEGIN IMMEDIATE"));
            match (begun, connection) {
                (Ok(()), Some(connection)) => transaction(shared, connection, &options, done, jobs, waiting),
                (Ok(()), None) => {}
                (Err(error), _) => done.give(Err(error)),
            }
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
    begun: Done<TransactionHandle>,
    jobs: &Receiver<Job>,
    waiting: &mut VecDeque<Job>,
) {
    let began = Instant::now();
    let (commands, orders) = channel();
    let ended = Arc::new(Mutex::new(None));
    begun.give(Ok(TransactionHandle { commands, ended: Arc::clone(&ended) }));
    let mut answer = None;
    let why = loop {
        let left = options.timeout.saturating_sub(began.elapsed());
        if left.is_zero() {
            let timeout = options.timeout.as_millis();
            break format!("it lasted longer than its timeout of {timeout} ms and was rolled back");
        }
        match orders.recv_timeout(left.min(TICK)) {
            Ok(Command::Run(Query { prepared, values, done })) => {
                done.give(shared.execute(connection, &prepared, &values, Scope::Open).map_err(failed));
            }
            Ok(Command::End { commit, done }) => {
                let sql = if commit { "COMMIT" } else { "ROLLBACK" };
                answer = Some((done, run_sql(&connection.sqlite, sql).map_err(failed)));
                break format!("it was {} before", if commit { "committed" } else { "rolled back" });
            }
            Err(RecvTimeoutError::Timeout) => refuse_the_late(jobs, waiting),
            Err(RecvTimeoutError::Disconnected) => break "its handle was dropped".to_owned(),
        }
    };
    roll_back(connection);
    // From here on who comes too late is told why; then those who came before, and last who ended it.
    *ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(why.clone());
    for command in orders.try_iter() {
        command.refuse(&why);
    }
    drop(orders);
    if let Some((done, result)) = answer {
        done.give(result);
    }
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
            Job::Begin { options, asked, done } if asked.elapsed() > options.max_wait => {
                done.give(Err(waited(&options)))
            }
            job => waiting.push_back(job),
        }
    }
}
