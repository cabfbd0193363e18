//! Lowers a schema to the picture of the SQLite database that it describes.

use base64::Engine as _;
use purlin_schema::model::{
    self, Arity, ColumnType, FieldId, Link, Literal, Model, ModelKind, Provider, Scalar, Schema,
};

use super::{forms, render, spelling};
use crate::database::{
    Action, Allowed, Column, DatabaseSchema, Default, Family, ForeignKey, Index, IndexColumn, Table, Watched,
};
use crate::lower::{BASE64, column_name, index_name, names};

/// The database that a schema describes. Its views are not in it: they are the database's own affair.
pub fn lower(schema: &Schema) -> DatabaseSchema {
    let is_table = |model: &Model| model.kind == ModelKind::Table;
    // None stands for a view, so that tables are found by their models.
    let table_of = |model: &Model| is_table(model).then(|| table(schema, model));
    let mut tables: Vec<Option<Table>> = schema.models.iter().map(table_of).collect();
    let mut joined = Vec::new();
    // In the order of the fields, as Prisma writes them; the join tables follow the models.
    let mut relations: Vec<_> = schema.relations.iter().collect();
    relations.sort_by_key(|relation| match relation.link {
        Link::ForeignKey { .. } => (0, relation.from.model, relation.from.field),
        Link::JoinTable { .. } => (1, relation.from.model, relation.from.field),
    });
    for relation in relations {
        if ![relation.from, relation.to].iter().all(|end| is_table(schema.model(end.model))) {
            continue;
        }
        match &relation.link {
            Link::ForeignKey { columns, references, on_delete, on_update, map } => {
                let from = schema.model(relation.from.model);
                let to = schema.model(relation.to.model);
                let columns = names(from, columns);
                let key = ForeignKey {
                    name: Some(map.clone().unwrap_or_else(|| foreign_key_name(&from.table, &columns))),
                    references: names(to, references),
                    table: to.table.clone(),
                    on_delete: (*on_delete).into(),
                    on_update: (*on_update).into(),
                    columns,
                    ..ForeignKey::default()
                };
                if let Some(Some(table)) = tables.get_mut(relation.from.model.0) {
                    table.foreign_keys.push(key);
                }
            }
            Link::JoinTable { table, from_key, to_key } => {
                let from = (schema.model(relation.from.model), *from_key);
                let to = (schema.model(relation.to.model), *to_key);
                joined.push(join_table(schema, table, from, to));
            }
        }
    }
    DatabaseSchema { tables: tables.into_iter().flatten().chain(joined).collect(), ..DatabaseSchema::default() }
}

fn table(schema: &Schema, model: &Model) -> Table {
    let primary_key: Vec<String> = model
        .primary_key
        .iter()
        .flat_map(|key| &key.columns)
        .filter_map(|part| column_name(model, part.field))
        .collect();
    let column = |(_, field, column): (FieldId, &model::Field, &model::Column)| {
        let mut lowered = self::column(schema, field.arity, column);
        if model.ignored || field.ignored {
            // No client reads it, so whatever it holds is not in the way.
            lowered.allowed = None;
        }
        lowered
    };
    let mut columns: Vec<Column> = model.columns().map(column).collect();
    for column in &mut columns {
        if primary_key.contains(&column.name) {
            column.nullable = false;
        }
        // AUTOINCREMENT is a word of the INTEGER PRIMARY KEY alone; another numbered column is beyond SQLite.
        column.autoincrement &= primary_key.len() == 1 && primary_key.first() == Some(&column.name);
        if column.autoincrement {
            "INTEGER".clone_into(&mut column.native_type);
        }
    }
    let uniques = model.uniques.iter().map(|key| index(model, &key.columns, key.map.as_deref(), true));
    let plain = model.indexes.iter().map(|index| {
        let columns: Vec<model::IndexColumn> = index.columns().cloned().collect();
        self::index(model, &columns, index.map.as_deref(), false)
    });
    let indexes: Vec<Index> = uniques.chain(plain).collect();
    let in_index =
        |column: &&Column| primary_key.contains(&column.name) || indexes.iter().any(|index| index.covers(&column.name));
    let watched = columns.iter().filter(|column| forms::formed(&column.family).is_some()).filter(in_index);
    Table {
        watched: watched.map(|column| Watched { column: column.name.clone(), family: column.family.clone() }).collect(),
        name: model.table.clone(),
        columns,
        primary_key,
        indexes,
        ..Table::default()
    }
}

fn column(schema: &Schema, arity: Arity, column: &model::Column) -> Column {
    let (native_type, family) = ty(&column.ty);
    Column {
        name: column.name.clone(),
        native_type: native_type.to_owned(),
        nullable: arity == Arity::Optional,
        default: default(schema, column),
        autoincrement: column.default == Some(model::Default::Autoincrement),
        family,
        kept: String::new(),
        generated: None,
        allowed: allowed(schema, &column.ty),
    }
}

fn allowed(schema: &Schema, ty: &ColumnType) -> Option<Allowed> {
    let ColumnType::Enum(id) = ty else { return None };
    let enumeration = schema.enumeration(*id);
    let values = enumeration.values.iter().map(|value| value.db_name.clone()).collect();
    Some(Allowed { name: enumeration.name.clone(), values })
}

