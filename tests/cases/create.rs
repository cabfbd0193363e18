//! New rows, alone and together with related ones.

use purlin::{New, Select};
use purlin_tests::db::{
    Badge, Booking, Client, Comment, Member, NewBadge, NewBooking, NewComment, NewMember, NewPost, NewProfile, NewSeat,
    NewTag, NewTask, NewUser, Post, Profile, Role, Seat, Tag, Task, Tenant, User,
};
use purlin_tests::result::{code, refused, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(User)]
struct Author {
    email: String,
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<Tagged>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Tagged {
    title: String,
    views: i32,
    #[select(order_by(|tag| tag.name.asc()))]
    tags: Vec<TagName>,
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct TagName {
    name: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct UserName {
    name: Option<String>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Signed {
    title: String,
    author: UserName,
}

#[derive(Serialize, Select)]
#[select(Tenant)]
struct Tasks {
    tasks: Vec<Assigned>,
}

#[derive(Serialize, Select)]
#[select(Task)]
#[serde(rename_all = "camelCase")]
struct Assigned {
    title: String,
    tenant_id: i32,
    member_number: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(Task)]
#[serde(rename_all = "camelCase")]
struct Hired {
    tenant_id: i32,
    member: Option<Member>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Cards {
    email: String,
    profile: Option<ProfileText>,
    badge: Option<Badge>,
}

#[derive(Serialize, Select)]
#[select(Profile)]
struct ProfileText {
    bio: String,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Hierarchy {
    name: Option<String>,
    manager: Option<UserName>,
    #[select(order_by(|report| report.id.asc()))]
    reports: Vec<UserName>,
}

#[derive(Serialize, Select)]
#[select(Booking)]
struct Booked {
    guest: String,
    seat: Option<Seat>,
}

#[derive(Serialize, Select)]
#[select(Seat)]
struct Row {
    holder: Option<String>,
    #[select(order_by(|booking| booking.id.asc()))]
    bookings: Vec<Guest>,
}

#[derive(Serialize, Select)]
#[serde(rename_all = "camelCase")]
#[select(Booking)]
struct Guest {
    guest: String,
    seat_row: Option<i32>,
    seat_number: Option<i32>,
}

#[derive(Serialize, Select)]
#[select(Comment)]
struct Remark {
    text: String,
    post: Signed,
}

#[derive(Select)]
#[select(User)]
struct Counted {
    #[select(count(posts))]
    posts: i64,
    #[select(count(reports))]
    reports: i64,
}

fn user(email: &str) -> NewUser {
    NewUser { email: email.into() }
}

fn post(title: &str) -> NewPost {
    NewPost { title: title.into() }
}

cases!(
    a_row_with_its_defaults,
    a_row_with_all_columns,
    null_is_given_explicitly,
    by_a_foreign_key,
    with_a_parent,
    connected_to_a_parent,
    with_children,
    with_connected_children,
    with_children_and_their_children,
    one_to_one,
    a_relation_to_its_own_model,
    a_foreign_key_of_two_columns,
    connected_by_a_key_of_two_columns,
    connecting_twice_is_connecting_once,
    relations_that_share_a_column,
    parents_of_parents,
    the_numbers_of_related_rows,
    many_rows,
    many_rows_that_give_different_columns,
    many_rows_of_none,
    nested_rows_use_the_key_that_was_given,
    many_rows_keep_their_order,
    connecting_takes_a_place_of_one_to_one,
    nested_rows_are_numbered_in_their_order,
    many_rows_may_refer_to_rows_after_them;
    only on SQLite:
    // Rows that give other columns are written by another statement, and PostgreSQL checks foreign keys at the end of each.
    many_rows_of_several_forms_may_refer_to_rows_after_them,
);

async fn a_row_with_its_defaults(db: &Client) -> Outcome {
    show(db.user().create(user("new@acme.io")).await?)
}

async fn a_row_with_all_columns(db: &Client) -> Outcome {
    show(
        db.user()
            .create(user("new@acme.io"))
            .set(|user| {
                [
                    user.id.to(70),
                    user.name.to("Émile \"N\" O'Neil"),
                    user.role.to(Role::PowerUser),
                    user.visits.to(-1),
                    user.score.to(0.1),
                    user.manager_id.to(2),
                ]
            })
            .await?,
    )
}

async fn null_is_given_explicitly(db: &Client) -> Outcome {
    show(db.user().create(user("new@acme.io")).set(|user| [user.name.to_null(), user.score.to(None::<f64>)]).await?)
}

async fn by_a_foreign_key(db: &Client) -> Outcome {
    show(db.post().create(post("New")).set(|post| post.author_id.to(3)).select::<Signed>().await?)
}

async fn with_a_parent(db: &Client) -> Outcome {
    let parent = user("new@acme.io").set(|user| user.name.to("New"));
    let signed = db.post().create(post("First")).set(|post| post.author.create(parent)).select::<Signed>().await?;
    show(json!([signed, db.user().count().await?]))
}

async fn connected_to_a_parent(db: &Client) -> Outcome {
    show(
        db.post()
            .create(post("New"))
            .set(|post| post.author.connect(|author| author.email.eq("bob@acme.io")))
            .select::<Signed>()
            .await?,
    )
}

async fn with_children(db: &Client) -> Outcome {
    show(
        db.user()
            .create(user("new@acme.io"))
            .set(|user| [user.posts.create(post("One")), user.posts.create(post("Two").set(|post| post.views.to(2)))])
            .select::<Author>()
            .await?,
    )
}

async fn with_connected_children(db: &Client) -> Outcome {
    let author = db
        .user()
        .create(user("new@acme.io"))
        .set(|user| [user.posts.connect(|post| post.id.eq(5)), user.posts.connect(|post| post.id.eq(2))])
        .select::<Author>()
        .await?;
    let left = db.post().count().filter(|post| post.author_id.is_in([1, 4])).await?;
    show(json!([author, left]))
}

async fn with_children_and_their_children(db: &Client) -> Outcome {
    let tagged = post("Tagged").set(|post| {
        [
            post.tags.create(NewTag { name: "fresh".into() }),
            post.tags.connect(|tag| tag.name.eq("rust")),
            post.comments.create(NewComment { text: "self".into() }),
        ]
    });
    let author = db.user().create(user("new@acme.io")).set(|user| user.posts.create(tagged)).select::<Author>().await?;
    let comments = db.comment().count().filter(|comment| comment.post.is(|post| post.title.eq("Tagged"))).await?;
    show(json!([author, comments]))
}

async fn one_to_one(db: &Client) -> Outcome {
    let created = db
        .user()
        .create(user("new@acme.io"))
        .set(|user| {
            [
                user.profile.create(NewProfile { bio: "Writes".into() }),
                user.badge.connect(|badge| badge.code.eq("silver")),
            ]
        })
        .select::<Cards>()
        .await?;
    let badge = NewBadge { code: "bronze".into() };
    let other = db.user().create(user("other@acme.io")).set(|user| user.badge.create(badge)).select::<Cards>().await?;
    show((created, other))
}

async fn a_relation_to_its_own_model(db: &Client) -> Outcome {
    let named = |email: &str, name: &str| {
        let name = name.to_owned();
        user(email).set(|user| user.name.to(name))
    };
    show(
        db.user()
            .create(named("mid@acme.io", "Mid"))
            .set(|user| {
                [
                    user.manager.create(named("top@acme.io", "Top")),
                    user.reports.create(named("low@acme.io", "Low")),
                    user.reports.connect(|report| report.email.eq("eve@acme.io")),
                ]
            })
            .select::<Hierarchy>()
            .await?,
    )
}

async fn a_foreign_key_of_two_columns(db: &Client) -> Outcome {
    let guest = NewBooking { guest: "Zoe".into(), day: 5 };
    let seat = NewSeat { row: 7, number: 8 }.set(|seat| seat.holder.to("Zoe"));
    let booked = db.booking().create(guest).set(|booking| booking.seat.create(seat)).select::<Booked>().await?;
    let guest = NewBooking { guest: "Yan".into(), day: 5 };
    let row = db
        .seat()
        .create(NewSeat { row: 7, number: 9 })
        .set(|seat| [seat.bookings.create(guest), seat.bookings.connect(|booking| booking.guest_day.eq(("Ben", 1)))])
        .select::<Row>()
        .await?;
    show((booked, row))
}

async fn connected_by_a_key_of_two_columns(db: &Client) -> Outcome {
    show(
        db.booking()
            .create(NewBooking { guest: "Zoe".into(), day: 5 })
            .set(|booking| booking.seat.connect(|seat| seat.row_number.eq((1, 1))))
            .select::<Booked>()
            .await?,
    )
}

async fn relations_that_share_a_column(db: &Client) -> Outcome {
    let task = |title: &str| NewTask { title: title.into() };
    let alone = db
        .task()
        .create(task("Alone"))
        .set(|task| {
            [
                task.tenant.connect(|tenant| tenant.id.eq(1)),
                task.member.connect(|member| member.tenant_id_number.eq((1, 2))),
            ]
        })
        .await?;
    let others = db.task().create(task("Others")).set(|task| {
        [
            task.tenant.connect(|tenant| tenant.id.eq(1)),
            task.member.connect(|member| member.tenant_id_number.eq((2, 1))),
        ]
    });
    let others = refused(others.await);
    let inside = task("Inside").set(|task| task.member.connect(|member| member.tenant_id_number.eq((2, 1))));
    let inside = db
        .tenant()
        .update(|tenant| tenant.id.eq(2))
        .set(|tenant| tenant.tasks.create(inside))
        .select::<Tasks>()
        .await?;
    let around = task("Around").set(|task| task.member.connect(|member| member.tenant_id_number.eq((1, 1))));
    let around = refused(db.tenant().update(|tenant| tenant.id.eq(2)).set(|tenant| tenant.tasks.create(around)).await);
    let moved = db.task().update(|task| task.id.eq(alone.id));
    let moved = refused(moved.set(|task| task.tenant.connect(|tenant| tenant.id.eq(2))).await);
    let member = NewMember { number: 2 }.set(|member| member.tenant.connect(|tenant| tenant.id.eq(2)));
    let hired = db
        .task()
        .create(task("Hired"))
        .set(|task| [task.tenant.connect(|tenant| tenant.id.eq(2)), task.member.create(member)])
        .select::<Hired>()
        .await?;
    show((alone, others, inside, around, moved, hired, db.task().count().await?))
}

async fn connecting_twice_is_connecting_once(db: &Client) -> Outcome {
    show(
        db.post()
            .create(post("New"))
            .set(|post| {
                (
                    post.author_id.to(1),
                    post.tags.connect(|tag| tag.name.eq("rust")),
                    post.tags.connect(|tag| tag.id.eq("t1")),
                )
            })
            .select::<Tagged>()
            .await?,
    )
}

async fn parents_of_parents(db: &Client) -> Outcome {
    let author = user("new@acme.io").set(|user| user.name.to("New"));
    let parent = post("Parent").set(|post| post.author.create(author));
    show(
        db.comment()
            .create(NewComment { text: "Child".into() })
            .set(|comment| comment.post.create(parent))
            .select::<Remark>()
            .await?,
    )
}

async fn the_numbers_of_related_rows(db: &Client) -> Outcome {
    let counted = db
        .user()
        .create(user("new@acme.io"))
        .set(|user| {
            [
                user.posts.create(post("One")),
                user.posts.create(post("Two")),
                user.reports.connect(|report| report.id.eq(5)),
            ]
        })
        .select::<Counted>()
        .await?;
    show(json!({ "_count": { "posts": counted.posts, "reports": counted.reports } }))
}

async fn many_rows(db: &Client) -> Outcome {
    let emails = ["one@acme.io", "two@acme.io", "three@acme.io"];
    let created = db.user().create_many(emails.map(user)).await?;
    let rows = db.user().find_many().filter(|user| user.id.gt(5)).order_by(|user| user.id.asc()).await?;
    show(json!({ "created": created, "emails": rows.iter().map(|user| user.email.as_str()).collect::<Vec<_>>() }))
}

async fn many_rows_that_give_different_columns(db: &Client) -> Outcome {
    let rows = [
        user("one@acme.io").set(|user| user.visits.to(7)),
        New::from(user("two@acme.io")),
        user("three@acme.io").set(|user| user.name.to_null()),
        user("four@acme.io").set(|user| user.role.to(Role::Admin)),
    ];
    let created = db.user().create_many(rows).await?;
    let rows = db.user().find_many().filter(|user| user.id.gt(5)).order_by(|user| user.email.asc()).await?;
    let rows: Vec<_> = rows.iter().map(|user| json!([user.email, user.visits, user.name, user.role])).collect();
    show(json!({ "created": created, "rows": rows }))
}

async fn many_rows_of_none(db: &Client) -> Outcome {
    show(db.user().create_many(Vec::<NewUser>::new()).await?)
}

async fn nested_rows_use_the_key_that_was_given(db: &Client) -> Outcome {
    let created =
        db.user().create(user("new@acme.io")).set(|user| [user.id.to(1000), user.posts.create(post("Mine"))]).await?;
    let posts = db.post().find_many().filter(|post| post.author_id.eq(created.id)).await?;
    let next = db.user().create(user("next@acme.io")).await?;
    show(json!([created.id, posts.iter().map(|post| post.title.as_str()).collect::<Vec<_>>(), next.id]))
}

async fn many_rows_keep_their_order(db: &Client) -> Outcome {
    let rows = [
        New::from(user("a@acme.io")),
        user("b@acme.io").set(|user| user.visits.to(7)),
        New::from(user("c@acme.io")),
        user("d@acme.io").set(|user| user.name.to_null()),
        user("e@acme.io").set(|user| user.visits.to(8)),
        New::from(user("f@acme.io")),
    ];
    db.user().create_many(rows).await?;
    let rows = db.user().find_many().filter(|user| user.id.gt(5)).order_by(|user| user.id.asc()).await?;
    show(rows.iter().map(|user| json!([user.email, user.visits])).collect::<Vec<_>>())
}

async fn many_rows_may_refer_to_rows_after_them(db: &Client) -> Outcome {
    let row = |id: i32, manager: i32| {
        user(&format!("{id}@acme.io")).set(move |user| [user.id.to(id), user.manager_id.to(manager)])
    };
    let before = db.user().create_many([row(50, 1), row(51, 50)]).await?;
    let after = db.user().create_many([row(60, 61), row(61, 62), row(62, 60)]).await?;
    let within = db
        .transaction(async |tx| {
            let created = tx.user().create_many([row(70, 71), row(71, 70)]).await?;
            let nobody = code(tx.user().create_many([row(80, 81), row(81, 99)]).await);
            let parent = code(tx.user().create(row(90, 99)).await);
            Ok::<_, purlin::Error>(json!([created, nobody, parent]))
        })
        .await?;
    let nobody = code(db.user().create_many([row(80, 81), row(81, 99)]).await);
    let rows = db.user().find_many().filter(|user| user.id.gt(5)).order_by(|user| user.id.asc()).await?;
    let rows: Vec<_> = rows.iter().map(|user| json!([user.id, user.manager_id])).collect();
    show(json!([before, after, within, nobody, rows]))
}

async fn many_rows_of_several_forms_may_refer_to_rows_after_them(db: &Client) -> Outcome {
    let row = |id: i32, manager: i32| {
        user(&format!("{id}@acme.io")).set(move |user| [user.id.to(id), user.manager_id.to(manager)])
    };
    db.user().create_many([row(60, 61), row(61, 62).set(|user| user.visits.to(3)), row(62, 60)]).await?;
    let rows = db.user().find_many().filter(|user| user.id.gt(5)).order_by(|user| user.id.asc()).await?;
    show(rows.iter().map(|user| json!([user.id, user.manager_id, user.visits])).collect::<Vec<_>>())
}

async fn connecting_takes_a_place_of_one_to_one(db: &Client) -> Outcome {
    let badge = NewBadge { code: "new".into() };
    db.badge().create(badge).set(|badge| badge.user.connect(|user| user.id.eq(1))).await?;
    let badges = db.badge().find_many().order_by(|badge| badge.code.asc()).await?;
    let profile = NewProfile { bio: "Second".into() };
    let required = db.profile().create(profile).set(|profile| profile.user.connect(|user| user.id.eq(1))).await;
    let profiles = db.profile().count().await?;
    let badges: Vec<_> = badges.iter().map(|badge| json!([badge.code, badge.user_id])).collect();
    show(json!([badges, refused(required), profiles]))
}

async fn nested_rows_are_numbered_in_their_order(db: &Client) -> Outcome {
    let change = db.user().update(|user| user.id.eq(1)).set(|user| {
        [
            user.reports.create(NewUser { email: "a@acme.io".into() }),
            user.reports.create(NewUser { email: "b@acme.io".into() }.set(|user| user.id.to(33))),
            user.reports.create(NewUser { email: "c@acme.io".into() }),
        ]
    });
    change.await?;
    let reports = db.user().find_many().filter(|user| user.id.gt(5)).order_by(|user| user.email.asc()).await?;
    show(reports.iter().map(|report| report.id).collect::<Vec<_>>())
}
