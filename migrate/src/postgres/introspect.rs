//! Reads a database into its picture.
//!
//! What belongs to an extension is not in it, nor is the table of the history. Texts are as the server prints them.

use std::collections::HashMap;

use super::render::IDENTITY;
use super::session::{Row, Session};
use super::spelling::without_casts;
use crate::Error;
use crate::database::{
    Action, Check, Column, DatabaseSchema, Default, EnumType, Extension, Family, ForeignKey, Index, IndexColumn, Kept,
    Object, Origin, Table,
};
use crate::sql::{qualified, string};
use purlin_schema::model::Provider;
use purlin_schema::naming;

/// Which of the database's own schemas are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'a> {
    /// The one in which a name without a schema is found; its name is left out of the picture.
    Default,
    /// Those of the datasource.
    Named(&'a [String]),
    /// The one of the temporary tables of the connection.
    Temporary,
}

impl Scope<'_> {
    /// A condition for the rows of `pg_namespace` as `n`.
    pub(super) fn condition(self) -> String {
        match self {
            Self::Default => "n.nspname = current_schema()".to_owned(),
            Self::Named(names) => {
                let names: Vec<String> = names.iter().map(|name| string(name)).collect();
                format!("n.nspname IN ({})", names.join(", "))
            }
            Self::Temporary => "n.oid = pg_my_temp_schema()".to_owned(),
        }
    }

    /// The namespace that the picture has for one of the database.
    fn shown(self, name: &str) -> Option<String> {
        matches!(self, Self::Named(_)).then(|| name.to_owned())
    }
}

/// A table by its schema and its name.
type Key = (String, String);

pub(super) fn introspect(session: &Session, scope: Scope<'_>) -> Result<DatabaseSchema, Error> {
    let within = scope.condition();
    let [namespaces, extensions, enums, tables, columns, constraints, indexes, triggers, views, default] = session
        .each([
            &format!("SELECT n.nspname FROM pg_namespace n WHERE {within} ORDER BY 1"),
            "SELECT e.extname, e.extversion, n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
             ORDER BY 1",
            &format!(
                "SELECT n.nspname, t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid \
                 JOIN pg_namespace n ON n.oid = t.typnamespace WHERE {within} AND {} \
                 ORDER BY 1, 2, e.enumsortorder",
                not_of_extension("pg_type", "t.oid")
            ),
            &format!("SELECT n.nspname, c.relname FROM {TABLES} WHERE {within} AND {} ORDER BY 1, 2", is_table()),
            &columns_query(&within),
            &constraints_query(&within),
            &indexes_query(&within),
            &format!(
                "SELECT n.nspname, c.relname, t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t \
                 JOIN {TABLES_OF} ON c.oid = t.tgrelid {JOIN_NAMESPACE} WHERE {within} AND NOT t.tgisinternal ORDER BY 1, 2, 3"
            ),
            &format!(
                "SELECT n.nspname, c.relname, pg_get_viewdef(c.oid) FROM {TABLES} WHERE {within} AND c.relkind IN ('v', 'm') \
                 AND {} ORDER BY 1, 2",
                not_of_extension("pg_class", "c.oid")
            ),
            "SELECT current_schema()",
        ])?;
    let default = default.first().map(|row| row.owned(0)).unwrap_or_default();
    let mut found = Tables { scope, default, tables: Vec::new(), places: HashMap::new() };
    for row in &tables {
        found.add(row);
    }
    for row in &columns {
        found.column(row);
    }
    for row in &constraints {
        found.constraint(row);
    }
    found.indexes(&indexes);
    for row in &triggers {
        if let Some(table) = found.get(row) {
            table.kept.triggers.push(Object { name: row.owned(2), sql: row.owned(3) });
        }
    }
    Ok(DatabaseSchema {
        namespaces: namespaces.iter().filter_map(|row| scope.shown(row.text(0))).collect(),
        extensions: extensions
            .iter()
            .map(|row| Extension { name: row.owned(0), version: Some(row.owned(1)), namespace: Some(row.owned(2)) })
            .collect(),
        enums: enum_types(scope, &enums),
        tables: found.tables,
        views: views.iter().map(|row| Object { name: row.owned(1), sql: row.owned(2) }).collect(),
        spelled: Vec::new(),
    })
}

