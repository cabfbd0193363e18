//! What a write gives to the columns and relations of a row.

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

/// One assignment or several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an assignment to `{M}`",
    note = "give `row.field.to(value)`, or an array or a `Vec` of assignments"
)]
pub trait Sets<M> {
    #[doc(hidden)]
    fn write(self, new: &mut New<M>);
}

/// A new row of `M`: the struct with its required fields, and assignments to the others.
///
/// ```text
/// New::from(NewUser { email: "ada@acme.io".into() }).set(|user| user.name.to("Ada"))
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
    /// A row without values. For generated code.
    pub fn empty() -> Self {
        Self { writes: Expression::default(), model: PhantomData }
    }

    /// Gives a value to the column at this place. For generated code.
    pub fn put(&mut self, field: FieldIndex, value: impl Scalar) {
        self.writes.append(Expression::with_value(Code::Set, field, value.into_value()));
    }
}

impl<M: Model> New<M> {
    /// Gives values to fields that have no place in the struct of required ones.
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

impl<M, S: Sets<M>> Sets<M> for Option<S> {
    fn write(self, new: &mut New<M>) {
        self.into_iter().for_each(|sets| sets.write(new));
    }
}

impl<M, S: Sets<M>, const N: usize> Sets<M> for [S; N] {
    fn write(self, new: &mut New<M>) {
        self.into_iter().for_each(|sets| sets.write(new));
    }
}

impl<M, S: Sets<M>> Sets<M> for Vec<S> {
    fn write(self, new: &mut New<M>) {
        self.into_iter().for_each(|sets| sets.write(new));
    }
}
