//! The writer: one thread, one connection, all writes of the process one after another.
//!
//! A write is done here from its begin to its commit, whatever becomes of the caller, so no connection is ever
//! left in a transaction. An interactive transaction has the thread until it ends or its time is over.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::busy::{self, Turns};
use super::connection::{Connection, Role};
use super::execute::{Scope, Stopped, run_sql};
use super::job::Job;
use super::pool;
use super::shared::Shared;
use super::transaction;
use super::turn::Turn;
use crate::budget;
use crate::error::{Error, ErrorKind};
use crate::options::QueryOptions;
use crate::request::{Begin, Request};

/// The life of the writer's thread: it ends with the pool.
pub(super) fn run(shared: &Arc<Shared>) {
    let mut writer = Writer { shared, connection: None, turn: None, turns: Turns::new(), checkpoint_failed: None };
    while let Some(job) = shared.jobs.next() {
        shared.clock.note();
        // A bug that panics costs its query and the connection, not the thread that all others wait for.
        let served = catch_unwind(AssertUnwindSafe(|| writer.serve(job)));
        // Whatever happened, the next job finds no transaction open.
        if let Some(open) = &writer.connection {
            roll_back(open);
            if served.is_err() || !open.sqlite.is_autocommit() {
                writer.connection = None;
            }
        }
        writer.turn = None;
        writer.keep_log_small();
    }
}

struct Writer<'a> {
    shared: &'a Arc<Shared>,
    connection: Option<Connection>,
    /// The turn among the writers of the file, of what is served.
    turn: Option<Turn>,
    turns: Turns,
    /// When the log was too large and could not be started over.
    checkpoint_failed: Option<Instant>,
}

