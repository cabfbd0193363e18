//! A database of a server that is being migrated.

use std::cell::RefCell;

use purlin_driver::{PostgresSession, TextRows};
use purlin_schema::model::Schema;

use super::introspect::{Scope, introspect};
use super::session::Session;
use super::spelling::{Spelling, spell};
use super::{apply, evidence, history, lower, plan};
use crate::Error;
use crate::connection::{changed_meanwhile, kinds};
use crate::database::{Column, DatabaseSchema, Default};
use crate::diff::{Diff, Ownership, diff};
use crate::history::{Applied, JobOutcome, Migration, Record};
use crate::plan::{Hazard, Plan};
use crate::rows::{Rows, Value};
use crate::sql::identifier;

/// A database of a PostgreSQL server.
#[derive(Debug)]
pub struct Server {
    session: Session,
    url: String,
    /// The database's own schemas that the datasource names; none where all is in the default one.
    namespaces: Vec<String>,
    /// Drops the database, after the connection is closed.
    #[expect(dead_code, reason = "it is there to be dropped")]
    shadow: Option<DropDatabase>,
}

impl Server {
    /// Which database of which server a URL names, for messages: without the user and the password.
    pub fn place(url: &str) -> Result<String, Error> {
        check_scheme(url)?;
        PostgresSession::place(url).map_err(|error| Error::database(error.to_string()))
    }

    /// Connects to the database of a URL, and makes it where the server does not have it.
    pub(crate) fn open(url: &str, namespaces: &[String]) -> Result<Self, Error> {
        match Self::open_existing(url, namespaces) {
            Err(error) if error.is_no_database() => {
                create_database(url)?;
                Self::open_existing(url, namespaces)
            }
            opened => opened,
        }
    }

    /// Connects to the database of a URL, which must be there.
    pub(crate) fn open_existing(url: &str, namespaces: &[String]) -> Result<Self, Error> {
        check_scheme(url)?;
        Ok(Self { session: Session::connect(url)?, url: url.to_owned(), namespaces: namespaces.to_vec(), shadow: None })
    }

