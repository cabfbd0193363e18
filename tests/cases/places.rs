//! Places of one-to-one relations: what is connected to one that is taken, and by what it is named.

use purlin_tests::db::{
    Client, NewBadge, NewDuo, NewHandover, NewProfile, NewRunner, NewSignal, NewTask, NewTenant, NewUser,
};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde_json::json;

cases!(
    the_row_that_has_the_place_keeps_it,
    the_row_that_cannot_be_without_its_place_keeps_it,
    a_row_is_named_by_the_place_that_it_leaves,
    a_row_that_is_missing_changes_nothing,
    the_row_that_has_the_place_may_lack_what_names_the_other,
    by_a_foreign_key_of_two_columns,
    within_a_model,
    of_the_row_that_an_upsert_changes,
    of_a_row_that_is_changed_itself,
    of_a_row_whose_key_changes,
    a_row_that_refers_to_itself_shows_its_new_key,
    a_row_that_gets_another_key_there_may_be_named_twice,
    a_row_is_named_by_the_place_that_a_new_row_takes,
    a_row_is_named_by_the_place_that_another_row_of_the_model_takes,
    a_row_that_names_itself_by_a_key_that_it_loses,
    a_row_gets_its_new_key_from_itself,
    a_row_gets_both_columns_of_its_key_from_one_row,
    a_row_gets_its_key_from_a_row_that_gets_its_key_from_another,
    a_row_gets_its_key_together_with_a_related_row,
    a_row_names_itself_while_it_gets_another_key,
    rows_are_named_by_keys_that_they_get_from_the_row,
    rows_that_one_row_refers_to_are_connected_together,
    rows_that_go_with_one_another_are_deleted_together,
    a_row_is_named_that_an_operation_before_created,
);

/// The code and the user of each badge.
async fn badges(db: &Client) -> Outcome {
    let badges = db.badge().find_many().order_by(|badge| badge.code.asc()).await?;
    show(badges.iter().map(|badge| json!([badge.code, badge.user_id])).collect::<Vec<_>>())
}

/// The user of each profile.
async fn profiles(db: &Client) -> Outcome {
    let profiles = db.profile().find_many().order_by(|profile| profile.id.asc()).await?;
    show(profiles.iter().map(|profile| json!(profile.user_id)).collect::<Vec<_>>())
}

/// Whom each runner passes to.
async fn relay(db: &Client) -> Outcome {
    let runners = db.runner().find_many().order_by(|runner| runner.id.asc()).await?;
    show(runners.iter().map(|runner| json!([runner.id, runner.next_id])).collect::<Vec<_>>())
}

/// The lane of each runner.
async fn lanes(db: &Client) -> Outcome {
    let runners = db.runner().find_many().order_by(|runner| runner.id.asc()).await?;
    show(runners.iter().map(|runner| json!([runner.lane_round, runner.lane_number])).collect::<Vec<_>>())
}

/// The key of each member.
async fn members(db: &Client) -> Outcome {
    let members = db.member().find_many().order_by(|member| [member.tenant_id.asc(), member.number.asc()]).await?;
    show(members.iter().map(|member| json!([member.tenant_id, member.number])).collect::<Vec<_>>())
}

/// The keys of the members of each duo.
async fn duos(db: &Client) -> Outcome {
    let duos = db.duo().find_many().order_by(|duo| [duo.tenant_id.asc(), duo.leader_number.asc()]).await?;
    show(duos.iter().map(|duo| json!([duo.tenant_id, duo.leader_number, duo.helper_number])).collect::<Vec<_>>())
}

fn bronze() -> NewBadge {
    NewBadge { code: "bronze".into() }
}

