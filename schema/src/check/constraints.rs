//! Names of keys, indexes and foreign keys in the database, which each database wants unique in its own scope.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::model::{FieldId, Link, Provider};
use crate::naming;
use crate::resolve::{Draft, IndexDraft, ModelDraft};
use crate::source::Span;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(provider) = draft.provider else { return };
    let mut names = Names { seen: HashMap::new(), diagnostics };
    let mut tables = HashSet::new();
    for model in &draft.models {
        let table = model.table.as_str();
        if !tables.insert(table) {
            // Two models in one table are reported as that.
            continue;
        }
        // What belongs to the table alone, and what shares one scope with all tables of the database.
        let (keys, indexes): (&[Scope<'_>], &[Scope<'_>]) = match provider {
            Provider::Sqlite => (&[Scope::Database("indexes")], &[Scope::Database("indexes")]),
            Provider::Postgres => {
                (&[Scope::Database("indexes"), Scope::Table(table, "constraints")], &[Scope::Database("indexes")])
            }
            Provider::Mysql => (&[Scope::Table(table, "indexes")], &[Scope::Table(table, "indexes")]),
        };
        if let Some(key) = &model.primary_key {
            let name = key.key.map.clone().or_else(|| naming::primary_key(provider, table));
            // MySQL calls every primary key PRIMARY, whatever the schema says.
            names.add(name.filter(|_| provider == Provider::Postgres), key.span, keys);
        }
        for key in &model.uniques {
            let columns = columns(model, key.fields());
            let name = key.key.map.clone().unwrap_or_else(|| naming::unique(provider, table, &columns));
            names.add(Some(name), key.span, keys);
        }
        for IndexDraft { index, span, .. } in &model.indexes {
            let columns = columns(model, index.columns().map(|column| column.field));
            let name = index.map.clone().unwrap_or_else(|| naming::index(provider, table, &columns));
            names.add(Some(name), *span, indexes);
        }
    }
    for draft_relation in &draft.relations {
        let relation = &draft_relation.relation;
        let (Link::ForeignKey { columns: fields, map, .. }, Some(model)) =
            (&relation.link, draft.model(relation.from.model))
        else {
            continue;
        };
        let scope = match provider {
            Provider::Postgres => Scope::Table(&model.table, "constraints"),
            Provider::Mysql => Scope::Database("foreign keys"),
            Provider::Sqlite => continue,
        };
        let columns = columns(model, fields.iter().copied());
        let name = map.clone().or_else(|| naming::foreign_key(provider, &model.table, &columns));
        names.add(name, draft_relation.span, &[scope]);
    }
}

/// The names in the database of fields.
fn columns<'d>(model: &'d ModelDraft<'_>, fields: impl Iterator<Item = FieldId>) -> Vec<&'d str> {
    let columns = fields.filter_map(|id| model.field(id)).filter_map(|field| field.column());
    columns.map(|column| column.name.as_str()).collect()
}

/// Where a name must be the only one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Scope<'d> {
    Database(&'static str),
    Table(&'d str, &'static str),
}

struct Names<'d, 'o> {
    seen: HashMap<Scope<'d>, HashSet<String>>,
    diagnostics: &'o mut Vec<Diagnostic>,
}

impl<'d> Names<'d, '_> {
    fn add(&mut self, name: Option<String>, span: Span, scopes: &[Scope<'d>]) {
        let Some(name) = name else { return };
        for scope in scopes {
            if self.seen.entry(*scope).or_default().insert(name.clone()) {
                continue;
            }
            let place = match scope {
                Scope::Database(what) => format!("the {what} of the database"),
                Scope::Table(table, what) => format!("the {what} of the table `{table}`"),
            };
            self.diagnostics.push(
                Diagnostic::error(
                    "constraint-name-clash",
                    span,
                    format!("the name `{name}` is given twice among {place}"),
                )
                .label(format!("also called `{name}`"))
                .help("remove one of them, or give it another name with `map:`"),
            );
            return;
        }
    }
}
