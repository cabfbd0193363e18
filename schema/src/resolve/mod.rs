//! Syntax trees to the resolved [`Schema`]: every name becomes an index.
//!
//! The stages run in the order of what they need: configuration, the names of types, enums, fields, relations, and
//! then the checks of [`crate::check`] over the [`Draft`]. What cannot be resolved is reported once and left out.

mod advice;
mod composites;
mod config;
mod datasource;
mod defaults;
mod draft;
mod enums;
mod finish;
mod keys;
mod many_to_many;
mod mixins;
mod models;
mod own;
mod pairs;
mod parts;
mod predicates;
mod relations;
mod shard_key;
mod side;
mod unsupported;

pub(crate) use draft::{Draft, FieldDraft, IndexDraft, KeyDraft, KindDraft, ModelDraft, RelationDraft, TypeName};

use crate::check;
use crate::diagnostic::Diagnostic;
use crate::model::Schema;
use crate::syntax::Tree;

/// The schema that the trees describe together.
pub(crate) fn resolve(trees: &[Tree], diagnostics: &mut Vec<Diagnostic>) -> Schema {
    let config = config::resolve(trees, diagnostics);
    if config.foreign {
        // That is said; whatever else would be said is about the language of another database.
        return Schema { generators: config.generators, ..Schema::default() };
    }
    let mut draft = Draft::new(trees, &config, diagnostics);
    enums::resolve(&mut draft, diagnostics);
    composites::check(&draft, diagnostics);
    models::resolve(&mut draft, diagnostics);
    relations::resolve(&mut draft, diagnostics);
    check::run(&draft, diagnostics);
    finish::finish(draft, config)
}
