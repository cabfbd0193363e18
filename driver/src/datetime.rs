//! `DateTime` as text: ISO 8601 in, ISO 8601 out.
//!
//! Our own few lines, since this runs for each cell: a general parser costs several times the read of the row.

use std::ops::RangeInclusive;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_MILLI: i64 = 1_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// The instants of the years 0000 to 9999, in microseconds: their texts sort as they do. Others have a text too, which
/// begins with a sign and sorts before all of these.
pub(crate) const SORTED: RangeInclusive<i64> = -62_167_219_200_000_000..=253_402_300_799_999_999;

/// Microseconds since 1970-01-01T00:00:00Z of `2024-01-02T03:04:05.678+00:00`.
///
/// Takes a space for the `T`, any number of decimals, `Z`, ` UTC`, an offset, with a space before it or none, or nothing
/// (which is UTC, as SQLite's `CURRENT_TIMESTAMP` means it), a date alone, and the years with a sign that JavaScript writes.
pub fn parse(text: &str) -> Option<i64> {
    let bytes = text.trim_ascii().as_bytes();
    let (year, rest) = match bytes {
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let (year, rest) = digits(rest, 6)?;
            (if *sign == b'-' { -year } else { year }, rest)
        }
        _ => digits(bytes, 4)?,
    };
    let (month, rest) = digits(strip(rest, b"-")?, 2)?;
    let (day, rest) = digits(strip(rest, b"-")?, 2)?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let midnight = days_from_civil(year, month, day).checked_mul(SECONDS_PER_DAY)?;
    let [separator, rest @ ..] = rest else { return midnight.checked_mul(MICROS_PER_SECOND) };
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(strip(rest, b":")?, 2)?;
    let (second, rest) = match strip(rest, b":") {
        Some(rest) => digits(rest, 2)?,
        None => (0, rest),
    };
    if hour > 24 || minute > 59 || second > 59 {
        return None;
    }
    let (micros, rest) = match strip(rest, b".") {
        Some(rest) => fraction(rest)?,
        None => (0, rest),
    };
    // The end of a day is the start of the next.
    if hour == 24 && (minute, second, micros) != (0, 0, 0) {
        return None;
    }
    let seconds = midnight + hour * 3_600 + minute * 60 + second - offset(rest)?;
    // The first instant of all has its seconds before it.
    i64::try_from(i128::from(seconds) * i128::from(MICROS_PER_SECOND) + i128::from(micros)).ok()
}

/// An instant without what is less than a millisecond, which is what a `DateTime` has.
pub fn whole_millis(micros: i64) -> i64 {
    micros.saturating_sub(micros.rem_euclid(MICROS_PER_MILLI))
}

/// The text of an instant, in milliseconds: what is less is cut off. `None` beyond year ±999,999.
pub fn format(micros: i64) -> Option<String> {
    let seconds = micros.div_euclid(MICROS_PER_SECOND);
    let fraction = micros.rem_euclid(MICROS_PER_SECOND);
    let (year, month, day) = civil_from_days(seconds.div_euclid(SECONDS_PER_DAY));
    let second = seconds.rem_euclid(SECONDS_PER_DAY);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let date = match year {
        0..=9_999 => format!("{year:04}"),
        -999_999..=999_999 => format!("{year:+07}"),
        _ => return None,
    };
    let millis = fraction / MICROS_PER_MILLI;
    Some(format!("{date}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}+00:00"))
}

/// The instants that a `Date` of JavaScript can hold: a hundred million days before and after 1970-01-01.
pub(crate) const REPRESENTED: std::ops::RangeInclusive<i64> = -8_640_000_000_000_000_000..=8_640_000_000_000_000_000;

/// Returns whether a text is the one that [`format()`] writes of a date of the years 0000 to 9999.
pub(crate) fn is_canonical(text: &[u8]) -> bool {
    const PATTERN: &[u8; 29] = b"dddd-dd-ddTdd:dd:dd.ddd+00:00";
    let fits = |(byte, pattern): (&u8, &u8)| if *pattern == b'd' { byte.is_ascii_digit() } else { byte == pattern };
    let number = |at: usize, digits: usize| {
        let digits = text.get(at..at + digits).unwrap_or_default();
        digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit.wrapping_sub(b'0')))
    };
    text.len() == PATTERN.len()
        && text.iter().zip(PATTERN).all(fits)
        && (1..=12).contains(&number(5, 2))
        && (1..=days_in_month(number(0, 4), number(5, 2))).contains(&number(8, 2))
        && number(11, 2) < 24
        && number(14, 2) < 60
        && number(17, 2) < 60
}

/// The text by which instants compare and sort: that of [`format()`] for the years 0000 to 9999, and a text before or after
/// all of these for the others.
pub(crate) fn sort_key(micros: i64) -> String {
    match format(micros).filter(|_| SORTED.contains(&micros)) {
        Some(text) => text,
        // `:` sorts after all digits, `-` before them.
        None if micros > 0 => format!(":{micros:020}"),
        None => format!("-{:020}", micros.wrapping_sub(i64::MIN)),
    }
}

fn strip<'a>(bytes: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    bytes.strip_prefix(prefix)
}

