//! Compares two pictures of a database. Knows no database: what it must know, [`Dialect`] tells.

use std::collections::BTreeSet;

use crate::database::{
    Check, Column, DatabaseSchema, Default, EnumType, Extension, ForeignKey, Index, IndexColumn, Origin, Table,
    same_name,
};

/// What a database knows about its own spellings.
pub trait Dialect {
    /// Returns whether two identifiers name the same thing.
    fn same_name(&self, a: &str, b: &str) -> bool {
        same_name(a, b)
    }
    /// Returns whether a check of a table, as it is, asks the same as one of the schema.
    fn same_check(&self, _table: &Table, from: &Check, to: &Check) -> bool {
        from == to
    }
    /// Returns whether an index of a table, as it is, is built like one of the schema, whatever their names.
    fn same_shape(&self, _table: &Table, from: &Index, to: &Index) -> bool {
        let same_part =
            |(a, b): (&IndexColumn, &IndexColumn)| self.same_name(&a.name, &b.name) && a.descending == b.descending;
        from.unique == to.unique
            && from.columns.len() == to.columns.len()
            && from.columns.iter().zip(&to.columns).all(same_part)
    }
    /// Returns whether a column that has the type of `from`, in the table as it is, already serves as `to`.
    fn same_type(&self, table: &Table, from: &Column, to: &Column) -> bool;
    /// Returns whether the defaults mean the same.
    fn same_default(&self, table: &Table, from: &Column, to: &Column) -> bool;
    /// Returns whether an index of the same shape may keep its other name.
    fn name_differs(&self, from: &Index, to: &Index) -> bool {
        // A name that the schema spells out is wanted; a conventional one is not worth a change. The name of a
        // constraint's own index cannot be changed at all.
        to.origin == Origin::Named && from.origin != Origin::Constraint && !same_name(&from.name, &to.name)
    }
}

/// What the first side owned: only that may be dropped.
#[derive(Debug, Clone, Copy)]
pub enum Ownership<'a> {
    /// No record exists: no table is dropped, and an index only where its name follows the convention.
    Convention,
    /// The generated parts of the migrations made these tables and indexes.
    Recorded(&'a Owned),
}

/// The names of what earlier schemas made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owned {
    /// Tables.
    pub tables: BTreeSet<String>,
    /// Indexes.
    pub indexes: BTreeSet<String>,
    /// Types of enums.
    pub enums: BTreeSet<String>,
}

/// The difference of two pictures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diff {
    /// The database's own schemas that only the second has.
    pub namespaces: Vec<String>,
    /// Extensions that only the second has, or in another version.
    pub extensions: Vec<Extension>,
    /// Types of enums that only the second has.
    pub enums_created: Vec<EnumType>,
    /// Types of enums whose values differ.
    pub enums_altered: Vec<EnumChange>,
    /// Types of enums that only the first has, and owned.
    pub enums_dropped: Vec<EnumType>,
    /// Tables that only the second has.
    pub created: Vec<Table>,
    /// Tables that only the first has, and owned.
    pub dropped: Vec<Table>,
    /// Tables of both that differ.
    pub altered: Vec<Alteration>,
    /// What only the first has and never owned: left alone.
    pub unmodeled: Vec<String>,
}

/// The difference of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumChange {
    /// The type as it is.
    pub from: EnumType,
    /// The type as it shall be.
    pub to: EnumType,
}

/// The difference of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Alteration {
    /// The table as it is.
    pub from: Table,
    /// The table as it shall be.
    pub to: Table,
    /// New columns.
    pub added: Vec<Column>,
    /// Columns that go.
    pub dropped: Vec<Column>,
    /// Columns that change.
    pub changed: Vec<ColumnChange>,
    /// Whether the primary key changes.
    pub primary_key: bool,
    /// New foreign keys.
    pub foreign_keys_added: Vec<ForeignKey>,
    /// Foreign keys that go.
    pub foreign_keys_dropped: Vec<ForeignKey>,
    /// New checks.
    pub checks_added: Vec<Check>,
    /// Checks that go, since others of the same names take their places.
    pub checks_dropped: Vec<Check>,
    /// New indexes.
    pub indexes_added: Vec<Index>,
    /// Indexes that go.
    pub indexes_dropped: Vec<Index>,
    /// What becomes of the rows, where it is a join table.
    pub pairs: Pairs,
}