async fn the_row_that_has_the_place_keeps_it(db: &Client) -> Outcome {
    let change = || db.user().update(|user| user.id.eq(1));
    let mut states = Vec::new();
    change().set(|user| user.badge.connect(|badge| badge.user_id.eq(1))).await?;
    states.push(badges(db).await?);
    change().set(|user| user.badge.connect(|badge| badge.code.eq("gold") & badge.user_id.eq(1))).await?;
    states.push(badges(db).await?);
    change()
        .set(|user| {
            user.badge.connect(|badge| badge.code.eq("gold") & badge.user.is(|user| user.email.eq("ada@acme.io")))
        })
        .await?;
    states.push(badges(db).await?);
    change().set(|user| user.badge.connect_or_create(|badge| badge.user_id.eq(1), bronze())).await?;
    states.push(badges(db).await?);
    change()
        .set(|user| {
            user.badge.connect_or_create(
                |badge| badge.code.eq("gold") & badge.user.is(|user| user.email.eq("ada@acme.io")),
                bronze(),
            )
        })
        .await?;
    states.push(badges(db).await?);
    show(states)
}

async fn the_row_that_cannot_be_without_its_place_keeps_it(db: &Client) -> Outcome {
    let new = || NewProfile { bio: "New".into() };
    let change = || db.user().update(|user| user.id.eq(1));
    change().set(|user| user.profile.connect(|profile| profile.user_id.eq(1))).await?;
    change().set(|user| user.profile.connect_or_create(|profile| profile.user_id.eq(1), new())).await?;
    let kept = profiles(db).await?;
    let other = refused(change().set(|user| user.profile.connect(|profile| profile.user_id.eq(2))).await);
    let missing = change().set(|user| user.profile.connect_or_create(|profile| profile.user_id.eq(3), new()));
    show(json!([kept, other, refused(missing.await), profiles(db).await?]))
}

async fn a_row_is_named_by_the_place_that_it_leaves(db: &Client) -> Outcome {
    let change = |id: i32| db.user().update(move |user| user.id.eq(id));
    change(2).set(|user| user.badge.connect(|badge| badge.user_id.eq(1))).await?;
    let connected = badges(db).await?;
    change(3).set(|user| user.badge.connect_or_create(|badge| badge.user_id.eq(2), bronze())).await?;
    show(json!([connected, badges(db).await?]))
}

async fn a_row_that_is_missing_changes_nothing(db: &Client) -> Outcome {
    let change = || db.user().update(|user| user.id.eq(1));
    let by_its_key = refused(change().set(|user| user.badge.connect(|badge| badge.code.eq("none"))).await);
    let by_its_place = refused(change().set(|user| user.badge.connect(|badge| badge.user_id.eq(2))).await);
    show(json!([by_its_key, by_its_place, badges(db).await?]))
}

async fn the_row_that_has_the_place_may_lack_what_names_the_other(db: &Client) -> Outcome {
    let change = || db.runner().update(|runner| runner.id.eq(3));
    change().set(|runner| runner.previous.connect(|previous| previous.name.eq("Ann"))).await?;
    show(relay(db).await?)
}

async fn by_a_foreign_key_of_two_columns(db: &Client) -> Outcome {
    let change = |number: i32| db.lane().update(move |lane| lane.round_number.eq((1, number)));
    let new = || NewRunner { id: 9 };
    change(1).set(|lane| lane.runner.connect(|runner| runner.lane_round_lane_number.eq((1, 1)))).await?;
    change(1)
        .set(|lane| lane.runner.connect_or_create(|runner| runner.lane_round_lane_number.eq((1, 1)), new()))
        .await?;
    let kept = lanes(db).await?;
    change(2).set(|lane| lane.runner.connect(|runner| runner.lane_round_lane_number.eq((1, 1)))).await?;
    show(json!([kept, lanes(db).await?]))
}

async fn within_a_model(db: &Client) -> Outcome {
    let change = |id: i32| db.runner().update(move |runner| runner.id.eq(id));
    let new = || NewRunner { id: 9 };
    change(2).set(|runner| runner.previous.connect(|previous| previous.next_id.eq(2))).await?;
    change(2).set(|runner| runner.previous.connect_or_create(|previous| previous.next_id.eq(2), new())).await?;
    let kept = relay(db).await?;
    // Who is named by those that follow, of whom one loses the place.
    change(3)
        .set(|runner| {
            runner.previous.connect_or_create(
                |previous| previous.id.eq(1) & previous.next.is(|next| next.next.is(|last| last.id.eq(3))),
                new(),
            )
        })
        .await?;
    show(json!([kept, relay(db).await?]))
}

