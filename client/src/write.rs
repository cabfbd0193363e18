//! What a write gives to the columns and relations of a row.

use std::iter;
use std::marker::PhantomData;

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;

use crate::expression::Expression;
use crate::model::{Fields, Model};
use crate::required::{After, Fills};
use crate::value::Scalar;

/// One assignment to a row of `M`: `user.name.to("Ada")`, `user.visits.add(1)`, `user.posts.create(..)`.
///
/// `C` is the write that it belongs to, [`NewRow`], [`ExistingRow`] or [`ManyRows`], which rustc finds from where the assignment
/// is given. A function that makes assignments for all of them leaves it open:
///
/// ```
/// # #[path = "../tests/blog/mod.rs"]
/// # mod blog;
/// # use blog::db;
/// use db::{Client, NewUser, User, UserFields};
/// use purlin::Set;
///
/// fn named<C>(user: UserFields, name: &str) -> Set<User, C> {
///     user.name.to(name.trim())
/// }
/// # async fn name(db: &Client) -> Result<(), purlin::Error> {
/// db.user().create(NewUser { email: "ada@acme.io".into() }).set(|user| named(user, "Ada")).await?;
/// db.user().update(|user| user.email.eq("ada@acme.io")).set(|user| named(user, "Ada King")).await?;
/// # Ok(())
/// # }
/// # fn main() -> Result<(), purlin::Error> {
/// #     let db = blog::Scratch::new();
/// #     blog::block_on(name(&db))
/// # }
/// ```
///
/// `Filled` is what it gives of the required foreign keys of a new row: nothing, as a rule.
#[must_use = "an assignment does nothing until it is given to `set`"]
pub struct Set<M, C = ExistingRow, Filled = ()> {
    expression: Expression,
    types: Marks<M, C, Filled>,
}

/// What rustc knows of an assignment.
type Marks<M, C, Filled> = PhantomData<fn() -> (M, C, Filled)>;

/// Marks the assignments of a new row, which has no values and no related rows yet that could be changed.
pub enum NewRow {}

/// Marks the assignments of a row that is there.
pub enum ExistingRow {}

/// Marks the assignments of `update_many`, which changes columns only.
pub enum ManyRows {}

/// Marks a write of rows that have values: arithmetic changes them.
#[diagnostic::on_unimplemented(
    message = "a new row has no value yet that could be changed",
    label = "only rows that are there have this",
    note = "give it a value: `row.field.to(value)`"
)]
pub trait HasValues {}

/// Marks a write of one row, which may write related rows too.
#[diagnostic::on_unimplemented(
    message = "`update_many` changes columns only",
    label = "related rows are not written by `update_many`",
    note = "`update` writes related rows too: it names one row by a unique key"
)]
pub trait WritesRelated {}

/// Marks a write of one row that is there, whose related rows may be changed.
#[diagnostic::on_unimplemented(
    message = "only an existing row has related rows that could be changed: this is a `{Self}`",
    label = "only `update`, and the changes of `upsert`, have this",
    note = "in a new row a relation takes `create`, `create_many`, `connect` and `connect_or_create`; `update_many` changes \
            columns only"
)]
pub trait ChangesRelated: WritesRelated {}

impl HasValues for ExistingRow {}
impl HasValues for ManyRows {}
impl WritesRelated for NewRow {}
impl WritesRelated for ExistingRow {}
impl ChangesRelated for ExistingRow {}

/// One assignment or several: a [`Set`]; an array, a `Vec`, an `Option` or a tuple of assignments; or an iterator, as
/// `map`, `filter_map`, `flat_map` and `chain` give it. They nest: `(name.map(|name| user.name.to(name)), posts)`. `()` is
/// none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an assignment to `{M}` of the kind `{C}`",
    note = "give `row.field.to(value)`; or an array, a tuple, a `Vec`, an `Option` or an iterator of assignments",
    note = "a function whose assignments are for new and for existing rows leaves the kind open: `fn named<C>(..) -> Set<User, C>`"
)]
pub trait Sets<M, C = ExistingRow> {
    /// The required foreign keys of a new row that they give for certain.
    type Fills;

    #[doc(hidden)]
    fn write(self, writes: &mut Expression);
}

