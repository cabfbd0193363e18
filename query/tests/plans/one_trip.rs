//! Nested reads as one statement. What it looks like is in the snapshots of PostgreSQL; here is when there is one.

use purlin_query::dialect::Dialect;
use purlin_query::plan::OneTrip;
use purlin_query::{Limits, compile};

use crate::{call, catalog_of};

/// The statement for all levels of a query, where there is one. Parents and children have these fields.
fn one_trip(dialect: Dialect, parent: &str, child: &str, query: &str) -> Option<OneTrip> {
    let provider = if dialect == Dialect::Postgres { "postgresql" } else { "mysql" };
    let schema = format!(
        "datasource db {{
  provider = \"{provider}\"
}}

model Parent {{
  id       Int     @id
  children Child[]
  {parent}
}}

model Child {{
  id       Int    @id
  parentId Int
  parent   Parent @relation(fields: [parentId], references: [id])
  {child}
}}
"
    );
    let catalog = catalog_of(&schema);
    let plan = compile(&catalog, dialect, &call::words(&catalog, query), &Limits::default());
    plan.unwrap_or_else(|error| panic!("{query}: {error}")).one_trip.map(|one_trip| *one_trip)
}

fn fields(count: usize) -> String {
    (0..count).map(|index| format!("f{index} Float\n  ")).collect()
}

#[test]
fn levels_share_the_columns_of_one_type() {
    let parent = "name String @db.VarChar(20)\n  size Int @db.SmallInt";
    let child = "title String @db.VarChar(50)\n  body String\n  weight Int @db.SmallInt";
    let query = "parent.findMany({ select: { name: true, size: true,
        children: { select: { body: true, weight: true, title: true } } } })";
    let one_trip = one_trip(Dialect::Postgres, parent, child, query).expect("one trip");
    // A child's weight stands below a parent's size, and its title below a name: their types are the same. Its body is a text
    // of another type, and so has a column of its own.
    assert_eq!(one_trip.frames, [[1, 2, 3].as_slice(), &[4, 2, 1, 3]]);
    let sql = one_trip.sql.to_string();
    assert!(sql.contains("SELECT 0, c0, c1, c2, NULL::text FROM \"l0\""), "{sql}");
}

#[test]
fn a_read_of_one_level_is_one_statement_already() {
    assert_eq!(one_trip(Dialect::Postgres, "", "", "parent.findMany({ select: { id: true } })"), None);
}

#[test]
fn levels_that_leave_many_columns_unused_are_read_by_themselves() {
    let query = |count: usize| {
        let selected: String = (0..count).map(|index| format!("f{index}: true, ")).collect();
        format!("parent.findMany({{ select: {{ id: true, children: {{ select: {{ {selected} }} }} }} }})")
    };
    // The parent's rows have a place for each of the child's floats and for its foreign key, which is their own id.
    assert!(one_trip(Dialect::Postgres, "", &fields(20), &query(20)).is_some());
    assert_eq!(one_trip(Dialect::Postgres, "", &fields(21), &query(21)), None);
}

#[test]
fn a_level_does_not_hide_a_table_of_its_name() {
    let query = "parent.findMany({ select: { id: true, children: { select: { id: true } } } })";
    let sql = one_trip(Dialect::Postgres, "@@map(\"l0\")", "", query).expect("one trip").sql.to_string();
    assert!(sql.starts_with("WITH \"l0_\" (c0) AS MATERIALIZED (SELECT t0.\"id\" FROM \"l0\" AS t0)"), "{sql}");
}

#[test]
fn databases_that_gain_nothing_by_it_read_a_level_at_a_time() {
    let query = "parent.findMany({ select: { id: true, children: { select: { id: true } } } })";
    for dialect in [Dialect::Mysql, Dialect::Mariadb] {
        assert_eq!(one_trip(dialect, "", "", query), None, "{dialect:?}");
    }
}

#[test]
fn a_write_is_read_back_a_level_at_a_time() {
    let query = "parent.update({ where: { id: $ }, data: { id: $ }, select: { id: true, children: { select: {
        id: true } } } })";
    assert_eq!(one_trip(Dialect::Postgres, "", "", query), None);
}
