//! What the lowering of a schema has in common on all databases.

use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use purlin_schema::model::{self, FieldId, Model};
use purlin_schema::naming;

use crate::database::{Action, Origin};

/// What the schema language takes as a literal of bytes, whatever the unused bits of its last digit are.
pub(crate) const BASE64: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The names of columns.
pub(crate) fn names(model: &Model, fields: &[FieldId]) -> Vec<String> {
    fields.iter().filter_map(|field| column_name(model, *field)).collect()
}

/// The name of a column; none of a relation.
pub(crate) fn column_name(model: &Model, field: FieldId) -> Option<String> {
    match &model.field(field).kind {
        model::FieldKind::Column(column) => Some(column.name.clone()),
        model::FieldKind::Relation(..) => None,
    }
}

/// The name of an index and where it comes from: `map` is the one that the schema gives.
pub(crate) fn index_name(
    provider: model::Provider,
    table: &str,
    columns: &[&str],
    unique: bool,
    map: Option<&str>,
) -> (String, Origin) {
    let conventional =
        if unique { naming::unique(provider, table, columns) } else { naming::index(provider, table, columns) };
    match map {
        Some(map) if map != conventional => (map.to_owned(), Origin::Named),
        _ => (conventional, Origin::Convention),
    }
}

impl From<model::Action> for Action {
    fn from(action: model::Action) -> Self {
        match action {
            model::Action::Cascade => Self::Cascade,
            model::Action::Restrict => Self::Restrict,
            model::Action::NoAction => Self::NoAction,
            model::Action::SetNull => Self::SetNull,
            model::Action::SetDefault => Self::SetDefault,
        }
    }
}
