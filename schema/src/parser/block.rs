//! Blocks and their lines.

use super::{Documentation, Documented, Parser, Result, Unreadable, keyword};
use crate::lexer::{Token, TokenKind};
use crate::messages::syntax as messages;
use crate::rules::Rule;
use crate::source::Span;
use crate::syntax::{Attribute, Block, BlockKind, Field, Lost, Member, Name, Property, TypeReference, Value};

impl Parser<'_> {
    pub(super) fn block(&mut self, documented: Documented) -> Result<Block> {
        let expected = "a block such as `model` or `enum`";
        let word = match self.peek_kind() {
            Some(TokenKind::Word) => self.word(expected)?,
            _ => return Err(self.unexpected(expected)),
        };
        let Some(kind) = keyword(&word.text) else { return Err(self.unknown_block(&word)) };
        let name = match self.word("the block's name") {
            Ok(name) => name,
            Err(Unreadable) => {
                self.skip_block();
                return Err(Unreadable);
            }
        };
        if kind == BlockKind::Type && self.peek_kind() == Some(TokenKind::Equals) {
            let span = self.since(word.span.start);
            self.diagnostics.push(messages::type_alias(span, &name.text));
            return Err(Unreadable);
        }
        let Some(open) = self.open(&word, &name) else {
            self.skip_block();
            return Err(Unreadable);
        };
        self.lost(documented.attributes);
        let mut block = Block {
            kind,
            keyword: word.span,
            name,
            documentation: documented.text,
            members: Vec::new(),
            commented: documented.block_attributes,
            damaged: false,
            lost: Lost::default(),
            span: word.span,
        };
        match self.peek() {
            None => {}
            Some(token) if token.kind == TokenKind::Newline || token.kind.is_comment() => {}
            Some(token) if token.kind == TokenKind::CloseBrace => {}
            Some(_) => {
                let what = if kind == BlockKind::Enum { "value" } else { "field" };
                let opening = self.span(open);
                self.diagnostics.push(messages::block_on_one_line(opening, &block.name.text, what));
                self.one_line = true;
            }
        }
        if !self.members(&mut block) {
            let opening = self.span(open);
            let next = self.peek().map(|next| self.span(next));
            self.diagnostics.push(messages::unclosed_block(&block.name.text, opening, next));
            block.damaged = true;
            block.lost.add_all();
        }
        block.span = self.since(word.span.start);
        Ok(block)
    }

    /// The opening brace of a block. Where something else stands before it, that is reported, and the block goes on
    /// behind it; where there is none, but lines that look like those of a block, it is taken as if it were there.
    fn open(&mut self, keyword: &Name, name: &Name) -> Option<Token> {
        if let Some(open) = self.eat(TokenKind::OpenBrace) {
            return Some(open);
        }
        if self.peek_kind() == Some(TokenKind::Word) {
            let word = self.word("`{`").ok()?;
            let (block, other) = (&name.text, self.peek().map(|token| self.slice(self.span(token)).to_owned()));
            let other = other.filter(|text| text != "{").unwrap_or_else(|| "Base".to_owned());
            self.diagnostics.push(messages::word_before_brace(&word, block, &other));
            while let Some(kind) = self.peek_kind().filter(|kind| *kind != TokenKind::Newline) {
                let token = self.peek()?;
                self.bump();
                if kind == TokenKind::OpenBrace {
                    return Some(token);
                }
            }
            return None;
        }
        self.unexpected("`{`");
        // The brace that ends the line before is missing: the block begins all the same.
        let last = self.tokens.get(..self.position)?.iter().rfind(|token| token.kind != TokenKind::Space).copied();
        let is_line = self.peek_kind() == Some(TokenKind::Newline) && self.is_more();
        last.filter(|_| is_line && !matches!(keyword.text.as_str(), "type"))
    }

    /// Returns whether anything but spaces and line breaks is left of the file.
    fn is_more(&self) -> bool {
        let rest = self.tokens.get(self.position..).unwrap_or_default();
        rest.iter().any(|token| !matches!(token.kind, TokenKind::Space | TokenKind::Newline))
    }

    /// Reports a block with an unknown keyword and skips all of it.
    fn unknown_block(&mut self, word: &Name) -> Unreadable {
        self.diagnostics.push(messages::unknown_block(word));
        self.skip_block();
        Unreadable
    }

    /// Skips the rest of the line and, where that opens a brace, up to the line that closes it.
    fn skip_block(&mut self) {
        if !self.skip_header() {
            return;
        }
        while let Some(kind) = self.peek_kind() {
            if kind == TokenKind::UnclosedComment || self.at_block() || self.eat(TokenKind::CloseBrace).is_some() {
                return;
            }
            self.skip_line();
            self.eat(TokenKind::Newline);
        }
    }

    /// Skips the rest of the line; whether it opens a brace that it does not close.
    fn skip_header(&mut self) -> bool {
        let start = self.position;
        self.skip_line();
        let skipped = self.tokens.get(start..self.position).unwrap_or_default();
        let count = |kind| skipped.iter().filter(|token| token.kind == kind).count();
        let consumed = self.tokens.get(..self.position).unwrap_or_default();
        let last = consumed.iter().rev().find(|token| token.kind != TokenKind::Space && !token.kind.is_comment());
        count(TokenKind::OpenBrace) > count(TokenKind::CloseBrace)
            || last.is_some_and(|token| token.kind == TokenKind::OpenBrace)
    }

    /// Returns whether a block starts here: a keyword, a name and a brace.
    fn at_block(&mut self) -> bool {
        let start = self.position;
        let is_keyword = self.eat(TokenKind::Word).is_some_and(|token| keyword(&self.name(token).text).is_some());
        let found = is_keyword && self.eat(TokenKind::Word).is_some() && self.peek_kind() == Some(TokenKind::OpenBrace);
        self.position = start;
        found
    }

    /// The lines of a block up to its closing brace; `false` if there is none.
    fn members(&mut self, block: &mut Block) -> bool {
        let mut documentation = Documentation::default();
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Newline => {
                    self.bump();
                    self.one_line = false;
                    documentation.line_break();
                }
                TokenKind::CloseBrace => {
                    self.one_line = false;
                    self.bump();
                    self.report_lost(documentation);
                    return true;
                }
                kind if kind.is_comment() => {
                    let comment = self.comment(token);
                    self.document(&mut documentation, &comment);
                    block.commented.extend(documentation.take_block_attributes());
                    block.members.push(Member::Comment(comment));
                }
                TokenKind::Word if self.at_block() => return false,
                _ => {
                    let documented = documentation.take();
                    let member = self.member(block, documented);
                    self.finish_line(block, member, token.start);
                }
            }
        }
        false
    }

    /// Reads the rest of the line after a member: a comment, perhaps one that documents it, and the line break.
    fn finish_line(&mut self, block: &mut Block, member: Result<Member>, start: usize) {
        let mut member = match member {
            Ok(member) => member,
            Err(Unreadable) => {
                self.skip_line();
                block.damaged = true;
                self.lose(start, &mut block.lost);
                if self.diagnostics.last().is_some_and(|last| last.rule == Rule::MissingType) {
                    block.lost.add_untyped();
                }
                // The loop of the caller must get on even if nothing of the line was consumed.
                let span = self.since(start);
                block.members.push(Member::Unreadable(span));
                return;
            }
        };
        let mut comments = Vec::new();
        while let Some(token) = self.peek().filter(|token| token.kind.is_comment()) {
            let comment = self.comment(token);
            let mut trailing = Documentation::default();
            self.document(&mut trailing, &comment);
            block.commented.extend(trailing.take_block_attributes());
            let trailing = trailing.take();
            if let Some((documentation, commented)) = documentation_of(&mut member) {
                if let Some(text) = trailing.text {
                    *documentation = Some(match documentation.take() {
                        Some(above) => format!("{above}\n{text}"),
                        None => text,
                    });
                }
                commented.extend(trailing.attributes);
            } else {
                self.lost(trailing.attributes);
            }
            comments.push(Member::Comment(comment));
        }
        block.members.push(member);
        block.members.append(&mut comments);
        match self.peek_kind() {
            None | Some(TokenKind::Newline) => {}
            Some(_) if self.one_line => {}
            Some(_) => {
                let rest = self.peek().map_or(start, |token| token.start);
                self.unexpected("the end of the line");
                self.skip_line();
                block.damaged = true;
                self.lose(rest, &mut block.lost);
            }
        }
    }

    fn member(&mut self, block: &Block, documented: Documented) -> Result<Member> {
        let Documented { text: documentation, attributes: commented, .. } = documented;
        let kind = block.kind;
        let is_attribute = self.peek_kind() == Some(TokenKind::AtAt);
        if is_attribute || kind.is_configuration() {
            self.lost(commented);
            return Ok(match is_attribute {
                true => Member::Attribute(self.attribute()?),
                false => Member::Property(self.property(block)?),
            });
        }
        let expected = if kind == BlockKind::Enum { "a value's name or `}`" } else { "a field's name or `}`" };
        let name = self.word(expected)?;
        let start = name.span.start;
        if kind == BlockKind::Enum {
            let attributes = self.field_attributes()?;
            return Ok(Member::Value(Value { name, attributes, commented, documentation, span: self.since(start) }));
        }
        if let Some(colon) = self.eat(TokenKind::Colon) {
            let span = self.span(colon);
            self.diagnostics.push(messages::legacy_colon(span, &name.text));
        }
        if matches!(self.peek_kind(), None | Some(TokenKind::Newline | TokenKind::CloseBrace | TokenKind::At)) {
            self.diagnostics.push(messages::missing_type(&name));
            return Err(Unreadable);
        }
        let ty = self.type_reference(&name)?;
        let attributes = self.field_attributes()?;
        Ok(Member::Field(Field { name, ty, attributes, commented, documentation, span: self.since(start) }))
    }

    fn property(&mut self, block: &Block) -> Result<Property> {
        let name = self.word("a property's name or `}`")?;
        if self.eat(TokenKind::Equals).is_none() {
            return Err(self.unexpected("`=`"));
        }
        if matches!(self.peek_kind(), None | Some(TokenKind::Newline)) {
            self.diagnostics.push(messages::property_without_value(block, &name));
            return Err(Unreadable);
        }
        let value = self.expression()?;
        let span = self.since(name.span.start);
        Ok(Property { name, value, span })
    }

    /// `Type`, `Type?`, `Type[]`, `Unsupported("..")`, and older spellings, which are reported.
    fn type_reference(&mut self, field: &Name) -> Result<TypeReference> {
        if let Some(open) = self.eat(TokenKind::OpenBracket) {
            let name = self.word("a type")?;
            if self.eat(TokenKind::CloseBracket).is_none() {
                return Err(self.unexpected("`]`"));
            }
            let span = self.since(open.start);
            self.diagnostics.push(messages::legacy_list(span, &field.text, &name.text));
            return Ok(TypeReference { name, arguments: None, list: true, optional: false, span });
        }
        let name = self.word("a type")?;
        let start = name.span.start;
        let arguments = if self.adjacent(TokenKind::OpenParen) { Some(self.arguments()?) } else { None };
        let mut ty = TypeReference { name, arguments, list: false, optional: false, span: self.since(start) };
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::OpenBracket => {
                    self.bump();
                    if self.eat(TokenKind::CloseBracket).is_none() {
                        return Err(self.unexpected("`]`"));
                    }
                    if ty.list || ty.optional {
                        let (span, both) = (self.since(start), ty.optional);
                        self.repeated_modifier(span, field, both);
                    }
                    ty.list = true;
                }
                TokenKind::Question => {
                    self.bump();
                    if ty.list || ty.optional {
                        let (span, both) = (self.since(start), ty.list);
                        self.repeated_modifier(span, field, both);
                    }
                    ty.optional = true;
                }
                TokenKind::Bang => {
                    self.bump();
                    let span = self.span(token);
                    self.diagnostics.push(messages::legacy_required(span, &field.text));
                }
                _ => break,
            }
            ty.span = self.since(start);
        }
        // A list cannot be optional: it was reported, and the list is what counts.
        ty.optional &= !ty.list;
        Ok(ty)
    }

    fn repeated_modifier(&mut self, span: Span, field: &Name, both: bool) {
        let field = &field.text;
        let diagnostic =
            if both { messages::optional_list(span, field) } else { messages::repeated_modifier(span, field) };
        self.diagnostics.push(diagnostic);
    }
}

/// The fields of a member that take the text and the attributes of a comment on its line.
fn documentation_of(member: &mut Member) -> Option<(&mut Option<String>, &mut Vec<Attribute>)> {
    match member {
        Member::Field(field) => Some((&mut field.documentation, &mut field.commented)),
        Member::Value(value) => Some((&mut value.documentation, &mut value.commented)),
        Member::Property(_) | Member::Attribute(_) | Member::Comment(_) | Member::Unreadable(_) => None,
    }
}
