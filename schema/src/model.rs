//! The resolved schema: what the file means, with every name turned into an index.
//!
//! [`crate::parse`] builds it from the syntax tree. It holds no text positions beside [`Span`]s for
//! messages, and no unresolved names: a consumer (codegen, migrate) never parses or looks up anything.

use crate::source::Span;

/// Index of a model in [`Schema::models`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId(pub usize);

/// Index of an enum in [`Schema::enums`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub usize);

/// Index of a field in [`Model::fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub usize);

/// Index of a relation in [`Schema::relations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationId(pub usize);

/// A whole schema, all files of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// The `datasource` block; at most one.
    pub datasource: Option<Datasource>,
    /// The `generator` blocks, in source order.
    pub generators: Vec<Generator>,
    /// The models, in source order.
    pub models: Vec<Model>,
    /// The enums, in source order.
    pub enums: Vec<Enum>,
    /// The relations, each once, whichever of its two fields came first.
    pub relations: Vec<Relation>,
}

/// The database a schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provider {
    /// `sqlite`
    Sqlite,
    /// `postgresql` or `postgres`
    Postgres,
    /// `mysql`, which serves MariaDB too
    Mysql,
}

/// A `datasource` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Datasource {
    /// The block's name, the prefix of native types (`db` by custom).
    pub name: String,
    /// Which database.
    pub provider: Provider,
    /// `url`, where the schema has one.
    pub url: Option<StringOrEnv>,
    /// `directUrl`, the way past a connection pooler that migrations take, where the schema has one.
    pub direct_url: Option<StringOrEnv>,
    /// `shadowDatabaseUrl`, a scratch database for migrations, where the schema has one.
    pub shadow_database_url: Option<StringOrEnv>,
    /// The whole block.
    pub span: Span,
}

/// A string given literally or by an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StringOrEnv {
    /// `"file:./dev.db"`
    Literal(String),
    /// `env("DATABASE_URL")`
    Env(String),
}

/// A `generator` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Generator {
    /// The block's name.
    pub name: String,
    /// `provider`, for example `purlin-typescript`.
    pub provider: String,
    /// `output`, relative to the file that holds the block.
    pub output: Option<String>,
    /// All other properties, in source order.
    pub config: Vec<(String, ConfigValue)>,
    /// The whole block; its `file` tells what `output` is relative to.
    pub span: Span,
}

/// The value of a generator's property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigValue {
    /// A string, or the text of a number or of a bare word.
    String(String),
    /// A list of strings.
    List(Vec<String>),
}

/// A `model` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The name in the schema and the clients.
    pub name: String,
    /// The table's name: `@@map`, else the model's name.
    pub table: String,
    /// The text of its `///` comment.
    pub documentation: Option<String>,
    /// The fields, in source order, relation fields among them.
    pub fields: Vec<Field>,
    /// `@id` or `@@id`.
    pub primary_key: Option<Key>,
    /// `@unique` and `@@unique`, in source order.
    pub uniques: Vec<Key>,
    /// `@@index`, in source order.
    pub indexes: Vec<Index>,
    /// `@@ignore`: in the database, not in the clients.
    pub ignored: bool,
    /// The block's name.
    pub span: Span,
}

/// A primary key or a unique constraint.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The columns, in order.
    pub columns: Vec<IndexColumn>,
    /// `name:`, the name of the compound selector in the clients.
    pub name: Option<String>,
    /// `map:`, the constraint's name in the database where it was given.
    pub map: Option<String>,
}

/// An `@@index`.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// The columns, in order.
    pub columns: Vec<IndexColumn>,
    /// `map:`, the index's name in the database where it was given.
    pub map: Option<String>,
}

/// A column of a key or an index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexColumn {
    /// Which field.
    pub field: FieldId,
    /// `sort: Desc`.
    pub descending: bool,
}

/// A field of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name in the schema and the clients.
    pub name: String,
    /// The text of its `///` comment.
    pub documentation: Option<String>,
    /// What it holds.
    pub kind: FieldKind,
    /// How many of it.
    pub arity: Arity,
    /// `@ignore`: in the database, not in the clients.
    pub ignored: bool,
    /// The field's name.
    pub span: Span,
}

/// How many values a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arity {
    /// `T`
    Required,
    /// `T?`
    Optional,
    /// `T[]`
    List,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// A column.
    Column(Column),
    /// One end of a relation.
    Relation(RelationId, End),
}

/// Which end of its relation a relation field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// The end described by [`Relation::from`]: it holds the foreign key, or is `A` of a join table.
    From,
    /// The end described by [`Relation::to`]: it is referenced, or is `B` of a join table.
    To,
}

/// A field that is a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The column's name: `@map`, else the field's name.
    pub name: String,
    /// Its type.
    pub ty: ColumnType,
    /// `@default`
    pub default: Option<Default>,
    /// `@updatedAt`
    pub updated_at: bool,
}

