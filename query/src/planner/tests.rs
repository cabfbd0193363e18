//! Plans and SQL, as people read them. `cargo insta review` shows what a change does to them.

use crate::dialect::Dialect;
use crate::fixture::{blog, restricted};
use crate::shape::Code;
use crate::{Error, Limits, compile};

/// Words of a shape: codes and indices.
macro_rules! words {
    ($($word:expr),* $(,)?) => { &[$(($word) as u16),*] };
}

// The fixture's models and fields.
const USER: u16 = 0;
const POST: u16 = 1;
const TAG: u16 = 2;
const ID: u16 = 0;
const EMAIL: u16 = 1;
const MANAGER_ID: u16 = 3;
const USER_POSTS: u16 = 4;
const MANAGER: u16 = 5;
const TITLE: u16 = 1;
const AUTHOR: u16 = 6;
const PRICE: u16 = 1;

fn explain(words: &[u16]) -> String {
    let catalog = blog();
    match compile(&catalog, Dialect::Sqlite, words, &Limits::default()) {
        Ok(plan) => plan.explain(&catalog),
        Err(error) => format!("error: {error}"),
    }
}

fn error(words: &[u16]) -> Error {
    compile(&blog(), Dialect::Sqlite, words, &Limits::default()).expect_err("the shape is refused")
}

#[test]
fn a_group_of_many_is_balanced() {
    let mut words = words![Code::FindMany, USER, Code::Where, Code::Or, 20].to_vec();
    for _ in 0..20 {
        words.extend(words![Code::IsNull, MANAGER_ID]);
    }
    words.extend(words![Code::End, Code::Field, ID, Code::End]);
    let sql = explain(&words).replace("t0.\"managerId\" IS NULL", "x").replace(" OR ", " ");
    assert!(sql.contains("WHERE (((x x x x x) (x x x x x)) ((x x x x x) (x x x x x)))"), "{sql}");
}

#[test]
fn a_plan_knows_its_size() {
    let plan = |members: u16| {
        let mut words = words![Code::FindMany, USER, Code::Where, Code::Or, members].to_vec();
        words.extend(words![Code::Equals, ID].repeat(members.into()));
        words.extend(words![Code::End, Code::Field, ID, Code::End]);
        compile(&blog(), Dialect::Sqlite, &words, &Limits::default()).expect("it compiles").bytes()
    };
    // A member is at least its SQL, `t0."id" = ?`.
    assert!(plan(1) < 2_000, "{}", plan(1));
    assert!(plan(1_000) > plan(1) + 999 * 11, "{}", plan(1_000));
}

#[test]
fn what_goes_beyond_a_limit_is_refused() {
    let error = |words: &[u16], limits: &Limits| {
        let error = compile(&blog(), Dialect::Sqlite, words, limits).expect_err("the shape is refused");
        assert_eq!(error.code(), Some("P2029"), "{error}");
        (error.exceeded().expect("it names a limit"), error.to_string())
    };
    let nots = |depth: usize| {
        let mut words = words![Code::DeleteMany, USER].to_vec();
        words.extend(vec![Code::Not as u16; depth]);
        words.extend(words![Code::IsNull, MANAGER_ID]);
        words
    };
    let (exceeded, message) = error(&nots(33), &Limits::default());
    assert_eq!(exceeded, ("filterDepth", 32));
    assert!(message.ends_with("ask for less, or raise the `filterDepth` limit of the client"), "{message}");
    // No option raises what the stack and SQLite can take.
    let (exceeded, message) = error(&nots(65), &Limits::NONE);
    assert_eq!(exceeded, ("filterDepth", 64));
    assert_eq!(message, "the query nests conditions deeper than 64 levels: ask for less");
    for most in [0, 1, 3, 4] {
        let words = words![
            Code::FindMany, USER, Code::Where, Code::IsNull, MANAGER_ID, Code::OrderBy, Code::Ascending, 0, Code::Field, ID,
            Code::End, Code::AllColumns, Code::Relation, MANAGER, Code::End, Code::Field, ID, Code::End, Code::End,
        ];
        assert_eq!(error(words, &Limits { nodes: most, ..Limits::NONE }).0, ("nodes", most.into()));
        assert!(compile(&blog(), Dialect::Sqlite, words, &Limits { nodes: 5, ..Limits::NONE }).is_ok());
    }
    let create_many = words![Code::CreateMany, TAG, 2, 1, PRICE, 2, ID, PRICE];
    assert_eq!(error(create_many, &Limits { data_nodes: 4, ..Limits::NONE }).0, ("dataNodes", 4));
    assert!(compile(&blog(), Dialect::Sqlite, create_many, &Limits { data_nodes: 5, ..Limits::NONE }).is_ok());
}

