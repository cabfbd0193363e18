//! PostgreSQL's errors as ours, by their codes and fields. Messages are not read: they are in the language of the server.
//!
//! Source of the codes: appendix A of PostgreSQL's documentation.

use purlin_query::catalog::{Catalog, FieldKind, Model, ModelIndex};
use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::error::{Error, ErrorKind, Meta};
use crate::printable::without_quoted;

/// Where an error happened, for its message.
pub(super) struct ErrorContext<'a> {
    pub(super) catalog: &'a Catalog,
    /// The model whose table the statement writes.
    pub(super) model: Option<ModelIndex>,
    /// The model of the call.
    pub(super) call: ModelIndex,
}

/// Returns whether the connection may be used after an error: the server has told of it, and waits for the next statement.
pub(super) fn is_of_statement(error: &sqlx::Error) -> bool {
    match error {
        // A fatal one is its farewell.
        sqlx::Error::Database(error) => error
            .try_downcast_ref::<PgDatabaseError>()
            .is_some_and(|error| !matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)),
        _ => false,
    }
}

pub(super) fn convert(error: &sqlx::Error, place: Option<&ErrorContext<'_>>) -> Error {
    match error {
        sqlx::Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
            Some(error) => of_server(error, place),
            None => Error::new(ErrorKind::Database, "PostgreSQL refused the statement"),
        },
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => lost(),
        sqlx::Error::Tls(_) => Error::new(
            ErrorKind::Tls,
            "the server's certificate was refused, or the server does not speak TLS: see `sslmode` and `sslrootcert` in the database URL",
        ),
        other => Error::new(ErrorKind::Database, format!("PostgreSQL: {}", without_quoted(&other.to_string()))),
    }
}

/// The connection ended while a statement ran.
fn lost() -> Error {
    let message = "the connection to the server was lost while the query ran: a write may or may not stand; look before you write again";
    Error::new(ErrorKind::OutcomeUnknown, message).with("outcome", Meta::Text("unknown".to_owned()))
}

fn of_server(error: &PgDatabaseError, place: Option<&ErrorContext<'_>>) -> Error {
    let table = error.table();
    let model = place.and_then(|place| model_of(place, table));
    let name = model.map_or("row", |model| &*model.name);
    let called = place.and_then(|place| place.catalog.model(place.call)).map_or(name, |model| &*model.name);
    let converted = match error.code() {
        "23505" => {
            let fields = fields_of_key(model, error.constraint().unwrap_or_default());
            let target = match &fields {
                Some(fields) => Meta::List(fields.iter().map(|field| (*field).to_owned()).collect()),
                None => Meta::Text(error.constraint().unwrap_or_default().to_owned()),
            };
            let key = fields.map_or_else(|| "key".to_owned(), |fields| fields.join(", "));
            let message = format!("another {name} has the same {key}: the key is unique");
            return Error::new(ErrorKind::Unique, message)
                .with("modelName", Meta::Text(name.to_owned()))
                .with("target", target);
        }
        "23503" | "23001" => {
            let message = format!(
                "the write of {name} breaks a foreign key: the row that it refers to is not there, or rows refer to it"
            );
            let error_name = error.constraint().unwrap_or_default().to_owned();
            Error::new(ErrorKind::ForeignKey, message).with("constraint", Meta::Text(error_name))
        }
        "23502" => {
            let field = column_field(model, error.column().unwrap_or_default());
            let message = format!("`{name}.{field}` cannot be null");
            Error::new(ErrorKind::NotNull, message).with("constraint", Meta::List(vec![field]))
        }
        "23514" | "23P01" | "23000" => {
            let constraint = error.constraint().unwrap_or_default().to_owned();
            Error::new(ErrorKind::Constraint, format!("the constraint {constraint} refused the write of {name}"))
                .with("database_error", Meta::Text(constraint))
        }
        "22003" => Error::new(ErrorKind::OutOfRange, format!("a number of {name} is beyond the range of its column")),
        "22012" => Error::new(ErrorKind::OutOfRange, format!("a number of {name} was to be divided by zero")),
        "22001" => Error::new(ErrorKind::OutOfRange, format!("a value of {name} is longer than its column can hold")),
        "42P01" => Error::new(ErrorKind::NoTable, format!("the table of {name} does not exist in the database")),
        "42703" => Error::new(ErrorKind::NoColumn, format!("a column of {name} does not exist in the database")),
        "40001" | "40P01" => Error::new(
            ErrorKind::WriteConflict,
            "another transaction wrote what this one did, and nothing was written: try again",
        ),
        "57014" => Error::new(ErrorKind::Timeout, "the query was stopped"),
        "55P03" => Error::new(ErrorKind::Busy, "a row is locked by another transaction: try again"),
        "25006" => Error::new(ErrorKind::ReadOnly, "the server takes reads only"),
        "53300" => Error::new(
            ErrorKind::Unreachable,
            "the server has no place for another connection: lower `connection_limit` in the database URL",
        ),
        "57P01" | "57P02" | "57P03" => {
            Error::new(ErrorKind::Unreachable, "the server is shutting down or starting: try again")
        }
        "28000" | "28P01" => {
            Error::new(ErrorKind::Denied, "the server refused the user or the password of the database URL")
        }
        "3D000" => Error::new(ErrorKind::CannotOpen, "the database of the URL does not exist on the server"),
        code => Error::new(
            ErrorKind::Database,
            format!("PostgreSQL refused the statement with the code {code}: {}", without_quoted(error.message())),
        ),
    };
    converted.with("modelName", Meta::Text(called.to_owned()))
}

/// The model whose table an error names, otherwise the one that was written.
fn model_of<'a>(place: &ErrorContext<'a>, table: Option<&str>) -> Option<&'a Model> {
    let named = table.and_then(|table| place.catalog.models.iter().find(|model| *model.table == *table));
    named.or_else(|| place.catalog.model(place.model.unwrap_or(place.call)))
}

/// The fields of a key, by the name that Prisma and PostgreSQL give to its index.
fn fields_of_key<'m>(model: Option<&'m Model>, constraint: &str) -> Option<Vec<&'m str>> {
    let model = model?;
    let column = |field: &'m purlin_query::catalog::Field| match &field.kind {
        FieldKind::Column(column) => Some(&*column.name),
        FieldKind::Relation(_) => None,
    };
    model.keys.iter().enumerate().find_map(|(index, key)| {
        let fields: Vec<_> = key.fields.iter().filter_map(|field| model.fields.get(usize::from(*field))).collect();
        let columns: Vec<&str> = fields.iter().filter_map(|field| column(field)).collect();
        let is_primary = index == 0 && constraint == format!("{}_pkey", model.table);
        let is_meant = is_primary || constraint == format!("{}_{}_key", model.table, columns.join("_"));
        is_meant.then(|| fields.iter().map(|field| &*field.name).collect())
    })
}

/// The field that has a column.
fn column_field(model: Option<&Model>, column: &str) -> String {
    let fields = model.into_iter().flat_map(|model| model.columns());
    let found = fields.into_iter().find(|(_, _, known)| *known.name == *column);
    found.map_or_else(|| column.to_owned(), |(_, field, _)| field.name.to_string())
}
