//! An open database, without the types of a schema. Generated clients wrap it.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use purlin_driver::{Engine, Limits, Options, Synchronous, Transaction, TransactionOptions};
use purlin_query::catalog::Catalog;

use crate::error::Error;
use crate::inside;

/// An open database, or an open transaction on one. Cheap to clone.
///
/// The generated `Client` wraps it and gives each model an accessor.
#[derive(Clone)]
pub struct Db {
    pub(crate) executor: Executor,
    pub(crate) catalog: &'static Catalog,
}

#[derive(Clone)]
pub(crate) enum Executor {
    Engine(Engine),
    Transaction(Arc<Open>),
}

/// A transaction, until it is over.
pub(crate) struct Open(Mutex<Option<Transaction>>);

impl Open {
    pub(crate) fn with<T>(&self, run: impl FnOnce(&Transaction) -> T) -> Result<T, Error> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(run).ok_or_else(Error::transaction_closed)
    }

    fn take(&self) -> Option<Transaction> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Db {
    /// Opens the database at `url` for the schema of `catalog`. The first query connects.
    pub fn open(catalog: &'static Catalog, url: &str) -> Result<Self, Error> {
        Builder::new(catalog).open(url)
    }

    /// Opens a connection, so that a database that cannot be reached is an error when the program starts and not of its first
    /// query. It is not needed: the first query connects as well.
    pub async fn connect(&self) -> Result<(), Error> {
        match &self.executor {
            Executor::Engine(engine) if engine.has_one_connection() && inside::is_inside(engine) => {
                Err(Error::inside())
            }
            Executor::Engine(engine) => Ok(engine.connect().await?),
            Executor::Transaction(_) => Ok(()),
        }
    }

    /// Begins a transaction. Generated clients wrap it in `transaction`, which ends it as well.
    pub async fn begin(&self, options: TransactionOptions) -> Result<OpenTransaction, Error> {
        let Executor::Engine(engine) = &self.executor else {
            return Err(Error::invalid("a transaction cannot begin inside another: use the one that is open"));
        };
        if inside::is_inside(engine) {
            return Err(Error::inside());
        }
        let transaction = engine.begin(options).await?;
        let open = Arc::new(Open(Mutex::new(Some(transaction))));
        Ok(OpenTransaction(Self { executor: Executor::Transaction(Arc::clone(&open)), catalog: self.catalog }, open))
    }

    /// Closes the connections to the database, and returns when the file is free: when all that was asked for before, by
    /// whichever client of the same file, is over, and its log is removed. Nothing is stopped for it; queries and
    /// transactions end in their time. The next query opens the file again.
    pub async fn close(&self) -> Result<(), Error> {
        match &self.executor {
            Executor::Engine(engine) if inside::is_inside(engine) => Err(Error::inside()),
            Executor::Engine(engine) => Ok(engine.close().await?),
            Executor::Transaction(_) => Err(Error::invalid("a transaction cannot close the database it is open on")),
        }
    }

    /// Runs SQL statements. For tests and tools, for example to create the tables of a database in memory.
    pub async fn execute_script(&self, sql: &str) -> Result<(), Error> {
        match &self.executor {
            Executor::Engine(engine) if inside::is_inside(engine) => Err(Error::inside()),
            Executor::Engine(engine) => Ok(engine.run_script(sql).await?),
            Executor::Transaction(_) => Err(Error::invalid("a script cannot run inside a transaction")),
        }
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transaction = matches!(self.executor, Executor::Transaction(_));
        f.debug_struct("Db").field("transaction", &transaction).finish_non_exhaustive()
    }
}

/// A transaction that was begun. Dropping it rolls back, also when clones of its [`Db`] are left.
pub struct OpenTransaction(Db, Arc<Open>);

impl OpenTransaction {
    /// The database as the transaction sees it.
    pub fn db(&self) -> Db {
        self.0.clone()
    }

