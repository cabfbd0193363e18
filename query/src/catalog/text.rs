//! The catalog as text, a line per model: how the generated TypeScript client carries it and the addon takes it.
//!
//! ```text
//! catalog 3 sqlite
//! enum Role=roles USER ADMIN=admin
//! model User=users id:Int@autoincrement role:enum.Role name:String?=full_name posts<Post.author[](id=authorId) | id role,name
//! model Post id:Int@autoincrement authorId:Int=author_id author>User.posts(authorId=id)@indexed | id
//! ```
//!
//! The first line names the form, its [`VERSION`] and the database. Everything is named, so a line changes only when
//! its own model does, or the models that lead to it: a diff of a generated client shows what changed in the schema.
//!
//! - `=name` is a name in the database that differs from the one in the clients.
//! - A column is its name, `:`, its type, `?` if it may be null, `[]` if it holds a list, and `@` before each attribute.
//! - A relation is its name, `>` if it holds the foreign key and `<` otherwise, the model and the field at its other end,
//!   `?` or `[]` as in the schema, its columns and those of the other model, and its attributes. Those of a join table are
//!   `@through(table,from,to)`, with the schema of the table as a fourth name if it has one.
//! - A model is the member of a client with its name and a small letter first. It has `@capital` if another model has that
//!   member, and then its member is its name.
//! - The keys follow `|`: their fields, after `name:` where the selector is not the names of the fields joined by `_`.
//!
//! Letters, digits, `_` and `-` are written as they are in names, everything else as the percent-encoding of its UTF-8: no
//! character of the text has a meaning in a template literal of JavaScript.
//!
//! The runtime of the TypeScript client reads the same text (`node/package/src/catalog.ts`), each model when it is used.

use std::borrow::Cow;
use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::{
    Arity, Catalog, Column, Default, Enum, EnumIndex, EnumValue, Field, FieldIndex, FieldKind, Key, List, Model,
    ModelIndex, Name, Provider, Relation, Through, Type, VERSION, Writes,
};
use crate::error::Error;

