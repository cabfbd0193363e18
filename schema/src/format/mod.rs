//! The layout of a schema's text: the formatter.
//!
//! ```
//! use purlin_schema::source::SourceFile;
//!
//! let text = "model User {\n id Int @id\n\n\n  email   String   @map(\"mail\") @unique\n@@map(\"users\") }";
//! let files = [SourceFile { path: "schema.prisma".into(), text: text.into() }];
//! let expected = r#"model User {
//!   id Int @id
//!
//!   email String @unique @map("mail")
//!
//!   @@map("users")
//! }
//! "#;
//! assert_eq!(purlin_schema::format::format(&files), [expected]);
//! ```
//!
//! Everything that is written comes from the tokens of the source, so that comments stay, and stay where they are: a
//! line that cannot be read keeps its text, a block that is not closed all of it. What is formatted already does not
//! change. In a schema without syntax errors the halves of relations that are missing are written first (`relations`).
//!
//! `layout` walks the files and blocks, `rows` aligns columns, `value` writes what stands in brackets, `comment` the
//! longer comments.

mod comment;
mod declared;
mod layout;
mod relations;
mod rows;
mod value;

use std::collections::HashSet;

use crate::lexer::{Token, TokenKind};
use crate::parser::parse_file;
use crate::source::{SourceFile, Span};
use crate::syntax::Tree;

/// The indentation of the lines of a block, and of those of a list over several lines.
const INDENT: usize = 2;

/// The number of times that missing fields are looked for. A key that was added may be what another relation lacked,
/// and what is formatted must not change again.
const MOST_ROUNDS: usize = 4;

/// The files of one schema as they should be written, in the given order.
///
/// They are formatted together because the two fields of a relation may lie in different files.
pub fn format(files: &[SourceFile]) -> Vec<String> {
    let mut files: Vec<SourceFile> = files
        .iter()
        .map(|file| SourceFile { path: file.path.clone(), text: file.text.replace("\r\n", "\n") })
        .collect();
    for file in &mut files {
        file.text = laid_out(file);
    }
    // Only now, because the layout fixes some of what is wrong: otherwise they would be added the next time.
    for _ in 0..MOST_ROUNDS {
        if !completed(&mut files) {
            break;
        }
    }
    files.into_iter().map(|file| file.text).collect()
}

/// Adds the halves of relations that are missing; whether there were any.
fn completed(files: &mut [SourceFile]) -> bool {
    let mut diagnostics = Vec::new();
    let trees: Vec<_> =
        files.iter().enumerate().map(|(index, file)| parse_file(index, file, &mut diagnostics)).collect();
    // What a line that cannot be read was meant to be may be the very field that seems to be missing.
    if !diagnostics.is_empty() {
        return false;
    }
    let mut any = false;
    for (file, edits) in relations::missing(files, &trees).into_iter().enumerate() {
        if let Some(file) = files.get_mut(file).filter(|_| !edits.is_empty()) {
            file.text = apply(&file.text, edits);
            file.text = laid_out(file);
            any = true;
        }
    }
    any
}

/// The relation fields whose missing half the formatter adds to another model: the spans of their names.
pub(crate) fn completes(files: &[SourceFile], trees: &[Tree]) -> HashSet<Span> {
    relations::completed(files, trees)
}

fn laid_out(file: &SourceFile) -> String {
    layout::file(&file.text, &parse_file(0, file, &mut Vec::new()))
}

/// Text to put in.
#[derive(Debug)]
struct Edit {
    /// Byte of the source before which it goes.
    at: usize,
    text: String,
}

/// The text with the edits in it, those at one place in the given order.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.at);
    let mut result = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut done = 0;
    for edit in edits {
        result.push_str(text.get(done..edit.at).unwrap_or_default());
        result.push_str(&edit.text);
        done = edit.at;
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}

/// Index of the first token that starts at the byte or after it.
fn token_at(tokens: &[Token], start: usize) -> usize {
    tokens.partition_point(|token| token.start < start)
}

/// The first token from the index on that is not a space.
fn next_non_space(tokens: &[Token], from: usize) -> Option<(usize, Token)> {
    let rest = tokens.get(from..).unwrap_or_default();
    let skipped = rest.iter().take_while(|token| token.kind == TokenKind::Space).count();
    rest.get(skipped).map(|token| (from + skipped, *token))
}

/// Ends the line, and starts the next one this far in.
fn break_line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}
