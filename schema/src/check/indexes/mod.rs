//! The keys and indexes that each database supports.
//!
//! Here is what the databases differ in as such: kinds of index, prefixes, operator classes, conditions. What their
//! types allow is in a file for each database.

mod mysql;
mod postgres;

use crate::diagnostic::{Diagnostic, Severity};
use crate::draft::{Draft, FieldDraft, IndexDraft, KeyDraft, ModelDraft};
use crate::messages::{FieldPath, indexes as messages};
use crate::model::{
    Arity, Column, ColumnType, IndexAlgorithm, IndexColumn, IndexKind, IndexPart, OperatorClass, Provider, Scalar,
};
use crate::native;
use crate::source::Span;
use crate::syntax::BlockKind;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(provider) = draft.provider else { return };
    // The keys of a view are a promise to the clients; the database has no index for them.
    for model in draft.models.iter().filter(|model| model.block.kind != BlockKind::View) {
        let id = model.primary_key.iter().map(|key| Subject::key(model, key, KeyKind::Id));
        let uniques = model.uniques.iter().map(|key| Subject::key(model, key, KeyKind::Unique));
        let indexes = model.indexes.iter().map(|index| Subject::index(model, index));
        for subject in id.chain(uniques).chain(indexes) {
            check(&subject, provider, diagnostics);
        }
    }
}

/// The subject of the checks: a key or an index.
struct Subject<'d> {
    /// The model's name.
    model: &'d str,
    kind: KeyKind,
    /// The attribute.
    span: Span,
    /// True if it stands behind its field.
    on_field: bool,
    parts: Vec<Part<'d>>,
    algorithm: Option<(IndexAlgorithm, Span)>,
    has_condition: bool,
    /// True if a `sort:` is written.
    sorted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Id,
    Unique,
    Normal,
    Fulltext,
}

/// One of the places of a key or an index.
struct Part<'d> {
    /// The column, unless it is an expression.
    column: Option<IndexedColumn<'d>>,
    descending: bool,
    operator_class: Option<&'d OperatorClass>,
    span: Span,
}

#[derive(Clone, Copy)]
struct IndexedColumn<'d> {
    /// The field's name.
    field: &'d str,
    /// The place of that name.
    field_span: Span,
    column: &'d Column,
    arity: Arity,
    length: Option<u32>,
}

impl<'d> Subject<'d> {
    fn key(model: &'d ModelDraft<'_>, draft: &'d KeyDraft, kind: KeyKind) -> Self {
        let spans = draft.columns.iter().copied();
        Self {
            model: model.name(),
            kind,
            span: draft.span,
            on_field: draft.columns.first() == Some(&draft.span),
            parts: draft
                .key
                .columns
                .iter()
                .zip(spans)
                .map(|(column, span)| Part::column(model, column, span))
                .collect(),
            algorithm: None,
            has_condition: draft.key.predicate.is_some(),
            sorted: draft.sorted,
        }
    }

    fn index(model: &'d ModelDraft<'_>, draft: &'d IndexDraft) -> Self {
        let part = |(part, span): (&'d IndexPart, Span)| match part {
            IndexPart::Column(column) => Part::column(model, column, span),
            IndexPart::Expression { descending, operator_class, .. } => {
                Part { column: None, descending: *descending, operator_class: operator_class.as_ref(), span }
            }
        };
        Self {
            model: model.name(),
            kind: match draft.index.kind {
                IndexKind::Normal => KeyKind::Normal,
                IndexKind::Unique => KeyKind::Unique,
                IndexKind::Fulltext => KeyKind::Fulltext,
            },
            span: draft.span,
            on_field: false,
            parts: draft.index.parts.iter().zip(draft.parts.iter().copied()).map(part).collect(),
            algorithm: draft.index.algorithm.map(|algorithm| (algorithm, draft.algorithm.unwrap_or(draft.span))),
            has_condition: draft.index.predicate.is_some(),
            sorted: draft.sorted,
        }
    }

