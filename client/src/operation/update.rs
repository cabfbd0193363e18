//! `update` and `update_many`.

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
use crate::write::{ExistingRow, ManyRows, Sets};

/// A change of a row of `M`, which returns it as a `T`. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct Update<'a, M, T> {
    db: &'a Db,
    key: Expression,
    writes: Expression,
    loading: Loading<T>,
    model: PhantomData<fn() -> M>,
}

impl<'a, M: Model> Update<'a, M, M> {
    pub(crate) fn new(db: &'a Db, key: Key<M>) -> Self {
        Self {
            db,
            key: key.into_expression(),
            writes: Expression::default(),
            loading: Loading::new(),
            model: PhantomData,
        }
    }
}

impl<'a, M: Model, T: Select<Model = M>> Update<'a, M, T> {
    /// What changes. Several calls add up.
    pub fn set<S: Sets<M, ExistingRow>>(mut self, sets: impl FnOnce(Fields<M>) -> S) -> Self {
        sets(M::FIELDS).write(&mut self.writes);
        self
    }

    /// Gives the row as a `U`, a fragment of the model.
    pub fn select<U: Select<Model = M>>(self) -> Update<'a, M, U> {
        Update { db: self.db, key: self.key, writes: self.writes, loading: Loading::new(), model: PhantomData }
    }

    /// Refines a relation of the fragment: `.with(|card| card.posts.take(3))`.
    pub fn with<V>(mut self, refine: impl FnOnce(T::Slots) -> Refine<V>) -> Self {
        self.loading.refine(refine(T::slots(0)));
        self
    }
}

impl<'a, M: Model, T: Select> IntoFuture for Update<'a, M, T> {
    type Output = Result<T, Error>;
    type IntoFuture = Run<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        let mut query = EncodedQuery::new(Code::Update, M::INDEX);
        query.filter(self.key);
        query.append(self.writes);
        query.code(Code::End);
        self.loading.write(&mut query);
        Run::new(self.db, query, run::required)
    }
}

/// A change of all rows of `M` that match. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct UpdateMany<'a, M> {
    db: &'a Db,
    args: Args,
    writes: Expression,
    model: PhantomData<fn() -> M>,
}

impl<'a, M: Model> UpdateMany<'a, M> {
    pub(crate) fn new(db: &'a Db) -> Self {
        Self { db, args: Args::default(), writes: Expression::default(), model: PhantomData }
    }

    /// Only rows that satisfy the condition. Several calls add up. One that every row satisfies, since it came out empty,
    /// is refused.
    pub fn filter<F: Condition<M>>(mut self, condition: impl FnOnce(Fields<M>) -> F) -> Self {
        self.args.filter(condition(M::FIELDS).into_expression());
        self
    }

    /// What changes, columns only. Several calls add up.
    pub fn set<S: Sets<M, ManyRows>>(mut self, sets: impl FnOnce(Fields<M>) -> S) -> Self {
        sets(M::FIELDS).write(&mut self.writes);
        self
    }
}

impl<'a, M: Model> IntoFuture for UpdateMany<'a, M> {
    type Output = Result<u64, Error>;
    type IntoFuture = Run<'a, u64>;

    fn into_future(self) -> Self::IntoFuture {
        if let Err(error) =
            bulk::check(self.db.catalog, M::INDEX, "update_many", &self.args.filter, "leave out `filter`")
        {
            return Run::failed(self.db, error, run::affected);
        }
        let mut query = EncodedQuery::new(Code::UpdateMany, M::INDEX);
        query.filter(self.args.filter);
        query.append(self.writes);
        query.code(Code::End);
        Run::new(self.db, query, run::affected)
    }
}