/// What becomes of the pairs of keys in the table of an implicit many-to-many relation. Which model has the column `A` and
/// which has `B` follows from the names of the models, so that the sides change places when a model is renamed and keeps
/// its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairs {
    /// Each key stays in its column. So do the values of any other table.
    Kept,
    /// `A` gets the keys that were in `B`, and `B` those that were in `A`.
    Exchanged,
    /// A column gets the keys of a model whose keys were in none, so that no pair says anything of the new relation.
    Lost,
}

impl Pairs {
    /// Looks at what the foreign keys of a table refer to. A column without one may have held any keys.
    pub(crate) fn between(from: &Table, to: &Table) -> Self {
        if !to.is_join_table() {
            return Self::Kept;
        }
        let holds = |column: &str, other: &str| match (from.target(column), to.target(other)) {
            (Some(was), Some(is)) => same_name(was.0, is.0) && same_name(was.1, is.1),
            _ => true,
        };
        if holds("A", "A") && holds("B", "B") {
            Self::Kept
        } else if holds("A", "B") && holds("B", "A") {
            Self::Exchanged
        } else {
            Self::Lost
        }
    }

    /// The column of the table as it is whose values a column of its new form gets.
    pub(crate) fn source<'a>(self, from: &'a Table, column: &str) -> Option<&'a Column> {
        from.column(self.source_name(column)?)
    }

    /// The name of that column.
    fn source_name(self, column: &str) -> Option<&str> {
        match self {
            Self::Exchanged if same_name(column, "A") => Some("B"),
            Self::Exchanged if same_name(column, "B") => Some("A"),
            Self::Kept | Self::Exchanged => Some(column),
            Self::Lost => None,
        }
    }
}

/// The difference of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnChange {
    /// The column as it is.
    pub from: Column,
    /// The column as it shall be.
    pub to: Column,
    /// Whether its type changes.
    pub ty: bool,
    /// Whether it becomes required or optional.
    pub nullability: bool,
    /// Whether its default changes.
    pub default: bool,
    /// Whether the database begins, or ceases, to number the rows by it.
    pub autoincrement: bool,
}

impl Diff {
    /// Returns whether the type of a column changes.
    pub(crate) fn retypes(&self, table: &str, column: &str) -> bool {
        let of_table = self.altered.iter().filter(|alteration| same_name(&alteration.from.name, table));
        of_table
            .flat_map(|alteration| &alteration.changed)
            .any(|change| change.ty && same_name(&change.to.name, column))
    }

    /// Returns whether the two are equal in all that counts.
    pub fn is_empty(&self) -> bool {
        self.created.is_empty()
            && self.dropped.is_empty()
            && self.altered.is_empty()
            && self.namespaces.is_empty()
            && self.extensions.is_empty()
            && self.enums_created.is_empty()
            && self.enums_altered.is_empty()
            && self.enums_dropped.is_empty()
    }
}

/// What changes from `from` to `to`.
pub fn diff(from: &DatabaseSchema, to: &DatabaseSchema, ownership: Ownership<'_>, dialect: &dyn Dialect) -> Diff {
    let mut diff = Diff::default();
    let is_missing = |name: &&String| !from.namespaces.iter().any(|other| dialect.same_name(other, name));
    diff.namespaces = to.namespaces.iter().filter(is_missing).cloned().collect();
    diff.extensions = to.extensions.iter().filter(|wanted| !is_installed(from, wanted)).cloned().collect();
    enums(from, to, ownership, dialect, &mut diff);
    let same = |a: &Table, b: &Table| a.namespace == b.namespace && dialect.same_name(&a.name, &b.name);
    for table in &to.tables {
        match from.tables.iter().find(|existing| same(existing, table)) {
            None => diff.created.push(table.clone()),
            Some(existing) => {
                if let Some(alteration) = alteration(existing, table, ownership, dialect, &mut diff.unmodeled) {
                    diff.altered.push(alteration);
                }
            }
        }
    }
    for table in &from.tables {
        if to.tables.iter().any(|wanted| same(table, wanted)) {
            continue;
        }
        if ownership.owns_table(&table.name, dialect) {
            diff.dropped.push(table.clone());
        } else {
            diff.unmodeled.push(format!("table {}", table.shown()));
        }
    }
    diff
}

fn is_installed(from: &DatabaseSchema, wanted: &Extension) -> bool {
    let same_version =
        |found: &Extension| wanted.version.as_ref().is_none_or(|version| found.version.as_ref() == Some(version));
    from.extensions.iter().any(|found| found.name == wanted.name && same_version(found))
}

