//! The keys of the objects in a source file, and what stands around each: enough to tell the arguments of a query.

/// A key of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key<'a> {
    pub(super) name: &'a str,
    pub(super) line: usize,
    /// The code behind the colon, to the end of its line; empty where the key is its own value.
    pub(super) value: &'a str,
    /// The names of the keys and of the calls that it stands in, the innermost first.
    pub(super) around: Vec<Around<'a>>,
}

/// What a key stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around<'a> {
    Key(&'a str),
    Call(&'a str),
}

/// A method of the result of a call: of `db.user.findUnique(..).posts()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fluent<'a> {
    pub(super) call: &'a str,
    pub(super) method: &'a str,
    pub(super) line: usize,
}

/// What a file has of both.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub(super) keys: Vec<Key<'a>>,
    pub(super) fluent: Vec<Fluent<'a>>,
}

/// An open bracket.
#[derive(Debug)]
struct Open<'a> {
    bracket: char,
    /// What its content stands in, where that is new.
    around: Option<Around<'a>>,
    /// Whether it is an object, as far as what stands before tells.
    object: bool,
    /// The key whose value is being read.
    key: Option<&'a str>,
}

/// Reads code without comments.
pub(super) fn read(code: &str) -> Found<'_> {
    let mut found = Found::default();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut line = 1;
    let mut at = 0;
    // Where the last piece of code ends, blanks left out.
    let mut before = 0;
    while let Some(character) = code.get(at..).and_then(|rest| rest.chars().next()) {
        let next = at + character.len_utf8();
        let past = code.get(..before).unwrap_or_default();
        let (end, word) = match character {
            '"' | '\'' | '`' => {
                let end = string_end(code, next, character);
                (end, code.get(next..end.saturating_sub(1)))
            }
            _ if is_word(character) => {
                let rest = code.get(at..).unwrap_or_default();
                let length = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
                (at + length, rest.get(..length))
            }
            _ => (next, None),
        };
        if let Some(name) = word {
            let begins = past.ends_with(['{', ',']);
            if begins && open.last().is_some_and(|inner| inner.object) {
                let rest = code.get(end..).unwrap_or_default().trim_start();
                let value = rest.strip_prefix(':').map(|value| value.trim_start().lines().next().unwrap_or_default());
                let alone = is_word(character) && rest.starts_with([',', '}']);
                if value.is_some() || alone {
                    let mut around: Vec<Around<'_>> = open.iter().filter_map(|outer| outer.around).collect();
                    around.reverse();
                    found.keys.push(Key { name, line, value: value.unwrap_or_default(), around });
                }
                let key = value.map(|_| name);
                if let Some(inner) = open.last_mut() {
                    inner.key = key;
                }
            }
        } else {
            match character {
                '(' | '[' | '{' => {
                    let call = (character == '(').then(|| callee(past)).flatten();
                    let key = open.last().and_then(|outer| outer.key).map(Around::Key);
                    open.push(Open {
                        bracket: character,
                        around: call.map(Around::Call).or(key),
                        object: character == '{' && begins_object(past),
                        key: None,
                    });
                }
                ')' | ']' | '}' => {
                    let opening = match character {
                        ')' => '(',
                        ']' => '[',
                        _ => '{',
                    };
                    if open.last().is_some_and(|last| last.bracket == opening) {
                        let closed = open.pop();
                        let call = closed.and_then(|closed| closed.around);
                        if let (')', Some(Around::Call(call))) = (character, call) {
                            let method = method(code.get(next..).unwrap_or_default());
                            found.fluent.extend(method.map(|(lines, method)| Fluent {
                                call,
                                method,
                                line: line + lines,
                            }));
                        }
                    }
                }
                ',' => {
                    if let Some(inner) = open.last_mut() {
                        inner.key = None;
                    }
                }
                _ => {}
            }
        }
        line += code.get(at..end).unwrap_or_default().matches('\n').count();
        if !character.is_whitespace() {
            before = end;
        }
        at = end;
    }
    found
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// Where a string ends, behind its quote. Only one between backticks goes over lines.
fn string_end(code: &str, start: usize, quote: char) -> usize {
    let mut escaped = false;
    for (index, character) in code.get(start..).unwrap_or_default().char_indices() {
        let end = start + index + character.len_utf8();
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if quote != '`' => return end,
            _ if character == quote => return end,
            _ => {}
        }
    }
    code.len()
}

/// The name of the function that is called, where this is the code before a parenthesis.
fn callee(before: &str) -> Option<&str> {
    let mut name = before;
    if before.ends_with('>') && !before.ends_with("=>") {
        // Its type arguments.
        let mut depth = 0usize;
        let start = before.char_indices().rev().take(400).find(|(_, character)| {
            depth = match character {
                '>' => depth + 1,
                '<' => depth.saturating_sub(1),
                _ => depth,
            };
            depth == 0
        });
        name = before.get(..start?.0)?;
    }
    let word = name.rsplit(|character| !is_word(character)).next().filter(|word| !word.is_empty())?;
    (!["if", "for", "while", "switch", "catch", "return", "await", "function", "of", "in"].contains(&word))
        .then_some(word)
}

