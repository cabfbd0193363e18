//! Writes SQL for PostgreSQL, in the layout that Prisma's migration files have.

use super::plan::{Step, creation, filling};
use crate::database::{
    Column, DatabaseSchema, Default, EnumType, Extension, Family, ForeignKey, Index, IndexColumn, Table,
};
use crate::diff::{Alteration, ColumnChange, EnumChange};
use crate::sql::{action, identifier, qualified, string};

/// What a column keeps that is `GENERATED .. AS IDENTITY`. One with a sequence keeps the name of that.
pub(super) const IDENTITY: &str = "IDENTITY";

/// The script that creates a database: schemas, extensions, enums, tables, indexes and foreign keys, in the order in which each
/// needs what comes before it.
pub fn create_script(database: &DatabaseSchema) -> String {
    script(&creation(database))
}

/// Steps as a script, each under its heading.
pub(super) fn script(steps: &[Step]) -> String {
    let texts: Vec<String> = steps
        .iter()
        .map(|step| {
            let (heading, statements) = statements(step);
            let statements: String = statements.iter().map(|statement| format!("{statement};\n")).collect();
            format!("-- {heading}\n{statements}")
        })
        .collect();
    texts.join("\n")
}

/// The heading of a step in Prisma's files, and its statements.
fn statements(step: &Step) -> (&'static str, Vec<String>) {
    let (heading, statement) = match step {
        Step::CreateSchema(name) => ("CreateSchema", format!("CREATE SCHEMA IF NOT EXISTS {}", identifier(name))),
        Step::CreateExtension(extension) => ("CreateExtension", create_extension(extension)),
        Step::UpdateExtension(extension) => {
            let version = extension.version.as_ref().map(|version| format!(" TO {}", string(version)));
            let version = version.unwrap_or_default();
            ("AlterExtension", format!("ALTER EXTENSION {} UPDATE{version}", identifier(&extension.name)))
        }
        Step::CreateEnum(enumeration) => ("CreateEnum", create_enum(enumeration)),
        Step::AddValues(change) => return ("AlterEnum", add_values(change)),
        Step::ReplaceEnum { change, temporary, columns, leaving } => {
            return ("AlterEnum", replace_enum(change, temporary, columns, leaving));
        }
        Step::DropEnum(enumeration) => ("DropEnum", format!("DROP TYPE {}", enumeration.sql())),
        Step::CreateTable(table) => ("CreateTable", create_table(table)),
        Step::DropTable(table) => ("DropTable", format!("DROP TABLE {}", name(table))),
        Step::AlterTable(alteration) => return ("AlterTable", alter_table(alteration)),
        Step::ExchangeColumns(table) => return ("AlterTable", exchange_columns(table)),
        Step::DropPrimaryKey(table) => {
            let key = table.primary_key_name.as_deref().unwrap_or_default();
            ("AlterTable", format!("ALTER TABLE {} DROP CONSTRAINT {}", name(table), identifier(key)))
        }
        Step::AddPrimaryKey(table) => {
            let key = constraint(table.primary_key_name.as_deref());
            let columns = identifiers(&table.primary_key, ", ");
            ("AlterTable", format!("ALTER TABLE {} ADD {key}PRIMARY KEY ({columns})", name(table)))
        }
        Step::AddCheck(table, check) => {
            let (name, constraint) = (name(table), constraint(check.name.as_deref()));
            ("AlterTable", format!("ALTER TABLE {name} ADD {constraint}CHECK ({})", check.expression))
        }
        Step::DropCheck(table, check) => {
            let check = check.name.as_deref().unwrap_or_default();
            ("AlterTable", format!("ALTER TABLE {} DROP CONSTRAINT {}", name(table), identifier(check)))
        }
        Step::CreateIndex(table, index) => ("CreateIndex", create_index(table, index)),
        Step::DropIndex(table, index) if index.is_constraint => {
            ("DropIndex", format!("ALTER TABLE {} DROP CONSTRAINT {}", name(table), identifier(&index.name)))
        }
        Step::DropIndex(table, index) => {
            ("DropIndex", format!("DROP INDEX {}", qualified(table.namespace.as_deref(), &index.name)))
        }
        Step::RenameIndex { table, from, to } => {
            let from = qualified(table.namespace.as_deref(), from);
            ("RenameIndex", format!("ALTER INDEX {from} RENAME TO {}", identifier(to)))
        }
        Step::AddForeignKey(table, key) => ("AddForeignKey", add_foreign_key(table, key)),
        Step::DropForeignKey(table, key) => {
            let key = key.name.as_deref().unwrap_or_default();
            ("DropForeignKey", format!("ALTER TABLE {} DROP CONSTRAINT {}", name(table), identifier(key)))
        }
    };
    (heading, vec![statement])
}

fn name(table: &Table) -> String {
    qualified(table.namespace.as_deref(), &table.name)
}

