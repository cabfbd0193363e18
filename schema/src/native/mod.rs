//! Native types: what `@db.VarChar(40)` and its kind mean on each database, as tables.
//!
//! [`definitions`] is the table of a database, one line per type. To add a type, add a line there; everything else, the
//! messages and the SQL included, comes from it.

mod mysql;
mod postgres;
#[cfg(test)]
mod table_tests;

use std::fmt;

use crate::model::{Provider, Scalar};

/// A native type as a column has it; shown as the schema language writes it, `VarChar(40)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeType {
    /// The type in the table.
    pub definition: &'static Definition,
    /// Its arguments, in order; checked against the definition.
    pub arguments: Vec<u32>,
}

/// A native type of a database.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name in the schema language, `VarChar`.
    pub name: &'static str,
    /// The types of fields that it can hold; the first is what a column of this type becomes by introspection.
    pub scalars: &'static [Scalar],
    /// The name in SQL, `VARCHAR`.
    pub sql: &'static str,
    /// The arguments.
    pub parameters: Parameters,
    /// The way in which keys and indexes can be over it.
    pub indexing: Indexing,
}

/// The arguments that a native type takes: all of them or, where they may be left out, none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters {
    /// In order.
    pub all: &'static [Parameter],
    /// True if they may be left out.
    pub optional: bool,
    /// The arguments that the database puts in where they are left out; empty where it keeps a type without any.
    pub implied: &'static [u32],
}

/// An argument that a native type takes: a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, `length`.
    pub name: &'static str,
    /// The least value.
    pub least: u32,
    /// The greatest value.
    pub most: u32,
}

/// The way in which keys and indexes can be over columns of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Indexing {
    /// Over the whole value.
    Whole,
    /// Only over the first `length:` characters or bytes.
    Prefix,
    /// Not at all.
    Never,
}

/// The native types of a database. A name is there twice where it means something else on another type of field, as
/// MySQL's `TinyInt` does on `Boolean`; what is commonly meant comes first.
pub fn definitions(provider: Provider) -> &'static [Definition] {
    match provider {
        Provider::Sqlite => &[],
        Provider::Postgres => postgres::TYPES,
        Provider::Mysql => mysql::TYPES,
    }
}

/// The native type called `name` that can hold `scalar`.
pub fn find(provider: Provider, name: &str, scalar: Scalar) -> Option<&'static Definition> {
    definitions(provider).iter().find(|definition| definition.name == name && definition.fits(scalar))
}

/// The names that types of another database have here, as pairs of theirs and ours.
pub(crate) fn counterparts(provider: Provider) -> &'static [(&'static str, &'static str)] {
    match provider {
        Provider::Sqlite => &[],
        Provider::Postgres => postgres::COUNTERPARTS,
        Provider::Mysql => mysql::COUNTERPARTS,
    }
}

/// The native type that the text of an `Unsupported("..")` is, with the type of a field for it: such a column needs
/// not be unsupported.
pub(crate) fn named_by(text: &str, provider: Provider) -> Option<(Scalar, NativeType)> {
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => (name, rest.split_once(')')?.0.split(',').map(|it| it.trim().parse().ok()).collect()),
        None => (text, Some(Vec::new())),
    };
    let arguments: Vec<u32> = arguments?;
    let definition = definitions(provider).iter().find(|it| it.name == name.trim())?;
    let scalar = *definition.scalars.first()?;
    definition.parameters.accept(arguments.len()).then_some((scalar, NativeType { definition, arguments }))
}

/// The type of a column whose field says no more than `scalar`; `None` on SQLite, which has no native types.
pub fn default_for(provider: Provider, scalar: Scalar) -> Option<NativeType> {
    let (name, arguments) = match provider {
        Provider::Sqlite => return None,
        Provider::Postgres => postgres::default_for(scalar),
        Provider::Mysql => mysql::default_for(scalar),
    };
    Some(NativeType { definition: find(provider, name, scalar)?, arguments: arguments.to_vec() })
}

impl NativeType {
    /// The name in the schema language, without arguments.
    pub fn name(&self) -> &'static str {
        self.definition.name
    }

    /// The spelling in the database: `VARCHAR(40)`.
    pub fn sql(&self) -> String {
        spell(self.definition.sql, &self.arguments, ",")
    }

    /// The same type with the arguments that the database puts in where they are left out: `Char` is `Char(1)`. Two
    /// types are one to the database if these are equal.
    pub fn with_implied_arguments(&self) -> Self {
        let mut full = self.clone();
        if full.arguments.is_empty() {
            full.arguments = full.definition.parameters.implied.to_vec();
        }
        full
    }
}

impl fmt::Display for NativeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spell(self.definition.name, &self.arguments, ", "))
    }
}

impl Definition {
    /// Returns whether fields of type `scalar` can have it.
    pub fn fits(&self, scalar: Scalar) -> bool {
        self.scalars.contains(&scalar)
    }

    const fn plain(name: &'static str, scalars: &'static [Scalar], sql: &'static str) -> Self {
        Self { name, scalars, sql, parameters: Parameters::NONE, indexing: Indexing::Whole }
    }

    const fn with(self, parameters: Parameters) -> Self {
        Self { parameters, ..self }
    }

    const fn indexed(self, indexing: Indexing) -> Self {
        Self { indexing, ..self }
    }
}

impl Parameters {
    const NONE: Self = Self::required(&[]);

    const fn required(all: &'static [Parameter]) -> Self {
        Self { all, optional: false, implied: &[] }
    }

    const fn optional(all: &'static [Parameter]) -> Self {
        Self { all, optional: true, implied: &[] }
    }

    const fn implying(self, implied: &'static [u32]) -> Self {
        Self { implied, ..self }
    }

    /// Returns whether so many arguments can be given.
    pub(crate) fn accept(&self, count: usize) -> bool {
        count == self.all.len() || (count == 0 && self.optional)
    }
}

impl Parameter {
    const fn new(name: &'static str, least: u32, most: u32) -> Self {
        Self { name, least, most }
    }
}

/// `VarChar` and `[40]` to `VarChar(40)`.
fn spell(name: &str, arguments: &[u32], separator: &str) -> String {
    if arguments.is_empty() {
        return name.to_owned();
    }
    let arguments: Vec<String> = arguments.iter().map(u32::to_string).collect();
    format!("{name}({})", arguments.join(separator))
}
