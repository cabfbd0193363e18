//! The form in which a database holds decimals, and the indexes that watch it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use support::{Database, schema};

/// The names of the indexes that watch the decimals of a database.
fn watched(database: &Database) -> String {
    database.get("SELECT name FROM sqlite_schema WHERE name LIKE '%other\\_decimals' ESCAPE '\\' ORDER BY name")
}

fn item(ty: &str, key: &str) -> String {
    format!("model Item {{\n  id Int @id\n  price {ty}{key}\n}}\n")
}

#[test]
fn a_column_that_becomes_a_decimal_holds_canonical_texts() {
    for (ty, stored, expected) in [
        ("Float?", "2.0", "2"),
        ("Float?", "1.5", "1.5"),
        ("Float?", "-0.0", "0"),
        ("Float?", "1e20", "100000000000000000000"),
        ("Float?", "1.5e-7", "0.00000015"),
        ("Float?", "3", "3"),
        ("String?", "'1.50'", "1.5"),
        ("String?", "'2.0'", "2"),
        ("String?", "'0.00'", "0"),
        ("String?", "'12e3'", "12000"),
        ("String?", "'-12.50e-3'", "-0.0125"),
        ("Int?", "7", "7"),
        ("BigInt?", "9007199254740993", "9007199254740993"),
    ] {
        let mut database = Database::new();
        database.push(&item(ty, ""));
        database.sql(&format!("INSERT INTO Item VALUES (1, {stored}), (2, NULL)"));
        database.push(&item("Decimal?", ""));
        let found = database.get("SELECT coalesce(typeof(price) || ' ' || price, '-') FROM Item ORDER BY id");
        assert_eq!(found, format!("text {expected} -"), "{stored} of {ty}");
    }
    // With a default in place of nulls, and in a table that takes storage classes for types.
    let mut database = Database::new();
    database.push(&item("Float?", ""));
    database.sql("INSERT INTO Item VALUES (1, 2.0), (2, NULL)");
    database.push(&item("Decimal @default(0.5)", ""));
    assert_eq!(database.get("SELECT price FROM Item ORDER BY id"), "2 0.5");
    let mut database = Database::of("CREATE TABLE Item (id INTEGER PRIMARY KEY NOT NULL, price REAL NOT NULL) STRICT");
    database.sql("INSERT INTO Item VALUES (1, 2.0)");
    database.push(&item("Decimal", ""));
    assert_eq!(database.get("SELECT price FROM Item"), "2");
}

#[test]
fn equal_numbers_forbid_that_a_unique_column_becomes_a_decimal() {
    let composite = "\n  @@unique([price, id])\n  @@unique([price])";
    for (ty, key, rows) in [
        ("String", " @unique", "(1, '1.5'), (2, '1.50')"),
        ("String?", " @unique", "(1, '2'), (2, '2.0'), (3, NULL), (4, NULL)"),
        ("String", " @unique", "(1, '100'), (2, '1e2')"),
        ("String", composite, "(1, '0.1'), (2, '0.10')"),
    ] {
        let mut database = Database::new();
        database.push(&item(ty, key));
        database.sql(&format!("INSERT INTO Item VALUES {rows}"));
        let why = database.refused(&item(&ty.replace("String", "Decimal"), key));
        assert!(
            why.contains("is impossible: 1 value would be there more than once after the conversion"),
            "{ty} {key}: {why}"
        );
    }
    let mut database = Database::new();
    database.push(&item("Float", " @unique"));
    database.sql("INSERT INTO Item VALUES (1, 2.0), (2, 2.5)");
    database.push(&item("Decimal", " @unique"));
    assert_eq!(database.get("SELECT price FROM Item ORDER BY id"), "2 2.5");
    let key = |ty: &str| format!("model Item {{\n  price {ty} @id\n}}\n");
    let mut database = Database::new();
    database.push(&key("String"));
    database.sql("INSERT INTO Item VALUES ('1.5'), ('1.500')");
    let why = database.refused(&key("Decimal"));
    assert!(why.contains("the primary key on \"Item\"(price) is impossible"), "{why}");
}

#[test]
fn equal_decimals_in_other_forms_forbid_a_unique_key() {
    for rows in ["(1, '1.5'), (2, '1.50')", "(1, '2'), (2, '+2')", "(1, '0'), (2, '-0.0')", "(1, '10'), (2, '1e1')"] {
        let mut database = Database::new();
        database.push(&item("Decimal", ""));
        database.sql(&format!("INSERT INTO Item VALUES {rows}"));
        let why = database.refused(&item("Decimal", " @unique"));
        assert!(why.contains("is impossible: 1 value is there more than once"), "{rows}: {why}");
    }
}

