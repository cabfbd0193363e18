//! PostgreSQL: kinds of index, and the operator classes that each has for a type.

use super::{IndexedColumn, Kind, Part, Subject};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::IndexAlgorithm::{self, BTree, Gin, Gist, Hash, SpGist};
use crate::model::{Arity, ColumnType, OperatorClass, Provider, Scalar};
use crate::native::Indexing;
use crate::operators::{self, Accepts, Definition};
use crate::rules::Rule;
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
        let message = format!(
            "an index of the type `{algorithm:?}` is over one field, and this one is over {}",
            subject.parts.len()
        );
        let severity = if algorithm == Hash { Severity::Warning } else { Severity::Error };
        diagnostics.push(
            Diagnostic { severity, ..Diagnostic::error(Rule::SeveralIndexedFields, span, message) }
                .label("only one field")
                .help("write an index for each field, or leave out `type:`"),
        );
    }
    let is_descending = subject.parts.iter().any(|part| part.descending);
    if algorithm == Hash && subject.sorted || algorithm != BTree && is_descending {
        let message = format!("an index of the type `{algorithm:?}` has no order");
        let severity = if algorithm == Hash { Severity::Error } else { Severity::Warning };
        diagnostics.push(
            Diagnostic { severity, ..Diagnostic::error(Rule::UnorderedIndex, subject.span, message) }
                .label("`sort` means nothing here")
                .help("remove `sort:`"),
        );
    }
    let never = |column: &IndexedColumn<'_>| {
        column.native(Provider::Postgres).filter(|native| native.indexing == Indexing::Never)
    };
    if let Some((column, native)) = subject.columns().find_map(|(column, _)| Some((column, never(&column)?))) {
        diagnostics.push(
            Diagnostic::error(
                Rule::UnindexableType,
                column.field_span,
                format!(
                    "`{}` is over `{}.{}`, and postgresql cannot compare values of `{}`",
                    subject.attribute(),
                    subject.model,
                    column.field,
                    native.name
                ),
            )
            .label("cannot be indexed")
            .help("leave it out, or give it the native type `Text`"),
        );
        return;
    }
    let is_constraint = subject.kind != Kind::Normal && subject.parts.iter().all(|part| part.column.is_some());
    if is_constraint && let Some(part) = subject.parts.iter().find(|part| part.operator_class.is_some()) {
        diagnostics.push(
            Diagnostic::error(
                Rule::OperatorClassOfKey,
                part.span,
                format!("`{}` compares by the type's own operators, so it takes no `ops`", subject.attribute()),
            )
            .label("only in an `@@index`")
            .help("remove `ops:`"),
        );
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
        let kinds: Vec<String> = class.algorithms.iter().map(|algorithm| format!("`type: {algorithm:?}`")).collect();
        diagnostics.push(
            Diagnostic::error(
                Rule::OperatorClassOfOtherIndex,
                part.span,
                format!("an index of the type `{algorithm:?}` has no operator class `{name}`"),
            )
            .label("of another kind of index")
            .help(format!("`{name}` goes with {}", kinds.join(" or "))),
        );
        return;
    }
    let Some(column) = part.column.filter(|column| !class.fits(native(column), column.arity)) else { return };
    let field = column.field;
    let model = subject.model;
    let holds = holds(&column);
    let message = match class.accepts {
        Accepts::Lists => format!("`{name}` is for lists, and `{model}.{field}` is none"),
        Accepts::Natives(_) if column.arity == Arity::List => {
            format!("`{name}` is for single values, and `{model}.{field}` is a list")
        }
        Accepts::Natives(natives) => {
            let natives: Vec<String> = natives.iter().map(|native| format!("`{native}`")).collect();
            format!("`{name}` is for {}, and `{model}.{field}` is {holds}", natives.join(", "))
        }
    };
    let help = match (fitting(&column, algorithm).as_slice(), &column.column.ty) {
        (_, ColumnType::Unsupported(_)) => format!("write `{field}(ops: raw(\"{}\"))`", class.sql),
        ([], _) if algorithm == Gin && native(&column) == Some("Json") => AS_JSONB.to_owned(),
        ([], _) => format!("no operator class of `{algorithm:?}` is for this field; leave out `type:` and `ops:`"),
        (classes, _) => format!("for this field: {}", classes.join(", ")),
    };
    diagnostics.push(
        Diagnostic {
            severity: if algorithm == Gist { Severity::Error } else { severity(&column, algorithm) },
            ..Diagnostic::error(Rule::OperatorClassOfOtherType, part.span, message)
        }
        .label("of another type")
        .help(help),
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
            let diagnostic = Diagnostic::warning(
                Rule::IndexRefused,
                span,
                format!(
                    "postgresql will refuse `{}` over `{}.{field}`: it cannot {what} values of `{native}`",
                    subject.attribute(),
                    subject.model
                ),
            );
            diagnostics.push(diagnostic.label("cannot be indexed").help(match native {
                "Json" => AS_JSONB,
                _ => "remove `type:`",
            }));
        }
        return;
    }
    let has_default = operators::DEFINITIONS
        .iter()
        .any(|class| class.default_of.contains(&algorithm) && class.fits(native(&column), column.arity));
    if has_default || matches!(column.column.ty, ColumnType::Unsupported(_)) {
        return;
    }
    let model = subject.model;
    let help = match (fitting(&column, algorithm).as_slice(), algorithm, column.scalar()) {
        ([class, ..], ..) => format!("write `{field}(ops: {})`", class.trim_matches('`')),
        ([], Gin | Gist, Some(Scalar::String)) if column.arity != Arity::List => {
            let prefix = if algorithm == Gin { "gin" } else { "gist" };
            format!("with the extension pg_trgm, write `{field}(ops: raw(\"{prefix}_trgm_ops\"))`")
        }
        _ if algorithm == Gin && native(&column) == Some("Json") => AS_JSONB.to_owned(),
        _ => "leave out `type:`, or name an operator class of an extension with `ops: raw(\"..\")`".to_owned(),
    };
    let message = format!(
        "an index of the type `{algorithm:?}` has no default operator class for `{model}.{field}`, which is {}",
        holds(&column)
    );
    diagnostics.push(
        Diagnostic {
            severity: severity(&column, algorithm),
            ..Diagnostic::error(Rule::NoOperatorClass, span, message)
        }
        .label("needs an operator class")
        .help(help),
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

/// What is in a column, for messages.
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
    use super::super::{IndexedColumn, Kind, Part, Subject};
    use crate::model::{Arity, Column, ColumnType, IndexAlgorithm, Provider};
    use crate::native::{Definition, NativeType, definitions};
    use crate::rules::Rule;
    use crate::source::Span;

    /// Whether such a column is complained about in an index of this kind without an operator class.
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
            kind: Kind::Normal,
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
