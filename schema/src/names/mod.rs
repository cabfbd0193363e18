//! Names: how they may look, which are taken, which are reserved, and which are given to fields that nobody has named.

pub(crate) mod invented;

use crate::diagnostic::Diagnostic;
use crate::model::Scalar;
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::syntax::{Attribute, Block, BlockKind, Name};

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

/// Checks the letters of a name that an attribute gives; whether it can be one.
pub(crate) fn characters(argument: &str, name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let Some(found) = name.chars().find(|character| character.is_control()) else { return true };
    let code = u32::from(found);
    diagnostics.push(
        Diagnostic::error(
            Rule::ControlCharacter,
            span,
            format!("`{argument}` has a character that cannot be seen, U+{code:04X}"),
        )
        .label("not a name")
        .help("write the name as it is in the database, without escapes such as \\n or \\u0000"),
    );
    false
}

/// Checks the name of a model, an enum, a view or a composite type.
pub(crate) fn block(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let (name, kind) = (&block.name, block.kind.keyword());
    if Scalar::ALL.iter().any(|scalar| scalar.name() == name.text) {
        diagnostics.push(
            Diagnostic::error(
                Rule::ReservedName,
                name.span,
                format!("`{}` is a scalar type, so no {kind} can be called that", name.text),
            )
            .label("a built-in type")
            .help("give it another name, and keep the name in the database with `@@map`"),
        );
    } else if block.kind != BlockKind::Type && RESERVED.contains(&name.text.as_str()) {
        diagnostics.push(
            Diagnostic::error(
                Rule::ReservedName,
                name.span,
                format!("`{}` is reserved in the generated clients, so no {kind} can be called that", name.text),
            )
            .label("reserved")
            .help("give it another name, and keep the name in the database with `@@map`"),
        );
    } else {
        form(name, &format!("{} {kind}", if kind == "enum" { "an" } else { "a" }), "@@map", diagnostics);
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
    let better = if letters.is_empty() { "a name of letters".to_owned() } else { format!("`{letters}`") };
    diagnostics.push(
        Diagnostic::error(Rule::InvalidName, name.span, format!("the name `{text}` of {what} {problem}"))
            .label("not a valid name")
            .help(format!("call it {better}, and keep the name in the database with `{map}(\"{text}\")`")),
    );
}

/// Two fields of the same name.
pub(crate) fn duplicate_field(block: &Block, name: &Name) -> Diagnostic {
    Diagnostic::error(
        Rule::DuplicateField,
        name.span,
        format!("`{}` has the field `{}` twice", block.name.text, name.text),
    )
    .label("the second one")
    .help("remove or rename one of them")
}

/// Two blocks of the same name.
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

/// An attribute in a datasource or generator.
pub(crate) fn attribute_in_configuration(attribute: &Attribute) -> Diagnostic {
    Diagnostic::error(
        Rule::UnknownAttribute,
        attribute.span,
        format!("`@@{}` stands in a configuration block", attribute.name.text),
    )
    .label("no attributes here")
    .help("remove it")
    .at(Stage::Text)
}
