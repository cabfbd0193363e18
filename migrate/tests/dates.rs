//! The form in which a database holds dates, and the indexes that watch it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use support::{Database, schema};

/// The names of the indexes that watch the dates of a database.
fn watched(database: &Database) -> String {
    database.get("SELECT name FROM sqlite_schema WHERE name LIKE '%other\\_dates' ESCAPE '\\' ORDER BY name")
}

const OURS: &str = "'????-??-??T??:??:??.???+00:00'";

#[test]
fn a_new_column_of_the_present_instant_is_in_our_form() {
    let mut database = Database::new();
    database.push("model Item {\n  id Int @id\n}\n");
    database.sql("INSERT INTO Item VALUES (1)");
    database.push("model Item {\n  id Int @id\n  made DateTime @default(now())\n}\n");
    assert_eq!(database.get(&format!("SELECT made GLOB {OURS} FROM Item")), "1");
    database.sql("INSERT INTO Item (id) VALUES (2)");
    assert_eq!(database.get(&format!("SELECT made GLOB {OURS} FROM Item")), "1 1");
    assert_eq!(database.get("SELECT abs(julianday('now') - julianday(made)) < 0.01 FROM Item"), "1 1");
}

#[test]
fn a_column_that_becomes_required_is_filled_in_our_form() {
    let mut database = Database::new();
    database.push("model Item {\n  id Int @id\n  made DateTime?\n}\n");
    database.sql("INSERT INTO Item VALUES (1, NULL)");
    database.push("model Item {\n  id Int @id\n  made DateTime @default(now())\n}\n");
    assert_eq!(database.get(&format!("SELECT made GLOB {OURS} FROM Item")), "1");
}

#[test]
fn a_literal_default_is_in_our_form() {
    let mut database = Database::new();
    let default = |text: &str| format!("model Item {{\n  id Int @id\n  at DateTime @default(\"{text}\")\n}}\n");
    for (text, stored) in [
        ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000+00:00"),
        ("2024-01-02T03:04:05.5+02:00", "2024-01-02T01:04:05.500+00:00"),
        ("2024-01-02T03:04:05.678999Z", "2024-01-02T03:04:05.678+00:00"),
        ("2024-01-02T03:04:05.678000Z", "2024-01-02T03:04:05.678+00:00"),
    ] {
        database.push(&default(text));
        database.sql("DELETE FROM Item; INSERT INTO Item (id) VALUES (1)");
        assert_eq!(database.get("SELECT at FROM Item"), stored, "{text}");
    }
}

#[test]
fn the_present_instant_may_be_spelled_out() {
    for expression in ["strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')", "CURRENT_TIMESTAMP"] {
        let mut database = Database::new();
        let spelled =
            format!("model Item {{\n  id Int @id\n  at DateTime @default(dbgenerated(\"{expression}\"))\n}}\n");
        database.push(&spelled);
        let push = database.plan("model Item {\n  id Int @id\n  at DateTime @default(now())\n}\n");
        assert!(push.plan().is_empty(), "{expression}: {}", push.plan().script);
    }
}

#[test]
fn each_indexed_column_of_dates_is_watched() {
    let mut database = Database::new();
    let model = |rest: &str| format!("model Item {{\n  id Int @id\n  at DateTime\n  seen DateTime?\n{rest}}}\n");
    database.push(&model(""));
    assert_eq!(watched(&database), "");
    database.push(&model("  @@index([id, at])\n"));
    assert_eq!(watched(&database), "Item_at_other_dates");
    database.push(&model("  @@index([id, at])\n  @@unique([seen])\n  label String @default(\"\")\n"));
    assert_eq!(watched(&database), "Item_at_other_dates Item_seen_other_dates");
    // A rebuild makes them again.
    database.push(&model("  @@index([id, at])\n  @@unique([seen])\n  label Int @default(0)\n"));
    assert_eq!(watched(&database), "Item_at_other_dates Item_seen_other_dates");
    // They go with the last index, and do not stand in the way of a column that goes.
    database.push(&model("  @@index([id, at])\n  label Int @default(0)\n"));
    assert_eq!(watched(&database), "Item_at_other_dates");
    database.push("model Item {\n  id Int @id\n  seen DateTime?\n  label Int @default(0)\n}\n");
    assert_eq!(watched(&database), "");
}

#[test]
fn a_key_that_is_a_date_is_watched() {
    let mut database = Database::new();
    database.push(
        "model Slot {\n  start DateTime @id\n}\n\nmodel Day {\n  room Int\n  on DateTime\n\n  @@id([room, on])\n}\n",
    );
    assert_eq!(watched(&database), "Day_on_other_dates Slot_start_other_dates");
}

