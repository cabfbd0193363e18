//! What users of libraries of this kind have reported. `reports/reports.toml` says which public report a case stands for.

use purlin::{DateTime, Decimal, Filter, Model, New, Select};
use purlin_tests::db::{
    Client, Comment, NewComment, NewPost, NewSample, NewTag, NewUser, NewVisit, Post, PostKind, Sample, Tag, TagFields,
    User, Visit,
};
use purlin_tests::result::{date_time, decimal, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::{Value, json};

cases!(
    a_row_that_the_database_dated_is_in_the_past,
    dates_long_ago_keep_their_years,
    a_date_with_an_offset_is_its_instant,
    not_true_leaves_out_null,
    not_a_foreign_key_leaves_out_null,
    a_bulk_write_by_a_negated_condition_on_a_relation,
    rows_are_deleted_by_every_and_some,
    nested_rows_keep_their_order,
    decimals_have_no_noise,
    numbers_within_json,
    underscores_find_themselves,
    an_underscore_at_the_end_of_a_search,
    a_prefix_of_more_than_fifty_characters,
    a_long_text_within_a_longer_one,
    letters_beyond_ascii_keep_their_case,
    hundreds_of_pairs_of_conditions,
    three_lists_of_thousands,
    rows_of_thousands_of_parents;
    only on SQLite:
    // Dates in several forms, and a decimal that DECIMAL(65, 30) cannot hold.
    a_date_that_was_read_finds_its_row,
    a_day_alone_is_its_midnight,
    a_range_has_its_lower_bound,
    dates_that_other_programs_wrote_are_read,
    rows_are_deleted_by_their_age,
    a_decimal_of_many_digits,
);

fn instant(text: &str) -> DateTime {
    text.parse().expect("an instant")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal number")
}

fn user(email: &str) -> NewUser {
    NewUser { email: email.into() }
}

fn ids(visits: &[Visit]) -> Vec<i32> {
    visits.iter().map(|visit| visit.id).collect()
}

async fn a_row_that_the_database_dated_is_in_the_past(db: &Client) -> Outcome {
    let now = || DateTime::from(std::time::SystemTime::now());
    let minute = std::time::Duration::from_secs(60);
    show([
        db.visit().count().filter(|visit| visit.at.lt(now() + minute)).await?,
        db.visit().count().filter(|visit| visit.opened.gt(now() - 24 * 60 * minute)).await?,
        db.visit().count().filter(|visit| visit.closed.gt(now() + minute)).await?,
    ])
}

async fn dates_that_other_programs_wrote_are_read(db: &Client) -> Outcome {
    let rows = db.visit().find_many().order_by(|visit| [visit.at.asc(), visit.id.asc()]).await?;
    show(rows.iter().map(|visit| json!([visit.id, visit.at.map(date_time)])).collect::<Vec<_>>())
}

async fn a_day_alone_is_its_midnight(db: &Client) -> Outcome {
    let midnight = || instant("2025-05-31T00:00:00Z");
    show([
        db.visit().count().filter(|visit| visit.at.lte(midnight())).await?,
        db.visit().count().filter(|visit| visit.opened.eq(midnight())).await?,
        db.visit().count().filter(|visit| visit.closed.lt(midnight())).await?,
        db.visit().count().filter(|visit| visit.closed.gte(instant("2025-05-31T00:00:00.001Z"))).await?,
    ])
}

async fn a_range_has_its_lower_bound(db: &Client) -> Outcome {
    let (from, to) = (instant("2023-05-01T08:00:00Z"), instant("2023-05-31T23:59:59Z"));
    let rows = || db.visit().find_many().order_by(|visit| visit.id.asc());
    show([
        ids(&rows().filter(|visit| visit.at.gte(from) & visit.at.lt(to)).await?),
        ids(&rows().filter(|visit| visit.closed.gte(from) & visit.closed.lt(to)).await?),
    ])
}

async fn rows_are_deleted_by_their_age(db: &Client) -> Outcome {
    let none = db.visit().delete_many().filter(|visit| visit.at.lt(instant("2022-01-01T00:00:00Z"))).await?;
    let one = db.visit().delete_many().filter(|visit| visit.closed.lt(instant("2024-01-01T00:00:00Z"))).await?;
    db.visit().create(NewVisit {}).set(|visit| [visit.id.to(4), visit.at.to(instant("2000-01-01T00:00:00Z"))]).await?;
    let left = db.visit().find_many().order_by(|visit| visit.at.desc()).await?;
    show(json!([none, one, ids(&left)]))
}

async fn a_date_that_was_read_finds_its_row(db: &Client) -> Outcome {
    let mut found = Vec::new();
    for row in db.visit().find_many().order_by(|visit| visit.id.asc()).await? {
        let at = row.at.expect("each row has a date");
        let same = db.visit().find_many().filter(|visit| visit.at.eq(at)).await?;
        let unique = db.visit().find_unique(|visit| visit.opened.eq(at)).await?;
        let later = db.visit().count().filter(|visit| visit.opened.gt(at)).await?;
        found.push(json!([ids(&same), unique.map(|visit| visit.id), later]));
    }
    show(found)
}

async fn dates_long_ago_keep_their_years(db: &Client) -> Outcome {
    let dates = [
        "9999-12-31T23:59:59.999Z",
        "1969-01-01T10:33:59.828Z",
        "0099-12-31T23:59:59.999Z",
        "0000-01-01T00:00:00.000Z",
    ];
    for date in dates {
        db.sample().create(NewSample {}).set(|sample| sample.date_time.to(instant(date))).await?;
    }
    let rows = db.sample().find_many().order_by(|sample| sample.date_time.asc()).await?;
    let old = db.sample().count().filter(|sample| sample.date_time.lt(instant("0100-01-01T00:00:00Z"))).await?;
    show(json!([rows.iter().map(|row| date_time(row.date_time)).collect::<Vec<_>>(), old]))
}

async fn a_date_with_an_offset_is_its_instant(db: &Client) -> Outcome {
    let row = NewVisit {}.set(|visit| visit.opened.to(instant("2024-03-05T01:30:00+05:30")));
    let written = db.visit().create(row).await?;
    let found = db.visit().find_unique(|visit| visit.opened.eq(instant("2024-03-04T15:00:00-05:00"))).await?;
    show(json!([written.opened.map(date_time), found.is_some_and(|visit| visit.id == written.id)]))
}

async fn not_true_leaves_out_null(db: &Client) -> Outcome {
    for value in [Some(true), Some(false), None] {
        db.sample().create(NewSample {}).set(|sample| sample.optional_boolean.to(value)).await?;
    }
    show([
        db.sample().count().filter(|sample| sample.optional_boolean.ne(true)).await?,
        db.sample().count().filter(|sample| !sample.optional_boolean.eq(true)).await?,
        db.sample()
            .count()
            .filter(|sample| sample.optional_boolean.ne(true) | sample.optional_boolean.is_null())
            .await?,
        db.sample().count().filter(|sample| sample.optional_boolean.is_not_null()).await?,
    ])
}

async fn not_a_foreign_key_leaves_out_null(db: &Client) -> Outcome {
    let ids = |rows: Vec<Comment>| rows.iter().map(|comment| comment.id).collect::<Vec<_>>();
    let rows = || db.comment().find_many().order_by(|comment| comment.id.asc());
    show([
        ids(rows().filter(|comment| comment.author_id.ne(2)).await?),
        ids(rows().filter(|comment| comment.author_id.ne(2) | comment.author_id.is_null()).await?),
    ])
}

async fn a_bulk_write_by_a_negated_condition_on_a_relation(db: &Client) -> Outcome {
    let known = db
        .post()
        .update_many()
        .filter(|post| post.author.is(|author| author.score.ne(4.5)))
        .set(|post| post.views.to(-1))
        .await?;
    let unknown = db
        .post()
        .update_many()
        .filter(|post| post.author.is(|author| author.score.ne(4.5) | author.score.is_null()))
        .set(|post| post.views.to(-2))
        .await?;
    let rows = db.post().find_many().order_by(|post| post.id.asc()).await?;
    show(json!([known, unknown, rows.iter().map(|post| post.views).collect::<Vec<_>>()]))
}

async fn rows_are_deleted_by_every_and_some(db: &Client) -> Outcome {
    let every = |tag: TagFields| tag.posts.every(|post| post.title.eq("zzz"));
    let some = |tag: TagFields| tag.posts.some(|post| post.title.eq("zzz"));
    let both = db.tag().delete_many().filter(|tag| every(tag) & some(Tag::FIELDS)).await?;
    let alone = db.tag().delete_many().filter(every).await?;
    let left = db.tag().find_many().order_by(|tag| tag.name.asc()).await?;
    show(json!([both, alone, left.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>()]))
}

async fn nested_rows_keep_their_order(db: &Client) -> Outcome {
    let post = |title: &str| NewPost { title: title.into() };
    let posts = [
        New::from(post("One")),
        post("Two").set(|post| [post.views.to(2), post.tags.connect(|tag| tag.id.eq("t1"))]),
        post("Three").set(|post| post.kind.to(PostKind::Note)),
        New::from(post("Four")),
        post("Five").set(|post| post.views.to(5)),
    ];
    let id = db.user().create(user("new@acme.io")).set(|user| posts.map(|post| user.posts.create(post))).await?.id;
    let rows = db.post().find_many().filter(|post| post.author_id.eq(id)).order_by(|post| post.id.asc()).await?;
    show(rows.iter().map(|post| post.title.as_str()).collect::<Vec<_>>())
}

async fn a_decimal_of_many_digits(db: &Client) -> Outcome {
    let greatest = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    let id = db.sample().create(NewSample {}).set(|sample| sample.decimal.to(number(greatest))).await?.id;
    let equal = db.sample().count().filter(|sample| sample.decimal.eq(number(greatest))).await?;
    let next = db.sample().update(|sample| sample.id.eq(id)).set(|sample| sample.decimal.add(number("1"))).await?;
    let greater = db.sample().count().filter(|sample| sample.decimal.gt(number(greatest))).await?;
    show(json!([equal, decimal(&next.decimal), greater]))
}

async fn decimals_have_no_noise(db: &Client) -> Outcome {
    let first = db.sample().create(NewSample {}).set(|sample| sample.decimal.to(number("54.234246451"))).await?;
    let id = db.sample().create(NewSample {}).set(|sample| sample.decimal.to(number("0.1"))).await?.id;
    let sum = db.sample().update(|sample| sample.id.eq(id)).set(|sample| sample.decimal.add(number("0.2"))).await?;
    let equal = db.sample().count().filter(|sample| sample.decimal.eq(number("0.3"))).await?;
    show(json!([decimal(&first.decimal), decimal(&sum.decimal), equal]))
}

async fn numbers_within_json(db: &Client) -> Outcome {
    let value = json!({ "template": 7_088_992_364_139_642_880_u64, "small": [5e-324, 0.1], "large": -1e21 });
    db.sample().create(NewSample {}).set(|sample| sample.json.to(value.clone())).await?;
    let rows = db.sample().find_many().filter(|sample| sample.json.eq(value.clone())).await?;
    let same = |row: &Sample| {
        let number = |path: &str| row.json.pointer(path).and_then(Value::as_f64);
        ["/template", "/small/0", "/small/1", "/large"]
            .map(|path| number(path) == value.pointer(path).and_then(Value::as_f64))
    };
    show(rows.iter().map(same).collect::<Vec<_>>())
}

async fn tags(db: &Client, names: &[&str]) -> Result<(), purlin::Error> {
    db.tag().create_many(names.iter().map(|name| NewTag { name: (*name).into() })).await.map(drop)
}

async fn found(db: &Client, filter: impl FnOnce(TagFields) -> Filter<Tag>) -> Result<Vec<String>, purlin::Error> {
    let rows = db.tag().find_many().filter(filter).order_by(|tag| tag.name.asc()).await?;
    Ok(rows.into_iter().map(|tag| tag.name).collect())
}

async fn underscores_find_themselves(db: &Client) -> Outcome {
    tags(db, &["____", "abcd", "a_%d"]).await?;
    show([
        found(db, |tag| tag.name.contains("____")).await?,
        found(db, |tag| tag.name.starts_with("__")).await?,
        found(db, |tag| tag.name.ends_with("%d")).await?,
        found(db, |tag| tag.name.contains("_")).await?,
        found(db, |tag| tag.name.contains("%")).await?,
    ])
}

async fn an_underscore_at_the_end_of_a_search(db: &Client) -> Outcome {
    tags(db, &["jane_doe", "test_data"]).await?;
    show(found(db, |tag| tag.name.contains("t_")).await?)
}

async fn a_prefix_of_more_than_fifty_characters(db: &Client) -> Outcome {
    let prefix = "x".repeat(51);
    tags(db, &[&format!("{prefix}/a"), &format!("{prefix}/b"), "x"]).await?;
    show([
        db.tag().count().filter(|tag| tag.name.starts_with(prefix.as_str())).await?,
        db.tag().count().filter(|tag| tag.name.starts_with("x".repeat(52))).await?,
    ])
}

async fn a_long_text_within_a_longer_one(db: &Client) -> Outcome {
    let text = format!("{}b{}", "a".repeat(55_000), "_".repeat(25_000));
    db.comment().create(NewComment { text }).set(|comment| comment.post_id.to(1)).await?;
    let mut counts = Vec::new();
    for operand in [format!("{}b", "a".repeat(55_000)), "_".repeat(25_000), "a".repeat(55_001), "_".repeat(25_001)] {
        counts.push(db.comment().count().filter(|comment| comment.text.contains(operand)).await?);
    }
    show(counts)
}

async fn letters_beyond_ascii_keep_their_case(db: &Client) -> Outcome {
    tags(db, &["ÉCOLE", "école"]).await?;
    show([
        found(db, |tag| tag.name.contains("COLE")).await?,
        found(db, |tag| tag.name.contains("École")).await?,
        found(db, |tag| tag.name.starts_with("é")).await?,
    ])
}

async fn hundreds_of_pairs_of_conditions(db: &Client) -> Outcome {
    let pair = |number: i32| User::FIELDS.id.eq(number) & User::FIELDS.visits.eq(3);
    let rows = db.user().find_many().filter(|_| Filter::any((0..600).map(pair))).order_by(|user| user.id.asc()).await?;
    show(rows.iter().map(|user| user.id).collect::<Vec<_>>())
}

async fn three_lists_of_thousands(db: &Client) -> Outcome {
    let rows = db
        .user()
        .find_many()
        .filter(|user| {
            user.id.is_in(2..13_000)
                & user.visits.is_in(-1..13_000)
                & user.email.is_not_in((0..13_000).map(|number| format!("{number}@acme.io")))
        })
        .order_by(|user| user.id.asc())
        .await?;
    show(rows.iter().map(|user| user.id).collect::<Vec<_>>())
}

#[derive(Serialize, Select)]
#[select(User)]
struct WithPosts {
    id: i32,
    posts: Vec<Post>,
}

async fn rows_of_thousands_of_parents(db: &Client) -> Outcome {
    let people = (1000..4000).map(|id| user(&format!("{id}@acme.io")).set(move |user| user.id.to(id)));
    db.user().create_many(people).await?;
    let posts =
        (1000..4000).map(|id| NewPost { title: "New".into() }.set(move |post| (post.id.to(id), post.author_id.to(id))));
    db.post().create_many(posts).await?;
    let all = db.user().find_many().filter(|user| user.id.gte(1000)).select::<WithPosts>().await?;
    let some = db
        .user()
        .find_many()
        .filter(|user| user.id.gte(1000))
        .select::<WithPosts>()
        .with(|user| user.posts.filter(|post| post.id.is_in(2000..18_384)))
        .await?;
    let mine =
        |rows: &[WithPosts]| rows.iter().filter(|user| user.posts.iter().any(|post| post.author_id == user.id)).count();
    show([all.len(), mine(&all), some.len(), mine(&some)])
}
