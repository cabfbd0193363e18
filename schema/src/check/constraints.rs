//! Names of keys, indexes and foreign keys in the database, which each database wants unique in its own scope.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::model::{FieldId, IndexKind, Link, Provider, RelationMode};
use crate::naming;
use crate::resolve::{Draft, IndexDraft, ModelDraft};
use crate::source::Span;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(provider) = draft.provider else { return };
    let mut names = Names::default();
    let mut tables = HashSet::new();
    for model in &draft.models {
        let table = Table::of(model);
        if !tables.insert(table) {
            // Two models in one table are reported as that.
            continue;
        }
        // What belongs to the table alone, and what shares one scope with all tables of the database's schema.
        let shared = Scope::Shared(table.schema, "indexes");
        let (keys, indexes): (&[Scope<'_>], &[Scope<'_>]) = match provider {
            Provider::Sqlite => (&[shared], &[shared]),
            Provider::Postgres => (&[shared, Scope::Table(table, "constraints")], &[shared]),
            Provider::Mysql => (&[Scope::Table(table, "indexes")], &[Scope::Table(table, "indexes")]),
        };
        // MySQL calls every primary key PRIMARY, whatever the schema says.
        if let (Some(key), Provider::Postgres) = (&model.primary_key, provider) {
            let name = key.key.map.clone().or_else(|| naming::primary_key(provider, table.name));
            names.add(name, key.span, keys);
        }
        for key in &model.uniques {
            let columns = columns(model, key.fields());
            let name = key.key.map.clone().unwrap_or_else(|| naming::unique(provider, table.name, &columns));
            names.add(Some(name), key.span, keys);
        }
        for IndexDraft { index, span, .. } in &model.indexes {
            let columns: Vec<&str> = index
                .parts
                .iter()
                .map(|part| match part.column().and_then(|column| model.field(column.field)?.column()) {
                    Some(column) => column.name.as_str(),
                    None => naming::EXPRESSION,
                })
                .collect();
            let name = index.map.clone().unwrap_or_else(|| match index.kind {
                IndexKind::Unique => naming::unique(provider, table.name, &columns),
                IndexKind::Normal | IndexKind::Fulltext => naming::index(provider, table.name, &columns),
            });
            names.add(Some(name), *span, indexes);
        }
    }
    if draft.relation_mode == RelationMode::ForeignKeys {
        foreign_keys(draft, provider, &mut names);
    }
    names.report(diagnostics);
}

fn foreign_keys<'d>(draft: &'d Draft<'_>, provider: Provider, names: &mut Names<'d>) {
    for draft_relation in &draft.relations {
        let relation = &draft_relation.relation;
        let (Link::ForeignKey { columns: fields, map, .. }, Some(model)) =
            (&relation.link, draft.model(relation.from.model))
        else {
            continue;
        };
        let table = Table::of(model);
        let scope = match provider {
            Provider::Postgres => Scope::Table(table, "constraints"),
            Provider::Mysql => Scope::Shared(None, "foreign keys"),
            Provider::Sqlite => continue,
        };
        let columns = columns(model, fields.iter().copied());
        let name = map.clone().or_else(|| naming::foreign_key(provider, table.name, &columns));
        names.add(name, draft_relation.span, &[scope]);
    }
}

/// The names in the database of fields.
fn columns<'d>(model: &'d ModelDraft<'_>, fields: impl Iterator<Item = FieldId>) -> Vec<&'d str> {
    let columns = fields.filter_map(|id| model.field(id)).filter_map(|field| field.column());
    columns.map(|column| column.name.as_str()).collect()
}

/// A table by its names in the database.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Table<'d> {
    schema: Option<&'d str>,
    name: &'d str,
}

impl<'d> Table<'d> {
    fn of(model: &'d ModelDraft<'_>) -> Self {
        Self { schema: model.schema.as_ref().map(|(name, _)| name.as_str()), name: &model.table }
    }
}

/// Where a name must be the only one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Scope<'d> {
    /// Of a schema of the database, or of the whole database.
    Shared(Option<&'d str>, &'static str),
    Table(Table<'d>, &'static str),
}

#[derive(Default)]
struct Names<'d> {
    /// The places of each name, in the order in which the names came.
    places: Vec<(Scope<'d>, String, Vec<Span>)>,
    by_name: HashMap<(Scope<'d>, String), usize>,
}

impl<'d> Names<'d> {
    fn add(&mut self, name: Option<String>, span: Span, scopes: &[Scope<'d>]) {
        let Some(name) = name else { return };
        for scope in scopes {
            let place = *self.by_name.entry((*scope, name.clone())).or_insert_with(|| {
                self.places.push((*scope, name.clone(), Vec::new()));
                self.places.len() - 1
            });
            if let Some((.., spans)) = self.places.get_mut(place) {
                spans.push(span);
            }
        }
    }

    /// Reports each place of a name that has several: any of them may be the one to change.
    fn report(self, diagnostics: &mut Vec<Diagnostic>) {
        for (scope, name, spans) in self.places {
            let [first, second, ..] = spans.as_slice() else { continue };
            let place = match scope {
                Scope::Shared(None, what) => format!("the {what} of the database"),
                Scope::Shared(Some(schema), what) => format!("the {what} of the schema `{schema}`"),
                Scope::Table(table, what) => format!("the {what} of the table `{}`", table.name),
            };
            for span in &spans {
                let other = if span == first { second } else { first };
                diagnostics.push(
                    Diagnostic::error(
                        "constraint-name-clash",
                        *span,
                        format!("the name `{name}` is given twice among {place}"),
                    )
                    .label(format!("called `{name}`"))
                    .related(*other, "so is this")
                    .help("remove one of them, or give it another name with `map:`"),
                );
            }
        }
    }
}
