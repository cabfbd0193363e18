//! Comments on lines of their own.

use super::break_line;

/// A comment as it is written on lines of its own, this far in.
///
/// A block comment gets the shape of a letter, with a star before each line; the text between the stars keeps its
/// lines and its own indentation. One that draws a box already, or has no text, stays as it is.
pub(super) fn own_line(text: &str, indent: usize) -> String {
    if !text.starts_with("/*") {
        // Its end may be two spaces, which are a line break in Markdown.
        return text.to_owned();
    }
    let text = text.trim_end();
    let inner = text.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/"));
    let Some(inner) = inner.filter(|_| text.len() >= 4 && !text.starts_with("/***")) else { return text.to_owned() };
    // The second star of `/**`.
    let inner = inner.strip_prefix('*').unwrap_or(inner);
    let mut lines = inner.lines().map(str::trim_end);
    let first = lines.next().unwrap_or_default().trim_start();
    let rest: Vec<&str> = lines.collect();
    let plain = |line: &&str| !line.is_empty() && !line.trim_start().starts_with('*');
    let shared = rest.iter().copied().filter(plain).map(indentation).min().unwrap_or_default();
    let mut lines = vec![first];
    lines.extend(rest.iter().map(|line| match line.trim_start().strip_prefix('*') {
        Some(starred) => starred.strip_prefix(' ').unwrap_or(starred),
        None => without(line, shared),
    }));
    let Some(last) = lines.iter().rposition(|line| !line.is_empty()) else { return text.to_owned() };
    let mut written = String::from("/**");
    for line in lines.iter().take(last + 1).skip_while(|line| line.is_empty()) {
        break_line(&mut written, indent);
        written.push_str(" *");
        if !line.is_empty() {
            written.push(' ');
            written.push_str(line);
        }
    }
    break_line(&mut written, indent);
    written.push_str(" */");
    written
}

/// Counts the spaces that a line starts with.
fn indentation(line: &str) -> usize {
    line.chars().take_while(|char| char.is_whitespace()).count()
}

/// The line without so many characters of the space that it starts with.
fn without(line: &str, indentation: usize) -> &str {
    let start = line.char_indices().take(indentation).take_while(|(_, char)| char.is_whitespace()).last();
    start.map_or(line, |(index, char)| line.get(index + char.len_utf8()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::own_line;

    fn check(text: &str, expected: &str) {
        assert_eq!(own_line(text, 2), expected);
        assert_eq!(own_line(expected, 2), expected, "it does not change again");
    }

    #[test]
    fn text_gets_stars() {
        check("/* Note */", "/**\n   * Note\n   */");
        check("/** Note */", "/**\n   * Note\n   */");
        check("/* a\n\n  b */", "/**\n   * a\n   *\n   * b\n   */");
        check("/*\n *  a\n   *b\n */", "/**\n   *  a\n   * b\n   */");
    }

    #[test]
    fn code_keeps_its_indentation() {
        check("/*\n    model A {\n      id Int\n    }\n*/", "/**\n   * model A {\n   *   id Int\n   * }\n   */");
    }

    #[test]
    fn boxes_and_empty_comments_stay() {
        for text in ["/**/", "/* */", "/**\n*/", "/*******\n ** a **\n *******/", "/* open", "/*/", "// a", "/// a"] {
            check(text, text);
        }
    }
}
