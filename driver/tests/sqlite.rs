//! Plans on a real SQLite file, written as shapes: what the clients rest on.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

use std::sync::Arc;
use std::time::Duration;

use futures_channel::oneshot;
use purlin_driver::{Engine, Error, Meta, NotRun, Options, Reply, Rows, TransactionOptions};
use purlin_query::catalog::Catalog;
use purlin_query::plan::Item;
use purlin_query::shape::Code;
use purlin_query::value::Value;

mod support;
use support::*;

#[test]
fn the_children_of_each_parent_are_found_by_one_statement() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    // users with posts with tags
    let shape = words![
        Code::FindMany,
        0,
        Code::OrderBy,
        Code::Ascending,
        0,
        Code::Field,
        1,
        Code::End,
        Code::Field,
        1,
        Code::Relation,
        3,
        Code::End,
        Code::Field,
        1,
        Code::Relation,
        4,
        Code::End,
        Code::Field,
        1,
        Code::End,
        Code::End,
        Code::End,
    ];
    let rows = rows(run(engine, shape, vec![]));
    assert_eq!(texts(&rows, 0, 0), ["ada@x", "bob@x", "eve@x"]);
    assert_eq!(texts(&rows, 1, 0), ["one", "three", "four", "two"]);
    let Item::Relation { link, .. } = &rows.nest().items[1] else { panic!("the second item is the relation") };
    let lengths: Vec<u32> = rows.link(*link).iter().map(|span| span.length).collect();
    assert_eq!(lengths, [3, 1, 0]);
    assert_eq!(texts(&rows, 2, 1), ["red", "blue", "blue"]);
}

#[test]
fn a_page_of_each_parent_is_the_same_with_and_without_an_index() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    // Of users by posts, which no index finds; and of posts by tags, which the join table's does.
    let shape = words![
        Code::FindMany,
        0,
        Code::End,
        Code::Field,
        0,
        Code::Relation,
        3,
        Code::Take,
        Code::Skip,
        Code::End,
        Code::Field,
        1,
        Code::Relation,
        4,
        Code::Take,
        Code::Skip,
        Code::End,
        Code::Field,
        1,
        Code::End,
        Code::End,
        Code::End,
    ];
    let rows = rows(run(engine, shape, [1, 1, 1, 1].map(Value::Int).to_vec()));
    assert_eq!(texts(&rows, 1, 0), ["three"]);
    assert_eq!(texts(&rows, 2, 1), Vec::<String>::new());
    let Item::Relation { link, .. } = &rows.nest().items[1] else { panic!("the second item is the relation") };
    let lengths: Vec<u32> = rows.link(*link).iter().map(|span| span.length).collect();
    assert_eq!(lengths, [1, 0, 0]);
}

#[test]
fn the_last_rows_of_each_parent_are_read_last_to_first() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    let shape = words![
        Code::FindMany,
        0,
        Code::End,
        Code::Field,
        0,
        Code::Relation,
        3,
        Code::TakeLast,
        Code::End,
        Code::Field,
        1,
        Code::End,
        Code::End,
    ];
    let rows = rows(run(engine, shape, vec![Value::Int(2)]));
    let Item::Relation { nest, .. } = &rows.nest().items[1] else { panic!("the second item is the relation") };
    assert!(nest.reversed);
    assert_eq!(texts(&rows, 1, 0), ["four", "three", "two"]);
}

#[test]
fn a_create_with_all_that_hangs_on_it_is_one_transaction() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    let shape = words![
        Code::Create,
        0,
        Code::Set,
        1,
        Code::NestedCreate,
        3,
        Code::Set,
        1,
        Code::Connect,
        4,
        Code::Equals,
        1,
        Code::End,
        Code::End,
        Code::AllColumns,
        Code::Counts,
        1,
        3,
        Code::All,
        Code::End,
    ];
    let created = rows(run(engine, shape, vec![text("new@x"), text("first"), text("red")]));
    assert_eq!(created.len(), 1);
    // No tag is called green: nothing of the second user stays.
    let missing = run(engine, shape, vec![text("other@x"), text("first"), text("green")]).expect_err("no such tag");
    assert_eq!(missing.code(), Some("P2025"), "{missing}");
    let count = words![Code::Count, 0, Code::End, 1, Code::All];
    assert!(matches!(run(engine, count, vec![]), Ok(Reply::Counts(counts)) if counts == [4]));
}

