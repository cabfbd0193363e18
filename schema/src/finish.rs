//! The draft to the schema: fields that could not be resolved are left out, and the ids close up.

use crate::draft::{Config, Draft, FieldDraft, IndexDraft, KindDraft, ModelDraft};
use crate::model::{
    Field, FieldId, FieldKind, Index, IndexColumn, IndexPart, Key, Link, Mixin, Model, Predicate, Relation,
    RelationEnd, Schema,
};
use crate::syntax::Block;

/// The new id of each field of a model, `None` where the field is left out.
type Renumbering = Vec<Option<FieldId>>;

pub(crate) fn finish(draft: Draft<'_>, config: Config) -> Schema {
    let renumberings: Vec<Renumbering> = draft.models.iter().map(renumbering).collect();
    let mixins = mixins(&draft);
    let relations = draft
        .relations
        .into_iter()
        .filter_map(|relation| renumber_relation(relation.relation, &renumberings))
        .collect();
    let models = draft.models.into_iter().zip(&renumberings).map(|(model, ids)| finish_model(model, ids)).collect();
    Schema {
        datasource: config.datasource,
        generators: config.generators,
        models,
        enums: draft.enums,
        relations,
        mixins,
    }
}

/// The mixins of the schema.
fn mixins(draft: &Draft<'_>) -> Vec<Mixin> {
    let mixin = |block: &&Block| Mixin {
        name: block.name.text.clone(),
        documentation: block.documentation.clone(),
        fields: block.fields().map(|field| field.name.text.clone()).collect(),
    };
    draft.mixin_blocks.iter().map(mixin).collect()
}

fn renumbering(model: &ModelDraft<'_>) -> Renumbering {
    let mut next = 0;
    let is_kept = |field: &FieldDraft<'_>| match field.kind {
        KindDraft::Column(_) | KindDraft::Relation { resolved: Some(_), .. } => true,
        KindDraft::Relation { resolved: None, .. } | KindDraft::Composite | KindDraft::Unresolved => false,
    };
    let number = |field| {
        is_kept(field).then(|| {
            next += 1;
            FieldId(next - 1)
        })
    };
    model.fields.iter().map(number).collect()
}

fn new_id(ids: &Renumbering, id: FieldId) -> Option<FieldId> {
    ids.get(id.0).copied().flatten()
}

/// The relation with new ids. It is never left out: its ends are resolved and its columns are columns, so all are kept.
fn renumber_relation(relation: Relation, renumberings: &[Renumbering]) -> Option<Relation> {
    let (from, to) = (renumberings.get(relation.from.model.0)?, renumberings.get(relation.to.model.0)?);
    let all =
        |ids: &Renumbering, fields: &[FieldId]| fields.iter().map(|id| new_id(ids, *id)).collect::<Option<Vec<_>>>();
    let link = match relation.link {
        Link::ForeignKey { columns, references, on_delete, on_update, map } => Link::ForeignKey {
            columns: all(from, &columns)?,
            references: all(to, &references)?,
            on_delete,
            on_update,
            map,
        },
        Link::JoinTable { table, from_key, to_key } => {
            Link::JoinTable { table, from_key: new_id(from, from_key)?, to_key: new_id(to, to_key)? }
        }
    };
    Some(Relation {
        name: relation.name,
        from: RelationEnd { field: new_id(from, relation.from.field)?, ..relation.from },
        to: RelationEnd { field: new_id(to, relation.to.field)?, ..relation.to },
        link,
    })
}

fn finish_model(model: ModelDraft<'_>, ids: &Renumbering) -> Model {
    let columns = |columns: Vec<IndexColumn>| -> Option<Vec<IndexColumn>> {
        columns.into_iter().map(|column| Some(IndexColumn { field: new_id(ids, column.field)?, ..column })).collect()
    };
    let parts = |parts: Vec<IndexPart>| -> Option<Vec<IndexPart>> {
        let part = |part| match part {
            IndexPart::Column(column) => {
                Some(IndexPart::Column(IndexColumn { field: new_id(ids, column.field)?, ..column }))
            }
            IndexPart::Expression { .. } => Some(part),
        };
        parts.into_iter().map(part).collect()
    };
    let predicate = |predicate: Option<Predicate>| match predicate {
        Some(Predicate::Fields(conditions)) => {
            let condition = |(field, condition)| Some((new_id(ids, field)?, condition));
            conditions.into_iter().map(condition).collect::<Option<_>>().map(Predicate::Fields)
        }
        other => other,
    };
    let key = |key: Key| {
        let columns = columns(key.columns)?;
        // In the clients a key over one field is called like that.
        let name = key.name.filter(|_| columns.len() > 1);
        Some(Key { columns, name, predicate: predicate(key.predicate), ..key })
    };
    Model {
        name: model.block.name.text.clone(),
        kind: model.kind,
        table: model.table,
        schema: model.schema.map(|(name, _)| name),
        documentation: model.block.documentation.clone(),
        fields: model.fields.into_iter().filter_map(finish_field).collect(),
        primary_key: model.primary_key.and_then(|draft| key(draft.key)),
        uniques: model.uniques.into_iter().filter_map(|draft| key(draft.key)).collect(),
        indexes: model
            .indexes
            .into_iter()
            .filter_map(|IndexDraft { index, .. }| {
                Some(Index { parts: parts(index.parts)?, predicate: predicate(index.predicate), ..index })
            })
            .collect(),
        checks: model.checks,
        mixins: model.mixins,
        shard_key: model.shard_key.into_iter().filter_map(|field| new_id(ids, field)).collect(),
        was: model.was,
        ignored: model.ignored,
        span: model.block.name.span,
    }
}

fn finish_field(field: FieldDraft<'_>) -> Option<Field> {
    let kind = match field.kind {
        KindDraft::Column(column) => FieldKind::Column(column),
        KindDraft::Relation { resolved: Some((relation, end)), .. } => FieldKind::Relation(relation, end),
        KindDraft::Relation { resolved: None, .. } | KindDraft::Composite | KindDraft::Unresolved => return None,
    };
    Some(Field {
        name: field.syntax.name.text.clone(),
        documentation: field.syntax.documentation.clone(),
        kind,
        arity: field.arity,
        ignored: field.ignored,
        server_only: field.server_only,
        was: field.was,
        span: field.syntax.name.span,
    })
}