/// A name with a small letter first.
fn small(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

impl Catalog {
    /// Writes the catalog as text. Its indices must lead somewhere, and no two models, enums or fields of a model may have one
    /// name, as in each catalog that is made from a schema.
    pub fn to_text(&self) -> String {
        let mut out = format!("catalog {} {}\n", self.version, provider_word(self.provider));
        for enumeration in self.enums.iter() {
            out.push_str("enum ");
            put_names(&mut out, &enumeration.name, &enumeration.db_name);
            put_argument(&mut out, "schema", enumeration.schema.as_deref());
            for value in enumeration.values.iter() {
                out.push(' ');
                put_names(&mut out, &value.name, &value.db_name);
            }
            out.push('\n');
        }
        for (model, accessor) in self.models.iter().zip(self.accessors()) {
            self.put_model(&mut out, model, accessor != small(&model.name));
        }
        out
    }

    /// The members of a TypeScript client that stand for the models, in their order: their names with a small letter first,
    /// unless two of them meet.
    pub fn accessors(&self) -> Vec<String> {
        let small: Vec<String> = self.models.iter().map(|model| small(&model.name)).collect();
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        small.iter().for_each(|name| *counts.entry(name).or_default() += 1);
        let own = |(name, model): (&String, &Model)| {
            if counts.get(name.as_str()) == Some(&1) { name.clone() } else { model.name.to_string() }
        };
        small.iter().zip(self.models.iter()).map(own).collect()
    }

    /// Reads what [`Catalog::to_text`] wrote. Text of another version is refused with the remedy.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let mut lines = text.lines();
        let provider = lines.next().and_then(header).ok_or_else(|| {
            Error::invalid(
                "the generated client was written by another version of purlin: run `npx purlin generate`".to_owned(),
            )
        })?;
        let sources: Vec<Source<'_>> = lines.map(Source::new).collect();
        Reader::new(&sources).and_then(|reader| reader.catalog(provider)).ok_or_else(|| {
            Error::invalid("the catalog of the generated client is damaged: run `npx purlin generate`".to_owned())
        })
    }

    fn put_model(&self, out: &mut String, model: &Model, keeps_capital: bool) {
        out.push_str("model ");
        put_names(out, &model.name, &model.table);
        put_argument(out, "schema", model.schema.as_deref());
        match model.writes {
            Writes::All => {}
            Writes::NoCreate => out.push_str("@noCreate"),
            Writes::None => out.push_str("@readOnly"),
        }
        if keeps_capital {
            out.push_str("@capital");
        }
        for field in model.fields.iter() {
            out.push(' ');
            put_name(out, &field.name);
            match &field.kind {
                FieldKind::Column(column) => self.put_column(out, &field.name, column),
                FieldKind::Relation(relation) => self.put_relation(out, model, relation),
            }
        }
        out.push_str(" |");
        for key in model.keys.iter() {
            out.push(' ');
            if key.name != usual_key_name(&model.fields, &key.fields) {
                put_name(out, &key.name);
                out.push(':');
            }
            put_fields(out, Some(model), &key.fields);
        }
        out.push('\n');
    }

    fn put_column(&self, out: &mut String, field: &str, column: &Column) {
        out.push(':');
        match column.ty {
            Type::Enum(_) => {
                out.push_str("enum.");
                put_name(out, column.ty.name(self));
            }
            scalar => out.push_str(scalar.name(self)),
        }
        out.push_str(if column.nullable { "?" } else { "" });
        out.push_str(if column.list { "[]" } else { "" });
        let _ = match column.default {
            Default::None => Ok(()),
            Default::Database => write!(out, "@default"),
            Default::Number(number) => write!(out, "@number({number})"),
            Default::Instant(milliseconds) => write!(out, "@instant({milliseconds})"),
            Default::Autoincrement => write!(out, "@autoincrement"),
            Default::Now => write!(out, "@now"),
            Default::Uuid(version) => write!(out, "@uuid({version})"),
            Default::Cuid(version) => write!(out, "@cuid({version})"),
            Default::Ulid => write!(out, "@ulid"),
            Default::Nanoid(length) => write!(out, "@nanoid({length})"),
        };
        let attributes = [
            (column.updated_at, "@updatedAt"),
            (column.server_only, "@serverOnly"),
            (column.generated, "@generated"),
            (column.indexed, "@indexed"),
        ];
        out.extend(attributes.into_iter().filter_map(|(has, attribute)| has.then_some(attribute)));
        put_argument(out, "native", column.native.as_deref());
        put_db_name(out, field, &column.name);
    }

    fn put_relation(&self, out: &mut String, model: &Model, relation: &Relation) {
        let target = self.model(relation.target);
        out.push(if relation.holds_key { '>' } else { '<' });
        put_name(out, target.map_or("", |target| &target.name));
        out.push('.');
        put_fields(out, target, &[relation.inverse]);
        out.push_str(match relation.arity {
            Arity::One => "",
            Arity::Optional => "?",
            Arity::Many => "[]",
        });
        out.push('(');
        put_fields(out, Some(model), &relation.from);
        out.push('=');
        put_fields(out, target, &relation.to);
        out.push(')');
        out.push_str(if relation.indexed { "@indexed" } else { "" });
        if let Some(Through { table, schema, from_column, to_column }) = &relation.through {
            out.push_str("@through(");
            for (place, name) in
                [Some(table), Some(from_column), Some(to_column), schema.as_ref()].into_iter().enumerate()
            {
                let Some(name) = name else { continue };
                out.push_str(if place == 0 { "" } else { "," });
                put_name(out, name);
            }
            out.push(')');
        }
    }
}

