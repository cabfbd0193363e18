//! Purlin's engine inside Node.
//!
//! ```text
//! JS: shape string ──register──> plan id, how the rows nest
//! JS: plan id, values ──runInline──> bytes in the scratch array, at once (reads that are quick for sure)
//!                     ──run───────> Port: request, kind, size; then take() copies the bytes
//! ```
//! Thin on purpose: the engine is purlin-driver, and what arguments and results look like is the TypeScript
//! runtime's affair. Promises live in JavaScript: a `Port`, one per thread, carries what they wait for, and never
//! holds the process (the runtime does, while a promise is pending).

mod buffer;
mod failure;
mod options;
mod port;
mod protocol;
mod values;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use napi::Env;
use napi::bindgen_prelude::{Array, Unknown, Utf16String};
use napi_derive::napi;
use purlin_driver::{Limits, NotRun, Prepared, Reply, TransactionOptions};
use purlin_query::catalog::Catalog;
use purlin_query::plan::{Access, ResultKind};
use purlin_query::value::Value;

use crate::failure::{Failure, guard};
use crate::port::{Port, Sender, Settled, Waiting};

/// The version of the form of shapes, values and replies; the runtime refuses an addon of another one.
#[napi(js_name = "protocol")]
pub fn protocol_version() -> i32 {
    protocol::PROTOCOL
}

/// An engine: a database seen through a catalog.
#[napi]
pub struct Engine {
    opened: Rc<Opened>,
}

/// What an engine is, beside the object that JavaScript has.
struct Opened {
    engine: purlin_driver::Engine,
    limits: Limits,
    /// See [`Engine::number`].
    number: u32,
}

/// The engines of a thread that JavaScript has objects of, by their numbers.
#[derive(Default)]
struct Engines {
    by_number: HashMap<u32, Rc<Opened>>,
    last: u32,
}

thread_local! {
    static ENGINES: RefCell<Engines> = RefCell::default();
}

impl Drop for Engine {
    fn drop(&mut self) {
        // There are none any more when the thread ends.
        let _ = ENGINES
            .try_with(|engines| engines.try_borrow_mut().map(|mut all| all.by_number.remove(&self.opened.number)));
    }
}

#[napi]
impl Engine {
    /// Opens the database at `url`, or finds the engine that is open already. `catalog` is the text that the generated
    /// client carries, `options` an object as JSON, whose members have the names that users give them.
    #[napi(factory)]
    pub fn open(env: Env, catalog: String, url: String, options: String) -> napi::Result<Self> {
        guard(&env, || {
            // Here, on a thread of JavaScript, and not later on one of the pool.
            purlin_driver::read_environment();
            let catalog = Catalog::from_text(&catalog).map_err(|error| Failure::invalid(error.to_string()))?;
            let options = options::read(&options)?;
            let limits = options.limits;
            let engine = purlin_driver::Engine::open(catalog, &url, options)?;
            ENGINES.with_borrow_mut(|engines| {
                engines.last += 1;
                let opened = Rc::new(Opened { engine, limits, number: engines.last });
                engines.by_number.insert(engines.last, Rc::clone(&opened));
                Ok(Self { opened })
            })
        })
    }

    /// The number by which [`run_inline`] knows the engine, in this thread.
    #[napi]
    pub fn number(&self) -> u32 {
        self.opened.number
    }

    /// A number of the database: engines with the same number write one after another.
    #[napi]
    pub fn database(&self) -> f64 {
        self.opened.engine.database() as f64
    }

    /// Returns whether reads wait for an open transaction: a database in memory has one connection.
    #[napi]
    pub fn has_one_connection(&self) -> bool {
        self.opened.engine.has_one_connection()
    }

