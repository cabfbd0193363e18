//! What a query may ask for, and what happens at the bounds, with the limits that a client has by default.

mod blog;

use std::time::{Duration, Instant};

use blog::db::{NewPost, NewSample, NewTag, NewUser, Post, Role, Tag, User};
use blog::{Scratch, block_on};
use purlin::{DateTime, Error, Filter, Select};
use serde_json::json;

type Result<T = ()> = std::result::Result<T, Error>;

/// Users and posts in numbers, each post by the user of the same number.
async fn numbered(users: u32) -> Result<Scratch> {
    let db = Scratch::new();
    let client: &purlin::Db = db.as_ref();
    client
        .execute_script(&format!(
            r#"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {users})
           INSERT INTO "User" ("id", "email") SELECT i, 'user' || i || '@acme.io' FROM n;
           INSERT INTO "Post" ("id", "title", "updatedAt", "authorId")
           SELECT "id", 'Post ' || "id", '2024-01-02T03:04:05.678+00:00', "id" FROM "User";"#
        ))
        .await?;
    Ok(db)
}

fn limit<T: std::fmt::Debug>(result: Result<T>) -> String {
    let error = result.expect_err("the query is refused");
    assert_eq!(error.code(), Some("P2029"), "{error}");
    error.to_string()
}

fn sample() -> NewSample {
    NewSample {
        string: String::new(),
        boolean: true,
        int: 1,
        big_int: 1,
        float: 1.0,
        decimal: 1.into(),
        date_time: DateTime::UNIX_EPOCH,
        json: json!(null),
        bytes: Vec::new(),
        role: Role::Admin,
    }
}

#[derive(Debug, PartialEq, Select)]
#[select(User)]
struct WithPosts {
    id: i32,
    posts: Vec<PostId>,
}

#[derive(Debug, PartialEq, Select)]
#[select(Post)]
struct PostId {
    id: i32,
}

#[test]
fn seventy_thousand_ids_are_one_query() -> Result {
    block_on(async {
        let db = numbered(20_000).await?;
        for length in [10_000, 70_000] {
            let began = Instant::now();
            let found = db.user().find_many().filter(|user| user.id.is_in(1..=length)).take(9_999).await?;
            assert_eq!(found.len(), 9_999);
            let count = db.user().count().filter(|user| user.id.is_not_in(10_i32..length)).await?;
            assert_eq!(count, 20_000 - i64::from(length.min(20_001) - 10));
            assert!(began.elapsed() < Duration::from_secs(5), "{length} ids took {:?}", began.elapsed());
        }
        // With related rows, and a second list for them.
        let few = db
            .user()
            .find_many()
            .filter(|user| user.id.is_in(1..=20_000) & user.id.is_in(19_000..=40_000))
            .select::<WithPosts>()
            .await?;
        assert_eq!(few.len(), 1_001);
        assert!(few.iter().all(|user| user.posts == [PostId { id: user.id }]));
        let message = limit(db.user().count().filter(|user| user.id.is_in(0..=100_000)).await);
        assert_eq!(
            message,
            "a list for `User.id` has more than 100000 values: split it into several queries, or raise the `listValues` limit of the client"
        );
        Ok(())
    })
}

#[test]
fn rows_are_read_in_pages() -> Result {
    block_on(async {
        let db = numbered(10_001).await?;
        let message = limit(db.user().find_many().await);
        assert_eq!(
            message,
            "more than 10000 rows of User match: read them in pages with `take`, or raise the `rows` limit of the client"
        );
        limit(db.user().find_many().take(10_001).await);
        assert_eq!(db.user().find_many().take(10_000).await?.len(), 10_000);
        assert_eq!(db.user().find_many().skip(1).await?.len(), 10_000);
        Ok(())
    })
}

#[test]
fn a_long_disjunction_runs_and_a_longer_one_is_refused() -> Result {
    block_on(async {
        let db = numbered(10).await?;
        let any =
            |length: i32| db.user().find_many().filter(move |user| Filter::any((0..length).map(|id| user.id.eq(id))));
        assert_eq!(any(1_990).await?.len(), 10);
        let message = limit(any(2_001).await);
        assert!(message.starts_with("the query has more than 2000 conditions"), "{message}");
        // A word of a shape counts to 65,535.
        limit(any(70_000).await);
        Ok(())
    })
}

