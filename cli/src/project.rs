//! The schema, the environment and the database of a project.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use purlin_migrate::{connection::Connection, history::History};
use purlin_schema::{
    Diagnostic, Severity, SourceFile,
    model::{Datasource, Provider, Schema, StringOrEnv},
    rules::{Stage, is_of_relations},
};

use crate::{
    args::Global,
    dotenv,
    failure::Failure,
    locate::{self, Found, PLACES},
    settings::{Settings, Value},
    terminal,
};

/// A project: what was typed, its folder, and its settings.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) global: Global,
    /// The folder that relative URLs and `.env` belong to, as seen from the current one.
    pub(crate) root: PathBuf,
    pub(crate) settings: Settings,
    schema: Option<PathBuf>,
    environment: OnceCell<Environment>,
}

/// A schema without errors, and the files that it comes from.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) schema: Schema,
    pub(crate) files: Vec<SourceFile>,
}

impl Project {
    /// Finds the project, and reads its settings.
    pub(crate) fn open(global: Global) -> Result<Self, Failure> {
        let found = locate::find(&global)?;
        Ok(Self::of(global, found))
    }

    /// The project of the current folder, whatever lies above it.
    pub(crate) fn open_here(global: Global) -> Result<Self, Failure> {
        let found = locate::here(&global)?;
        Ok(Self::of(global, found))
    }

    fn of(global: Global, found: Found) -> Self {
        let Found { root, settings, schema } = found;
        Self { global, root, settings, schema, environment: OnceCell::new() }
    }

    /// The place of the schema where one was named or found, whether there is a schema or not.
    pub(crate) fn named_schema(&self) -> Option<PathBuf> {
        self.schema.clone()
    }

    /// The schema's file or folder.
    pub(crate) fn schema_path(&self) -> Result<PathBuf, Failure> {
        if self.global.schema.is_none() {
            self.settings.check("schema", "schema = \"prisma/schema.prisma\"")?;
        }
        match &self.schema {
            Some(path) if path.exists() => Ok(path.clone()),
            Some(path) => Err(Failure::trouble(format!("there is no schema at {}", terminal::path(path)))
                .with_remedy("name another with --schema, or create one with `purlin init`")),
            None => {
                let below = locate::schemas_below(Path::new(""));
                let failure = Failure::trouble(format!(
                    "found no schema: looked for {}, here and in the folders above",
                    PLACES.join(", ")
                ));
                Err(if below.is_empty() {
                    failure.with_remedy("create one with `purlin init`, or name it with --schema")
                } else {
                    let list: String =
                        below.iter().map(|path| format!("\n  --schema {}", terminal::path(path))).collect();
                    failure
                        .with_remedy(format!("run the command in the folder of a project, or name its schema:{list}"))
                })
            }
        }
    }

    /// The files of the project's schema. A folder that the settings name may hold parts of several projects.
    pub(crate) fn read_schema(&self, path: &Path) -> Result<Vec<SourceFile>, Failure> {
        if self.settings.schema.as_deref() == Some(path) { read_files(path) } else { read_schema(path) }
    }

