//! Did-you-mean: the known name that is closest to a mistyped one.

/// Longer names are never compared: the cost of a comparison is the product of the lengths.
const LONGEST: usize = 48;

/// The number of candidates that are looked at, so that a file of thousands of mistyped names stays linear in time.
const MOST: usize = 256;

/// The candidate closest to `written`, if one is close enough to be meant.
pub(crate) fn closest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = written.chars().count();
    if length > LONGEST {
        return None;
    }
    // A third of the letters may be wrong, and at least one.
    let limit = (length / 3).max(1);
    candidates
        .into_iter()
        .take(MOST)
        // Each letter more or less is an edit: names of another length need no comparison.
        .filter(|candidate| *candidate != written && candidate.chars().count().abs_diff(length) <= limit)
        .filter_map(|candidate| {
            let distance = distance(written, candidate);
            (distance <= limit && distance < length).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The least number of letters to insert, delete, replace or swap with their neighbor.
fn distance(a: &str, b: &str) -> usize {
    // A wrong capital is no reason not to suggest.
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    // The rows above the current one: `previous` is one up, `before` two up (for swaps).
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    let mut last = None;
    for (row, letter) in a.chars().flat_map(char::to_lowercase).enumerate() {
        let mut current = Vec::with_capacity(previous.len());
        current.push(row + 1);
        let mut left = row + 1;
        for (column, (other, pair)) in b.iter().zip(previous.windows(2)).enumerate() {
            let [diagonal, up] = pair else { continue };
            let mut cost = (diagonal + usize::from(letter != *other)).min(up + 1).min(left + 1);
            let swapped = column > 0 && last == Some(*other) && b.get(column - 1) == Some(&letter);
            if let (true, Some(corner)) = (swapped, before.get(column.wrapping_sub(1))) {
                cost = cost.min(corner + 1);
            }
            current.push(cost);
            left = cost;
        }
        before = std::mem::replace(&mut previous, current);
        last = Some(letter);
    }
    previous.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{closest, distance};

    #[test]
    fn distance_counts_edits_and_swaps() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("Stirng", "String"), 1);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn only_near_names_are_suggested() {
        assert_eq!(closest("strng", ["Int", "String"]), Some("String"));
        assert_eq!(closest("string", ["String"]), Some("String"));
        assert_eq!(closest("Zebra", ["Int", "String"]), None);
        assert_eq!(closest("x", ["y"]), None);
    }
}
