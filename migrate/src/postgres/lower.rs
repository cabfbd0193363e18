//! Lowers a schema to the picture of the PostgreSQL database that it describes.

use base64::Engine as _;
use purlin_schema::model::{
    self, Arity, ColumnType, Condition, FieldId, IndexAlgorithm, IndexPart, Link, Literal, Model, ModelKind,
    OperatorClass, Predicate, Provider, RelationMode, Scalar, Schema,
};
use purlin_schema::native::{self, NativeType};
use purlin_schema::{naming, operators};

use crate::database::{
    Action, Check, Column, DatabaseSchema, Default, EnumType, Extension, Family, ForeignKey, Index, IndexColumn, Table,
};
use crate::lower::{BASE64, column_name, index_name, names};
use crate::sql::{identifier, qualified, string};

/// The database that a schema describes. Its views are not in it: they are the database's own affair.
pub fn lower(schema: &Schema) -> DatabaseSchema {
    let is_table = |model: &Model| model.kind == ModelKind::Table;
    // None stands for a view, so that tables are found by their models.
    let table_of = |model: &Model| is_table(model).then(|| table(schema, model));
    let mut tables: Vec<Option<Table>> = schema.models.iter().map(table_of).collect();
    let mut joined = Vec::new();
    let mut relations: Vec<_> = schema.relations.iter().collect();
    relations.sort_by_key(|relation| (relation.from.model, relation.from.field));
    let has_keys = schema.datasource.as_ref().is_none_or(|source| source.relation_mode == RelationMode::ForeignKeys);
    for relation in relations {
        let (from, to) = (schema.model(relation.from.model), schema.model(relation.to.model));
        if !is_table(from) || !is_table(to) {
            continue;
        }
        match &relation.link {
            Link::ForeignKey { columns, references, on_delete, on_update, map } => {
                let columns = names(from, columns);
                let key = ForeignKey {
                    name: Some(map.clone().unwrap_or_else(|| foreign_key_name(&from.table, &columns))),
                    columns,
                    namespace: to.schema.clone(),
                    table: to.table.clone(),
                    references: names(to, references),
                    on_delete: (*on_delete).into(),
                    on_update: (*on_update).into(),
                    ..ForeignKey::default()
                };
                if has_keys && let Some(Some(table)) = tables.get_mut(relation.from.model.0) {
                    table.foreign_keys.push(key);
                }
            }
            Link::JoinTable { table, from_key, to_key } => {
                let mut table = join_table(schema, table, (from, *from_key), (to, *to_key));
                if !has_keys {
                    table.foreign_keys.clear();
                }
                joined.push(table);
            }
        }
    }
    let source = schema.datasource.as_ref();
    let extension = |extension: &model::Extension| Extension {
        name: extension.map.clone().unwrap_or_else(|| extension.name.clone()),
        namespace: extension.schema.clone(),
        version: extension.version.clone(),
    };
    let mut extensions: Vec<Extension> = source.iter().flat_map(|source| &source.extensions).map(extension).collect();
    if uses_citext(schema) && extensions.iter().all(|extension| extension.name != "citext") {
        // The type is not there without it. Prisma leaves it to a migration that is written by hand.
        extensions.push(Extension { name: "citext".to_owned(), namespace: None, version: None });
    }
    let enumeration = |enumeration: &model::Enum| EnumType {
        namespace: enumeration.schema.clone(),
        name: enumeration.db_name.clone(),
        values: enumeration.values.iter().map(|value| value.db_name.clone()).collect(),
    };
    DatabaseSchema {
        namespaces: source.map(|source| source.schemas.clone()).unwrap_or_default(),
        extensions,
        enums: schema.enums.iter().map(enumeration).collect(),
        tables: tables.into_iter().flatten().chain(joined).collect(),
        ..DatabaseSchema::default()
    }
}

fn uses_citext(schema: &Schema) -> bool {
    let mut columns = schema.models.iter().flat_map(Model::columns);
    columns.any(|(.., column)| column.native.as_ref().is_some_and(|native| native.name() == "Citext"))
}

