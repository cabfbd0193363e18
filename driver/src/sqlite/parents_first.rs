//! The order in which rows of one `createMany` that refer to each other can be written one by one. SQLite looks at foreign
//! keys after each statement; Prisma writes all rows with one.

use purlin_query::catalog::{Catalog, FieldIndex, FieldKind, ModelIndex};
use purlin_query::dialect::sqlite::identifier;
use purlin_query::value::Value;
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::error::{Broken, Place, foreign_key_refused};
use super::execute::{Stopped, stopped};
use crate::error::Error;

/// A row of `createMany`.
#[derive(Clone, Copy)]
pub(super) struct Row<'v> {
    /// The columns of its values.
    pub(super) fields: &'v [FieldIndex],
    pub(super) values: &'v [Value],
}

/// A foreign key of a model that refers to rows of the same model.
struct SelfReference<'c> {
    from: &'c [FieldIndex],
    to: &'c [FieldIndex],
}

/// A row in its place of the order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    /// Its index among the rows.
    pub(super) index: usize,
    /// Whether it refers to a row after it: they refer to each other in a circle.
    pub(super) closes_circle: bool,
}

/// The rows in an order in which each comes after those that it refers to, and else as they are. None where they have this
/// order already.
pub(super) fn parents_first(catalog: &Catalog, model: ModelIndex, rows: &[Row<'_>]) -> Option<Vec<Placed>> {
    let references = self_references(catalog, model);
    let mut by_key = FxHashMap::default();
    for (index, row) in rows.iter().enumerate() {
        for (number, reference) in references.iter().enumerate() {
            if let Some(key) = key(row, reference.to) {
                by_key.insert((number, key), index);
            }
        }
    }
    let parents = |index: usize| -> Vec<usize> {
        let Some(row) = rows.get(index) else { return Vec::new() };
        let parents = references.iter().enumerate().filter_map(|(number, reference)| {
            by_key.get(&(number, key(row, reference.from)?)).copied().filter(|parent| *parent != index)
        });
        parents.collect()
    };

    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Unseen,
        Entered,
        Done,
    }
    let mut states = vec![State::Unseen; rows.len()];
    let mut order = Vec::with_capacity(rows.len());
    // Not by recursion: a chain may be as long as the list.
    let mut entered: Vec<(Placed, Vec<usize>)> = Vec::new();
    for first in 0..rows.len() {
        let mut next = Some(first);
        loop {
            if let Some(index) = next.take() {
                let state = states.get_mut(index)?;
                match state {
                    State::Done => {}
                    State::Entered => {
                        if let Some((child, _)) = entered.last_mut() {
                            child.closes_circle = true;
                        }
                    }
                    State::Unseen => {
                        *state = State::Entered;
                        entered.push((Placed { index, closes_circle: false }, parents(index)));
                    }
                }
            }
            let Some((row, left)) = entered.last_mut() else { break };
            next = left.pop();
            if next.is_none() {
                *states.get_mut(row.index)? = State::Done;
                order.push(*row);
                entered.pop();
            }
        }
    }
    let is_new = order.iter().enumerate().any(|(place, row)| row.index != place || row.closes_circle);
    is_new.then_some(order)
}

/// The names by which SQLite knows the number of a row. A column of the table may have one of them for itself.
const ROW_NUMBERS: [&str; 3] = ["_rowid_", "rowid", "oid"];

