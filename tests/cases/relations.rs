//! Conditions on related rows.

use purlin::{Condition, Filter};
use purlin_tests::db::{
    Booking, BookingFields, Client, Comment, CommentFields, LoyaltyCard, Parcel, ParcelFields, Post, PostFields,
    Purchase, PurchaseFields, Tag, TagFields, User, UserFields,
};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde_json::json;

async fn users<F: Condition<User>>(db: &Client, condition: impl FnOnce(UserFields) -> F) -> Outcome {
    let rows = db.user().find_many().filter(condition).order_by(|user| user.id.asc()).await?;
    show(rows.iter().map(|user| user.id).collect::<Vec<_>>())
}

async fn posts<F: Condition<Post>>(db: &Client, condition: impl FnOnce(PostFields) -> F) -> Outcome {
    let rows = db.post().find_many().filter(condition).order_by(|post| post.id.asc()).await?;
    show(rows.iter().map(|post| post.id).collect::<Vec<_>>())
}

async fn comments<F: Condition<Comment>>(db: &Client, condition: impl FnOnce(CommentFields) -> F) -> Outcome {
    let rows = db.comment().find_many().filter(condition).order_by(|comment| comment.id.asc()).await?;
    show(rows.iter().map(|comment| comment.id).collect::<Vec<_>>())
}

async fn tags<F: Condition<Tag>>(db: &Client, condition: impl FnOnce(TagFields) -> F) -> Outcome {
    let rows = db.tag().find_many().filter(condition).order_by(|tag| tag.name.asc()).await?;
    show(rows.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>())
}

async fn bookings<F: Condition<Booking>>(db: &Client, condition: impl FnOnce(BookingFields) -> F) -> Outcome {
    let rows = db.booking().find_many().filter(condition).order_by(|booking| booking.id.asc()).await?;
    show(rows.iter().map(|booking| booking.id).collect::<Vec<_>>())
}

cases!(
    some,
    some_of_anything_has_related_rows,
    every_holds_where_there_is_none,
    none,
    none_of_anything_has_no_related_rows,
    quantifiers_combine,
    is,
    is_not_holds_where_there_is_none,
    is_null,
    is_not_null,
    is_not_of_a_required_relation,
    a_condition_on_a_relation_that_is_null_leaves_out_the_row,
    one_to_one_from_the_side_without_the_key,
    many_to_many,
    many_to_many_with_itself,
    a_relation_to_its_own_model,
    five_levels_deep,
    under_or_and_not,
    a_foreign_key_of_two_columns,
    half_of_a_foreign_key_refers_to_nothing,
    what_is_unknown_of_a_row_is_not_negated,
    any_of_nothing_on_related_rows,
    an_update_and_a_connect_mean_the_rows_that_a_read_finds;
    only on SQLite:
    // A database that lets a foreign key lead nowhere.
    a_required_reference_that_leads_nowhere,
);

async fn some(db: &Client) -> Outcome {
    users(db, |user| user.posts.some(|post| post.published.eq(true))).await
}

async fn some_of_anything_has_related_rows(db: &Client) -> Outcome {
    users(db, |user| user.posts.some(|_| Filter::all(Vec::<Filter<Post>>::new()))).await
}

async fn every_holds_where_there_is_none(db: &Client) -> Outcome {
    users(db, |user| user.posts.every(|post| post.published.eq(true))).await
}

async fn none(db: &Client) -> Outcome {
    users(db, |user| user.posts.none(|post| post.published.eq(true))).await
}

async fn none_of_anything_has_no_related_rows(db: &Client) -> Outcome {
    users(db, |user| user.posts.none(|_| Filter::all(Vec::<Filter<Post>>::new()))).await
}

async fn quantifiers_combine(db: &Client) -> Outcome {
    users(db, |user| user.posts.some(|post| post.views.gte(5)) & user.posts.none(|post| post.published.eq(false))).await
}

async fn is(db: &Client) -> Outcome {
    comments(db, |comment| comment.author.is(|author| author.name.eq("Bob"))).await
}

async fn is_not_holds_where_there_is_none(db: &Client) -> Outcome {
    comments(db, |comment| comment.author.is_not(|author| author.name.eq("Bob"))).await
}

async fn is_null(db: &Client) -> Outcome {
    comments(db, |comment| comment.author.is_null()).await
}

async fn is_not_null(db: &Client) -> Outcome {
    comments(db, |comment| comment.author.is_not_null()).await
}

