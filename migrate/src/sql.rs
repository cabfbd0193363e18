//! Words of SQL that all databases write alike.

use crate::database::Action;

/// A name.
pub(crate) fn identifier(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    purlin_query::dialect::sqlite::identifier(&mut quoted, name);
    quoted
}

/// A name within one of the database's own schemas.
pub(crate) fn qualified(namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(namespace) => format!("{}.{}", identifier(namespace), identifier(name)),
        None => identifier(name),
    }
}

/// A string. PostgreSQL takes it so where `standard_conforming_strings` is on, as it is since 9.1.
pub(crate) fn string(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A referential action, as it stands behind `ON DELETE`.
pub(crate) fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}
