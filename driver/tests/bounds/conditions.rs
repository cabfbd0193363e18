//! Conditions and sort keys at the limits: whatever is within them compiles and runs, whatever is beyond is refused.

use purlin_driver::{Engine, Error, Limits, Reply};
use purlin_query::shape::Code;
use purlin_query::value::Value;

use crate::support::*;

/// Three users, each the boss of the next, and their posts.
fn seed(engine: &Engine) {
    engine
        .execute_script(
            r#"INSERT INTO "User" ("id", "name", "boss_id") VALUES (1, 'ada', NULL), (2, 'bob', 1), (3, 'eve', 2);
               INSERT INTO "Post" VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 1);"#,
        )
        .expect("the rows are inserted");
}

fn group(code: Code, members: impl IntoIterator<Item = Vec<u16>>) -> Vec<u16> {
    let members: Vec<Vec<u16>> = members.into_iter().collect();
    let mut words = vec![code as u16, u16::try_from(members.len()).expect("a word")];
    words.extend(members.concat());
    words
}

fn equals(field: u16) -> Vec<u16> {
    words![Code::Equals, field].to_vec()
}

fn around(words: &[u16], inner: Vec<u16>) -> Vec<u16> {
    [words, &inner].concat()
}

#[test]
fn a_group_of_any_size_is_true_where_its_members_say_so() {
    let Fixture { engine, .. } = &limited(Limits::NONE);
    seed(engine);
    for size in [1, 2, 8, 9, 50, 999, 1_000, 2_000, 15_000] {
        let all =
            |id: usize| (0..size).map(|index| Value::Int(if index == size - 1 { id as i64 } else { 77 })).collect();
        assert_eq!(ids(engine, USER, &group(Code::Or, vec![equals(ID); size]), all(2)), [2], "OR of {size}");
        let not_equals = vec![words![Code::NotEquals, ID].to_vec(); size];
        assert_eq!(ids(engine, USER, &group(Code::And, not_equals), all(2)), [1, 3], "AND of {size}");
    }
}

#[test]
fn what_is_counted_is_refused_beyond_its_limit_and_runs_within() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    // The group, its members, the sort key and the field.
    let or = |members: usize| find_ids(USER, &group(Code::Or, vec![equals(ID); members]));
    assert!(run(engine, &or(1_997), vec![Value::Int(1); 1_997]).is_ok());
    let refused = engine.prepare(&or(1_998)).expect_err("there are too many nodes");
    assert_eq!(
        refused.to_string(),
        "the query has more than 2000 conditions, sort keys and selected fields: ask for less, or raise the `nodes` limit of the client"
    );
    assert_eq!(refused.code(), Some("P2029"));

    let nots = |depth: usize| (0..depth).fold(equals(ID), |inner, _| around(&words![Code::Not], inner));
    assert_eq!(ids(engine, USER, &nots(32), vec![Value::Int(1)]), [1]);
    let refused = engine.prepare(&find_ids(USER, &nots(33))).expect_err("it is too deep");
    assert_eq!(
        refused.to_string(),
        "the query nests conditions deeper than 32 levels: ask for less, or raise the `filterDepth` limit of the client"
    );

    let bosses = |depth: usize| {
        let mut words = words![Code::FindMany, USER, Code::End, Code::Field, ID].to_vec();
        for _ in 0..depth {
            words.extend(words![Code::Relation, BOSS, Code::End, Code::Field, ID]);
        }
        words.extend(vec![Code::End as u16; depth + 1]);
        words
    };
    assert!(run(engine, &bosses(8), Vec::new()).is_ok());
    let refused = engine.prepare(&bosses(9)).expect_err("it is too deep");
    assert_eq!(
        refused.to_string(),
        "the query nests relations deeper than 8 levels: ask for less, or raise the `relationDepth` limit of the client"
    );
}

