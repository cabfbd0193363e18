//! Runs queries. One road for all of them, without type parameters; only the last step knows the result's type.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use purlin_driver::{NotRun, Reply};
use purlin_query::catalog::Catalog;
use purlin_query::plan::Access;

use crate::db::{Db, Executor};
use crate::error::Error;
use crate::expression::EncodedQuery;
use crate::inside;
use crate::load::{load_row, load_rows};
use crate::select::Select;
use crate::value::{is_too_deep, overflows};

/// A query on its way to a `T`.
#[must_use = "a query does nothing until awaited"]
pub struct Run<'a, T> {
    execution: Execution<'a>,
    load: fn(Reply, &Origin<'a>) -> Result<T, Error>,
    origin: Origin<'a>,
}

/// What loading needs beside the reply.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    catalog: &'a Catalog,
    model: u16,
}

#[expect(clippy::large_enum_variant, reason = "a quick read is asked and answered without an allocation")]
enum Execution<'a> {
    Asked(&'a Db, EncodedQuery),
    Running(purlin_driver::Running<Reply>),
    Failed(Error),
    Done,
}

impl Execution<'_> {
    /// Begins the query: an answer at once, where the engine has it, or a query on its way.
    fn begin(db: &Db, query: EncodedQuery) -> Result<Result<Reply, purlin_driver::Running<Reply>>, Error> {
        if overflows(&query.values) {
            return Err(Error::invalid("a decimal has more digits than a database can hold"));
        }
        if is_too_deep(&query.values) {
            return Err(Error::invalid("a Json value nests deeper than 127 levels, which could not be read back"));
        }
        match &db.executor {
            Executor::Engine(engine) => {
                let prepared = engine.prepare(&query.words)?;
                let waits = prepared.plan.access == Access::Write || engine.has_one_connection();
                if waits && inside::is_inside(engine) {
                    return Err(Error::inside());
                }
                match engine.try_run(prepared, query.values) {
                    Ok(reply) => Ok(Ok(reply)),
                    Err(NotRun::Failed(error)) => Err(error.into()),
                    Err(NotRun::Waits(query)) => Ok(Err(engine.run_checked(query))),
                }
            }
            Executor::Transaction(open) => open.with(|transaction| {
                let prepared = transaction.engine().prepare(&query.words)?;
                Ok(Err(transaction.run(&prepared, query.values.into_vec())))
            })?,
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Reply, Error>> {
        loop {
            match std::mem::replace(self, Self::Done) {
                Self::Asked(db, query) => match Self::begin(db, query) {
                    Ok(Ok(reply)) => return Poll::Ready(Ok(reply)),
                    Ok(Err(running)) => *self = Self::Running(running),
                    Err(error) => return Poll::Ready(Err(error)),
                },
                Self::Running(mut running) => match Pin::new(&mut running).poll(context) {
                    Poll::Ready(reply) => return Poll::Ready(reply.map_err(Error::from)),
                    Poll::Pending => {
                        *self = Self::Running(running);
                        return Poll::Pending;
                    }
                },
                Self::Failed(error) => return Poll::Ready(Err(error)),
                Self::Done => return Poll::Ready(Err(Error::internal("a query was polled after its end"))),
            }
        }
    }
}

impl<'a, T> Run<'a, T> {
    pub(crate) fn new(db: &'a Db, query: EncodedQuery, load: fn(Reply, &Origin<'a>) -> Result<T, Error>) -> Self {
        if let Some(error) = query.refused {
            return Self::failed(db, *error, load);
        }
        let model = query.words.get(1).copied().unwrap_or_default();
        Self { execution: Execution::Asked(db, query), load, origin: Origin { catalog: db.catalog, model } }
    }

    pub(crate) fn failed(db: &'a Db, error: Error, load: fn(Reply, &Origin<'a>) -> Result<T, Error>) -> Self {
        let origin = Origin { catalog: db.catalog, model: 0 };
        Self { execution: Execution::Failed(error), load, origin }
    }
}

impl<T> Future for Run<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let reply = match self.execution.poll(context) {
            Poll::Ready(reply) => reply,
            Poll::Pending => return Poll::Pending,
        };
        Poll::Ready(reply.and_then(|reply| (self.load)(reply, &self.origin)))
    }
}

pub(crate) fn rows<T: Select>(reply: Reply, origin: &Origin<'_>) -> Result<Vec<T>, Error> {
    match reply {
        Reply::Rows(rows) => load_rows(&rows, origin.catalog),
        _ => Err(unexpected()),
    }
}

pub(crate) fn optional<T: Select>(reply: Reply, origin: &Origin<'_>) -> Result<Option<T>, Error> {
    match reply {
        Reply::Rows(rows) => load_row(&rows, origin.catalog),
        _ => Err(unexpected()),
    }
}

pub(crate) fn required<T: Select>(reply: Reply, origin: &Origin<'_>) -> Result<T, Error> {
    optional(reply, origin)?
        .ok_or_else(|| Error::not_found(origin.catalog.model(origin.model).map_or("row", |model| &model.name)))
}

pub(crate) fn affected(reply: Reply, _: &Origin<'_>) -> Result<u64, Error> {
    match reply {
        Reply::Affected(rows) => Ok(rows),
        _ => Err(unexpected()),
    }
}

pub(crate) fn count(reply: Reply, _: &Origin<'_>) -> Result<i64, Error> {
    match reply {
        Reply::Counts(counts) => counts.first().copied().ok_or_else(unexpected),
        _ => Err(unexpected()),
    }
}

#[cold]
fn unexpected() -> Error {
    Error::internal("the engine answered another question than was asked")
}
