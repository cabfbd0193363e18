//! Reads `prisma.config.ts` as text: the keys whose values follow from the text and from the environment.
//!
//! The file is a program, and it is not run. Strings, templates, `+`, `path.join`, constants, `env('X')` and
//! `process.env.X ?? 'file:..'` are understood; what else it computes is reported as unreadable, never passed over.

use std::collections::BTreeMap;

use crate::settings::Value;

/// What the file says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Config {
    /// The values by their path: `datasource.url`, `schema`, `migrations.seed`.
    pub(crate) values: BTreeMap<String, Value>,
    /// The keys whose values cannot be told without running the file, and the lines where they stand.
    pub(crate) unreadable: BTreeMap<String, usize>,
}

#[derive(Debug, Clone, PartialEq)]
enum TokenKind {
    Word(String),
    Text(String),
    /// The text between the holes of a template, and the holes.
    Template(Vec<(String, Vec<Token>)>),
    Symbol(char),
}

#[derive(Debug, Clone, PartialEq)]
struct Token {
    kind: TokenKind,
    line: usize,
}

impl Token {
    fn is(&self, symbol: char) -> bool {
        self.kind == TokenKind::Symbol(symbol)
    }

    fn word(&self) -> Option<&str> {
        if let TokenKind::Word(word) = &self.kind { Some(word) } else { None }
    }

    fn key(&self) -> Option<&str> {
        if let TokenKind::Word(text) | TokenKind::Text(text) = &self.kind { Some(text) } else { None }
    }
}

/// Reads the text of a configuration.
pub(crate) fn read(text: &str) -> Config {
    let tokens = tokens(&mut text.chars().peekable(), &mut 1, 0);
    let constants = constants(&tokens);
    let mut config = Config::default();
    // The keys of the objects around; an object that is no key's value has an empty one.
    let mut path: Vec<String> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.is('{') {
            path.push(key_before(&tokens, index).unwrap_or_default());
        } else if token.is('}') {
            path.pop();
        }
        if path.len() > DEEPEST {
            continue;
        }
        let Some((key, value)) = entry(&tokens, index, &constants) else { continue };
        let mut full: Vec<&str> = path.iter().map(String::as_str).filter(|key| !key.is_empty()).collect();
        full.push(key);
        let full = full.join(".");
        match value {
            Found::Value(value) => drop(config.values.entry(full).or_insert(value)),
            Found::Object => {}
            Found::Unreadable => drop(config.unreadable.entry(full).or_insert(token.line)),
        }
    }
    // The same key may stand in a type, whose entry is no value.
    config.unreadable.retain(|key, _| !config.values.contains_key(key));
    config
}

enum Found {
    Value(Value),
    /// Its own keys follow.
    Object,
    Unreadable,
}

/// The key and the value of an entry of an object whose colon, or whose only word, stands at `index`.
fn entry<'a>(tokens: &'a [Token], index: usize, constants: &BTreeMap<String, Value>) -> Option<(&'a str, Found)> {
    let token = tokens.get(index)?;
    let before = index.checked_sub(1).and_then(|index| tokens.get(index));
    if token.is(':') {
        let key = before?.key()?;
        // A ternary has a colon too.
        let opens = index.checked_sub(2).and_then(|index| tokens.get(index));
        if !opens.is_some_and(|token| token.is('{') || token.is(',')) {
            return None;
        }
        let rest = tokens.get(index + 1..).unwrap_or_default();
        if rest.first().is_some_and(|token| token.is('{')) {
            return Some((key, Found::Object));
        }
        let mut reader = Reader { tokens: rest, constants, depth: 0 };
        let value = reader.expression().filter(|_| reader.is_at_end());
        return Some((key, value.map_or(Found::Unreadable, Found::Value)));
    }
    let word = token.word()?;
    let opens = before.is_some_and(|token| token.is('{') || token.is(','));
    let closes = tokens.get(index + 1).is_some_and(|token| token.is(',') || token.is('}'));
    // `{ url }`; the same in an import or in a list of arguments names no known constant.
    (opens && closes).then(|| constants.get(word).map(|value| (word, Found::Value(value.clone()))))?
}

/// The key whose colon stands just before `index`.
fn key_before(tokens: &[Token], index: usize) -> Option<String> {
    let colon = tokens.get(index.checked_sub(1)?)?;
    let key = tokens.get(index.checked_sub(2)?)?;
    if colon.is(':') { key.key().map(str::to_owned) } else { None }
}

