//! Runs a script and writes its record, as one transaction: after a crash the file is as it was or as it shall be. Of a
//! script with transactions of its own the start is recorded first.

use std::{cell::RefCell, collections::BTreeMap};

use rusqlite::{Connection, types::ValueRef};

use super::{
    forbidden, render, script,
    statement::{Statement, statements},
};
use crate::{
    Error,
    database::{Object, same_name},
    diff::Owned,
    history::{JobOutcome, Migration, Record},
    rows::{self, Rows, Value},
};

/// A script and what goes with it.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) script: &'a str,
    /// The row of the history that the same transaction writes.
    pub(crate) record: Option<&'a Record>,
    /// What the migrations own; anything else that a rebuild would lose is put back.
    pub(crate) owned: &'a Owned,
    /// What must still be true once nobody else can write.
    pub(crate) check: Option<&'a Check<'a>>,
    /// Where the rows go that the statements return, if anybody wants them.
    pub(crate) rows: Option<&'a RefCell<Vec<Rows>>>,
}

/// A last look at the database, under the lock.
pub(crate) type Check<'a> = dyn Fn(&Connection) -> Result<(), Error> + 'a;

/// Runs a job. On an error the database is as it was before, unless the script has transactions of its own: then the
/// error does not say so, and the record of the start stays.
pub(crate) fn run(connection: &mut Connection, job: Job<'_>) -> Result<JobOutcome, Error> {
    let statements = statements(job.script);
    let facts = script::facts(&statements);
    if !connection.is_autocommit() {
        return Err(Error::database("a transaction is open on this connection"));
    }
    connection.pragma_update(None, "foreign_keys", !facts.foreign_keys_off)?;
    let result = if facts.own_transaction {
        by_its_own_transactions(connection, job, &statements, &facts)
    } else {
        as_one_transaction(connection, job, &statements, &facts)
    };
    if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    connection.pragma_update(None, "legacy_alter_table", false)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    result
}

fn as_one_transaction(
    connection: &Connection,
    job: Job<'_>,
    statements: &[Statement<'_>],
    facts: &script::Facts,
) -> Result<JobOutcome, Error> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    if let Some(record) = job.record
        && standing(connection, record)? == JobOutcome::DoneBefore
    {
        // Another process ran it while this one waited for the lock.
        connection.execute_batch("ROLLBACK")?;
        return Ok(JobOutcome::DoneBefore);
    }
    if let Some(check) = job.check {
        check(connection)?;
    }
    let orphans = if facts.foreign_keys_off { orphans(connection)? } else { BTreeMap::new() };
    let sound = broken_reference(connection)?.is_none();
    let attached = attached(connection, &facts.rebuilt)?;
    for statement in statements {
        execute(connection, statement, job).map_err(|error| {
            error.with_remedy(match job.record {
                Some(_) => {
                    "nothing was changed; correct the script or the data and run it again, or remove its folder if another \
                     migration makes the same"
                }
                None if job.check.is_some() => "nothing was changed; correct the rows first",
                None => "nothing was changed; correct the script or the data, and run it again",
            })
        })?;
    }
    if connection.is_autocommit() {
        // No statement that was read as one does this; what was done before it stands.
        return Err(Error::script_failed("the script ended the transaction that it runs in")
            .with_remedy("look at the database before running anything else"));
    }
    put_back(connection, &attached, facts, job.owned)?;
    if facts.foreign_keys_off {
        check_orphans(&orphans, &self::orphans(connection)?)
            .map_err(|error| error.with_remedy("nothing was changed; correct the rows first"))?;
    }
    if sound && let Some(broken) = broken_reference(connection)? {
        return Err(Error::script_failed(format!("a view or trigger would stop working: {broken}"))
            .with_remedy("change or drop it in the same migration"));
    }
    if let Some(record) = job.record {
        write_record(connection, record)?;
    }
    connection.execute_batch("COMMIT")?;
    Ok(JobOutcome::Done)
}

