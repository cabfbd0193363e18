//! An open database of whichever kind: each command asks here, the kinds answer in their folders.

use std::{cell::RefCell, time::Duration};

use purlin_schema::model::{Datasource, Provider, Schema};

#[cfg(feature = "postgres")]
use crate::postgres;
use crate::{
    Error,
    database::{DatabaseSchema, Table, same_name},
    diff::{Diff, Owned, Ownership, diff},
    history::{Applied, History, JobOutcome, Migration, Record},
    plan::{Change, Hazard, Level, Plan},
    rows::Rows,
    sqlite::{self, apply::Job},
    statement::Syntax,
};

/// A database that is being migrated, by one connection.
#[derive(Debug)]
pub enum Connection {
    /// An SQLite file.
    Sqlite(rusqlite::Connection),
    /// A database of a PostgreSQL server.
    #[cfg(feature = "postgres")]
    Postgres(postgres::Server),
}

/// The state that a plan's script is made for: checked again when it is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// The counters of the file.
    Sqlite(sqlite::apply::Version),
    /// None: the picture is compared itself.
    #[cfg(feature = "postgres")]
    Postgres,
}

impl Connection {
    /// Opens the database at `url`, and makes it where it does not exist.
    pub fn open(provider: Provider, url: &str) -> Result<Self, Error> {
        Self::open_namespaces(provider, url, &[])
    }

    /// Opens the database at `url` for a datasource.
    pub fn open_datasource(datasource: &Datasource, url: &str) -> Result<Self, Error> {
        Self::open_namespaces(datasource.provider, url, &datasource.schemas)
    }

    fn open_namespaces(provider: Provider, url: &str, namespaces: &[String]) -> Result<Self, Error> {
        match provider {
            Provider::Sqlite => sqlite::open(url).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            Provider::Postgres => postgres::Server::open(url, namespaces).map(Self::Postgres),
            _ => {
                let _ = namespaces;
                Err(cannot_open(provider))
            }
        }
    }

    /// Opens the database at `url` to look at it: a file that does not exist is not made, and looks empty.
    pub fn open_to_look(datasource: &Datasource, url: &str) -> Result<Self, Error> {
        match datasource.provider {
            Provider::Sqlite => match sqlite::open_existing(url)? {
                Some(connection) => Ok(Self::Sqlite(connection)),
                None => Self::in_memory(),
            },
            #[cfg(feature = "postgres")]
            Provider::Postgres => postgres::Server::open_existing(url, &datasource.schemas).map(Self::Postgres),
            provider => Err(cannot_open(provider)),
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
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.shadow().map(Self::Postgres),
        }
    }