    /// Compiles a shape. Returns its id, whether it may run inline, whether it writes, what it returns
    /// (`RESULT_ROWS` and its like), and how rows nest.
    #[napi]
    pub fn register(&self, env: Env, shape: Utf16String) -> napi::Result<Vec<f64>> {
        guard(&env, || {
            let prepared = self.opened.engine.prepare(&shape)?;
            let mut nest = Vec::new();
            let outcome = match &prepared.plan.result {
                ResultKind::Rows(root) => {
                    buffer::describe(root, &mut nest);
                    protocol::RESULT_ROWS
                }
                ResultKind::Row(root) => {
                    buffer::describe(root, &mut nest);
                    protocol::RESULT_ROW
                }
                ResultKind::Counts(_) => protocol::RESULT_COUNTS,
                ResultKind::Affected(_) => protocol::RESULT_AFFECTED,
            };
            let mut described = vec![
                prepared.id as f64,
                f64::from(u8::from(self.opened.engine.may_run_inline(&prepared))),
                f64::from(u8::from(prepared.plan.access == Access::Write)),
                f64::from(outcome),
            ];
            debug_assert_eq!(
                described.len(),
                protocol::PLAN_NUMBERS as usize,
                "the nest begins where the runtime reads it"
            );
            described.extend(nest.into_iter().map(f64::from));
            Ok(described)
        })
    }

    /// Runs a query on a worker; the reply comes through the port under the number `request`. False: evicted.
    #[napi]
    pub fn run(&self, env: Env, port: &Port, request: u32, id: f64, values: Array<'_>) -> napi::Result<bool> {
        guard(&env, || {
            let Some((prepared, values)) = self.call(id, &values)? else { return Ok(false) };
            self.opened.engine.run_to(port.outbox(), prepared, values, self.reply_to(port, request));
            Ok(true)
        })
    }

    /// Opens a connection unless there is one, and says through the port whether the database can be read.
    #[napi]
    pub fn connect(&self, env: Env, port: &Port, request: u32) -> napi::Result<()> {
        guard(&env, || {
            let sender = port.sender(request);
            self.opened.engine.connect_with(move |connected| sender.done(connected));
            Ok(())
        })
    }

    /// Closes the connections when all is over that was asked for before, and says so through the port; the next query
    /// opens them again.
    #[napi]
    pub fn close(&self, env: Env, port: &Port, request: u32) -> napi::Result<()> {
        guard(&env, || {
            let sender = port.sender(request);
            self.opened.engine.close_for(port.outbox(), move |closed| sender.done(closed));
            Ok(())
        })
    }

    /// Begins a transaction, which `transaction` then holds. With `idle` it is rolled back when it waits that long for its
    /// next query, or for room for a reply.
    #[allow(
        clippy::too_many_arguments,
        reason = "numbers cost less than objects; the macro copies the attribute, so it cannot be expected"
    )]
    #[napi]
    pub fn begin(
        &self,
        env: Env,
        port: &Port,
        request: u32,
        transaction: &Transaction,
        max_wait: u32,
        timeout: u32,
        idle: Option<u32>,
    ) -> napi::Result<()> {
        guard(&env, || {
            let options = TransactionOptions {
                max_wait: Duration::from_millis(max_wait.into()),
                timeout: Duration::from_millis(timeout.into()),
            };
            let slot = transaction.slot.clone();
            let sender = port.sender(request);
            let idle = idle.map_or(Duration::MAX, |idle| Duration::from_millis(idle.into()));
            self.opened.engine.begin_waiting(options, idle, move |begun| {
                sender.settle(move || {
                    let begun = begun?;
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(begun);
                    Ok(Settled::Done)
                });
            });
            Ok(())
        })
    }

    /// [`Engine::run`] inside a transaction.
    #[napi]
    pub fn run_in(
        &self,
        env: Env,
        port: &Port,
        request: u32,
        transaction: &Transaction,
        id: f64,
        values: Array<'_>,
    ) -> napi::Result<bool> {
        guard(&env, || {
            let Some((prepared, values)) = self.call(id, &values)? else { return Ok(false) };
            let reply = self.reply_to(port, request);
            match &*transaction.lock() {
                Some(open) => open.run_to(port.outbox(), prepared, values, reply),
                None => return Err(Failure::closed()),
            }
            Ok(true)
        })
    }
}

