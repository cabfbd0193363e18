//! The names that keys, indexes and foreign keys get in the database where the schema gives none.
//!
//! They are built from names in the database, not from names in the schema, and are those that Prisma gives, so that
//! an adopted database needs no renaming.

use crate::model::Provider;

/// The name of a primary key; `None` where the database has no names for them (SQLite) or always the same (MySQL).
pub fn primary_key(provider: Provider, table: &str) -> Option<String> {
    (provider == Provider::Postgres).then(|| name(provider, table, &[], "_pkey"))
}

/// The name of a unique constraint.
pub fn unique(provider: Provider, table: &str, columns: &[&str]) -> String {
    name(provider, table, columns, "_key")
}

/// The name of an index.
pub fn index(provider: Provider, table: &str, columns: &[&str]) -> String {
    name(provider, table, columns, "_idx")
}

/// The word for an expression in the name of an index.
pub const EXPRESSION: &str = "expr";

/// The name of a foreign key; `None` where the database has no names for them (SQLite).
pub fn foreign_key(provider: Provider, table: &str, columns: &[&str]) -> Option<String> {
    (provider != Provider::Sqlite).then(|| name(provider, table, columns, "_fkey"))
}

/// The bytes that a name in the database may have.
pub(crate) fn longest(provider: Provider) -> usize {
    match provider {
        Provider::Postgres => 63,
        Provider::Mysql => 64,
        Provider::Sqlite => 10_000,
    }
}

/// `table_column_column_suffix`, cut before the suffix where the database takes no name as long as that.
fn name(provider: Provider, table: &str, columns: &[&str], suffix: &str) -> String {
    let mut name = table.to_owned();
    for column in columns {
        name.push('_');
        name.push_str(column);
    }
    let end = match provider {
        // Bytes.
        Provider::Postgres => name.floor_char_boundary(63 - suffix.len()),
        // Characters.
        Provider::Mysql => name.char_indices().nth(64 - suffix.len()).map_or(name.len(), |(end, _)| end),
        Provider::Sqlite => name.floor_char_boundary(10_000 - suffix.len()),
    };
    name.truncate(end);
    name.push_str(suffix);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_convention() {
        assert_eq!(unique(Provider::Sqlite, "users", &["email"]), "users_email_key");
        assert_eq!(index(Provider::Mysql, "users", &["a", "b"]), "users_a_b_idx");
        assert_eq!(primary_key(Provider::Postgres, "users").as_deref(), Some("users_pkey"));
        assert_eq!(primary_key(Provider::Mysql, "users"), None);
        assert_eq!(foreign_key(Provider::Sqlite, "users", &["a"]), None);
    }

    #[test]
    fn long_names_keep_their_suffix() {
        let table = "é".repeat(60);
        let on_postgres = unique(Provider::Postgres, &table, &["email"]);
        assert_eq!(on_postgres, format!("{}_key", "é".repeat(29)));
        let on_mysql = unique(Provider::Mysql, &table, &["email"]);
        assert_eq!(on_mysql, format!("{}_key", "é".repeat(60)));
    }
}
