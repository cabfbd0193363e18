//! PostgreSQL, through sqlx's connections and a pool of our own.
//!
//! - `pool.rs`: connections, and who waits for one.
//! - `serve.rs`: the tasks that run queries and transactions.
//! - `connection.rs`: the run of a plan on a connection.
//! - `encode.rs`, `decode.rs`, `numeric.rs`, `oid.rs`: values on the wire.
//! - `error.rs`: the server's errors as ours.
//! - `options.rs`: what a URL says.
//! - `runtime.rs`: where all of this runs.

mod connection;
mod decode;
mod encode;
mod error;
mod numeric;
mod oid;
mod options;
mod pool;
mod rows;
mod runtime;
mod serve;

pub(crate) use options::{ServerOptions, parse};
pub(crate) use serve::Pool;
