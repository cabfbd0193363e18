//! The `datasource` block.

use std::collections::HashSet;

use super::config::{missing_provider, properties};
use crate::attributes::{string, wrong_kind};
use crate::diagnostic::Diagnostic;
use crate::draft::Config;
use crate::model::{Datasource, Extension, Provider, RelationMode, StringOrEnv};
use crate::names;
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Argument, Block, Expression, ExpressionKind, Property};

/// The properties of a datasource.
const PROPERTIES: [&str; 8] = [
    "provider",
    "url",
    "directUrl",
    "shadowDatabaseUrl",
    "relationMode",
    "referentialIntegrity",
    "schemas",
    "extensions",
];

/// The databases by their names as providers.
const PROVIDERS: [&str; 4] = ["sqlite", "postgresql", "postgres", "mysql"];

/// What a datasource block is about.
pub(super) enum Database {
    Ours(Box<Datasource>),
    /// A database that Purlin does not know; reported.
    Foreign,
}

pub(super) fn resolve(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Option<Database> {
    let properties = properties(block, diagnostics);
    for attribute in block.attributes() {
        diagnostics.push(names::attribute_in_configuration(attribute));
    }
    let find = |name: &str| properties.iter().find(|property| property.name.text == name).copied();
    let mistyped = if find("provider").is_none() { mistyped_provider(&properties) } else { None };
    let provider = match find("provider") {
        Some(property) => provider(block, &property.value, diagnostics),
        None => {
            if !block.damaged {
                let missing = missing_provider(block, "`provider = \"sqlite\"`, `\"postgresql\"` or `\"mysql\"`");
                diagnostics.push(match mistyped {
                    Some(property) => missing
                        .related(property.name.span, "not a property of a datasource")
                        .help(format!("write `provider` instead of `{}`", property.name.text)),
                    None => missing,
                });
            }
            None
        }
    };
    if let Some(Named::Foreign) = provider {
        return Some(Database::Foreign);
    }
    for property in &properties {
        let name = property.name.text.as_str();
        let is_mistyped = mistyped.is_some_and(|mistyped| std::ptr::eq(mistyped, *property));
        if !PROPERTIES.contains(&name) && !is_mistyped {
            diagnostics.push(
                Diagnostic::error(
                    Rule::UnknownProperty,
                    property.name.span,
                    format!("a datasource has no property `{name}`"),
                )
                .label("unknown property")
                .help(format!("there are {}", PROPERTIES.map(|name| format!("`{name}`")).join(", ")))
                .suggest(closest(name, PROPERTIES)),
            );
        }
    }
    let mut url = |name| find(name).and_then(|property| string_or_env(property, diagnostics));
    let (url, direct_url, shadow_database_url) = (url("url"), url("directUrl"), url("shadowDatabaseUrl"));
    if let (Some(_), Some(main), Some(shadow)) = (&url, find("url"), find("shadowDatabaseUrl"))
        && url == shadow_database_url
    {
        diagnostics.push(
            Diagnostic::error(Rule::SameShadowDatabase, main.value.span, "`shadowDatabaseUrl` is the same as `url`")
                .label("the database itself")
                .related(shadow.value.span, "migrations empty this one")
                .help("name another database as `shadowDatabaseUrl`, or remove it"),
        );
    }
    if let (Some(_), Some(direct), Some(shadow)) = (&direct_url, find("directUrl"), find("shadowDatabaseUrl"))
        && direct_url == shadow_database_url
    {
        diagnostics.push(
            Diagnostic::error(
                Rule::SameShadowDatabase,
                direct.value.span,
                "`shadowDatabaseUrl` is the same as `directUrl`",
            )
            .label("the database itself")
            .related(shadow.value.span, "migrations empty this one")
            .help("name another database as `shadowDatabaseUrl`, or remove it"),
        );
    }
    let relation_mode = relation_mode(block, find("relationMode"), find("referentialIntegrity"), diagnostics);
    let schemas = find("schemas").map(|property| schemas(property, diagnostics)).unwrap_or_default();
    let extensions = find("extensions").map(|property| extensions(property, diagnostics)).unwrap_or_default();
    let Some(Named::Ours(provider)) = provider else { return None };
    Some(Database::Ours(Box::new(Datasource {
        name: block.name.text.clone(),
        provider,
        url,
        direct_url,
        shadow_database_url,
        schemas,
        extensions,
        relation_mode,
        span: block.span,
    })))
}

/// The property that is meant to be the `provider`, where there is none: its name is close, or its value is a database.
fn mistyped_provider<'t>(properties: &[&'t Property]) -> Option<&'t Property> {
    let is_database = |property: &Property| matches!(&property.value.kind, ExpressionKind::String(text) if PROVIDERS.contains(&text.as_str()));
    let mut unknown = properties.iter().copied().filter(|property| !PROPERTIES.contains(&property.name.text.as_str()));
    unknown.find(|property| is_database(property) || closest(&property.name.text, ["provider"]).is_some())
}

