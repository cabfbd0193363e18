//! Rust names of what a schema names, and how the generated file refers to names that are not its own.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;

use heck::{ToSnakeCase, ToUpperCamelCase};
use purlin_query::catalog::{self, Catalog, FieldIndex, Writes};
use purlin_schema::model::{FieldKind, Model, Schema};

use super::layout;
use crate::lower::{visible_fields, visible_models};

/// All names of a generated file.
pub(super) struct Names<'a> {
    pub(super) client: String,
    pub(super) enums: Vec<EnumNames>,
    pub(super) models: Vec<ModelNames<'a>>,
    /// The traits of the mixins, in the order of the schema.
    pub(super) mixins: Vec<String>,
    taken: HashSet<String>,
    /// What of `purlin`, and of its module of typed field names, the file imports.
    imported: RefCell<[BTreeSet<&'static str>; 2]>,
}

pub(super) struct EnumNames {
    pub(super) name: String,
    /// For each value the Rust name and the name in the schema.
    pub(super) values: Vec<(String, String)>,
}

pub(super) struct ModelNames<'a> {
    pub(super) schema: &'a Model,
    pub(super) catalog: &'a catalog::Model,
    pub(super) index: usize,
    /// The default row.
    pub(super) row: String,
    /// The struct of typed field names.
    pub(super) fields_struct: String,
    /// The struct of the required fields of a new row.
    pub(super) new_struct: String,
    /// The type of what a new row lacks, in the module of messages.
    pub(super) lacks: String,
    /// The method of the client.
    pub(super) accessor: String,
    pub(super) fields: Vec<FieldNames<'a>>,
    /// The compound keys that have a name of their own.
    pub(super) keys: Vec<(String, &'a catalog::Key)>,
}

pub(super) struct FieldNames<'a> {
    pub(super) name: String,
    pub(super) documentation: Option<&'a str>,
    pub(super) field: &'a catalog::Field,
    /// Whether the column is a foreign key of a relation of this model.
    pub(super) foreign_key: bool,
}

/// The methods of a generated client that are not accessors.
const METHODS: [&str; 6] = ["open", "builder", "connect", "close", "transaction", "transaction_with"];
/// The longest key that `CompoundKey` takes.
const MAX_KEY: usize = 6;

impl<'a> Names<'a> {
    pub(super) fn new(schema: &'a Schema, catalog: &'a Catalog) -> Self {
        let mut taken = HashSet::new();
        // Names of the schema first, before all those that need no change: what is made up makes way.
        let schema_names = catalog.models.iter().map(|model| &*model.name);
        let schema_names = schema_names.chain(catalog.enums.iter().map(|item| &*item.name));
        let schema_names = schema_names.chain(schema.mixins.iter().map(|mixin| mixin.name.as_str()));
        taken.extend(schema_names.filter(|name| type_name(name) == *name).map(ToOwned::to_owned));
        let mut claim_type = |name: &str| match type_name(name) {
            same if same == name => same,
            changed => claim(&mut taken, changed),
        };
        let rows: Vec<String> = catalog.models.iter().map(|model| claim_type(&model.name)).collect();
        let enums: Vec<String> = catalog.enums.iter().map(|item| claim_type(&item.name)).collect();
        let mixins: Vec<String> = schema.mixins.iter().map(|mixin| claim_type(&mixin.name)).collect();
        let client = if taken.contains("Client") { "DbClient" } else { "Client" };
        let client = claim(&mut taken, client.to_owned());
        let mut accessors: HashSet<String> = METHODS.iter().map(|name| (*name).to_owned()).collect();
        let mut messages = HashSet::new();
        let models = visible_models(schema).zip(catalog.models.iter()).zip(rows).enumerate();
        let models = models
            .map(|(index, (((_, model), lowered), row))| ModelNames {
                schema: model,
                catalog: lowered,
                index,
                fields_struct: claim(&mut taken, format!("{}Fields", row.trim_end_matches('_'))),
                new_struct: claim(&mut taken, format!("New{row}")),
                lacks: claim(&mut messages, format!("{}Lacks", row.trim_end_matches('_'))),
                accessor: claim(&mut accessors, value_name(&lowered.name)),
                row,
                fields: Vec::new(),
                keys: Vec::new(),
            })
            .map(|model| model.with_fields(schema, catalog))
            .collect();
        let enums = enums
            .into_iter()
            .zip(catalog.enums.iter())
            .map(|(name, item)| {
                let mut variants = HashSet::new();
                let values = item.values.iter();
                let values =
                    values.map(|value| (claim(&mut variants, variant_name(&value.name)), value.name.to_string()));
                EnumNames { name, values: values.collect() }
            })
            .collect();
        Self { client, enums, models, mixins, taken, imported: RefCell::default() }
    }

