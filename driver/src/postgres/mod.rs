//! PostgreSQL, through sqlx's connections and a pool of our own.
//!
//! - `pool.rs`: connections, and who waits for one.
//! - `serve.rs`: the tasks that run queries and transactions.
//! - `connect.rs`: the way to a server.
//! - `connection.rs`: the run of a plan on a connection.
//! - `encode.rs`, `decode.rs`, `numeric.rs`, `oid.rs`: values on the wire.
//! - `error.rs`: the server's errors as ours.
//! - `session.rs`: a connection that runs scripts, for migrations.
//! - `options.rs`: what a URL says.
//! - `runtime.rs`: where all of this runs.

mod connect;
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
mod session;

pub(crate) use options::{ServerOptions, parse};
pub(crate) use serve::Pool;
pub use session::{PostgresSession, ScriptError, TextRows};
