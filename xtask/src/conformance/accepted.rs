//! The differences that are meant: the table `| entry | ours | reason |` of `docs/conformance.md`.

use std::collections::BTreeSet;
use std::fs;

use crate::{Result, checkout};

/// The names of the entries that the table lists.
pub(crate) fn read() -> Result<BTreeSet<String>> {
    let path = checkout::path("docs/conformance.md");
    let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(entries(&text))
}

fn entries(text: &str) -> BTreeSet<String> {
    let rows = text.lines().skip_while(|line| cell(line) != Some("entry")).skip(2);
    rows.map_while(cell).map(|name| name.trim_matches('`').to_owned()).collect()
}

/// The first cell of a row.
fn cell(line: &str) -> Option<&str> {
    line.strip_prefix('|')?.split('|').next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::entries;

    #[test]
    fn reads_the_first_column_of_the_table() {
        let text = "# Title\n\n| n | m |\n|---|---|\n| x | y |\n\n\
            | entry | ours | reason |\n|---|---|---|\n| `a/b` | line 3 | why |\n| `c` | line 4 | why |\n\nMore.\n";
        assert_eq!(entries(text).into_iter().collect::<Vec<_>>(), ["a/b", "c"]);
    }
}
