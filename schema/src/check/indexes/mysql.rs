//! MySQL: prefixes of long columns, full-text indexes, no partial indexes.

use super::{Kind, Subject};
use crate::diagnostic::Diagnostic;
use crate::model::{Arity, ColumnType, Provider, Scalar};
use crate::native::Indexing;
use crate::rules::Rule;

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if subject.has_condition {
        diagnostics.push(
            Diagnostic::error(
                Rule::ConditionUnsupported,
                subject.span,
                format!("`{}` has a `where`, but mysql has no partial indexes", subject.attribute()),
            )
            .label("indexes all rows or none")
            .help("remove `where:`"),
        );
    }
    if subject.kind == Kind::Fulltext {
        fulltext(subject, diagnostics);
    } else {
        lengths(subject, diagnostics);
        whole(subject, diagnostics);
    }
}

fn fulltext(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if subject.sorted {
        diagnostics.push(
            Diagnostic::error(Rule::FulltextSort, subject.span, "`@@fulltext` finds words, which have no order")
                .label("`sort` means nothing here")
                .help("remove `sort:`"),
        );
    }
    if let Some((_, span)) = subject.columns().find(|(column, _)| column.length.is_some()) {
        diagnostics.push(
            Diagnostic::error(Rule::FulltextLength, span, "`@@fulltext` always has all words of a column")
                .label("`length` means nothing here")
                .help("remove `length:`"),
        );
    }
    for (column, span) in subject.columns() {
        let is_text = column.scalar() == Some(Scalar::String) && column.arity != Arity::List;
        if !is_text && !matches!(column.column.ty, ColumnType::Unsupported(_)) {
            // Prisma lets these pass, so they are no errors; mysql refuses them.
            diagnostics.push(
                Diagnostic::warning(
                    Rule::FulltextType,
                    span,
                    format!(
                        "`@@fulltext` needs fields of the type `String`, and `{}.{}` is none",
                        subject.model, column.field
                    ),
                )
                .label("no text")
                .help("leave it out"),
            );
        }
    }
}

/// `length:` is of characters or bytes.
fn lengths(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (column, span) in subject.columns().filter(|(column, _)| column.length.is_some()) {
        let is_unknown = matches!(column.column.ty, ColumnType::Unsupported(_));
        if !is_unknown && !matches!(column.scalar(), Some(Scalar::String | Scalar::Bytes)) {
            diagnostics.push(
                Diagnostic::error(
                    Rule::LengthOfOtherType,
                    span,
                    format!(
                        "`{}` has a `length` for `{}.{}`, which is neither `String` nor `Bytes`",
                        subject.attribute(),
                        subject.model,
                        column.field
                    ),
                )
                .label("has no beginning to index")
                .help("remove `length:`"),
            );
        }
    }
}

/// Types that are too long to be indexed whole.
fn whole(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let what = subject.attribute();
    let whole = || subject.columns().filter(|(column, _)| column.length.is_none());
    let mut long = whole().filter_map(|(column, span)| Some((column, span, column.column.native.as_ref()?)));
    if let Some((column, span, native)) = long.find(|(.., native)| native.definition.indexing == Indexing::Prefix) {
        diagnostics.push(
            Diagnostic::error(
                Rule::LengthMissing,
                span,
                format!(
                    "`{what}` would hold the whole `{}` of `{}.{}`, and mysql indexes only the beginning of one",
                    native.name(),
                    subject.model,
                    column.field
                ),
            )
            .label("needs a `length`")
            .help(format!(
                "write `{}`, or give the field a type that is indexed whole, such as `VarChar(191)`",
                subject.with_argument(column.field, "length: 191")
            )),
        );
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
        diagnostics.push(
            Diagnostic::warning(
                Rule::IndexRefused,
                span,
                format!(
                    "mysql will refuse `{what}` over `{}.{}`: it cannot index this type whole",
                    subject.model, column.field
                ),
            )
            .label("cannot be indexed whole")
            .help(help),
        );
    }
}