/// Writes a name: letters, digits, `_` and `-` as they are, the rest percent-encoded; a single `%` is the empty name.
fn put_name(out: &mut String, name: &str) {
    if name.is_empty() {
        out.push('%');
    }
    for char in name.chars() {
        if char.is_alphanumeric() || matches!(char, '_' | '-') {
            out.push(char);
        } else {
            for byte in char.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

fn put_names(out: &mut String, name: &str, db_name: &str) {
    put_name(out, name);
    put_db_name(out, name, db_name);
}

fn put_db_name(out: &mut String, name: &str, db_name: &str) {
    if db_name != name {
        out.push('=');
        put_name(out, db_name);
    }
}

fn put_argument(out: &mut String, attribute: &str, name: Option<&str>) {
    if let Some(name) = name {
        let _ = write!(out, "@{attribute}(");
        put_name(out, name);
        out.push(')');
    }
}

fn put_fields(out: &mut String, model: Option<&Model>, fields: &[FieldIndex]) {
    for (place, field) in fields.iter().enumerate() {
        out.push_str(if place == 0 { "" } else { "," });
        let field = model.and_then(|model| model.fields.get(usize::from(*field)));
        put_name(out, field.map_or("", |field| &field.name));
    }
}

/// The selector of a key where the schema gives it no other name.
fn usual_key_name(fields: &[Field], key: &[FieldIndex]) -> String {
    let names: Vec<&str> =
        key.iter().map(|field| fields.get(usize::from(*field)).map_or("", |field| &*field.name)).collect();
    names.join("_")
}

fn provider_word(provider: Provider) -> &'static str {
    match provider {
        Provider::Sqlite => "sqlite",
        Provider::Postgres => "postgresql",
        Provider::Mysql => "mysql",
    }
}

/// Reads the first line. The text may have come through a tool that put other line ends into the file.
fn header(line: &str) -> Option<Provider> {
    let (version, provider) = line.strip_prefix("catalog ")?.split_once(' ')?;
    if version.parse() != Ok(VERSION) {
        return None;
    }
    [Provider::Sqlite, Provider::Postgres, Provider::Mysql].into_iter().find(|known| provider_word(*known) == provider)
}

/// A line, cut at its spaces.
struct Source<'a> {
    /// `model` or `enum`.
    kind: &'a str,
    head: &'a str,
    /// The fields of a model, or the values of an enum.
    members: Vec<&'a str>,
    keys: Vec<&'a str>,
}

impl<'a> Source<'a> {
    fn new(line: &'a str) -> Self {
        let mut words = line.split(' ');
        let (kind, head) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let members = words.by_ref().take_while(|word| *word != "|").collect();
        Self { kind, head, members, keys: words.collect() }
    }
}

/// A model of the text, its fields found by name.
struct ModelSource<'a> {
    source: &'a Source<'a>,
    fields: FxHashMap<&'a str, FieldIndex>,
}

/// Finds what names stand for. Names are compared as they are written: each has one way to be.
struct Reader<'a> {
    models: Vec<ModelSource<'a>>,
    model_indices: FxHashMap<&'a str, ModelIndex>,
    enums: Vec<&'a Source<'a>>,
    enum_indices: FxHashMap<&'a str, EnumIndex>,
}

