//! `numeric` on the wire: digits to the base of 10,000, with the place of the first of them.
//!
//! Source: `numeric_send` and `numeric_recv` in `src/backend/utils/adt/numeric.c` of PostgreSQL.

use std::fmt::Write as _;

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;

/// The decimal digits of one digit to the base of 10,000.
const WIDTH: usize = 4;

/// Appends a decimal in our canonical text, `-12.5`, to `out`; none where the text is no decimal.
pub(super) fn encode(text: &str, out: &mut Vec<u8>) -> Option<()> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (NEGATIVE, digits),
        None => (POSITIVE, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    // Groups of four digits, counted from the point to either side.
    let padding = (WIDTH - whole.len() % WIDTH) % WIDTH;
    let padded = format!("{:0>width$}", whole, width = whole.len() + padding);
    let after = fraction.len().div_ceil(WIDTH) * WIDTH;
    let text = format!("{padded}{fraction:0<after$}");
    let mut groups: Vec<u16> = Vec::with_capacity(text.len() / WIDTH);
    for group in text.as_bytes().chunks(WIDTH) {
        groups.push(std::str::from_utf8(group).ok()?.parse().ok()?);
    }
    let mut weight = i16::try_from(padded.len() / WIDTH).ok()? - 1;
    let zeros = groups.iter().take_while(|group| **group == 0).count();
    groups.drain(..zeros);
    weight -= i16::try_from(zeros).ok()?;
    while groups.last() == Some(&0) {
        groups.pop();
    }
    if groups.is_empty() {
        weight = 0;
    }
    out.extend(u16::try_from(groups.len()).ok()?.to_be_bytes());
    out.extend(weight.to_be_bytes());
    out.extend(if groups.is_empty() { POSITIVE } else { sign }.to_be_bytes());
    out.extend(u16::try_from(fraction.len()).ok()?.to_be_bytes());
    out.extend(groups.iter().flat_map(|group| group.to_be_bytes()));
    Some(())
}

/// Appends a `numeric` as canonical text, without zeros at its end; none where it is no number (`NaN`, `Infinity`).
pub(super) fn decode(bytes: &[u8], out: &mut String) -> Option<()> {
    let word = |index: usize| Some(u16::from_be_bytes(bytes.get(index * 2..index * 2 + 2)?.try_into().ok()?));
    let (length, weight, sign) = (usize::from(word(0)?), word(1)?.cast_signed(), word(2)?);
    if sign != POSITIVE && sign != NEGATIVE {
        return None;
    }
    let groups: Vec<u16> = (0..length).map(|index| word(index + 4)).collect::<Option<_>>()?;
    if groups.iter().all(|group| *group == 0) {
        out.push('0');
        return Some(());
    }
    if sign == NEGATIVE {
        out.push('-');
    }
    let at = |place: i32| usize::try_from(i32::from(weight) - place).ok().and_then(|index| groups.get(index)).copied();
    let start = out.len();
    for place in (0..=i32::from(weight).max(0)).rev() {
        let group = at(place).unwrap_or(0);
        let _ = if out.len() == start && place > 0 && group == 0 {
            Ok(())
        } else if out.len() == start {
            write!(out, "{group}")
        } else {
            write!(out, "{group:04}")
        };
    }
    let last = i32::from(weight) - i32::try_from(length).ok()? + 1;
    if last < 0 {
        out.push('.');
        for place in (last..0).rev() {
            let _ = write!(out, "{:04}", at(place).unwrap_or(0));
        }
        out.truncate(out.trim_end_matches('0').trim_end_matches('.').len());
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_comes_back_as_it_left() {
        for text in [
            "0",
            "1",
            "-1",
            "10",
            "9999",
            "10000",
            "10001",
            "100000000",
            "123456789012345678901234567890.000000000000000000001",
            "0.1",
            "-0.0001",
            "0.00001",
            "0.00000000000000000001",
            "12345.6789",
            "-99999.99999",
            "1000000.0001",
        ] {
            let (mut bytes, mut back) = (Vec::new(), String::new());
            encode(text, &mut bytes).expect("a decimal");
            decode(&bytes, &mut back).expect("a number");
            assert_eq!(back, text);
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_server() {
        // SELECT numeric_send(12345.678), numeric_send(-0.00012), numeric_send(0)
        for (text, bytes) in [
            ("12345.678", vec![0, 3, 0, 1, 0, 0, 0, 3, 0, 1, 9, 41, 26, 124]),
            ("-0.00012", vec![0, 2, 255, 255, 64, 0, 0, 5, 0, 1, 7, 208]),
            ("0", vec![0, 0, 0, 0, 0, 0, 0, 0]),
        ] {
            let mut encoded = Vec::new();
            encode(text, &mut encoded).expect("a decimal");
            assert_eq!(encoded, bytes, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", "1e5", "NaN", "1.2.3", "x"] {
            assert_eq!(encode(text, &mut Vec::new()), None, "{text}");
        }
        for sign in [0xC000_u16, 0xD000, 0xF000] {
            let bytes: Vec<u8> = [0, 0, sign, 0].iter().flat_map(|word: &u16| word.to_be_bytes()).collect();
            assert_eq!(decode(&bytes, &mut String::new()), None);
        }
        assert_eq!(decode(&[0, 3, 0], &mut String::new()), None);
    }
}
