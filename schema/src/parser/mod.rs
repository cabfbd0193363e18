//! Tokens to a syntax tree, by recursive descent.
//!
//! A line that cannot be read costs one diagnostic and that line; a block that is not closed ends where the next one
//! starts. The grammar accepts more than the language has (older spellings, what other databases use), so that the
//! checks can name the thing instead of complaining about a character.

mod block;
mod documentation;
mod expression;

use documentation::{Documentation, Documented};

use crate::diagnostic::Diagnostic;
use crate::lexer::{Token, TokenKind, lex};
use crate::messages::syntax as messages;
use crate::rules::Rule;
use crate::source::{SourceFile, Span};
use crate::syntax::{BlockKind, Comment, CommentKind, Item, Lost, Name, Tree};

/// The deepest nesting of lists, calls and objects: far more than any schema needs, far less than a stack holds.
const MAX_DEPTH: usize = 32;

/// Bytes of the longest name. A model's name is in each finding about its fields: without a limit a long one would take
/// the product of the two.
const LONGEST_NAME: usize = 1_000;

/// The syntax tree of a file; `index` is its place in the list of files.
pub fn parse_file(index: usize, file: &SourceFile, diagnostics: &mut Vec<Diagnostic>) -> Tree {
    let tokens = lex(&file.text);
    let mut parser = Parser {
        file: index,
        text: &file.text,
        tokens: &tokens,
        position: 0,
        depth: 0,
        lost: Lost::default(),
        one_line: false,
        diagnostics,
    };
    let items = parser.items();
    let lost = std::mem::take(&mut parser.lost);
    Tree { tokens, items, lost }
}

/// A line could not be read; the diagnostic is written already, what is left is to skip the line.
struct Unreadable;

type Result<T> = std::result::Result<T, Unreadable>;

