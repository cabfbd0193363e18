//! The messages of all findings: one file per family of rules, one function per message.
//!
//! A check decides that something is wrong, and a function here says it: a message that names the thing and the place,
//! a label on the exact text, and a help that says what to write. A message is in lower case, without a full stop, and
//! never shows a value of the configuration.

pub(crate) mod arguments;
pub(crate) mod configuration;
pub(crate) mod database;
pub(crate) mod defaults;
pub(crate) mod indexes;
pub(crate) mod keys;
pub(crate) mod names;
pub(crate) mod native_types;
pub(crate) mod relations;
pub(crate) mod syntax;
pub(crate) mod types;

use std::fmt;

/// A field by its model and its name, as messages show it: `Post.author`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldPath<'a> {
    pub(crate) model: &'a str,
    pub(crate) field: &'a str,
}

impl fmt::Display for FieldPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.model, self.field)
    }
}

/// The advice to use one of these names: ``use one of `a`, `b` ``.
fn use_one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let one_of = if names.len() > 1 { "one of " } else { "" };
    format!("use {one_of}{}", list(names))
}

/// Names as code, with commas between them: `` `a`, `b` ``.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
