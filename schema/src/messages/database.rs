//! Names in the database, its schemas, and what needs a database.

use crate::diagnostic::Diagnostic;
use crate::model::{Enum, Provider};
use crate::rules::Rule;
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::Block;

/// Something that depends on the database, in a schema without a datasource. `what` is a sentence.
pub(crate) fn missing_datasource(span: Span, what: &str) -> Diagnostic {
    let message = format!("{what}: whether that is possible depends on the database, and the schema has no datasource");
    Diagnostic::error(Rule::MissingDatasource, span, message)
        .label("depends on the database")
        .help("add a block such as `datasource db { provider = \"sqlite\" }`, each line on its own")
}

// Names that are given twice

/// Two fields of a model have one column.
pub(crate) fn duplicate_column(span: Span, model: &str, (first, second): (&str, &str), column: &str) -> Diagnostic {
    let message = format!("the fields `{first}` and `{second}` of `{model}` are both the column `{column}`");
    Diagnostic::error(Rule::DuplicateColumn, span, message)
        .label("column is taken")
        .help("give one of them another `@map`")
}

/// Two fields of a composite type have one name in the database.
pub(crate) fn fields_stored_alike(
    span: Span,
    composite: &str,
    (first, second): (&str, &str),
    stored: &str,
) -> Diagnostic {
    let message = format!("the fields `{first}` and `{second}` of `{composite}` are both `{stored}` in the database");
    Diagnostic::error(Rule::DuplicateColumn, span, message)
        .label("name is taken")
        .help("give one of them another `@map`")
}

/// Two models have one table.
pub(crate) fn duplicate_table(span: Span, model: &str, table: &str, other: &str) -> Diagnostic {
    let message = format!("the model `{model}` is stored in the table `{table}`, which is that of the model `{other}`");
    Diagnostic::error(Rule::DuplicateTable, span, message)
        .label("table is taken")
        .help("give one of them another `@@map`")
}

/// A join table has the name of another table, that of `owner`.
pub(crate) fn duplicate_join_table(span: Span, table: &str, owner: &str) -> Diagnostic {
    let message = format!("this many-to-many relation is stored in the table `{table}`, which is that of {owner}");
    Diagnostic::error(Rule::DuplicateTable, span, message)
        .label("table is taken")
        .help("give the relation another name")
}

pub(crate) fn duplicate_type(enumeration: &Enum, other: &str) -> Diagnostic {
    let Enum { name, db_name, .. } = enumeration;
    let message = format!("the enums `{other}` and `{name}` are both `{db_name}` in the database");
    Diagnostic::error(Rule::DuplicateType, enumeration.span, message)
        .label("type is taken")
        .help("give one of them another `@@map`")
}

/// `scope` is where each name may be given once.
pub(crate) fn constraint_name_clash(span: Span, other: Span, name: &str, scope: &str) -> Diagnostic {
    Diagnostic::error(Rule::ConstraintNameClash, span, format!("the name `{name}` is given twice among {scope}"))
        .label(format!("called `{name}`"))
        .related(other, "called the same")
        .help("remove one of them, or give it another name with `map:`")
}

/// Two things of different kinds, or with names that differ in case, have one name. `renamed` is what gives the first
/// another one.
pub(crate) fn database_name_clash(
    (what, name, span): (&str, &str, Span),
    (other, other_name, other_span): (&str, &str, Span),
    provider: Provider,
    renamed: &str,
) -> Diagnostic {
    let provider = provider.name();
    let reason = match name == other_name {
        false => format!("{provider} does not tell upper case from lower case"),
        true => format!("on {provider} tables and indexes share one set of names"),
    };
    let message = format!("{what} is called `{name}` and {other} is called `{other_name}`: {reason}");
    Diagnostic::error(Rule::DatabaseNameClash, span, message)
        .label("name is taken")
        .related(other_span, "by this one")
        .help(format!("give one of them another name in the database with {renamed}"))
}

/// An enum has the name of `table` on PostgreSQL.
pub(crate) fn type_of_table(enumeration: &Enum, table: &str, table_span: Span) -> Diagnostic {
    let Enum { name, db_name, .. } = enumeration;
    let message = format!(
        "the type of the enum `{name}` is called `{db_name}`, and so is {table}: postgresql makes a type for each table"
    );
    Diagnostic::error(Rule::DatabaseNameClash, enumeration.span, message)
        .label("name is taken")
        .related(table_span, "by this one")
        .help("give one of them another name in the database with `@@map`")
}

// Names that nothing may have

/// `owner` says who keeps the name.
pub(crate) fn reserved_in_database(span: Span, what: &str, name: &str, owner: &str, renamed: &str) -> Diagnostic {
    Diagnostic::error(Rule::DatabaseNameReserved, span, format!("{what} is called `{name}`, but {owner}"))
        .label("a reserved name")
        .help(format!("give it another name in the database with {renamed}"))
}

pub(crate) fn system_column(span: Span, what: &str, column: &str) -> Diagnostic {
    let message = format!("{what} is called `{column}`, which is a column that postgresql adds itself");
    Diagnostic::error(Rule::DatabaseNameReserved, span, message)
        .label("a system column")
        .help("give it another name in the database with `@map`")
}

pub(crate) fn name_too_long(span: Span, name: &str, provider: Provider, most: usize) -> Diagnostic {
    let message = format!("the name `{name}` has {} bytes, and {} keeps only {most}", name.len(), provider.name());
    Diagnostic::error(Rule::NameTooLong, span, message)
        .label("too long")
        .help(format!("give it a name of at most {most} bytes"))
}

// Schemas of the database

pub(crate) fn schema_unsupported(span: Span, block: &Block, provider: Provider) -> Diagnostic {
    let provider = provider.name();
    Diagnostic::error(Rule::SchemaUnsupported, span, format!("{} has a schema, but {provider} has none", kind(block)))
        .label(format!("not on {provider}"))
        .help("remove `@@schema`")
}

pub(crate) fn unknown_schema<'a>(
    span: Span,
    block: &Block,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("{} is in the schema `{name}`, which the datasource does not list", kind(block));
    Diagnostic::error(Rule::UnknownSchema, span, message)
        .label("not in `schemas`")
        .help(format!("add `\"{name}\"` to `schemas` of the datasource"))
        .suggest(closest(name, known))
}

pub(crate) fn missing_schema(block: &Block, example: &str) -> Diagnostic {
    let message = format!("{} has no `@@schema`, and the datasource lists the schemas of the database", kind(block));
    Diagnostic::error(Rule::MissingSchema, block.header(), message)
        .label("in which schema?")
        .help(format!("add `@@schema(\"{example}\")` to it"))
}

/// A block, for messages: ``the model `User` ``.
fn kind(block: &Block) -> String {
    format!("the {} `{}`", block.kind.keyword(), block.name.text)
}
