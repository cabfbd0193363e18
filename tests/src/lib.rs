//! What the behaviour suites run on: a database with the seeded rows for each case, and one way to write results.
//!
//! A case is a function from a client to a JSON value, in `cases/`; what it must give stands in `expected/`. The same
//! cases are in `typescript/cases/`, against the same expectations. `README.md` says how to add one.

#![forbid(unsafe_code)]
#![allow(clippy::panic, reason = "tests fail by panicking")]

#[cfg(feature = "postgres")]
#[path = "../../driver/tests/postgres/cluster.rs"]
mod cluster;
mod database;
#[cfg(not(feature = "postgres"))]
#[rustfmt::skip]
pub mod db;
pub mod expectation;
pub mod faults;
pub mod result;
pub mod tsc;

pub use database::{Database, Scratch};
#[cfg(feature = "postgres")]
pub use database::{give_back, on_postgres};

#[cfg(feature = "postgres")]
include!(concat!(env!("OUT_DIR"), "/postgres.rs"));

/// What a case gives.
pub type Outcome = Result<serde_json::Value, purlin::Error>;

/// Makes a test of each case, on the database that the features choose, and a list of their names. Cases behind `only on SQLite:`
/// do not run on the others, for the reason that is said there.
#[macro_export]
macro_rules! cases {
    (only on SQLite: $($own:ident),* $(,)?) => {
        $crate::cases!(; only on SQLite: $($own),*);
    };
    ($($name:ident),* $(,)? $(; only on SQLite: $($own:ident),* $(,)?)?) => {
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name),)* $($(stringify!($own)),*)?];

        #[cfg(not(feature = "postgres"))]
        mod sqlite {
            $crate::cases!(@tests Sqlite: $($name)* $($($own)*)?);
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $crate::cases!(@tests Postgres: $($name)*);
        }
    };
    (@tests $database:ident: $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $crate::expectation::check($crate::Database::$database, module_path!(), stringify!($name), super::$name);
            }
        )*
    };
}
