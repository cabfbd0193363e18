//! Which database a project's commands work on: the URL, what it means from the current folder, and which other file somebody
//! else would open by it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use purlin_migrate::connection::Connection;
use purlin_schema::model::{Datasource, Provider, Schema, StringOrEnv};

use crate::{
    dotenv,
    environment::Environment,
    failure::Failure,
    locate,
    project::{Loaded, Project, folder_of, tidy},
    terminal,
    value::Value,
};

impl Project {
    /// Opens the schema's database, and says which one it is.
    pub(crate) fn connect(&self, loaded: &Loaded) -> Result<Connection, Failure> {
        Ok(Connection::open_datasource(datasource(loaded)?, &self.checked_url(loaded)?)?)
    }

    /// The same to look at it; it is not made where it does not exist.
    pub(crate) fn connect_to_look(&self, loaded: &Loaded) -> Result<Connection, Failure> {
        Ok(Connection::open_to_look(datasource(loaded)?, &self.checked_url(loaded)?)?)
    }

    /// The database's URL, unless it leads past a database that is there.
    fn checked_url(&self, loaded: &Loaded) -> Result<String, Failure> {
        let written = self.written_url(loaded)?;
        if let Some(elsewhere) = self.elsewhere(loaded, &written)? {
            return Err(elsewhere.failure());
        }
        self.tell_database(loaded)?;
        self.resolved(&written)
    }

    /// Says which file a command works on, and which other one the same URL could be taken for.
    pub(crate) fn tell_database(&self, loaded: &Loaded) -> Result<(), Failure> {
        let written = self.written_url(loaded)?;
        let url = self.resolved(&written)?;
        if !is_sqlite(&loaded.schema) {
            return tell_server(&url);
        }
        let Some(path) = purlin_migrate::sqlite::path(&url) else { return Ok(()) };
        if purlin_migrate::sqlite::is_in_memory(&url) {
            terminal::about("Database: in memory (SQLite)");
            terminal::note("a database in memory ends with this command; name a file, as in file:./dev.db, to keep it");
            return Ok(());
        }
        let missing = if Path::new(path).exists() { "" } else { ", which does not exist yet" };
        terminal::about(format_args!("Database: {} (SQLite){missing}", terminal::shortened(path)));
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
        let unread =
            self.database_of_current_folder(loaded)?.filter(|(_, other)| !is_one_place(other, Path::new(path)));
        if let Some((file, other)) = &unread {
            terminal::warning(format_args!(
                "by {} a program that is started in the current folder opens {}: this command works on {path}",
                terminal::path(file),
                terminal::path(other)
            ));
            terminal::note(
                "give both the same database, best by an absolute URL; docs/deployment.md says how to run an application whose \
                 schema is in another package",
            );
        }
        let is_told = |other: &Reading| unread.as_ref().is_some_and(|(_, told)| is_one_place(told, &other.path));
        for other in
            self.readings(loaded, &written)?.into_iter().filter(|other| other.path.is_file() && !is_told(other))
        {
            terminal::note(format_args!(
                "there is a file {} as well, {}: this command works on {path}",
                terminal::path(&other.path),
                other.reader
            ));
        }
        Ok(())
    }

    /// The `.env` of the current folder where that is not the project's, and the database that it means to a program which
    /// is started here.
    fn database_of_current_folder(&self, loaded: &Loaded) -> Result<Option<(PathBuf, PathBuf)>, Failure> {
        let Some(name) = self.url_name(loaded)?.filter(|name| std::env::var_os(name).is_none()) else {
            return Ok(None);
        };
        // A folder within the project, such as that of the schema, starts no program of its own.
        let is_within = locate::absolute(Path::new(""))?.starts_with(locate::absolute(&self.root)?);
        if is_within && !locate::is_project(Path::new("")) {
            return Ok(None);
        }
        let found = self.set_in_current_folder(&name)?;
        Ok(found.and_then(|(file, url)| {
            let path = purlin_migrate::sqlite::path(&url).filter(|path| *path != ":memory:")?;
            Some((file, tidy(Path::new(path))))
        }))
    }

    /// The `.env` of the current folder where that is not the project's, and the value that it sets a variable to.
    fn set_in_current_folder(&self, name: &str) -> Result<Option<(PathBuf, String)>, Failure> {
        if locate::absolute(Path::new(""))? == locate::absolute(&self.root)? {
            return Ok(None);
        }
        let file = PathBuf::from(".env");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let variables = dotenv::read(&text, |name| std::env::var(name).ok()).variables;
        let value =
            variables.into_iter().find_map(|(known, value)| (known == name && !value.is_empty()).then_some(value));
        Ok(value.map(|value| (file, value)))
    }

