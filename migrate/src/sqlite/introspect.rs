//! Reads a database into its picture.

use purlin_schema::{model::Provider, naming};
use rusqlite::Connection;

use super::{create, forms, render, spelling};
use crate::{
    Error,
    database::{
        Action, Column, DatabaseSchema, Default, ForeignKey, Index, IndexColumn, Kept, Object, Origin, Table, Watched,
        same_name, same_names,
    },
    history::Applied,
};

/// The tables and views of a database, without what belongs to SQLite, to migrations, and to virtual tables.
pub fn introspect(connection: &Connection) -> Result<DatabaseSchema, Error> {
    // Virtual tables keep shadow tables; neither is anything that a schema could have made.
    let mut list = connection.prepare(
        "SELECT l.name, m.sql FROM pragma_table_list l JOIN sqlite_schema m ON m.name = l.name AND m.type = 'table' \
         WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         AND l.name <> '_prisma_migrations' ORDER BY l.name",
    )?;
    let names: Vec<(String, String)> =
        list.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut schema = DatabaseSchema::default();
    for (name, sql) in names {
        schema.tables.push(table(connection, name, &sql)?);
    }
    resolve_references(&mut schema);
    schema.views = objects(connection, "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name", None)?;
    Ok(schema)
}

fn table(connection: &Connection, name: String, sql: &str) -> Result<Table, Error> {
    let text = create::read(sql);
    let mut statement = connection
        .prepare("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1) ORDER BY cid")?;
    let mut rows = statement.query([&name])?;
    let mut columns = Vec::new();
    let mut key: Vec<(i64, String)> = Vec::new();
    while let Some(row) = rows.next()? {
        let column: String = row.get(0)?;
        let native_type: String = row.get(1)?;
        let position: i64 = row.get(4)?;
        let written = text.columns.iter().find(|written| same_name(&written.name, &column));
        if position > 0 {
            key.push((position, column.clone()));
        }
        let generated = written.filter(|written| written.generated).map(|written| written.definition.clone());
        columns.push(Column {
            family: spelling::family(&native_type),
            // A rowid key is never null, whatever the table says.
            nullable: row.get::<_, i64>(2)? == 0 && position == 0,
            default: if generated.is_some() { Default::None } else { spelling::default(row.get(3)?) },
            autoincrement: written.is_some_and(|written| written.autoincrement),
            kept: written.map(|written| written.kept.clone()).unwrap_or_default(),
            generated,
            allowed: None,
            native_type,
            name: column,
        });
    }
    key.sort();
    let (indexes, mut kept_indexes) = indexes(connection, &name)?;
    // A column may still have the index of a type that it had before.
    let candidates: Vec<Watched> = columns
        .iter()
        .flat_map(|column| forms::FAMILIES.map(|family| Watched { column: column.name.clone(), family }))
        .collect();
    let mut watched = Vec::new();
    kept_indexes.retain(|index| {
        let found = candidates.iter().find(|candidate| render::watch(&name, candidate).as_ref() == Some(&index.sql));
        watched.extend(found.cloned());
        found.is_none()
    });
    Ok(Table {
        primary_key: key.into_iter().map(|(_, column)| column).collect(),
        foreign_keys: foreign_keys(connection, &name, &text.foreign_keys)?,
        watched,
        kept: Kept {
            constraints: text.checks,
            options: text.options,
            indexes: kept_indexes,
            triggers: objects(
                connection,
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE ORDER BY name",
                Some(&name),
            )?,
        },
        columns,
        indexes,
        name,
        ..Table::default()
    })
}

fn objects(connection: &Connection, sql: &str, table: Option<&str>) -> Result<Vec<Object>, Error> {
    let mut statement = connection.prepare(sql)?;
    let object = |row: &rusqlite::Row<'_>| Ok(Object { name: row.get(0)?, sql: row.get(1)? });
    let objects = match table {
        Some(table) => statement.query_map([table], object)?.collect::<Result<_, _>>()?,
        None => statement.query_map([], object)?.collect::<Result<_, _>>()?,
    };
    Ok(objects)
}

