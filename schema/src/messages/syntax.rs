//! The grammar, and spellings of older versions.

use crate::diagnostic::Diagnostic;
use crate::lexer::TokenKind;
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Attribute, Block, BlockKind, Name};

/// Something else than `expected` comes next. `kind` is the kind of that, `found` describes it, `text` is its text.
pub(crate) fn unexpected(
    span: Span,
    expected: &str,
    (kind, found, text): (Option<TokenKind>, &str, &str),
) -> Diagnostic {
    let diagnostic = Diagnostic::error(Rule::Syntax, span, format!("expected {expected}, found {found}"))
        .label(format!("expected {expected}"));
    match correction(expected, kind, text) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// The way to fix the text `found`, where that is plain.
fn correction(expected: &str, kind: Option<TokenKind>, found: &str) -> Option<&'static str> {
    Some(match (kind, found) {
        (Some(TokenKind::UnclosedString), _) => "add the closing `\"`: a string ends on the line where it begins",
        (Some(TokenKind::Unknown), "'" | "`") => "write strings in double quotes",
        (Some(TokenKind::Unknown), ";") => "remove it: a line needs no sign at its end",
        (Some(TokenKind::Unknown), "#") => "write `//` before a comment",
        (Some(TokenKind::Comma), _) => {
            "remove it: attributes follow each other with a space, lines need no sign at their end"
        }
        (Some(TokenKind::Unknown), "<" | ">") => "write a list with brackets after its type, such as `String[]`",
        (Some(TokenKind::String), _) if expected.starts_with("a value's name") => "write the value without quotes",
        (Some(TokenKind::At), _) if expected.starts_with("a field's name") => {
            "an attribute of the whole block begins with `@@`, one of a field stands on the field's line"
        }
        (Some(TokenKind::Equals), _) if expected.ends_with("`)`") => {
            "write `:` between the name of an argument and its value"
        }
        (Some(TokenKind::Equals), _) if expected == "the end of the line" => {
            "a value has only a name here; what the database stores is given by `@map(\"..\")`"
        }
        (Some(TokenKind::CloseBrace), _) if expected == "the end of the line" => "write `}` on a line of its own",
        (Some(TokenKind::Word), _) if expected == "the end of the line" => "write it on a line of its own",
        (Some(TokenKind::CloseBrace), _) if expected.starts_with("a block") => {
            "remove it, or look above for a block that ends too early"
        }
        _ => match expected {
            "`=`" => "write `=` and a value after the name",
            "the block's name" => "write a name after the keyword, for example `model User {`",
            "`{`" => "write `{` at the end of the line that begins the block",
            _ => return None,
        },
    })
}

pub(crate) fn long_name(span: Span, expected: &str, length: usize, longest: usize) -> Diagnostic {
    Diagnostic::error(Rule::Syntax, span, format!("expected {expected}, found a name of {length} bytes"))
        .label(format!("longer than {longest} bytes"))
}

pub(crate) fn unclosed_comment(opening: Span) -> Diagnostic {
    Diagnostic::error(Rule::UnclosedComment, opening, "the comment that starts here is never closed")
        .label("opened here")
        .help("add `*/`")
}

// Blocks

pub(crate) fn unknown_block(word: &Name) -> Diagnostic {
    Diagnostic::error(Rule::UnknownBlock, word.span, format!("there is no block called `{}`", word.text))
        .label("unknown keyword")
        .help("a schema has the blocks `datasource`, `generator`, `model`, `view`, `enum`, `type` and `mixin`")
        .suggest(closest(&word.text, BlockKind::ALL.map(BlockKind::keyword)))
}

pub(crate) fn type_alias(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Rule::TypeAlias, span, format!("`{name}` is a type alias, which the language no longer has"))
        .label("type alias")
        .help("write the type and its attributes at each field")
}

/// A word between the name of a block and its brace. `other` is the word after it: `extends Base`.
pub(crate) fn word_before_brace(word: &Name, block: &str, other: &str) -> Diagnostic {
    let message = format!("expected `{{` after the name `{block}`, found `{}`", word.text);
    Diagnostic::error(Rule::Syntax, word.span, message).label("expected `{`").help(match word.text.as_str() {
        "extends" | "with" | "implements" => format!(
            "a block cannot extend another: write `mixin {other} {{ .. }}` for the shared fields, and `@@include({other})` inside `{block}`"
        ),
        _ => "a name is one word: remove what stands before the `{`".to_owned(),
    })
}

/// `what` stands on each line of the block.
pub(crate) fn block_on_one_line(opening: Span, block: &str, what: &str) -> Diagnostic {
    let message = format!("the block `{block}` continues on the line of its `{{`");
    Diagnostic::error(Rule::Syntax, opening, message)
        .label("a line break is needed after this")
        .help(format!("write each {what} on a line of its own and the `}}` below them, or let `purlin format` do it"))
}

