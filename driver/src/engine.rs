//! Engines: a catalog on a pool, with the plans of the shapes that were seen.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};

use purlin_query::catalog::{Catalog, Provider, VERSION};
use purlin_query::dialect::Dialect;
use purlin_query::value::Value;
use purlin_query::{Limits, compile};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::check::check;
use crate::error::{Error, Kind};
use crate::options::{Options, QueryOptions, TransactionOptions};
use crate::outbox::Outbox;
use crate::prepared::{Cost, Prepared};
use crate::reply::Reply;
use crate::running::Running;
use crate::sqlite::{Done, Job, Pool, Query, TransactionHandle};
use crate::url::{self, Location, MAX_READERS};

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
    pool: Arc<Pool>,
    limits: Limits,
    options: QueryOptions,
    plans: RwLock<Plans>,
    /// The file of the database as its URL names it; none in memory.
    file: Option<PathBuf>,
    /// See [`Engine::database`].
    database: OnceLock<u64>,
}

/// The plans of an engine: bounded in number and in bytes, since whoever sends queries chooses their shapes.
#[derive(Default)]
struct Plans {
    by_shape: FxHashMap<Box<[u16]>, Arc<Prepared>>,
    by_id: FxHashMap<u64, Arc<Prepared>>,
    /// The large plans, the oldest first.
    large: VecDeque<u64>,
    /// About how much memory all of them take.
    bytes: usize,
    clock: AtomicU64,
}

const MAX_PLANS: usize = 2_048;
const MAX_BYTES: usize = 32 << 20;
/// A plan of more bytes is large: such ones come of unusual requests, and few are kept, until they have run.
const LARGE: usize = 64 << 10;
const MAX_LARGE: usize = 32;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// What is open in this process, for as long as somebody uses it.
type Registry<K, T> = LazyLock<Mutex<HashMap<K, Weak<T>>>>;

/// By the file, and whether it is open for reading only.
static POOLS: Registry<(PathBuf, bool), Pool> = LazyLock::new(Mutex::default);
/// By the address of the pool, which the engine keeps alive, and the hash of the catalog, the limits and the options.
static ENGINES: Registry<(usize, u64), Inner> = LazyLock::new(Mutex::default);

impl Engine {
    /// Opens an engine. The database itself is opened by the first query.
    pub fn open(catalog: Catalog, url: &str, mut options: Options) -> Result<Self, Error> {
        if catalog.version != VERSION {
            let message = format!(
                "the generated client has catalog version {}, this engine takes {VERSION}: run `purlin generate` of the same version",
                catalog.version
            );
            return Err(Error::invalid(message));
        }
        if catalog.provider != Provider::Sqlite {
            let message = format!(
                "the schema is for {}, and this version of Purlin runs on SQLite only",
                catalog.provider.name()
            );
            return Err(Error::new(Kind::BadUrl, message));
        }
        let location = url::parse(url, &mut options)?;
        if options.readers > MAX_READERS {
            let message = format!("`readers` can be {MAX_READERS} at most: each takes a thread and its memory");
            return Err(Error::invalid(message));
        }
        let file = match &location {
            Location::File(path) => Some(path.clone()),
            Location::Memory => None,
        };
        // Clients with other options share the pool, and so its one writer.
        let (limits, queries) = (options.limits, options.of_queries());
        let pool = pool(location, &options)?;
        let hash = FxBuildHasher.hash_one((&catalog, limits, queries));
        let mut engines = ENGINES.lock().unwrap_or_else(PoisonError::into_inner);
        engines.retain(|_, engine| engine.strong_count() > 0);
        let key = (Arc::as_ptr(&pool).addr(), hash);
        if let Some(engine) = engines.get(&key).and_then(Weak::upgrade)
            && *engine.catalog == catalog
            && (engine.limits, engine.options) == (limits, queries)
        {
            return Ok(Self(engine));
        }
        let inner = Inner {
            catalog: Arc::new(catalog),
            pool,
            limits,
            options: queries,
            plans: RwLock::default(),
            file,
            database: OnceLock::new(),
        };
        let inner = Arc::new(inner);
        engines.insert(key, Arc::downgrade(&inner));
        Ok(Self(inner))
    }