/// New values, each where the schema has it. The order counts: it is that of sorting.
fn add_values(change: &EnumChange) -> Vec<String> {
    let ty = change.from.sql();
    let mut present: Vec<&String> = change.from.values.iter().collect();
    let mut statements = Vec::new();
    for (place, value) in change.to.values.iter().enumerate().filter(|(_, value)| !change.from.values.contains(value)) {
        // All before it are there already.
        let next = change.to.values.iter().skip(place).find(|other| present.contains(other));
        let before = next.map(|next| format!(" BEFORE {}", string(next))).unwrap_or_default();
        statements.push(format!("ALTER TYPE {ty} ADD VALUE {}{before}", string(value)));
        present.push(value);
    }
    statements
}

/// An enum that loses values, or whose values change places, is made anew.
fn replace_enum(
    change: &EnumChange,
    temporary: &str,
    columns: &[(Table, Column)],
    leaving: &[(Table, Column)],
) -> Vec<String> {
    let in_namespace = |name: &str| qualified(change.from.namespace.as_deref(), name);
    let new = EnumType { name: temporary.to_owned(), ..change.to.clone() };
    let new_type = new.sql();
    let mut statements = vec![create_enum(&new)];
    for (table, column) in leaving {
        let (table, name) = (name(table), identifier(&column.name));
        let list = if column.native_type.ends_with("[]") { "[]" } else { "" };
        if column.default != Default::None {
            statements.push(format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT"));
        }
        statements.push(format!("ALTER TABLE {table} ALTER COLUMN {name} TYPE text{list} USING ({name}::text{list})"));
    }
    let mut defaults = Vec::new();
    for (table, column) in columns {
        let (table, column_name) = (name(table), identifier(&column.name));
        let list = if column.native_type.ends_with("[]") { "[]" } else { "" };
        let alter = format!("ALTER TABLE {table} ALTER COLUMN {column_name}");
        if let Some(default) = default(&column.default) {
            statements.push(format!("{alter} DROP DEFAULT"));
            let is_kept = change
                .from
                .values
                .iter()
                .all(|value| change.to.values.contains(value) || !default.contains(&string(value)));
            // Another one is the schema's to give.
            if is_kept {
                let cast = if list.is_empty() { String::new() } else { format!("::{}", column.native_type) };
                defaults.push(format!("{alter} SET DEFAULT {default}{cast}"));
            }
        }
        statements.push(format!("{alter} TYPE {new_type}{list} USING ({column_name}::text{list}::{new_type}{list})"));
    }
    statements.push(format!("DROP TYPE {}", change.from.sql()));
    statements.push(format!("ALTER TYPE {} RENAME TO {}", in_namespace(&new.name), identifier(&change.to.name)));
    statements.extend(defaults);
    statements
}

fn alter_table(alteration: &Alteration) -> Vec<String> {
    let name = name(&alteration.from);
    let mut statements = Vec::new();
    let mut clauses = Vec::new();
    clauses.extend(alteration.dropped.iter().map(|column| format!("DROP COLUMN {}", identifier(&column.name))));
    for change in &alteration.changed {
        let column = identifier(&change.to.name);
        // With another type the value comes with the conversion.
        if let Some(value) = filling(change).filter(|_| !change.ty) {
            statements.push(format!("UPDATE {name} SET {column} = {value} WHERE {column} IS NULL"));
        }
        clauses.extend(alter_column(&column, change));
        statements.extend(renumber(&name, &column, change));
    }
    clauses.extend(alteration.added.iter().map(|column| format!("ADD COLUMN {}", column_definition(column))));
    if !clauses.is_empty() {
        statements.push(format!("ALTER TABLE {name} {}", clauses.join(",\n")));
    }
    for change in alteration.changed.iter().filter(|change| change.autoincrement && change.to.autoincrement) {
        statements.extend(number(&alteration.from, change));
    }
    statements
}

/// The clauses that change a column.
fn alter_column(column: &str, change: &ColumnChange) -> Vec<String> {
    let ColumnChange { from, to, .. } = change;
    let alter = format!("ALTER COLUMN {column}");
    let mut clauses = Vec::new();
    let had_default = from.default != Default::None;
    // One that is left to the database is the one that it had.
    let default = if to.default == Default::Unmanaged { default(&from.default) } else { default(&to.default) };
    // The old default may have no value of the new type.
    if had_default && (change.ty || (change.default && default.is_none())) {
        clauses.push(format!("{alter} DROP DEFAULT"));
    }
    if change.ty {
        let cast = cast(column, from, to);
        let value = filling(change).map_or_else(|| cast.clone(), |default| format!("coalesce({cast}, {default})"));
        clauses.push(format!("{alter} TYPE {} USING {value}", to.native_type));
    }
    if let Some(default) = default
        && (change.default || (had_default && change.ty))
    {
        clauses.push(format!("{alter} SET DEFAULT {default}"));
    }
    if change.nullability {
        clauses.push(format!("{alter} {} NOT NULL", if to.nullable { "DROP" } else { "SET" }));
    }
    clauses
}

/// A value of a column as one of its new type. What has no cast of its own goes by its text.
pub(super) fn cast(column: &str, from: &Column, to: &Column) -> String {
    let is_list = |column: &Column| column.native_type.ends_with("[]");
    match (is_list(from), is_list(to)) {
        (false, true) => format!("CASE WHEN {column} IS NOT NULL THEN ARRAY[{column}]::text[]::{} END", to.native_type),
        (true, false) => format!("{column}[1]::text::{}", to.native_type),
        (true, true) => format!("{column}::text[]::{}", to.native_type),
        (false, false) if is_enum(from) || is_enum(to) => format!("{column}::text::{}", to.native_type),
        // Only `integer` has casts from and to `boolean`.
        (false, false)
            if (from.family == Family::Boolean) != (to.family == Family::Boolean)
                && has_cast(&from.family, &to.family) =>
        {
            format!("{column}::integer::{}", to.native_type)
        }
        (false, false) if has_cast(&from.family, &to.family) => format!("{column}::{}", to.native_type),
        (false, false) => format!("{column}::text::{}", to.native_type),
    }
}

/// The types of enums are the only ones whose names are quoted.
pub(super) fn is_enum(column: &Column) -> bool {
    column.native_type.contains('"')
}

/// Returns whether PostgreSQL converts values of one type to the other, by `pg_cast`.
fn has_cast(from: &Family, to: &Family) -> bool {
    use Family::{BigInt, Boolean, Decimal, Float, Int};
    from == to
        || matches!((from, to), (Int | BigInt | Float | Decimal, Int | BigInt | Float | Decimal))
        || matches!((from, to), (Boolean, Int) | (Int, Boolean))
}

/// Has a sequence number the rows of a column, from behind the highest number that is there.
fn number(table: &Table, change: &ColumnChange) -> Vec<String> {
    let column = identifier(&change.to.name);
    let sequence = qualified(table.namespace.as_deref(), &format!("{}_{}_seq", table.name, change.to.name));
    let name = name(table);
    vec![
        format!("CREATE SEQUENCE {sequence} AS {}", change.to.native_type),
        format!("ALTER TABLE {name} ALTER COLUMN {column} SET DEFAULT nextval({})", string(&sequence)),
        format!("ALTER SEQUENCE {sequence} OWNED BY {name}.{column}"),
        format!("SELECT setval({}, greatest(coalesce(max({column}), 0) + 1, 1), false) FROM {name}", string(&sequence)),
    ]
}

/// Takes the numbering from a column, or gives its sequence the new type.
fn renumber(table: &str, column: &str, change: &ColumnChange) -> Vec<String> {
    let ColumnChange { from, to, .. } = change;
    if !from.autoincrement {
        return Vec::new();
    }
    let alter = format!("ALTER TABLE {table} ALTER COLUMN {column}");
    match (from.kept == IDENTITY, to.autoincrement) {
        // Its sequence changes with the column.
        (true, true) => Vec::new(),
        (true, false) => vec![format!("{alter} DROP IDENTITY")],
        (false, true) if change.ty && !from.kept.is_empty() => {
            vec![format!("ALTER SEQUENCE {} AS {}", from.kept, to.native_type)]
        }
        (false, true) => Vec::new(),
        // A sequence of its own stays: others may use it.
        (false, false) if from.kept.is_empty() => vec![format!("{alter} DROP DEFAULT")],
        (false, false) => vec![format!("{alter} DROP DEFAULT"), format!("DROP SEQUENCE {}", from.kept)],
    }
}

fn exchange_columns(table: &Table) -> Vec<String> {
    let rename = |from: &str, to: &str| format!("ALTER TABLE {} RENAME COLUMN \"{from}\" TO \"{to}\"", name(table));
    vec![rename("A", "_A"), rename("B", "A"), rename("_A", "B")]
}

pub(super) fn create_extension(extension: &Extension) -> String {
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
    let mut parts: Vec<String> = table.columns.iter().map(column_definition).collect();
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

pub(super) fn column_definition(column: &Column) -> String {
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
    let default = default(&column.default).map(|default| format!(" DEFAULT {default}")).unwrap_or_default();
    format!("{} {ty}{null}{default}", identifier(&column.name))
}

/// The SQL text of a default.
pub(super) fn default(default: &Default) -> Option<String> {
    match default {
        Default::None | Default::Unmanaged => None,
        Default::Constant(text) | Default::Expression(text) => Some(text.clone()),
        Default::Now => Some("CURRENT_TIMESTAMP".to_owned()),
    }
}

pub(super) fn create_index(table: &Table, index: &Index) -> String {
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
    if !key.kept.is_empty() {
        let (name, constraint) = (name(table), constraint(key.name.as_deref()));
        return format!("ALTER TABLE {name} ADD {constraint}{}", key.kept);
    }
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

fn identifiers(names: &[String], separator: &str) -> String {
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(separator)
}
