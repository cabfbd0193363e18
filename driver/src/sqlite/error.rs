//! SQLite's errors as ours.

use std::borrow::Cow;
use std::path::Path;

use purlin_query::catalog::{Catalog, Field, FieldIndex, FieldKind, Model, ModelIndex, Type};
use purlin_query::plan::WriteKind;
use rusqlite::ffi;

use super::descriptors;
use super::functions::unfit_column;
use crate::error::{Error, ErrorKind, Meta};
use crate::printable::without_quoted;

/// Where an error happened, for its message.
pub(super) struct ErrorContext<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) model: ModelIndex,
}

/// Returns whether a statement was interrupted by its deadline.
pub(super) fn is_interrupt(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted)
}

/// Returns whether a statement does not fit the tables, or cannot be understood. Nothing has happened then.
pub(super) fn is_unfit_sql(error: &rusqlite::Error) -> bool {
    match error {
        // With the place in the text, where SQLite says one.
        rusqlite::Error::SqlInputError { error, .. } => error.code == rusqlite::ErrorCode::Unknown,
        error => error.sqlite_error_code() == Some(rusqlite::ErrorCode::Unknown),
    }
}

pub(super) fn convert(error: &rusqlite::Error, place: Option<&ErrorContext<'_>>) -> Error {
    let converted = match error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            let message = message.as_deref().unwrap_or_default();
            failed(failure.extended_code, &without_sought(message, place), place)
        }
        // A statement that does not compile carries its text, which belongs to no message of ours.
        rusqlite::Error::SqlInputError { error, msg, .. } => failed(error.extended_code, msg, place),
        other => Error::new(ErrorKind::Database, format!("SQLite: {}", printable(&without_quoted(&other.to_string())))),
    };
    let known = converted.meta().iter().any(|(name, _)| *name == "modelName");
    match place.and_then(|place| place.catalog.model(place.model)).filter(|_| !known) {
        Some(model) => converted.with("modelName", Meta::Text(model.name.to_string())),
        None => converted,
    }
}

/// The message of a statement that ran, without what it looked for. The full-text search of a trigger or a view takes the
/// first word of a text for a column, and names it when there is none.
fn without_sought<'m>(message: &'m str, place: Option<&ErrorContext<'_>>) -> Cow<'m, str> {
    match message.split_once(": ") {
        Some((kind @ ("unknown special query" | "malformed MATCH expression"), _)) => Cow::Borrowed(kind),
        Some((kind @ "no such column", named)) => {
            let is_known =
                |column: &&str| place.is_some_and(|place| tables_with(place.catalog, column).next().is_some());
            match column_names(named).find(is_known) {
                Some(column) => Cow::Owned(format!("{kind}: {column}")),
                None => Cow::Borrowed(kind),
            }
        }
        _ => Cow::Borrowed(message),
    }
}

/// The names of a column that a message may mean, the longest first: SQLite writes it with or without quotes and the alias of
/// its table, and a name may have dots.
fn column_names(named: &str) -> impl Iterator<Item = &str> {
    let named = named.strip_suffix(" - should this be a string literal in single-quotes?").unwrap_or(named);
    let after_dots = named.match_indices('.').filter_map(|(dot, _)| named.get(dot + 1..));
    std::iter::once(named)
        .chain(after_dots)
        .map(|name| name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name))
}

/// The tables that have a column of this name, by the schema; each with the model and the field that need it.
fn tables_with<'c>(catalog: &'c Catalog, column: &'c str) -> impl Iterator<Item = (&'c str, &'c Model, &'c Field)> {
    catalog.models.iter().flat_map(move |model| {
        model.fields.iter().filter_map(move |field| match &field.kind {
            FieldKind::Column(known) => (*known.name == *column).then_some((&*model.table, model, field)),
            FieldKind::Relation(relation) => {
                let through = relation.through.as_ref()?;
                let has = [&through.from_column, &through.to_column].into_iter().any(|known| **known == *column);
                has.then_some((&*through.table, model, field))
            }
        })
    })
}

