//! The `datasource` block.

use std::collections::HashSet;

use super::config::properties;
use crate::attributes::string;
use crate::diagnostic::Diagnostic;
use crate::draft::Config;
use crate::messages;
use crate::messages::arguments::wrong_value;
use crate::model::{Datasource, Extension, Provider, RelationMode, StringOrEnv};
use crate::names;
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

/// The database that a datasource block is for.
pub(super) enum Database {
    Ours(Box<Datasource>),
    /// A database that Purlin does not know; reported.
    Foreign,
}

pub(super) fn resolve(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Option<Database> {
    let properties = properties(block, diagnostics);
    for attribute in block.attributes() {
        diagnostics.push(messages::arguments::attribute_in_configuration(attribute));
    }
    let find = |name: &str| properties.iter().find(|property| property.name.text == name).copied();
    let mistyped = if find("provider").is_none() { mistyped_provider(&properties) } else { None };
    let provider = match find("provider") {
        Some(property) => provider(block, &property.value, diagnostics),
        None => {
            if !block.damaged {
                diagnostics.push(match mistyped {
                    Some(property) => messages::configuration::mistyped_provider(block, &property.name),
                    None => {
                        let example = "`provider = \"sqlite\"`, `\"postgresql\"` or `\"mysql\"`";
                        messages::configuration::missing_provider(block, example)
                    }
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
            diagnostics.push(messages::configuration::unknown_property(&property.name, &PROPERTIES));
        }
    }
    let mut url = |name| find(name).and_then(|property| string_or_env(property, diagnostics));
    let (url, direct_url, shadow_database_url) = (url("url"), url("directUrl"), url("shadowDatabaseUrl"));
    for (name, address) in [("url", &url), ("directUrl", &direct_url)] {
        if let (Some(_), Some(property), Some(shadow)) = (address, find(name), find("shadowDatabaseUrl"))
            && *address == shadow_database_url
        {
            let (span, shadow) = (property.value.span, shadow.value.span);
            diagnostics.push(messages::configuration::same_shadow_database(span, name, shadow));
        }
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
    let is_database = |property: &Property| match &property.value.kind {
        ExpressionKind::String(text) => Provider::from_name(text).is_some(),
        _ => false,
    };
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
            diagnostics.push(messages::configuration::unsupported_property(property, provider));
        } else if name == "extensions" {
            config.features.require("postgresqlExtensions", "`extensions`", property.span, diagnostics);
        }
    }
}

/// The database that `provider` names.
enum Named {
    Ours(Provider),
    Foreign,
}

fn provider(block: &Block, value: &Expression, diagnostics: &mut Vec<Diagnostic>) -> Option<Named> {
    if let ExpressionKind::Call(name, _) = &value.kind
        && name.text == "env"
    {
        diagnostics.push(messages::configuration::provider_from_environment(block, value.span));
        return None;
    }
    let name = string(value, "`provider`", diagnostics)?;
    if let Some(provider) = Provider::from_name(&name) {
        return Some(Named::Ours(provider));
    }
    match name.as_str() {
        "cockroachdb" | "mongodb" | "sqlserver" => {
            diagnostics.push(messages::configuration::foreign_provider(value.span, &name));
        }
        _ => {
            diagnostics.push(messages::configuration::unknown_provider(value.span, &name));
            return None;
        }
    }
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
        diagnostics.push(messages::configuration::renamed_relation_mode(property.span));
        if mode.is_some() {
            diagnostics.push(messages::configuration::two_relation_modes(property.span));
        }
    }
    let Some(property) = mode.or(older) else { return RelationMode::default() };
    match string(&property.value, &format!("`{}`", property.name.text), diagnostics).as_deref() {
        None | Some("foreignKeys") => RelationMode::ForeignKeys,
        Some("prisma") => RelationMode::Emulated,
        Some(other) => {
            diagnostics.push(messages::configuration::unknown_relation_mode(block, property.value.span, other));
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
            diagnostics.push(wrong_value(property.value.span, "`schemas`", "a list of strings", other));
            return Vec::new();
        }
    };
    if items.is_empty() {
        diagnostics.push(messages::configuration::no_schemas(property.value.span));
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
            diagnostics.push(messages::configuration::repeated_schema(item.span, &name));
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
            diagnostics.push(wrong_value(property.value.span, "`extensions`", "a list of extensions", other));
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
                wrong_value(item.span, "an entry of `extensions`", "the name of an extension", other)
                    .help("write for example `extensions = [pgcrypto, uuidOssp(map: \"uuid-ossp\")]`"),
            );
            return None;
        }
    };
    if name.contains('-') || name.starts_with(|char: char| char.is_numeric()) {
        diagnostics.push(messages::names::name_of_extension(item.span, name));
    }
    let mut given = HashSet::new();
    let mut extension = Extension { name: name.to_owned(), map: None, schema: None, version: None };
    for argument in arguments {
        let slot = match argument.name.as_ref().map(|name| name.text.as_str()) {
            Some("map") => &mut extension.map,
            Some("schema") => &mut extension.schema,
            Some("version") => &mut extension.version,
            other => {
                diagnostics.push(messages::arguments::unknown_argument_of_extension(argument.span, other));
                continue;
            }
        };
        *slot = string(&argument.value, "the argument of an extension", diagnostics);
        if !given.insert(argument.name.as_ref().map(|name| name.text.as_str())) {
            diagnostics.push(messages::arguments::repeated_argument_of_extension(argument.span, name));
        }
    }
    Some(extension)
}

fn string_or_env(property: &Property, diagnostics: &mut Vec<Diagnostic>) -> Option<StringOrEnv> {
    let what = format!("`{}`", property.name.text);
    match &property.value.kind {
        ExpressionKind::String(text) if text.is_empty() => {
            diagnostics.push(messages::configuration::empty_url(property.value.span, &property.name.text));
            None
        }
        ExpressionKind::String(text) => Some(StringOrEnv::Literal(text.clone())),
        ExpressionKind::Call(name, arguments) if name.text == "env" => match arguments.items.as_slice() {
            [argument] => {
                if let Some(name) = &argument.name {
                    diagnostics.push(messages::configuration::named_argument_of_env(name.span));
                }
                string(&argument.value, "the argument of `env`", diagnostics).map(StringOrEnv::Env)
            }
            _ => {
                diagnostics.push(messages::configuration::env_without_variable(arguments.span));
                None
            }
        },
        other => {
            let diagnostic = wrong_value(property.value.span, &what, "a string or `env(\"NAME\")`", other);
            diagnostics.push(match other {
                ExpressionKind::Word(name) => diagnostic.help(format!("write `env(\"{name}\")`")),
                _ => diagnostic,
            });
            None
        }
    }
}
