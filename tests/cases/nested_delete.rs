//! Removal of the rows that are related to a changed row.

use purlin::Select;
use purlin_tests::db::{Badge, Booking, Client, Comment, NewPost, NewProfile, Post, Profile, Seat, Tag, User};
use purlin_tests::result::{code, refused, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(Post)]
struct PostId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct CommentId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(User)]
struct UserId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct TagId {
    id: String,
}

#[derive(Select)]
#[select(User)]
struct Counted {
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostId>,
    #[select(count(posts))]
    posts_count: i64,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Author {
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostId>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Titles {
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
struct Adorned {
    profile: Option<Profile>,
    badge: Option<Badge>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Profiled {
    profile: Option<Profile>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Kept {
    profile: Option<ProfileId>,
    badge: Option<Badge>,
}

#[derive(Serialize, Select)]
#[select(Profile)]
struct ProfileId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Comment)]
#[serde(rename_all = "camelCase")]
struct AuthorId {
    author_id: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(Comment)]
#[serde(rename_all = "camelCase")]
struct CommentAuthor {
    id: i32,
    author_id: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Tagged {
    #[select(order_by(|tag| tag.id.asc()))]
    tags: Vec<TagId>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Manager {
    #[select(order_by(|report| report.id.asc()))]
    reports: Vec<UserId>,
}

#[derive(Select)]
#[select(User)]
struct CountedManager {
    reports: Vec<User>,
    #[select(count(reports))]
    reports_count: i64,
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
    guest: String,
    seat_row: Option<i32>,
    seat_number: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(Seat)]
struct Booked {
    bookings: Vec<Booking>,
}

cases!(
    a_row_of_a_list,
    several_rows_of_a_list,
    a_row_that_is_not_related_is_refused,
    a_missing_row_is_refused,
    a_row_of_a_list_narrowed_by_another_condition,
    the_row_that_refers_to_a_row,
    the_row_that_a_row_refers_to,
    a_to_one_relation_without_a_row_is_not_found,
    the_row_of_a_to_one_relation_where_it_matches,
    false_deletes_nothing,
    a_row_that_takes_the_place_of_the_deleted_one,
    a_row_of_a_join_table,
    rows_of_its_own_model,
    a_row_that_others_need_stays,
    by_a_compound_key,
    many_rows_that_match,
    many_rows_by_a_list_of_conditions,
    all_related_rows,
    all_rows_of_a_join_table,
    all_rows_of_its_own_model,
    operations_of_one_relation_run_in_their_order,
    three_levels_deep,
    a_failure_afterwards_leaves_nothing,
    a_row_that_the_call_returns_is_not_taken_along,
    a_row_that_others_keep_stays,
    a_row_that_is_deleted_is_not_connected,
);

async fn posts(db: &Client) -> Outcome {
    show(db.post().find_many().order_by(|post| post.id.asc()).select::<PostId>().await?)
}

async fn comments(db: &Client) -> Outcome {
    show(db.comment().find_many().order_by(|comment| comment.id.asc()).select::<CommentId>().await?)
}

async fn tags(db: &Client) -> Outcome {
    show(db.tag().find_many().order_by(|tag| tag.id.asc()).select::<TagId>().await?)
}

async fn a_row_of_a_list(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.posts.delete(|post| post.id.eq(1)))
        .select::<Counted>()
        .await?;
    show(json!({ "posts": user.posts, "_count": { "posts": user.posts_count } }))
}

async fn several_rows_of_a_list(db: &Client) -> Outcome {
    db.user()
        .update(|user| user.id.eq(2))
        .set(|user| [4, 3].map(|id| user.posts.delete(|post| post.id.eq(id))))
        .await?;
    show(json!([posts(db).await?, comments(db).await?]))
}

async fn a_row_that_is_not_related_is_refused(db: &Client) -> Outcome {
    let failing = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| (user.name.to("Lady"), [2, 5].map(|id| user.posts.delete(|post| post.id.eq(id)))));
    let refusal = refused(failing.await);
    let named = db.user().count().filter(|user| user.name.eq("Lady")).await?;
    show(json!([refusal, db.post().count().await?, named]))
}

async fn a_missing_row_is_refused(db: &Client) -> Outcome {
    let failing = db.user().update(|user| user.id.eq(1)).set(|user| user.posts.delete(|post| post.id.eq(99)));
    show(refused(failing.await))
}

async fn a_row_of_a_list_narrowed_by_another_condition(db: &Client) -> Outcome {
    let remove = async |title: &str| {
        db.user()
            .update(|user| user.id.eq(1))
            .set(|user| user.posts.delete(|post| post.id.eq(1) & post.title.eq(title)))
            .select::<Author>()
            .await
    };
    show(json!([refused(remove("beta").await), remove("Alpha").await?]))
}

async fn the_row_that_refers_to_a_row(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| [user.profile.delete(), user.badge.delete()])
        .select::<Adorned>()
        .await?;
    show(json!([user, db.profile().count().await?, db.badge().count().await?]))
}

async fn the_row_that_a_row_refers_to(db: &Client) -> Outcome {
    let comment = db
        .comment()
        .update(|comment| comment.id.eq(5))
        .set(|comment| comment.author.delete())
        .select::<AuthorId>()
        .await?;
    show(json!([comment, db.user().find_many().order_by(|user| user.id.asc()).select::<UserId>().await?]))
}

async fn a_to_one_relation_without_a_row_is_not_found(db: &Client) -> Outcome {
    show([
        refused(db.user().update(|user| user.id.eq(5)).set(|user| user.profile.delete()).await),
        refused(db.comment().update(|comment| comment.id.eq(2)).set(|comment| comment.author.delete()).await),
    ])
}

async fn the_row_of_a_to_one_relation_where_it_matches(db: &Client) -> Outcome {
    let remove = async |bio: &str| {
        db.user()
            .update(|user| user.id.eq(2))
            .set(|user| user.profile.delete_if(|profile| profile.bio.eq(bio)))
            .select::<Profiled>()
            .await
    };
    show(json!([refused(remove("Counts").await), remove("Builds").await?, db.profile().count().await?]))
}

async fn false_deletes_nothing(db: &Client) -> Outcome {
    let leaves = false;
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| [leaves.then(|| user.profile.delete()), leaves.then(|| user.badge.delete())])
        .select::<Kept>();
    show(user.await?)
}

async fn a_row_that_takes_the_place_of_the_deleted_one(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            [
                user.profile.delete(),
                user.profile.create(NewProfile { bio: "New".into() }),
                user.badge.delete(),
                user.badge.connect(|badge| badge.code.eq("silver")),
            ]
        })
        .select::<Adorned>()
        .await?;
    show(json!([user, db.profile().count().await?, db.badge().count().await?]))
}

