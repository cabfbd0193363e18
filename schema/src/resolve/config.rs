//! The `datasource` and `generator` blocks.

use std::collections::HashSet;

use crate::attributes::{string, wrong_kind};
use crate::check::{names, preview};
use crate::diagnostic::Diagnostic;
use crate::model::{ConfigValue, Datasource, Generator, Provider, RelationMode, StringOrEnv};
use crate::suggest::closest;
use crate::syntax::{Block, BlockKind, Expression, ExpressionKind, Property, Tree};

/// The configuration of a schema.
pub(crate) struct Config {
    pub(crate) datasource: Option<Datasource>,
    /// The name of the datasource block, also where the rest of it is wrong.
    pub(crate) datasource_name: Option<String>,
    pub(crate) generators: Vec<Generator>,
}

impl Config {
    /// The database, where it is known.
    pub(crate) fn provider(&self) -> Option<Provider> {
        self.datasource.as_ref().map(|datasource| datasource.provider)
    }
}

/// The properties of a datasource.
const DATASOURCE: [&str; 4] = ["provider", "url", "directUrl", "shadowDatabaseUrl"];

/// The properties that Prisma has beside those.
const UNSUPPORTED: [&str; 2] = ["schemas", "extensions"];

pub(crate) fn resolve(trees: &[Tree], diagnostics: &mut Vec<Diagnostic>) -> Config {
    let mut config = Config { datasource: None, datasource_name: None, generators: Vec::new() };
    let mut generators = HashSet::new();
    for block in trees.iter().flat_map(Tree::blocks) {
        match block.kind {
            BlockKind::Datasource if config.datasource_name.is_some() => diagnostics.push(
                Diagnostic::error("second-datasource", block.name.span, "a schema has only one datasource")
                    .label("the second one")
                    .help("remove one of the `datasource` blocks"),
            ),
            BlockKind::Datasource => {
                config.datasource_name = Some(block.name.text.clone());
                config.datasource = datasource(block, diagnostics);
            }
            BlockKind::Generator => {
                if generators.insert(block.name.text.as_str()) {
                    config.generators.extend(generator(block, diagnostics));
                } else {
                    diagnostics.push(
                        Diagnostic::error(
                            "duplicate-generator",
                            block.name.span,
                            format!("the generator `{}` is declared twice", block.name.text),
                        )
                        .label("the second one")
                        .help("give it another name"),
                    );
                }
            }
            _ => {}
        }
    }
    config
}

