//! The catalog: what the query compiler knows about a schema.
//!
//! Plain data: names, keys and relations as indices. It is the only model of the schema at run time.
//! The generated Rust client holds it as a `const`, the generated TypeScript client as text ([`Catalog::to_text`]), which it
//! hands to the addon when it opens an engine.

mod text;

use std::borrow::Cow;

use crate::error::Error;

/// The version of this form; an engine refuses a catalog of another version.
pub const VERSION: u32 = 3;

/// A name: static in a generated Rust client, owned when it was read from text.
pub type Name = Cow<'static, str>;
/// A list, as [`Name`].
pub type List<T> = Cow<'static, [T]>;

/// Index of a model in [`Catalog::models`].
pub type ModelIndex = u16;
/// Index of a field in [`Model::fields`].
pub type FieldIndex = u16;
/// Index of an enum in [`Catalog::enums`].
pub type EnumIndex = u16;

/// All models and enums that the clients can see.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Catalog {
    /// [`VERSION`] of the generator that wrote it.
    pub version: u32,
    /// The database that the schema is for.
    pub provider: Provider,
    /// The models, in schema order.
    pub models: List<Model>,
    /// The enums, in schema order.
    pub enums: List<Enum>,
}

/// A database that schemas are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Provider {
    Sqlite,
    Postgres,
    /// MariaDB too
    Mysql,
}

/// A model and the table or view under it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Model {
    /// The name in the clients.
    pub name: Name,
    /// The table's name.
    pub table: Name,
    /// The database's schema that the table is in, where it is not the one of the connection.
    pub schema: Option<Name>,
    /// What may be done to its rows.
    pub writes: Writes,
    /// The fields, in schema order, relation fields among them.
    pub fields: List<Field>,
    /// The keys that name at most one row; the first is the primary key, or the first key of required columns. Of a
    /// view there may be none.
    pub keys: List<Key>,
}

/// What may be done to the rows of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, std::default::Default)]
pub enum Writes {
    /// All of it.
    #[default]
    All,
    /// None is created: a column that clients do not see must have a value, and has no default.
    NoCreate,
    /// Nothing, it is a view.
    None,
}

/// Columns that name at most one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The selector in the clients: the field's name, or `a_b` or the given name of a compound key.
    pub name: Name,
    /// The fields, in key order.
    pub fields: List<FieldIndex>,
}

/// A field of a model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// The name in the clients.
    pub name: Name,
    /// A column or a relation.
    pub kind: FieldKind,
}

/// A column or a relation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// The field is a column of the model's table.
    Column(Column),
    /// The field leads to rows of a model.
    Relation(Relation),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Column {
    /// The name in the database.
    pub name: Name,
    /// The type.
    pub ty: Type,
    /// Whether it may be null.
    pub nullable: bool,
    /// Where its value comes from when a row is created without one.
    pub default: Default,
    /// Set to the present instant by each write that does not set it.
    pub updated_at: bool,
    /// Whether it holds a list of values; such a column is not null.
    pub list: bool,
    /// Whether it is loaded only where it is asked for by its name.
    pub server_only: bool,
    /// Whether the database computes it, so that it is never written.
    pub generated: bool,
    /// Whether an index of the database has it. Said of dates and decimals only, which a plan must be careful to compare by an index
    /// ([`crate::plan::CanonicalForms`]).
    pub indexed: bool,
    /// The native type's name in the schema language without its arguments, `Uuid` or `Date`, where one is given. A
    /// database that infers no such type of a parameter wants a cast to it; a cast with a length would cut values.
    pub native: Option<Name>,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the schema type of the same name")]
pub enum Type {
    String,
    Boolean,
    Int,
    BigInt,
    Float,
    Decimal,
    DateTime,
    Json,
    Bytes,
    Enum(EnumIndex),
}

/// Where the value of a column comes from when a row is created without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, std::default::Default)]
pub enum Default {
    /// Nowhere: a required column must be given.
    #[default]
    None,
    /// The column's default in the database.
    Database,
    /// This number, which the client writes: SQLite counts up an integer primary key whatever its default is.
    Number(i32),
    /// This instant, in milliseconds since 1970-01-01T00:00:00Z, which the client writes: the table's own default may be in
    /// another form than its dates.
    Instant(i64),
    /// The database counts.
    Autoincrement,
    /// The present instant, the same for all rows of a query.
    Now,
    /// A UUID of this version (4 or 7).
    Uuid(u8),
    /// A CUID of this version (1 or 2).
    Cuid(u8),
    /// A ULID.
    Ulid,
    /// A Nano ID of this length.
    Nanoid(u8),
}

/// A relation, seen from the model that has the field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Relation {
    /// The model it leads to.
    pub target: ModelIndex,
    /// The field of `target` that leads back.
    pub inverse: FieldIndex,
    /// How many rows it leads to.
    pub arity: Arity,
    /// The linked columns of this model.
    pub from: List<FieldIndex>,
    /// The columns of `target` that equal `from`; through a join table, the key of `target`.
    pub to: List<FieldIndex>,
    /// Whether `from` is a foreign key.
    pub holds_key: bool,
    /// Whether an index begins with the columns by which the rows of one parent are found.
    pub indexed: bool,
    /// The join table of a many-to-many relation.
    pub through: Option<Through>,
}