/// Runs a quick read on this thread. The values are read first and `scratch` is looked at last: reading a value may
/// run JavaScript, which may resize or transfer the memory of `scratch`. Returns the size of the reply in `scratch`, or why
/// there is none.
///
/// It is a function of plain values: what napi-rs does to find the Rust value behind an object, and to see to it that nobody
/// else has it, takes as long as a tenth of the whole read.
#[napi]
pub fn run_inline(env: Env, engine: u32, id: f64, values: Array<'_>, scratch: Unknown<'_>) -> napi::Result<f64> {
    guard(&env, || {
        let opened = ENGINES.with_borrow(|engines| engines.by_number.get(&engine).map(Rc::clone));
        let Opened { engine, limits, .. } =
            &*opened.ok_or_else(|| Failure::invalid("there is no engine of this number in this thread"))?;
        let Some(prepared) = engine.prepared(id as u64) else { return Ok(protocol::EVICTED.into()) };
        if !engine.is_tiny(&prepared) {
            return Ok(protocol::BUSY.into());
        }
        let values = values::read(engine.catalog(), limits, &prepared.plan, &values)?;
        let rows = match engine.try_run(prepared, values) {
            Ok(Reply::Rows(rows)) => rows,
            Ok(_) | Err(NotRun::Waits(_)) => return Ok(protocol::BUSY.into()),
            Err(NotRun::Failed(error)) => return Err(error.into()),
        };
        port::with_inline_reply(|bytes| {
            buffer::write(engine.catalog(), &rows, bytes)?;
            Ok(if values::copy_into(scratch, bytes)? { bytes.len() as f64 } else { protocol::WAITING.into() })
        })
    })
}

/// Copies the reply that [`run_inline`] left into `scratch`. False when it does not fit.
#[napi]
pub fn take_inline(env: Env, scratch: Unknown<'_>) -> napi::Result<bool> {
    guard(&env, || port::with_inline_reply(|bytes| values::copy_into(scratch, bytes)))
}

/// A plan and the values it runs with.
type Call = (Arc<Prepared>, Vec<Value>);

impl Engine {
    /// `None`: the plan was evicted.
    fn call(&self, id: f64, values: &Array<'_>) -> Result<Option<Call>, Failure> {
        let Some(prepared) = self.opened.engine.prepared(id as u64) else { return Ok(None) };
        let values = values::read(self.opened.engine.catalog(), &self.opened.limits, &prepared.plan, values)?;
        Ok(Some((prepared, values)))
    }

    /// Where a reply goes: it is written into a buffer on the worker, so that this thread only copies it.
    fn reply_to(
        &self,
        port: &Port,
        request: u32,
    ) -> impl FnOnce(Result<Reply, purlin_driver::Error>) + Send + use<> + 'static {
        let (engine, sender, outbox) = (self.opened.engine.clone(), port.sender(request), port.outbox().clone());
        move |reply| {
            sender.settle(move || {
                Ok(match reply? {
                    Reply::Rows(rows) => {
                        let mut bytes = Sender::spare();
                        buffer::write(engine.catalog(), &rows, &mut bytes)?;
                        Settled::Rows(Waiting::new(&outbox, bytes))
                    }
                    Reply::Affected(count) => Settled::Number(count as f64),
                    Reply::Counts(counts) => Settled::Numbers(counts.into_iter().map(|count| count as f64).collect()),
                })
            });
        }
    }
}

/// A transaction; rolled back when it is collected.
#[napi]
#[derive(Default)]
pub struct Transaction {
    slot: Arc<Mutex<Option<purlin_driver::Transaction>>>,
}

#[napi]
impl Transaction {
    /// One that has yet to begin.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Commits, or rolls back.
    #[napi]
    pub fn end(&self, env: Env, port: &Port, request: u32, commit: bool) -> napi::Result<()> {
        guard(&env, || {
            let open = self.lock().take().ok_or_else(Failure::closed)?;
            let sender = port.sender(request);
            open.end_with(commit, move |ended| sender.done(ended));
            Ok(())
        })
    }
}

impl Transaction {
    fn lock(&self) -> MutexGuard<'_, Option<purlin_driver::Transaction>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
