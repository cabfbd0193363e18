//! A typed data layer for Rust, from a schema in the Prisma schema language.
//!
//! - [Generate](#generate) · [Open](#open) · [Fragments](#fragments) · [Queries](#queries) · [Writes](#writes) ·
//!   [Transactions](#transactions) · [Errors](#errors) · [JSON](#json) · [Where to find things](#where-to-find-things)
//!
//! # Generate
//!
//! `purlin generate` writes one file of Rust from the schema, `src/db.rs`: a `Client` with an accessor for each model,
//! and for each model its default row (`User`: all columns, no relations), its typed field names (`UserFields`), and the
//! required fields of a new row (`NewUser`). Everything else is in this crate. rustc checks names, types, and which
//! relations are loaded: after a change of the schema, what no longer fits does not compile.
//!
//! # Open
//!
//! ```no_run
//! # #[path = "../tests/blog/db.rs"]
//! # mod db;
//! # use std::time::Duration;
//! # fn main() -> Result<(), purlin::Error> {
//! let db = db::Client::open("file:dev.db")?;
//! // The same with other options than the defaults, which `purlin::Builder` lists:
//! let db = db::Client::builder()
//!     .statement_timeout(Duration::from_secs(1))
//!     .sqlite(|sqlite| sqlite.busy_timeout(Duration::from_secs(1)).create_file())
//!     .open("file:dev.db")?;
//! # Ok(())
//! # }
//! ```
//!
//! A client is cheap to clone; clones share their connections, and so do clients of the same URL and options. The first
//! query connects. `close` lets go of the files, as a server does when it ends.
//!
//! # Fragments
//!
//! A query loads a *fragment*: a struct that says what it holds. There is no "was it loaded?" at run time.
//!
//! ```
//! # #[path = "../tests/blog/mod.rs"]
//! # mod blog;
//! # use blog::db;
//! use db::{Client, Post, User};
//! use purlin::Select;
//!
//! #[derive(Debug, Select)]
//! #[select(User)]
//! struct UserCard {
//!     #[select(flatten)] // another fragment of the same row
//!     byline: Byline,
//!     #[select(filter(|post| post.published.eq(true)).order_by(|post| post.id.desc()).take(5))]
//!     posts: Vec<PostTitle>,
//!     #[select(count(posts))]
//!     posts_count: i64,
//!     manager: Option<Byline>,
//! }
//!
//! #[derive(Debug, Select)]
//! #[select(User)]
//! struct Byline {
//!     id: i32,
//!     name: Option<String>,
//! }
//!
//! #[derive(Debug, Select)]
//! #[select(Post)]
//! struct PostTitle {
//!     title: String,
//! }
//!
//! async fn cards(db: &Client, search: &str) -> Result<Vec<UserCard>, purlin::Error> {
//!     db.user()
//!         .find_many()
//!         .select::<UserCard>()
//!         .with(|card| card.posts.filter(|post| post.title.contains(search)))
//!         .await
//! }
//! # fn main() -> Result<(), purlin::Error> {
//! #     let db = blog::Scratch::new();
//! #     assert!(blog::block_on(cards(&db, "ell"))?.is_empty());
//! #     Ok(())
//! # }
//! ```
//!
//! What the attributes say is fixed: it is evaluated once in the life of the process. What varies from call to call is
//! given by [`with`](operation::Find::with), which narrows a relation of the fragment for this call. All that an
//! attribute can say is at the derive [`Select`](macro@Select).
//!
//! # Queries
//!
//! [`Table`] lists the operations. Each is a builder, sent when it is awaited; without `select` it returns default rows.
//!
//! ```
//! # #[path = "../tests/blog/mod.rs"]
//! # mod blog;
//! # use blog::db;
//! use db::{Client, Post, User};
//! use purlin::Filter;
//!
//! async fn read(db: &Client, search: Option<&str>) -> Result<(), purlin::Error> {
//!     let posts: Vec<Post> = db
//!         .post()
//!         .find_many()
//!         .filter(|post| post.published.eq(true) & post.author.is(|user| user.email.ends_with("@acme.io")))
//!         // A condition for each input that was given.
//!         .filter(|post| Filter::given([search.map(|text| post.title.contains(text))]))
//!         .order_by(|post| [post.views.desc(), post.id.asc()])
//!         .take(20)
//!         .await?;
//!     let first: Option<User> = db.user().find_first().order_by(|user| user.id.asc()).await?;
//!     // The row itself, and an error that `is_not_found` when there is none.
//!     let user: User = db.user().find_unique(|user| user.email.eq("ada@acme.io")).or_not_found().await?;
//!     let busy: i64 = db.user().count().filter(|user| user.posts.some(|post| post.views.gt(10))).await?;
//! #   let _ = (posts, first, user, busy);
//!     Ok(())
//! }
//! # fn main() {
//! #     let db = blog::Scratch::new();
//! #     assert!(blog::block_on(read(&db, None)).is_err_and(|error| error.is_not_found()));
//! # }
//! ```
//!
//! # Writes
//!
//! A new row is the struct of its required fields; `set` gives it others, and related rows. A write returns the row, as a
//! fragment when it has `select`; the `_many` ones return how many rows they wrote.
//!
//! ```
//! # #[path = "../tests/blog/mod.rs"]
//! # mod blog;
//! # use blog::db;
//! use db::{Client, NewPost, NewTag, NewUser};
//!
//! async fn write(db: &Client, titles: &[&str]) -> Result<(), purlin::Error> {
//!     let ada = db
//!         .user()
//!         .create(NewUser { email: "ada@acme.io".into() })
//!         .set(|user| [user.name.to("Ada"), user.visits.to(1)])
//!         .set(|user| titles.iter().map(move |title| user.posts.create(NewPost { title: (*title).into() })))
//!         .set(|user| {
//!             user.posts.create(NewPost { title: "Notes".into() }.set(|post| {
//!                 [post.published.to(true), post.tags.create(NewTag { name: "rust".into() })]
//!             }))
//!         })
//!         .await?;
//!     // A required relation is connected, or its key is set; a create of a row without it does not compile.
//!     db.post()
//!         .create(NewPost { title: "More".into() })
//!         .set(|post| post.author.connect(|user| user.id.eq(ada.id)))
//!         .set(|post| post.tags.connect(|tag| tag.name.eq("rust")))
//!         .await?;
//!     db.user().create_many(["b@acme.io", "c@acme.io"].map(|email| NewUser { email: email.into() })).await?;
//!     db.user().update(|user| user.id.eq(ada.id)).set(|user| user.visits.add(1)).await?;
//!     let gone: u64 = db.post().delete_many().filter(|post| post.published.eq(false)).await?;
//! #   assert_eq!(gone, 3);
//!     Ok(())
//! }
//! # fn main() -> Result<(), purlin::Error> {
//! #     let db = blog::Scratch::new();
//! #     blog::block_on(write(&db, &["One", "Two"]))
//! # }
//! ```
//!
//! A row that is there has more to say of its related rows: [`field::Many`], [`field::One`] and [`field::Optional`] list the
//! operations. They run in the order in which they are written; a failed one leaves nothing of the write.
//!
//! ```
//! # #[path = "../tests/blog/mod.rs"]
//! # mod blog;
//! # use blog::db;
//! use db::{Client, NewComment, NewTag, NewUser};
//!
//! async fn review(db: &Client, post: i32, tags: &[&str]) -> Result<(), purlin::Error> {
//!     db.post()
//!         .update(|row| row.id.eq(post))
//!         .set(|post| {
//!             [
//!                 post.title.to("Reviewed"),
//!                 post.author.update(|author| author.visits.add(1)),
//!                 post.comments.update(|comment| comment.id.eq(1), |comment| comment.author.disconnect()),
//!                 post.comments.upsert(
//!                     |comment| comment.id.eq(2),
//!                     NewComment { text: "Well done".into() },
//!                     |comment| comment.text.to("Well done"),
//!                 ),
//!                 post.comments.delete_many(|comment| comment.text.eq("")),
//!                 post.tags.disconnect_all(),
//!             ]
//!         })
//!         .set(|post| {
//!             tags.iter().map(move |name| {
//!                 post.tags.connect_or_create(|tag| tag.name.eq(*name), NewTag { name: (*name).into() })
//!             })
//!         })
//!         .await?;
//!     // A new row, or changes of the one that is there.
//!     let editor = NewUser { email: "ed@acme.io".into() };
//!     db.user().upsert(|user| user.email.eq("ed@acme.io"), editor, |user| user.visits.add(1)).await?;
//!     Ok(())
//! }
//! # async fn post(db: &Client) -> Result<i32, purlin::Error> {
//! #     let new = db::NewPost { title: "A".into() }.set(|post| post.comments.create(NewComment { text: "B".into() }));
//! #     db.user().create(NewUser { email: "a@b".into() }).set(|user| user.posts.create(new)).await?;
//! #     Ok(db.post().find_first().or_not_found().await?.id)
//! # }
//! # fn main() -> Result<(), purlin::Error> {
//! #     let db = blog::Scratch::new();
//! #     let id = blog::block_on(post(&db))?;
//! #     blog::block_on(review(&db, id, &["rust", "sql"]))?;
//! #     blog::block_on(review(&db, id, &["rust"]))?;
//! #     assert_eq!(blog::block_on(async { db.tag().count().await })?, 2);
//! #     assert_eq!(blog::block_on(async { db.comment().count().await })?, 2);
//! #     Ok(())
//! # }
//! ```
//!
//! # Transactions
//!
//! `transaction` commits when its work returns `Ok`, and rolls back when it returns an error or is dropped. The error is the
//! application's own, when that is made from an [`Error`]. Work that ends in `Ok(..)` instead of a query says which error it
//! is, `Ok::<_, purlin::Error>(..)`, since rustc cannot tell.
//!
//! ```
//! # #[path = "../tests/blog/mod.rs"]
//! # mod blog;
//! # use blog::db;
//! # async fn pay(db: &db::Client) -> Result<db::User, purlin::Error> {
//! let ada = db
//!     .transaction(async |tx| {
//!         tx.user().update(|user| user.id.eq(1)).set(|user| user.visits.sub(5)).await?;
//!         tx.user().update(|user| user.id.eq(2)).set(|user| user.visits.add(5)).await
//!     })
//!     .await?;
//! # Ok(ada)
//! # }
//! # fn main() {
//! #     let db = blog::Scratch::new();
//! #     assert!(blog::block_on(pay(&db)).is_err_and(|error| error.is_not_found()));
//! # }
//! ```
//!
//! # Errors
//!
//! [`Error`] has a predicate for each case that applications tell apart, and Prisma's code. Its text names the model,
//! the field and the remedy, never a value.
//!
//! ```
//! # #[path = "../tests/blog/mod.rs"]
//! # mod blog;
//! # use blog::db;
//! use db::{Client, NewUser};
//!
//! async fn sign_up(db: &Client, email: &str) -> Result<&'static str, purlin::Error> {
//!     match db.user().create(NewUser { email: email.into() }).await {
//!         Ok(_) => Ok("welcome"),
//!         Err(error) if error.is_unique_violation() => Ok("this address is taken"),
//!         Err(error) => Err(error),
//!     }
//! }
//! # fn main() -> Result<(), purlin::Error> {
//! #     let db = blog::Scratch::new();
//! #     assert_eq!(blog::block_on(sign_up(&db, "ada@acme.io"))?, "welcome");
//! #     assert_eq!(blog::block_on(sign_up(&db, "ada@acme.io"))?, "this address is taken");
//! #     Ok(())
//! # }
//! ```
//!
//! # JSON
//!
//! Default rows and enums are `Serialize`, with the feature `serde`, which is on: `Json(users)` of a web framework is
//! what the TypeScript client returns for the same rows. Keys are the names of the schema; BigInt and Decimal are strings,
//! since a JSON number would lose their digits in JavaScript; DateTime is ISO 8601 with milliseconds, Bytes is base64, an
//! enum is its name.
//!
//! A fragment is your own struct, and derives `Serialize` as you like. What the derive makes of it is other JSON than that
//! of a default row, unless it says otherwise: `rename_all` for the keys, and [`json`] for BigInt, Decimal, DateTime and
//! Bytes. The same module reads a `Decimal` of a request: the type's own `Deserialize` makes 55 digits of `0.1`.
//!
//! ```
//! # #[path = "../tests/blog/mod.rs"]
//! # mod blog;
//! # use blog::db;
//! use db::{NewPost, NewUser, Post};
//! use purlin::{DateTime, Select};
//! use serde::Serialize;
//!
//! #[derive(Select, Serialize)]
//! #[select(Post)]
//! #[serde(rename_all = "camelCase")]
//! struct Headline {
//!     title: String,
//!     #[serde(serialize_with = "purlin::json::serialize")]
//!     created_at: DateTime,
//! }
//! # async fn same(db: &db::Client) -> Result<(), purlin::Error> {
//! #     db.user().create(NewUser { email: "a@b".into() }).set(|user| user.posts.create(NewPost { title: "A".into() })).await?;
//! #     let row = db.post().find_first().or_not_found().await?;
//! #     let headline = db.post().find_first().select::<Headline>().or_not_found().await?;
//! #     let (row, headline) = (serde_json::to_value(&row).unwrap(), serde_json::to_value(&headline).unwrap());
//! #     assert_eq!(headline, serde_json::json!({ "title": row["title"], "createdAt": row["createdAt"] }));
//! #     Ok(())
//! # }
//! # fn main() -> Result<(), purlin::Error> {
//! #     let db = blog::Scratch::new();
//! #     blog::block_on(same(&db))
//! # }
//! ```
//!
//! # Where to find things
//!
//! - operations: [`Table`] and [`operation`];
//! - conditions, sort keys and assignments: the methods of the names in [`field`], which make [`Filter`]s, [`Order`]s
//!   and [`Set`]s;
//! - types of columns and what may be given for them: [`value`]; [`DateTime`] and [`Decimal`] are of the crates
//!   [`chrono`] and [`bigdecimal`], which are here too, in the version that fits;
//! - what a field of a fragment may be: [`fragment`].
//!
//! Queries run on any async runtime. A read of SQLite that is sure to be quick runs at once, on the thread that polls
//! it; everything else runs on threads of the pool.

