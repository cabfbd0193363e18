//! What JSON text must be to come back as it was: strings that every reader takes, and a depth that SQLite reads.

use std::fmt;

use memchr::{memchr, memchr2};
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess};

/// What the client of an engine reads JSON with. What it cannot read would fail when a write that returns it has been
/// committed; so it is tried before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum JsonReader {
    /// `serde_json`, into its `Value`.
    #[default]
    Serde,
    /// `JSON.parse`, which takes any depth, and any number as some float.
    JavaScript,
}

/// `serde_json` reads values that nest up to so deep.
const SERDE_DEPTH: usize = 127;

impl JsonReader {
    /// Checks that it reads a text; the error says what the text is instead.
    pub fn check(self, text: &str) -> Result<(), &'static str> {
        let is_read = match self {
            Self::Serde => serde_json::from_str::<Readable>(text).is_ok(),
            Self::JavaScript => serde_json::from_str::<IgnoredAny>(text).is_ok(),
        };
        if is_read {
            return Ok(());
        }
        Err(match serde_json::from_str::<IgnoredAny>(text) {
            Err(_) => "text that is not JSON",
            Ok(_) if depth(text) > SERDE_DEPTH => "JSON that nests deeper than 127 levels",
            Ok(_) if check(text).is_err() => "JSON with half of a surrogate pair",
            Ok(_) => "JSON with a number beyond those of 64-bit floats",
        })
    }
}

/// How deep a JSON text nests.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut rest) = (0_usize, 0, text);
    while let Some(byte) = rest.as_bytes().first() {
        let length = match byte {
            b'"' => string_length(rest),
            _ => memchr(b'"', rest.as_bytes()).unwrap_or(rest.len()),
        };
        let (part, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        for byte in part.bytes().take(if *byte == b'"' { 0 } else { length }) {
            match byte {
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(depth);
        }
        rest = after;
    }
    deepest
}

/// Reads what `serde_json::Value` reads, and keeps nothing of it.
struct Readable;

impl<'de> Deserialize<'de> for Readable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> de::Visitor<'de> for Readable {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self, A::Error> {
        while elements.next_element::<Self>()?.is_some() {}
        Ok(Self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        while members.next_entry::<Self, Self>()?.is_some() {}
        Ok(Self)
    }
}

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

/// The parts of an object in which the following count.
pub(crate) const PARTS: u128 = 4;
/// What an array or an object counts by itself, and each of its members but the first.
const WHOLE: u64 = 4;
const MEMBER: u64 = 1;
/// An object takes two bytes at least, and four members take more.
pub(crate) const BYTES_PER_OBJECT: u64 = 2;

/// The objects that a text of so many bytes can be.
pub(crate) fn objects_by_length(text: &str) -> u64 {
    text.len() as u64 * WHOLE / BYTES_PER_OBJECT + MEMBER
}

/// The objects of a text, were its strings such too. In this form the compiler looks at many bytes at once.
pub(crate) fn objects_at_most(text: &str) -> u64 {
    let mut sum = 0;
    for chunk in text.as_bytes().chunks(32) {
        // At most 32 x 4, which a byte holds.
        sum += u64::from(chunk.iter().map(|byte| weight(*byte)).sum::<u8>());
    }
    sum
}

