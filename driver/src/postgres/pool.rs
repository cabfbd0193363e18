//! The pool of a PostgreSQL database: connections, and who waits for one.
//!
//! Invariants: a connection is owned by one task at a time, which gives it back only when it is known to be clean: no
//! statement runs on it, and no transaction is open. Any other connection is closed, and its place is given away. A future of
//! the driver is run to its end or dropped together with its connection.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use tokio::time::{timeout, timeout_at};

use super::connect::connect;
use super::connection::{Connection, Health};
use super::options::ServerOptions;
use crate::budget::{self, Budget, Sweep};
use crate::error::{Error, ErrorKind};
use crate::reply::Recycler;
use crate::request::Completion;

/// What the tasks of a pool share.
pub(super) struct Shared {
    server: PgConnectOptions,
    /// The most connections.
    limit: usize,
    connect_timeout: Duration,
    state: Mutex<State>,
    pub(super) budget: Arc<Budget>,
    pub(super) recycler: Arc<Recycler>,
}

struct State {
    /// Clean connections, the last one used at the end.
    idle: Vec<Connection>,
    /// The connections that there are or are about to be.
    open: usize,
    /// Those who wait for a place, in the order of their arrival. Where some wait, none is idle.
    waiting: VecDeque<oneshot::Sender<Place>>,
    /// What was asked for since the last close.
    era: Arc<Era>,
    sweep: Sweep,
}

/// What one who waits is given: a connection, or the place of one that was closed.
struct Place {
    shared: Arc<Shared>,
    connection: Option<Connection>,
    /// Whether the connection was opened for the one who has it.
    is_new: bool,
    /// Whether it was not taken over.
    is_held: bool,
}

/// A connection that a task has. Unless it is given back, it is closed.
pub(super) struct Checkout(Place);

/// Why a task has no connection.
pub(super) enum Refused {
    /// Its turn has not come in time.
    Late,
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Refused {
    /// The error; `late` is that of a task whose turn has not come in time.
    pub(super) fn error(self, late: impl FnOnce() -> Error) -> Error {
        match self {
            Self::Late => late(),
            Self::Failed(error) => error,
        }
    }
}

/// What was asked for between two closes. When all of it is over, the close that waits for it goes on.
pub(super) struct Era(Mutex<Option<Box<dyn FnOnce() + Send>>>);

impl Drop for Era {
    fn drop(&mut self) {
        if let Some(over) = self.0.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            over();
        }
    }
}

impl Era {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(None)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_held {
            // A connection that is not known to be clean goes with it.
            self.connection = None;
            Shared::give(&self.shared, None);
        }
    }
}

impl Checkout {
    pub(super) fn connection(&mut self) -> Option<&mut Connection> {
        self.0.connection.as_mut()
    }

    /// Returns whether no statement has failed on the connection since the last transaction was ended.
    pub(super) fn is_clean(&self) -> bool {
        self.0.connection.as_ref().is_some_and(|connection| connection.health == Health::Ready)
    }

    /// Returns whether the connection is lost that others have used before: the server may have ended it while it was idle.
    pub(super) fn was_lost_while_idle(&self) -> bool {
        !self.0.is_new && self.0.connection.as_ref().is_some_and(|connection| connection.health == Health::Lost)
    }

    /// Returns whether the last query has sent nothing but the start of a transaction.
    pub(super) fn has_done_nothing(&self) -> bool {
        self.0.connection.as_ref().is_some_and(|connection| !connection.has_begun)
    }

    /// Opens another connection in place of this one. Those that are idle are as old, and closed.
    pub(super) async fn renew(&mut self) -> Result<(), Error> {
        drop(self.0.shared.take_idle());
        self.0.connection = None;
        self.0.connection = Some(self.0.shared.connect().await?);
        self.0.is_new = true;
        Ok(())
    }

    /// Closes the connection at once.
    pub(super) fn lose(&mut self) {
        self.0.connection = None;
    }

    /// Gives the connection back, which is clean.
    pub(super) fn give_back(mut self) {
        if let Some(connection) = self.0.connection.take() {
            self.0.is_held = false;
            Shared::give(&self.0.shared, Some(connection));
        }
    }
}

