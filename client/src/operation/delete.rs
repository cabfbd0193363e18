//! `delete` and `delete_many`.

use std::future::IntoFuture;
use std::marker::PhantomData;

use purlin_query::shape::Code;

use super::Loading;
use crate::args::Args;
use crate::bulk;
use crate::db::Db;
use crate::error::Error;
use crate::expression::{EncodedQuery, Expression};
use crate::filter::{Condition, Key};
use crate::model::{Fields, Model};
use crate::refine::Refine;
use crate::run::{self, Run};
use crate::select::Select;

/// The removal of a row of `M`, which returns it as a `T`. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct Delete<'a, M, T> {
    db: &'a Db,
    key: Expression,
    loading: Loading<T>,
    model: PhantomData<fn() -> M>,
}

impl<'a, M: Model> Delete<'a, M, M> {
    pub(crate) fn new(db: &'a Db, key: Key<M>) -> Self {
        Self { db, key: key.into_expression(), loading: Loading::new(), model: PhantomData }
    }
}

impl<'a, M: Model, T: Select<Model = M>> Delete<'a, M, T> {
    /// Gives the row as a `U`, a fragment of the model.
    pub fn select<U: Select<Model = M>>(self) -> Delete<'a, M, U> {
        Delete { db: self.db, key: self.key, loading: Loading::new(), model: PhantomData }
    }

    /// Refines a relation of the fragment: `.with(|card| card.posts.take(3))`.
    pub fn with<V>(mut self, refine: impl FnOnce(T::Slots) -> Refine<V>) -> Self {
        self.loading.refine(refine(T::slots(0)));
        self
    }
}

impl<'a, M: Model, T: Select> IntoFuture for Delete<'a, M, T> {
    type Output = Result<T, Error>;
    type IntoFuture = Run<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        let mut query = EncodedQuery::new(Code::Delete, M::INDEX);
        query.filter(self.key);
        self.loading.write(&mut query);
        Run::new(self.db, query, run::required)
    }
}

/// The removal of all rows of `M` that match. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct DeleteMany<'a, M> {
    db: &'a Db,
    args: Args,
    model: PhantomData<fn() -> M>,
}

impl<'a, M: Model> DeleteMany<'a, M> {
    pub(crate) fn new(db: &'a Db) -> Self {
        Self { db, args: Args::default(), model: PhantomData }
    }

    /// Only rows that satisfy the condition. Several calls add up. One that every row satisfies, since it came out empty,
    /// is refused.
    pub fn filter<F: Condition<M>>(mut self, condition: impl FnOnce(Fields<M>) -> F) -> Self {
        self.args.filter(condition(M::FIELDS).into_expression());
        self
    }
}

impl<'a, M: Model> IntoFuture for DeleteMany<'a, M> {
    type Output = Result<u64, Error>;
    type IntoFuture = Run<'a, u64>;

    fn into_future(self) -> Self::IntoFuture {
        if let Err(error) =
            bulk::check(self.db.catalog, M::INDEX, "delete_many", &self.args.filter, "leave out `filter`")
        {
            return Run::failed(self.db, error, run::affected);
        }
        let mut query = EncodedQuery::new(Code::DeleteMany, M::INDEX);
        query.filter(self.args.filter);
        Run::new(self.db, query, run::affected)
    }
}
