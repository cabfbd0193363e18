//! An open database of whichever kind: each command asks here, the kinds answer in their folders.

use purlin_schema::model::{Provider, Schema};

use crate::{
    Error,
    database::DatabaseSchema,
    diff::{Diff, Owned, Ownership, diff},
    history::{Applied, Migration, Record},
    plan::{Change, Hazard, Plan},
    sqlite::{self, apply::Outcome},
};

/// A database that is being migrated, by one connection.
#[derive(Debug)]
pub enum Connection {
    /// An SQLite file.
    Sqlite(rusqlite::Connection),
}

impl Connection {
    /// Opens the database at `url`. An SQLite file is made where it does not exist.
    pub fn open(provider: Provider, url: &str) -> Result<Self, Error> {
        match provider {
            Provider::Sqlite => sqlite::open(url).map(Self::Sqlite),
            Provider::Postgres | Provider::Mysql => {
                Err(Error::unsupported("migrations exist for SQLite; this schema is for another database")
                    .with_remedy("set provider = \"sqlite\", or change the database with its own tools"))
            }
        }
    }

    /// Opens the database at `url` to look at it: a file that does not exist is not made, and looks empty.
    pub fn open_to_look(provider: Provider, url: &str) -> Result<Self, Error> {
        if provider != Provider::Sqlite {
            return Self::open(provider, url);
        }
        match sqlite::open_existing(url)? {
            Some(connection) => Ok(Self::Sqlite(connection)),
            None => Self::in_memory(),
        }
    }

    /// An empty SQLite database that ends with the connection.
    pub fn in_memory() -> Result<Self, Error> {
        sqlite::open_in_memory().map(Self::Sqlite)
    }

    /// An empty database of the same kind, to replay a history in.
    pub(crate) fn shadow(&self) -> Result<Self, Error> {
        match self {
            Self::Sqlite(_) => Self::in_memory(),
        }
    }

    /// What the database holds.
    pub fn introspect(&self) -> Result<DatabaseSchema, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::introspect::introspect(connection)),
        }
    }

    /// The database that a schema describes, in this kind's terms; an error where it asks for what cannot be written.
    pub(crate) fn lower(&self, schema: &Schema) -> Result<DatabaseSchema, Error> {
        match self {
            Self::Sqlite(_) => {
                sqlite::refuse(schema)?;
                Ok(sqlite::lower(schema))
            }
        }
    }

    pub(crate) fn diff(&self, from: &DatabaseSchema, to: &DatabaseSchema, ownership: Ownership<'_>) -> Diff {
        match self {
            Self::Sqlite(_) => diff(from, to, ownership, &sqlite::Spelling),
        }
    }

    /// The plan from one state to another; the hazards are counted in this database.
    pub(crate) fn plan(
        &self,
        from: &DatabaseSchema,
        to: &DatabaseSchema,
        ownership: Ownership<'_>,
    ) -> Result<Plan, Error> {
        let diff = self.diff(from, to, ownership);
        match self {
            Self::Sqlite(connection) => {
                let mut plan = self.named(sqlite::plan::plan(connection, &diff))?;
                plan.hazards.extend(self.named(sqlite::unreadable(connection, from, to))?);
                plan.notes = sqlite::plan::notes(from, to);
                Ok(plan)
            }
        }
    }

    /// The values that clients of the schema could not read.
    pub(crate) fn unreadable(&self, schema: &Schema) -> Result<Vec<Hazard>, Error> {
        let (present, wanted) = (self.introspect()?, self.lower(schema)?);
        match self {
            Self::Sqlite(connection) => self.named(sqlite::unreadable(connection, &present, &wanted)),
        }
    }

    /// A difference in words.
    pub(crate) fn changes(&self, diff: &Diff) -> Vec<Change> {
        match self {
            Self::Sqlite(_) => sqlite::plan::changes(diff),
        }
    }

    /// The tables that a script makes anew.
    pub(crate) fn rebuilt(&self, script: &str) -> Vec<String> {
        match self {
            Self::Sqlite(_) => sqlite::rebuilt(script),
        }
    }

    /// How many values a column has.
    pub(crate) fn values(&self, table: &str, column: &str) -> Result<i64, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::values(connection, table, column)),
        }
    }

    /// What a plan's script was made for: checked again when it is applied.
    pub(crate) fn version(&self) -> Result<i64, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::apply::schema_version(connection)),
        }
    }

    /// Runs a script that is no migration: of `db push`, `db execute`.
    pub fn execute(&mut self, script: &str) -> Result<(), Error> {
        self.run(script, None, &Owned::default(), None).map(drop)
    }

    pub(crate) fn run_planned(&mut self, script: &str, version: i64) -> Result<(), Error> {
        self.run(script, None, &Owned::default(), Some(version)).map(drop)
    }

    pub(crate) fn run_migration(&mut self, migration: &Migration, owned: &Owned) -> Result<Outcome, Error> {
        let record = migration.record(1);
        self.run(&migration.script, Some(&record), owned, None).map_err(|error| error.in_migration(&migration.name))
    }

    fn run(
        &mut self,
        script: &str,
        record: Option<&Record>,
        owned: &Owned,
        planned_for: Option<i64>,
    ) -> Result<Outcome, Error> {
        let result = match self {
            Self::Sqlite(connection) => {
                sqlite::apply::run(connection, sqlite::apply::Job { script, record, owned, planned_for })
            }
        };
        self.named(result)
    }

    /// The rows of the history, oldest first; none where the table does not exist.
    pub fn history(&self) -> Result<Option<Vec<Applied>>, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::introspect::history(connection)),
        }
    }

    pub(crate) fn write_record(&mut self, record: &Record) -> Result<(), Error> {
        let result = match self {
            Self::Sqlite(connection) => sqlite::apply::write_record(connection, record),
        };
        self.named(result)
    }

    pub(crate) fn mark_rolled_back(&mut self, name: &str) -> Result<(), Error> {
        let result = match self {
            Self::Sqlite(connection) => sqlite::apply::mark_rolled_back(connection, name),
        };
        self.named(result)
    }

    /// Drops everything in the database.
    pub fn reset(&mut self) -> Result<(), Error> {
        let result = match self {
            Self::Sqlite(connection) => sqlite::apply::reset(connection),
        };
        self.named(result)
    }

    /// An error about the file names it.
    fn named<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        let Self::Sqlite(connection) = self;
        match connection.path().filter(|path| !path.is_empty()) {
            Some(path) => result.map_err(|error| error.at(std::path::Path::new(path))),
            None => result,
        }
    }
}
