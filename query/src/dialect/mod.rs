//! What differs between databases: what each can do, and how it spells a statement.
//!
//! `Capabilities` says what the planner must know. The renderers, one file per database over a common one for the SQL
//! that all of them read, are the only place that writes SQL text.

mod capabilities;
mod mysql;
mod postgres;
mod postgres_type;
mod render;
pub mod sqlite;

pub use postgres_type::{ParameterType, PostgresType};

pub(crate) use capabilities::{Capabilities, Pages, Returning};

use std::ops::Range;

use crate::catalog::{Catalog, Type};
use crate::plan::{Param, Sql};
use crate::statement::Statement;

/// A database's SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.35 and newer
    Sqlite,
    /// PostgreSQL 13 and newer
    Postgres,
    /// MySQL 8.0.16 and newer
    Mysql,
    /// MariaDB 10.7 and newer
    Mariadb,
}

/// A statement as SQL.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// The text.
    pub(crate) sql: Sql,
    /// The parameters, in the order of their places.
    pub(crate) params: Vec<Param>,
    /// The types that they are declared to have, where the database asks for that.
    pub(crate) types: Vec<ParameterType>,
    /// Where the values of a new row are in the text, with their parentheses.
    pub(crate) values: Option<Range<usize>>,
}

impl Dialect {
    /// What the database can do.
    pub(crate) fn capabilities(self) -> &'static Capabilities {
        match self {
            Self::Sqlite => &capabilities::SQLITE,
            Self::Postgres => &capabilities::POSTGRES,
            Self::Mysql => &capabilities::MYSQL,
            Self::Mariadb => &capabilities::MARIADB,
        }
    }

    /// Writes a statement as SQL.
    pub(crate) fn render(self, catalog: &Catalog, statement: &Statement<'_>) -> Rendered {
        match self {
            Self::Sqlite => sqlite::render(statement),
            Self::Postgres => postgres::render(catalog, statement),
            Self::Mysql | Self::Mariadb => mysql::render(self, statement),
        }
    }

    /// A query of whether a column, which has an index, holds a value in a form other than ours; none where values of
    /// its type have one form only.
    pub(crate) fn has_other_forms(self, ty: Type, table: &str, column: &str) -> Option<String> {
        match self {
            Self::Sqlite => sqlite::FormedType::of(ty).map(|ty| ty.has_other_forms(table, column)),
            Self::Postgres | Self::Mysql | Self::Mariadb => None,
        }
    }
}