#![forbid(unsafe_code)]

extern crate self as purlin;

mod args;
mod bulk;
mod db;
mod error;
mod expression;
mod filter;
#[doc(hidden)]
pub mod generated;
mod inside;
#[cfg(feature = "serde")]
pub mod json;
mod load;
mod model;
mod nested;
pub mod operation;
mod order;
mod refine;
mod relation;
mod required;
mod rows;
mod run;
mod select;
mod server_only;
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

pub use purlin_driver::{Limits, Meta, Synchronous, TransactionOptions};
pub use purlin_macros::Select;
#[doc(hidden)]
pub use purlin_query::catalog::{self, Catalog};

pub use db::{Builder, Db, OpenTransaction, SqliteOptions};
pub use error::Error;
pub use filter::{Condition, Filter, Key, NamesOneRow};
pub use model::{Model, Writable};
pub use order::{Order, Orders};
pub use required::{NewRowOf, Unlinked};
pub use select::Select;
pub use server_only::ServerOnly;
pub use table::{Table, View};
pub use write::{ExistingRow, ManyRows, New, NewRow, Set, Sets};

pub mod field {
    //! The typed names of fields, as closures get them, and what a fragment or a sort key makes of them.

    pub use crate::nested::{HasCreateMany, MayBeAbsent, MayDisconnect};
    pub use crate::relation::{
        Count, Filtered, FilteredCount, JoinTable, Many, One, Optional, OptionalKey, OwnKey, Refined, RequiredKey,
    };
    pub use crate::required::{
        After, Before, Complete, Counts, Fills, FillsIn, First, IsPresent, Link, Missing, Next, Present,
    };
    pub use crate::token::{
        Assignable, Column, CompoundKey, ForeignKey, GeneratedField, List, Mark, NotUnique, Selectable, ServerField,
        Unique, UniqueField, ValuesFor,
    };
    pub use crate::write::{ChangesRelated, HasValues, WritesRelated};
}

pub mod fragment {
    //! What the fields of a fragment may be, and what `with` refines.

    pub use crate::load::{Element, Load};
    pub use crate::refine::{Filterable, Pageable, Refine, Related, Slot};
    pub use crate::select::Holds;
}

/// An instant: the type of `DateTime` columns, which hold milliseconds. What is less is cut off, also of the values that a
/// column is compared with.
pub type DateTime = chrono::DateTime<chrono::Utc>;

/// A decimal number with all of its digits: the type of `Decimal` columns.
///
/// The value is kept and not its notation: what is written as `0.10` is stored and read as `0.1`.
///
/// Its own `Deserialize` reads a JSON number by way of a binary fraction: `0.1` becomes `0.1` and 53 more digits. On a field
/// that is read from JSON write `#[serde(with = "purlin::json")]`, or send text; see [`json`].
pub type Decimal = bigdecimal::BigDecimal;

/// A JSON document: the type of `Json` columns.
#[cfg(feature = "json")]
pub type Json = serde_json::Value;