#[test]
fn text_is_searched_literally_whatever_its_length() -> Result {
    block_on(async {
        let db = Scratch::new();
        let long = "ab".repeat(100_000);
        for name in ["100%", "1000", "a_b", "aXb", &long] {
            db.tag().create(NewTag { name: name.into() }).await?;
        }
        let lengths = |filter: Filter<Tag>| async {
            let found = db.tag().find_many().filter(|_| filter).order_by(|tag| tag.name.asc()).await?;
            Ok::<_, Error>(found.into_iter().map(|tag| tag.name.len()).collect::<Vec<_>>())
        };
        let name = <Tag as purlin::Model>::FIELDS.name;
        assert_eq!(lengths(name.contains("0%")).await?, [4]);
        assert_eq!(lengths(name.starts_with("A_")).await?, [3]);
        assert_eq!(lengths(name.contains("BA".repeat(99_999))).await?, [200_000]);
        assert_eq!(lengths(name.ends_with("AB".repeat(99_999))).await?, [200_000]);
        assert!(lengths(name.contains("a".repeat(99_999))).await?.is_empty());
        Ok(())
    })
}

#[test]
fn a_key_that_its_type_cannot_hold_is_not_stored() -> Result {
    block_on(async {
        let db = Scratch::new();
        let client: &purlin::Db = db.as_ref();
        client.execute_script(
            r#"INSERT INTO "User" ("id", "email") VALUES (2147483647, 'last'); INSERT INTO sqlite_sequence VALUES ('Post', 2147483647)"#,
        ).await?;
        let user = || NewUser { email: "beyond".into() };
        let post = || NewPost { title: "beyond".into() };
        for result in [
            db.user().create(user()).await.map(drop),
            db.user().create_many([user()]).await.map(drop),
            db.user().create(user().set(|user| user.id.to(1))).set(|user| user.posts.create(post())).await.map(drop),
        ] {
            let error = result.expect_err("the key does not fit");
            assert_eq!(error.code(), Some("P2020"), "{error}");
        }
        assert_eq!((db.user().count().await?, db.post().count().await?), (1, 0));
        Ok(())
    })
}

#[test]
fn values_that_would_not_come_back_are_refused() -> Result {
    block_on(async {
        let db = Scratch::new();
        let late = DateTime::from_timestamp_micros(253_402_300_800_000_000).expect("in the range of dates");
        for refused in [
            NewSample { date_time: late, ..sample() },
            NewSample { date_time: DateTime::MIN_UTC, ..sample() },
            NewSample { json: json!({ "key\0": 1 }), ..sample() },
            NewSample { json: json!(["\0"]), ..sample() },
        ] {
            assert!(db.sample().create(refused).await.is_err());
        }
        let error = db.sample().create(NewSample { date_time: late, ..sample() }).await.expect_err("it is refused");
        assert_eq!(
            error.to_string(),
            "`Sample.dateTime` holds dates of the years 0000 to 9999: later and earlier ones do not sort"
        );
        db.sample().create(sample()).await?;
        // As a bound it is after all that the column holds.
        assert_eq!(db.sample().count().filter(|sample| sample.date_time.gt(late)).await?, 0);
        assert_eq!(db.sample().count().filter(|sample| sample.date_time.lt(late)).await?, 1);
        let divided = db.sample().update(|sample| sample.id.eq(1)).set(|sample| sample.float.div(0)).await;
        assert_eq!(divided.expect_err("nothing is divided by zero").code(), Some("P2020"));
        let divided = db.sample().update_many().set(|sample| sample.int.div(0)).await;
        assert_eq!(divided.expect_err("nothing is divided by zero").code(), Some("P2020"));
        assert_eq!(db.sample().count().filter(|sample| sample.float.eq(1) & sample.int.eq(1)).await?, 1);
        Ok(())
    })
}

/// Conditions that every user satisfies, since they came out empty.
fn empty_conditions() -> Vec<(&'static str, Filter<User>)> {
    use purlin::Model as _;
    let user = User::FIELDS;
    let none = || Filter::given([None::<Filter<User>>]);
    let never = || user.id.is_in(Vec::<i32>::new());
    vec![
        ("given", none()),
        ("all", Filter::all(Vec::<Filter<User>>::new())),
        ("not any", !Filter::any(Vec::<Filter<User>>::new())),
        ("not in", user.id.is_not_in(Vec::<i32>::new())),
        ("not in nothing", !never()),
        ("and", none() & user.email.is_not_in(Vec::<String>::new())),
        ("or", user.id.eq(1) | none()),
        ("or first", none() | user.id.eq(1)),
        ("not not", !!none()),
        ("nested", Filter::all([Filter::all([none()]), Filter::any([never(), none()])])),
        ("every", user.posts.every(|post| post.title.is_not_in(Vec::<String>::new()))),
        ("none", user.posts.none(|post| post.id.is_in(Vec::<i32>::new()))),
    ]
}

