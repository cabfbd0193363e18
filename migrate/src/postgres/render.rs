//! Writes SQL for PostgreSQL, in the layout that Prisma's migration files have.

use crate::database::{
    Column, DatabaseSchema, Default, EnumType, Extension, Family, ForeignKey, Index, IndexColumn, Table,
};
use crate::sql::{action, identifier, string};

/// The script that creates a database: schemas, extensions, enums, tables, indexes and foreign keys, in the order in which each
/// needs what comes before it.
pub fn create_script(database: &DatabaseSchema) -> String {
    let mut steps = Vec::new();
    let mut step = |heading: &str, statement: String| steps.push(format!("-- {heading}\n{statement};\n"));
    for name in &database.namespaces {
        step("CreateSchema", format!("CREATE SCHEMA IF NOT EXISTS {}", identifier(name)));
    }
    for extension in &database.extensions {
        step("CreateExtension", create_extension(extension));
    }
    for enumeration in &database.enums {
        step("CreateEnum", create_enum(enumeration));
    }
    for table in &database.tables {
        step("CreateTable", create_table(table));
    }
    for table in &database.tables {
        for index in &table.indexes {
            step("CreateIndex", create_index(table, index));
        }
    }
    for table in &database.tables {
        for key in &table.foreign_keys {
            step("AddForeignKey", add_foreign_key(table, key));
        }
    }
    steps.join("\n")
}

fn create_extension(extension: &Extension) -> String {
    let mut sql = format!("CREATE EXTENSION IF NOT EXISTS {}", identifier(&extension.name));
    if let Some(namespace) = &extension.namespace {
        sql.push_str(&format!(" WITH SCHEMA {}", identifier(namespace)));
    }
    if let Some(version) = &extension.version {
        sql.push_str(&format!(" VERSION {}", string(version)));
    }
    sql
}

fn create_enum(enumeration: &EnumType) -> String {
    let values: Vec<String> = enumeration.values.iter().map(|value| string(value)).collect();
    let name = qualified(enumeration.namespace.as_deref(), &enumeration.name);
    format!("CREATE TYPE {name} AS ENUM ({})", values.join(", "))
}

fn create_table(table: &Table) -> String {
    let mut parts: Vec<String> = table.columns.iter().map(column).collect();
    let mut constraints = Vec::new();
    if !table.primary_key.is_empty() {
        let name = constraint(table.primary_key_name.as_deref());
        constraints.push(format!("{name}PRIMARY KEY ({})", identifiers(&table.primary_key, ",")));
    }
    for check in &table.checks {
        constraints.push(format!("{}CHECK ({})", constraint(check.name.as_deref()), check.expression));
    }
    // Prisma leaves a line free before the constraints.
    if let (Some(last), false) = (parts.last_mut(), constraints.is_empty()) {
        last.push_str(",\n");
    }
    let separator = if constraints.is_empty() { "" } else { "\n    " };
    let name = qualified(table.namespace.as_deref(), &table.name);
    format!("CREATE TABLE {name} (\n    {}{separator}{}\n)", parts.join(",\n    "), constraints.join(",\n    "))
}

fn column(column: &Column) -> String {
    if let Some(generated) = &column.generated {
        return generated.clone();
    }
    let ty = match (column.autoincrement, column.native_type.as_str(), &column.family) {
        (true, "SMALLINT", _) => "SMALLSERIAL",
        (true, _, Family::BigInt) => "BIGSERIAL",
        (true, ..) => "SERIAL",
        (false, ty, _) => ty,
    };
    let null = if column.nullable { "" } else { " NOT NULL" };
    let default = match &column.default {
        Default::None | Default::Unmanaged => String::new(),
        Default::Constant(text) | Default::Expression(text) => format!(" DEFAULT {text}"),
        Default::Now => " DEFAULT CURRENT_TIMESTAMP".to_owned(),
    };
    format!("{} {ty}{null}{default}", identifier(&column.name))
}

fn create_index(table: &Table, index: &Index) -> String {
    let columns: Vec<String> = index.columns.iter().map(index_column).collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let method = index.method.map(|method| format!(" USING {method} ")).unwrap_or_default();
    let predicate = index.predicate.as_ref().map(|condition| format!(" WHERE ({condition})")).unwrap_or_default();
    let (name, on) = (identifier(&index.name), qualified(table.namespace.as_deref(), &table.name));
    format!("CREATE {unique}INDEX {name} ON {on}{method}({}){predicate}", columns.join(", "))
}

fn index_column(part: &IndexColumn) -> String {
    let mut sql = if part.is_expression { format!("({})", part.name) } else { identifier(&part.name) };
    if let Some(class) = &part.operator_class {
        sql.push(' ');
        sql.push_str(class);
    }
    if part.descending {
        sql.push_str(" DESC");
    }
    sql
}

fn add_foreign_key(table: &Table, key: &ForeignKey) -> String {
    format!(
        "ALTER TABLE {} ADD {}FOREIGN KEY ({}) REFERENCES {}({}) ON DELETE {} ON UPDATE {}",
        qualified(table.namespace.as_deref(), &table.name),
        constraint(key.name.as_deref()),
        identifiers(&key.columns, ", "),
        qualified(key.namespace.as_deref(), &key.table),
        identifiers(&key.references, ", "),
        action(key.on_delete),
        action(key.on_update),
    )
}

fn constraint(name: Option<&str>) -> String {
    name.map(|name| format!("CONSTRAINT {} ", identifier(name))).unwrap_or_default()
}

/// A name within one of the database's own schemas.
pub(super) fn qualified(namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(namespace) => format!("{}.{}", identifier(namespace), identifier(name)),
        None => identifier(name),
    }
}

fn identifiers(names: &[String], separator: &str) -> String {
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(separator)
}
