//! What the threads of a pool are asked to do.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use purlin_query::value::Value;

use super::closing::{Era, EraEnd};
use super::queue::{self, Budget, Charge};
use crate::error::{Error, Kind};
use crate::options::{QueryOptions, TransactionOptions};
use crate::outbox::{Outbox, Ticket};
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
    /// The bytes that the values hold.
    bytes: u64,
    /// What it takes of the budget of its queue while it waits.
    charge: Option<Charge>,
    /// Where its reply waits to be taken, when that has a bound.
    ticket: Option<Ticket>,
    pub(crate) asked: Instant,
    /// What it belongs to of the time between two closings of the pool, while it waits or runs as a read.
    pub(super) era: Option<Arc<Era>>,
    /// Whether it has turned out to be slow.
    pub(crate) slow: bool,
    /// Whether it was stopped once to let the writer start the log over. It is not stopped again.
    pub(crate) rested: bool,
    pub(crate) done: Done<Reply>,
}

impl Query {
    /// Whether its plan tells how long it takes, or earlier runs do.
    pub(super) fn is_known(&self) -> bool {
        self.prepared.is_known()
    }

    /// Whether the reader that is kept for quick reads may try it.
    pub(super) fn may_be_quick(&self) -> bool {
        !self.slow && self.prepared.may_be_quick()
    }

    /// When it has waited too long for its turn.
    pub(super) fn waits_until(&self) -> Option<Instant> {
        self.asked.checked_add(self.prepared.options.queue_timeout)
    }

    /// What is said when it has.
    pub(super) fn too_late(&self) -> Error {
        queue::late(self.prepared.options.queue_timeout)
    }

    pub(crate) fn new(prepared: Arc<Prepared>, values: Vec<Value>, bytes: u64, done: Done<Reply>) -> Self {
        Self {
            prepared,
            values,
            bytes,
            charge: None,
            ticket: None,
            asked: Instant::now(),
            era: None,
            slow: false,
            rested: false,
            done,
        }
    }

    /// Its reply goes into an outbox.
    pub(crate) fn to(mut self, outbox: &Arc<Outbox>) -> Self {
        self.ticket = Some(Ticket { outbox: Arc::clone(outbox), number: outbox.number() });
        self
    }

    pub(super) fn outbox(&self) -> Option<&Arc<Outbox>> {
        self.ticket.as_ref().map(|ticket| &ticket.outbox)
    }

    pub(super) fn ticket(&self) -> Option<&Ticket> {
        self.ticket.as_ref()
    }

    /// Begins to wait: takes its bytes out of the budget, or is refused.
    pub(super) fn charged(mut self, budget: &Arc<Budget>) -> Option<Self> {
        match budget.take(self.bytes, self.prepared.options.queue_bytes) {
            Ok(charge) => {
                self.charge = charge;
                Some(self)
            }
            Err(error) => {
                self.done.give(Err(error));
                None
            }
        }
    }

    /// The bytes that its values hold.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Its turn has come: it waits no longer.
    pub(super) fn begin(&mut self) {
        self.charge = None;
    }
}

/// What the writer is asked to do.
pub(crate) enum Job {
    /// A query, in a transaction of its own.
    Run(Query),
    /// A transaction.
    Begin {
        options: TransactionOptions,
        /// How long it waits for its next query, or for room for a reply.
        idle: Duration,
        queries: QueryOptions,
        asked: Instant,
        done: Done<TransactionHandle>,
    },
    /// A script of statements, as migrations have them.
    Script { sql: String, options: QueryOptions, done: Done<()> },
    /// Close all connections when what was asked before is over, also the reads; the next query opens another.
    Close { reads: EraEnd, done: Done<()> },
    /// Close the connections to a file that was displaced, or whose log was.
    CloseDisplaced { done: Done<()> },
}

impl Job {
    /// The most that may wait before it. Those that end something always find a place.
    pub(super) fn queue_length(&self) -> Option<usize> {
        match self {
            Self::Run(query) => Some(query.prepared.options.queue_length),
            Self::Begin { queries, .. } => Some(queries.queue_length),
            Self::Script { options, .. } => Some(options.queue_length),
            Self::Close { .. } | Self::CloseDisplaced { .. } => None,
        }
    }

    /// When it has waited too long.
    pub(super) fn waits_until(&self) -> Option<Instant> {
        match self {
            Self::Run(query) => query.waits_until(),
            Self::Begin { options, asked, .. } => asked.checked_add(options.max_wait),
            Self::Script { .. } | Self::Close { .. } | Self::CloseDisplaced { .. } => None,
        }
    }

    /// What is said when it has.
    pub(super) fn too_late(&self) -> Option<Error> {
        match self {
            Self::Begin { options, .. } => Some(could_not_begin(options)),
            Self::Run(query) => Some(query.too_late()),
            Self::Script { .. } | Self::Close { .. } | Self::CloseDisplaced { .. } => None,
        }
    }

    pub(super) fn refuse(self, error: Error) {
        match self {
            Self::Run(query) => query.done.give(Err(error)),
            Self::Begin { done, .. } => done.give(Err(error)),
            Self::Script { done, .. } | Self::Close { done, .. } | Self::CloseDisplaced { done } => {
                done.give(Err(error))
            }
        }
    }
}

/// A transaction did not begin in time.
pub(super) fn could_not_begin(options: &TransactionOptions) -> Error {
    let message = format!(
        "the transaction could not begin within {} ms: others write for too long, or `maxWait` is too short",
        options.max_wait.as_millis()
    );
    Error::new(Kind::TransactionClosed, message)
}

/// What a transaction is asked to do.
pub(super) enum Command {
    Run(Query),
    End { commit: bool, done: Done<()> },
}

/// An open transaction. Dropping it rolls back.
pub(crate) struct TransactionHandle {
    pub(super) commands: Sender<Command>,
    pub(super) state: Arc<TransactionState>,
    /// The most commands that may wait.
    pub(super) length: usize,
    /// The bytes that they may hold together with the other queries of the pool.
    pub(super) budget: Arc<Budget>,
}

/// What a transaction and its handle share.
#[derive(Debug, Default)]
pub(super) struct TransactionState {
    /// Why the transaction is over, when it ended by itself.
    pub(super) ended: Mutex<Option<String>>,
    /// The commands that wait.
    pub(super) waiting: AtomicUsize,
}

impl TransactionHandle {
    pub(crate) fn run(&self, query: Query) {
        if self.state.waiting.load(Ordering::Relaxed) >= self.length {
            query.done.give(Err(queue::full(self.length)));
        } else if let Some(query) = query.charged(&self.budget) {
            self.send(Command::Run(query));
        }
    }

    pub(crate) fn end(&self, commit: bool, done: Done<()>) {
        self.send(Command::End { commit, done });
    }

    fn send(&self, command: Command) {
        self.state.waiting.fetch_add(1, Ordering::Relaxed);
        if let Err(unsent) = self.commands.send(command) {
            let ended = self.state.ended.lock().unwrap_or_else(PoisonError::into_inner);
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