    /// A name of `purlin`: imported, or written in full where the schema has the name for something else.
    pub(super) fn purlin(&self, name: &'static str) -> String {
        if self.taken.contains(name) {
            return format!("purlin::{name}");
        }
        let [imported, _] = &mut *self.imported.borrow_mut();
        imported.insert(name);
        name.to_owned()
    }

    /// A name of `purlin::field`, likewise.
    pub(super) fn purlin_field(&self, name: &'static str) -> String {
        if self.taken.contains(name) {
            return format!("purlin::field::{name}");
        }
        let [_, imported] = &mut *self.imported.borrow_mut();
        imported.insert(name);
        name.to_owned()
    }

    /// A name of the prelude, written in full where the schema has the name for something else.
    pub(super) fn prelude(&self, name: &'static str) -> String {
        if !self.taken.contains(name) {
            return name.to_owned();
        }
        let module = match name {
            "Option" => "std::option",
            "Vec" => "std::vec",
            "Result" => "std::result",
            "From" | "AsRef" => "std::convert",
            "FnOnce" | "AsyncFnOnce" => "std::ops",
            _ => "std::string",
        };
        format!("{module}::{name}")
    }

    /// The name of a type parameter: `name`, where the schema does not have it.
    pub(super) fn parameter(&self, name: &str) -> String {
        claim(&mut self.taken.clone(), name.to_owned())
    }

    /// The imports that were asked for.
    pub(super) fn imports(&self) -> String {
        let [plain, fields] = &*self.imported.borrow();
        let mut out = String::new();
        for (module, names) in [("purlin::field", fields), ("purlin", plain)] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            match names.as_slice() {
                [] => {}
                // rustfmt takes the braces off a single name.
                [name] => {
                    let _ = writeln!(out, "use {module}::{name};");
                }
                names => layout::fill(&mut out, "", &format!("use {module}::{{"), names, "};"),
            }
        }
        out
    }

    /// The Rust type of a column, without the `Option` of a nullable one.
    pub(super) fn bare_type(&self, ty: catalog::Type) -> String {
        match ty {
            catalog::Type::String => self.prelude("String"),
            catalog::Type::Boolean => "bool".to_owned(),
            catalog::Type::Int => "i32".to_owned(),
            catalog::Type::BigInt => "i64".to_owned(),
            catalog::Type::Float => "f64".to_owned(),
            catalog::Type::Decimal => self.purlin("Decimal"),
            catalog::Type::DateTime => self.purlin("DateTime"),
            catalog::Type::Json => self.purlin("Json"),
            catalog::Type::Bytes => format!("{}<u8>", self.prelude("Vec")),
            catalog::Type::Enum(index) => {
                self.enums.get(usize::from(index)).map(|item| item.name.clone()).unwrap_or_default()
            }
        }
    }

    /// The Rust type of a column.
    pub(super) fn column_type(&self, column: &catalog::Column) -> String {
        let bare = self.bare_type(column.ty);
        if column.list {
            format!("{}<{bare}>", self.prelude("Vec"))
        } else if column.nullable {
            format!("{}<{bare}>", self.prelude("Option"))
        } else {
            bare
        }
    }

    /// The type of a place among the required foreign keys of a model.
    pub(super) fn place(&self, place: usize) -> String {
        let first = self.purlin_field("First");
        let next = if place > 0 { self.purlin_field("Next") } else { String::new() };
        (0..place).fold(first, |place, _| format!("{next}<{place}>"))
    }

    /// The type of the places that these columns of a model have among its required foreign keys, where they have any.
    pub(super) fn places(&self, model: &ModelNames<'_>, columns: &[FieldIndex]) -> Option<String> {
        let keys = model.required_keys().enumerate().filter(|(_, (index, _))| columns.contains(index));
        let places: Vec<String> = keys.map(|(place, _)| self.place(place)).collect();
        places.into_iter().rev().reduce(|rest, place| format!("({place}, {rest})"))
    }

    /// The default row of the model at this place of the catalog.
    pub(super) fn row(&self, model: catalog::ModelIndex) -> &str {
        self.models.get(usize::from(model)).map_or("", |model| &model.row)
    }
}

