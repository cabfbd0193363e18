//! Results beyond the limits are refused before a client builds them, and while they are read.

use purlin_driver::{Engine, Limits};
use purlin_query::shape::Code;
use purlin_query::value::Value;

use crate::support::*;

fn seed(engine: &Engine, users: usize, posts: usize, title: usize) {
    engine
        .execute_script(&format!(
            r#"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {users})
               INSERT INTO "User" ("id", "name") SELECT i, 'u' FROM n;
               WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {posts})
               INSERT INTO "Post" ("title", "author_id")
               SELECT substr(hex(zeroblob({title})), 1, {title}), u.id FROM "User" u, n"#
        ))
        .expect("the rows are inserted");
}

/// Users with their posts with their authors with their posts, so many levels; ids, and titles where wanted.
fn back_and_forth(depth: usize, titles: bool) -> Vec<u16> {
    let mut words = words![Code::FindMany, USER, Code::End, Code::Field, ID].to_vec();
    for level in 0..depth {
        let (relation, field) = if level % 2 == 0 { (POSTS, if titles { 1 } else { ID }) } else { (AUTHOR, ID) };
        words.extend(words![Code::Relation, relation, Code::End, Code::Field, field]);
    }
    words.extend(vec![Code::End as u16; depth + 1]);
    words
}

/// The objects that the query above builds for one user with so many posts.
fn objects(posts: u64, depth: usize) -> u64 {
    let (mut level, mut total) = (1, 1);
    for number in 0..depth {
        level *= if number % 2 == 0 { posts } else { 1 };
        total += level;
    }
    total
}

#[test]
fn levels_that_lead_back_and_forth_do_not_explode() {
    let Fixture { engine, .. } = &fixture();
    seed(engine, 1, 60, 10);
    for depth in 0..=8 {
        let result = run(engine, &back_and_forth(depth, false), Vec::new());
        if objects(60, depth) <= Limits::default().objects {
            assert!(result.is_ok(), "{depth}: {result:?}");
        } else {
            assert_eq!(limit(result), ("objects".to_owned(), "250000".to_owned()), "{depth}");
        }
    }
}

#[test]
fn objects_are_counted_exactly() {
    for (posts, depth) in [(7, 1), (7, 2), (7, 3), (7, 6), (20, 5)] {
        let built = objects(posts, depth);
        for (allowed, fits) in [(built, true), (built - 1, false)] {
            let Fixture { engine, .. } = &limited(Limits { objects: allowed, ..Limits::default() });
            seed(engine, 1, posts as usize, 1);
            let result = run(engine, &back_and_forth(depth, false), Vec::new());
            assert_eq!(result.is_ok(), fits, "{posts} posts, {depth} levels, {allowed} allowed: {result:?}");
        }
    }
}

#[test]
fn the_bytes_of_shared_rows_are_counted_for_each_of_their_parents() {
    // 3 users with a number, 10 posts each with 100 bytes, their authors with a number, and 10 posts of each of these; a
    // value is 8 bytes beside its text.
    let bytes = 3 * (8 + 10 * (108 + 8 + 10 * 108));
    for (allowed, fits) in [(bytes, true), (bytes - 1, false)] {
        let Fixture { engine, .. } = &limited(Limits { result_bytes: allowed, ..Limits::default() });
        seed(engine, 3, 10, 100);
        let result = run(engine, &back_and_forth(3, true), Vec::new());
        if fits {
            assert!(result.is_ok(), "{result:?}");
        } else {
            assert_eq!(limit(result), ("resultBytes".to_owned(), allowed.to_string()));
        }
    }
}

#[test]
fn numbers_are_bytes_of_a_result_as_well() {
    let all = words![Code::FindMany, USER, Code::End, Code::Field, ID, Code::End];
    let twice = words![Code::FindMany, USER, Code::End, Code::Field, ID, Code::Field, ID, Code::End];
    for (shape, allowed, fits) in
        [(&all[..], 800, true), (&all, 799, false), (&twice, 1_600, true), (&twice, 1_599, false)]
    {
        let Fixture { engine, .. } = &limited(Limits { result_bytes: allowed, ..Limits::default() });
        seed(engine, 100, 1, 1);
        let result = run(engine, shape, Vec::new());
        assert_eq!(result.is_ok(), fits, "{allowed}: {result:?}");
    }
}

