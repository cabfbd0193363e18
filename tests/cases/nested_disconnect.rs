//! Links that are taken from a changed row.

use purlin::field::{Many, Optional};
use purlin::{Model, Select};
use purlin_tests::db::{Badge, Booking, Client, Comment, NewBadge, Post, Profile, Seat, Tag, User};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(User)]
struct Badged {
    badge: Option<Badge>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct BadgeOwner {
    badge: Option<BadgeCode>,
}

#[derive(Serialize, Select)]
#[select(Badge)]
struct BadgeCode {
    code: String,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct FirstComment {
    #[select(filter(|comment| comment.id.eq(1)))]
    comments: Vec<AuthorId>,
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
#[select(Comment)]
#[serde(rename_all = "camelCase")]
struct TextAuthor {
    text: String,
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
#[select(Post)]
struct Tagged {
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
#[select(Seat)]
struct Booked {
    #[select(order_by(|booking| booking.id.asc()))]
    bookings: Vec<BookingId>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
struct BookingId {
    id: i32,
}

cases!(
    the_row_that_a_row_refers_to,
    the_row_that_refers_to_a_row,
    a_to_one_relation_without_a_row_stays_so,
    the_row_of_a_to_one_relation_where_it_matches,
    a_row_that_takes_the_place_of_the_other,
    what_a_changed_row_refers_to_where_it_matches,
    false_disconnects_nothing,
    a_row_that_needs_it_is_refused,
    rows_of_a_list,
    a_row_that_is_not_related_is_left_alone,
    a_row_of_a_list_narrowed_by_another_condition,
    rows_of_a_join_table,
    rows_of_its_own_model,
    rows_of_a_join_table_with_its_own_model,
    a_foreign_key_of_several_columns,
    operations_of_one_relation_run_in_their_order,
    operations_on_one_row_run_in_their_order,
    a_failure_afterwards_leaves_nothing,
);

async fn comments(db: &Client) -> Outcome {
    show(db.comment().find_many().order_by(|comment| comment.id.asc()).select::<CommentAuthor>().await?)
}

async fn the_row_that_a_row_refers_to(db: &Client) -> Outcome {
    let comment = db
        .comment()
        .update(|comment| comment.id.eq(1))
        .set(|comment| [comment.text.to("kept"), comment.author.disconnect()])
        .await?;
    show(json!([comment, db.user().count().await?]))
}

async fn the_row_that_refers_to_a_row(db: &Client) -> Outcome {
    let user = db.user().update(|user| user.id.eq(1)).set(|user| user.badge.disconnect()).select::<Badged>().await?;
    show(json!([user, db.badge().find_many().order_by(|badge| badge.code.asc()).await?]))
}

async fn a_to_one_relation_without_a_row_stays_so(db: &Client) -> Outcome {
    let user = db.user().update(|user| user.id.eq(2)).set(|user| user.badge.disconnect()).select::<Badged>();
    let comment =
        db.comment().update(|comment| comment.id.eq(2)).set(|comment| comment.author.disconnect()).select::<AuthorId>();
    show(json!([user.await?, comment.await?]))
}

async fn the_row_of_a_to_one_relation_where_it_matches(db: &Client) -> Outcome {
    let part = async |code: &str| {
        db.user()
            .update(|user| user.id.eq(1))
            .set(|user| user.badge.disconnect_if(|badge| badge.code.eq(code)))
            .select::<Badged>()
            .await
    };
    let forget = async |name: &str| {
        db.comment()
            .update(|comment| comment.id.eq(1))
            .set(|comment| comment.author.disconnect_if(|author| author.name.eq(name)))
            .select::<AuthorId>()
            .await
    };
    show(json!([part("silver").await?, part("gold").await?, forget("Ada").await?, forget("Bob").await?]))
}

async fn a_row_that_takes_the_place_of_the_other(db: &Client) -> Outcome {
    let user = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| [user.badge.disconnect(), user.badge.create(NewBadge { code: "bronze".into() })])
        .select::<Badged>()
        .await?;
    show(json!([user, db.badge().find_many().order_by(|badge| badge.code.asc()).await?]))
}

async fn what_a_changed_row_refers_to_where_it_matches(db: &Client) -> Outcome {
    let forget = async |name: &str| {
        db.post()
            .update(|post| post.id.eq(1))
            .set(|post| {
                post.comments.update(
                    |comment| comment.id.eq(1),
                    |comment| comment.author.disconnect_if(|author| author.name.eq(name)),
                )
            })
            .select::<FirstComment>()
            .await
    };
    show([forget("Ada").await?, forget("Bob").await?])
}

async fn false_disconnects_nothing(db: &Client) -> Outcome {
    let leaves = false;
    let user =
        db.user().update(|user| user.id.eq(1)).set(|user| leaves.then(|| user.badge.disconnect())).select::<Badged>();
    let comment = db
        .comment()
        .update(|comment| comment.id.eq(1))
        .set(|comment| leaves.then(|| comment.author.disconnect()))
        .select::<AuthorId>();
    show(json!([user.await?, comment.await?]))
}

/// rustc refuses this of the generated names; these do not know that the foreign key is required, so that the engine is asked.
async fn a_row_that_needs_it_is_refused(db: &Client) -> Outcome {
    let field = |name: &str| {
        let mut fields = User::CATALOG.model(User::INDEX).expect("the model of the row").fields.iter();
        let position = fields.position(|field| field.name == name).expect("a field of the model");
        u16::try_from(position).expect("few fields")
    };
    let profile = Optional::<User, Profile>::new(field("profile"));
    let posts = Many::<User, Post>::new(field("posts"));
    let without_profile =
        async |id: i32| refused(db.user().update(|user| user.id.eq(id)).set(|_| profile.disconnect()).await);
    let without_post = async |id: i32| {
        refused(db.user().update(|user| user.id.eq(1)).set(|_| posts.disconnect(|post| post.id.eq(id))).await)
    };
    show(json!([
        without_profile(1).await,
        without_profile(5).await,
        without_post(1).await,
        without_post(5).await,
        db.profile().count().filter(|profile| profile.user_id.eq(1)).await?,
    ]))
}

async fn rows_of_a_list(db: &Client) -> Outcome {
    db.user()
        .update(|user| user.id.eq(2))
        .set(|user| [1, 4].map(|id| user.comments.disconnect(|comment| comment.id.eq(id))))
        .await?;
    db.user().update(|user| user.id.eq(1)).set(|user| user.comments.disconnect(|comment| comment.id.eq(3))).await?;
    comments(db).await
}

async fn a_row_that_is_not_related_is_left_alone(db: &Client) -> Outcome {
    db.user()
        .update(|user| user.id.eq(2))
        .set(|user| [3, 99, 4].map(|id| user.comments.disconnect(|comment| comment.id.eq(id))))
        .await?;
    comments(db).await
}

async fn a_row_of_a_list_narrowed_by_another_condition(db: &Client) -> Outcome {
    let part = async |text: &str| {
        db.user()
            .update(|user| user.id.eq(2))
            .set(|user| user.comments.disconnect(|comment| comment.id.eq(1) & comment.text.eq(text)))
            .select::<Commenter>()
            .await
    };
    show(json!([part("second").await?, part("first").await?]))
}

async fn rows_of_a_join_table(db: &Client) -> Outcome {
    let post = db
        .post()
        .update(|post| post.id.eq(1))
        .set(|post| {
            [
                post.tags.disconnect(|tag| tag.name.eq("rust")),
                post.tags.disconnect(|tag| tag.id.eq("t3")),
                post.tags.disconnect(|tag| tag.id.eq("none")),
            ]
        })
        .select::<Tagged>()
        .await?;
    let tagged = db.post().count().filter(|post| post.tags.some(|tag| tag.id.eq("t1"))).await?;
    show(json!([post, db.tag().count().await?, tagged]))
}

async fn rows_of_its_own_model(db: &Client) -> Outcome {
    db.user().update(|user| user.id.eq(1)).set(|user| user.reports.disconnect(|report| report.id.eq(2))).await?;
    db.user().update(|user| user.id.eq(4)).set(|user| user.manager.disconnect()).await?;
    show(db.user().find_many().order_by(|user| user.id.asc()).select::<Managed>().await?)
}

async fn rows_of_a_join_table_with_its_own_model(db: &Client) -> Outcome {
    db.tag()
        .update(|tag| tag.id.eq("t1"))
        .set(|tag| {
            let narrower = ["t1", "t2", "t3"].map(|id| tag.narrower.connect(|other| other.id.eq(id)));
            (narrower, tag.broader.connect(|other| other.id.eq("t2")))
        })
        .await?;
    let tag = db
        .tag()
        .update(|tag| tag.id.eq("t1"))
        .set(|tag| ["t1", "t2"].map(|id| tag.narrower.disconnect(|other| other.id.eq(id))))
        .select::<Broader>()
        .await?;
    show(json!([tag, db.tag().find_unique(|tag| tag.id.eq("t2")).select::<Broader>().await?]))
}

async fn a_foreign_key_of_several_columns(db: &Client) -> Outcome {
    let booking = db.booking().update(|booking| booking.id.eq(1)).set(|booking| booking.seat.disconnect()).await?;
    let seat = db
        .seat()
        .update(|seat| seat.row_number.eq((1, 2)))
        .set(|seat| [2, 4].map(|id| seat.bookings.disconnect(|booking| booking.id.eq(id))))
        .select::<Booked>()
        .await?;
    let bookings =
        db.booking().find_many().filter(|booking| booking.id.is_in([2, 4])).order_by(|booking| booking.id.asc());
    show(json!([booking, seat, bookings.await?]))
}

async fn operations_of_one_relation_run_in_their_order(db: &Client) -> Outcome {
    let first = db
        .user()
        .update(|user| user.id.eq(2))
        .set(|user| {
            [user.comments.connect(|comment| comment.id.eq(3)), user.comments.disconnect(|comment| comment.id.eq(3))]
        })
        .select::<Commenter>()
        .await?;
    let second = db
        .user()
        .update(|user| user.id.eq(2))
        .set(|user| {
            [user.comments.disconnect(|comment| comment.id.eq(3)), user.comments.connect(|comment| comment.id.eq(3))]
        })
        .select::<Commenter>()
        .await?;
    show([first, second])
}

async fn operations_on_one_row_run_in_their_order(db: &Client) -> Outcome {
    let first = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| [user.badge.disconnect(), user.badge.connect(|badge| badge.code.eq("silver"))])
        .select::<BadgeOwner>()
        .await?;
    let second = db
        .user()
        .update(|user| user.id.eq(2))
        .set(|user| [user.badge.connect(|badge| badge.code.eq("silver")), user.badge.disconnect()])
        .select::<BadgeOwner>()
        .await?;
    show(json!([first, second, db.badge().find_many().order_by(|badge| badge.code.asc()).await?]))
}

async fn a_failure_afterwards_leaves_nothing(db: &Client) -> Outcome {
    let failing = db.user().update(|user| user.id.eq(2)).set(|user| {
        [
            user.comments.disconnect(|comment| comment.id.eq(1)),
            user.comments.update(|comment| comment.id.eq(1), |comment| comment.text.to("changed")),
        ]
    });
    let refusal = refused(failing.await);
    let comment = db.comment().find_unique(|comment| comment.id.eq(1)).select::<TextAuthor>().await?;
    show(json!([refusal, comment]))
}