fn indexes(connection: &Connection, table: &str) -> Result<(Vec<Index>, Vec<Object>), Error> {
    let mut list = connection.prepare(
        "SELECT l.name, l.\"unique\", l.origin, l.partial, m.sql FROM pragma_index_list(?1) l \
         LEFT JOIN sqlite_schema m ON m.type = 'index' AND m.name = l.name WHERE l.origin <> 'pk' ORDER BY l.seq DESC",
    )?;
    let mut parts = connection
        .prepare("SELECT name, \"desc\", coll, cid FROM pragma_index_xinfo(?1) WHERE key = 1 ORDER BY seqno")?;
    let mut plain = Vec::new();
    let mut kept = Vec::new();
    let mut rows = list.query([table])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let origin: String = row.get(2)?;
        let partial: bool = row.get(3)?;
        let sql: Option<String> = row.get(4)?;
        let mut columns = Vec::new();
        let mut expression = false;
        let mut found = parts.query([&name])?;
        while let Some(part) = found.next()? {
            match part.get::<_, Option<String>>(0)? {
                Some(name) => columns.push(IndexColumn { name, descending: part.get(1)?, ..IndexColumn::default() }),
                None => expression = true,
            }
        }
        match sql {
            Some(sql) if partial || expression => kept.push(Object { name, sql }),
            _ => {
                let unique: bool = row.get(1)?;
                let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                let conventional = if unique {
                    naming::unique(Provider::Sqlite, table, &names)
                } else {
                    naming::index(Provider::Sqlite, table, &names)
                };
                let origin = if origin == "u" {
                    Origin::Constraint
                } else if same_name(&name, &conventional) {
                    Origin::Convention
                } else {
                    Origin::Named
                };
                plain.push(Index { name, columns, unique, origin, ..Index::default() });
            }
        }
    }
    Ok((plain, kept))
}

fn foreign_keys(
    connection: &Connection,
    table: &str,
    texts: &[create::ForeignKeyText],
) -> Result<Vec<ForeignKey>, Error> {
    let mut statement = connection.prepare(
        "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete FROM pragma_foreign_key_list(?1) \
         ORDER BY id DESC, seq",
    )?;
    let mut rows = statement.query([table])?;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let column: String = row.get(2)?;
        let reference: Option<String> = row.get(3)?;
        if keys.last().is_none_or(|(last, _)| *last != id) {
            let key = ForeignKey {
                name: None,
                columns: Vec::new(),
                table: row.get(1)?,
                references: Vec::new(),
                on_update: action(&row.get::<_, String>(4)?),
                on_delete: action(&row.get::<_, String>(5)?),
                ..ForeignKey::default()
            };
            keys.push((id, key));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(column);
            key.references.extend(reference);
        }
    }
    let mut keys: Vec<ForeignKey> = keys.into_iter().map(|(_, key)| key).collect();
    for key in &mut keys {
        if let Some(text) = texts.iter().find(|text| same_names(&text.columns, &key.columns)) {
            key.name.clone_from(&text.name);
            key.kept.clone_from(&text.kept);
        }
    }
    Ok(keys)
}

/// `REFERENCES "User"` without columns means its primary key.
fn resolve_references(schema: &mut DatabaseSchema) {
    let keys: Vec<(String, Vec<String>)> =
        schema.tables.iter().map(|table| (table.name.clone(), table.primary_key.clone())).collect();
    let implicit =
        schema.tables.iter_mut().flat_map(|table| &mut table.foreign_keys).filter(|key| key.references.is_empty());
    for key in implicit {
        if let Some((_, columns)) = keys.iter().find(|(name, _)| same_name(name, &key.table)) {
            key.references.clone_from(columns);
        }
    }
}

fn action(text: &str) -> Action {
    match text {
        "CASCADE" => Action::Cascade,
        "RESTRICT" => Action::Restrict,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// The rows of the history, oldest first.
pub(crate) fn history(connection: &Connection) -> Result<Option<Vec<Applied>>, Error> {
    let exists = connection
        .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_prisma_migrations'")?
        .exists([])?;
    if !exists {
        return Ok(None);
    }
    let mut statement = connection.prepare(
        "SELECT migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL \
         FROM \"_prisma_migrations\" ORDER BY rowid",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Applied { name: row.get(0)?, checksum: row.get(1)?, finished: row.get(2)?, rolled_back: row.get(3)? })
    })?;
    Ok(Some(rows.collect::<Result<_, _>>()?))
}
