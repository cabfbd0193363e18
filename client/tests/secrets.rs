//! What stays on the server, what is only read, and a client of a database that nothing runs queries on.

#[rustfmt::skip]
#[path = "secrets/db.rs"]
mod db;

use db::{Account, Client, NewAccount};
use purlin::{Model, Select, ServerOnly};

#[derive(Debug, Select)]
#[select(Account)]
#[allow(dead_code, reason = "that it can be declared is what is shown")]
struct Secrets {
    hash: ServerOnly<String>,
    pin: Option<ServerOnly<i32>>,
    codes: ServerOnly<Vec<String>>,
    tags: Vec<String>,
    rights: Vec<db::Right>,
    domain: String,
}

#[test]
fn a_client_does_not_open_the_url_of_another_database() {
    // Whether this build has the driver of PostgreSQL depends on what else is built.
    let error = Client::open("file:some.db").expect_err("it is a file").to_string();
    let expected = [
        "the schema is for PostgreSQL, which this build (without the feature `postgres`) of Purlin does not open",
        "the schema is for PostgreSQL, and the database URL is of SQLite",
    ];
    assert!(expected.contains(&error.as_str()), "{error}");
}

#[test]
fn a_new_row_does_not_print_its_secrets() {
    let new = NewAccount { email: "ada@acme.io".into(), hash: "secret".into() };
    assert_eq!(format!("{new:?}"), r#"NewAccount { email: "ada@acme.io", .. }"#);
}

#[test]
fn the_catalog_knows_what_a_database_will_want() {
    let column = |field: u16| Account::CATALOG.model(Account::INDEX).and_then(|model| model.column(field));
    assert_eq!(column(8).and_then(|column| column.native.as_deref()), Some("Uuid"));
    assert!(column(7).is_some_and(|column| column.list && !column.required()));
    assert!(column(5).is_some_and(|column| column.generated && !column.required()));
}

#[test]
fn lists_have_their_own_conditions_and_changes() {
    let fields = Account::FIELDS;
    let _ = fields.tags.has("a") & fields.tags.has_every(["a", "b"]) | !fields.rights.has_some([db::Right::Read]);
    let _ = fields.codes.is_empty() & fields.tags.eq(["a"]) & fields.pin.eq(7) & fields.domain.eq("acme.io");
    let new = NewAccount { email: "a".into(), hash: "b".into() };
    let _ = new.set(|account| [account.tags.to(["a"]), account.codes.to(["1"])]);
    let _: [purlin::Set<Account>; 2] = [fields.tags.to(["a"]), fields.rights.push([db::Right::Write])];
}
