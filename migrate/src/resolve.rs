//! `migrate resolve`: settles by hand what happened to a migration.

use crate::{Error, connection::Connection, history::History};

/// Records that the database already is what the migration makes. Nothing is run.
pub fn applied(connection: &mut Connection, history: &History, name: &str) -> Result<(), Error> {
    let migration = history
        .migrations
        .iter()
        .find(|migration| migration.name == name)
        .ok_or_else(|| unknown(name, &history.folder.display().to_string()))?;
    let rows = connection.history()?.unwrap_or_default();
    let live = rows.iter().rev().find(|row| row.name == name && !row.rolled_back);
    if live.is_some_and(|row| row.finished) {
        return Err(Error::already_applied(format!("the migration {name} is recorded as applied already")));
    }
    if live.is_some() {
        connection.mark_rolled_back(name)?;
    }
    connection.write_record(&migration.record(0))
}

/// Records that a failed migration was taken back, so that it may run again.
pub fn rolled_back(connection: &mut Connection, name: &str) -> Result<(), Error> {
    let rows = connection.history()?.unwrap_or_default();
    match rows.iter().rev().find(|row| row.name == name && !row.rolled_back) {
        None => Err(unknown(name, "the database's history")),
        Some(row) if row.finished => Err(Error::not_failed(format!("the migration {name} did not fail"))
            .with_remedy("write another migration that takes its change back")),
        Some(_) => connection.mark_rolled_back(name),
    }
}

fn unknown(name: &str, place: &str) -> Error {
    Error::unknown_migration(format!("there is no migration {name} in {place}"))
}
