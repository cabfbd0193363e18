//! Writes rows of one `createMany` that refer to each other. SQLite looks at foreign keys after each statement, and each
//! row has its own, while Prisma writes all rows with one. So after a foreign key was refused the rows are written again,
//! either as they were given while the foreign keys are deferred, or in an order in which each comes after those that it
//! refers to.

use purlin_query::catalog::{Catalog, Field, FieldIndex, FieldKind, ModelIndex};
use purlin_query::dialect::sqlite::identifier;
use purlin_query::plan::Collation;
use purlin_query::value::Value;
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::error::{Broken, ErrorContext, foreign_key_refused};
use super::execute::{Scope, Stopped, collation_of, run_sql, stopped};
use crate::error::{Error, Meta};
use crate::execution::GivenRow;

/// A foreign key of a model that refers to rows of the same model.
struct SelfReference<'c> {
    from: &'c [FieldIndex],
    to: &'c [FieldIndex],
    /// How the columns that it refers to compare texts, and so how the two are compared.
    collations: Vec<Collation>,
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
pub(super) fn parents_first(
    connection: &Connection,
    catalog: &Catalog,
    model: ModelIndex,
    rows: &[GivenRow<'_>],
) -> Option<Vec<Placed>> {
    let mut references = self_references(catalog, model);
    for reference in &mut references {
        let collation = |field: &FieldIndex| collation_of(connection, catalog, model, *field);
        reference.collations = reference.to.iter().map(|field| collation(field).unwrap_or(Collation::Binary)).collect();
    }
    let mut by_key = FxHashMap::default();
    for (index, row) in rows.iter().enumerate() {
        for (number, reference) in references.iter().enumerate() {
            if let Some(key) = key(row, reference.to, &reference.collations) {
                by_key.insert((number, key), index);
            }
        }
    }
    let parents = |index: usize| -> Vec<usize> {
        let Some(row) = rows.get(index) else { return Vec::new() };
        let parents = references.iter().enumerate().filter_map(|(number, reference)| {
            by_key
                .get(&(number, key(row, reference.from, &reference.collations)?))
                .copied()
                .filter(|parent| *parent != index)
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

/// The way in which rows are written before those that they refer to: SQLite defers all foreign keys.
///
/// While it does, no statement fails by a foreign key. SQLite counts instead: up for each that leads nowhere, down for each
/// that a new row answers, and `COMMIT` fails unless the count is zero. But `PRAGMA defer_foreign_keys = OFF` sets the count
/// to zero, and with it that of the `DEFERRABLE` foreign keys, whatever they were. What was broken is forgotten then; and
/// when a later row answers it, that counts down what is not in the count any more, and so hides another one that is broken.
/// What keeps a row that leads nowhere from being stored is therefore one of these, and in most cases both:
///
/// - each row is looked at that was written since the first deferred one, by [`broken_foreign_key`]. This holds whatever the
///   count is, and so also beside rows that were broken before, as programs leave them that do not enforce foreign keys.
///   It cannot be done in a table without row numbers and in a view, and does not see what triggers write;
/// - the count, which is kept from the first deferred row to the `COMMIT`. In a transaction of the write's own the deferral
///   stays on until that ends it. In a transaction of the caller it ends with the write, so that the next statement fails by
///   itself again, and the count stays: a `ROLLBACK TO` sets it back to what it was at the `SAVEPOINT`, while a `PRAGMA` is
///   not undone.
///
/// Only where the first is sure to see all may the deferral pause between the rows that need it, which loses the count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deferral {
    /// By which name the rows are found that were written; none where they cannot be looked at.
    row_number: Option<&'static str>,
    /// Whether rows may be written that are not those of the `createMany`, or be removed.
    writes_others: bool,
    /// Whether the database has foreign keys with a count of their own.
    has_deferrable: bool,
    scope: Scope,
}

impl Deferral {
    /// How foreign keys are deferred while rows of a model are written.
    pub(super) fn of(
        connection: &Connection,
        catalog: &Catalog,
        model: ModelIndex,
        scope: Scope,
    ) -> Result<Self, Stopped> {
        let table = catalog.model(model).map_or("", |model| &model.table);
        let failed = |error: rusqlite::Error| stopped(&error, Some(&ErrorContext { catalog, model }));
        let sql = "SELECT
            EXISTS (SELECT 1 FROM pragma_table_list WHERE name = ?1 COLLATE NOCASE AND type = 'table' AND NOT wr),
            EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name = ?1 COLLATE NOCASE AND
              (type = 'trigger' OR type = 'table' AND sql LIKE '%REPLACE%')),
            EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name = ?1 COLLATE NOCASE AND type = 'table' AND sql LIKE '%DEFERRABLE%'),
            EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%DEFERRABLE%')";
        let found: [bool; 4] = connection
            .query_row(sql, [table], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
            .map_err(failed)?;
        let [has_numbers, writes_others, may_be_broken, has_deferrable] = found;
        // A `DEFERRABLE` foreign key may be broken until the caller commits.
        let is_looked_at = has_numbers && (scope == Scope::Own || !may_be_broken);
        let row_number = if is_looked_at { row_number(connection, table).map_err(failed)? } else { None };
        Ok(Self { row_number, writes_others, has_deferrable, scope })
    }

    /// Returns whether whatever is broken is seen before the write ends.
    pub(super) fn ends_in_time(&self) -> bool {
        self.scope == Scope::Own || self.sees_all()
    }

    /// Returns whether the deferral may end after each row that needs it, and begin again.
    pub(super) fn may_pause(&self) -> bool {
        self.sees_all() && !self.has_deferrable
    }

    fn sees_all(&self) -> bool {
        self.row_number.is_some() && !self.writes_others
    }

    pub(super) fn begin(&self, connection: &Connection) -> Result<(), Stopped> {
        run_sql(connection, "PRAGMA defer_foreign_keys = ON")
    }

    /// Ends the deferral and loses the count. What a rollback follows, or a look at all rows, needs none.
    pub(super) fn cut(&self, connection: &Connection) -> Result<(), Stopped> {
        run_sql(connection, "PRAGMA defer_foreign_keys = OFF")
    }

    /// Ends the deferral and keeps the count, in a transaction that goes on.
    pub(super) fn end(&self, connection: &Connection) -> Result<(), Stopped> {
        if self.scope == Scope::Own {
            return Ok(());
        }
        run_sql(connection, "SAVEPOINT purlin_deferral")?;
        self.cut(connection)?;
        run_sql(connection, "ROLLBACK TO purlin_deferral")?;
        run_sql(connection, "RELEASE purlin_deferral")
    }

    /// Fails where a foreign key of one of the rows of these `numbers` leads nowhere.
    pub(super) fn check(
        &self,
        connection: &Connection,
        catalog: &Catalog,
        model: ModelIndex,
        numbers: &[i64],
    ) -> Result<(), Stopped> {
        let Some(name) = self.row_number else { return Ok(()) };
        broken_foreign_key(connection, catalog, model, name, numbers)?
            .map_or(Ok(()), |error| Err(Stopped::Failed(error)))
    }
}

/// The most rows that SQLite may scan while the rows of a `createMany` are written as they were given. As long as a foreign
/// key is broken it looks for the rows that refer to each new one, in whole tables where no index finds them: up to about half
/// a second.
const MOST_SCANNED: usize = 4_000_000;

/// Returns whether few rows are scanned while `rows` are written as they were given.
pub(super) fn are_few_to_scan(connection: &Connection, catalog: &Catalog, model: ModelIndex, rows: usize) -> bool {
    let mut left = MOST_SCANNED / rows.max(1);
    for (index, referring) in catalog.models.iter().enumerate() {
        let refers = |field: &&Field| match &field.kind {
            FieldKind::Relation(relation) => relation.holds_key && relation.target == model,
            _ => false,
        };
        let foreign_keys = referring.fields.iter().filter(refers).count();
        if foreign_keys == 0 {
            continue;
        }
        let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT ?)", quoted(&referring.table));
        let most = i64::try_from(left).unwrap_or(i64::MAX);
        let Ok(found) = connection.query_row(&sql, [most], |row| row.get::<_, i64>(0)) else { return false };
        let written = if index == usize::from(model) { rows } else { 0 };
        let scanned = usize::try_from(found).unwrap_or(usize::MAX).saturating_add(written).saturating_mul(foreign_keys);
        let Some(rest) = left.checked_sub(scanned) else { return false };
        left = rest;
    }
    true
}

/// The name by which the rows of a table are found by their numbers; none where its columns have taken all of them.
fn row_number(connection: &Connection, table: &str) -> rusqlite::Result<Option<&'static str>> {
    let mut columns = connection.prepare("SELECT lower(name) FROM pragma_table_xinfo(?)")?;
    let columns = columns.query_map([table], |row| row.get::<_, String>(0))?;
    let columns = columns.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(ROW_NUMBERS.into_iter().find(|name| columns.iter().all(|column| column != name)))
}

fn quoted(name: &str) -> String {
    let mut quoted = String::new();
    identifier(&mut quoted, name);
    quoted
}

/// The error where a foreign key of one of the rows of these `numbers` leads nowhere, which were written while SQLite did
/// not look. `name` is what [`row_number`] returns.
fn broken_foreign_key(
    connection: &Connection,
    catalog: &Catalog,
    model: ModelIndex,
    name: &str,
    numbers: &[i64],
) -> Result<Option<Error>, Stopped> {
    let Some(table) = catalog.model(model) else { return Ok(None) };
    let failed = |error: rusqlite::Error| stopped(&error, Some(&ErrorContext { catalog, model }));
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
        // Compared as the column of the parent is: by its affinity and its collation.
        let equal: Vec<String> =
            links.iter().map(|(_, _, from, to)| format!("p.{} = +c.{}", quoted(to), quoted(from))).collect();
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
                let model = Meta::Text(table.name.to_string());
                return Ok(Some(foreign_key_refused(&table.name, Broken::Reference).with("modelName", model)));
            }
        }
    }
    Ok(None)
}

