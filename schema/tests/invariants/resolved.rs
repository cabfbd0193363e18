//! The resolved schema holds only ids of its own lists, and its findings can be drawn.

use purlin_schema::model::{ColumnType, Condition, Default, End, FieldKind, Link, Literal, Model, Predicate};
use purlin_schema::{Diagnostic, Schema, SourceFile, parse, parse_all_stages, report};

/// Beyond so many findings only the last are drawn: drawing costs several times what parsing does.
const MOST_DRAWN: usize = 4;

/// Parses, draws what was found, and compares with what [`parse`] tells of it.
pub(crate) fn check(files: &[SourceFile]) {
    let (schema, all) = check_undrawn(files);
    let (same, first) = parse(files);
    assert!(same == schema, "the stages change the schema of {files:?}");
    let mut rest = all.iter();
    assert!(first.iter().all(|one| rest.any(|other| one == other)), "the stages add to the findings of {files:?}");
    assert_eq!(first.is_empty(), all.is_empty(), "the stages hide all findings of {files:?}");
    let some = &all[all.len().saturating_sub(MOST_DRAWN)..];
    report::text(files, some, all.len().is_multiple_of(2));
    report::json(files, &all);
    report::github(files, &all);
}

/// Parses, and looks at the schema and the places of the findings.
pub(crate) fn check_undrawn(files: &[SourceFile]) -> (Schema, Vec<Diagnostic>) {
    let (schema, all) = parse_all_stages(files);
    for diagnostic in &all {
        for span in diagnostic.related.iter().map(|(span, _)| span).chain([&diagnostic.span]) {
            let text = files.get(span.file).and_then(|file| file.text.get(span.start..span.end));
            assert!(text.is_some(), "{diagnostic:?} is not in {files:?}");
        }
    }
    ids(&schema, files);
    (schema, all)
}

fn ids(schema: &Schema, files: &[SourceFile]) {
    for (index, model) in schema.models.iter().enumerate() {
        let keys = model.primary_key.iter().chain(&model.uniques);
        let predicates = keys.clone().map(|key| &key.predicate).chain(model.indexes.iter().map(|it| &it.predicate));
        let columns = keys.flat_map(|key| &key.columns).chain(model.indexes.iter().flat_map(|index| index.columns()));
        for field in columns.map(|column| column.field).chain(model.shard_key.iter().copied()) {
            assert!(matches!(model.field(field).kind, FieldKind::Column(_)), "{files:?}");
        }
        for predicate in predicates.flatten() {
            conditions(schema, model, predicate);
        }
        for (place, field) in model.fields.iter().enumerate() {
            match &field.kind {
                FieldKind::Relation(id, end) => {
                    let relation = schema.relation(*id);
                    let end = match end {
                        End::From => relation.from,
                        End::To => relation.to,
                    };
                    assert_eq!((end.model.0, end.field.0), (index, place), "{files:?}");
                }
                FieldKind::Column(column) => {
                    if let ColumnType::Enum(id) = column.ty {
                        schema.enumeration(id);
                    }
                    if let Some(Default::Literal(value)) = &column.default {
                        literal(schema, &column.ty, value);
                    }
                }
            }
        }
    }
    for relation in &schema.relations {
        let (from, to) = (schema.model(relation.from.model), schema.model(relation.to.model));
        assert!(matches!(from.field(relation.from.field).kind, FieldKind::Relation(..)), "{files:?}");
        assert!(matches!(to.field(relation.to.field).kind, FieldKind::Relation(..)), "{files:?}");
        let (here, there) = match &relation.link {
            Link::ForeignKey { columns, references, .. } => (columns.as_slice(), references.as_slice()),
            Link::JoinTable { from_key, to_key, .. } => (std::slice::from_ref(from_key), std::slice::from_ref(to_key)),
        };
        assert_eq!(here.len(), there.len(), "{files:?}");
        if matches!(relation.link, Link::ForeignKey { .. }) {
            assert!(here.iter().all(|id| matches!(from.field(*id).kind, FieldKind::Column(_))), "{files:?}");
            assert!(there.iter().all(|id| matches!(to.field(*id).kind, FieldKind::Column(_))), "{files:?}");
        } else {
            assert!(from.fields.len() > here[0].0 && to.fields.len() > there[0].0, "{files:?}");
        }
    }
}

fn conditions(schema: &Schema, model: &Model, predicate: &Predicate) {
    let Predicate::Fields(conditions) = predicate else { return };
    for (field, condition) in conditions {
        let FieldKind::Column(column) = &model.field(*field).kind else { panic!("a condition on a relation") };
        if let Condition::Equals(value) | Condition::NotEquals(value) = condition {
            literal(schema, &column.ty, value);
        }
    }
}

fn literal(schema: &Schema, ty: &ColumnType, value: &Literal) {
    match value {
        Literal::EnumValue(index) => {
            let ColumnType::Enum(id) = ty else { panic!("an enum's value for {ty:?}") };
            assert!(schema.enumeration(*id).values.len() > *index, "{value:?} of {ty:?}");
        }
        Literal::List(items) => items.iter().for_each(|item| literal(schema, ty, item)),
        Literal::String(_) | Literal::Number(_) | Literal::Boolean(_) => {}
    }
}
