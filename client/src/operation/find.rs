//! `find_many`, `find_first` and `find_unique`.

use std::future::IntoFuture;
use std::marker::PhantomData;

use purlin_driver::Reply;
use purlin_query::shape::Code;

use super::Loading;
use crate::args::{Args, Take};
use crate::db::Db;
use crate::error::Error;
use crate::expression::EncodedQuery;
use crate::filter::{Condition, Key};
use crate::model::{Fields, Model};
use crate::order::Orders;
use crate::refine::Refine;
use crate::run::{self, Origin, Run};
use crate::select::Select;

/// A read of rows of `M` as `T`. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct Find<'a, M, T, R> {
    db: &'a Db,
    operation: Code,
    args: Args,
    loading: Loading<T>,
    mode: PhantomData<fn() -> (M, R)>,
}

/// Marks a [`Find`] that returns all rows, as a `Vec`.
pub enum All {}
/// Marks a [`Find`] that returns the first row, if any.
pub enum First {}
/// Marks a [`Find`] that returns the row that a key names, if any.
pub enum Unique {}
/// Marks a [`Find`] that returns a row, or an error when there is none.
pub enum Required {}

/// How many rows a [`Find`] returns.
pub trait Mode<T> {
    /// What the query returns.
    type Output;
    #[doc(hidden)]
    fn load(reply: Reply, origin: &Origin<'_>) -> Result<Self::Output, Error>;
}

impl<'a, M: Model> Find<'a, M, M, Unique> {
    pub(crate) fn key(mut self, key: Key<M>) -> Self {
        self.args.filter = key.into_expression();
        self
    }
}

impl<'a, M: Model, R> Find<'a, M, M, R> {
    #[inline]
    pub(crate) fn new(db: &'a Db, operation: Code) -> Self {
        Self { db, operation, args: Args::default(), loading: Loading::new(), mode: PhantomData }
    }
}

impl<'a, M: Model, T: Select<Model = M>, R> Find<'a, M, T, R> {
    /// Loads each row as a `U`, a fragment of the model.
    #[inline]
    pub fn select<U: Select<Model = M>>(self) -> Find<'a, M, U, R> {
        let Self { db, operation, args, .. } = self;
        Find { db, operation, args, loading: Loading::new(), mode: PhantomData }
    }

    /// Refines a relation of the fragment: `.with(|card| card.posts.take(3))`.
    pub fn with<V>(mut self, refine: impl FnOnce(T::Slots) -> Refine<V>) -> Self {
        self.loading.refine(refine(T::slots(0)));
        self
    }
}

/// The arguments that a query of several rows takes.
macro_rules! arguments {
    ($($mode:ident),*) => { $(
        impl<'a, M: Model, T: Select<Model = M>> Find<'a, M, T, $mode> {
            /// Only rows that satisfy the condition. Several calls add up.
            #[inline]
            pub fn filter<F: Condition<M>>(mut self, condition: impl FnOnce(Fields<M>) -> F) -> Self {
                self.args.filter(condition(M::FIELDS).into_expression());
                self
            }

            /// In this order; a second call adds less significant keys.
            pub fn order_by<O: Orders<M>>(mut self, order: impl FnOnce(Fields<M>) -> O) -> Self {
                order(M::FIELDS).write(&mut self.args);
                self
            }

            /// Leaves out the first `count` rows.
            pub fn skip(mut self, count: u32) -> Self {
                self.args.skip = Some(count);
                self
            }
        }
    )* };
}

arguments!(All, First);

impl<'a, M: Model, T: Select<Model = M>> Find<'a, M, T, All> {
    /// At most `count` rows, from the start.
    pub fn take(mut self, count: u32) -> Self {
        self.args.take = Some(Take::First(count));
        self
    }

    /// At most `count` rows, from the end; they come in the given order all the same.
    pub fn last(mut self, count: u32) -> Self {
        self.args.take = Some(Take::Last(count));
        self
    }
}

macro_rules! required {
    ($($mode:ident),*) => { $(
        impl<'a, M: Model, T: Select<Model = M>> Find<'a, M, T, $mode> {
            /// Gives the row itself, and an error that [is not found](Error::is_not_found) when there is none.
            pub fn or_not_found(self) -> Find<'a, M, T, Required> {
                let Self { db, operation, args, loading, .. } = self;
                Find { db, operation, args, loading, mode: PhantomData }
            }
        }
    )* };
}

required!(First, Unique);

impl<T: Select> Mode<T> for All {
    type Output = Vec<T>;
    fn load(reply: Reply, origin: &Origin<'_>) -> Result<Vec<T>, Error> {
        run::rows(reply, origin)
    }
}

impl<T: Select> Mode<T> for First {
    type Output = Option<T>;
    fn load(reply: Reply, origin: &Origin<'_>) -> Result<Option<T>, Error> {
        run::optional(reply, origin)
    }
}

impl<T: Select> Mode<T> for Unique {
    type Output = Option<T>;
    fn load(reply: Reply, origin: &Origin<'_>) -> Result<Option<T>, Error> {
        run::optional(reply, origin)
    }
}

impl<T: Select> Mode<T> for Required {
    type Output = T;
    fn load(reply: Reply, origin: &Origin<'_>) -> Result<T, Error> {
        run::required(reply, origin)
    }
}

impl<'a, M: Model, T: Select, R: Mode<T>> IntoFuture for Find<'a, M, T, R> {
    type Output = Result<R::Output, Error>;
    type IntoFuture = Run<'a, R::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let mut query = EncodedQuery::new(self.operation, M::INDEX);
        self.args.write(&mut query);
        self.loading.write(&mut query);
        Run::new(self.db, query, R::load)
    }
}
