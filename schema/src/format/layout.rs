//! Files and blocks.

use super::rows::Rows;
use super::{INDENT, comment, next_non_space, token_at, value};
use crate::lexer::{Token, TokenKind};
use crate::source::Span;
use crate::syntax::{Attribute, Block, Comment, Field, Item, Member, Tree, TypeReference, Value};

/// The order of attributes; others follow as they are written.
const ORDER: [&str; 9] = ["id", "unique", "default", "updatedAt", "index", "fulltext", "map", "relation", "ignore"];

/// A file as it should be written. Its line breaks must be `\n`.
pub(super) fn file(text: &str, tree: &Tree) -> String {
    Source { text, tokens: &tree.tokens }.items(&tree.items)
}

#[derive(Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

/// The item that was written last at the top level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// A block, perhaps with comments after its brace.
    Block,
    Comment,
    Unreadable,
}

impl<'a> Source<'a> {
    fn items(self, items: &[Item]) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut end = 0;
        let mut last = None;
        for item in items {
            let (span, this) = match item {
                Item::Block(block) => (block.span, Last::Block),
                Item::Comment(comment) => (comment.span, Last::Comment),
                Item::Unreadable(span) => (*span, Last::Unreadable),
            };
            let gap = self.slice(end, span.start);
            let beside = last.is_some() && !gap.contains('\n');
            end = self.trimmed_end(span);
            if beside && this == Last::Comment && last == Some(Last::Block) {
                out.push(' ');
                out.push_str(self.slice(span.start, end));
                continue;
            }
            match last {
                None => {}
                // How what cannot be read lies on its line may matter for where it ends.
                Some(last) if beside && (last == Last::Unreadable || this == Last::Unreadable) => out.push_str(gap),
                // A block is apart from whatever follows.
                Some(Last::Block) => out.push_str("\n\n"),
                Some(_) => out.push_str(if gap.matches('\n').count() > 1 { "\n\n" } else { "\n" }),
            }
            match item {
                Item::Block(block) => self.block(block, &mut out),
                Item::Comment(_) => out.push_str(&comment::own_line(self.slice(span.start, span.end), 0)),
                Item::Unreadable(_) => out.push_str(self.slice(span.start, end)),
            }
            last = Some(this);
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out
    }

    fn block(self, block: &Block, out: &mut String) {
        let Some((header, units)) = self.units(block) else {
            // What follows its last line may belong to it or not, what follows its name has no place in it.
            out.push_str(self.slice(block.span.start, self.trimmed_end(block.span)));
            return;
        };
        out.push_str(block.kind.keyword());
        out.push(' ');
        out.push_str(&block.name.text);
        out.push_str(" {");
        for comment in &header {
            out.push(' ');
            out.push_str(comment);
        }
        out.push('\n');
        let commented = !header.is_empty();
        Body { source: self, out, rows: Rows::default(), started: commented, after_comment: commented }.write(units);
        out.push('}');
    }

