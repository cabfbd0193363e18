//! The names of blocks, fields and values in the schema.

use crate::diagnostic::Diagnostic;
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::syntax::{Block, Name};

const RENAME: &str = "give it another name, and keep the name in the database with `@@map`";

pub(crate) fn name_of_scalar(name: &Name, kind: &str) -> Diagnostic {
    let message = format!("`{}` is a scalar type, so no {kind} can be called that", name.text);
    Diagnostic::error(Rule::ReservedName, name.span, message).label("a built-in type").help(RENAME)
}

pub(crate) fn reserved_name(name: &Name, kind: &str) -> Diagnostic {
    let message = format!("`{}` is reserved in the generated clients, so no {kind} can be called that", name.text);
    Diagnostic::error(Rule::ReservedName, name.span, message).label("reserved").help(RENAME)
}

/// `what` has the name, `better` is one that it can have, and `map` is the attribute that keeps the name.
pub(crate) fn invalid_name(name: &Name, what: &str, problem: &str, better: Option<&str>, map: &str) -> Diagnostic {
    let text = &name.text;
    let better = better.map_or_else(|| "a name of letters".to_owned(), |name| format!("`{name}`"));
    Diagnostic::error(Rule::InvalidName, name.span, format!("the name `{text}` of {what} {problem}"))
        .label("not a valid name")
        .help(format!("call it {better}, and keep the name in the database with `{map}(\"{text}\")`"))
}

pub(crate) fn name_of_extension(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Rule::InvalidName, span, format!("`{name}` is not a name for an extension"))
        .at(Stage::Meaning)
        .label("not a valid name")
        .help(format!("give it another name, and that of the database with `map: \"{name}\"`"))
}

pub(crate) fn control_character(span: Span, argument: &str, found: char) -> Diagnostic {
    let message = format!("`{argument}` has a character that cannot be seen, U+{:04X}", u32::from(found));
    Diagnostic::error(Rule::ControlCharacter, span, message)
        .label("not a name")
        .help("write the name as it is in the database, without escapes such as \\n or \\u0000")
}

pub(crate) fn duplicate_field(block: &Block, name: &Name) -> Diagnostic {
    let message = format!("`{}` has the field `{}` twice", block.name.text, name.text);
    Diagnostic::error(Rule::DuplicateField, name.span, message)
        .label("the second one")
        .help("remove or rename one of them")
}

pub(crate) fn duplicate_block(block: &Block, first: &Block) -> Diagnostic {
    let (kind, other, name) = (block.kind.keyword(), first.kind.keyword(), &block.name.text);
    let message = if kind == other {
        format!("the {kind} `{name}` is declared twice")
    } else {
        format!("the {kind} `{name}` has the name of the {other} `{name}`")
    };
    Diagnostic::error(Rule::DuplicateName, block.name.span, message)
        .label("name is taken")
        .related(first.name.span, "by this one")
        .help("rename or remove one of them")
}

pub(crate) fn duplicate_value(enumeration: &Block, name: &Name) -> Diagnostic {
    let message = format!("the enum `{}` has the value `{}` twice", enumeration.name.text, name.text);
    Diagnostic::error(Rule::DuplicateValue, name.span, message).label("the second one").help("remove one of them")
}

/// Two values of an enum have one name in the database, `stored`.
pub(crate) fn values_stored_alike(
    span: Span,
    enumeration: &Block,
    (first, second): (&str, &str),
    stored: &str,
) -> Diagnostic {
    let message = format!(
        "the values `{first}` and `{second}` of the enum `{}` are both `{stored}` in the database",
        enumeration.name.text
    );
    Diagnostic::warning(Rule::DuplicateValue, span, message)
        .label("the second one")
        .help("give one of them another `@map`")
}

pub(crate) fn empty_enum(name: &Name) -> Diagnostic {
    Diagnostic::error(Rule::EmptyEnum, name.span, format!("the enum `{}` has no values", name.text))
        .label("no values")
        .help("add at least one value, each on a line of its own")
}
