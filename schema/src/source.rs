//! Source files and positions in them.

use std::path::PathBuf;

/// A file of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path that the user gave; shown in messages, never opened.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
}

/// A range of bytes in a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// Index of the file in the list given to [`crate::parse`].
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}
