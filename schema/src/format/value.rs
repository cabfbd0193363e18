//! The content of a line: attributes, types, values, with their brackets.
//!
//! A bracket whose first item is on a line of its own, or that has a comment at the end of a line, keeps one item
//! per line; any other is written on one line.

use super::{INDENT, break_line, next_non_space};
use crate::lexer::{Token, TokenKind};

/// The tokens of an attribute, a type or a value, as they are written on a line that is this far in.
pub(super) fn write(text: &str, tokens: &[Token], indent: usize) -> String {
    let mut writer = Writer { text, tokens, broken: broken(text, tokens), position: 0 };
    let mut written = Piece::default();
    while let Some(token) = writer.tokens.get(writer.position).copied() {
        match token.kind {
            TokenKind::Newline => writer.position += 1,
            _ => writer.token(token, &mut written, indent),
        }
    }
    written.text
}

/// For each token whether it opens a bracket that takes several lines.
fn broken(text: &str, tokens: &[Token]) -> Vec<bool> {
    let mut broken = vec![false; tokens.len()];
    // The brackets around, and whether they have something in them already.
    let mut around: Vec<(usize, bool)> = Vec::new();
    let mut line_start = false;
    for (index, token) in tokens.iter().enumerate() {
        let mut breaks = false;
        match token.kind {
            TokenKind::Space => continue,
            TokenKind::Newline => breaks = around.last().is_some_and(|(_, filled)| !filled),
            kind if kind.is_comment() => {
                let several = text.get(token.start..token.end).is_some_and(|text| text.contains('\n'));
                breaks = line_start || several || ends_line(tokens, index);
            }
            _ => {
                if let Some((_, filled)) = around.last_mut() {
                    *filled = true;
                }
            }
        }
        if let (true, Some((open, _))) = (breaks, around.last())
            && let Some(broken) = broken.get_mut(*open)
        {
            *broken = true;
        }
        match token.kind {
            TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace => around.push((index, false)),
            TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace => {
                around.pop();
            }
            _ => {}
        }
        line_start = token.kind == TokenKind::Newline;
    }
    broken
}

/// Returns whether nothing follows the token on its line.
fn ends_line(tokens: &[Token], index: usize) -> bool {
    next_non_space(tokens, index + 1).is_none_or(|(_, next)| next.kind == TokenKind::Newline)
}

struct Writer<'a> {
    text: &'a str,
    tokens: &'a [Token],
    broken: Vec<bool>,
    position: usize,
}

/// Text, and what it ends with.
#[derive(Default)]
struct Piece {
    text: String,
    last: Option<TokenKind>,
}

impl Piece {
    fn push(&mut self, kind: TokenKind, text: &str) {
        let words = |kind| matches!(kind, TokenKind::Word | TokenKind::Number | TokenKind::String);
        let apart = |last: TokenKind| {
            last == TokenKind::Colon || last.is_comment() || kind.is_comment() || (words(last) && words(kind))
        };
        if self.last.is_some_and(apart) {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.last = Some(kind);
    }
}

/// The text between two commas, with its comments.
#[derive(Default)]
struct Entry<'a> {
    /// Comments on lines above it.
    above: Vec<&'a str>,
    piece: Piece,
    /// Comments that end its line.
    beside: Vec<&'a str>,
    comma: bool,
}

impl<'a> Writer<'a> {
    fn slice(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or_default().trim_end()
    }

    /// Writes a token, and all of a bracket that it opens.
    fn token(&mut self, token: Token, to: &mut Piece, indent: usize) {
        match token.kind {
            TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace => {
                let group = self.group(token, indent);
                to.push(token.kind, &group);
                // What follows stands beside the closing bracket.
                to.last = Some(TokenKind::CloseParen);
                return;
            }
            TokenKind::Space if to.last == Some(TokenKind::Dot) => {
                // `db. Text` is a name with a space in it, which is wrong, and not for the formatter to put right.
                to.text.push_str(self.text.get(token.start..token.end).unwrap_or_default());
            }
            TokenKind::Space => {}
            kind => to.push(kind, self.slice(token)),
        }
        self.position += 1;
    }

    /// Writes a bracket and what is in it.
    fn group(&mut self, open: Token, indent: usize) -> String {
        let broken = self.broken.get(self.position).copied().unwrap_or_default();
        self.position += 1;
        let inner = if broken { indent + INDENT } else { indent };
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut entry = Entry::default();
        // Comments on lines of their own that belong to what comes next.
        let mut pending: Vec<&'a str> = Vec::new();
        let mut line_start = false;
        let mut close = "";
        while let Some(token) = self.tokens.get(self.position).copied() {
            match token.kind {
                TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace => {
                    self.position += 1;
                    close = self.slice(token);
                    break;
                }
                TokenKind::Newline => self.position += 1,
                TokenKind::Comma => {
                    self.position += 1;
                    entries.push(Entry { comma: true, ..std::mem::take(&mut entry) });
                }
                kind if kind.is_comment() && broken && ends_line(self.tokens, self.position) => {
                    self.position += 1;
                    let text = self.slice(token);
                    if line_start {
                        pending.push(text);
                    } else if entry.piece.last.is_some() {
                        entry.beside.push(text);
                    } else if let Some(last) = entries.last_mut().filter(|_| pending.is_empty()) {
                        last.beside.push(text);
                    } else {
                        pending.push(text);
                    }
                }
                _ => {
                    if token.kind != TokenKind::Space {
                        entry.above.append(&mut pending);
                    }
                    self.token(token, &mut entry.piece, inner);
                }
            }
            line_start = match token.kind {
                TokenKind::Newline => true,
                TokenKind::Space => line_start,
                _ => false,
            };
        }
        if entry.piece.last.is_some() {
            entries.push(entry);
        }
        let group = Group { open: self.slice(open), close, entries, below: pending };
        if broken { group.on_lines(indent) } else { group.on_a_line() }
    }
}

/// A bracket.
struct Group<'a> {
    open: &'a str,
    close: &'a str,
    entries: Vec<Entry<'a>>,
    /// Comments after the last entry.
    below: Vec<&'a str>,
}

impl Group<'_> {
    fn on_a_line(&self) -> String {
        let entries: Vec<&str> = self.entries.iter().map(|entry| entry.piece.text.as_str()).collect();
        let space = if self.open == "{" && !entries.is_empty() { " " } else { "" };
        format!("{}{space}{}{space}{}", self.open, entries.join(", "), self.close)
    }

    fn on_lines(&self, indent: usize) -> String {
        if self.entries.is_empty() && self.below.is_empty() {
            return format!("{}{}", self.open, self.close);
        }
        let mut out = self.open.to_owned();
        for (index, entry) in self.entries.iter().enumerate() {
            for comment in &entry.above {
                break_line(&mut out, indent + INDENT);
                out.push_str(comment);
            }
            break_line(&mut out, indent + INDENT);
            out.push_str(&entry.piece.text);
            // After the last of a list a comma is a matter of taste, after the last argument an error.
            if index + 1 < self.entries.len() || (entry.comma && self.open != "(") {
                out.push(',');
            }
            for comment in &entry.beside {
                out.push(' ');
                out.push_str(comment);
            }
        }
        for comment in &self.below {
            break_line(&mut out, indent + INDENT);
            out.push_str(comment);
        }
        break_line(&mut out, indent);
        out.push_str(self.close);
        out
    }
}
