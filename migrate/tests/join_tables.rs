//! The tables of implicit many-to-many relations when models get other names: which model has the column `A` follows from
//! the order of the names, and each row must still join the two records that it joined before.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use purlin_migrate::push::{self, DataLoss};
use support::Database;

/// Users who like posts, by a named relation; the names of the models, and what more they have.
fn likes(user: (&str, &str), post: (&str, &str)) -> String {
    format!(
        "model {0} {{\n id Int @id @default(autoincrement())\n likes {2}[] @relation(\"likes\")\n {1}\n}}\n\
         model {2} {{\n id Int @id @default(autoincrement())\n likedBy {0}[] @relation(\"likes\")\n {3}\n}}",
        user.0, user.1, post.0, post.1
    )
}

/// Three of each, and Ada likes the posts 2 and 3. `A` is the post.
const LIKES: &str = "
INSERT INTO User (id) VALUES (1), (2), (3);
INSERT INTO Post (id) VALUES (1), (2), (3);
INSERT INTO _likes (A, B) VALUES (2, 1), (3, 1);
";

/// What the rows join, whichever column is whose.
fn pairs(database: &Database, user: &str, post: &str) -> String {
    let column = |table: &str| {
        let sql = format!("SELECT \"from\" FROM pragma_foreign_key_list('_likes') WHERE \"table\" = '{table}'");
        database.get(&sql)
    };
    let (user, post) = (column(user), column(post));
    database.get(&format!("SELECT {user} || '-' || {post} FROM _likes ORDER BY 1"))
}

#[test]
fn the_sides_change_places_with_the_names_of_the_models() {
    let renamed = [
        (("Account", "@@map(\"User\")"), ("Post", "")),
        (("User", ""), ("Writing", "@@map(\"Post\")")),
        (("Account", "@@map(\"User\")"), ("Writing", "@@map(\"Post\")")),
        // Each model takes the name of the other one.
        (("Post", "@@map(\"User\")"), ("User", "@@map(\"Post\")")),
        // Another change of the same tables comes along.
        (("Account", "name String @default(\"nobody\")\n@@map(\"User\")"), ("Post", "title String?")),
    ];
    for (user, post) in renamed {
        let mut database = Database::new();
        database.push(&likes(("User", ""), ("Post", "")));
        database.sql(LIKES);
        let plan = database.push(&likes(user, post));
        assert_eq!(pairs(&database, "User", "Post"), "1-2 1-3", "{}", plan.script);
        assert_eq!(database.get("SELECT A || '-' || B FROM _likes ORDER BY 1"), "1-2 1-3", "A is the user now");
        assert!(plan.script.contains("(\"A\", \"B\") SELECT \"B\", \"A\" FROM \"_likes\""), "{}", plan.script);
        let said: Vec<&str> = plan.changes.iter().map(|change| change.what.as_str()).collect();
        assert!(said.contains(&"table \"_likes\": the columns A and B change places"), "{said:?}");
        // And back again.
        let unmapped = |text: &str| text.replace("@@map(\"User\")", "").replace("@@map(\"Post\")", "");
        database.push(&likes(("User", &unmapped(user.1)), ("Post", &unmapped(post.1))));
        assert_eq!(pairs(&database, "User", "Post"), "1-2 1-3");
    }
}

#[test]
fn the_sides_stay_where_the_order_of_the_names_stays() {
    for (user, post) in [(("Zebra", "@@map(\"User\")"), ("Post", "")), (("User", ""), ("Article", "@@map(\"Post\")"))] {
        let mut database = Database::new();
        database.push(&likes(("User", ""), ("Post", "")));
        database.sql(LIKES);
        assert!(database.push(&likes(user, post)).is_empty());
        assert_eq!(pairs(&database, "User", "Post"), "1-2 1-3");
    }
}

#[test]
fn the_migration_that_is_written_exchanges_the_sides() {
    let mut database = Database::new();
    database.develop(&likes(("User", ""), ("Post", "")), "one").unwrap();
    // Another database of the same history, with other rows.
    let mut other = Database::new();
    std::fs::create_dir_all(other.migrations()).unwrap();
    let copy = |from: &Database, to: &Database| {
        for entry in std::fs::read_dir(from.migrations()).unwrap() {
            let entry = entry.unwrap();
            let target = to.migrations().join(entry.file_name());
            if entry.path().is_dir() && !target.exists() {
                std::fs::create_dir_all(&target).unwrap();
                std::fs::copy(entry.path().join("migration.sql"), target.join("migration.sql")).unwrap();
            }
        }
    };
    copy(&database, &other);
    other.deploy().unwrap();
    database.sql(LIKES);
    other.sql(&LIKES.replace("(2, 1), (3, 1)", "(2, 3)"));
    let models = likes(("Account", "@@map(\"User\")"), ("Post", ""));
    let migration = database.develop(&models, "two").unwrap();
    insta::assert_snapshot!(migration.script);
    assert_eq!(pairs(&database, "User", "Post"), "1-2 1-3");
    copy(&database, &other);
    assert_eq!(other.deploy().unwrap(), [migration.name]);
    assert_eq!(pairs(&other, "User", "Post"), "3-2");
    other.assert_pushed(&models);
}