    /// The comments beside the opening brace, and the lines of the block; `None` if it is not closed, or something else
    /// than a brace follows its name.
    fn units<'b>(self, block: &'b Block) -> Option<(Vec<&'a str>, Vec<Unit<'b>>)> {
        let (_, open) = next_non_space(self.tokens, token_at(self.tokens, block.name.span.end))
            .filter(|(_, token)| token.kind == TokenKind::OpenBrace)?;
        let mut header = Vec::new();
        let mut units: Vec<Unit<'b>> = Vec::new();
        let mut end = open.end;
        for (nth, member) in block.members.iter().enumerate() {
            let span = member.span();
            let next = block.members.get(nth + 1).map_or(usize::MAX, |next| next.span().start);
            let gap = self.slice(end, span.start);
            let beside = !gap.contains('\n');
            let written = self.slice(span.start, self.trimmed_end(span));
            end = self.trimmed_end(span);
            if let (Member::Comment(_), true) = (member, beside) {
                match units.last_mut() {
                    None if !written.contains('\n') => {
                        header.push(written);
                        continue;
                    }
                    Some(unit) if !matches!(unit.member, Member::Comment(_)) => {
                        unit.comments.push(span);
                        self.rest_of_line(unit, &mut end, next, block);
                        continue;
                    }
                    _ => {}
                }
            }
            let blank = gap.matches('\n').count() > 1;
            let mut unit = Unit { member, blank, comments: Vec::new(), span: Span { end, ..span }, junk: false };
            self.rest_of_line(&mut unit, &mut end, next, block);
            units.push(unit);
        }
        let rest = self.tokens.get(token_at(self.tokens, end)..).unwrap_or_default();
        let next = rest.iter().find(|token| !matches!(token.kind, TokenKind::Space | TokenKind::Newline))?;
        (next.kind == TokenKind::CloseBrace && next.end == block.span.end).then_some((header, units))
    }

    /// Takes what the parser skipped at the end of a line into the line; at `next` is the next member.
    fn rest_of_line(self, unit: &mut Unit<'_>, end: &mut usize, next: usize, block: &Block) {
        unit.span.end = *end;
        if matches!(unit.member, Member::Comment(_) | Member::Unreadable(_)) {
            return;
        }
        let mut index = token_at(self.tokens, *end);
        let mut skipped = false;
        while let Some((at, token)) = next_non_space(self.tokens, index) {
            match token.kind {
                TokenKind::Newline | TokenKind::UnclosedComment => break,
                _ if token.start >= next => break,
                // It closes the block.
                TokenKind::CloseBrace if token.end >= block.span.end => break,
                // It is the next member.
                kind if kind.is_comment() && !skipped => break,
                _ => {}
            }
            skipped = true;
            *end = token.end;
            index = at + 1;
        }
        unit.junk |= skipped;
        unit.span.end = *end;
    }

    fn slice(self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The end of the text of a span without the space at its end.
    fn trimmed_end(self, span: Span) -> usize {
        span.start + self.slice(span.start, span.end).trim_end().len()
    }

    /// The text of a comment, with the space at the end of its line.
    fn comment(self, span: Span) -> &'a str {
        let text = self.slice(span.start, span.end);
        if text.starts_with("//") { text } else { text.trim_end() }
    }

    /// The value of a span on a line of a block.
    fn value(self, span: Span) -> String {
        let range = token_at(self.tokens, span.start)..token_at(self.tokens, span.end);
        value::write(self.text, self.tokens.get(range).unwrap_or_default(), INDENT)
    }

    fn is_blank(self, start: usize, end: usize) -> bool {
        let range = token_at(self.tokens, start)..token_at(self.tokens, end);
        self.tokens.get(range).unwrap_or_default().iter().all(|token| token.kind == TokenKind::Space)
    }

    fn attributes(self, attributes: &[Attribute]) -> String {
        let written: Vec<String> = attributes.iter().map(|attribute| self.value(attribute.span)).collect();
        written.join(" ")
    }

    /// Returns whether the attributes are all that follows on the line of a field or value.
    fn are_all(self, attributes: &[Attribute], mut end: usize, whole: Span) -> bool {
        for attribute in attributes {
            if !self.is_blank(end, attribute.span.start) {
                return false;
            }
            end = attribute.span.end;
        }
        self.is_blank(end, whole.end)
    }

    /// The columns of a field; `None` where something of it has no place in them.
    fn field(self, field: &Field) -> Option<Vec<String>> {
        let ty = self.ty(&field.ty)?;
        if !self.are_all(&field.attributes, field.ty.span.end, field.span) {
            return None;
        }
        let mut attributes: Vec<&Attribute> = field.attributes.iter().collect();
        attributes.sort_by_key(|attribute| order(attribute));
        let attributes: Vec<String> = attributes.into_iter().map(|attribute| self.value(attribute.span)).collect();
        Some(vec![field.name.text.clone(), ty, attributes.join(" ")])
    }

    /// A type, by today's spelling.
    fn ty(self, ty: &TypeReference) -> Option<String> {
        let range = token_at(self.tokens, ty.span.start)..token_at(self.tokens, ty.span.end);
        let tokens = self.tokens.get(range)?;
        if tokens.first()?.kind == TokenKind::OpenBracket {
            return Some(format!("{}[]", ty.name.text));
        }
        let written: Vec<Token> = tokens.iter().filter(|token| token.kind != TokenKind::Bang).copied().collect();
        Some(value::write(self.text, &written, INDENT)).filter(|written| !written.contains('\n'))
    }

    fn enum_value(self, value: &Value) -> Option<Vec<String>> {
        self.are_all(&value.attributes, value.name.span.end, value.span)
            .then(|| vec![value.name.text.clone(), self.attributes(&value.attributes)])
    }
}

