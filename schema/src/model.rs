//! The resolved schema: what the file means, with every name turned into an index.
//!
//! [`crate::parse`] builds it from the syntax tree. It holds no text positions beside [`Span`]s for
//! messages, and no unresolved names: a consumer (codegen, migrate) never parses or looks up anything.

use std::fmt;

use crate::native::NativeType;
use crate::source::Span;

/// Index of a model in [`Schema::models`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId(pub usize);

/// Index of an enum in [`Schema::enums`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub usize);

/// Index of a mixin in [`Schema::mixins`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MixinId(pub usize);

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
    /// The mixins, in source order. Their fields are in the models that include them.
    pub mixins: Vec<Mixin>,
}

/// A `mixin` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixin {
    /// The name.
    pub name: String,
    /// The text of its `///` comment.
    pub documentation: Option<String>,
    /// The names of its own fields, in source order; [`Model::mixins`] lists the mixins that it includes too.
    pub fields: Vec<String>,
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

impl Provider {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    /// The name in the schema language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
            Self::Mysql => "mysql",
        }
    }

    /// All names in the schema language: `postgres` is another one of `postgresql`.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &["sqlite"],
            Self::Postgres => &["postgresql", "postgres"],
            Self::Mysql => &["mysql"],
        }
    }

    /// Finds the database by one of its names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.names().contains(&name))
    }
}

/// A `datasource` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Datasource {
    /// The block's name, the prefix of native types (`db` by custom).
    pub name: String,
    /// The database.
    pub provider: Provider,
    /// `url`, where the schema has one.
    pub url: Option<StringOrEnv>,
    /// `directUrl`, the way past a connection pooler that migrations take, where the schema has one.
    pub direct_url: Option<StringOrEnv>,
    /// `shadowDatabaseUrl`, a scratch database for migrations, where the schema has one.
    pub shadow_database_url: Option<StringOrEnv>,
    /// `schemas`, the database's own schemas that models live in; empty where there is only the default one.
    pub schemas: Vec<String>,
    /// `extensions`, those of PostgreSQL that the database must have.
    pub extensions: Vec<Extension>,
    /// `relationMode`: who keeps the relations whole.
    pub relation_mode: RelationMode,
    /// The whole block.
    pub span: Span,
}

/// An extension of PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The name in the schema file.
    pub name: String,
    /// `map:`, the name in the database where it is another one.
    pub map: Option<String>,
    /// `schema:`, the database's schema it is installed in.
    pub schema: Option<String>,
    /// `version:`
    pub version: Option<String>,
}

/// Who keeps the relations whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RelationMode {
    /// The database, by foreign keys.
    #[default]
    ForeignKeys,
    /// The client, for databases without foreign keys: `relationMode = "prisma"`.
    Emulated,
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

/// A `model` or a `view` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The name in the schema and the clients.
    pub name: String,
    /// Its kind in the database.
    pub kind: ModelKind,
    /// The table's name: `@@map`, else the model's name.
    pub table: String,
    /// `@@schema`: the database's schema that the table is in, where [`Datasource::schemas`] lists several.
    pub schema: Option<String>,
    /// The text of its `///` comment.
    pub documentation: Option<String>,
    /// The fields, in source order, relation fields among them.
    pub fields: Vec<Field>,
    /// `@id` or `@@id`.
    pub primary_key: Option<Key>,
    /// `@unique` and `@@unique`, in source order.
    pub uniques: Vec<Key>,
    /// `@@index`, `@@fulltext`, and each `@@unique` over an expression, in source order.
    pub indexes: Vec<Index>,
    /// `@@check`, in source order.
    pub checks: Vec<Check>,
    /// `@@include`: the mixins whose fields it has, those that others of them include among them.
    pub mixins: Vec<MixinId>,
    /// `@shardKey` and `@@shardKey`: the columns by which PlanetScale spreads the table.
    pub shard_key: Vec<FieldId>,
    /// `@@was`: the model's earlier name in the schema, a hint for migrations.
    pub was: Option<String>,
    /// `@@ignore`: in the database, not in the clients.
    pub ignored: bool,
    /// The block's name.
    pub span: Span,
}

/// The kind of a model in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModelKind {
    /// `model`
    Table,
    /// `view`: clients only read it, migrations neither create nor drop it.
    View,
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
    /// `where:`: the rows that the constraint is about. Such a key names no row by itself.
    pub predicate: Option<Predicate>,
}

/// An `@@index`, an `@@fulltext`, or a `@@unique` over an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// Its purpose.
    pub kind: IndexKind,
    /// Its columns and expressions, in order.
    pub parts: Vec<IndexPart>,
    /// `map:`, the index's name in the database where it was given.
    pub map: Option<String>,
    /// `type:`; `None` is the database's default, a B-tree.
    pub algorithm: Option<IndexAlgorithm>,
    /// `where:`: the rows that are in the index.
    pub predicate: Option<Predicate>,
}

/// The purpose of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexKind {
    /// `@@index`: speed.
    Normal,
    /// `@@unique` over an expression: no two rows alike. It names no row for a client.
    Unique,
    /// `@@fulltext`: search for words.
    Fulltext,
}

/// A column or an expression of an index.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexPart {
    /// A column.
    Column(IndexColumn),
    /// `raw("lower(email)")`
    Expression {
        /// The SQL, as it was written.
        sql: String,
        /// `sort: Desc`
        descending: bool,
        /// `ops:`
        operator_class: Option<OperatorClass>,
    },
}