impl Writer<'_> {
    fn serve(&mut self, job: Job) {
        let shared = self.shared;
        match job {
            Job::Close { reads, completion } => {
                let Some(file) = &shared.file else {
                    // A database in memory is gone with its connection.
                    completion.complete(Ok(()));
                    return;
                };
                // Who closes is told what was lost. That the file is gone is told to who uses it next, if anybody does.
                let _ = file.check();
                let closed = shared.close_displaced(&mut self.connection);
                self.connection = None;
                shared.close_after(reads, closed, completion);
            }
            Job::CloseDisplaced { completion } => {
                completion.complete(shared.close_displaced(&mut self.connection));
            }
            // Whoever asked does not wait any more, and would not learn what it did.
            job @ Job::Run(_) if job.is_abandoned() => {}
            Job::Run(mut request) => {
                if let Some(held) = request.outbox().and_then(|outbox| outbox.full()) {
                    shared.hold(request, held);
                    return;
                }
                request.begin();
                let until = request.waits_until();
                let Request { query, completion, .. } = request;
                let options = &query.prepared().options;
                let timeout = options.statement_timeout;
                let result = self.with(options, until, options.sqlite.busy_timeout, |connection| {
                    if completion.is_abandoned() {
                        // While it waited for other processes.
                        return Err(Error::new(ErrorKind::Closed, "nobody waits for the query"));
                    }
                    let run = |connection: &Connection| {
                        shared.execute(connection, query.prepared(), query.values(), Scope::Own)
                    };
                    let reply = connection.within(timeout, run).map_err(|stopped| shared.failed(stopped, timeout))?;
                    connection.check_written().map(|()| reply)
                });
                completion.complete(result);
                self.yield_turn();
            }
            Job::Script { sql, options, completion } => completion.complete(self.run_script(&sql, &options)),
            Job::Begin(begin) => self.begin(begin),
        }
    }

    /// Runs the statements of a script. Nothing that it has set stays for those who write next.
    fn run_script(&mut self, sql: &str, options: &QueryOptions) -> Result<(), Error> {
        let run = self.with(options, None, options.sqlite.busy_timeout, |connection| {
            connection.sqlite.execute_batch(sql).map_err(|error| super::error::convert(&error, None))?;
            if connection.sqlite.is_autocommit() {
                return connection.check_written();
            }
            roll_back(connection);
            Err(Error::invalid(
                "the script ended inside a transaction, which was rolled back: end the script in `COMMIT`, or leave `BEGIN` and `SAVEPOINT` out",
            ))
        });
        let Some(connection) = self.connection.take() else { return run };
        roll_back(&connection);
        if self.shared.file.is_some() {
            // Opened before the other is closed, so that the log stays. When it cannot be, as when the script has locked the
            // file, the next write opens one.
            self.connection = self.shared.open(Role::Writer, options, Duration::ZERO).ok();
            return run;
        }
        let (connection, copied) = self.shared.without_settings(connection, options);
        self.connection = Some(connection);
        run.and(copied)
    }

    fn begin(&mut self, begin: Begin) {
        let (waited, max_wait) = (begin.asked.elapsed(), begin.options.max_wait);
        let patience = max_wait.saturating_sub(waited).min(begin.queries.sqlite.busy_timeout);
        let begun = self.with(&begin.queries, begin.waits_until(), patience, |connection| {
            // What only reads needs no turn among those that write, and would not get one.
            let sql = if self.shared.read_only { "BEGIN" } else { "BEGIN IMMEDIATE" };
            run_sql(&connection.sqlite, sql).map_err(|stopped| self.shared.failed(stopped, Duration::ZERO))
        });
        match (begun, &self.connection) {
            (Ok(()), Some(connection)) => {
                transaction::serve(self.shared, connection, begin);
                self.yield_turn();
            }
            (Ok(()), None) => {}
            (Err(error), _) if (error.is_busy() || error.is_queue_timeout()) && begin.asked.elapsed() >= max_wait => {
                let error = begin.too_late();
                begin.completion.complete(Err(error));
            }
            (Err(error), _) => begin.completion.complete(Err(error)),
        }
    }

    /// Runs work on the writer's connection, which is opened when it is not. Waits for its turn among the writers of the
    /// file until `until`, and for locks of other processes as long as `patience`.
    fn with<T>(
        &mut self,
        options: &QueryOptions,
        until: Option<Instant>,
        patience: Duration,
        work: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.open(options, patience)?;
        let Some(connection) = &self.connection else {
            return Err(Error::new(ErrorKind::Closed, "the writer is not open"));
        };
        if let Some(row) = &connection.row {
            self.turn = row.wait(until);
            if self.turn.is_none() {
                return Err(budget::late(options.queue_timeout));
            }
        }
        busy::wait_until(Instant::now().checked_add(patience));
        connection.synchronize(options.sqlite.synchronous)?;
        self.turns.begin();
        work(connection)
    }

    /// Opens the writer's connection, unless it is open and its file in place.
    fn open(&mut self, options: &QueryOptions, patience: Duration) -> Result<(), Error> {
        let shared = self.shared;
        loop {
            if let Some(file) = &shared.file {
                let checked = file.check();
                shared.close_displaced(&mut self.connection)?;
                let is_old = |open: &Connection| open.generation != file.generation() || open.is_outdated();
                if self.connection.as_ref().is_some_and(is_old) {
                    self.connection = None;
                }
                checked?;
            }
            if self.connection.is_some() {
                return Ok(());
            }
            match shared.open(Role::Writer, options, patience) {
                Ok(connection) => self.connection = Some(connection),
                // The file or its log was found to be displaced just now: this thread closes what has it open, and tries
                // again.
                Err(error) if error.is_busy() && shared.is_displaced() => continue,
                Err(error) => return Err(error),
            }
        }
    }

    /// Lets other processes write.
    fn yield_turn(&mut self) {
        let Some(connection) = &self.connection else { return };
        let sqlite = &connection.sqlite;
        if !sqlite.is_autocommit() {
            return;
        }
        self.turns.end(|| sqlite.pragma_query_value(None, "data_version", |row| row.get(0)).ok());
    }

    /// Copies the write-ahead log into the database when readers have kept it from being started over for too long.
    fn keep_log_small(&mut self) {
        let (Some(file), Some(connection)) = (&self.shared.file, &self.connection) else { return };
        let tried = self.checkpoint_failed.is_some_and(|tried| tried.elapsed() < CHECKPOINT_PAUSE);
        if tried || !file.is_log_large() {
            return;
        }
        // All readers at rest, so that none still needs the log.
        let kept = self.shared.while_readers_rest(&pool::others_of_file(self.shared), || {
            busy::wait_until(Some(Instant::now() + CHECKPOINT_PATIENCE));
            connection.sqlite.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap_or(true)
        });
        // Readers of other processes may be in the way.
        self.checkpoint_failed = kept.unwrap_or(true).then(Instant::now);
    }
}

/// How long a checkpoint waits for the readers of other processes, and how long until the next try.
const CHECKPOINT_PATIENCE: Duration = Duration::from_millis(50);
const CHECKPOINT_PAUSE: Duration = Duration::from_secs(1);

pub(super) fn roll_back(connection: &Connection) {
    if !connection.sqlite.is_autocommit() {
        // Fails only when SQLite has rolled back by itself.
        let _ = run_sql(&connection.sqlite, "ROLLBACK");
    }
}

impl Shared {
    /// The error of a query that stopped.
    pub(super) fn failed(&self, stopped: Stopped, limit: Duration) -> Error {
        match stopped {
            Stopped::Failed(error) => error,
            Stopped::Interrupted => budget::ran_too_long(limit),
        }
    }
}
