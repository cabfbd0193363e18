//! The picture of a database: what a schema is lowered to, and what introspection reads.
//!
//! Both sides of a comparison have this form. What a schema cannot say (checks, triggers, partial indexes, collations)
//! is not compared: introspection keeps its SQL text, so that a rebuilt table gets it back.

use crate::sql;

/// The tables and views of a database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DatabaseSchema {
    /// The database's own schemas that must be there; none where there is only the default one.
    pub namespaces: Vec<String>,
    /// The extensions that must be there.
    pub extensions: Vec<Extension>,
    /// The types of enums, where the database has such types.
    pub enums: Vec<EnumType>,
    /// The tables, in the order of the schema file, or by name where they were read from a database.
    pub tables: Vec<Table>,
    /// The views; a schema has none.
    pub views: Vec<Object>,
    /// Tables of a schema as the database spells their types, defaults and conditions, where it was asked: so they are compared
    /// with those that it has.
    pub spelled: Vec<Table>,
}

/// An extension of PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// The database's schema that it is installed in, where that is given.
    pub namespace: Option<String>,
    /// Its version, where that is given.
    pub version: Option<String>,
}

/// The type of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumType {
    /// The database's schema that it is in; none for the default one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The database's schema that it is in; none for the default one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The names of the key's columns, in order; empty without a primary key.
    pub primary_key: Vec<String>,
    /// The name of the key's constraint, where keys have names.
    pub primary_key_name: Option<String>,
    /// Its unique constraints and plain indexes.
    pub indexes: Vec<Index>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// What it asks of each row.
    pub checks: Vec<Check>,
    /// The columns that have an index of the rows whose value is in another form than Purlin writes. As long as that is
    /// empty, the clients use the other indexes of the column.
    pub watched: Vec<Watched>,
    /// What a schema cannot say about it.
    pub kept: Kept,
}

/// A column whose values an index watches: dates or decimals, which may be stored in several forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The column's name.
    pub column: String,
    /// What it holds.
    pub family: Family,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as the database spells it.
    pub native_type: String,
    /// What the type holds.
    pub family: Family,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its default.
    pub default: Default,
    /// Whether the database numbers the rows by it.
    pub autoincrement: bool,
    /// What a schema cannot say about it: SQL text that follows the type (a collation, a check).
    pub kept: String,
    /// The whole definition of a column that the database computes.
    pub generated: Option<String>,
    /// The values that an enum allows, where the database itself allows any text.
    pub allowed: Option<Allowed>,
}

/// The values of an enum that the database keeps as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The enum's name in the schema.
    pub name: String,
    /// Its values as the database has them.
    pub values: Vec<String>,
}

/// What a column holds, beneath the spelling of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the schema type of the same name")]
pub enum Family {
    String,
    Boolean,
    Int,
    BigInt,
    Float,
    Decimal,
    DateTime,
    Json,
    Bytes,
    /// A type that no schema type stands for.
    Other,
}

/// The default of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Default {
    /// None.
    None,
    /// A constant, as SQL text.
    Constant(String),
    /// The time of the insert.
    Now,
    /// An expression, as SQL text.
    Expression(String),
    /// Whatever the database has: the schema leaves it alone.
    Unmanaged,
}

/// What a table asks of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name, where the schema gives it.
    pub name: Option<String>,
    /// The condition, as SQL text.
    pub expression: String,
}

/// A unique constraint or an index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<IndexColumn>,
    /// How it is built, where that is not a B-tree.
    pub method: Option<&'static str>,
    /// The condition of the rows that are in it, as SQL text.
    pub predicate: Option<String>,
    /// Whether it forbids duplicates.
    pub unique: bool,
    /// Where its name comes from.
    pub origin: Origin,
    /// Whether it belongs to a constraint that has its name and can be dropped by it.
    pub is_constraint: bool,
}

/// Where the name of an index comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// The convention: `<table>_<columns>_key` and `_idx`.
    #[default]
    Convention,
    /// `map:` in the schema, or some other name in the database.
    Named,
    /// The database made it for a constraint inside the table's definition; it cannot be dropped on its own.
    Constraint,
}