const JOIN_NAMESPACE: &str = "JOIN pg_namespace n ON n.oid = c.relnamespace";
const TABLES_OF: &str = "pg_class c";
const TABLES: &str = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace";

/// Ordinary and partitioned tables. A partition is a part of its table.
fn is_table() -> String {
    format!(
        "c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> '_prisma_migrations' AND {}",
        not_of_extension("pg_class", "c.oid")
    )
}

fn not_of_extension(catalog: &str, id: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = '{catalog}'::regclass AND x.objid = {id} \
         AND x.deptype = 'e')"
    )
}

/// Columns with their types, the enum that a type or its elements are of, and what fills them.
fn columns_query(within: &str) -> String {
    format!(
        "SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), b.typname, \
         CASE WHEN b.typtype = 'e' THEN bn.nspname END, a.atttypid <> b.oid, a.attnotnull, a.attidentity <> '', \
         a.attgenerated <> '', pg_get_expr(d.adbin, d.adrelid), \
         pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname)::regclass::text \
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid {JOIN_NAMESPACE} \
         JOIN pg_type t ON t.oid = a.atttypid \
         JOIN pg_type b ON b.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END \
         JOIN pg_namespace bn ON bn.oid = b.typnamespace \
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         WHERE {within} AND {} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2, a.attnum",
        is_table()
    )
}

/// Primary keys, foreign keys, checks and exclusions, a row for each of their columns.
fn constraints_query(within: &str) -> String {
    format!(
        "SELECT n.nspname, c.relname, k.conname, k.contype, k.confdeltype, k.confupdtype, fn.nspname, fc.relname, \
         a.attname, fa.attname, CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END, \
         CASE WHEN k.condeferrable OR k.confmatchtype = 'f' OR NOT k.convalidated THEN pg_get_constraintdef(k.oid) END, \
         pg_get_constraintdef(k.oid) \
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid {JOIN_NAMESPACE} \
         LEFT JOIN pg_class fc ON fc.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = fc.relnamespace \
         LEFT JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY u(own, other, place) ON k.contype IN ('p', 'f') \
         LEFT JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.own \
         LEFT JOIN pg_attribute fa ON fa.attrelid = k.confrelid AND fa.attnum = u.other \
         WHERE {within} AND {} AND k.contype IN ('p', 'f', 'c', 'x') AND k.conparentid = 0 ORDER BY 1, 2, 3, u.place",
        is_table()
    )
}

/// Indexes other than those of primary keys and exclusions, a row for each of their columns.
fn indexes_query(within: &str) -> String {
    format!(
        "SELECT n.nspname, c.relname, ic.relname, am.amname, i.indisunique, k.oid IS NOT NULL, \
         pg_get_expr(i.indpred, i.indrelid), i.indkey[p.n - 1] = 0, \
         CASE WHEN i.indkey[p.n - 1] = 0 THEN pg_get_indexdef(i.indexrelid, p.n, true) ELSE a.attname END, \
         CASE WHEN NOT o.opcdefault THEN o.opcname END, \
         i.indoption[p.n - 1] & 1 = 1, i.indoption[p.n - 1] & 2 = 2, \
         i.indnatts > i.indnkeyatts OR NOT i.indisvalid OR ic.reloptions IS NOT NULL OR \
         (i.indcollation[p.n - 1] <> 0 AND i.indkey[p.n - 1] <> 0 AND i.indcollation[p.n - 1] <> a.attcollation), \
         pg_get_indexdef(i.indexrelid) \
         FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid {JOIN_NAMESPACE} \
         JOIN pg_am am ON am.oid = ic.relam CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) p(n) \
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[p.n - 1] \
         LEFT JOIN pg_opclass o ON o.oid = i.indclass[p.n - 1] \
         LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'u' \
         WHERE {within} AND {} AND NOT i.indisprimary AND NOT i.indisexclusion ORDER BY 1, 2, 3, p.n",
        is_table()
    )
}

