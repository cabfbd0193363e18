//! `purlin.toml`, and what of `prisma.config.ts` and `package.json` can be read without running anything.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use purlin_codegen::{ClientOptions, Section};
use serde::Deserialize;

use crate::{failure::Failure, input, prisma_config};

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
    /// What `prisma.config.ts` computes in a way that cannot be told without running it: the keys, and where they stand.
    unreadable: BTreeMap<&'static str, String>,
}

/// A string, or where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Literal(String),
    Environment(String),
    /// The second, where the first is not set.
    Either(Box<Value>, Box<Value>),
    Concatenation(Vec<Value>),
}

impl Value {
    /// Some values behind each other.
    pub(crate) fn concatenation(values: Vec<Self>) -> Self {
        let mut parts: Vec<Self> = Vec::new();
        for value in values {
            match (parts.last_mut(), value) {
                (_, Self::Literal(text)) if text.is_empty() => {}
                (Some(Self::Literal(last)), Self::Literal(text)) => last.push_str(&text),
                (_, value) => parts.push(value),
            }
        }
        match parts.len() {
            0 => Self::Literal(String::new()),
            1 => parts.remove(0),
            _ => Self::Concatenation(parts),
        }
    }

    /// The text; the name of the variable that is missing for it.
    pub(crate) fn resolve(&self, get: &impl Fn(&str) -> Option<String>) -> Result<String, String> {
        match self {
            Self::Literal(text) => Ok(text.clone()),
            Self::Environment(name) => get(name).ok_or_else(|| name.clone()),
            // An empty text after `||` is there for the types.
            Self::Either(first, second) => first
                .resolve(get)
                .or_else(|missing| second.resolve(get).ok().filter(|text| !text.is_empty()).ok_or(missing)),
            Self::Concatenation(parts) => parts.iter().map(|part| part.resolve(get)).collect(),
        }
    }

    /// The first variable that it comes from.
    pub(crate) fn variable(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Environment(name) => Some(name),
            Self::Either(first, second) => first.variable().or_else(|| second.variable()),
            Self::Concatenation(parts) => parts.iter().find_map(Self::variable),
        }
    }
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

/// Where Prisma's own settings may stand.
const PRISMA_FILES: [&str; 8] = [
    "prisma.config.ts",
    "prisma.config.mts",
    "prisma.config.cts",
    "prisma.config.js",
    "prisma.config.mjs",
    "prisma.config.cjs",
    ".config/prisma.ts",
    ".config/prisma.js",
];

/// The configuration files of a folder, the strongest first.
pub(crate) fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let prisma = PRISMA_FILES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    Some(folder.join("purlin.toml")).filter(|path| path.is_file()).into_iter().chain(prisma)
}

/// Returns whether a folder has settings of Prisma.
pub(crate) fn has_prisma_file(folder: &Path) -> bool {
    PRISMA_FILES.iter().any(|name| folder.join(name).is_file())
}

/// Reads the settings of a folder: `purlin.toml`, filled up from `prisma.config.ts` and from `package.json`.
pub(crate) fn read(folder: &Path) -> Result<Settings, Failure> {
    let mut settings = Settings::default();
    for path in files(folder) {
        settings.fill(file(&path)?);
    }
    settings.fill(package(&folder.join("package.json"))?);
    Ok(settings)
}

/// Reads the file that was named, and no other.
pub(crate) fn file(path: &Path) -> Result<Settings, Failure> {
    if path.extension().is_some_and(|ending| ending == "toml") { purlin(path) } else { prisma(path) }
}

/// The folder that a configuration file speaks for.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().unwrap_or(Path::new(""));
    let above = folder.parent().filter(|_| folder.file_name().is_some_and(|name| name == ".config"));
    above.unwrap_or(folder)
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
        self.schema = self.schema.take().or(other.schema);
        self.url = self.url.take().or(other.url);
        self.migrations = self.migrations.take().or(other.migrations);
        self.seed = self.seed.take().or(other.seed);
        self.prisma_url = self.prisma_url.take().or(other.prisma_url);
        if self.client == ClientOptions::default() {
            self.client = other.client;
        }
    }

    /// Complains about a setting that is there and cannot be told; `instead` is what to write into purlin.toml.
    pub(crate) fn check(&self, key: &str, instead: &str) -> Result<(), Failure> {
        let Some(place) = self.unreadable.get(key) else { return Ok(()) };
        Err(Failure::trouble(format!("{place} computes `{key}`, which cannot be told without running the file"))
            .with_remedy(format!(
                "write it as a string there, or write at the top of purlin.toml, beside that file: {instead}"
            )))
    }
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

fn prisma(path: &Path) -> Result<Settings, Failure> {
    let text = input::text(path)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let config = prisma_config::read(&text);
    let literal = |name: &str| match config.values.get(name) {
        Some(Value::Literal(text)) => Some(text.clone()),
        _ => None,
    };
    let mut unreadable = BTreeMap::new();
    for key in KEYS {
        let line = config.unreadable.get(key).copied();
        // A path by a variable is not told either.
        let computed = config.values.contains_key(key) && key != "datasource.url" && literal(key).is_none();
        if let Some(line) = line.or(computed.then_some(0)) {
            let place = crate::terminal::path(path);
            unreadable.insert(key, if line > 0 { format!("{place}:{line}") } else { place });
        }
    }
    Ok(Settings {
        schema: literal("schema").map(|schema| folder.join(schema)),
        migrations: literal("migrations.path").map(|path| folder.join(path)),
        seed: literal("migrations.seed"),
        prisma_url: config.values.get("datasource.url").cloned(),
        unreadable,
        ..Settings::default()
    })
}

/// The keys of `prisma.config.ts` that are read.
const KEYS: [&str; 4] = ["schema", "datasource.url", "migrations.path", "migrations.seed"];

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
        let (section, _) = section.split_once("\n## ").unwrap();
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

    #[test]
    fn values_are_resolved_in_turn() {
        let get = |name: &str| (name == "SET").then(|| "set".to_owned());
        let variable = |name: &str| Value::Environment(name.to_owned());
        let literal = |text: &str| Value::Literal(text.to_owned());
        let either = |first, second| Value::Either(Box::new(first), Box::new(second));
        assert_eq!(either(variable("NOT"), literal("x")).resolve(&get), Ok("x".to_owned()));
        assert_eq!(either(variable("SET"), literal("x")).resolve(&get), Ok("set".to_owned()));
        assert_eq!(either(variable("NOT"), variable("NEITHER")).resolve(&get), Err("NOT".to_owned()));
        assert_eq!(either(variable("NOT"), literal("")).resolve(&get), Err("NOT".to_owned()));
        let joined = Value::concatenation(vec![literal("a"), literal("b"), variable("SET"), literal("")]);
        assert_eq!(joined.resolve(&get), Ok("abset".to_owned()));
        assert_eq!(joined.variable(), Some("SET"));
    }
}
