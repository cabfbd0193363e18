//! Finds the schema, the settings and the database of a project.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use purlin_migrate::{connection::Connection, history::History};
use purlin_schema::{
    Diagnostic, Severity, SourceFile,
    model::{Datasource, Provider, Schema, StringOrEnv},
    rules::Stage,
};

use crate::{
    args::Global,
    failure::Failure,
    settings::{self, Settings, Value},
    terminal,
};

/// A project: what was typed, and the settings.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) global: Global,
    pub(crate) settings: Settings,
}

/// A schema without errors, and the files that it comes from.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) schema: Schema,
    pub(crate) files: Vec<SourceFile>,
}

/// Where a schema is looked for when nobody says.
const PLACES: [&str; 3] = ["schema.prisma", "prisma/schema.prisma", "prisma/schema"];

impl Project {
    /// Reads the settings.
    pub(crate) fn open(global: Global) -> Result<Self, Failure> {
        let settings = settings::read(global.config.as_deref())?;
        Ok(Self { global, settings })
    }

    /// The schema's file or folder.
    pub(crate) fn schema_path(&self) -> Result<PathBuf, Failure> {
        let said = self.global.schema.clone().or_else(|| self.settings.schema.clone());
        if let Some(path) = said {
            return if path.exists() {
                Ok(path)
            } else {
                Err(Failure::trouble(format!("there is no schema at {}", terminal::path(&path)))
                    .with_remedy("name another with --schema, or create one with `purlin init`"))
            };
        }
        PLACES.iter().map(PathBuf::from).find(|path| path.exists()).ok_or_else(|| {
            Failure::trouble(format!("found no schema: looked for {}", PLACES.join(", ")))
                .with_remedy("create one with `purlin init`, or name it with --schema")
        })
    }

