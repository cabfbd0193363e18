//! Reads `.env` files exactly as Next.js does, by `dotenv` and `dotenv-expand`, so that the command and the application
//! open the same database.
//!
//! Both packages are defined by their regular expressions, oddities included: `NAME: value` is an assignment, a quote that
//! is not closed is part of the value, a default counts before a variable of the same file. This module follows the text of
//! the expressions instead of a grammar; `cli/tests/dotenv/cases.json` holds what the packages return.

use std::sync::LazyLock;

use regex::Regex;

/// The variables of a file, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) variables: Vec<(String, String)>,
    /// Whether there is text that is neither a variable nor a comment.
    pub(crate) has_stray_text: bool,
    /// The first variable that refers to itself, through others or not: it is not expanded.
    pub(crate) endless: Option<String>,
}

/// JavaScript's `\s`, which has no NEL and has the byte order mark.
const SPACE: &str =
    r"\t\n\x0B\x0C\r\x20\u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";

/// An assignment, as `dotenv` 16 looks for it.
static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r#"(?m)^[SPACE]*(?:export[SPACE]+)?([0-9A-Za-z_.-]+)(?:[SPACE]*=[SPACE]*?|:[SPACE]+?)([SPACE]*'(?:\\'|[^'])*'|[SPACE]*"(?:\\"|[^"])*"|[SPACE]*`(?:\\`|[^`])*`|[^#\r\n]+)?[SPACE]*(?:#[^\n\r\u{2028}\u{2029}]*)?$"#;
    Regex::new(&pattern.replace("SPACE", SPACE)).ok()
});

/// A reference to another variable, as `dotenv-expand` 10 looks for it: at the start of the text.
static REFERENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\$\{?([0-9A-Za-z_]+)(?::-([^}\\]*))?\}?").ok());

/// More replacements than these in one value are a circle, which is an endless recursion in `dotenv-expand`.
const MOST_REPLACEMENTS: usize = 1_000;
/// A longer value is no setting; a circle that doubles reaches this soon.
const LONGEST: usize = 1 << 20;

/// Reads the text of a file, where `environment` tells the variables that are set already: they count before those of the
/// file, also when they are set to nothing.
pub(crate) fn read(text: &str, environment: impl Fn(&str) -> Option<String>) -> File {
    let (variables, has_stray_text) = parse(text);
    let mut file = File { variables, has_stray_text, endless: None };
    for index in 0..file.variables.len() {
        let Some((name, written)) = file.variables.get(index).cloned() else { continue };
        let value = environment(&name).unwrap_or(written);
        let expanded = expand(&value, &environment, &file.variables);
        if expanded.is_none() && file.endless.is_none() {
            file.endless = Some(name);
        }
        let expanded = expanded.unwrap_or(value).replace("\\$", "$");
        if let Some((_, value)) = file.variables.get_mut(index) {
            *value = expanded;
        }
    }
    file
}

/// The assignments, the last of a name counting, and whether something else stands between them.
fn parse(text: &str) -> (Vec<(String, String)>, bool) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut variables: Vec<(String, String)> = Vec::new();
    let mut has_stray_text = false;
    let mut end = 0;
    let Some(assignment) = ASSIGNMENT.as_ref() else { return (variables, true) };
    for found in assignment.captures_iter(&text) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
        has_stray_text |= is_stray(text.get(end..whole.start()).unwrap_or_default());
        end = whole.end();
        let value = value(found.get(2).map_or("", |value| value.as_str()));
        match variables.iter_mut().find(|(known, _)| known == name.as_str()) {
            Some((_, known)) => *known = value,
            None => variables.push((name.as_str().to_owned(), value)),
        }
    }
    has_stray_text |= is_stray(text.get(end..).unwrap_or_default());
    // The order of the keys of an object in JavaScript: those that are indexes come first.
    let index = |name: &str| name.parse::<u32>().ok().filter(|number| *number < u32::MAX && number.to_string() == name);
    variables.sort_by_key(|(name, _)| index(name).map_or((1, 0), |number| (0, number)));
    (variables, has_stray_text)
}

fn is_space(character: char) -> bool {
    (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}'
}

