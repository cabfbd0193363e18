//! Engines: a catalog on a database, with the plans of the shapes that were seen.

use std::fmt;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use purlin_query::catalog::{Catalog, Provider, VERSION};
use purlin_query::value::Value;
use purlin_query::{Limits, compile, connection_check};
use rustc_hash::FxBuildHasher;

use crate::check::Checked;
use crate::error::{Error, ErrorKind};
use crate::executor::Executor;
use crate::options::{Options, QueryOptions, TransactionOptions};
use crate::outbox::Outbox;
use crate::plans::Plans;
use crate::prepared::Prepared;
use crate::registry::Registry;
use crate::reply::Reply;
use crate::request::{Begin, Completion, Request, TransactionHandle};
use crate::running::Running;
use crate::transaction::Transaction;
use crate::url::{self, DatabaseUrl};

/// A catalog on a database. Cheap to clone.
///
/// Engines are shared process-wide: the same file, options and catalog return the same engine, and the same file returns
/// the same pool, whatever the options are; those that only read have another. So a development server that loads its
/// modules again and again stays at one pool, and never meets the plans of a catalog that has changed, and the writes of
/// all clients of a file wait in one queue.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    catalog: Arc<Catalog>,
    executor: Arc<Executor>,
    limits: Limits,
    options: QueryOptions,
    plans: Plans,
    /// See [`Engine::database`].
    database: OnceLock<u64>,
}

/// The engines that are in use, by the address of the executor, which the engine keeps alive, and the hash of the catalog,
/// the limits and the options.
static ENGINES: Registry<(usize, u64), Inner> = Registry::new();

impl Engine {
    /// Opens an engine. The database itself is opened by the first query.
    pub fn open(catalog: Catalog, url: &str, options: Options) -> Result<Self, Error> {
        if catalog.version != VERSION {
            let message = format!(
                "the generated client has catalog version {}, this engine takes {VERSION}: run `purlin generate` of the same version",
                catalog.version
            );
            return Err(Error::invalid(message));
        }
        let is_known = catalog.provider == Provider::Sqlite
            || (cfg!(feature = "postgres") && catalog.provider == Provider::Postgres);
        if !is_known {
            let message = format!(
                "the schema is for {}, which this {} of Purlin does not open",
                catalog.provider.name(),
                if catalog.provider == Provider::Postgres {
                    "build (without the feature `postgres`)"
                } else {
                    "version"
                }
            );
            return Err(Error::new(ErrorKind::BadUrl, message));
        }
        let DatabaseUrl { location, parameters } = url::parse(url)?;
        if location.provider() != catalog.provider {
            let (schema, url) = (catalog.provider.name(), location.provider().name());
            let message = format!("the schema is for {schema}, and the database URL is of {url}");
            return Err(Error::new(ErrorKind::BadUrl, message));
        }
        let options = parameters.applied_to(options);
        let (limits, queries) = (options.limits, options.of_queries());
        // Clients with other options share the executor, and so its one writer.
        let executor = Executor::open(location, &options)?;
        let hash = FxBuildHasher.hash_one((&catalog, limits, queries));
        let key = (Arc::as_ptr(&executor).addr(), hash);
        let catalog = Arc::new(catalog);
        let is_same =
            |engine: &Inner| engine.catalog == catalog && (engine.limits, engine.options) == (limits, queries);
        let engine = ENGINES.find_or_open(key, is_same, || {
            Ok::<_, Error>(Inner {
                catalog: Arc::clone(&catalog),
                executor: Arc::clone(&executor),
                limits,
                options: queries,
                plans: Plans::default(),
                database: OnceLock::new(),
            })
        });
        engine.map(Self)
    }

    /// The catalog.
    pub fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    /// A number of its pool: engines with the same number write one after another.
    pub fn pool(&self) -> usize {
        Arc::as_ptr(&self.0.executor).addr()
    }

    /// A number of its database, below 2^53: engines with the same number write one after another, whatever their
    /// options are and however their URLs spell the file, which may be by a symbolic link.
    pub fn database(&self) -> u64 {
        let Some(file) = self.0.executor.file() else { return self.pool() as u64 };
        if let Some(known) = self.0.database.get() {
            return *known;
        }
        let number = |path: &Path| {
            let mut hasher = DefaultHasher::new();
            path.hash(&mut hasher);
            hasher.finish() >> 11
        };
        // A file that does not exist yet may become the target of a link, so that only a resolved path is remembered.
        match file.canonicalize() {
            Ok(path) => *self.0.database.get_or_init(|| number(&path)),
            Err(_) => number(file),
        }
    }

