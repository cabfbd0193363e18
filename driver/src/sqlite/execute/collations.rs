//! How the columns of a database compare texts: which plan finds the rows that a foreign key leads to, and which of them
//! belong to each parent.

use std::sync::Arc;

use purlin_query::catalog::{Catalog, FieldIndex, ModelIndex};
use purlin_query::dialect::Dialect;
use purlin_query::plan::{Collation, FrameColumn, Plan};
use rusqlite::Connection;

use super::{Stopped, stopped};
use crate::error::Error;
use crate::execution::Unmatched;
use crate::prepared::{Collations, Prepared};

/// The collations of the keys that a plan compares with columns that have others, by what the connection knows of the tables.
pub(super) fn differing(connection: &Connection, prepared: &Prepared) -> Collations {
    let mut differing = Collations::new();
    for key in &prepared.plan.text_keys {
        let own = declared(connection, &key.table, &key.column);
        let of_key = collation_of(connection, prepared.catalog(), key.model, key.key);
        if let (Some(own), Some(of_key)) = (own, of_key)
            && own != of_key
        {
            differing.insert(key.clone(), of_key);
        }
    }
    differing
}

/// The plan for these collations, where there are any.
pub(super) fn collated(prepared: &Prepared, differing: &Collations) -> Result<Option<Arc<Plan>>, Error> {
    if differing.is_empty() {
        return Ok(None);
    }
    prepared.collated(Dialect::Sqlite, differing).map(Some)
}

/// Makes the connection look whether other connections have made the tables again since its last statement.
pub(super) fn look_at_schema(connection: &Connection) -> Result<(), Stopped> {
    let looked = connection.prepare_cached("SELECT 1 FROM sqlite_schema LIMIT 1").and_then(|mut statement| {
        let mut rows = statement.raw_query();
        rows.next().map(drop)
    });
    looked.map_err(|error| stopped(&error, None))
}

/// How the database compares the key by which a relation links rows: by the collation of the columns that foreign keys refer
/// to.
pub(super) fn collations_of(connection: &Connection, catalog: &Catalog, unmatched: &Unmatched<'_>) -> Vec<Collation> {
    let (model, field) = unmatched.relation;
    let relation = catalog.model(model).and_then(|model| model.relation(field));
    // The frame of a join table has its column as that of the key that it refers to.
    let child_refers = relation.is_some_and(|relation| !relation.holds_key && relation.through.is_none());
    let columns = if child_refers { &unmatched.parent_columns } else { &unmatched.child_columns };
    let collation = |column: &&FrameColumn| {
        let (model, field) = column.source?;
        collation_of(connection, catalog, model, field)
    };
    columns.iter().map(|column| collation(column).unwrap_or(Collation::Binary)).collect()
}

/// How the database compares the texts of a column, which its table declares.
pub(in crate::sqlite) fn collation_of(
    connection: &Connection,
    catalog: &Catalog,
    model: ModelIndex,
    field: FieldIndex,
) -> Option<Collation> {
    let model = catalog.model(model)?;
    declared(connection, &model.table, &model.column(field)?.name)
}

fn declared(connection: &Connection, table: &str, column: &str) -> Option<Collation> {
    let (_, name, ..) = connection.column_metadata(Some("main"), table, column).ok()?;
    let name = name?.to_bytes();
    Some(match name {
        _ if name.eq_ignore_ascii_case(b"NOCASE") => Collation::NoCase,
        _ if name.eq_ignore_ascii_case(b"RTRIM") => Collation::RightTrim,
        _ => Collation::Binary,
    })
}