#[test]
fn a_condition_that_came_out_empty_writes_no_row() -> Result {
    block_on(async {
        let db = numbered(5).await?;
        for (title, filter) in empty_conditions() {
            for (operation, result) in [
                ("delete_many", db.user().delete_many().filter(|_| filter.clone()).await),
                ("update_many", db.user().update_many().filter(|_| filter.clone()).set(|user| user.name.to("x")).await),
            ] {
                let error = result.expect_err(title);
                let expected = format!(
                    "the condition of `{operation}` came out empty, and every User satisfies it: give it a condition on a field, or leave out `filter` to mean all rows"
                );
                assert_eq!(error.to_string(), expected, "{title}");
                assert!(error.is_invalid(), "{title}");
            }
            // A read may have it.
            assert_eq!(db.user().find_many().filter(|_| filter).await?.len(), 5, "{title}");
        }
        let error =
            db.post().delete_many().filter(|post| post.author.is(|_| Filter::given([None::<Filter<User>>]))).await;
        assert!(error.is_err_and(|error| error.is_invalid()), "a required relation is always there");
        assert_eq!(db.user().find_many().filter(|user| user.name.is_null()).await?.len(), 5);
        assert_eq!(db.post().count().await?, 5);
        Ok(())
    })
}

#[test]
fn a_condition_on_related_rows_that_came_out_empty_writes_no_row() -> Result {
    block_on(async {
        let db = numbered(5).await?;
        for (title, filter) in empty_conditions() {
            let manager = || db.user().update(|user| user.id.eq(1)).set(|user| user.name.to("x"));
            for (operation, all, result) in [
                ("delete_many", "delete_all", manager().set(|user| user.reports.delete_many(|_| filter.clone())).await),
                (
                    "update_many",
                    "update_all",
                    manager()
                        .set(|user| user.reports.update_many(|_| filter.clone(), |report| report.visits.to(1)))
                        .await,
                ),
                (
                    "delete_many",
                    "delete_all",
                    db.post()
                        .update(|post| post.id.eq(1))
                        .set(|post| post.author.update(|author| author.reports.delete_many(|_| filter.clone())))
                        .await
                        .and(manager().set(|user| user.reports.delete_many(|_| filter)).await),
                ),
            ] {
                let error = result.expect_err(title);
                let expected = format!(
                    "the condition of `{operation}` came out empty, and every User satisfies it: give it a condition on a field, or use `{all}` to mean all rows"
                );
                assert_eq!(error.to_string(), expected, "{title}");
                assert!(error.is_invalid(), "{title}");
            }
        }
        assert_eq!(db.user().count().filter(|user| user.name.is_null() & user.visits.eq(0)).await?, 5);
        Ok(())
    })
}

#[test]
fn a_condition_that_says_something_and_no_condition_at_all_are_taken() -> Result {
    block_on(async {
        let db = numbered(5).await?;
        let none = || Filter::given([None::<Filter<User>>]);
        assert_eq!(
            db.user().update_many().filter(|user| user.id.eq(1) & none()).set(|user| user.name.to("a")).await?,
            1
        );
        assert_eq!(
            db.user()
                .update_many()
                .filter(|user| user.id.is_in(Vec::<i32>::new()))
                .set(|user| user.name.to("b"))
                .await?,
            0
        );
        assert_eq!(
            db.user()
                .update_many()
                .filter(|user| user.posts.some(|_| Filter::all(Vec::<Filter<Post>>::new())))
                .set(|user| user.name.to("c"))
                .await?,
            5
        );
        assert_eq!(
            db.user().update_many().filter(|user| user.manager.is_null()).set(|user| user.name.to("d")).await?,
            5
        );
        assert_eq!(db.post().update_many().set(|post| post.title.to("all")).await?, 5);
        assert_eq!(db.post().delete_many().await?, 5);
        Ok(())
    })
}