/// The message of a constraint. Of a `CHECK` without a name it shows the SQL of its condition.
fn without_expression(message: &str) -> &str {
    match message.split_once("CHECK constraint failed: ") {
        Some((_, name)) if !name.chars().all(|c| c.is_alphanumeric() || "_ -.".contains(c)) => {
            "a CHECK of the table failed, which has no name"
        }
        _ => message,
    }
}

fn failed(code: i32, message: &str, place: Option<&ErrorContext<'_>>) -> Error {
    let model = place.and_then(|place| place.catalog.model(place.model)).map_or("row", |model| &model.name);
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_NOTNULL
            if let Some(table) = other_table(message, place) =>
        {
            let text =
                format!("a constraint of the table `{table}`, which a trigger writes, refused the write of {model}");
            Error::new(ErrorKind::Constraint, text).with("database_error", Meta::Text(table))
        }
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            let (owner, fields) = columns(message, place);
            let owner = owner.unwrap_or_else(|| model.to_owned());
            let text = format!("another {owner} has the same {}: the key is unique", fields.join(", "));
            // The row may be one that is written along with that of the query.
            Error::new(ErrorKind::Unique, text).with("modelName", Meta::Text(owner)).with("target", Meta::List(fields))
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            let (owner, fields) = columns(message, place);
            let owner = owner.unwrap_or_else(|| model.to_owned());
            let text = format!("`{owner}.{}` cannot be null", fields.join(", "));
            Error::new(ErrorKind::NotNull, text)
                .with("modelName", Meta::Text(owner))
                .with("constraint", Meta::List(fields))
        }
        // A restricting foreign key is told as a trigger that refused.
        ffi::SQLITE_CONSTRAINT_TRIGGER if message.contains("FOREIGN KEY") => restricted(model),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => foreign_key_refused(model, Broken::Either),
        ffi::SQLITE_CONSTRAINT_TRIGGER => {
            let text = format!("a trigger refused the write of {model}: {}", printable(message));
            Error::new(ErrorKind::Constraint, text).with("database_error", Meta::Text(printable(message)))
        }
        ffi::SQLITE_ERROR if let (Some(place), Some((model, field))) = (place, unfit_column(message)) => {
            out_of_range(place.catalog, model, field)
        }
        ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC => {
            let text = "the disk failed while the write was made durable: it may or may not stand; check the disk, and look before you write again";
            Error::new(ErrorKind::OutcomeUnknown, text).with("outcome", Meta::Text("unknown".to_owned()))
        }
        // The hook of each commit, which looks whether the file and its log are still there.
        ffi::SQLITE_CONSTRAINT_COMMITHOOK => {
            let text = "the SQLite file or its log was deleted, moved or replaced while the write was made: nothing was written; put it back if it should be there, and try again";
            Error::new(ErrorKind::CannotOpen, text)
        }
        ffi::SQLITE_READONLY_ROLLBACK | ffi::SQLITE_READONLY_RECOVERY => {
            let text = "the database cannot be read: a transaction of a process that was killed is not undone yet; open the file once with a program that may write";
            Error::new(ErrorKind::CannotOpen, text)
        }
        ffi::SQLITE_BUSY_SNAPSHOT => {
            Error::new(ErrorKind::WriteConflict, "another process wrote in between: run the transaction again")
        }
        _ => match code & 0xff {
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Error::new(
                ErrorKind::Busy,
                "the database stayed locked by another process for longer than the busy timeout",
            ),
            ffi::SQLITE_CONSTRAINT => {
                let shown = printable(without_expression(message));
                let text = format!("a constraint refused the write of {model}: {shown}");
                Error::new(ErrorKind::Constraint, text).with("database_error", Meta::Text(shown))
            }
            ffi::SQLITE_INTERRUPT => Error::new(ErrorKind::Database, "the statement was interrupted"),
            ffi::SQLITE_READONLY => Error::new(
                ErrorKind::ReadOnly,
                "the database file or its folder is read-only: make both writable to write",
            ),
            ffi::SQLITE_ERROR if message == "triggers nested too deep" => {
                let text = format!(
                    "the write of {model} goes through more than 1,000 levels of triggers or of foreign keys that cascade, the most that SQLite allows: write or delete the rows of the last levels first"
                );
                Error::new(ErrorKind::Constraint, text).with("database_error", Meta::Text(message.to_owned()))
            }
            // Nothing has happened: a file is opened before something is written to it.
            ffi::SQLITE_CANTOPEN if let Some(exhausted) = descriptors::exhausted() => exhausted,
            ffi::SQLITE_FULL => Error::new(ErrorKind::Database, "the disk is full: nothing was written"),
            ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => Error::new(
                ErrorKind::Database,
                format!("the file is no intact SQLite database: {}", printable(message)),
            ),
            _ => schema_mismatch(message),
        },
    }
}