/// Runs a script that commits by itself, between a record of its start and one of its end: when it fails, or the process
/// ends, nobody knows how much of it stands, and the next run says so.
fn by_its_own_transactions(
    connection: &Connection,
    job: Job<'_>,
    statements: &[Statement<'_>],
    facts: &script::Facts,
) -> Result<JobOutcome, Error> {
    if let Some(record) = job.record {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        if standing(connection, record)? == JobOutcome::DoneBefore {
            connection.execute_batch("ROLLBACK")?;
            return Ok(JobOutcome::DoneBefore);
        }
        write_start(connection, record)?;
        connection.execute_batch("COMMIT")?;
    }
    let remedy = match job.record {
        Some(record) => format!(
            "what the script committed before stays: bring the database to the state before the migration or after it, \
             then run `purlin migrate resolve --rolled-back {0}` or `purlin migrate resolve --applied {0}`",
            record.name
        ),
        None => "what the script committed before stays: look at the database before running it again".to_owned(),
    };
    run_alone(connection, statements, facts, job).map_err(|error| error.with_remedy(remedy))?;
    if let Some(record) = job.record {
        write_end(connection, record)?;
    }
    Ok(JobOutcome::Done)
}

fn run_alone(
    connection: &Connection,
    statements: &[Statement<'_>],
    facts: &script::Facts,
    job: Job<'_>,
) -> Result<(), Error> {
    let orphans = if facts.foreign_keys_off { orphans(connection)? } else { BTreeMap::new() };
    for statement in statements {
        execute(connection, statement, job)?;
    }
    if !connection.is_autocommit() {
        return Err(Error::script_failed(
            "the script begins a transaction and does not end it, so what it did in there was rolled back: add COMMIT, \
             or leave out BEGIN",
        ));
    }
    // A file that the script attached would be there for the next one.
    let attached: Vec<String> = connection
        .prepare("SELECT name FROM pragma_database_list WHERE name NOT IN ('main', 'temp')")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for name in attached {
        connection.execute_batch(&format!("DETACH {}", render::identifier(&name)))?;
    }
    if facts.foreign_keys_off {
        check_orphans(&orphans, &self::orphans(connection)?)?;
    }
    Ok(())
}

fn execute(connection: &Connection, statement: &Statement<'_>, job: Job<'_>) -> Result<(), Error> {
    // Renamed the modern way, a table that takes a dropped one's place fails on each view of the old one.
    let takes_place = script::rename(statement).is_some_and(|target| {
        statement.tokens.get(2).and_then(|token| token.name()).is_some_and(|name| super::is_temporary(name, &target))
    });
    if takes_place {
        connection.pragma_update(None, "legacy_alter_table", true)?;
    }
    let result = match job.rows {
        Some(rows) => with_rows(connection, statement.sql, rows),
        None => connection.execute_batch(statement.sql),
    };
    if takes_place {
        connection.pragma_update(None, "legacy_alter_table", false)?;
    }
    result.map_err(|error| {
        // The lines of a plan's script are nobody's.
        if let Some(refusal) = job.check.and_then(|_| forbidden::refusal(statement, &error)) {
            return refusal;
        }
        let failed = Error::statement(statement.line, &error);
        // Of these statements the trouble may be with another file.
        if script::names_a_file(statement) { failed.about_the_script() } else { failed }
    })
}

/// Runs a statement and keeps what it returns.
fn with_rows(connection: &Connection, sql: &str, found: &RefCell<Vec<Rows>>) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare(sql)?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut result = Rows { columns, ..Rows::default() };
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if result.rows.len() >= rows::MOST {
            result.more += 1;
            continue;
        }
        let value = |index: usize| -> Result<Value, rusqlite::Error> {
            Ok(match row.get_ref(index)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Integer(number),
                ValueRef::Real(number) => Value::Real(number),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
            })
        };
        result.rows.push((0..result.columns.len()).map(value).collect::<Result<_, _>>()?);
    }
    if !result.columns.is_empty() {
        found.borrow_mut().push(result);
    }
    Ok(())
}