fn enum_types(scope: Scope<'_>, rows: &[Row]) -> Vec<EnumType> {
    let mut types: Vec<EnumType> = Vec::new();
    for row in rows {
        let (namespace, name) = (scope.shown(row.text(0)), row.text(1));
        match types.last_mut().filter(|last| last.name == name && last.namespace == namespace) {
            Some(last) => last.values.push(row.owned(2)),
            None => types.push(EnumType { namespace, name: name.to_owned(), values: vec![row.owned(2)] }),
        }
    }
    types
}

/// The tables found so far.
struct Tables<'a> {
    scope: Scope<'a>,
    /// The name of the schema in which a name without one is found.
    default: String,
    tables: Vec<Table>,
    places: HashMap<Key, usize>,
}

impl Tables<'_> {
    fn add(&mut self, row: &Row) {
        self.places.insert((row.owned(0), row.owned(1)), self.tables.len());
        self.tables.push(Table { namespace: self.scope.shown(row.text(0)), name: row.owned(1), ..Table::default() });
    }

    /// The table that a row begins with.
    fn get(&mut self, row: &Row) -> Option<&mut Table> {
        let place = self.places.get(&(row.owned(0), row.owned(1)))?;
        self.tables.get_mut(*place)
    }

    /// The namespace that the picture has for one: none for the default one, unless all are named.
    fn namespace(&self, name: &str) -> Option<String> {
        self.scope.shown(name).or_else(|| (name != self.default).then(|| name.to_owned()))
    }

    fn column(&mut self, row: &Row) {
        let is_list = row.flag(6);
        let native_type = match row.optional(5) {
            Some(namespace) => {
                let name = qualified(self.namespace(namespace).as_deref(), row.text(4));
                format!("{name}{}", if is_list { "[]" } else { "" })
            }
            None => row.owned(3),
        };
        let is_enum = row.optional(5).is_some();
        let expression = row.optional(10);
        // Whoever owns the sequence: two tables may share one.
        let is_numbered = row.flag(8) || expression.is_some_and(|text| text.starts_with("nextval("));
        let name = row.owned(2);
        let column = Column {
            generated: row.flag(9).then(|| {
                let expression = expression.unwrap_or_default();
                format!("{} {native_type} GENERATED ALWAYS AS ({expression}) STORED", crate::sql::identifier(&name))
            }),
            name,
            // To the clients a list is never null, and the schema cannot say whether it may be.
            nullable: is_list || !row.flag(7),
            default: match expression {
                Some(text) if !is_numbered && !row.flag(9) => default(text, is_enum),
                _ => Default::None,
            },
            autoincrement: is_numbered,
            family: if is_enum { Family::String } else { family(row.text(4)) },
            kept: if row.flag(8) { IDENTITY.to_owned() } else { row.owned(11) },
            allowed: None,
            native_type,
        };
        if let Some(table) = self.get(row) {
            table.columns.push(column);
        }
    }

    fn constraint(&mut self, row: &Row) {
        let namespace = row.optional(6).and_then(|name| self.namespace(name));
        // A key to a table of another schema is none that the datasource could say.
        let leads_out = match self.scope {
            Scope::Named(names) => row.optional(6).is_some_and(|name| !names.iter().any(|known| known == name)),
            Scope::Default | Scope::Temporary => namespace.is_some(),
        };
        let Some(table) = self.get(row) else { return };
        let name = row.owned(2);
        match row.text(3) {
            "p" => {
                table.primary_key.push(row.owned(8));
                table.primary_key_name = Some(name);
            }
            "f" if leads_out => {
                let constraint = format!("CONSTRAINT {} {}", crate::sql::identifier(&name), row.text(12));
                if !table.kept.constraints.contains(&constraint) {
                    table.kept.constraints.push(constraint);
                }
            }
            "f" => {
                let is_next = |key: &&mut ForeignKey| key.name.as_deref() == Some(row.text(2));
                if let Some(key) = table.foreign_keys.last_mut().filter(is_next) {
                    key.columns.push(row.owned(8));
                    key.references.push(row.owned(9));
                    return;
                }
                table.foreign_keys.push(ForeignKey {
                    name: Some(name),
                    columns: vec![row.owned(8)],
                    namespace,
                    table: row.owned(7),
                    references: vec![row.owned(9)],
                    on_delete: action(row.text(4)),
                    on_update: action(row.text(5)),
                    kept: row.owned(11),
                });
            }
            "c" => table.checks.push(Check { name: Some(name), expression: row.owned(10) }),
            _ => table.kept.constraints.push(row.owned(12)),
        }
    }

    fn indexes(&mut self, rows: &[Row]) {
        let same = |a: &&Row, b: &&Row| (a.text(0), a.text(1), a.text(2)) == (b.text(0), b.text(1), b.text(2));
        let all: Vec<&Row> = rows.iter().collect();
        for rows in all.chunk_by(same) {
            let Some(first) = rows.first() else { continue };
            let Some(table) = self.get(first) else { continue };
            let (name, method) = (first.owned(2), method(first.text(3)));
            // What no schema can say is kept as it is: other columns in the leaves, another order of nulls, options.
            let is_unsayable = rows.iter().any(|row| row.flag(12) || row.flag(10) != row.flag(11));
            if is_unsayable || (method.is_none() && first.text(3) != "btree") {
                let Kept { indexes, .. } = &mut table.kept;
                indexes.push(Object { name, sql: first.owned(13) });
                continue;
            }
            let columns: Vec<IndexColumn> = rows
                .iter()
                .map(|row| IndexColumn {
                    name: row.owned(8),
                    is_expression: row.flag(7),
                    descending: row.flag(10),
                    operator_class: row.optional(9).map(str::to_owned),
                })
                .collect();
            let unique = first.flag(4);
            let origin = origin(&table.name, &name, &columns, unique);
            table.indexes.push(Index {
                name,
                columns,
                method,
                predicate: first.optional(6).map(str::to_owned),
                unique,
                origin,
                is_constraint: first.flag(5),
            });
        }
    }
}