async fn of_the_row_that_an_upsert_changes(db: &Client) -> Outcome {
    let user = NewUser { email: "ada@acme.io".into() };
    db.user()
        .upsert(
            |user| user.email.eq("ada@acme.io"),
            user,
            |user| user.badge.connect_or_create(|badge| badge.user_id.eq(1), bronze()),
        )
        .await?;
    show(badges(db).await?)
}

async fn of_a_row_that_is_changed_itself(db: &Client) -> Outcome {
    db.profile()
        .update(|profile| profile.id.eq(1))
        .set(|profile| profile.user.update(|user| user.badge.connect_or_create(|badge| badge.user_id.eq(1), bronze())))
        .await?;
    show(badges(db).await?)
}

async fn of_a_row_whose_key_changes(db: &Client) -> Outcome {
    db.user()
        .update(|user| user.id.eq(1))
        .set(|user| [user.id.to(70), user.badge.connect(|badge| badge.user_id.eq(1))])
        .await?;
    let connected = badges(db).await?;
    db.user()
        .update(|user| user.id.eq(70))
        .set(|user| [user.id.to(71), user.badge.connect_or_create(|badge| badge.user_id.eq(70), bronze())])
        .await?;
    show(json!([connected, badges(db).await?]))
}

async fn a_row_that_refers_to_itself_shows_its_new_key(db: &Client) -> Outcome {
    let runner = db.runner().update(|runner| runner.id.eq(4)).set(|runner| runner.id.to(40)).await?;
    show(json!([runner.id, runner.next_id]))
}

async fn a_row_that_gets_another_key_there_may_be_named_twice(db: &Client) -> Outcome {
    db.tenant()
        .update(|tenant| tenant.id.eq(2))
        .set(|tenant| [2, 2].map(|number| tenant.members.connect(|member| member.tenant_id_number.eq((1, number)))))
        .await?;
    members(db).await
}

async fn a_row_is_named_by_the_place_that_a_new_row_takes(db: &Client) -> Outcome {
    // Between the first two.
    db.runner()
        .create(NewRunner { id: 9 })
        .set(|runner| {
            let next = runner.next.connect(|next| next.id.eq(2));
            (next, runner.previous.connect(|previous| previous.next_id.eq(2)))
        })
        .await?;
    let inserted = relay(db).await?;
    // Nobody passes to the first one.
    let first = db.runner().create(NewRunner { id: 10 }).set(|runner| {
        let next = runner.next.connect(|next| next.id.eq(1));
        (next, runner.previous.connect(|previous| previous.next_id.eq(1)))
    });
    let first = refused(first.await);
    // Nobody has the number that the new one gets.
    let itself =
        db.runner().create(NewRunner { id: 10 }).set(|runner| runner.previous.connect(|previous| previous.id.eq(10)));
    show(json!([inserted, first, refused(itself.await), relay(db).await?]))
}

async fn a_row_is_named_by_the_place_that_another_row_of_the_model_takes(db: &Client) -> Outcome {
    db.runner()
        .update(|runner| runner.id.eq(3))
        .set(|runner| {
            let next = runner.next.connect(|next| next.id.eq(2));
            (next, runner.previous.connect(|previous| previous.next_id.eq(2)))
        })
        .await?;
    relay(db).await
}

async fn a_row_that_names_itself_by_a_key_that_it_loses(db: &Client) -> Outcome {
    let itself = db.runner().update(|runner| runner.id.eq(1)).set(|runner| {
        let previous = runner.previous.connect(|previous| previous.name.eq("Ann"));
        (runner.name.to("Eve"), previous)
    });
    itself.await?;
    relay(db).await
}

async fn a_row_gets_its_new_key_from_itself(db: &Client) -> Outcome {
    let next = db.runner().update(|runner| runner.id.eq(4)).set(|runner| runner.next.update(|next| next.id.to(40)));
    let next = next.await?;
    let previous =
        db.runner().update(|runner| runner.id.eq(40)).set(|runner| runner.previous.update(|runner| runner.id.to(41)));
    let previous = previous.await?;
    let upsert = db
        .runner()
        .update(|runner| runner.id.eq(41))
        .set(|runner| runner.next.upsert(NewRunner { id: 50 }, |next| next.id.to(42)));
    let upsert = upsert.await?;
    let other = db.runner().update(|runner| runner.id.eq(1)).set(|runner| runner.next.update(|next| next.id.to(20)));
    let other = other.await?;
    let keys = [next, previous, upsert, other].map(|runner| json!([runner.id, runner.next_id]));
    show(json!([keys, relay(db).await?]))
}