    /// What the database holds.
    pub fn introspect(&self) -> Result<DatabaseSchema, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::introspect::introspect(connection)),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.introspect(),
        }
    }

    /// The database that a schema describes, in this kind's terms; an error where it asks for what cannot be written.
    pub(crate) fn lower(&self, schema: &Schema) -> Result<DatabaseSchema, Error> {
        match self {
            Self::Sqlite(_) => {
                sqlite::refuse(schema)?;
                let lowered = sqlite::lower(schema);
                sqlite::check_names(&lowered)?;
                Ok(lowered)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.lower(schema),
        }
    }

    pub(crate) fn diff(&self, from: &DatabaseSchema, to: &DatabaseSchema, ownership: Ownership<'_>) -> Diff {
        match self {
            Self::Sqlite(_) => diff(from, to, ownership, &sqlite::Spelling),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.diff(from, to, ownership),
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
                let mut plan = sqlite::plan::plan(&diff, from, to);
                plan.hazards = self.named(sqlite::hazards(connection, &diff, from, to))?;
                plan.notes = sqlite::plan::notes(from, to);
                let mut forms = self.named(sqlite::other_forms(connection, from, to))?;
                // The change itself writes them in our form.
                forms.retain(|forms| {
                    !(forms.ty == sqlite::FormedType::Decimal && diff.retypes(&forms.table, &forms.column))
                });
                plan.notes.extend(sqlite::OtherForms::advice(&forms));
                Ok(plan)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.plan(&diff, from, to),
        }
    }

    /// The values that clients of the schema could not read.
    pub fn unreadable(&self, schema: &Schema) -> Result<Vec<Hazard>, Error> {
        let present = self.introspect()?;
        match self {
            // What cannot be written may have been written by hand, and is no matter here.
            Self::Sqlite(connection) => self.named(sqlite::unreadable(connection, &present, &sqlite::lower(schema))),
            #[cfg(feature = "postgres")]
            // The types of a server hold nothing else.
            Self::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// The columns that hold values which are not of their type in the schema, so that no client can read them.
    pub fn unfit_values(&self, schema: &Schema) -> Result<Vec<sqlite::UnfitValues>, Error> {
        let present = self.introspect()?;
        match self {
            Self::Sqlite(connection) => self.named(sqlite::unfit_values(connection, &present, &sqlite::lower(schema))),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// The columns whose dates or decimals are in another form than the one that Purlin writes, or might be without
    /// anybody knowing.
    pub fn other_forms(&self, schema: &Schema) -> Result<Vec<sqlite::OtherForms>, Error> {
        let present = self.introspect()?;
        match self {
            Self::Sqlite(connection) => self.named(sqlite::other_forms(connection, &present, &sqlite::lower(schema))),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// The same that can be brought into the form that Purlin writes, with what stands in the way.
    pub fn form_conversions(&self, schema: &Schema) -> Result<Vec<sqlite::FormConversion>, Error> {
        let present = self.introspect()?;
        match self {
            Self::Sqlite(connection) => self.named(sqlite::conversions(connection, &present, &sqlite::lower(schema))),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// Brings dates and decimals into the form that Purlin writes where nothing stands in the way, as one transaction, and returns
    /// what was converted.
    pub fn convert_forms(&mut self, schema: &Schema) -> Result<Vec<sqlite::FormConversion>, Error> {
        let result = match self {
            Self::Sqlite(connection) => sqlite::convert(connection, &sqlite::lower(schema)),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(Vec::new()),
        };
        self.named(result)
    }

    /// Returns whether two tables are one, by the database's rule for names.
    pub(crate) fn is_same_table(&self, a: &Table, b: &Table) -> bool {
        a.namespace == b.namespace
            && match self {
                Self::Sqlite(_) => same_name(&a.name, &b.name),
                #[cfg(feature = "postgres")]
                Self::Postgres(_) => a.name == b.name,
            }
    }

    /// What the migrations of a folder own.
    pub(crate) fn owned(&self, history: &History) -> Owned {
        history.owned(match self {
            Self::Sqlite(_) => Syntax::Sqlite,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Syntax::Postgres,
        })
    }

    /// A difference in words.
    pub(crate) fn changes(&self, diff: &Diff) -> Vec<Change> {
        match self {
            Self::Sqlite(_) => sqlite::plan::changes(diff),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => postgres::plan::changes(diff),
        }
    }

    /// The tables that a script makes anew.
    pub(crate) fn rebuilt(&self, script: &str) -> Vec<String> {
        match self {
            Self::Sqlite(_) => sqlite::rebuilt(script),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Vec::new(),
        }
    }

    /// How many values a column has.
    pub(crate) fn values(&self, table: &str, column: &str) -> Result<i64, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::values(connection, table, column)),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.values(table, column),
        }
    }

    /// The state that a plan's script is made for: checked again when it is applied.
    pub(crate) fn version(&self) -> Result<Version, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::apply::version(connection)).map(Version::Sqlite),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(Version::Postgres),
        }
    }

    /// Runs a script that is no migration: of `db push`.
    pub fn execute(&mut self, script: &str) -> Result<(), Error> {
        self.run(script, None, &Owned::default(), None).map(drop)
    }

    /// The same, and returns the rows of each statement that has columns.
    pub fn execute_for_rows(&mut self, script: &str) -> Result<Vec<Rows>, Error> {
        let rows = RefCell::new(Vec::new());
        self.run(script, None, &Owned::default(), Some(&rows))?;
        Ok(rows.into_inner())
    }

    /// Runs the script of a plan, unless the database became another one since it was made: then the hazards that the
    /// user knows of may not be all.
    pub(crate) fn run_planned(
        &mut self,
        plan: &Plan,
        version: Version,
        from: &DatabaseSchema,
        to: &DatabaseSchema,
        ownership: Ownership<'_>,
    ) -> Result<(), Error> {
        let diff = self.diff(from, to, ownership);
        let result = match (&mut *self, version) {
            (Self::Sqlite(connection), Version::Sqlite(version)) => {
                let check = |connection: &rusqlite::Connection| {
                    let now = sqlite::apply::version(connection)?;
                    let same = now.schema == version.schema
                        && (now.data == version.data
                            || kinds(&sqlite::hazards(connection, &diff, from, to)?) == kinds(&plan.hazards));
                    if same { Ok(()) } else { Err(changed_meanwhile()) }
                };
                let owned = Owned::default();
                let job = Job { script: &plan.script, record: None, owned: &owned, check: Some(&check), rows: None };
                sqlite::apply::run(connection, job).map(drop)
            }
            #[cfg(feature = "postgres")]
            (Self::Postgres(server), _) => server.run_planned(plan, &diff, from, to),
            #[cfg(feature = "postgres")]
            (Self::Sqlite(_), Version::Postgres) => Err(changed_meanwhile()),
        };
        self.named(result)
    }

    pub(crate) fn run_migration(&mut self, migration: &Migration, owned: &Owned) -> Result<JobOutcome, Error> {
        let record = migration.record(1);
        self.run(&migration.script, Some(&record), owned, None).map_err(|error| error.in_migration(&migration.name))
    }

    fn run(
        &mut self,
        script: &str,
        record: Option<&Record>,
        owned: &Owned,
        rows: Option<&RefCell<Vec<Rows>>>,
    ) -> Result<JobOutcome, Error> {
        let result = match self {
            Self::Sqlite(connection) => {
                sqlite::apply::run(connection, Job { script, record, owned, check: None, rows })
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.run(script, record, rows),
        };
        self.named(result)
    }

    /// The rows of the history, oldest first; none where the table does not exist.
    pub fn history(&self) -> Result<Option<Vec<Applied>>, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::introspect::history(connection)),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.history(),
        }
    }

    pub(crate) fn write_record(&mut self, record: &Record) -> Result<(), Error> {
        let result = match self {
            Self::Sqlite(connection) => sqlite::apply::write_record(connection, record),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.write_record(record),
        };
        self.named(result)
    }

    pub(crate) fn accept_edit(&mut self, migration: &Migration) -> Result<(), Error> {
        let result = match self {
            Self::Sqlite(connection) => sqlite::apply::accept_edit(connection, migration),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.accept_edit(migration),
        };
        self.named(result)
    }

    pub(crate) fn mark_rolled_back(&mut self, name: &str) -> Result<(), Error> {
        let result = match self {
            Self::Sqlite(connection) => sqlite::apply::mark_rolled_back(connection, name),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.mark_rolled_back(name),
        };
        self.named(result)
    }

    /// How the database keeps its transactions: `wal`, `delete` and so on.
    pub fn journal_mode(&self) -> Result<String, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::inspect::journal_mode(connection)),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(String::new()),
        }
    }

    /// Returns whether this process may write to the database.
    pub fn is_writable(&self) -> Result<bool, Error> {
        match self {
            Self::Sqlite(connection) => self.named(sqlite::inspect::is_writable(connection)),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.is_writable(),
        }
    }

    /// Checks the whole database and returns how many inconsistencies it has, at most 100. `waiting` is told about every
    /// `every` how long it has taken.
    pub fn damage(&mut self, every: Duration, waiting: impl FnMut(Duration) + Send + 'static) -> Result<usize, Error> {
        let result = match self {
            Self::Sqlite(connection) => sqlite::inspect::damage(connection, every, waiting),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(0),
        };
        self.named(result)
    }

    /// Drops everything in the database.
    pub fn reset(&mut self) -> Result<(), Error> {
        let result = match self {
            Self::Sqlite(connection) => sqlite::apply::reset(connection),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.reset(),
        };
        self.named(result)
    }

    /// An error about the file names it.
    fn named<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        let path = match self {
            Self::Sqlite(connection) => connection.path().filter(|path| !path.is_empty()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => None,
        };
        match path {
            Some(path) => result.map_err(|error| error.at(std::path::Path::new(path))),
            None => result,
        }
    }
}

/// What an accepted hazard is about. Rows come and go while an application runs; what was accepted is a loss, not its number.
pub(crate) fn kinds(hazards: &[Hazard]) -> Vec<(Level, &str)> {
    hazards.iter().map(|hazard| (hazard.level, hazard.item.as_str())).collect()
}

/// Why a plan is not carried out: the hazards that the user knows of may not be all.
pub(crate) fn changed_meanwhile() -> Error {
    Error::database("the database was changed by somebody else while this change was planned")
        .with_remedy("nothing was changed; run the command again")
}

/// Why this program does not open a database.
fn cannot_open(provider: Provider) -> Error {
    match provider {
        Provider::Postgres => Error::unsupported("this program was built without PostgreSQL")
            .with_remedy("build purlin-cli, or purlin-migrate, with the feature `postgres`"),
        Provider::Sqlite | Provider::Mysql => Error::unsupported("migrations of MySQL do not exist yet")
            .with_remedy("change the database with its own tools"),
    }
}