    /// The schema, when it has no errors and is for a database that there is an executor for; warnings are printed.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let path = self.schema_path()?;
        let files = read_schema(&path)?;
        let (schema, diagnostics) = purlin_schema::parse(&files);
        // First: of a schema for another database its errors are not what stands in the way.
        if let Some(message) = unsupported(&schema) {
            return Err(Failure::no(message).with_remedy("set provider = \"sqlite\", or wait for a later version"));
        }
        checked(&path, schema, files, &diagnostics)
    }

    /// The schema, when it has no errors, for whichever database; warnings are printed.
    pub(crate) fn load_for_any(&self) -> Result<Loaded, Failure> {
        let path = self.schema_path()?;
        let files = read_schema(&path)?;
        let (schema, diagnostics) = purlin_schema::parse(&files);
        checked(&path, schema, files, &diagnostics)
    }

    /// Opens the schema's database, and says which one it is.
    pub(crate) fn connect(&self, loaded: &Loaded) -> Result<Connection, Failure> {
        let provider = datasource(loaded)?.provider;
        Ok(Connection::open(provider, &self.checked_url(loaded)?)?)
    }

    /// The same to look at it; it is not made where it does not exist.
    pub(crate) fn connect_to_look(&self, loaded: &Loaded) -> Result<Connection, Failure> {
        let provider = datasource(loaded)?.provider;
        Ok(Connection::open_to_look(provider, &self.checked_url(loaded)?)?)
    }

    /// The database's URL, unless it leads past a database that is there.
    fn checked_url(&self, loaded: &Loaded) -> Result<String, Failure> {
        let url = self.url(loaded)?;
        if let Some(elsewhere) = self.elsewhere(loaded, &url)? {
            return Err(elsewhere.failure());
        }
        if let Some(path) = purlin_migrate::sqlite::path(&url) {
            terminal::about(format_args!("Database: {path} (SQLite)"));
        }
        Ok(url)
    }

    /// The database beside the schema that a relative URL means in Prisma up to version 6, where there is none at the
    /// place that it means here. A URL that was typed means what it says.
    pub(crate) fn elsewhere(&self, loaded: &Loaded, url: &str) -> Result<Option<Elsewhere>, Failure> {
        let Some(here) = purlin_migrate::sqlite::path(url).filter(|path| *path != ":memory:") else { return Ok(None) };
        let there = folder_of(loaded, datasource(loaded)?.span.file).join(here);
        // One place by two ways is asked about once: another process may make the file between two looks.
        if self.global.url.is_some() || is_one_place(Path::new(here), &there) {
            return Ok(None);
        }
        if Path::new(here).exists() || !there.is_file() {
            return Ok(None);
        }
        let path = tidy(&there).display().to_string();
        let found = if Path::new(&path).is_absolute() { path } else { format!("./{path}") };
        Ok(Some(Elsewhere { url: url.to_owned(), missing: here.to_owned(), found }))
    }

    /// The folder of migrations and what is in it.
    pub(crate) fn history(&self, loaded: &Loaded) -> Result<History, Failure> {
        let history = History::read(&self.migrations(loaded)?)?;
        history.check_provider(datasource(loaded)?.provider)?;
        Ok(history)
    }

    /// The folder of migrations: beside the file that has the datasource.
    fn migrations(&self, loaded: &Loaded) -> Result<PathBuf, Failure> {
        if let Some(path) = &self.settings.migrations {
            return Ok(path.clone());
        }
        let folder = folder_of(loaded, datasource(loaded)?.span.file);
        let beside = folder.join("migrations");
        let above = folder.parent().map(|folder| folder.join("migrations"));
        // A schema folder may lie in the folder that has the migrations.
        Ok(match above {
            Some(above) if !beside.exists() && above.exists() => above,
            _ => beside,
        })
    }

    /// The database's URL.
    pub(crate) fn url(&self, loaded: &Loaded) -> Result<String, Failure> {
        if let Some(url) = &self.global.url {
            return Ok(url.clone());
        }
        let environment = self.environment(loaded.files.first().map(|file| file.path.as_path()));
        match self.url_setting(loaded)? {
            Some((Value::Literal(url), _)) => Ok(url),
            Some((Value::Environment(name), place)) => environment.get(&name).ok_or_else(|| {
                Failure::trouble(format!(
                    "the environment variable {name} is not set; {place} takes the database's URL from it"
                ))
                .with_remedy(format!("put {name}=\"file:./dev.db\" into .env, or say --url"))
            }),
            None => environment.get("DATABASE_URL").ok_or_else(|| {
                Failure::trouble("nothing says where the database is")
                    .with_remedy("put DATABASE_URL=\"file:./dev.db\" into .env, or say --url")
            }),
        }
    }

    /// The variable that the database's URL is taken from, where it is taken from one.
    pub(crate) fn url_variable(&self, loaded: &Loaded) -> Result<Option<String>, Failure> {
        Ok(match self.url_setting(loaded)? {
            Some((Value::Environment(name), _)) => Some(name),
            _ => None,
        })
    }

    /// The strongest setting of the database's URL, and where it stands.
    fn url_setting(&self, loaded: &Loaded) -> Result<Option<(Value, &'static str)>, Failure> {
        let own = self.settings.url.clone().map(|value| (value, "purlin.toml"));
        let schema = datasource(loaded)?.url.as_ref().map(|url| {
            let value = match url {
                StringOrEnv::Literal(text) => Value::Literal(text.clone()),
                StringOrEnv::Env(name) => Value::Environment(name.clone()),
            };
            (value, "the schema")
        });
        let prisma = self.settings.prisma_url.clone().map(|value| (value, "prisma.config.ts"));
        Ok(own.or(schema).or(prisma))
    }

    /// The variables of the process and of the .env files: here, beside the settings, and beside the schema.
    pub(crate) fn environment(&self, schema: Option<&Path>) -> Environment {
        let mut file = BTreeMap::new();
        let beside = schema.and_then(Path::parent).unwrap_or(Path::new(""));
        let above = beside.parent().unwrap_or(Path::new(""));
        for folder in [Path::new(""), &self.settings.folder, beside, above] {
            let path = folder.join(".env");
            let Ok(entries) = dotenvy::from_path_iter(&path) else { continue };
            for entry in entries {
                match entry {
                    Ok((name, value)) => {
                        file.entry(name).or_insert(value);
                    }
                    // The text of a line may be a secret.
                    Err(_) => {
                        terminal::warning(format_args!("{} has a line that is not NAME=value", terminal::path(&path)))
                    }
                }
            }
        }
        Environment { file }
    }
}

/// The variables of the process, and of .env files where it has none.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    file: BTreeMap<String, String>,
}

impl Environment {
    /// A variable that is set, and not to nothing.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let own = std::env::var(name).ok().filter(|value| !value.is_empty());
        own.or_else(|| self.file.get(name).filter(|value| !value.is_empty()).cloned())
    }

    /// What a child process needs beside the variables that it inherits.
    pub(crate) fn additions(&self) -> impl Iterator<Item = (&str, &str)> {
        let missing = self.file.iter().filter(|(name, _)| std::env::var_os(name).is_none());
        missing.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A database that lies beside the schema, and not where its URL says.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    url: String,
    missing: String,
    pub(crate) found: String,
}

