//! Reads SQL as SQLite does: into tokens, and into statements.

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind<'a> {
    /// A bare word or a number.
    Word(&'a str),
    /// A quoted identifier, unquoted.
    Quoted(String),
    /// A string, unquoted.
    Text(String),
    /// Anything else, a character each.
    Symbol(char),
}

impl Token<'_> {
    /// Returns whether it is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn is_symbol(&self, symbol: char) -> bool {
        self.kind == TokenKind::Symbol(symbol)
    }

    /// The name that it is, where it can be one. SQLite takes a string for a name too.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Word(word) => Some(word),
            TokenKind::Quoted(name) | TokenKind::Text(name) => Some(name),
            TokenKind::Symbol(_) => None,
        }
    }
}

/// The tokens of a text; comments and blanks are left out. Never fails: what is not closed ends with the text.
pub(super) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = sql.char_indices().peekable();
    while let Some((start, character)) = rest.next() {
        let kind = match character {
            // SQLite's own blanks; it skips a byte order mark, and takes other blanks of Unicode for letters.
            ' ' | '\t' | '\n' | '\r' | '\x0c' | '\u{feff}' => continue,
            '-' if rest.next_if(|(_, next)| *next == '-').is_some() => {
                while rest.next_if(|(_, next)| *next != '\n').is_some() {}
                continue;
            }
            '/' if rest.next_if(|(_, next)| *next == '*').is_some() => {
                let mut star = false;
                for (_, next) in rest.by_ref() {
                    if star && next == '/' {
                        break;
                    }
                    star = next == '*';
                }
                continue;
            }
            '\'' => TokenKind::Text(quoted(&mut rest, '\'')),
            '"' | '`' => TokenKind::Quoted(quoted(&mut rest, character)),
            '[' => {
                let mut name = String::new();
                for (_, next) in rest.by_ref() {
                    if next == ']' {
                        break;
                    }
                    name.push(next);
                }
                TokenKind::Quoted(name)
            }
            _ if is_word(character) => {
                let mut end = start + character.len_utf8();
                // A number may hold a point: `1.5`.
                let number = character.is_ascii_digit();
                while let Some((at, next)) = rest.next_if(|(_, next)| is_word(*next) || (number && *next == '.')) {
                    end = at + next.len_utf8();
                }
                TokenKind::Word(sql.get(start..end).unwrap_or_default())
            }
            _ => TokenKind::Symbol(character),
        };
        let end = rest.peek().map_or(sql.len(), |(at, _)| *at);
        tokens.push(Token { kind, start, end });
    }
    tokens
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$' || !character.is_ascii()
}

fn quoted(rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>, quote: char) -> String {
    let mut text = String::new();
    while let Some((_, character)) = rest.next() {
        if character == quote && rest.next_if(|(_, next)| *next == quote).is_none() {
            break;
        }
        text.push(character);
    }
    text
}

/// A statement of a script.
#[derive(Debug, Clone)]
pub(super) struct Statement<'a> {
    /// The text, without the comments before it and the semicolon after it.
    pub(super) sql: &'a str,
    /// Its tokens; their positions count from the beginning of the script.
    pub(super) tokens: Vec<Token<'a>>,
    /// The comments before it, as they are.
    pub(super) comments: &'a str,
    /// The line of the script on which it begins, from 1.
    pub(super) line: usize,
}

/// The statements of a script. A trigger's body holds semicolons of its own.
pub(super) fn statements(script: &str) -> Vec<Statement<'_>> {
    let mut statements = Vec::new();
    let mut current: Vec<Token<'_>> = Vec::new();
    let mut after = 0;
    let mut lines = Lines { text: script, position: 0, line: 1 };
    for token in tokens(script) {
        let (start, end) = (token.start, token.end);
        if !token.is_symbol(';') {
            current.push(token);
            continue;
        }
        if is_open_trigger(&current) {
            current.push(token);
            continue;
        }
        statements.extend(statement(script, after, std::mem::take(&mut current), start, &mut lines));
        after = end;
    }
    statements.extend(statement(script, after, current, script.len(), &mut lines));
    statements
}

fn statement<'a>(
    script: &'a str,
    after: usize,
    tokens: Vec<Token<'a>>,
    end: usize,
    lines: &mut Lines<'_>,
) -> Option<Statement<'a>> {
    let first = tokens.first()?.start;
    Some(Statement {
        sql: script.get(first..end)?.trim_end(),
        tokens,
        comments: script.get(after..first)?,
        line: lines.at(first),
    })
}

/// Counts the lines of a text once: a script may have a hundred thousand statements.
struct Lines<'a> {
    text: &'a str,
    position: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of a position that is not before the last one that was asked for.
    fn at(&mut self, position: usize) -> usize {
        self.line += self.text.get(self.position..position).map_or(0, |text| text.matches('\n').count());
        self.position = position;
        self.line
    }
}

/// Returns whether these tokens begin a trigger whose END has not come yet.
fn is_open_trigger(tokens: &[Token<'_>]) -> bool {
    let mut head = tokens.iter().filter(|token| !token.is("TEMP") && !token.is("TEMPORARY"));
    let trigger =
        head.next().is_some_and(|token| token.is("CREATE")) && head.next().is_some_and(|token| token.is("TRIGGER"));
    if !trigger {
        return false;
    }
    // The END of the body follows a semicolon; the END of a CASE does not.
    let mut last = tokens.iter().rev();
    let closed =
        last.next().is_some_and(|token| token.is("END")) && last.next().is_some_and(|token| token.is_symbol(';'));
    !closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_is_one_statement() {
        let script = "-- first\nCREATE TABLE a (x); /* b; */ CREATE TRIGGER t AFTER INSERT ON a BEGIN\n\
             UPDATE a SET x = CASE WHEN 1 THEN 2 END; DELETE FROM a WHERE x = ';';\nEND;\nSELECT 'it''s';";
        let found: Vec<_> = statements(script).into_iter().map(|statement| (statement.sql, statement.line)).collect();
        assert_eq!(found.len(), 3);
        assert_eq!(found.first(), Some(&("CREATE TABLE a (x)", 2)));
        assert!(found.get(1).is_some_and(|(sql, _)| sql.starts_with("CREATE TRIGGER") && sql.ends_with("END")));
        assert_eq!(found.get(2), Some(&("SELECT 'it''s'", 5)));
    }

    #[test]
    fn each_of_many_statements_has_its_line() {
        let script = "SELECT 1;\n\nSELECT\n2; SELECT 3;\n".repeat(20_000);
        let lines: Vec<usize> = statements(&script).iter().map(|statement| statement.line).collect();
        assert_eq!(lines.len(), 60_000);
        let expected = (0..20_000).flat_map(|number| [4 * number + 1, 4 * number + 3, 4 * number + 4]);
        assert!(lines.into_iter().eq(expected));
    }

    #[test]
    fn names_may_be_quoted_in_four_ways() {
        let names: Vec<_> = tokens("a \"b\"\"c\" `d` [e f] 'g''h'")
            .iter()
            .filter_map(|token| token.name().map(str::to_owned))
            .collect();
        assert_eq!(names, ["a", "b\"c", "d", "e f", "g'h"]);
    }
}
