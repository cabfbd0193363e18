//! Conditions on the rows of a model.

use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use purlin_query::shape::Code;

use crate::expression::Expression;

/// A condition on the rows of `M`. Conditions are values: combine them with `&`, `|` and `!`, collect them, return
/// them from functions.
#[must_use = "a condition does nothing until it is given to a query"]
pub struct Filter<M> {
    pub(crate) expression: Expression,
    model: PhantomData<fn() -> M>,
}

/// A condition that names at most one row of `M`, because it fixes a unique key. It is a [`Filter`] too.
#[must_use = "a condition does nothing until it is given to a query"]
pub struct Key<M>(Filter<M>);

/// A condition on the rows of `M`: a [`Filter`] or a [`Key`] of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition on rows of `{M}`",
    note = "conditions are made from the fields of the model: `|row| row.field.eq(value)`",
    note = "they are combined by `&`, `|` and `!`; `&&`, `||`, `==` and `<` are for values, not for conditions",
    note = "a condition that may be absent, an `Option` of one, is given by `Filter::given([option])`"
)]
pub trait Condition<M>: Sized {
    #[doc(hidden)]
    fn into_expression(self) -> Expression;
}

impl<M> Condition<M> for Filter<M> {
    #[inline]
    fn into_expression(self) -> Expression {
        self.expression
    }
}

impl<M> Condition<M> for Key<M> {
    #[inline]
    fn into_expression(self) -> Expression {
        self.0.expression
    }
}

/// A condition that names at most one row of `M`: a [`Key`] of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name one row of `{M}` by a unique key",
    note = "what names one row, as `find_unique`, `update`, `upsert`, `delete` and `connect` do, takes the equality of a field \
            that is `@id` or `@unique`, or of a compound key: `|row| row.id.eq(1)`, and other conditions beside it by `&`",
    note = "conditions are combined by `&`, `|` and `!`; `&&`, `||`, `==` and `<` are for values, not for conditions",
    note = "for other conditions there are `find_first`, `update_many` and `delete_many`, with `filter`"
)]
pub trait NamesOneRow<M>: Condition<M> {
    #[doc(hidden)]
    fn into_key(self) -> Key<M> {
        Key::new(self.into_expression())
    }
}

impl<M> NamesOneRow<M> for Key<M> {
    #[inline]
    fn into_key(self) -> Self {
        self
    }
}

impl<M> Filter<M> {
    #[inline]
    pub(crate) fn new(expression: Expression) -> Self {
        Self { expression, model: PhantomData }
    }

    /// Every one of the conditions; true when there are none.
    pub fn all(conditions: impl IntoIterator<Item = impl Condition<M>>) -> Self {
        Self::new(Expression::all(Code::And, conditions.into_iter().map(Condition::into_expression)))
    }

    /// At least one of the conditions; false when there are none.
    pub fn any(conditions: impl IntoIterator<Item = impl Condition<M>>) -> Self {
        Self::new(Expression::all(Code::Or, conditions.into_iter().map(Condition::into_expression)))
    }

    /// Every one of the conditions that are given, as a search form needs it; true when none is. Where that must not mean
    /// all rows, as for a `delete_many`, look at the options first.
    ///
    /// ```text
    /// Filter::given([search.map(|text| user.name.contains(text)), min.map(|visits| user.visits.gte(visits))])
    /// ```
    pub fn given(conditions: impl IntoIterator<Item = Option<impl Condition<M>>>) -> Self {
        Self::all(conditions.into_iter().flatten())
    }
}

impl<M> Key<M> {
    pub(crate) fn new(expression: Expression) -> Self {
        Self(Filter::new(expression))
    }
}

impl<M> From<Key<M>> for Filter<M> {
    fn from(key: Key<M>) -> Self {
        key.0
    }
}

impl<M> Clone for Filter<M> {
    fn clone(&self) -> Self {
        Self::new(self.expression.clone())
    }
}

impl<M> Clone for Key<M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<M, F: Condition<M>> BitAnd<F> for Filter<M> {
    type Output = Self;
    #[inline]
    fn bitand(self, other: F) -> Self {
        Self::new(self.expression.join(Code::And, other.into_expression()))
    }
}

impl<M, F: Condition<M>> BitOr<F> for Filter<M> {
    type Output = Self;
    #[inline]
    fn bitor(self, other: F) -> Self {
        Self::new(self.expression.join(Code::Or, other.into_expression()))
    }
}

impl<M> Not for Filter<M> {
    type Output = Self;
    fn not(mut self) -> Self {
        self.expression.words.insert(0, Code::Not as u16);
        self
    }
}

/// Still a key: a row beside the named one cannot match.
impl<M, F: Condition<M>> BitAnd<F> for Key<M> {
    type Output = Self;
    fn bitand(self, other: F) -> Self {
        Self(self.0 & other)
    }
}

impl<M, F: Condition<M>> BitOr<F> for Key<M> {
    type Output = Filter<M>;
    fn bitor(self, other: F) -> Filter<M> {
        self.0 | other
    }
}

impl<M> Not for Key<M> {
    type Output = Filter<M>;
    fn not(self) -> Filter<M> {
        !self.0
    }
}

impl<M> std::fmt::Debug for Filter<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The values may be secrets.
        f.debug_tuple("Filter").field(&self.expression.words.as_slice()).finish()
    }
}