async fn a_row_of_a_join_table(db: &Client) -> Outcome {
    let remove = async |id: &str| {
        db.post()
            .update(|post| post.id.eq(1))
            .set(|post| post.tags.delete(|tag| tag.id.eq(id)))
            .select::<Tagged>()
            .await
    };
    show(json!([
        remove("t1").await?,
        refused(remove("t3").await),
        db.tag().count().await?,
        db.post().count().filter(|post| post.tags.some(|tag| tag.id.ne(""))).await?,
    ]))
}

async fn rows_of_its_own_model(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.reports.delete(|report| report.id.eq(3)))
        .select::<Manager>()
        .await?;
    show(json!([user, db.comment().find_unique(|comment| comment.id.eq(5)).select::<AuthorId>().await?]))
}

async fn a_row_that_others_need_stays(db: &Client) -> Outcome {
    let failing = db.user().update(|user| user.id.eq(1)).set(|user| user.reports.delete(|report| report.id.eq(2)));
    let refusal = refused(failing.await);
    show(json!([refusal, db.user().count().await?]))
}

async fn by_a_compound_key(db: &Client) -> Outcome {
    let booking =
        db.booking().update(|booking| booking.id.eq(1)).set(|booking| booking.seat.delete()).select::<Seated>().await?;
    let seat = db
        .seat()
        .update(|seat| seat.row_number.eq((1, 2)))
        .set(|seat| seat.bookings.delete(|booking| booking.guest_day.eq(("Ann", 2))))
        .select::<Booked>()
        .await?;
    show(json!([booking, seat, db.seat().count().await?, db.booking().count().await?]))
}

async fn many_rows_that_match(db: &Client) -> Outcome {
    db.user().update(|user| user.id.eq(1)).set(|user| user.posts.delete_many(|post| post.published.eq(true))).await?;
    posts(db).await
}

async fn many_rows_by_a_list_of_conditions(db: &Client) -> Outcome {
    db.user()
        .update(|user| user.id.eq(2))
        .set(|user| {
            [
                user.posts.delete_many(|post| post.id.eq(1)),
                user.posts.delete_many(|post| post.title.eq("snake_case")),
                user.posts.delete_many(|post| post.views.gt(1000)),
            ]
        })
        .await?;
    posts(db).await
}