/// The state of a database that a plan was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Changes with the tables.
    pub(crate) schema: i64,
    /// Changes with each commit of another connection.
    pub(crate) data: i64,
}

pub(crate) fn version(connection: &Connection) -> Result<Version, Error> {
    let schema = connection.query_row("PRAGMA schema_version", [], |row| row.get(0))?;
    let data = connection.query_row("PRAGMA data_version", [], |row| row.get(0))?;
    Ok(Version { schema, data })
}

/// How many rows of each table refer to nothing, by the table that they should refer to.
pub(super) fn orphans(connection: &Connection) -> Result<BTreeMap<(String, String), i64>, Error> {
    let mut statement =
        connection.prepare("SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2")?;
    let orphans = statement
        .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?
        .collect::<Result<BTreeMap<_, _>, _>>()?;
    Ok(orphans)
}

/// Rows that referred to nothing before are not this script's fault.
pub(super) fn check_orphans(
    before: &BTreeMap<(String, String), i64>,
    after: &BTreeMap<(String, String), i64>,
) -> Result<(), Error> {
    for ((table, parent), count) in after {
        let known = before.get(&(table.clone(), parent.clone())).copied().unwrap_or_default();
        if *count > known {
            return Err(Error::script_failed(format!(
                "{} of \"{table}\" would refer to a row of \"{parent}\" that does not exist",
                if count - known == 1 { "1 row".to_owned() } else { format!("{} rows", count - known) }
            )));
        }
    }
    Ok(())
}

/// The first view or trigger that speaks of something that does not exist. SQLite reads them all when a table is
/// renamed, so one is renamed for that, and forgotten.
fn broken_reference(connection: &Connection) -> Result<Option<String>, Error> {
    connection.execute_batch("SAVEPOINT purlin_check")?;
    let probe = connection.execute_batch(
        "CREATE TABLE \"_purlin_check\" (x); ALTER TABLE \"_purlin_check\" RENAME TO \"_purlin_checked\"",
    );
    connection.execute_batch("ROLLBACK TO purlin_check; RELEASE purlin_check")?;
    Ok(probe.err().map(|error| crate::error::reason(&error)))
}

struct Attached {
    kind: String,
    object: Object,
    table: String,
}

