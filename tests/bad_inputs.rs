//! The table of bad inputs (`typescript/bad_inputs/cases.mjs`), asked of the Rust client where its types can express the
//! input at all; most of the table does not compile here. The ids are those of the table, and a test compares them.

#![allow(clippy::panic, reason = "tests fail by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_executor::block_on;
use purlin::{DateTime, Error, Filter, Model};
use purlin_migrate::connection::Connection;
use purlin_migrate::push::{self, DataLoss};
use purlin_schema::SourceFile;
use purlin_schema::model::Provider;
use purlin_tests::faults::db::{Client, NewEntry, NewPost, NewUser, User};
use serde_json::json;

/// Makes a test of each case, and the list of their ids. A case that ends well says so by `Ok`.
macro_rules! cases {
    ($($id:literal $name:ident;)*) => {
        const IDS: &[&str] = &[$($id),*];

        mod cases {
            $(
                #[test]
                fn $name() {
                    super::run(super::$name);
                }
            )*
        }
    };
}

cases! {
    "a sum beyond 64 bits" a_sum_beyond_64_bits;
    "a product beyond Float" a_product_beyond_float;
    "a quotient by nothing" a_quotient_by_nothing;
    "a prototype as JSON: constructor" names_of_javascript_in_json;
    "a number that is none: NaN" nan;
    "a number that is none: Infinity" infinity;
    "a BigInt at its bounds: the least" the_least_big_int;
    "a BigInt at its bounds: the greatest" the_greatest_big_int;
    "a text that databases do not hold alike: NUL within" nul_in_text;
    "such a text in Json: NUL" nul_in_json;
    "a text that reads back as it is: not composed" text_that_is_not_composed;
    "a text that reads back as it is: directions and no width" text_of_directions;
    "a pattern that is only text: contains %" pattern_percent;
    "a pattern that is only text: contains _" pattern_underscore;
    "a pattern that is only text: contains a backslash" pattern_backslash;
    "a pattern that is only text: contains a class" pattern_class;
    "too many rows asked for: a milliard" a_milliard_of_rows;
    "more rows than a result may have" more_rows_than_a_result_may_have;
    "many values: 70,000 ids" seventy_thousand_ids;
    "a value that is taken" a_value_that_is_taken;
    "a relation that leads nowhere" a_relation_that_leads_nowhere;
}

// Siblings that only Rust can express: what is a limit of JavaScript's there is one of the engine's here.
mod siblings {
    use super::*;

    #[test]
    fn a_deep_condition_is_refused() {
        run(async |db: &Client| {
            let deep = |depth: usize| {
                let mut filter = !User::FIELDS.id.eq(1);
                for _ in 0..depth {
                    filter = !filter;
                }
                filter
            };
            for depth in [200, 10_000] {
                refused(db.user().find_many().filter(|_| deep(depth)).await);
            }
            Ok(())
        });
    }

    #[test]
    fn many_conditions_are_refused() {
        run(async |db: &Client| {
            refused(db.user().find_many().filter(|user| Filter::any((0..5_000).map(|id| user.id.eq(id)))).await);
            refused(db.user().find_many().filter(|user| Filter::all((0..100_000).map(|id| !user.id.eq(id)))).await);
            Ok(())
        });
    }

    #[test]
    fn a_long_order_is_refused() {
        run(async |db: &Client| {
            refused(db.user().find_many().order_by(|user| vec![user.id.asc(); 5_000]).await);
            Ok(())
        });
    }

    #[test]
    fn a_text_with_nul_is_refused_in_conditions() {
        run(async |db: &Client| {
            refused(db.user().find_many().filter(|user| user.email.eq("a\0b")).await);
            refused(db.user().find_many().filter(|user| user.email.is_in(["a", "\0"])).await);
            refused(db.user().find_many().filter(|user| user.name.contains("x\0")).await);
            refused(db.user().update(|user| user.id.eq(1)).set(|user| user.meta.to(json!({ "a\0": 1 }))).await);
            refused(db.user().update(|user| user.id.eq(1)).set(|user| user.meta.to(json!([[{ "a": "\0" }]]))).await);
            Ok(())
        });
    }

    #[test]
    fn a_year_that_does_not_sort_is_not_written() {
        run(async |db: &Client| {
            for year in [DateTime::MIN_UTC, DateTime::MAX_UTC] {
                refused(db.user().create(new_user()).set(|user| user.created_at.to(year)).await);
                refused(db.user().update_many().set(|user| user.created_at.to(year)).await);
            }
            Ok(())
        });
    }

    #[test]
    fn a_sum_beyond_32_bits_is_refused() {
        run(async |db: &Client| {
            refused(db.post().update_many().set(|post| [post.views.to(i32::MAX), post.views.add(1)]).await);
            refused(db.post().update_many().set(|post| post.author_id.mul(i32::MAX)).await);
            Ok(())
        });
    }

