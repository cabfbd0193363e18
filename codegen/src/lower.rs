//! Lowers a schema to the catalog that both clients carry.
//!
//! Ignored models and fields are not in it, so indices are those of what the clients can see. Relations appear
//! twice, once from each end; keys get the names by which clients select them.

use std::borrow::Cow;

use purlin_query::catalog::{self, Catalog, FieldIndex, ModelIndex};
use purlin_schema::model::{
    Arity, Column, ColumnType, Default, End, Field, FieldId, FieldKind, Key, Link, Literal, Model, ModelId, ModelKind,
    Provider, RelationId, Scalar, Schema,
};

/// The catalog of a schema.
pub fn lower(schema: &Schema) -> Catalog {
    let lowering = Lowering::new(schema);
    let models = visible_models(schema).map(|(id, model)| lowering.model(id, model)).collect();
    let enums = schema
        .enums
        .iter()
        .map(|enumeration| catalog::Enum {
            name: name(&enumeration.name),
            db_name: name(&enumeration.db_name),
            schema: enumeration.schema.as_deref().map(name),
            values: enumeration
                .values
                .iter()
                .map(|value| catalog::EnumValue { name: name(&value.name), db_name: name(&value.db_name) })
                .collect(),
        })
        .collect();
    let provider = match schema.datasource.as_ref().map(|datasource| datasource.provider) {
        Some(Provider::Postgres) => catalog::Provider::Postgres,
        Some(Provider::Mysql) => catalog::Provider::Mysql,
        Some(Provider::Sqlite) | None => catalog::Provider::Sqlite,
    };
    Catalog { version: catalog::VERSION, provider, models: Cow::Owned(models), enums: Cow::Owned(enums) }
}

/// The models that clients can see, in the order of the catalog.
pub fn visible_models(schema: &Schema) -> impl Iterator<Item = (ModelId, &Model)> {
    schema.models.iter().enumerate().filter(|(_, model)| !model.ignored).map(|(index, model)| (ModelId(index), model))
}

/// The fields of a model that clients can see, in the order of the catalog.
///
/// Left out beside ignored ones: columns of an `Unsupported` type, and relations that lead to an ignored model, hang on
/// a column that is left out or have an ignored end (a plan finds the way back by it).
pub fn visible_fields<'a>(schema: &'a Schema, model: &'a Model) -> impl Iterator<Item = (FieldId, &'a Field)> {
    let visible = |field: &Field| match &field.kind {
        FieldKind::Column(_) => column_visible(field),
        FieldKind::Relation(relation, _) => relation_visible(schema, *relation),
    };
    let fields = model.fields.iter().enumerate();
    fields.filter(move |(_, field)| visible(field)).map(|(index, field)| (FieldId(index), field))
}

fn column_visible(field: &Field) -> bool {
    let unsupported =
        matches!(&field.kind, FieldKind::Column(column) if matches!(column.ty, ColumnType::Unsupported(_)));
    !field.ignored && !unsupported
}

fn relation_visible(schema: &Schema, id: RelationId) -> bool {
    let relation = schema.relation(id);
    let (from, to) = (schema.model(relation.from.model), schema.model(relation.to.model));
    let (from_columns, to_columns) = match &relation.link {
        Link::ForeignKey { columns, references, .. } => (columns.as_slice(), references.as_slice()),
        Link::JoinTable { from_key, to_key, .. } => (std::slice::from_ref(from_key), std::slice::from_ref(to_key)),
    };
    !from.ignored
        && !to.ignored
        && !from.field(relation.from.field).ignored
        && !to.field(relation.to.field).ignored
        && from_columns.iter().all(|column| column_visible(from.field(*column)))
        && to_columns.iter().all(|column| column_visible(to.field(*column)))
}

/// Where each model and field of the schema is in the catalog.
struct Lowering<'a> {
    schema: &'a Schema,
    models: Vec<Option<ModelIndex>>,
    fields: Vec<Vec<Option<FieldIndex>>>,
}

impl<'a> Lowering<'a> {
    fn new(schema: &'a Schema) -> Self {
        let mut models = vec![None; schema.models.len()];
        let mut fields: Vec<_> = schema.models.iter().map(|model| vec![None; model.fields.len()]).collect();
        for ((id, model), index) in visible_models(schema).zip(0..) {
            if let (Some(slot), Some(field_slots)) = (models.get_mut(id.0), fields.get_mut(id.0)) {
                *slot = Some(index);
                for ((field, _), index) in visible_fields(schema, model).zip(0..) {
                    if let Some(slot) = field_slots.get_mut(field.0) {
                        *slot = Some(index);
                    }
                }
            }
        }
        Self { schema, models, fields }
    }

