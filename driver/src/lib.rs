//! Purlin's drivers: connections, frames, execution of plans.
//!
//! ```text
//! Engine::open(catalog, url, options)      one executor per database, one engine per executor and catalog, process-wide
//! engine.prepare(shape words)              a plan, from the cache when the shape was seen before
//! engine.try_run(plan, values)             a quick read at once on this thread, or its values, checked, to run
//! engine.run(&plan, values).await          a Reply: rows (frames and links), numbers, or a count of changed rows
//! engine.begin(options).await              a Transaction, owned by the writer's thread; dropping it rolls back
//! ```
//!
//! Nothing here depends on an async runtime: queries run on threads of the pool and wake whoever waits.
//!
//! Where to find things:
//!
//! - `engine`, `plans`, `registry`: what is open, and the plans of the shapes that were seen
//! - `check`, `request`, `outbox`, `budget`: a query on its way, and the bounds of what waits
//! - `executor`: what runs the queries, one variant per kind of database: `sqlite`, and `postgres` with the feature of that
//!   name
//! - `execution`, `stitch`, `size`: the walk over a plan, how rows nest, and how large a result may be
//! - `frame`, `reply`: what comes back

#![forbid(unsafe_code)]

mod branch;
mod budget;
mod check;
pub mod datetime;
pub mod decimal;
mod engine;
mod error;
mod execution;
mod executor;
pub mod frame;
mod identifiers;
mod json;
mod json_form;
mod options;
mod origin;
mod outbox;
mod plans;
#[cfg(feature = "postgres")]
mod postgres;
mod prepared;
mod printable;
mod registry;
mod reply;
mod request;
mod running;
mod size;
mod sqlite;
mod stitch;
mod stored;
mod transaction;
mod url;

pub use check::Checked;
pub use engine::{Engine, NotRun};
pub use error::{Error, Meta};
pub use json::JsonReader;
pub use options::{Limits, Options, TransactionOptions};
pub use outbox::{Kept, Outbox};
/// Shared with migrations, which run scripts on the same servers.
#[cfg(feature = "postgres")]
#[doc(hidden)]
pub use postgres::{PostgresSession, ScriptError, TextRows};
pub use prepared::Prepared;
pub use reply::{Reply, Rows};
pub use running::Running;
/// Shared with migrations, which wait for the same locks.
#[doc(hidden)]
pub use sqlite::pause;
/// For the addon of Node.js.
#[doc(hidden)]
pub use sqlite::read_environment;
pub use sqlite::{SqliteOptions, Synchronous};
pub use transaction::Transaction;
/// Shared with migrations, which open what the same URLs name.
#[doc(hidden)]
pub use url::{UrlMode, url_mode, url_path};
