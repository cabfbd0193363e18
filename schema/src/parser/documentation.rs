//! `///` comments: the documentation of what they stand at, and attributes that other tools must not see.

use super::Parser;
use crate::attributes::is_own;
use crate::lexer::{Token, TokenKind, lex};
use crate::messages::syntax as messages;
use crate::source::Span;
use crate::syntax::{Attribute, Comment, CommentKind, Expression, ExpressionKind, Lost};

/// Collects the `///` lines that belong to what follows.
#[derive(Default)]
pub(super) struct Documentation {
    lines: Vec<String>,
    attributes: Vec<Commented>,
    /// Attributes that turned out to stand at nothing.
    lost: Vec<Attribute>,
    /// Line breaks since the last comment: two of them are a blank line, and the text belongs to nothing.
    breaks: usize,
}

/// The content of the `///` lines of one thing.
#[derive(Default)]
pub(super) struct Documented {
    /// The text.
    pub(super) text: Option<String>,
    /// `@attributes`
    pub(super) attributes: Vec<Attribute>,
    /// `@@attributes`
    pub(super) block_attributes: Vec<Attribute>,
}

/// An attribute in a comment.
struct Commented {
    attribute: Attribute,
    /// True if it is written `@@`.
    of_block: bool,
}

impl Documentation {
    pub(super) fn line_break(&mut self) {
        self.breaks += 1;
        if self.breaks > 1 {
            self.lines.clear();
            self.lost.extend(self.attributes.drain(..).map(|commented| commented.attribute));
        }
    }

    pub(super) fn take(&mut self) -> Documented {
        self.breaks = 0;
        let lines = std::mem::take(&mut self.lines);
        let mut documented =
            Documented { text: (!lines.is_empty()).then(|| lines.join("\n")), ..Documented::default() };
        for Commented { attribute, of_block } in std::mem::take(&mut self.attributes) {
            let list = if of_block { &mut documented.block_attributes } else { &mut documented.attributes };
            list.push(attribute);
        }
        documented
    }

    /// The `@@attributes` so far, which inside a block belong to the block wherever they stand.
    pub(super) fn take_block_attributes(&mut self) -> impl Iterator<Item = Attribute> {
        self.attributes.extract_if(.., |commented| commented.of_block).map(|commented| commented.attribute)
    }
}

impl Parser<'_> {
    /// Reports the attributes in comments that stand at nothing; `documentation` is at its end.
    pub(super) fn report_lost(&mut self, mut documentation: Documentation) {
        let rest = documentation.take();
        self.lost(documentation.lost);
        self.lost(rest.attributes);
        self.lost(rest.block_attributes);
    }

    /// Reports attributes in comments that stand where no such attribute can.
    pub(super) fn lost(&mut self, attributes: Vec<Attribute>) {
        for attribute in attributes {
            self.diagnostics.push(messages::commented_attribute_lost(&attribute));
        }
    }

    /// Adds a comment.
    pub(super) fn document(&mut self, documentation: &mut Documentation, comment: &Comment) {
        documentation.breaks = 0;
        if comment.kind != CommentKind::Doc {
            return;
        }
        let text = self.slice(comment.span).trim_start_matches('/').trim();
        if text.starts_with('@')
            && let Some(attribute) = self.commented(comment.span)
        {
            documentation.attributes.push(attribute);
            return;
        }
        documentation.lines.push(self.slice(comment.span).trim_start_matches('/').trim().to_owned());
    }

    /// The attribute of Purlin's own that the comment consists of; `None` where it is text.
    fn commented(&mut self, comment: Span) -> Option<Commented> {
        let slashes = self.slice(comment).len() - self.slice(comment).trim_start_matches('/').len();
        let start = comment.start + slashes;
        let shift = |token: Token| Token { start: token.start + start, end: token.end + start, ..token };
        let tokens: Vec<Token> = lex(self.text.get(start..comment.end)?).into_iter().map(shift).collect();
        let mut found = Vec::new();
        let mut parser = Parser {
            file: self.file,
            text: self.text,
            tokens: &tokens,
            position: 0,
            depth: 0,
            lost: Lost::default(),
            one_line: false,
            diagnostics: &mut found,
        };
        let of_block = parser.peek_kind() == Some(TokenKind::AtAt);
        let at = if of_block { "@@" } else { "@" };
        let name = tokens.iter().find(|token| token.kind == TokenKind::Word)?;
        let name = self.text.get(name.start..name.end)?;
        if !is_own(name, at) {
            return None;
        }
        let needs_arguments = name != "server";
        if needs_arguments && !tokens.iter().any(|token| token.kind == TokenKind::OpenParen) {
            return None;
        }
        let attribute = parser.attribute();
        let is_alone = parser.peek().is_none();
        match attribute {
            // Prisma knows those too, so a comment may well hold one that was taken out of use.
            Ok(attribute) if matches!(name, "index" | "unique") && !has_expression(&attribute) => None,
            Ok(attribute) if is_alone => Some(Commented { attribute, of_block }),
            Ok(attribute) => {
                self.diagnostics.push(messages::commented_attribute_continues(&attribute, &format!("{at}{name}")));
                None
            }
            Err(_) => {
                self.diagnostics.append(&mut found);
                None
            }
        }
    }
}

/// Returns whether an index is over an expression, which only Purlin has.
fn has_expression(attribute: &Attribute) -> bool {
    let is_raw = |value: &Expression| matches!(&value.kind, ExpressionKind::Call(name, _) if name.text == "raw");
    attribute.arguments.iter().flat_map(|arguments| &arguments.items).any(|argument| match &argument.value.kind {
        ExpressionKind::List(items) => items.iter().any(is_raw),
        _ => argument.name.is_none() && is_raw(&argument.value),
    })
}
