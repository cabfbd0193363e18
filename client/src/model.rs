//! What the generated code says about each model.

use purlin_query::catalog::{Catalog, FieldIndex, ModelIndex};

use crate::select::Select;

/// A model of the schema. The generated code implements it for the default row of each model.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model of the schema",
    note = "models are the structs of the generated file that are named as in the schema"
)]
pub trait Model: Select<Model = Self> {
    /// The typed names of the fields.
    type Fields: Copy;
    /// The value of [`Model::Fields`].
    const FIELDS: Self::Fields;
    /// The model's place in the catalog.
    const INDEX: ModelIndex;
    /// The catalog of the schema that the model belongs to.
    const CATALOG: &'static Catalog;
    /// The keys of its rows in JSON, as the generator's `json_names` asks for them.
    #[doc(hidden)]
    const JSON_NAMES: JsonNames = JsonNames::Schema;
}

/// The keys of rows and fragments in JSON. Generated code sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonNames {
    /// As in the schema.
    Schema,
    /// In camelCase: the name of each field, in catalog order.
    CamelCase(&'static [&'static str]),
    /// In snake_case, likewise.
    SnakeCase(&'static [&'static str]),
}

/// The token of a field that the schema declares.
pub trait FieldToken {
    /// The place among the fields of its model.
    fn place(&self) -> FieldIndex;
}

/// The key of a field in JSON.
pub fn json_name<M: Model>(token: &impl FieldToken) -> &'static str {
    json_name_at::<M>(token.place())
}

/// The key of the field at a place of the model.
pub fn json_name_at<M: Model>(place: FieldIndex) -> &'static str {
    match M::JSON_NAMES {
        JsonNames::Schema => M::CATALOG
            .model(M::INDEX)
            .and_then(|model| model.fields.get(usize::from(place)))
            .map(|field| field.name.as_ref()),
        JsonNames::CamelCase(names) | JsonNames::SnakeCase(names) => names.get(usize::from(place)).copied(),
    }
    .unwrap_or_default()
}

/// The key of a number of rows, which has no name in the schema but one in Rust.
pub fn json_count_name<M: Model>(snake_case: &'static str, camel_case: &'static str) -> &'static str {
    match M::JSON_NAMES {
        JsonNames::Schema | JsonNames::CamelCase(_) => camel_case,
        JsonNames::SnakeCase(_) => snake_case,
    }
}

/// A model whose rows can be written: a table, not a view.
#[diagnostic::on_unimplemented(
    message = "the rows of `{Self}` are only read",
    note = "`{Self}` is a view of the database"
)]
pub trait Writable: Model {
    /// The required foreign keys of a new row, all of which it lacks at first.
    type Lacks;
}

/// The typed names of the fields of `M`.
pub(crate) type Fields<M> = <M as Model>::Fields;