    /// The schema, when it has no errors and is for a database that there is an executor for; warnings are printed.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let path = self.schema_path()?;
        let files = self.read_schema(&path)?;
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
        let files = self.read_schema(&path)?;
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
        let written = self.written_url(loaded)?;
        if let Some(elsewhere) = self.elsewhere(loaded, &written)? {
            return Err(elsewhere.failure());
        }
        self.tell_database(loaded)?;
        Ok(self.resolved(&written))
    }

    /// Says which file a command works on, and which other one the same URL could be taken for.
    pub(crate) fn tell_database(&self, loaded: &Loaded) -> Result<(), Failure> {
        let written = self.written_url(loaded)?;
        let url = self.resolved(&written);
        let Some(path) = purlin_migrate::sqlite::path(&url) else { return Ok(()) };
        terminal::about(format_args!("Database: {path} (SQLite)"));
        if let Some(name) = self.url_variable(loaded)?.filter(|name| std::env::var_os(name).is_none())
            && self.global.url.is_none()
            && let Some(other) = self.read_by_next(&name)
        {
            terminal::note(format_args!(
                "{} sets {name} too, which Next.js reads first and this command does not read",
                terminal::path(&other)
            ));
        }
        if let Some(name) = self.url_name(loaded)? {
            let environment = self.environment();
            let first = environment.folder(&name).unwrap_or(&self.root).join(".env");
            for file in environment.overruled(&name) {
                terminal::note(format_args!(
                    "{} sets {name} too, to another value, which does not count: {} is read first",
                    terminal::path(file),
                    terminal::path(&first)
                ));
            }
        }
        for other in self.readings(loaded, &written)?.into_iter().filter(|other| other.path.is_file()) {
            terminal::note(format_args!(
                "there is a file {} as well, {}: this command works on {path}",
                terminal::path(&other.path),
                other.reader
            ));
        }
        Ok(())
    }

    /// The database beside the schema that a relative URL means in Prisma up to version 6, or the one beside the `.env`
    /// that sets the URL, where there is none at the place that it means here. A URL that was typed means what it says.
    pub(crate) fn elsewhere(&self, loaded: &Loaded, written: &str) -> Result<Option<Elsewhere>, Failure> {
        let url = self.resolved(written);
        let Some(missing) = purlin_migrate::sqlite::path(&url).map(str::to_owned) else { return Ok(None) };
        let readings = self.readings(loaded, written)?;
        let Some(other) = readings.into_iter().find(|other| other.whose != Whose::Program && other.path.is_file())
        else {
            return Ok(None);
        };
        if Path::new(&missing).exists() {
            return Ok(None);
        }
        let dotted = |path: &Path| {
            let plain = path.is_absolute() || path.starts_with("..") || path.starts_with(".");
            if plain { path.display().to_string() } else { format!("./{}", path.display()) }
        };
        let root = locate::absolute(&self.root)?;
        let write = dotted(&locate::between(&root, &locate::absolute(&other.path)?));
        let because = match other.whose {
            Whose::Prisma => "in Prisma up to version 6 from the schema's",
            Whose::Variables | Whose::Program => "not from that of the .env that sets it",
        };
        Ok(Some(Elsewhere { url, missing, found: dotted(&other.path), write, because }))
    }

    /// The other files that the URL, as it is written, means to others.
    fn readings(&self, loaded: &Loaded, written: &str) -> Result<Vec<Reading>, Failure> {
        let url = self.resolved(written);
        let (Some(here), Some(written)) = (purlin_migrate::sqlite::path(&url), purlin_migrate::sqlite::path(written))
        else {
            return Ok(Vec::new());
        };
        let (here, written) = (Path::new(here), Path::new(written));
        if self.global.url.is_some() || written.as_os_str() == ":memory:" || written.is_absolute() {
            return Ok(Vec::new());
        }
        let root = locate::absolute(&self.root)?;
        let mut readings = vec![Reading {
            path: tidy(&folder_of(loaded, datasource(loaded)?.span.file).join(written)),
            reader: "which the URL means in Prisma up to version 6, which starts from the schema's folder",
            whose: Whose::Prisma,
        }];
        let folder = self.url_name(loaded)?.and_then(|name| self.environment().folder(&name).map(Path::to_owned));
        if let Some(folder) = folder.filter(|folder| *folder != self.root) {
            readings.push(Reading {
                path: tidy(&folder.join(written)),
                reader: "beside the .env that sets the URL",
                whose: Whose::Variables,
            });
        }
        if locate::absolute(Path::new(""))? != root {
            readings.push(Reading {
                path: tidy(written),
                reader: "which the URL means to a program that is started in the current folder",
                whose: Whose::Program,
            });
        }
        // One place by two ways is asked about once: another process may make the file between two looks.
        readings.retain(|other| !is_one_place(here, &other.path));
        let mut different: Vec<Reading> = Vec::new();
        for reading in readings {
            if !different.iter().any(|other| is_one_place(&other.path, &reading.path)) {
                different.push(reading);
            }
        }
        Ok(different)
    }

    /// The folder of migrations and what is in it.
    pub(crate) fn history(&self, loaded: &Loaded) -> Result<History, Failure> {
        let history = History::read(&self.migrations(loaded)?)?;
        history.check_provider(datasource(loaded)?.provider)?;
        Ok(history)
    }

    /// The folder of migrations: beside the file that has the datasource.
    pub(crate) fn migrations(&self, loaded: &Loaded) -> Result<PathBuf, Failure> {
        self.settings.check("migrations.path", "[migrations] path = \"prisma/migrations\"")?;
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

    /// The database's URL. A relative path in it starts from the current folder.
    pub(crate) fn url(&self, loaded: &Loaded) -> Result<String, Failure> {
        Ok(self.resolved(&self.written_url(loaded)?))
    }

    /// A URL of the project, whose relative path starts from the project's folder, as seen from the current folder. One
    /// that was typed means what it says, as each path on a command line.
    fn resolved(&self, url: &str) -> String {
        match purlin_migrate::sqlite::path(url).map(Path::new) {
            Some(path)
                if self.global.url.is_none()
                    && path.is_relative()
                    && path.as_os_str() != ":memory:"
                    && self.root.as_os_str() != "" =>
            {
                purlin_migrate::sqlite::with_path(url, &tidy(&self.root.join(path)).display().to_string())
            }
            _ => url.to_owned(),
        }
    }

    /// The database's URL, as it is written.
    pub(crate) fn written_url(&self, loaded: &Loaded) -> Result<String, Failure> {
        if let Some(url) = &self.global.url {
            return Ok(url.clone());
        }
        let environment = self.environment();
        let example = "file:./dev.db";
        match self.url_setting(loaded)? {
            Some((value, place)) => value.resolve(&|name| environment.get(name)).map_err(|name| {
                let why = if environment.is_empty(&name) { "is set, but empty" } else { "is not set" };
                Failure::trouble(format!(
                    "the environment variable {name} {why}; {place} takes the database's URL from it"
                ))
                .with_remedy(self.how_to_set(&name, example))
            }),
            None => environment.get("DATABASE_URL").ok_or_else(|| {
                if environment.is_empty("DATABASE_URL") {
                    return Failure::trouble("the environment variable DATABASE_URL is set, but empty")
                        .with_remedy("unset it, so that .env counts, or say --url");
                }
                Failure::trouble("nothing says where the database is")
                    .with_remedy(self.how_to_set("DATABASE_URL", example))
            }),
        }
    }

    /// The variable that the URL is read from, where nothing that was typed counts before it.
    fn url_name(&self, loaded: &Loaded) -> Result<Option<String>, Failure> {
        if self.global.url.is_some() {
            return Ok(None);
        }
        Ok(match self.url_setting(loaded)? {
            Some((value, _)) => value.variable().map(str::to_owned),
            None => Some("DATABASE_URL".to_owned()),
        })
    }

    /// A file of Next.js in the project's folder that sets a variable: Next.js reads it before `.env`.
    fn read_by_next(&self, name: &str) -> Option<PathBuf> {
        let mut files =
            [".env.local", ".env.development.local", ".env.development"].map(|file| self.root.join(file)).into_iter();
        files.find(|path| {
            let text = fs::read_to_string(path).unwrap_or_default();
            dotenv::read(&text, |_| None).variables.iter().any(|(known, _)| known == name)
        })
    }

    fn how_to_set(&self, name: &str, example: &str) -> String {
        let file = terminal::path(&self.root.join(".env"));
        let other = self.read_by_next(name);
        let other =
            other.map(|path| format!("; {} sets it for Next.js alone", terminal::path(&path))).unwrap_or_default();
        format!("put {name}=\"{example}\" into {file}, or say --url{other}")
    }

    /// The variable that the database's URL is taken from, where it is taken from one.
    pub(crate) fn url_variable(&self, loaded: &Loaded) -> Result<Option<String>, Failure> {
        Ok(self.url_setting(loaded)?.and_then(|(value, _)| value.variable().map(str::to_owned)))
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
        if own.is_none() && schema.is_none() {
            self.settings.check("datasource.url", "url = \"file:./dev.db\", or url = { env = \"DATABASE_URL\" }")?;
        }
        let prisma = self.settings.prisma_url.clone().map(|value| (value, "prisma.config.ts"));
        Ok(own.or(schema).or(prisma))
    }

    /// The variables of the process and of the `.env` files. Where two files have a variable, the first counts: of the
    /// project's folder, of the schema's, then of the folders above the project.
    pub(crate) fn environment(&self) -> &Environment {
        self.environment.get_or_init(|| {
            let beside = match &self.schema {
                Some(schema) if schema.is_dir() => schema.as_path(),
                Some(schema) => schema.parent().unwrap_or(Path::new("")),
                None => &self.root,
            };
            let mut folders = vec![self.root.clone()];
            let above = locate::upwards(&self.root).unwrap_or_default();
            for folder in locate::upwards(beside).unwrap_or_default().into_iter().chain(above.iter().cloned()) {
                if !folders.contains(&folder) {
                    folders.push(folder);
                }
            }
            let mut environment = Environment::default();
            for folder in folders {
                // That a file above the project says something else is what it is there for.
                let place =
                    if above.iter().skip(1).any(|other| *other == folder) { Place::Above } else { Place::Inside };
                environment.add(&folder, place);
            }
            environment
        })
    }
}