#[test]
fn nested_writes_are_counted() {
    let limits = Limits { data_nodes: 10, relation_depth: 2, ..Limits::default() };
    let Fixture { engine, .. } = &limited(limits);
    let create = |posts: usize| {
        let mut words = words![Code::Create, USER, Code::Set, NAME].to_vec();
        for _ in 0..posts {
            words.extend(words![Code::NestedCreate, POSTS, Code::Set, 1, Code::End]);
        }
        words.extend(words![Code::End, Code::Field, ID, Code::End]);
        run(engine, &words, vec![text("x"); posts + 1])
    };
    assert!(create(4).is_ok());
    assert_eq!(limit(create(5)), ("dataNodes".to_owned(), "10".to_owned()));
    let staff = |depth: usize| {
        let mut words = words![Code::Create, USER, Code::Set, NAME].to_vec();
        for _ in 0..depth {
            words.extend(words![Code::NestedCreate, STAFF, Code::Set, NAME]);
        }
        words.extend(vec![Code::End as u16; depth]);
        words.extend(words![Code::End, Code::Field, ID, Code::End]);
        run(engine, &words, vec![text("x"); depth + 1])
    };
    assert!(staff(2).is_ok());
    assert_eq!(limit(staff(3)), ("relationDepth".to_owned(), "2".to_owned()));
    assert_eq!(count(engine, USER), 4);
}

/// Conditions of each kind around each other, as deep and as wide as the limits allow.
#[test]
fn what_is_too_deep_for_sqlite_is_refused_before_it_sees_it() {
    let Fixture { engine, .. } = &limited(Limits::NONE);
    seed(engine);
    let anything = || words![Code::And, 0].to_vec();
    let wide = |code, size: usize, inner: Vec<u16>| {
        group(code, std::iter::once(inner).chain(std::iter::repeat_n(words![Code::IsNull, 2].to_vec(), size - 1)))
    };
    type Level = Box<dyn Fn(Vec<u16>) -> Vec<u16>>;
    let kinds: Vec<(&str, usize, Level)> = vec![
        ("not", 1, Box::new(|inner| around(&words![Code::Not], inner))),
        ("some", 1, Box::new(|inner| around(&words![Code::Some, BOSS], inner))),
        ("every", 1, Box::new(|inner| around(&words![Code::Every, STAFF], inner))),
        ("none", 1, Box::new(|inner| around(&words![Code::None, STAFF], inner))),
        ("some of two", 2, Box::new(|inner| around(&words![Code::Some, POSTS, Code::Some, AUTHOR], inner))),
        ("or of 8", 1, Box::new(move |inner| wide(Code::Or, 8, inner))),
        ("or of and of 8", 1, Box::new(move |inner| wide(Code::Or, 8, wide(Code::And, 8, inner)))),
        ("or of and of 100", 1, Box::new(move |inner| wide(Code::Or, 100, wide(Code::And, 100, inner)))),
        ("some of and of 9", 1, Box::new(move |inner| around(&words![Code::Some, BOSS], wide(Code::And, 9, inner)))),
        ("every of or of 8", 2, Box::new(move |inner| around(&words![Code::Every, STAFF], wide(Code::Or, 8, inner)))),
    ];
    for (kind, levels, level) in &kinds {
        let (mut ran, mut refused) = (0, 0);
        for depth in 1..=64 / levels {
            let filter = (0..depth).fold(anything(), |inner, _| level(inner));
            let words = words![Code::FindMany, USER, Code::Where].to_vec();
            let words = [words, filter, words![Code::Take, Code::End, Code::Field, ID, Code::End].to_vec()].concat();
            match run(engine, &words, vec![Value::Int(1)]) {
                Ok(_) => ran += 1,
                Err(error) if error.is_limit() => refused += 1,
                Err(error) => panic!("{kind}, {depth} deep: {error}"),
            }
        }
        assert!(ran >= 7, "{kind}: {ran} run, {refused} are refused");
    }
}

/// Random trees: what is refused is refused by a limit, never by SQLite.
#[test]
fn random_conditions_run_or_are_refused_by_a_limit() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    let mut random = Random(42);
    let mut refused = 0;
    for _ in 0..300 {
        let (filter, values) = random_filter(&mut random);
        let result = run(engine, &find_ids(USER, &filter), values);
        if let Err(error) = &result {
            assert!(error.is_limit(), "{error}");
            refused += 1;
        }
    }
    assert!((1..200).contains(&refused), "{refused} of 300 are refused");
}

