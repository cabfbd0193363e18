//! `purlin.toml`, and what of `prisma.config.ts` can be read without running it.

use std::path::{Path, PathBuf};

use purlin_codegen::{ClientOptions, Section};
use serde::Deserialize;

use crate::{failure::Failure, prisma_config};

/// The settings of a project. Paths are relative to the current directory, or absolute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The folder of the file that they come from; empty when that is the current one, or there is none.
    pub(crate) folder: PathBuf,
    pub(crate) schema: Option<PathBuf>,
    pub(crate) url: Option<Value>,
    pub(crate) migrations: Option<PathBuf>,
    pub(crate) seed: Option<String>,
    /// The url of `prisma.config.ts`: it counts after the one in the schema.
    pub(crate) prisma_url: Option<Value>,
    /// What the generated clients get as their defaults.
    pub(crate) client: ClientOptions,
}

/// A string, or where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Literal(String),
    Environment(String),
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

/// Reads the settings: the file that was named, else `purlin.toml`, filled up from `prisma.config.ts`.
pub(crate) fn read(named: Option<&Path>) -> Result<Settings, Failure> {
    if let Some(path) = named {
        let is_toml = path.extension().is_some_and(|ending| ending == "toml");
        return if is_toml { purlin(path) } else { prisma(path) };
    }
    let own = Path::new("purlin.toml");
    let mut settings = if own.exists() { purlin(own)? } else { Settings::default() };
    if let Some(path) = PRISMA_FILES.iter().map(Path::new).find(|path| path.exists()) {
        let other = prisma(path)?;
        settings.schema = settings.schema.or(other.schema);
        settings.migrations = settings.migrations.or(other.migrations);
        settings.seed = settings.seed.or(other.seed);
        settings.prisma_url = other.prisma_url;
    }
    Ok(settings)
}

fn purlin(path: &Path) -> Result<Settings, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, error))?;
    let file: File = toml::from_str(&text).map_err(|error| {
        // Without the line itself, which may hold an address with a password.
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map(|before| format!(":{}", before.matches('\n').count() + 1)).unwrap_or_default();
        Failure::trouble(format!("{}{line} is wrong: {}", crate::terminal::path(path), error.message().trim()))
    })?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let client = client_options(&file).map_err(|message| {
        Failure::trouble(format!("{} is wrong: {message}", crate::terminal::path(path)))
            .with_remedy("docs/limits.md lists the limits with their defaults")
    })?;
    Ok(Settings {
        client,
        schema: file.schema.map(|schema| folder.join(schema)),
        url: file.url.map(|url| match url {
            UrlSetting::Literal(text) => Value::Literal(text),
            UrlSetting::Environment { env } => Value::Environment(env),
        }),
        migrations: file.migrations.path.map(|path| folder.join(path)),
        seed: file.seed.command,
        prisma_url: None,
        folder,
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
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, error))?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let config = prisma_config::read(&text);
    let literal = |name: &str| match config.get(name) {
        Some(Value::Literal(text)) => Some(text.clone()),
        _ => None,
    };
    Ok(Settings {
        schema: literal("schema").map(|schema| folder.join(schema)),
        url: None,
        migrations: literal("migrations.path").map(|path| folder.join(path)),
        seed: literal("migrations.seed"),
        prisma_url: config.get("datasource.url").cloned(),
        client: ClientOptions::default(),
        folder,
    })
}
