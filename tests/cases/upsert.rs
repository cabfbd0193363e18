//! A row is changed, or created where it is not there.

use purlin::Select;
use purlin_tests::db::{Booking, Client, NewBooking, NewPost, NewProfile, NewTag, NewUser, Post, Profile, User};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize, Select)]
#[select(User)]
struct Shown {
    id: i32,
    email: String,
    name: Option<String>,
    visits: i32,
}

#[derive(Serialize, Select)]
#[select(Booking)]
#[serde(rename_all = "camelCase")]
struct Booked {
    guest: String,
    day: i32,
    seat_row: Option<i32>,
    seat_number: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Visits {
    visits: i32,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Author {
    email: String,
    manager: Option<UserId>,
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostTitle>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct UserId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct PostTitle {
    title: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct NamedAuthor {
    name: Option<String>,
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostTitle>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Authored {
    title: String,
    author: UserEmail,
}

#[derive(Serialize, Select)]
#[select(User)]
struct UserEmail {
    email: String,
}

#[derive(Select)]
#[select(User)]
struct Counted {
    name: Option<String>,
    profile: Option<Biography>,
    #[select(count(posts))]
    posts: i64,
}

#[derive(Serialize, Select)]
#[select(Profile)]
struct Biography {
    bio: String,
}

cases!(
    creates_a_row_that_is_missing,
    changes_a_row_that_is_there,
    without_changes_it_gets_or_creates,
    arithmetic_counts_from_the_second_time_on,
    by_a_compound_key,
    narrowed_by_another_condition,
    changes_its_own_key,
    creates_related_rows_with_a_new_row,
    changes_related_rows_of_a_row_that_is_there,
    creates_nothing_where_a_row_to_connect_is_missing,
    connects_only_in_the_branch_that_runs,
    a_value_that_another_row_has_is_refused,
    loads_relations_and_counts,
);

fn user(email: &str) -> NewUser {
    NewUser { email: email.into() }
}

async fn creates_a_row_that_is_missing(db: &Client) -> Outcome {
    let new = NewTag { name: "new".into() }.set(|tag| tag.id.to("t9"));
    let tag = db.tag().upsert(|tag| tag.name.eq("new"), new, |tag| tag.name.to("changed")).await?;
    show(json!([tag, db.tag().count().await?]))
}

async fn changes_a_row_that_is_there(db: &Client) -> Outcome {
    let new = NewTag { name: "rust".into() }.set(|tag| tag.id.to("t9"));
    let tag = db.tag().upsert(|tag| tag.name.eq("rust"), new, |tag| tag.name.to("Rust")).await?;
    show(json!([tag, db.tag().count().await?]))
}

async fn without_changes_it_gets_or_creates(db: &Client) -> Outcome {
    let get = async || {
        db.user().upsert(|user| user.email.eq("new@acme.io"), user("new@acme.io"), |_| ()).select::<Shown>().await
    };
    show(json!([get().await?, get().await?, db.user().count().await?]))
}

async fn arithmetic_counts_from_the_second_time_on(db: &Client) -> Outcome {
    let count = async || {
        let new = user("new@acme.io").set(|user| user.visits.to(1));
        db.user().upsert(|user| user.email.eq("new@acme.io"), new, |user| user.visits.add(1)).select::<Visits>().await
    };
    show(json!([count().await?, count().await?, count().await?]))
}

async fn by_a_compound_key(db: &Client) -> Outcome {
    let upsert = async |day: i32| {
        let new = NewBooking { guest: "Ann".into(), day };
        db.booking()
            .upsert(
                |booking| booking.guest_day.eq(("Ann", day)),
                new.set(|booking| [booking.seat_row.to(2), booking.seat_number.to(1)]),
                |booking| [booking.seat_row.to_null(), booking.seat_number.to_null()],
            )
            .select::<Booked>()
            .await
    };
    show(json!([upsert(1).await?, upsert(3).await?]))
}

async fn narrowed_by_another_condition(db: &Client) -> Outcome {
    let upsert = async |name: &str| {
        db.user()
            .upsert(
                |user| user.email.eq("ada@acme.io") & user.name.eq(name),
                user("ada@acme.io"),
                |user| user.visits.to(11),
            )
            .select::<Shown>()
            .await
    };
    show(json!([upsert("Ada").await?, refused(upsert("Bob").await), db.user().count().await?]))
}

async fn changes_its_own_key(db: &Client) -> Outcome {
    let changed = db
        .user()
        .upsert(|user| user.id.eq(5), user("new@acme.io"), |user| (user.id.to(50), user.email.to("eve@navy.mil")))
        .select::<Shown>();
    show(changed.await?)
}

async fn creates_related_rows_with_a_new_row(db: &Client) -> Outcome {
    let one = NewPost { title: "One".into() }.set(|post| post.tags.connect(|tag| tag.id.eq("t3")));
    let two = NewPost { title: "Two".into() };
    let new = user("new@acme.io")
        .set(|user| [user.manager.connect(|manager| manager.id.eq(3)), user.posts.create(one), user.posts.create(two)]);
    let user = db
        .user()
        .upsert(|user| user.email.eq("new@acme.io"), new, |user| user.posts.delete_all())
        .select::<Author>()
        .await?;
    let tagged = db.post().count().filter(|post| post.tags.some(|tag| tag.id.eq("t3"))).await?;
    show(json!([user, tagged]))
}

async fn changes_related_rows_of_a_row_that_is_there(db: &Client) -> Outcome {
    let changed = db
        .user()
        .upsert(
            |user| user.id.eq(2),
            user("new@acme.io"),
            |user| {
                [
                    user.name.to("Robert"),
                    user.posts.create(NewPost { title: "Third".into() }),
                    user.posts.update(|post| post.id.eq(3), |post| post.title.to("Gamma")),
                ]
            },
        )
        .select::<NamedAuthor>()
        .await?;
    show(json!([changed, db.user().count().await?]))
}

async fn creates_nothing_where_a_row_to_connect_is_missing(db: &Client) -> Outcome {
    let new = NewPost { title: "New".into() }.set(|post| post.author.connect(|user| user.id.eq(99)));
    let refusal = refused(db.post().upsert(|post| post.id.eq(99), new, |_| ()).await);
    show(json!([refusal, db.post().count().await?]))
}

async fn connects_only_in_the_branch_that_runs(db: &Client) -> Outcome {
    let new = NewPost { title: "New".into() }.set(|post| post.author.connect(|user| user.id.eq(99)));
    let changed = db
        .post()
        .upsert(|post| post.id.eq(5), new, |post| post.author.connect(|user| user.id.eq(5)))
        .select::<Authored>();
    show(changed.await?)
}

async fn a_value_that_another_row_has_is_refused(db: &Client) -> Outcome {
    let upsert = async |id: i32, new: &str, changed: &str| {
        refused(db.user().upsert(|user| user.id.eq(id), user(new), |user| user.email.to(changed)).await)
    };
    show(json!([
        upsert(1, "new@acme.io", "bob@acme.io").await,
        upsert(99, "bob@acme.io", "new@acme.io").await,
        db.user().count().filter(|user| user.email.eq("ada@acme.io")).await?,
    ]))
}

async fn loads_relations_and_counts(db: &Client) -> Outcome {
    let shown = |user: Counted| -> Value {
        json!({ "name": user.name, "profile": user.profile, "_count": { "posts": user.posts } })
    };
    let there = db
        .user()
        .upsert(|user| user.id.eq(1), user("new@acme.io"), |user| user.name.to("Lady"))
        .select::<Counted>()
        .await?;
    let new =
        user("new@acme.io").set(|user| [user.name.to("New"), user.profile.create(NewProfile { bio: "Writes".into() })]);
    let missing = db.user().upsert(|user| user.id.eq(99), new, |_| ()).select::<Counted>().await?;
    show([shown(there), shown(missing)])
}