/// The checks that need to know the database and the preview flags of the generators.
pub(super) fn features(block: &Block, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    let Some(provider) = config.provider() else { return };
    for property in block.properties() {
        let name = property.name.text.as_str();
        if !matches!(name, "schemas" | "extensions") {
            continue;
        }
        if provider != Provider::Postgres {
            diagnostics.push(
                Diagnostic::error(
                    Rule::UnsupportedProperty,
                    property.value.span,
                    format!("`{name}` is for postgresql, and this datasource is for {}", provider.name()),
                )
                .label(format!("not on {}", provider.name()))
                .help("remove it"),
            );
        } else if name == "extensions" {
            config.features.require("postgresqlExtensions", "`extensions`", property.span, diagnostics);
        }
    }
}

/// What `provider` names.
enum Named {
    Ours(Provider),
    Foreign,
}

fn provider(block: &Block, value: &Expression, diagnostics: &mut Vec<Diagnostic>) -> Option<Named> {
    if let ExpressionKind::Call(name, _) = &value.kind
        && name.text == "env"
    {
        let header = Span { end: block.name.span.end, ..block.keyword };
        diagnostics.push(
            Diagnostic::error(Rule::WrongValue, header, "the `provider` of a datasource must be written out")
                .label("its database must be known")
                .related(value.span, format!("`{}()` is only known later", name.text))
                .help("write `provider = \"sqlite\"`, `\"postgresql\"` or `\"mysql\"`; only the URL can come from the environment"),
        );
        return None;
    }
    let name = string(value, "`provider`", diagnostics)?;
    let help = match name.as_str() {
        "sqlite" => return Some(Named::Ours(Provider::Sqlite)),
        "postgresql" | "postgres" => return Some(Named::Ours(Provider::Postgres)),
        "mysql" => return Some(Named::Ours(Provider::Mysql)),
        "cockroachdb" => {
            "to run on PostgreSQL write `provider = \"postgresql\"`, replace `sequence()` by `autoincrement()`, and \
             native types such as `String`, `Int4`, `Int8`, `Bool` and `Bytes` by `Text`, `Integer`, `BigInt`, \
             `Boolean` and `ByteA`"
        }
        "mongodb" | "sqlserver" => "the databases are `sqlite`, `postgresql` and `mysql` (which serves MariaDB too)",
        _ => {
            diagnostics.push(
                Diagnostic::error(Rule::UnknownProvider, value.span, format!("there is no provider `{name}`"))
                    .label("unknown provider")
                    .help("there are `sqlite`, `postgresql` and `mysql`")
                    .suggest(match name.as_str() {
                        "mariadb" => Some("mysql"),
                        other if other.starts_with("postgre") || other == "pg" => Some("postgresql"),
                        other => closest(other, ["sqlite", "postgresql", "mysql"]),
                    }),
            );
            return None;
        }
    };
    diagnostics.push(
        Diagnostic::error(Rule::ForeignProvider, value.span, format!("Purlin does not run on `{name}`"))
            .label("not a database of Purlin")
            .help(help),
    );
    // The others read the language as we do, but for what the database itself can.
    (name == "mongodb").then_some(Named::Foreign)
}

fn relation_mode(
    block: &Block,
    mode: Option<&Property>,
    older: Option<&Property>,
    diagnostics: &mut Vec<Diagnostic>,
) -> RelationMode {
    if let Some(property) = older {
        diagnostics.push(
            Diagnostic::warning(Rule::RenamedProperty, property.span, "`referentialIntegrity` is now `relationMode`")
                .label("old name")
                .help("write `relationMode`"),
        );
        if mode.is_some() {
            diagnostics.push(
                Diagnostic::error(
                    Rule::TwoRelationModes,
                    property.span,
                    "`referentialIntegrity` is the old name of `relationMode`, and both are given",
                )
                .label("given twice")
                .help("remove this line"),
            );
        }
    }
    let Some(property) = mode.or(older) else { return RelationMode::default() };
    match string(&property.value, &format!("`{}`", property.name.text), diagnostics).as_deref() {
        None | Some("foreignKeys") => RelationMode::ForeignKeys,
        Some("prisma") => RelationMode::Emulated,
        Some(other) => {
            let header = Span { end: block.name.span.end, ..block.keyword };
            diagnostics.push(
                Diagnostic::error(Rule::WrongValue, header, format!("there is no relation mode `{other}`"))
                    .label("in this block")
                    .related(property.value.span, "unknown mode")
                    .help("write `\"foreignKeys\"` or `\"prisma\"`"),
            );
            RelationMode::default()
        }
    }
}

