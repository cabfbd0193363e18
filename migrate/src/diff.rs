//! Compares two pictures of a database. Knows no database: what it must know, [`Dialect`] tells.

use std::collections::BTreeSet;

use crate::database::{Column, DatabaseSchema, ForeignKey, Index, Origin, Table, same_name, same_names};

/// What a database knows about its own spellings.
pub trait Dialect {
    /// Returns whether a column that has the type of `from`, in the table as it is, already serves as `to`.
    fn same_type(&self, table: &Table, from: &Column, to: &Column) -> bool;
    /// Returns whether the defaults mean the same.
    fn same_default(&self, from: &Column, to: &Column) -> bool;
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
    /// Tables, in lower case.
    pub tables: BTreeSet<String>,
    /// Indexes, in lower case.
    pub indexes: BTreeSet<String>,
}

/// The difference of two pictures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diff {
    /// Tables that only the second has.
    pub created: Vec<Table>,
    /// Tables that only the first has, and owned.
    pub dropped: Vec<Table>,
    /// Tables of both that differ.
    pub altered: Vec<Alteration>,
    /// What only the first has and never owned: left alone.
    pub unmodeled: Vec<String>,
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
        match self {
            Self::Kept => from.column(column),
            Self::Exchanged if same_name(column, "A") => from.column("B"),
            Self::Exchanged if same_name(column, "B") => from.column("A"),
            Self::Exchanged => from.column(column),
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
        self.created.is_empty() && self.dropped.is_empty() && self.altered.is_empty()
    }
}

/// What changes from `from` to `to`.
pub fn diff(from: &DatabaseSchema, to: &DatabaseSchema, ownership: Ownership<'_>, dialect: &dyn Dialect) -> Diff {
    let mut diff = Diff::default();
    for table in &to.tables {
        match from.table(&table.name) {
            None => diff.created.push(table.clone()),
            Some(existing) => {
                if let Some(alteration) = alteration(existing, table, ownership, dialect, &mut diff.unmodeled) {
                    diff.altered.push(alteration);
                }
            }
        }
    }
    for table in &from.tables {
        if to.table(&table.name).is_some() {
            continue;
        }
        if ownership.owns_table(&table.name) {
            diff.dropped.push(table.clone());
        } else {
            diff.unmodeled.push(format!("table \"{}\"", table.name));
        }
    }
    diff
}

impl Ownership<'_> {
    fn owns_table(self, name: &str) -> bool {
        match self {
            Self::Convention => false,
            Self::Recorded(owned) => owned.tables.contains(&name.to_ascii_lowercase()),
        }
    }

    fn owns_index(self, index: &Index) -> bool {
        let recorded = match self {
            Self::Convention => false,
            Self::Recorded(owned) => owned.indexes.contains(&index.name.to_ascii_lowercase()),
        };
        recorded || index.origin != Origin::Named
    }
}

fn alteration(
    from: &Table,
    to: &Table,
    ownership: Ownership<'_>,
    dialect: &dyn Dialect,
    unmodeled: &mut Vec<String>,
) -> Option<Alteration> {
    let pairs = Pairs::between(from, to);
    let mut changed = Vec::new();
    let mut added = Vec::new();
    for column in &to.columns {
        match pairs.source(from, &column.name).or_else(|| from.column(&column.name)) {
            None => added.push(column.clone()),
            // Its definition is the database's own, whatever the schema says of it.
            Some(existing) if existing.generated.is_some() => {}
            Some(existing) => changed.extend(column_change(from, existing, column, dialect)),
        }
    }
    let mut dropped = Vec::new();
    for column in from.columns.iter().filter(|column| to.column(&column.name).is_none()) {
        if column.generated.is_some() {
            unmodeled.push(format!("generated column \"{}\".\"{}\"", from.name, column.name));
        } else {
            dropped.push(column.clone());
        }
    }
    let (indexes_added, indexes_dropped) = indexes(from, to, &dropped, ownership, dialect, unmodeled);
    let missing = |of: &Table, than: &Table| -> Vec<ForeignKey> {
        let lacks = |key: &&ForeignKey| !than.foreign_keys.iter().any(|other| other.same_meaning(key));
        of.foreign_keys.iter().filter(lacks).cloned().collect()
    };
    let alteration = Alteration {
        added,
        dropped,
        changed,
        primary_key: !same_names(&from.primary_key, &to.primary_key),
        foreign_keys_added: missing(to, from),
        foreign_keys_dropped: missing(from, to),
        indexes_added,
        indexes_dropped,
        pairs,
        from: from.clone(),
        to: to.clone(),
    };
    (!alteration.is_empty()).then_some(alteration)
}

impl Alteration {
    /// The column of the table as it is whose values a column of its new form gets; none where it is a new one.
    pub(crate) fn source(&self, column: &str) -> Option<&Column> {
        self.pairs.source(&self.from, column)
    }

    /// Returns whether nothing of it is left.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.dropped.is_empty()
            && self.changed.is_empty()
            && !self.primary_key
            && self.foreign_keys_added.is_empty()
            && self.foreign_keys_dropped.is_empty()
            && self.indexes_added.is_empty()
            && self.indexes_dropped.is_empty()
    }
}

fn column_change(table: &Table, from: &Column, to: &Column, dialect: &dyn Dialect) -> Option<ColumnChange> {
    let change = ColumnChange {
        ty: !dialect.same_type(table, from, to),
        nullability: from.nullable != to.nullable,
        default: !dialect.same_default(from, to),
        autoincrement: from.autoincrement != to.autoincrement,
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
        match free.iter().position(|other| same_name(&other.name, &index.name) && other.same_shape(index)) {
            Some(position) => {
                free.remove(position);
            }
            None => unnamed.push(index),
        }
    }
    for index in unnamed {
        match free.iter().position(|other| other.same_shape(index) && !dialect.name_differs(other, index)) {
            Some(position) => {
                free.remove(position);
            }
            None => missing.push(index.clone()),
        }
    }
    let mut gone = Vec::new();
    for index in free {
        let replaced = missing.iter().any(|other| same_name(&other.name, &index.name) || other.same_shape(index));
        let loses_column = dropped.iter().any(|column| index.covers(&column.name));
        if replaced || loses_column || ownership.owns_index(index) {
            gone.push(index.clone());
        } else {
            unmodeled.push(format!("index \"{}\" on \"{}\"", index.name, from.name));
        }
    }
    (missing, gone)
}
