//! A row that refers to itself by a part of its own key: the database changes the key after the statement has returned it.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod support;

use purlin_driver::{Engine, Options};
use purlin_query::catalog::{Arity, Catalog, Column, Field, Key, Model, Relation, Type};
use purlin_query::shape::Code;
use purlin_query::value::Value;
use support::{rows, run};

const ACCOUNT_FIELDS: &[Field] = &[
    Field::column("tenant", Column::new("tenant", Type::Int)),
    Field::column("number", Column::new("number", Type::Int)),
    Field::column("id", Column::new("id", Type::Int)),
    Field::relation("root", Relation::foreign(0, 4, Arity::One, &[0], &[1])),
    Field::relation("members", Relation::referenced(0, 3, Arity::Many, &[1], &[0])),
];
const KEYS: &[Key] = &[Key::new("tenant_id", &[0, 2]), Key::new("number", &[1])];
const MODELS: &[Model] = &[Model::new("Account", "Account", ACCOUNT_FIELDS, KEYS)];

#[test]
fn a_row_whose_change_gives_it_another_key_is_returned() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("test.db");
    let sqlite = rusqlite::Connection::open(&file).expect("a file");
    sqlite
        .execute_batch(
            r#"CREATE TABLE "Account" (tenant INT NOT NULL REFERENCES "Account" (number) ON UPDATE CASCADE,
                 number INT NOT NULL UNIQUE, id INT NOT NULL, PRIMARY KEY (tenant, id));
               INSERT INTO "Account" VALUES (1, 1, 1), (1, 2, 2)"#,
        )
        .expect("the tables are made");
    let url = format!("file:{}", file.display());
    let engine = Engine::open(Catalog::new(MODELS, &[]), &url, Options::default()).expect("a valid URL");
    let equals = [Code::Equals as u16, 0, Code::Equals as u16, 2];
    let mut update = vec![Code::Update as u16, 0, Code::And as u16, 2];
    update.extend(equals);
    update.extend([Code::Set as u16, 1, Code::End as u16, Code::AllColumns as u16, Code::End as u16]);
    rows(run(&engine, &update, vec![Value::Int(1), Value::Int(1), Value::Int(9)]));
    let keys = sqlite
        .prepare(r#"SELECT tenant, number, id FROM "Account" ORDER BY id"#)
        .and_then(|mut all| all.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?.collect());
    let keys: Vec<[i64; 3]> = keys.expect("the rows");
    assert_eq!(keys, [[9, 9, 1], [9, 2, 2]], "the rows that refer to it follow");
}
