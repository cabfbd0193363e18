//! Runs scripts.
//!
//! A script and its record are one transaction, under the lock that Prisma's commands take as well. Of a script with
//! transactions of its own, or with a statement that runs outside of one only, the start is recorded first.

use purlin_driver::{ScriptError, TextRows};

use super::history;
use super::session::Session;
use crate::Error;
use crate::database::Table;
use crate::history::{JobOutcome, Record};
use crate::rows;
use crate::sql::{identifier, qualified};
use crate::statement::{Statement, Syntax, Token, statements};

/// The number of the advisory lock. Source: Prisma's documentation of advisory locking.
const LOCK: i64 = 72_707_369;

/// How long a change waits for the locks of others. A change that waits makes all later readers of a table wait.
const LOCK_TIMEOUT: &str = "10s";

/// Runs the script of a plan. The tables are locked first, and `check` looks at what nobody can change from then on.
pub(super) fn run_planned(
    session: &Session,
    tables: &[&Table],
    script: &str,
    check: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    in_transaction(session, || {
        let names = tables.iter().map(|table| qualified(table.namespace.as_deref(), &table.name));
        let locks: String = names.map(|name| format!("LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE;")).collect();
        session.run(&locks)?;
        check()?;
        make_default_schema(session)?;
        session.run(script)?;
        Ok(())
    })
    .map_err(|error| error.with_remedy_unless_known("nothing was changed"))
}

/// Runs a migration and writes its record.
pub(super) fn run_migration(session: &Session, script: &str, record: &Record) -> Result<JobOutcome, Error> {
    let statements = statements(script, Syntax::Postgres);
    check_statements(&statements)?;
    if statements.iter().any(runs_alone) {
        return by_its_own_transactions(session, &statements, record);
    }
    in_transaction(session, || {
        if history::standing(session, record)? == JobOutcome::DoneBefore {
            // Another process ran it while this one waited for the lock.
            return Ok(JobOutcome::DoneBefore);
        }
        make_default_schema(session)?;
        // A script may set the search path, as those of pg_dump do.
        let script = without_mark(script);
        session.run(script).map_err(|error| failed(script, 1, error)).map_err(|error| {
            error.with_remedy_unless_known(
                "nothing was changed; correct the script or the data and run it again, or remove its folder if another \
                 migration makes the same",
            )
        })?;
        session.reset_settings()?;
        history::write_record(session, record)?;
        Ok(JobOutcome::Done)
    })
}

/// Runs a script that is no migration, as the server runs any: as one transaction, unless it has its own.
pub(super) fn run_script(session: &Session, script: &str) -> Result<Vec<TextRows>, Error> {
    let script = without_mark(script);
    let statements = statements(script, Syntax::Postgres);
    check_statements(&statements)?;
    let result = session.run_for(script, rows::MOST).map_err(|error| failed(script, 1, error));
    let is_open = result.is_ok() && is_in_transaction(session)?;
    // What it set, and a transaction that it left open, end with it.
    session.run("ROLLBACK")?;
    session.reset_settings()?;
    if is_open {
        return Err(open_transaction());
    }
    let own = statements.iter().any(runs_alone);
    result.map_err(|error| {
        error.with_remedy_unless_known(if own {
            "what the script committed before stays: look at the database before running it again"
        } else {
            "nothing was changed; correct the script or the data, and run it again"
        })
    })
}

/// Refuses statements that speak with a client by more than results: `COPY` from its input or to its output, and `LISTEN`.
fn check_statements(statements: &[Statement<'_>]) -> Result<(), Error> {
    let speaks = |statement: &&Statement<'_>| {
        let is_stream = |word: &str| statement.tokens.iter().any(|token| token.is(word));
        (statement.begins(&["COPY"]) && (is_stream("STDIN") || is_stream("STDOUT"))) || statement.begins(&["LISTEN"])
    };
    match statements.iter().find(speaks) {
        None => Ok(()),
        Some(statement) => Err(Error::script_failed(format!(
            "line {}: COPY with STDIN or STDOUT, and LISTEN, speak with a client that stays connected",
            statement.line
        ))
        .with_remedy("nothing was run; write INSERT statements, or run the script with psql")),
    }
}