    fn scope(&self) -> Scope<'_> {
        if self.namespaces.is_empty() { Scope::Default } else { Scope::Named(&self.namespaces) }
    }

    /// What the database holds.
    pub(crate) fn introspect(&self) -> Result<DatabaseSchema, Error> {
        introspect(&self.session, self.scope())
    }

    /// The database that a schema describes, with its tables as this server spells them.
    pub(crate) fn lower(&self, schema: &Schema) -> Result<DatabaseSchema, Error> {
        let mut wanted = lower(schema);
        if wanted.namespaces != self.namespaces {
            return Err(Error::database(
                "the connection was opened for other schemas of the database than the datasource names",
            )
            .with_remedy("open it with `Connection::open_datasource`"));
        }
        check_names(&wanted)?;
        let present = self.introspect()?;
        number_by_default(&mut wanted, &present);
        wanted.spelled = spell(&self.session, &present, &wanted)?;
        Ok(wanted)
    }

    pub(crate) fn diff(&self, from: &DatabaseSchema, to: &DatabaseSchema, ownership: Ownership<'_>) -> Diff {
        diff(from, to, ownership, &Spelling { wanted: to })
    }

    /// The plan of a difference; the hazards are counted in this database.
    pub(crate) fn plan(&self, diff: &Diff, from: &DatabaseSchema, to: &DatabaseSchema) -> Result<Plan, Error> {
        let mut plan = plan::plan(diff, from, to);
        // One picture of all rows, and queries that may fail.
        self.session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let hazards = self.hazards(diff, from, to);
        let ended = self.session.run("ROLLBACK");
        plan.hazards = hazards?;
        ended?;
        Ok(plan)
    }

    fn hazards(&self, diff: &Diff, from: &DatabaseSchema, to: &DatabaseSchema) -> Result<Vec<Hazard>, Error> {
        evidence::hazards(&self.session, diff, &from.tables, to)
    }

    /// How many values a column has.
    pub(crate) fn values(&self, table: &str, column: &str) -> Result<i64, Error> {
        evidence::values(&self.session, table, column)
    }

    /// Runs the script of a plan, unless the database is not as it was planned for any more.
    pub(crate) fn run_planned(
        &self,
        plan: &Plan,
        diff: &Diff,
        from: &DatabaseSchema,
        to: &DatabaseSchema,
    ) -> Result<(), Error> {
        let tables: Vec<_> = diff.altered.iter().map(|alteration| &alteration.from).chain(&diff.dropped).collect();
        apply::run_planned(&self.session, &tables, &plan.script, || {
            let is_same = self.introspect()? == *from && kinds(&self.hazards(diff, from, to)?) == kinds(&plan.hazards);
            if is_same { Ok(()) } else { Err(changed_meanwhile()) }
        })
    }

    /// Runs a script, as a migration where it has a record.
    pub(crate) fn run(
        &self,
        script: &str,
        record: Option<&Record>,
        rows: Option<&RefCell<Vec<Rows>>>,
    ) -> Result<JobOutcome, Error> {
        if let Some(record) = record {
            return apply::run_migration(&self.session, script, record);
        }
        let results = apply::run_script(&self.session, script)?;
        if let Some(rows) = rows {
            rows.borrow_mut().extend(results.into_iter().filter(|result| !result.columns.is_empty()).map(values));
        }
        Ok(JobOutcome::Done)
    }

    /// An empty database on the same server, which is dropped with its connection.
    pub(crate) fn shadow(&self) -> Result<Self, Error> {
        let name = format!("purlin_shadow_{}_{}", std::process::id(), crate::history::now().timestamp_micros());
        self.drop_left_behind();
        self.session.run(&format!("CREATE DATABASE {}", identifier(&name))).map_err(|error| {
            Error::from(error).with_remedy(
                "the migrations of the folder are replayed in a database that lives as long as this command: let the user of the database URL create it, by ALTER ROLE .. CREATEDB",
            )
        })?;
        // So that names without a schema mean the same there.
        let path = self.session.rows("SELECT current_setting('search_path')")?;
        if let Some(path) = path.first().map(|row| row.text(0)).filter(|path| !path.is_empty()) {
            self.session.run(&format!("ALTER DATABASE {} SET search_path = {path}", identifier(&name)))?;
        }
        let session = Session::connect_to(&self.url, Some(&name)).inspect_err(|_| {
            // Perhaps there is no place for another connection.
            let _ = self.session.run(&format!("DROP DATABASE IF EXISTS {}", identifier(&name)));
        })?;
        let dropped = DropDatabase { url: self.url.clone(), name };
        apply::make_default_schema(&session)?;
        Ok(Self { session, url: self.url.clone(), namespaces: self.namespaces.clone(), shadow: Some(dropped) })
    }

    /// Drops the databases that commands which were killed have left, after an hour. What cannot be dropped is somebody else's.
    fn drop_left_behind(&self) {
        let hour_ago = crate::history::now().timestamp_micros() - 3_600_000_000;
        let left = "SELECT d.datname FROM pg_database d WHERE d.datname LIKE 'purlin\\_shadow\\_%' \
                    AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)";
        for row in self.session.rows(left).into_iter().flatten() {
            let made: Option<i64> = row.text(0).rsplit('_').next().and_then(|stamp| stamp.parse().ok());
            if made.is_some_and(|made| made < hour_ago) {
                let _ = self.session.run(&format!("DROP DATABASE IF EXISTS {}", identifier(row.text(0))));
            }
        }
    }

    /// The rows of the history, oldest first; none where the table does not exist.
    pub(crate) fn history(&self) -> Result<Option<Vec<Applied>>, Error> {
        history::history(&self.session)
    }

    pub(crate) fn write_record(&self, record: &Record) -> Result<(), Error> {
        history::write_record(&self.session, record)
    }

    pub(crate) fn accept_edit(&self, migration: &Migration) -> Result<(), Error> {
        history::accept_edit(&self.session, migration)
    }

    pub(crate) fn mark_rolled_back(&self, name: &str) -> Result<(), Error> {
        history::mark_rolled_back(&self.session, name)
    }

    /// Returns whether the server takes writes.
    pub(crate) fn is_writable(&self) -> Result<bool, Error> {
        let rows = self.session.rows("SELECT current_setting('transaction_read_only')")?;
        Ok(rows.first().is_some_and(|row| row.text(0) == "off"))
    }

    /// Drops everything in the database's schemas.
    pub(crate) fn reset(&self) -> Result<(), Error> {
        apply::reset(&self.session, &self.scope().condition())
    }
}

