//! A typed data layer for Rust.

#![forbid(unsafe_code)]

extern crate self as purlin;

mod args;
mod db;
mod error;
mod expression;
mod filter;
#[doc(hidden)]
pub mod generated;
#[cfg(feature = "serde")]
mod json;
mod load;
mod model;
pub mod operation;
mod order;
mod relation;
mod run;
mod select;
mod table;
mod token;
mod value;
mod write;

pub use bigdecimal::BigDecimal as Decimal;
pub use purlin_driver::{Meta, Synchronous, TransactionOptions};
pub use purlin_macros::Select;
pub use purlin_query::catalog::{self, Catalog};
#[cfg(feature = "json")]
pub use serde_json::Value as Json;

pub use db::{Builder, Db, OpenTransaction};
pub use error::Error;
pub use filter::{Filter, Key};
pub use load::{Load, Part, Row};
pub use model::Model;
pub use order::{Order, Orders};
pub use relation::{Count, Filtered, FilteredCount, Many, One, Optional, Refined};
pub use run::Run;
pub use select::{Filterable, Holds, Pageable, Refine, Related, Select, Selection, Slot};
pub use table::Table;
pub use token::{Alone, Column, CompoundKey, Plain, Unique, ValuesFor};
pub use value::{Enum, Nullable, Number, Ordered, Scalar, Text, ValueFor};
pub use write::{New, Set, Sets};

/// An instant: the type of `DateTime` columns.
pub type DateTime = chrono::DateTime<chrono::Utc>;

/// The larger of two depths, in a constant. For derived code.
#[doc(hidden)]
pub const fn deeper(left: usize, right: usize) -> usize {
    if left > right { left } else { right }
}
