//! The normal form of JSON texts: two values are equal when their forms are.

use std::fmt::Write as _;
use std::ops::Range;

use memchr::memchr;
use serde::de::IgnoredAny;

use crate::json::string_length;

/// The normal form of a JSON text: no spaces around its parts, the members of objects in the order of their names and the
/// last of those with one name, each string and each number in one way. Whole numbers of 64 bits are exact, all others are
/// the float that they are read as. Text that is not JSON stays as it is.
///
/// It takes time and memory in proportion to the text, however deep that nests: nothing here calls itself.
pub(crate) fn normal_form(text: &str) -> String {
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return text.to_owned();
    }
    let (plain, unsorted) = without_order(text);
    if unsorted.is_empty() { plain } else { in_order(&plain, unsorted) }
}

/// An object whose members stand in another order than that of their names, or share one. The places are those of the
/// form that was written first.
struct Unsorted {
    place: Range<usize>,
    members: Vec<Member>,
}

/// A member of an object: its name, a colon and its value.
struct Member {
    start: usize,
    name_end: usize,
    end: usize,
}

impl Member {
    fn name<'t>(&self, form: &'t str) -> &'t str {
        form.get(self.start..self.name_end).unwrap_or_default()
    }
}

/// An array or an object that is not closed yet; an array has no members.
struct Open {
    start: usize,
    members: Vec<Member>,
    is_object: bool,
}

/// The form of a JSON text but for the order of members, and the objects whose members are to be sorted.
fn without_order(text: &str) -> (String, Vec<Unsorted>) {
    let mut form = String::with_capacity(text.len());
    let mut open: Vec<Open> = Vec::new();
    let mut unsorted = Vec::new();
    // Whether the next string is the name of a member.
    let mut is_name = false;
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let length = match first {
            b'"' => string_length(rest),
            b'-' | b'0'..=b'9' => {
                let is_part = |byte: u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len())
            }
            _ => 1,
        };
        let (part, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        match first {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'"' => {
                let start = form.len();
                push_string(&mut form, part);
                if let Some(object) = open.last_mut().filter(|_| is_name) {
                    object.members.push(Member { start, name_end: form.len(), end: form.len() });
                    is_name = false;
                }
            }
            b'-' | b'0'..=b'9' => push_number(&mut form, part),
            b'{' | b'[' => {
                is_name = first == b'{';
                open.push(Open { start: form.len(), members: Vec::new(), is_object: is_name });
                form.push_str(part);
            }
            b',' | b'}' | b']' => {
                let end = form.len();
                form.push_str(part);
                let Some(container) = open.last_mut() else { continue };
                if let Some(member) = container.members.last_mut() {
                    member.end = end;
                }
                if first == b',' {
                    is_name = container.is_object;
                    continue;
                }
                is_name = false;
                if let Some(Open { start, members, .. }) = open.pop()
                    && !members.is_sorted_by(|one, next| one.name(&form) < next.name(&form))
                {
                    unsorted.push(Unsorted { place: start..form.len(), members });
                }
            }
            // A colon, and the letters of `true`, `false` and `null`.
            _ => form.push_str(part),
        }
    }
    (form, unsorted)
}

