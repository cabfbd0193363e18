//! Executors: what runs the queries of a database. Each kind of database has its own, and the engine asks them all alike.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use purlin_query::dialect::Dialect;
use purlin_query::value::Value;

use crate::check::Checked;
use crate::error::Error;
use crate::options::{Options, QueryOptions};
use crate::origin;
use crate::outbox::{Outbox, Waits};
#[cfg(feature = "postgres")]
use crate::postgres;
use crate::prepared::Prepared;
use crate::registry::Registry;
use crate::reply::Reply;
use crate::request::{Begin, Completion, Request};
use crate::sqlite;
use crate::url::Location;

/// What runs the queries of a database.
pub(crate) enum Executor {
    /// On threads of its own, and a quick read on the thread of the caller.
    Sqlite(sqlite::Pool),
    /// On tasks of a runtime of its own.
    #[cfg(feature = "postgres")]
    Postgres(postgres::Pool),
}

/// The executors of files, by the file, and whether it is open for reading only.
static FILES: Registry<(PathBuf, bool), Executor> = Registry::new();

/// The executors of servers, by their URLs, and whether they only read.
#[cfg(feature = "postgres")]
static SERVERS: Registry<(String, bool), Executor> = Registry::new();

impl Executor {
    /// Opens an executor, or finds the one of a file that is in use. The database itself is opened by the first query.
    pub(crate) fn open(location: Location, options: &Options) -> Result<Arc<Self>, Error> {
        origin::note();
        options.sqlite.check()?;
        match location {
            Location::Memory => Ok(Arc::new(Self::Sqlite(sqlite::Pool::new(None, options)?))),
            Location::File(path) => {
                let pool = || sqlite::Pool::new(Some(path.clone()), options).map(Self::Sqlite);
                FILES.find_or_open((path.clone(), options.read_only), |_| true, pool)
            }
            #[cfg(feature = "postgres")]
            Location::Postgres { url, server } => {
                let read_only = options.read_only;
                let pool = || Ok(Self::Postgres(postgres::Pool::new(*server, read_only)));
                SERVERS.find_or_open((url, read_only), |_| true, pool)
            }
        }
    }

    /// The language of its statements.
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The file of the database as its URL names it; none in memory or on a server.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(pool) => pool.file(),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => None,
        }
    }

    /// Returns whether reads wait for an open transaction.
    pub(crate) fn has_one_connection(&self) -> bool {
        match self {
            Self::Sqlite(pool) => pool.has_one_connection(),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => false,
        }
    }

    /// Returns whether the plan alone tells that a query may run on the calling thread. Where each query is a trip over a
    /// network, none may.
    pub(crate) fn may_run_inline(&self, prepared: &Prepared) -> bool {
        match self {
            Self::Sqlite(_) => sqlite::Pool::may_run_inline(prepared),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => false,
        }
    }

    /// Returns whether a query takes no longer than the way to another thread and back, by its plan or its last runs.
    pub(crate) fn is_tiny(&self, prepared: &Prepared) -> bool {
        match self {
            Self::Sqlite(_) => sqlite::Pool::is_tiny(prepared),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => false,
        }
    }

    /// The error of a plan that the database refuses, because it is open for reading only.
    pub(crate) fn refuse(&self, prepared: &Prepared) -> Option<Error> {
        match self {
            Self::Sqlite(pool) => pool.refuse(prepared),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.refuse(prepared),
        }
    }

    /// Runs a query at once on this thread, where it is sure to be quick and a connection is free.
    pub(crate) fn try_run<V: AsRef<[Value]>>(&self, query: &Checked<V>) -> Option<Result<Reply, Error>> {
        match self {
            Self::Sqlite(pool) => pool.try_run(query.prepared(), query.values()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => None,
        }
    }

    /// Queues a query.
    pub(crate) fn run(&self, request: Request) {
        if let Some(error) = origin::forked() {
            request.completion.complete(Err(error));
            return;
        }
        match self {
            Self::Sqlite(pool) => pool.run(request),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.run(request),
        }
    }

    /// Queues a transaction.
    pub(crate) fn begin(&self, begin: Begin) {
        if let Some(error) = origin::forked() {
            begin.completion.complete(Err(error));
            return;
        }
        match self {
            Self::Sqlite(pool) => pool.begin(begin),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.begin(begin),
        }
    }

    /// Queues a script of statements.
    pub(crate) fn run_script(&self, sql: String, options: QueryOptions, completion: Completion<()>) {
        if let Some(error) = origin::forked() {
            completion.complete(Err(error));
            return;
        }
        match self {
            Self::Sqlite(pool) => pool.run_script(sql, options, completion),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.run_script(sql, options, completion),
        }
    }

    /// Closes the connections when what was asked for before is over; they open again when they are needed.
    pub(crate) fn close(&self, completion: Completion<()>) {
        if let Some(error) = origin::forked() {
            completion.complete(Err(error));
            return;
        }
        match self {
            Self::Sqlite(pool) => pool.close(completion),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.close(completion),
        }
    }

    /// The same for one who takes replies out of an outbox: queries of his that wait there come first.
    pub(crate) fn close_for(self: &Arc<Self>, outbox: &Arc<Outbox>, completion: Completion<()>) {
        close_for(Arc::clone(self), Arc::clone(outbox), outbox.number(), completion);
    }
}

/// Closes, again and again until no query waits in the outbox that was asked for before `number`.
fn close_for(executor: Arc<Executor>, outbox: Arc<Outbox>, number: u64, completion: Completion<()>) {
    let pool = Arc::clone(&executor);
    pool.close(Completion::new(move |closed: Result<(), Error>| {
        if !outbox.holds_before(number) {
            completion.complete(closed);
            return;
        }
        let again = Completion::new(move |again: Result<(), Error>| completion.complete(closed.and(again)));
        // Those before it queue up again, and so does this.
        let resume = {
            let outbox = Arc::clone(&outbox);
            move || close_for(executor, outbox, number, again)
        };
        outbox.hold(number, Waits::Close, Box::new(resume));
    }));
}