impl Shared {
    pub(super) fn new(options: ServerOptions) -> Arc<Self> {
        let ServerOptions { server, connection_limit, connect_timeout, .. } = options;
        let state =
            State { idle: Vec::new(), open: 0, waiting: VecDeque::new(), era: Era::new(), sweep: Sweep::default() };
        Arc::new(Self {
            server: server.disable_statement_logging(),
            limit: connection_limit,
            connect_timeout,
            state: Mutex::new(state),
            budget: Arc::default(),
            recycler: Arc::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is asked for now.
    pub(super) fn era(&self) -> Arc<Era> {
        Arc::clone(&self.state().era)
    }

    /// A connection, in turn; an error where `length` wait already.
    pub(super) async fn acquire(self: &Arc<Self>, until: Option<Instant>, length: usize) -> Result<Checkout, Refused> {
        let mut place = match self.place(length)? {
            Ok(place) => place,
            Err(receiver) => {
                let given = match until {
                    Some(until) => timeout_at(until.into(), receiver).await.map_err(|_| Refused::Late)?,
                    None => receiver.await,
                };
                given.map_err(|_| Error::new(ErrorKind::Closed, "the pool was closed while the query waited"))?
            }
        };
        if place.connection.is_none() {
            place.connection = Some(self.connect().await?);
            place.is_new = true;
        }
        Ok(Checkout(place))
    }

    /// A place that is free, or a turn to wait for.
    fn place(self: &Arc<Self>, length: usize) -> Result<Result<Place, oneshot::Receiver<Place>>, Error> {
        let mut state = self.state();
        let connection = state.idle.pop();
        if connection.is_some() || state.open < self.limit {
            state.open += usize::from(connection.is_none());
            return Ok(Ok(Place { shared: Arc::clone(self), connection, is_new: false, is_held: true }));
        }
        if state.waiting.len() >= length && state.sweep.is_due(length) {
            state.waiting.retain(|waiting| !waiting.is_canceled());
        }
        if state.waiting.len() >= length {
            return Err(budget::full(length));
        }
        let (sender, receiver) = oneshot::channel();
        state.waiting.push_back(sender);
        Ok(Err(receiver))
    }

    /// Gives a connection, or the place of one that was closed, to the first who waits.
    fn give(this: &Arc<Self>, mut connection: Option<Connection>) {
        loop {
            let mut state = this.state();
            let Some(first) = state.waiting.pop_front() else {
                match connection {
                    Some(connection) => state.idle.push(connection),
                    None => state.open -= 1,
                }
                return;
            };
            drop(state);
            let place = Place { shared: Arc::clone(this), connection, is_new: false, is_held: true };
            match first.send(place) {
                Ok(()) => return,
                // He waits no longer.
                Err(mut place) => {
                    place.is_held = false;
                    connection = place.connection.take();
                }
            }
        }
    }

    /// Takes the idle connections out of the pool, which does not count them as open from then on.
    fn take_idle(&self) -> Vec<Connection> {
        let mut state = self.state();
        state.open -= state.idle.len();
        std::mem::take(&mut state.idle)
    }

    async fn connect(&self) -> Result<Connection, Error> {
        let prepare = async |mut server: PgConnection| {
            let process = sqlx::query("SELECT pg_backend_pid()").fetch_one(&mut server).await?.try_get(0)?;
            Ok(Connection::new(server, process))
        };
        connect(&self.server, self.connect_timeout, prepare).await
    }

    /// Has the server stop what a connection runs, by another connection, which does not count: all others may be taken.
    pub(super) async fn cancel(&self, process: i32) {
        let cancelling = async {
            let mut server = PgConnection::connect_with(&self.server).await?;
            sqlx::query("SELECT pg_cancel_backend($1)").bind(process).execute(&mut server).await?;
            server.close().await
        };
        // When it fails, the connection that it was for is closed.
        let _ = timeout(CANCEL, cancelling).await;
    }

    /// Closes the connections when what was asked for before is over; they open again when they are needed.
    pub(super) fn close(self: &Arc<Self>, completion: Completion<()>) {
        let over = std::mem::replace(&mut self.state().era, Era::new());
        let shared = Arc::clone(self);
        let close = move || {
            let idle = shared.take_idle();
            let closing = async move {
                for connection in idle {
                    let _ = timeout(CANCEL, connection.server.close()).await;
                }
                completion.complete(Ok(()));
            };
            if let Ok(runtime) = super::runtime::runtime() {
                runtime.spawn(closing);
            }
        };
        *over.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(close));
    }
}

/// How long the server may take to stop a statement, or to end a connection.
pub(super) const CANCEL: Duration = Duration::from_secs(1);