    /// What reads documents goes less deep than what writes them: a row that cannot be read would be lost.
    #[test]
    fn a_deep_document_is_refused_or_reads_back() {
        run(async |db: &Client| {
            let mut document = json!(1);
            for _ in 0..500 {
                document = json!([document]);
            }
            let given = document.clone();
            let written = db.user().update(|user| user.id.eq(1)).set(|user| user.meta.to(given)).await;
            let kept = db.user().find_unique(|user| user.id.eq(1)).or_not_found().await?.meta;
            match written {
                Ok(user) => assert!(user.meta.as_ref() == Some(&document) && kept == Some(document)),
                Err(error) => {
                    assert!(error.is_invalid() || error.code() == Some("P2029"), "{error}");
                    assert_eq!(kept, None);
                }
            }
            Ok(())
        });
    }
}

#[test]
fn the_table_and_this_file_name_the_same_cases() {
    let table = fs::read_to_string(folder().join("typescript/bad_inputs/cases.mjs")).expect("the table is there");
    let marked = table.matches("rust: true").count();
    // The line that says what the mark means has it too.
    assert_eq!(marked - 1, IDS.len(), "cases of the table that are marked, and cases here");
    for id in IDS {
        let (group, name) = id.split_once(": ").unwrap_or(("", id));
        assert!(table.contains(&format!("'{group}'")), "the table has no group {group}");
        let quoted = format!("'{name}'");
        let mut places = table.match_indices(&quoted).filter_map(|(start, _)| table.get(start..));
        assert!(places.any(is_marked), "the table marks no case {name}");
    }
    assert_eq!(IDS.iter().collect::<BTreeSet<_>>().len(), IDS.len());
}

/// Returns whether the case that begins here is marked, up to where the next one begins.
fn is_marked(table: &str) -> bool {
    let begins = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("id: ") || (line.starts_with('\'') && line.contains("': "))
    };
    let first = table.lines().take(1);
    first.chain(table.lines().skip(1).take_while(|line| !begins(line))).any(|line| line.contains("rust: true"))
}

async fn a_sum_beyond_64_bits(db: &Client) -> Result<(), Error> {
    refused(db.user().update(|user| user.id.eq(1)).set(|user| user.balance.add(i64::MAX)).await);
    Ok(())
}

async fn a_product_beyond_float(db: &Client) -> Result<(), Error> {
    refused(db.user().update(|user| user.id.eq(1)).set(|user| user.score.mul(1.7e308)).await);
    Ok(())
}

async fn a_quotient_by_nothing(db: &Client) -> Result<(), Error> {
    refused(db.user().update(|user| user.id.eq(1)).set(|user| user.score.div(0.0)).await);
    Ok(())
}

async fn names_of_javascript_in_json(db: &Client) -> Result<(), Error> {
    let document = json!({ "constructor": { "prototype": { "admin": true } }, "__proto__": { "admin": true } });
    let kept = document.clone();
    let user = db.user().update(|user| user.id.eq(1)).set(|user| user.meta.to(kept)).await?;
    assert_eq!(user.meta, Some(document));
    Ok(())
}

async fn nan(db: &Client) -> Result<(), Error> {
    refused(db.user().create(new_user()).set(|user| user.score.to(f64::NAN)).await);
    refused(db.user().find_many().filter(|user| user.score.eq(f64::NAN)).await);
    Ok(())
}

async fn infinity(db: &Client) -> Result<(), Error> {
    refused(db.user().create(new_user()).set(|user| user.score.to(f64::INFINITY)).await);
    refused(db.user().find_many().filter(|user| user.score.gt(f64::NEG_INFINITY)).await);
    Ok(())
}

async fn the_least_big_int(db: &Client) -> Result<(), Error> {
    let user = db.user().create(new_user()).set(|user| user.balance.to(i64::MIN)).await?;
    assert_eq!(user.balance, i64::MIN);
    Ok(())
}

async fn the_greatest_big_int(db: &Client) -> Result<(), Error> {
    let user = db.user().create(new_user()).set(|user| user.balance.to(i64::MAX)).await?;
    assert_eq!(user.balance, i64::MAX);
    Ok(())
}

async fn nul_in_text(db: &Client) -> Result<(), Error> {
    refused(db.user().create(new_user()).set(|user| user.name.to("a\0b")).await);
    Ok(())
}

async fn nul_in_json(db: &Client) -> Result<(), Error> {
    refused(db.user().create(new_user()).set(|user| user.meta.to(json!("a\0b"))).await);
    Ok(())
}

async fn text_that_is_not_composed(db: &Client) -> Result<(), Error> {
    keeps(db, "e\u{301}").await
}

async fn text_of_directions(db: &Client) -> Result<(), Error> {
    keeps(db, "\u{202e}\u{200b}").await
}

async fn keeps(db: &Client, text: &str) -> Result<(), Error> {
    let user = db.user().create(new_user()).set(|user| user.name.to(text)).await?;
    assert_eq!(user.name.as_deref(), Some(text));
    Ok(())
}

async fn pattern_percent(db: &Client) -> Result<(), Error> {
    matches_nobody(db, "%").await
}

async fn pattern_underscore(db: &Client) -> Result<(), Error> {
    matches_nobody(db, "_").await
}

