//! One file a peer: each answers the same four reads in the way that its users write them.

pub(crate) mod purlin;
pub(crate) mod rusqlite;
pub(crate) mod sea_orm;

use std::error::Error;

use serde::Serialize;

/// Any peer's error.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The pragmas of every connection, one per line, behind comments.
pub(crate) const CONNECTION: &str = include_str!("../../../connection.sql");

/// A client under measurement. `Serialize` serves the comparison of the answers, before the timing.
pub(crate) trait Peer {
    const NAME: &'static str;

    async fn user(&mut self, id: i32) -> Result<impl Serialize>;
    async fn users(&mut self, after: i32) -> Result<impl Serialize>;
    async fn users_with_posts(&mut self, after: i32) -> Result<impl Serialize>;
    async fn users_with_all(&mut self, after: i32) -> Result<impl Serialize>;
}
