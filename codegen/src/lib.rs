//! Purlin's code generators: from a resolved schema to the catalog and the text of the clients.

#![forbid(unsafe_code)]

mod build;
mod client_options;
pub mod lower;
pub mod rust;
pub mod typescript;

use std::path::PathBuf;

pub use build::{build, build_with};
pub use client_options::{ClientOptions, InvalidOption, LimitOptions, Section};

/// A file that a generator wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Where it belongs, relative to the generator's `output`.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}
