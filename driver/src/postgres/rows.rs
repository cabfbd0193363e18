//! Several rows of a `createMany` in one `INSERT`.

use std::ops::Range;

/// How many parameters a statement may have: the protocol counts them in 16 bits.
const MOST_PARAMETERS: usize = 32_767;

/// How many rows the next statement writes of those that are `left`: as many as it can, since the foreign keys of its rows are
/// checked at its end.
pub(super) fn together(left: usize, parameters: usize) -> usize {
    left.min(MOST_PARAMETERS / parameters.max(1)).max(1)
}

/// The text of an `INSERT` with the values of several rows, made from the one of a single row, whose values are at `place`.
/// Each row has this number of parameters.
pub(super) fn text(sql: &str, place: &Range<usize>, rows: usize, parameters: usize) -> Option<String> {
    let (before, values, after) = (sql.get(..place.start)?, sql.get(place.clone())?, sql.get(place.end..)?);
    let mut text = String::with_capacity(before.len() + rows * (values.len() + 4) + after.len());
    text.push_str(before);
    for row in 0..rows {
        if row > 0 {
            text.push_str(", ");
        }
        renumber(values, row * parameters, &mut text);
    }
    text.push_str(after);
    Some(text)
}

/// Copies the values of a row, with the numbers of its parameters raised. What stands in quotes is a name.
fn renumber(values: &str, by: usize, out: &mut String) {
    let mut quote = None;
    let mut rest = values.chars().peekable();
    while let Some(character) = rest.next() {
        out.push(character);
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if character == open => quote = None,
            ('$', None) => {
                let mut number = 0;
                while let Some(digit) = rest.peek().and_then(|character| character.to_digit(10)) {
                    number = number * 10 + digit as usize;
                    rest.next();
                }
                out.push_str(&(number + by).to_string());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_beside_each_other_with_parameters_of_their_own() {
        let sql = r#"INSERT INTO "t" ("a", "b") VALUES ($1, $2::"odd $1") RETURNING "a""#;
        let place = sql.find("($1").unwrap_or(0)..sql.find(" RETURNING").unwrap_or(0);
        assert_eq!(
            text(sql, &place, 3, 2).as_deref(),
            Some(
                r#"INSERT INTO "t" ("a", "b") VALUES ($1, $2::"odd $1"), ($3, $4::"odd $1"), ($5, $6::"odd $1") RETURNING "a""#
            )
        );
    }

    #[test]
    fn a_statement_takes_as_many_rows_as_it_has_parameters_for() {
        assert_eq!([(3, 2), (40_000, 4), (2, 40_000), (3, 0)].map(|(left, own)| together(left, own)), [3, 8_191, 1, 3]);
    }
}
