//! What is refused, how the error says it, and that nothing of it is left.

use purlin_tests::db::{
    Client, NewBooking, NewComment, NewPost, NewProfile, NewSample, NewSeat, NewTag, NewUser, PostFields,
};
use purlin_tests::result::{big_int, code, facts, refused, show};
use purlin_tests::{Outcome, cases};
use serde_json::json;

fn user(email: &str) -> NewUser {
    NewUser { email: email.into() }
}

fn post(title: &str) -> NewPost {
    NewPost { title: title.into() }
}

cases!(
    a_unique_column,
    a_unique_key_of_two_columns,
    a_primary_key,
    a_unique_column_names_the_field_not_the_column,
    a_foreign_key_to_nothing,
    a_foreign_key_of_two_columns_to_nothing,
    a_row_to_change_that_is_not_there,
    a_row_to_connect_that_is_not_there,
    a_related_row_to_connect_that_is_not_there,
    a_parent_that_is_not_given,
    a_required_child_that_would_be_replaced,
    more_rows_than_a_key_names,
    a_nested_row_that_fails_takes_back_the_whole_write,
    a_deep_row_that_fails_takes_back_the_whole_write,
    a_connection_that_fails_takes_back_the_whole_change,
    many_rows_of_which_one_fails,
    a_change_of_many_rows_of_which_one_fails,
    numbers_beyond_the_range_of_their_column,
    big_numbers_beyond_the_range_of_their_column,
    a_row_to_connect_that_is_not_there_where_the_place_is_taken,
    the_facts_of_a_row_that_is_not_there,
    the_facts_of_a_related_row_that_is_not_there,
    errors_of_deep_rows_name_the_model_of_the_call,
    the_facts_of_a_relation_whose_name_the_catalog_does_not_have,
    the_facts_of_constraints,
);

async fn a_unique_column(db: &Client) -> Outcome {
    let created = db.user().create(user("ada@acme.io")).await;
    let updated = db.user().update(|user| user.id.eq(2)).set(|user| user.email.to("ada@acme.io")).await;
    show([refused(created), refused(updated)])
}

async fn a_unique_key_of_two_columns(db: &Client) -> Outcome {
    show(refused(db.booking().create(NewBooking { guest: "Ann".into(), day: 2 }).await))
}

async fn a_primary_key(db: &Client) -> Outcome {
    let counted = db.user().create(user("new@acme.io")).set(|user| user.id.to(1)).await;
    let text = db.tag().create(NewTag { name: "new".into() }).set(|tag| tag.id.to("t1")).await;
    let pair = db.seat().create(NewSeat { row: 1, number: 1 }).await;
    show([refused(counted), refused(text), refused(pair)])
}

async fn a_unique_column_names_the_field_not_the_column(db: &Client) -> Outcome {
    let profile = NewProfile { bio: "Second".into() };
    show(refused(db.profile().create(profile).set(|profile| profile.user_id.to(1)).await))
}

async fn a_foreign_key_to_nothing(db: &Client) -> Outcome {
    let created = db.post().create(post("New")).set(|post| post.author_id.to(99)).await;
    let updated = db.user().update(|user| user.id.eq(1)).set(|user| user.manager_id.to(99)).await;
    show(json!([refused(created), refused(updated), db.post().count().await?]))
}

async fn a_foreign_key_of_two_columns_to_nothing(db: &Client) -> Outcome {
    let booking = NewBooking { guest: "Zoe".into(), day: 1 };
    let created = db.booking().create(booking).set(|booking| [booking.seat_row.to(9), booking.seat_number.to(9)]).await;
    show(refused(created))
}

async fn a_row_to_change_that_is_not_there(db: &Client) -> Outcome {
    let updated = db.user().update(|user| user.id.eq(99)).set(|user| user.visits.add(1)).await;
    let unchanged = db.user().update(|user| user.id.eq(99)).await;
    let deleted = db.seat().delete(|seat| seat.row_number.eq((9, 9))).await;
    show([refused(updated), refused(unchanged), refused(deleted)])
}

async fn a_row_to_connect_that_is_not_there(db: &Client) -> Outcome {
    let created = db.post().create(post("New")).set(|post| post.author.connect(|author| author.id.eq(99))).await;
    let updated = db.user().update(|user| user.id.eq(1)).set(|user| user.manager.connect(|user| user.id.eq(99))).await;
    show(json!([code(created), code(updated), db.post().count().await?]))
}

