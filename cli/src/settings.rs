//! `purlin.toml`, `prisma.config.ts`, and what `package.json` says of Prisma.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use purlin_codegen::{ClientOptions, Section};
use serde::Deserialize;

use crate::{
    failure::Failure,
    input, locate,
    prisma_config::{self, Effects, KEYS, Place, Running, Unreadable},
    value::Value,
};

/// The settings of a project. Paths are relative to the current directory, or absolute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) schema: Option<PathBuf>,
    pub(crate) url: Option<Value>,
    pub(crate) migrations: Option<PathBuf>,
    pub(crate) seed: Option<String>,
    /// The url of `prisma.config.ts`: it counts after the one in the schema.
    pub(crate) prisma_url: Option<Value>,
    /// What the generated clients get as their defaults.
    pub(crate) client: ClientOptions,
    /// What `prisma.config.ts` does to the environment, unless purlin.toml has the URL.
    pub(crate) effects: Option<ConfigEffects>,
    /// The keys that a `prisma.config.ts` may set which could not be read, and why: the place in it, and what went wrong.
    unreadable: BTreeMap<&'static str, (String, String)>,
}

/// What a `prisma.config.ts` does to the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfigEffects {
    /// The file, as it is shown.
    pub(crate) file: String,
    pub(crate) effects: Effects,
    /// Why they are not known, where they are not.
    pub(crate) unreadable: Option<Unreadable>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Option<PathBuf>,
    url: Option<UrlSetting>,
    #[serde(default)]
    migrations: Migrations,
    #[serde(default)]
    seed: Seed,
    #[serde(default)]
    limits: toml::Table,
    #[serde(default)]
    client: toml::Table,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum UrlSetting {
    Literal(String),
    Environment { env: String },
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Migrations {
    path: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    command: Option<String>,
}

/// The endings of Prisma's own settings, in the order in which Prisma looks for them.
const PRISMA_ENDINGS: [&str; 6] = ["js", "ts", "mjs", "cjs", "mts", "cts"];

/// The file with Prisma's own settings, which is the first one that Prisma finds.
fn prisma_file(folder: &Path) -> Option<PathBuf> {
    let names = [
        ("prisma7.config", false),
        (".config/prisma7", false),
        ("prisma.config", true),
        (".config/prisma", true),
        (".config/prisma.config", true),
    ];
    let paths = names.into_iter().flat_map(|(name, may_be_folder)| {
        let files = PRISMA_ENDINGS.map(|ending| format!("{name}.{ending}"));
        let inside = PRISMA_ENDINGS.map(|ending| format!("{name}/index.{ending}"));
        files.into_iter().chain(inside.into_iter().filter(move |_| may_be_folder))
    });
    paths.map(|path| folder.join(path)).find(|path| path.is_file())
}

/// The configuration files of a folder, the strongest first.
pub(crate) fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    Some(folder.join("purlin.toml")).filter(|path| path.is_file()).into_iter().chain(prisma_file(folder))
}

/// Returns whether a folder has settings of Prisma.
pub(crate) fn has_prisma_file(folder: &Path) -> bool {
    prisma_file(folder).is_some()
}

/// Reads the settings of a folder: `purlin.toml`, filled up from `prisma.config.ts` and from `package.json`.
pub(crate) fn read(folder: &Path) -> Result<Settings, Failure> {
    read_as(folder, Running::Allowed)
}

/// The same for a folder that nobody has asked for.
pub(crate) fn read_of_others(folder: &Path) -> Result<Settings, Failure> {
    read_as(folder, Running::Refused)
}

fn read_as(folder: &Path, running: Running) -> Result<Settings, Failure> {
    let mut settings = Settings::default();
    for path in files(folder) {
        settings.fill(file_as(&path, running)?);
    }
    settings.fill(package(&folder.join("package.json"))?);
    Ok(settings)
}

/// Reads the file that was named, and no other.
pub(crate) fn file(path: &Path) -> Result<Settings, Failure> {
    file_as(path, Running::Allowed)
}

fn file_as(path: &Path, running: Running) -> Result<Settings, Failure> {
    if path.extension().is_some_and(|ending| ending == "toml") { purlin(path) } else { prisma(path, running) }
}

