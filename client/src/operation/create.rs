//! `create` and `create_many`.

use std::future::IntoFuture;
use std::marker::PhantomData;

use purlin_query::shape::Code;

use super::Loading;
use crate::db::Db;
use crate::error::Error;
use crate::expression::EncodedQuery;
use crate::model::{Fields, Model};
use crate::refine::Refine;
use crate::rows::Rows;
use crate::run::{self, Run};
use crate::select::Select;
use crate::write::{New, NewRow, Sets};

/// The creation of a row of `M`, which returns it as a `T`. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct Create<'a, M, T> {
    db: &'a Db,
    new: New<M>,
    loading: Loading<T>,
}

impl<'a, M: Model> Create<'a, M, M> {
    pub(crate) fn new(db: &'a Db, new: New<M>) -> Self {
        Self { db, new, loading: Loading::new() }
    }
}

impl<'a, M: Model, T: Select<Model = M>> Create<'a, M, T> {
    /// Gives values to fields that have no place in the struct of required ones. Several calls add up.
    pub fn set<S: Sets<M, NewRow>>(mut self, sets: impl FnOnce(Fields<M>) -> S) -> Self {
        self.new = self.new.set(sets);
        self
    }

    /// Gives the row as a `U`, a fragment of the model.
    pub fn select<U: Select<Model = M>>(self) -> Create<'a, M, U> {
        Create { db: self.db, new: self.new, loading: Loading::new() }
    }

    /// Refines a relation of the fragment: `.with(|card| card.posts.take(3))`.
    pub fn with<V>(mut self, refine: impl FnOnce(T::Slots) -> Refine<V>) -> Self {
        self.loading.refine(refine(T::slots(0)));
        self
    }
}

impl<'a, M: Model, T: Select> IntoFuture for Create<'a, M, T> {
    type Output = Result<T, Error>;
    type IntoFuture = Run<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        let mut query = EncodedQuery::new(Code::Create, M::INDEX);
        query.append(self.new.writes);
        query.code(Code::End);
        self.loading.write(&mut query);
        Run::new(self.db, query, run::required)
    }
}

/// The creation of rows of `M`. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct CreateMany<'a, M> {
    db: &'a Db,
    rows: Rows,
    model: PhantomData<fn() -> M>,
}

impl<'a, M: Model> CreateMany<'a, M> {
    pub(crate) fn new(db: &'a Db, rows: impl Iterator<Item = New<M>>) -> Self {
        Self { db, rows: Rows::new(rows), model: PhantomData }
    }
}

impl<'a, M: Model> IntoFuture for CreateMany<'a, M> {
    type Output = Result<u64, Error>;
    type IntoFuture = Run<'a, u64>;

    fn into_future(self) -> Self::IntoFuture {
        let mut query = EncodedQuery::new(Code::CreateMany, M::INDEX);
        self.rows.write(&mut query);
        Run::new(self.db, query, run::affected)
    }
}
