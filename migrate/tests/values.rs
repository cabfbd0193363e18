//! Which values a change of a column's type keeps, and what is refused because rows hold what the schema does not know.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use purlin_migrate::push::{self, DataLoss};
use support::Database;

fn model(ty: &str) -> String {
    format!("model T {{\n  id Int @id\n  v {ty}?\n}}\n")
}

/// The types of a column before and after, values that survive the change, and values that do not.
#[rustfmt::skip]
const CHANGES: &[(&str, &str, &[&str], &[&str])] = &[
    ("Decimal", "Float", &["'0.1'", "'1.50'", "'-12'", "'1e3'", "'123456789012345.6'", "0.5"],
        &["'0.1234567890123456789012345'", "'1e400'", "'9007199254740993'"]),
    ("BigInt", "Float", &["0", "-5", "9007199254740992", "9007199254740994"],
        &["9007199254740993", "9223372036854775807", "-9007199254740993"]),
    ("Int", "Float", &["2147483647", "-1"], &[]),
    ("String", "Float", &["'0.1'", "'1.50'", "'2'", "'1e3'", "'-0.5'"],
        &["'1e400'", "'0.1234567890123456789012345'", "'007'", "'abc'", "''", "' 5'", "'+5'", "'9007199254740993'", "'Infinity'", "x'31'"]),
    ("Float", "Int", &["2.0", "-2147483648.0"], &["2.5", "2147483648.0", "1e300", "9e999"]),
    ("Float", "BigInt", &["2.0", "9007199254740992.0"], &["0.5", "1e19", "-9e999"]),
    ("Float", "Decimal", &["0.5", "0.1", "100.0", "0.1 + 0.2", "1234567890.1234567"], &["9e999"]),
    ("Float", "String", &["0.5", "0.1", "1e100", "0.1 + 0.2", "1234567890.1234567"], &["9e999"]),
    ("Float", "Boolean", &["1.0", "0.0"], &["2.0", "0.5"]),
    ("Float", "DateTime", &[], &["0.5", "1704067200000.0"]),
    ("Float", "Bytes", &[], &["0.5"]),
    ("BigInt", "Int", &["2147483647", "-2147483648"], &["2147483648", "-2147483649", "9223372036854775807"]),
    ("BigInt", "String", &["9223372036854775807", "-1"], &[]),
    ("BigInt", "Decimal", &["9223372036854775807", "-1"], &[]),
    ("BigInt", "DateTime", &["1704067200000", "0"], &["9223372036854775807", "253402300800000"]),
    ("Int", "Boolean", &["0", "1"], &["2", "-1"]),
    ("Int", "Bytes", &[], &["1"]),
    ("Int", "Json", &["1"], &[]),
    ("Decimal", "Int", &["'5'", "'5.00'", "7"], &["'5.5'", "'2147483648'", "0.5"]),
    ("Decimal", "BigInt", &["'9223372036854775807'"], &["'9223372036854775808'", "'0.5'"]),
    ("Decimal", "String", &["'0.1234567890123456789012345'", "'1.50'"], &[]),
    ("String", "Int", &["'5'", "'-5'"], &["'05'", "'5.0'", "'2147483648'", "'five'", "''", "' 5'"]),
    ("String", "BigInt", &["'9223372036854775807'"], &["'9223372036854775808'", "'1e3'", "'-0'"]),
    ("String", "Decimal", &["'0.1234567890123456789012345'", "'1.50'", "'-7'"],
        &["'1-2'", "'--'", "'1,5'", "'e'", "'.'", "'007'", "''", "' 5'", "'1e2000'"]),
    ("String", "Boolean", &["'0'", "'1'"], &["'true'", "'yes'", "'2'", "x'30'"]),
    ("String", "DateTime", &["'2024-02-29'", "'2024-01-02T03:04:05.678+00:00'", "'2024-01-02 03:04:05'", "'2024-01-02T03:04:05Z'", "'2024-01-02T03:04+0530'"],
        &["'2024-02-30T00:00:00Z'", "'2023-02-29'", "'now'", "'12:00'", "'2460000.5'", "'2024'", "'1704067200000'", "'2024-01-02T25:00:00Z'", "'02/01/2024'", "'2024-01-02T03:04:05.123456789Z'", "''"]),
    ("String", "Json", &["'{\"a\": 1}'", "'\"x\"'", "'12'", "'1.5'", "'true'"],
        &["'oops'", "''", "'007'", "'12345678901234567890'", "'0.1234567890123456789'", "'1e400'", "'{}' || char(0) || 'x'"]),
    ("String", "Bytes", &[], &["'x'", "''"]),
    ("DateTime", "String", &["'2024-01-02T03:04:05.678+00:00'", "1704067200000"], &[]),
    ("DateTime", "Int", &["5"], &["1704067200000", "'2024-01-02T03:04:05.678+00:00'"]),
    ("DateTime", "BigInt", &["1704067200000"], &["'2024-01-02T03:04:05.678+00:00'"]),
    ("DateTime", "Float", &["1704067200000"], &["'2024-01-02T03:04:05.678+00:00'"]),
    ("DateTime", "Decimal", &["1704067200000"], &["'2024-01-02'"]),
    ("DateTime", "Json", &["5"], &["'2024-01-02T03:04:05.678+00:00'"]),
    ("DateTime", "Boolean", &[], &["'2024-01-02'", "2"]),
    ("Boolean", "Int", &["0", "1"], &[]),
    ("Boolean", "String", &["0", "1"], &[]),
    ("Boolean", "DateTime", &[], &["0", "1"]),
    ("Boolean", "Bytes", &[], &["1"]),
    ("Json", "String", &["'{}'", "'[1]'", "5", "0.1 + 0.2"], &[]),
    ("Json", "Int", &["5"], &["'{}'", "'\"5\"'", "1.5"]),
    ("Json", "DateTime", &[], &["'\"2024-01-02\"'", "5"]),
    ("Json", "Bytes", &[], &["'{}'"]),
    ("Bytes", "String", &[], &["x'61'", "x''"]),
    ("Bytes", "Int", &[], &["x'31'"]),
    ("Bytes", "Float", &[], &["x'31'"]),
    ("Bytes", "Decimal", &[], &["x'31'"]),
    ("Bytes", "Json", &[], &["x'7b7d'"]),
    ("Bytes", "DateTime", &[], &["x'31'"]),
    ("Bytes", "Boolean", &[], &["x'30'"]),
];