    /// The database beside the schema that a relative URL means in Prisma up to version 6, or the one beside the `.env`
    /// that sets the URL, where there is none at the place that it means here. A URL that was typed means what it says.
    pub(crate) fn elsewhere(&self, loaded: &Loaded, written: &str) -> Result<Option<Elsewhere>, Failure> {
        let url = self.resolved(written)?;
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
        let url = self.resolved(written)?;
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

    /// The database's URL. A relative path in it starts from the current folder.
    pub(crate) fn url(&self, loaded: &Loaded) -> Result<String, Failure> {
        self.resolved(&self.written_url(loaded)?)
    }

    /// A URL of the project, whose relative path starts from the project's folder, as seen from the current folder. One
    /// that was typed means what it says, as each path on a command line.
    fn resolved(&self, url: &str) -> Result<String, Failure> {
        match purlin_migrate::sqlite::path(url).map(Path::new) {
            Some(path)
                if self.global.url.is_none()
                    && path.is_relative()
                    && path.as_os_str() != ":memory:"
                    && self.root.as_os_str() != "" =>
            {
                url_of(url, &tidy(&self.root.join(path)))
            }
            _ => Ok(url.to_owned()),
        }
    }

    /// The database's URL, as it is written.
    pub(crate) fn written_url(&self, loaded: &Loaded) -> Result<String, Failure> {
        if let Some(url) = &self.global.url {
            return Ok(url.clone());
        }
        let environment = self.environment();
        self.check_environment(loaded)?;
        let example = match datasource(loaded)?.provider {
            Provider::Sqlite => "file:./dev.db",
            Provider::Postgres => "postgresql://user:password@localhost:5432/database",
            Provider::Mysql => "mysql://user:password@localhost:3306/database",
        };
        match self.url_setting(loaded)? {
            Some((value, place)) => resolved(&value, place, environment).map_err(|name| {
                let Some(name) = name else {
                    return Failure::trouble(format!("{place} sets the database's URL to nothing"))
                        .with_remedy(format!("write a URL there, as in \"{example}\", or pass --url"));
                };
                let (why, remedy) = environment.trouble(&name);
                Failure::trouble(format!(
                    "the environment variable {name} {why}; {place} takes the database's URL from it"
                ))
                .with_remedy(remedy.map_or_else(|| self.how_to_set(&name, example), str::to_owned))
            }),
            None => environment.get("DATABASE_URL").ok_or_else(|| {
                if let (why, Some(remedy)) = environment.trouble("DATABASE_URL") {
                    return Failure::trouble(format!("the environment variable DATABASE_URL {why}"))
                        .with_remedy(remedy);
                }
                Failure::trouble("nothing says where the database is")
                    .with_remedy(self.how_to_set("DATABASE_URL", example))
            }),
        }
    }

    /// Refuses a URL from a variable that `prisma.config.ts` may set in a way that cannot be told.
    pub(crate) fn check_environment(&self, loaded: &Loaded) -> Result<(), Failure> {
        if self.global.url.is_some() {
            return Ok(());
        }
        match self.url_setting(loaded)? {
            Some((value, _)) => self.environment().check(&value.variables()),
            None => self.environment().check(&["DATABASE_URL"]),
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
        let loaded = self.environment().loaded().unwrap_or_default();
        files.find(|path| {
            if loaded.contains(path) {
                return false;
            }
            sets(path, name)
        })
    }

    fn how_to_set(&self, name: &str, example: &str) -> String {
        let env = self.root.join(".env");
        let loaded = self.environment().loaded().unwrap_or_default();
        let file = terminal::path(loaded.first().unwrap_or(&env));
        let unread = !loaded.is_empty() && !loaded.contains(&env) && sets(&env, name);
        let unread = if unread {
            format!("; {} has it, and is not read, since prisma.config.ts loads other files", terminal::path(&env))
        } else {
            String::new()
        };
        let other = self.read_by_next(name);
        let other =
            other.map(|path| format!("; {} sets it for Next.js alone", terminal::path(&path))).unwrap_or_default();
        let here = self.set_in_current_folder(name).ok().flatten().map(|(path, _)| {
            let folder = terminal::path(if self.root.as_os_str().is_empty() { Path::new(".") } else { &self.root });
            let path = terminal::path(&path);
            format!("; {path} of the current folder has it, and is not read, since the project's folder is {folder}")
        });
        let here = here.unwrap_or_default();
        format!("put {name}=\"{example}\" into {file}, or say --url{other}{here}{unread}")
    }

    /// The variable that the database's URL is taken from, where it is taken from one.
    pub(crate) fn url_variable(&self, loaded: &Loaded) -> Result<Option<String>, Failure> {
        Ok(self.url_setting(loaded)?.and_then(|(value, _)| value.variable().map(str::to_owned)))
    }

    /// The variable from which a generated client takes the URL; none where it has the URL itself.
    pub(crate) fn client_variable(&self, loaded: &Loaded) -> Result<Option<String>, Failure> {
        Ok(match (&self.settings.url, &datasource(loaded)?.url) {
            (Some(value), _) => value.variable().map(str::to_owned),
            (None, Some(StringOrEnv::Env(name))) => Some(name.clone()),
            (None, Some(StringOrEnv::Literal(_))) => None,
            (None, None) => Some("DATABASE_URL".to_owned()),
        })
    }

    /// The database that a generated client opens, where `prisma.config.ts` names another one for the commands. In Prisma that
    /// file is about commands alone, and an adapter tells the client.
    pub(crate) fn client_elsewhere(&self, loaded: &Loaded) -> Option<ClientElsewhere> {
        let (value, place) = self.url_setting(loaded).ok()??;
        if place != CONFIG || self.global.url.is_some() || value.variable() == Some("DATABASE_URL") {
            return None;
        }
        let written = self.written_url(loaded).ok()?;
        let clients = self.environment().get("DATABASE_URL");
        if clients.as_ref() == Some(&written) {
            return None;
        }
        let file = |url: &str| purlin_migrate::sqlite::path(url).map(|path| format!(", {path}")).unwrap_or_default();
        let has = match &clients {
            Some(url) => format!("which names another database{}", file(url)),
            None => "which is not set".to_owned(),
        };
        let write = match value.variable() {
            Some(name) => format!("{{ env = \"{name}\" }}"),
            None => format!("{written:?}"),
        };
        Some(ClientElsewhere {
            message: format!(
                "{CONFIG} names the database of the commands{}; the client takes its URL from DATABASE_URL, {has}",
                file(&written)
            ),
            remedy: format!(
                "write `url = {write}` at the top of purlin.toml, which holds for both, and run `purlin generate`; or pass \
                 `url` to `new PurlinClient(..)`"
            ),
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
        if own.is_none() && schema.is_none() && self.global.url.is_none() {
            self.settings.check("datasource.url", "url = \"file:./dev.db\", or url = { env = \"DATABASE_URL\" }")?;
        }
        let prisma = self.settings.prisma_url.clone().map(|value| (value, CONFIG));
        Ok(own.or(schema).or(prisma))
    }
}

/// That the commands and the client of a project open different databases.
pub(crate) struct ClientElsewhere {
    pub(crate) message: String,
    pub(crate) remedy: String,
}

/// The text of a setting, or the variable that is missing for it.
fn resolved(value: &Value, place: &str, environment: &Environment) -> Result<String, Option<String>> {
    // One that cannot be read is not one that is not there.
    let is_unreadable = |name: &&str| matches!(std::env::var(name), Err(std::env::VarError::NotUnicode(_)));
    if let Some(name) = value.variables().into_iter().find(is_unreadable) {
        return Err(Some(name.to_owned()));
    }
    if place == CONFIG { environment.of_config(value) } else { value.resolve(environment) }
}

/// Where a setting stands that is a part of a program.
const CONFIG: &str = "prisma.config.ts";

/// Returns whether a file of variables sets this one.
fn sets(path: &Path, name: &str) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    dotenv::read(&text, |_| None).variables.iter().any(|(known, _)| known == name)
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

/// The datasource of a schema.
pub(crate) fn datasource(loaded: &Loaded) -> Result<&Datasource, Failure> {
    loaded.schema.datasource.as_ref().ok_or_else(|| {
        Failure::no("the schema has no datasource block")
            .with_remedy("add one:\n\n    datasource db {\n      provider = \"sqlite\"\n    }\n")
    })
}

/// Returns whether the schema's database is a file.
pub(crate) fn is_sqlite(schema: &Schema) -> bool {
    schema.datasource.as_ref().is_none_or(|source| source.provider == Provider::Sqlite)
}

/// Why the schema's database cannot be worked on by this version.
pub(crate) fn unsupported(schema: &Schema) -> Option<&'static str> {
    match schema.datasource.as_ref()?.provider {
        Provider::Sqlite => None,
        Provider::Postgres if cfg!(feature = "postgres") => None,
        Provider::Postgres => {
            Some("the schema is for PostgreSQL, and this `purlin` was built without its feature `postgres`")
        }
        Provider::Mysql => Some(
            "`db` and `migrate` do not work on MySQL yet: clients can be generated and compile, but do not open the database yet",
        ),
    }
}

/// Says which database of a server a command works on.
#[cfg(feature = "postgres")]
fn tell_server(url: &str) -> Result<(), Failure> {
    let place = purlin_migrate::postgres::Server::place(url)?;
    terminal::about(format_args!("Database: {place} (PostgreSQL)"));
    Ok(())
}

/// Other databases are refused before.
#[cfg(not(feature = "postgres"))]
fn tell_server(_url: &str) -> Result<(), Failure> {
    Ok(())
}

/// The URL with another path in it. A path that a URL cannot hold would be that of another database.
pub(crate) fn url_of(url: &str, path: &Path) -> Result<String, Failure> {
    match path.to_str().filter(|path| !path.contains('?')) {
        Some(path) => Ok(purlin_migrate::sqlite::with_path(url, path)),
        None => Err(Failure::trouble(format!(
            "the URL of a database cannot hold the path {}, which has a `?` or bytes that are not UTF-8",
            terminal::path(path)
        ))
        .with_remedy("run the command in the project's folder, or rename the folder that is called so")),
    }
}

/// Returns whether two paths lead to one file, be it there or not.
fn is_one_place(a: &Path, b: &Path) -> bool {
    let folder = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        folder.canonicalize().unwrap_or_else(|_| tidy(folder))
    };
    tidy(a) == tidy(b) || (a.file_name() == b.file_name() && folder(a) == folder(b))
}