fn is_stray(between: &str) -> bool {
    between.lines().map(|line| line.trim_matches(is_space)).any(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A value without the quotes around it, and with the line ends that double quotes stand for.
fn value(written: &str) -> String {
    let written = written.trim_matches(is_space);
    let value = unquoted(written);
    if written.starts_with('"') { value.replace("\\n", "\n").replace("\\r", "\r") } else { value }
}

/// The text without the quotes that begin a line and end this line or a later one, as the expression
/// `^(['"`])([\s\S]*)\1$` finds them: the last such end counts.
fn unquoted(text: &str) -> String {
    let mut rest = text;
    let mut before = String::new();
    loop {
        let quote = rest.chars().next().filter(|first| matches!(first, '\'' | '"' | '`'));
        let end = quote.and_then(|quote| {
            let ends = rest.char_indices().skip(1).filter(|(index, character)| {
                *character == quote
                    && rest.get(index + 1..).is_some_and(|after| after.is_empty() || after.starts_with('\n'))
            });
            ends.map(|(index, _)| index).last()
        });
        if let Some(end) = end {
            before.push_str(rest.get(1..end).unwrap_or_default());
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        // To the start of the next line.
        let Some(line) = rest.find('\n') else { break };
        before.push_str(rest.get(..=line).unwrap_or_default());
        rest = rest.get(line + 1..).unwrap_or_default();
    }
    before.push_str(rest);
    before
}

/// A value with the variables that it refers to; `None` where that has no end.
fn expand(
    value: &str,
    environment: &impl Fn(&str) -> Option<String>,
    variables: &[(String, String)],
) -> Option<String> {
    let mut value = value.to_owned();
    for _ in 0..MOST_REPLACEMENTS {
        // The last dollar sign without a backslash before it, so that a default is expanded before what has it.
        let signs = value.char_indices().filter(|(_, character)| *character == '$').map(|(index, _)| index);
        let mut free = signs.filter(|index| !value.get(..*index).is_some_and(|before| before.ends_with('\\')));
        let Some(sign) = free.next_back() else { return Some(value) };
        let Some(found) = REFERENCE.as_ref()?.captures(value.get(sign..)?) else { return Some(value) };
        let (group, name) = (found.get(0)?.as_str(), found.get(1)?.as_str());
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let replacement = filled(environment(name))
            .or_else(|| filled(found.get(2).map(|default| default.as_str().to_owned())))
            .or_else(|| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
            .unwrap_or_default();
        // The first place with the same text is replaced, be it another one.
        let start = value.find(group)?;
        let (before, after) = (value.get(..start)?, value.get(start + group.len()..)?);
        value = format!("{before}{}{after}", substituted(&replacement, group, before, after));
        if value.len() > LONGEST {
            return None;
        }
    }
    None
}

/// The replacement as JavaScript's `replace` writes it, to which `$$`, `$&` and their like are signs.
fn substituted(replacement: &str, group: &str, before: &str, after: &str) -> String {
    let mut text = String::with_capacity(replacement.len());
    let mut characters = replacement.chars().peekable();
    while let Some(character) = characters.next() {
        let sign = if character == '$' { characters.peek().copied() } else { None };
        let meant = match sign {
            Some('$') => "$",
            Some('&') => group,
            Some('`') => before,
            Some('\'') => after,
            _ => {
                text.push(character);
                continue;
            }
        };
        text.push_str(meant);
        characters.next();
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(serde::Deserialize)]
    struct Case {
        text: String,
        environment: BTreeMap<String, String>,
        /// What `dotenv` and `dotenv-expand` return.
        expected: BTreeMap<String, String>,
    }

    #[test]
    fn every_file_is_read_as_by_the_packages_of_npm() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("../tests/dotenv/cases.json")).unwrap();
        assert!(cases.len() > 500, "{} cases", cases.len());
        for Case { text, environment, expected } in cases {
            let file = read(&text, |name| environment.get(name).cloned());
            let found: BTreeMap<String, String> = file.variables.into_iter().collect();
            assert_eq!(found, expected, "{text:?} with {environment:?}");
        }
    }

    #[test]
    fn a_circle_ends() {
        for text in ["A=$A", "A=$B\nB=$A", "A=x${A}y", "A=${B}${B}\nB=${A}${A}"] {
            let file = read(text, |_| None);
            assert_eq!(file.endless.as_deref(), Some("A"), "{text}");
        }
        assert_eq!(read("A=$B\nB=1", |_| None).endless, None);
    }

    #[test]
    fn text_that_is_no_assignment_is_noticed() {
        for (text, stray) in [
            ("\u{feff}A=1\n# comment\n\n  export B=2", false),
            ("A=1\nnonsense\nB=2", true),
            ("nonsense", true),
            ("A=1\nB 2", true),
            ("", false),
        ] {
            assert_eq!(read(text, |_| None).has_stray_text, stray, "{text:?}");
        }
    }
}