#[test]
fn a_value_that_a_type_does_not_keep_is_counted() {
    for (from, to, kept, lost) in CHANGES {
        let mut database = Database::new();
        database.push(&model(from));
        let change = format!("{from} to {to}");
        for value in *kept {
            database.sql(&format!("DELETE FROM T; INSERT INTO T VALUES (1, {value})"));
            let push = database.plan(&model(to));
            assert!(push.plan().hazards.is_empty(), "{change}, {value}: {:?}", push.plan().hazards);
        }
        for value in *lost {
            database.sql(&format!("DELETE FROM T; INSERT INTO T VALUES (1, {value}), (2, NULL), (3, {value})"));
            let push = database.plan(&model(to));
            let [hazard] = push.plan().hazards.as_slice() else {
                panic!("{change}, {value}: {:?}", push.plan().hazards)
            };
            assert!(
                hazard.message.starts_with("2 values of \"T\".\"v\" would not survive the change from"),
                "{change}: {}",
                hazard.message
            );
        }
        // All kept values at once: after the push they are what they were.
        if kept.is_empty() {
            continue;
        }
        let rows: Vec<String> = kept.iter().enumerate().map(|(id, value)| format!("({id}, {value})")).collect();
        database.sql(&format!("DELETE FROM T; INSERT INTO T VALUES {}", rows.join(", ")));
        database.sql("CREATE TABLE before AS SELECT id, v FROM T");
        database.push(&model(to));
        let same =
            "SELECT count(*) FROM T JOIN before b USING (id) WHERE T.v = b.v OR CAST(T.v AS REAL) = CAST(b.v AS REAL)";
        assert_eq!(database.get(same), kept.len().to_string(), "{change}");
    }
}

/// The statement that a message proposes finds the values that it counts.
#[test]
fn the_values_can_be_looked_at() {
    for (from, to, _, lost) in CHANGES {
        let mut database = Database::new();
        database.push(&model(from));
        for value in *lost {
            database.sql(&format!("DELETE FROM T; INSERT INTO T VALUES (1, {value})"));
            let push = database.plan(&model(to));
            let message = &push.plan().hazards.first().unwrap().message;
            let statement = message.split_once("(look: ").unwrap().1.strip_suffix(')').unwrap();
            let found = database.get(&format!("SELECT count(*) FROM ({statement})"));
            assert_eq!(found, "1", "{from} to {to}, {value}: {statement}");
        }
    }
}

