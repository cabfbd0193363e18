//! Changes of rows.

use purlin::{DateTime, Decimal, Model, Select};
use purlin_tests::db::{
    Client, NewPost, NewProfile, NewRunner, NewSample, NewTag, NewUser, Post, Role, Runner, Sample, Tag, User,
};
use purlin_tests::result::{big_int, decimal, refused, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(User)]
struct Author {
    id: i32,
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostTitle>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct PostTitle {
    title: String,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct Tagged {
    id: i32,
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
struct Reports {
    #[select(order_by(|user| user.id.asc()))]
    reports: Vec<UserId>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct UserId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(User)]
struct Managed {
    id: i32,
    manager: Option<UserName>,
}

#[derive(Serialize, Select)]
#[select(User)]
struct UserName {
    name: Option<String>,
}

fn seeded_at() -> DateTime {
    "2024-01-01T00:00:00Z".parse().expect("an instant")
}

cases!(
    some_columns,
    to_null,
    nothing,
    increments_and_decrements,
    multiplication_and_division,
    division_of_integers_drops_the_rest,
    arithmetic_on_null_is_null,
    big_integers_stay_exact,
    the_key_itself,
    only_while_a_version_is_current,
    what_connect_names_is_found_before_any_is_connected,
    updated_at_moves_with_each_change,
    updated_at_moves_with_a_connection,
    updated_at_can_be_given,
    children_are_added,
    children_move_from_another_parent,
    a_parent_is_replaced,
    a_parent_is_created,
    many_to_many_connections_are_added_once,
    a_one_to_one_child_replaces_the_old_one,
    a_one_to_one_child_is_created,
    a_one_to_one_child_that_is_connected_again_stays,
    many_rows,
    many_rows_by_a_condition_on_relations,
    many_rows_count_what_matched_not_what_differs,
    many_rows_of_none,
    all_rows,
    many_rows_move_updated_at,
    connecting_takes_a_place_of_one_to_one,
    decimals_are_computed_exactly,
    a_row_that_is_connected_to_itself_shows_it,
    a_row_that_is_named_twice_is_connected_once,
    a_created_row_of_one_to_one_with_a_parent_of_its_own_is_connected,
);

async fn some_columns(db: &Client) -> Outcome {
    show(
        db.user()
            .update(|user| user.email.eq("bob@acme.io"))
            .set(|user| [user.name.to("Robert"), user.role.to(Role::PowerUser)])
            .await?,
    )
}

async fn to_null(db: &Client) -> Outcome {
    show(db.user().update(|user| user.id.eq(2)).set(|user| [user.name.to_null(), user.manager_id.to_null()]).await?)
}

async fn nothing(db: &Client) -> Outcome {
    show(db.user().update(|user| user.id.eq(3)).await?)
}

async fn increments_and_decrements(db: &Client) -> Outcome {
    let more = db.user().update(|user| user.id.eq(1)).set(|user| [user.visits.add(5), user.score.add(0.25)]).await?;
    let less = db.user().update(|user| user.id.eq(1)).set(|user| [user.visits.sub(20), user.score.sub(4.75)]).await?;
    show([(more.visits, more.score), (less.visits, less.score)])
}

async fn multiplication_and_division(db: &Client) -> Outcome {
    let more = db.user().update(|user| user.id.eq(1)).set(|user| [user.visits.mul(-3), user.score.mul(2.0)]).await?;
    let less = db.user().update(|user| user.id.eq(1)).set(|user| [user.visits.div(10), user.score.div(4.0)]).await?;
    show([(more.visits, more.score), (less.visits, less.score)])
}

async fn division_of_integers_drops_the_rest(db: &Client) -> Outcome {
    let positive = db.user().update(|user| user.id.eq(1)).set(|user| user.visits.div(4)).await?.visits;
    db.user().update(|user| user.id.eq(1)).set(|user| user.visits.to(-7)).await?;
    let negative = db.user().update(|user| user.id.eq(1)).set(|user| user.visits.div(2)).await?.visits;
    show([positive, negative])
}

async fn arithmetic_on_null_is_null(db: &Client) -> Outcome {
    show(db.user().update(|user| user.id.eq(2)).set(|user| user.score.add(1.0)).await?.score)
}

async fn big_integers_stay_exact(db: &Client) -> Outcome {
    let sample = db.sample().create(NewSample {}).set(|sample| sample.big_int.to(9_007_199_254_740_993_i64)).await?;
    let change = |by: i64| db.sample().update(|row| row.id.eq(sample.id)).set(move |row| row.big_int.add(by));
    let up = change(9_000_000_000_000_000_000).await?.big_int;
    let down = change(-2).await?.big_int;
    show([big_int(up), big_int(down)])
}

async fn the_key_itself(db: &Client) -> Outcome {
    let tag = db.tag().update(|tag| tag.id.eq("t1")).set(|tag| tag.id.to("t9")).await?;
    let post = db.post().find_unique(|post| post.id.eq(3)).select::<Tagged>().await?;
    show(json!([tag, post]))
}

async fn only_while_a_version_is_current(db: &Client) -> Outcome {
    let current = db.user().update(|user| user.id.eq(1) & user.visits.eq(10)).set(|user| user.visits.add(1)).await?;
    let stale = db.user().update(|user| user.id.eq(1) & user.visits.eq(10)).set(|user| user.visits.add(1)).await;
    show(json!([current.visits, refused(stale)]))
}

async fn what_connect_names_is_found_before_any_is_connected(db: &Client) -> Outcome {
    db.user().update_many().filter(|user| user.id.eq(4)).set(|user| user.manager_id.to(3)).await?;
    db.user().update_many().filter(|user| user.id.eq(3)).set(|user| user.manager_id.to(2)).await?;
    let connect = |manager_id: i32| {
        db.user()
            .update(|user| user.id.eq(1))
            .set(move |user| {
                [
                    user.reports.connect(|user| user.id.eq(3)),
                    user.reports.connect(|user| {
                        user.id.eq(4)
                            & user
                                .manager
                                .is(|user| user.reports.some(|user| user.id.eq(4)) & user.manager_id.eq(manager_id))
                    }),
                ]
            })
            .select::<Reports>()
    };
    // The manager of 4 is 3, whose manager is 2, and 1 only once it is connected.
    show((refused(connect(1).await), connect(2).await?))
}

async fn updated_at_moves_with_each_change(db: &Client) -> Outcome {
    let post = db.post().update(|post| post.id.eq(1)).set(|post| post.views.add(1)).await?;
    show(json!({ "moved": post.updated_at > seeded_at(), "created": post.created_at == seeded_at() }))
}

async fn updated_at_moves_with_a_connection(db: &Client) -> Outcome {
    db.user().update(|user| user.id.eq(1)).set(|user| user.posts.connect(|post| post.id.eq(3))).await?;
    let new = NewUser { email: "new@acme.io".into() };
    db.user().create(new).set(|user| user.posts.connect(|post| post.id.eq(4))).await?;
    let posts = db.post().find_many().filter(|post| post.updated_at.gt(seeded_at())).order_by(|post| post.id.asc());
    show(posts.await?.iter().map(|post| post.id).collect::<Vec<_>>())
}

async fn updated_at_can_be_given(db: &Client) -> Outcome {
    let given: DateTime = "2001-02-03T04:05:06Z".parse().expect("an instant");
    let post = db.post().update(|post| post.id.eq(1)).set(|post| post.updated_at.to(given)).await?;
    show(post.updated_at == given)
}

async fn children_are_added(db: &Client) -> Outcome {
    show(
        db.user()
            .update(|user| user.id.eq(4))
            .set(|user| {
                [user.posts.create(NewPost { title: "One".into() }), user.posts.create(NewPost { title: "Two".into() })]
            })
            .select::<Author>()
            .await?,
    )
}

async fn children_move_from_another_parent(db: &Client) -> Outcome {
    let to = db.user().update(|user| user.id.eq(4)).set(|user| user.posts.connect(|post| post.id.eq(1)));
    let to = to.select::<Author>().await?;
    let from = db.user().find_unique(|user| user.id.eq(1)).select::<Author>().await?;
    show((to, from))
}

async fn a_parent_is_replaced(db: &Client) -> Outcome {
    show(
        db.user()
            .update(|user| user.id.eq(2))
            .set(|user| user.manager.connect(|manager| manager.email.eq("eve@acme.io")))
            .select::<Managed>()
            .await?,
    )
}

async fn a_parent_is_created(db: &Client) -> Outcome {
    let manager = purlin_tests::db::NewUser { email: "new@acme.io".into() }.set(|user| user.name.to("New"));
    show(db.user().update(|user| user.id.eq(1)).set(|user| user.manager.create(manager)).select::<Managed>().await?)
}

async fn many_to_many_connections_are_added_once(db: &Client) -> Outcome {
    show(
        db.post()
            .update(|post| post.id.eq(3))
            .set(|post| {
                [
                    post.tags.connect(|tag| tag.name.eq("rust")),
                    post.tags.connect(|tag| tag.name.eq("unused")),
                    post.tags.create(NewTag { name: "fresh".into() }),
                ]
            })
            .select::<Tagged>()
            .await?,
    )
}

async fn a_one_to_one_child_replaces_the_old_one(db: &Client) -> Outcome {
    db.user().update(|user| user.id.eq(1)).set(|user| user.badge.connect(|badge| badge.code.eq("silver"))).await?;
    show(db.badge().find_many().order_by(|badge| badge.code.asc()).await?)
}

async fn a_one_to_one_child_is_created(db: &Client) -> Outcome {
    let profile = NewProfile { bio: "Sails".into() };
    db.user().update(|user| user.id.eq(3)).set(|user| user.profile.create(profile)).await?;
    show(db.profile().find_unique(|profile| profile.user_id.eq(3)).await?)
}

async fn a_one_to_one_child_that_is_connected_again_stays(db: &Client) -> Outcome {
    let update = || db.user().update(|user| user.id.eq(1));
    update().set(|user| user.profile.connect(|profile| profile.id.eq(1))).await?;
    update().set(|user| user.badge.connect(|badge| badge.code.eq("gold"))).await?;
    let profile = db.profile().find_unique(|profile| profile.id.eq(1)).await?;
    let badge = db.badge().find_unique(|badge| badge.code.eq("gold")).await?;
    show((profile, badge))
}

async fn many_rows(db: &Client) -> Outcome {
    let changed = db.user().update_many().filter(|user| user.visits.eq(3)).set(|user| user.visits.mul(10)).await?;
    let rows = db.user().find_many().order_by(|user| user.id.asc()).await?;
    show(json!({ "changed": changed, "visits": rows.iter().map(|user| user.visits).collect::<Vec<_>>() }))
}

async fn many_rows_by_a_condition_on_relations(db: &Client) -> Outcome {
    let changed = db
        .post()
        .update_many()
        .filter(|post| {
            post.author.is(|author| author.manager.is_not_null()) & post.tags.some(|tag| tag.name.eq("data"))
        })
        .set(|post| [post.published.to(false), post.rating.to(1.5)])
        .await?;
    let post = db.post().find_unique(|post| post.id.eq(4)).or_not_found().await?;
    show(json!([changed, post.published, post.rating]))
}

async fn many_rows_count_what_matched_not_what_differs(db: &Client) -> Outcome {
    show(db.user().update_many().filter(|user| user.visits.eq(3)).set(|user| user.visits.to(3)).await?)
}

async fn many_rows_of_none(db: &Client) -> Outcome {
    show(db.user().update_many().filter(|user| user.id.gt(99)).set(|user| user.visits.to(1)).await?)
}

async fn all_rows(db: &Client) -> Outcome {
    let changed = db.user().update_many().set(|user| user.score.to_null()).await?;
    show([changed, u64::try_from(db.user().count().filter(|user| user.score.is_null()).await?).unwrap_or_default()])
}

async fn many_rows_move_updated_at(db: &Client) -> Outcome {
    db.post().update_many().filter(|post| post.id.lte(2)).set(|post| post.views.to(0)).await?;
    let moved = db.post().find_many().filter(|post| post.updated_at.gt(seeded_at())).order_by(|post| post.id.asc());
    let moved = moved.await?;
    show(json!({
        "moved": moved.iter().map(|post| post.id).collect::<Vec<_>>(),
        "atOneInstant": moved.iter().all(|post| Some(post.updated_at) == moved.first().map(|first| first.updated_at)),
    }))
}

async fn connecting_takes_a_place_of_one_to_one(db: &Client) -> Outcome {
    let badges = async || {
        let badges = db.badge().find_many().order_by(|badge| badge.code.asc()).await?;
        show(badges.iter().map(|badge| json!([badge.code, badge.user_id])).collect::<Vec<_>>())
    };
    let connect = async |code: &str| {
        db.badge().update(|badge| badge.code.eq(code)).set(|badge| badge.user.connect(|user| user.id.eq(1))).await
    };
    connect("silver").await?;
    let taken = badges().await?;
    connect("silver").await?;
    let kept = badges().await?;
    db.badge()
        .update(|badge| badge.user_id.eq(1))
        .set(|badge| badge.user.connect(|user| user.email.eq("ada@acme.io")))
        .await?;
    let by_the_key_itself = badges().await?;
    let own = db.profile().update(|profile| profile.id.eq(1)).set(|profile| profile.user.connect(|user| user.id.eq(1)));
    let own = refused(own.await);
    let other =
        db.profile().update(|profile| profile.id.eq(2)).set(|profile| profile.user.connect(|user| user.id.eq(1)));
    let other = refused(other.await);
    let free =
        db.profile().update(|profile| profile.id.eq(2)).set(|profile| profile.user.connect(|user| user.id.eq(3)));
    let free = free.await?.user_id;
    show(json!([taken, kept, by_the_key_itself, own, other, free]))
}

async fn decimals_are_computed_exactly(db: &Client) -> Outcome {
    let number = |text: &str| text.parse::<Decimal>().expect("a decimal number");
    let id = db.sample().create(NewSample {}.set(|sample| sample.decimal.to(number("0.1")))).await?.id;
    let mut results = Vec::new();
    let sample = Sample::FIELDS;
    for set in [
        sample.decimal.add(number("0.2")),
        sample.decimal.sub(number("0.4")),
        sample.decimal.mul(number("12345678901234567890.12345678901234567890")),
        sample.decimal.div(number("8")),
        sample.decimal.to(number("1")),
        sample.decimal.div(number("3")),
    ] {
        let row = db.sample().update(|sample| sample.id.eq(id)).set(|_| set).await?;
        results.push(decimal(&row.decimal));
    }
    let untouched =
        db.sample().update(|sample| sample.id.eq(id)).set(|sample| sample.optional_decimal.add(number("1"))).await?;
    let zero = db.sample().update(|sample| sample.id.eq(id)).set(|sample| sample.decimal.div(number("0.0"))).await;
    let many = db.sample().update_many().set(|sample| sample.decimal.mul(number("-3"))).await?;
    let after = db.sample().find_unique(|sample| sample.id.eq(id)).await?.map(|sample| decimal(&sample.decimal));
    show(json!([results, untouched.optional_decimal.is_none(), refused(zero), many, after]))
}

async fn a_row_that_is_connected_to_itself_shows_it(db: &Client) -> Outcome {
    let updated = db
        .user()
        .update(|user| user.id.eq(3))
        .set(|user| [user.reports.connect(|report| report.id.eq(2)), user.reports.connect(|report| report.id.eq(3))])
        .await?;
    let new = NewUser { email: "new@acme.io".into() };
    let created =
        db.user().create(new).set(|user| [user.id.to(9), user.reports.connect(|report| report.id.eq(9))]).await?;
    let report = NewUser { email: "report@acme.io".into() }.set(|user| user.reports.connect(|report| report.id.eq(2)));
    let deeper = db.user().update(|user| user.id.eq(2)).set(|user| user.reports.create(report)).await?;
    show([updated.manager_id, created.manager_id, deeper.manager_id])
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct Narrower {
    name: String,
    narrower: Vec<TagName>,
}

async fn a_row_that_is_named_twice_is_connected_once(db: &Client) -> Outcome {
    let eve = || db.user().update(|user| user.id.eq(5));
    let reports = eve()
        .set(|user| {
            [
                user.reports.connect(|report| report.id.eq(4)),
                user.reports.connect(|report| report.id.eq(4)),
                user.reports.connect(|report| report.email.eq("dan_1@acme.io")),
            ]
        })
        .select::<Reports>()
        .await?;
    let tags = db
        .post()
        .update(|post| post.id.eq(5))
        .set(|post| {
            [
                post.tags.connect(|tag| tag.id.eq("t1")),
                post.tags.connect(|tag| tag.id.eq("t1")),
                post.tags.connect(|tag| tag.name.eq("rust")),
            ]
        })
        .select::<Tagged>()
        .await?;
    let own = eve()
        .set(|user| [user.reports.connect(|report| report.id.eq(5)), user.reports.connect(|report| report.id.eq(5))])
        .select::<Reports>()
        .await?;
    let narrower = db
        .tag()
        .update(|tag| tag.id.eq("t3"))
        .set(|tag| [tag.narrower.connect(|tag| tag.id.eq("t3")), tag.narrower.connect(|tag| tag.name.eq("unused"))])
        .select::<Narrower>()
        .await?;
    let missing = eve()
        .set(|user| [user.reports.connect(|report| report.id.eq(99)), user.reports.connect(|report| report.id.eq(99))]);
    show((reports, tags, own, narrower, refused(missing.await)))
}

#[derive(Serialize, Select)]
#[serde(rename_all = "camelCase")]
#[select(Runner)]
struct Placed {
    id: i32,
    lane_round: Option<i32>,
    lane_number: Option<i32>,
    next_id: Option<i32>,
}

async fn a_created_row_of_one_to_one_with_a_parent_of_its_own_is_connected(db: &Client) -> Outcome {
    let connected = NewRunner { id: 8 }.set(|runner| runner.next.connect(|runner| runner.id.eq(1)));
    db.lane().update(|lane| lane.round_number.eq((2, 1))).set(|lane| lane.runner.create(connected)).await?;
    let created = NewRunner { id: 9 }
        .set(|runner| runner.next.connect_or_create(|runner| runner.id.eq(10), NewRunner { id: 10 }));
    db.lane().update(|lane| lane.round_number.eq((2, 1))).set(|lane| lane.runner.create(created)).await?;
    let runners = db.runner().find_many().filter(|runner| runner.id.gt(7)).order_by(|runner| runner.id.asc());
    show(runners.select::<Placed>().await?)
}
