//! `Decimal` as text: one canonical text a number, and the order of numbers over such texts.

use std::cmp::Ordering;

use bigdecimal::{BigDecimal, RoundingMode, Zero};

/// The canonical text of a decimal number: no exponent, no `+`, no leading or trailing zeros, no `-0`.
///
/// `None` when the text is no number, or when the canonical text has more than 1,000 digits (an exponent could ask for any
/// number of them). The canonical text of a canonical text is itself.
pub fn canonical(text: &str) -> Option<String> {
    let text = text.trim_ascii();
    let (negative, unsigned) = match text.as_bytes() {
        [b'-', ..] => (true, text.get(1..)?),
        [b'+', ..] => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    // The number is 0.digits times ten to the power of `point`, without zeros before and after the digits.
    let significant = digits.trim_start_matches('0');
    let zeros = digits.len() - significant.len();
    let point = i64::try_from(whole.len()).ok()? + i64::from(exponent) - i64::try_from(zeros).ok()?;
    let digits = significant.trim_end_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    let length = i64::try_from(digits.len()).ok()?;
    if point.max(0) + (length - point).max(0) > MOST_DIGITS {
        return None;
    }
    let place =
        |index: i64| usize::try_from(index).ok().and_then(|index| digits.as_bytes().get(index)).unwrap_or(&b'0');
    let whole: String = (0..point).map(|index| char::from(*place(index))).collect();
    let fraction: String = (point..length.max(point)).map(|index| char::from(*place(index))).collect();
    let mut out = String::with_capacity(whole.len() + fraction.len() + 3);
    if negative {
        out.push('-');
    }
    out.push_str(if whole.is_empty() { "0" } else { &whole });
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(&fraction);
    }
    Some(out)
}

/// The digits of a canonical text, but for a zero before its point.
const MOST_DIGITS: i64 = 1_000;

/// The significant digits of a quotient that does not end: as many as decimal128 has.
const QUOTIENT_DIGITS: u64 = 34;

/// The quotient of two numbers: exact where it ends within 100 digits, else rounded to the digits of decimal128 or of the
/// dividend, where it has more. `None` of a division by zero.
pub(crate) fn quotient(dividend: &BigDecimal, divisor: &BigDecimal) -> Option<BigDecimal> {
    if divisor.is_zero() {
        return None;
    }
    let quotient = dividend / divisor;
    if &(&quotient * divisor) == dividend {
        return Some(quotient);
    }
    let digits = std::num::NonZeroU64::new(dividend.digits().max(QUOTIENT_DIGITS))?;
    Some(quotient.with_precision_round(digits, RoundingMode::HalfEven))
}

/// Returns whether a text is canonical already, which nearly all are that we read.
pub fn is_canonical(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(|fraction| digits(fraction) && !fraction.ends_with('0'))
        && text != "-0"
}

/// Orders two texts by the numbers that they are; what is no number comes last, by its bytes.
pub fn compare(left: &str, right: &str) -> Ordering {
    match (canonical_or_self(left), canonical_or_self(right)) {
        (Some(left), Some(right)) => compare_canonical(&left, &right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.cmp(right),
    }
}

fn canonical_or_self(text: &str) -> Option<std::borrow::Cow<'_, str>> {
    if is_canonical(text) { Some(text.into()) } else { canonical(text).map(Into::into) }
}

fn compare_canonical(left: &str, right: &str) -> Ordering {
    match (left.strip_prefix('-'), right.strip_prefix('-')) {
        (Some(left), Some(right)) => compare_unsigned(right, left),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => compare_unsigned(left, right),
    }
}

fn compare_unsigned(left: &str, right: &str) -> Ordering {
    let parts = |text: &'_ str| -> (usize, usize) {
        let whole = text.find('.').unwrap_or(text.len());
        (whole, text.len())
    };
    // Without leading zeros the longer whole part is the greater; of equal ones the texts order as the digits do.
    parts(left).0.cmp(&parts(right).0).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_a_number() {
        for (text, expected) in [
            ("1.50", "1.5"),
            ("-0", "0"),
            ("-0.00", "0"),
            ("+007", "7"),
            ("1e3", "1000"),
            ("1.25e-3", "0.00125"),
            (".5", "0.5"),
            ("5.", "5"),
            ("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"),
        ] {
            assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
            assert!(is_canonical(expected), "{expected}");
        }
    }

    #[test]
    fn a_canonical_text_stays_as_it_is() {
        let nines = "9".repeat(1_000);
        for text in [
            "1e-1000",
            "-1e-1000",
            "1.5e-999",
            "1e999",
            "12e998",
            "-0.001e3",
            "00000.1000",
            "0e100000",
            &nines,
            &format!(".{nines}"),
            &format!("{}1.5{}", "0".repeat(2_000), "0".repeat(2_000)),
        ] {
            let once = canonical(text).unwrap_or_else(|| panic!("{text} is a number"));
            assert!(is_canonical(&once), "{once}");
            assert_eq!(canonical(&once).as_ref(), Some(&once), "{text}");
        }
        let beyond = ["1e-1001", "1e1000", "1.5e-1000", "9.5e-1000", &format!("{nines}.1"), &format!("1.{nines}")];
        for text in beyond {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in ["", "-", ".", "1e", "1,5", "NaN", "Infinity", "0x10", "1e99999"] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn texts_order_as_numbers_do() {
        let ordered = ["-10", "-9.5", "-0.01", "0", "0.009", "0.01", "0.1", "1", "1.5", "9", "10", "10.01", "100"];
        for pair in ordered.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(compare(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
        }
        assert_eq!(compare("1.50", "1.5"), Ordering::Equal);
        assert_eq!(compare("abc", "1"), Ordering::Greater);
    }
}