#[test]
fn rows_are_bounded_with_and_without_take() {
    let Fixture { engine, .. } = &limited(Limits { rows: 100, ..Limits::default() });
    seed(engine, 100, 2, 1);
    let all = words![Code::FindMany, USER, Code::End, Code::Field, ID, Code::End];
    assert_eq!(rows(run(engine, &all, Vec::new())).len(), 100);
    let posts = words![Code::FindMany, POST, Code::End, Code::Field, ID, Code::End];
    assert_eq!(
        error(run(engine, &posts, Vec::new())).to_string(),
        "more than 100 rows of Post match: read them in pages with `take`, or raise the `rows` limit of the client"
    );
    for code in [Code::Take, Code::TakeLast] {
        let page = words![Code::FindMany, POST, code, Code::End, Code::Field, ID, Code::End];
        assert_eq!(rows(run(engine, &page, vec![Value::Int(100)])).len(), 100);
        assert_eq!(limit(run(engine, &page, vec![Value::Int(101)])), ("rows".to_owned(), "100".to_owned()));
        assert_eq!(
            error(run(engine, &page, vec![Value::Int(101)])).to_string(),
            "`take` asks for more than 100 rows: read them in several pages, or raise the `rows` limit of the client"
        );
        // Beyond what a number of the database holds it is the same.
        assert_eq!(limit(run(engine, &page, vec![Value::Int(i64::MAX)])).0, "rows");
    }
    // Related rows are objects; the number of those at the top level does not bound them.
    let nested = words![
        Code::FindMany,
        USER,
        Code::End,
        Code::Field,
        ID,
        Code::Relation,
        POSTS,
        Code::End,
        Code::Field,
        ID,
        Code::End,
        Code::End,
    ];
    assert_eq!(rows(run(engine, &nested, Vec::new())).frame(1).rows, 200);
    // Neither does it bound what is counted or changed.
    assert_eq!(count(engine, POST), 200);
    assert!(
        run(engine, &words![Code::UpdateMany, POST, Code::And, 0, Code::Set, 1, Code::End], vec![text("x")]).is_ok()
    );
}

#[test]
fn reading_ends_where_the_limit_is_met() {
    // The rows are made as they are read; reading them all would take minutes.
    let Fixture { engine, .. } = &limited(Limits { result_bytes: 1_000_000, ..Limits::default() });
    engine
        .execute_script(
            r#"DROP TABLE "Counter";
               CREATE VIEW "Counter" AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
               SELECT i AS id, substr(hex(zeroblob(500)), 1, 1000) AS name FROM n;"#,
        )
        .expect("the view is created");
    let all = words![Code::FindMany, COUNTER, Code::End, Code::AllColumns, Code::End];
    assert_eq!(limit(run(engine, &all, Vec::new())).0, "resultBytes");
    let keys = words![Code::FindMany, COUNTER, Code::End, Code::Field, ID, Code::End];
    assert_eq!(limit(run(engine, &keys, Vec::new())).0, "rows");
}

#[test]
fn a_write_whose_reply_is_too_large_has_no_effect() {
    let Fixture { engine, .. } = &limited(Limits { result_bytes: 500, ..Limits::default() });
    seed(engine, 1, 10, 100);
    let delete = words![
        Code::Delete,
        USER,
        Code::Equals,
        ID,
        Code::Field,
        ID,
        Code::Relation,
        POSTS,
        Code::End,
        Code::Field,
        1,
        Code::End,
        Code::End,
    ];
    assert_eq!(limit(run(engine, &delete, vec![Value::Int(1)])).0, "resultBytes");
    let create = words![Code::Create, THING, Code::Set, TEXT, Code::End, Code::AllColumns, Code::End];
    assert_eq!(limit(run(engine, &create, vec![text(&"x".repeat(501))])).0, "resultBytes");
    assert_eq!((count(engine, USER), count(engine, THING)), (1, 0));
}

/// The exact count against one that walks the result as a client does.
#[test]
fn random_results_are_counted_as_they_are_built() {
    let mut random = Random(3);
    for _ in 0..10 {
        let users = 1 + random.below(5);
        let posts = 1 + random.below(6);
        let depth = 1 + random.below(6);
        let walked = {
            let Fixture { engine, .. } = &limited(Limits::NONE);
            seed(engine, users, posts, 3);
            let rows = rows(run(engine, &back_and_forth(depth, true), Vec::new()));
            (0..rows.len()).map(|row| walk(&rows, rows.nest(), row)).sum::<u64>()
        };
        for (allowed, fits) in [(walked, true), (walked - 1, false)] {
            let Fixture { engine, .. } = &limited(Limits { objects: allowed, ..Limits::default() });
            seed(engine, users, posts, 3);
            let result = run(engine, &back_and_forth(depth, true), Vec::new());
            assert_eq!(result.is_ok(), fits, "{users} users, {posts} posts, {depth} levels");
        }
    }
}

