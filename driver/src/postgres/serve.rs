//! The tasks that run queries and transactions, one each.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt as _;
use purlin_query::plan::Access;
use purlin_query::value::Value;
use tokio::task::block_in_place;
use tokio::time::timeout;

use super::connection::Health;
use super::options::ServerOptions;
use super::pool::{CANCEL, Checkout, Shared};
use super::runtime::runtime;
use crate::budget;
use crate::check::Checked;
use crate::error::{Error, ErrorKind};
use crate::options::{QueryOptions, TransactionOptions};
use crate::prepared::Prepared;
use crate::reply::Reply;
use crate::request::{
    Begin, Command, Completion, Request, TransactionHandle, TransactionState, closed, rolled_back, timed_out, was_idle,
};

/// The pool of one database.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    read_only: bool,
}

impl Pool {
    pub(crate) fn new(options: ServerOptions, read_only: bool) -> Self {
        Self { shared: Shared::new(options), read_only }
    }

    /// The error of a plan that writes where the client only reads.
    pub(crate) fn refuse(&self, prepared: &Prepared) -> Option<Error> {
        let writes = prepared.plan.access == Access::Write && self.read_only;
        writes.then(|| Error::new(ErrorKind::ReadOnly, "the client is open for reading only"))
    }

    /// Queues a query.
    pub(crate) fn run(&self, request: Request) {
        match self.refuse(request.prepared()) {
            Some(error) => request.completion.complete(Err(error)),
            None => run(&self.shared, request),
        }
    }

    /// Queues a transaction.
    pub(crate) fn begin(&self, begin: Begin) {
        let (shared, era) = (Arc::clone(&self.shared), self.shared.era());
        match runtime() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    transaction(&shared, begin).await;
                    drop(era);
                });
            }
            Err(error) => begin.completion.complete(Err(error)),
        }
    }

    /// Queues a script of statements.
    pub(crate) fn run_script(&self, sql: String, options: QueryOptions, completion: Completion<()>) {
        let (shared, era) = (Arc::clone(&self.shared), self.shared.era());
        match runtime() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    completion.complete(script(&shared, sql, &options).await);
                    drop(era);
                });
            }
            Err(error) => completion.complete(Err(error)),
        }
    }

    /// Closes the connections when what was asked for before is over; they open again when they are needed.
    pub(crate) fn close(&self, completion: Completion<()>) {
        self.shared.close(completion);
    }
}

fn run(shared: &Arc<Shared>, request: Request) {
    let Some(request) = request.charged(&shared.budget) else { return };
    let (shared, era) = (Arc::clone(shared), shared.era());
    match runtime() {
        Ok(runtime) => {
            runtime.spawn(async move {
                query(&shared, request).await;
                drop(era);
            });
        }
        Err(error) => request.completion.complete(Err(error)),
    }
}

/// Runs a query in a connection of its own.
async fn query(shared: &Arc<Shared>, mut request: Request) {
    if let Some(held) = request.outbox().and_then(|outbox| outbox.full()) {
        let shared = Arc::clone(shared);
        request.hold(held, move |request| run(&shared, request));
        return;
    }
    let (length, until) = (request.options().queue_length, request.waits_until());
    let mut checkout = match shared.acquire(until, length).await {
        Ok(checkout) => checkout,
        Err(refused) => {
            let error = refused.error(|| request.too_late());
            return request.completion.complete(Err(error));
        }
    };
    if request.completion.is_abandoned() {
        return checkout.give_back();
    }
    request.begin();
    let limit = request.options().statement_timeout;
    let mut result = run_on(shared, &mut checkout, &request.query, Scope::Own, limit).await;
    let may_repeat = request.prepared().plan.access == Access::Read || checkout.has_done_nothing();
    if may_repeat && checkout.was_lost_while_idle() && result.as_ref().is_err_and(|error| !error.is_timeout()) {
        result = match checkout.renew().await {
            Ok(()) => run_on(shared, &mut checkout, &request.query, Scope::Own, limit).await,
            Err(error) => Err(error),
        };
    }
    if checkout.is_clean() {
        checkout.give_back();
    } else {
        drop(checkout);
    }
    request.completion.complete(result);
}

