//! The client of `faults/schema.prisma`, on which the reliability suites run.

#[rustfmt::skip]
pub mod db;
