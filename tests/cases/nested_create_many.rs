//! Many new rows that refer to a written row.

use purlin::{Select, Unlinked};
use purlin_tests::db::{Booking, Client, Comment, NewBooking, NewComment, NewPost, NewSeat, NewUser, Post, Seat, User};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(User)]
struct Author {
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostRow>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct NamedAuthor {
    name: Option<String>,
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostRow>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct PostRow {
    id: i32,
    title: String,
    views: i32,
    published: bool,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Viewed {
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostViews>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct PostViews {
    title: String,
    views: i32,
}

#[derive(Serialize, Select)]
#[select(Seat)]
struct Booked {
    #[select(order_by(|booking| booking.id.asc()))]
    bookings: Vec<BookingDay>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
struct BookingDay {
    id: i32,
    day: i32,
}

#[derive(Serialize, Select)]
#[select(Seat)]
struct Seats {
    bookings: Vec<Seated>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
#[serde(rename_all = "camelCase")]
struct Seated {
    id: i32,
    seat_row: Option<i32>,
    seat_number: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Manager {
    #[select(order_by(|report| report.id.asc()))]
    reports: Vec<Report>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Report {
    email: String,
    name: Option<String>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Commented {
    #[select(order_by(|comment| comment.id.asc()))]
    comments: Vec<CommentAuthor>,
}

#[derive(Serialize, Select)]
#[select(Comment)]
#[serde(rename_all = "camelCase")]
struct CommentAuthor {
    text: String,
    author_id: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Discussed {
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostTexts>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct PostTexts {
    #[select(order_by(|comment| comment.id.asc()))]
    comments: Vec<CommentText>,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct CommentText {
    text: String,
}

cases!(
    rows_of_a_new_row,
    rows_of_a_row_that_is_there,
    rows_of_different_columns_in_their_order,
    a_single_row,
    no_rows,
    a_foreign_key_of_several_columns,
    rows_of_its_own_model,
    other_foreign_keys_are_given,
    a_value_that_another_row_has_leaves_nothing,
    operations_of_one_relation_run_in_their_order,
    rows_of_a_row_of_a_list,
);

fn post(title: &str) -> NewPost {
    NewPost { title: title.into() }
}

fn viewed(title: &str, views: i32) -> Unlinked<Post> {
    post(title).set(|post| post.views.to(views))
}

fn comment(text: &str) -> NewComment {
    NewComment { text: text.into() }
}

fn user(email: &str) -> NewUser {
    NewUser { email: email.into() }
}

async fn rows_of_a_new_row(db: &Client) -> Outcome {
    let user = db
        .user()
        .create(user("new@acme.io"))
        .set(|user| user.posts.create_many([post("One"), post("Two")]))
        .select::<Author>();
    show(user.await?)
}

async fn rows_of_a_row_that_is_there(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(4))
        .set(|user| user.posts.create_many([viewed("One", 1), viewed("Two", 2)]))
        .select::<Author>()
        .await?;
    show(json!([user, db.post().count().await?]))
}

async fn rows_of_different_columns_in_their_order(db: &Client) -> Outcome {
    let rows = [
        viewed("One", 1),
        viewed("Two", 2),
        post("Three").set(|post| post.published.to(true)),
        post("Four").into(),
        viewed("Five", 5),
    ];
    let user = db.user().update(|user| user.id.eq(5)).set(|user| user.posts.create_many(rows)).select::<Author>();
    show(user.await?)
}

async fn a_single_row(db: &Client) -> Outcome {
    let user =
        db.user().update(|user| user.id.eq(5)).set(|user| user.posts.create_many([post("One")])).select::<Author>();
    show(user.await?)
}

async fn no_rows(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(5))
        .set(|user| [user.name.to("Eve"), user.posts.create_many(Vec::<NewPost>::new())])
        .select::<NamedAuthor>();
    show(user.await?)
}

async fn a_foreign_key_of_several_columns(db: &Client) -> Outcome {
    let day = |day: i32| NewBooking { guest: "Dora".into(), day };
    let seat = db
        .seat()
        .update(|seat| seat.row_number.eq((2, 1)))
        .set(|seat| seat.bookings.create_many([day(1), day(2)]))
        .select::<Booked>()
        .await?;
    let created = db
        .seat()
        .create(NewSeat { row: 3, number: 1 })
        .set(|seat| seat.bookings.create_many([day(3)]))
        .select::<Seats>()
        .await?;
    show(json!([seat, created]))
}

async fn rows_of_its_own_model(db: &Client) -> Outcome {
    let rows = [user("one@acme.io").into(), user("two@acme.io").set(|user| user.name.to("Two"))];
    let manager = db.user().update(|user| user.id.eq(4)).set(|user| user.reports.create_many(rows)).select::<Manager>();
    show(manager.await?)
}

async fn other_foreign_keys_are_given(db: &Client) -> Outcome {
    let rows = [comment("one").set(|comment| comment.author_id.to(1)), comment("two").into()];
    let post = db.post().update(|post| post.id.eq(5)).set(|post| post.comments.create_many(rows)).select::<Commented>();
    show(post.await?)
}

async fn a_value_that_another_row_has_leaves_nothing(db: &Client) -> Outcome {
    let failing = db
        .user()
        .update(|user| user.id.eq(4))
        .set(|row| [row.name.to("Daniel"), row.reports.create_many([user("one@acme.io"), user("ada@acme.io")])]);
    let refusal = refused(failing.await);
    let named = db.user().count().filter(|user| user.name.eq("Daniel")).await?;
    show(json!([refusal, db.user().count().await?, named]))
}

async fn operations_of_one_relation_run_in_their_order(db: &Client) -> Outcome {
    let first = db
        .user()
        .update(|user| user.id.eq(3))
        .set(|user| {
            [
                user.posts.create_many([viewed("Many", 1)]),
                user.posts.update_all(|post| post.views.add(1)),
                user.posts.create(viewed("One", 1)),
            ]
        })
        .select::<Viewed>()
        .await?;
    let second = db
        .user()
        .update(|user| user.id.eq(5))
        .set(|user| {
            [
                user.posts.create(viewed("One", 1)),
                user.posts.update_all(|post| post.views.add(1)),
                user.posts.create_many([viewed("Many", 1)]),
            ]
        })
        .select::<Viewed>()
        .await?;
    show([first, second])
}

async fn rows_of_a_row_of_a_list(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(4))
        .set(|user| {
            [
                user.posts
                    .update(|post| post.id.eq(5), |post| post.comments.create_many([comment("one"), comment("two")])),
                user.posts.create(post("New").set(|post| post.comments.create_many([comment("three")]))),
            ]
        })
        .select::<Discussed>();
    show(user.await?)
}
