//! PostgreSQL: kinds of index, and the operator classes that each has for a type.

use super::{IndexedColumn, KeyKind, Part, Subject};
use crate::diagnostic::{Diagnostic, Severity};
use crate::messages::indexes as messages;
use crate::model::IndexAlgorithm::{self, BTree, Gin, Gist, Hash, SpGist};
use crate::model::{Arity, ColumnType, OperatorClass, Provider, Scalar};
use crate::native::Indexing;
use crate::operators::{self, Definition};
use crate::source::Span;

/// Types that have no order, so no B-tree either. Those that nothing indexes are told by [`Indexing`].
const UNORDERED: &[&str] = &["Json"];

/// Types that have no hash.
const UNHASHED: &[&str] = &["Bit", "Json", "Money", "VarBit"];

const AS_JSONB: &str = "give it the native type `JsonB`, which can be indexed";

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (algorithm, span) = subject.algorithm.unwrap_or((BTree, subject.span));
    // What Prisma lets pass is no error; PostgreSQL refuses it all the same.
    if matches!(algorithm, Hash | SpGist) && subject.parts.len() > 1 {
        let severity = if algorithm == Hash { Severity::Warning } else { Severity::Error };
        diagnostics
            .push(messages::several_indexed_fields(span, algorithm, subject.parts.len()).with_severity(severity));
    }
    let is_descending = subject.parts.iter().any(|part| part.descending);
    if algorithm == Hash && subject.sorted || algorithm != BTree && is_descending {
        let severity = if algorithm == Hash { Severity::Error } else { Severity::Warning };
        diagnostics.push(messages::unordered_index(subject.span, algorithm).with_severity(severity));
    }
    let never = |column: &IndexedColumn<'_>| {
        column.native(Provider::Postgres).filter(|native| native.indexing == Indexing::Never)
    };
    if let Some((column, native)) = subject.columns().find_map(|(column, _)| Some((column, never(&column)?))) {
        diagnostics.push(messages::unindexable_type(
            column.field_span,
            subject.attribute(),
            subject.path(column),
            native.name,
        ));
        return;
    }
    let is_constraint = subject.kind != KeyKind::Normal && subject.parts.iter().all(|part| part.column.is_some());
    if is_constraint && let Some(part) = subject.parts.iter().find(|part| part.operator_class.is_some()) {
        diagnostics.push(messages::operator_class_of_key(part.span, subject.attribute()));
        return;
    }
    for part in &subject.parts {
        match (part.operator_class, part.column) {
            (Some(OperatorClass::Known(name)), _) => {
                if let Some(class) = operators::definition(name) {
                    named(subject, part, class, algorithm, diagnostics);
                }
            }
            (None, Some(column)) => unnamed(subject, column, part.span, algorithm, diagnostics),
            // Only the database knows whether such an operator class fits, or of what type an expression is.
            (Some(OperatorClass::Raw(_)), _) | (None, None) => {}
        }
    }
}

/// An operator class must be one of this kind of index and of this type.
fn named(
    subject: &Subject<'_>,
    part: &Part<'_>,
    class: &Definition,
    algorithm: IndexAlgorithm,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let name = class.name;
    if !class.algorithms.contains(&algorithm) {
        diagnostics.push(messages::operator_class_of_other_index(part.span, name, algorithm, class.algorithms));
        return;
    }
    let Some(column) = part.column.filter(|column| !class.fits(native(column), column.arity)) else { return };
    let field = column.field;
    let help = match (fitting(&column, algorithm).as_slice(), &column.column.ty) {
        (_, ColumnType::Unsupported(_)) => format!("write `{field}(ops: raw(\"{}\"))`", class.sql),
        ([], _) if algorithm == Gin && native(&column) == Some("Json") => AS_JSONB.to_owned(),
        ([], _) => format!("no operator class of `{algorithm}` is for this field: remove `type:` and `ops:`"),
        (classes, _) => format!("for this field: {}", classes.join(", ")),
    };
    let severity = if algorithm == Gist { Severity::Error } else { severity(&column, algorithm) };
    let holds = (column.arity != Arity::List).then(|| holds(&column));
    diagnostics.push(
        messages::operator_class_of_other_type(part.span, class, subject.path(column), holds.as_deref(), help)
            .with_severity(severity),
    );
}

/// Without an operator class, the database takes the type's default one, if it has one.
fn unnamed(
    subject: &Subject<'_>,
    column: IndexedColumn<'_>,
    span: Span,
    algorithm: IndexAlgorithm,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let IndexedColumn { field, .. } = column;
    if matches!(algorithm, BTree | Hash) {
        let (lacking, what) = if algorithm == Hash { (UNHASHED, "hash") } else { (UNORDERED, "compare") };
        // Prisma lets these pass, so they are no errors; PostgreSQL refuses them.
        if let Some(native) = native(&column).filter(|native| lacking.contains(native)) {
            let help = if native == "Json" { AS_JSONB } else { "remove `type:`" };
            let (attribute, path) = (subject.attribute(), subject.path(column));
            diagnostics.push(messages::refused_by_postgres(span, attribute, path, (what, native), help));
        }
        return;
    }
    let has_default = operators::DEFINITIONS
        .iter()
        .any(|class| class.default_of.contains(&algorithm) && class.fits(native(&column), column.arity));
    if has_default || matches!(column.column.ty, ColumnType::Unsupported(_)) {
        return;
    }
    let help = match (fitting(&column, algorithm).as_slice(), algorithm, column.scalar()) {
        ([class, ..], ..) => format!("write `{field}(ops: {})`", class.trim_matches('`')),
        ([], Gin | Gist, Some(Scalar::String)) if column.arity != Arity::List => {
            let prefix = if algorithm == Gin { "gin" } else { "gist" };
            format!("with the extension pg_trgm, write `{field}(ops: raw(\"{prefix}_trgm_ops\"))`")
        }
        _ if algorithm == Gin && native(&column) == Some("Json") => AS_JSONB.to_owned(),
        _ => "remove `type:`, or name an operator class of an extension with `ops: raw(\"..\")`".to_owned(),
    };
    diagnostics.push(
        messages::no_operator_class(span, algorithm, subject.path(column), &holds(&column), help)
            .with_severity(severity(&column, algorithm)),
    );
}