fn table(schema: &Schema, model: &Model) -> Table {
    let key = model.primary_key.as_ref();
    let primary_key = key.iter().flat_map(|key| &key.columns).filter_map(|part| column_name(model, part.field));
    let primary_key: Vec<String> = primary_key.collect();
    let mut columns: Vec<Column> =
        model.columns().map(|(_, field, column)| self::column(schema, field.arity, column)).collect();
    for column in &mut columns {
        column.nullable &= !primary_key.contains(&column.name);
    }
    let uniques = model.uniques.iter().map(|key| {
        let parts = key.columns.iter().filter_map(|part| index_column(model, part)).collect();
        index(schema, model, parts, key.map.as_deref(), true, key.predicate.as_ref())
    });
    let others = model.indexes.iter().map(|declared| {
        let parts = declared.parts.iter().filter_map(|part| index_part(model, part)).collect();
        let unique = declared.kind == model::IndexKind::Unique;
        let lowered = index(schema, model, parts, declared.map.as_deref(), unique, declared.predicate.as_ref());
        Index { method: declared.algorithm.and_then(method), ..lowered }
    });
    Table {
        namespace: model.schema.clone(),
        name: model.table.clone(),
        primary_key_name: key
            .and_then(|key| key.map.clone())
            .or_else(|| naming::primary_key(Provider::Postgres, &model.table)),
        primary_key,
        indexes: uniques.chain(others).collect(),
        checks: model
            .checks
            .iter()
            .map(|check| Check { name: check.map.clone(), expression: check.expression.clone() })
            .collect(),
        columns,
        ..Table::default()
    }
}

fn column(schema: &Schema, arity: Arity, column: &model::Column) -> Column {
    let (mut native_type, family) = ty(schema, column);
    if arity == Arity::List {
        native_type.push_str("[]");
    }
    let generated = column.generated.as_ref().map(|generated| {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        let name = identifier(&column.name);
        format!("{name} {native_type} GENERATED ALWAYS AS ({}) {kind}", generated.expression)
    });
    Column {
        name: column.name.clone(),
        nullable: arity == Arity::Optional || arity == Arity::List,
        default: default(schema, arity, column, &native_type),
        autoincrement: column.default == Some(model::Default::Autoincrement),
        native_type,
        family,
        kept: String::new(),
        generated,
        allowed: None,
    }
}

/// The type of a column, as the database spells it.
fn ty(schema: &Schema, column: &model::Column) -> (String, Family) {
    let scalar = match &column.ty {
        ColumnType::Unsupported(written) => return (written.clone(), Family::Other),
        ColumnType::Enum(id) => {
            let enumeration = schema.enumeration(*id);
            return (qualified(enumeration.schema.as_deref(), &enumeration.db_name), Family::String);
        }
        ColumnType::Scalar(scalar) => *scalar,
    };
    let native = column.native.clone().or_else(|| native::default_for(Provider::Postgres, scalar));
    let family = match scalar {
        Scalar::String => Family::String,
        Scalar::Boolean => Family::Boolean,
        Scalar::Int => Family::Int,
        Scalar::BigInt => Family::BigInt,
        Scalar::Float => Family::Float,
        Scalar::Decimal => Family::Decimal,
        Scalar::DateTime => Family::DateTime,
        Scalar::Json => Family::Json,
        Scalar::Bytes => Family::Bytes,
    };
    (native.as_ref().map(NativeType::sql).unwrap_or_default(), family)
}

fn default(schema: &Schema, arity: Arity, column: &model::Column, native_type: &str) -> Default {
    use model::Default as Declared;
    match &column.default {
        Some(Declared::Literal(Literal::List(items))) if arity == Arity::List => {
            let items: Vec<String> = items.iter().map(|item| constant(schema, &column.ty, item)).collect();
            Default::Constant(format!("ARRAY[{}]::{native_type}", items.join(", ")))
        }
        Some(Declared::Literal(literal)) => Default::Constant(constant(schema, &column.ty, literal)),
        Some(Declared::Now) => Default::Now,
        Some(Declared::Database(Some(expression))) => Default::Expression(expression.clone()),
        Some(Declared::Database(None)) => Default::Unmanaged,
        // The clients make these values, and the type of a numbered column has its own default.
        Some(
            Declared::Autoincrement | Declared::Uuid(_) | Declared::Cuid(_) | Declared::Ulid | Declared::Nanoid(_),
        )
        | None => Default::None,
    }
}

/// A literal as SQL text. The database takes a string for a value of the type of its column.
fn constant(schema: &Schema, ty: &ColumnType, literal: &Literal) -> String {
    match (literal, ty) {
        (Literal::String(text), ColumnType::Scalar(Scalar::Bytes)) => match BASE64.decode(text) {
            Ok(bytes) => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("'\\x{digits}'")
            }
            Err(_) => string(text),
        },
        (Literal::String(text), ColumnType::Scalar(Scalar::DateTime)) => string(&instant(text)),
        (Literal::String(text), _) => string(text),
        (Literal::Number(number), _) => number.clone(),
        (Literal::Boolean(value), _) => value.to_string(),
        (Literal::EnumValue(index), ColumnType::Enum(id)) => {
            let value = schema.enumeration(*id).values.get(*index);
            value.map_or_else(|| "NULL".to_owned(), |value| string(&value.db_name))
        }
        (Literal::EnumValue(_) | Literal::List(_), _) => "NULL".to_owned(),
    }
}

