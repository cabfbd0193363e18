//! Texts of others in messages: one line, not too long, and nothing that is secret.

/// A text as it may stand in a line of a log: control characters are escaped, and no more than `most` characters shown.
pub(crate) fn printable(text: &str, most: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(most));
    for character in text.chars().take(most) {
        if character.is_control() || is_format(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if text.chars().nth(most).is_some() {
        shown.push_str("...");
    }
    shown
}

/// Returns whether a character is none that a line shows: some readers of logs take it for the end of a line or for a change
/// of direction, others show nothing.
fn is_format(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// The characters of a path that are shown.
const MOST_OF_PATH: usize = 200;

/// A path in a message. What looks like the user and the password of an address is left out.
pub(crate) fn path(path: &std::path::Path) -> String {
    let text = path.to_string_lossy();
    let parts = text.split('/').map(|part| match part.rsplit_once('@') {
        Some((user, host)) if user.contains(':') => format!("...@{host}"),
        _ => part.to_owned(),
    });
    printable(&parts.collect::<Vec<_>>().join("/"), MOST_OF_PATH)
}

/// A message of the database without the texts in it that stand in quotes: they may be values of a row.
pub(crate) fn without_quoted(message: &str) -> String {
    let mut shown = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find(['\'', '"', '`']) {
        let (before, quoted) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let Some(quote) = quoted.chars().next() else { break };
        shown.push_str(before);
        // The text itself may hold quotes: it ends at the last one.
        match quoted.get(1..).and_then(|inner| inner.rfind(quote)) {
            Some(end) => {
                shown.extend([quote, '.', '.', '.', quote]);
                rest = quoted.get(end + 2..).unwrap_or_default();
            }
            None => {
                shown.push_str("...");
                rest = "";
            }
        }
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_texts_are_left_out() {
        for (message, shown) in [
            ("bad JSON path: 'hunter2 secret'", "bad JSON path: '...'"),
            ("bad JSON path: 'it''s \"secret\"'", "bad JSON path: '...'"),
            ("fts5: syntax error near \"hunter2\"", "fts5: syntax error near \"...\""),
            ("unknown 'secret", "unknown ..."),
            ("malformed JSON", "malformed JSON"),
            ("", ""),
        ] {
            assert_eq!(without_quoted(message), shown);
        }
    }

    #[test]
    fn a_path_is_one_line_and_holds_no_password() {
        let shown = |text: &str| path(std::path::Path::new(text));
        assert_eq!(shown("/data/dev.db"), "/data/dev.db");
        assert_eq!(shown("/data/me@home.db"), "/data/me@home.db");
        assert_eq!(shown("/data/hunter2:pw@host/db"), "/data/...@host/db");
        assert_eq!(shown("/a\nb\u{1b}[31m\u{202e}\u{feff}"), "/a\\nb\\u{1b}[31m\\u{202e}\\u{feff}");
        assert_eq!(shown(&"x".repeat(300)), format!("{}...", "x".repeat(200)));
    }
}