async fn is_not_of_a_required_relation(db: &Client) -> Outcome {
    posts(db, |post| post.author.is_not(|author| author.name.eq("Ada"))).await
}

async fn a_condition_on_a_relation_that_is_null_leaves_out_the_row(db: &Client) -> Outcome {
    users(db, |user| user.manager.is(|manager| manager.email.ne("ada@acme.io"))).await
}

async fn one_to_one_from_the_side_without_the_key(db: &Client) -> Outcome {
    let counts = users(db, |user| user.profile.is(|profile| profile.bio.contains("Count"))).await?;
    let absent = users(db, |user| user.profile.is_null()).await?;
    let gold = users(db, |user| user.badge.is(|badge| badge.code.eq("gold"))).await?;
    show(json!({ "counts": counts, "absent": absent, "gold": gold }))
}

async fn many_to_many(db: &Client) -> Outcome {
    let some = posts(db, |post| post.tags.some(|tag| tag.name.eq("rust"))).await?;
    let every = posts(db, |post| post.tags.every(|tag| tag.name.eq("rust"))).await?;
    let none = posts(db, |post| post.tags.none(|tag| tag.name.eq("rust"))).await?;
    let back = tags(db, |tag| tag.posts.some(|post| post.author.is(|author| author.name.eq("Bob")))).await?;
    show(json!({ "some": some, "every": every, "none": none, "back": back }))
}

async fn many_to_many_with_itself(db: &Client) -> Outcome {
    db.tag().update(|tag| tag.name.eq("data")).set(|tag| tag.narrower.connect(|tag| tag.name.eq("rust"))).await?;
    let narrower = tags(db, |tag| tag.narrower.some(|tag| tag.name.eq("rust"))).await?;
    let broader = tags(db, |tag| tag.broader.some(|tag| tag.name.eq("data"))).await?;
    show(json!({ "narrower": narrower, "broader": broader }))
}

async fn a_relation_to_its_own_model(db: &Client) -> Outcome {
    let down = users(db, |user| user.reports.some(|report| report.name.eq("Dan"))).await?;
    let up = users(db, |user| user.manager.is(|manager| manager.manager.is(|top| top.name.eq("Ada")))).await?;
    show(json!({ "down": down, "up": up }))
}

async fn five_levels_deep(db: &Client) -> Outcome {
    users(db, |user| {
        user.posts.some(|post| {
            post.comments.some(|comment| {
                comment
                    .author
                    .is(|author| author.manager.is(|manager| manager.profile.is(|profile| profile.bio.eq("Counts"))))
            })
        })
    })
    .await
}

async fn under_or_and_not(db: &Client) -> Outcome {
    users(db, |user| {
        (user.posts.some(|post| post.views.gt(50)) | user.manager.is(|manager| manager.name.eq("Bob")))
            & !user.comments.some(|comment| comment.text.eq("nice"))
    })
    .await
}

async fn a_foreign_key_of_two_columns(db: &Client) -> Outcome {
    let held = bookings(db, |booking| booking.seat.is(|seat| seat.holder.eq("Ann"))).await?;
    let seats = db
        .seat()
        .find_many()
        .filter(|seat| seat.bookings.some(|booking| booking.guest.eq("Ann")))
        .order_by(|seat| [seat.row.asc(), seat.number.asc()])
        .await?;
    let seats: Vec<_> = seats.iter().map(|seat| (seat.row, seat.number)).collect();
    show(json!({ "held": held, "seats": seats }))
}

async fn half_of_a_foreign_key_refers_to_nothing(db: &Client) -> Outcome {
    bookings(db, |booking| booking.seat.is_null()).await
}

async fn what_is_unknown_of_a_row_is_not_negated(db: &Client) -> Outcome {
    show(json!({
        "isNot": comments(db, |comment| comment.author.is_not(|author| author.score.gt(3.0))).await?,
        "not": comments(db, |comment| !comment.author.is(|author| author.score.gt(3.0))).await?,
        "twice": comments(db, |comment| !comment.author.is(|author| !author.score.gt(3.0))).await?,
        "notOfIsNot": comments(db, |comment| !comment.author.is_not(|author| author.score.gt(3.0))).await?,
        "required": posts(db, |post| !post.author.is(|author| author.score.gt(3.0))).await?,
        "every": posts(db, |post| post.comments.every(|comment| comment.author.is(|author| author.score.gt(3.0)))).await?,
        "none": posts(db, |post| post.comments.none(|comment| comment.author.is_not(|author| author.score.gt(3.0)))).await?,
        "itsOwnModel": users(db, |user| user.manager.is_not(|manager| manager.score.gt(1.0))).await?,
        "throughAnother": comments(db, |comment| {
            !comment.author.is(|author| author.manager.is(|manager| manager.score.gt(5.0)))
        })
        .await?,
        "theOtherSide": users(db, |user| !user.badge.is(|badge| badge.user_id.gt(5))).await?,
    }))
}

