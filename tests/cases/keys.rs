//! Rows named by their unique keys.

use purlin_tests::db::{Client, NewSeat};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde_json::json;

cases!(
    by_the_primary_key,
    by_another_unique_column,
    by_a_key_of_two_columns,
    by_a_key_with_a_name,
    a_row_that_is_not_there_is_null,
    a_key_narrowed_by_other_conditions,
    required_rows,
    the_first_row_required,
    updates_and_deletes_by_a_key_of_two_columns,
    zero_and_negative_keys,
);

async fn by_the_primary_key(db: &Client) -> Outcome {
    show(db.tag().find_unique(|tag| tag.id.eq("t2")).await?)
}

async fn by_another_unique_column(db: &Client) -> Outcome {
    show(db.user().find_unique(|user| user.email.eq("ada@acme.io")).await?.map(|user| user.id))
}

async fn by_a_key_of_two_columns(db: &Client) -> Outcome {
    show(db.seat().find_unique(|seat| seat.row_number.eq((1, 1))).await?)
}

async fn by_a_key_with_a_name(db: &Client) -> Outcome {
    show(db.booking().find_unique(|booking| booking.guest_day.eq(("Ann", 2))).await?)
}

async fn a_row_that_is_not_there_is_null(db: &Client) -> Outcome {
    let user = db.user().find_unique(|user| user.id.eq(99)).await?;
    let seat = db.seat().find_unique(|seat| seat.row_number.eq((1, 99))).await?;
    show(json!([user, seat]))
}

async fn a_key_narrowed_by_other_conditions(db: &Client) -> Outcome {
    let admin = db.user().find_unique(|user| user.id.eq(1) & user.visits.gt(5)).await?;
    let none = db.user().find_unique(|user| user.id.eq(1) & (user.visits.gt(50) | user.name.is_null())).await?;
    let related = db.user().find_unique(|user| user.id.eq(1) & user.posts.some(|post| post.views.eq(5))).await?;
    show([admin, none, related].map(|user| user.map(|user| user.id)))
}

async fn required_rows(db: &Client) -> Outcome {
    let found = db.user().find_unique(|user| user.id.eq(3)).or_not_found().await?.id;
    let missing = db.user().find_unique(|user| user.id.eq(99)).or_not_found().await;
    show(json!([found, refused(missing)]))
}

async fn the_first_row_required(db: &Client) -> Outcome {
    let found = db.post().find_first().filter(|post| post.views.eq(7)).or_not_found().await?.id;
    let missing = db.post().find_first().filter(|post| post.views.eq(8)).or_not_found().await;
    show(json!([found, refused(missing)]))
}

async fn updates_and_deletes_by_a_key_of_two_columns(db: &Client) -> Outcome {
    let taken = db.seat().update(|seat| seat.row_number.eq((1, 2))).set(|seat| seat.holder.to("Zoe")).await?;
    let created = db.seat().create(NewSeat { row: 3, number: 1 }).await?;
    let deleted = db.seat().delete(|seat| seat.row_number.eq((3, 1))).await?;
    let left = db.seat().count().await?;
    show(json!([taken, created, deleted, left]))
}

async fn zero_and_negative_keys(db: &Client) -> Outcome {
    db.seat().create_many([NewSeat { row: 0, number: 0 }, NewSeat { row: -1, number: -2147483648 }]).await?;
    let zero = db.seat().find_unique(|seat| seat.row_number.eq((0, 0))).await?;
    let negative = db.seat().find_unique(|seat| seat.row_number.eq((-1, i32::MIN))).await?;
    show(json!([zero, negative]))
}