fn walk(rows: &purlin_driver::Rows, nest: &purlin_query::plan::Nest, row: usize) -> u64 {
    let mut objects = 1;
    for item in &nest.items {
        if let purlin_query::plan::Item::Relation { link, nest, .. } = item {
            let span = rows.link(*link)[row];
            objects +=
                (span.start..span.start + span.length).map(|child| walk(rows, nest, child as usize)).sum::<u64>();
        }
    }
    objects
}

/// A selection of the documents of things.
fn documents() -> Vec<u16> {
    words![Code::FindMany, THING, Code::End, Code::Field, DOCUMENT, Code::End].to_vec()
}

#[test]
fn what_values_of_json_are_made_of_counts() {
    let objects = format!("[{}]", vec!["{}"; 20_000].join(","));
    let members = format!("{{{}}}", (0..50_000).map(|n| format!("\"{n}\":0")).collect::<Vec<_>>().join(","));
    let nested = format!("{}{}", "[".repeat(900), "]".repeat(900));
    for (document, fit) in [(objects, 9), (members, 19), (nested, 277)] {
        let Fixture { engine, .. } = &fixture();
        let insert = |rows: usize| {
            let script = format!(
                r#"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
                   INSERT INTO "Thing" ("document") SELECT '{document}' FROM n"#
            );
            engine.execute_script(&script).expect("the rows are inserted");
        };
        insert(fit);
        assert_eq!(rows(run(engine, &documents(), Vec::new())).len(), fit);
        insert(1);
        let result = run(engine, &documents(), Vec::new());
        assert!(error(result).to_string().contains("Json values"), "the message names the reason");
        assert_eq!(limit(run(engine, &documents(), Vec::new())), ("objects".to_owned(), "250000".to_owned()));
        // The rows without them are read as before.
        let ids = words![Code::FindMany, THING, Code::End, Code::Field, ID, Code::End];
        assert_eq!(rows(run(engine, &ids, Vec::new())).len(), fit + 1);
    }
}

#[test]
fn json_of_shared_rows_counts_for_each_of_their_parents() {
    let Fixture { engine, .. } = &fixture();
    seed(engine, 1, 200, 1);
    let profile = format!("[{}]", vec!["{}"; 999].join(","));
    engine.execute_script(&format!(r#"UPDATE "User" SET "profile" = '{profile}'"#)).expect("the row is updated");
    let page = words![
        Code::FindMany,
        POST,
        Code::Take,
        Code::End,
        Code::Field,
        ID,
        Code::Relation,
        AUTHOR,
        Code::End,
        Code::Field,
        PROFILE,
        Code::End,
        Code::End,
    ];
    assert_eq!(rows(run(engine, &page, vec![Value::Int(199)])).len(), 199);
    assert_eq!(limit(run(engine, &page, vec![Value::Int(200)])).0, "objects");
}

#[test]
fn text_within_values_of_json_is_no_member() {
    let Fixture { engine, .. } = &fixture();
    let document = format!("{{\"text\": \"{}\"}}", "[1, 2, 3], {}, ".repeat(100_000));
    engine
        .execute_script(&format!(r#"INSERT INTO "Thing" ("document") VALUES ('{document}')"#))
        .expect("the row is inserted");
    assert_eq!(rows(run(engine, &documents(), Vec::new())).len(), 1);
}

#[test]
fn numbers_of_vectors_count_as_a_fourth_of_an_object() {
    let Fixture { engine, .. } = &fixture();
    // 1,536 numbers, as a model of language has them.
    let vector = format!("[{}]", vec!["0.12345"; 1_536].join(","));
    engine
        .execute_script(&format!(
            r#"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
               INSERT INTO "Thing" ("document") SELECT '{vector}' FROM n"#
        ))
        .expect("the rows are inserted");
    assert_eq!(rows(run(engine, &documents(), Vec::new())).len(), 600);
}

#[test]
fn a_write_whose_json_is_too_large_has_no_effect() {
    let Fixture { engine, .. } = &limited(Limits { objects: 100, ..Limits::default() });
    let create = words![Code::Create, THING, Code::Set, DOCUMENT, Code::End, Code::AllColumns, Code::End];
    let document = Value::Json(format!("[{}]", vec!["[]"; 100].join(",")));
    assert_eq!(limit(run(engine, &create, vec![document])).0, "objects");
    assert_eq!(count(engine, THING), 0);
}