/// What a write did to the foreign key that refused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It wrote a row that refers to none.
    Reference,
    /// It took away a row that others refer to.
    Target,
    /// One of the two.
    Either,
}

impl Broken {
    /// By what the statement that was refused does.
    pub(super) fn by(write: Option<WriteKind>) -> Self {
        match write {
            Some(WriteKind::Insert) => Self::Reference,
            Some(WriteKind::Delete) => Self::Target,
            Some(WriteKind::Update) | None => Self::Either,
        }
    }
}

/// Returns whether a foreign key refused a statement when it ended.
pub(super) fn is_foreign_key(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
}

/// Returns whether a foreign key with `RESTRICT` refused a statement, which SQLite tells as a trigger.
pub(super) fn is_restricted(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(failure, Some(message)) => {
            failure.extended_code == ffi::SQLITE_CONSTRAINT_TRIGGER && message.contains("FOREIGN KEY")
        }
        _ => false,
    }
}

/// A foreign key of other rows restricts a change or a deletion.
pub(super) fn restricted(model: &str) -> Error {
    let text = format!("other rows still refer to this {model}: its foreign keys restrict the change");
    Error::new(ErrorKind::ForeignKey, text)
}

/// A foreign key refused a write.
pub(super) fn foreign_key_refused(model: &str, broken: Broken) -> Error {
    let why = match broken {
        Broken::Reference => "the row that it refers to is not there",
        Broken::Target => "other rows still refer to it",
        Broken::Either => "the row that it refers to is not there, or other rows still refer to it",
    };
    let text = format!("a foreign key refused the write of {model}: {why}");
    Error::new(ErrorKind::ForeignKey, text)
}

/// The characters of a message of the database that are shown.
const MOST_SHOWN: usize = 1_000;

fn printable(message: &str) -> String {
    crate::printable::printable(message, MOST_SHOWN)
}

/// A number that the database computed does not fit its column.
pub(super) fn out_of_range(catalog: &Catalog, model: ModelIndex, field: FieldIndex) -> Error {
    let path = catalog.path(model, field);
    let (name, ty) = match catalog.model(model) {
        Some(model) => (&*model.name, model.column(field).map(|column| column.ty)),
        None => ("", None),
    };
    let reason = match ty {
        Some(Type::Int) => "an Int has 32 bits, a BigInt 64, and nothing is divided by zero",
        Some(Type::Float) => "a Float is finite, and nothing is divided by zero",
        Some(Type::Decimal) => "a Decimal has at most 1,000 digits, and nothing is divided by zero",
        _ => "a BigInt has 64 bits, and nothing is divided by zero",
    };
    let text = format!("`{path}` cannot hold the number that the database computes for it: {reason}");
    let field = catalog.field(model, field).map_or_else(String::new, |field| field.name.to_string());
    Error::new(ErrorKind::OutOfRange, text)
        .with("modelName", Meta::Text(name.to_owned()))
        .with("field", Meta::Text(field))
}

