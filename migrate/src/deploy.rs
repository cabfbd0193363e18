//! `migrate deploy`: runs the migrations that a database does not have yet.

use crate::{
    Error,
    connection::Connection,
    history::{History, Standing},
};

/// How the database stands to the folder, when nothing forbids to go on.
pub fn check(connection: &Connection, history: &History) -> Result<Standing, Error> {
    let rows = connection.history()?;
    let standing = history.standing(rows.as_deref().unwrap_or_default());
    standing.check_failed()?;
    let unknown = rows.is_none_or(|rows| rows.is_empty()) && !history.migrations.is_empty();
    if unknown && !connection.introspect()?.tables.is_empty() {
        return Err(Error::not_empty("the database is not empty and has no history of migrations").with_remedy(
            "if it already is what a migration makes, record that: purlin migrate resolve --applied <migration>",
        ));
    }
    Ok(standing)
}

/// Runs the pending migrations, each as one transaction with its record, and tells of each that is done.
pub fn apply(
    connection: &mut Connection,
    history: &History,
    standing: &Standing,
    mut done: impl FnMut(&str),
) -> Result<(), Error> {
    let owned = history.owned();
    for migration in &standing.pending {
        connection.run_migration(migration, &owned)?;
        done(&migration.name);
    }
    Ok(())
}
