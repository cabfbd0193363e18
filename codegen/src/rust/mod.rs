//! The Rust client: one file of readable code, laid out as rustfmt would.
//!
//! ```text
//! the client       open, transaction, an accessor for each model
//! the enums        a Rust enum each
//! the models       the default row, its typed field names, the required fields of a new row
//! the messages     what rustc says of a new row and of a key that lack something
//! the catalog      what the engine knows of the schema
//! ```

mod catalog;
mod client;
mod layout;
mod messages;
mod mixin;
mod model;
mod names;

use std::path::PathBuf;

use purlin_query::catalog::Catalog;
use purlin_schema::model::{ConfigValue, Generator, Schema};

use crate::{ClientOptions, GeneratedFile};
use names::Names;

/// What the text depends on beside the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The name of the file to write.
    pub file: String,
    /// How the header names the schema.
    pub source: String,
    /// What the project sets for its clients.
    pub client: ClientOptions,
    /// What rows and enums derive beside what they have anyway: paths, for example `specta::Type`.
    pub derives: Vec<String>,
    /// The keys of rows and fragments in JSON.
    pub json_names: JsonNames,
}

/// The keys of rows and fragments in JSON.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum JsonNames {
    /// As in the schema.
    #[default]
    Schema,
    /// `createdAt`
    CamelCase,
    /// `created_at`
    SnakeCase,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            file: "db.rs".to_owned(),
            source: "schema.prisma".to_owned(),
            client: ClientOptions::default(),
            derives: Vec::new(),
            json_names: JsonNames::default(),
        }
    }
}

impl Options {
    /// The options that a `generator` block sets.
    pub fn of(generator: &Generator) -> Result<Self, String> {
        let mut options = Self::default();
        if let Some((_, value)) = generator.config.iter().find(|(name, _)| name == "derives") {
            let ConfigValue::List(derives) = value else {
                return Err("`derives` is a list of paths: `derives = [\"Hash\", \"specta::Type\"]`".to_owned());
            };
            if !derives.iter().all(|path| is_path(path)) {
                return Err("`derives` holds what is no path of a derive macro, such as \"Hash\" or \"specta::Type\""
                    .to_owned());
            }
            options.derives.clone_from(derives);
        }
        if let Some((_, value)) = generator.config.iter().find(|(name, _)| name == "json_names") {
            options.json_names = match value {
                ConfigValue::String(name) if name == "schema" => JsonNames::Schema,
                ConfigValue::String(name) if name == "camelCase" => JsonNames::CamelCase,
                ConfigValue::String(name) if name == "snake_case" => JsonNames::SnakeCase,
                _ => return Err("`json_names` is \"schema\", \"camelCase\" or \"snake_case\"".to_owned()),
            };
        }
        Ok(options)
    }
}

/// Returns whether a text is a path of Rust, as an attribute may hold it.
fn is_path(text: &str) -> bool {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.split("::").all(|name| {
        name.starts_with(|first: char| is_word(first) && !first.is_ascii_digit()) && name.chars().all(is_word)
    })
}

/// The folder and the name of the file that a generator's `output` asks for: it is a `.rs` file, or a folder that
/// becomes a module; without one, `src/db.rs`.
pub fn destination(output: Option<&str>) -> (PathBuf, String) {
    let output = PathBuf::from(output.unwrap_or("src/db.rs"));
    match (output.extension(), output.file_name()) {
        (Some(extension), Some(file)) if extension == "rs" => {
            let file = file.to_string_lossy().into_owned();
            (output.parent().map(PathBuf::from).unwrap_or_default(), file)
        }
        _ => (output, "mod.rs".to_owned()),
    }
}

/// Settings of the application's rustfmt, and lints that it asks for, are about code that people write.
const PREAMBLE: &str = "\
#![cfg_attr(rustfmt, rustfmt::skip)]
#![allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = \"the client of a whole schema: an application uses a part\"
)]

";

/// The Rust client of a schema. `catalog` is what [`lower`](crate::lower::lower) made of it.
pub fn generate(schema: &Schema, catalog: &Catalog, options: &Options) -> Vec<GeneratedFile> {
    let names = Names::new(schema, catalog);
    let mut body = String::new();
    client::write(&mut body, &names, &options.client);
    for (enumeration, documented) in names.enums.iter().zip(&schema.enums) {
        model::write_enum(&mut body, enumeration, documented, &options.derives);
    }
    for model in &names.models {
        model::write(&mut body, &names, model, options);
    }
    for (index, mixin) in schema.mixins.iter().enumerate() {
        mixin::write(&mut body, &names, index, mixin);
    }
    messages::write(&mut body, &names);
    catalog::write(&mut body, &names, catalog);

    let mut text = format!("//! Generated by `purlin generate` from {}. Do not edit.\n\n", options.source);
    text.push_str(PREAMBLE);
    text.push_str(&names.imports());
    text.push_str(&body);
    vec![GeneratedFile { path: PathBuf::from(&options.file), text }]
}