/// A file that somebody else would open by the same URL.
#[derive(Debug)]
struct Reading {
    path: PathBuf,
    reader: &'static str,
    whose: Whose,
}

/// Who reads a URL in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Prisma up to version 6, which starts from the schema's folder.
    Prisma,
    /// Who takes a path in a file to start from that file.
    Variables,
    /// A program that is started in the current folder.
    Program,
}

/// The variables of the process, and of .env files where it has none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    file: BTreeMap<String, Assigned>,
    /// Variables that a later file of the project sets to something else, each with that file.
    overruled: Vec<(String, PathBuf)>,
}

/// A variable of a file.
#[derive(Debug, Clone)]
struct Assigned {
    value: String,
    /// The folder of the file.
    folder: PathBuf,
}

/// Where an .env file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Inside,
    /// In a folder above the project, for several projects.
    Above,
}

impl Environment {
    /// A variable that is set, and not to nothing.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.set(name).filter(|value| !value.is_empty())
    }

    /// Whether a variable is set to nothing.
    fn is_empty(&self, name: &str) -> bool {
        self.set(name).is_some_and(|value| value.is_empty())
    }

    /// A variable of the process hides one of a file, also where it is empty.
    fn set(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().or_else(|| self.file.get(name).map(|assigned| assigned.value.clone()))
    }

    /// The folder of the file that a variable comes from, where it comes from one.
    fn folder(&self, name: &str) -> Option<&Path> {
        let is_of_file = std::env::var_os(name).is_none();
        self.file.get(name).filter(|_| is_of_file).map(|assigned| assigned.folder.as_path())
    }

    /// The files of the project that set a variable to something else, without effect.
    fn overruled(&self, name: &str) -> impl Iterator<Item = &Path> {
        let of_name = self.overruled.iter().filter(move |(other, _)| other == name && self.folder(name).is_some());
        of_name.map(|(_, path)| path.as_path())
    }

    /// Adds the variables of a folder's file that no earlier one has.
    fn add(&mut self, folder: &Path, place: Place) {
        let path = &folder.join(".env");
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                // A folder of this name is a virtual environment of Python.
                if error.kind() != std::io::ErrorKind::NotFound && !path.is_dir() {
                    terminal::warning(format_args!("cannot read {}: {error}", terminal::path(path)));
                }
                return;
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        let file = dotenv::read(&text, |name| self.set(name));
        // The text of a line may be a secret.
        if file.has_stray_text {
            terminal::warning(format_args!("{} has a line that is not NAME=value", terminal::path(path)));
        }
        if let Some(name) = file.endless {
            terminal::warning(format_args!("{}: {name} refers to itself", terminal::path(path)));
        }
        // What the file says by itself, of names that an earlier one has.
        let names: HashSet<&str> = file.variables.iter().map(|(name, _)| name.as_str()).collect();
        let of_process = |name: &str| std::env::var(name).ok();
        let own =
            dotenv::read(&text, |name| if names.contains(name) { of_process(name) } else { self.set(name) }).variables;
        let is_overruled =
            |(name, value): &(String, String)| self.file.get(name).is_some_and(|first| first.value != *value);
        if place == Place::Inside {
            let overruled: Vec<String> = own.into_iter().filter(is_overruled).map(|(name, _)| name).collect();
            self.overruled.extend(overruled.into_iter().map(|name| (name, path.clone())));
        }
        for (name, value) in file.variables {
            self.file.entry(name).or_insert_with(|| Assigned { value, folder: folder.to_owned() });
        }
    }

    /// What a child process needs beside the variables that it inherits.
    pub(crate) fn additions(&self) -> impl Iterator<Item = (&str, &str)> {
        let missing = self.file.iter().filter(|(name, _)| std::env::var_os(name).is_none());
        missing.map(|(name, assigned)| (name.as_str(), assigned.value.as_str()))
    }
}

