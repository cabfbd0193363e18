//! The operations: builders that [`Table`](crate::Table) makes and that are sent when they are awaited.

// Each is plain data, and writes its words when it runs.

mod count;
mod create;
mod delete;
mod find;
mod update;
mod upsert;

use std::marker::PhantomData;

use crate::expression::EncodedQuery;
use crate::refine::Refinement;
use crate::select::Select;

pub use crate::run::Run;
pub use count::Count;
pub use create::{Create, CreateMany};
pub use delete::{Delete, DeleteMany};
pub use find::{All, Find, First, Mode, Required, Unique};
pub use update::{Update, UpdateMany};
pub use upsert::Upsert;

/// What an operation returns of each row: a fragment, and refinements of its relations.
struct Loading<T> {
    refinements: Vec<Refinement>,
    fragment: PhantomData<fn() -> T>,
}

impl<T: Select> Loading<T> {
    fn new() -> Self {
        Self { refinements: Vec::new(), fragment: PhantomData }
    }

    fn refine(&mut self, refinement: impl Into<Refinement>) {
        self.refinements.push(refinement.into());
    }

    fn write(&self, query: &mut EncodedQuery) {
        T::selection().write(query, &self.refinements);
    }
}
