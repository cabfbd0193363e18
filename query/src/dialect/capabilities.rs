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
    /// Whether a column takes numbers beyond the range of its type, so that a computed one must be looked at.
    pub(crate) stores_any_number: bool,
    /// The columns that a statement returns at most.
    pub(crate) columns: usize,
    /// How deep an expression may be.
    pub(crate) expression_depth: Option<usize>,
    /// The number of terms that a statement sorts by at most.
    pub(crate) sort_keys: Option<usize>,
    /// The number of relations that a sort key may lead through: each is a sub-select in the one before.
    pub(crate) sort_path: Option<usize>,
}

impl Capabilities {
    /// Whether a number of this type is looked at when the database computes it.
    pub(crate) fn checks_range(&self, ty: Type) -> bool {
        self.stores_any_number && matches!(ty, Type::Int | Type::BigInt | Type::Float)
    }
}

pub(super) const SQLITE: Capabilities = Capabilities {
    name: "SQLite",
    // It has no type for either: a date is a text or a number, a decimal a text.
    stores_forms: true,
    // An integer column holds 64 bits whatever it was declared as, and a float beyond them.
    stores_any_number: true,
    // SQLITE_MAX_COLUMN
    columns: 2_000,
    // SQLITE_MAX_EXPR_DEPTH is 1,000. Some is left to what stands around a condition.
    expression_depth: Some(950),
    // SQLite sorts by at most 2,000 terms. Some are left to the keys that make an order total.
    sort_keys: Some(1_900),
    // More would be an expression that is too deep.
    sort_path: Some(24),
};