/// Where a query runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// By itself.
    Own,
    /// In an open transaction.
    Open,
}

/// Runs a query within a time. What takes longer is stopped at the server.
async fn run_on(
    shared: &Arc<Shared>,
    checkout: &mut Checkout,
    query: &Checked<Vec<Value>>,
    scope: Scope,
    limit: Duration,
) -> Result<Reply, Error> {
    let Some(connection) = checkout.connection() else { return Err(gone()) };
    let process = connection.process;
    let (prepared, values, recycler) = (query.prepared(), query.values(), &shared.recycler);
    let late = {
        let running = async {
            match scope {
                Scope::Own => connection.run(prepared, values, recycler).await,
                Scope::Open => connection.run_in_transaction(prepared, values, recycler).await,
            }
        };
        let mut running = pin!(running);
        if let Ok(result) = timeout(limit, running.as_mut()).await {
            return result;
        }
        shared.cancel(process).await;
        timeout(CANCEL, running).await
    };
    match late {
        Ok(Err(error)) if error.is_timeout() => Err(budget::ran_too_long(limit)),
        Ok(result) => result,
        Err(_) => {
            // What the server has not stopped is dropped together with its connection.
            checkout.lose();
            Err(budget::ran_too_long(limit))
        }
    }
}

/// Ends a transaction without what it wrote.
async fn roll_back(checkout: &mut Checkout) {
    let Some(connection) = checkout.connection() else { return };
    if connection.health != Health::Lost && timeout(CANCEL, connection.roll_back()).await.is_err() {
        checkout.lose();
    }
}

fn gone() -> Error {
    Error::new(ErrorKind::Closed, "the connection is closed")
}

async fn script(shared: &Arc<Shared>, sql: String, options: &QueryOptions) -> Result<(), Error> {
    let until = Instant::now().checked_add(options.queue_timeout);
    let checkout = shared.acquire(until, options.queue_length).await;
    let mut checkout = checkout.map_err(|refused| refused.error(|| budget::late(options.queue_timeout)))?;
    // A script may leave a transaction open, or settings changed: its connection is dropped and not given back.
    match checkout.connection() {
        Some(connection) => connection.script(sql).await,
        None => Err(gone()),
    }
}

/// Serves a transaction to its end, and leaves none open.
async fn transaction(shared: &Arc<Shared>, begin: Begin) {
    let (until, length) = (begin.waits_until(), begin.queries.queue_length);
    let mut checkout = match shared.acquire(until, length).await {
        Ok(checkout) => checkout,
        Err(refused) => {
            let error = refused.error(|| begin.too_late());
            return begin.completion.complete(Err(error));
        }
    };
    let mut begun = start(&mut checkout).await;
    if begun.is_err() && checkout.was_lost_while_idle() {
        begun = match checkout.renew().await {
            Ok(()) => start(&mut checkout).await,
            Err(error) => Err(error),
        };
    }
    if let Err(error) = begun {
        return begin.completion.complete(Err(error));
    }
    let Begin { options, idle, queries, completion, .. } = begin;
    let (commands, mut orders) = unbounded();
    let state = Arc::new(TransactionState::default());
    let submit = Box::new(move |command| commands.unbounded_send(command).map_err(|unsent| unsent.into_inner()));
    let handle = TransactionHandle::new(submit, Arc::clone(&state), queries.queue_length, Arc::clone(&shared.budget));
    completion.complete(Ok(handle));
    let bounds = Bounds { began: Instant::now(), options: &options, idle };
    let Ended { why, answer } = take_commands(shared, &mut checkout, &mut orders, &state, bounds).await;
    // From here on who comes too late is told why; then those who came before, and last who ended it.
    state.end(why.clone());
    orders.close();
    while let Ok(command) = orders.try_recv() {
        command.refuse(&why);
    }
    if checkout.is_clean() {
        checkout.give_back();
    } else {
        drop(checkout);
    }
    if let Some(answer) = answer {
        answer();
    }
}

