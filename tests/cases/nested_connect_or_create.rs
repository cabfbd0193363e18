//! Related rows that are connected, or created where they are not there.

use purlin::Select;
use purlin_tests::db::{
    Badge, Booking, Client, Comment, NewBadge, NewBooking, NewComment, NewPost, NewProfile, NewSeat, NewTag, NewUser,
    Post, Profile, Seat, Tag, User,
};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(User)]
struct UserName {
    name: Option<String>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct UserEmail {
    email: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct UserId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct AuthorName {
    author: UserName,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct CommentAuthor {
    author: Option<UserEmail>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Author {
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostTitle>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct PostTitle {
    title: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Commenter {
    #[select(order_by(|comment| comment.id.asc()))]
    comments: Vec<CommentText>,
}

#[derive(Serialize, Select)]
#[select(Comment)]
#[serde(rename_all = "camelCase")]
struct CommentText {
    text: String,
    post_id: i32,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Badged {
    badge: Option<BadgeCode>,
}

#[derive(Serialize, Select)]
#[select(Badge)]
struct BadgeCode {
    code: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Profiled {
    profile: Option<ProfileId>,
}

#[derive(Serialize, Select)]
#[select(Profile)]
struct ProfileId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Tagged {
    #[select(order_by(|tag| tag.id.asc()))]
    tags: Vec<Tag>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Managing {
    manager: Option<UserName>,
    #[select(order_by(|report| report.id.asc()))]
    reports: Vec<UserId>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
#[serde(rename_all = "camelCase")]
struct Seated {
    seat_row: Option<i32>,
    seat_number: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(Seat)]
struct Booked {
    #[select(order_by(|booking| booking.id.asc()))]
    bookings: Vec<Guest>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
struct Guest {
    guest: String,
    day: i32,
}

#[derive(Serialize, Select)]
#[select(Post)]
#[serde(rename_all = "camelCase")]
struct Authored {
    title: String,
    author_id: i32,
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct TagPosts {
    posts: Vec<TagPost>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct TagPost {
    title: String,
    author: ManagedAuthor,
}

#[derive(Serialize, Select)]
#[select(User)]
#[serde(rename_all = "camelCase")]
struct ManagedAuthor {
    email: String,
    manager_id: Option<i32>,
}

cases!(
    the_row_that_a_new_row_refers_to,
    the_row_that_a_row_refers_to,
    rows_that_refer_to_a_row,
    rows_of_a_new_row,
    the_row_that_refers_to_a_row,
    the_row_that_needs_a_row,
    rows_of_a_join_table,
    rows_of_its_own_model,
    by_a_compound_key,
    narrowed_by_another_condition,
    three_levels_deep,
);

fn user(email: &str) -> NewUser {
    NewUser { email: email.into() }
}

fn post(title: &str) -> NewPost {
    NewPost { title: title.into() }
}

async fn the_row_that_a_new_row_refers_to(db: &Client) -> Outcome {
    let create = async |email: &str| {
        let author = user(email).set(|user| user.name.to("New"));
        db.post()
            .create(post("New"))
            .set(|post| post.author.connect_or_create(|user| user.email.eq(email), author))
            .select::<AuthorName>()
            .await
    };
    show(json!([
        create("ada@acme.io").await?,
        create("new@acme.io").await?,
        create("new@acme.io").await?,
        db.user().count().await?,
    ]))
}

async fn the_row_that_a_row_refers_to(db: &Client) -> Outcome {
    let change = async |id: i32, email: &str| {
        db.comment()
            .update(|comment| comment.id.eq(id))
            .set(|comment| comment.author.connect_or_create(|author| author.email.eq(email), user(email)))
            .select::<CommentAuthor>()
            .await
    };
    show(json!([change(2, "eve@acme.io").await?, change(2, "new@acme.io").await?, db.user().count().await?]))
}

async fn rows_that_refer_to_a_row(db: &Client) -> Outcome {
    let new = post("New").set(|post| post.tags.connect(|tag| tag.id.eq("t3")));
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            [
                user.posts.connect_or_create(|post| post.id.eq(5), post("Never")),
                user.posts.connect_or_create(|post| post.id.eq(99), new),
                user.posts.connect_or_create(|post| post.id.eq(1), post("Never")),
            ]
        })
        .select::<Author>()
        .await?;
    show(json!([user, db.post().count().await?]))
}

async fn rows_of_a_new_row(db: &Client) -> Outcome {
    let never = NewComment { text: "never".into() }.set(|comment| comment.post_id.to(1));
    let new = NewComment { text: "new".into() }.set(|comment| comment.post.connect(|post| post.id.eq(4)));
    let user = db
        .user()
        .create(user("new@acme.io"))
        .set(|user| {
            [
                user.comments.connect_or_create(|comment| comment.id.eq(2), never),
                user.comments.connect_or_create(|comment| comment.id.eq(99), new),
            ]
        })
        .select::<Commenter>()
        .await?;
    show(json!([user, db.comment().count().await?]))
}

async fn the_row_that_refers_to_a_row(db: &Client) -> Outcome {
    let change = async |id: i32, code: &str| {
        db.user()
            .update(|user| user.id.eq(id))
            .set(|user| user.badge.connect_or_create(|badge| badge.code.eq(code), NewBadge { code: code.into() }))
            .select::<Badged>()
            .await
    };
    let changed =
        [change(1, "silver").await?, change(2, "gold").await?, change(2, "bronze").await?, change(5, "silver").await?];
    show(json!([changed, db.badge().find_many().order_by(|badge| badge.code.asc()).await?]))
}

async fn the_row_that_needs_a_row(db: &Client) -> Outcome {
    let change = async |id: i32| {
        db.user()
            .update(|user| user.id.eq(id))
            .set(|user| user.profile.connect_or_create(|profile| profile.id.eq(2), NewProfile { bio: "New".into() }))
            .select::<Profiled>()
            .await
    };
    show(json!([refused(change(1).await), change(2).await?, change(5).await?, db.profile().count().await?]))
}

async fn rows_of_a_join_table(db: &Client) -> Outcome {
    let post = db
        .post()
        .update(|post| post.id.eq(4))
        .set(|post| {
            ["rust", "data", "new", "new"].map(|name| {
                let new = NewTag { name: name.into() }.set(|tag| tag.id.to(format!("of {name}")));
                post.tags.connect_or_create(|tag| tag.name.eq(name), new)
            })
        })
        .select::<Tagged>()
        .await?;
    show(json!([post, db.tag().count().await?]))
}

async fn rows_of_its_own_model(db: &Client) -> Outcome {
    let new = user("new@acme.io").set(|user| user.name.to("New"));
    let changed = db
        .user()
        .update(|user| user.id.eq(5))
        .set(|row| {
            [
                row.manager.connect_or_create(|manager| manager.email.eq("new@acme.io"), new),
                row.reports.connect_or_create(|report| report.email.eq("dan_1@acme.io"), user("dan_1@acme.io")),
            ]
        })
        .select::<Managing>();
    show(changed.await?)
}

async fn by_a_compound_key(db: &Client) -> Outcome {
    let change = async |number: i32| {
        db.booking()
            .update(|booking| booking.id.eq(3))
            .set(|booking| {
                booking.seat.connect_or_create(|seat| seat.row_number.eq((2, number)), NewSeat { row: 2, number })
            })
            .select::<Seated>()
            .await
    };
    let changed = [change(1).await?, change(2).await?];
    let seat = db
        .seat()
        .create(NewSeat { row: 3, number: 1 })
        .set(|seat| {
            [1, 2].map(|day| {
                let new = NewBooking { guest: "Cat".into(), day };
                seat.bookings.connect_or_create(|booking| booking.guest_day.eq(("Cat", day)), new)
            })
        })
        .select::<Booked>()
        .await?;
    show(json!([changed, seat, db.seat().count().await?, db.booking().count().await?]))
}

async fn narrowed_by_another_condition(db: &Client) -> Outcome {
    let failing = db.post().update(|post| post.id.eq(1)).set(|post| {
        let bob = post
            .author
            .connect_or_create(|author| author.email.eq("bob@acme.io") & author.name.eq("Ada"), user("bob@acme.io"));
        [post.title.to("New"), bob]
    });
    let refusal = refused(failing.await);
    show(json!([refusal, db.post().find_unique(|post| post.id.eq(1)).select::<Authored>().await?]))
}

async fn three_levels_deep(db: &Client) -> Outcome {
    let author =
        user("new@acme.io").set(|row| row.manager.connect_or_create(|manager| manager.id.eq(1), user("never@acme.io")));
    let new = post("New").set(|post| post.author.connect_or_create(|author| author.email.eq("new@acme.io"), author));
    let tag = db
        .tag()
        .create(NewTag { name: "new".into() })
        .set(|tag| [tag.id.to("t9"), tag.posts.connect_or_create(|post| post.id.eq(99), new)])
        .select::<TagPosts>();
    show(tag.await?)
}
