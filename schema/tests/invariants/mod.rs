//! What holds of any text, whether it is a schema or not: one file a part of the crate.
//!
//! The tests ask it of their samples and of what was found once, the fuzz targets (`fuzz/`) of whatever they think of.

#![expect(clippy::indexing_slicing, clippy::panic, reason = "a check fails by panicking")]
#![allow(dead_code, reason = "not each test asks for all of it")]

pub(crate) mod layout;
mod meaning;
pub(crate) mod resolved;
pub(crate) mod tokens;
pub(crate) mod tree;

use purlin_schema::SourceFile;

/// The line between the files, where one text stands for several.
const NEXT_FILE: &str = "//----\n";

/// The files, three at most, that a text stands for.
pub(crate) fn files(text: &str) -> Vec<SourceFile> {
    let file = |(index, text): (usize, &str)| SourceFile { path: format!("{index}.prisma").into(), text: text.into() };
    text.splitn(3, NEXT_FILE).enumerate().map(file).collect()
}

/// All of them.
pub(crate) fn check(text: &str) {
    tokens::check(text);
    tree::check(text);
    let files = files(text);
    resolved::check(&files);
    layout::check(&files);
}
