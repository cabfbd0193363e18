//! `migrate deploy`: runs the migrations that a database does not have yet.

use purlin_schema::model::Schema;

use crate::{
    Error,
    connection::Connection,
    history::{History, JobOutcome, Migration, Standing},
};

/// How the database stands to the folder, when nothing forbids to go on.
pub fn check(connection: &Connection, history: &History) -> Result<Standing, Error> {
    // In this order: tables that another process is making right now are there together with their record.
    let empty = connection.introspect()?.tables.is_empty();
    let rows = connection.history()?.unwrap_or_default();
    let standing = history.standing(&rows);
    standing.check_failed()?;
    if rows.is_empty() && !empty && !history.migrations.is_empty() {
        return Err(Error::not_empty(
            "the database is not empty and has no history of migrations: `db push` made it, or another tool",
        )
        .with_remedy(format!(
            "if it already is what a migration makes, record that: `purlin migrate resolve --applied {}`",
            history.migrations.first().map_or("<migration>", |migration| migration.name.as_str())
        )));
    }
    Ok(standing)
}

/// Runs the pending migrations, each as one transaction with its record, and tells of each that is done. Returns the names of
/// those that another process has run since the look at the database.
pub fn apply(
    connection: &mut Connection,
    history: &History,
    standing: &Standing,
    mut done: impl FnMut(&str),
) -> Result<Vec<String>, Error> {
    let owned = connection.owned(history);
    let mut done_before = Vec::new();
    for migration in &standing.pending {
        check_strangers(connection, history, standing, migration)?;
        match connection.run_migration(migration, &owned)? {
            JobOutcome::Done => done(&migration.name),
            JobOutcome::DoneBefore => done_before.push(migration.name.clone()),
        }
    }
    Ok(done_before)
}

/// Complains about rows that clients of the schema could not read: SQLite keeps an enum as text, so no migration says that
/// a value went. Looked at after the migrations, which may have changed the rows.
pub fn check_rows(connection: &Connection, schema: &Schema) -> Result<(), Error> {
    let found = connection.unreadable(schema)?;
    if found.is_empty() {
        return Ok(());
    }
    let list: String = found.iter().map(|hazard| format!("\n  {}", hazard.message)).collect();
    Err(Error::refused(format!("all migrations are applied, but rows hold what the schema does not allow:{list}"))
        .with_remedy(
            "change these rows, in a migration where other databases may have them too, before a client of this schema \
             reads them",
        ))
}

/// Complains when a migration makes a table anew and would lose values of a column that no migration ever made: its
/// author did not know of them.
fn check_strangers(
    connection: &Connection,
    history: &History,
    standing: &Standing,
    migration: &Migration,
) -> Result<(), Error> {
    let rebuilt = connection.rebuilt(&migration.script);
    if rebuilt.is_empty() || standing.applied.is_empty() {
        return Ok(());
    }
    let present = connection.introspect()?;
    let rows = connection.history()?.unwrap_or_default();
    if !history.standing(&rows).pending.contains(migration) {
        // Another process has run it meanwhile, and perhaps later ones, so the tables say nothing.
        return Ok(());
    }
    let mut shadow = connection.shadow()?;
    let owned = connection.owned(history);
    for earlier in history.migrations.iter().take_while(|earlier| earlier.name != migration.name) {
        shadow.run_migration(earlier, &owned)?;
    }
    let past = shadow.introspect()?;
    for table in &rebuilt {
        let (Some(present), Some(past)) = (present.table(table), past.table(table)) else { continue };
        let strangers = present.columns.iter().filter(|column| past.column(&column.name).is_none());
        for column in strangers.filter(|column| column.generated.is_none()) {
            let values = connection.values(&present.name, &column.name)?;
            if values > 0 {
                return Err(Error::drift(format!(
                    "the migration {} makes the table \"{table}\" anew and would lose the column \"{}\" with {values} \
                     values, which no migration made",
                    migration.name, column.name
                ))
                .with_remedy("drop the column if it is not wanted, or put it into a migration that comes before"));
            }
        }
    }
    Ok(())
}