/// The tables or columns of the schema that the database does not have. [`differs`] says more of them.
fn schema_mismatch(message: &str) -> Error {
    let named = |prefix: &str| message.split_once(prefix).map(|(_, name)| name);
    if let Some(table) = named("no such table: ") {
        let text = format!("there is no table `{table}`; {DIFFER}");
        return Error::new(ErrorKind::NoTable, text).with("table", Meta::Text(table.to_owned()));
    }
    if let Some(named) = named("no such column: ").or_else(|| named("has no column named ")) {
        // Our own alias of the table says nothing to anybody.
        let is_alias = |alias: &str| alias == "j" || alias.trim_start_matches(['t', 'j']).parse::<u16>().is_ok();
        let mut names = column_names(named);
        let whole = names.next().unwrap_or(named);
        let has_alias = whole.split_once('.').is_some_and(|(alias, _)| is_alias(alias));
        let column = if has_alias { names.next().unwrap_or(whole) } else { whole };
        let text = format!("there is no column `{column}`; {DIFFER}");
        return Error::new(ErrorKind::NoColumn, text).with("column", Meta::Text(column.to_owned()));
    }
    Error::new(ErrorKind::Database, format!("SQLite: {}", printable(&without_quoted(message))))
}

const DIFFER: &str = "the schema and the database differ: run `purlin db push` or `purlin migrate deploy`";

/// The error for a table or a column that the database does not have, with the file that was opened, which may be another
/// than the one that was meant. SQLite names a column without its table, so the tables are looked at: the column may be
/// that of a related model. Other errors stay as they are.
pub(super) fn differs(error: Error, sqlite: &rusqlite::Connection, file: Option<&Path>, catalog: &Catalog) -> Error {
    let text = |wanted: &str| {
        error.meta().iter().find_map(|(name, value)| match value {
            Meta::Text(text) if *name == wanted => Some(text.clone()),
            _ => None,
        })
    };
    let database = file.map_or_else(|| "the database in memory".to_owned(), crate::printable::path);
    let model_name = |found: Option<&str>| found.map(str::to_owned).or_else(|| text("modelName"));
    let with_model = |error: Error, model: Option<String>| match model {
        Some(model) => error.with("modelName", Meta::Text(model)),
        None => error,
    };
    if error.is_kind(ErrorKind::NoTable)
        && let Some(table) = text("table")
    {
        let unqualified = table.strip_prefix("main.").unwrap_or(&table);
        let model = catalog.models.iter().find(|model| model.table == unqualified).map(|model| &*model.name);
        let message = format!(
            "there is no table `{unqualified}` in {database}; {DIFFER}, or correct the URL if another database is meant"
        );
        return with_model(Error::new(ErrorKind::NoTable, message), model_name(model))
            .with("table", Meta::Text(unqualified.to_owned()));
    }
    if error.is_kind(ErrorKind::NoColumn)
        && let Some(column) = text("column")
    {
        let mut tables = tables_with(catalog, &column).peekable();
        let is_known = tables.peek().is_some();
        let Some((table, model, field)) = tables.find(|(table, ..)| lacks(sqlite, table, &column)) else {
            if is_known {
                // The schema is not what differs: a full-text search takes words for columns.
                let error = Error::new(ErrorKind::Database, format!("SQLite: no such column: {column}"));
                return with_model(error, model_name(None));
            }
            let message = format!(
                "there is no column `{column}` in {database}; {DIFFER}, or correct the URL if another database is meant"
            );
            return with_model(Error::new(ErrorKind::NoColumn, message), model_name(None))
                .with("column", Meta::Text(column.clone()));
        };
        let message = format!(
            "there is no column `{column}` in the table `{table}` of {database}, which `{}.{}` needs; {DIFFER}, or correct the URL if another database is meant",
            model.name, field.name
        );
        return Error::new(ErrorKind::NoColumn, message)
            .with("modelName", Meta::Text(model.name.to_string()))
            .with("table", Meta::Text(table.to_owned()))
            .with("column", Meta::Text(column.clone()));
    }
    error
}

/// Returns whether a table is there and has no such column. Where that cannot be found out, it is not said.
fn lacks(sqlite: &rusqlite::Connection, table: &str, column: &str) -> bool {
    let sql = "SELECT COUNT(*) > 0, COALESCE(SUM(name = ?2 COLLATE NOCASE), 0) FROM pragma_table_xinfo(?1)";
    sqlite
        .query_row(sql, [table, column], |row| Ok((row.get::<_, bool>(0)?, row.get::<_, i64>(1)?)))
        .is_ok_and(|(is_there, columns)| is_there && columns == 0)
}

