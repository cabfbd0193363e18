//! The literals that fit each scalar.

use crate::lexer::{TokenKind, lex};
use crate::model::{Literal, Scalar};
use crate::syntax::ExpressionKind;

/// The mistake in a literal.
pub(crate) enum Mismatch {
    /// It is of another kind than this.
    Kind(&'static str),
    /// It is a string, but its text is not this.
    Text(&'static str),
    /// It is a number, but not one of these.
    Range(&'static str),
}

/// The literal, or what would have fitted.
pub(crate) fn check(scalar: Scalar, value: &ExpressionKind) -> Result<Literal, Mismatch> {
    use Mismatch::{Kind, Range, Text};
    let (fits, mismatch) = match (scalar, value) {
        (Scalar::String, ExpressionKind::String(_)) | (Scalar::Decimal, ExpressionKind::Number(_)) => (true, Kind("")),
        (Scalar::String, _) => (false, Kind("a string in double quotes")),
        (Scalar::Boolean, ExpressionKind::Word(word)) => (word == "true" || word == "false", Kind("`true` or `false`")),
        (Scalar::Boolean, _) => (false, Kind("`true` or `false`")),
        (Scalar::Int, ExpressionKind::Number(text)) => {
            (text.parse::<i32>().is_ok(), Range("a whole number of 32 bits"))
        }
        (Scalar::BigInt, ExpressionKind::Number(text)) => {
            (text.parse::<i64>().is_ok(), Range("a whole number of 64 bits"))
        }
        (Scalar::Int | Scalar::BigInt, _) => (false, Kind("a whole number")),
        (Scalar::Float, ExpressionKind::Number(text)) => {
            (text.parse::<f64>().is_ok_and(f64::is_finite), Range("a number of 64 bits"))
        }
        // Older schemas quote decimals.
        (Scalar::Decimal, ExpressionKind::String(text)) => (plain_decimal(text).is_some(), Text("a number")),
        (Scalar::Float | Scalar::Decimal, _) => (false, Kind("a number")),
        (Scalar::DateTime, ExpressionKind::String(text)) => (is_timestamp(text), Text("a timestamp")),
        (Scalar::DateTime, _) => (false, Kind("`now()` or a timestamp in double quotes")),
        (Scalar::Json, ExpressionKind::String(text)) => {
            (serde_json::from_str::<serde_json::Value>(text).is_ok(), Text("valid JSON"))
        }
        (Scalar::Json, _) => (false, Kind("JSON in a string, such as \"{}\"")),
        (Scalar::Bytes, ExpressionKind::String(text)) => (is_base64(text), Text("base64")),
        (Scalar::Bytes, _) => (false, Kind("base64 in a string")),
    };
    if !fits {
        return Err(mismatch);
    }
    Ok(match value {
        ExpressionKind::String(text) if scalar == Scalar::Decimal => {
            Literal::Number(plain_decimal(text).ok_or(mismatch)?)
        }
        ExpressionKind::String(text) => Literal::String(text.clone()),
        ExpressionKind::Number(text) => Literal::Number(text.clone()),
        ExpressionKind::Word(word) => Literal::Boolean(word == "true"),
        ExpressionKind::Call(..) | ExpressionKind::List(_) | ExpressionKind::Object(_) => return Err(mismatch),
    })
}

/// Most zeros that a power of ten stands for: more digits than any database keeps.
const MOST_ZEROS: usize = 1_000;

/// The text of a number such as the language writes them, without the power of ten that it may have: `1e3` is `1000`.
pub(crate) fn plain_decimal(text: &str) -> Option<String> {
    let is_number = |text: &str| matches!(lex(text).as_slice(), [token] if token.kind == TokenKind::Number);
    let Some((number, exponent)) = text.split_once(['e', 'E']) else { return is_number(text).then(|| text.to_owned()) };
    let exponent: i32 = exponent.parse().ok().filter(|_| is_number(number))?;
    let zeros = usize::try_from(exponent.unsigned_abs()).ok().filter(|zeros| *zeros <= MOST_ZEROS)?;
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let zeros = "0".repeat(zeros);
    let (whole, fraction) = if exponent < 0 {
        let digits = format!("{zeros}{whole}");
        let (whole, moved) = digits.split_at_checked(digits.len() - zeros.len())?;
        (whole.to_owned(), format!("{moved}{fraction}"))
    } else {
        let digits = format!("{fraction}{zeros}");
        let (moved, fraction) = digits.split_at_checked(zeros.len())?;
        (format!("{whole}{moved}"), fraction.to_owned())
    };
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let (whole, point) = (if whole.is_empty() { "0" } else { whole }, if fraction.is_empty() { "" } else { "." });
    Some(format!("{sign}{whole}{point}{fraction}"))
}

/// Returns whether the text is a date and time of RFC 3339.
fn is_timestamp(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    is_date(date) && is_time(time)
}

fn is_date(date: &str) -> bool {
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn is_time(time: &str) -> bool {
    let (clock, zone) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => return false,
    };
    let zone_fits =
        zone.eq_ignore_ascii_case("z") || zone.get(1..).is_some_and(|offset| hours_minutes(offset).is_some());
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let fraction_fits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let Some((minutes, seconds)) = clock.rsplit_once(':') else { return false };
    // A leap second is a valid timestamp.
    let seconds_fit = digits(seconds, 2).is_some_and(|seconds| seconds <= 60);
    zone_fits && fraction_fits && seconds_fit && hours_minutes(minutes).is_some()
}

fn hours_minutes(text: &str) -> Option<()> {
    let (hours, minutes) = text.split_once(':')?;
    (digits(hours, 2)? < 24 && digits(minutes, 2)? < 60).then_some(())
}

fn digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Returns whether the text is base64 of the standard alphabet, padded.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}

#[cfg(test)]
mod tests {
    use super::{is_base64, is_timestamp, plain_decimal};

    #[test]
    fn timestamps() {
        for text in ["2024-02-29T00:00:00Z", "1999-12-31 23:59:60.123+05:30", "2024-05-31t12:30:00z"] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2023-02-29T00:00:00Z",
            "2024-01-01",
            "2024-01-01T00:00:00",
            "2024-13-01T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "x",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }

    #[test]
    fn decimals() {
        for (text, plain) in [
            ("1.50", "1.50"),
            ("1e5", "100000"),
            ("-1.25E+1", "-12.5"),
            ("125e-2", "1.25"),
            ("5e-3", "0.005"),
            ("0e7", "0"),
            ("1.5e0", "1.5"),
        ] {
            assert_eq!(plain_decimal(text).as_deref(), Some(plain), "{text}");
        }
        for text in ["", "abc", "NaN", "1e", "e5", "1e5e5", "1e99999", "1e99999999999", "0x1", " 1", "1e1.5"] {
            assert_eq!(plain_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn base64() {
        for text in ["", "aGk=", "aA==", "aGkx"] {
            assert!(is_base64(text), "{text}");
        }
        for text in ["a", "a===", "=aaa", "aG\u{e9}=", "===="] {
            assert!(!is_base64(text), "{text}");
        }
    }
}
