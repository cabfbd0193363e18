//! Changes of databases on a PostgreSQL server.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

#[path = "../../../driver/tests/postgres/cluster.rs"]
mod cluster;
mod migrations;
mod push;
mod schemas;
mod support;
