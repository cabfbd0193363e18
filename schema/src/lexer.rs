//! Text to tokens, losing nothing: the tokens of a text, laid end to end, are the text.

/// A token: its kind and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its kind.
    pub kind: TokenKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Spaces, tabs, a byte order mark.
    Space,
    /// `\n` or `\r\n`.
    Newline,
    /// `// ...` up to the end of the line.
    Comment,
    /// `/// ...` up to the end of the line.
    DocComment,
    /// `/* ... */`, several lines perhaps.
    BlockComment,
    /// `/* ...` up to the end of the file.
    UnclosedComment,
    /// Letters, digits, `_` and `-`.
    Word,
    /// `12`, `-1.5`.
    Number,
    /// `"..."`.
    String,
    /// `"...` up to the end of the line.
    UnclosedString,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `?`
    Question,
    /// `!`
    Bang,
    /// `=`
    Equals,
    /// `@`
    At,
    /// `@@`
    AtAt,
    /// A character that the language does not use.
    Unknown,
}

impl TokenKind {
    /// Returns whether it only separates: spaces and comments, but not line breaks.
    pub fn is_comment(self) -> bool {
        matches!(self, Self::Comment | Self::DocComment | Self::BlockComment | Self::UnclosedComment)
    }
}

/// The tokens of a text.
pub fn lex(text: &str) -> Vec<Token> {
    // Measured on real schemas: about one token in four bytes, spaces included.
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = next(rest);
        let end = start + length.max(1);
        tokens.push(Token { kind, start, end });
        start = end;
    }
    tokens
}

/// The kind and the length of the token at the start of a text that is not empty.
fn next(text: &str) -> (TokenKind, usize) {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or_default();
    let second = chars.next().unwrap_or_default();
    let single = match first {
        '{' => TokenKind::OpenBrace,
        '}' => TokenKind::CloseBrace,
        '[' => TokenKind::OpenBracket,
        ']' => TokenKind::CloseBracket,
        '(' => TokenKind::OpenParen,
        ')' => TokenKind::CloseParen,
        ':' => TokenKind::Colon,
        ',' => TokenKind::Comma,
        '.' => TokenKind::Dot,
        '?' => TokenKind::Question,
        '!' => TokenKind::Bang,
        '=' => TokenKind::Equals,
        '@' if second == '@' => return (TokenKind::AtAt, 2),
        '@' => TokenKind::At,
        '\n' => TokenKind::Newline,
        '\r' if second == '\n' => return (TokenKind::Newline, 2),
        '/' if second == '/' => {
            let kind = if text.starts_with("///") { TokenKind::DocComment } else { TokenKind::Comment };
            return (kind, line_length(text));
        }
        '/' if second == '*' => {
            return match text.get(2..).and_then(|rest| rest.find("*/")) {
                Some(end) => (TokenKind::BlockComment, end + 4),
                None => (TokenKind::UnclosedComment, text.len()),
            };
        }
        '"' => return string(text),
        _ if is_space(first) => return (TokenKind::Space, prefix(text, is_space)),
        _ if first.is_ascii_digit() || (first == '-' && second.is_ascii_digit()) => return number(text),
        _ if is_word(first) && first != '-' => return (TokenKind::Word, prefix(text, is_word)),
        _ => TokenKind::Unknown,
    };
    (single, first.len_utf8())
}

/// A number, or a word that starts with a digit (which the checks of names reject, more clearly than a syntax error).
fn number(text: &str) -> (TokenKind, usize) {
    let sign = usize::from(text.starts_with('-'));
    let digits = |from: usize| text.get(from..).map_or(0, |rest| prefix(rest, |char| char.is_ascii_digit()));
    let mut end = sign + digits(sign);
    if text.get(end..).is_some_and(|rest| rest.starts_with('.')) {
        let fraction = digits(end + 1);
        if fraction > 0 {
            end += 1 + fraction;
        }
    }
    let word = text.get(end..).map_or(0, |rest| prefix(rest, is_word));
    if word > 0 { (TokenKind::Word, end + word) } else { (TokenKind::Number, end) }
}

fn string(text: &str) -> (TokenKind, usize) {
    let mut escaped = false;
    for (index, char) in text.char_indices().skip(1) {
        match char {
            '\n' => return (TokenKind::UnclosedString, index),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (TokenKind::String, index + 1),
            _ => {}
        }
    }
    (TokenKind::UnclosedString, text.len())
}

/// The length of the line, without its line break.
fn line_length(text: &str) -> usize {
    let line = text.find('\n').map_or(text, |end| text.get(..end).unwrap_or(text));
    line.strip_suffix('\r').unwrap_or(line).len()
}

fn prefix(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|char| !belongs(char)).unwrap_or(text.len())
}

fn is_space(char: char) -> bool {
    char != '\n' && (char.is_whitespace() || char == '\u{feff}')
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_' || char == '-'
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, lex};

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex(text).into_iter().map(|token| token.kind).filter(|kind| *kind != TokenKind::Space).collect()
    }

    #[test]
    fn tokens_cover_the_text() {
        let text = "\u{feff}model Ünï { // c\r\n /// d\n /* e */ a \"x\\\"y\" -1.5 1a @@ é€\u{0}\r \"open\n/* open";
        let joined: String = lex(text).iter().filter_map(|token| text.get(token.start..token.end)).collect();
        assert_eq!(joined, text);
    }

    #[test]
    fn numbers_words_and_strings() {
        use TokenKind::{Dot, Number, String, UnclosedString, Unknown, Word};
        assert_eq!(kinds("12 -1.5 1. 1a a-b _x -"), [Number, Number, Number, Dot, Word, Word, Word, Unknown]);
        assert_eq!(kinds(r#""a\"b" "\\" "open"#), [String, String, UnclosedString]);
    }

    #[test]
    fn comments_end_before_the_line_break() {
        use TokenKind::{BlockComment, Comment, DocComment, Newline, UnclosedComment};
        assert_eq!(
            kinds("// a\r\n/// b\n/* c\n */ /* d"),
            [Comment, Newline, DocComment, Newline, BlockComment, UnclosedComment]
        );
    }
}
