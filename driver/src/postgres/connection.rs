//! One connection, and the run of a plan on it.

use std::ops::ControlFlow;
use std::sync::Arc;

use futures_util::StreamExt as _;
use purlin_query::dialect::ParameterType;
use purlin_query::plan::{Access, Plan, Run, Sql};
use purlin_query::value::Value;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgConnection, PgTypeInfo};
use sqlx::{Arguments as _, AssertSqlSafe, Either, Executor as _, Postgres, Type};

use super::error::{ErrorContext, convert, is_of_statement};
use super::{decode, encode, oid, rows};
use crate::error::Error;
use crate::execution::{Answer, Call, Changed, Execution, Parameters, PlannedQuery, is_one_read};
use crate::prepared::Prepared;
use crate::reply::{Recycler, Reply};

/// What the server has last said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    /// The statement has run, or none has.
    Ready,
    /// The statement has failed, and with it the transaction.
    Failed,
    /// Nothing: the connection cannot be used again.
    Lost,
}

/// A connection to the server.
pub(super) struct Connection {
    pub(super) server: PgConnection,
    /// The number of its process at the server, by which another connection cancels what it runs.
    pub(super) process: i32,
    pub(super) health: Health,
    /// Whether the present query has sent more than the start of a transaction.
    pub(super) has_begun: bool,
    /// Where parameters are encoded.
    scratch: Vec<u8>,
}

impl Connection {
    pub(super) fn new(server: PgConnection, process: i32) -> Self {
        Self { server, process, health: Health::Ready, has_begun: false, scratch: Vec::new() }
    }

    /// Runs a query by itself: when it fails, nothing of it stands.
    pub(super) async fn run(
        &mut self,
        prepared: &Arc<Prepared>,
        values: &[Value],
        recycler: &Arc<Recycler>,
    ) -> Result<Reply, Error> {
        self.has_begun = is_one_statement(&prepared.plan);
        let begin = match prepared.plan.access {
            _ if self.has_begun => {
                let result = self.execute(prepared, values, recycler).await;
                if self.health == Health::Failed {
                    // There is no transaction that would have failed with it.
                    self.health = Health::Ready;
                }
                return result;
            }
            // One snapshot for all levels of a read.
            Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Access::Write => "BEGIN",
        };
        self.command(begin).await?;
        self.has_begun = true;
        let result = self.execute(prepared, values, recycler).await;
        let ended = match &result {
            Ok(_) => self.command("COMMIT").await,
            Err(_) if self.health == Health::Lost => Ok(()),
            Err(_) => self.roll_back().await,
        };
        result.and_then(|reply| ended.map(|()| reply))
    }

    /// Runs a query in the transaction that is open. When it fails, nothing of it stands there; whether the transaction does,
    /// [`Self::health`] says.
    pub(super) async fn run_in_transaction(
        &mut self,
        prepared: &Arc<Prepared>,
        values: &[Value],
        recycler: &Arc<Recycler>,
    ) -> Result<Reply, Error> {
        if prepared.plan.access == Access::Read {
            return self.execute(prepared, values, recycler).await;
        }
        self.command("SAVEPOINT purlin_write").await?;
        let result = self.execute(prepared, values, recycler).await;
        if result.is_err() && self.health != Health::Lost {
            self.health = Health::Ready;
            let undone = self.command("ROLLBACK TO SAVEPOINT purlin_write").await;
            if undone.is_ok() {
                let _ = self.command("RELEASE SAVEPOINT purlin_write").await;
            }
            return result;
        }
        let reply = result?;
        self.command("RELEASE SAVEPOINT purlin_write").await?;
        Ok(reply)
    }

    /// Ends a transaction without what it wrote. Where there is none, it does nothing.
    pub(super) async fn roll_back(&mut self) -> Result<(), Error> {
        self.command("ROLLBACK").await?;
        self.health = Health::Ready;
        Ok(())
    }

    async fn execute(
        &mut self,
        prepared: &Arc<Prepared>,
        values: &[Value],
        recycler: &Arc<Recycler>,
    ) -> Result<Reply, Error> {
        let query = PlannedQuery { prepared, plan: &prepared.plan, values, most_bytes: u64::MAX };
        let mut execution = Execution::new(&query, recycler);
        while let Some((call, mut answer)) = execution.next()? {
            self.call(&call, &mut answer).await?;
            execution.done(answer)?;
        }
        execution.finish()
    }