#[test]
fn each_indexed_column_of_decimals_is_watched() {
    let mut database = Database::new();
    database.push(&item("Decimal", ""));
    assert_eq!(watched(&database), "");
    database.push(&item("Decimal", "\n  @@index([price])"));
    assert_eq!(watched(&database), "Item_price_other_decimals");
    assert!(database.plan(&item("Decimal", "\n  @@index([price])")).plan().is_empty());
    // Another type goes without it, and with that of its own.
    database.push(&item("DateTime", "\n  @@index([price])"));
    let all = "SELECT name FROM sqlite_schema WHERE name LIKE '%other%' ORDER BY name";
    assert_eq!(database.get(all), "Item_price_other_dates");
    database.push(&item("Decimal", "\n  @@index([price])"));
    assert_eq!(database.get(all), "Item_price_other_decimals");
    database.push(&item("Decimal", ""));
    assert_eq!(database.get(all), "");
}

#[test]
fn decimals_in_other_forms_are_noted_and_can_be_brought_into_ours() {
    let mut database = Database::of(
        "CREATE TABLE Item (id INTEGER NOT NULL PRIMARY KEY, price DECIMAL_TEXT NOT NULL); CREATE UNIQUE INDEX Item_price_key ON Item(price)",
    );
    database.sql("INSERT INTO Item VALUES (1, '1.50'), (2, '2'), (3, '+3'), (4, '4e2'), (5, 'five')");
    let unique = item("Decimal", " @unique");
    let push = database.plan(&unique);
    assert!(push.plan().is_empty(), "{}", push.plan().script);
    assert_eq!(
        push.plan().notes,
        [
            "\"Item\".\"price\" holds 3 decimals whose texts are in another form than Purlin writes: they compare as the \
          numbers that they are, and queries on them do without the column's index; `purlin doctor --fix` converts them, once no program needs the other form"
        ]
    );
    let [decimals] = &database.connection.other_forms(&schema(&unique)).unwrap()[..] else { panic!("one column") };
    let (message, query) = decimals.unreadable_message().unwrap();
    assert_eq!(message, "\"Item\".\"price\" holds 1 value that is no number: a query that reads one of them fails");
    assert!(database.get(&query).starts_with("5 "), "{}", database.get(&query));
    database.connection.convert_forms(&schema(&unique)).unwrap();
    assert_eq!(database.get("SELECT price FROM Item ORDER BY id"), "1.5 2 3 400 five");
    assert_eq!(watched(&database), "Item_price_other_decimals");
    database.sql("DELETE FROM Item WHERE id = 5");
    assert!(database.connection.other_forms(&schema(&unique)).unwrap().is_empty());
}

#[test]
fn numbers_in_a_column_of_prisma_are_in_no_other_form() {
    let mut database = Database::of(
        "CREATE TABLE Item (id INTEGER NOT NULL PRIMARY KEY, price DECIMAL NOT NULL); CREATE INDEX Item_price_idx ON Item(price)",
    );
    database.sql("INSERT INTO Item VALUES (1, '1.50'), (2, 2), (3, 0.1), (4, '1e30')");
    let indexed = item("Decimal", "\n  @@index([price])");
    let push = database.plan(&indexed);
    assert!(push.plan().is_empty(), "{}", push.plan().script);
    let [decimals] = &database.connection.other_forms(&schema(&indexed)).unwrap()[..] else { panic!("one column") };
    assert!(decimals.unwatched && !decimals.is_any() && decimals.unreadable == 0, "{decimals:?}");
    database.connection.convert_forms(&schema(&indexed)).unwrap();
    assert!(database.connection.other_forms(&schema(&indexed)).unwrap().is_empty());
    assert_eq!(database.get("SELECT typeof(price) FROM Item ORDER BY id"), "real integer real real");
}

/// The change itself converts them, so there is nothing to say.
#[test]
fn a_push_that_writes_decimals_in_our_form_does_not_ask_for_a_conversion() {
    for (ty, rows) in [
        ("String", "(1, '1.50'), (2, '-2.0'), (3, '4')"),
        ("Float", "(1, 1.5), (2, 2000), (3, 0.1)"),
        ("Int", "(1, 1), (2, 2000)"),
    ] {
        let mut database = Database::new();
        database.push(&item(ty, ""));
        database.sql(&format!("INSERT INTO Item VALUES {rows}"));
        let push = database.plan(&item("Decimal", ""));
        assert!(
            !push.plan().is_empty() && !push.plan().notes.iter().any(|note| note.contains("another form")),
            "{ty}: {:?}",
            push.plan().notes
        );
        database.push(&item("Decimal", ""));
        let found = database.connection.other_forms(&schema(&item("Decimal", ""))).unwrap();
        assert!(found.is_empty(), "{ty}: {found:?}");
    }
}
