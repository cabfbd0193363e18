//! What the behaviour suites run on: a database with the seeded rows for each case, and one way to write results.
//!
//! A case is a function from a client to a JSON value, in `cases/`; what it must give stands in `expected/`. The same
//! cases are in `typescript/cases/`, against the same expectations. `README.md` says how to add one.

#![forbid(unsafe_code)]
#![allow(clippy::panic, reason = "tests fail by panicking")]

mod database;
#[rustfmt::skip]
pub mod db;
pub mod expectation;
pub mod faults;
pub mod result;
pub mod tsc;

pub use database::{Database, Scratch};

/// What a case gives.
pub type Outcome = Result<serde_json::Value, purlin::Error>;

/// Makes a test of each case, on each database, and a list of their names.
#[macro_export]
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),*];

        mod sqlite {
            $(
                #[test]
                fn $name() {
                    $crate::expectation::check($crate::Database::Sqlite, module_path!(), stringify!($name), super::$name);
                }
            )*
        }
    };
}
