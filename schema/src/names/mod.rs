//! Names: how they may look, which are taken, which are reserved, and which are given to fields that nobody has named.

pub(crate) mod invented;

use crate::diagnostic::Diagnostic;
use crate::messages::names as messages;
use crate::model::Scalar;
use crate::source::Span;
use crate::syntax::{Block, BlockKind, Name};

/// Names that the generated clients cannot give to a type: keywords of JavaScript and what the clients export.
const RESERVED: [&str; 48] = [
    "PrismaClient",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "using",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Checks the letters of a name that an attribute gives; returns whether it can be one.
pub(crate) fn characters(argument: &str, name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let Some(found) = name.chars().find(|character| character.is_control()) else { return true };
    diagnostics.push(messages::control_character(span, argument, found));
    false
}

/// Checks the name of a model, an enum, a view or a composite type.
pub(crate) fn block(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let (name, kind) = (&block.name, block.kind.keyword());
    if Scalar::from_name(&name.text).is_some() {
        diagnostics.push(messages::name_of_scalar(name, kind));
    } else if block.kind != BlockKind::Type && RESERVED.contains(&name.text.as_str()) {
        diagnostics.push(messages::reserved_name(name, kind));
    } else {
        let article = if block.kind == BlockKind::Enum { "an" } else { "a" };
        form(name, &format!("{article} {kind}"), "@@map", diagnostics);
    }
}

/// Checks the name of a field.
pub(crate) fn field(model: &Block, name: &Name, diagnostics: &mut Vec<Diagnostic>) {
    form(name, &format!("a field of `{}`", model.name.text), "@map", diagnostics);
}

/// Checks the name of an enum's value.
pub(crate) fn value(block: &Block, name: &Name, diagnostics: &mut Vec<Diagnostic>) {
    form(name, &format!("a value of `{}`", block.name.text), "@map", diagnostics);
}

fn form(name: &Name, what: &str, map: &str, diagnostics: &mut Vec<Diagnostic>) {
    let text = &name.text;
    let problem = if !text.starts_with(char::is_alphabetic) {
        "does not start with a letter"
    } else if text.contains('-') {
        "contains a `-`"
    } else {
        return;
    };
    let letters = text.trim_start_matches(|char: char| !char.is_alphabetic()).replace('-', "_");
    let better = Some(letters.as_str()).filter(|letters| !letters.is_empty());
    diagnostics.push(messages::invalid_name(name, what, problem, better, map));
}