/// Starts a transaction at the server.
async fn start(checkout: &mut Checkout) -> Result<(), Error> {
    match checkout.connection() {
        Some(connection) => connection.command("BEGIN").await,
        None => Err(gone()),
    }
}

/// The times of a transaction.
#[derive(Clone, Copy)]
struct Bounds<'o> {
    began: Instant,
    options: &'o TransactionOptions,
    idle: Duration,
}

impl Bounds<'_> {
    fn left(&self) -> Duration {
        self.options.timeout.saturating_sub(self.began.elapsed())
    }
}

/// How a transaction has ended.
struct Ended {
    why: String,
    /// Answers whoever has ended it.
    answer: Option<Box<dyn FnOnce() + Send>>,
}

impl Ended {
    fn of(why: String) -> Self {
        Self { why, answer: None }
    }

    fn answered(why: String, completion: Completion<Reply>, error: Error) -> Self {
        Self { why, answer: Some(Box::new(move || completion.complete(Err(error)))) }
    }
}

/// Takes the commands of a transaction until it is over, and ends it at the server.
async fn take_commands(
    shared: &Arc<Shared>,
    checkout: &mut Checkout,
    orders: &mut UnboundedReceiver<Command>,
    state: &TransactionState,
    bounds: Bounds<'_>,
) -> Ended {
    let ended = loop {
        let left = bounds.left();
        if left.is_zero() {
            break Ended::of(timed_out(bounds.options));
        }
        let command = match timeout(left.min(bounds.idle), orders.next()).await {
            Ok(Some(command)) => command,
            Ok(None) => break Ended::of("its handle was dropped".to_owned()),
            Err(_) if bounds.idle < left => break Ended::of(was_idle(bounds.idle)),
            Err(_) => continue,
        };
        state.taken();
        match command {
            Command::Run(request) if request.completion.is_abandoned() => {}
            Command::Run(mut request) => {
                if !has_room(&request, bounds.left().min(bounds.idle)) {
                    let why =
                        if bounds.idle < bounds.left() { was_idle(bounds.idle) } else { timed_out(bounds.options) };
                    let error = closed(&why);
                    break Ended::answered(why, request.completion, error);
                }
                request.begin();
                let limit = bounds.left().min(request.options().statement_timeout);
                let result = run_on(shared, checkout, &request.query, Scope::Open, limit).await;
                match result {
                    Err(error) if !checkout.is_clean() => {
                        let is_late = bounds.left().is_zero();
                        let why = if is_late { timed_out(bounds.options) } else { rolled_back(Some(&error)) };
                        let error = if is_late { closed(&why) } else { error };
                        break Ended::answered(why, request.completion, error);
                    }
                    result => request.completion.complete(result),
                }
            }
            Command::End { commit, completion } => {
                // Nobody would learn that it was committed.
                let commit = commit && !completion.is_abandoned();
                let result = match checkout.connection() {
                    Some(connection) if commit => connection.command("COMMIT").await,
                    Some(_) => Ok(()),
                    None => Err(gone()),
                };
                let why = format!("it was {} before", if commit { "committed" } else { "rolled back" });
                if commit && result.is_ok() {
                    return Ended { why, answer: Some(Box::new(move || completion.complete(result))) };
                }
                break Ended { why, answer: Some(Box::new(move || completion.complete(result))) };
            }
        }
    };
    roll_back(checkout).await;
    ended
}

/// Waits for room for the reply of a query, whose thread may be busy. Others of the runtime take over what this one has to do.
fn has_room(request: &Request, at_most: Duration) -> bool {
    let Some(outbox) = request.outbox().filter(|outbox| outbox.full().is_some()) else { return true };
    block_in_place(|| outbox.wait(at_most))
}