fn enums(from: &DatabaseSchema, to: &DatabaseSchema, ownership: Ownership<'_>, dialect: &dyn Dialect, diff: &mut Diff) {
    let same = |a: &EnumType, b: &EnumType| a.namespace == b.namespace && dialect.same_name(&a.name, &b.name);
    for wanted in &to.enums {
        match from.enums.iter().find(|existing| same(existing, wanted)) {
            None => diff.enums_created.push(wanted.clone()),
            Some(existing) if existing.values == wanted.values => {}
            Some(existing) => {
                diff.enums_altered.push(EnumChange { from: existing.clone(), to: wanted.clone() });
            }
        }
    }
    for existing in from.enums.iter().filter(|existing| !to.enums.iter().any(|wanted| same(existing, wanted))) {
        if ownership.owns_enum(&existing.name, dialect) {
            diff.enums_dropped.push(existing.clone());
        } else {
            diff.unmodeled.push(format!("enum {}", existing.shown()));
        }
    }
}

impl Ownership<'_> {
    fn owns_table(self, name: &str, dialect: &dyn Dialect) -> bool {
        self.recorded().is_some_and(|owned| holds(&owned.tables, name, dialect))
    }

    fn owns_enum(self, name: &str, dialect: &dyn Dialect) -> bool {
        self.recorded().is_some_and(|owned| holds(&owned.enums, name, dialect))
    }

    fn owns_index(self, index: &Index, dialect: &dyn Dialect) -> bool {
        let recorded = self.recorded().is_some_and(|owned| holds(&owned.indexes, &index.name, dialect));
        recorded || index.origin != Origin::Named
    }

    fn recorded(&self) -> Option<&Owned> {
        match self {
            Self::Convention => None,
            Self::Recorded(owned) => Some(owned),
        }
    }
}

fn holds(names: &BTreeSet<String>, name: &str, dialect: &dyn Dialect) -> bool {
    names.contains(name) || names.iter().any(|known| dialect.same_name(known, name))
}

fn alteration(
    from: &Table,
    to: &Table,
    ownership: Ownership<'_>,
    dialect: &dyn Dialect,
    unmodeled: &mut Vec<String>,
) -> Option<Alteration> {
    let pairs = Pairs::between(from, to);
    let named =
        |table: &'_ Table, name: &str| table.columns.iter().position(|column| dialect.same_name(&column.name, name));
    let mut changed = Vec::new();
    let mut added = Vec::new();
    for column in &to.columns {
        let source = pairs.source_name(&column.name).and_then(|name| named(from, name));
        match source.or_else(|| named(from, &column.name)).and_then(|index| from.columns.get(index)) {
            None => added.push(column.clone()),
            // Its definition is the database's own, whatever the schema says of it.
            Some(existing) if existing.generated.is_some() => {}
            Some(existing) => changed.extend(column_change(from, existing, column, dialect)),
        }
    }
    let mut dropped = Vec::new();
    for column in from.columns.iter().filter(|column| named(to, &column.name).is_none()) {
        if column.generated.is_some() {
            unmodeled.push(format!("generated column {}.\"{}\"", from.shown(), column.name));
        } else {
            dropped.push(column.clone());
        }
    }
    let (checks_added, checks_dropped) = checks(from, to, dialect, unmodeled);
    let (indexes_added, indexes_dropped) = indexes(from, to, &dropped, ownership, dialect, unmodeled);
    let missing = |of: &Table, than: &Table| -> Vec<ForeignKey> {
        let lacks = |key: &&ForeignKey| !than.foreign_keys.iter().any(|other| same_meaning(dialect, other, key));
        of.foreign_keys.iter().filter(lacks).cloned().collect()
    };
    let same_key = from.primary_key.len() == to.primary_key.len()
        && from.primary_key.iter().zip(&to.primary_key).all(|(a, b)| dialect.same_name(a, b));
    let alteration = Alteration {
        added,
        dropped,
        changed,
        primary_key: !same_key,
        foreign_keys_added: missing(to, from),
        foreign_keys_dropped: missing(from, to),
        checks_added,
        checks_dropped,
        indexes_added,
        indexes_dropped,
        pairs,
        from: from.clone(),
        to: to.clone(),
    };
    (!alteration.is_empty()).then_some(alteration)
}

/// Returns whether both keys mean the same, whatever their names.
fn same_meaning(dialect: &dyn Dialect, a: &ForeignKey, b: &ForeignKey) -> bool {
    let same_columns =
        |a: &[String], b: &[String]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| dialect.same_name(a, b));
    a.namespace == b.namespace
        && dialect.same_name(&a.table, &b.table)
        && same_columns(&a.columns, &b.columns)
        && same_columns(&a.references, &b.references)
        && a.on_delete == b.on_delete
        && a.on_update == b.on_update
}

