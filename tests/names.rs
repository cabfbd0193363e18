//! Names that Rust or the generated file have another use for: the client compiles, and finds the right columns.

#![allow(
    clippy::new_ret_no_self,
    clippy::should_implement_trait,
    clippy::wrong_self_convention,
    reason = "models are called New and Clone"
)]

include!(concat!(env!("OUT_DIR"), "/db.rs"));

use db::{
    DbClient, Letter, NewFirst, NewMissing, NewNext, NewOmit, NewOption, NewPick, NewUser_, Parcel, User, Vec, Written,
};
use purlin::Select;
use std::future::IntoFuture;

const TABLES: &str = r#"
CREATE TABLE "User" (
  "id" INTEGER NOT NULL PRIMARY KEY, "userId" INTEGER NOT NULL, "user_id" INTEGER NOT NULL, "user_ID2" INTEGER NOT NULL,
  "constructor" TEXT NOT NULL, "toString" TEXT, "valueOf" INTEGER NOT NULL DEFAULT 0, "then" TEXT DEFAULT 'then',
  "AND" BOOLEAN DEFAULT true, "length" INTEGER DEFAULT 0, "name" TEXT DEFAULT 'name',
  "prototype" TEXT DEFAULT 'prototype', "type" TEXT DEFAULT 'type', "self" TEXT DEFAULT 'self',
  "Self_" TEXT DEFAULT 'Self', "crate" TEXT DEFAULT 'crate', "fn" TEXT DEFAULT 'fn', "gen" TEXT DEFAULT 'gen',
  "async" TEXT DEFAULT 'async', "index" TEXT DEFAULT 'index', "INDEX_" TEXT DEFAULT 'INDEX', "row" TEXT DEFAULT 'row',
  "columns" TEXT DEFAULT 'columns', "a" INTEGER DEFAULT 1, "A_" INTEGER DEFAULT 2, "x1y2" INTEGER DEFAULT 3
);
CREATE TABLE "Option" ("id" INTEGER NOT NULL PRIMARY KEY, "vecId" INTEGER, "vec" TEXT DEFAULT 'Some');
CREATE TABLE "First" ("id" INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE "Next" ("id" INTEGER NOT NULL PRIMARY KEY, "match" INTEGER NOT NULL);
CREATE TABLE "Missing" ("id" INTEGER NOT NULL PRIMARY KEY, "nextId" INTEGER NOT NULL, "other" INTEGER NOT NULL);
CREATE TABLE "Pick" ("id" INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE "Omit" ("id" INTEGER NOT NULL PRIMARY KEY, "pickId" INTEGER NOT NULL);
"#;

#[derive(Select)]
#[select(User)]
struct Awkward {
    r#type: String,
    self_: String,
    crate_: String,
    r#fn: String,
    user_id: i32,
    user_id_: i32,
    user_id__: i32,
}

fn block_on<F: IntoFuture>(query: F) -> F::Output {
    futures_executor::block_on(query.into_future())
}

fn client() -> DbClient {
    let db = DbClient::open("file::memory:").expect("a database in memory opens");
    let opened: &purlin::Db = AsRef::as_ref(&db);
    block_on(opened.execute_script(TABLES)).expect("the tables can be made");
    db
}

#[test]
fn fields_that_meet_are_told_apart() {
    let db = client();
    let new = || NewUser_ { id: 7, user_id: 1, user_id_: 2, user_id__: 3, constructor: "new".into() };
    let row: User =
        block_on(db.user().create(new()).set(|user| [user.a_.to(5), user.and.to(false)])).expect("it is created");
    assert_eq!((row.user_id, row.user_id_, row.user_id__, row.a, row.a_, row.x1y2), (1, 2, 3, 1, 5, 3));
    assert_eq!(
        (row.self_.as_str(), row.self__.as_str(), row.index_.as_str(), row.and),
        ("self", "Self", "INDEX", false)
    );
    let some = db.user().find_unique(|user| user.user_id__.eq(3)).or_not_found().select::<Awkward>();
    let some = block_on(some).expect("it is there");
    assert_eq!((some.r#type.as_str(), some.r#fn.as_str(), some.crate_.as_str()), ("type", "fn", "crate"));
    assert_eq!((some.user_id, some.user_id_, some.user_id__, some.self_.as_str()), (1, 2, 3, "self"));
    let json = serde_json::to_value(&row).expect("a row is JSON");
    for (name, value) in [("userId", 1), ("user_id", 2), ("userID", 3), ("a", 1), ("A", 5)] {
        assert_eq!(json[name], value, "{name}");
    }
    assert_eq!(json["toString"], serde_json::Value::Null);
    assert_eq!(json["self"], "self");
}

#[test]
fn values_and_models_that_meet_are_told_apart() {
    let db = client();
    let row = block_on(db.option().create(NewOption { id: 1 }).set(|row| row.vec.to(Vec::SomeValue__)));
    assert_eq!(row.expect("it is created").vec, Some(Vec::SomeValue__));
    let count = block_on(db.option().count().filter(|row| row.vec.eq(Vec::SomeValue__) & row.option.is_null()));
    assert_eq!(count.expect("it is counted"), 1);
    assert_eq!(serde_json::to_value([Vec::SomeValue, Vec::SomeValue_, Vec::SomeValue__, Vec::Self__]).ok(), {
        Some(serde_json::json!(["some_value", "SomeValue", "someValue", "self"]))
    });
    let next = NewNext { id: 1 }.set(|next| next.r#type.create(NewFirst { id: 1 }));
    let missing = NewMissing { id: 1, next_id_: 7 }.set(|missing| missing.next.create(next));
    assert_eq!(block_on(db.missing().create(missing)).expect("the rows are created").next_id_, 7);
    let omit = db.omit().create(NewOmit { id: 1 }).set(|omit| omit.pick.create(NewPick { id: 2 }));
    assert_eq!(block_on(omit).expect("it is created").pick_id, 2);
}

/// What models have by a mixin, code has by its trait.
#[test]
fn rows_that_include_a_mixin_have_its_trait() {
    fn kinds(rows: &[&dyn Written]) -> std::vec::Vec<std::string::String> {
        rows.iter().map(|row| row.r#type().clone().unwrap_or_default()).collect()
    }
    let letter = Letter { id: 1, open: true, written_at: purlin::DateTime::UNIX_EPOCH, r#type: Some("note".into()) };
    let parcel = Parcel { id: 2, weight: None, written_at: purlin::DateTime::UNIX_EPOCH, r#type: None };
    assert_eq!(kinds(&[&letter, &parcel]), ["note", ""]);
}
