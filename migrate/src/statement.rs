//! Reads SQL as a database does: into tokens, and into statements.

/// Whose SQL a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Names in brackets or backquotes, and triggers with a body of statements.
    Sqlite,
    /// Strings between dollars, strings with backslashes, comments in comments, functions with a body of statements.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "only servers have such scripts"))]
    Postgres,
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind<'a>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind<'a> {
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
    pub(crate) fn is(&self, keyword: &str) -> bool {
        matches!(self.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    pub(crate) fn is_symbol(&self, symbol: char) -> bool {
        self.kind == TokenKind::Symbol(symbol)
    }

    /// The name that it is, where it can be one. SQLite takes a string for a name too. PostgreSQL's are in lower case where they
    /// are not quoted, which is left to those who compare them.
    pub(crate) fn name(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Word(word) => Some(word),
            TokenKind::Quoted(name) | TokenKind::Text(name) => Some(name),
            TokenKind::Symbol(_) => None,
        }
    }
}

/// The tokens of a text; comments and blanks are left out. Never fails: what is not closed ends with the text.
pub(crate) fn tokens(sql: &str, syntax: Syntax) -> Vec<Token<'_>> {
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
                skip_comment(&mut rest, syntax);
                continue;
            }
            '\'' => TokenKind::Text(quoted(&mut rest, '\'')),
            'E' | 'e' if syntax == Syntax::Postgres && rest.next_if(|(_, next)| *next == '\'').is_some() => {
                TokenKind::Text(escaped(&mut rest))
            }
            '$' if syntax == Syntax::Postgres && dollar_quoted(sql.get(start..).unwrap_or_default()).is_some() => {
                let text = dollar_quoted(sql.get(start..).unwrap_or_default()).unwrap_or_default();
                while rest.next_if(|(at, _)| *at < start + text.len()).is_some() {}
                TokenKind::Text(text.to_owned())
            }
            '"' => TokenKind::Quoted(quoted(&mut rest, character)),
            '`' if syntax == Syntax::Sqlite => TokenKind::Quoted(quoted(&mut rest, character)),
            '[' if syntax == Syntax::Sqlite => {
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

type Characters<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

/// Skips the rest of a comment, and in PostgreSQL the comments in it.
fn skip_comment(rest: &mut Characters<'_>, syntax: Syntax) {
    let mut depth = 1;
    let mut last = ' ';
    for (_, next) in rest.by_ref() {
        match (last, next) {
            ('*', '/') => depth -= 1,
            ('/', '*') if syntax == Syntax::Postgres => depth += 1,
            _ => {
                last = next;
                continue;
            }
        }
        if depth == 0 {
            break;
        }
        // `*/*` ends one and begins none.
        last = ' ';
    }
}

/// The rest of a string in which a backslash makes the next character one of it.
fn escaped(rest: &mut Characters<'_>) -> String {
    let mut text = String::new();
    while let Some((_, character)) = rest.next() {
        match character {
            '\\' => text.extend(rest.next().map(|(_, next)| next)),
            '\'' if rest.next_if(|(_, next)| *next == '\'').is_none() => break,
            other => text.push(other),
        }
    }
    text
}

/// The text at the beginning that stands between two `$tag$`, with both.
fn dollar_quoted(sql: &str) -> Option<&str> {
    let end = sql.get(1..)?.find('$')? + 2;
    let tag = sql.get(..end)?;
    let inner = tag.get(1..tag.len() - 1)?;
    let is_tag = !inner.starts_with(|first: char| first.is_ascii_digit())
        && inner.chars().all(|character| character.is_alphanumeric() || character == '_');
    if !is_tag {
        return None;
    }
    let length = sql.get(end..)?.find(tag).map_or(sql.len(), |found| end + found + tag.len());
    sql.get(..length)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$' || !character.is_ascii()
}

fn quoted(rest: &mut Characters<'_>, quote: char) -> String {
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
pub(crate) struct Statement<'a> {
    /// The text, without the comments before it and the semicolon after it.
    pub(crate) sql: &'a str,
    /// Its tokens; their positions count from the beginning of the script.
    pub(crate) tokens: Vec<Token<'a>>,
    /// The comments before it, as they are.
    pub(crate) comments: &'a str,
    /// The line of the script on which it begins, from 1.
    pub(crate) line: usize,
}

impl Statement<'_> {
    /// Returns whether it begins with these keywords.
    pub(crate) fn begins(&self, words: &[&str]) -> bool {
        begins(&self.tokens, words)
    }

    /// The name at a position, behind `IF [NOT] EXISTS` and a database's or a schema's name.
    pub(crate) fn name_at(&self, position: usize) -> Option<String> {
        let mut rest = self.tokens.get(position..)?;
        while rest.first().is_some_and(|token| token.is("IF") || token.is("NOT") || token.is("EXISTS")) {
            rest = rest.get(1..)?;
        }
        let qualified = rest.get(1).is_some_and(|token| token.is_symbol('.'));
        rest.get(if qualified { 2 } else { 0 })?.name().map(str::to_owned)
    }
}

