//! Typed names of relations.

use std::convert::Infallible;
use std::marker::PhantomData;

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;

use crate::args::{Args, Take};
use crate::expression::Expression;
use crate::filter::{Condition, Filter};
use crate::model::{Fields, Model};
use crate::order::{Order, Orders};

/// A relation from `M` to any number of rows of `R`. `K` says what links them.
pub struct Many<M, R, K = OptionalKey>(pub(crate) FieldIndex, Marks<M, R, K>);

/// A relation from `M` to exactly one row of `R`. `K` says what links them.
pub struct One<M, R, K = OptionalKey>(pub(crate) FieldIndex, Marks<M, R, K>);

/// A relation from `M` to a row of `R` or to none. `K` says what links them.
pub struct Optional<M, R, K = OptionalKey>(pub(crate) FieldIndex, Marks<M, R, K>);

/// What rustc knows of a relation.
type Marks<M, R, K> = PhantomData<fn() -> (M, R, K)>;

/// Marks a relation whose foreign key may be null: the rows can be without each other. Where a part of the key is required all
/// the same, `P` are its places among the required foreign keys of the related rows.
pub struct OptionalKey<P = ()>(Infallible, PhantomData<P>);

/// Marks a relation whose foreign key is a required field of the related rows, in the places `P`: they cannot be without this
/// one.
pub struct RequiredKey<P = ()>(Infallible, PhantomData<P>);

/// Marks a relation whose foreign key is in the row itself and is required, or a part of it is, in the places `P`.
pub struct OwnKey<P>(Infallible, PhantomData<P>);

/// Marks a many-to-many relation: a join table links the rows.
pub enum JoinTable {}

/// The number of rows that a relation of `M` leads to.
pub struct Count<M, R> {
    pub(crate) field: FieldIndex,
    models: PhantomData<fn() -> (M, R)>,
}

/// The number of rows that a relation of `M` leads to and that satisfy a condition.
pub struct FilteredCount<M, R> {
    pub(crate) field: FieldIndex,
    pub(crate) filter: Expression,
    models: PhantomData<fn() -> (M, R)>,
}

/// Some of the rows that a relation from `M` to many rows of `R` leads to, in an order.
pub struct Refined<M, R> {
    pub(crate) field: FieldIndex,
    pub(crate) args: Args,
    models: PhantomData<fn() -> (M, R)>,
}

/// The row that an optional relation from `M` to `R` leads to, when it satisfies a condition.
pub struct Filtered<M, R> {
    pub(crate) field: FieldIndex,
    pub(crate) args: Args,
    models: PhantomData<fn() -> (M, R)>,
}

macro_rules! copied {
    ($([$($parameter:ident),*] $token:ident;)*) => { $(
        impl<$($parameter),*> Copy for $token<$($parameter),*> {}
        impl<$($parameter),*> Clone for $token<$($parameter),*> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<$($parameter),*> $token<$($parameter),*> {
            /// The relation at this place of the model.
            #[doc(hidden)]
            pub const fn new(field: FieldIndex) -> Self {
                Self(field, PhantomData)
            }
        }
    )* };
}

copied! {
    [M, R, K] Many;
    [M, R, K] One;
    [M, R, K] Optional;
}

impl<M, R: Model, K> Many<M, R, K> {
    /// At least one related row satisfies the condition.
    pub fn some<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> Filter<M> {
        quantified(Code::Some, self.0, condition(R::FIELDS))
    }

    /// All related rows satisfy the condition; true when there are none.
    pub fn every<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> Filter<M> {
        quantified(Code::Every, self.0, condition(R::FIELDS))
    }

    /// No related row satisfies the condition.
    pub fn none<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> Filter<M> {
        quantified(Code::None, self.0, condition(R::FIELDS))
    }

    /// The number of related rows.
    pub fn count(self) -> Count<M, R> {
        Count { field: self.0, models: PhantomData }
    }

    /// The related rows that satisfy the condition.
    pub fn filter<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> Refined<M, R> {
        self.refined().filter(condition)
    }

    /// The related rows in this order.
    pub fn order_by<O: Orders<R>>(self, order: impl FnOnce(Fields<R>) -> O) -> Refined<M, R> {
        self.refined().order_by(order)
    }

    /// The first `count` related rows of each row.
    pub fn take(self, count: u32) -> Refined<M, R> {
        self.refined().take(count)
    }