impl<'a> ModelNames<'a> {
    fn with_fields(mut self, schema: &'a Schema, catalog: &Catalog) -> Self {
        let mut taken = HashSet::new();
        for ((_, field), (index, lowered)) in
            visible_fields(schema, self.schema).zip((0..).zip(self.catalog.fields.iter()))
        {
            self.fields.push(FieldNames {
                name: claim(&mut taken, value_name(&field.name)),
                documentation: field.documentation.as_deref(),
                field: lowered,
                foreign_key: matches!(field.kind, FieldKind::Column(_)) && self.holds_key(catalog, index),
            });
        }
        let compound = self.catalog.keys.iter().filter(|key| (2..=MAX_KEY).contains(&key.fields.len()));
        self.keys =
            compound.map(|key| (value_name(&key.name), key)).filter(|(name, _)| taken.insert(name.clone())).collect();
        self
    }

    /// Not of a relation to a view: its rows are not written, so the column is given by itself.
    fn holds_key(&self, catalog: &Catalog, column: FieldIndex) -> bool {
        self.catalog.fields.iter().any(|field| match &field.kind {
            catalog::FieldKind::Relation(relation) => {
                let written = catalog.model(relation.target).is_some_and(|target| target.writes != Writes::None);
                written && relation.holds_key && relation.from.contains(&column)
            }
            catalog::FieldKind::Column(_) => false,
        })
    }

    /// The required foreign keys of a new row, in their order: each has a place in what the row lacks.
    pub(super) fn required_keys(&self) -> impl Iterator<Item = (FieldIndex, &FieldNames<'a>)> {
        self.columns()
            .filter(|(_, field, column)| column.required() && field.foreign_key)
            .map(|(index, field, _)| (index, field))
    }

    /// The columns of the default row.
    pub(super) fn shown(&self) -> impl Iterator<Item = (&FieldNames<'a>, &'a catalog::Column)> {
        self.columns().filter(|(_, _, column)| !column.server_only).map(|(_, field, column)| (field, column))
    }

    /// The columns among the fields, with their places.
    pub(super) fn columns(&self) -> impl Iterator<Item = (FieldIndex, &FieldNames<'a>, &'a catalog::Column)> {
        (0..).zip(&self.fields).filter_map(|(index, field)| match &field.field.kind {
            catalog::FieldKind::Column(column) => Some((index, field, column)),
            catalog::FieldKind::Relation(_) => None,
        })
    }
}

/// `name`, or `name` with underscores after it when it is taken already.
pub(super) fn claim(taken: &mut HashSet<String>, mut name: String) -> String {
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// The name of a type: as in the schema where that is one already.
fn type_name(name: &str) -> String {
    let idiomatic = name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.contains('_');
    keyword(if idiomatic { name.to_owned() } else { name.to_upper_camel_case() })
}

fn variant_name(name: &str) -> String {
    keyword(name.to_upper_camel_case())
}

fn value_name(name: &str) -> String {
    keyword(name.to_snake_case())
}

/// A raw identifier where the name is a word of the language.
fn keyword(name: String) -> String {
    match name.as_str() {
        // These have no raw form.
        "self" | "Self" | "super" | "crate" | "_" => format!("{name}_"),
        "as" | "break" | "const" | "continue" | "else" | "enum" | "extern" | "false" | "fn" | "for" | "if" | "impl"
        | "in" | "let" | "loop" | "match" | "mod" | "move" | "mut" | "pub" | "ref" | "return" | "static" | "struct"
        | "trait" | "true" | "type" | "unsafe" | "use" | "where" | "while" | "async" | "await" | "dyn" | "abstract"
        | "become" | "box" | "do" | "final" | "gen" | "macro" | "override" | "priv" | "try" | "typeof" | "unsized"
        | "virtual" | "yield" => format!("r#{name}"),
        _ => name,
    }
}