#[test]
fn decimals_compare_as_numbers_and_come_back_canonical() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    let shape = words![
        Code::FindMany,
        0,
        Code::Where,
        Code::Greater,
        2,
        Code::OrderBy,
        Code::Ascending,
        0,
        Code::Field,
        2,
        Code::End,
        Code::Field,
        2,
        Code::End,
    ];
    let found = rows(run(engine, shape, vec![Value::Decimal("8.99".to_owned())]));
    assert_eq!(texts(&found, 0, 0), ["9", "10.5"]);
}

#[test]
fn a_transaction_that_is_dropped_is_rolled_back() {
    let Fixture { engine, .. } = &fixture();
    let create = engine.prepare(words![Code::Create, 0, Code::Set, 1, Code::End, Code::AllColumns, Code::End]);
    let create = create.expect("a shape");
    for (number, commit) in [false, true].into_iter().enumerate() {
        let transaction = block_on(engine.begin(TransactionOptions::default())).expect("nobody else writes");
        let value = vec![text(&format!("{number}@x"))];
        block_on(transaction.run(&create, value)).expect("the row is new");
        if commit {
            block_on(transaction.commit()).expect("committed");
        } else {
            drop(transaction);
        }
    }
    let all = words![Code::FindMany, 0, Code::End, Code::AllColumns, Code::End];
    assert_eq!(texts(&rows(run(engine, all, vec![])), 0, 1), ["1@x"]);
}

#[test]
fn a_transaction_that_lasts_too_long_is_rolled_back_and_says_so() {
    let Fixture { engine, .. } = &fixture();
    let options = TransactionOptions { timeout: Duration::from_millis(30), ..TransactionOptions::default() };
    let transaction = block_on(engine.begin(options)).expect("nobody else writes");
    // The next writer gets its turn when the first one's time is over.
    let create = engine.prepare(words![Code::Create, 0, Code::Set, 1, Code::End, Code::AllColumns, Code::End]);
    let create = create.expect("a shape");
    rows(block_on(engine.run(&create, vec![text("later@x")])));
    let late = block_on(transaction.run(&create, vec![text("late@x")])).expect_err("its time is over");
    assert!(late.is_transaction_closed() && late.to_string().contains("30 ms"), "{late}");
}

#[test]
fn a_transaction_that_waits_too_long_is_refused() {
    let Fixture { engine, .. } = &fixture();
    let first = block_on(engine.begin(TransactionOptions::default())).expect("nobody else writes");
    let options = TransactionOptions { max_wait: Duration::from_millis(40), ..TransactionOptions::default() };
    let refused = block_on(engine.begin(options)).expect_err("the first one is open");
    assert_eq!(refused.code(), Some("P2028"), "{refused}");
    drop(first);
}

#[test]
fn a_unique_violation_names_model_and_field() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    let shape = words![Code::Create, 0, Code::Set, 1, Code::End, Code::AllColumns, Code::End];
    let error = run(engine, shape, vec![text("ada@x")]).expect_err("the email is taken");
    assert!(error.is_unique_violation());
    assert_eq!(error.to_string(), "another User has the same email: the key is unique");
}