    /// The catalog.
    pub fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    /// A number of its pool: engines with the same number write one after another.
    pub fn pool(&self) -> usize {
        Arc::as_ptr(&self.0.pool).addr()
    }

    /// A number of its database, below 2^53: engines with the same number write one after another, whatever their
    /// options are and however their URLs spell the file, which may be by a symbolic link.
    pub fn database(&self) -> u64 {
        let Some(file) = &self.0.file else { return self.pool() as u64 };
        if let Some(known) = self.0.database.get() {
            return *known;
        }
        let number = |path: &PathBuf| {
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
        self.0.pool.has_one_connection()
    }

    /// Compiles a shape, or finds its plan.
    pub fn prepare(&self, words: &[u16]) -> Result<Arc<Prepared>, Error> {
        {
            let plans = self.0.plans.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(prepared) = plans.by_shape.get(words) {
                plans.touch(prepared);
                return Ok(Arc::clone(prepared));
            }
        }
        let plan = compile(&self.0.catalog, Dialect::Sqlite, words, &self.0.limits)?;
        let mut plans = self.0.plans.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(prepared) = plans.by_shape.get(words) {
            return Ok(Arc::clone(prepared));
        }
        let prepared = Arc::new(Prepared {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            plan,
            shape: words.into(),
            catalog: Arc::clone(&self.0.catalog),
            limits: self.0.limits,
            options: self.0.options,
            cost: Cost::default(),
            used: AtomicU64::new(0),
        });
        plans.insert(Arc::clone(&prepared));
        Ok(prepared)
    }

    /// The plan of this number; `None` when it had to make place for others: send the shape again.
    pub fn prepared(&self, id: u64) -> Option<Arc<Prepared>> {
        let plans = self.0.plans.read().unwrap_or_else(PoisonError::into_inner);
        let prepared = plans.by_id.get(&id)?;
        plans.touch(prepared);
        Some(Arc::clone(prepared))
    }

    /// Runs a read at once on this thread: when it is sure to be quick, by its plan or by its last runs, and a
    /// connection is free. `None` says that it was not run: use [`Engine::run`].
    pub fn try_run(&self, prepared: &Arc<Prepared>, values: &[Value]) -> Option<Result<Reply, Error>> {
        if let Err(error) = self.check(prepared, values) {
            return Some(Err(error));
        }
        self.0.pool.try_run(prepared, values)
    }

    /// Runs a query on a thread of the pool.
    pub fn run(&self, prepared: &Arc<Prepared>, values: Vec<Value>) -> Running<Reply> {
        let (running, done) = Running::new();
        self.run_with(Arc::clone(prepared), values, done);
        running
    }

    /// Runs a query on a thread of the pool, which calls `done` with what it gives.
    pub fn run_with(
        &self,
        prepared: Arc<Prepared>,
        values: Vec<Value>,
        done: impl FnOnce(Result<Reply, Error>) + Send + 'static,
    ) {
        match self.check(&prepared, &values) {
            Ok(bytes) => self.0.pool.run(Query::new(prepared, values, bytes, Done::new(done))),
            Err(error) => done(Err(error)),
        }
    }

    /// The same for a reply that waits in an outbox until it is taken. While that is full, queries for it wait there, and
    /// have not begun.
    pub fn run_to(
        &self,
        outbox: &Arc<Outbox>,
        prepared: Arc<Prepared>,
        values: Vec<Value>,
        done: impl FnOnce(Result<Reply, Error>) + Send + 'static,
    ) {
        match self.check(&prepared, &values) {
            Ok(bytes) => self.0.pool.run(Query::new(prepared, values, bytes, Done::new(done)).to(outbox)),
            Err(error) => done(Err(error)),
        }
    }

    /// Begins a transaction.
    pub fn begin(&self, options: TransactionOptions) -> Running<Transaction> {
        let (running, done) = Running::new();
        self.begin_with(options, done);
        running
    }

    /// Begins a transaction and calls `done` with it.
    pub fn begin_with(
        &self,
        options: TransactionOptions,
        done: impl FnOnce(Result<Transaction, Error>) + Send + 'static,
    ) {
        // Its timeout bounds that as well.
        self.begin_waiting(options, Duration::MAX, done);
    }

    /// The same for a transaction that lasts no longer than its queries take: it is rolled back when it waits for the next
    /// one, or for room for the reply of one, longer than `idle`.
    pub fn begin_waiting(
        &self,
        options: TransactionOptions,
        idle: Duration,
        done: impl FnOnce(Result<Transaction, Error>) + Send + 'static,
    ) {
        let engine = self.clone();
        let done = Done::new(move |begun: Result<TransactionHandle, Error>| {
            done(begun.map(|handle| Transaction { engine, handle }));
        });
        self.0.pool.send(Job::Begin { options, idle, queries: self.0.options, asked: Instant::now(), done });
    }

    /// Runs a script of statements and waits for its end. For tests and tools: queries go through plans.
    pub fn execute_script(&self, sql: &str) -> Result<(), Error> {
        let (sender, receiver) = std::sync::mpsc::channel();
        // The receiver waits below.
        let done = Done::new(move |result| drop(sender.send(result)));
        self.0.pool.send(Job::Script { sql: sql.to_owned(), options: self.0.options, done });
        receiver.recv().unwrap_or_else(|_| Err(Error::new(Kind::Closed, "the pool is closed")))
    }

    /// Closes the connections of the pool. It is done when all queries that were asked before are over, transactions
    /// included, and no connection is left that one of them used: when nobody asks for more, the file is free. Nothing is
    /// stopped for it; queries and transactions end in their time. The next query opens a connection again.
    pub fn close(&self) -> Running<()> {
        let (running, done) = Running::new();
        self.close_with(done);
        running
    }

    /// The same, and calls `done` when they are closed.
    pub fn close_with(&self, done: impl FnOnce(Result<(), Error>) + Send + 'static) {
        self.0.pool.close(Done::new(done));
    }

    /// The same for one who takes replies out of an outbox: queries of his that wait there come first.
    pub fn close_for(&self, outbox: &Arc<Outbox>, done: impl FnOnce(Result<(), Error>) + Send + 'static) {
        self.0.pool.close_for(outbox, Done::new(done));
    }

    /// A plan runs on the catalog it was made for, with the values it was made for. Returns the bytes that they hold.
    fn check(&self, prepared: &Prepared, values: &[Value]) -> Result<u64, Error> {
        if !Arc::ptr_eq(&prepared.catalog, &self.0.catalog) {
            return Err(Error::invalid("the plan belongs to another engine"));
        }
        check(&prepared.catalog, &prepared.plan, values, &self.0.limits)
    }
}

fn pool(location: Location, options: &Options) -> Result<Arc<Pool>, Error> {
    let Location::File(path) = location else {
        return Pool::new(None, options).map(Arc::new);
    };
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    pools.retain(|_, pool| pool.strong_count() > 0);
    let key = (path, options.read_only);
    if let Some(pool) = pools.get(&key).and_then(Weak::upgrade) {
        return Ok(pool);
    }
    let pool = Arc::new(Pool::new(Some(key.0.clone()), options)?);
    pools.insert(key, Arc::downgrade(&pool));
    Ok(pool)
}

impl Plans {
    fn touch(&self, prepared: &Prepared) {
        prepared.used.store(self.clock.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    fn insert(&mut self, prepared: Arc<Prepared>) {
        let bytes = prepared.bytes();
        if self.by_id.len() >= MAX_PLANS || self.bytes + bytes > MAX_BYTES {
            self.evict();
        }
        if bytes > LARGE {
            self.large.push_back(prepared.id);
            if self.large.len() > MAX_LARGE
                && let Some(oldest) = self.large.pop_front()
                && let Some(gone) = self.by_id.remove(&oldest)
            {
                self.by_shape.remove(&gone.shape);
                self.bytes = self.bytes.saturating_sub(gone.bytes());
            }
        }
        self.bytes += bytes;
        self.touch(&prepared);
        self.by_shape.insert(prepared.shape.clone(), Arc::clone(&prepared));
        self.by_id.insert(prepared.id, prepared);
    }

    /// Lets go of the half that was not asked for the longest.
    fn evict(&mut self) {
        let mut used: Vec<u64> = self.by_id.values().map(|prepared| prepared.used.load(Ordering::Relaxed)).collect();
        used.sort_unstable();
        let Some(median) = used.get(used.len() / 2).copied() else { return };
        self.by_id.retain(|_, prepared| prepared.used.load(Ordering::Relaxed) >= median);
        self.by_shape.retain(|_, prepared| prepared.used.load(Ordering::Relaxed) >= median);
        self.large.retain(|id| self.by_id.contains_key(id));
        self.bytes = self.by_id.values().map(|prepared| prepared.bytes()).sum();
    }
}

/// An open transaction. Dropping it rolls back.
pub struct Transaction {
    engine: Engine,
    handle: TransactionHandle,
}

impl Transaction {
    /// The engine it was begun on, which prepares its plans.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Runs a query inside the transaction, after those that were sent before.
    pub fn run(&self, prepared: &Arc<Prepared>, values: Vec<Value>) -> Running<Reply> {
        let (running, done) = Running::new();
        self.run_with(Arc::clone(prepared), values, done);
        running
    }

    /// Runs a query inside the transaction and calls `done` with what it gives.
    pub fn run_with(
        &self,
        prepared: Arc<Prepared>,
        values: Vec<Value>,
        done: impl FnOnce(Result<Reply, Error>) + Send + 'static,
    ) {
        match self.checked(&prepared, &values) {
            Ok(bytes) => self.handle.run(Query::new(prepared, values, bytes, Done::new(done))),
            Err(error) => done(Err(error)),
        }
    }

    /// The same for a reply that waits in an outbox until it is taken. While that is full, the transaction waits, at most
    /// until its time is over.
    pub fn run_to(
        &self,
        outbox: &Arc<Outbox>,
        prepared: Arc<Prepared>,
        values: Vec<Value>,
        done: impl FnOnce(Result<Reply, Error>) + Send + 'static,
    ) {
        match self.checked(&prepared, &values) {
            Ok(bytes) => self.handle.run(Query::new(prepared, values, bytes, Done::new(done)).to(outbox)),
            Err(error) => done(Err(error)),
        }
    }

    /// Checks a query of the transaction; returns the bytes of its values.
    fn checked(&self, prepared: &Prepared, values: &[Value]) -> Result<u64, Error> {
        let bytes = self.engine.check(prepared, values)?;
        self.engine.0.pool.refuse(prepared).map_or(Ok(bytes), Err)
    }

    /// Commits. When this gives `Ok`, the writes are as durable as the options say.
    pub fn commit(self) -> Running<()> {
        self.end(true)
    }

    /// Rolls back.
    pub fn rollback(self) -> Running<()> {
        self.end(false)
    }

    /// Ends the transaction and calls `done`.
    pub fn end_with(self, commit: bool, done: impl FnOnce(Result<(), Error>) + Send + 'static) {
        self.handle.end(commit, Done::new(done));
    }

    fn end(self, commit: bool) -> Running<()> {
        let (running, done) = Running::new();
        self.handle.end(commit, Done::new(done));
        running
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("models", &self.0.catalog.models.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}