#[test]
fn names_with_quotes_are_watched() {
    let mut database = Database::new();
    database.push("model Item {\n  id Int @id\n  at DateTime @unique @map(\"it's at\")\n  @@map(\"my items\")\n}\n");
    assert_eq!(watched(&database), "my items_it's at_other_dates");
}

const PRISMA: &str = r#"
CREATE TABLE "Post" ("id" INTEGER NOT NULL PRIMARY KEY, "at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "seen" DATETIME);
CREATE INDEX "Post_at_idx" ON "Post"("at");
"#;
const POST: &str =
    "model Post {\n  id Int @id\n  at DateTime @default(now())\n  seen DateTime?\n\n  @@index([at])\n}\n";

#[test]
fn a_database_of_prisma_needs_no_change() {
    let mut database = Database::of(PRISMA);
    let push = database.plan(POST);
    assert!(push.plan().is_empty(), "{}", push.plan().script);
    assert!(push.plan().notes.is_empty(), "{:?}", push.plan().notes);
    // The index comes along with the next change of the table.
    database.push(&POST.replace("seen DateTime?", "seen DateTime?\n  title String?"));
    assert_eq!(watched(&database), "Post_at_other_dates");
}

#[test]
fn values_that_are_no_dates_are_counted_apart() {
    let database = Database::of(PRISMA);
    database.sql(
        "INSERT INTO Post VALUES (1, 'yesterday', 0), (2, 1.5, 0), (3, x'00', 9e18), (4, '2024-01-02T24:00:00Z', NULL)",
    );
    let [at, seen] = &database.connection.other_forms(&schema(POST)).unwrap()[..] else { panic!("two columns") };
    assert_eq!((at.numbers, at.texts, at.unreadable), (0, 1, 3));
    assert_eq!((seen.numbers, seen.texts, seen.unreadable), (2, 0, 1));
    let (message, query) = at.unreadable_message().unwrap();
    assert_eq!(message, "\"Post\".\"at\" holds 3 values that are no dates: a query that reads one of them fails");
    assert!(database.get(&query).starts_with("1 "), "{}", database.get(&query));
    assert!(seen.unreadable_message().unwrap().0.contains("holds 1 value that is no date"));
}

#[test]
fn dates_in_other_forms_are_noted_and_can_be_brought_into_ours() {
    let mut database = Database::of(PRISMA);
    database.sql(
        "INSERT INTO Post VALUES (1, 1704164645678, NULL), (2, '2024-01-02 03:04:05', '2024-01-02T03:04:05.678+00:00'),
         (3, '2024-01-02', NULL), (4, '2024-01-02T05:04:05.678+02:00', NULL), (5, '2024-01-02 03:04:05.678 +00:00', NULL),
         (6, '2024-01-02T03:04:05.678999999+00:00', NULL)",
    );
    let push = database.plan(POST);
    assert!(push.plan().is_empty(), "{}", push.plan().script);
    assert_eq!(
        push.plan().notes,
        [
            "\"Post\".\"at\" holds 1 date that is a number of milliseconds, as Prisma up to version 6 writes them, and 5 dates \
          whose texts are in another form than Purlin writes: they compare as the instants that they are, and queries on \
          them do without the column's index; `purlin doctor --fix` converts them, once no program needs the other form"
        ]
    );
    let [dates] = &database.connection.other_forms(&schema(POST)).unwrap()[..] else { panic!("one column") };
    assert!(dates.unwatched);
    database.connection.convert_forms(&schema(POST)).unwrap();
    assert_eq!(
        database.get("SELECT at FROM Post ORDER BY id"),
        "2024-01-02T03:04:05.678+00:00 2024-01-02T03:04:05.000+00:00 2024-01-02T00:00:00.000+00:00 \
         2024-01-02T03:04:05.678+00:00 2024-01-02T03:04:05.678+00:00 2024-01-02T03:04:05.678+00:00"
    );
    assert_eq!(watched(&database), "Post_at_other_dates");
    assert!(database.connection.other_forms(&schema(POST)).unwrap().is_empty());
    let push = database.plan(POST);
    assert!(push.plan().is_empty() && push.plan().notes.is_empty(), "{:?}", push.plan().notes);
}

#[test]
fn equal_instants_in_other_forms_forbid_a_unique_key() {
    let plain = "model Item {\n  id Int      @id\n  at DateTime?\n}\n";
    let unique = "model Item {\n  id Int      @id\n  at DateTime? @unique\n}\n";
    for twice in [
        "1704067200000), (2, '2024-01-01 00:00:00'",
        "'2024-01-01'), (2, '2024-01-01T02:00:00+02:00'",
        "'2024-01-01 00:00:00 +00:00'), (2, '2024-01-01T00:00:00.000+00:00'",
        "1704067200001), (2, '2024-01-01T00:00:00.001Z'",
        "'2024-01-01T00:00:00.000001+00:00'), (2, '2024-01-01T00:00:00.000002+00:00'",
        "'2024-01-01T00:00:00.678999+00:00'), (2, '2024-01-01T02:00:00.678+02:00'",
    ] {
        let mut database = Database::new();
        database.push(plain);
        database.sql(&format!("INSERT INTO Item VALUES (1, {twice})"));
        let why = database.refused(unique);
        assert!(
            why.contains("the unique index on \"Item\"(at) is impossible: 1 value is there more than once"),
            "{why}"
        );
    }
    let mut database = Database::new();
    database.push(plain);
    database.sql(
        "INSERT INTO Item VALUES (1, 1704067200000), (2, '2024-01-01T00:00:00.003001+00:00'), (3, NULL), (4, NULL),
         (5, '2024-01-01T00:00:00.004002+00:00'), (6, '2024-01-01 00:00:00.001'), (7, 1704067200002)",
    );
    database.push(unique);
}

/// A table with a date at each place, in a database that Prisma made.
const SLOTS: &str = "
CREATE TABLE Slot (start DATETIME NOT NULL PRIMARY KEY, note TEXT);
CREATE TABLE Visit (id INTEGER NOT NULL PRIMARY KEY, slot DATETIME NOT NULL, seen DATETIME,
  CONSTRAINT Visit_slot_fkey FOREIGN KEY (slot) REFERENCES Slot (start) ON DELETE RESTRICT ON UPDATE CASCADE);
";
const SLOT_MODELS: &str = "model Slot {\n  start DateTime @id\n  note String?\n  visits Visit[]\n}\n\nmodel Visit {\n  id Int @id\n  \
    slot DateTime\n  seen DateTime?\n  at Slot @relation(fields: [slot], references: [start])\n}\n";

#[test]
fn dates_are_converted_to_the_millisecond_and_relations_stay() {
    let mut database = Database::of(SLOTS);
    database.sql(
        "INSERT INTO Slot VALUES (1704164645678, 'a'), ('2024-01-02T03:04:06.678901Z', 'b'), ('2024-01-02', 'c');
         INSERT INTO Visit VALUES (1, 1704164645678, '2024-01-02 03:04:05'), (2, '2024-01-02T03:04:06.678901Z', 'never'),
           (3, '2024-01-02', 9e18), (4, '2024-01-02', '+012024-01-02T00:00:00Z')",
    );
    let converted = database.connection.convert_forms(&schema(SLOT_MODELS)).unwrap();
    assert_eq!(converted.len(), 3);
    let expected = "2024-01-02T00:00:00.000+00:00 2024-01-02T03:04:05.678+00:00 2024-01-02T03:04:06.678+00:00";
    assert_eq!(database.get("SELECT start FROM Slot ORDER BY start"), expected);
    assert_eq!(database.get("SELECT count(*) FROM Visit JOIN Slot ON slot = start"), "4");
    assert_eq!(database.get("SELECT count(*) FROM pragma_foreign_key_check"), "0");
    // What is no date, or sorts nowhere, stays.
    assert_eq!(
        database.get("SELECT seen FROM Visit ORDER BY id"),
        "2024-01-02T03:04:05.000+00:00 never 9000000000000000000 +012024-01-02T00:00:00Z"
    );
    assert_eq!(watched(&database), "Slot_start_other_dates");
    // The connection enforces foreign keys again.
    assert!(database.connection.execute("DELETE FROM Slot").is_err());
}

#[test]
fn what_stands_in_the_way_of_a_conversion_is_told_and_the_rest_is_converted() {
    let models = "model Item {\n  id Int @id\n  at DateTime @unique\n  seen DateTime?\n}\n\nmodel Other {\n  id Int @id\n  \
                  at DateTime?\n}\n";
    for (prepare, obstacle) in [
        ("INSERT INTO Item VALUES (2, '2024-01-02T03:04:05.678Z', NULL)", Some("1 instant is there in several forms")),
        ("CREATE TRIGGER touch AFTER UPDATE ON Item BEGIN SELECT 1; END", Some("the trigger \"touch\" would run")),
        (
            "CREATE TRIGGER touch AFTER UPDATE OF at ON Item BEGIN SELECT 1; END",
            Some("the trigger \"touch\" would run"),
        ),
        ("CREATE TRIGGER touch AFTER UPDATE OF seen ON Item BEGIN SELECT 1; END", None),
        ("CREATE TRIGGER touch AFTER INSERT ON Item BEGIN UPDATE Item SET seen = 1; END", None),
    ] {
        let mut database = Database::new();
        database.push(models);
        database.sql("INSERT INTO Item VALUES (1, 1704164645678, NULL); INSERT INTO Other VALUES (1, 1704164645678)");
        database.sql(prepare);
        let found = database.connection.form_conversions(&schema(models)).unwrap();
        let told = found.iter().find_map(|conversion| conversion.obstacle.as_ref()).map(|(message, _)| message);
        match obstacle {
            Some(obstacle) => assert!(told.is_some_and(|told| told.contains(obstacle)), "{prepare}: {told:?}"),
            None => assert_eq!(told, None, "{prepare}"),
        }
        database.connection.convert_forms(&schema(models)).unwrap();
        assert_eq!(database.get("SELECT typeof(at) FROM Other"), "text", "{prepare}");
        let expected = if obstacle.is_some() { "integer" } else { "text" };
        assert_eq!(database.get("SELECT typeof(at) FROM Item WHERE id = 1"), expected, "{prepare}");
    }
}

#[test]
fn a_constraint_that_forbids_the_form_undoes_the_conversion() {
    let mut database = Database::of(
        "CREATE TABLE Item (id INTEGER NOT NULL PRIMARY KEY, at DATETIME, CHECK (typeof(at) = 'integer'));
         CREATE TABLE A (id INTEGER NOT NULL PRIMARY KEY, at DATETIME);
         INSERT INTO Item VALUES (1, 1704164645678); INSERT INTO A VALUES (1, 1704164645678)",
    );
    let before = database.dump();
    let models = "model A {\n  id Int @id\n  at DateTime?\n}\n\nmodel Item {\n  id Int @id\n  at DateTime?\n}\n";
    let error = database.connection.convert_forms(&schema(models)).unwrap_err();
    assert!(error.is_refused() && error.to_string().contains("a constraint of \"Item\" forbids"), "{error}");
    assert_eq!(database.dump(), before);
}

#[test]
fn many_columns_are_one_note() {
    let fields: String = (0..20).map(|number| format!("  d{number} DateTime?\n")).collect();
    let models = format!("model Item {{\n  id Int @id\n{fields}  @@index([d0])\n}}\n");
    let mut database = Database::new();
    database.push(&models);
    let nulls = ", 1704164645678".repeat(19);
    database.sql(&format!("INSERT INTO Item VALUES (1, '2024-01-02'{nulls})"));
    let push = database.plan(&models);
    let notes = &push.plan().notes;
    let [note] = &notes[..] else { panic!("{notes:?}") };
    assert!(note.starts_with("20 dates in 20 columns are in another form than Purlin writes (19 as numbers"), "{note}");
    assert!(note.contains("queries on one of the columns do without its index"), "{note}");
    assert!(note.contains("\"Item\".\"d11\", and 8 more"), "{note}");
}

#[test]
fn equal_instants_forbid_that_a_unique_column_becomes_a_date() {
    let model =
        |ty: &str, key: &str| format!("model Item {{\n  id Int @id\n  room Int @default(1)\n  at {ty}{key}\n}}\n");
    let single = " @unique";
    let composite = "\n  @@unique([room, at])";
    for (ty, key, rows) in [
        ("String?", single, "(1, 1, '2024-01-01T00:00:00Z'), (2, 1, '2024-01-01 00:00:00')"),
        ("String", single, "(1, 1, '2024-01-01'), (2, 1, '2024-01-01T02:00:00+02:00')"),
        ("String?", composite, "(1, 1, '2024-01-01T00:00:00Z'), (2, 1, '2024-01-01T00:00:00.000+00:00')"),
        ("String", composite, "(1, 7, '2024-01-01T00:00:00.678901Z'), (2, 7, '2024-01-01T00:00:00.678Z')"),
    ] {
        let mut database = Database::new();
        database.push(&model(ty, key));
        database.sql(&format!("INSERT INTO Item VALUES {rows}"));
        let why = database.refused(&model(&ty.replace("String", "DateTime"), key));
        assert!(
            why.contains("is impossible: 1 value would be there more than once after the conversion"),
            "{ty} {key}: {why}"
        );
        assert!(why.contains("GROUP BY"), "{why}");
    }
    // A primary key as well.
    let key = |ty: &str| format!("model Item {{\n  at {ty} @id\n}}\n");
    let mut database = Database::new();
    database.push(&key("String"));
    database.sql("INSERT INTO Item VALUES ('2024-01-01T00:00:00Z'), ('2024-01-01')");
    let why = database.refused(&key("DateTime"));
    assert!(why.contains("the primary key on \"Item\"(at) is impossible"), "{why}");
    // Numbers of milliseconds are different instants, and so are the texts of different ones.
    for (ty, rows) in [("Int", "(1, 1, 0), (2, 1, 1)"), ("BigInt", "(1, 1, 1704067200000), (2, 1, 1704067200001)")] {
        let mut database = Database::new();
        database.push(&model(ty, single));
        database.sql(&format!("INSERT INTO Item VALUES {rows}"));
        database.push(&model("DateTime", single));
        assert_eq!(watched(&database), "Item_at_other_dates");
    }
    let mut database = Database::new();
    database.push(&model("String", composite));
    database.sql("INSERT INTO Item VALUES (1, 1, '2024-01-01'), (2, 2, '2024-01-01'), (3, 1, '2024-01-02')");
    database.push(&model("DateTime", composite));
}

/// Both ends of a relation stay in their form where one of them has to, and the rest is converted.
#[test]
fn the_ends_of_a_relation_are_converted_together_or_not_at_all() {
    let rows = "INSERT INTO Slot VALUES (1704164645678, NULL), ('2024-01-02', NULL);
        INSERT INTO Visit VALUES (1, 1704164645678, '2024-01-02 03:04:05'), (2, '2024-01-02', NULL)";
    for (prepare, obstacle) in [
        ("CREATE TRIGGER touch AFTER UPDATE ON Slot BEGIN SELECT 1; END", "the trigger \"touch\""),
        ("CREATE TRIGGER touch AFTER UPDATE OF slot ON Visit BEGIN SELECT 1; END", "the trigger \"touch\""),
        ("INSERT INTO Slot VALUES ('2024-01-02T03:04:05.678Z', NULL)", "1 instant is there in several forms"),
        (
            "CREATE UNIQUE INDEX once ON Visit (slot); INSERT INTO Slot VALUES ('2024-01-02T00:00:00Z', NULL);
          INSERT INTO Visit VALUES (3, '2024-01-02T00:00:00Z', NULL)",
            "1 instant is there in several forms",
        ),
    ] {
        let mut database = Database::of(SLOTS);
        database.sql(rows);
        database.sql(prepare);
        let before =
            database.get("SELECT slot FROM Visit ORDER BY id") + &database.get("SELECT start FROM Slot ORDER BY rowid");
        let found = database.connection.form_conversions(&schema(SLOT_MODELS)).unwrap();
        let told: Vec<&str> = found
            .iter()
            .filter_map(|conversion| conversion.obstacle.as_ref())
            .map(|(message, _)| message.as_str())
            .collect();
        assert_eq!(told.len(), 2, "{prepare}: {told:?}");
        assert!(told.iter().any(|told| told.contains(obstacle)), "{prepare}: {told:?}");
        let converted = database.connection.convert_forms(&schema(SLOT_MODELS)).unwrap();
        assert_eq!(converted.len(), 1, "{prepare}");
        let after =
            database.get("SELECT slot FROM Visit ORDER BY id") + &database.get("SELECT start FROM Slot ORDER BY rowid");
        assert_eq!(after, before, "{prepare}");
        assert_eq!(database.get("SELECT seen FROM Visit WHERE id = 1"), "2024-01-02T03:04:05.000+00:00", "{prepare}");
        assert_eq!(database.get("SELECT count(*) FROM pragma_foreign_key_check"), "0");
    }
}

#[test]
fn an_obstacle_reaches_along_a_chain_of_relations() {
    let models = "model A {\n  at DateTime @id\n  b B?\n}\n\nmodel B {\n  at DateTime @id\n  a A @relation(fields: [at], references: \
                  [at])\n  c C[]\n}\n\nmodel C {\n  id Int @id\n  at DateTime\n  b B @relation(fields: [at], references: [at])\n}\n";
    let mut database = Database::new();
    database.push(models);
    database.sql("INSERT INTO A VALUES (1); INSERT INTO B VALUES (1); INSERT INTO C VALUES (1, 1)");
    database.sql("CREATE TRIGGER touch AFTER UPDATE ON C BEGIN SELECT 1; END");
    assert!(database.connection.convert_forms(&schema(models)).unwrap().is_empty());
    let found = database.connection.form_conversions(&schema(models)).unwrap();
    assert!(found.iter().all(|conversion| conversion.obstacle.is_some()), "{found:?}");
    database.sql("DROP TRIGGER touch");
    assert_eq!(database.connection.convert_forms(&schema(models)).unwrap().len(), 3);
    assert_eq!(database.get("SELECT count(*) FROM A JOIN B USING (at) JOIN C USING (at)"), "1");
}

#[test]
fn a_relation_to_a_column_that_the_schema_does_not_know_as_a_date_stays() {
    let mut database = Database::of(SLOTS);
    database.sql("INSERT INTO Slot VALUES (1704164645678, NULL); INSERT INTO Visit VALUES (1, 1704164645678, 5)");
    let only = "model Slot {\n  start DateTime @id\n  note String?\n}\n";
    let found = database.connection.form_conversions(&schema(only)).unwrap();
    let (message, _) = found.first().and_then(|conversion| conversion.obstacle.clone()).unwrap();
    assert!(message.contains("\"Visit\".\"slot\", the other end of a relation"), "{message}");
    assert!(database.connection.convert_forms(&schema(only)).unwrap().is_empty());
    // Without rows that refer there is nothing to keep.
    database.sql("DELETE FROM Visit");
    assert_eq!(database.connection.convert_forms(&schema(only)).unwrap().len(), 1);
}

#[test]
fn a_key_of_two_dates_is_looked_at_with_both_converted() {
    let models = "model Stay {\n  id Int @id\n  from DateTime\n  to DateTime\n\n  @@unique([from, to])\n}\n";
    let mut database = Database::new();
    database.push(models);
    database.sql("INSERT INTO Stay VALUES (1, 0, 0), (2, '1970-01-01', '1970-01-01')");
    let found = database.connection.form_conversions(&schema(models)).unwrap();
    assert_eq!(found.iter().filter(|conversion| conversion.obstacle.is_some()).count(), 2, "{found:?}");
    assert!(database.connection.convert_forms(&schema(models)).unwrap().is_empty());
}

#[test]
fn numbers_beyond_the_years_of_our_form_stay() {
    let models = "model Item {\n  id Int @id\n  at DateTime?\n}\n";
    let mut database = Database::new();
    database.push(models);
    let beyond = "253402300800000 -62167219200001 8640000000000000 -8640000000000000 9000000000000000000";
    let values: Vec<String> = beyond.split(' ').enumerate().map(|(id, value)| format!("({id}, {value})")).collect();
    database
        .sql(&format!("INSERT INTO Item VALUES {}, (9, 253402300799999), (10, -62167219200000)", values.join(", ")));
    database.connection.convert_forms(&schema(models)).unwrap();
    assert_eq!(
        database.get("SELECT at FROM Item ORDER BY id"),
        format!("{beyond} 9999-12-31T23:59:59.999+00:00 0000-01-01T00:00:00.000+00:00")
    );
    // Nothing is offered that would change nothing.
    let [forms] = &database.connection.other_forms(&schema(models)).unwrap()[..] else { panic!("one column") };
    assert_eq!((forms.numbers, forms.beyond, forms.convertible(), forms.unreadable), (4, 4, 0, 1));
    assert!(database.connection.form_conversions(&schema(models)).unwrap().is_empty());
    assert!(database.plan(models).plan().notes.is_empty());
}

/// No index of a join table tells the form of its keys, so nothing is expected of one.
#[test]
fn the_keys_of_a_join_table_need_no_index_of_their_own() {
    for (left, right) in [("DateTime", "DateTime"), ("Decimal", "Decimal"), ("DateTime", "Int"), ("String", "Decimal")]
    {
        let models = format!(
            "model Left {{\n  key {left} @id\n  rights Right[]\n}}\n\nmodel Right {{\n  key {right} @id\n  lefts Left[]\n}}\n"
        );
        let mut database = Database::new();
        database.push(&models);
        let found = database.connection.other_forms(&schema(&models)).unwrap();
        assert!(found.is_empty(), "{left} {right}: {found:?}");
        assert!(database.connection.form_conversions(&schema(&models)).unwrap().is_empty());
    }
}