fn datasource(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Option<Datasource> {
    let properties = properties(block, diagnostics);
    for attribute in block.attributes() {
        diagnostics.push(names::attribute_in_configuration(attribute));
    }
    for property in &properties {
        let name = property.name.text.as_str();
        if UNSUPPORTED.contains(&name) {
            diagnostics.push(Diagnostic::unsupported(property.span, format!("the datasource property `{name}` is")));
        } else if name == "relationMode" || name == "referentialIntegrity" {
            relation_mode(property, diagnostics);
        } else if !DATASOURCE.contains(&name) {
            diagnostics.push(
                Diagnostic::error(
                    "unknown-property",
                    property.name.span,
                    format!("a datasource has no property `{name}`"),
                )
                .label("unknown property")
                .help("there are `provider`, `url`, `directUrl` and `shadowDatabaseUrl`")
                .suggest(closest(name, DATASOURCE)),
            );
        }
    }
    let find = |name: &str| properties.iter().find(|property| property.name.text == name);
    let mut url = |name| find(name).and_then(|property| string_or_env(property, diagnostics));
    let (url, direct_url, shadow_database_url) = (url("url"), url("directUrl"), url("shadowDatabaseUrl"));
    if let (Some(_), true, Some(property)) = (&url, url == shadow_database_url, find("shadowDatabaseUrl")) {
        diagnostics.push(
            Diagnostic::error("same-shadow-database", property.value.span, "`shadowDatabaseUrl` is the same as `url`")
                .label("the database itself")
                .help("name another database: migrations empty this one"),
        );
    }
    let provider = match find("provider") {
        Some(property) => provider(&property.value, diagnostics)?,
        None => {
            if !block.damaged {
                diagnostics.push(missing_provider(block, "`provider = \"sqlite\"`, `\"postgresql\"` or `\"mysql\"`"));
            }
            return None;
        }
    };
    Some(Datasource {
        name: block.name.text.clone(),
        provider,
        url,
        direct_url,
        shadow_database_url,
        schemas: Vec::new(),
        extensions: Vec::new(),
        relation_mode: RelationMode::default(),
        span: block.span,
    })
}

fn provider(value: &Expression, diagnostics: &mut Vec<Diagnostic>) -> Option<Provider> {
    let name = string(value, "`provider`", diagnostics)?;
    match name.as_str() {
        "sqlite" => return Some(Provider::Sqlite),
        "postgresql" | "postgres" => return Some(Provider::Postgres),
        "mysql" => return Some(Provider::Mysql),
        "mongodb" | "sqlserver" | "cockroachdb" => {
            diagnostics.push(Diagnostic::unsupported(value.span, format!("the provider `{name}` is")));
        }
        _ => diagnostics.push(
            Diagnostic::error("unknown-provider", value.span, format!("there is no provider `{name}`"))
                .label("unknown provider")
                .help("there are `sqlite`, `postgresql` and `mysql`")
                .suggest(match name.as_str() {
                    "mariadb" => Some("mysql"),
                    other => closest(other, ["sqlite", "postgresql", "mysql"]),
                }),
        ),
    }
    None
}

fn relation_mode(property: &Property, diagnostics: &mut Vec<Diagnostic>) {
    let name = &property.name.text;
    if name == "referentialIntegrity" {
        diagnostics.push(
            Diagnostic::warning("renamed-property", property.name.span, "`referentialIntegrity` is now `relationMode`")
                .label("old name")
                .help("write `relationMode`"),
        );
    }
    match string(&property.value, &format!("`{name}`"), diagnostics).as_deref() {
        None | Some("foreignKeys") => {}
        Some("prisma") => {
            diagnostics.push(Diagnostic::unsupported(property.span, format!("`{name} = \"prisma\"` is")).help(
                "write `relationMode = \"foreignKeys\"`, or remove the line: the database keeps the relations then",
            ))
        }
        Some(other) => diagnostics.push(
            Diagnostic::error("wrong-value", property.value.span, format!("there is no relation mode `{other}`"))
                .label("unknown mode")
                .help("write `\"foreignKeys\"`"),
        ),
    }
}

fn generator(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Option<Generator> {
    let mut provider = None;
    let mut output = None;
    let mut config = Vec::new();
    let properties = properties(block, diagnostics);
    for attribute in block.attributes() {
        diagnostics.push(names::attribute_in_configuration(attribute));
    }
    for property in &properties {
        match property.name.text.as_str() {
            "provider" => provider = Some(string(&property.value, "`provider`", diagnostics)?),
            "output" => output = string(&property.value, "`output`", diagnostics),
            name => {
                if name == "previewFeatures" {
                    preview::features(&property.value, diagnostics);
                }
                config.extend(config_value(property, diagnostics).map(|value| (name.to_owned(), value)));
            }
        }
    }
    let Some(provider) = provider else {
        if !block.damaged {
            diagnostics.push(missing_provider(block, "`provider = \"purlin-typescript\"` or `\"purlin-rust\"`"));
        }
        return None;
    };
    Some(Generator { name: block.name.text.clone(), provider, output, config, span: block.span })
}

fn config_value(property: &Property, diagnostics: &mut Vec<Diagnostic>) -> Option<ConfigValue> {
    let value = match &property.value.kind {
        ExpressionKind::List(items) => items.iter().map(scalar).collect::<Option<Vec<String>>>().map(ConfigValue::List),
        _ => scalar(&property.value).map(ConfigValue::String),
    };
    if value.is_none() {
        let what = format!("`{}`", property.name.text);
        diagnostics.push(wrong_kind(property.value.span, &what, "a string or a list of strings", &property.value.kind));
    }
    value
}

/// The text of a value that is not a list. An `env("NAME")` stays as it is written: the generator knows its meaning.
fn scalar(value: &Expression) -> Option<String> {
    match &value.kind {
        ExpressionKind::String(text) | ExpressionKind::Number(text) | ExpressionKind::Word(text) => Some(text.clone()),
        ExpressionKind::Call(name, arguments) if name.text == "env" => match arguments.items.as_slice() {
            [argument] => match &argument.value.kind {
                ExpressionKind::String(variable) => Some(format!("env(\"{variable}\")")),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn string_or_env(property: &Property, diagnostics: &mut Vec<Diagnostic>) -> Option<StringOrEnv> {
    let what = format!("`{}`", property.name.text);
    match &property.value.kind {
        ExpressionKind::String(text) if text.is_empty() => {
            diagnostics.push(
                Diagnostic::error("empty-url", property.value.span, format!("{what} is an empty string"))
                    .label("an address is needed here")
                    .help("write the address, `env(\"NAME\")`, or remove the line"),
            );
            None
        }
        ExpressionKind::String(text) => Some(StringOrEnv::Literal(text.clone())),
        ExpressionKind::Call(name, arguments) if name.text == "env" => match arguments.items.as_slice() {
            [argument] if argument.name.is_none() => {
                string(&argument.value, "the argument of `env`", diagnostics).map(StringOrEnv::Env)
            }
            _ => {
                diagnostics.push(
                    Diagnostic::error(
                        "wrong-value",
                        arguments.span,
                        "`env` takes the name of one environment variable",
                    )
                    .label("expected one string")
                    .help("write for example `env(\"DATABASE_URL\")`"),
                );
                None
            }
        },
        other => {
            diagnostics.push(wrong_kind(property.value.span, &what, "a string or `env(\"NAME\")`", other));
            None
        }
    }
}

/// The properties of a block, each once.
fn properties<'t>(block: &'t Block, diagnostics: &mut Vec<Diagnostic>) -> Vec<&'t Property> {
    let mut seen = HashSet::new();
    let mut properties = Vec::new();
    for property in block.properties() {
        if seen.insert(property.name.text.as_str()) {
            properties.push(property);
        } else {
            diagnostics.push(
                Diagnostic::error(
                    "duplicate-property",
                    property.name.span,
                    format!("the property `{}` of `{}` is given twice", property.name.text, block.name.text),
                )
                .label("the second one")
                .help("remove one of them"),
            );
        }
    }
    properties
}

fn missing_provider(block: &Block, example: &str) -> Diagnostic {
    let kind = block.kind.keyword();
    Diagnostic::error("missing-provider", block.name.span, format!("the {kind} `{}` has no provider", block.name.text))
        .label("no `provider` in this block")
        .help(format!("add {example}"))
}