#[test]
fn what_is_refused() {
    for (words, message) in [
        (
            words![Code::FindUnique, USER, Code::Where, Code::IsNull, MANAGER_ID, Code::End, Code::End] as &[u16],
            "`where` must name one row of User by a unique key: `id`, `email`",
        ),
        (words![Code::Create, USER, Code::End, Code::End], "`User.email` is required and has no default: give it a value"),
        (
            words![Code::Create, POST, Code::Set, TITLE, Code::End, Code::End],
            "`Post.authorId` is required and has no default: give it a value, or connect or create `author`",
        ),
        (
            // Rows of a list are columns only.
            words![Code::CreateMany, POST, 1, 1, TITLE],
            "`Post.authorId` is required and has no default: give it a value",
        ),
        (
            words![Code::FindMany, USER, Code::Where, Code::Contains, ID, Code::End, Code::End],
            "`User.id` is Int, which has no operator `contains`",
        ),
        (
            words![Code::Update, USER, Code::Equals, ID, Code::SetNull, EMAIL, Code::End, Code::End],
            "`User.email` is required, it cannot be null",
        ),
        (
            words![
                Code::Create, USER, Code::Set, EMAIL,
                Code::NestedCreate, USER_POSTS, Code::Set, TITLE, Code::Connect, AUTHOR, Code::Equals, ID, Code::End,
                Code::End, Code::End,
            ],
            "`Post.author` is set by the relation around it: leave it out",
        ),
    ] {
        assert_eq!(error(words).to_string(), message);
    }
}

// The models and fields of the fixture `restricted`.
const ACCOUNT: u16 = 0;
const REPORT: u16 = 1;
const SHAPE: u16 = 2;
const SECRET: u16 = 2;
const DOMAIN: u16 = 3;
const LIST: u16 = 4;
const ACCOUNT_REPORT: u16 = 5;
const ACCOUNT_SHAPE: u16 = 6;

