//! Names of keys, indexes and foreign keys in the database, which each database wants unique in its own scope.

use std::collections::HashMap;

use Report::{Reported, Silent};

use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, IndexDraft, KeyDraft, ModelDraft};
use crate::messages::database as messages;
use crate::model::{FieldId, Index, IndexKind, IndexPart, Link, ModelId, ModelKind, Provider};
use crate::naming;
use crate::source::Span;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(provider) = draft.provider else { return };
    let mut names = Names::default();
    // What is unique in a view has no index in the database, and so no name.
    for (id, model) in draft.models().filter(|(_, model)| model.kind != ModelKind::View) {
        let schema = model.schema.as_ref().map(|(name, _)| name.as_str());
        // What shares one scope with all tables of the database's schema, and what belongs to the table alone.
        let (shared, own) = (Scope::Shared(schema, "indexes"), Scope::Model(id, model.name(), "constraints"));
        // MySQL calls every primary key PRIMARY, whatever the schema says.
        if let (Some(key), Provider::Postgres) = (&model.primary_key, provider) {
            let name = primary_key_name(provider, model, key);
            length(provider, key.key.map.as_deref(), key.map, diagnostics);
            names.add(name.as_deref(), key.map.unwrap_or(key.span), &[(shared, Reported), (own, Reported)]);
        }
        // An index is told of those with which it shares a scope; a foreign key is told of the indexes of its table.
        let scopes: &[_] = match provider {
            Provider::Sqlite => &[(shared, Reported)],
            Provider::Postgres => &[(shared, Reported), (own, Silent)],
            Provider::Mysql => &[(Scope::Model(id, model.name(), "indexes"), Reported)],
        };
        for key in &model.uniques {
            let name = unique_name(provider, model, key);
            length(provider, key.key.map.as_deref(), key.map, diagnostics);
            names.add(Some(&name), key.map.unwrap_or(key.span), scopes);
        }
        for IndexDraft { index, span, map, .. } in &model.indexes {
            let name = index_name(provider, model, index);
            length(provider, index.map.as_deref(), *map, diagnostics);
            names.add(Some(&name), map.unwrap_or(*span), scopes);
        }
    }
    foreign_keys(draft, provider, &mut names, diagnostics);
    names.report(diagnostics);
}

/// The name of the model's primary key, where the database has one for it.
pub(super) fn primary_key_name(provider: Provider, model: &ModelDraft<'_>, key: &KeyDraft) -> Option<String> {
    key.key.map.clone().or_else(|| naming::primary_key(provider, &model.table))
}

/// The name of a unique constraint.
pub(super) fn unique_name(provider: Provider, model: &ModelDraft<'_>, key: &KeyDraft) -> String {
    let columns = columns(model, key.fields());
    key.key.map.clone().unwrap_or_else(|| naming::unique(provider, &model.table, &columns))
}

/// The name of an index.
pub(super) fn index_name(provider: Provider, model: &ModelDraft<'_>, index: &Index) -> String {
    let column = |part: &IndexPart| Some(model.field(part.column()?.field)?.column()?.name.as_str());
    let columns: Vec<&str> = index.parts.iter().map(|part| column(part).unwrap_or(naming::EXPRESSION)).collect();
    index.map.clone().unwrap_or_else(|| match index.kind {
        IndexKind::Unique => naming::unique(provider, &model.table, &columns),
        IndexKind::Normal | IndexKind::Fulltext => naming::index(provider, &model.table, &columns),
    })
}

fn foreign_keys<'d>(
    draft: &'d Draft<'_>,
    provider: Provider,
    names: &mut Names<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for draft_relation in &draft.relations {
        let relation = &draft_relation.relation;
        let id = relation.from.model;
        let (Link::ForeignKey { columns: fields, map, .. }, Some(model)) = (&relation.link, draft.model(id)) else {
            continue;
        };
        let scope = match provider {
            Provider::Postgres => Scope::Model(id, model.name(), "constraints"),
            Provider::Mysql => Scope::Shared(None, "foreign keys"),
            Provider::Sqlite => continue,
        };
        let columns = columns(model, fields.iter().copied());
        let name = map.clone().or_else(|| naming::foreign_key(provider, &model.table, &columns));
        let argument = model.field(relation.from.field).and_then(|field| field.attribute("relation")?.get("map"));
        let written = argument.map(|argument| argument.span);
        length(provider, map.as_deref(), written, diagnostics);
        names.add(name.as_deref(), written.unwrap_or(draft_relation.span), &[(scope, Reported)]);
    }
}

/// A name that is written must be one that the database keeps whole; those of the convention are cut.
fn length(provider: Provider, name: Option<&str>, span: Option<Span>, diagnostics: &mut Vec<Diagnostic>) {
    let most = naming::longest(provider);
    let (Some(name), Some(span)) = (name.filter(|name| name.len() > most), span) else { return };
    diagnostics.push(messages::name_too_long(span, name, provider, most));
}

/// The names in the database of fields.
fn columns<'d>(model: &'d ModelDraft<'_>, fields: impl Iterator<Item = FieldId>) -> Vec<&'d str> {
    let columns = fields.filter_map(|id| model.field(id)).filter_map(|field| field.column());
    columns.map(|column| column.name.as_str()).collect()
}

/// The scope in which a name must be the only one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Scope<'d> {
    /// Of a schema of the database, or of the whole database.
    Shared(Option<&'d str>, &'static str),
    /// Of the table of a model, which is called so.
    Model(ModelId, &'d str, &'static str),
}

/// Tells if a name is reported where it clashes with another one of the scope.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Report {
    Reported,
    Silent,
}

/// A name in a scope, and all places that give it.
type Namespace<'d> = (Scope<'d>, String, Vec<(Span, Report)>);

#[derive(Default)]
struct Names<'d> {
    /// The places of each name, in the order in which the names came.
    places: Vec<Namespace<'d>>,
    by_name: HashMap<(Scope<'d>, String), usize>,
}

impl<'d> Names<'d> {
    fn add(&mut self, name: Option<&str>, span: Span, scopes: &[(Scope<'d>, Report)]) {
        let Some(name) = name else { return };
        for (scope, report) in scopes {
            let place = *self.by_name.entry((*scope, name.to_owned())).or_insert_with(|| {
                self.places.push((*scope, name.to_owned(), Vec::new()));
                self.places.len() - 1
            });
            if let Some((.., spans)) = self.places.get_mut(place) {
                spans.push((span, *report));
            }
        }
    }

    /// Reports each place of a name that has several: any of them may be the one to change.
    fn report(self, diagnostics: &mut Vec<Diagnostic>) {
        for (scope, name, spans) in self.places {
            let [(first, _), (second, _), ..] = spans.as_slice() else { continue };
            let place = match scope {
                Scope::Shared(None, what) => format!("the {what} of the database"),
                Scope::Shared(Some(schema), what) => format!("the {what} of the schema `{schema}`"),
                Scope::Model(_, model, what) => format!("the {what} of the table of `{model}`"),
            };
            for (span, _) in spans.iter().filter(|(_, report)| *report == Reported) {
                let other = if span == first { *second } else { *first };
                diagnostics.push(messages::constraint_name_clash(*span, other, &name, &place));
            }
        }
    }
}