/// The arrays and objects of a text, and their members. Of a text that is no JSON it is any number.
pub(crate) fn objects(text: &str) -> u64 {
    let (mut count, mut rest) = (0, text);
    while let Some(byte) = rest.as_bytes().first() {
        let is_string = *byte == b'"';
        let length = if is_string { string_length(rest) } else { memchr(b'"', rest.as_bytes()).unwrap_or(rest.len()) };
        let (part, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if !is_string {
            count += objects_at_most(part);
        }
        rest = after;
    }
    count
}

fn weight(byte: u8) -> u8 {
    WHOLE as u8 * u8::from(byte == b'[' || byte == b'{') + MEMBER as u8 * u8::from(byte == b',')
}

/// Returns whether a text is JSON.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Returns whether a text is a JSON number by itself.
pub(crate) fn is_number(text: &str) -> bool {
    let starts = matches!(text.trim_ascii().as_bytes(), [b'-', b'0'..=b'9', ..] | [b'0'..=b'9', ..]);
    starts && text.trim_ascii().parse::<f64>().is_ok()
}

/// Returns whether the text of a JSON value may become a number of the database, as the numeric affinity of a `JSONB` column
/// makes of it: where the number is another, or a float becomes an integer, it may not.
pub(crate) fn stands_as_number(text: &str) -> bool {
    /// From here on a reader of JSON takes whole numbers for floats.
    const BEYOND_INTEGERS: f64 = 18_446_744_073_709_551_616.0;
    if !is_number(text) {
        return true;
    }
    if text.parse::<i64>().is_ok_and(|number| number.to_string() == text) {
        return true;
    }
    let is_float = text.contains(['.', 'e', 'E']);
    is_float && text.parse::<f64>().is_ok_and(|number| number.fract() != 0.0 || number.abs() >= BEYOND_INTEGERS)
}

/// The text of a float. An exponent stands where JavaScript writes one too: hundreds of digits are none that each reader
/// of JSON takes.
pub(crate) fn number_text(number: f64) -> String {
    let plain = number == 0.0 || (1e-6..1e21).contains(&number.abs());
    if plain { number.to_string() } else { format!("{number:e}") }
}

/// The bytes of the string that a text begins with, its quotes among them.
pub(crate) fn string_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    text.len()
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
    fn members_are_counted_outside_of_strings() {
        for (text, members) in [
            ("null", 0),
            (r#""a,b[{\"[,""#, 0),
            ("[]", 4),
            ("[{}, {}, {}]", 18),
            (r#"{"a,": [1, 2, 3], "b": {"c": "[[["}}"#, 15),
            ("[\"", 4),
        ] {
            assert_eq!(objects(text), members, "{text}");
            assert!(objects_at_most(text) >= members && objects_by_length(text) >= members, "{text}");
        }
    }

    #[test]
    fn a_reader_takes_what_its_client_takes() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        for text in
            ["null", "{\"a\": [1, -2.5e3, \"x\\n\", true, {}]}", " [ ] ", "1e300", "18446744073709551616", &deep(127)]
        {
            assert_eq!(JsonReader::Serde.check(text), Ok(()), "{text}");
            assert_eq!(JsonReader::JavaScript.check(text), Ok(()), "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
        }
        for text in ["", "oops {", "[1,]", "{'a': 1}", "01", "NaN", "[1] 2", "\"a\tb\"", "\"\\x\""] {
            assert_eq!(JsonReader::Serde.check(text), Err("text that is not JSON"), "{text}");
            assert_eq!(JsonReader::JavaScript.check(text), Err("text that is not JSON"), "{text}");
        }
        for (text, reason) in [
            (&*deep(128), "JSON that nests deeper than 127 levels"),
            (&*deep(5_000), "JSON that nests deeper than 127 levels"),
            ("[\"[[[\", \"\\ud800\"]", "JSON with half of a surrogate pair"),
            ("[1e400]", "JSON with a number beyond those of 64-bit floats"),
        ] {
            assert_eq!(JsonReader::Serde.check(text), Err(reason), "{text}");
            assert_eq!(JsonReader::JavaScript.check(text), Ok(()), "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_that_a_column_would_change_are_kept_as_text() {
        for text in
            ["1", "-7", "9223372036854775807", "0.5", "1e-7", "1e21", "1e+300", "\"x\"", "[1.0]", "null", "true"]
        {
            assert!(stands_as_number(text), "{text}");
        }
        for text in
            ["1.0", "-0", "-0.0", "1e3", "9223372036854775808", "18446744073709551615", "1e19", "100000000000000000000"]
        {
            assert!(!stands_as_number(text), "{text}");
        }
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