/// Prisma takes `Char` for text here, and lets a `String` without a native type pass, so a schema that is shared with
/// it may have that; PostgreSQL refuses it.
fn severity(column: &IndexedColumn<'_>, algorithm: IndexAlgorithm) -> Severity {
    let is_plain = column.column.native.is_none() && column.scalar() == Some(Scalar::String);
    let is_let_pass = match algorithm {
        SpGist => native(column) == Some("Char") && column.arity != Arity::List,
        Gist => is_plain,
        _ => false,
    };
    if is_let_pass { Severity::Warning } else { Severity::Error }
}

/// The names of the operator classes of this kind of index for this column.
fn fitting(column: &IndexedColumn<'_>, algorithm: IndexAlgorithm) -> Vec<String> {
    operators::DEFINITIONS
        .iter()
        .filter(|class| class.algorithms.contains(&algorithm) && class.fits(native(column), column.arity))
        .map(|class| format!("`{}`", class.name))
        .collect()
}

fn native(column: &IndexedColumn<'_>) -> Option<&'static str> {
    Some(column.native(Provider::Postgres)?.name)
}

/// Describes the content of a column for messages.
fn holds(column: &IndexedColumn<'_>) -> String {
    if column.arity == Arity::List {
        return "a list".to_owned();
    }
    match (native(column), &column.column.ty) {
        (Some(native), _) => format!("`{native}`"),
        (None, ColumnType::Unsupported(name)) => format!("`Unsupported(\"{name}\")`"),
        (None, _) => "an enum".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{IndexedColumn, KeyKind, Part, Subject};
    use crate::model::{Arity, Column, ColumnType, IndexAlgorithm, Provider};
    use crate::native::{Definition, NativeType, definitions};
    use crate::rules::Rule;
    use crate::source::Span;

    /// Returns whether such a column is complained about in an index of this kind without an operator class.
    fn is_refused(native: &'static Definition, algorithm: IndexAlgorithm) -> bool {
        let column = Column {
            name: "a".to_owned(),
            ty: ColumnType::Scalar(native.scalars[0]),
            default: None,
            updated_at: false,
            native: Some(NativeType { definition: native, arguments: Vec::new() }),
            generated: None,
        };
        let span = Span::default();
        let indexed =
            IndexedColumn { field: "a", field_span: span, column: &column, arity: Arity::Required, length: None };
        let subject = Subject {
            model: "A",
            kind: KeyKind::Normal,
            span,
            on_field: false,
            parts: vec![Part { column: Some(indexed), descending: false, operator_class: None, span }],
            algorithm: Some((algorithm, span)),
            has_condition: false,
            sorted: false,
        };
        let mut diagnostics = Vec::new();
        super::check(&subject, &mut diagnostics);
        match diagnostics.iter().map(|diagnostic| diagnostic.rule).collect::<Vec<_>>().as_slice() {
            [] => false,
            [Rule::NoOperatorClass | Rule::IndexRefused | Rule::UnindexableType] => true,
            other => panic!("{} in {algorithm:?}: {other:?}", native.name),
        }
    }

    /// The expectations are what PostgreSQL 15 said to `CREATE INDEX`, type by type.
    #[test]
    fn postgresql_takes_the_same_types() {
        let taken = |algorithm| {
            let taken = definitions(Provider::Postgres).iter().filter(|native| !is_refused(native, algorithm));
            taken.map(|native| native.name).collect::<Vec<_>>()
        };
        let all_but = |refused: &[&str]| {
            let names = definitions(Provider::Postgres).iter().map(|native| native.name);
            names.filter(|name| !refused.contains(name)).collect::<Vec<_>>()
        };
        assert_eq!(taken(IndexAlgorithm::BTree), all_but(&["Json", "Xml"]));
        assert_eq!(taken(IndexAlgorithm::Hash), all_but(&["Bit", "Json", "Money", "VarBit", "Xml"]));
        assert_eq!(taken(IndexAlgorithm::Brin), all_but(&["Boolean", "Json", "JsonB", "Money", "Xml"]));
        assert_eq!(taken(IndexAlgorithm::Gin), ["JsonB"]);
        assert_eq!(taken(IndexAlgorithm::Gist), [""; 0]);
        assert_eq!(taken(IndexAlgorithm::SpGist), ["Text", "VarChar", "Citext", "Inet"]);
    }
}
