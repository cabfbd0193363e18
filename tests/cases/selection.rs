//! What is loaded of a row: columns and numbers of related rows.

use purlin::Select;
use purlin_tests::db::{Client, Post, Profile, Role, Tag, User};
use purlin_tests::result::show;
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(User)]
struct Contact {
    name: Option<String>,
    email: String,
    role: Role,
}

#[derive(Serialize, Select)]
#[select(Profile)]
struct Bio {
    id: i32,
    bio: String,
}

#[derive(Select)]
#[select(User)]
struct Counted {
    id: i32,
    #[select(count(posts))]
    posts: i64,
    #[select(count(comments))]
    comments: i64,
}

#[derive(Select)]
#[select(User)]
struct Filtered {
    id: i32,
    #[select(count(posts).filter(|post| post.published.eq(true)))]
    published: i64,
}

#[derive(Select)]
#[select(User)]
struct Nested {
    id: i32,
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<CountedPost>,
}

#[derive(Select)]
#[select(Post)]
struct CountedPost {
    title: String,
    #[select(count(comments))]
    comments: i64,
    #[select(count(tags))]
    tags: i64,
}

#[derive(Select)]
#[select(Tag)]
struct CountedTag {
    name: String,
    #[select(count(posts).filter(|post| post.author.is(|author| author.name.eq("Bob"))))]
    posts: i64,
}

cases!(
    all_columns,
    some_columns,
    all_columns_but_some,
    counts,
    counts_of_some,
    counts_in_relations,
    counts_of_some_many_to_many,
    names_of_the_schema_not_of_the_database,
);

async fn all_columns(db: &Client) -> Outcome {
    show(db.user().find_unique(|user| user.id.eq(2)).await?)
}

async fn some_columns(db: &Client) -> Outcome {
    show(db.user().find_many().order_by(|user| user.id.asc()).take(3).select::<Contact>().await?)
}

async fn all_columns_but_some(db: &Client) -> Outcome {
    show(db.profile().find_many().order_by(|profile| profile.id.asc()).select::<Bio>().await?)
}

async fn counts(db: &Client) -> Outcome {
    let rows = db.user().find_many().order_by(|user| user.id.asc()).select::<Counted>().await?;
    show(
        rows.iter()
            .map(|user| json!({ "id": user.id, "_count": { "posts": user.posts, "comments": user.comments } }))
            .collect::<Vec<_>>(),
    )
}

async fn counts_of_some(db: &Client) -> Outcome {
    let rows = db.user().find_many().order_by(|user| user.id.asc()).select::<Filtered>().await?;
    show(rows.iter().map(|user| json!({ "id": user.id, "_count": { "posts": user.published } })).collect::<Vec<_>>())
}

async fn counts_in_relations(db: &Client) -> Outcome {
    let user = db.user().find_unique(|user| user.id.eq(1)).or_not_found().select::<Nested>().await?;
    let posts: Vec<_> = user
        .posts
        .iter()
        .map(|post| json!({ "title": post.title, "_count": { "comments": post.comments, "tags": post.tags } }))
        .collect();
    show(json!({ "id": user.id, "posts": posts }))
}

async fn counts_of_some_many_to_many(db: &Client) -> Outcome {
    let rows = db.tag().find_many().order_by(|tag| tag.name.asc()).select::<CountedTag>().await?;
    show(rows.iter().map(|tag| json!({ "name": tag.name, "_count": { "posts": tag.posts } })).collect::<Vec<_>>())
}

async fn names_of_the_schema_not_of_the_database(db: &Client) -> Outcome {
    let profile = db.profile().find_first().filter(|profile| profile.user_id.eq(2)).await?;
    let booking = db.booking().find_first().filter(|booking| booking.seat_number.eq(2)).await?;
    show(json!([profile, booking]))
}