/// A database that lies beside the schema, or beside the `.env` with its URL, and not where the URL says.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    url: String,
    missing: String,
    found: String,
    /// The path to write into the URL.
    pub(crate) write: String,
    /// What the other file would follow from.
    because: &'static str,
}

impl Elsewhere {
    /// What a relative URL starts from, and what to write instead.
    pub(crate) fn failure(&self) -> Failure {
        let Self { url, missing, found, write, because } = self;
        Failure::no(format!(
            "there is no database {missing}, but there is {found}: a relative URL starts from the project's folder, {because}"
        ))
        .with_remedy(format!(
            "where the URL is set, write \"file:{write}\"; if a new database is meant, say --url {url} once"
        ))
    }
}

/// Why a schema with these findings cannot be used, if it cannot.
pub(crate) fn invalid(path: &Path, diagnostics: &[Diagnostic]) -> Option<Failure> {
    let errors = || diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let first = errors().next()?;
    // What follows from an error waits until that is gone, such as what a relation lacks until it is clear what its ends are.
    let hides = |error: &Diagnostic| error.stage != Stage::Meaning || is_of_relations(error.code);
    let more = if errors().any(hides) { "; once these are right, others may show up" } else { "" };
    let count = terminal::count(errors().count(), "error");
    Some(
        Failure::no(format!("{} has {count}", terminal::path(path)))
            .with_remedy(format!("`purlin explain {}` tells more{more}", first.code)),
    )
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
            .with_remedy("add one:\n\n    datasource db {\n      provider = \"sqlite\"\n    }\n")
    })
}

/// The folder of one of the schema's files.
pub(crate) fn folder_of(loaded: &Loaded, file: usize) -> &Path {
    loaded.files.get(file).and_then(|file| file.path.parent()).unwrap_or(Path::new(""))
}

/// The files of the schema at a path. A folder must not reach into the folders of projects below it.
pub(crate) fn read_schema(path: &Path) -> Result<Vec<SourceFile>, Failure> {
    let files = read_files(path)?;
    locate::check_is_one_project(path, &files)?;
    Ok(files)
}

/// The files of a schema: one, or those of a folder.
fn read_files(path: &Path) -> Result<Vec<SourceFile>, Failure> {
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
            if !locate::is_foreign(&path) {
                collect(&path, paths)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "prisma") {
            paths.push(path);
        }
    }
    Ok(())
}
