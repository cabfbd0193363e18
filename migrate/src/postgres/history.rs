//! The table of the migrations that were applied, as Prisma keeps it.

use super::session::Session;
use crate::Error;
use crate::history::{Applied, JobOutcome, Migration, Record};
use crate::sql::string;

/// The table as Prisma makes it.
const TABLE: &str = r#"CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"              VARCHAR(64) NOT NULL,
    "finished_at"           TIMESTAMPTZ,
    "migration_name"        VARCHAR(255) NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        TIMESTAMPTZ,
    "started_at"            TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count"   INTEGER NOT NULL DEFAULT 0
)"#;

/// The rows of the history, oldest first; none where the table does not exist.
pub(super) fn history(session: &Session) -> Result<Option<Vec<Applied>>, Error> {
    if session.number("SELECT count(*) FROM pg_class WHERE oid = to_regclass('\"_prisma_migrations\"')")? == 0 {
        return Ok(None);
    }
    let rows = session.rows(
        "SELECT migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL \
         FROM \"_prisma_migrations\" ORDER BY started_at, migration_name",
    )?;
    let applied = rows.iter().map(|row| Applied {
        name: row.owned(0),
        checksum: row.owned(1),
        finished: row.flag(2),
        rolled_back: row.flag(3),
    });
    Ok(Some(applied.collect()))
}

/// How the database stands to a migration that is about to be run, looked at under the lock.
pub(super) fn standing(session: &Session, record: &Record) -> Result<JobOutcome, Error> {
    JobOutcome::of(&history(session)?.unwrap_or_default(), record)
}

/// Writes the row of an applied migration.
pub(super) fn write_record(session: &Session, record: &Record) -> Result<(), Error> {
    insert(session, record, "clock_timestamp()", record.steps)
}

/// Writes the row of a migration that begins.
pub(super) fn write_start(session: &Session, record: &Record) -> Result<(), Error> {
    insert(session, record, "NULL", 0)
}

fn insert(session: &Session, record: &Record, finished: &str, steps: u32) -> Result<(), Error> {
    session.run(&format!(
        "{TABLE}; INSERT INTO \"_prisma_migrations\" \
         (id, checksum, finished_at, migration_name, started_at, applied_steps_count) \
         VALUES (gen_random_uuid()::text, {}, {finished}, {}, {}, {steps})",
        string(&record.checksum),
        string(&record.name),
        string(&record.started.to_rfc3339()),
    ))?;
    Ok(())
}

/// Says that a migration that began has come to its end.
pub(super) fn write_end(session: &Session, record: &Record) -> Result<(), Error> {
    session.run(&format!(
        "UPDATE \"_prisma_migrations\" SET finished_at = clock_timestamp(), applied_steps_count = {} \
         WHERE migration_name = {} AND finished_at IS NULL AND rolled_back_at IS NULL",
        record.steps,
        string(&record.name)
    ))?;
    Ok(())
}

/// Writes the checksum of the present script into the row of an applied migration.
pub(super) fn accept_edit(session: &Session, migration: &Migration) -> Result<(), Error> {
    session.run(&format!(
        "UPDATE \"_prisma_migrations\" SET checksum = {} \
         WHERE migration_name = {} AND finished_at IS NOT NULL AND rolled_back_at IS NULL",
        string(&migration.checksum()),
        string(&migration.name)
    ))?;
    Ok(())
}

/// Marks the row of a migration that did not end as taken back.
pub(super) fn mark_rolled_back(session: &Session, name: &str) -> Result<(), Error> {
    session.run(&format!(
        "UPDATE \"_prisma_migrations\" SET rolled_back_at = clock_timestamp() \
         WHERE migration_name = {} AND finished_at IS NULL AND rolled_back_at IS NULL",
        string(name)
    ))?;
    Ok(())
}
