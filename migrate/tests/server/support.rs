//! A database on the server, and what the commands do with it.

use cluster::Cluster;
use purlin_migrate::Error;
use purlin_migrate::connection::Connection;
use purlin_migrate::deploy;
use purlin_migrate::develop::{self, Drift};
use purlin_migrate::history::{History, Migration};
use purlin_migrate::plan::Plan;
use purlin_migrate::push::{self, DataLoss, Push};
use purlin_schema::Severity;
use purlin_schema::model::{Provider, Schema};
use purlin_schema::source::SourceFile;

use crate::cluster;

/// A database of its own, and a folder for its migrations.
pub(crate) struct Database {
    pub(crate) connection: Connection,
    pub(crate) url: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Database {
    pub(crate) fn new() -> Self {
        Self::of("")
    }

    /// A database that these statements made.
    pub(crate) fn of(sql: &str) -> Self {
        let url = Cluster::shared().database(sql);
        let connection = Connection::open(Provider::Postgres, &url).unwrap();
        Self { connection, url, folder: tempfile::tempdir().unwrap() }
    }

    /// An empty one for a schema that names the database's own schemas.
    pub(crate) fn for_schema(models: &str) -> Self {
        let mut database = Self::new();
        let datasource = schema(models).datasource.unwrap();
        database.connection = Connection::open_datasource(&datasource, &database.url).unwrap();
        database
    }

    /// Runs statements as another program would.
    pub(crate) fn sql(&self, sql: &str) {
        Cluster::shared().execute(&self.url, sql);
    }

    /// What a query returns, as psql shows it.
    pub(crate) fn ask(&self, sql: &str) -> String {
        Cluster::shared().ask(&self.url, sql)
    }

    pub(crate) fn plan(&mut self, models: &str) -> Push {
        push::plan(&mut self.connection, &schema(models)).unwrap()
    }

    /// Pushes a schema that loses nothing, and sees that nothing is left to do.
    pub(crate) fn push(&mut self, models: &str) -> Plan {
        self.push_with(models, DataLoss::Refused)
    }

    pub(crate) fn push_with(&mut self, models: &str, loss: DataLoss) -> Plan {
        let push = self.plan(models);
        let plan = push.plan();
        push::apply(&mut self.connection, &push, loss).unwrap_or_else(|error| panic!("{error}\n{}", plan.script));
        self.assert_pushed(models);
        plan.clone()
    }

    pub(crate) fn assert_pushed(&mut self, models: &str) {
        let again = self.plan(models);
        let again = again.plan();
        assert!(again.is_empty(), "left after a push: {:?}\n{}", again.changes, again.script);
    }

    /// Pushes a schema that must be refused, and returns why.
    pub(crate) fn refused(&mut self, models: &str) -> String {
        let before = self.connection.introspect().unwrap();
        let push = self.plan(models);
        let error = push::apply(&mut self.connection, &push, DataLoss::Refused).unwrap_err();
        assert!(error.is_refused(), "{error}");
        assert_eq!(self.connection.introspect().unwrap(), before);
        error.to_string()
    }

    pub(crate) fn history(&self) -> History {
        History::read(&self.folder.path().join("migrations")).unwrap()
    }

    pub(crate) fn deploy(&mut self) -> Result<Vec<String>, Error> {
        let history = self.history();
        let standing = deploy::check(&self.connection, &history)?;
        let mut done = Vec::new();
        deploy::apply(&mut self.connection, &history, &standing, |name| done.push(name.to_owned()))?;
        Ok(done)
    }

    /// `migrate dev`, in full.
    pub(crate) fn develop(&mut self, models: &str, name: &str) -> Result<Migration, Error> {
        self.deploy()?;
        let mut history = self.history();
        let draft = develop::draft(&mut self.connection, &schema(models), &history, Drift::Refused)?;
        develop::check_hazards(&draft, DataLoss::Refused)?;
        let migration = develop::write(draft, &mut history, name, Provider::Postgres)?;
        self.deploy()?;
        Ok(migration)
    }

    /// A migration that a person wrote.
    pub(crate) fn write_migration(&self, name: &str, script: &str) {
        let folder = self.folder.path().join("migrations").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("migration.sql"), script).unwrap();
    }
}

/// A schema of these models.
pub(crate) fn schema(models: &str) -> Schema {
    // Short models stand on few lines in the tests.
    let mut is_short = false;
    let lines = models.lines().map(|line| {
        let is_head = ["model ", "enum ", "generator "].iter().any(|word| line.trim_start().starts_with(word));
        is_short |= is_head && line.contains(" { ");
        let line = if is_head { line.replacen(" { ", " {\n", 1) } else { line.to_owned() };
        match line.strip_suffix(" }").filter(|_| is_short) {
            Some(fields) => {
                is_short = false;
                format!("{fields}\n}}")
            }
            None => line,
        }
    });
    let mut text = lines.collect::<Vec<_>>().join("\n");
    if !models.contains("datasource ") {
        text.insert_str(0, "datasource db {\n  provider = \"postgresql\"\n}\n");
    }
    let files = [SourceFile { path: "schema.prisma".into(), text }];
    let (schema, diagnostics) = purlin_schema::parse(&files);
    let is_valid = diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning);
    assert!(is_valid, "{}", purlin_schema::report::text(&files, &diagnostics, false));
    schema
}