    /// The last `count` related rows of each row, in the given order.
    pub fn last(self, count: u32) -> Refined<M, R> {
        self.refined().last(count)
    }

    /// All but the first `count` related rows of each row.
    pub fn skip(self, count: u32) -> Refined<M, R> {
        self.refined().skip(count)
    }

    fn refined(self) -> Refined<M, R> {
        Refined { field: self.0, args: Args::default(), models: PhantomData }
    }
}

impl<M, R: Model, K> One<M, R, K> {
    /// The related row satisfies the condition.
    pub fn is<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> Filter<M> {
        quantified(Code::Some, self.0, condition(R::FIELDS))
    }

    /// The related row does not satisfy the condition. Where a comparison with a null makes the condition unknown, this is
    /// not true either.
    pub fn is_not<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> Filter<M> {
        quantified(Code::None, self.0, condition(R::FIELDS))
    }

    /// Sorts by a key of the related row.
    pub fn by(self, order: impl FnOnce(Fields<R>) -> Order<R>) -> Order<M> {
        order(R::FIELDS).through(self.0)
    }
}

impl<M, R: Model, K> Optional<M, R, K> {
    /// There is a related row, and it satisfies the condition.
    pub fn is<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> Filter<M> {
        quantified(Code::Some, self.0, condition(R::FIELDS))
    }

    /// There is no related row, or it does not satisfy the condition. Where a comparison with a null makes the condition
    /// unknown, this is not true either.
    pub fn is_not<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> Filter<M> {
        quantified(Code::None, self.0, condition(R::FIELDS))
    }

    /// There is no related row.
    pub fn is_null(self) -> Filter<M> {
        Filter::new(related(Code::None, self.0, Expression::all(Code::And, [])))
    }

    /// There is a related row.
    pub fn is_not_null(self) -> Filter<M> {
        Filter::new(related(Code::Some, self.0, Expression::all(Code::And, [])))
    }

    /// Sorts by a key of the related row.
    pub fn by(self, order: impl FnOnce(Fields<R>) -> Order<R>) -> Order<M> {
        order(R::FIELDS).through(self.0)
    }

    /// The related row, when it satisfies the condition.
    pub fn filter<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> Filtered<M, R> {
        let mut args = Args::default();
        args.filter(condition(R::FIELDS).into_expression());
        Filtered { field: self.0, args, models: PhantomData }
    }
}

fn quantified<M, R>(code: Code, field: FieldIndex, condition: impl Condition<R>) -> Filter<M> {
    Filter::new(related(code, field, condition.into_expression()))
}

pub(crate) fn related(code: Code, field: FieldIndex, mut expression: Expression) -> Expression {
    expression.words.insert_from_slice(0, &[code as u16, field]);
    expression
}

impl<M, R: Model> Count<M, R> {
    /// The number of those related rows that satisfy the condition.
    pub fn filter<F: Condition<R>>(self, condition: impl FnOnce(Fields<R>) -> F) -> FilteredCount<M, R> {
        let filter = condition(R::FIELDS).into_expression();
        FilteredCount { field: self.field, filter, models: PhantomData }
    }
}

impl<M, R> Count<M, R> {
    /// Sorts by the number of related rows, least first.
    pub fn asc(self) -> Order<M> {
        Order::new(Code::Count, self.field, false)
    }

    /// Sorts by the number of related rows, greatest first.
    pub fn desc(self) -> Order<M> {
        Order::new(Code::Count, self.field, true)
    }
}

impl<M, R: Model> Refined<M, R> {
    /// Only those that satisfy the condition too.
    pub fn filter<F: Condition<R>>(mut self, condition: impl FnOnce(Fields<R>) -> F) -> Self {
        self.args.filter(condition(R::FIELDS).into_expression());
        self
    }

    /// In this order; a second call adds less significant keys.
    pub fn order_by<O: Orders<R>>(mut self, order: impl FnOnce(Fields<R>) -> O) -> Self {
        order(R::FIELDS).write(&mut self.args);
        self
    }

    /// The first `count` of each row.
    pub fn take(mut self, count: u32) -> Self {
        self.args.take = Some(Take::First(count));
        self
    }

    /// The last `count` of each row, in the given order.
    pub fn last(mut self, count: u32) -> Self {
        self.args.take = Some(Take::Last(count));
        self
    }

    /// All but the first `count` of each row.
    pub fn skip(mut self, count: u32) -> Self {
        self.args.skip = Some(count);
        self
    }
}