/// Prisma's column types but one: its DECIMAL has numeric affinity, which keeps 15 digits; a name with TEXT in it has
/// text affinity and keeps them all.
fn ty(ty: &ColumnType) -> (&str, Family) {
    match ty {
        ColumnType::Unsupported(written) => (written, Family::Other),
        ColumnType::Enum(_) | ColumnType::Scalar(Scalar::String) => ("TEXT", Family::String),
        ColumnType::Scalar(Scalar::Boolean) => ("BOOLEAN", Family::Boolean),
        ColumnType::Scalar(Scalar::Int) => ("INTEGER", Family::Int),
        ColumnType::Scalar(Scalar::BigInt) => ("BIGINT", Family::BigInt),
        ColumnType::Scalar(Scalar::Float) => ("REAL", Family::Float),
        ColumnType::Scalar(Scalar::Decimal) => ("DECIMAL_TEXT", Family::Decimal),
        ColumnType::Scalar(Scalar::DateTime) => ("DATETIME", Family::DateTime),
        ColumnType::Scalar(Scalar::Json) => ("JSONB", Family::Json),
        ColumnType::Scalar(Scalar::Bytes) => ("BLOB", Family::Bytes),
    }
}

fn default(schema: &Schema, column: &model::Column) -> Default {
    use model::Default as Declared;
    match &column.default {
        Some(Declared::Literal(literal)) => constant(schema, &column.ty, literal),
        Some(Declared::Now) => Default::Now,
        Some(Declared::Database(Some(expression))) => Default::Expression(expression.clone()),
        Some(Declared::Database(None)) => Default::Unmanaged,
        // The clients make these values; the database never sees a default.
        Some(
            Declared::Autoincrement | Declared::Uuid(_) | Declared::Cuid(_) | Declared::Ulid | Declared::Nanoid(_),
        )
        | None => Default::None,
    }
}

fn constant(schema: &Schema, ty: &ColumnType, literal: &Literal) -> Default {
    let text = match (literal, ty) {
        (Literal::String(text), ColumnType::Scalar(Scalar::Bytes)) => match BASE64.decode(text) {
            Ok(bytes) => render::blob(&bytes),
            Err(_) => render::string(text),
        },
        (Literal::String(text), ColumnType::Scalar(Scalar::DateTime)) => render::string(&instant(text)),
        (Literal::Number(number), ColumnType::Scalar(Scalar::Decimal)) => render::string(&spelling::number(number)),
        (Literal::String(text), _) => render::string(text),
        (Literal::Number(number), _) => number.clone(),
        (Literal::Boolean(value), _) => value.to_string(),
        (Literal::EnumValue(index), ColumnType::Enum(id)) => match schema.enumeration(*id).values.get(*index) {
            Some(value) => render::string(&value.db_name),
            None => return Default::None,
        },
        // Lists do not exist on SQLite; the schema's checks say so.
        (Literal::EnumValue(_) | Literal::List(_), _) => return Default::None,
    };
    Default::Constant(text)
}

/// An instant in the form in which the clients store it.
fn instant(text: &str) -> String {
    let time = chrono::DateTime::parse_from_rfc3339(text).ok();
    time.and_then(|time| purlin_driver::datetime::format(time.timestamp_micros())).unwrap_or_else(|| text.to_owned())
}

fn index(model: &Model, parts: &[model::IndexColumn], map: Option<&str>, unique: bool) -> Index {
    let columns: Vec<IndexColumn> = parts
        .iter()
        .filter_map(|part| {
            Some(IndexColumn {
                name: column_name(model, part.field)?,
                descending: part.descending,
                ..IndexColumn::default()
            })
        })
        .collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let (name, origin) = index_name(Provider::Sqlite, &model.table, &names, unique, map);
    Index { name, columns, unique, origin, ..Index::default() }
}

fn join_table(schema: &Schema, name: &str, from: (&Model, FieldId), to: (&Model, FieldId)) -> Table {
    let column = |name: &str, (model, key): (&Model, FieldId)| {
        let ty = match &model.field(key).kind {
            model::FieldKind::Column(column) => column.ty.clone(),
            model::FieldKind::Relation(..) => ColumnType::Scalar(Scalar::String),
        };
        let key = model::Column {
            name: name.to_owned(),
            ty,
            default: None,
            updated_at: false,
            native: None,
            generated: None,
        };
        self::column(schema, Arity::Required, &key)
    };
    let foreign_key = |column: &str, (model, key): (&Model, FieldId)| ForeignKey {
        name: Some(foreign_key_name(name, &[column.to_owned()])),
        columns: vec![column.to_owned()],
        table: model.table.clone(),
        references: names(model, &[key]),
        on_delete: Action::Cascade,
        on_update: Action::Cascade,
        ..ForeignKey::default()
    };
    let index = |suffix: &str, columns: &[&str], unique: bool| Index {
        name: format!("{name}_{suffix}"),
        columns: columns
            .iter()
            .map(|name| IndexColumn { name: (*name).to_owned(), ..IndexColumn::default() })
            .collect(),
        unique,
        ..Index::default()
    };
    Table {
        name: name.to_owned(),
        columns: vec![column("A", from), column("B", to)],
        indexes: vec![index("AB_unique", &["A", "B"], true), index("B_index", &["B"], false)],
        foreign_keys: vec![foreign_key("A", from), foreign_key("B", to)],
        ..Table::default()
    }
}

/// SQLite has no names for foreign keys; Prisma's files give them one nevertheless.
fn foreign_key_name(table: &str, columns: &[String]) -> String {
    format!("{table}_{}_fkey", columns.join("_"))
}
