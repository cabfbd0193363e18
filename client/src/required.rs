//! The required foreign keys of a new row, as rustc follows them: a new row that lacks one is not created.
//!
//! A new row has a list of what it lacks, `(Missing<..>, (Missing<..>, ()))`, with a place for each required foreign key of its
//! model, and `()` when it lacks nothing. An assignment has the places that it fills, and so has a relation for the rows that
//! are created in it. The generated code says for each key what rustc says when it is missing (docs/decisions/0025).

use std::convert::Infallible;
use std::marker::PhantomData;

use crate::model::Writable;
use crate::relation::{JoinTable, OptionalKey, OwnKey, RequiredKey};
use crate::token::{ForeignKey, GeneratedField, NotUnique, ServerField, UniqueField};
use crate::write::{ExistingRow, ManyRows, New, NewRow, Sets};

/// The place of a required foreign key: the first of its model.
pub enum First {}

/// The place of a required foreign key: the one after `P`.
pub struct Next<P>(Infallible, PhantomData<P>);

/// A required foreign key that the new row lacks.
pub struct Missing<X>(Infallible, PhantomData<X>);

/// A required foreign key that the new row has.
pub enum Present {}

/// A new row of `M`: the struct of its required fields, or what `set` makes of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a new row of `{M}`",
    label = "a new `{M}` is expected",
    note = "give the struct `New{M}` of the generated file, or what its `set` returns"
)]
pub trait NewRowOf<M>: Into<New<M, Self::Lacks>> {
    /// The required foreign keys that it lacks; `()` is none.
    type Lacks;
}

impl<M, L> NewRowOf<M> for New<M, L> {
    type Lacks = L;
}

/// A new row of `M` that lacks its required foreign keys, as a create of related rows takes it: they come from the row that it
/// belongs to. It is the type that a function returns which makes such rows.
///
/// ```
/// # #[path = "../tests/blog/mod.rs"]
/// # mod blog;
/// # use blog::db;
/// use db::{Client, NewPost, Post};
/// use purlin::Unlinked;
///
/// fn draft(title: &str) -> Unlinked<Post> {
///     NewPost { title: title.trim().into() }.set(|post| post.published.to(false))
/// }
///
/// async fn write(db: &Client, author: i32) -> Result<(), purlin::Error> {
///     db.user().update(|user| user.id.eq(author)).set(|user| user.posts.create(draft("Notes"))).await?;
///     db.post().create(draft("More notes")).set(|post| post.author_id.to(author)).await?;
///     Ok(())
/// }
/// # fn main() -> Result<(), purlin::Error> {
/// #     let db = blog::Scratch::new();
/// #     let ada = db::NewUser { email: "ada@acme.io".into() };
/// #     let ada = blog::block_on(async { db.user().create(ada).await })?;
/// #     blog::block_on(write(&db, ada.id))
/// # }
/// ```
pub type Unlinked<M> = New<M, <M as Writable>::Lacks>;

/// Marks what a new row lacks when it lacks nothing.
#[diagnostic::on_unimplemented(message = "the new row lacks a required foreign key")]
pub trait Complete {}

/// Marks a required foreign key that the new row has.
#[diagnostic::on_unimplemented(message = "the new row lacks a required foreign key")]
pub trait IsPresent {}

impl Complete for () {}
impl<K: IsPresent, Rest: Complete> Complete for (K, Rest) {}
impl IsPresent for Present {}
// The generated code says of each `X` that it is present when something is which nothing is, so that rustc's message is its own.
impl<X: IsPresent> IsPresent for Missing<X> {}

/// The places of required foreign keys that are filled: `()`, a place, or a pair of such.
pub trait Fills<L> {
    /// What a new row lacks then that lacked `L`.
    type After;
}

/// What a new row lacks that lacked `L`, after the assignments `S`.
pub type After<M, S, L> = <<S as Sets<M, NewRow>>::Fills as Fills<L>>::After;

impl<L> Fills<L> for () {
    type After = L;
}

impl<L, A: Fills<L>, B: Fills<A::After>> Fills<L> for (A, B) {
    type After = B::After;
}

impl Fills<()> for First {
    type After = ();
}

impl<K, Rest> Fills<(K, Rest)> for First
where
    Present: Before<Rest>,
{
    type After = <Present as Before<Rest>>::List;
}

impl<P> Fills<()> for Next<P> {
    type After = ();
}

impl<K: Before<P::After>, Rest, P: Fills<Rest>> Fills<(K, Rest)> for Next<P> {
    type After = K::List;
}

/// A key before those of `Rest`: a list where one is missing, so that a new row that lacks nothing has one type only.
pub trait Before<Rest> {
    /// The list.
    type List;
}

impl Before<()> for Present {
    type List = ();
}

impl<K, Rest> Before<(K, Rest)> for Present {
    type List = (Self, (K, Rest));
}

impl<X, Rest> Before<Rest> for Missing<X> {
    type List = (Self, Rest);
}

/// What an assignment that gives the required foreign keys `P` counts for in this write: in a new row for `P`, and in others for
/// nothing, since their rows have all keys.
#[diagnostic::on_unimplemented(
    message = "in a new row a required foreign key does not stand in a list of other assignments",
    label = "this gives a required foreign key",
    note = "give it by a `set` of its own, or make the list a tuple: `(row.author_id.to(1), row.title.to(title))`",
    note = "the return type of a function says which key it gives: `Set<Post, NewRow, First>`"
)]
pub trait Counts<P, Filled> {}

impl<P> Counts<P, P> for NewRow {}
impl<P> Counts<P, ()> for ExistingRow {}
impl<P> Counts<P, ()> for ManyRows {}

/// The mark of a column or a relation, whose assignments fill these places in the write `C`.
#[doc(hidden)]
pub trait FillsIn<C, Filled> {}

impl<C> FillsIn<C, ()> for NotUnique {}
impl<C> FillsIn<C, ()> for UniqueField {}
impl<C, Filled, U: FillsIn<C, Filled>> FillsIn<C, Filled> for ServerField<U> {}
impl<C, Filled, U: FillsIn<C, Filled>> FillsIn<C, Filled> for GeneratedField<U> {}
impl<C: Counts<P, Filled>, Filled, P, U> FillsIn<C, Filled> for ForeignKey<P, U> {}

impl<C> FillsIn<C, ()> for JoinTable {}
impl<C, P> FillsIn<C, ()> for OptionalKey<P> {}
impl<C, P> FillsIn<C, ()> for RequiredKey<P> {}
impl<C: Counts<P, Filled>, Filled, P> FillsIn<C, Filled> for OwnKey<P> {}

/// What links the rows of a relation.
#[doc(hidden)]
pub trait Link {
    /// The required foreign keys of the related rows that the relation fills.
    type OfRelated;
}

impl Link for JoinTable {
    type OfRelated = ();
}

impl<P> Link for OptionalKey<P> {
    type OfRelated = P;
}

impl<P> Link for RequiredKey<P> {
    type OfRelated = P;
}

impl<P> Link for OwnKey<P> {
    type OfRelated = ();
}