/// How many rows a relation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arity {
    /// Exactly one.
    One,
    /// One or none.
    Optional,
    /// Any number.
    Many,
}

/// The join table of a many-to-many relation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Through {
    /// The table.
    pub table: Name,
    /// The database's schema that the table is in, as [`Model::schema`].
    pub schema: Option<Name>,
    /// Its column that holds this model's key.
    pub from_column: Name,
    /// Its column that holds the target's key.
    pub to_column: Name,
}

/// An enum.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Enum {
    /// The name in the clients.
    pub name: Name,
    /// The type's name in the database, where that has types for enums.
    pub db_name: Name,
    /// The database's schema that the type is in, as [`Model::schema`].
    pub schema: Option<Name>,
    /// The values, in schema order.
    pub values: List<EnumValue>,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnumValue {
    /// The name in the clients.
    pub name: Name,
    /// The text in the database.
    pub db_name: Name,
}

impl Catalog {
    /// A catalog of a SQLite database from static parts, as generated Rust code writes it.
    pub const fn new(models: &'static [Model], enums: &'static [Enum]) -> Self {
        Self {
            version: VERSION,
            provider: Provider::Sqlite,
            models: Cow::Borrowed(models),
            enums: Cow::Borrowed(enums),
        }
    }

    /// The same catalog, of another database.
    pub const fn of(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// The model at `index`.
    pub fn model(&self, index: ModelIndex) -> Option<&Model> {
        self.models.get(usize::from(index))
    }

    /// The enum at `index`.
    pub fn enumeration(&self, index: EnumIndex) -> Option<&Enum> {
        self.enums.get(usize::from(index))
    }

    /// Whether a table or a join table has this name, in whatever schema of the database.
    pub(crate) fn has_table(&self, name: &str) -> bool {
        self.models.iter().any(|model| {
            let mut through = model.relations().filter_map(|(_, relation)| relation.through.as_ref());
            model.table == name || through.any(|through| through.table == name)
        })
    }

    /// The model at `index`, which must be there.
    pub(crate) fn model_at(&self, index: ModelIndex) -> Result<&Model, Error> {
        self.model(index).ok_or_else(|| Error::invalid("no such model in the catalog".to_owned()))
    }

    /// The column at `field` of the model at `model`, which must be there.
    pub(crate) fn column_at(&self, model: ModelIndex, field: FieldIndex) -> Result<&Column, Error> {
        let column = self.model_at(model)?.column(field);
        column.ok_or_else(|| Error::invalid("no such column in the catalog".to_owned()))
    }

    /// The relation at `field` of the model at `model`, which must be there.
    pub(crate) fn relation_at(&self, model: ModelIndex, field: FieldIndex) -> Result<&Relation, Error> {
        let relation = self.model_at(model)?.relation(field);
        relation.ok_or_else(|| Error::invalid("no such relation in the catalog".to_owned()))
    }

    /// `Model.field`, for messages.
    pub fn path(&self, model: ModelIndex, field: FieldIndex) -> String {
        self.model(model).map(|model| model.path(field)).unwrap_or_default()
    }

    /// The name of the field at `field` of the model at `model`.
    pub fn field_name(&self, model: ModelIndex, field: FieldIndex) -> &str {
        self.field(model, field).map_or("?", |field| &field.name)
    }

    /// The field at `field` of the model at `model`.
    pub fn field(&self, model: ModelIndex, field: FieldIndex) -> Option<&Field> {
        self.model(model)?.fields.get(usize::from(field))
    }
}

impl Model {
    /// A model from static parts; `keys` begins with the primary key.
    pub const fn new(name: &'static str, table: &'static str, fields: &'static [Field], keys: &'static [Key]) -> Self {
        Self {
            name: Cow::Borrowed(name),
            table: Cow::Borrowed(table),
            schema: None,
            writes: Writes::All,
            fields: Cow::Borrowed(fields),
            keys: Cow::Borrowed(keys),
        }
    }