/// The keys of the two sides have different types, and one of the types changes at the same time.
#[test]
fn keys_of_different_types_change_places() {
    let models = |user: &str, post_id: &str| {
        likes((user, "@@map(\"User\")"), ("Post", ""))
            .replace("model User {\n id Int @id @default(autoincrement())", "model User {\n id String @id")
            .replace("model Account {\n id Int @id @default(autoincrement())", "model Account {\n id String @id")
            .replace("model Post {\n id Int @id @default(autoincrement())", &format!("model Post {{\n id {post_id}"))
    };
    for (before, after, kind) in [
        ("Int @id @default(autoincrement())", "Int @id @default(autoincrement())", "integer"),
        ("Int @id", "String @id", "text"),
        ("BigInt @id", "BigInt @id", "integer"),
        ("DateTime @id", "DateTime @id", "text"),
    ] {
        let mut database = Database::new();
        database.push(&models("User", before));
        let key = if kind == "text" && before.starts_with("Date") { "'2024-01-02T03:04:05.000+00:00'" } else { "7" };
        database.sql(&format!(
            "INSERT INTO User (id) VALUES ('ada'), ('7'); INSERT INTO Post (id) VALUES ({key});
             INSERT INTO _likes (A, B) VALUES ({key}, 'ada');"
        ));
        let plan = database.push(&models("Account", after));
        let found = "SELECT u.id || ' ' || typeof(l.A) || ' ' || typeof(l.B) FROM _likes l JOIN User u ON u.id = l.A JOIN Post p ON p.id = l.B";
        assert_eq!(database.get(found), format!("ada text {kind}"), "{}", plan.script);
        assert!(plan.hazards.is_empty() && plan.notes.is_empty(), "{plan:?}");
        let types = "SELECT name || ' ' || type FROM pragma_table_info('_likes') ORDER BY name";
        let mut fresh = Database::new();
        fresh.push(&models("Account", after));
        assert_eq!(database.get(types), fresh.get(types));
    }
}

#[test]
fn an_enum_key_is_looked_for_on_its_own_side() {
    let models = |user: &str| {
        format!(
            "enum Color {{\n RED\n BLUE\n}}\nmodel {user} {{\n id String @id\n likes Post[] @relation(\"likes\")\n @@map(\"User\")\n}}\n\
             model Post {{\n id Color @id\n likedBy {user}[] @relation(\"likes\")\n}}"
        )
    };
    let mut database = Database::new();
    database.push(&models("User"));
    database.sql(
        "INSERT INTO User VALUES ('ada'); INSERT INTO Post VALUES ('RED'); INSERT INTO _likes VALUES ('RED', 'ada');",
    );
    database.push(&models("Account"));
    assert_eq!(database.get("SELECT A || B FROM _likes"), "adaRED");
}

#[test]
fn a_relation_of_a_model_to_itself_keeps_its_sides() {
    let models = |user: &str| {
        format!(
            "model {user} {{\n id Int @id\n follows {user}[] @relation(\"likes\")\n followers {user}[] @relation(\"likes\")\n @@map(\"User\")\n}}"
        )
    };
    let mut database = Database::new();
    database.push(&models("User"));
    database.sql("INSERT INTO User VALUES (1), (2); INSERT INTO _likes VALUES (1, 2);");
    assert!(database.push(&models("Account")).is_empty());
    assert_eq!(database.get("SELECT A || '-' || B FROM _likes"), "1-2");
}

/// The keys would mean records of another model: the rows are counted as lost, and are gone where that is accepted.
#[test]
fn rows_of_a_relation_to_another_model_are_lost() {
    let other = "model Comment {\n id Int @id @default(autoincrement())\n likedBy User[] @relation(\"likes\")\n}\n\
                 model Post {\n id Int @id @default(autoincrement())\n}\n\
                 model User {\n id Int @id @default(autoincrement())\n likes Comment[] @relation(\"likes\")\n}";
    for after in [
        other.to_owned(),
        // With another name the sides would change places too.
        other.replace("Comment", "Zebra"),
        // Other tables, because nothing maps the new name.
        likes(("Account", ""), ("Post", "")),
        // Another key of the same model.
        likes(("User", ""), ("Post", "")).replace(
            "model Post {\n id Int @id @default(autoincrement())",
            "model Post {\n id Int @default(0)\n code Int @id @default(1)",
        ),
    ] {
        let mut database = Database::new();
        database.push(&format!(
            "{}\nmodel Comment {{\n id Int @id\n}}\nmodel Zebra {{\n id Int @id\n}}",
            likes(("User", ""), ("Post", ""))
        ));
        database.sql(
            &LIKES
                .replace("Post (id) VALUES (1), (2), (3)", "Post (id) VALUES (2)")
                .replace("(2, 1), (3, 1)", "(2, 1)"),
        );
        database.sql("INSERT INTO Comment (id) VALUES (2); INSERT INTO Zebra (id) VALUES (1), (2);");
        let refusal = database.refused(&after);
        assert!(refusal.contains("the join table \"_likes\" loses its 1 row: A and B refer to"), "{refusal}");
        let push = database.plan(&after);
        let script = &push.plan().script;
        assert!(
            script.contains("-- No column keeps its values: the rows of \"_likes\" are not copied.\nDROP"),
            "{script}"
        );
        push::apply(&mut database.connection, &push, DataLoss::Accepted).unwrap();
        assert_eq!(database.get("SELECT count(*) FROM _likes"), "0");
        database.assert_pushed(&after);
    }
    // Without rows there is nothing to lose.
    let mut database = Database::new();
    database.push(&likes(("User", ""), ("Post", "")));
    database.push(other);
}

