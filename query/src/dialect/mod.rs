//! What differs between databases: quoting and the few expressions that each spells its own way.

pub mod sqlite;

use crate::catalog::Type;
use crate::tree::{Arithmetic, Compare};

/// A database's SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.35 and newer
    Sqlite,
}

impl Dialect {
    /// Appends a quoted identifier. The only place where a name becomes SQL.
    pub(crate) fn identifier(self, out: &mut String, name: &str) {
        match self {
            Self::Sqlite => sqlite::identifier(out, name),
        }
    }

    /// The database's name, for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
        }
    }

    /// Appends the name of a table. SQLite has no schemas, so the one of a table is not said.
    pub(crate) fn table(self, out: &mut String, schema: Option<&str>, table: &str) {
        match (self, schema) {
            (Self::Sqlite, _) => sqlite::identifier(out, table),
        }
    }

    /// The function that a computed number of this type passes through with the number that it was computed from, where
    /// the column itself would take any.
    pub(crate) fn range_check(self, ty: Type) -> Option<&'static str> {
        match self {
            Self::Sqlite => sqlite::range_check(ty),
        }
    }

    /// The function that computes with two values of this type, where the operator of SQL does not.
    pub(crate) fn arithmetic(self, ty: Type, operator: Arithmetic) -> Option<&'static str> {
        match self {
            Self::Sqlite => sqlite::arithmetic(ty, operator),
        }
    }

    /// What makes the expression before it sort as its type does, where its bytes do not.
    pub(crate) fn collation(self, ty: Type) -> Option<&'static str> {
        match self {
            Self::Sqlite => sqlite::collation(ty),
        }
    }

    /// The words between which a column of this type is compared by what its values mean, where it may hold several
    /// forms of a value.
    pub(crate) fn by_value(self, ty: Type) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Sqlite => sqlite::by_value(ty),
        }
    }

    /// Appends the value of a column that was stored last, null when the last rows have none.
    pub(crate) fn newest(self, out: &mut String, column: &str, schema: Option<&str>, table: &str) {
        match self {
            Self::Sqlite => {
                out.push_str("(SELECT c FROM (SELECT ");
                self.identifier(out, column);
                out.push_str(" AS c FROM ");
                self.table(out, schema, table);
                out.push_str(" ORDER BY rowid DESC LIMIT 100) WHERE c IS NOT NULL LIMIT 1)");
            }
        }
    }

    /// A query of whether a column, which has an index, holds a value in a form other than ours; none where values of
    /// its type have one form only.
    pub(crate) fn has_other_forms(self, ty: Type, table: &str, column: &str) -> Option<String> {
        match self {
            Self::Sqlite => sqlite::FormedType::of(ty).map(|ty| ty.has_other_forms(table, column)),
        }
    }

    /// The words between which an expression of this type is compared for equality.
    pub(crate) fn normal_form(self, ty: Type) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Sqlite => sqlite::normal_form(ty),
        }
    }

    /// The function that searches a text literally, ASCII letters in either case.
    pub(crate) fn text_search(self, operator: Compare) -> &'static str {
        match self {
            Self::Sqlite => sqlite::text_search(operator),
        }
    }

    /// The table-valued function whose rows are the elements of a bound array.
    pub(crate) fn array(self) -> &'static str {
        match self {
            Self::Sqlite => sqlite::ARRAY_FUNCTION,
        }
    }

    /// The columns that a statement returns at most.
    pub(crate) fn max_columns(self) -> usize {
        match self {
            Self::Sqlite => sqlite::MAX_COLUMNS,
        }
    }

    /// The number of rows that stands for no limit, where an offset needs one.
    pub(crate) fn no_limit(self) -> &'static str {
        match self {
            Self::Sqlite => sqlite::NO_LIMIT,
        }
    }

    /// Begins an insert that leaves an existing row as it is.
    pub(crate) fn insert_ignore(self) -> &'static str {
        match self {
            Self::Sqlite => sqlite::INSERT_IGNORE,
        }
    }
}
