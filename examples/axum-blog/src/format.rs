//! Days and numbers, as readers write them.

use maud::{Markup, html};
use purlin::DateTime;

/// The day of an instant, in words and in UTC.
pub(crate) fn day(at: DateTime) -> Markup {
    html! { time datetime=(at.format("%Y-%m-%dT%H:%M:%S%.3fZ")) { (at.format("%-d %B %Y")) } }
}

/// `1,284 views`
pub(crate) fn views(views: i32) -> String {
    let digits = views.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + " views"
}

#[cfg(test)]
mod tests {
    use super::views;

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 999, 1_000, 12_345_678].map(views);
        assert_eq!(texts, ["0 views", "999 views", "1,000 views", "12,345,678 views"]);
    }
}