    /// Runs a statement, and puts what it returns into the answer.
    async fn call(&mut self, call: &Call<'_>, answer: &mut Answer<'_>) -> Result<(), Error> {
        let step = call.step();
        let Sql::Fixed(sql) = &step.sql else {
            return Err(Error::invalid("the plan has a statement that PostgreSQL does not take"));
        };
        let catalog = call.catalog();
        let place = ErrorContext { catalog, model: step.write.and_then(|write| write.model), call: call.model() };
        let of_rows = match &step.run {
            Run::EachRow { values: Some(place), .. } => Some(place),
            _ => None,
        };
        let mut text: Arc<str> = Arc::from(sql.as_str());
        let (mut of_text, parameters) = (1, step.types.len());
        let mut runs = call.runs();
        let mut left = runs.len();
        while left > 0 {
            let together = if of_rows.is_some() { rows::together(left, parameters) } else { 1 };
            if let (Some(place), true) = (of_rows, together != of_text) {
                let several = rows::text(sql, place, together, parameters);
                text = several.ok_or_else(|| Error::invalid("the values of a row are not in its statement"))?.into();
                of_text = together;
            }
            left -= together;
            let arguments = self.arguments(runs.by_ref().take(together), &step.types)?;
            // Texts of several rows are of any number, and not worth keeping.
            let query = sqlx::query_with(AssertSqlSafe(Arc::clone(&text)), arguments).persistent(together == 1);
            let mut results = self.server.fetch_many(query);
            let mut changed = 0;
            let mut is_wanted = true;
            let mut unfit = None;
            let mut failed = None;
            // To its end in any case: the connection is used again.
            while let Some(result) = results.next().await {
                match result {
                    Ok(Either::Left(done)) => changed += done.rows_affected(),
                    Ok(Either::Right(_)) if !is_wanted => {}
                    Ok(Either::Right(row)) => {
                        let read = decode::row(catalog, answer.columns(), &row, &mut answer.frame);
                        match read.and_then(|()| answer.row_is_read()) {
                            Ok(next) => is_wanted = next == ControlFlow::Continue(()),
                            Err(error) => (unfit, is_wanted) = (Some(error), false),
                        }
                    }
                    Err(error) => failed = Some(error),
                }
            }
            drop(results);
            if let Some(error) = failed {
                return Err(self.failed(&error, Some(&place)));
            }
            if let Some(error) = unfit {
                return Err(error);
            }
            let counts = answer.columns().is_empty() || answer.is_counted();
            // Where a row was left out, none of the statement counts.
            let is_whole = of_rows.is_none() || changed == together as u64;
            answer.ran(Changed::Rows(if counts && is_whole { changed } else { 0 }))?;
        }
        Ok(())
    }

    /// Notes an error of the server, and makes it ours.
    fn failed(&mut self, error: &sqlx::Error, place: Option<&ErrorContext<'_>>) -> Error {
        self.health = if is_of_statement(error) { Health::Failed } else { Health::Lost };
        convert(error, place)
    }

    /// The parameters of a statement that does the work of some runs, in the form of the server.
    fn arguments<'c>(
        &mut self,
        runs: impl Iterator<Item = Parameters<'c>>,
        types: &[ParameterType],
    ) -> Result<PgArguments, Error> {
        let (scratch, mut arguments) = (&mut self.scratch, PgArguments::default());
        for parameters in runs {
            arguments.reserve(types.len(), 0);
            let mut declared = types.iter();
            parameters.each(|bound| {
                let ty =
                    *declared.next().ok_or_else(|| Error::invalid("a statement has more parameters than types"))?;
                scratch.clear();
                let is_there = encode::parameter(&bound, ty, scratch)?;
                let argument = Argument { bytes: is_there.then_some(scratch), oid: oid::declared(ty) };
                arguments.add(argument).map_err(|_| Error::invalid("a value is too large for PostgreSQL"))
            })?;
        }
        Ok(arguments)
    }

    /// Runs a statement without parameters and results.
    pub(super) async fn command(&mut self, sql: &'static str) -> Result<(), Error> {
        match self.server.execute(sql).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.failed(&error, None)),
        }
    }

    /// Runs a script of statements.
    pub(super) async fn script(&mut self, sql: String) -> Result<(), Error> {
        match self.server.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.failed(&error, None)),
        }
    }
}

/// Returns whether a plan is one statement, which is a transaction by itself. One that writes and returns rows is none: when
/// they do not fit the schema, nothing may be written.
fn is_one_statement(plan: &Plan) -> bool {
    let changes_at_once = matches!(plan.steps.as_slice(), [step] if {
        matches!(step.run, Run::Once | Run::Single) && step.columns.is_empty() && step.require.is_none()
    });
    is_one_read(plan) || changes_at_once
}

/// A parameter that is encoded already.
struct Argument<'a> {
    bytes: Option<&'a Vec<u8>>,
    oid: u32,
}

impl Type<Postgres> for Argument<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(0))
    }
}

impl Encode<'_, Postgres> for Argument<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match self.bytes {
            Some(bytes) => {
                buffer.extend_from_slice(bytes);
                Ok(IsNull::No)
            }
            None => Ok(IsNull::Yes),
        }
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(Oid(self.oid)))
    }
}