    /// The same model, in a schema of the database.
    pub const fn schema(mut self, schema: &'static str) -> Self {
        put(&mut self.schema, schema);
        self
    }

    /// The same model, to which only this may be done.
    pub const fn writes(mut self, writes: Writes) -> Self {
        self.writes = writes;
        self
    }

    /// The columns that are loaded unless it is said otherwise, with their field indices, in schema order.
    pub fn shown_columns(&self) -> impl Iterator<Item = (FieldIndex, &Field, &Column)> {
        self.columns().filter(|(_, _, column)| !column.server_only)
    }

    /// The columns with their field indices, in schema order.
    pub fn columns(&self) -> impl Iterator<Item = (FieldIndex, &Field, &Column)> {
        (0..).zip(self.fields.iter()).filter_map(|(index, field)| match &field.kind {
            FieldKind::Column(column) => Some((index, field, column)),
            FieldKind::Relation(_) => None,
        })
    }

    /// The relations with their field indices, in schema order.
    pub fn relations(&self) -> impl Iterator<Item = (FieldIndex, &Relation)> {
        (0..).zip(self.fields.iter()).filter_map(|(index, field)| match &field.kind {
            FieldKind::Relation(relation) => Some((index, relation)),
            FieldKind::Column(_) => None,
        })
    }

    /// `Model.field`, for messages.
    pub fn path(&self, field: FieldIndex) -> String {
        let name = self.fields.get(usize::from(field)).map_or("?", |field| &field.name);
        format!("{}.{name}", self.name)
    }

    /// The column at `index`, when that field is one.
    pub fn column(&self, index: FieldIndex) -> Option<&Column> {
        match &self.fields.get(usize::from(index))?.kind {
            FieldKind::Column(column) => Some(column),
            FieldKind::Relation(_) => None,
        }
    }

    /// The relation at `index`, when that field is one.
    pub fn relation(&self, index: FieldIndex) -> Option<&Relation> {
        match &self.fields.get(usize::from(index))?.kind {
            FieldKind::Relation(relation) => Some(relation),
            FieldKind::Column(_) => None,
        }
    }
}

impl Key {
    /// A key from static parts.
    pub const fn new(name: &'static str, fields: &'static [FieldIndex]) -> Self {
        Self { name: Cow::Borrowed(name), fields: Cow::Borrowed(fields) }
    }
}

impl Field {
    /// A field that is a column.
    pub const fn column(name: &'static str, column: Column) -> Self {
        Self { name: Cow::Borrowed(name), kind: FieldKind::Column(column) }
    }

    /// A field that is a relation.
    pub const fn relation(name: &'static str, relation: Relation) -> Self {
        Self { name: Cow::Borrowed(name), kind: FieldKind::Relation(relation) }
    }
}

impl Column {
    /// A required column without a default.
    pub const fn new(name: &'static str, ty: Type) -> Self {
        Self {
            name: Cow::Borrowed(name),
            ty,
            nullable: false,
            default: Default::None,
            updated_at: false,
            list: false,
            server_only: false,
            generated: false,
            indexed: false,
            native: None,
        }
    }

    /// The same column, which may be null.
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// The same column with a default.
    pub const fn default(mut self, default: Default) -> Self {
        self.default = default;
        self
    }

    /// The same column, set by each write that does not set it.
    pub const fn updated_at(mut self) -> Self {
        self.updated_at = true;
        self
    }

    /// The same column, which an index has.
    pub const fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// The same column, of lists.
    pub const fn list(mut self) -> Self {
        self.list = true;
        self
    }

