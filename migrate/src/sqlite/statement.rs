//! Reads SQL as SQLite does.

use crate::statement::{self, Syntax};
pub(super) use crate::statement::{Statement, Token, TokenKind};

/// The tokens of a text.
pub(super) fn tokens(sql: &str) -> Vec<Token<'_>> {
    statement::tokens(sql, Syntax::Sqlite)
}

/// The statements of a script.
pub(super) fn statements(script: &str) -> Vec<Statement<'_>> {
    statement::statements(script, Syntax::Sqlite)
}