/// An instant in UTC: a `timestamp` would drop the offset of any other.
fn instant(text: &str) -> String {
    match chrono::DateTime::parse_from_rfc3339(text) {
        Ok(time) => time.to_utc().format("%Y-%m-%d %H:%M:%S%.f +00:00").to_string(),
        Err(_) => text.to_owned(),
    }
}

fn index(
    schema: &Schema,
    model: &Model,
    columns: Vec<IndexColumn>,
    map: Option<&str>,
    unique: bool,
    predicate: Option<&Predicate>,
) -> Index {
    let names: Vec<&str> =
        columns.iter().map(|part| if part.is_expression { naming::EXPRESSION } else { part.name.as_str() }).collect();
    let (name, origin) = index_name(Provider::Postgres, &model.table, &names, unique, map);
    let predicate = predicate.map(|predicate| self::predicate(schema, model, predicate));
    Index { name, columns, unique, origin, predicate, ..Index::default() }
}

fn index_part(model: &Model, part: &IndexPart) -> Option<IndexColumn> {
    match part {
        IndexPart::Column(column) => index_column(model, column),
        IndexPart::Expression { sql, descending, operator_class } => Some(IndexColumn {
            name: sql.clone(),
            is_expression: true,
            descending: *descending,
            operator_class: operator_class.as_ref().and_then(self::operator_class),
        }),
    }
}

fn index_column(model: &Model, part: &model::IndexColumn) -> Option<IndexColumn> {
    Some(IndexColumn {
        name: column_name(model, part.field)?,
        is_expression: false,
        descending: part.descending,
        operator_class: part.operator_class.as_ref().and_then(operator_class),
    })
}

fn operator_class(class: &OperatorClass) -> Option<String> {
    match class {
        OperatorClass::Known(name) => Some(operators::definition(name)?.sql.to_owned()),
        OperatorClass::Raw(sql) => Some(sql.clone()),
    }
}

fn method(algorithm: IndexAlgorithm) -> Option<&'static str> {
    match algorithm {
        IndexAlgorithm::BTree => None,
        IndexAlgorithm::Hash => Some("HASH"),
        IndexAlgorithm::Gist => Some("GIST"),
        IndexAlgorithm::Gin => Some("GIN"),
        IndexAlgorithm::SpGist => Some("SPGIST"),
        IndexAlgorithm::Brin => Some("BRIN"),
    }
}

fn predicate(schema: &Schema, model: &Model, predicate: &Predicate) -> String {
    let fields = match predicate {
        Predicate::Raw(sql) => return sql.clone(),
        Predicate::Fields(fields) => fields,
    };
    let condition = |(field, condition): &(FieldId, Condition)| {
        let model::FieldKind::Column(column) = &model.field(*field).kind else { return String::new() };
        let name = identifier(&column.name);
        match condition {
            Condition::Equals(literal) => format!("{name} = {}", constant(schema, &column.ty, literal)),
            Condition::NotEquals(literal) => format!("{name} <> {}", constant(schema, &column.ty, literal)),
            Condition::Null => format!("{name} IS NULL"),
            Condition::NotNull => format!("{name} IS NOT NULL"),
        }
    };
    fields.iter().map(condition).collect::<Vec<_>>().join(" AND ")
}

fn join_table(schema: &Schema, name: &str, from: (&Model, FieldId), to: (&Model, FieldId)) -> Table {
    let column = |name: &str, (model, key): (&Model, FieldId)| {
        let model::FieldKind::Column(key) = &model.field(key).kind else { return None };
        let plain =
            model::Column { name: name.to_owned(), default: None, updated_at: false, generated: None, ..key.clone() };
        Some(self::column(schema, Arity::Required, &plain))
    };
    let foreign_key = |column: &str, (model, key): (&Model, FieldId)| ForeignKey {
        name: Some(foreign_key_name(name, &[column.to_owned()])),
        columns: vec![column.to_owned()],
        namespace: model.schema.clone(),
        table: model.table.clone(),
        references: names(model, &[key]),
        on_delete: Action::Cascade,
        on_update: Action::Cascade,
        ..ForeignKey::default()
    };
    let second = IndexColumn { name: "B".to_owned(), ..IndexColumn::default() };
    Table {
        namespace: from.0.schema.clone(),
        name: name.to_owned(),
        columns: [column("A", from), column("B", to)].into_iter().flatten().collect(),
        primary_key: vec!["A".to_owned(), "B".to_owned()],
        primary_key_name: naming::primary_key(Provider::Postgres, &format!("{name}_AB")),
        indexes: vec![Index { name: format!("{name}_B_index"), columns: vec![second], ..Index::default() }],
        foreign_keys: vec![foreign_key("A", from), foreign_key("B", to)],
        ..Table::default()
    }
}

fn foreign_key_name(table: &str, columns: &[String]) -> String {
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    naming::foreign_key(Provider::Postgres, table, &columns).unwrap_or_default()
}
