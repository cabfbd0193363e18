//! What a schema says, apart from its layout: formatting must not change it.

use std::fmt::Debug;

use purlin_schema::SourceFile;
use purlin_schema::parser::parse_file;
use purlin_schema::syntax::{Attribute, Block, Item, Member, Tree};

/// What the text says, one line per statement. Comments are told apart, as their words: their shape may change.
pub(super) fn meaning(text: &str) -> (Vec<String>, Vec<String>) {
    let tree = parse_file(0, &SourceFile { path: "schema.prisma".into(), text: text.into() }, &mut Vec::new());
    (statements(text, &tree), comments(text, &tree))
}

fn statements(text: &str, tree: &Tree) -> Vec<String> {
    let mut lines = Vec::new();
    for item in &tree.items {
        match item {
            Item::Block(block) => lines.extend(block_lines(text, block)),
            Item::Unreadable(span) => lines.push(words(&text[span.start..span.end])),
            Item::Comment(_) => {}
        }
    }
    lines
}

fn block_lines(text: &str, block: &Block) -> Vec<String> {
    let mut lines = vec![bare(&(block.kind, &block.name.text, &block.documentation))];
    let mut attributes: Vec<&Attribute> = Vec::new();
    for member in &block.members {
        match member {
            Member::Field(field) => lines.push(format!(
                "{} {}",
                bare(&(&field.name, &field.ty, &field.documentation)),
                sorted(&field.attributes.iter().collect::<Vec<_>>())
            )),
            Member::Attribute(attribute) => attributes.push(attribute),
            Member::Unreadable(span) => lines.push(words(&text[span.start..span.end])),
            Member::Property(_) | Member::Value(_) => lines.push(bare(member)),
            Member::Comment(_) => {}
        }
    }
    lines.push(sorted(&attributes));
    lines
}

/// The attributes, in any order: what has no column stays where it is, and the others follow it.
fn sorted(attributes: &[&Attribute]) -> String {
    let mut attributes: Vec<String> = attributes.iter().map(bare).collect();
    attributes.sort();
    format!("[{}]", attributes.join(", "))
}

/// All comments, in any order: those of an attribute move with it.
fn comments(text: &str, tree: &Tree) -> Vec<String> {
    let tokens = tree.tokens.iter().filter(|token| token.kind.is_comment());
    let mut comments: Vec<String> =
        tokens.map(|token| words(&text[token.start..token.end].replace('*', " "))).collect();
    comments.sort();
    comments
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The value as text, without spans.
fn bare(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let mut parts = text.split("Span {");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        bare.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    bare
}