fn restricted_sql(words: &[u16]) -> String {
    let catalog = restricted();
    match compile(&catalog, Dialect::Sqlite, words, &Limits::default()) {
        Ok(plan) => plan.explain(&catalog),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn a_view_is_read_and_a_column_of_the_server_by_its_name() {
    for (words, sql) in [
        (
            words![Code::FindMany, REPORT, Code::Take, Code::End, Code::AllColumns, Code::End] as &[u16],
            // A view without a key has no order but the one that is asked for.
            "SELECT t0.\"accountId\" FROM \"Report\" AS t0 LIMIT ?",
        ),
        (
            words![Code::FindMany, SHAPE, Code::End, Code::Relation, 1, Code::End, Code::Field, ID, Code::Field, SECRET,
                Code::End, Code::End],
            "SELECT t0.\"id\", t0.\"secret\" FROM \"Account\" AS t0",
        ),
        (
            words![Code::Update, ACCOUNT, Code::Equals, SECRET, Code::Set, SECRET, Code::End, Code::Field, ID, Code::End],
            "UPDATE \"Account\" AS t0 SET \"secret\" = ? WHERE t0.\"secret\" = ? RETURNING \"id\"",
        ),
    ] {
        let said = restricted_sql(words);
        assert!(said.contains(sql), "{said}");
    }
    let catalog = restricted();
    let shown: Vec<&str> =
        catalog.models.first().expect("it has models").shown_columns().map(|(_, field, _)| &*field.name).collect();
    assert_eq!(shown, ["id", "email", "domain", "tags"]);
}

#[test]
fn what_a_model_does_not_allow_is_refused() {
    let view = "error: Report is a view: its rows are only read";
    let shape = "error: no Shape can be created: a required column of it has a type that clients do not write, and no default";
    let computed = "error: `Account.domain` is computed by the database: it is not written";
    let no_list = "error: `Account.email` is no list: has, hasEvery, hasSome, isEmpty and push are for lists";
    let a_list =
        "error: `Account.tags` is a list: compare it by equals, has, hasEvery, hasSome or isEmpty, change it by set or push";
    let no_lists = "error: `Account.tags` is a list, and SQLite has no columns of lists";
    for (words, message) in [
        (words![Code::Create, REPORT, Code::Set, 0, Code::End, Code::End] as &[u16], view),
        (words![Code::CreateMany, REPORT, 1, 1, 0], view),
        (words![Code::Update, REPORT, Code::Equals, 0, Code::End, Code::End], view),
        (words![Code::UpdateMany, REPORT, Code::Equals, 0, Code::End], view),
        (words![Code::Delete, REPORT, Code::Equals, 0, Code::End], view),
        (words![Code::DeleteMany, REPORT, Code::Equals, 0], view),
        (
            words![Code::Update, ACCOUNT, Code::Equals, ID, Code::NestedCreate, ACCOUNT_REPORT, Code::End, Code::End,
                Code::End],
            view,
        ),
        (
            words![Code::Update, ACCOUNT, Code::Equals, ID, Code::Connect, ACCOUNT_REPORT, Code::Equals, 0, Code::End,
                Code::End],
            view,
        ),
        (
            words![Code::FindUnique, REPORT, Code::Where, Code::Equals, 0, Code::End, Code::End],
            "error: Report has no unique key, so no row of it can be named",
        ),
        (words![Code::Create, SHAPE, Code::Set, ID, Code::End, Code::End], shape),
        (words![Code::CreateMany, SHAPE, 1, 1, ID], shape),
        (
            words![Code::Update, ACCOUNT, Code::Equals, ID, Code::NestedCreate, ACCOUNT_SHAPE, Code::Set, ID, Code::End,
                Code::End, Code::End],
            shape,
        ),
        (words![Code::UpdateMany, ACCOUNT, Code::Equals, ID, Code::Set, DOMAIN, Code::End], computed),
        (words![Code::CreateMany, ACCOUNT, 1, 3, EMAIL, SECRET, DOMAIN], computed),
        (words![Code::FindMany, ACCOUNT, Code::Where, Code::Has, EMAIL, Code::End, Code::End], no_list),
        (words![Code::UpdateMany, ACCOUNT, Code::Equals, ID, Code::Push, EMAIL, Code::End], no_list),
        (words![Code::FindMany, ACCOUNT, Code::Where, Code::Contains, LIST, Code::End, Code::End], a_list),
        (words![Code::FindMany, ACCOUNT, Code::Where, Code::In, LIST, Code::End, Code::End], a_list),
        (words![Code::FindMany, ACCOUNT, Code::Where, Code::IsNull, LIST, Code::End, Code::End], a_list),
        // What lists can do, the only dialect that there is refuses.
        (words![Code::FindMany, ACCOUNT, Code::End, Code::AllColumns, Code::End], no_lists),
        (words![Code::FindMany, ACCOUNT, Code::Where, Code::Has, LIST, Code::End, Code::Field, ID, Code::End], no_lists),
        (words![Code::FindMany, ACCOUNT, Code::Where, Code::IsEmpty, LIST, Code::End, Code::Field, ID, Code::End], no_lists),
        (words![Code::FindMany, ACCOUNT, Code::Where, Code::Equals, LIST, Code::End, Code::Field, ID, Code::End], no_lists),
        (words![Code::UpdateMany, ACCOUNT, Code::Equals, ID, Code::Push, LIST, Code::End], no_lists),
        (words![Code::UpdateMany, ACCOUNT, Code::Equals, ID, Code::Set, LIST, Code::End], no_lists),
        (words![Code::CreateMany, ACCOUNT, 1, 3, EMAIL, SECRET, LIST], no_lists),
    ] {
        assert_eq!(restricted_sql(words), message, "{words:?}");
    }
}