    /// Its spelling in the schema.
    fn attribute(&self) -> &'static str {
        match (self.kind, self.on_field) {
            (KeyKind::Id, true) => "@id",
            (KeyKind::Id, false) => "@@id",
            (KeyKind::Unique, true) => "@unique",
            (KeyKind::Unique, false) => "@@unique",
            (KeyKind::Normal, _) => "@@index",
            (KeyKind::Fulltext, _) => "@@fulltext",
        }
    }

    /// One of its fields, as messages show it.
    fn path(&self, column: IndexedColumn<'d>) -> FieldPath<'d> {
        FieldPath { model: self.model, field: column.field }
    }

    /// The columns among its parts.
    fn columns(&self) -> impl Iterator<Item = (IndexedColumn<'d>, Span)> {
        self.parts.iter().filter_map(|part| Some((part.column?, part.span)))
    }

    /// The spelling of an argument of one of its fields.
    fn with_argument(&self, field: &str, argument: &str) -> String {
        if self.on_field { format!("{}({argument})", self.attribute()) } else { format!("{field}({argument})") }
    }
}

impl<'d> Part<'d> {
    fn column(model: &'d ModelDraft<'_>, column: &'d IndexColumn, span: Span) -> Self {
        let indexed = |field: &'d FieldDraft<'_>| {
            Some(IndexedColumn {
                field: field.name(),
                field_span: field.span(),
                column: field.column()?,
                arity: field.arity,
                length: column.length,
            })
        };
        Self {
            column: model.field(column.field).and_then(indexed),
            descending: column.descending,
            operator_class: column.operator_class.as_ref(),
            span,
        }
    }
}

impl IndexedColumn<'_> {
    /// Its built-in type, if it is one.
    fn scalar(&self) -> Option<Scalar> {
        if let ColumnType::Scalar(scalar) = self.column.ty { Some(scalar) } else { None }
    }

    /// Its native type, where the schema tells: an enum is a type of its own, and an `Unsupported` may be anything.
    fn native(&self, provider: Provider) -> Option<&'static native::Definition> {
        let named = self.column.native.as_ref().map(|native| native.definition);
        named.or_else(|| Some(native::default_for(provider, self.scalar()?)?.definition))
    }
}

fn check(subject: &Subject<'_>, provider: Provider, diagnostics: &mut Vec<Diagnostic>) {
    if provider != Provider::Mysql {
        lengths(subject, diagnostics);
    }
    if let Some((algorithm, span)) = subject.algorithm
        && provider != Provider::Postgres
        && algorithm != IndexAlgorithm::BTree
    {
        diagnostics.push(messages::index_type_unsupported(span, algorithm, provider));
        // The rules about its fields depend on the type.
        return;
    }
    if provider != Provider::Postgres {
        operator_classes(subject, provider, diagnostics);
    }
    if subject.kind == KeyKind::Fulltext && provider != Provider::Mysql {
        diagnostics.push(messages::fulltext_unsupported(subject.span, provider));
        return;
    }
    match provider {
        Provider::Postgres => postgres::check(subject, diagnostics),
        Provider::Mysql => mysql::check(subject, diagnostics),
        Provider::Sqlite => {}
    }
}

/// `length:` where columns are indexed whole.
fn lengths(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some((column, span)) = subject.columns().find(|(column, _)| column.length.is_some()) {
        diagnostics.push(messages::length_unsupported(span, subject.attribute(), subject.path(column)));
    }
}

/// `ops:` where indexes have no operator classes. Prisma lets it pass, so it is no error in an `@@index`.
fn operator_classes(subject: &Subject<'_>, provider: Provider, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(part) = subject.parts.iter().find(|part| part.operator_class.is_some()) {
        let severity = if subject.kind == KeyKind::Normal { Severity::Warning } else { Severity::Error };
        diagnostics.push(
            messages::operator_class_unsupported(part.span, subject.attribute(), provider).with_severity(severity),
        );
    }
}
