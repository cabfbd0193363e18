//! Purlin's migrations: from a schema to the database that it describes, without losing a row.
//!
//! ```text
//! Schema ── lower ──> DatabaseSchema ─┐
//!                                     ├─ diff ─> Diff ─ plan ─> Steps ─ render ─> SQL ─ apply ─> database
//! database ─ introspect ─> DatabaseSchema ─┘                     └─ evidence ─> Hazards
//! ```
//!
//! [`database`] is the picture of a database that both sides are turned into, [`diff`] compares two of them and
//! knows no database, and each database has a folder ([`sqlite`], [`postgres`]) with the same files: `lower`, `introspect`, `plan`,
//! `evidence`, `render`, `apply`. What talks to a PostgreSQL server comes with the feature `postgres`. The commands stand on
//! top: [`push`], [`develop`], [`deploy`], [`status`], [`resolve`], and share [`history`]: the folder of migrations and the
//! table of those that were applied, both as Prisma keeps them.
//!
//! Two rules hold everywhere: what the schema never owned is never dropped, and every change of a database is one
//! transaction together with the record of it. Scripts that a person wrote with transactions of their own are the
//! exception: their start is recorded first, and their end afterwards.
//!
//! ```
//! use purlin_migrate::{connection::Connection, push};
//!
//! let schema = purlin_schema::model::Schema::default();
//! let mut connection = Connection::in_memory()?;
//! let push = push::plan(&mut connection, &schema)?;
//! assert!(push.plan().is_empty());
//! # Ok::<(), purlin_migrate::Error>(())
//! ```

#![forbid(unsafe_code)]

pub mod connection;
pub mod database;
pub mod deploy;
pub mod develop;
pub mod diff;
mod error;
mod hazards;
pub mod history;
pub mod lock;
mod lower;
mod owned;
pub mod plan;
pub mod postgres;
pub mod push;
pub mod resolve;
pub mod rows;
mod sql;
pub mod sqlite;
mod statement;
pub mod status;
mod words;

pub use error::Error;
