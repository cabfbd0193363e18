//! `upsert`.

use std::future::IntoFuture;
use std::marker::PhantomData;

use purlin_query::shape::Code;

use super::Loading;
use crate::db::Db;
use crate::error::Error;
use crate::expression::{EncodedQuery, Expression};
use crate::filter::{Condition, Key};
use crate::model::Model;
use crate::refine::Refine;
use crate::run::{self, Run};
use crate::select::Select;
use crate::write::New;

/// A change of a row of `M`, or its creation where it is not there, which returns it as a `T`. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct Upsert<'a, M, T> {
    db: &'a Db,
    key: Expression,
    new: Expression,
    changes: Expression,
    loading: Loading<T>,
    model: PhantomData<fn() -> M>,
}

impl<'a, M: Model> Upsert<'a, M, M> {
    pub(crate) fn new<L>(db: &'a Db, key: Key<M>, new: New<M, L>, changes: Expression) -> Self {
        let loading = Loading::new();
        Self { db, key: key.into_expression(), new: new.writes, changes, loading, model: PhantomData }
    }
}

impl<'a, M: Model, T: Select<Model = M>> Upsert<'a, M, T> {
    /// Gives the row as a `U`, a fragment of the model.
    pub fn select<U: Select<Model = M>>(self) -> Upsert<'a, M, U> {
        let Self { db, key, new, changes, .. } = self;
        Upsert { db, key, new, changes, loading: Loading::new(), model: PhantomData }
    }

    /// Refines a relation of the fragment: `.with(|card| card.posts.take(3))`.
    pub fn with<V>(mut self, refine: impl FnOnce(T::Slots) -> Refine<V>) -> Self {
        self.loading.refine(refine(T::slots(0)));
        self
    }
}

impl<'a, M: Model, T: Select> IntoFuture for Upsert<'a, M, T> {
    type Output = Result<T, Error>;
    type IntoFuture = Run<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        let mut query = EncodedQuery::new(Code::Upsert, M::INDEX);
        query.filter(self.key);
        query.append(self.new);
        query.code(Code::End);
        query.append(self.changes);
        query.code(Code::End);
        self.loading.write(&mut query);
        Run::new(self.db, query, run::required)
    }
}