fn digits(bytes: &[u8], count: usize) -> Option<(i64, &[u8])> {
    let (number, rest) = bytes.split_at_checked(count)?;
    let mut value = 0;
    for byte in number {
        value = value * 10 + i64::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
    }
    Some((value, rest))
}

/// Microseconds; further decimals are cut off.
fn fraction(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    let (decimals, rest) = bytes.split_at_checked(end)?;
    if decimals.is_empty() {
        return None;
    }
    let digit = |index: usize| decimals.get(index).map_or(0, |byte| i64::from(byte - b'0'));
    Some(((0..6).fold(0, |value, index| value * 10 + digit(index)), rest))
}

/// Seconds east of UTC. A space may stand before, as SQLite's and Go's texts have it.
fn offset(bytes: &[u8]) -> Option<i64> {
    let (sign, rest) = match bytes.trim_ascii_start() {
        [] | [b'Z' | b'z'] | b"UTC" | b"GMT" => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = match rest {
        [] => (0, rest),
        _ => digits(strip(rest, b":").unwrap_or(rest), 2)?,
    };
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, by counting from 1 March of a 400-year era.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_survives_its_text() {
        for micros in [0, -1, 1, 1_704_164_645_678_000, -62_198_755_200_000_000, 253_402_300_799_999_999] {
            let text = format(micros).expect("within the years that have a text");
            assert_eq!(parse(&text), Some(whole_millis(micros)), "{text}");
        }
        for day in (-800_000..800_000).step_by(37) {
            let micros = day * SECONDS_PER_DAY * MICROS_PER_SECOND;
            assert_eq!(format(micros).as_deref().and_then(parse), Some(micros));
        }
    }

    #[test]
    fn the_years_that_sort_are_those_of_four_digits() {
        let (first, last) = (*SORTED.start(), *SORTED.end());
        assert_eq!(format(first).as_deref(), Some("0000-01-01T00:00:00.000+00:00"));
        assert_eq!(format(last).as_deref(), Some("9999-12-31T23:59:59.999+00:00"));
        assert_eq!(format(first - 1).as_deref(), Some("-000001-12-31T23:59:59.999+00:00"));
        assert_eq!(format(last + 1).as_deref(), Some("+010000-01-01T00:00:00.000+00:00"));
    }

    #[test]
    fn instants_beyond_64_bits_of_microseconds_are_none() {
        for text in ["+999999-12-31T23:59:59.999999-23:59", "-999999-01-01T00:00:00.000000+23:59", "+999999-12-31"] {
            assert_eq!(parse(text), None, "{text}");
        }
        for micros in [i64::MIN, i64::MAX] {
            let text = format(micros).expect("a year of six digits");
            assert_eq!(parse(&text), micros.checked_sub(micros.rem_euclid(1_000)), "{text}");
        }
    }

    #[test]
    fn the_spellings_of_one_instant() {
        for text in [
            "2024-01-02T03:04:05.678Z",
            "2024-01-02T03:04:05.678+00:00",
            "2024-01-02 03:04:05.678",
            "2024-01-02T04:34:05.678+01:30",
            "2024-01-02T03:04:05.678000999Z",
            "+002024-01-02T03:04:05.678Z",
        ] {
            assert_eq!(parse(text), Some(1_704_164_645_678_000), "{text}");
        }
        assert_eq!(parse("2024-01-02"), parse("2024-01-02T00:00Z"));
        assert_eq!(parse("2024-02-29T24:00:00Z"), parse("2024-03-01"));
        assert_eq!(parse("2024-02-29 24:00"), parse("2024-03-01"));
        assert_eq!(parse("1900-01-01 00:00:00 +00:00"), parse("1900-01-01 00:00:00 UTC"));
    }

    #[test]
    fn what_is_no_instant() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2023-02-29",
            "2024-01-02T24:00:01Z",
            "2024-01-02T24:00:00.001Z",
            "2024-01-02T25:00:00Z",
            "2024-01-02T03:04:05.Z",
            "hello",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn milliseconds_are_written_as_prisma_writes_them() {
        assert_eq!(format(1_704_164_645_678_000).as_deref(), Some("2024-01-02T03:04:05.678+00:00"));
        assert_eq!(format(1_704_164_645_678_901).as_deref(), Some("2024-01-02T03:04:05.678+00:00"));
        assert_eq!(format(-1).as_deref(), Some("1969-12-31T23:59:59.999+00:00"));
    }

    #[test]
    fn the_canonical_texts_are_those_that_are_written() {
        for day in (-719_528..2_932_897).step_by(211) {
            let text =
                format(day * SECONDS_PER_DAY * MICROS_PER_SECOND + 86_399_999_000).expect("a year of four digits");
            assert!(is_canonical(text.as_bytes()), "{text}");
        }
        for text in [
            "2024-02-30T00:00:00.000+00:00",
            "2023-02-29T00:00:00.000+00:00",
            "2024-00-01T00:00:00.000+00:00",
            "2024-01-01T24:00:00.000+00:00",
            "2024-01-01T00:60:00.000+00:00",
            "2024-01-01T00:00:60.000+00:00",
            "2024-01-01T00:00:00.000000+00:00",
            "2024-01-01T00:00:00.000Z",
            "2024-01-01T00:00:00+00:00",
            "",
        ] {
            assert!(!is_canonical(text.as_bytes()), "{text}");
        }
    }
}