/// The schema may know nothing of the table.
#[test]
fn a_constraint_of_a_table_that_a_trigger_writes_is_not_that_of_the_model() {
    let Fixture { engine, .. } = &fixture();
    let tables = r#"CREATE TABLE mark (email TEXT UNIQUE, note TEXT NOT NULL);
        CREATE TRIGGER marks AFTER INSERT ON "User" BEGIN INSERT INTO mark VALUES ('one', nullif(new.email, 'none')); END"#;
    engine.execute_script(tables).expect("the trigger is made");
    let create = |email: &str| {
        let shape = words![Code::Create, 0, Code::Set, 1, Code::End, Code::AllColumns, Code::End];
        run(engine, shape, vec![text(email)])
    };
    create("ada@x").expect("the first mark");
    for email in ["bob@x", "none"] {
        let error = create(email).expect_err("the mark is refused");
        assert_eq!(error.code(), Some("P2004"), "{error}");
        assert!(
            error.to_string().contains("the table `mark`, which a trigger writes, refused the write of User"),
            "{error}"
        );
    }
}

/// A database that others have made may lack a unique index of the schema: one row is changed, or none.
#[test]
fn a_key_of_several_rows_names_none_to_change() {
    let fixture = fixture();
    let table = r#"DROP TABLE "_PostToTag"; DROP TABLE "Tag"; CREATE TABLE "Tag" (id INTEGER, name TEXT);
        INSERT INTO "Tag" VALUES (1, 'one'), (1, 'other'), (2, 'two')"#;
    fixture.engine.execute_script(table).expect("a table without keys");
    let update = words![Code::Update, 2, Code::Equals, 0, Code::Set, 1, Code::End, Code::Field, 1, Code::End];
    let delete = words![Code::Delete, 2, Code::Equals, 0, Code::Field, 1, Code::End];
    for (words, values) in [(&update[..], vec![Value::Int(1), text("new")]), (delete, vec![Value::Int(1)])] {
        let error = run(&fixture.engine, words, values).expect_err("which of them?");
        assert_eq!(error.code(), Some("P2004"));
        assert!(error.to_string().contains("lacks a unique index"), "{error}");
    }
    assert_eq!(count(&fixture, r#""Tag" WHERE name IN ('one', 'other')"#), 2);
    run(&fixture.engine, update, vec![Value::Int(2), text("new")]).expect("one row has that key");
}

/// A table may say that its texts are compared without regard to case or to spaces at the end, and then its foreign keys
/// are: what a relation leads to is the same for `include` as for the database.
#[test]
fn relations_follow_the_collation_of_their_columns() {
    let cities = words![
        Code::FindMany,
        4,
        Code::End,
        Code::Field,
        0,
        Code::Relation,
        1,
        Code::End,
        Code::Field,
        0,
        Code::End,
        Code::End
    ];
    let country = words![
        Code::FindMany,
        5,
        Code::End,
        Code::Field,
        0,
        Code::Relation,
        2,
        Code::End,
        Code::Field,
        0,
        Code::End,
        Code::End
    ];
    let lengths = |rows: Rows| rows.link(0).iter().map(|span| span.length).collect::<Vec<_>>();
    for (collation, codes, by_country, by_city) in [
        ("NOCASE", ["DE", "de", "fr", "De", "Fr"], [3, 2], [1, 1, 1, 1, 1]),
        ("nocase", ["de", "DE", "FR", "DE", "FR"], [3, 2], [1, 1, 1, 1, 1]),
        ("RTRIM", ["DE", "DE ", "FR  ", "DE  ", "FR"], [3, 2], [1, 1, 1, 1, 1]),
        ("BINARY", ["DE", "DE", "FR", "DE", "FR"], [3, 2], [1, 1, 1, 1, 1]),
        // Without foreign keys that are looked at, others may be there.
        ("BINARY", ["DE", "de", "FR", "xx", "FR "], [1, 1], [1, 0, 1, 0, 0]),
    ] {
        let fixture = fixture();
        let cities_of = |index: usize| format!("({}, '{}')", index + 1, codes[index]);
        let sqlite = rusqlite::Connection::open(fixture.path()).expect("the file is there");
        sqlite
            .execute_batch(&format!(
                r#"PRAGMA foreign_keys = OFF; CREATE TABLE "Country" ("code" TEXT COLLATE {collation} PRIMARY KEY);
                   CREATE TABLE "City" ("id" INTEGER PRIMARY KEY,
                     "country_code" TEXT NOT NULL COLLATE {collation} REFERENCES "Country" ("code"));
                   INSERT INTO "Country" VALUES ('DE'), ('FR');
                   INSERT INTO "City" VALUES {}"#,
                (0..5).map(cities_of).collect::<Vec<_>>().join(", ")
            ))
            .expect("the tables are created");
        assert_eq!(lengths(rows(run(&fixture.engine, cities, Vec::new()))), by_country, "{collation} {codes:?}");
        assert_eq!(lengths(rows(run(&fixture.engine, country, Vec::new()))), by_city, "{collation} {codes:?}");
    }
}

#[test]
fn a_point_read_runs_at_once_when_a_reader_is_open() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    let shape = words![Code::FindUnique, 0, Code::Where, Code::Equals, 0, Code::End, Code::AllColumns, Code::End];
    let prepared = engine.prepare(shape).expect("a shape");
    let tried = engine.try_run(Arc::clone(&prepared), [Value::Int(1)]);
    assert!(matches!(tried, Err(NotRun::Waits(_))), "no file is opened on the caller's thread");
    rows(block_on(engine.run(&prepared, vec![Value::Int(1)])));
    // The first thread's reader is open now.
    let found = rows(Ok(engine.try_run(Arc::clone(&prepared), [Value::Int(2)]).expect("a reader is free")));
    assert_eq!(texts(&found, 0, 1), ["bob@x"]);
}

#[test]
fn a_read_by_a_long_list_does_not_hold_up_the_callers_thread() {
    let Fixture { engine, .. } = &fixture();
    seed(engine);
    let shape = words![Code::FindMany, 0, Code::Where, Code::In, 0, Code::End, Code::AllColumns, Code::End];
    let prepared = engine.prepare(shape).expect("a shape");
    let ids = |length: i64| vec![Value::List((1..=length).map(Value::Int).collect())];
    // Until its last runs were so quick that it runs on this thread.
    let is_quick = (0..1_000).any(|_| match engine.try_run(Arc::clone(&prepared), ids(2)) {
        Ok(_) => true,
        Err(NotRun::Waits(query)) => rows(block_on(engine.run_checked(query))).is_empty(),
        Err(NotRun::Failed(error)) => panic!("{error}"),
    });
    assert!(is_quick);
    assert!(matches!(engine.try_run(Arc::clone(&prepared), ids(257)), Err(NotRun::Waits(_))));
    assert_eq!(rows(block_on(engine.run(&prepared, ids(257)))).len(), 3);
}

#[test]
fn a_write_ends_as_a_whole_when_nobody_waits_for_it() {
    let Fixture { engine, .. } = &fixture();
    // A user with two posts.
    let post = [Code::NestedCreate as u16, 3, Code::Set as u16, 1, Code::End as u16];
    let mut create = words![Code::Create, 0, Code::Set, 1].to_vec();
    create.extend(post.iter().chain(&post));
    create.extend(words![Code::End, Code::AllColumns, Code::End]);
    let create = engine.prepare(&create).expect("a shape");
    for number in 0..50 {
        let running = engine.run(&create, vec![text(&format!("{number}@x")), text("one"), text("two")]);
        // Some have begun by now.
        std::thread::sleep(Duration::from_micros(number * 20));
        drop(running);
    }
    let values = vec![text("last@x"), text("one"), text("two")];
    let (sender, receiver) = oneshot::channel();
    engine.run_with(create, values, move |reply| drop(sender.send(reply.map(drop))));
    block_on(receiver).expect("the callback runs").expect("the row is new");
    let counts = [0, 1].map(|model| match run(engine, words![Code::Count, model, Code::End, 1, Code::All], vec![]) {
        Ok(Reply::Counts(counts)) => counts.iter().sum::<i64>(),
        other => panic!("{other:?}"),
    });
    let [users, posts] = counts;
    assert!(users >= 1 && posts == 2 * users, "{counts:?}");
}

/// What a trigger does to the row afterwards is seen by the next read.
#[test]
fn a_write_returns_its_row_as_it_has_written_it() {
    let Fixture { engine, .. } = &fixture();
    let trigger = r#"CREATE TRIGGER t AFTER INSERT ON "User" BEGIN UPDATE "User" SET "email" = 'later ' || NEW.id WHERE id = NEW.id; END"#;
    engine.execute_script(trigger).expect("a trigger");
    let selections: [&[u16]; 2] =
        [words![Code::End], words![Code::Relation, 3, Code::End, Code::AllColumns, Code::End, Code::End]];
    for (number, selection) in selections.into_iter().enumerate() {
        let words = [words![Code::Create, 0, Code::Set, 1, Code::End, Code::Field, 1], selection].concat();
        let created = rows(run(engine, &words, vec![text("now")]));
        assert_eq!(texts(&created, 0, 0), ["now"], "{number}");
    }
}

#[test]
fn a_missing_file_is_an_error_with_the_remedy() {
    let engine = Engine::open(Catalog::new(MODELS, &[]), "file:/nowhere/at/all.db", Options::default());
    let engine = engine.expect("the file is opened by the first query");
    let count = words![Code::Count, 0, Code::End, 1, Code::All];
    let error = run(&engine, count, vec![]).expect_err("there is no file");
    assert_eq!(error.code(), Some("P1003"));
    assert!(error.to_string().contains("purlin db push"), "{error}");
}

#[test]
fn values_are_checked_against_the_plan() {
    let Fixture { engine, .. } = &fixture();
    let shape = words![Code::FindUnique, 0, Code::Where, Code::Equals, 0, Code::End, Code::AllColumns, Code::End];
    for (value, message) in [
        (text("1"), "`User.id` takes Int, got a string"),
        (Value::Int(1 << 40), "the value does not fit `User.id`, which is Int (32 bits): declare it BigInt"),
        (Value::Null, "`User.id` is required, it cannot be null"),
    ] {
        let error = run(engine, shape, vec![value]).expect_err("it does not fit");
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn values_that_were_checked_run_on_their_own_engine() {
    let (first, second) = (fixture(), fixture());
    let shape = words![Code::FindUnique, 0, Code::Where, Code::Equals, 0, Code::End, Code::AllColumns, Code::End];
    let prepared = first.engine.prepare(shape).expect("a valid shape");
    let check = || match first.engine.try_run(Arc::clone(&prepared), [Value::Int(1)]) {
        Err(NotRun::Waits(query)) => query,
        other => panic!("no connection is open yet, and it is {other:?}"),
    };
    let (mine, others) = (check(), check());
    let error = block_on(second.engine.run_checked(others)).expect_err("it has plans of its own");
    assert_eq!(error.to_string(), "the plan belongs to another engine");
    assert_eq!(rows(block_on(first.engine.run_checked(mine))).len(), 0);
    let unfit = first.engine.try_run(prepared, [text("1")]);
    assert!(matches!(unfit, Err(NotRun::Failed(error)) if error.to_string() == "`User.id` takes Int, got a string"));
}

#[test]
fn a_column_that_the_database_does_not_have_is_an_error_and_nothing_is_written() {
    let Fixture { engine, .. } = &fixture();
    engine.execute_script(r#"ALTER TABLE "User" DROP COLUMN "balance""#).expect("nothing needs the column");
    let create = words![Code::Create, 0, Code::Set, 1, Code::End, Code::AllColumns, Code::End];
    let error = run(engine, create, vec![text("ada@x")]).expect_err("there is no such column");
    assert_eq!((error.code(), error.to_string().contains("`balance`")), (Some("P2022"), true), "{error}");
    let count = words![Code::Count, 0, Code::End, 1, Code::All];
    assert!(matches!(run(engine, count, vec![]), Ok(Reply::Counts(counts)) if counts == [0]));
}

/// A statement that is compiled already meets the change when it runs.
#[test]
fn a_column_that_goes_while_the_program_runs_is_named_as_well() {
    let create: &[u16] = words![Code::Create, 0, Code::Set, 1, Code::End, Code::AllColumns, Code::End];
    let update: &[u16] = words![Code::Update, 0, Code::Equals, 0, Code::Set, 1, Code::End, Code::AllColumns, Code::End];
    let find: &[u16] = words![Code::FindMany, 0, Code::End, Code::AllColumns, Code::End];
    for change in [r#"ALTER TABLE "User" DROP COLUMN "balance""#, r#"ALTER TABLE "User" RENAME "balance" TO "money""#] {
        let fixture = fixture();
        let Fixture { engine, .. } = &fixture;
        let values = |name: &str, update: bool| if update { vec![Value::Int(1), text(name)] } else { vec![text(name)] };
        for (words, is_update) in [(create, false), (update, true)] {
            run(engine, words, values("before@x", is_update)).expect("the column is there");
        }
        run(engine, find, vec![]).expect("the column is there");
        let other = rusqlite::Connection::open(fixture.path()).expect("the file is there");
        other.execute_batch(change).expect("nothing needs the column");
        for (words, values) in [(create, values("after@x", false)), (update, values("after@x", true)), (find, vec![])] {
            let error = run(engine, words, values).expect_err("there is no such column");
            let told = error.to_string().contains("no column `balance` in the table `User`");
            assert_eq!((error.code(), told), (Some("P2022"), true), "{change}: {error}");
        }
    }
}

#[test]
fn a_database_that_differs_from_the_schema_is_named_with_the_model_that_differs() {
    let users_with_posts_with_tags = words![
        Code::FindMany,
        0,
        Code::End,
        Code::AllColumns,
        Code::Relation,
        3,
        Code::End,
        Code::AllColumns,
        Code::Relation,
        4,
        Code::End,
        Code::AllColumns,
        Code::End,
        Code::End,
        Code::End,
    ];
    let meta = |wanted: &str, error: &Error| {
        error.meta().iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
    };
    for (change, code, model, table, told) in [
        (
            r#"ALTER TABLE "User" DROP COLUMN "balance""#,
            "P2022",
            "User",
            "User",
            "no column `balance` in the table `User`",
        ),
        (
            r#"ALTER TABLE "posts" DROP COLUMN "title""#,
            "P2022",
            "Post",
            "posts",
            "no column `title` in the table `posts`",
        ),
        (r#"ALTER TABLE "Tag" RENAME COLUMN "name" TO "label""#, "P2022", "Tag", "Tag", "which `Tag.name` needs"),
        (
            r#"ALTER TABLE "_PostToTag" RENAME COLUMN "B" TO "C""#,
            "P2022",
            "Post",
            "_PostToTag",
            "no column `B` in the table `_PostToTag`",
        ),
        (r#"ALTER TABLE "Tag" RENAME TO "Label""#, "P2021", "Tag", "Tag", "no table `Tag`"),
        (r#"ALTER TABLE "posts" RENAME TO "articles""#, "P2021", "Post", "posts", "no table `posts`"),
    ] {
        let fixture = fixture();
        seed(&fixture.engine);
        fixture.engine.execute_script(change).expect("nothing needs it");
        let error = run(&fixture.engine, users_with_posts_with_tags, vec![]).expect_err("the schema differs");
        assert_eq!(error.code(), Some(code), "{change}: {error}");
        assert_eq!(meta("modelName", &error), Some(Meta::Text(model.to_owned())), "{change}: {error}");
        assert_eq!(meta("table", &error), Some(Meta::Text(table.to_owned())), "{change}: {error}");
        let text = error.to_string();
        let file = fixture.path().display().to_string();
        assert!(text.contains(told) && text.contains(&file) && text.contains("purlin db push"), "{change}: {text}");
    }
}

#[test]
fn the_table_of_a_join_that_is_not_there_is_named_with_the_file() {
    let fixture = fixture();
    seed(&fixture.engine);
    fixture.engine.execute_script(r#"DROP TABLE "_PostToTag""#).expect("nothing needs it");
    let posts_with_tags = words![
        Code::FindMany,
        1,
        Code::End,
        Code::AllColumns,
        Code::Relation,
        4,
        Code::End,
        Code::AllColumns,
        Code::End,
        Code::End
    ];
    let text = run(&fixture.engine, posts_with_tags, vec![]).expect_err("there is no such table").to_string();
    assert!(text.contains("`_PostToTag`") && text.contains(&fixture.path().display().to_string()), "{text}");
}

#[test]
fn a_missing_file_of_a_relative_url_says_where_the_url_starts() {
    let count = words![Code::Count, 0, Code::End, 1, Code::All];
    for (url, is_relative) in [
        ("file:./not-here.db", true),
        ("file:data/not-here.db", true),
        ("sqlite:../not-here.db?connection_limit=1", true),
        ("file:/nowhere/not-here.db", false),
    ] {
        let engine = Engine::open(Catalog::new(MODELS, &[]), url, Options::default()).expect("a URL of a file");
        let error = run(&engine, count, vec![]).expect_err("there is no file");
        assert_eq!(error.code(), Some("P1003"));
        let told = error.to_string().contains("a relative URL starts from the folder that the program runs in");
        assert_eq!(told, is_relative, "{url}: {error}");
    }
}

#[test]
fn a_write_whose_row_cannot_be_read_back_is_undone() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(
            r#"ALTER TABLE "User" DROP COLUMN "balance"; ALTER TABLE "User" ADD COLUMN "balance" BLOB DEFAULT x'00'"#,
        )
        .expect("nothing needs the column");
    let create = words![Code::Create, 0, Code::Set, 1, Code::End, Code::AllColumns, Code::End];
    let error = run(engine, create, vec![text("ada@x")]).expect_err("a blob is no decimal");
    assert_eq!(error.code(), Some("P2023"), "{error}");
    let count = words![Code::Count, 0, Code::End, 1, Code::All];
    assert!(matches!(run(engine, count, vec![]), Ok(Reply::Counts(counts)) if counts == [0]));
}

#[test]
fn a_row_that_others_refer_to_says_so() {
    let Fixture { engine, .. } = &fixture();
    engine
        .execute_script(
            r#"DROP TABLE "_PostToTag"; DROP TABLE "posts";
               CREATE TABLE "posts" ("id" INTEGER PRIMARY KEY, "title" TEXT NOT NULL,
                 "author_id" INTEGER NOT NULL REFERENCES "User" ("id") ON DELETE RESTRICT);
               INSERT INTO "User" VALUES (1, 'ada@x', NULL); INSERT INTO "posts" VALUES (1, 'one', 1);"#,
        )
        .expect("the tables are made anew");
    let error =
        run(engine, words![Code::DeleteMany, 0, Code::Equals, 0], vec![Value::Int(1)]).expect_err("a post is left");
    assert!(error.is_foreign_key_violation());
    assert_eq!(error.to_string(), "other rows still refer to this User: its foreign keys restrict the change");
}

#[test]
fn errors_of_the_database_hold_no_values() {
    let secret = "hunter2: secret";
    for (title, body) in [
        ("a JSON path", "SELECT json_extract('{}', NEW.email)"),
        ("JSON that is none", "SELECT json(NEW.email)"),
        ("a search", "SELECT 1 FROM search WHERE search MATCH NEW.email"),
        ("a quoted search", r#"SELECT 1 FROM search WHERE search MATCH '"' || NEW.email"#),
        ("an operator of a search", "SELECT 1 FROM search WHERE search MATCH NEW.email || ' AND'"),
        ("a function", "SELECT json_set('{}', NEW.email, 1)"),
    ] {
        let Fixture { engine, .. } = &fixture();
        engine
            .execute_script(&format!(
                r#"CREATE VIRTUAL TABLE search USING fts5(body);
                   CREATE TRIGGER checked AFTER INSERT ON "User" BEGIN {body}; END"#
            ))
            .expect("the trigger is created");
        let create = words![Code::Create, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
        let error = run(engine, create, vec![text(secret)]).expect_err(title);
        let shown = format!("{error} {:?}", error.meta());
        assert!(!shown.contains("hunter2") && !shown.contains("secret"), "{title}: {shown}");
    }
}

/// A full-text search takes the first word of a text for a column, which the schema may have.
#[test]
fn a_text_that_is_searched_for_is_neither_shown_nor_taken_for_a_column() {
    let create = words![Code::Create, 0, Code::Set, 1, Code::End, Code::Field, 0, Code::End];
    for module in ["fts5", "fts4"] {
        let Fixture { engine, .. } = &fixture();
        engine
            .execute_script(&format!(
                r#"CREATE VIRTUAL TABLE search USING {module}(body);
                   CREATE TRIGGER checked AFTER INSERT ON "User" BEGIN
                     SELECT 1 FROM search WHERE search MATCH NEW.email; END"#
            ))
            .expect("the trigger is created");
        let mut refused = 0;
        for sought in [
            "email : hunter2",
            "(x.email - hunter2",
            ".email - hunter2 (",
            "x.email - hunter2 AND (",
            "email - should this be hunter2",
            "balance: hunter2 (",
        ] {
            let Err(error) = run(engine, create, vec![text(sought)]) else { continue };
            refused += 1;
            let shown = format!("{error} {:?}", error.meta());
            assert_eq!(error.code(), Some("P2039"), "{module} {sought}: {shown}");
            assert!(!shown.contains("hunter2"), "{module} {sought}: {shown}");
        }
        assert!(refused > 3, "{module}");
    }
}

#[test]
fn connecting_reads_the_file_and_takes_no_lock() {
    let Fixture { engine, .. } = &fixture();
    let transaction = block_on(engine.begin(TransactionOptions::default())).expect("nobody else writes");
    block_on(engine.connect()).expect("the database is there, whoever writes to it");
    block_on(transaction.rollback()).expect("nothing was written");

    let folder = tempfile::tempdir().expect("a folder");
    let open = |name: &str| {
        let url = format!("file:{}", folder.path().join(name).display());
        Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("the URL is one")
    };
    let missing = block_on(open("missing.db").connect()).expect_err("there is no file");
    assert_eq!(missing.code(), Some("P1003"));
    std::fs::write(folder.path().join("notes.txt"), "no database\n".repeat(100)).expect("a file");
    let other = block_on(open("notes.txt").connect()).expect_err("it is no database");
    assert!(other.to_string().contains("it is not a SQLite database"), "{other}");
}

#[test]
fn an_error_is_whole_and_has_no_source() {
    let Fixture { engine, folder } = &fixture();
    seed(engine);
    let url = format!("file:{}", folder.path().join("missing.db").display());
    let closed = Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("the URL is one");
    let missing = block_on(closed.connect()).expect_err("there is no file");
    let refused =
        block_on(engine.run_script(r#"INSERT INTO "User" ("email") VALUES ('ada@x')"#)).expect_err("a duplicate");
    for error in [missing, refused] {
        assert!(std::error::Error::source(&error).is_none(), "{error}");
        assert!(!error.to_string().contains("ada@x"), "{error}");
    }
}