/// The relation gets another name, so that its table is another one.
#[test]
fn a_relation_of_another_name_says_how_it_keeps_its_rows() {
    let unnamed = |user: &str| likes((user, "@@map(\"User\")"), ("Post", "")).replace(" @relation(\"likes\")", "");
    let named = |user: &str, name: &str| {
        likes((user, "@@map(\"User\")"), ("Post", "")).replace("\"likes\"", &format!("\"{name}\""))
    };
    for (before, table, after, keeps) in [
        (unnamed("User"), "_PostToUser", unnamed("Account"), named("Account", "PostToUser")),
        (named("User", "likes"), "_likes", named("Account", "loves"), named("Account", "likes")),
        (named("User", "likes"), "_likes", unnamed("User"), named("User", "likes")),
    ] {
        let rows = LIKES.replace("_likes", table);
        let mut database = Database::new();
        database.push(&before);
        database.sql(&rows);
        let refusal = database.refused(&after);
        let name = &table[1..];
        assert!(refusal.contains(&format!("named @relation(\"{name}\")")), "{refusal}");
        assert!(refusal.contains(&format!("the 2 rows of \"{table}\"")), "{refusal}");
        database.push(&keeps);
        assert_eq!(
            database.get(&format!("SELECT count(*) FROM {table} JOIN User u ON u.id = 1 WHERE u.id IN (A, B)")),
            "2"
        );
        let joined = format!("SELECT \"from\" FROM pragma_foreign_key_list('{table}') WHERE \"table\" = 'User'");
        let user = database.get(&joined);
        assert_eq!(database.get(&format!("SELECT {user} FROM {table}")), "1 1");

        // A migration would drop the old table, and says the same.
        let mut database = Database::new();
        database.develop(&before, "one").unwrap();
        database.sql(&rows);
        let refusal = database.develop(&after, "two").unwrap_err();
        assert!(refusal.is_refused(), "{refusal}");
        let refusal = refusal.to_string();
        assert!(
            refusal.contains(&format!(
                "dropping the table \"{table}\" loses its 2 rows (a relation that is named @relation(\"{name}\")"
            )),
            "{refusal}"
        );
    }
}

#[test]
fn what_was_added_by_hand_stops_the_exchange() {
    for sql in [
        "CREATE TRIGGER liked AFTER INSERT ON _likes BEGIN UPDATE Post SET id = id WHERE id = new.A; END;",
        "CREATE INDEX some ON _likes (A) WHERE B > 1;",
    ] {
        let mut database = Database::new();
        database.push(&likes(("User", ""), ("Post", "")));
        database.sql(LIKES);
        database.sql(sql);
        let refusal = database.refused(&likes(("Account", "@@map(\"User\")"), ("Post", "")));
        assert!(refusal.contains("would mean the other side: the "), "{refusal}");
    }
}

/// A database of another tool, whose foreign keys have other actions and whose columns a collation.
#[test]
fn a_join_table_made_by_hand_changes_places_with_all_that_it_has() {
    let mut database = Database::of(
        "CREATE TABLE User (id TEXT NOT NULL PRIMARY KEY); CREATE TABLE Post (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT);
         CREATE TABLE _likes (B TEXT NOT NULL COLLATE NOCASE REFERENCES user ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
           A INTEGER NOT NULL REFERENCES post (ID) ON DELETE CASCADE ON UPDATE CASCADE);
         CREATE UNIQUE INDEX _likes_AB_unique ON _likes (A, B); CREATE INDEX _likes_B_index ON _likes (B);
         INSERT INTO User VALUES ('ada'); INSERT INTO Post VALUES (1), (2); INSERT INTO _likes (A, B) VALUES (2, 'ada');",
    );
    database.push(
        "model Account {\n id String @id\n likes Post[] @relation(\"likes\")\n @@map(\"User\")\n}\n\
         model Post {\n id Int @id @default(autoincrement())\n likedBy Account[] @relation(\"likes\")\n}",
    );
    assert_eq!(pairs(&database, "User", "Post"), "ada-2");
    let sql = database.get("SELECT sql FROM sqlite_schema WHERE name = '_likes'");
    assert!(sql.contains("\"A\" TEXT NOT NULL COLLATE NOCASE"), "{sql}");
    assert!(
        sql.contains("(\"A\") REFERENCES \"User\" (\"id\") ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE"),
        "{sql}"
    );
}
