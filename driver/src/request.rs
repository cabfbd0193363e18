//! Requests: what an executor is asked to do, and how each of them is answered.
//!
//! Nothing here knows how an executor queues its work or what waits for it. A thread may take commands out of a channel
//! of the standard library, and a task out of one that it can await.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use purlin_query::value::Value;

use crate::budget::{self, Budget, Charge};
use crate::check::Checked;
use crate::error::{Error, ErrorKind};
use crate::options::{QueryOptions, TransactionOptions};
use crate::outbox::{Held, Outbox, Ticket, Waits};
use crate::prepared::Prepared;
use crate::reply::Reply;

/// An answer that is always made: when it is dropped unused, it is an error.
pub(crate) struct Completion<T>(Option<Answer<T>>);

enum Answer<T> {
    Call(Box<dyn FnOnce(Result<T, Error>) + Send>),
    /// To a future.
    Send(oneshot::Sender<Result<T, Error>>),
}

impl<T> Completion<T> {
    /// Answers by a callback.
    pub(crate) fn new(callback: impl FnOnce(Result<T, Error>) + Send + 'static) -> Self {
        Self(Some(Answer::Call(Box::new(callback))))
    }

    /// Answers to a future.
    pub(crate) fn of(sender: oneshot::Sender<Result<T, Error>>) -> Self {
        Self(Some(Answer::Send(sender)))
    }

    /// Returns whether the future that waits for it was dropped.
    pub(crate) fn is_abandoned(&self) -> bool {
        matches!(&self.0, Some(Answer::Send(sender)) if sender.is_canceled())
    }

    /// Answers.
    pub(crate) fn complete(mut self, result: Result<T, Error>) {
        self.answer(|| result);
    }

    fn answer(&mut self, result: impl FnOnce() -> Result<T, Error>) {
        match self.0.take() {
            Some(Answer::Call(callback)) => callback(result()),
            // The receiver is gone when nobody waits any more. This runs the waker of an executor, which may panic, also while
            // this is dropped by a panic.
            Some(Answer::Send(sender)) => {
                let result = result();
                let _ = catch_unwind(AssertUnwindSafe(|| sender.send(result)));
            }
            None => {}
        }
    }
}

impl<T> Drop for Completion<T> {
    fn drop(&mut self) {
        self.answer(|| {
            let message = "the engine did not finish the query: the pool was closed, or failed inside";
            Err(Error::new(ErrorKind::Closed, message))
        });
    }
}

/// A query that was asked for, with its values.
pub(crate) struct Request {
    pub(crate) query: Checked<Vec<Value>>,
    /// What it takes of the budget of its queue while it waits.
    charge: Option<Charge>,
    /// Where its reply waits to be taken, when that has a bound.
    ticket: Option<Ticket>,
    /// When it was asked for.
    pub(crate) asked: Instant,
    pub(crate) completion: Completion<Reply>,
}

impl Request {
    pub(crate) fn new(query: Checked<Vec<Value>>, completion: Completion<Reply>) -> Self {
        Self { query, charge: None, ticket: None, asked: Instant::now(), completion }
    }

    /// Has its reply go into an outbox.
    pub(crate) fn to(mut self, outbox: &Arc<Outbox>) -> Self {
        self.ticket = Some(Ticket { outbox: Arc::clone(outbox), number: outbox.number() });
        self
    }

    pub(crate) fn prepared(&self) -> &Arc<Prepared> {
        self.query.prepared()
    }

    pub(crate) fn options(&self) -> &QueryOptions {
        &self.prepared().options
    }

    pub(crate) fn outbox(&self) -> Option<&Arc<Outbox>> {
        self.ticket.as_ref().map(|ticket| &ticket.outbox)
    }

    /// Returns whether nobody waits for it any more: the future that did was dropped, or the thread that would take its reply has
    /// ended.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.completion.is_abandoned() || self.outbox().is_some_and(|outbox| outbox.is_closed())
    }

    /// The instant at which it has waited too long for its turn.
    pub(crate) fn waits_until(&self) -> Option<Instant> {
        self.asked.checked_add(self.options().queue_timeout)
    }

    /// The error of a query that has waited too long.
    pub(crate) fn too_late(&self) -> Error {
        budget::late(self.options().queue_timeout)
    }

    /// Begins to wait: takes its bytes out of the budget, or is refused.
    pub(crate) fn charged(mut self, budget: &Arc<Budget>) -> Option<Self> {
        match budget.take(self.query.bytes(), self.options().queue_bytes) {
            Ok(charge) => {
                self.charge = charge;
                Some(self)
            }
            Err(error) => {
                self.completion.complete(Err(error));
                None
            }
        }
    }

    /// Waits no longer, since its turn has come.
    pub(crate) fn begin(&mut self) {
        self.charge = None;
    }

    /// Waits in the outbox of its reply, which is full, and resumes when there is room. While it waits there it takes
    /// nothing of what others share.
    pub(crate) fn hold(mut self, held: Held, resume: impl FnOnce(Self) + Send + 'static) {
        let Some(Ticket { outbox, number }) = &self.ticket else { return };
        let (outbox, number) = (Arc::clone(outbox), *number);
        let QueryOptions { queue_length, queue_bytes, .. } = *self.options();
        let bytes = self.query.bytes();
        self.charge = None;
        if held.number >= queue_length {
            self.completion.complete(Err(budget::full(queue_length)));
            return;
        }
        if held.bytes > 0 && held.bytes.saturating_add(bytes) > queue_bytes {
            self.completion.complete(Err(budget::too_large(queue_bytes)));
            return;
        }
        let resume = move || {
            // It has not waited for its turn, but for whoever asked.
            self.asked = Instant::now();
            resume(self);
        };
        outbox.hold(number, Waits::Query(bytes), Box::new(resume));
    }
}

