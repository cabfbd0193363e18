//! The rules that need all models: one file per subject. Those about single words and values run where the resolver
//! reads them.

mod autoincrement;
mod constraints;
mod datasource;
mod emulation;
mod identifiers;
mod identity;
mod ignored;
mod indexes;
mod namespaces;
mod relations;
mod tables;

use crate::diagnostic::Diagnostic;
use crate::draft::Draft;

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