struct Parser<'a> {
    file: usize,
    text: &'a str,
    tokens: &'a [Token],
    /// Index of the next token.
    position: usize,
    /// The nesting of lists, calls and objects so far.
    depth: usize,
    /// The text that was skipped at the top level.
    lost: Lost,
    /// True if a block continues on the line of its `{`, which is reported: then its members need no line breaks.
    one_line: bool,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Parser<'_> {
    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        let mut documentation = Documentation::default();
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Newline => {
                    self.bump();
                    documentation.line_break();
                }
                kind if kind.is_comment() => {
                    let comment = self.comment(token);
                    self.document(&mut documentation, &comment);
                    items.push(Item::Comment(comment));
                }
                _ => {
                    let (start, position) = (token.start, self.position);
                    match self.block(documentation.take()) {
                        Ok(block) => items.push(Item::Block(block)),
                        Err(Unreadable) => {
                            // Of an alias nothing is unknown: what uses it is wrong too.
                            let is_alias = self.diagnostics.last().is_some_and(|last| last.rule == Rule::TypeAlias);
                            self.skip_line();
                            if self.position == position {
                                // A lone `}`: nothing else stops before itself.
                                self.bump();
                            }
                            if !is_alias {
                                self.lose_block(start);
                            }
                            items.push(Item::Unreadable(self.since(start)));
                        }
                    }
                }
            }
        }
        self.report_lost(documentation);
        items
    }

    /// Adds the words from `start` to here to what is lost.
    fn lose(&self, start: usize, lost: &mut Lost) {
        let skipped = self.tokens.get(..self.position).unwrap_or_default().iter().rev();
        for token in skipped.take_while(|token| token.start >= start).filter(|token| token.kind == TokenKind::Word) {
            lost.add(self.slice(self.span(*token)));
        }
    }

    /// The block that starts there is lost; without a name it may be any that is missing.
    fn lose_block(&mut self, start: usize) {
        let from = self.tokens.partition_point(|token| token.start < start);
        let skipped = self.tokens.get(from..self.position).unwrap_or_default();
        let header = skipped.iter().take_while(|token| token.kind != TokenKind::Newline);
        let is_named = header.clone().filter(|token| token.kind == TokenKind::Word).count() > 1;
        let mut lost = std::mem::take(&mut self.lost);
        if !is_named && header.clone().any(|token| token.kind == TokenKind::OpenBrace) {
            lost.add_all();
        }
        self.lose(start, &mut lost);
        self.lost = lost;
    }

    /// Consumes a comment.
    fn comment(&mut self, token: Token) -> Comment {
        self.bump();
        let span = self.span(token);
        let kind = match token.kind {
            TokenKind::DocComment => CommentKind::Doc,
            TokenKind::BlockComment => CommentKind::Block,
            TokenKind::UnclosedComment => {
                let opening = Span { end: span.start + 2, ..span };
                self.diagnostics.push(messages::unclosed_comment(opening));
                CommentKind::Block
            }
            _ => CommentKind::Line,
        };
        Comment { kind, span }
    }

    // Tokens

    /// The next token that is not a space.
    fn peek(&mut self) -> Option<Token> {
        while self.tokens.get(self.position).is_some_and(|token| token.kind == TokenKind::Space) {
            self.position += 1;
        }
        self.tokens.get(self.position).copied()
    }

    fn peek_kind(&mut self) -> Option<TokenKind> {
        self.peek().map(|token| token.kind)
    }

    /// The next token if it follows the last one without a space.
    fn adjacent(&self, kind: TokenKind) -> bool {
        self.tokens.get(self.position).is_some_and(|token| token.kind == kind)
    }

    fn bump(&mut self) {
        self.position += 1;
    }

    fn eat(&mut self, kind: TokenKind) -> Option<Token> {
        let token = self.peek().filter(|token| token.kind == kind)?;
        self.bump();
        Some(token)
    }

    fn word(&mut self, expected: &str) -> Result<Name> {
        match self.peek() {
            Some(token) if matches!(token.kind, TokenKind::Word | TokenKind::Number) => {
                let length = token.end - token.start;
                if length > LONGEST_NAME {
                    self.diagnostics.push(messages::long_name(self.span(token), expected, length, LONGEST_NAME));
                    return Err(Unreadable);
                }
                self.bump();
                Ok(self.name(token))
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    fn name(&self, token: Token) -> Name {
        let span = self.span(token);
        Name { text: self.slice(span).to_owned(), span }
    }

    /// Skips spaces, comments and line breaks: inside brackets a line may end anywhere.
    fn skip_lines(&mut self) {
        while let Some(token) = self.peek().filter(|it| it.kind == TokenKind::Newline || it.kind.is_comment()) {
            if token.kind == TokenKind::UnclosedComment {
                self.comment(token);
            } else {
                self.bump();
            }
        }
    }

    /// Skips what is left of the line, but not its line break, and not a brace at its end that closes the block.
    fn skip_line(&mut self) {
        let mut braces = 0_usize;
        while let Some(kind) = self.peek_kind() {
            match kind {
                TokenKind::Newline | TokenKind::UnclosedComment => return,
                TokenKind::OpenBrace => braces += 1,
                TokenKind::CloseBrace if braces == 0 && self.closes_block() => return,
                TokenKind::CloseBrace if braces == 0 => {}
                TokenKind::CloseBrace => braces -= 1,
                _ => {}
            }
            self.bump();
        }
    }

    /// Returns whether the brace that comes next, on a line that cannot be read, closes the block: it ends the line,
    /// and what follows is no line of the block.
    fn closes_block(&self) -> bool {
        let rest = self.tokens.get(self.position + 1..).unwrap_or_default();
        let mut significant = rest.iter().filter(|token| token.kind != TokenKind::Space && !token.kind.is_comment());
        if significant.next().is_some_and(|token| token.kind != TokenKind::Newline) {
            return false;
        }
        let Some(token) = significant.find(|token| token.kind != TokenKind::Newline) else { return true };
        token.kind == TokenKind::Word && keyword(self.slice(self.span(*token))).is_some()
    }

    // Spans

    fn span(&self, token: Token) -> Span {
        Span { file: self.file, start: token.start, end: token.end }
    }

    /// From `start` to the end of the last consumed token.
    fn since(&self, start: usize) -> Span {
        let consumed = self.tokens.get(..self.position).unwrap_or_default();
        let last = consumed.iter().rev().find(|token| token.kind != TokenKind::Space);
        Span { file: self.file, start, end: last.map_or(start, |token| token.end).max(start) }
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    // Errors

    /// Reports that something else than `expected` comes next.
    fn unexpected(&mut self, expected: &str) -> Unreadable {
        let (span, found) = match self.peek() {
            None => {
                let end = self.text.len();
                (Span { file: self.file, start: end, end }, "the end of the file".to_owned())
            }
            Some(token) => {
                let span = self.span(token);
                let found = match token.kind {
                    TokenKind::Newline => "the end of the line".to_owned(),
                    TokenKind::UnclosedString => "a string without its closing quote".to_owned(),
                    TokenKind::String => "a string".to_owned(),
                    kind if kind.is_comment() => "a comment".to_owned(),
                    _ => format!("`{}`", self.slice(span)),
                };
                // A line break has no width on the screen: the place before it is meant.
                let end = if token.kind == TokenKind::Newline { span.start } else { span.end };
                (Span { end, ..span }, found)
            }
        };
        let kind = self.peek_kind();
        let diagnostic = messages::unexpected(span, expected, (kind, &found, self.slice(span)));
        self.diagnostics.push(diagnostic);
        Unreadable
    }
}

/// The keyword that a word is.
fn keyword(word: &str) -> Option<BlockKind> {
    BlockKind::ALL.into_iter().find(|kind| kind.keyword() == word)
}