async fn a_related_row_to_connect_that_is_not_there(db: &Client) -> Outcome {
    let children = db.user().create(user("new@acme.io")).set(|user| user.posts.connect(|post| post.id.eq(99))).await;
    let tags = db.post().update(|post| post.id.eq(1)).set(|post| post.tags.connect(|tag| tag.id.eq("none"))).await;
    show(json!([code(children), code(tags), db.user().count().await?]))
}

async fn a_parent_that_is_not_given(db: &Client) -> Outcome {
    // Without it this does not compile: rustc counts an empty array as an author.
    let nobody = |post: PostFields| std::array::from_fn::<_, 0, _>(|_| post.author_id.to(1));
    show(refused(db.post().create(post("Orphan")).set(nobody).await))
}

async fn a_required_child_that_would_be_replaced(db: &Client) -> Outcome {
    let created = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.profile.create(NewProfile { bio: "Other".into() }))
        .await;
    let connected =
        db.user().update(|user| user.id.eq(1)).set(|user| user.profile.connect(|profile| profile.id.eq(2))).await;
    let bios = db.profile().find_many().order_by(|profile| profile.id.asc()).await?;
    let bios: Vec<_> = bios.iter().map(|profile| (profile.bio.as_str(), profile.user_id)).collect();
    show(json!([code(created), code(connected), bios]))
}

async fn more_rows_than_a_key_names(db: &Client) -> Outcome {
    let found = db.user().find_unique(|user| user.id.eq(1) & user.id.eq(2)).await?;
    show(found.map(|user| user.id))
}

async fn a_nested_row_that_fails_takes_back_the_whole_write(db: &Client) -> Outcome {
    let created = db
        .user()
        .create(user("new@acme.io"))
        .set(|user| [user.posts.create(post("One")), user.posts.create(post("Two").set(|post| post.id.to(1)))])
        .await;
    show(json!([code(created), db.user().count().await?, db.post().count().await?]))
}

async fn a_deep_row_that_fails_takes_back_the_whole_write(db: &Client) -> Outcome {
    let tagged = post("Tagged").set(|post| {
        [post.comments.create(NewComment { text: "kept?".into() }), post.tags.create(NewTag { name: "rust".into() })]
    });
    let created = db.user().create(user("new@acme.io")).set(|user| user.posts.create(tagged)).await;
    let left = [db.user().count().await?, db.post().count().await?, db.comment().count().await?];
    show(json!([code(created), left]))
}

async fn a_connection_that_fails_takes_back_the_whole_change(db: &Client) -> Outcome {
    let updated = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            [
                user.name.to("Changed"),
                user.posts.create(post("New")),
                user.reports.connect(|report| report.email.eq("nobody@acme.io")),
            ]
        })
        .await;
    let name = db.user().find_unique(|user| user.id.eq(1)).or_not_found().await?.name;
    show(json!([code(updated), name, db.post().count().await?]))
}

async fn many_rows_of_which_one_fails(db: &Client) -> Outcome {
    let created = db.user().create_many(["one@acme.io", "two@acme.io", "one@acme.io"].map(user)).await;
    show(json!([refused(created), db.user().count().await?]))
}

async fn a_change_of_many_rows_of_which_one_fails(db: &Client) -> Outcome {
    let updated = db.user().update_many().set(|user| [user.email.to("same@acme.io"), user.visits.to(0)]).await;
    let visits = db.user().find_unique(|user| user.id.eq(1)).or_not_found().await?.visits;
    show(json!([refused(updated), visits]))
}

async fn numbers_beyond_the_range_of_their_column(db: &Client) -> Outcome {
    let row = db.user().update(|user| user.id.eq(1)).set(|user| user.visits.to(i32::MAX)).await?;
    let beyond = db.user().update(|user| user.id.eq(1)).set(|user| user.visits.add(1)).await;
    let after = db.user().find_unique(|user| user.id.eq(1)).or_not_found().await?;
    show(json!([row.visits, code(beyond), after.visits]))
}

