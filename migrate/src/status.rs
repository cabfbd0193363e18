//! `migrate status`: how a database stands to the folder and to the schema.

use purlin_schema::model::Schema;

use crate::{
    Error,
    connection::Connection,
    develop,
    diff::Ownership,
    history::{History, Standing},
    plan::Change,
};

/// What there is to tell.
#[derive(Debug, Clone)]
pub struct Status {
    /// How the database stands to the folder.
    pub standing: Standing,
    /// What the database lacks of the schema, when it has all migrations.
    pub differences: Vec<Change>,
    /// How the database differs from what its migrations make: by `db push`, or by hand.
    pub drift: Vec<Change>,
    /// What the schema says and no migration makes.
    pub unmigrated: Vec<Change>,
    /// Whether tables are there although no migration was run.
    pub is_without_history: bool,
}

impl Status {
    /// Returns whether all is as it should be.
    pub fn is_in_sync(&self) -> bool {
        let standing = &self.standing;
        standing.pending.is_empty()
            && standing.edited.is_empty()
            && standing.missing.is_empty()
            && standing.failed.is_empty()
            && self.differences.is_empty()
            && self.drift.is_empty()
            && self.unmigrated.is_empty()
    }
}

/// Returns whether the tables were made without migrations, and there are none that could have made them.
pub fn is_pushed(connection: &Connection, history: &History) -> Result<bool, Error> {
    let has_record = connection.history()?.is_some_and(|rows| !rows.is_empty());
    Ok(history.migrations.is_empty() && !has_record && !connection.introspect()?.tables.is_empty())
}

/// Looks, and changes nothing.
pub fn status(connection: &Connection, schema: &Schema, history: &History) -> Result<Status, Error> {
    let rows = connection.history()?.unwrap_or_default();
    let standing = history.standing(&rows);
    let current = connection.introspect()?;
    let is_without_history = rows.is_empty() && !current.tables.is_empty();
    let mut status =
        Status { standing, differences: Vec::new(), drift: Vec::new(), unmigrated: Vec::new(), is_without_history };
    if !status.standing.pending.is_empty() || !status.standing.failed.is_empty() {
        return Ok(status);
    }
    let wanted = connection.lower(schema)?;
    let owned = connection.owned(history);
    status.differences = connection.changes(&connection.diff(&current, &wanted, Ownership::Recorded(&owned)));
    // Of migrations that are not what was applied the folder tells nothing.
    let is_told = status.standing.edited.is_empty() && status.standing.missing.is_empty();
    // A script may need rows that an empty database does not have.
    if is_told
        && !history.migrations.is_empty()
        && let Ok(shadow) = develop::replay(connection, history)
    {
        let past = shadow.introspect()?;
        status.drift = connection.changes(&develop::drift(connection, &past, &current, &wanted));
        let wanted = shadow.lower(schema)?;
        status.unmigrated = connection.changes(&shadow.diff(&past, &wanted, Ownership::Recorded(&owned)));
    }
    Ok(status)
}