/// A script without the byte order mark of some editors.
fn without_mark(script: &str) -> &str {
    script.trim_start_matches('\u{feff}')
}

/// Drops everything in the database's own schemas that `condition` selects: `db push --force-reset`.
pub(super) fn reset(session: &Session, condition: &str) -> Result<(), Error> {
    in_transaction(session, || {
        let rows = session.rows(&everything(condition))?;
        let mut script: String = rows.iter().map(|row| format!("{};\n", row.text(0))).collect();
        // It may be in none of these schemas, and tells of what is gone.
        script.push_str("DROP TABLE IF EXISTS \"_prisma_migrations\"");
        session.run(&script)?;
        Ok(())
    })
}

/// The statements that drop what is in some schemas, apart from what belongs to extensions.
fn everything(condition: &str) -> String {
    let own = |catalog: &str, id: &str| {
        format!(
            "{condition} AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = '{catalog}'::regclass AND x.objid = {id} \
             AND x.deptype IN ('e', 'i'))"
        )
    };
    format!(
        "SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' \
         WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND {} \
         UNION ALL SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', n.nspname, t.typname) \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE {} AND (t.typtype IN ('e', 'd', 'r') \
         OR EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')) \
         UNION ALL SELECT format('DROP %s IF EXISTS %s CASCADE', CASE p.prokind WHEN 'a' THEN 'AGGREGATE' WHEN 'p' THEN 'PROCEDURE' \
         ELSE 'FUNCTION' END, p.oid::regprocedure) \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {}",
        own("pg_class", "c.oid"),
        own("pg_type", "t.oid"),
        own("pg_proc", "p.oid"),
    )
}

/// Does something as one transaction that nobody else who changes the database can be in.
fn in_transaction<T>(session: &Session, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // Each look must see what was committed while this one waited for the locks, whatever the database has for its default.
    let begin = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; SELECT pg_advisory_xact_lock({LOCK})"
    );
    let begun = session.run(&begin).map(drop).map_err(|error| match error.code.as_deref() {
        Some("55P03") => Error::database(format!(
            "another command has been changing the database for more than {LOCK_TIMEOUT}: Purlin's and Prisma's wait for each other"
        ))
        .with_remedy("nothing was changed; run the command again when that one is done"),
        _ => error.into(),
    });
    let done = begun.and_then(|()| work());
    let done = done.and_then(|value| {
        session.run("COMMIT")?;
        Ok(value)
    });
    if done.is_err() {
        // The first error is the one to tell, and a lost connection has no transaction any more.
        let _ = session.run("ROLLBACK");
    }
    done
}