/// `["base", "audit"]`
fn schemas(property: &Property, diagnostics: &mut Vec<Diagnostic>) -> Vec<String> {
    let items = match &property.value.kind {
        ExpressionKind::List(items) => items.as_slice(),
        ExpressionKind::String(_) => std::slice::from_ref(&property.value),
        other => {
            diagnostics.push(wrong_kind(property.value.span, "`schemas`", "a list of strings", other));
            return Vec::new();
        }
    };
    if items.is_empty() {
        diagnostics.push(
            Diagnostic::error(Rule::EmptyList, property.value.span, "`schemas` is empty")
                .label("at least one is needed")
                .help("name the database's schemas, for example `[\"public\"]`, or remove the line"),
        );
    }
    let mut seen = HashSet::new();
    let mut schemas = Vec::new();
    for item in items {
        let Some(name) = string(item, "an entry of `schemas`", diagnostics) else { continue };
        if !names::characters("an entry of schemas", &name, item.span, diagnostics) {
            continue;
        }
        if seen.insert(name.clone()) {
            schemas.push(name);
        } else {
            diagnostics.push(
                Diagnostic::error(Rule::RepeatedSchema, item.span, format!("`schemas` names `{name}` twice"))
                    .label("the second time")
                    .help("remove one of them"),
            );
        }
    }
    schemas
}

/// `[pgcrypto, uuidOssp(map: "uuid-ossp", schema: "x", version: "1.1")]`
fn extensions(property: &Property, diagnostics: &mut Vec<Diagnostic>) -> Vec<Extension> {
    let items = match &property.value.kind {
        ExpressionKind::List(items) => items.as_slice(),
        ExpressionKind::Word(_) | ExpressionKind::Call(..) => std::slice::from_ref(&property.value),
        other => {
            diagnostics.push(wrong_kind(property.value.span, "`extensions`", "a list of extensions", other));
            return Vec::new();
        }
    };
    items.iter().filter_map(|item| extension(item, diagnostics)).collect()
}

fn extension(item: &Expression, diagnostics: &mut Vec<Diagnostic>) -> Option<Extension> {
    let (name, arguments): (&str, &[Argument]) = match &item.kind {
        ExpressionKind::Word(name) => (name, &[]),
        ExpressionKind::Call(name, arguments) => (&name.text, &arguments.items),
        other => {
            diagnostics.push(
                wrong_kind(item.span, "an entry of `extensions`", "the name of an extension", other)
                    .help("write for example `extensions = [pgcrypto, uuidOssp(map: \"uuid-ossp\")]`"),
            );
            return None;
        }
    };
    if name.contains('-') || name.starts_with(|char: char| char.is_numeric()) {
        diagnostics.push(
            Diagnostic::error(Rule::InvalidName, item.span, format!("`{name}` is not a name for an extension"))
                .at(Stage::Meaning)
                .label("not a valid name")
                .help(format!("give it another name, and that of the database with `map: \"{name}\"`")),
        );
    }
    let mut given = HashSet::new();
    let mut extension = Extension { name: name.to_owned(), map: None, schema: None, version: None };
    for argument in arguments {
        let slot = match argument.name.as_ref().map(|name| name.text.as_str()) {
            Some("map") => &mut extension.map,
            Some("schema") => &mut extension.schema,
            Some("version") => &mut extension.version,
            other => {
                diagnostics.push(
                    Diagnostic::error(Rule::UnknownArgument, argument.span, "an extension has no such argument")
                        .label("unknown argument")
                        .help("there are `map`, `schema` and `version`")
                        .suggest(other.and_then(|other| closest(other, ["map", "schema", "version"]))),
                );
                continue;
            }
        };
        *slot = string(&argument.value, "the argument of an extension", diagnostics);
        if !given.insert(argument.name.as_ref().map(|name| name.text.as_str())) {
            diagnostics.push(
                Diagnostic::error(
                    Rule::RepeatedArgument,
                    argument.span,
                    format!("an argument of `{name}` is given twice"),
                )
                .label("the second one")
                .help("remove one of them"),
            );
        }
    }
    Some(extension)
}

fn string_or_env(property: &Property, diagnostics: &mut Vec<Diagnostic>) -> Option<StringOrEnv> {
    let what = format!("`{}`", property.name.text);
    match &property.value.kind {
        ExpressionKind::String(text) if text.is_empty() => {
            diagnostics.push(
                Diagnostic::error(Rule::EmptyUrl, property.value.span, format!("{what} is an empty string"))
                    .label("an address is needed here")
                    .help("write the address, `env(\"NAME\")`, or remove the line"),
            );
            None
        }
        ExpressionKind::String(text) => Some(StringOrEnv::Literal(text.clone())),
        ExpressionKind::Call(name, arguments) if name.text == "env" => match arguments.items.as_slice() {
            [argument] => {
                if let Some(name) = &argument.name {
                    diagnostics.push(
                        Diagnostic::warning(Rule::ExtraArgument, name.span, "the argument of `env` has no name")
                            .label("no effect")
                            .help("write for example `env(\"DATABASE_URL\")`"),
                    );
                }
                string(&argument.value, "the argument of `env`", diagnostics).map(StringOrEnv::Env)
            }
            _ => {
                diagnostics.push(
                    Diagnostic::error(
                        Rule::WrongValue,
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
            let diagnostic = wrong_kind(property.value.span, &what, "a string or `env(\"NAME\")`", other);
            diagnostics.push(match other {
                ExpressionKind::Word(name) => diagnostic.help(format!("write `env(\"{name}\")`")),
                _ => diagnostic,
            });
            None
        }
    }
}