/// The table that a message about a constraint names, where that is none of the schema.
fn other_table(message: &str, place: Option<&ErrorContext<'_>>) -> Option<String> {
    let (_, list) = message.split_once("failed: ")?;
    let (table, _) = list.split_once('.')?;
    let is_known = place?.catalog.models.iter().any(|model| model.table == table);
    (!is_known).then(|| printable(table))
}

/// The model and the fields that `UNIQUE constraint failed: User.email, User.name` names by table and columns.
fn columns(message: &str, place: Option<&ErrorContext<'_>>) -> (Option<String>, Vec<String>) {
    let list = message.split_once("failed: ").map_or(message, |(_, list)| list);
    let mut owner = None;
    let mut fields = Vec::new();
    for part in list.split(", ") {
        let (table, column) = part.split_once('.').unwrap_or(("", part));
        let model = place.and_then(|place| place.catalog.models.iter().find(|model| model.table == table));
        let field = model.and_then(|model| model.columns().find(|(_, _, known)| known.name == column));
        // What the schema does not know may be the name of an index, whatever that holds.
        fields.push(field.map_or_else(|| printable(column), |(_, field, _)| field.name.to_string()));
        owner = owner.or_else(|| model.map(|model| model.name.to_string()));
    }
    (owner, fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_index_is_shown_on_one_line() {
        let error = failed(ffi::SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: index 'a\u{1b}[2J\nb'", None);
        assert!(error.is_unique_violation() && !error.to_string().contains(['\u{1b}', '\n']), "{error}");
    }

    #[test]
    fn a_column_that_is_missing_is_named_as_it_is() {
        for (message, column) in [
            ("no such column: t0.balance", "balance"),
            ("no such column: j.A", "A"),
            ("no such column: t12.Order Date", "Order Date"),
            ("table W has no column named a, b", "a, b"),
            ("no such column: t1.x.y", "x.y"),
            ("no such column: x.y", "x.y"),
            (r#"no such column: "a - b" - should this be a string literal in single-quotes?"#, "a - b"),
            (r#"no such column: t0."line: z""#, "line: z"),
        ] {
            let error = failed(ffi::SQLITE_ERROR, message, None);
            assert!(error.is_kind(ErrorKind::NoColumn), "{message}: {error}");
            let named = error.meta().iter().find(|(name, _)| *name == "column").map(|(_, value)| value);
            assert_eq!(named, Some(&Meta::Text(column.to_owned())), "{message}");
        }
    }

    #[test]
    fn a_message_of_the_database_stays_one_line() {
        let raised = |text: &str| failed(ffi::SQLITE_CONSTRAINT_TRIGGER, text, None).to_string();
        assert_eq!(raised("too many"), "a trigger refused the write of row: too many");
        assert_eq!(raised("a\r\nb\u{1b}[31m\tc"), "a trigger refused the write of row: a\\r\\nb\\u{1b}[31m\\tc");
        assert_eq!(raised("a\u{202e}b\u{2028}c é"), "a trigger refused the write of row: a\\u{202e}b\\u{2028}c é");
        assert_eq!(failed(ffi::SQLITE_ERROR, "a\nb", None).to_string(), "SQLite: a\\nb");
        let check = |text: &str| failed(ffi::SQLITE_CONSTRAINT_CHECK, text, None).to_string();
        assert_eq!(
            check("CHECK constraint failed: name <> 'hunter2'"),
            "a constraint refused the write of row: a CHECK of the table failed, which has no name"
        );
        assert!(check("CHECK constraint failed: long_enough").ends_with("row: CHECK constraint failed: long_enough"));
        let path = failed(ffi::SQLITE_ERROR, "bad JSON path: 'hunter2 secret'", None);
        assert_eq!(path.to_string(), "SQLite: bad JSON path: '...'");
        let long = raised(&"x".repeat(5_000));
        assert!(long.ends_with("xxx...") && long.len() < 1_100, "{}", long.len());
    }
}