    /// Returns whether reads wait for an open transaction: a database in memory has one connection.
    pub fn has_one_connection(&self) -> bool {
        self.0.executor.has_one_connection()
    }

    /// Compiles a shape, or finds its plan.
    pub fn prepare(&self, words: &[u16]) -> Result<Arc<Prepared>, Error> {
        let Inner { catalog, executor, plans, limits, options, .. } = &*self.0;
        plans.find_or_compile(words, || {
            let plan = compile(catalog, executor.dialect(), words, limits).map_err(|error| {
                let model = words.get(1).and_then(|model| catalog.model(*model));
                Error::from(error).of_model(model.map(|model| &*model.name))
            })?;
            Ok(Prepared::new(plan, words, Arc::clone(catalog), *limits, *options))
        })
    }

    /// The plan of this number; `None` when it had to make place for others: send the shape again.
    pub fn prepared(&self, id: u64) -> Option<Arc<Prepared>> {
        self.0.plans.by_id(id)
    }

    /// Returns whether the plan alone tells that the query may run on the calling thread.
    pub fn may_run_inline(&self, prepared: &Prepared) -> bool {
        self.0.executor.may_run_inline(prepared)
    }

    /// Returns whether a query takes no longer than the way to another thread and back takes a thread of JavaScript, which
    /// has other work to do: by its plan, or by its last runs.
    pub fn is_tiny(&self, prepared: &Prepared) -> bool {
        self.0.executor.is_tiny(prepared)
    }

    /// Runs a read at once on this thread: when it is sure to be quick, by its plan or by its last runs, and a
    /// connection is free. Else returns its values, checked, for [`Engine::run_checked`].
    pub fn try_run<V: AsRef<[Value]>>(&self, prepared: Arc<Prepared>, values: V) -> Result<Reply, NotRun<V>> {
        let query = self.check(prepared, values).map_err(NotRun::Failed)?;
        match self.0.executor.try_run(&query) {
            Some(Ok(reply)) => Ok(reply),
            Some(Err(error)) => Err(NotRun::Failed(error)),
            None => Err(NotRun::Waits(query)),
        }
    }

    /// Runs a query that [`Engine::try_run`] did not run on a thread of the pool.
    pub fn run_checked<V: IntoIterator<Item = Value>>(&self, query: Checked<V>) -> Running<Reply> {
        let (running, completion) = Running::new();
        match self.check_owner(query.prepared()) {
            Ok(()) => self.0.executor.run(Request::new(query.into_owned(), completion)),
            Err(error) => completion.complete(Err(error)),
        }
        running
    }

    /// Runs a query on a thread of the pool.
    pub fn run(&self, prepared: &Arc<Prepared>, values: Vec<Value>) -> Running<Reply> {
        let (running, completion) = Running::new();
        self.run_for(Arc::clone(prepared), values, completion);
        running
    }