impl<'a> Reader<'a> {
    fn new(sources: &'a [Source<'a>]) -> Option<Self> {
        let mut models = Vec::with_capacity(sources.len());
        let mut enums = Vec::new();
        for source in sources {
            match source.kind {
                "model" => {
                    let fields = indices(source.members.iter().map(|member| name_of(member)))?;
                    models.push(ModelSource { source, fields });
                }
                "enum" => enums.push(source),
                _ => return None,
            }
        }
        let model_indices = indices(models.iter().map(|model| name_of(model.source.head)))?;
        let enum_indices = indices(enums.iter().map(|source| name_of(source.head)))?;
        Some(Self { models, model_indices, enums, enum_indices })
    }

    fn catalog(&self, provider: Provider) -> Option<Catalog> {
        let models: Vec<Model> = self.models.iter().map(|model| self.model(model)).collect::<Option<_>>()?;
        let enums: Vec<Enum> = self.enums.iter().map(|source| enumeration(source)).collect::<Option<_>>()?;
        Some(Catalog { version: VERSION, provider, models: models.into(), enums: enums.into() })
    }

    fn model(&self, model: &ModelSource<'a>) -> Option<Model> {
        let (name, table, attributes) = head(model.source.head)?;
        let (mut schema, mut writes) = (None, Writes::All);
        for attribute in attributes {
            match attribute {
                ("schema", given) => schema = Some(read_name(given)?),
                ("noCreate", "") => writes = Writes::NoCreate,
                ("readOnly", "") => writes = Writes::None,
                // It follows from the names of all models.
                ("capital", "") => {}
                _ => return None,
            }
        }
        let fields: Vec<Field> =
            model.source.members.iter().map(|member| self.field(model, member)).collect::<Option<_>>()?;
        let keys: Vec<Key> = model
            .source
            .keys
            .iter()
            .map(|key| {
                let (name, list) = match key.split_once(':') {
                    Some((name, list)) => (Some(read_name(name)?), list),
                    None => (None, *key),
                };
                let key = read_fields(model, list)?;
                let name = name.unwrap_or_else(|| usual_key_name(&fields, &key).into());
                Some(Key { name, fields: key })
            })
            .collect::<Option<_>>()?;
        Some(Model { name, table, schema, writes, fields: fields.into(), keys: keys.into() })
    }

    fn field(&self, model: &ModelSource<'a>, member: &str) -> Option<Field> {
        let written = name_of(member);
        let name = read_name(written)?;
        let rest = member.get(written.len()..)?;
        let kind = if let Some(rest) = rest.strip_prefix(':') {
            FieldKind::Column(self.column(&name, rest)?)
        } else {
            let holds_key = rest.starts_with('>');
            FieldKind::Relation(self.relation(model, holds_key, rest.strip_prefix(['>', '<'])?)?)
        };
        Some(Field { name, kind })
    }

    fn column(&self, field: &Name, text: &str) -> Option<Column> {
        let (ty, rest) = split_where(text, |char| matches!(char, '?' | '[' | '@' | '='));
        let (nullable, rest) = strip(rest, "?");
        let (list, rest) = strip(rest, "[]");
        let (attributes, db_name) = match rest.split_once('=') {
            Some((attributes, name)) => (attributes, read_name(name)?),
            None => (rest, field.clone()),
        };
        let mut column = Column { nullable, list, ..Column::new("", self.column_type(ty)?) };
        for (attribute, argument) in read_attributes(attributes)? {
            match (attribute, argument) {
                ("default", "") => column.default = Default::Database,
                ("number", number) => column.default = Default::Number(number.parse().ok()?),
                ("instant", milliseconds) => column.default = Default::Instant(milliseconds.parse().ok()?),
                ("autoincrement", "") => column.default = Default::Autoincrement,
                ("now", "") => column.default = Default::Now,
                ("uuid", version) => column.default = Default::Uuid(version.parse().ok()?),
                ("cuid", version) => column.default = Default::Cuid(version.parse().ok()?),
                ("ulid", "") => column.default = Default::Ulid,
                ("nanoid", length) => column.default = Default::Nanoid(length.parse().ok()?),
                ("updatedAt", "") => column.updated_at = true,
                ("serverOnly", "") => column.server_only = true,
                ("generated", "") => column.generated = true,
                ("indexed", "") => column.indexed = true,
                ("native", name) => column.native = Some(read_name(name)?),
                _ => return None,
            }
        }
        column.name = db_name;
        Some(column)
    }

    fn column_type(&self, text: &str) -> Option<Type> {
        if let Some(name) = text.strip_prefix("enum.") {
            return self.enum_indices.get(name).copied().map(Type::Enum);
        }
        Some(match text {
            "String" => Type::String,
            "Boolean" => Type::Boolean,
            "Int" => Type::Int,
            "BigInt" => Type::BigInt,
            "Float" => Type::Float,
            "Decimal" => Type::Decimal,
            "DateTime" => Type::DateTime,
            "Json" => Type::Json,
            "Bytes" => Type::Bytes,
            _ => return None,
        })
    }

    fn relation(&self, model: &ModelSource<'a>, holds_key: bool, text: &str) -> Option<Relation> {
        let (end, rest) = text.split_once('(')?;
        let (columns, attributes) = rest.split_once(')')?;
        let (optional, end) = strip_end(end, "?");
        let (many, end) = strip_end(end, "[]");
        let (target, inverse) = end.split_once('.')?;
        let target = *self.model_indices.get(target)?;
        let other = self.models.get(usize::from(target))?;
        let (from, to) = columns.split_once('=')?;
        let mut relation = Relation {
            target,
            inverse: *other.fields.get(inverse)?,
            arity: match (optional, many) {
                (false, false) => Arity::One,
                (true, false) => Arity::Optional,
                (false, true) => Arity::Many,
                (true, true) => return None,
            },
            from: read_fields(model, from)?,
            to: read_fields(other, to)?,
            holds_key,
            indexed: false,
            through: None,
        };
        for attribute in read_attributes(attributes)? {
            match attribute {
                ("indexed", "") => relation.indexed = true,
                ("through", names) => relation.through = Some(read_through(names)?),
                _ => return None,
            }
        }
        Some(relation)
    }
}