/// The bytes of a name that PostgreSQL keeps. Source: "Identifiers and Key Words" in its documentation.
const LONGEST_NAME: usize = 63;

/// Refuses names that the server would cut, so that they were never found again.
fn check_names(wanted: &DatabaseSchema) -> Result<(), Error> {
    let tables = wanted.tables.iter().map(|table| &table.name);
    let columns = wanted.tables.iter().flat_map(|table| &table.columns).map(|column| &column.name);
    let enums = wanted.enums.iter().map(|one| &one.name);
    match tables.chain(columns).chain(enums).find(|name| name.len() > LONGEST_NAME) {
        None => Ok(()),
        Some(name) => Err(Error::unsupported(format!(
            "the name {name} has {} bytes, and PostgreSQL keeps {LONGEST_NAME}",
            name.len()
        ))
        .with_remedy("give the model, the field or the enum a shorter one by @@map or @map")),
    }
}

/// A default that takes the next number of a sequence is what numbers the rows of a column, where the database has it already.
fn number_by_default(wanted: &mut DatabaseSchema, present: &DatabaseSchema) {
    for table in &mut wanted.tables {
        let found = present.tables.iter().find(|found| found.has_place_of(table));
        for column in &mut table.columns {
            let takes_next = matches!(&column.default, Default::Expression(text) if text.starts_with("nextval("));
            let is_numbered = |found: &&Column| found.name == column.name && found.autoincrement;
            if takes_next && found.is_some_and(|found| found.columns.iter().any(|found| is_numbered(&found))) {
                column.autoincrement = true;
                column.default = Default::None;
            }
        }
    }
}

/// Makes the database of a URL. The server has one called `postgres`, from which that is done.
fn create_database(url: &str) -> Result<(), Error> {
    let name = PostgresSession::database(url).map_err(|error| Error::database(error.to_string()))?;
    let session = Session::connect_to(url, Some("postgres"))?;
    match session.run(&format!("CREATE DATABASE {}", identifier(&name))) {
        Ok(_) => Ok(()),
        // Another process was first.
        Err(error) if error.code.as_deref() == Some("42P04") => Ok(()),
        Err(error) => {
            let what = format!("the server does not have the database {name}, and it could not be made: {error}");
            Err(Error::no_database(what).with_remedy("create it as a user who may, or correct the database's URL"))
        }
    }
}

/// Complains about the URL of another database. It may hold a password, so no more than the scheme is said.
fn check_scheme(url: &str) -> Result<(), Error> {
    let example = "write it as postgresql://user:password@localhost:5432/database";
    match url.split_once(':') {
        Some(("postgres" | "postgresql", _)) => Ok(()),
        Some((
            scheme @ ("file" | "sqlite" | "mysql" | "mariadb" | "prisma" | "prisma+postgres" | "http" | "https"),
            _,
        )) => Err(Error::database(format!("the schema is for PostgreSQL, but the database URL is for `{scheme}`"))
            .with_remedy(format!("{example}, or set the provider of the datasource"))),
        _ => Err(Error::database(
            "the schema is for PostgreSQL, but the database URL does not begin with `postgresql://`",
        )
        .with_remedy(example)),
    }
}

/// Drops a database when its connection is gone.
#[derive(Debug)]
struct DropDatabase {
    url: String,
    name: String,
}

impl Drop for DropDatabase {
    fn drop(&mut self) {
        // Where the server is gone as well, there is nobody to tell.
        if let Ok(session) = Session::connect(&self.url) {
            let _ = session.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", identifier(&self.name)));
        }
    }
}

/// What a statement returned, with the types that JSON has.
fn values(result: TextRows) -> Rows {
    let types = result.types;
    let value = |(text, ty): (Option<String>, &String)| {
        let Some(text) = text else { return Value::Null };
        match ty.as_str() {
            "INT2" | "INT4" | "INT8" => text.parse().map_or(Value::Text(text), Value::Integer),
            "FLOAT4" | "FLOAT8" => text.parse().map_or(Value::Text(text), Value::Real),
            _ => Value::Text(text),
        }
    };
    Rows {
        columns: result.columns,
        rows: result.rows.into_iter().map(|row| row.into_iter().zip(&types).map(value).collect()).collect(),
        more: result.more,
    }
}
