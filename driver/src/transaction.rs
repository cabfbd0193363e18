//! Interactive transactions, as their users hold them.

use std::fmt;
use std::sync::Arc;

use purlin_query::value::Value;

use crate::check::Checked;
use crate::engine::Engine;
use crate::error::Error;
use crate::outbox::Outbox;
use crate::prepared::Prepared;
use crate::reply::Reply;
use crate::request::{Completion, Request, TransactionHandle};
use crate::running::Running;

/// An open transaction. Dropping it rolls back.
pub struct Transaction {
    pub(crate) engine: Engine,
    pub(crate) handle: TransactionHandle,
}

impl Transaction {
    /// The engine it was begun on, which prepares its plans.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Runs a query inside the transaction, after those that were sent before.
    pub fn run(&self, prepared: &Arc<Prepared>, values: Vec<Value>) -> Running<Reply> {
        let (running, completion) = Running::new();
        self.run_for(Arc::clone(prepared), values, completion);
        running
    }

    /// Runs a query inside the transaction and calls `callback` with what it returns.
    pub fn run_with(
        &self,
        prepared: Arc<Prepared>,
        values: Vec<Value>,
        callback: impl FnOnce(Result<Reply, Error>) + Send + 'static,
    ) {
        self.run_for(prepared, values, Completion::new(callback));
    }

    fn run_for(&self, prepared: Arc<Prepared>, values: Vec<Value>, completion: Completion<Reply>) {
        match self.check(prepared, values) {
            Ok(query) => self.handle.run(Request::new(query, completion)),
            Err(error) => completion.complete(Err(error)),
        }
    }

    /// The same for a reply that waits in an outbox until it is taken. While that is full, the transaction waits, at most
    /// until its time is over.
    pub fn run_to(
        &self,
        outbox: &Arc<Outbox>,
        prepared: Arc<Prepared>,
        values: Vec<Value>,
        callback: impl FnOnce(Result<Reply, Error>) + Send + 'static,
    ) {
        match self.check(prepared, values) {
            Ok(query) => self.handle.run(Request::new(query, Completion::new(callback)).to(outbox)),
            Err(error) => callback(Err(error)),
        }
    }

    /// Checks a query of the transaction.
    fn check(&self, prepared: Arc<Prepared>, values: Vec<Value>) -> Result<Checked<Vec<Value>>, Error> {
        let query = self.engine.check(prepared, values)?;
        self.engine.refuse(query.prepared()).map_or(Ok(query), Err)
    }

    /// Commits. When this returns `Ok`, the writes are as durable as the options say.
    pub fn commit(self) -> Running<()> {
        self.end(true)
    }

    /// Rolls back.
    pub fn rollback(self) -> Running<()> {
        self.end(false)
    }

    /// Ends the transaction and calls `callback`.
    pub fn end_with(self, commit: bool, callback: impl FnOnce(Result<(), Error>) + Send + 'static) {
        self.handle.end(commit, Completion::new(callback));
    }

    fn end(self, commit: bool) -> Running<()> {
        let (running, completion) = Running::new();
        self.handle.end(commit, completion);
        running
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}
