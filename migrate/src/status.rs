//! `migrate status`: how a database stands to the folder and to the schema.

use purlin_schema::model::Schema;

use crate::{
    Error,
    connection::Connection,
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
}

impl Status {
    /// Whether all is as it should be.
    pub fn is_in_sync(&self) -> bool {
        let standing = &self.standing;
        standing.pending.is_empty()
            && standing.edited.is_empty()
            && standing.missing.is_empty()
            && standing.failed.is_empty()
            && self.differences.is_empty()
    }
}

/// Looks, and changes nothing.
pub fn status(connection: &Connection, schema: &Schema, history: &History) -> Result<Status, Error> {
    let rows = connection.history()?.unwrap_or_default();
    let standing = history.standing(&rows);
    let differences = if standing.pending.is_empty() && standing.failed.is_empty() {
        let current = connection.introspect()?;
        let wanted = connection.lower(schema)?;
        connection.changes(&connection.diff(&current, &wanted, Ownership::Recorded(&history.owned())))
    } else {
        Vec::new()
    };
    Ok(Status { standing, differences })
}
