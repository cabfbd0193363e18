//! `migrate dev`: writes the migration that leads from the history to the schema.
//!
//! What the history makes is learned by replaying it in an empty database, so the folder alone decides, whatever was
//! done to the database at hand. That one is compared with it: a difference is drift, and stops the command.

use purlin_schema::model::{Provider, Schema};

use crate::{
    Error,
    connection::Connection,
    database::{DatabaseSchema, same_name},
    diff::{Diff, Owned, Ownership},
    history::{History, Migration},
    plan::{Level, Plan},
    push::{DataLoss, check},
};

/// A migration that is not written yet.
#[derive(Debug)]
pub struct Draft {
    /// What it does to the database at hand.
    pub plan: Plan,
    /// How the database at hand differs from its history, where that was to be ignored.
    pub drift: Option<Error>,
    /// The database as the history makes it.
    shadow: Connection,
    schema: Schema,
}

/// What a difference between the database and its migrations means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// The migration is going to be run on this database, which must be as the history says.
    Refused,
    /// The migration is only written: perhaps it is the one that catches up with the database.
    Ignored,
}

/// Plans the migration from the history to the schema. The pending ones must have been applied.
pub fn draft(connection: &mut Connection, schema: &Schema, history: &History, drift: Drift) -> Result<Draft, Error> {
    let owned = connection.owned(history);
    let shadow = replay(connection, history)?;
    let past = shadow.introspect()?;
    let present = connection.introspect()?;
    let drift = match (check_drift(connection, history, &past, &present, &connection.lower(schema)?), drift) {
        (Err(error), Drift::Refused) => return Err(error),
        (found, _) => found.err(),
    };
    // Counting needs the tables that the plan speaks of.
    let counted = if drift.is_some() { &shadow } else { &*connection };
    let plan = counted.plan(&past, &shadow.lower(schema)?, Ownership::Recorded(&owned))?;
    Ok(Draft { plan, drift, shadow, schema: schema.clone() })
}

/// Writes the migration into the folder, after a trial on the replayed history.
pub fn write(mut draft: Draft, history: &mut History, name: &str, provider: Provider) -> Result<Migration, Error> {
    let script = with_warnings(&draft.plan);
    draft.shadow.execute(&script)?;
    let made = draft.shadow.introspect()?;
    // With the spellings of the tables that the migration has made.
    let wanted = draft.shadow.lower(&draft.schema)?;
    let rest = draft.shadow.diff(&made, &wanted, Ownership::Convention);
    if !rest.is_empty() {
        return Err(Error::database(format!(
            "the planned migration does not lead to the schema; what remains:{}",
            in_words(&draft.shadow, &rest)
        )));
    }
    history.write(name, &script, provider)
}

/// Complains about what the planned migration would lose, or cannot do, in the database at hand.
pub fn check_hazards(draft: &Draft, loss: DataLoss) -> Result<(), Error> {
    check(&draft.plan, loss)
}

/// The script with what it loses at its head, where a reviewer sees it.
fn with_warnings(plan: &Plan) -> String {
    if plan.hazards.is_empty() {
        return if plan.is_empty() { EMPTY.to_owned() } else { plan.script.clone() };
    }
    let mut script = "/*\n  Warnings:\n\n".to_owned();
    for hazard in &plan.hazards {
        let level = if hazard.level == Level::Blocked { "cannot be run on the data it was written for: " } else { "" };
        script.push_str(&format!("  - {level}{}\n", hazard.message.replace("*/", "* /")));
    }
    script.push_str("\n*/\n");
    script.push_str(if plan.is_empty() { EMPTY } else { &plan.script });
    script
}

/// A migration that a person is going to write, for what the schema does not say: changes of rows.
const EMPTY: &str = "-- This is an empty migration.\n";

/// What to do about a database that is not what its migrations make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// The schema describes the database as it is: only the migration is missing.
    Record,
    /// It has to be decided which of the two is right.
    Decide,
}

impl Remedy {
    /// The commands to run.
    pub fn text(self) -> String {
        let keep = match self {
            Self::Record => "to keep this, which is what the schema describes, write",
            Self::Decide => "to keep this, say the same in the schema, write",
        };
        format!(
            "{keep} the migration that makes it with `purlin migrate dev --create-only --name <name>`, and record that with \
             `purlin migrate resolve --applied <migration>`; to give it up, take it back in the database, or drop everything \
             in it with `purlin migrate reset`"
        )
    }
}

fn check_drift(
    connection: &Connection,
    history: &History,
    past: &DatabaseSchema,
    present: &DatabaseSchema,
    wanted: &DatabaseSchema,
) -> Result<(), Error> {
    let drift = drift(connection, past, present, wanted);
    if drift.is_empty() {
        return Ok(());
    }
    let words = in_words(connection, &drift);
    let message = if history.migrations.is_empty() {
        format!("the database was made without migrations, by `db push` or by hand:{words}")
    } else {
        format!("the database differs from what its migrations make, by `db push` or by hand:{words}")
    };
    // Of tables that the schema does not know either the schema says nothing.
    let is_wanted = connection.diff(present, wanted, Ownership::Convention).is_empty()
        && past.tables.iter().all(|table| wanted.table(&table.name).is_some());
    let remedy = if is_wanted { Remedy::Record } else { Remedy::Decide };
    Err(Error::drift(message).with_remedy(remedy.text()))
}

/// How a database differs from what its migrations make.
pub(crate) fn drift(
    connection: &Connection,
    past: &DatabaseSchema,
    present: &DatabaseSchema,
    wanted: &DatabaseSchema,
) -> Diff {
    // A table of nobody's may stay; one that the schema is about to make is in the way.
    let mut present = present.clone();
    present
        .tables
        .retain(|table| past.tables.iter().chain(&wanted.tables).any(|other| connection.is_same_table(other, table)));
    // Whatever its name, an index that a migration makes is one that the database must have.
    let indexes = past.tables.iter().flat_map(|table| &table.indexes).map(|index| index.name.clone());
    let made = Owned { indexes: indexes.collect(), ..Owned::default() };
    let mut drift = connection.diff(past, &present, Ownership::Recorded(&made));
    for table in &past.tables {
        if present.table(&table.name).is_none() {
            drift.dropped.push(table.clone());
        }
    }
    // A hand-made index is nobody's business here.
    for alteration in &mut drift.altered {
        alteration.indexes_added.retain(|index| wanted_index(wanted, &index.name));
    }
    drift.altered.retain(|alteration| !alteration.is_empty());
    drift
}

/// An empty database in which all migrations of the folder were run.
pub(crate) fn replay(connection: &Connection, history: &History) -> Result<Connection, Error> {
    let mut shadow = connection.shadow()?;
    let owned = connection.owned(history);
    for migration in &history.migrations {
        shadow.run_migration(migration, &owned).map_err(|error| {
            let remedy = format!(
                "no database can run it after the migrations before it: correct {}, or remove its folder where no database \
                 has it, and run `purlin migrate dev` again",
                history.folder.join(&migration.name).join("migration.sql").display()
            );
            error.with_remedy(remedy)
        })?;
    }
    Ok(shadow)
}

fn wanted_index(wanted: &DatabaseSchema, name: &str) -> bool {
    wanted.tables.iter().flat_map(|table| &table.indexes).any(|index| same_name(&index.name, name))
}

fn in_words(connection: &Connection, diff: &Diff) -> String {
    let changes = connection.changes(diff);
    changes.iter().map(|change| format!("\n  {} {}", change.kind.sign(), change.what)).collect()
}