fn random_filter(random: &mut Random) -> (Vec<u16>, Vec<Value>) {
    let (mut words, mut values) = (Vec::new(), Vec::new());
    let depth = random.below(40);
    let width = 1 + random.below(60);
    let mut open = vec![1_usize];
    // The first member of each group goes deeper, the others are leaves.
    while let Some(left) = open.pop() {
        let Some(left) = left.checked_sub(1) else { continue };
        let deeper = open.len() < depth && values.len() < 3_000;
        open.push(left);
        match random.below(8) {
            0 if deeper => {
                words.push(Code::Not as u16);
                open.push(1);
            }
            1 if deeper => {
                words.extend(words![
                    [Code::Some, Code::Every, Code::None][random.below(3)],
                    [BOSS, STAFF][random.below(2)]
                ]);
                open.push(1);
            }
            2..=5 if deeper => {
                let members = 1 + random.below(width);
                words.extend(words![[Code::And, Code::Or][random.below(2)], members]);
                open.push(members);
            }
            _ => {
                words.extend(words![Code::NotEquals, ID]);
                values.push(Value::Int(random.below(4) as i64));
            }
        }
    }
    (words, values)
}

#[test]
fn conditions_on_many_relations_at_once() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    for code in [Code::Some, Code::None] {
        let all = group(Code::And, vec![words![code, POSTS, Code::Equals, ID].to_vec(); 600]);
        assert!(run(engine, &find_ids(USER, &all), vec![Value::Int(1); 600]).is_ok());
    }
    let all = group(Code::And, vec![words![Code::Some, POSTS, Code::Equals, ID].to_vec(); 600]);
    assert_eq!(ids(engine, USER, &all, vec![Value::Int(2); 600]), [2]);
}

#[test]
fn sort_keys_that_repeat_are_dropped_and_too_many_are_refused() {
    let Fixture { engine, .. } = &limited(Limits::NONE);
    seed(engine);
    let sorted = |keys: Vec<Vec<u16>>| -> Result<Reply, Error> {
        let head = words![Code::FindMany, USER].to_vec();
        run(engine, &[head, keys.concat(), words![Code::End, Code::Field, ID, Code::End].to_vec()].concat(), Vec::new())
    };
    let by = |path: Vec<u16>, field: u16| {
        let head = words![Code::OrderBy, Code::Descending, path.len()].to_vec();
        [head, path, words![Code::Field, field].to_vec()].concat()
    };
    let repeated = sorted((0..5_000).map(|_| by(Vec::new(), NAME)).collect());
    assert_eq!(integers(&rows(repeated), 0, 0), [3, 2, 1]);
    // Through relations there is no end of keys.
    let paths = |keys: usize, depth: usize| {
        (0..keys).map(|key| by(vec![BOSS; key % (depth + 1)], [ID, NAME, 2][key / (depth + 1) % 3])).collect()
    };
    assert!(sorted(paths(75, 24)).is_ok());
    assert_eq!(limit(sorted(paths(26, 25))), ("relationDepth".to_owned(), "24".to_owned()));
    assert_eq!(limit(sorted(paths(66, 65))), ("relationDepth".to_owned(), "64".to_owned()));
    let counts = |path: Vec<u16>| {
        [words![Code::OrderBy, Code::Ascending, path.len()].to_vec(), path, words![Code::Count, POSTS].to_vec()]
            .concat()
    };
    assert!(sorted((0..=24).map(|depth| counts(vec![BOSS; depth])).collect()).is_ok());
}

#[test]
fn more_columns_than_a_row_has_are_refused() {
    let Fixture { engine, .. } = &limited(Limits::NONE);
    seed(engine);
    let counts = |relations: usize| {
        let mut words = words![Code::FindMany, USER, Code::End, Code::Field, ID, Code::Counts, relations].to_vec();
        for _ in 0..relations {
            words.extend(words![POSTS, Code::All]);
        }
        words.push(Code::End as u16);
        run(engine, &words, Vec::new())
    };
    assert!(counts(1_999).is_ok());
    assert_eq!(limit(counts(2_000)), ("nodes".to_owned(), "2000".to_owned()));
    let mut count = words![Code::Count, USER, Code::End, 2_001].to_vec();
    for _ in 0..2_001 {
        count.extend(words![Code::Field, ID]);
    }
    assert_eq!(limit(run(engine, &count, Vec::new())).0, "nodes");
}
