//! The `datasource` and `generator` blocks.

use std::collections::HashSet;

use super::datasource::{self, Database};
use super::preview;
use crate::attributes::string;
use crate::diagnostic::Diagnostic;
use crate::draft::{Config, Features};
use crate::messages;
use crate::messages::arguments::wrong_value;
use crate::model::{ConfigValue, Generator};
use crate::rules::Stage;
use crate::syntax::{Block, BlockKind, Expression, ExpressionKind, Property, Tree};

pub(crate) fn resolve(trees: &[Tree], diagnostics: &mut Vec<Diagnostic>) -> Config {
    let before = diagnostics.len();
    let config = blocks(trees, diagnostics);
    // A wrong value is one of the configuration here, and one of an attribute elsewhere.
    for diagnostic in diagnostics.iter_mut().skip(before).filter(|it| it.stage == Stage::Attributes) {
        diagnostic.stage = Stage::Configuration;
    }
    config
}

fn blocks(trees: &[Tree], diagnostics: &mut Vec<Diagnostic>) -> Config {
    let mut config = Config {
        datasource: None,
        datasource_name: None,
        generators: Vec::new(),
        features: Features::default(),
        foreign: false,
    };
    let mut generators = HashSet::new();
    let mut datasource_block = None;
    let mut datasources: Vec<&Block> = Vec::new();
    for block in trees.iter().flat_map(Tree::blocks) {
        match block.kind {
            BlockKind::Datasource => {
                let before = diagnostics.len();
                let database = datasource::resolve(block, diagnostics);
                // One that is wrong in itself may be no datasource at all: first that is to be put right.
                let is_again = datasource_block.is_some_and(|first: &Block| first.name.text == block.name.text);
                if is_again || !block.damaged && diagnostics.len() == before {
                    datasources.push(block);
                }
                if config.datasource_name.is_some() {
                    continue;
                }
                config.datasource_name = Some(block.name.text.clone());
                datasource_block = Some(block);
                match database {
                    Some(Database::Ours(datasource)) => config.datasource = Some(*datasource),
                    Some(Database::Foreign) => config.foreign = true,
                    None => {}
                }
            }
            BlockKind::Generator => {
                if generators.insert(block.name.text.as_str()) {
                    config.generators.extend(generator(block, diagnostics));
                } else {
                    diagnostics.push(messages::configuration::duplicate_generator(&block.name));
                }
            }
            _ => {}
        }
    }
    if datasources.len() > 1
        || datasources.iter().any(|block| {
            datasource_block.is_some_and(|it| !std::ptr::eq(it, *block) && it.name.text == block.name.text)
        })
    {
        // Any may be the one that is not meant.
        for (index, block) in datasources.iter().enumerate() {
            let label = if index == 0 { "the first one" } else { "one more" };
            diagnostics.push(messages::configuration::second_datasource(block.name.span, label));
        }
    }
    config.features = Features::of(&config.generators);
    for block in trees.iter().flat_map(Tree::blocks).filter(|block| block.kind == BlockKind::Generator) {
        if let Some(property) = block.properties().find(|property| property.name.text == "previewFeatures") {
            preview::features(&property.value, config.provider(), diagnostics);
        }
    }
    if let Some(block) = datasource_block
        && !config.foreign
    {
        datasource::features(block, &config, diagnostics);
    }
    config
}

fn generator(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Option<Generator> {
    let mut provider = None;
    let mut output = None;
    let mut config = Vec::new();
    let properties = properties(block, diagnostics);
    for attribute in block.attributes() {
        diagnostics.push(messages::arguments::attribute_in_configuration(attribute));
    }
    for property in &properties {
        match property.name.text.as_str() {
            "provider" => provider = Some(string_or_env(property, diagnostics)?),
            "output" => output = string_or_env(property, diagnostics),
            "engineType" if !matches!(property.value.kind, ExpressionKind::String(_)) => {
                diagnostics.push(wrong_value(property.value.span, "`engineType`", "a string", &property.value.kind));
            }
            "binaryTargets" => {
                config.extend(targets(property, diagnostics).map(|value| ("binaryTargets".to_owned(), value)))
            }
            name => {
                config.extend(config_value(property, diagnostics).map(|value| (name.to_owned(), value)));
            }
        }
    }
    let Some(provider) = provider else {
        if !block.damaged {
            diagnostics.push(messages::configuration::missing_provider(
                block,
                "`provider = \"purlin-typescript\"` or `\"purlin-rust\"`",
            ));
        }
        return None;
    };
    Some(Generator { name: block.name.text.clone(), provider, output, config, span: block.span })
}

/// `binaryTargets`, which are names or come from the environment.
fn targets(property: &Property, diagnostics: &mut Vec<Diagnostic>) -> Option<ConfigValue> {
    let items = match &property.value.kind {
        ExpressionKind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&property.value),
    };
    let is_text = |item: &Expression| matches!(item.kind, ExpressionKind::String(_) | ExpressionKind::Call(..));
    let others: Vec<_> = items.iter().filter(|item| !is_text(item)).collect();
    for item in &others {
        diagnostics.push(wrong_value(item.span, "an entry of `binaryTargets`", "a string", &item.kind));
    }
    if others.is_empty() { config_value(property, diagnostics) } else { None }
}

/// The value of a property that only its generator knows. A list in a list or an object passes, and is kept from the
/// generator: no generator of Purlin asks for one.
fn config_value(property: &Property, diagnostics: &mut Vec<Diagnostic>) -> Option<ConfigValue> {
    let is_nested = |item: &Expression| matches!(item.kind, ExpressionKind::List(_) | ExpressionKind::Object(_));
    let value = match &property.value.kind {
        ExpressionKind::List(items) if items.iter().any(is_nested) => return None,
        ExpressionKind::Object(_) => return None,
        ExpressionKind::List(items) => items.iter().map(scalar).collect::<Option<Vec<String>>>().map(ConfigValue::List),
        _ => scalar(&property.value).map(ConfigValue::String),
    };
    if value.is_none() {
        let what = format!("`{}`", property.name.text);
        diagnostics.push(wrong_value(
            property.value.span,
            &what,
            "a string or a list of strings",
            &property.value.kind,
        ));
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

/// A string, or an `env("NAME")` as it is written.
fn string_or_env(property: &Property, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    match &property.value.kind {
        ExpressionKind::Call(..) if let Some(text) = scalar(&property.value) => Some(text),
        _ => string(&property.value, &format!("`{}`", property.name.text), diagnostics),
    }
}

/// The properties of a block, each once.
pub(super) fn properties<'t>(block: &'t Block, diagnostics: &mut Vec<Diagnostic>) -> Vec<&'t Property> {
    let mut seen = HashSet::new();
    let mut properties = Vec::new();
    for property in block.properties() {
        if seen.insert(property.name.text.as_str()) {
            properties.push(property);
        } else {
            diagnostics.push(messages::configuration::duplicate_property(block, &property.name));
        }
    }
    properties
}