async fn all_related_rows(db: &Client) -> Outcome {
    db.user().update(|user| user.id.eq(2)).set(|user| user.posts.delete_all()).await?;
    let ids: [i32; 0] = [];
    db.user()
        .update(|user| user.id.eq(1))
        .set(|user| ids.map(|id| user.posts.delete_many(|post| post.id.eq(id))))
        .await?;
    show(json!([posts(db).await?, comments(db).await?]))
}

async fn all_rows_of_a_join_table(db: &Client) -> Outcome {
    db.post().update(|post| post.id.eq(4)).set(|post| post.tags.delete_all()).await?;
    show(json!([tags(db).await?, db.post().count().filter(|post| post.tags.some(|tag| tag.id.ne(""))).await?]))
}

async fn all_rows_of_its_own_model(db: &Client) -> Outcome {
    db.user().update(|user| user.id.eq(2)).set(|user| user.posts.delete_all()).await?;
    db.post().delete_many().filter(|post| post.author_id.eq(4)).await?;
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.reports.delete_many(|report| report.id.gt(1)))
        .select::<CountedManager>()
        .await?;
    let user = json!({ "reports": user.reports, "_count": { "reports": user.reports_count } });
    show(json!([user, db.user().find_many().order_by(|user| user.id.asc()).select::<Managed>().await?]))
}

async fn operations_of_one_relation_run_in_their_order(db: &Client) -> Outcome {
    let new = || NewPost { title: "New".into() };
    let first = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| [user.posts.delete_all(), user.posts.create(new())])
        .select::<Titles>()
        .await?;
    let second = db
        .user()
        .update(|user| user.id.eq(2))
        .set(|user| [user.posts.create(new()), user.posts.delete_all()])
        .select::<Titles>()
        .await?;
    show([first, second])
}

async fn three_levels_deep(db: &Client) -> Outcome {
    db.user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            user.posts.update(
                |post| post.id.eq(1),
                |post| {
                    [
                        post.comments.delete(|comment| comment.id.eq(1)),
                        post.comments.update(|comment| comment.id.eq(5), |comment| comment.author.delete()),
                        post.tags.delete(|tag| tag.id.eq("t2")),
                    ]
                },
            )
        })
        .await?;
    let comments = db.comment().find_many().order_by(|comment| comment.id.asc()).select::<CommentAuthor>().await?;
    show(json!([comments, db.user().count().await?, tags(db).await?]))
}

async fn a_failure_afterwards_leaves_nothing(db: &Client) -> Outcome {
    let failing = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| [user.posts.delete_all(), user.posts.connect(|post| post.id.eq(99))]);
    let refusal = refused(failing.await);
    show(json!([refusal, db.post().count().await?, db.comment().count().await?]))
}

async fn a_row_that_the_call_returns_is_not_taken_along(db: &Client) -> Outcome {
    let by_cascade = db.runner().update(|runner| runner.id.eq(1)).set(|runner| runner.lane.delete()).await;
    db.user().update(|user| user.id.eq(5)).set(|user| user.manager.connect(|manager| manager.id.eq(5))).await?;
    let itself = db.user().update(|user| user.id.eq(5)).set(|user| user.manager.delete());
    let itself = refused(itself.await);
    show(json!([
        refused(by_cascade),
        itself,
        db.lane().count().await?,
        db.runner().count().await?,
        db.user().count().await?
    ]))
}

async fn a_row_that_others_keep_stays(db: &Client) -> Outcome {
    let kept = db.runner().update(|runner| runner.id.eq(2)).set(|runner| runner.next.delete()).await;
    let runner = db.runner().find_unique(|runner| runner.id.eq(2)).or_not_found().await?;
    show(json!([code(kept), runner.next_id, db.runner().count().await?]))
}

async fn a_row_that_is_deleted_is_not_connected(db: &Client) -> Outcome {
    // It is named by its whole key, of which the foreign key is a part.
    let all = db.tenant().update(|tenant| tenant.id.eq(1)).set(|tenant| {
        let connected = tenant.members.connect(|member| member.tenant_id_number.eq((1, 2)));
        (tenant.members.delete_many(|member| member.number.gt(0)), connected)
    });
    let all = code(all.await);
    let moved = db.tenant().update(|tenant| tenant.id.eq(2)).set(|tenant| {
        let deleted = tenant.members.delete_many(|member| member.number.eq(1));
        (deleted, tenant.members.connect(|member| member.tenant_id_number.eq((1, 2))))
    });
    moved.await?;
    let members = db.member().find_many().order_by(|member| [member.tenant_id.asc(), member.number.asc()]).await?;
    let members: Vec<_> = members.iter().map(|member| json!([member.tenant_id, member.number])).collect();
    show(json!([all, members]))
}