/// Returns whether tokens begin with these keywords.
pub(crate) fn begins(tokens: &[Token<'_>], words: &[&str]) -> bool {
    tokens.len() >= words.len() && tokens.iter().zip(words).all(|(token, word)| token.is(word))
}

/// The statements of a script. The bodies of triggers and functions hold semicolons of their own.
pub(crate) fn statements(script: &str, syntax: Syntax) -> Vec<Statement<'_>> {
    let mut statements = Vec::new();
    let mut current: Vec<Token<'_>> = Vec::new();
    let mut after = 0;
    let mut lines = Lines { text: script, position: 0, line: 1 };
    for token in tokens(script, syntax) {
        let (start, end) = (token.start, token.end);
        if !token.is_symbol(';') {
            current.push(token);
            continue;
        }
        if is_open(&current, syntax) {
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

/// Returns whether these tokens begin a body of statements whose END has not come yet.
fn is_open(tokens: &[Token<'_>], syntax: Syntax) -> bool {
    let has_body = match syntax {
        Syntax::Sqlite => {
            let mut head = tokens.iter().filter(|token| !token.is("TEMP") && !token.is("TEMPORARY"));
            head.next().is_some_and(|token| token.is("CREATE")) && head.next().is_some_and(|token| token.is("TRIGGER"))
        }
        Syntax::Postgres => {
            begins(tokens, &["CREATE"]) && tokens.windows(2).any(|pair| begins(pair, &["BEGIN", "ATOMIC"]))
        }
    };
    if !has_body {
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
        let found: Vec<_> =
            statements(script, Syntax::Sqlite).into_iter().map(|statement| (statement.sql, statement.line)).collect();
        assert_eq!(found.len(), 3);
        assert_eq!(found.first(), Some(&("CREATE TABLE a (x)", 2)));
        assert!(found.get(1).is_some_and(|(sql, _)| sql.starts_with("CREATE TRIGGER") && sql.ends_with("END")));
        assert_eq!(found.get(2), Some(&("SELECT 'it''s'", 5)));
    }

    #[test]
    fn each_of_many_statements_has_its_line() {
        let script = "SELECT 1;\n\nSELECT\n2; SELECT 3;\n".repeat(20_000);
        let lines: Vec<usize> = statements(&script, Syntax::Sqlite).iter().map(|statement| statement.line).collect();
        assert_eq!(lines.len(), 60_000);
        let expected = (0..20_000).flat_map(|number| [4 * number + 1, 4 * number + 3, 4 * number + 4]);
        assert!(lines.into_iter().eq(expected));
    }

    #[test]
    fn names_may_be_quoted_in_four_ways() {
        let names: Vec<_> = tokens("a \"b\"\"c\" `d` [e f] 'g''h'", Syntax::Sqlite)
            .iter()
            .filter_map(|token| token.name().map(str::to_owned))
            .collect();
        assert_eq!(names, ["a", "b\"c", "d", "e f", "g'h"]);
    }

    #[test]
    fn a_function_of_postgresql_is_one_statement() {
        let script = "/* a /* b; */ c; */ CREATE FUNCTION f() RETURNS int AS $body$ SELECT ';''$$' ; $body$ LANGUAGE sql;\n\
             SELECT E'it\\'s;', $$a;b$$, a[1];\n\
             CREATE FUNCTION g() RETURNS void BEGIN ATOMIC\nSELECT CASE WHEN true THEN 1 END; SELECT 2;\nEND; SELECT 1";
        let found: Vec<_> =
            statements(script, Syntax::Postgres).into_iter().map(|statement| (statement.sql, statement.line)).collect();
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found.first().is_some_and(|(sql, _)| sql.starts_with("CREATE") && sql.ends_with("LANGUAGE sql")));
        assert_eq!(found.get(1), Some(&("SELECT E'it\\'s;', $$a;b$$, a[1]", 2)));
        assert!(found.get(2).is_some_and(|(sql, line)| sql.ends_with("END") && *line == 3));
    }
}