/// The indexes and triggers of tables that are about to be made anew.
fn attached(connection: &Connection, tables: &[String]) -> Result<Vec<Attached>, Error> {
    let mut statement = connection.prepare(
        "SELECT type, name, sql, tbl_name FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL",
    )?;
    let all: Vec<Attached> = statement
        .query_map([], |row| {
            Ok(Attached {
                kind: row.get(0)?,
                object: Object { name: row.get(1)?, sql: row.get(2)? },
                table: row.get(3)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|one| tables.iter().any(|table| same_name(table, &one.table))).collect())
}

/// Puts back what a rebuild lost without saying so: what the script's author did not know of.
fn put_back(connection: &Connection, attached: &[Attached], facts: &script::Facts, owned: &Owned) -> Result<(), Error> {
    for Attached { kind, object, table } in attached {
        let exists: bool = connection
            .prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = ?1 AND name = ?2 COLLATE NOCASE")?
            .exists([kind, &object.name])?;
        let dropped = facts.dropped.iter().any(|name| same_name(name, &object.name));
        if exists || dropped || owned.indexes.iter().any(|name| same_name(name, &object.name)) {
            continue;
        }
        connection.execute_batch(&object.sql).map_err(|error| {
            Error::script_failed(format!(
                "the {kind} \"{}\" cannot be kept on the new form of \"{table}\": {}",
                object.name,
                crate::error::reason(&error)
            ))
            .with_remedy(format!("nothing was changed; drop the {kind} first, or change it in the same migration"))
        })?;
    }
    Ok(())
}

/// The table of the history, as Prisma makes it.
const HISTORY: &str = r#"CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)"#;

/// Writes the row of an applied migration. Times are milliseconds, as Prisma writes them on SQLite.
pub(crate) fn write_record(connection: &Connection, record: &Record) -> Result<(), Error> {
    insert(connection, record, Some(crate::history::now().timestamp_millis()), record.steps)
}

/// Writes the row of a migration that begins.
fn write_start(connection: &Connection, record: &Record) -> Result<(), Error> {
    insert(connection, record, None, 0)
}

fn insert(connection: &Connection, record: &Record, finished: Option<i64>, steps: u32) -> Result<(), Error> {
    connection.execute_batch(HISTORY)?;
    connection.execute(
        "INSERT INTO \"_prisma_migrations\" \
         (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count) \
         SELECT substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-' || \
                substr('89ab', abs(random() % 4) + 1, 1) || substr(h, 18, 3) || '-' || substr(h, 21), \
                ?1, ?2, ?3, NULL, NULL, ?4, ?5 FROM (SELECT lower(hex(randomblob(16))) AS h)",
        rusqlite::params![record.checksum, finished, record.name, record.started.timestamp_millis(), steps],
    )?;
    Ok(())
}

/// Writes into the row of a migration that it came to its end.
fn write_end(connection: &Connection, record: &Record) -> Result<(), Error> {
    let rows = connection.execute(
        "UPDATE \"_prisma_migrations\" SET finished_at = ?1, applied_steps_count = ?2 \
         WHERE migration_name = ?3 AND finished_at IS NULL AND rolled_back_at IS NULL",
        rusqlite::params![crate::history::now().timestamp_millis(), record.steps, record.name],
    )?;
    if rows == 0 {
        return Err(Error::script_failed("the script ran, and took its own record out of \"_prisma_migrations\"")
            .with_remedy(format!("run `purlin migrate resolve --applied {}`", record.name)));
    }
    Ok(())
}

/// How the database stands to a migration that is about to be run, looked at under the lock.
fn standing(connection: &Connection, record: &Record) -> Result<JobOutcome, Error> {
    JobOutcome::of(&super::introspect::history(connection)?.unwrap_or_default(), record)
}

/// Writes the checksum of the present script into the row of an applied migration.
pub(crate) fn accept_edit(connection: &Connection, migration: &Migration) -> Result<(), Error> {
    connection.execute(
        "UPDATE \"_prisma_migrations\" SET checksum = ?1 \
         WHERE migration_name = ?2 AND finished_at IS NOT NULL AND rolled_back_at IS NULL",
        rusqlite::params![migration.checksum(), migration.name],
    )?;
    Ok(())
}

/// Marks the row of a migration that did not end as taken back.
pub(crate) fn mark_rolled_back(connection: &Connection, name: &str) -> Result<(), Error> {
    connection.execute(
        "UPDATE \"_prisma_migrations\" SET rolled_back_at = ?1 \
         WHERE migration_name = ?2 AND finished_at IS NULL AND rolled_back_at IS NULL",
        rusqlite::params![crate::history::now().timestamp_millis(), name],
    )?;
    Ok(())
}

/// Drops everything in the file: `db push --force-reset`.
pub(crate) fn reset(connection: &mut Connection) -> Result<(), Error> {
    connection.pragma_update(None, "foreign_keys", false)?;
    let result = drop_everything(connection);
    connection.pragma_update(None, "foreign_keys", true)?;
    result
}

fn drop_everything(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    loop {
        // A virtual table takes its shadow tables along, so the list is read anew after each drop.
        let next: Option<(String, String)> = {
            let mut statement = transaction.prepare(
                "SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' \
                 ESCAPE '\\' ORDER BY type = 'table', sql NOT LIKE 'CREATE VIRTUAL%' LIMIT 1",
            )?;
            let mut rows = statement.query([])?;
            match rows.next()? {
                Some(row) => Some((row.get(0)?, row.get(1)?)),
                None => None,
            }
        };
        let Some((kind, name)) = next else { break };
        transaction.execute_batch(&format!("DROP {kind} {}", render::identifier(&name)))?;
    }
    transaction.commit()?;
    Ok(())
}
