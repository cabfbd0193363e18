//! The Prisma schema language.

#![forbid(unsafe_code)]

pub mod model;
pub mod source;
