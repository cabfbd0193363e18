//! Names that a database takes for one name, and names that it keeps for itself.
//!
//! Two tables, two constraints or two columns of exactly one name are the matter of other files. Here are those that
//! differ in case, those of things of different kinds, and those that nothing may have. What each database does was
//! tried: SQLite and MySQL compare without case, and SQLite does so for the letters of ASCII only; tables and indexes
//! have one set of names on SQLite and PostgreSQL, which makes a type for each table as well.

use std::collections::HashMap;

use super::constraints::{index_name, primary_key_name, unique_name};
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, ModelDraft};
use crate::messages::database as messages;
use crate::model::{Link, ModelKind, Provider};
use crate::source::Span;

/// The table in which the history of migrations is kept.
const HISTORY: &str = "_prisma_migrations";

/// The columns that each table of PostgreSQL has.
const SYSTEM_COLUMNS: [&str; 6] = ["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"];

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(provider) = draft.provider else { return };
    let mut shared = Scope::new(provider);
    for model in &draft.models {
        let schema = model.schema.as_ref().map(|(name, _)| name.as_str());
        let what = format!("the table of the {} `{}`", model.block.kind.keyword(), model.name());
        let table = Named { kind: IdentifierKind::Table, name: model.table.clone(), what, span: model.table_span };
        reserved(&table, schema, provider, diagnostics);
        // Whether MySQL takes two tables for one depends on its file system.
        if provider != Provider::Mysql {
            shared.add(schema, table, diagnostics);
        }
        columns(model, provider, diagnostics);
    }
    for relation in &draft.relations {
        let Link::JoinTable { table, .. } = &relation.relation.link else { continue };
        let end = draft.model(relation.relation.from.model);
        let schema = end.and_then(|model| model.schema.as_ref()).map(|(name, _)| name.as_str());
        let name = |kind, name: String, what: String| Named { kind, name, what, span: relation.span };
        let join = name(IdentifierKind::Table, table.clone(), "the join table of a many-to-many relation".to_owned());
        reserved(&join, schema, provider, diagnostics);
        if provider == Provider::Mysql {
            continue;
        }
        shared.add(schema, join, diagnostics);
        for suffix in [if provider == Provider::Sqlite { "AB_unique" } else { "AB_pkey" }, "B_index"] {
            let what = format!("an index of the join table `{table}`");
            shared.add(schema, name(IdentifierKind::Index, format!("{table}_{suffix}"), what), diagnostics);
        }
    }
    for model in draft.models.iter().filter(|model| model.kind == ModelKind::Table) {
        let schema = model.schema.as_ref().map(|(name, _)| name.as_str());
        let mut own = Scope::new(provider);
        for (name, span) in indexes(model, provider) {
            let what = format!("an index of the model `{}`", model.name());
            let index = Named { kind: IdentifierKind::Index, name, what, span };
            reserved(&index, schema, provider, diagnostics);
            let scope = if provider == Provider::Mysql { &mut own } else { &mut shared };
            scope.add(schema, index, diagnostics);
        }
    }
    if provider == Provider::Postgres {
        types(draft, &shared, diagnostics);
    }
}

/// Reports the enums that are called like a table, which has a type of its name; an index has none.
fn types(draft: &Draft<'_>, tables: &Scope<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for enumeration in &draft.enums {
        let schema = enumeration.schema.as_deref();
        let taken = tables.taken.get(&(schema, enumeration.db_name.clone()));
        let Some(table) = taken.filter(|taken| taken.kind == IdentifierKind::Table) else { continue };
        diagnostics.push(messages::type_of_table(enumeration, &table.what, table.span));
    }
}

/// The names of a model's keys and indexes, each with its place.
fn indexes(model: &ModelDraft<'_>, provider: Provider) -> Vec<(String, Span)> {
    let id = model.primary_key.iter().filter(|_| provider == Provider::Postgres);
    let id = id.filter_map(|key| Some((primary_key_name(provider, model, key)?, key.map.unwrap_or(key.span))));
    let uniques = model.uniques.iter().map(|key| (unique_name(provider, model, key), key.map.unwrap_or(key.span)));
    let indexes = model.indexes.iter().map(|it| (index_name(provider, model, &it.index), it.map.unwrap_or(it.span)));
    id.chain(uniques).chain(indexes).collect()
}