    fn model_index(&self, model: ModelId) -> ModelIndex {
        // A relation that clients see leads to a model that they see.
        self.models.get(model.0).copied().flatten().unwrap_or_default()
    }

    fn field_index(&self, model: ModelId, field: FieldId) -> Option<FieldIndex> {
        self.fields.get(model.0)?.get(field.0).copied().flatten()
    }

    fn field_indices(&self, model: ModelId, fields: &[FieldId]) -> catalog::List<FieldIndex> {
        fields.iter().filter_map(|field| self.field_index(model, *field)).collect()
    }

    fn model(&self, id: ModelId, model: &Model) -> catalog::Model {
        let fields = visible_fields(self.schema, model).map(|(place, field)| catalog::Field {
            name: name(&field.name),
            kind: match &field.kind {
                FieldKind::Column(column) => {
                    let mut lowered = lower_column(model, field, column);
                    // Only of dates does a plan ask.
                    let has_forms = matches!(lowered.ty, catalog::Type::DateTime | catalog::Type::Decimal);
                    lowered.indexed = has_forms && is_indexed(model, place);
                    catalog::FieldKind::Column(lowered)
                }
                FieldKind::Relation(relation, end) => {
                    catalog::FieldKind::Relation(self.relation(field, *relation, *end))
                }
            },
        });
        catalog::Model {
            name: name(&model.name),
            table: name(&model.table),
            schema: model.schema.as_deref().map(name),
            writes: writes(model),
            fields: fields.collect(),
            keys: self.keys(id, model),
        }
    }

    fn relation(&self, field: &Field, id: RelationId, end: End) -> catalog::Relation {
        let relation = self.schema.relation(id);
        let (here, there) = match end {
            End::From => (relation.from, relation.to),
            End::To => (relation.to, relation.from),
        };
        let (from, to, through) = match &relation.link {
            Link::ForeignKey { columns, references, .. } => {
                let (from, to) = if end == End::From { (columns, references) } else { (references, columns) };
                (self.field_indices(here.model, from), self.field_indices(there.model, to), None)
            }
            Link::JoinTable { table, from_key, to_key } => {
                let (from, to) = if end == End::From { (from_key, to_key) } else { (to_key, from_key) };
                let (from_column, to_column) = if end == End::From { ("A", "B") } else { ("B", "A") };
                let through = catalog::Through {
                    table: name(table),
                    // Where the table of its column `A` is.
                    schema: self.schema.model(relation.from.model).schema.as_deref().map(name),
                    from_column: Cow::Borrowed(from_column),
                    to_column: Cow::Borrowed(to_column),
                };
                (self.field_indices(here.model, &[*from]), self.field_indices(there.model, &[*to]), Some(through))
            }
        };
        let arity = match (field.arity, end, through.is_some()) {
            (Arity::List, ..) => catalog::Arity::Many,
            (Arity::Required, End::From, false) => catalog::Arity::One,
            // The end without the foreign key cannot promise a row, whatever the schema says.
            _ => catalog::Arity::Optional,
        };
        let indexed = match &relation.link {
            Link::ForeignKey { columns, .. } if end == End::To => {
                leads_an_index(self.schema.model(there.model), columns)
            }
            Link::ForeignKey { .. } | Link::JoinTable { .. } => true,
        };
        catalog::Relation {
            target: self.model_index(there.model),
            inverse: self.field_index(there.model, there.field).unwrap_or_default(),
            arity,
            from,
            to,
            holds_key: end == End::From && through.is_none(),
            indexed,
            through,
        }
    }

    /// The primary key first; without one, the first unique key whose columns are all required.
    ///
    /// A key of some rows only, by `where:`, is none here: several rows may have the values that it names.
    fn keys(&self, id: ModelId, model: &Model) -> catalog::List<catalog::Key> {
        let required = |key: &&Key| key.columns.iter().all(|column| model.field(column.field).arity == Arity::Required);
        let visible = |key: &&Key| {
            key.predicate.is_none() && key.columns.iter().all(|column| self.field_index(id, column.field).is_some())
        };
        let first = model.primary_key.iter().chain(model.uniques.iter().filter(required)).find(visible);
        let rest =
            model.uniques.iter().filter(visible).filter(|key| !first.is_some_and(|first| std::ptr::eq(first, *key)));
        first.into_iter().chain(rest).map(|key| self.key(id, model, key)).collect()
    }

    fn key(&self, id: ModelId, model: &Model, key: &Key) -> catalog::Key {
        let names: Vec<_> = key.columns.iter().map(|column| model.field(column.field).name.as_str()).collect();
        let fields: Vec<_> = key.columns.iter().map(|column| column.field).collect();
        let given = key.name.as_ref().filter(|_| names.len() > 1);
        catalog::Key {
            name: given.map_or_else(|| Cow::Owned(names.join("_")), |given| name(given)),
            fields: self.field_indices(id, &fields),
        }
    }
}