    /// Runs a query on a thread of the pool, which calls `callback` with what it returns.
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
            Ok(query) => self.0.executor.run(Request::new(query, completion)),
            Err(error) => completion.complete(Err(error)),
        }
    }

    /// The same for a reply that waits in an outbox until it is taken. While that is full, queries for it wait there, and
    /// have not begun.
    pub fn run_to(
        &self,
        outbox: &Arc<Outbox>,
        prepared: Arc<Prepared>,
        values: Vec<Value>,
        callback: impl FnOnce(Result<Reply, Error>) + Send + 'static,
    ) {
        match self.check(prepared, values) {
            Ok(query) => self.0.executor.run(Request::new(query, Completion::new(callback)).to(outbox)),
            Err(error) => callback(Err(error)),
        }
    }

    /// Opens a connection unless there is one, and returns whether the database can be read. It takes no lock: a database
    /// that others write to is there as well.
    pub fn connect(&self) -> Running<()> {
        let (running, completion) = Running::new();
        self.connect_with(move |connected| completion.complete(connected));
        running
    }

    /// The same, and calls `callback` with what it returns.
    pub fn connect_with(&self, callback: impl FnOnce(Result<(), Error>) + Send + 'static) {
        let Inner { catalog, executor, limits, options, .. } = &*self.0;
        let plan = connection_check(catalog, executor.dialect());
        let prepared = Prepared::new(plan, &[], Arc::clone(catalog), *limits, *options);
        self.run_with(Arc::new(prepared), Vec::new(), |reply| callback(reply.map(drop)));
    }

    /// Begins a transaction.
    pub fn begin(&self, options: TransactionOptions) -> Running<Transaction> {
        let (running, completion) = Running::new();
        self.begin_with(options, move |begun| completion.complete(begun));
        running
    }

    /// Begins a transaction and calls `callback` with it.
    pub fn begin_with(
        &self,
        options: TransactionOptions,
        callback: impl FnOnce(Result<Transaction, Error>) + Send + 'static,
    ) {
        // Its timeout bounds that as well.
        self.begin_waiting(options, Duration::MAX, callback);
    }

    /// The same for a transaction that lasts no longer than its queries take: it is rolled back when it waits for the next
    /// one, or for room for the reply of one, longer than `idle`.
    pub fn begin_waiting(
        &self,
        options: TransactionOptions,
        idle: Duration,
        callback: impl FnOnce(Result<Transaction, Error>) + Send + 'static,
    ) {
        let engine = self.clone();
        let completion = Completion::new(move |begun: Result<TransactionHandle, Error>| {
            callback(begun.map(|handle| Transaction { engine, handle }));
        });
        self.0.executor.begin(Begin { options, idle, queries: self.0.options, asked: Instant::now(), completion });
    }

    /// Runs a script of statements. For tests and tools: queries go through plans.
    pub fn run_script(&self, sql: &str) -> Running<()> {
        let (running, completion) = Running::new();
        self.0.executor.run_script(sql.to_owned(), self.0.options, completion);
        running
    }

    /// Runs a script of statements and waits for its end, on the calling thread.
    pub fn execute_script(&self, sql: &str) -> Result<(), Error> {
        let (sender, receiver) = std::sync::mpsc::channel();
        // The receiver waits below.
        let completion = Completion::new(move |result| drop(sender.send(result)));
        self.0.executor.run_script(sql.to_owned(), self.0.options, completion);
        receiver.recv().unwrap_or_else(|_| Err(Error::new(ErrorKind::Closed, "the pool is closed")))
    }

    /// Closes the connections of the pool. It is done when all queries that were asked before are over, transactions
    /// included, and no connection is left that one of them used: when nobody asks for more, the file is free. Nothing is
    /// stopped for it; queries and transactions end in their time. The next query opens a connection again.
    pub fn close(&self) -> Running<()> {
        let (running, completion) = Running::new();
        self.0.executor.close(completion);
        running
    }

    /// The same, and calls `callback` when they are closed.
    pub fn close_with(&self, callback: impl FnOnce(Result<(), Error>) + Send + 'static) {
        self.0.executor.close(Completion::new(callback));
    }

    /// The same for one who takes replies out of an outbox: queries of his that wait there come first.
    pub fn close_for(&self, outbox: &Arc<Outbox>, callback: impl FnOnce(Result<(), Error>) + Send + 'static) {
        self.0.executor.close_for(outbox, Completion::new(callback));
    }

    /// The error of a plan that the database refuses.
    pub(crate) fn refuse(&self, prepared: &Prepared) -> Option<Error> {
        self.0.executor.refuse(prepared)
    }

    /// Checks that the plan is one of this engine, and that it was made for values such as these.
    pub(crate) fn check<V: AsRef<[Value]>>(&self, prepared: Arc<Prepared>, values: V) -> Result<Checked<V>, Error> {
        self.check_owner(&prepared)?;
        Checked::new(prepared, values)
    }

    /// Checks that the plan is one of this engine.
    fn check_owner(&self, prepared: &Prepared) -> Result<(), Error> {
        if Arc::ptr_eq(&prepared.catalog, &self.0.catalog) {
            return Ok(());
        }
        Err(Error::invalid("the plan belongs to another engine"))
    }
}

/// Why a query did not run on the calling thread.
#[derive(Debug)]
pub enum NotRun<V> {
    /// It failed.
    Failed(Error),
    /// It would take too long, or no connection is free.
    Waits(Checked<V>),
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("models", &self.0.catalog.models.len()).finish_non_exhaustive()
    }
}
