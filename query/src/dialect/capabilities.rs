//! What each database can do.

use crate::catalog::Type;

/// What the planner must know of a database. Each is a fact of the database; how a thing is spelled is the renderer's.
#[derive(Debug)]
pub(crate) struct Capabilities {
    /// The database's name, for messages.
    pub(crate) name: &'static str,
    /// Whether a column of dates or decimals may hold several forms of one value, so that the database itself does not
    /// compare what they mean.
    pub(crate) stores_forms: bool,
    /// Whether a foreign key may compare texts otherwise than the key that it refers to, which decides what it leads to.
    pub(crate) columns_have_collations: bool,
    /// Whether a column takes numbers beyond the range of its type, so that a computed one must be looked at.
    pub(crate) stores_any_number: bool,
    /// What returns the rows that it wrote.
    pub(crate) returning: Returning,
    /// Whether `upsert` inserts its row by a statement that changes the row instead which another client has inserted
    /// meanwhile.
    pub(crate) upserts_on_conflict: bool,
    /// Whether the conditions of a statement that changes a table may read that table.
    pub(crate) reads_changed_table: bool,
    /// How the children of each parent get a page of their own, where an index finds them.
    pub(crate) pages: Pages,
    /// Whether a nested read may be one statement, whose rows tell which level they are of.
    pub(crate) reads_levels_together: bool,
    /// The table that is read to find out whether the database is there, where a connection alone does not tell.
    pub(crate) read_to_connect: Option<&'static str>,
    /// The columns that a statement returns at most.
    pub(crate) columns: usize,
    /// How deep an expression may be.
    pub(crate) expression_depth: Option<usize>,
    /// The number of terms that a statement sorts by at most.
    pub(crate) sort_keys: Option<usize>,
    /// The number of relations that a sort key may lead through: each is a sub-select in the one before.
    pub(crate) sort_path: Option<usize>,
}

/// The statements that return the rows that they wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returning {
    AllWrites,
    /// Updates do not.
    InsertsAndDeletes,
    None,
}

/// How the children of each parent get a page of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pages {
    /// By a statement per parent where an index finds its children, otherwise by one statement.
    PerParent,
    /// By one statement.
    Together,
}

impl Capabilities {
    /// Returns whether a number of this type is looked at when the database computes it.
    pub(crate) fn checks_range(&self, ty: Type) -> bool {
        self.stores_any_number && matches!(ty, Type::Int | Type::BigInt | Type::Float)
    }
}

pub(super) const SQLITE: Capabilities = Capabilities {
    name: "SQLite",
    // It has no type for either: a date is a text or a number, a decimal a text.
    stores_forms: true,
    // PostgreSQL and MySQL make foreign keys only between columns of one collation, as far as equality goes.
    columns_have_collations: true,
    // An integer column holds 64 bits whatever it was declared as, and a float beyond them.
    stores_any_number: true,
    returning: Returning::AllWrites,
    // It could, but nothing is inserted meanwhile: one connection writes at a time.
    upserts_on_conflict: false,
    reads_changed_table: true,
    // Measured: docs/decisions/0001.
    pages: Pages::PerParent,
    // There are no trips to save, and what tells the rows apart would cost 5 to 22 percent.
    reads_levels_together: false,
    // Opening a file reads nothing of it. The list of its tables is at its beginning.
    read_to_connect: Some("sqlite_master"),
    // SQLITE_MAX_COLUMN
    columns: 2_000,
    // SQLITE_MAX_EXPR_DEPTH is 1,000. Some is left to what stands around a condition.
    expression_depth: Some(950),
    // SQLite sorts by at most 2,000 terms. Some are left to the keys that make an order total.
    sort_keys: Some(1_900),
    // More would be an expression that is too deep.
    sort_path: Some(24),
};

pub(super) const POSTGRES: Capabilities = Capabilities {
    name: "PostgreSQL",
    stores_forms: false,
    columns_have_collations: false,
    stores_any_number: false,
    returning: Returning::AllWrites,
    upserts_on_conflict: true,
    reads_changed_table: true,
    // LATERAL finds the page of each parent by its index.
    pages: Pages::Together,
    reads_levels_together: true,
    read_to_connect: None,
    // A target list has at most 1,664 entries.
    columns: 1_664,
    // Its parser takes groups as lists, and bounds what nests by the size of its stack.
    expression_depth: None,
    sort_keys: None,
    sort_path: None,
};

pub(super) const MYSQL: Capabilities = Capabilities {
    name: "MySQL",
    stores_forms: false,
    columns_have_collations: false,
    stores_any_number: false,
    returning: Returning::None,
    // ON DUPLICATE KEY UPDATE changes the row that has any of the keys, which may be another one.
    upserts_on_conflict: false,
    // Error 1093: a table that is changed cannot be read in a sub-select.
    reads_changed_table: false,
    // Window functions, which MariaDB has as well: LATERAL it has not.
    pages: Pages::Together,
    // MySQL drops the order of the parts of a UNION, and MariaDB runs a common table expression again for each that reads it.
    reads_levels_together: false,
    read_to_connect: None,
    // A statement returns at most 4,096 columns.
    columns: 4_096,
    expression_depth: None,
    sort_keys: None,
    sort_path: None,
};

pub(super) const MARIADB: Capabilities = Capabilities {
    name: "MariaDB",
    // Of inserts since 10.5, of deletes since 10.0.
    returning: Returning::InsertsAndDeletes,
    // Since 10.3.2.
    reads_changed_table: true,
    ..MYSQL
};
