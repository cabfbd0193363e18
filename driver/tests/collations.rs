//! Foreign keys whose columns compare texts otherwise than the keys that they refer to. `tests/cases/collations.rs` has what
//! both clients return.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

use purlin_driver::{Engine, Options};
use purlin_query::catalog::{Arity, Catalog, Column, Field, Key, Model, Relation, Type};
use purlin_query::shape::Code;

mod support;
use support::*;

const PLACE: &[Field] = &[
    Field::column("country", Column::new("country", Type::String)),
    Field::column("city", Column::new("city", Type::String)),
    Field::relation("shops", Relation::referenced(1, 3, Arity::Many, &[0, 1], &[1, 2])),
];
const SHOP: &[Field] = &[
    Field::column("id", Column::new("id", Type::Int)),
    Field::column("country", Column::new("country", Type::String)),
    Field::column("city", Column::new("city", Type::String).nullable()),
    Field::relation("place", Relation::foreign(0, 2, Arity::Optional, &[1, 2], &[0, 1])),
];
const PLACE_KEYS: &[Key] = &[Key::new("country_city", &[0, 1])];
const SHOP_KEYS: &[Key] = &[Key::new("id", &[0])];
const PLACES: &[Model] =
    &[Model::new("Place", "Place", PLACE, PLACE_KEYS), Model::new("Shop", "Shop", SHOP, SHOP_KEYS)];

/// The shops of each place, the place of each shop, and the number of places without a shop.
fn read(engine: &Engine) -> (Vec<u32>, Vec<u32>, Vec<String>) {
    let places = words![
        Code::FindMany,
        0,
        Code::End,
        Code::Field,
        1,
        Code::Relation,
        2,
        Code::End,
        Code::Field,
        0,
        Code::End,
        Code::End
    ];
    let shops = words![
        Code::FindMany,
        1,
        Code::End,
        Code::Field,
        0,
        Code::Relation,
        3,
        Code::End,
        Code::Field,
        1,
        Code::End,
        Code::End
    ];
    let deserted =
        words![Code::FindMany, 0, Code::Where, Code::None, 2, Code::And, 0, Code::End, Code::Field, 1, Code::End];
    let lengths = |shape| {
        let rows = rows(run(engine, shape, Vec::new()));
        rows.link(0).iter().map(|span| span.length).collect::<Vec<_>>()
    };
    (lengths(places), lengths(shops), texts(&rows(run(engine, deserted, Vec::new())), 0, 0))
}

/// Makes the tables, with a collation for each column: of the key, and of the foreign key.
fn tables(key: [&str; 2], foreign: [&str; 2]) -> String {
    format!(
        "DROP TABLE IF EXISTS Shop; DROP TABLE IF EXISTS Place;
         CREATE TABLE Place (country TEXT NOT NULL COLLATE {}, city TEXT NOT NULL COLLATE {}, PRIMARY KEY (country, city));
         CREATE TABLE Shop (id INTEGER PRIMARY KEY, country TEXT NOT NULL COLLATE {}, city TEXT COLLATE {},
           FOREIGN KEY (country, city) REFERENCES Place (country, city));",
        key[0], key[1], foreign[0], foreign[1]
    )
}

/// The plan is the one for the collations that the tables have when it runs, of each column of a key by itself.
#[test]
fn each_column_of_a_key_is_compared_by_its_collation_while_the_tables_change() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("test.db");
    let sqlite = rusqlite::Connection::open(&path).expect("a database");
    sqlite.execute_batch(&tables(["BINARY"; 2], ["BINARY"; 2])).expect("the tables are created");
    let url = format!("file:{}", path.display());
    let engine = Engine::open(Catalog::new(PLACES, &[]), &url, Options::default()).expect("a URL of a file");
    let two_places = "INSERT INTO Place VALUES ('DE', 'Ulm'), ('FR', 'Nice');";
    for (key, foreign, places, shops, expected) in [
        (["BINARY"; 2], ["BINARY"; 2], two_places, "(1, 'DE', 'Ulm'), (2, 'DE', NULL)", (vec![1, 0], vec![1, 0], 1)),
        (["NOCASE"; 2], ["BINARY"; 2], two_places, "(1, 'de', 'ULM'), (2, 'De', 'ulm')", (vec![2, 0], vec![1, 1], 1)),
        (
            ["NOCASE", "BINARY"],
            ["BINARY"; 2],
            two_places,
            "(1, 'de', 'Ulm'), (2, 'fr', 'Nice')",
            (vec![1, 1], vec![1, 1], 0),
        ),
        (
            ["BINARY", "RTRIM"],
            ["BINARY", "NOCASE"],
            two_places,
            "(1, 'DE', 'Ulm  '), (2, 'DE', 'Ulm')",
            (vec![2, 0], vec![1, 1], 1),
        ),
        (
            ["BINARY"; 2],
            ["NOCASE"; 2],
            "INSERT INTO Place VALUES ('DE', 'Ulm'), ('de', 'ulm');",
            "(1, 'DE', 'Ulm'), (2, 'de', 'ulm'), (3, 'DE', 'Ulm')",
            (vec![2, 1], vec![1, 1, 1], 0),
        ),
        (["BINARY"; 2], ["BINARY"; 2], two_places, "(1, 'DE', 'Ulm')", (vec![1, 0], vec![1], 1)),
    ] {
        sqlite.execute_batch(&tables(key, foreign)).expect("the tables are created again");
        let rows = format!("PRAGMA foreign_keys = ON; {places} INSERT INTO Shop VALUES {shops};");
        sqlite.execute_batch(&rows).expect("the foreign keys lead to rows");
        let (of_places, of_shops, deserted) = read(&engine);
        assert_eq!((of_places, of_shops, deserted.len()), expected, "{key:?} {foreign:?}");
    }
}
