//! `db push`: makes a database what the schema describes, without a history.

use purlin_schema::model::Schema;

use crate::{
    Error,
    connection::{Connection, Version},
    database::DatabaseSchema,
    diff::Ownership,
    plan::{Level, Plan},
};

/// A plan for a database at hand, in the state in which it was planned for.
#[derive(Debug, Clone)]
pub struct Push {
    plan: Plan,
    version: Version,
    current: DatabaseSchema,
    wanted: DatabaseSchema,
}

impl Push {
    /// The statements, and what they do to the database and its data.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}

/// What it takes to make the database what `schema` describes.
///
/// There is no record of what earlier schemas owned, so tables that this one does not know stay.
pub fn plan(connection: &mut Connection, schema: &Schema) -> Result<Push, Error> {
    let version = connection.version()?;
    let current = connection.introspect()?;
    let wanted = connection.lower(schema)?;
    let plan = connection.plan(&current, &wanted, Ownership::Convention)?;
    Ok(Push { plan, version, current, wanted })
}

/// Whether values may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataLoss {
    /// A plan that loses some is refused.
    Refused,
    /// The user knows what is lost.
    Accepted,
}

/// Does it, as one transaction.
pub fn apply(connection: &mut Connection, push: &Push, loss: DataLoss) -> Result<(), Error> {
    check(&push.plan, loss)?;
    if push.plan.is_empty() {
        return Ok(());
    }
    connection.run_planned(&push.plan, push.version, &push.current, &push.wanted, Ownership::Convention)
}

/// Complains about what a plan would lose, or cannot do.
pub(crate) fn check(plan: &Plan, loss: DataLoss) -> Result<(), Error> {
    let list = |level| plan.at(level).map(|hazard| format!("\n  {}", hazard.message)).collect::<String>();
    let (blocked, lost) = (list(Level::Blocked), list(Level::Loss));
    if !blocked.is_empty() {
        // What is lost is said as well: the way around the one may be the way around the other.
        let lost = if lost.is_empty() { lost } else { format!("\nand it loses data:{lost}") };
        return Err(Error::refused(format!("the rows in the database forbid this change:{blocked}{lost}"))
            .with_remedy("nothing was changed; prepare the rows, or take a smaller step"));
    }
    if !lost.is_empty() && loss == DataLoss::Refused {
        return Err(Error::refused(format!("this change loses data:{lost}"))
            .with_remedy("nothing was changed; if that is intended, run it again with --accept-data-loss"));
    }
    Ok(())
}
