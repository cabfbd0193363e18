//! Changes of the rows that are related to a changed row.

use purlin::{Select, Unlinked};
use purlin_tests::db::{
    Badge, Booking, Client, Comment, Member, NewComment, NewMember, NewPost, NewProfile, NewSeat, NewTag, NewTask,
    NewTenant, NewUser, Post, Profile, Seat, Tag, Task, User,
};
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
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Viewed {
    views: i32,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct IdAndViews {
    id: i32,
    views: i32,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct ViewedAuthor {
    views: i32,
    author: Visitor,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Visitor {
    name: Option<String>,
    visits: i32,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Adorned {
    profile: Option<ProfileRow>,
    badge: Option<Badge>,
}

#[derive(Serialize, Select)]
#[select(Profile)]
struct ProfileRow {
    id: i32,
    bio: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Described {
    profile: Option<Biography>,
}

#[derive(Serialize, Select)]
#[select(Profile)]
struct Biography {
    bio: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Profiled {
    profile: Option<Profile>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct AuthorName {
    author: UserName,
}

#[derive(Serialize, Select)]
#[select(User)]
struct UserName {
    name: Option<String>,
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
    name: Option<String>,
    manager: Option<UserName>,
    reports: Vec<UserName>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Manager {
    #[select(order_by(|report| report.id.asc()))]
    reports: Vec<UserName>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Scored {
    id: i32,
    score: Option<f64>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
struct GuestSeat {
    guest: String,
    seat: Option<Seat>,
}

#[derive(Serialize, Select)]
#[select(Seat)]
struct Booked {
    number: i32,
    bookings: Vec<Guest>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
struct Guest {
    id: i32,
    guest: String,
}

#[derive(Serialize, Select)]
#[select(Booking)]
#[serde(rename_all = "camelCase")]
struct Seated {
    seat: Option<Seat>,
    seat_row: Option<i32>,
    seat_number: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Discussed {
    #[select(filter(|post| post.id.eq(1)))]
    posts: Vec<DiscussedPost>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct DiscussedPost {
    title: String,
    #[select(filter(|comment| comment.id.eq(5)))]
    comments: Vec<AuthoredComment>,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct AuthoredComment {
    text: String,
    author: Option<UserName>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Related {
    posts: Vec<RelatedPost>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct RelatedPost {
    #[select(order_by(|tag| tag.id.asc()))]
    tags: Vec<TagId>,
    comments: Vec<CommentText>,
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct TagId {
    id: String,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct CommentText {
    text: String,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct CommentAuthor {
    author: Option<IdAndName>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct IdAndName {
    id: i32,
    name: Option<String>,
}

#[derive(Serialize, Select)]
#[select(Post)]
#[serde(rename_all = "camelCase")]
struct TitleAndAuthor {
    title: String,
    author_id: i32,
}

#[derive(Serialize, Select)]
#[select(Member)]
#[serde(rename_all = "camelCase")]
struct Worker {
    tenant_id: i32,
    number: i32,
    tasks: Vec<WorkerTask>,
}

#[derive(Serialize, Select)]
#[select(Task)]
#[serde(rename_all = "camelCase")]
struct WorkerTask {
    title: String,
    tenant_id: i32,
    member_number: Option<i32>,
}

cases!(
    a_row_of_a_list,
    several_rows_of_a_list,
    a_row_that_is_not_related_is_not_found,
    a_missing_row_is_not_found,
    a_row_of_a_list_narrowed_by_another_condition,
    the_row_that_a_row_refers_to,
    the_row_that_refers_to_a_row,
    a_to_one_relation_without_a_row_is_not_found,
    the_row_of_a_to_one_relation_where_it_matches,
    a_row_of_a_join_table,
    rows_of_its_own_model,
    by_a_compound_key,
    a_key_that_the_row_has_itself,
    three_levels_deep,
    a_failure_three_levels_deep_leaves_nothing,
    with_relations_of_the_changed_row,
    many_rows_that_match,
    all_related_rows,
    many_rows_by_a_list_of_conditions,
    many_rows_of_a_join_table,
    many_rows_of_its_own_model,
    operations_of_one_relation_run_in_their_order,
    a_new_row_is_among_those_that_are_changed_after_it,
    upserts_a_row_of_a_list,
    upserts_a_row_that_is_not_related_as_a_new_one,
    upserts_the_row_that_refers_to_a_row,
    upserts_the_row_that_a_row_refers_to,
    upserts_the_required_row_that_a_row_refers_to,
    upserts_a_row_of_a_join_table,
    upserts_a_row_of_its_own_model,
    upserts_by_a_compound_key,
    a_change_of_nothing_needs_no_row,
    a_change_of_nothing_keeps_those_after_it,
);

fn post(title: &str) -> NewPost {
    NewPost { title: title.into() }
}

async fn named_author(db: &Client, id: i32) -> Outcome {
    show(db.user().find_unique(|user| user.id.eq(id)).select::<NamedAuthor>().await?)
}

async fn a_row_of_a_list(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            let beta = user.posts.update(|post| post.id.eq(2), |post| (post.title.to("Beta"), post.views.add(1)));
            [user.name.to("Lady"), beta]
        })
        .select::<NamedAuthor>();
    show(user.await?)
}

async fn several_rows_of_a_list(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(2))
        .set(|user| {
            [
                user.posts.update(|post| post.id.eq(3), |post| post.views.to(1)),
                user.posts.update(|post| post.id.eq(4), |post| post.views.to(2)),
                user.posts.update(|post| post.id.eq(3), |post| post.views.mul(10)),
            ]
        })
        .select::<Author>();
    show(user.await?)
}

async fn a_row_that_is_not_related_is_not_found(db: &Client) -> Outcome {
    let failing = db.user().update(|user| user.id.eq(1)).set(|user| {
        let posts = [1, 5].map(|id| user.posts.update(|post| post.id.eq(id), |post| post.views.to(1)));
        (user.name.to("Lady"), posts)
    });
    let refusal = refused(failing.await);
    show(json!([refusal, named_author(db, 1).await?]))
}

async fn a_missing_row_is_not_found(db: &Client) -> Outcome {
    let failing = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.posts.update(|post| post.id.eq(99), |post| post.views.to(1)));
    show(refused(failing.await))
}

async fn a_row_of_a_list_narrowed_by_another_condition(db: &Client) -> Outcome {
    let rename = async |title: &str| {
        db.user()
            .update(|user| user.id.eq(4))
            .set(|user| user.posts.update(|post| post.id.eq(5) & post.title.eq(title), |post| post.title.to("renamed")))
            .select::<Author>()
            .await
    };
    show(json!([refused(rename("other").await), rename("snakeXcase").await?]))
}

async fn the_row_that_a_row_refers_to(db: &Client) -> Outcome {
    let post = db
        .post()
        .update(|post| post.id.eq(5))
        .set(|post| [post.views.to(9), post.author.update(|author| (author.name.to("Daniel"), author.visits.add(1)))])
        .select::<ViewedAuthor>();
    show(post.await?)
}

async fn the_row_that_refers_to_a_row(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            [
                user.profile.update(|profile| profile.bio.to("Computes")),
                user.badge.update(|badge| badge.code.to("platinum")),
            ]
        })
        .select::<Adorned>();
    show(user.await?)
}

async fn a_to_one_relation_without_a_row_is_not_found(db: &Client) -> Outcome {
    let user = db.user().update(|user| user.id.eq(5)).set(|user| user.profile.update(|profile| profile.bio.to("None")));
    let comment = db
        .comment()
        .update(|comment| comment.id.eq(2))
        .set(|comment| comment.author.update(|author| author.name.to("None")));
    let booking = db
        .booking()
        .update(|booking| booking.id.eq(4))
        .set(|booking| booking.seat.update(|seat| seat.holder.to("None")));
    show(json!([
        refused(user.await),
        refused(comment.await),
        refused(booking.await),
        db.user().count().filter(|user| user.name.eq("None")).await?,
    ]))
}

async fn the_row_of_a_to_one_relation_where_it_matches(db: &Client) -> Outcome {
    let change = async |bio: &str| {
        db.user()
            .update(|user| user.id.eq(2))
            .set(|user| user.profile.update_if(|profile| profile.bio.eq(bio), |profile| profile.bio.to("Repairs")))
            .select::<Described>()
            .await
    };
    let rename = async |email: &str| {
        db.post()
            .update(|post| post.id.eq(5))
            .set(|post| post.author.update_if(|author| author.email.contains(email), |author| author.name.to("Daniel")))
            .select::<AuthorName>()
            .await
    };
    show(json!([
        refused(change("Counts").await),
        change("Builds").await?,
        refused(rename("navy").await),
        rename("dan").await?,
    ]))
}

async fn a_row_of_a_join_table(db: &Client) -> Outcome {
    let rename = async |id: &str| {
        db.post()
            .update(|post| post.id.eq(1))
            .set(|post| post.tags.update(|tag| tag.id.eq(id), |tag| tag.name.to("renamed")))
            .select::<Tagged>()
            .await
    };
    show(json!([rename("t2").await?, refused(rename("t3").await)]))
}

async fn rows_of_its_own_model(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(2))
        .set(|user| {
            [
                user.manager.update(|manager| manager.name.to("Boss")),
                user.reports.update(|report| report.id.eq(4), |report| report.name.to("Report")),
            ]
        })
        .select::<Managing>();
    show(user.await?)
}

async fn by_a_compound_key(db: &Client) -> Outcome {
    let booking = db
        .booking()
        .update(|booking| booking.id.eq(1))
        .set(|booking| booking.seat.update(|seat| seat.holder.to("Anna")))
        .select::<GuestSeat>()
        .await?;
    let seat = db
        .seat()
        .update(|seat| seat.row_number.eq((1, 2)))
        .set(|seat| {
            seat.bookings.update(|booking| booking.guest_day.eq(("Ann", 2)), |booking| booking.guest.to("Anna"))
        })
        .select::<Booked>()
        .await?;
    let other = db
        .seat()
        .update(|seat| seat.row_number.eq((1, 1)))
        .set(|seat| seat.bookings.update(|booking| booking.id.eq(4), |booking| booking.guest.to("Anna")));
    show(json!([booking, seat, refused(other.await)]))
}

async fn a_key_that_the_row_has_itself(db: &Client) -> Outcome {
    let member = db
        .member()
        .update(|member| member.tenant_id_number.eq((1, 2)))
        .set(|member| {
            let tenant = member.tenant.update(|tenant| tenant.id.to(7));
            (tenant, member.tasks.create(NewTask { title: "New".into() }))
        })
        .select::<Worker>()
        .await?;
    let new = NewMember { number: 9 }.set(|member| member.tenant_id.to(1));
    let upserted = db
        .member()
        .upsert(
            |member| member.tenant_id_number.eq((2, 1)),
            new,
            |member| member.tenant.upsert(NewTenant { id: 1 }, |tenant| tenant.id.to(8)),
        )
        .await?;
    let members = db.member().find_many().order_by(|member| [member.tenant_id.asc(), member.number.asc()]);
    show(json!([member, upserted, members.await?]))
}

async fn three_levels_deep(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            user.posts.update(
                |post| post.id.eq(1),
                |post| {
                    let comment = post.comments.update(
                        |comment| comment.id.eq(5),
                        |comment| [comment.text.to("B"), comment.author.update(|author| author.name.to("C"))],
                    );
                    [post.title.to("A"), comment]
                },
            )
        })
        .select::<Discussed>();
    show(user.await?)
}

async fn a_failure_three_levels_deep_leaves_nothing(db: &Client) -> Outcome {
    let failing = db.user().update(|user| user.id.eq(1)).set(|user| {
        let changed = user.posts.update(
            |post| post.id.eq(1),
            |post| {
                let comment = post.comments.update(|comment| comment.id.eq(3), |comment| comment.text.to("B"));
                [post.title.to("A"), comment]
            },
        );
        [user.name.to("Lady"), user.posts.create(post("New")), changed]
    });
    let refusal = refused(failing.await);
    show(json!([refusal, named_author(db, 1).await?, db.post().count().await?]))
}

async fn with_relations_of_the_changed_row(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(4))
        .set(|user| {
            user.posts.update(
                |post| post.id.eq(5),
                |post| {
                    [
                        post.tags.connect(|tag| tag.id.eq("t3")),
                        post.tags.create(NewTag { name: "new".into() }.set(|tag| tag.id.to("t9"))),
                        post.comments.create(NewComment { text: "hi".into() }),
                    ]
                },
            )
        })
        .select::<Related>();
    show(user.await?)
}

async fn many_rows_that_match(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.posts.update_many(|post| post.views.gte(5), |post| post.views.add(1)))
        .select::<Author>()
        .await?;
    show(json!([user, db.post().find_unique(|post| post.id.eq(3)).select::<Viewed>().await?]))
}

async fn all_related_rows(db: &Client) -> Outcome {
    db.user().update(|user| user.id.eq(2)).set(|user| user.posts.update_all(|post| post.views.to(-1))).await?;
    show(db.post().find_many().order_by(|post| post.id.asc()).select::<IdAndViews>().await?)
}

async fn many_rows_by_a_list_of_conditions(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            [
                user.posts.update_many(|post| post.id.eq(1), |post| post.views.to(1)),
                user.posts.update_many(|post| post.id.eq(99), |post| post.views.to(3)),
                user.posts.update_many(|post| post.views.lt(6), |post| post.views.add(10)),
            ]
        })
        .select::<Author>();
    show(user.await?)
}

async fn many_rows_of_a_join_table(db: &Client) -> Outcome {
    db.post()
        .update(|post| post.id.eq(4))
        .set(|post| post.tags.update_many(|tag| tag.name.ne("unused"), |tag| tag.name.to("renamed")))
        .await?;
    show(db.tag().find_many().order_by(|tag| tag.id.asc()).await?)
}

async fn many_rows_of_its_own_model(db: &Client) -> Outcome {
    db.user().update(|user| user.id.eq(1)).set(|user| user.reports.update_all(|report| report.score.to(1.0))).await?;
    let users = db.user().find_many().order_by(|user| user.id.asc()).select::<Scored>().await?;
    // JSON has one kind of number.
    show(users.iter().map(|user| json!({ "id": user.id, "score": number(user.score) })).collect::<Vec<_>>())
}

/// A number as JavaScript writes it: without a fraction where it has none.
fn number(value: Option<f64>) -> serde_json::Value {
    match value {
        Some(whole) if whole.fract() == 0.0 => json!(whole as i64),
        other => json!(other),
    }
}

async fn operations_of_one_relation_run_in_their_order(db: &Client) -> Outcome {
    let first = db
        .user()
        .update(|user| user.id.eq(4))
        .set(|user| {
            [
                user.posts.update(|post| post.id.eq(5), |post| post.views.mul(3)),
                user.posts.update_all(|post| post.views.add(2)),
            ]
        })
        .select::<Author>()
        .await?;
    let second = db
        .user()
        .update(|user| user.id.eq(4))
        .set(|user| {
            [
                user.posts.update_all(|post| post.views.add(2)),
                user.posts.update(|post| post.id.eq(5), |post| post.views.mul(3)),
            ]
        })
        .select::<Author>()
        .await?;
    show([first, second])
}

async fn a_new_row_is_among_those_that_are_changed_after_it(db: &Client) -> Outcome {
    let new = || post("New").set(|post| post.views.to(1));
    let first = db
        .user()
        .update(|user| user.id.eq(3))
        .set(|user| [user.posts.create(new()), user.posts.update_all(|post| post.views.add(1))])
        .select::<Author>()
        .await?;
    let second = db
        .user()
        .update(|user| user.id.eq(5))
        .set(|user| [user.posts.update_all(|post| post.views.add(1)), user.posts.create(new())])
        .select::<Author>()
        .await?;
    show([first, second].map(|user| user.posts.iter().map(|post| post.views).collect::<Vec<_>>()))
}

async fn upserts_a_row_of_a_list(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            let new = post("New").set(|post| post.views.to(3));
            [
                user.posts.upsert(|post| post.id.eq(1), post("New"), |post| post.title.to("Changed")),
                user.posts.upsert(|post| post.id.eq(99), new, |post| post.title.to("Changed")),
            ]
        })
        .select::<Author>();
    show(user.await?)
}

async fn upserts_a_row_that_is_not_related_as_a_new_one(db: &Client) -> Outcome {
    let upsert = async |new: Unlinked<Post>| {
        db.user()
            .update(|user| user.id.eq(1))
            .set(|user| user.posts.upsert(|post| post.id.eq(5), new, |post| post.title.to("Changed")))
            .select::<Author>()
            .await
    };
    show(json!([
        upsert(post("New").into()).await?,
        refused(upsert(post("New").set(|post| post.id.to(5))).await),
        db.post().find_unique(|post| post.id.eq(5)).select::<TitleAndAuthor>().await?,
    ]))
}

async fn upserts_the_row_that_refers_to_a_row(db: &Client) -> Outcome {
    let upsert = async |id: i32| {
        db.user()
            .update(|user| user.id.eq(id))
            .set(|user| user.profile.upsert(NewProfile { bio: "New".into() }, |profile| profile.bio.to("Changed")))
            .select::<Profiled>()
            .await
    };
    show(json!([upsert(1).await?, upsert(5).await?, db.profile().count().await?]))
}

async fn upserts_the_row_that_a_row_refers_to(db: &Client) -> Outcome {
    let upsert = async |id: i32| {
        let new = NewUser { email: "new@acme.io".into() }.set(|user| user.name.to("New"));
        db.comment()
            .update(|comment| comment.id.eq(id))
            .set(|comment| comment.author.upsert(new, |author| author.name.to("Changed")))
            .select::<CommentAuthor>()
            .await
    };
    show(json!([upsert(5).await?, upsert(2).await?, db.user().count().await?]))
}

async fn upserts_the_required_row_that_a_row_refers_to(db: &Client) -> Outcome {
    let upsert = async |email: &str| {
        let new = NewUser { email: "new@acme.io".into() }.set(|user| user.name.to("New"));
        db.post()
            .update(|post| post.id.eq(5))
            .set(|post| post.author.upsert_if(|author| author.email.eq(email), new, |author| author.name.to("Changed")))
            .select::<AuthorName>()
            .await
    };
    show(json!([upsert("dan_1@acme.io").await?, upsert("other@acme.io").await?, db.user().count().await?]))
}

async fn upserts_a_row_of_a_join_table(db: &Client) -> Outcome {
    let upsert = async |id: &str| {
        let new = NewTag { name: "new".into() }.set(|tag| tag.id.to("t9"));
        db.post()
            .update(|post| post.id.eq(3))
            .set(|post| post.tags.upsert(|tag| tag.id.eq(id), new, |tag| tag.name.to("changed")))
            .select::<Tagged>()
            .await
    };
    show(json!([upsert("t1").await?, upsert("t2").await?, db.tag().count().await?]))
}

async fn upserts_a_row_of_its_own_model(db: &Client) -> Outcome {
    let never = NewUser { email: "never@acme.io".into() };
    let new = NewUser { email: "new@acme.io".into() }.set(|user| user.name.to("New"));
    let user = db
        .user()
        .update(|user| user.id.eq(2))
        .set(|user| {
            [
                user.reports.upsert(|report| report.id.eq(4), never, |report| report.name.to("Changed")),
                user.reports.upsert(|report| report.email.eq("new@acme.io"), new, |report| report.name.to("Never")),
            ]
        })
        .select::<Manager>();
    show(user.await?)
}

async fn upserts_by_a_compound_key(db: &Client) -> Outcome {
    let upsert = async |id: i32| {
        let new = NewSeat { row: 9, number: 9 }.set(|seat| seat.holder.to("New"));
        db.booking()
            .update(|booking| booking.id.eq(id))
            .set(|booking| booking.seat.upsert(new, |seat| seat.holder.to("Changed")))
            .select::<Seated>()
            .await
    };
    show(json!([upsert(2).await?, upsert(3).await?]))
}

async fn a_change_of_nothing_needs_no_row(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(3))
        .set(|user| [user.name.to("Cy"), user.profile.update(|profile| false.then(|| profile.bio.to("Never")))])
        .await?;
    show(user.name)
}

async fn a_change_of_nothing_keeps_those_after_it(db: &Client) -> Outcome {
    let change = |missing: i32| {
        db.user().update(|user| user.id.eq(2)).set(move |user| {
            let nothing = user.posts.update(|post| post.id.eq(3), |_| ());
            let views = user.posts.update(|post| post.id.eq(4), |post| post.views.to(9));
            let other = user.posts.update(move |post| post.id.eq(missing), |post| post.views.to(9));
            [nothing, views, other]
        })
    };
    change(4).await?;
    let post = db.post().find_unique(|post| post.id.eq(4)).await?.map(|post| post.views);
    show(json!([post, refused(change(1).await)]))
}
