//! A schema without a datasource: what only some databases have cannot be judged, and so is refused, all of it here.

use crate::attributes::Bound;
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, FieldDraft, KeyDraft, ModelDraft};
use crate::messages::database as messages;
use crate::model::{Arity, ColumnType, Default, FieldId, IndexAlgorithm, IndexKind, IndexPart, Scalar};
use crate::source::Span;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if draft.provider.is_some() || draft.datasource.is_some() {
        return;
    }
    for model in &draft.models {
        for (index, field) in model.fields.iter().enumerate() {
            of_field(model, FieldId(index), field, diagnostics);
        }
        if let Some(key) = &model.primary_key {
            of_id(model, key, diagnostics);
        }
        for key in &model.uniques {
            length(key.key.columns.iter().any(|column| column.length.is_some()), key.span, "a key", diagnostics);
        }
        for draft in &model.indexes {
            let has_length = |part: &IndexPart| part.column().is_some_and(|column| column.length.is_some());
            length(draft.index.parts.iter().any(has_length), draft.span, "an index", diagnostics);
            if draft.index.kind == IndexKind::Fulltext {
                report(draft.span, "`@@fulltext` is an index of words", diagnostics);
            }
            if let (Some(algorithm), Some(span)) = (draft.index.algorithm, draft.algorithm)
                && algorithm != IndexAlgorithm::BTree
            {
                report(span, &format!("`@@index` is of the type `{algorithm}`"), diagnostics);
            }
        }
        if let Some((_, span)) = &model.schema {
            report(*span, &format!("the model `{}` has an `@@schema`", model.name()), diagnostics);
        }
    }
    for (block, schema) in draft.enum_blocks.iter().zip(&draft.enum_schemas) {
        if let Some((_, span)) = schema {
            report(*span, &format!("the enum `{}` has an `@@schema`", block.name.text), diagnostics);
        }
    }
}

fn of_field(model: &ModelDraft<'_>, id: FieldId, field: &FieldDraft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let place = format!("`{}.{}`", model.name(), field.name());
    let argument = |attribute: &str, name: &str| {
        let bound: Option<&Bound<'_>> = field.attribute(attribute);
        bound.and_then(|bound| bound.get(name)).map(|argument| argument.span)
    };
    let Some(column) = field.column() else {
        if let Some(span) = argument("relation", "map") {
            report(span, &format!("the foreign key of {place} has a name"), diagnostics);
        }
        return;
    };
    if field.arity == Arity::List {
        report(field.syntax.ty.span, &format!("{place} is a list of values"), diagnostics);
    }
    if column.ty == ColumnType::Scalar(Scalar::Decimal) {
        report(field.syntax.ty.span, &format!("{place} is a `Decimal`"), diagnostics);
    }
    let is_id = model.primary_key.as_ref().is_some_and(|key| key.fields().any(|field| field == id));
    if let (Some(Default::Autoincrement), Some(bound), false) = (&column.default, field.attribute("default"), is_id) {
        report(bound.span, &format!("{place} has `autoincrement()`, and is not the id"), diagnostics);
    }
    if let Some(span) = argument("default", "map") {
        report(span, &format!("the default of {place} has a name"), diagnostics);
    }
}

fn of_id(model: &ModelDraft<'_>, key: &KeyDraft, diagnostics: &mut Vec<Diagnostic>) {
    if key.map.is_some() {
        report(model.block.name.span, &format!("the id of `{}` has a name", model.name()), diagnostics);
    }
    if key.sorted {
        report(key.span, &format!("the id of `{}` has an order", model.name()), diagnostics);
    }
    length(key.key.columns.iter().any(|column| column.length.is_some()), key.span, "the id", diagnostics);
}

fn length(is_given: bool, span: Span, what: &str, diagnostics: &mut Vec<Diagnostic>) {
    if is_given {
        report(span, &format!("{what} is over a prefix of a field"), diagnostics);
    }
}

fn report(span: Span, what: &str, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.push(messages::missing_datasource(span, what));
}