#[test]
fn digits_are_lost_with_the_flag_alone() {
    let mut database = Database::new();
    database.push(&model("Decimal"));
    database.sql("INSERT INTO T VALUES (1, '0.1234567890123456789012345'), (2, '0.5')");
    let why = database.refused(&model("Float"));
    assert!(why.contains("1 value of \"T\".\"v\" would not survive the change from DECIMAL_TEXT to REAL"), "{why}");
    assert!(!why.contains("0.12345"), "{why}");
    let push = database.plan(&model("Float"));
    push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap();
    assert_eq!(database.get("SELECT typeof(v) FROM T"), "real real");
}

/// The note is about columns that stay as they are.
#[test]
fn a_column_that_becomes_a_decimal_keeps_all_digits() {
    let mut database = Database::new();
    database.push(&model("Float"));
    database.sql("INSERT INTO T VALUES (1, 0.1)");
    let push = database.plan(&model("Decimal"));
    assert!(push.plan().notes.is_empty(), "{:?}", push.plan().notes);
    database.push(&model("Decimal"));
    database.sql("INSERT INTO T VALUES (2, '0.1234567890123456789012345')");
    assert_eq!(database.get("SELECT v FROM T"), "0.1 0.1234567890123456789012345");
}

fn role(values: &str, ty: &str) -> String {
    format!("enum Role {{\n  {values}\n}}\nmodel T {{\n  id Int @id\n  role {ty}\n}}\n")
}

#[test]
fn an_enum_value_in_use_is_not_removed() {
    let mut database = Database::new();
    database.push(&role("USER\n  ADMIN\n  GUEST", "Role"));
    database.sql("INSERT INTO T VALUES (1, 'USER'), (2, 'ADMIN'), (3, 'ADMIN')");
    let why = database.refused(&role("USER\n  GUEST", "Role"));
    assert!(why.contains("2 values of \"T\".\"role\" are not in the enum Role"), "{why}");
    let look = "SELECT \"role\" FROM \"T\" WHERE \"role\" COLLATE BINARY NOT IN ('USER', 'GUEST')";
    assert!(why.contains(look), "{why}");
    assert_eq!(database.get(look), "ADMIN ADMIN");
    // One that no row has may go; another may come.
    database.push(&role("USER\n  ADMIN\n  OWNER", "Role"));
    // A value that is stored by another text is another value.
    let why = database.refused(&role("USER\n  ADMIN @map(\"admin\")", "Role"));
    assert!(why.contains("2 values"), "{why}");
    database.sql("UPDATE T SET role = lower(role) WHERE role = 'ADMIN'");
    database.push(&role("USER\n  ADMIN @map(\"admin\")", "Role"));
    // The change is accepted, and so it is again as long as the rows are there.
    let without = role("USER", "Role");
    let push = database.plan(&without);
    push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap();
    assert!(database.refused(&without).contains("2 values"));
    database.sql("DELETE FROM T WHERE role = 'admin'");
    database.push(&without);
}

#[test]
fn nulls_are_in_every_enum_and_strings_may_not_be() {
    let mut database = Database::new();
    database.push(&role("USER", "String?"));
    database.sql("INSERT INTO T VALUES (1, NULL), (2, 'USER')");
    database.push(&role("USER", "Role?"));
    database.push(&role("USER", "String?"));
    database.sql("INSERT INTO T VALUES (3, 'user'), (4, ''), (5, 'USER ')");
    let why = database.refused(&role("USER", "Role?"));
    assert!(why.contains("3 values of \"T\".\"role\" are not in the enum Role"), "{why}");
}

#[test]
fn a_column_that_no_client_reads_may_hold_anything() {
    let mut database = Database::new();
    database.push(&role("USER\n  ADMIN", "Role?"));
    database.sql("INSERT INTO T VALUES (1, 'ADMIN')");
    database.push(&role("USER", "Role? @ignore"));
    assert!(database.refused(&role("USER", "Role?")).contains("1 value"));
}

