//! `contains`, `startsWith` and `endsWith`: literal, ASCII letters in either case, linear in the text.

use purlin_driver::Limits;
use purlin_query::shape::Code;

use crate::support::*;

const OPERATORS: [(Code, &str, &str); 3] =
    [(Code::Contains, "%", "%"), (Code::StartsWith, "", "%"), (Code::EndsWith, "%", "")];

/// A pattern of `LIKE` in which `text` has no wildcard, in quotes.
fn like(text: &str, before: &str, after: &str) -> String {
    let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_").replace('\'', "''");
    format!("'{before}{literal}{after}' ESCAPE '\\'")
}

#[test]
fn it_finds_what_a_literal_like_finds() {
    let Fixture { engine, .. } = &fixture();
    let pieces = ["a", "A", "b", "B", "%", "_", "\\", "é", "É", "ß", "'", "aa", "z", "🙂", " "];
    let mut random = Random(7);
    let mut piece =
        |most: usize| -> String { (0..random.below(most)).map(|_| pieces[random.below(pieces.len())]).collect() };
    let texts: Vec<String> = (0..400).map(|_| piece(12)).collect();
    for text in &texts {
        let sql = format!(r#"INSERT INTO "Thing" ("text") VALUES ('{}')"#, text.replace('\'', "''"));
        engine.execute_script(&sql).expect("the row is inserted");
    }
    engine.execute_script(r#"INSERT INTO "Thing" ("text") VALUES (NULL)"#).expect("the row is inserted");
    for _ in 0..100 {
        let needle = piece(4);
        for (code, before, after) in OPERATORS {
            let expected = {
                // SQLite itself is asked through a table, since a query of the engine has no LIKE.
                let pattern = like(&needle, before, after);
                engine
                    .execute_script(&format!(
                        r#"UPDATE "Thing" SET "small" = coalesce("text" LIKE {pattern}, 2), "flag" = NOT ("text" LIKE {pattern})"#
                    ))
                    .expect("the answers are stored");
                ids(engine, THING, &words![Code::Equals, SMALL], vec![purlin_query::value::Value::Int(1)])
            };
            let found = ids(engine, THING, &words![code, TEXT], vec![text(&needle)]);
            assert_eq!(found, expected, "{code:?} {needle:?}");
            // Null is neither in nor out.
            let not = ids(engine, THING, &words![Code::Not, code, TEXT], vec![text(&needle)]);
            let expected =
                ids(engine, THING, &words![Code::Equals, FLAG], vec![purlin_query::value::Value::Boolean(true)]);
            assert_eq!(not, expected, "not {code:?} {needle:?}");
        }
    }
}

#[test]
fn neither_a_long_text_nor_a_long_needle_makes_it_slow() {
    let limits = Limits { input_bytes: u64::MAX, ..Limits::default() };
    let Fixture { engine, .. } = &limited(limits);
    engine
        .execute_script(r#"INSERT INTO "Thing" ("text") VALUES (replace(hex(zeroblob(2000000)), '00', 'aa'))"#)
        .expect("the row is inserted");
    for length in [100, 1_000, 60_000, 1_000_000] {
        for (code, ..) in OPERATORS {
            let found = ids(engine, THING, &words![code, TEXT], vec![text(&"A".repeat(length))]);
            assert_eq!(found, [1], "{code:?} of {length}");
            // A matcher that starts over at each place would take minutes, and the deadline would end it.
            let needle = format!("{}b{}", "a".repeat(length / 2), "a".repeat(length / 2));
            assert!(ids(engine, THING, &words![code, TEXT], vec![text(&needle)]).is_empty());
        }
    }
}

#[test]
fn two_searches_in_one_query_do_not_share_their_needles() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(r#"INSERT INTO "Thing" ("text") VALUES ('left right'), ('left'), ('right'), ('neither')"#)
        .expect("the rows are inserted");
    let both = words![Code::And, 2, Code::Contains, TEXT, Code::Contains, TEXT];
    for (left, right, expected) in [("LEFT", "right", vec![1]), ("e", "i", vec![1, 4]), ("right", "t r", vec![1])] {
        assert_eq!(ids(engine, THING, &both, vec![text(left), text(right)]), expected);
    }
}