    /// Runs `work`, which may not write to the database but through the transaction: it would wait for itself.
    pub async fn run<F: Future>(&self, work: F) -> F::Output {
        match self.1.with(|transaction| transaction.engine().database()) {
            Ok(database) => inside::run(database, work).await,
            Err(_) => work.await,
        }
    }

    /// Commits when `result` is `Ok`, else rolls back; returns `result`, or the error of the commit.
    pub async fn finish<T, E: From<Error>>(self, result: Result<T, E>) -> Result<T, E> {
        let transaction = self.1.take().ok_or_else(Error::transaction_closed)?;
        match result {
            Ok(value) => transaction.commit().await.map(|()| value).map_err(|error| Error::from(error).into()),
            Err(error) => {
                // The work failed, which is what the caller must hear of; the rollback happens in any case.
                let _ = transaction.rollback().await;
                Err(error)
            }
        }
    }
}

impl Drop for OpenTransaction {
    fn drop(&mut self) {
        drop(self.1.take());
    }
}

/// How a database is opened. `Client::builder()` of a generated client returns one.
#[derive(Debug, Clone)]
pub struct Builder<C = Db> {
    catalog: &'static Catalog,
    options: Options,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Db>> Builder<C> {
    /// The defaults: writes survive a loss of power, locks are waited for 5 seconds, 4 reads may run at once, and each
    /// query is bounded by [`Limits::default`] and 5 seconds.
    pub fn new(catalog: &'static Catalog) -> Self {
        Self { catalog, options: Options::default(), client: PhantomData }
    }

    /// Sets what only SQLite has: `.sqlite(|sqlite| sqlite.busy_timeout(Duration::from_secs(1)).create_file())`.
    pub fn sqlite(mut self, options: impl FnOnce(SqliteOptions) -> SqliteOptions) -> Self {
        self.options.sqlite = options(SqliteOptions(self.options.sqlite)).0;
        self
    }

    /// Only reads: writes are refused, and no file is made.
    pub fn read_only(mut self) -> Self {
        self.options.read_only = true;
        self
    }

    /// The limits of each query.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// How long one query may run; then it is stopped and has no effect.
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.options.statement_timeout = timeout;
        self
    }

    /// How long a query waits for its turn behind others of this process.
    pub fn queue_timeout(mut self, timeout: Duration) -> Self {
        self.options.queue_timeout = timeout;
        self
    }

    /// How many queries may wait for their turn.
    pub fn queue_length(mut self, length: usize) -> Self {
        self.options.queue_length = length;
        self
    }

    /// How many bytes of values the queries that wait may hold together: 256 MiB unless it is said.
    pub fn queue_bytes(mut self, bytes: u64) -> Self {
        self.options.queue_bytes = bytes;
        self
    }

    /// Opens the database at `url`: `file:dev.db`, or `file::memory:` for one that lives as long as the client.
    pub fn open(self, url: &str) -> Result<C, Error> {
        let engine = Engine::open(self.catalog.clone(), url, self.options)?;
        Ok(Db { executor: Executor::Engine(engine), catalog: self.catalog }.into())
    }
}

/// What only SQLite has among the options of a database; see [`Builder::sqlite`].
#[derive(Debug, Clone)]
pub struct SqliteOptions(purlin_driver::SqliteOptions);

impl SqliteOptions {
    /// When an acknowledged write is on disk.
    pub fn synchronous(mut self, synchronous: Synchronous) -> Self {
        self.0.synchronous = synchronous;
        self
    }

    /// How long a statement waits for a lock that another process holds.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.0.busy_timeout = timeout;
        self
    }

    /// How many reads may run at once: 256 at most. The first client of a file decides for all clients of the process.
    pub fn readers(mut self, readers: usize) -> Self {
        self.0.readers = readers;
        self
    }

    /// Creates the database file when it is not there.
    pub fn create_file(mut self) -> Self {
        self.0.create = true;
        self
    }
}