/// The keys of each handover.
async fn handovers(db: &Client) -> Outcome {
    let order = db.handover().find_many().order_by(|handover| [handover.from_id.asc(), handover.to_id.asc()]);
    show(order.await?.iter().map(|handover| json!([handover.from_id, handover.to_id])).collect::<Vec<_>>())
}

async fn a_row_gets_both_columns_of_its_key_from_one_row(db: &Client) -> Outcome {
    for (from_id, to_id) in [(4, 4), (4, 1), (1, 4), (1, 1)] {
        db.handover()
            .create(NewHandover {})
            .set(|handover| (handover.from_id.to(from_id), handover.to_id.to(to_id)))
            .await?;
    }
    let change =
        |from_id: i32, to_id: i32| db.handover().update(move |handover| handover.from_id_to_id.eq((from_id, to_id)));
    let both = change(4, 4).set(|handover| handover.from.update(|runner| runner.id.to(40))).await?;
    let second = change(40, 40).set(|handover| handover.to.upsert(NewRunner { id: 50 }, |runner| runner.id.to(41)));
    let second = second.await?;
    let first = change(41, 1)
        .set(|handover| (handover.from.update(|runner| runner.id.to(42)), handover.to.update(|to| to.id.to(10))))
        .await?;
    let other = change(10, 42)
        .set(|handover| (handover.from.update(|runner| runner.id.to(11)), handover.to.update(|to| to.id.to(43))))
        .await?;
    let keys = [both, second, first, other].map(|handover| json!([handover.from_id, handover.to_id]));
    show(json!([keys, handovers(db).await?]))
}

async fn a_row_gets_its_key_from_a_row_that_gets_its_key_from_another(db: &Client) -> Outcome {
    db.handover()
        .create(NewHandover {})
        .set(|handover| {
            (handover.from_id.to(4), handover.to_id.to(4), handover.signals.create(NewSignal { number: 1 }))
        })
        .await?;
    let signal = db
        .signal()
        .update(|signal| signal.from_id_to_id_number.eq((4, 4, 1)))
        .set(|signal| signal.handover.update(|handover| handover.to.update(|runner| runner.id.to(40))))
        .await?;
    show(json!([[signal.from_id, signal.to_id, signal.number], handovers(db).await?]))
}

async fn a_row_gets_its_key_together_with_a_related_row(db: &Client) -> Outcome {
    let task = db.task().create(NewTask { title: "Sort".into() });
    let task = task.set(|task| (task.tenant_id.to(1), task.member_number.to(1))).await?;
    let member = db
        .member()
        .update(|member| member.tenant_id_number.eq((1, 1)))
        .set(|member| {
            member.tasks.update(move |other| other.id.eq(task.id), |task| task.tenant.update(|tenant| tenant.id.to(9)))
        })
        .await?;
    show(json!([[member.tenant_id, member.number], members(db).await?]))
}

async fn a_row_names_itself_while_it_gets_another_key(db: &Client) -> Outcome {
    let runner = |id: i32| db.runner().update(move |runner| runner.id.eq(id));
    let by_its_key = runner(1).set(|runner| (runner.id.to(10), runner.previous.connect(|previous| previous.id.eq(1))));
    let by_its_key = by_its_key.await?;
    let by_another = runner(3).set(|runner| {
        let previous = runner.previous.connect_or_create(|previous| previous.name.eq("Cat"), NewRunner { id: 30 });
        (runner.id.to(20), previous)
    });
    let by_another = by_another.await?;
    let user = |id: i32| db.user().update(move |user| user.id.eq(id));
    let connected = user(1).set(|user| (user.id.to(70), user.reports.connect(|report| report.id.eq(1)))).await?;
    let both = user(2).set(|user| {
        let reports = user.reports.set_to(|report| [2, 70].map(|id| report.id.eq(id)));
        (user.id.to(80), reports)
    });
    let both = both.await?;
    let runners = [by_its_key, by_another].map(|runner| json!([runner.id, runner.next_id]));
    let users = [connected, both].map(|user| json!([user.id, user.manager_id]));
    let report = db.user().find_unique(|user| user.id.eq(70)).await?.map(|user| user.manager_id);
    show(json!([runners, relay(db).await?, users, report]))
}