/// A column of an index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndexColumn {
    /// The column's name, or the SQL text of an expression.
    pub name: String,
    /// Whether it is an expression.
    pub is_expression: bool,
    /// Whether it is sorted downwards.
    pub descending: bool,
    /// The operator class, where it is not that of the column's type.
    pub operator_class: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ForeignKey {
    /// The constraint's name, where it has one.
    pub name: Option<String>,
    /// The columns of this table.
    pub columns: Vec<String>,
    /// The database's schema of the table that they refer to; none for the default one.
    pub namespace: Option<String>,
    /// The table that they refer to.
    pub table: String,
    /// Its columns.
    pub references: Vec<String>,
    /// What happens to this row when that one is deleted.
    pub on_delete: Action,
    /// What happens when its key changes.
    pub on_update: Action,
    /// What a schema cannot say about it: SQL text that follows the actions (`DEFERRABLE ..`).
    pub kept: String,
}

/// A referential action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the SQL keyword of the same name")]
pub enum Action {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// The parts of a table that a schema cannot say, as SQL text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// Table constraints: checks.
    pub constraints: Vec<String>,
    /// Options behind the closing parenthesis.
    pub options: Vec<String>,
    /// Partial and expression indexes.
    pub indexes: Vec<Object>,
    /// Triggers.
    pub triggers: Vec<Object>,
}

/// Something kept by its definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// The statement that makes it.
    pub sql: String,
}

impl DatabaseSchema {
    /// The table called `name`; letter case does not matter, as in SQL.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| same_name(&table.name, name))
    }
}

impl EnumType {
    /// Its name as SQL.
    pub(crate) fn sql(&self) -> String {
        sql::qualified(self.namespace.as_deref(), &self.name)
    }

    /// Its name in a message.
    pub(crate) fn shown(&self) -> String {
        shown(self.namespace.as_deref(), &self.name)
    }
}

/// A name in a message, with that of the database's schema where there are several.
fn shown(namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(namespace) => format!("\"{namespace}\".\"{name}\""),
        None => format!("\"{name}\""),
    }
}

impl Table {
    /// Returns whether both have one name, letter by letter, in one schema of the database.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "names of files differ in case alone"))]
    pub(crate) fn has_place_of(&self, other: &Table) -> bool {
        self.name == other.name && self.namespace == other.namespace
    }

    /// Its name in a message.
    pub(crate) fn shown(&self) -> String {
        shown(self.namespace.as_deref(), &self.name)
    }

    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| same_name(&column.name, name))
    }

    /// The table and the column that a foreign key of this column alone refers to.
    pub(crate) fn target(&self, column: &str) -> Option<(&str, &str)> {
        self.foreign_keys.iter().find_map(|key| match (key.columns.as_slice(), key.references.as_slice()) {
            ([only], [reference]) if same_name(only, column) => Some((key.table.as_str(), reference.as_str())),
            _ => None,
        })
    }

    /// Returns whether it has the form of the table of an implicit many-to-many relation: pairs of keys, and nothing else.
    pub(crate) fn is_join_table(&self) -> bool {
        let [a, b] = self.columns.as_slice() else { return false };
        self.name.starts_with('_')
            && same_name(&a.name, "A")
            && same_name(&b.name, "B")
            && (self.primary_key.is_empty() || same_names(&self.primary_key, &["A".to_owned(), "B".to_owned()]))
            && self.foreign_keys.len() == 2
            && [a, b].into_iter().all(|column| self.target(&column.name).is_some())
    }

    /// Returns whether an index watches the values of a column.
    pub fn watches(&self, watched: &Watched) -> bool {
        self.watched.iter().any(|other| other.family == watched.family && same_name(&other.column, &watched.column))
    }

    /// Returns whether the database numbers the rows.
    pub fn autoincrements(&self) -> bool {
        self.columns.iter().any(|column| column.autoincrement)
    }
}

impl Index {
    /// Returns whether the index covers the column.
    pub fn covers(&self, column: &str) -> bool {
        self.columns.iter().any(|part| same_name(&part.name, column))
    }
}

impl ForeignKey {
    /// Returns whether both mean the same, whatever their names.
    pub fn same_meaning(&self, other: &ForeignKey) -> bool {
        same_name(&self.table, &other.table)
            && same_names(&self.columns, &other.columns)
            && same_names(&self.references, &other.references)
            && self.on_delete == other.on_delete
            && self.on_update == other.on_update
    }
}

/// Returns whether two identifiers name the same thing. Files and servers differ in letter case; two tables that differ in
/// nothing else do not exist on SQLite, and the schema forbids them elsewhere.
pub fn same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// [`same_name`] over lists, in order.
pub fn same_names(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_name(a, b))
}
