//! The errors of rows that must be there and are not, and of rows that must not.

use purlin_query::catalog::{Arity, Catalog, FieldIndex, ModelIndex};
use purlin_query::plan::Missing;

use crate::error::{Error, ErrorKind, Meta};

/// Several rows have a key that the schema says is unique.
#[cold]
pub(super) fn not_unique(catalog: &Catalog, model: ModelIndex) -> Error {
    let name = catalog.model(model).map_or("row", |model| &model.name);
    let message = format!(
        "several rows of {name} match the unique key of this query, and nothing was changed: the table lacks a unique index that the schema has; run `purlin db push`, or `purlin migrate status`"
    );
    Error::new(ErrorKind::Constraint, message).with("modelName", Meta::Text(name.to_owned()))
}

pub(super) fn not_found(catalog: &Catalog, missing: &Missing) -> Error {
    let (Missing::Target(model)
    | Missing::Written(model)
    | Missing::Moved(model)
    | Missing::Gone(model)
    | Missing::Connected { model, .. }
    | Missing::Set { model, .. }
    | Missing::Related { model, .. }
    | Missing::Unrelated { model, .. }
    | Missing::Place { model, .. }
    | Missing::Agreement { model, .. }
    | Missing::Other { model, .. }) = missing;
    let name = catalog.model(*model).map_or("", |model| &model.name);
    match missing {
        Missing::Other { fields, .. } => {
            let fields = fields.iter().map(|field| catalog.field_name(*model, *field).to_owned()).collect();
            Error::new(ErrorKind::Unique, missing.message(catalog))
                .with("modelName", Meta::Text(name.to_owned()))
                .with("target", Meta::List(fields))
        }
        Missing::Written(_) => {
            Error::new(ErrorKind::Constraint, missing.message(catalog)).with("modelName", Meta::Text(name.to_owned()))
        }
        Missing::Place { .. } | Missing::Agreement { .. } => Error::relation(name, missing.message(catalog)),
        Missing::Connected { model, field } | Missing::Set { model, field }
            if is_list_by_foreign_key(catalog, *model, *field) =>
        {
            Error::connected_not_found(name, missing.message(catalog))
        }
        Missing::Unrelated { .. } => Error::not_related(name, missing.message(catalog)),
        _ => Error::not_found(name, missing.message(catalog)),
    }
}

/// Returns whether a relation leads to many rows that hold its foreign key: what is missing there has a code of its own.
fn is_list_by_foreign_key(catalog: &Catalog, model: ModelIndex, field: FieldIndex) -> bool {
    let relation = catalog.model(model).and_then(|model| model.relation(field));
    relation.is_some_and(|relation| relation.arity == Arity::Many && relation.through.is_none())
}
