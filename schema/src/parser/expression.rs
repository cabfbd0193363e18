//! Attributes, arguments and values.

use super::{MAX_DEPTH, Parser, Result, Unreadable};
use crate::lexer::{Token, TokenKind};
use crate::messages;
use crate::syntax::{Argument, Arguments, Attribute, Expression, ExpressionKind, Name};

/// The number of tokens that are looked at for the end of a bracket.
const LOOKAHEAD: usize = 256;

impl Parser<'_> {
    /// `@a @b(..)` up to something else.
    pub(super) fn field_attributes(&mut self) -> Result<Vec<Attribute>> {
        let mut attributes = Vec::new();
        while let Some(kind) = self.peek_kind() {
            match kind {
                TokenKind::At => attributes.push(self.attribute()?),
                TokenKind::AtAt => {
                    let attribute = self.attribute()?;
                    self.diagnostics.push(messages::arguments::block_attribute_on_field(&attribute));
                }
                _ => break,
            }
        }
        Ok(attributes)
    }

    /// `@name`, `@@name`, `@db.Name`, with or without arguments.
    pub(super) fn attribute(&mut self) -> Result<Attribute> {
        let start = self.peek().map_or(self.text.len(), |token| token.start);
        self.bump();
        let name = self.path("an attribute's name")?;
        let arguments = if self.peek_kind() == Some(TokenKind::OpenParen) { Some(self.arguments()?) } else { None };
        Ok(Attribute { name, arguments, span: self.since(start) })
    }

    /// `a` or `a.b.c`
    fn path(&mut self, expected: &str) -> Result<Name> {
        let first = self.word(expected)?;
        if !self.adjacent(TokenKind::Dot) {
            return Ok(first);
        }
        let start = first.span.start;
        while self.adjacent(TokenKind::Dot) {
            self.bump();
            self.word("a name after `.`")?;
        }
        let span = self.since(start);
        Ok(Name { text: self.slice(span).to_owned(), span })
    }

    /// `(a, name: b)`
    pub(super) fn arguments(&mut self) -> Result<Arguments> {
        let start = self.peek().map_or(self.text.len(), |token| token.start);
        let items = self.separated(TokenKind::CloseParen, "`,` or `)`", Self::argument)?;
        Ok(Arguments { items, span: self.since(start) })
    }

    fn argument(&mut self) -> Result<Argument> {
        let start = self.peek().map_or(self.text.len(), |token| token.start);
        let value = self.expression()?;
        if self.peek_kind() != Some(TokenKind::Colon) {
            return Ok(Argument { name: None, value, span: self.since(start) });
        }
        let ExpressionKind::Word(text) = value.kind else { return Err(self.unexpected("`,` or `)`")) };
        let name = Name { text, span: value.span };
        self.bump();
        self.skip_lines();
        if matches!(self.peek_kind(), Some(TokenKind::Comma | TokenKind::CloseParen)) {
            self.diagnostics.push(messages::syntax::argument_without_value(&name));
            return Err(Unreadable);
        }
        let value = self.expression()?;
        Ok(Argument { name: Some(name), value, span: self.since(start) })
    }

    /// The opening bracket, `item`s with commas between them and perhaps after the last, the closing bracket.
    fn separated<T>(
        &mut self,
        close: TokenKind,
        expected: &str,
        item: impl Fn(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        if self.depth >= MAX_DEPTH {
            let span = self.peek().map(|token| self.span(token)).unwrap_or_default();
            self.diagnostics.push(messages::syntax::nesting(span, MAX_DEPTH));
            return Err(Unreadable);
        }
        let open = self.position;
        self.bump();
        self.depth += 1;
        let items = self.items_until(close, expected, open, item);
        self.depth -= 1;
        items
    }

    fn items_until<T>(
        &mut self,
        close: TokenKind,
        expected: &str,
        open: usize,
        item: impl Fn(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut items = Vec::new();
        let mut comma = None;
        loop {
            self.skip_lines();
            if self.eat(close).is_some() {
                if let Some(token) = comma {
                    let span = self.span(token);
                    let last = if close == TokenKind::CloseParen { "argument" } else { "entry" };
                    self.diagnostics.push(messages::syntax::trailing_comma(span, last));
                }
                return Ok(items);
            }
            items.push(item(self)?);
            self.skip_lines();
            comma = self.eat(TokenKind::Comma);
            if comma.is_none() {
                if self.eat(close).is_some() {
                    return Ok(items);
                }
                return Err(self.unclosed(open, close).unwrap_or_else(|| self.unexpected(expected)));
            }
        }
    }

    /// Reports the bracket at `open` instead of what comes now, where that is on a later line and the bracket is
    /// never closed: then the later line is not to blame, and is read again.
    fn unclosed(&mut self, open: usize, close: TokenKind) -> Option<Unreadable> {
        let between = self.tokens.get(open..self.position)?;
        let newline = open + between.iter().position(|token| token.kind == TokenKind::Newline)?;
        let mut depth = 0_usize;
        // The formatter changes the space between tokens, and must not change what is found.
        let significant = |token: &&Token| !matches!(token.kind, TokenKind::Space | TokenKind::Newline);
        for token in self.tokens.get(self.position..)?.iter().filter(significant).take(LOOKAHEAD) {
            match token.kind {
                kind if kind == close && depth == 0 => return None,
                TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace => depth += 1,
                TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace if depth > 0 => depth -= 1,
                TokenKind::CloseBrace => break,
                _ => {}
            }
        }
        let opening = self.span(*self.tokens.get(open)?);
        let (bracket, closing) =
            (self.slice(opening).to_owned(), if close == TokenKind::CloseParen { ")" } else { "]" });
        let closing = if close == TokenKind::CloseBrace { "}" } else { closing };
        self.diagnostics.push(messages::syntax::unclosed_bracket(opening, &bracket, closing));
        self.position = newline;
        Some(Unreadable)
    }

    pub(super) fn expression(&mut self) -> Result<Expression> {
        let Some(token) = self.peek() else { return Err(self.unexpected("a value")) };
        let start = token.start;
        let kind = match token.kind {
            TokenKind::String => {
                self.bump();
                ExpressionKind::String(self.unescape(token))
            }
            TokenKind::Number => {
                self.bump();
                ExpressionKind::Number(self.name(token).text)
            }
            TokenKind::Word => {
                let name = self.path("a value")?;
                if self.adjacent(TokenKind::OpenParen) {
                    let arguments = self.arguments()?;
                    ExpressionKind::Call(name, arguments)
                } else {
                    ExpressionKind::Word(name.text)
                }
            }
            TokenKind::OpenBracket => {
                ExpressionKind::List(self.separated(TokenKind::CloseBracket, "`,` or `]`", Self::expression)?)
            }
            TokenKind::OpenBrace => {
                ExpressionKind::Object(self.separated(TokenKind::CloseBrace, "`,` or `}`", Self::entry)?)
            }
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Expression { kind, span: self.since(start) })
    }

    fn entry(&mut self) -> Result<(Name, Expression)> {
        let name = self.word("a key")?;
        if self.eat(TokenKind::Colon).is_none() {
            return Err(self.unexpected("`:`"));
        }
        self.skip_lines();
        Ok((name, self.expression()?))
    }

    /// The text that a string literal stands for: the escapes are those of JSON.
    fn unescape(&mut self, token: Token) -> String {
        let span = self.span(token);
        let quoted = self.slice(span);
        let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted);
        if !inner.contains('\\') && !inner.contains(char::is_control) {
            return inner.to_owned();
        }
        // A tab or another control character may stand in a schema's string, but not in a JSON one.
        let mut json = String::with_capacity(quoted.len());
        for char in quoted.chars() {
            if char.is_control() {
                json.push_str(&format!("\\u{:04x}", u32::from(char)));
            } else {
                json.push(char);
            }
        }
        if let Ok(text) = serde_json::from_str(&json) {
            return text;
        }
        let inner = inner.to_owned();
        self.diagnostics.push(messages::syntax::bad_escape(span));
        inner
    }
}
