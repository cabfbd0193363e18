//! What the generated code says about each model.

use purlin_query::catalog::{Catalog, ModelIndex};

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