/// What clients may do to the rows of a model.
fn writes(model: &Model) -> catalog::Writes {
    let unknown = |(_, field, column): (FieldId, &Field, &Column)| {
        matches!(column.ty, ColumnType::Unsupported(_))
            && field.arity == Arity::Required
            && column.default.is_none()
            && column.generated.is_none()
    };
    match model.kind {
        ModelKind::View => catalog::Writes::None,
        ModelKind::Table if model.columns().any(unknown) => catalog::Writes::NoCreate,
        ModelKind::Table => catalog::Writes::All,
    }
}

fn lower_column(model: &Model, field: &Field, column: &Column) -> catalog::Column {
    // SQLite counts up an integer that is the whole primary key, and takes no notice of its default.
    let is_counted = column.ty == ColumnType::Scalar(Scalar::Int)
        && model.primary_key.as_ref().is_some_and(|key| match key.columns.as_slice() {
            [only] => std::ptr::eq(model.field(only.field), field),
            _ => false,
        });
    catalog::Column {
        name: name(&column.name),
        ty: match &column.ty {
            ColumnType::Scalar(scalar) => lower_scalar(*scalar),
            ColumnType::Enum(id) => catalog::Type::Enum(u16::try_from(id.0).unwrap_or(u16::MAX)),
            // Not visible, so it is never lowered.
            ColumnType::Unsupported(_) => catalog::Type::String,
        },
        nullable: field.arity == Arity::Optional,
        default: match &column.default {
            None => catalog::Default::None,
            Some(Default::Literal(literal)) => match literal {
                Literal::Number(text) if is_counted => {
                    text.parse().map_or(catalog::Default::Database, catalog::Default::Number)
                }
                Literal::String(text) if column.ty == ColumnType::Scalar(Scalar::DateTime) => {
                    let instant = chrono::DateTime::parse_from_rfc3339(text).ok();
                    instant.map_or(catalog::Default::Database, |instant| {
                        catalog::Default::Instant(instant.timestamp_millis())
                    })
                }
                _ => catalog::Default::Database,
            },
            Some(Default::Database(_)) => catalog::Default::Database,
            Some(Default::Autoincrement) => catalog::Default::Autoincrement,
            Some(Default::Now) => catalog::Default::Now,
            Some(Default::Uuid(version)) => catalog::Default::Uuid(*version),
            Some(Default::Cuid(version)) => catalog::Default::Cuid(*version),
            Some(Default::Ulid) => catalog::Default::Ulid,
            Some(Default::Nanoid(length)) => catalog::Default::Nanoid(*length),
        },
        updated_at: column.updated_at,
        list: field.arity == Arity::List,
        server_only: field.server_only,
        generated: column.generated.is_some(),
        indexed: false,
        native: column.native.as_ref().map(|native| Cow::Borrowed(native.definition.name)),
    }
}

fn lower_scalar(scalar: Scalar) -> catalog::Type {
    match scalar {
        Scalar::String => catalog::Type::String,
        Scalar::Boolean => catalog::Type::Boolean,
        Scalar::Int => catalog::Type::Int,
        Scalar::BigInt => catalog::Type::BigInt,
        Scalar::Float => catalog::Type::Float,
        Scalar::Decimal => catalog::Type::Decimal,
        Scalar::DateTime => catalog::Type::DateTime,
        Scalar::Json => catalog::Type::Json,
        Scalar::Bytes => catalog::Type::Bytes,
    }
}

fn name(text: &str) -> catalog::Name {
    Cow::Owned(text.to_owned())
}

/// Returns whether some key or index of the model begins with these columns, in any order.
fn leads_an_index(model: &Model, columns: &[FieldId]) -> bool {
    indexes(model).any(|index| {
        index
            .get(..columns.len())
            .is_some_and(|first| first.iter().all(|field| field.is_some_and(|field| columns.contains(&field))))
    })
}

/// Returns whether some key or index of the model has this column.
fn is_indexed(model: &Model, column: FieldId) -> bool {
    model.kind == ModelKind::Table && indexes(model).any(|index| index.contains(&Some(column)))
}

/// The columns of the model's keys and ordinary indexes; none for an expression.
fn indexes(model: &Model) -> impl Iterator<Item = Vec<Option<FieldId>>> {
    let keys = model.primary_key.iter().chain(&model.uniques).filter(|key| key.predicate.is_none());
    let keys = keys.map(|key| key.columns.iter().map(|column| Some(column.field)).collect::<Vec<_>>());
    let indexes = model.indexes.iter().filter(|index| index.predicate.is_none() && index.algorithm.is_none());
    let indexes = indexes.map(|index| index.parts.iter().map(|part| Some(part.column()?.field)).collect());
    keys.chain(indexes)
}