/// `next` is the block that comes next, above which the brace belongs.
pub(crate) fn unclosed_block(block: &str, opening: Span, next: Option<Span>) -> Diagnostic {
    let message = format!("the block `{block}` is never closed");
    let help = "add a line with `}` after its last line";
    match next {
        Some(next) => Diagnostic::error(Rule::UnclosedBlock, next, message)
            .label(format!("`{block}` is still open here"))
            .related(opening, "opened here")
            .help(help),
        None => Diagnostic::error(Rule::UnclosedBlock, opening, message).label("opened here").help(help),
    }
}

// Fields and properties

pub(crate) fn missing_type(field: &Name) -> Diagnostic {
    Diagnostic::error(Rule::MissingType, field.span, format!("field `{}` has no type", field.text))
        .label("no type after this name")
        .help(format!("write a type after the name, for example `{} String`", field.text))
}

pub(crate) fn property_without_value(block: &Block, property: &Name) -> Diagnostic {
    let (kind, name) = (block.kind.keyword(), &block.name.text);
    let message = format!("property `{}` of the {kind} `{name}` has no value", property.text);
    Diagnostic::error(Rule::MissingValue, block.header(), message)
        .at(Stage::Configuration)
        .label("in this block")
        .related(property.span, "no value after its `=`")
        .help(format!("write a value after `{} =`, or remove the line", property.text))
}

pub(crate) fn argument_without_value(argument: &Name) -> Diagnostic {
    Diagnostic::error(Rule::MissingValue, argument.span, format!("argument `{}` has no value", argument.text))
        .at(Stage::Attributes)
        .label("no value after `:`")
        .help("write a value after it, or remove the argument")
}

/// `name: String`
pub(crate) fn legacy_colon(span: Span, field: &str) -> Diagnostic {
    let message = format!("field `{field}`: there is no colon between a field's name and its type");
    Diagnostic::error(Rule::LegacyColon, span, message).label("not part of the language").help("write a space instead")
}

/// `[String]`
pub(crate) fn legacy_list(span: Span, field: &str, ty: &str) -> Diagnostic {
    Diagnostic::error(Rule::LegacyList, span, format!("field `{field}`: the brackets of a list come after its type"))
        .label("brackets around the type")
        .help(format!("write `{ty}[]`"))
}

/// `String!`
pub(crate) fn legacy_required(span: Span, field: &str) -> Diagnostic {
    Diagnostic::error(Rule::LegacyRequired, span, format!("field `{field}`: a type needs no `!`"))
        .label("not part of the language")
        .help("remove it: a field is required unless its type ends with `?`")
}

/// `String[]?`
pub(crate) fn optional_list(span: Span, field: &str) -> Diagnostic {
    Diagnostic::error(Rule::OptionalList, span, format!("field `{field}` is both a list and optional"))
        .label("`[]` and `?`")
        .help("remove the `?`: a list may be empty")
}

/// `String??`
pub(crate) fn repeated_modifier(span: Span, field: &str) -> Diagnostic {
    Diagnostic::error(Rule::RepeatedModifier, span, format!("field `{field}` repeats a modifier of its type"))
        .label("only one `[]` or `?`")
        .help("keep one of them; for lists in lists use a `Json` field")
}

// Values

pub(crate) fn nesting(span: Span, deepest: usize) -> Diagnostic {
    Diagnostic::error(Rule::Nesting, span, format!("values nest more than {deepest} levels deep"))
        .label("too deep")
        .help("remove the brackets that are not needed")
}

/// `last` is what the comma follows.
pub(crate) fn trailing_comma(span: Span, last: &str) -> Diagnostic {
    Diagnostic::error(Rule::TrailingComma, span, format!("there is a comma after the last {last}"))
        .label("nothing follows")
        .help("remove it")
}

pub(crate) fn unclosed_bracket(opening: Span, bracket: &str, closing: &str) -> Diagnostic {
    Diagnostic::error(Rule::Syntax, opening, format!("this `{bracket}` is never closed"))
        .label("opened here")
        .help(format!("add `{closing}` at the end of what it holds"))
}

pub(crate) fn bad_escape(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::BadEscape, span, "the string has an escape sequence that does not exist")
        .label("in this string")
        .help("the escapes are those of JSON, such as \\n and \\u00e9; a single backslash is written \\\\")
}

// Attributes in comments

pub(crate) fn commented_attribute_lost(attribute: &Attribute) -> Diagnostic {
    let message = format!("the attribute `{}` in this comment belongs to nothing", attribute.name.text);
    Diagnostic::warning(Rule::AttributeInText, attribute.span, message)
        .label("has no effect here")
        .help("put the comment directly above what it is about, or on the same line")
}

/// `written` is the attribute with its `@`.
pub(crate) fn commented_attribute_continues(attribute: &Attribute, written: &str) -> Diagnostic {
    let message = format!("`{written}` begins a comment that continues after it, so it is read as text");
    Diagnostic::warning(Rule::AttributeInText, attribute.span, message)
        .label("has no effect here")
        .help("give the attribute a `///` line of its own")
}