/// A column of a key or an index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexColumn {
    /// The field.
    pub field: FieldId,
    /// `sort: Desc`.
    pub descending: bool,
    /// `length:`, the first characters (of bytes: bytes) that are indexed; MySQL only.
    pub length: Option<u32>,
    /// `ops:`, PostgreSQL only.
    pub operator_class: Option<OperatorClass>,
}

/// The way in which an index finds its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the schema keyword of the same name")]
pub enum IndexAlgorithm {
    BTree,
    Hash,
    Gist,
    Gin,
    SpGist,
    Brin,
}

impl IndexAlgorithm {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::BTree, Self::Hash, Self::Gist, Self::Gin, Self::SpGist, Self::Brin];

    /// The keyword.
    pub fn name(self) -> &'static str {
        match self {
            Self::BTree => "BTree",
            Self::Hash => "Hash",
            Self::Gist => "Gist",
            Self::Gin => "Gin",
            Self::SpGist => "SpGist",
            Self::Brin => "Brin",
        }
    }

    /// Finds the algorithm by its keyword.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

impl fmt::Display for IndexAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The operators of PostgreSQL that an index serves.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OperatorClass {
    /// One that the language knows, by its name in the schema: `JsonbPathOps`.
    Known(&'static str),
    /// `raw("gin_trgm_ops")`
    Raw(String),
}

/// The condition of a partial index.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// `raw("deleted_at IS NULL")`
    Raw(String),
    /// `{ deletedAt: null, active: true }`: all of them hold.
    Fields(Vec<(FieldId, Condition)>),
}

/// The condition of a partial index on a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// `value`
    Equals(Literal),
    /// `{ not: value }`
    NotEquals(Literal),
    /// `null`
    Null,
    /// `{ not: null }`
    NotNull,
}

/// A `@@check`: what the database asks of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The SQL, as it was written.
    pub expression: String,
    /// `map:`, the constraint's name in the database where it was given.
    pub map: Option<String>,
}

/// A field of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name in the schema and the clients.
    pub name: String,
    /// The text of its `///` comment.
    pub documentation: Option<String>,
    /// Its content.
    pub kind: FieldKind,
    /// The number of its values.
    pub arity: Arity,
    /// `@ignore`: in the database, not in the clients.
    pub ignored: bool,
    /// `@server`: never leaves the server; the clients leave it out unless it is asked for.
    pub server_only: bool,
    /// `@was`: the field's earlier name in the schema, a hint for migrations.
    pub was: Option<String>,
    /// The field's name.
    pub span: Span,
}

/// The number of values that a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arity {
    /// `T`
    Required,
    /// `T?`
    Optional,
    /// `T[]`
    List,
}

/// The content of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// A column.
    Column(Column),
    /// One end of a relation.
    Relation(RelationId, End),
}

/// The end of a relation that a relation field is.
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
    /// `@db.VarChar(40)`; `None` is the database's default for the type.
    pub native: Option<NativeType>,
    /// `@generated`: the database computes it, clients only read it.
    pub generated: Option<Generated>,
}

/// A `@generated`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The SQL, as it was written.
    pub expression: String,
    /// True if it is computed when a row is written, and kept; otherwise each time it is read.
    pub stored: bool,
}

/// The type of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// One of the built-in types.
    Scalar(Scalar),
    /// An enum of this schema.
    Enum(EnumId),
    /// `Unsupported("tsvector")`: a type of the database that no client reads or writes.
    Unsupported(String),
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

impl Scalar {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::String,
        Self::Boolean,
        Self::Int,
        Self::BigInt,
        Self::Float,
        Self::Decimal,
        Self::DateTime,
        Self::Json,
        Self::Bytes,
    ];

    /// Finds the type by its keyword.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scalar| scalar.name() == name)
    }

    /// The keyword.
    pub fn name(self) -> &'static str {
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
        }
    }
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
    /// `@@schema`: the database's schema that the type is in, where [`Datasource::schemas`] lists several.
    pub schema: Option<String>,
    /// `@@was`: the enum's earlier name in the schema, a hint for migrations.
    pub was: Option<String>,
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
    /// `@was`: the value's earlier name in the schema, a hint for migrations.
    pub was: Option<String>,
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
    /// The link between the two.
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

/// The link between the ends of a relation in the database.
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

impl Action {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Cascade, Self::Restrict, Self::NoAction, Self::SetNull, Self::SetDefault];

    /// The keyword.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cascade => "Cascade",
            Self::Restrict => "Restrict",
            Self::NoAction => "NoAction",
            Self::SetNull => "SetNull",
            Self::SetDefault => "SetDefault",
        }
    }

    /// Finds the action by its keyword.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
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

impl Index {
    /// The columns among its parts.
    pub fn columns(&self) -> impl Iterator<Item = &IndexColumn> {
        self.parts.iter().filter_map(IndexPart::column)
    }

    /// Its first part, where that is a column.
    pub fn leading(&self) -> Option<&IndexColumn> {
        self.parts.first().and_then(IndexPart::column)
    }
}

impl IndexPart {
    /// The column, if it is one.
    pub fn column(&self) -> Option<&IndexColumn> {
        if let Self::Column(column) = self { Some(column) } else { None }
    }
}