/// Returns whether a brace behind this code begins an object, and not a block.
fn begins_object(before: &str) -> bool {
    if before.ends_with("=>") {
        return false;
    }
    let word = before.rsplit(|character| !is_word(character)).next().unwrap_or_default();
    before.ends_with(['(', ',', ':', '[', '=', '?', '|', '&'])
        || ["return", "default", "yield", "await"].contains(&word)
}

/// The method that is called on what stands before, and on which of the lines that follow.
fn method(rest: &str) -> Option<(usize, &str)> {
    let code = rest.trim_start().trim_start_matches(['!', '?']);
    let code = code.strip_prefix('.')?.trim_start();
    let length = code.find(|character| !is_word(character))?;
    let name = code.get(..length).filter(|name| !name.is_empty())?;
    let lines = rest.get(..rest.len() - code.len()).unwrap_or_default().matches('\n').count();
    code.get(length..)?.starts_with('(').then_some((lines, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys as `inner in outer in call()`.
    fn keys(code: &str) -> Vec<String> {
        let name = |around: &Around<'_>| match around {
            Around::Key(name) => format!(" in {name}"),
            Around::Call(name) => format!(" in {name}()"),
        };
        let text = |key: &Key<'_>| format!("{}{}", key.name, key.around.iter().map(name).collect::<String>());
        read(code).keys.iter().map(text).collect()
    }

    #[test]
    fn keys_are_told_with_what_they_stand_in() {
        assert_eq!(
            keys("await db.post.findMany({\n  where: { meta: { path, equals: 1 } },\n  take,\n})"),
            [
                "where in findMany()",
                "meta in where in findMany()",
                "path in meta in where in findMany()",
                "equals in meta in where in findMany()",
                "take in findMany()",
            ]
        );
        assert_eq!(
            keys("f({ a: x ? { b: 1 } : undefined, ...(y && { c }), 'd': [{ e: 2 }] })"),
            ["a in f()", "b in a in f()", "c in f()", "d in f()", "e in d in f()"]
        );
        assert_eq!(keys("new Client<A<'x'>, B>({ log: [] })"), ["log in Client()"]);
        assert_eq!(keys("const a = { b: 'c: { d: 1 }', e: `{ f: 1 }` }"), ["b", "e"]);
    }

    #[test]
    fn blocks_and_types_have_no_keys() {
        for code in [
            "if (a) { label: b() }",
            "() => { label: b() }",
            "interface A { b: string }",
            "class A { b: string = '' }",
            "function f(): void { a: for (;;) {} }",
        ] {
            assert!(keys(code).is_empty(), "{code}: {:?}", keys(code));
        }
    }

    #[test]
    fn methods_of_results_are_found() {
        let fluent =
            |code| read(code).fluent.iter().map(|found| (found.call, found.method, found.line)).collect::<Vec<_>>();
        assert_eq!(fluent("db.user.findUnique({ where: f(1) }).posts()"), [("findUnique", "posts", 1)]);
        assert_eq!(
            fluent("db.user\n  .findUnique({\n  })\n  ?.posts({ take: 1 })\n  .then(x)"),
            [("findUnique", "posts", 4), ("posts", "then", 5)]
        );
        assert!(fluent("db.user.findUnique({}).length + f()").is_empty());
    }

    #[test]
    fn every_part_of_a_file_is_read_to_its_end() {
        let code = "import { \u{e9} } from 'x'\nexport const a = async <T>(b: T) => {\n  const c = await db.user.findMany({\n    \
                    where: { name: `${b} \u{1f980}`, 'k': [1, { d }] }, ...e,\n  })\n  return <A b={{ c: 1 }}>don't {f(c)}</A>\n}\n";
        let places: Vec<usize> = code.char_indices().map(|(index, _)| index).collect();
        for (number, start) in places.iter().enumerate() {
            for end in places.iter().skip(number) {
                let part = code.get(*start..*end).unwrap_or_default();
                let lines = part.lines().count();
                assert!(read(part).keys.iter().all(|key| key.line <= lines), "{part}");
            }
        }
        assert_eq!(
            keys(code),
            [
                "where in findMany()",
                "name in where in findMany()",
                "k in where in findMany()",
                "d in k in where in findMany()"
            ]
        );
    }

    #[test]
    fn broken_code_is_read_to_its_end() {
        for code in ["({[", ")}]", "f({ a: 'b", "`", "f<(", "{ a:", "\u{e9}{,\u{e9}:"] {
            read(code);
        }
    }
}
