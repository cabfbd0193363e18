//! Reads `prisma.config.ts` as text: the keys whose values are strings or look-ups in the environment.
//!
//! The file is a program; what it computes is beyond this reader, and left out.

use std::collections::BTreeMap;

use crate::settings::Value;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Symbol(char),
}

/// The values by their path: `datasource.url`, `schema`, `migrations.seed`.
pub(crate) fn read(text: &str) -> BTreeMap<String, Value> {
    let tokens = tokens(text);
    let mut values = BTreeMap::new();
    // The keys of the objects around; an object that is no key's value has an empty one.
    let mut path: Vec<String> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Symbol('{') => path.push(key_before(&tokens, index).unwrap_or_default()),
            Token::Symbol('}') => {
                path.pop();
            }
            Token::Symbol(':') => {
                let (Some(key), Some(value)) =
                    (key_before(&tokens, index + 1), value(tokens.get(index + 1..).unwrap_or_default()))
                else {
                    continue;
                };
                let mut full: Vec<&str> = path.iter().map(String::as_str).filter(|key| !key.is_empty()).collect();
                full.push(&key);
                values.entry(full.join(".")).or_insert(value);
            }
            _ => {}
        }
    }
    values
}

/// The key whose colon stands just before `index`.
fn key_before(tokens: &[Token], index: usize) -> Option<String> {
    let colon = tokens.get(index.checked_sub(1)?)?;
    match (colon, tokens.get(index.checked_sub(2)?)?) {
        (Token::Symbol(':'), Token::Word(key) | Token::Text(key)) => Some(key.clone()),
        _ => None,
    }
}

fn value(tokens: &[Token]) -> Option<Value> {
    let word = |index: usize, expected: &str| matches!(tokens.get(index), Some(Token::Word(word)) if word == expected);
    let symbol = |index: usize, expected: char| tokens.get(index) == Some(&Token::Symbol(expected));
    let name = |index: usize| match tokens.get(index) {
        Some(Token::Word(name) | Token::Text(name)) => Some(Value::Environment(name.clone())),
        _ => None,
    };
    match tokens.first()? {
        Token::Text(text) => Some(Value::Literal(text.clone())),
        Token::Word(first) if first == "env" && symbol(1, '(') => name(2),
        Token::Word(first) if first == "process" && symbol(1, '.') && word(2, "env") => {
            if symbol(3, '.') || symbol(3, '[') { name(4) } else { None }
        }
        _ => None,
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            _ if character.is_whitespace() => {}
            '/' if rest.next_if_eq(&'/').is_some() => while rest.next_if(|next| *next != '\n').is_some() {},
            '/' if rest.next_if_eq(&'*').is_some() => {
                let mut star = false;
                for next in rest.by_ref() {
                    if star && next == '/' {
                        break;
                    }
                    star = next == '*';
                }
            }
            '"' | '\'' | '`' => {
                let mut string = String::new();
                let mut computed = false;
                while let Some(next) = rest.next() {
                    if next == character {
                        break;
                    }
                    computed |= character == '`' && next == '$';
                    if next == '\\' {
                        string.extend(rest.next());
                    } else {
                        string.push(next);
                    }
                }
                tokens.push(if computed { Token::Symbol('`') } else { Token::Text(string) });
            }
            _ if character.is_alphanumeric() || character == '_' || character == '$' => {
                let mut word = String::from(character);
                while let Some(next) = rest.next_if(|next| next.is_alphanumeric() || *next == '_' || *next == '$') {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
            _ => tokens.push(Token::Symbol(character)),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let values = read(
            "import 'dotenv/config'\nimport { defineConfig, env } from \"prisma/config\"\n\
             // url: 'wrong'\nexport default defineConfig({\n  schema: 'db/schema.prisma',\n\
             migrations: { path: `db/migrations`, seed: 'tsx db/seed.ts' },\n\
             datasource: { url: env('DB_URL'), shadowDatabaseUrl: process.env.SHADOW! },\n\
             other: { url: `x${y}` } })",
        );
        let literal = |text: &str| Some(Value::Literal(text.to_owned()));
        assert_eq!(values.get("schema").cloned(), literal("db/schema.prisma"));
        assert_eq!(values.get("migrations.path").cloned(), literal("db/migrations"));
        assert_eq!(values.get("migrations.seed").cloned(), literal("tsx db/seed.ts"));
        assert_eq!(values.get("datasource.url"), Some(&Value::Environment("DB_URL".to_owned())));
        assert_eq!(values.get("datasource.shadowDatabaseUrl"), Some(&Value::Environment("SHADOW".to_owned())));
        assert_eq!(values.get("other.url"), None);
    }
}
