//! Purlin's query compiler: from a query's shape to the statements that answer it.
//!
//! Pure: no I/O, no async, no randomness, no clock. See ARCHITECTURE.md, "One road for data".

#![forbid(unsafe_code)]

pub mod catalog;
pub mod dialect;
pub mod error;
mod limits;
mod lower;
pub mod operators;
pub mod plan;
mod planner;
pub mod shape;
mod statement;
pub mod tree;
pub mod value;

pub use error::Error;
pub use limits::Limits;
pub use planner::{compile, compile_collated, connection_check};