/// The type of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// One of the built-in types.
    Scalar(Scalar),
    /// An enum of this schema.
    Enum(EnumId),
}

/// The built-in types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the schema keyword of the same name")]
pub enum Scalar {
    String,
    Boolean,
    Int,
    BigInt,
    Float,
    Decimal,
    DateTime,
    Json,
    Bytes,
}

/// A `@default`.
#[derive(Debug, Clone, PartialEq)]
pub enum Default {
    /// A literal, checked against the column's type: numbers keep their source text, so that wide ones stay exact.
    Literal(Literal),
    /// `autoincrement()`
    Autoincrement,
    /// `now()`
    Now,
    /// `uuid()`, `uuid(4)`, `uuid(7)`: the version
    Uuid(u8),
    /// `cuid()`, `cuid(1)`, `cuid(2)`: the version
    Cuid(u8),
    /// `ulid()`
    Ulid,
    /// `nanoid()`, `nanoid(n)`: the length
    Nanoid(u8),
    /// `dbgenerated("expression")`; without an expression the database decides alone
    Database(Option<String>),
}

/// A literal of the schema language.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `"text"`, unescaped: of a String, Json (JSON text), Bytes (base64) or DateTime (RFC 3339) column
    String(String),
    /// The source text of a number
    Number(String),
    /// `true` or `false`
    Boolean(bool),
    /// An index into [`Enum::values`]
    EnumValue(usize),
    /// `[..]`, of a list column
    List(Vec<Literal>),
}

/// An `enum` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// The name in the schema and the clients.
    pub name: String,
    /// The type's name in the database: `@@map`, else the enum's name.
    pub db_name: String,
    /// The text of its `///` comment.
    pub documentation: Option<String>,
    /// The values, in source order.
    pub values: Vec<EnumValue>,
    /// The block's name.
    pub span: Span,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// The name in the schema and the clients.
    pub name: String,
    /// The value in the database: `@map`, else the name.
    pub db_name: String,
    /// The text of its `///` comment.
    pub documentation: Option<String>,
}

/// A relation between two models, or of a model to itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// `@relation("name")`, where it was given.
    pub name: Option<String>,
    /// The end that holds the foreign key; of an implicit many-to-many relation the end called `A`.
    pub from: RelationEnd,
    /// The other end.
    pub to: RelationEnd,
    /// How the two are linked.
    pub link: Link,
}

/// One end of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelationEnd {
    /// The model that has the field.
    pub model: ModelId,
    /// The relation field in that model.
    pub field: FieldId,
}

/// How the ends of a relation are linked in the database.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    /// A foreign key on [`Relation::from`]'s model. One-to-one where `to`'s field is not a list.
    ForeignKey {
        /// `fields:`, in `from`'s model.
        columns: Vec<FieldId>,
        /// `references:`, in `to`'s model.
        references: Vec<FieldId>,
        /// `onDelete:`, or the default of the relation's arity.
        on_delete: Action,
        /// `onUpdate:`, or the default.
        on_update: Action,
        /// `map:`, the constraint's name where it was given.
        map: Option<String>,
    },
    /// An implicit many-to-many relation: table `_AToB` or `_Name`, columns `A` (key of `from`) and `B` (key of `to`).
    JoinTable {
        /// The table's name.
        table: String,
        /// `from`'s single-column id.
        from_key: FieldId,
        /// `to`'s single-column id.
        to_key: FieldId,
    },
}

/// A referential action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the schema keyword of the same name")]
pub enum Action {
    Cascade,
    Restrict,
    NoAction,
    SetNull,
    SetDefault,
}

impl Schema {
    /// The model at `id`. Ids come from this schema, so the index holds.
    #[expect(clippy::indexing_slicing, reason = "ids are made by the resolver from this very list")]
    pub fn model(&self, id: ModelId) -> &Model {
        &self.models[id.0]
    }

    /// The enum at `id`.
    #[expect(clippy::indexing_slicing, reason = "ids are made by the resolver from this very list")]
    pub fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[id.0]
    }

    /// The relation at `id`.
    #[expect(clippy::indexing_slicing, reason = "ids are made by the resolver from this very list")]
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[id.0]
    }
}

impl Model {
    /// The field at `id`.
    #[expect(clippy::indexing_slicing, reason = "ids are made by the resolver from this very list")]
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.0]
    }

    /// The columns with their fields, in source order.
    pub fn columns(&self) -> impl Iterator<Item = (FieldId, &Field, &Column)> {
        self.fields.iter().enumerate().filter_map(|(index, field)| match &field.kind {
            FieldKind::Column(column) => Some((FieldId(index), field, column)),
            FieldKind::Relation(..) => None,
        })
    }
}