async fn pattern_backslash(db: &Client) -> Result<(), Error> {
    matches_nobody(db, "\\").await
}

async fn pattern_class(db: &Client) -> Result<(), Error> {
    matches_nobody(db, "[a-z]*").await
}

async fn matches_nobody(db: &Client, pattern: &str) -> Result<(), Error> {
    let contains = db.user().find_many().filter(|user| user.name.contains(pattern)).await?;
    let begins = db.user().find_many().filter(|user| user.name.starts_with(pattern)).await?;
    let ends = db.user().find_many().filter(|user| user.name.ends_with(pattern)).await?;
    assert_eq!((contains.len(), begins.len(), ends.len()), (0, 0, 0));
    Ok(())
}

async fn a_milliard_of_rows(db: &Client) -> Result<(), Error> {
    let error = refused(db.user().find_many().take(1_000_000_000).await);
    assert!(error.is_invalid() || error.code() == Some("P2029"), "{error}");
    Ok(())
}

async fn more_rows_than_a_result_may_have(db: &Client) -> Result<(), Error> {
    for from in (0..10_001).step_by(1_000) {
        let rows = (from..10_001.min(from + 1_000)).map(|place| NewEntry { batch: "many".into(), place, size: 10_001 });
        db.entry().create_many(rows).await?;
    }
    let error = refused(db.entry().find_many().await);
    assert_eq!(error.code(), Some("P2029"), "{error}");
    assert_eq!(db.entry().find_many().take(10_000).await?.len(), 10_000);
    Ok(())
}

async fn seventy_thousand_ids(db: &Client) -> Result<(), Error> {
    assert_eq!(db.user().find_many().filter(|user| user.id.is_in(1..=70_000)).await?.len(), 2);
    assert_eq!(db.user().count().filter(|user| !user.id.is_in(2..=70_000)).await?, 1);
    Ok(())
}

async fn a_value_that_is_taken(db: &Client) -> Result<(), Error> {
    let error = refused(db.user().create(NewUser { email: "one@acme.io".into() }).await);
    assert!(error.is_unique_violation());
    assert!(!error.to_string().contains("one@acme.io"), "{error}");
    Ok(())
}

async fn a_relation_that_leads_nowhere(db: &Client) -> Result<(), Error> {
    let post = NewPost { title: "hunter2".into() }.set(|post| post.author_id.to(987_654_321));
    let error = refused(db.post().create(post).await);
    assert!(error.is_foreign_key_violation());
    let text = error.to_string();
    assert!(!text.contains("987654321") && !text.contains("hunter2"), "{text}");
    Ok(())
}

fn new_user() -> NewUser {
    NewUser { email: "new@acme.io".into() }
}

/// The error of what was refused in words of ours.
fn refused<T>(result: Result<T, Error>) -> Error {
    let Err(error) = result else { panic!("not refused") };
    assert!(error.is_invalid() || error.code().is_some(), "an error without a code: {error}");
    let text = error.to_string();
    assert!(text.len() < 2_000, "a message of {} bytes", text.len());
    assert!(!text.contains("SELECT ") && !text.contains("SQLite"), "{text}");
    error
}

/// Runs a case on a database of its own: two users with a post each.
fn run(case: impl AsyncFn(&Client) -> Result<(), Error>) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let file = temporary(&NEXT.fetch_add(1, Ordering::Relaxed).to_string());
    fs::write(&file, template()).expect("the folder for temporary files takes a database");
    let result = block_on(async {
        let db = Client::open(&format!("file:{}", file.display()))?;
        for (email, id) in [("one@acme.io", 1), ("two@acme.io", 2)] {
            let new = NewUser { email: email.into() }.set(|user| {
                let post = NewPost { title: format!("post {id}") };
                [
                    user.id.to(id),
                    user.name.to(format!("user {id}")),
                    user.balance.to(5),
                    user.score.to(2.5),
                    user.posts.create(post),
                ]
            });
            db.user().create(new).await?;
        }
        case(&db).await?;
        db.close().await
    });
    remove(&file);
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// An empty database with the tables of the schema.
fn template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let path = folder().join("faults/schema.prisma");
        let text = fs::read_to_string(path).expect("the schema is there");
        let (schema, diagnostics) = purlin_schema::parse(&[SourceFile { path: "schema.prisma".into(), text }]);
        assert!(diagnostics.is_empty(), "the schema is valid: {diagnostics:?}");
        let file = temporary("template");
        let url = format!("file:{}", file.display());
        let mut connection = Connection::open(Provider::Sqlite, &url).expect("a database file is made");
        let push = push::plan(&mut connection, &schema).expect("the schema can be pushed");
        push::apply(&mut connection, &push, DataLoss::Refused).expect("the tables are made");
        drop(connection);
        let bytes = fs::read(&file).expect("the database was made");
        remove(&file);
        bytes
    })
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn temporary(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("purlin-bad-inputs-{}-{name}.db", std::process::id()))
}

fn remove(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut path = file.to_path_buf().into_os_string();
        path.push(ending);
        // It is in the folder for temporary files: the system removes what is left.
        let _ = fs::remove_file(path);
    }
}
