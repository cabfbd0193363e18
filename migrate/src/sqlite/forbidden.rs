//! Says in words why rows do not fit the new form of their table: what no count before the change foresaw, such as a
//! constraint that was written by hand.

use rusqlite::ErrorCode;

use super::{render::identifier, statement::Statement};
use crate::Error;

/// The refusal of a planned statement that the rows forbid; none where something else is wrong with it.
pub(super) fn refusal(statement: &Statement<'_>, error: &rusqlite::Error) -> Option<Error> {
    let rusqlite::Error::SqliteFailure(found, text) = error else { return None };
    if !matches!(found.code, ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) {
        return None;
    }
    let table = subject(statement)?;
    let detail = text.as_deref().and_then(|text| text.split_once("failed: ")).map_or("", |(_, detail)| detail);
    let column = detail.rsplit_once('.').map_or(detail, |(_, column)| column);
    let why = match found.extended_code {
        rusqlite::ffi::SQLITE_CONSTRAINT_CHECK if is_name(detail) => {
            format!("some of its values violate the CHECK constraint {detail}")
        }
        rusqlite::ffi::SQLITE_CONSTRAINT_CHECK => "some of its values violate a CHECK constraint".to_owned(),
        rusqlite::ffi::SQLITE_CONSTRAINT_NOTNULL => {
            format!("its column {} is required, and has nulls", identifier(column))
        }
        rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            let index = detail.strip_prefix("index '").and_then(|name| name.strip_suffix('\''));
            match index {
                Some(index) => format!("some of its rows would have the same key in a unique index ({index})"),
                None => format!("some of its rows would have the same values in a unique index ({})", columns(detail)),
            }
        }
        _ => "one of its values cannot be stored as the type of its column".to_owned(),
    };
    Some(Error::refused(format!("the rows of {} do not fit its new form: {why}", identifier(&table))))
}

/// The table that a statement of a plan is about: the one that rows are copied from, or that gets an index.
fn subject(statement: &Statement<'_>) -> Option<String> {
    let after = |word: &str| {
        let position = statement.tokens.iter().rposition(|token| token.is(word))?;
        statement.tokens.get(position + 1)?.name().map(str::to_owned)
    };
    match statement.tokens.first() {
        Some(first) if first.is("INSERT") => after("FROM"),
        Some(first) if first.is("CREATE") => {
            let position = statement.tokens.iter().position(|token| token.is("ON"))?;
            statement.tokens.get(position + 1)?.name().map(str::to_owned)
        }
        _ => None,
    }
}

/// `new_T.a, new_T.b` as `"a", "b"`.
fn columns(detail: &str) -> String {
    let columns = detail.split(", ").map(|part| part.rsplit_once('.').map_or(part, |(_, column)| column));
    columns.map(identifier).collect::<Vec<_>>().join(", ")
}

/// Returns whether a text is a constraint's name, and not its expression.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_alphanumeric() || character == '_')
}
