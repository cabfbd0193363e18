//! What the threads of a pool are asked to do.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use purlin_query::value::Value;

use crate::error::{Error, Kind};
use crate::options::TransactionOptions;
use crate::prepared::Prepared;
use crate::reply::Reply;

/// What takes a result. It gets one, whatever happens: when it is dropped unused, an error.
pub(crate) struct Done<T>(Option<Taker<T>>);

type Taker<T> = Box<dyn FnOnce(Result<T, Error>) + Send>;

impl<T> Done<T> {
    pub(crate) fn new(taker: impl FnOnce(Result<T, Error>) + Send + 'static) -> Self {
        Self(Some(Box::new(taker)))
    }

    pub(crate) fn give(mut self, result: Result<T, Error>) {
        if let Some(taker) = self.0.take() {
            taker(result);
        }
    }
}

impl<T> Drop for Done<T> {
    fn drop(&mut self) {
        if let Some(taker) = self.0.take() {
            taker(Err(Error::new(Kind::Closed, "the engine gave up the query: the pool was closed, or failed inside")));
        }
    }
}

/// A query with its values.
pub(crate) struct Query {
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) values: Vec<Value>,
    pub(crate) done: Done<Reply>,
}

/// What the writer is asked to do.
pub(crate) enum Job {
    /// A query, in a transaction of its own.
    Run(Query),
    /// A transaction.
    Begin { options: TransactionOptions, asked: Instant, done: Done<TransactionHandle> },
    /// A script of statements, as migrations have them.
    Script { sql: String, done: Done<()> },
    /// Close the connection; the next job opens another.
    Close { done: Done<()> },
}

/// What a transaction is asked to do.
pub(super) enum Command {
    Run(Query),
    End { commit: bool, done: Done<()> },
}

/// An open transaction. Dropping it rolls back.
pub(crate) struct TransactionHandle {
    pub(super) commands: Sender<Command>,
    /// Why the transaction is over, when it ended by itself.
    pub(super) ended: Arc<Mutex<Option<String>>>,
}

impl TransactionHandle {
    pub(crate) fn run(&self, query: Query) {
        self.send(Command::Run(query));
    }

    pub(crate) fn end(&self, commit: bool, done: Done<()>) {
        self.send(Command::End { commit, done });
    }

    fn send(&self, command: Command) {
        if let Err(unsent) = self.commands.send(command) {
            let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
            unsent.0.refuse(ended.as_deref().unwrap_or("it was committed or rolled back before"));
        }
    }
}

impl Command {
    /// The transaction is over.
    pub(super) fn refuse(self, why: &str) {
        let error = Error::new(Kind::TransactionClosed, format!("the transaction is closed: {why}"));
        match self {
            Self::Run(query) => query.done.give(Err(error)),
            Self::End { done, .. } => done.give(Err(error)),
        }
    }
}
