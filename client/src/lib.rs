//! A typed data layer for Rust, from a schema in the Prisma schema language.
//!
//! `purlin generate` writes one file of Rust from the schema: a `Client` with an accessor for each model, and for each
//! model its default row (`User`), typed field names, and the required fields of a new row (`NewUser`). Everything else
//! is in this crate. Names and types are checked by rustc, and so is which relations are loaded: a query loads a
//! *fragment*, a struct that says what it holds.
//!
//! ```
//! # #[path = "../tests/blog/mod.rs"]
//! # mod blog;
//! # use blog::db;
//! use db::{Client, NewPost, NewUser, Post, User};
//! use purlin::Select;
//!
//! #[derive(Debug, Select)]
//! #[select(User)]
//! struct UserCard {
//!     email: String,
//!     name: Option<String>,
//!     #[select(order_by(|post| post.id.desc()).take(5))]
//!     posts: Vec<PostTitle>,
//!     #[select(count(posts))]
//!     posts_count: i64,
//! }
//!
//! #[derive(Debug, Select)]
//! #[select(Post)]
//! struct PostTitle {
//!     title: String,
//! }
//!
//! async fn cards(db: &Client, search: Option<&str>) -> Result<Vec<UserCard>, purlin::Error> {
//!     db.user()
//!         .create(NewUser { email: "ada@acme.io".into() })
//!         .set(|user| [user.name.to("Ada"), user.posts.create(NewPost { title: "Hello".into() })])
//!         .await?;
//!     db.transaction(async |tx| {
//!         tx.user().update(|user| user.email.eq("ada@acme.io")).set(|user| user.visits.add(1)).await
//!     })
//!     .await?;
//!     db.user()
//!         .find_many()
//!         .filter(|user| user.email.ends_with("@acme.io") & user.posts.some(|post| post.title.ne("")))
//!         .select::<UserCard>()
//!         .with(|card| card.posts.filter(|post| purlin::Filter::given([search.map(|text| post.title.contains(text))])))
//!         .await
//! }
//! # fn main() -> Result<(), purlin::Error> {
//! #     let db = blog::Scratch::new();
//! #     let cards = blog::block_on(cards(&db, Some("ell")))?;
//! #     assert_eq!((cards[0].posts[0].title.as_str(), cards[0].posts_count), ("Hello", 1));
//! #     Ok(())
//! # }
//! ```
//!
//! Where to find things:
//!
//! - operations: [`Table`], which lists them; each is a builder of [`operation`], sent when it is awaited;
//! - conditions, sort keys and assignments: the methods of [`Column`], [`Many`], [`One`] and [`Optional`], which make
//!   [`Filter`]s, [`Order`]s and [`Set`]s;
//! - fragments: the derive [`Select`](macro@Select); arguments that vary are given by
//!   [`with`](operation::Find::with);
//! - transactions: `Client::transaction`; options of a database: [`Builder`];
//! - errors: [`Error`], with predicates and Prisma's codes;
//! - types of columns: [`Scalar`]; default rows are `Serialize`: as JSON they are what the TypeScript client gives, so
//!   BigInt and Decimal are strings, DateTime is ISO 8601 with milliseconds and Bytes is base64.
//!
//! Queries run on any async runtime. A read of SQLite that is sure to be quick runs at once, on the thread that polls
//! it; everything else runs on threads of the pool.

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
pub mod value;
#[cfg(all(test, feature = "json"))]
mod words;
mod write;

#[doc(no_inline)]
pub use bigdecimal;
#[doc(no_inline)]
pub use chrono;
#[cfg(feature = "json")]
#[doc(no_inline)]
pub use serde_json;

pub use purlin_driver::{Meta, Synchronous, TransactionOptions};
pub use purlin_macros::Select;
#[doc(hidden)]
pub use purlin_query::catalog::{self, Catalog};

pub use db::{Builder, Db, OpenTransaction};
pub use error::Error;
pub use filter::{Condition, Filter, Key};
pub use model::Model;
pub use order::{Order, Orders};
pub use select::Select;
pub use table::Table;
pub use write::{New, Set, Sets};

pub mod field {
    //! The typed names of fields, as closures get them, and what a fragment or a sort key makes of them.

    pub use crate::relation::{Count, Filtered, FilteredCount, Many, One, Optional, Refined};
    pub use crate::token::{Alone, Column, CompoundKey, Plain, Unique, ValuesFor};
}

pub mod fragment {
    //! What the fields of a fragment may be, and what `with` refines.

    pub use crate::load::Load;
    pub use crate::select::{Filterable, Holds, Pageable, Refine, Related, Slot};
}

/// An instant: the type of `DateTime` columns.
pub type DateTime = chrono::DateTime<chrono::Utc>;

/// A number with digits as they were written: the type of `Decimal` columns.
pub type Decimal = bigdecimal::BigDecimal;

/// A JSON document: the type of `Json` columns.
#[cfg(feature = "json")]
pub type Json = serde_json::Value;