/// The checks that are new, and those of the same names that go for them. Others that only the database has are left alone:
/// nothing records who made them.
fn checks(from: &Table, to: &Table, dialect: &dyn Dialect, unmodeled: &mut Vec<String>) -> (Vec<Check>, Vec<Check>) {
    let is_there = |wanted: &&Check| {
        let named = |found: &Check| {
            wanted
                .name
                .as_ref()
                .is_none_or(|name| found.name.as_ref().is_some_and(|found| dialect.same_name(found, name)))
        };
        from.checks.iter().any(|found| named(found) && dialect.same_check(from, found, wanted))
    };
    let added: Vec<Check> = to.checks.iter().filter(|wanted| !is_there(wanted)).cloned().collect();
    let replaced = |found: &&Check| {
        added.iter().any(|wanted| match (&wanted.name, &found.name) {
            (Some(wanted), Some(found)) => dialect.same_name(wanted, found),
            _ => false,
        })
    };
    let dropped: Vec<Check> = from.checks.iter().filter(replaced).cloned().collect();
    for check in from.checks.iter().filter(|check| !dropped.contains(check)) {
        let is_wanted = to.checks.iter().any(|wanted| dialect.same_check(from, check, wanted));
        if let (false, Some(name)) = (is_wanted, &check.name) {
            unmodeled.push(format!("check \"{name}\" on {}", from.shown()));
        }
    }
    (added, dropped)
}

impl Alteration {
    /// The column of the table as it is whose values a column of its new form gets; none where it is a new one.
    pub(crate) fn source(&self, column: &str) -> Option<&Column> {
        self.pairs.source(&self.from, column)
    }

    /// Returns whether a column of the table as it is goes, or gets another type.
    pub(crate) fn takes_type_from(&self, column: &Column) -> bool {
        self.dropped.contains(column) || self.changed.iter().any(|change| change.ty && change.from == *column)
    }

    /// Returns whether nothing of it is left.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.dropped.is_empty()
            && self.changed.is_empty()
            && !self.primary_key
            && self.foreign_keys_added.is_empty()
            && self.foreign_keys_dropped.is_empty()
            && self.checks_added.is_empty()
            && self.checks_dropped.is_empty()
            && self.indexes_added.is_empty()
            && self.indexes_dropped.is_empty()
    }
}

fn column_change(table: &Table, from: &Column, to: &Column, dialect: &dyn Dialect) -> Option<ColumnChange> {
    let change = ColumnChange {
        ty: !dialect.same_type(table, from, to),
        nullability: from.nullable != to.nullable,
        default: !dialect.same_default(table, from, to),
        // Whoever leaves the default to the database leaves the numbering to it as well.
        autoincrement: from.autoincrement != to.autoincrement && to.default != Default::Unmanaged,
        from: from.clone(),
        to: to.clone(),
    };
    (change.ty || change.nullability || change.default || change.autoincrement).then_some(change)
}

fn indexes(
    from: &Table,
    to: &Table,
    dropped: &[Column],
    ownership: Ownership<'_>,
    dialect: &dyn Dialect,
    unmodeled: &mut Vec<String>,
) -> (Vec<Index>, Vec<Index>) {
    // Each index of the database serves one of the schema: the one of its name first, else one of its shape.
    let mut free: Vec<&Index> = from.indexes.iter().collect();
    let mut missing = Vec::new();
    let mut unnamed = Vec::new();
    for index in &to.indexes {
        match free
            .iter()
            .position(|other| dialect.same_name(&other.name, &index.name) && dialect.same_shape(from, other, index))
        {
            Some(position) => {
                free.remove(position);
            }
            None => unnamed.push(index),
        }
    }
    for index in unnamed {
        match free
            .iter()
            .position(|other| dialect.same_shape(from, other, index) && !dialect.name_differs(other, index))
        {
            Some(position) => {
                free.remove(position);
            }
            None => missing.push(index.clone()),
        }
    }
    let mut gone = Vec::new();
    for index in free {
        let replaced = missing
            .iter()
            .any(|other| dialect.same_name(&other.name, &index.name) || dialect.same_shape(from, index, other));
        let covers = |column: &Column| index.columns.iter().any(|part| dialect.same_name(&part.name, &column.name));
        let loses_column = dropped.iter().any(covers);
        if replaced || loses_column || ownership.owns_index(index, dialect) {
            gone.push(index.clone());
        } else {
            unmodeled.push(format!("index \"{}\" on {}", index.name, from.shown()));
        }
    }
    (missing, gone)
}
