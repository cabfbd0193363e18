//! What JSON text must be to come back as it was: strings that every reader takes, and a depth that SQLite reads.

use memchr::{memchr, memchr2};

/// SQLite reads JSON that nests up to so deep.
const MAX_DEPTH: usize = 1_000;

/// Checks the text of a JSON value: its strings and keys hold no NUL character and no half of a surrogate pair, and it
/// does not nest too deep. The error says what it has, as in "cannot hold JSON with a NUL character".
pub(crate) fn check(text: &str) -> Result<(), &'static str> {
    let bytes = text.as_bytes();
    if memchr(0, bytes).is_some() {
        return Err("with a NUL character");
    }
    let (mut depth, mut rest) = (0_usize, bytes);
    while let [byte, after @ ..] = rest {
        rest = match byte {
            b'"' => string(after)?,
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err("that nests deeper than 1,000 levels");
                }
                after
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                after
            }
            _ => after,
        };
    }
    Ok(())
}

/// Checks a string whose opening quote is read, and returns what follows it.
fn string(mut rest: &[u8]) -> Result<&[u8], &'static str> {
    // The first half of a pair was the escape before.
    let mut half = false;
    loop {
        let at = memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        let (plain, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        let unit = match after {
            [b'\\', b'u', digits @ ..] => {
                digits.get(..4).and_then(|digits| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())
            }
            _ => None,
        };
        let other_half = matches!(unit, Some(0xDC00..=0xDFFF));
        if half != other_half || (half && !plain.is_empty()) {
            return Err("with half of a surrogate pair");
        }
        half = matches!(unit, Some(0xD800..=0xDBFF));
        match (unit, after) {
            (Some(0), _) => return Err("with a NUL character"),
            (Some(_), _) => rest = after.get(6..).unwrap_or_default(),
            (None, [b'\\', ..]) => rest = after.get(2..).unwrap_or_default(),
            (None, [b'"', after @ ..]) => return Ok(after),
            (None, _) => return Ok(&[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_as_it_was_is_taken() {
        for text in [
            "null",
            "-1.5e3",
            r#""""#,
            r#""a \" b \\ c""#,
            r#""\\u0000""#,
            r#""\\\\ud800""#,
            r#""\ud83d\ude00""#,
            r#""\uD83D\uDE00\uD83D\uDE00""#,
            r#"{"\u0061": ["[[[[", {"b": "}}"}]}"#,
            "\"\u{1F600} é\"",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        let deep = format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert_eq!(check(&deep), Ok(()));
        let wide = format!("[{}]", vec!["[]"; 5_000].join(","));
        assert_eq!(check(&wide), Ok(()));
    }

    #[test]
    fn what_would_not_is_refused() {
        let nul = Err("with a NUL character");
        let half = Err("with half of a surrogate pair");
        for (text, reason) in [
            (r#""\u0000""#, nul),
            (r#"{"a\u0000b": 1}"#, nul),
            (r#"["x", "\\\u0000"]"#, nul),
            ("\"a\0b\"", nul),
            (r#""\ud800""#, half),
            (r#""\uDC00""#, half),
            (r#""\ud800x\udc00""#, half),
            (r#""\ud800\ud800\udc00""#, half),
            (r#""\ud800\n""#, half),
            (r#""\ud83d\ude00\ude00""#, half),
            (r#"{"\udfff": 1}"#, half),
        ] {
            assert_eq!(check(text), reason, "{text}");
        }
        let deep = format!("{}1{}", "[".repeat(MAX_DEPTH + 1), "]".repeat(MAX_DEPTH + 1));
        assert_eq!(check(&deep), Err("that nests deeper than 1,000 levels"));
    }
}