/// How the rows of a model are found by their numbers; none where rows that refer to each other in a circle cannot be
/// looked at: in tables without numbers, in views, and where triggers write what nobody would look at.
pub(super) fn row_number(
    connection: &Connection,
    catalog: &Catalog,
    model: ModelIndex,
) -> Result<Option<&'static str>, Stopped> {
    let table = catalog.model(model).map_or("", |model| &model.table);
    let sql =
        "SELECT EXISTS (SELECT 1 FROM pragma_table_list WHERE name = ?1 COLLATE NOCASE AND type = 'table' AND NOT wr)
        AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE)";
    let failed = |error: rusqlite::Error| stopped(&error, Some(&Place { catalog, model }));
    if !connection.query_row(sql, [table], |row| row.get(0)).map_err(failed)? {
        return Ok(None);
    }
    let mut columns = connection.prepare("SELECT lower(name) FROM pragma_table_xinfo(?)").map_err(failed)?;
    let columns = columns.query_map([table], |row| row.get::<_, String>(0)).map_err(failed)?;
    let columns = columns.collect::<rusqlite::Result<Vec<_>>>().map_err(failed)?;
    Ok(ROW_NUMBERS.into_iter().find(|name| columns.iter().all(|column| column != name)))
}

/// The error where a foreign key of one of the rows of these `numbers` leads nowhere, which were written while SQLite did
/// not look. `name` is what [`row_number`] returns.
pub(super) fn broken_foreign_key(
    connection: &Connection,
    catalog: &Catalog,
    model: ModelIndex,
    name: &str,
    numbers: &[i64],
) -> Result<Option<Error>, Stopped> {
    let Some(table) = catalog.model(model) else { return Ok(None) };
    let failed = |error: rusqlite::Error| stopped(&error, Some(&Place { catalog, model }));
    let quoted = |name: &str| {
        let mut quoted = String::new();
        identifier(&mut quoted, name);
        quoted
    };
    // A foreign key may leave out the columns that it refers to: those of the primary key.
    let sql = r#"SELECT id, "table", "from", COALESCE("to", (SELECT name FROM pragma_table_info("table") WHERE pk = seq + 1))
        FROM pragma_foreign_key_list(?) ORDER BY id, seq"#;
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let links = statement
        .query_map([&*table.table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .and_then(Iterator::collect::<rusqlite::Result<Vec<(i64, String, String, String)>>>)
        .map_err(failed)?;
    for links in links.chunk_by(|one, other| one.0 == other.0) {
        let Some((_, parent, ..)) = links.first() else { continue };
        let given: Vec<String> = links.iter().map(|(_, _, from, _)| format!("c.{} NOT NULL", quoted(from))).collect();
        let equal: Vec<String> =
            links.iter().map(|(_, _, from, to)| format!("p.{} = c.{}", quoted(to), quoted(from))).collect();
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM {} AS c WHERE c.{name} = ? AND {} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {}))",
            quoted(&table.table),
            given.join(" AND "),
            quoted(parent),
            equal.join(" AND ")
        );
        let mut is_broken = connection.prepare(&sql).map_err(failed)?;
        for number in numbers {
            if is_broken.query_row([number], |row| row.get(0)).map_err(failed)? {
                return Ok(Some(foreign_key_refused(&table.name, Broken::Reference)));
            }
        }
    }
    Ok(None)
}

/// Whether rows of a model may refer to others of it.
pub(super) fn refers_to_itself(catalog: &Catalog, model: ModelIndex) -> bool {
    !self_references(catalog, model).is_empty()
}

fn self_references(catalog: &Catalog, model: ModelIndex) -> Vec<SelfReference<'_>> {
    let fields = catalog.model(model).map_or(&[][..], |model| &model.fields);
    let references = fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Relation(relation) if relation.holds_key && relation.target == model => {
            Some(SelfReference { from: &relation.from, to: &relation.to })
        }
        _ => None,
    });
    references.collect()
}

/// The values of some columns of a row, as text; none where one is null or left to the database.
fn key(row: &Row<'_>, fields: &[FieldIndex]) -> Option<String> {
    let mut key = String::new();
    for field in fields {
        let place = row.fields.iter().position(|given| given == field)?;
        let value = row.values.get(place).filter(|value| **value != Value::Null)?;
        // Both zeros of a Float are one key.
        match value {
            Value::Float(number) => key += &format!("{:?},", number + 0.0),
            value => key += &format!("{value:?},"),
        }
    }
    Some(key)
}
