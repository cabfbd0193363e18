//! `count`.

use std::future::IntoFuture;
use std::marker::PhantomData;

use purlin_query::shape::Code;

use crate::args::{Args, Take};
use crate::db::Db;
use crate::error::Error;
use crate::expression::EncodedQuery;
use crate::filter::Condition;
use crate::model::{Fields, Model};
use crate::run::{self, Run};

/// The number of rows of `M` that match. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct Count<'a, M> {
    db: &'a Db,
    args: Args,
    model: PhantomData<fn() -> M>,
}

impl<'a, M: Model> Count<'a, M> {
    pub(crate) fn new(db: &'a Db) -> Self {
        Self { db, args: Args::default(), model: PhantomData }
    }

    /// Only rows that satisfy the condition. Several calls add up.
    pub fn filter<F: Condition<M>>(mut self, condition: impl FnOnce(Fields<M>) -> F) -> Self {
        self.args.filter(condition(M::FIELDS).into_expression());
        self
    }

    /// Counts no further than `count`, which is quicker where only "more than so many" matters.
    pub fn take(mut self, count: u32) -> Self {
        self.args.take = Some(Take::First(count));
        self
    }

    /// Leaves out the first `count` rows.
    pub fn skip(mut self, count: u32) -> Self {
        self.args.skip = Some(count);
        self
    }
}

impl<'a, M: Model> IntoFuture for Count<'a, M> {
    type Output = Result<i64, Error>;
    type IntoFuture = Run<'a, i64>;

    fn into_future(self) -> Self::IntoFuture {
        let mut query = EncodedQuery::new(Code::Count, M::INDEX);
        self.args.write(&mut query);
        query.words.extend_from_slice(&[1, Code::All as u16]);
        Run::new(self.db, query, run::count)
    }
}