/// `const url = ..`, each by those before it.
fn constants(tokens: &[Token]) -> BTreeMap<String, Value> {
    let mut constants = BTreeMap::new();
    for (index, token) in tokens.iter().enumerate() {
        // What may be assigned again is not constant.
        if token.word() != Some("const") {
            continue;
        }
        let Some(name) = tokens.get(index + 1).and_then(Token::word) else { continue };
        let mut rest = tokens.get(index + 2..).unwrap_or_default();
        if let [colon, ty, after @ ..] = rest
            && colon.is(':')
            && ty.word().is_some()
        {
            rest = after;
        }
        let [equals, rest @ ..] = rest else { continue };
        if !equals.is('=') {
            continue;
        }
        let mut reader = Reader { tokens: rest, constants: &constants, depth: 0 };
        if let Some(value) = reader.expression().filter(|_| reader.is_at_end()) {
            constants.insert(name.to_owned(), value);
        }
    }
    constants
}

/// Reads an expression from the front of the tokens.
struct Reader<'a> {
    tokens: &'a [Token],
    constants: &'a BTreeMap<String, Value>,
    depth: usize,
}

/// Brackets and templates deeper than this are no setting of a person, and would use up the stack.
const DEEPEST: usize = 64;

impl<'a> Reader<'a> {
    fn next_is(&mut self, symbol: char) -> bool {
        match self.tokens {
            [first, rest @ ..] if first.is(symbol) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }

    fn next_word(&mut self, expected: &str) -> bool {
        match self.tokens {
            [first, rest @ ..] if first.word() == Some(expected) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }

    /// Returns whether the expression ends here: nothing follows that would change it.
    fn is_at_end(&self) -> bool {
        match self.tokens.first() {
            None => true,
            Some(Token { kind: TokenKind::Symbol(symbol), .. }) => matches!(symbol, ',' | '}' | ')' | ';' | ']'),
            // A line without a semicolon ends before the next word.
            Some(Token { kind, .. }) => matches!(kind, TokenKind::Word(_)),
        }
    }

    /// `a ?? b`, `a || b`
    fn expression(&mut self) -> Option<Value> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = self.alternatives();
        self.depth -= 1;
        value
    }

    fn alternatives(&mut self) -> Option<Value> {
        let mut value = self.sum()?;
        let mut count = 0;
        while matches!(self.tokens, [a, b, ..] if (a.is('?') && b.is('?')) || (a.is('|') && b.is('|'))) {
            self.tokens = self.tokens.get(2..)?;
            count += 1;
            if count > DEEPEST {
                return None;
            }
            value = Value::Either(Box::new(value), Box::new(self.sum()?));
        }
        Some(value)
    }

    /// `a + b`
    fn sum(&mut self) -> Option<Value> {
        let mut value = self.primary()?;
        let mut count = 0;
        while self.next_is('+') {
            count += 1;
            if count > DEEPEST {
                return None;
            }
            value = Value::concatenation(vec![value, self.primary()?]);
        }
        Some(value)
    }

    fn primary(&mut self) -> Option<Value> {
        let [first, rest @ ..] = self.tokens else { return None };
        self.tokens = rest;
        let value = match &first.kind {
            TokenKind::Text(text) => Value::Literal(text.clone()),
            TokenKind::Template(parts) => {
                let mut values = Vec::new();
                for (text, hole) in parts {
                    values.push(Value::Literal(text.clone()));
                    if !hole.is_empty() {
                        let mut reader = Reader { tokens: hole, constants: self.constants, depth: self.depth };
                        values.push(reader.expression().filter(|_| reader.tokens.is_empty())?);
                    }
                }
                Value::concatenation(values)
            }
            TokenKind::Symbol('(') => {
                let value = self.expression()?;
                if !self.next_is(')') {
                    return None;
                }
                value
            }
            TokenKind::Symbol(_) => return None,
            TokenKind::Word(word) => self.named(word)?,
        };
        // `process.env.X!`, `'..' as string`, `'..' as const`
        self.next_is('!');
        if self.next_word("as") {
            self.tokens = self.tokens.get(1..)?;
        }
        Some(value)
    }

    fn named(&mut self, word: &str) -> Option<Value> {
        match word {
            "env" if self.arguments_follow() => {
                let name = self.key()?;
                self.next_is(')').then_some(Value::Environment(name))
            }
            "process" if self.next_is('.') => {
                if self.next_word("cwd") {
                    return (self.next_is('(') && self.next_is(')')).then(|| Value::Literal(String::new()));
                }
                if !self.next_word("env") {
                    return None;
                }
                self.next_is('?');
                if self.next_is('.') && !self.tokens.first()?.is('[') {
                    return self.key().map(Value::Environment);
                }
                let name = if self.next_is('[') { self.key()? } else { return None };
                self.next_is(']').then_some(Value::Environment(name))
            }
            // The folder of the file, from which its paths start.
            "__dirname" => Some(Value::Literal(String::new())),
            "import"
                if self.next_is('.') && self.next_word("meta") && self.next_is('.') && self.next_word("dirname") =>
            {
                Some(Value::Literal(String::new()))
            }
            "path" if self.next_is('.') => {
                self.next_word("posix").then(|| self.next_is('.'));
                (self.next_word("join") || self.next_word("resolve")).then(|| self.joined())?
            }
            "join" | "resolve" if self.tokens.first().is_some_and(|token| token.is('(')) => self.joined(),
            _ => self.constants.get(word).cloned(),
        }
    }

    /// Goes past the types and the bracket of `env<Env>(`.
    fn arguments_follow(&mut self) -> bool {
        if let [less, _, greater, bracket, rest @ ..] = self.tokens
            && less.is('<')
            && greater.is('>')
            && bracket.is('(')
        {
            self.tokens = rest;
            return true;
        }
        self.next_is('(')
    }

    fn key(&mut self) -> Option<String> {
        let [first, rest @ ..] = self.tokens else { return None };
        self.tokens = rest;
        first.key().map(str::to_owned)
    }

    /// The arguments of `path.join`, as one path.
    fn joined(&mut self) -> Option<Value> {
        if !self.next_is('(') {
            return None;
        }
        let mut parts = Vec::new();
        while !self.next_is(')') {
            match self.expression()? {
                Value::Literal(part) => parts.push(part),
                _ => return None,
            }
            if !self.next_is(',') && !self.tokens.first()?.is(')') {
                return None;
            }
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let path = crate::project::tidy(std::path::Path::new(&parts.join("/")));
        Some(Value::Literal(path.to_string_lossy().replace('\\', "/")))
    }
}

/// Splits a text into tokens; of a hole of a template, in `holes` others, to its closing brace.
fn tokens(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, line: &mut usize, holes: usize) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut depth = 0usize;
    while let Some(character) = rest.next() {
        let at = *line;
        let mut push = |kind| tokens.push(Token { kind, line: at });
        match character {
            '\n' => *line += 1,
            _ if character.is_whitespace() || character == '\u{feff}' => {}
            '/' if rest.next_if_eq(&'/').is_some() => while rest.next_if(|next| *next != '\n').is_some() {},
            '/' if rest.next_if_eq(&'*').is_some() => {
                let mut star = false;
                for next in rest.by_ref() {
                    *line += usize::from(next == '\n');
                    if star && next == '/' {
                        break;
                    }
                    star = next == '*';
                }
            }
            '"' | '\'' => {
                let mut string = String::new();
                while let Some(next) = rest.next() {
                    if next == character {
                        break;
                    }
                    *line += usize::from(next == '\n');
                    if next == '\\' {
                        string.extend(rest.next());
                    } else {
                        string.push(next);
                    }
                }
                push(TokenKind::Text(string));
            }
            '`' => push(template(rest, line, holes)),
            _ if character.is_alphanumeric() || character == '_' || character == '$' => {
                let mut word = String::from(character);
                while let Some(next) = rest.next_if(|next| next.is_alphanumeric() || *next == '_' || *next == '$') {
                    word.push(next);
                }
                push(TokenKind::Word(word));
            }
            '}' if holes > 0 && depth == 0 => break,
            _ => {
                match character {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                push(TokenKind::Symbol(character));
            }
        }
    }
    tokens
}

fn template(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, line: &mut usize, holes: usize) -> TokenKind {
    let mut parts = Vec::new();
    let mut text = String::new();
    while let Some(next) = rest.next() {
        match next {
            '`' => break,
            '\\' => text.extend(rest.next()),
            '$' if holes < DEEPEST && rest.next_if_eq(&'{').is_some() => {
                let hole = tokens(rest, line, holes + 1);
                parts.push((std::mem::take(&mut text), hole));
            }
            _ => {
                *line += usize::from(next == '\n');
                text.push(next);
            }
        }
    }
    if parts.is_empty() {
        return TokenKind::Text(text);
    }
    parts.push((text, Vec::new()));
    TokenKind::Template(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Value {
        Value::Literal(text.to_owned())
    }

    fn variable(name: &str) -> Value {
        Value::Environment(name.to_owned())
    }

    #[test]
    fn reads_what_people_write() {
        let config = read(
            "import 'dotenv/config'\nimport { defineConfig, env } from \"prisma/config\"\n\
             // url: 'wrong'\nexport default defineConfig({\n  schema: 'db/schema.prisma',\n\
             migrations: { path: `db/migrations`, seed: 'tsx db/seed.ts' },\n\
             datasource: { url: env('DB_URL'), shadowDatabaseUrl: process.env.SHADOW! },\n\
             other: { url: `x${y}` } })",
        );
        let get = |key: &str| config.values.get(key).cloned();
        assert_eq!(get("schema"), Some(literal("db/schema.prisma")));
        assert_eq!(get("migrations.path"), Some(literal("db/migrations")));
        assert_eq!(get("migrations.seed"), Some(literal("tsx db/seed.ts")));
        assert_eq!(get("datasource.url"), Some(variable("DB_URL")));
        assert_eq!(get("datasource.shadowDatabaseUrl"), Some(variable("SHADOW")));
        assert_eq!(get("other.url"), None);
        assert_eq!(config.unreadable.get("other.url"), Some(&8));
    }

    #[test]
    fn expressions_that_follow_from_the_text_are_read() {
        let either = |first: Value, second: Value| Value::Either(Box::new(first), Box::new(second));
        let cases = [
            ("'a'", literal("a")),
            ("`a`", literal("a")),
            ("'a' + 'b'", literal("ab")),
            ("('a')", literal("a")),
            ("'a' as string", literal("a")),
            ("path.join('a', 'b')", literal("a/b")),
            ("path.join(__dirname, 'a', '..', 'b.prisma')", literal("b.prisma")),
            ("path.resolve(import.meta.dirname, './a',)", literal("a")),
            ("resolve(process.cwd(), 'a')", literal("a")),
            ("process.env.X", variable("X")),
            ("process.env['X']!", variable("X")),
            ("process.env?.X", variable("X")),
            ("process.env?.[\"X\"]", variable("X")),
            ("env(\"X\")", variable("X")),
            ("env<Env>('X')", variable("X")),
            ("process.env.X ?? ''", either(variable("X"), literal(""))),
            ("env('X') satisfies string", variable("X")),
            ("process.env.X ?? 'file:./a.db'", either(variable("X"), literal("file:./a.db"))),
            ("process.env.X || process.env.Y || 'b'", either(either(variable("X"), variable("Y")), literal("b"))),
            ("`file:./${process.env.X}.db`", {
                Value::Concatenation(vec![literal("file:./"), variable("X"), literal(".db")])
            }),
            ("local", literal("file:./local.db")),
            ("`${local}?mode=ro`", literal("file:./local.db?mode=ro")),
            ("fromEnv", either(variable("Z"), literal("file:./local.db"))),
        ];
        for (expression, expected) in cases {
            let config = read(&format!(
                "type Env = {{ datasource: {{ url: string }} }}\nconst local = 'file:./local.db'\nconst fromEnv: string = process.env.Z ?? local;\n\
                 export default {{ datasource: {{ url: {expression} }}, last: 1 }}"
            ));
            assert_eq!(config.values.get("datasource.url"), Some(&expected), "{expression}");
        }
    }

    #[test]
    fn what_must_be_run_is_unreadable() {
        for expression in [
            "url()",
            "`x${f()}`",
            "'a'.concat('b')",
            "isProduction ? 'a' : 'b'",
            "process.env",
            "config.url",
            "imported",
            "path.join(root, 'a')",
            "changing",
            "'a' + 1 * 2",
            "process.env.X ?? fallback()",
        ] {
            let config =
                read(&format!("let changing = 'a'\nexport default {{\n  datasource: {{ url: {expression} }} }}"));
            assert_eq!(config.values.get("datasource.url"), None, "{expression}");
            assert_eq!(config.unreadable.get("datasource.url"), Some(&3), "{expression}");
        }
    }

    #[test]
    fn what_is_nested_without_end_is_unreadable() {
        for (open, close) in [("(", ")"), ("`${", "}`"), ("path.join(", ")"), ("{ a: ", " }"), ("'a' + (", ")")] {
            let nested = format!("{}'x'{}", open.repeat(20_000), close.repeat(20_000));
            let config = read(&format!("const x = {nested}\nexport default {{ schema: {nested} }}"));
            assert_eq!(config.values.get("schema"), None, "{open}");
            read(&open.repeat(20_000));
        }
        for operator in [" ?? ", " || ", " + "] {
            let chain = vec!["process.env.X"; 20_000].join(operator);
            assert_eq!(read(&format!("export default {{ schema: {chain} }}")).values.get("schema"), None, "{operator}");
        }
    }

    #[test]
    fn constants_can_be_named_by_the_key_alone() {
        let config = read(
            "const schema = 'a.prisma', x = 1\nconst url = 'file:a.db'\nexport default { schema, datasource: { url } }",
        );
        assert_eq!(config.values.get("datasource.url"), Some(&literal("file:a.db")));
        assert_eq!(config.values.get("schema"), Some(&literal("a.prisma")));
    }
}
