//! The reference of all errors: an explanation of each rule, with a wrong schema and a right one.
//!
//! ```
//! use purlin_schema::rules::Rule;
//!
//! let entry = purlin_schema::reference::entry(Rule::MissingBackRelation).unwrap();
//! assert_eq!(entry.title, "A relation has a field on one side only");
//! let (_, diagnostics) = purlin_schema::parse(&[purlin_schema::SourceFile {
//!     path: "wrong.prisma".into(),
//!     text: entry.wrong.into(),
//! }]);
//! assert_eq!(diagnostics[0].rule, entry.rule);
//! ```
//!
//! The entries are the files of `schema/reference`, one per rule; `docs/errors.md` is all of them together.

use std::fmt::Write;

use crate::rules::{Rule, Stage};
use crate::suggest;

/// The explanation of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The rule.
    pub rule: Rule,
    /// The rule in a few words, without a full stop.
    pub title: &'static str,
    /// The rule and its reason.
    pub text: &'static str,
    /// A schema that breaks it.
    pub wrong: &'static str,
    /// The same schema without the mistake.
    pub right: &'static str,
}

impl Entry {
    /// The entry in a page: a title, a text, and two schemas under headings of their own.
    fn read(rule: Rule) -> Option<Self> {
        let (title, rest) = rule.page().strip_prefix("# ")?.split_once("\n\n")?;
        let (text, rest) = rest.split_once("\n\n## Wrong\n\n```prisma\n")?;
        let (wrong, rest) = rest.split_once("```\n\n## Right\n\n```prisma\n")?;
        Some(Self { rule, title, text, wrong, right: rest.strip_suffix("```\n")? })
    }
}

/// All entries, in the order of their codes.
pub fn entries() -> impl Iterator<Item = Entry> {
    Rule::ALL.iter().copied().filter_map(Entry::read)
}

/// The entry of a rule. Each has one, which a test holds.
pub fn entry(rule: Rule) -> Option<Entry> {
    Entry::read(rule)
}

/// The code that was probably meant by one that does not exist.
pub fn closest(code: &str) -> Option<&'static str> {
    suggest::closest(code, Rule::ALL.iter().map(|rule| rule.code()))
}

/// The stages in their order, with a heading and a few words each.
const STAGES: [(Stage, &str, &str); 4] = [
    (Stage::Configuration, "Configuration", "The settings of the datasource and the generators."),
    (Stage::Text, "The text", "Its syntax, the names of blocks and fields, the types that fields refer to."),
    (Stage::Attributes, "Attributes", "Each attribute by itself."),
    (
        Stage::Meaning,
        "The meaning",
        "What all of it means together: keys, indexes, relations, what the database can do.",
    ),
];

/// All entries as one document in Markdown, which is `docs/errors.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "<!-- Written by `cargo xtask regenerate` from schema/reference. Do not edit. -->\n\n\
         # The errors of the schema language\n\n\
         Each error that `purlin validate` reports has a code, such as `error[missing-back-relation]`. This page explains each\n\
         of them, with a schema that has the error and one that does not; `purlin explain CODE` prints the same.\n\n\
         A schema is checked in stages: its configuration, its text, its attributes, its meaning. What is wrong by itself is\n\
         shown at once; an error that follows from another one waits until that is gone.\n",
    );
    for (stage, heading, about) in STAGES {
        text.push_str(&format!("\n## {heading}\n\n{about}\n\n| code | |\n|---|---|\n"));
        for entry in entries().filter(|entry| entry.rule.stage() == stage) {
            text.push_str(&format!("| [`{0}`](#{0}) | {1} |\n", entry.rule, entry.title));
        }
    }
    text.push_str("\n## All of them\n");
    for Entry { rule, title, text: about, wrong, right } in entries() {
        // Writing to a string never fails.
        let _ = write!(
            text,
            "\n### {rule}\n\n**{title}.** {about}\n\nWrong:\n\n```prisma\n{wrong}```\n\nRight:\n\n```prisma\n{right}```\n"
        );
    }
    text
}
