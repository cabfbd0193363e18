//! Native types: what `@db.VarChar(40)` and its kind mean on each database, as tables.

use crate::model::Scalar;

/// A native type as a column has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeType {
    /// Which one.
    pub definition: &'static Definition,
    /// Its arguments, in order; checked against the definition.
    pub arguments: Vec<u32>,
}

/// A native type of a database.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name in the schema language, `VarChar`.
    pub name: &'static str,
    /// The types of fields that it can hold.
    pub scalars: &'static [Scalar],
}