impl Elsewhere {
    /// What a relative URL starts from, and what to write instead.
    pub(crate) fn failure(&self) -> Failure {
        let Self { url, missing, found } = self;
        Failure::no(format!(
            "there is no database {missing}, but there is {found}: a relative URL starts from the current folder, in \
             Prisma up to version 6 from the schema's"
        ))
        .with_remedy(format!(
            "where the URL is set, write \"file:{found}\"; if a new database is meant, say --url {url} once"
        ))
    }
}

/// Why a schema with these findings cannot be used, if it cannot.
pub(crate) fn invalid(path: &Path, diagnostics: &[Diagnostic]) -> Option<Failure> {
    let mut errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let first = errors.next()?;
    let count = terminal::count(1 + errors.count(), "error");
    Some(Failure::no(format!("{} has {count}", terminal::path(path))).with_remedy(match first.stage {
        Stage::Meaning => format!("`purlin explain {}` tells more", first.code),
        Stage::Text | Stage::Configuration | Stage::Attributes => {
            format!("`purlin explain {}` tells more; once these are right, others may show up", first.code)
        }
    }))
}

/// Prints what is wrong with a schema; an error where that is more than warnings.
fn checked(path: &Path, schema: Schema, files: Vec<SourceFile>, diagnostics: &[Diagnostic]) -> Result<Loaded, Failure> {
    terminal::complain(&purlin_schema::report::text(&files, diagnostics, terminal::colored()));
    match invalid(path, diagnostics) {
        Some(failure) => Err(failure),
        None => Ok(Loaded { schema, files }),
    }
}

/// Why the schema's database cannot be worked on by this version.
pub(crate) fn unsupported(schema: &Schema) -> Option<String> {
    let provider = match schema.datasource.as_ref()?.provider {
        Provider::Sqlite => return None,
        Provider::Postgres => "PostgreSQL",
        Provider::Mysql => "MySQL",
    };
    Some(format!(
        "this version of Purlin runs on SQLite, and the schema is for {provider}: clients can be generated and compile, \
         but nothing opens the database or migrates it yet"
    ))
}

/// Whether two paths lead to one file, be it there or not.
fn is_one_place(a: &Path, b: &Path) -> bool {
    let folder = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        folder.canonicalize().unwrap_or_else(|_| tidy(folder))
    };
    tidy(a) == tidy(b) || (a.file_name() == b.file_name() && folder(a) == folder(b))
}

/// The path without `a/..` and `./`.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match (component, tidy.components().next_back()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                tidy.pop();
            }
            _ => tidy.push(component),
        }
    }
    tidy
}

/// The datasource of a schema.
pub(crate) fn datasource(loaded: &Loaded) -> Result<&Datasource, Failure> {
    loaded.schema.datasource.as_ref().ok_or_else(|| {
        Failure::no("the schema has no datasource block")
            .with_remedy("add one: datasource db { provider = \"sqlite\" }")
    })
}

/// The folder of one of the schema's files.
pub(crate) fn folder_of(loaded: &Loaded, file: usize) -> &Path {
    loaded.files.get(file).and_then(|file| file.path.parent()).unwrap_or(Path::new(""))
}

/// The files of a schema: the file itself, or all .prisma files of a folder and the folders in it.
pub(crate) fn read_schema(path: &Path) -> Result<Vec<SourceFile>, Failure> {
    let mut paths = Vec::new();
    if path.is_dir() {
        collect(path, &mut paths)?;
        paths.sort();
        if paths.is_empty() {
            return Err(Failure::trouble(format!("there is no .prisma file in {}", terminal::path(path))));
        }
    } else {
        paths.push(path.to_owned());
    }
    let read = |path: PathBuf| match fs::read_to_string(&path) {
        Ok(text) => Ok(SourceFile { path, text }),
        Err(error) => Err(Failure::file("read", &path, error)),
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::file("read", folder, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Failure::file("read", folder, error))?;
        let path = entry.path();
        // A linked folder may lead back here; a linked file does not.
        let kind = entry.file_type().map_err(|error| Failure::file("read", &path, error))?;
        if kind.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|ending| ending == "prisma") {
            paths.push(path);
        }
    }
    Ok(())
}