/// A transaction that was asked for.
pub(crate) struct Begin {
    pub(crate) options: TransactionOptions,
    /// How long it waits for its next query, or for room for a reply.
    pub(crate) idle: Duration,
    pub(crate) queries: QueryOptions,
    /// When it was asked for.
    pub(crate) asked: Instant,
    pub(crate) completion: Completion<TransactionHandle>,
}

impl Begin {
    /// The instant at which it has waited too long.
    pub(crate) fn waits_until(&self) -> Option<Instant> {
        self.asked.checked_add(self.options.max_wait)
    }

    /// The error of a transaction that did not begin in time.
    pub(crate) fn too_late(&self) -> Error {
        let message = format!(
            "the transaction could not begin within {} ms: others write for too long, or `maxWait` is too short",
            self.options.max_wait.as_millis()
        );
        Error::new(ErrorKind::TransactionClosed, message)
    }
}

/// What an open transaction is asked to do.
pub(crate) enum Command {
    Run(Request),
    End { commit: bool, completion: Completion<()> },
}

impl Command {
    /// Answers that the transaction is over.
    pub(crate) fn refuse(self, why: &str) {
        let error = closed(why);
        match self {
            Self::Run(request) => request.completion.complete(Err(error)),
            Self::End { completion, .. } => completion.complete(Err(error)),
        }
    }
}

/// Hands a command to whatever serves the transaction, and returns it when that is gone. When this is dropped, the
/// transaction is rolled back.
pub(crate) type Submit = Box<dyn Fn(Command) -> Result<(), Command> + Send + Sync>;

/// An open transaction. Dropping it rolls back.
pub(crate) struct TransactionHandle {
    submit: Submit,
    state: Arc<TransactionState>,
    /// The most commands that may wait.
    length: usize,
    /// The bytes that they may hold together with the other queries of the pool.
    budget: Arc<Budget>,
}

/// What a transaction and its handle share.
#[derive(Debug, Default)]
pub(crate) struct TransactionState {
    /// Why the transaction is over, when it ended by itself.
    ended: Mutex<Option<String>>,
    /// The commands that wait.
    waiting: AtomicUsize,
}

impl TransactionState {
    /// Counts a command that waits no longer.
    pub(crate) fn taken(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// Remembers why the transaction is over, for those who come too late.
    pub(crate) fn end(&self, why: String) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }
}

impl TransactionHandle {
    pub(crate) fn new(submit: Submit, state: Arc<TransactionState>, length: usize, budget: Arc<Budget>) -> Self {
        Self { submit, state, length, budget }
    }

    /// Queues a query, or refuses it.
    pub(crate) fn run(&self, request: Request) {
        if self.state.waiting.load(Ordering::Relaxed) >= self.length {
            request.completion.complete(Err(budget::full(self.length)));
        } else if let Some(request) = request.charged(&self.budget) {
            self.send(Command::Run(request));
        }
    }

    pub(crate) fn end(&self, commit: bool, completion: Completion<()>) {
        self.send(Command::End { commit, completion });
    }

    fn send(&self, command: Command) {
        self.state.waiting.fetch_add(1, Ordering::Relaxed);
        if let Err(unsent) = (self.submit)(command) {
            let ended = self.state.ended.lock().unwrap_or_else(PoisonError::into_inner);
            unsent.refuse(ended.as_deref().unwrap_or("it was committed or rolled back before"));
        }
    }
}

/// Why a transaction is over that has lasted too long.
pub(crate) fn timed_out(options: &TransactionOptions) -> String {
    format!("it lasted longer than its timeout of {} ms and was rolled back", options.timeout.as_millis())
}

/// Why a transaction is over that has waited too long for its next command.
pub(crate) fn was_idle(idle: Duration) -> String {
    format!(
        "the thread that asked for it was busy and sent or took nothing for {} ms, and it was rolled back so that others can write",
        idle.as_millis()
    )
}

/// Why a transaction is over that the database has ended.
pub(crate) fn rolled_back(cause: Option<&Error>) -> String {
    match cause {
        Some(cause) => format!("the database rolled it back: {cause}"),
        None => "a statement of it ended it".to_owned(),
    }
}

/// The error of a command of a transaction that is over.
pub(crate) fn closed(why: &str) -> Error {
    Error::new(ErrorKind::TransactionClosed, format!("the transaction is closed: {why}"))
}
