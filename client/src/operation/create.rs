//! `create` and `create_many`.

use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use purlin_query::shape::Code;

use super::Loading;
use crate::db::Db;
use crate::error::Error;
use crate::expression::EncodedQuery;
use crate::model::{Fields, Model};
use crate::refine::Refine;
use crate::required::{After, Complete, Fills};
use crate::rows::Rows;
use crate::run::{self, Run};
use crate::select::Select;
use crate::write::{New, NewRow, Sets};

/// The creation of a row of `M`, which returns it as a `T`. Await it.
///
/// `Lacks` is what the row lacks of the required foreign keys: with `()`, it can be created.
#[must_use = "a query does nothing until awaited"]
pub struct Create<'a, M, T, Lacks = ()> {
    db: &'a Db,
    new: New<M, Lacks>,
    loading: Loading<T>,
    running: Option<Run<'a, T>>,
}

impl<'a, M: Model, Lacks> Create<'a, M, M, Lacks> {
    pub(crate) fn new(db: &'a Db, new: New<M, Lacks>) -> Self {
        Self { db, new, loading: Loading::new(), running: None }
    }
}

impl<'a, M: Model, T: Select<Model = M>, Lacks> Create<'a, M, T, Lacks> {
    /// Gives values to fields that have no place in the struct of required ones. Several calls add up.
    pub fn set<S: Sets<M, NewRow>>(self, sets: impl FnOnce(Fields<M>) -> S) -> Create<'a, M, T, After<M, S, Lacks>>
    where
        S::Fills: Fills<Lacks>,
    {
        Create { db: self.db, new: self.new.set(sets), loading: self.loading, running: None }
    }

    /// Gives the row as a `U`, a fragment of the model.
    pub fn select<U: Select<Model = M>>(self) -> Create<'a, M, U, Lacks> {
        Create { db: self.db, new: self.new, loading: Loading::new(), running: None }
    }

    /// Refines a relation of the fragment: `.with(|card| card.posts.take(3))`.
    pub fn with<V>(mut self, refine: impl FnOnce(T::Slots) -> Refine<V>) -> Self {
        self.loading.refine(refine(T::slots(0)));
        self
    }
}

// A future itself, unlike the other operations: of an `IntoFuture` that it does not implement rustc says "is not a future", and
// of a `Future` it says which foreign key is missing.
impl<M: Model, T: Select, Lacks: Complete> Future for Create<'_, M, T, Lacks> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let running = this.running.get_or_insert_with(|| {
            let mut query = EncodedQuery::new(Code::Create, M::INDEX);
            query.append(std::mem::take(&mut this.new.writes));
            query.code(Code::End);
            this.loading.write(&mut query);
            Run::new(this.db, query, run::required)
        });
        Pin::new(running).poll(context)
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
    pub(crate) fn new<L>(db: &'a Db, rows: impl Iterator<Item = New<M, L>>) -> Self {
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
