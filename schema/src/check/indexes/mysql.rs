//! MySQL: prefixes of long columns, full-text indexes, no partial indexes.

use super::{KeyKind, Subject};
use crate::diagnostic::Diagnostic;
use crate::messages::indexes as messages;
use crate::model::{Arity, ColumnType, Provider, Scalar};
use crate::native::Indexing;

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if subject.has_condition {
        diagnostics.push(messages::condition_unsupported(subject.span, subject.attribute()));
    }
    if subject.kind == KeyKind::Fulltext {
        fulltext(subject, diagnostics);
    } else {
        lengths(subject, diagnostics);
        whole(subject, diagnostics);
    }
}

fn fulltext(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if subject.sorted {
        diagnostics.push(messages::fulltext_sort(subject.span));
    }
    if let Some((_, span)) = subject.columns().find(|(column, _)| column.length.is_some()) {
        diagnostics.push(messages::fulltext_length(span));
    }
    for (column, span) in subject.columns() {
        let is_text = column.scalar() == Some(Scalar::String) && column.arity != Arity::List;
        if !is_text && !matches!(column.column.ty, ColumnType::Unsupported(_)) {
            // Prisma lets these pass, so they are no errors; mysql refuses them.
            diagnostics.push(messages::fulltext_type(span, subject.path(column)));
        }
    }
}

/// `length:` is of characters or bytes.
fn lengths(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (column, span) in subject.columns().filter(|(column, _)| column.length.is_some()) {
        let is_unknown = matches!(column.column.ty, ColumnType::Unsupported(_));
        if !is_unknown && !matches!(column.scalar(), Some(Scalar::String | Scalar::Bytes)) {
            diagnostics.push(messages::length_of_other_type(span, subject.attribute(), subject.path(column)));
        }
    }
}

/// Types that are too long to be indexed whole.
fn whole(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let what = subject.attribute();
    let whole = || subject.columns().filter(|(column, _)| column.length.is_none());
    let mut long = whole().filter_map(|(column, span)| Some((column, span, column.column.native.as_ref()?)));
    if let Some((column, span, native)) = long.find(|(.., native)| native.definition.indexing == Indexing::Prefix) {
        let written = subject.with_argument(column.field, "length: 191");
        diagnostics.push(messages::length_missing(span, what, subject.path(column), native.name(), &written));
        return;
    }
    // Prisma lets these pass, so they are no errors; mysql refuses them.
    for (column, span) in whole() {
        let help = match column.native(Provider::Mysql) {
            Some(native) if native.name == "Json" => {
                "index a `@generated` column that takes out what is asked for".to_owned()
            }
            Some(native) if native.indexing == Indexing::Prefix => {
                let prefix = subject.with_argument(column.field, "length: 191");
                format!("write `{prefix}`, or give the field a native type like `VarBinary(255)`")
            }
            _ => continue,
        };
        diagnostics.push(messages::refused_by_mysql(span, what, subject.path(column), help));
    }
}
