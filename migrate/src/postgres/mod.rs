//! PostgreSQL.
//!
//! The server changes tables in place and within transactions, so a change is one transaction of `ALTER` statements, and its
//! check, the last look under the locks, is a part of it. [`lower`] and [`create_script`] need no server; the rest talks to one
//! and comes with the feature `postgres`.

#[cfg(feature = "postgres")]
mod apply;
#[cfg(feature = "postgres")]
mod evidence;
#[cfg(feature = "postgres")]
mod history;
#[cfg(feature = "postgres")]
mod introspect;
mod lower;
pub mod plan;
mod render;
#[cfg(feature = "postgres")]
mod server;
#[cfg(feature = "postgres")]
mod session;
#[cfg(feature = "postgres")]
mod spelling;

pub use lower::lower;
pub use render::create_script;
#[cfg(feature = "postgres")]
pub use server::Server;