#[test]
fn numbers_become_an_enum_by_their_texts() {
    let mut database = Database::new();
    let levels = "enum Level {\n  LOW @map(\"1\")\n  HIGH @map(\"2\")\n}\n";
    database.push(&model("Int"));
    database.sql("INSERT INTO T VALUES (1, 1), (2, NULL)");
    database.push(&format!("{levels}{}", model("Level")));
    database.push(&model("Int"));
    database.sql("INSERT INTO T VALUES (3, 3)");
    let why = database.refused(&format!("{levels}{}", model("Level")));
    assert!(
        why.contains("1 value of \"T\".\"v\" would not survive the change from INTEGER to the enum Level"),
        "{why}"
    );
}

#[test]
fn the_collation_of_a_column_does_not_hide_a_foreign_value() {
    let mut database = Database::of(
        "CREATE TABLE T (id INTEGER PRIMARY KEY, role TEXT NOT NULL COLLATE NOCASE); INSERT INTO T VALUES (1, 'user')",
    );
    let why = database.refused(&role("USER", "Role"));
    assert!(why.contains("1 value of \"T\".\"role\" is not in the enum Role"), "{why}");
}

#[test]
fn a_default_goes_with_its_enum_value() {
    let mut database = Database::new();
    database.push(&role("USER\n  ADMIN", "Role @default(ADMIN)"));
    let plan = database.push(&role("USER", "Role"));
    assert!(plan.changes.iter().any(|change| change.what.contains("no default")), "{:?}", plan.changes);
    // One that the schema leaves to the database is looked at.
    database.push(&role("USER\n  ADMIN", "Role @default(ADMIN)"));
    let why = database.refused(&role("USER", "Role @default(dbgenerated())"));
    assert!(why.contains("the default of \"T\".\"role\" in the database is no value of the enum Role"), "{why}");
    let mut quoted = Database::of("CREATE TABLE T (id INTEGER PRIMARY KEY, role TEXT NOT NULL DEFAULT \"USER\")");
    assert!(quoted.push(&role("USER", "Role @default(dbgenerated())")).is_empty());
}

#[test]
fn a_strict_table_is_looked_into() {
    let mut database = Database::of(
        "CREATE TABLE T (id INTEGER PRIMARY KEY, v TEXT) STRICT; INSERT INTO T VALUES (1, 'soon'), (2, '2024-01-02')",
    );
    let why = database.refused(&model("DateTime"));
    assert!(why.contains("1 value of \"T\".\"v\" cannot be read as the type that the schema says"), "{why}");
    database.sql("DELETE FROM T WHERE id = 1");
    database.push(&model("DateTime"));
}

#[test]
fn a_key_beyond_32_bits_does_not_become_an_int() {
    let key = |ty: &str| format!("model T {{\n  id {ty} @id @default(autoincrement())\n  v String?\n}}\n");
    let mut database = Database::new();
    database.push(&key("BigInt"));
    database.sql("INSERT INTO T VALUES (7, NULL)");
    database.push(&key("Int"));
    database.sql("INSERT INTO T VALUES (2147483648, NULL)");
    let why = database.refused(&key("Int"));
    assert!(why.contains("1 value of \"T\".\"id\" cannot be read as the type that the schema says"), "{why}");
    database.push(&key("BigInt"));
}

/// What is lost is what was counted, although an application writes at the same time.
#[test]
fn rows_that_came_after_the_count_are_not_lost() {
    let mut database = Database::new();
    database.push(&model("Decimal"));
    database.sql("INSERT INTO T VALUES (1, '0.5')");
    let push = database.plan(&model("Float"));
    assert!(push.plan().hazards.is_empty());
    // A row that loses nothing does not stand in the way.
    database.sql("INSERT INTO T VALUES (2, '1.5')");
    push::apply(&mut database.connection, &push, DataLoss::Refused).unwrap();
    database.push(&model("Decimal"));

    let push = database.plan(&model("Float"));
    database.sql("INSERT INTO T VALUES (3, '0.1234567890123456789012345')");
    let before = database.dump();
    let error = push::apply(&mut database.connection, &push, DataLoss::Refused).unwrap_err();
    assert!(error.to_string().contains("changed by somebody else"), "{error}");
    assert_eq!(database.dump(), before);
    assert!(database.refused(&model("Float")).contains("1 value"));
}
