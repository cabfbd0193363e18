//! What a schema must satisfy beyond resolving: one file per family of rules.
//!
//! The rules about single words and values run where those are resolved; [`run`] holds those that need all models.

mod autoincrement;
mod constraints;
mod datasource;
pub(crate) mod emulation;
mod identifiers;
mod ignored;
mod indexes;
pub(crate) mod keys;
pub(crate) mod literals;
pub(crate) mod names;
pub(crate) mod namespaces;
pub(crate) mod preview;
pub(crate) mod relations;
mod tables;

use crate::diagnostic::Diagnostic;
use crate::resolve::Draft;

/// Runs the checks that need the whole draft.
pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    tables::run(draft, diagnostics);
    datasource::run(draft, diagnostics);
    namespaces::run(draft, diagnostics);
    autoincrement::run(draft, diagnostics);
    ignored::run(draft, diagnostics);
    emulation::run(draft, diagnostics);
    constraints::run(draft, diagnostics);
    identifiers::run(draft, diagnostics);
    indexes::run(draft, diagnostics);
    // The last, since one of its rules waits until there are no other errors.
    relations::run(draft, diagnostics);
}