/// Where the name of an index comes from.
fn origin(table: &str, name: &str, columns: &[IndexColumn], unique: bool) -> Origin {
    let names: Vec<&str> =
        columns.iter().map(|part| if part.is_expression { naming::EXPRESSION } else { part.name.as_str() }).collect();
    let conventional = if unique {
        naming::unique(Provider::Postgres, table, &names)
    } else {
        naming::index(Provider::Postgres, table, &names)
    };
    // That of a join table has a suffix of its own.
    if name == conventional || name == format!("{table}_B_index") { Origin::Convention } else { Origin::Named }
}

fn method(name: &str) -> Option<&'static str> {
    Some(match name {
        "hash" => "HASH",
        "gist" => "GIST",
        "gin" => "GIN",
        "spgist" => "SPGIST",
        "brin" => "BRIN",
        _ => return None,
    })
}

fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// A default as the server prints it.
pub(super) fn default(text: &str, is_enum: bool) -> Default {
    match text {
        "CURRENT_TIMESTAMP" | "now()" => Default::Now,
        text if text == "NULL" || text.starts_with("NULL::") => Default::None,
        text if is_enum => Default::Constant(without_casts(text)),
        text => Default::Expression(text.to_owned()),
    }
}

/// What a type holds, by its name in the catalog.
fn family(name: &str) -> Family {
    match name {
        "bool" => Family::Boolean,
        "int2" | "int4" => Family::Int,
        "int8" => Family::BigInt,
        "float4" | "float8" => Family::Float,
        "numeric" | "money" => Family::Decimal,
        "timestamp" | "timestamptz" | "date" | "time" | "timetz" => Family::DateTime,
        "json" | "jsonb" => Family::Json,
        "bytea" => Family::Bytes,
        "text" | "varchar" | "bpchar" | "uuid" | "citext" | "inet" | "xml" | "bit" | "varbit" => Family::String,
        _ => Family::Other,
    }
}
