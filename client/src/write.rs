//! What a write gives to the columns and relations of a row.

use std::iter;
use std::marker::PhantomData;

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;

use crate::expression::Expression;
use crate::model::{Fields, Model};
use crate::value::Scalar;

/// One assignment to a row of `M`: `user.name.to("Ada")`, `user.visits.add(1)`, `user.posts.create(..)`.
#[must_use = "an assignment does nothing until it is given to `set`"]
pub struct Set<M> {
    expression: Expression,
    model: PhantomData<fn() -> M>,
}

/// One assignment or several: a [`Set`]; an array, a `Vec`, an `Option` or a tuple of assignments; or an iterator, as
/// `map`, `filter_map`, `flat_map` and `chain` give it. They nest: `(name.map(|name| user.name.to(name)), posts)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an assignment to `{M}`",
    note = "give `row.field.to(value)`; or an array, a tuple, a `Vec`, an `Option` or an iterator of assignments"
)]
pub trait Sets<M> {
    #[doc(hidden)]
    fn write(self, new: &mut New<M>);
}

/// A new row of `M`: the struct with its required fields, and assignments to the others.
///
/// ```text
/// NewUser { email: "ada@acme.io".into() }.set(|user| user.name.to("Ada"))
/// ```
#[must_use = "a new row does nothing until it is created"]
pub struct New<M> {
    pub(crate) writes: Expression,
    model: PhantomData<fn() -> M>,
}

impl<M> Set<M> {
    pub(crate) fn new(expression: Expression) -> Self {
        Self { expression, model: PhantomData }
    }
}

impl<M> New<M> {
    /// A row without values.
    #[doc(hidden)]
    pub fn empty() -> Self {
        Self { writes: Expression::default(), model: PhantomData }
    }

    /// Gives a value to the column at this place.
    #[doc(hidden)]
    pub fn put(&mut self, field: FieldIndex, value: impl Scalar) {
        self.writes.append(Expression::with_value(Code::Set, field, value.into_value()));
    }
}

impl<M: Model> New<M> {
    /// Gives values to fields that have no place in the struct of required ones. Several calls add up.
    pub fn set<S: Sets<M>>(mut self, sets: impl FnOnce(Fields<M>) -> S) -> Self {
        sets(M::FIELDS).write(&mut self);
        self
    }
}

impl<M> Sets<M> for Set<M> {
    fn write(self, new: &mut New<M>) {
        new.writes.append(self.expression);
    }
}

// One by one: an implementation for every iterator would make rustc say of a wrong assignment that it is no iterator,
// and exclude tuples.
macro_rules! several {
    ($([$($parameter:tt)*] $ty:ty;)*) => { $(
        impl<M, $($parameter)*> Sets<M> for $ty
        where
            Self: IntoIterator<Item: Sets<M>>,
        {
            fn write(self, new: &mut New<M>) {
                self.into_iter().for_each(|sets| sets.write(new));
            }
        }
    )* };
}

several! {
    [S] Option<S>;
    [S, const N: usize] [S; N];
    [S] Vec<S>;
    [I, F] iter::Map<I, F>;
    [I, F] iter::FilterMap<I, F>;
    [I, U: IntoIterator, F] iter::FlatMap<I, U, F>;
    [A, B] iter::Chain<A, B>;
}

macro_rules! tuples {
    ($(($($sets:ident),*))*) => { $(
        impl<M, $($sets: Sets<M>),*> Sets<M> for ($($sets,)*) {
            #[expect(non_snake_case, reason = "the type parameters name the parts of the tuple")]
            fn write(self, new: &mut New<M>) {
                let ($($sets,)*) = self;
                $($sets.write(new);)*
            }
        }
    )* };
}

tuples! {
    (A, B)
    (A, B, C)
    (A, B, C, D)
    (A, B, C, D, E)
    (A, B, C, D, E, F)
}