fn enumeration(source: &Source<'_>) -> Option<Enum> {
    let (name, db_name, attributes) = head(source.head)?;
    let mut schema = None;
    for attribute in attributes {
        match attribute {
            ("schema", given) => schema = Some(read_name(given)?),
            _ => return None,
        }
    }
    let values: Vec<EnumValue> = source
        .members
        .iter()
        .map(|value| head(value).map(|(name, db_name, _)| EnumValue { name, db_name }))
        .collect::<Option<_>>()?;
    Some(Enum { name, db_name, schema, values: values.into() })
}

/// The numbers of names. None: there are too many of them, or one is there twice.
fn indices<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Option<FxHashMap<&'a str, u16>> {
    let count = names.len();
    let found: FxHashMap<&str, u16> = names.zip(0..=u16::MAX).collect();
    (found.len() == count).then_some(found)
}

/// The written name that a word begins with.
fn name_of(word: &str) -> &str {
    split_where(word, |char| matches!(char, ':' | '>' | '<' | '=' | '@')).0
}

/// The names and the attributes of a model, an enum or a value.
#[expect(clippy::type_complexity, reason = "taken apart where it is called")]
fn head(word: &str) -> Option<(Name, Name, Vec<(&str, &str)>)> {
    let (names, attributes) = split_where(word, |char| char == '@');
    let (name, db_name) = match names.split_once('=') {
        Some((name, db_name)) => (read_name(name)?, read_name(db_name)?),
        None => (read_name(names)?, read_name(names)?),
    };
    Some((name, db_name, read_attributes(attributes)?))
}

/// Attributes with what is in their parentheses.
fn read_attributes(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut parts = text.split('@');
    // What stands before the first one.
    if parts.next() != Some("") {
        return None;
    }
    parts
        .map(|attribute| match attribute.split_once('(') {
            Some((name, argument)) => Some((name, argument.strip_suffix(')').filter(|text| !text.is_empty())?)),
            None => Some((attribute, "")),
        })
        .collect()
}

fn read_fields(model: &ModelSource<'_>, list: &str) -> Option<List<FieldIndex>> {
    if list.is_empty() {
        return Some(Cow::Borrowed(&[]));
    }
    list.split(',').map(|name| model.fields.get(name).copied()).collect::<Option<Vec<_>>>().map(Cow::Owned)
}

fn read_through(names: &str) -> Option<Through> {
    let mut names = names.split(',').map(read_name);
    let (table, from_column, to_column) = (names.next()??, names.next()??, names.next()??);
    let schema = match names.next() {
        Some(schema) => Some(schema?),
        None => None,
    };
    names.next().is_none().then_some(Through { table, schema, from_column, to_column })
}

/// Reads what [`put_name`] wrote.
fn read_name(text: &str) -> Option<Name> {
    match text {
        "" => return None,
        "%" => return Some(Cow::Borrowed("")),
        _ => {}
    }
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (hexadecimal, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(hexadecimal, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// Cuts a text before the first character of this kind.
fn split_where(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    text.find(is_end).and_then(|place| text.split_at_checked(place)).unwrap_or((text, ""))
}

fn strip<'a>(text: &'a str, prefix: &str) -> (bool, &'a str) {
    text.strip_prefix(prefix).map_or((false, text), |rest| (true, rest))
}

fn strip_end<'a>(text: &'a str, suffix: &str) -> (bool, &'a str) {
    text.strip_suffix(suffix).map_or((false, text), |rest| (true, rest))
}
