//! The database of rows that cannot be without others.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]

#[rustfmt::skip]
pub mod db;