async fn big_numbers_beyond_the_range_of_their_column(db: &Client) -> Outcome {
    let row = db.sample().create(NewSample {}).set(|sample| sample.big_int.to(i64::MAX)).await?;
    let one = db.sample().update(|sample| sample.id.eq(row.id)).set(|sample| sample.big_int.add(1)).await;
    let many = db.sample().update_many().set(|sample| sample.big_int.mul(2)).await;
    let after = db.sample().find_unique(|sample| sample.id.eq(row.id)).or_not_found().await?;
    show(json!([code(one), code(many), big_int(after.big_int)]))
}

async fn a_row_to_connect_that_is_not_there_where_the_place_is_taken(db: &Client) -> Outcome {
    let connect =
        |id| db.user().update(|user| user.id.eq(1)).set(move |user| user.profile.connect(|row| row.id.eq(id)));
    let missing = code(connect(99).await);
    let other = code(connect(2).await);
    let own = code(connect(1).await);
    show([missing, other, own])
}

async fn the_facts_of_a_row_that_is_not_there(db: &Client) -> Outcome {
    let updated = db.user().update(|user| user.id.eq(99)).set(|user| user.visits.add(1)).await;
    let deleted = db.seat().delete(|seat| seat.row_number.eq((9, 9))).await;
    let read = db.user().find_unique(|user| user.id.eq(99)).or_not_found().await;
    let nested = db.user().update(|user| user.id.eq(99)).set(|user| user.posts.create(post("New"))).await;
    show([facts(updated), facts(deleted), facts(read), facts(nested)])
}

async fn the_facts_of_a_related_row_that_is_not_there(db: &Client) -> Outcome {
    let parent = db.post().create(post("New")).set(|post| post.author.connect(|author| author.id.eq(99))).await;
    let created = db.user().create(user("new@acme.io")).set(|user| user.profile.connect(|row| row.id.eq(99))).await;
    let one = db.user().update(|user| user.id.eq(1)).set(|user| user.profile.connect(|row| row.id.eq(99))).await;
    let list = db.user().create(user("new@acme.io")).set(|user| user.posts.connect(|post| post.id.eq(99))).await;
    let tags = db.post().update(|post| post.id.eq(1)).set(|post| post.tags.connect(|tag| tag.id.eq("none"))).await;
    let changed = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.posts.update(|post| post.id.eq(99), |post| post.views.to(1)))
        .await;
    let deleted = db.user().update(|user| user.id.eq(5)).set(|user| user.profile.delete()).await;
    show([facts(parent), facts(created), facts(one), facts(list), facts(tags), facts(changed), facts(deleted)])
}

async fn errors_of_deep_rows_name_the_model_of_the_call(db: &Client) -> Outcome {
    let deleted = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.posts.update(|post| post.id.eq(1), |post| post.comments.delete(|row| row.id.eq(99))))
        .await;
    let changed = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| {
            user.posts.update(
                |post| post.id.eq(1),
                |post| post.comments.update(|comment| comment.id.eq(99), |comment| comment.text.to("x")),
            )
        })
        .await;
    let tag = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.posts.update(|post| post.id.eq(1), |post| post.tags.delete(|tag| tag.id.eq("none"))))
        .await;
    show([facts(deleted), facts(changed), facts(tag)])
}

async fn the_facts_of_a_relation_whose_name_the_catalog_does_not_have(db: &Client) -> Outcome {
    let manager = db.user().update(|user| user.id.eq(1)).set(|user| user.manager.connect(|user| user.id.eq(99))).await;
    let reports = db.user().update(|user| user.id.eq(1)).set(|user| user.reports.connect(|user| user.id.eq(99))).await;
    let narrower = db.tag().update(|tag| tag.id.eq("t1")).set(|tag| tag.narrower.delete(|tag| tag.id.eq("none"))).await;
    show([facts(manager), facts(reports), facts(narrower)])
}

async fn the_facts_of_constraints(db: &Client) -> Outcome {
    let bio = NewProfile { bio: "Other".into() };
    let replaced = db.user().update(|user| user.id.eq(1)).set(|user| user.profile.create(bio)).await;
    let taken = db.profile().update(|row| row.id.eq(2)).set(|row| row.user.connect(|user| user.id.eq(1))).await;
    let orphan = db.post().create(post("New")).set(|post| post.author_id.to(99)).await;
    let referred = db.user().delete(|user| user.id.eq(1)).await;
    show([facts(replaced), facts(taken), facts(orphan), facts(referred)])
}
