//! An interactive transaction, served by the writer's thread.
//!
//! Invariant: after each command the driver knows whether the database still has the transaction open. SQLite ends one
//! by itself when the disk is full, on I/O errors, when a write is interrupted, and when a trigger or a constraint says
//! `ROLLBACK`; a command that ran after that would stand alone, whatever becomes of the transaction.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::busy;
use super::connection::Connection;
use super::execute::{Scope, Stopped, run_sql};
use super::file::DatabaseFile;
use super::shared::Shared;
use super::writer::roll_back;
use crate::reply::Reply;
use crate::request::{
    Begin, Command, Completion, Request, TransactionHandle, TransactionState, closed, rolled_back, timed_out, was_idle,
};

/// Serves a transaction that was begun to its end, and leaves none open.
pub(super) fn serve(shared: &Shared, connection: &Connection, begin: Begin) {
    let Begin { options, idle, queries, completion: begun, .. } = begin;
    let began = Instant::now();
    let (commands, orders) = channel();
    let state = Arc::new(TransactionState::default());
    let submit = Box::new(move |command| commands.send(command).map_err(|unsent| unsent.0));
    let handle = TransactionHandle::new(submit, Arc::clone(&state), queries.queue_length, Arc::clone(&shared.budget));
    begun.complete(Ok(handle));
    let mut answer: Option<Box<dyn FnOnce()>> = None;
    let why = loop {
        let left = options.timeout.saturating_sub(began.elapsed());
        if left.is_zero() {
            break timed_out(&options);
        }
        let command = match orders.recv_timeout(left.min(idle)) {
            Ok(command) => command,
            Err(RecvTimeoutError::Timeout) if idle < left => break was_idle(idle),
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => break "its handle was dropped".to_owned(),
        };
        state.taken();
        shared.clock.note();
        match command {
            Command::Run(request) if request.is_abandoned() => {}
            Command::Run(mut request) => {
                let left = options.timeout.saturating_sub(began.elapsed());
                if request.outbox().is_some_and(|outbox| !outbox.wait(left.min(idle))) {
                    let why = if idle < left { was_idle(idle) } else { timed_out(&options) };
                    let error = closed(&why);
                    answer = Some(Box::new(move || request.completion.complete(Err(error))));
                    break why;
                }
                request.begin();
                let left = options.timeout.saturating_sub(began.elapsed());
                let limit = left.min(request.options().statement_timeout);
                let (result, completion) = run(shared, connection, request, limit);
                let is_over = connection.sqlite.is_autocommit();
                let result = match result {
                    Err(Stopped::Interrupted) if began.elapsed() >= options.timeout => {
                        let why = timed_out(&options);
                        let error = closed(&why);
                        answer = Some(Box::new(move || completion.complete(Err(error))));
                        break why;
                    }
                    result => result.map_err(|stopped| shared.failed(stopped, limit)),
                };
                if is_over {
                    let why = rolled_back(result.as_ref().err());
                    // Even were it a success: what it wrote is not part of a transaction any more.
                    let error = result.err().unwrap_or_else(|| closed(&why));
                    answer = Some(Box::new(move || completion.complete(Err(error))));
                    break why;
                }
                completion.complete(result);
            }
            Command::End { commit, completion } => {
                // Nobody would learn that it was committed.
                let commit = commit && !completion.is_abandoned();
                busy::wait_until(Instant::now().checked_add(queries.sqlite.busy_timeout));
                // What is committed to a file that nobody finds again would be acknowledged and lost.
                let file = shared.file.as_ref().filter(|_| commit).map_or(Ok(()), DatabaseFile::check);
                let sql = if commit && file.is_ok() { "COMMIT" } else { "ROLLBACK" };
                let ended = run_sql(&connection.sqlite, sql);
                let written = || if commit { connection.check_written() } else { Ok(()) };
                let ended = ended.map_err(|stopped| shared.failed(stopped, options.timeout)).and_then(|()| written());
                let result = file.and(ended);
                answer = Some(Box::new(move || completion.complete(result)));
                break format!("it was {} before", if commit { "committed" } else { "rolled back" });
            }
        }
    };
    roll_back(connection);
    // From here on who comes too late is told why; then those who came before, and last who ended it.
    state.end(why.clone());
    for command in orders.try_iter() {
        command.refuse(&why);
    }
    drop(orders);
    if let Some(answer) = answer {
        answer();
    }
}

/// Runs a query; it must have left the transaction as it found it: open.
fn run(
    shared: &Shared,
    connection: &Connection,
    request: Request,
    limit: Duration,
) -> (Result<Reply, Stopped>, Completion<Reply>) {
    let Request { query, completion, .. } = request;
    let mut result = connection
        .within(limit, |connection| shared.execute(connection, query.prepared(), query.values(), Scope::Open));
    if connection.is_outdated() {
        shared.file.iter().for_each(DatabaseFile::note_change_while_read);
        result = Err(Stopped::Failed(shared.keeps_changing()));
    }
    (result, completion)
}