/// A new row of `M`: the struct with its required fields, and assignments to the others.
///
/// ```text
/// NewUser { email: "ada@acme.io".into() }.set(|user| user.name.to("Ada"))
/// ```
///
/// `Lacks` is what it lacks of the required foreign keys: nothing, before it is created.
#[must_use = "a new row does nothing until it is created"]
pub struct New<M, Lacks = ()> {
    pub(crate) writes: Expression,
    types: PhantomData<fn() -> (M, Lacks)>,
}

impl<M, C, Filled> Set<M, C, Filled> {
    pub(crate) fn new(expression: Expression) -> Self {
        Self { expression, types: PhantomData }
    }
}

impl<M, Lacks> New<M, Lacks> {
    /// A row without values.
    #[doc(hidden)]
    pub fn empty() -> Self {
        Self { writes: Expression::default(), types: PhantomData }
    }

    /// Gives a value to the column at this place.
    #[doc(hidden)]
    pub fn put(&mut self, field: FieldIndex, value: impl Scalar) {
        self.writes.append(Expression::with_value(Code::Set, field, value.into_value()));
    }
}

impl<M: Model, Lacks> New<M, Lacks> {
    /// Gives values to fields that have no place in the struct of required ones. Several calls add up.
    pub fn set<S: Sets<M, NewRow>>(self, sets: impl FnOnce(Fields<M>) -> S) -> New<M, After<M, S, Lacks>>
    where
        S::Fills: Fills<Lacks>,
    {
        self.filled(sets)
    }

    /// The same of a model of which every new row lacks nothing.
    #[doc(hidden)]
    pub fn filled<S: Sets<M, NewRow>, After>(mut self, sets: impl FnOnce(Fields<M>) -> S) -> New<M, After> {
        sets(M::FIELDS).write(&mut self.writes);
        New { writes: self.writes, types: PhantomData }
    }
}

// The only one for a `Set`, so that rustc infers `C`.
impl<M, C, Filled> Sets<M, C> for Set<M, C, Filled> {
    type Fills = Filled;

    fn write(self, writes: &mut Expression) {
        writes.append(self.expression);
    }
}

impl<M, C> Sets<M, C> for () {
    type Fills = ();

    fn write(self, _: &mut Expression) {}
}

/// The assignments of a closure.
pub(crate) fn written<M: Model, C, S: Sets<M, C>>(sets: impl FnOnce(Fields<M>) -> S) -> Expression {
    let mut writes = Expression::default();
    sets(M::FIELDS).write(&mut writes);
    writes
}

// Those that may be empty give nothing for certain. One by one: an implementation for every iterator would make rustc say of a wrong assignment that it is no iterator,
// and exclude tuples.
macro_rules! several {
    ($([$($parameter:tt)*] $ty:ty: $fills:ty;)*) => { $(
        impl<M, C, $($parameter)*> Sets<M, C> for $ty
        where
            Self: IntoIterator<Item: Sets<M, C>>,
        {
            type Fills = $fills;

            fn write(self, writes: &mut Expression) {
                self.into_iter().for_each(|sets| sets.write(writes));
            }
        }
    )* };
}

several! {
    [S] Option<S>: ();
    [S: Sets<M, C>, const N: usize] [S; N]: S::Fills;
    [S] Vec<S>: ();
    [I, F] iter::Map<I, F>: ();
    [I, F] iter::FilterMap<I, F>: ();
    [I, U: IntoIterator, F] iter::FlatMap<I, U, F>: ();
    [A, B] iter::Chain<A, B>: ();
}

macro_rules! tuples {
    ($(($($sets:ident),*) $fills:ty;)*) => { $(
        impl<M, Kind, $($sets: Sets<M, Kind>),*> Sets<M, Kind> for ($($sets,)*) {
            type Fills = $fills;

            #[expect(non_snake_case, reason = "the type parameters name the parts of the tuple")]
            fn write(self, writes: &mut Expression) {
                let ($($sets,)*) = self;
                $($sets.write(writes);)*
            }
        }
    )* };
}

tuples! {
    (A, B) (A::Fills, B::Fills);
    (A, B, C) (A::Fills, (B::Fills, C::Fills));
    (A, B, C, D) (A::Fills, (B::Fills, (C::Fills, D::Fills)));
    (A, B, C, D, E) (A::Fills, (B::Fills, (C::Fills, (D::Fills, E::Fills))));
    (A, B, C, D, E, F) (A::Fills, (B::Fills, (C::Fills, (D::Fills, (E::Fills, F::Fills)))));
}