/// A part of what is still to be written.
enum Part {
    Copy(Range<usize>),
    Text(&'static str),
}

/// The same with the members of objects in order.
fn in_order(form: &str, mut unsorted: Vec<Unsorted>) -> String {
    unsorted.sort_unstable_by_key(|object| object.place.start);
    for object in &mut unsorted {
        // Stable: of those with one name the last is the one that was written last.
        object.members.sort_by(|one, other| one.name(form).cmp(other.name(form)));
    }
    let mut sorted = String::with_capacity(form.len());
    let mut parts = vec![Part::Copy(0..form.len())];
    while let Some(part) = parts.pop() {
        let range = match part {
            Part::Text(text) => {
                sorted.push_str(text);
                continue;
            }
            Part::Copy(range) => range,
        };
        let next = unsorted.partition_point(|object| object.place.start < range.start);
        let Some(object) = unsorted.get(next).filter(|object| object.place.start < range.end) else {
            sorted.push_str(form.get(range).unwrap_or_default());
            continue;
        };
        sorted.push_str(form.get(range.start..object.place.start).unwrap_or_default());
        parts.push(Part::Copy(object.place.end..range.end));
        parts.push(Part::Text("}"));
        let mut later: Option<&Member> = None;
        for member in object.members.iter().rev() {
            if later.is_some_and(|later| later.name(form) == member.name(form)) {
                continue;
            }
            if later.is_some() {
                parts.push(Part::Text(","));
            }
            parts.push(Part::Copy(member.start..member.end));
            later = Some(member);
        }
        parts.push(Part::Text("{"));
    }
    sorted
}

/// Appends a string with as few escapes as can be.
fn push_string(form: &mut String, quoted: &str) {
    if memchr(b'\\', quoted.as_bytes()).is_none() {
        form.push_str(quoted);
        return;
    }
    let mut rest = quoted;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        let (plain, escaped) = rest.split_at_checked(at).unwrap_or((rest, ""));
        form.push_str(plain);
        let (character, length) = unescape(escaped);
        match character {
            // Half of a pair: it stands for no character.
            None => form.push_str(&escaped.get(..length).unwrap_or(escaped).to_ascii_lowercase()),
            Some('"') => form.push_str("\\\""),
            Some('\\') => form.push_str("\\\\"),
            Some(control) if u32::from(control) < 0x20 => {
                // Writing to a string cannot fail.
                let _ = write!(form, "\\u{:04x}", u32::from(control));
            }
            Some(other) => form.push(other),
        }
        rest = escaped.get(length..).unwrap_or_default();
    }
    form.push_str(rest);
}

/// The character of the escape that a text begins with, and the length of the escape.
fn unescape(text: &str) -> (Option<char>, usize) {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let simple = match text.as_bytes().get(1) {
        Some(b'u') => {
            let first = unit(text);
            let second = text.get(6..).and_then(unit);
            let pair = char::decode_utf16(first.into_iter().chain(second)).next();
            return match pair {
                Some(Ok(character)) => (Some(character), 6 * character.len_utf16()),
                _ => (None, 6),
            };
        }
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        _ => '/',
    };
    (Some(simple), 2)
}

