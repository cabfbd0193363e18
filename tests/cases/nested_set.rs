//! Related rows that are replaced by others.

use purlin::{Key, Select};
use purlin_tests::db::{Booking, Client, Comment, NewComment, Post, Tag, User};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(Comment)]
#[serde(rename_all = "camelCase")]
struct CommentAuthor {
    id: i32,
    author_id: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Commenter {
    #[select(order_by(|comment| comment.id.asc()))]
    comments: Vec<CommentId>,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct CommentId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(User)]
struct CommentTexts {
    #[select(order_by(|comment| comment.id.asc()))]
    comments: Vec<CommentText>,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct CommentText {
    text: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Author {
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostId>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct PostId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Tagged {
    #[select(order_by(|tag| tag.id.asc()))]
    tags: Vec<TagId>,
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct TagId {
    id: String,
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct Broader {
    id: String,
    #[select(order_by(|tag| tag.id.asc()))]
    narrower: Vec<TagId>,
}

#[derive(Serialize, Select)]
#[select(User)]
#[serde(rename_all = "camelCase")]
struct Managed {
    id: i32,
    manager_id: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
#[serde(rename_all = "camelCase")]
struct Seated {
    id: i32,
    seat_row: Option<i32>,
    seat_number: Option<i32>,
}

cases!(
    rows_that_refer_to_a_row,
    a_single_row,
    no_rows,
    rows_that_need_their_row_stay,
    a_missing_row_leaves_the_others,
    rows_of_a_join_table,
    rows_of_its_own_model,
    rows_of_a_join_table_with_its_own_model,
    a_foreign_key_of_several_columns,
    operations_of_one_relation_run_in_their_order,
    a_failure_afterwards_leaves_nothing,
    more_rows_than_a_condition_may_be_deep,
    keys_of_two_columns_name_no_other_rows,
);

async fn comments(db: &Client) -> Outcome {
    show(db.comment().find_many().order_by(|comment| comment.id.asc()).select::<CommentAuthor>().await?)
}

async fn rows_that_refer_to_a_row(db: &Client) -> Outcome {
    db.user()
        .update(|user| user.id.eq(2))
        .set(|user| user.comments.set_to(|comment| [1, 5, 2].map(|id| comment.id.eq(id))))
        .await?;
    comments(db).await
}

async fn a_single_row(db: &Client) -> Outcome {
    let changed = db
        .user()
        .update(|user| user.id.eq(2))
        .set(|user| user.comments.set_to(|comment| [comment.id.eq(3)]))
        .select::<Commenter>();
    show(changed.await?)
}

async fn no_rows(db: &Client) -> Outcome {
    db.user().update(|user| user.id.eq(2)).set(|user| user.comments.disconnect_all()).await?;
    comments(db).await
}

async fn rows_that_need_their_row_stay(db: &Client) -> Outcome {
    let set = async |author: i32, ids: &[i32]| {
        db.user()
            .update(|user| user.id.eq(author))
            .set(|user| user.posts.set_to(|post| ids.iter().map(move |id| post.id.eq(*id))))
            .select::<Author>()
            .await
    };
    show(json!([
        refused(set(1, &[]).await),
        refused(set(1, &[1, 3]).await),
        set(1, &[1, 2]).await?,
        set(1, &[5, 2, 1]).await?,
        set(5, &[]).await?,
    ]))
}

async fn a_missing_row_leaves_the_others(db: &Client) -> Outcome {
    let missing = db
        .user()
        .update(|user| user.id.eq(2))
        .set(|user| user.comments.set_to(|comment| [3, 99].map(|id| comment.id.eq(id))));
    let refusal = refused(missing.await);
    show(json!([refusal, db.comment().count().filter(|comment| comment.author_id.eq(2)).await?]))
}

async fn rows_of_a_join_table(db: &Client) -> Outcome {
    let set = async |ids: &[&str]| {
        db.post()
            .update(|post| post.id.eq(1))
            .set(|post| post.tags.set_to(|tag| ids.iter().map(move |id| tag.id.eq(*id))))
            .select::<Tagged>()
            .await
    };
    show(json!([
        set(&["t2", "t3"]).await?,
        set(&[]).await?,
        set(&["t1", "t1"]).await?,
        db.tag().count().await?,
        db.post().count().filter(|post| post.tags.some(|tag| tag.id.eq("t1"))).await?,
    ]))
}

async fn rows_of_its_own_model(db: &Client) -> Outcome {
    db.user()
        .update(|user| user.id.eq(1))
        .set(|user| user.reports.set_to(|report| [report.id.eq(4), report.id.eq(1), report.email.eq("cy@navy.mil")]))
        .await?;
    show(db.user().find_many().order_by(|user| user.id.asc()).select::<Managed>().await?)
}

async fn rows_of_a_join_table_with_its_own_model(db: &Client) -> Outcome {
    db.tag()
        .update(|tag| tag.id.eq("t1"))
        .set(|tag| ["t1", "t2"].map(|id| tag.narrower.connect(|narrower| narrower.id.eq(id))))
        .await?;
    db.tag().update(|tag| tag.id.eq("t1")).set(|tag| tag.broader.set_to(|broader| [broader.id.eq("t3")])).await?;
    show(db.tag().find_many().order_by(|tag| tag.id.asc()).select::<Broader>().await?)
}

async fn a_foreign_key_of_several_columns(db: &Client) -> Outcome {
    db.seat()
        .update(|seat| seat.row_number.eq((1, 1)))
        .set(|seat| {
            seat.bookings
                .set_to(|booking| -> [Key<Booking>; 2] { [booking.guest_day.eq(("Ben", 1)), booking.id.eq(2)] })
        })
        .await?;
    show(db.booking().find_many().order_by(|booking| booking.id.asc()).select::<Seated>().await?)
}

async fn operations_of_one_relation_run_in_their_order(db: &Client) -> Outcome {
    let new = || NewComment { text: "new".into() }.set(|comment| comment.post_id.to(1));
    let first = db
        .user()
        .update(|user| user.id.eq(5))
        .set(|user| [user.comments.create(new()), user.comments.set_to(|comment| [comment.id.eq(2)])])
        .select::<CommentTexts>()
        .await?;
    let second = db
        .user()
        .update(|user| user.id.eq(5))
        .set(|user| [user.comments.set_to(|comment| [comment.id.eq(2)]), user.comments.create(new())])
        .select::<CommentTexts>()
        .await?;
    show([first, second])
}

async fn a_failure_afterwards_leaves_nothing(db: &Client) -> Outcome {
    let failing = db
        .post()
        .update(|post| post.id.eq(1))
        .set(|post| [post.tags.disconnect_all(), post.tags.delete(|tag| tag.id.eq("t1"))]);
    let refusal = refused(failing.await);
    show(json!([refusal, db.tag().count().filter(|tag| tag.posts.some(|post| post.id.eq(1))).await?]))
}

async fn more_rows_than_a_condition_may_be_deep(db: &Client) -> Outcome {
    let many = (0..1_500).map(|_| NewComment { text: "many".into() }.set(|comment| comment.post_id.to(1)));
    db.comment().create_many(many).await?;
    let rows = db.comment().find_many().filter(|comment| comment.text.eq("many")).await?;
    let mut counts = Vec::new();
    for wanted in [1_500, 1_200] {
        db.user()
            .update(|user| user.id.eq(5))
            .set(|user| user.comments.set_to(|comment| rows.iter().take(wanted).map(move |row| comment.id.eq(row.id))))
            .await?;
        counts.push(db.comment().count().filter(|comment| comment.author_id.eq(5)).await?);
    }
    show(counts)
}

async fn keys_of_two_columns_name_no_other_rows(db: &Client) -> Outcome {
    let office = db
        .office()
        .update(|office| office.region_code.eq((2, "b")))
        .set(|office| office.parts.set_to(|part| [part.region_code.eq((1, "b")), part.region_code.eq((2, "a"))]));
    office.await?;
    let offices = db.office().find_many().order_by(|office| [office.region.asc(), office.code.asc()]).await?;
    show(offices.iter().map(|office| json!([office.name, office.up_region, office.up_code])).collect::<Vec<_>>())
}
