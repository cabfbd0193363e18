//! SQLite: one writer, several readers, write-ahead log.
//!
//! Statements are stepped on the thread that holds the connection, straight into frames: a channel or a
//! boxed row in between costs several times the read itself.

mod bind;
mod busy;
mod clock;
mod closing;
mod connection;
mod descriptors;
mod environment;
mod error;
mod execute;
mod file;
mod functions;
mod job;
mod options;
mod parents_first;
mod pool;
mod presence;
mod queue;
mod quick;
mod read;
mod reads;
mod rest;
mod shared;
mod snapshot;
mod statement;
mod transaction;
mod turn;
mod watch;
mod writer;

pub use busy::pause;
pub use environment::read_environment;
pub(crate) use options::{MAX_READERS, SqliteQueryOptions};
pub use options::{SqliteOptions, Synchronous};
pub(crate) use pool::Pool;
