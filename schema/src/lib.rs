//! The Prisma schema language: text to a resolved [`Schema`] and diagnostics.
//!
//! ```
//! use purlin_schema::source::SourceFile;
//!
//! let files = [SourceFile {
//!     path: "schema.prisma".into(),
//!     text: r#"
//! datasource db {
//!   provider = "sqlite"
//! }
//!
//! model User {
//!   id    Int    @id @default(autoincrement())
//!   email String @unique
//!   posts Post[]
//! }
//!
//! model Post {
//!   id       Int    @id @default(autoincrement())
//!   title    Strng
//!   author   User   @relation(fields: [authorId], references: [id])
//!   authorId Int
//! }
//! "#
//!     .into(),
//! }];
//! let (schema, diagnostics) = purlin_schema::parse(&files);
//! assert_eq!(schema.models.len(), 2);
//! assert_eq!(schema.relations.len(), 1);
//!
//! assert_eq!(diagnostics.len(), 1);
//! assert_eq!(diagnostics[0].code(), "unknown-type");
//! assert_eq!(diagnostics[0].help.as_deref(), Some("did you mean `String`?"));
//! println!("{}", purlin_schema::report::text(&files, &diagnostics, false));
//! ```
//!
//! Parsing never fails: a schema with errors resolves as far as it goes, and each error is a [`Diagnostic`]. Nothing
//! here reads files, panics on any input, or takes more than time linear in the input.
//!
//! Overview: [`lexer`] and [`parser`] make the [`syntax`] tree, which loses nothing and which formatters
//! and editors work on; [`mod@format`] lays out its text; the resolver turns it into the [`model`]; the checks, one
//! file per family of rules, look for what is resolved but wrong; [`report`] draws the findings, and [`mod@reference`]
//! explains the rule behind each. [`naming`] knows the names of keys and indexes in the database.

#![forbid(unsafe_code)]

use std::collections::HashSet;

mod attributes;
mod check;
mod diagnostic;
mod draft;
mod finish;
pub mod format;
mod graph;
mod independence;
pub mod lexer;
mod literals;
mod messages;
pub mod model;
mod names;
pub mod naming;
pub mod native;
pub mod operators;
pub mod parser;
pub mod reference;
pub mod report;
mod resolve;
pub mod rules;
pub mod source;
mod suggest;
pub mod syntax;

pub use diagnostic::{Diagnostic, Severity};
pub use model::Schema;
pub use rules::Rule;
pub use source::{SourceFile, Span};

#[cfg(doc)]
use rules::Stage;

/// The schema that the files describe together, and what is wrong with it, in source order.
///
/// Everything that is wrong by itself is found at once. What follows from another finding waits until that is gone:
/// see [`Stage`].
pub fn parse(files: &[SourceFile]) -> (Schema, Vec<Diagnostic>) {
    let (trees, schema, mut diagnostics) = resolved(files);
    independence::retain(&trees, &schema, &mut diagnostics);
    (schema, diagnostics)
}

/// Works like [`parse`], with the findings of all stages: also with those that an error of an earlier one may have
/// caused.
pub fn parse_all_stages(files: &[SourceFile]) -> (Schema, Vec<Diagnostic>) {
    let (_, schema, diagnostics) = resolved(files);
    (schema, diagnostics)
}

fn resolved(files: &[SourceFile]) -> (Vec<syntax::Tree>, Schema, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let trees: Vec<_> =
        files.iter().enumerate().map(|(index, file)| parser::parse_file(index, file, &mut diagnostics)).collect();
    let is_readable = diagnostics.is_empty();
    let schema = meaning(&trees, &mut diagnostics);
    let is_half = |diagnostic: &Diagnostic| diagnostic.rule == Rule::MissingBackRelation;
    if is_readable && diagnostics.iter().any(is_half) {
        let completes = format::completes(files, &trees);
        for diagnostic in diagnostics.iter_mut().filter(|it| is_half(it) && completes.contains(&it.span)) {
            if let Some(help) = &mut diagnostic.help {
                help.push_str(", or let `purlin format` add it");
            }
        }
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start));
    // What a mixin's lines do wrong they do wrong in each model that includes them.
    let mut seen = HashSet::new();
    diagnostics.retain(|diagnostic| seen.insert((diagnostic.rule, diagnostic.span, diagnostic.message.clone())));
    (trees, schema, diagnostics)
}

/// The schema that the trees describe together.
fn meaning(trees: &[syntax::Tree], diagnostics: &mut Vec<Diagnostic>) -> Schema {
    let config = resolve::config(trees, diagnostics);
    if config.foreign {
        // That is reported; whatever else would be is about the language of another database.
        return Schema { generators: config.generators, ..Schema::default() };
    }
    let draft = resolve::resolve(trees, &config, diagnostics);
    check::run(&draft, diagnostics);
    finish::finish(draft, config)
}