/// The folder that a configuration file speaks for.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let is_called = |folder: &Path, name: &str| folder.file_name().is_some_and(|found| found == name);
    let above = |folder: &Path| folder.parent().is_some_and(|above| is_called(above, ".config"));
    let mut folder = path.parent().unwrap_or(Path::new(""));
    // `prisma.config/index.ts`
    if path.file_stem().is_some_and(|stem| stem == "index")
        && (is_called(folder, "prisma.config") || (is_called(folder, "prisma") && above(folder)))
    {
        folder = folder.parent().unwrap_or(folder);
    }
    if is_called(folder, ".config") { folder.parent().unwrap_or(folder) } else { folder }
}

impl Settings {
    /// Takes from weaker settings what is not said yet.
    fn fill(&mut self, other: Self) {
        for (key, place) in other.unreadable {
            let said = match key {
                "schema" => self.schema.is_some(),
                "migrations.path" => self.migrations.is_some(),
                "migrations.seed" => self.seed.is_some(),
                _ => self.url.is_some(),
            };
            if !said {
                self.unreadable.entry(key).or_insert(place);
            }
        }
        if self.url.is_none() {
            self.effects = self.effects.take().or(other.effects);
        }
        self.schema = self.schema.take().or(other.schema);
        self.url = self.url.take().or(other.url);
        self.migrations = self.migrations.take().or(other.migrations);
        self.seed = self.seed.take().or(other.seed);
        self.prisma_url = self.prisma_url.take().or(other.prisma_url);
        if self.client == ClientOptions::default() {
            self.client = other.client;
        }
    }

    /// Complains about a setting that may be there and is not known; `instead` is what to write into purlin.toml.
    pub(crate) fn check(&self, key: &str, instead: &str) -> Result<(), Failure> {
        let Some((place, cause)) = self.unreadable.get(key) else { return Ok(()) };
        Err(Failure::trouble(not_run(place, &format!("`{key}`"), cause)).with_remedy(match key {
            "datasource.url" => format!(
                "write it there as a string or as env('DATABASE_URL'), pass --url, or write at the top of purlin.toml, \
                     beside that file: {instead}"
            ),
            "schema" => format!(
                "write it as a string there, pass --schema, or write at the top of purlin.toml, beside that file: \
                     {instead}"
            ),
            _ => format!("write it as a string there, or write at the top of purlin.toml, beside that file: {instead}"),
        }))
    }
}

/// A file that had to be run to know something, in vain.
pub(crate) fn not_run(place: &str, what: &str, cause: &str) -> String {
    format!("{place} is more than plain settings: the file has to be run for {what}, which failed: {cause}")
}

fn purlin(path: &Path) -> Result<Settings, Failure> {
    let text = input::text(path)?;
    let file: File = toml::from_str(&text).map_err(|error| {
        // Without the line itself, which may hold an address with a password.
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map(|before| format!(":{}", before.matches('\n').count() + 1)).unwrap_or_default();
        Failure::trouble(format!("{}{line} is wrong: {}", crate::terminal::path(path), error.message().trim()))
    })?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let client = client_options(&file).map_err(|message| {
        Failure::trouble(format!("{} is wrong: {message}", crate::terminal::path(path)))
            .with_remedy("docs/configuration.md lists the keys, docs/limits.md the limits with their defaults")
    })?;
    if matches!(&file.url, Some(UrlSetting::Environment { env }) if env.is_empty()) {
        return Err(Failure::trouble(format!("{}: `env` of `url` names no variable", crate::terminal::path(path)))
            .with_remedy("write url = { env = \"DATABASE_URL\" }"));
    }
    Ok(Settings {
        client,
        schema: file.schema.map(|schema| folder.join(schema)),
        url: file.url.map(|url| match url {
            UrlSetting::Literal(text) => Value::Literal(text),
            UrlSetting::Environment { env } => Value::Environment(env),
        }),
        migrations: file.migrations.path.map(|path| folder.join(path)),
        seed: file.seed.command,
        ..Settings::default()
    })
}

/// Where Prisma up to version 6 has some of its settings.
fn package(path: &Path) -> Result<Settings, Failure> {
    if !path.is_file() {
        return Ok(Settings::default());
    }
    let text = input::text(path)?;
    // One that cannot be read is npm's to complain of.
    // A byte order mark, which npm skips too.
    let package: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_default();
    let get = |pointer: &str| package.pointer(pointer).and_then(serde_json::Value::as_str);
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(Settings {
        schema: get("/prisma/schema").map(|schema| folder.join(schema)),
        seed: get("/prisma/seed").map(str::to_owned),
        ..Settings::default()
    })
}