/// Runs a script that commits by itself, between a record of its start and one of its end: when it fails, or the process
/// ends, nobody knows how much of it stands, and the next run says so.
fn by_its_own_transactions(
    session: &Session,
    statements: &[Statement<'_>],
    record: &Record,
) -> Result<JobOutcome, Error> {
    let begun = in_transaction(session, || {
        if history::standing(session, record)? == JobOutcome::DoneBefore {
            return Ok(JobOutcome::DoneBefore);
        }
        make_default_schema(session)?;
        history::write_start(session, record)?;
        Ok(JobOutcome::Done)
    })?;
    if begun == JobOutcome::DoneBefore {
        return Ok(begun);
    }
    run_alone(session, statements).map_err(|error| {
        let _ = session.run("ROLLBACK");
        error.with_remedy(format!(
            "what the script committed before stays: bring the database to the state before the migration or after it, then \
             run `purlin migrate resolve --rolled-back {0}` or `purlin migrate resolve --applied {0}`",
            record.name
        ))
    })?;
    history::write_end(session, record)?;
    Ok(JobOutcome::Done)
}

fn run_alone(session: &Session, statements: &[Statement<'_>]) -> Result<(), Error> {
    for statement in statements {
        session.run(statement.sql).map_err(|error| failed(statement.sql, statement.line, error))?;
    }
    if is_in_transaction(session)? {
        return Err(open_transaction());
    }
    session.reset_settings()
}

/// Returns whether a transaction is open: outside of one, each statement is its own and begins with it.
fn is_in_transaction(session: &Session) -> Result<bool, Error> {
    let rows = session.rows("SELECT transaction_timestamp() < statement_timestamp()")?;
    Ok(rows.first().is_some_and(|row| row.flag(0)))
}

fn open_transaction() -> Error {
    Error::script_failed(
        "the script begins a transaction and does not end it, so what it did in there was rolled back: add COMMIT, or leave \
         out BEGIN",
    )
}

/// The error of a script that begins on a line of a file. The server tells the place of a name, and else the statement.
fn failed(script: &str, line: usize, error: ScriptError) -> Error {
    let found = match error.position.and_then(|position| script.get(..position)) {
        Some(before) => Some(before.matches('\n').count()),
        None => statements(script, Syntax::Postgres).get(error.before).map(|statement| statement.line - 1),
    };
    let place = found.filter(|_| error.code.is_some()).map(|lines| format!("line {}: ", line + lines));
    Error::from(error).in_script(&place.unwrap_or_default())
}

/// Makes the schema that the URL names, where it is not there yet.
pub(super) fn make_default_schema(session: &Session) -> Result<(), Error> {
    let rows = session.rows("SELECT current_schema(), current_setting('search_path')")?;
    let Some(row) = rows.first().filter(|row| row.optional(0).is_none()) else { return Ok(()) };
    let names = row.text(1).split(',').map(|name| {
        let name = name.trim();
        match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => name.to_owned(),
        }
    });
    // `$user` is the schema of the user, who may have none.
    let name = names.into_iter().find(|name| !name.is_empty() && name != "$user");
    let name = name.unwrap_or_else(|| "public".to_owned());
    session.run(&format!("CREATE SCHEMA IF NOT EXISTS {}", identifier(&name)))?;
    Ok(())
}

/// Returns whether the statement begins or ends a transaction, or cannot be part of one. Source: the reference of each in
/// PostgreSQL's documentation.
fn runs_alone(statement: &Statement<'_>) -> bool {
    let begins = |words: &[&str]| statement.begins(words);
    if begins(&["ROLLBACK"]) {
        // ROLLBACK TO goes back to a savepoint inside the transaction.
        return !statement.tokens.iter().skip(1).take(2).any(|token| token.is("TO"));
    }
    let has_word = |tokens: &[Token<'_>]| tokens.iter().any(|token| token.is("CONCURRENTLY"));
    let head = statement.tokens.get(..4).unwrap_or(&statement.tokens);
    let is_concurrent = (has_word(head)
        && (begins(&["CREATE", "INDEX"]) || begins(&["CREATE", "UNIQUE"]) || begins(&["DROP", "INDEX"])))
        || (has_word(&statement.tokens) && (begins(&["REINDEX"]) || begins(&["ALTER", "TABLE"])));
    is_concurrent
        || ["BEGIN", "COMMIT", "END", "ABORT", "VACUUM"].iter().any(|word| begins(&[word]))
        || begins(&["START", "TRANSACTION"])
        || begins(&["PREPARE", "TRANSACTION"])
        || begins(&["ALTER", "SYSTEM"])
        || (["CREATE", "DROP"].iter().any(|word| begins(&[word, "DATABASE"]) || begins(&[word, "TABLESPACE"])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_with_transactions_of_its_own_is_recognized() {
        let own = |script: &str| statements(script, Syntax::Postgres).iter().any(runs_alone);
        for script in [
            "BEGIN; SELECT 1; COMMIT",
            "SELECT 1; start transaction",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
            "VACUUM t",
            "ROLLBACK",
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        ] {
            assert!(own(script), "{script}");
        }
        for script in [
            "CREATE FUNCTION f() RETURNS void AS $$ BEGIN; COMMIT; $$ LANGUAGE plpgsql",
            "SAVEPOINT a; ROLLBACK TO a",
            "ALTER TYPE t ADD VALUE 'x'",
            "INSERT INTO t VALUES ('; COMMIT; ')",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
            "CREATE VIEW v AS SELECT 1 AS concurrently",
        ] {
            assert!(!own(script), "{script}");
        }
    }
}