    /// The same column, loaded only where it is asked for.
    pub const fn server_only(mut self) -> Self {
        self.server_only = true;
        self
    }

    /// The same column, computed by the database.
    pub const fn generated(mut self) -> Self {
        self.generated = true;
        self
    }

    /// The same column, of this native type.
    pub const fn native(mut self, name: &'static str) -> Self {
        put(&mut self.native, name);
        self
    }

    /// Returns whether a row cannot be created without a value for it. A list that is not given is empty.
    pub fn required(&self) -> bool {
        let given = self.nullable || self.list || self.updated_at || self.generated;
        !given && self.default == Default::None
    }
}

impl Relation {
    /// A relation whose foreign key is `from`, on this model.
    pub const fn foreign(
        target: ModelIndex,
        inverse: FieldIndex,
        arity: Arity,
        from: &'static [FieldIndex],
        to: &'static [FieldIndex],
    ) -> Self {
        let mut relation = Self::referenced(target, inverse, arity, from, to);
        relation.holds_key = true;
        // What is referenced is unique, so it has an index.
        relation.indexed = true;
        relation
    }

    /// A relation whose foreign key is `to`, on the target.
    pub const fn referenced(
        target: ModelIndex,
        inverse: FieldIndex,
        arity: Arity,
        from: &'static [FieldIndex],
        to: &'static [FieldIndex],
    ) -> Self {
        Self {
            target,
            inverse,
            arity,
            from: Cow::Borrowed(from),
            to: Cow::Borrowed(to),
            holds_key: false,
            indexed: false,
            through: None,
        }
    }

    /// A many-to-many relation through a join table, which has an index from either side.
    pub const fn through(
        target: ModelIndex,
        inverse: FieldIndex,
        from: &'static [FieldIndex],
        to: &'static [FieldIndex],
        through: Through,
    ) -> Self {
        Self {
            target,
            inverse,
            arity: Arity::Many,
            from: Cow::Borrowed(from),
            to: Cow::Borrowed(to),
            holds_key: false,
            indexed: true,
            through: Some(through),
        }
    }

    /// The same relation, where an index begins with the foreign key.
    pub const fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }
}

impl Provider {
    /// The database's name, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
        }
    }
}

impl Through {
    /// A join table from static parts.
    pub const fn new(table: &'static str, from_column: &'static str, to_column: &'static str) -> Self {
        Self {
            table: Cow::Borrowed(table),
            schema: None,
            from_column: Cow::Borrowed(from_column),
            to_column: Cow::Borrowed(to_column),
        }
    }

    /// The same table, in a schema of the database.
    pub const fn schema(mut self, schema: &'static str) -> Self {
        put(&mut self.schema, schema);
        self
    }
}

impl Enum {
    /// An enum from static parts.
    pub const fn new(name: &'static str, db_name: &'static str, values: &'static [EnumValue]) -> Self {
        Self { name: Cow::Borrowed(name), db_name: Cow::Borrowed(db_name), schema: None, values: Cow::Borrowed(values) }
    }

    /// The same enum, its type in a schema of the database.
    pub const fn schema(mut self, schema: &'static str) -> Self {
        put(&mut self.schema, schema);
        self
    }
}

impl EnumValue {
    /// An enum value from static parts.
    pub const fn new(name: &'static str, db_name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), db_name: Cow::Borrowed(db_name) }
    }
}

/// Fills a place that is empty: a constant function may drop nothing, so what was there is forgotten.
const fn put(place: &mut Option<Name>, name: &'static str) {
    std::mem::forget(place.replace(Cow::Borrowed(name)));
}

impl Type {
    /// The name in the schema language; enums are named by their index in the catalog.
    pub fn name(self, catalog: &Catalog) -> &str {
        match self {
            Self::String => "String",
            Self::Boolean => "Boolean",
            Self::Int => "Int",
            Self::BigInt => "BigInt",
            Self::Float => "Float",
            Self::Decimal => "Decimal",
            Self::DateTime => "DateTime",
            Self::Json => "Json",
            Self::Bytes => "Bytes",
            Self::Enum(index) => catalog.enumeration(index).map_or("enum", |enumeration| &enumeration.name),
        }
    }
}