/// Reports columns of a model whose names differ in case only, and those that the database has itself.
fn columns(model: &ModelDraft<'_>, provider: Provider, diagnostics: &mut Vec<Diagnostic>) {
    let mut scope = Scope::new(provider);
    for field in &model.fields {
        let Some(column) = field.column() else { continue };
        let what = format!("the column of the field `{}.{}`", model.name(), field.name());
        let span = field.attribute("map").map_or(field.span(), |map| map.span);
        if provider == Provider::Postgres && SYSTEM_COLUMNS.contains(&column.name.as_str()) {
            diagnostics.push(messages::system_column(span, &what, &column.name));
        }
        if provider != Provider::Postgres {
            scope.add(None, Named { kind: IdentifierKind::Column, name: column.name.clone(), what, span }, diagnostics);
        }
    }
}

/// Reports a name that the database, or the history of migrations, keeps for itself.
fn reserved(named: &Named, schema: Option<&str>, provider: Provider, diagnostics: &mut Vec<Diagnostic>) {
    let Named { kind, name, what, span } = named;
    let begins = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let is_history = match provider {
        Provider::Sqlite => name.eq_ignore_ascii_case(HISTORY),
        Provider::Postgres | Provider::Mysql => name == HISTORY,
    };
    let owner = match (provider, kind) {
        (Provider::Sqlite, _) if begins("sqlite_") => "names that begin with `sqlite_` belong to sqlite",
        (Provider::Sqlite, IdentifierKind::Table) if begins("_purlin_") => {
            "names that begin with `_purlin_` belong to the migrations"
        }
        (_, IdentifierKind::Table) if is_history && schema.is_none_or(|schema| schema == "public") => {
            "the history of migrations is kept in that table"
        }
        (Provider::Mysql, IdentifierKind::Index) if name.eq_ignore_ascii_case("primary") => {
            "mysql calls each primary key so"
        }
        _ => return,
    };
    diagnostics.push(messages::reserved_in_database(*span, what, name, owner, kind.renamed()));
}

/// Something with a name in the database.
struct Named {
    kind: IdentifierKind,
    name: String,
    /// The thing, for messages.
    what: String,
    span: Span,
}

impl Named {
    fn parts(&self) -> (&str, &str, Span) {
        (&self.what, &self.name, self.span)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IdentifierKind {
    Table,
    Index,
    Column,
}

impl IdentifierKind {
    /// The attribute or the argument that gives it another name.
    fn renamed(self) -> &'static str {
        match self {
            Self::Table => "`@@map`",
            Self::Index => "`map:`",
            Self::Column => "`@map`",
        }
    }
}

/// Names of which the database wants each once.
struct Scope<'d> {
    provider: Provider,
    taken: HashMap<(Option<&'d str>, String), Named>,
}

impl<'d> Scope<'d> {
    fn new(provider: Provider) -> Self {
        Self { provider, taken: HashMap::new() }
    }

    /// The name as the database compares it.
    fn folded(&self, name: &str) -> String {
        match self.provider {
            Provider::Sqlite => name.to_ascii_lowercase(),
            Provider::Mysql => name.to_lowercase(),
            Provider::Postgres => name.to_owned(),
        }
    }

    /// Adds a name, and reports that it is taken.
    fn add(&mut self, schema: Option<&'d str>, named: Named, diagnostics: &mut Vec<Diagnostic>) {
        let key = (schema, self.folded(&named.name));
        let Some(other) = self.taken.get(&key) else {
            self.taken.insert(key, named);
            return;
        };
        if other.kind == named.kind && other.name == named.name {
            // That is reported where things of this kind are compared.
            return;
        }
        diagnostics.push(messages::database_name_clash(
            named.parts(),
            other.parts(),
            self.provider,
            named.kind.renamed(),
        ));
    }
}
