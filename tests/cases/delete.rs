//! Removal of rows, and what happens to the rows that refer to them.

use purlin::Select;
use purlin_tests::db::{Badge, Client, Comment, Post, Profile, User};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(Post)]
struct Discussed {
    title: String,
    #[select(order_by(|comment| comment.id.asc()))]
    comments: Vec<Remark>,
    #[select(count(tags))]
    #[serde(skip)]
    tags: i64,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct Remark {
    text: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Cards {
    email: String,
    profile: Option<Profile>,
    badge: Option<Badge>,
}

cases!(
    gives_the_row_as_it_was,
    gives_related_rows_as_they_were,
    narrowed_by_other_conditions,
    cascades,
    sets_null,
    join_rows_go_with_either_side,
    a_row_that_others_need_stays,
    many_rows,
    many_rows_by_a_condition_on_relations,
    many_rows_of_none,
    all_rows,
);

async fn gives_the_row_as_it_was(db: &Client) -> Outcome {
    let deleted = db.comment().delete(|comment| comment.id.eq(2)).await?;
    show(json!([deleted, db.comment().count().await?]))
}

async fn gives_related_rows_as_they_were(db: &Client) -> Outcome {
    let post = db.post().delete(|post| post.id.eq(1)).select::<Discussed>().await?;
    let cards = db.user().delete(|user| user.id.eq(5)).select::<Cards>().await?;
    show(json!([{ "title": post.title, "comments": post.comments, "_count": { "tags": post.tags } }, cards]))
}

async fn narrowed_by_other_conditions(db: &Client) -> Outcome {
    let stale = db.comment().delete(|comment| comment.id.eq(1) & comment.text.eq("edited")).await;
    let current = db.comment().delete(|comment| comment.id.eq(1) & comment.text.eq("first")).await?;
    show(json!([refused(stale), current.id]))
}

async fn cascades(db: &Client) -> Outcome {
    db.post().delete(|post| post.id.eq(3)).await?;
    let left = db.comment().find_many().order_by(|comment| comment.id.asc()).await?;
    show(left.iter().map(|comment| comment.id).collect::<Vec<_>>())
}

async fn sets_null(db: &Client) -> Outcome {
    db.user().delete(|user| user.id.eq(3)).await?;
    show(db.comment().find_unique(|comment| comment.id.eq(5)).await?)
}

async fn join_rows_go_with_either_side(db: &Client) -> Outcome {
    db.tag().delete(|tag| tag.name.eq("rust")).await?;
    db.post().delete(|post| post.id.eq(4)).await?;
    let tagged = db.post().count().filter(|post| post.tags.some(|tag| tag.name.ne(""))).await?;
    let used = db.tag().count().filter(|tag| tag.posts.some(|post| post.title.ne(""))).await?;
    show([tagged, used])
}

async fn a_row_that_others_need_stays(db: &Client) -> Outcome {
    let one = db.user().delete(|user| user.id.eq(4)).await;
    let many = db.user().delete_many().await;
    show(json!([refused(one), refused(many), db.user().count().await?]))
}

async fn many_rows(db: &Client) -> Outcome {
    let deleted = db.comment().delete_many().filter(|comment| comment.id.is_in([1, 2, 99])).await?;
    let left = db.comment().find_many().order_by(|comment| comment.id.asc()).await?;
    show(json!({ "deleted": deleted, "left": left.iter().map(|comment| comment.id).collect::<Vec<_>>() }))
}

async fn many_rows_by_a_condition_on_relations(db: &Client) -> Outcome {
    let deleted = db
        .comment()
        .delete_many()
        .filter(|comment| comment.post.is(|post| post.author.is(|author| author.name.eq("Ada"))))
        .await?;
    let left = db.comment().find_many().order_by(|comment| comment.id.asc()).await?;
    show(json!({ "deleted": deleted, "left": left.iter().map(|comment| comment.id).collect::<Vec<_>>() }))
}

async fn many_rows_of_none(db: &Client) -> Outcome {
    show(db.comment().delete_many().filter(|comment| comment.text.eq("none")).await?)
}

async fn all_rows(db: &Client) -> Outcome {
    let deleted = db.comment().delete_many().await?;
    show(json!([deleted, db.comment().count().await?]))
}