/// Returns whether rows of a model may refer to others of it.
pub(super) fn refers_to_itself(catalog: &Catalog, model: ModelIndex) -> bool {
    !self_references(catalog, model).is_empty()
}

fn self_references(catalog: &Catalog, model: ModelIndex) -> Vec<SelfReference<'_>> {
    let fields = catalog.model(model).map_or(&[][..], |model| &model.fields);
    let references = fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Relation(relation) if relation.holds_key && relation.target == model => {
            Some(SelfReference { from: &relation.from, to: &relation.to, collations: Vec::new() })
        }
        _ => None,
    });
    references.collect()
}

/// The values of some columns of a row, as text; none where one is null or left to the database.
fn key(row: &GivenRow<'_>, fields: &[FieldIndex], collations: &[Collation]) -> Option<String> {
    let mut key = String::new();
    for (index, field) in fields.iter().enumerate() {
        let place = row.fields.iter().position(|given| given == field)?;
        let value = row.values.get(place).filter(|value| **value != Value::Null)?;
        match (value, collations.get(index)) {
            // Both zeros of a Float are one key.
            (Value::Float(number), _) => key += &format!("{:?},", number + 0.0),
            (Value::Text(text), Some(Collation::NoCase)) => key += &format!("{:?},", text.to_ascii_lowercase()),
            (Value::Text(text), Some(Collation::RightTrim)) => key += &format!("{:?},", text.trim_end_matches(' ')),
            (value, _) => key += &format!("{value:?},"),
        }
    }
    Some(key)
}
