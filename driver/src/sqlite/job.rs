//! What the threads of a pool are asked to do.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use purlin_query::value::Value;

use crate::error::{Error, Kind};
use crate::options::TransactionOptions;
use crate::prepared::Prepared;
use crate::reply::Reply;

/// What takes the result of a query.
pub(crate) type Done = Box<dyn FnOnce(Result<Reply, Error>) + Send>;

/// A query with its values.
pub(crate) struct Query {
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) values: Vec<Value>,
    pub(crate) done: Done,
}

/// What the writer is asked to do.
pub(crate) enum Job {
    /// A query, in a transaction of its own.
    Run(Query),
    /// A transaction.
    Begin { options: TransactionOptions, asked: Instant, done: Begun },
    /// A script of statements, as migrations have them.
    Script { sql: String, done: Box<dyn FnOnce(Result<(), Error>) + Send> },
    /// Close the connection; the next job opens another.
    Close,
}

/// What takes a transaction that has begun.
pub(crate) type Begun = Box<dyn FnOnce(Result<TransactionHandle, Error>) + Send>;

/// What a transaction is asked to do.
pub(super) enum Command {
    Run(Query),
    End { commit: bool, done: Box<dyn FnOnce(Result<(), Error>) + Send> },
}

/// An open transaction. Dropping it rolls back.
pub(crate) struct TransactionHandle {
    pub(super) commands: Sender<Command>,
    /// Why the transaction is over, when it ended by itself.
    pub(super) ended: Arc<Mutex<Option<String>>>,
}

impl TransactionHandle {
    pub(crate) fn run(&self, query: Query) {
        if let Err(failed) = self.commands.send(Command::Run(query))
            && let Command::Run(query) = failed.0
        {
            (query.done)(Err(self.closed()));
        }
    }

    pub(crate) fn end(&self, commit: bool, done: impl FnOnce(Result<(), Error>) + Send + 'static) {
        if let Err(failed) = self.commands.send(Command::End { commit, done: Box::new(done) })
            && let Command::End { done, .. } = failed.0
        {
            done(Err(self.closed()));
        }
    }

    fn closed(&self) -> Error {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let why = ended.as_deref().unwrap_or("it was committed or rolled back before");
        Error::new(Kind::TransactionClosed, format!("the transaction is closed: {why}"))
    }
}