fn client_options(file: &File) -> Result<ClientOptions, String> {
    let mut options = ClientOptions::default();
    for (section, table) in [(Section::Limits, &file.limits), (Section::Client, &file.client)] {
        for (key, value) in table {
            // An unknown key is told as such, whatever its value.
            let is_flag = section.flags().contains(&key.as_str());
            let number = match value {
                toml::Value::Boolean(value) if is_flag => {
                    options.set_flag(section, key, *value).map_err(|error| error.to_string())?;
                    continue;
                }
                _ if is_flag => return Err(format!("`{key}` in [{}] must be true or false", section.name())),
                toml::Value::Integer(number) => *number,
                _ if section.keys().contains(&key.as_str()) => {
                    return Err(format!("`{key}` in [{}] must be a whole number", section.name()));
                }
                _ => 0,
            };
            options.set(section, key, number).map_err(|error| error.to_string())?;
        }
    }
    Ok(options)
}

fn prisma(path: &Path, running: Running) -> Result<Settings, Failure> {
    let text = input::text(path)?;
    let file = locate::absolute(path)?;
    // Where a link leads to the file, the folder that it leads to is meant, as by Node.
    let real = file.canonicalize().unwrap_or_else(|_| file.clone());
    let folder = match real.parent() {
        Some(of_link) if file.parent() != Some(of_link) => locate::relative(of_link)?,
        _ => path.parent().unwrap_or(Path::new("")).to_owned(),
    };
    let config = prisma_config::read(&text, Place { file: &real, root: folder_of(&file) }, running);
    let literal = |name: &str| match config.values.get(name) {
        Some(Value::Literal(text)) => Some(text.clone()),
        _ => None,
    };
    let path_of = |name: &str| literal(name).filter(|path| !path.is_empty());
    // A path that the file makes absolute is shown like all others.
    let place = |path: String| {
        // By its text, as Node resolves paths: what `..` follows may be a link.
        let path = crate::project::tidy(&folder.join(path));
        if path.is_absolute() { locate::relative(&path) } else { Ok(path) }
    };
    let shown = crate::terminal::path(path);
    let mut unreadable = BTreeMap::new();
    if let Some(Unreadable { line, cause }) = &config.unreadable {
        unreadable.extend(KEYS.map(|key| (key, (format!("{shown}:{line}"), cause.clone()))));
    }
    Ok(Settings {
        schema: path_of("schema").map(place).transpose()?,
        migrations: path_of("migrations.path").map(place).transpose()?,
        seed: literal("migrations.seed"),
        prisma_url: config.values.get("datasource.url").cloned(),
        effects: Some(ConfigEffects { file: shown, effects: config.effects, unreadable: config.unreadable }),
        unreadable,
        ..Settings::default()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The keys that an error of the reader names, when it meets one that is unknown.
    fn known(text: &str) -> Vec<String> {
        let message = toml::from_str::<File>(text).unwrap_err().message().to_owned();
        message.split('`').skip(3).step_by(2).map(str::to_owned).collect()
    }

    fn accepted() -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for key in known("unknown = 1") {
            match key.as_str() {
                "migrations" | "seed" => {
                    let inner =
                        toml::from_str::<File>(&format!("[{key}]\nunknown = 1")).unwrap_err().message().to_owned();
                    keys.extend(inner.split('`').skip(3).step_by(2).map(|inner| format!("{key}.{inner}")));
                }
                "limits" | "client" => {
                    let section = if key == "limits" { Section::Limits } else { Section::Client };
                    let names = section.keys().iter().chain(section.flags());
                    keys.extend(names.map(|inner| format!("{key}.{inner}")));
                }
                _ => drop(keys.insert(key)),
            }
        }
        keys
    }

    #[test]
    fn each_key_is_documented_and_each_documented_key_is_read() {
        let page = include_str!("../../docs/configuration.md");
        let (_, section) = page.split_once("## purlin.toml").unwrap();
        let (section, _) = section.split_once("\n### ").unwrap();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
        let documented: BTreeSet<String> = rows.filter_map(|row| row.split('`').next()).map(str::to_owned).collect();
        assert!(documented.len() > 15, "{documented:?}");
        assert_eq!(documented, accepted());
    }

    #[test]
    fn the_example_of_the_documentation_is_read() {
        let page = include_str!("../../docs/configuration.md");
        let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let file: File = toml::from_str(example).unwrap();
        assert!(client_options(&file).is_ok() && file.schema.is_some() && file.seed.command.is_some());
    }
}
