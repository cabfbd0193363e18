//! Purlin's code generators: from a resolved schema to the catalog and the text of the clients.

#![forbid(unsafe_code)]

mod build;
mod client_options;
pub mod lower;
pub mod rust;
mod schema_files;
pub mod typescript;

use std::path::PathBuf;

pub use build::{build, build_with};
pub use client_options::{ClientOptions, InvalidOption, LimitOptions, Section};
pub use schema_files::{SchemaFilesError, is_foreign, schema_files};

/// A file that a generator wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Where it belongs, relative to the generator's `output`.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}