async fn any_of_nothing_on_related_rows(db: &Client) -> Outcome {
    let nothing = || Filter::any(Vec::<Filter<Post>>::new());
    let nobody = || Filter::any(Vec::<Filter<User>>::new());
    show(json!({
        "some": users(db, |user| user.posts.some(|_| nothing())).await?,
        "every": users(db, |user| user.posts.every(|_| nothing())).await?,
        "none": users(db, |user| user.posts.none(|_| nothing())).await?,
        "not": users(db, |user| !user.posts.some(|_| nothing())).await?,
        "is": comments(db, |comment| comment.author.is(|_| nobody())).await?,
        "isNot": comments(db, |comment| comment.author.is_not(|_| nobody())).await?,
        "required": posts(db, |post| post.author.is(|_| nobody())).await?,
        "deep": users(db, |user| user.posts.some(|post| post.comments.every(|comment| comment.author.is(|_| nobody())))).await?,
        "manyToMany": posts(db, |post| post.tags.every(|_| Filter::any(Vec::<Filter<Tag>>::new()))).await?,
    }))
}

/// A condition that each row satisfies.
fn anything<M>() -> Filter<M> {
    Filter::all(Vec::<Filter<M>>::new())
}

async fn a_required_reference_that_leads_nowhere(db: &Client) -> Outcome {
    async fn parcels<F: Condition<Parcel>>(db: &Client, condition: impl FnOnce(ParcelFields) -> F) -> Outcome {
        let rows = db.parcel().find_many().filter(condition).order_by(|parcel| parcel.id.asc()).await?;
        show(rows.iter().map(|parcel| parcel.id).collect::<Vec<_>>())
    }
    async fn purchases<F: Condition<Purchase>>(db: &Client, condition: impl FnOnce(PurchaseFields) -> F) -> Outcome {
        let rows = db.purchase().find_many().filter(condition).order_by(|purchase| purchase.id.asc()).await?;
        show(rows.iter().map(|purchase| purchase.id).collect::<Vec<_>>())
    }
    let cards = db.loyalty_card().find_many().filter(|card| card.customer.is(|_| anything())).await?;
    let mut read = json!({
        "is": parcels(db, |parcel| parcel.customer.is(|_| anything())).await?,
        "isNot": parcels(db, |parcel| parcel.customer.is_not(|_| anything())).await?,
        "notIs": parcels(db, |parcel| !parcel.customer.is(|_| anything())).await?,
        "either": parcels(db, |parcel| parcel.id.eq(3) | parcel.customer.is(|_| anything())).await?,
        "optional": purchases(db, |purchase| purchase.customer.is(|_| anything())).await?,
        "notNull": purchases(db, |purchase| purchase.customer.is_not_null()).await?,
        "isNull": purchases(db, |purchase| purchase.customer.is_null()).await?,
        "byKey": cards.iter().map(|card: &LoyaltyCard| card.holder.as_str()).collect::<Vec<_>>(),
    });
    let changed = db
        .parcel()
        .update_many()
        .filter(|parcel| parcel.id.gt(1) & parcel.customer.is(|_| anything()))
        .set(|parcel| parcel.note.to("x"))
        .await?;
    let deleted = db.parcel().delete_many().filter(|parcel| parcel.customer.is_not(|_| anything())).await?;
    if let serde_json::Value::Object(members) = &mut read {
        members.insert("changed".into(), json!({ "count": changed }));
        members.insert("deleted".into(), json!({ "count": deleted }));
        members.insert("left".into(), parcels(db, |_| anything()).await?);
    }
    show(read)
}

async fn an_update_and_a_connect_mean_the_rows_that_a_read_finds(db: &Client) -> Outcome {
    // The score of the manager of 4 is not known.
    let updated = db
        .user()
        .update(|user| user.id.eq(4) & user.manager.is_not(|manager| manager.score.gt(1.0)))
        .set(|user| user.visits.to(9));
    let connected = db.user().update(|user| user.id.eq(3)).set(|user| {
        user.reports.connect(|report| report.id.eq(4) & !report.manager.is(|manager| manager.score.gt(1.0)))
    });
    show(json!([refused(updated.await), refused(connected.await)]))
}