/// Appends a number as all texts of it are compared.
fn push_number(form: &mut String, token: &str) {
    /// Two to the power of 63: from here on a whole number is no `i64`.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    // Writing to a string cannot fail.
    let _ = match (token.parse::<i64>(), token.parse::<f64>()) {
        (Ok(whole), _) => write!(form, "{whole}"),
        (Err(_), Ok(float)) if float.fract() == 0.0 && (-BEYOND..BEYOND).contains(&float) => {
            write!(form, "{}", float as i64)
        }
        (Err(_), Ok(float)) if float.is_finite() => write!(form, "{float:e}"),
        _ => form.write_str(token),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_form() {
        for texts in [
            &["1e21", "1e+21", "1000000000000000000000", "1.0E21", " 1e21 "][..],
            &["9223372036854775808", "9223372036854776000", "9.223372036854775808e18"],
            &["-9223372036854775808", "-9223372036854775808.0", "-9.223372036854775808e18"],
            &["0", "-0", "-0.0", "0e5"],
            &["1", "1.0", "10e-1"],
            &["0.1", "1e-1", "0.10", "100e-3"],
            &["[1,{\"a b\":0.5}]", " [ 1 , { \"a b\" : 5e-1 } ]\n"],
            &["\"1.0 \\\" 2.0\"", " \"1.0 \\\" 2.0\""],
            &[r#"{"tags":[1],"theme":"dark"}"#, r#"{"theme": "dark", "tags": [1]}"#],
            &[r#"{"b":{"d":1,"c":2},"a":[{"z":0,"y":{}}]}"#, r#"{"a":[{"y":{},"z":0}],"b":{"c":2,"d":1}}"#],
            &[r#"{"a":2,"b":1}"#, r#"{"a":1,"b":1,"a":2}"#, r#"{"b":{"x":[]},"a":1,"a":2,"b":1}"#],
            &[r#"{"a":{"p":1,"q":2}}"#, r#"{"a":{"q":0,"p":0},"a":{"q":2,"p":1}}"#],
            &[r#"{"é":1,"a":"/"}"#, r#"{"a":"\/","\u00e9":1}"#, r#"{"\u0061":"/","é":1}"#],
            &["\"\u{1F600}\"", r#""\ud83d\ude00""#, r#""\uD83D\uDE00""#],
            &[r#""\n\t\u0001""#, r#""\u000a\u0009\u0001""#, r#""\u000A\u0009\u0001""#],
            &[r#""\ud800x""#, r#""\uD800x""#],
            &[r#"{"":1," ":2}"#, r#"{" ":2,"":1}"#],
            &["[true,false,null]", " [ true , false , null ] "],
            &["{}", " { } "],
        ] {
            for text in texts {
                assert_eq!(normal_form(text), normal_form(texts[0]), "{text}");
            }
        }
    }

    #[test]
    fn other_values_have_other_forms() {
        for (one, other) in [
            ("9007199254740993", "9007199254740992"),
            ("\"1.0\"", "\"1\""),
            ("\"a b\"", "\"ab\""),
            ("{\"a\":1", "{\"a\":1}"),
            ("", "null"),
            ("[1,2]", "[2,1]"),
            (r#"{"a":1,"b":2}"#, r#"{"a":2,"b":1}"#),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":1}"#),
            (r#"{"a":{"b":1},"c":2}"#, r#"{"a":{"b":1,"c":2}}"#),
            (r#"{"A":1}"#, r#"{"a":1}"#),
            (r#"["{\"b\":1,\"a\":2}"]"#, r#"["{\"a\":2,\"b\":1}"]"#),
            (r#""\\n""#, r#""\n""#),
            (r#""\ud800""#, r#""\udc00""#),
        ] {
            assert_ne!(normal_form(one), normal_form(other), "{one}");
        }
    }

    #[test]
    fn a_form_is_its_own_form_and_the_same_value() {
        for text in [
            r#"{"z":[{"b":1,"a":[{"d":{},"c":{"f":"\u00e9","e":null}}]}],"a":{"y":-1.5e-7,"x":1e300},"m":[]}"#,
            r#"[{"b":[1,{"b":2,"a":3}],"a":{"b":[],"a":{}}},{"a":1}]"#,
        ] {
            let form = normal_form(text);
            assert_eq!(normal_form(&form), form);
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("it is JSON");
            assert_eq!(value(&form), value(text));
        }
    }

    #[test]
    fn depth_and_size_cost_what_the_text_does() {
        let levels = 100_000;
        let text = |order: [&str; 2]| {
            let [before, after] = order;
            format!("{}1{}", format!("{{{before}\"m\":").repeat(levels), format!("{after}}}").repeat(levels))
        };
        let (one, other) = (text(["\"z\":0,", ""]), text(["", ",\"z\":0"]));
        assert_eq!(normal_form(&one), normal_form(&other));
        assert_eq!(normal_form(&other), other);
        let members = |numbers: &mut dyn Iterator<Item = usize>| {
            format!("{{{}}}", numbers.map(|number| format!("\"{number}\":1")).collect::<Vec<_>>().join(","))
        };
        assert_eq!(normal_form(&members(&mut (0..50_000))), normal_form(&members(&mut (0..50_000).rev())));
        let floats = format!("[{}]", ["1e300"; 1_000].join(","));
        assert!(normal_form(&floats).len() <= floats.len());
    }
}