/// A line of a block.
struct Unit<'b> {
    member: &'b Member,
    /// True if a blank line is above it.
    blank: bool,
    /// The comments after the member, on its line.
    comments: Vec<Span>,
    /// All of it.
    span: Span,
    /// True if something of it could not be read.
    junk: bool,
}

/// The lines of a block, being written.
struct Body<'a, 'o> {
    source: Source<'a>,
    out: &'o mut String,
    rows: Rows,
    /// True if something is there that a blank line could follow.
    started: bool,
    /// True if the last line is a comment.
    after_comment: bool,
}

impl Body<'_, '_> {
    /// Fields, values and properties stay where they are; attributes of the block follow them, with the comments above
    /// each.
    fn write(mut self, units: Vec<Unit<'_>>) {
        // A bracket that is not closed may swallow whatever comes to stand below it.
        if units.iter().any(|unit| unit.junk || matches!(unit.member, Member::Unreadable(_))) {
            units.iter().for_each(|unit| self.line(unit));
            return self.rows.write(self.out);
        }
        let mut attributes: Vec<(Vec<Unit<'_>>, Unit<'_>, &Attribute)> = Vec::new();
        let mut comments: Vec<Unit<'_>> = Vec::new();
        // A comment must not come to stand above what it does not belong to, and document it.
        let mut apart = false;
        let mut after_attribute = false;
        for unit in units {
            if unit.blank && !after_attribute {
                self.lines(std::mem::take(&mut comments), &mut apart);
            }
            match unit.member {
                Member::Comment(_) => comments.push(unit),
                Member::Attribute(attribute) => {
                    apart = self.after_comment;
                    after_attribute = true;
                    attributes.push((std::mem::take(&mut comments), unit, attribute));
                }
                _ => {
                    self.lines(std::mem::take(&mut comments), &mut apart);
                    self.lines(vec![unit], &mut apart);
                    after_attribute = false;
                }
            }
        }
        if !after_attribute {
            self.lines(std::mem::take(&mut comments), &mut apart);
        }
        attributes.sort_by_key(|(_, _, attribute)| order(attribute));
        for (index, (above, unit, _)) in attributes.into_iter().enumerate() {
            for (nth, mut unit) in above.into_iter().chain([unit]).enumerate() {
                // The attributes are one paragraph, but for headings among their comments.
                unit.blank = if nth == 0 { index == 0 } else { unit.blank };
                self.line(&unit);
            }
        }
        for unit in comments {
            self.line(&unit);
        }
        self.rows.write(self.out);
    }

    fn lines(&mut self, units: Vec<Unit<'_>>, apart: &mut bool) {
        for mut unit in units {
            unit.blank |= std::mem::take(apart);
            self.line(&unit);
        }
    }

    fn line(&mut self, unit: &Unit<'_>) {
        if unit.blank && self.started {
            self.rows.write(self.out);
            self.out.push('\n');
        }
        self.started = true;
        self.after_comment = matches!(unit.member, Member::Comment(_));
        let source = self.source;
        let comments: Vec<&str> = unit.comments.iter().map(|span| source.comment(*span)).collect();
        let cells = match unit.member {
            Member::Comment(Comment { span, .. }) => {
                return self.rows.line(comment::own_line(source.slice(span.start, span.end), INDENT));
            }
            _ if unit.junk => None,
            Member::Unreadable(_) => None,
            Member::Property(property) => {
                Some(vec![property.name.text.clone(), format!("= {}", source.value(property.value.span))])
            }
            Member::Field(field) => source.field(field),
            Member::Value(value) => source.enum_value(value),
            Member::Attribute(attribute) => {
                let comments = comments.iter().map(|comment| format!(" {comment}"));
                return self.rows.line(source.value(attribute.span) + &comments.collect::<String>());
            }
        };
        let Some(cells) = cells else {
            return self.rows.line(source.slice(unit.span.start, unit.span.end).to_owned());
        };
        self.rows.cells(cells, comments.join(" "));
    }
}

fn order(attribute: &Attribute) -> usize {
    ORDER.iter().position(|name| *name == attribute.name.text).unwrap_or(ORDER.len())
}
