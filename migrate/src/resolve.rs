//! `migrate resolve`: settles by hand what happened to a migration.

use crate::{
    Error,
    connection::Connection,
    develop,
    history::History,
    plan::{Change, ChangeKind},
};

/// Records that the database already is what the migration makes. Nothing is run. Of one that was edited after it was
/// applied, this accepts the edit.
pub fn applied(connection: &mut Connection, history: &History, name: &str) -> Result<(), Error> {
    let migration = history.migrations.iter().find(|migration| migration.name == name).ok_or_else(|| {
        unknown(name, &history.folder.display().to_string()).with_remedy("`purlin migrate status` lists what is there")
    })?;
    let rows = connection.history()?.unwrap_or_default();
    let live = rows.iter().rev().find(|row| row.name == name && !row.rolled_back);
    if live.is_some_and(|row| row.finished && !migration.has_checksum(&row.checksum)) {
        return connection.accept_edit(migration);
    }
    if live.is_some_and(|row| row.finished) {
        return Err(Error::already_applied(format!("the migration {name} is recorded as applied already")));
    }
    if live.is_some() {
        connection.mark_rolled_back(name)?;
    }
    connection.write_record(&migration.record(0))
}

/// What the database lacks of what its migrations make, as far as they are recorded as applied: an edit that was accepted, or a
/// migration that was recorded and not run, may have left it out. Nothing where that cannot be told, since a script needs rows
/// that an empty database does not have.
pub fn lacking(connection: &Connection, history: &History) -> Result<Vec<Change>, Error> {
    let standing = history.standing(&connection.history()?.unwrap_or_default());
    let mut applied = history.clone();
    applied.migrations.retain(|migration| {
        let name = migration.name.as_str();
        !standing.pending.iter().any(|pending| pending.name == name)
            && !standing.failed.iter().any(|failed| failed == name)
    });
    let Ok(shadow) = develop::replay(connection, &applied) else { return Ok(Vec::new()) };
    let past = shadow.introspect()?;
    let mut changes = connection.changes(&develop::drift(connection, &past, &connection.introspect()?, &past));
    changes.retain(|change| change.kind != ChangeKind::Add);
    Ok(changes)
}

/// Records that a failed migration was taken back, so that it may run again.
pub fn rolled_back(connection: &mut Connection, history: &History, name: &str) -> Result<(), Error> {
    let rows = connection.history()?.unwrap_or_default();
    match rows.iter().rev().find(|row| row.name == name && !row.rolled_back) {
        None => Err(unknown(name, "the database's history").with_remedy("`purlin migrate status` lists those that failed")),
        Some(row) if row.finished => Err(Error::not_failed(format!("the migration {name} did not fail"))
            .with_remedy(if history.migrations.iter().any(|migration| migration.name == name) {
                "to take its change back, take it out of the schema and run `purlin migrate dev`"
            } else {
                "restore its folder from version control, or start over with `purlin migrate reset`, which drops all data"
            })),
        Some(_) => connection.mark_rolled_back(name),
    }
}

fn unknown(name: &str, place: &str) -> Error {
    Error::unknown_migration(format!("there is no migration {name} in {place}"))
}
