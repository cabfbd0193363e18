//! Syntax trees to the [`Draft`]: every name becomes an index.
//!
//! The stages run in the order of what they need: configuration, the names of types, enums, fields, relations. What
//! cannot be resolved is reported once and left out.

mod advice;
mod composites;
mod config;
mod datasource;
mod declarations;
mod defaults;
mod enums;
mod extensions;
mod given_names;
mod index_parts;
mod key_rules;
mod keys;
mod many_to_many;
mod mixins;
mod models;
mod native_types;
mod pairs;
mod predicates;
mod preview;
mod relation_end;
mod relations;
mod shard_key;
mod unsupported;

pub(crate) use config::resolve as config;

use crate::diagnostic::Diagnostic;
use crate::draft::{Config, Draft};
use crate::syntax::Tree;

/// The draft of the schema that the trees describe together.
pub(crate) fn resolve<'t>(trees: &'t [Tree], config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Draft<'t> {
    let mut draft = declarations::declare(trees, config, diagnostics);
    enums::resolve(&mut draft, diagnostics);
    composites::check(&draft, diagnostics);
    models::resolve(&mut draft, diagnostics);
    relations::resolve(&mut draft, diagnostics);
    draft
}