async fn rows_are_named_by_keys_that_they_get_from_the_row(db: &Client) -> Outcome {
    let tenant = |id: i32| db.tenant().update(move |tenant| tenant.id.eq(id));
    let by_old_keys = tenant(1).set(|tenant| {
        let members = [1, 2].map(|number| tenant.members.connect(|member| member.tenant_id_number.eq((1, number))));
        (tenant.id.to(5), members)
    });
    by_old_keys.await?;
    let connected = members(db).await?;
    // By a foreign key that changes with the row, beside a key that does not.
    let author = db.user().update(|user| user.id.eq(1)).set(|user| {
        let posts = user.posts.connect(|post| post.id.eq(1) & post.author_id.eq(1));
        (user.id.to(70), posts)
    });
    author.await?;
    let set = tenant(5).set(|tenant| {
        let members = tenant.members.set_to(|member| [1, 2].map(|number| member.tenant_id_number.eq((5, number))));
        (tenant.id.to(6), members)
    });
    set.await?;
    show(json!([connected, members(db).await?]))
}

async fn rows_that_one_row_refers_to_are_connected_together(db: &Client) -> Outcome {
    let duo =
        db.duo().create(NewDuo {}).set(|duo| (duo.tenant_id.to(1), duo.leader_number.to(1), duo.helper_number.to(2)));
    duo.await?;
    db.tenant()
        .create(NewTenant { id: 3 })
        .set(|tenant| [2, 1].map(|number| tenant.members.connect(|member| member.tenant_id_number.eq((1, number)))))
        .await?;
    let connected = duos(db).await?;
    db.tenant().create(NewTenant { id: 4 }).await?;
    db.tenant()
        .update(|tenant| tenant.id.eq(4))
        .set(|tenant| tenant.members.set_to(|member| [1, 2].map(|number| member.tenant_id_number.eq((3, number)))))
        .await?;
    show(json!([connected, duos(db).await?, members(db).await?]))
}

async fn rows_that_go_with_one_another_are_deleted_together(db: &Client) -> Outcome {
    let duo =
        db.duo().create(NewDuo {}).set(|duo| (duo.tenant_id.to(1), duo.leader_number.to(1), duo.helper_number.to(2)));
    duo.await?;
    let tenant = || db.tenant().update(|tenant| tenant.id.eq(1));
    // The helper is held by the duo until the leader takes it along.
    tenant()
        .set(|tenant| [2, 1].map(|number| tenant.members.delete(|member| member.tenant_id_number.eq((1, number)))))
        .await?;
    let mut tasks = Vec::new();
    for part_of in [None, Some(0), Some(1)] {
        let part_of = part_of.and_then(|index: usize| tasks.get(index).copied());
        let task = db.task().create(NewTask { title: "Sort".into() });
        tasks.push(task.set(|task| (task.tenant_id.to(1), task.part_of_id.to(part_of))).await?.id);
    }
    // The parts go with the first.
    let all = tasks.clone();
    tenant()
        .set(move |tenant| {
            all.into_iter().map(|id| tenant.tasks.delete(move |task| task.id.eq(id))).collect::<Vec<_>>()
        })
        .await?;
    let missing = tenant()
        .set(|tenant| [1, 9].map(|number| tenant.members.delete(|member| member.tenant_id_number.eq((2, number)))));
    show(json!([members(db).await?, duos(db).await?, db.task().count().await?, refused(missing.await)]))
}

async fn a_row_is_named_that_an_operation_before_created(db: &Client) -> Outcome {
    db.member()
        .update(|member| member.tenant_id_number.eq((1, 1)))
        .set(|member| {
            let leads = member.leads.create(NewDuo {}.set(|duo| duo.helper_number.to(2)));
            (leads, member.helps.connect(|duo| duo.tenant_id_leader_number_helper_number.eq((1, 1, 2))))
        })
        .await?;
    duos(db).await
}
