//! Rows that get another key while a nested write runs: the call goes on with the row that it meant, whoever has its old key or
//! a part of it.

use purlin_tests::db::{Client, NewDesk, NewDrawer, NewDuo, NewHandover, NewNode, NewOccupant, NewOffice, NewRunner};
use purlin_tests::result::{refused, show};
use purlin_tests::{Outcome, cases};
use serde_json::json;

cases!(
    a_row_is_named_by_a_key_of_which_both_columns_change,
    a_key_changes_with_a_row_that_another_relation_leads_to,
    a_key_does_not_change_with_a_row_that_has_a_part_of_it,
    another_row_gets_the_key_that_a_row_had,
    rows_of_a_list_are_named_before_a_place_is_freed,
    what_connect_or_create_names_may_be_deleted_before,
    a_row_that_a_key_besides_the_primary_one_leads_to,
    a_row_gets_its_key_from_a_row_that_it_leads_to,
    a_key_that_several_rows_compute_is_not_followed,
    a_row_is_found_before_a_new_row_takes_it,
    a_row_that_was_deleted_is_no_other,
    a_condition_on_a_row_that_gives_way_is_looked_at_before,
    rows_of_a_tree_whose_keys_share_a_column,
    a_list_names_rows_that_were_created_before,
    what_an_upsert_creates_may_take_the_row,
    a_row_that_refers_to_itself_is_related_to_itself_under_its_new_key,
    two_relations_may_name_one_new_row,
    a_list_may_name_the_row_that_it_creates,
    a_new_row_with_the_key_of_a_deleted_one_is_another,
);

/// The key of each office, that of the one that it is a part of, and the name of its twin.
async fn offices(db: &Client) -> Outcome {
    let offices = db.office().find_many().order_by(|office| [office.region.asc(), office.code.asc()]).await?;
    let show_one = |office: &purlin_tests::db::Office| {
        json!([office.region, office.code, office.up_region, office.up_code, office.twin_name])
    };
    show(offices.iter().map(show_one).collect::<Vec<_>>())
}

/// The key of each desk.
async fn desks(db: &Client) -> Outcome {
    let desks = db.desk().find_many().order_by(|desk| [desk.region.asc(), desk.code.asc(), desk.number.asc()]).await?;
    show(desks.iter().map(|desk| json!([desk.region, desk.code, desk.number])).collect::<Vec<_>>())
}

/// The id of each drawer, and the key of its desk.
async fn drawers(db: &Client) -> Outcome {
    let drawers = db.drawer().find_many().order_by(|drawer| drawer.id.asc()).await?;
    show(drawers.iter().map(|drawer| json!([drawer.id, drawer.region, drawer.code, drawer.number])).collect::<Vec<_>>())
}

async fn a_row_is_named_by_a_key_of_which_both_columns_change(db: &Client) -> Outcome {
    let office =
        |region: i32, code: &'static str| db.office().update(move |office| office.region_code.eq((region, code)));
    let connected = office(1, "a").set(|office| {
        let gone = office.desks.delete_many(|desk| desk.number.eq(2));
        let again = office.desks.connect(|desk| desk.region_code_number.eq((1, "a", 2)));
        (office.region.to(95), office.code.to("b"), [gone, again])
    });
    let connected = refused(connected.await);
    let created = office(1, "a").set(|office| {
        let gone = office.desks.delete_many(|desk| desk.number.eq(2));
        let again =
            office.desks.connect_or_create(|desk| desk.region_code_number.eq((1, "a", 2)), NewDesk { number: 9 });
        (office.region.to(95), office.code.to("b"), [gone, again])
    });
    created.await?;
    let desks = desks(db).await?;
    let itself = office(95, "b").set(|office| {
        let parts = office.parts.set_to(|part| [part.region_code.eq((95, "b"))]);
        (office.region.to(1), office.code.to("c"), parts)
    });
    let itself = itself.await?;
    show(json!([connected, desks, [json!(itself.up_region), json!(itself.up_code)], offices(db).await?]))
}

async fn a_key_changes_with_a_row_that_another_relation_leads_to(db: &Client) -> Outcome {
    let desk =
        |region: i32, code: &'static str| db.desk().update(move |desk| desk.region_code_number.eq((region, code, 1)));
    let filled = desk(1, "a").set(|desk| {
        let moved = desk
            .occupant
            .update(|occupant| occupant.office.update(|office| (office.region.to(95), office.code.to("b"))));
        (moved, desk.drawers.create(NewDrawer { id: 77 }))
    });
    let filled = filled.await?;
    let full = drawers(db).await?;
    let emptied = desk(95, "b").set(|desk| {
        let moved = desk
            .occupant
            .update(|occupant| occupant.office.update(|office| (office.region.to(1), office.code.to("c"))));
        (moved, desk.drawers.delete_many(|drawer| drawer.id.gt(0)))
    });
    let emptied = emptied.await?;
    let keys = [filled, emptied].map(|desk| json!([desk.region, desk.code, desk.number]));
    show(json!([keys, full, drawers(db).await?]))
}

async fn a_key_does_not_change_with_a_row_that_has_a_part_of_it(db: &Client) -> Outcome {
    let emptied = db.desk().update(|desk| desk.region_code_number.eq((2, "a", 3))).set(|desk| {
        let moved = desk.occupant.update(|occupant| occupant.office.update(|office| office.region.to(0)));
        (moved, desk.drawers.delete_many(|drawer| drawer.id.gt(0)))
    });
    let emptied = emptied.await?;
    show(json!([[json!(emptied.region), json!(emptied.code), json!(emptied.number)], drawers(db).await?]))
}

async fn another_row_gets_the_key_that_a_row_had(db: &Client) -> Outcome {
    let filled = db.desk().update(|desk| desk.region_code_number.eq((1, "a", 1))).set(|desk| {
        let moved = desk.occupant.update(|occupant| {
            occupant.office.update(|office| {
                let follows = office
                    .parts
                    .update(|part| part.region_code.eq((2, "b")), |part| (part.region.to(1), part.code.to("a")));
                (office.region.to(95), follows)
            })
        });
        (moved, desk.drawers.create(NewDrawer { id: 77 }))
    });
    let filled = filled.await?;
    let key = [json!(filled.region), json!(filled.code), json!(filled.number)];
    show(json!([key, drawers(db).await?, desks(db).await?]))
}

async fn rows_of_a_list_are_named_before_a_place_is_freed(db: &Client) -> Outcome {
    let office = db.office().update(|office| office.region_code.eq((2, "a"))).set(|office| {
        let twin = office.twin.connect(|twin| twin.name.eq("east"));
        (twin, office.parts.connect(|part| part.twin_name.eq("east")))
    });
    office.await?;
    offices(db).await
}

async fn what_connect_or_create_names_may_be_deleted_before(db: &Client) -> Outcome {
    let office = db.office().update(|office| office.region_code.eq((1, "a"))).set(|office| {
        let gone = office.parts.delete_many(|part| part.region.gt(0));
        let new = NewOffice { region: 7, code: "n".into(), name: "new".into() };
        let again = office.parts.connect_or_create(|part| part.region_code.eq((1, "b")), new);
        (office.code.to("z"), [gone, again])
    });
    office.await?;
    offices(db).await
}

async fn a_row_that_a_key_besides_the_primary_one_leads_to(db: &Client) -> Outcome {
    let occupant = db
        .occupant()
        .update(|occupant| occupant.id.eq(1))
        .set(|occupant| occupant.office.update(|office| office.twin_of.update(|twin| twin.region.to(24))));
    let occupant = occupant.await?;
    show(json!([[json!(occupant.office_region), json!(occupant.office_code)], offices(db).await?]))
}

async fn a_row_gets_its_key_from_a_row_that_it_leads_to(db: &Client) -> Outcome {
    let office = db
        .office()
        .update(|office| office.region_code.eq((1, "a")))
        .set(|office| office.twin_of.update(|twin| twin.up.update(|office| office.region.to(24))));
    let office = office.await?;
    show(json!([[json!(office.region), json!(office.code)], offices(db).await?]))
}

async fn a_key_that_several_rows_compute_is_not_followed(db: &Client) -> Outcome {
    let office = || db.office().update(|office| office.region_code.eq((1, "a")));
    let spread = || {
        office().set(|office| {
            let parts = office.parts.update_many(|part| part.code.ne("z"), |part| part.region.add(10));
            (parts, office.desks.create(NewDesk { number: 9 }))
        })
    };
    spread().await?;
    let others = desks(db).await?;
    // A part of itself.
    office().set(|office| office.up.connect(|up| up.region_code.eq((1, "a")))).await?;
    show(json!([others, refused(spread().await), desks(db).await?]))
}

async fn a_row_is_found_before_a_new_row_takes_it(db: &Client) -> Outcome {
    let change = db.office().update(|office| office.region_code.eq((1, "a"))).set(|office| {
        office.parts.update(
            |part| part.region_code.eq((1, "b")),
            |part| {
                let new = NewOffice { region: 7, code: "n".into(), name: "new".into() };
                part.twin.create(new.set(|new| new.parts.connect(|part| part.region_code.eq((1, "b")))))
            },
        )
    });
    change.await?;
    offices(db).await
}

async fn a_row_that_was_deleted_is_no_other(db: &Client) -> Outcome {
    // Another row of the model gets a new key after the deletion.
    let office = db.office().update(|office| office.region_code.eq((1, "a"))).set(|office| {
        let gone = office.parts.delete_many(|part| part.name.eq("west"));
        let other = office.parts.update(|part| part.region_code.eq((2, "b")), |part| part.region.to(9));
        let new = NewOffice { region: 7, code: "n".into(), name: "new".into() };
        let again = office.parts.connect_or_create(|part| part.region_code.eq((1, "b")), new);
        (office.code.to("z"), [gone, other, again])
    });
    office.await?;
    offices(db).await
}

async fn a_condition_on_a_row_that_gives_way_is_looked_at_before(db: &Client) -> Outcome {
    // The second office has the place at the twin of the first.
    let office = db
        .office()
        .update(|office| {
            office.region_code.eq((2, "b")) & office.up.is(|up| up.twin_of.is(|twin| twin.name.eq("west")))
        })
        .set(|office| office.twin.connect(|twin| twin.name.eq("east")));
    office.await?;
    offices(db).await
}

async fn rows_of_a_tree_whose_keys_share_a_column(db: &Client) -> Outcome {
    let node = |id: i32| NewNode { id }.set(move |node| node.tree_id.to(1));
    db.node().create(node(1)).await?;
    for id in [2, 3, 4] {
        db.node().create(node(id)).await?;
    }
    let key = |id: i32| db.node().update(move |node| node.tree_id_id.eq((1, id)));
    key(1).set(|node| [2, 3].map(|id| node.children.connect(move |child| child.tree_id_id.eq((1, id))))).await?;
    let connected = nodes(db).await?;
    key(4).set(|node| node.children.set_to(|child| [2, 3].map(|id| child.tree_id_id.eq((1, id))))).await?;
    let set = nodes(db).await?;
    // The row is its own child then.
    key(4)
        .set(|node| (node.id.to(40), [4, 1].map(|id| node.children.connect(move |child| child.tree_id_id.eq((1, id))))))
        .await?;
    let itself = nodes(db).await?;
    let other = key(2).set(|node| {
        let parent =
            node.parent.upsert(NewNode { id: 50 }.set(|parent| parent.tree_id.to(1)), |parent| parent.id.to(41));
        (parent, node.children.create(NewNode { id: 60 }))
    });
    other.await?;
    show(json!([connected, set, itself, nodes(db).await?]))
}

/// The key of each node of the tree, and the id of its parent.
async fn nodes(db: &Client) -> Outcome {
    let nodes = db.node().find_many().order_by(|node| [node.tree_id.asc(), node.id.asc()]).await?;
    show(nodes.iter().map(|node| json!([node.id, node.parent_id])).collect::<Vec<_>>())
}

async fn a_list_names_rows_that_were_created_before(db: &Client) -> Outcome {
    let member = db.member().update(|member| member.tenant_id_number.eq((1, 1))).set(|member| {
        let leads = member.leads.create(NewDuo {}.set(|duo| duo.helper_number.to(2)));
        let helps = [(1, 1, 2), (1, 1, 2)]
            .map(|key| member.helps.connect(move |duo| duo.tenant_id_leader_number_helper_number.eq(key)));
        (leads, helps)
    });
    member.await?;
    let duos = db.duo().find_many().order_by(|duo| duo.leader_number.asc()).await?;
    show(duos.iter().map(|duo| json!([duo.tenant_id, duo.leader_number, duo.helper_number])).collect::<Vec<_>>())
}

async fn what_an_upsert_creates_may_take_the_row(db: &Client) -> Outcome {
    let desk = db.desk().update(|desk| desk.region_code_number.eq((1, "a", 2))).set(|desk| {
        let office = NewOffice { region: 9, code: "z".into(), name: "new".into() }
            .set(|office| office.desks.connect(|desk| desk.region_code_number.eq((1, "a", 2))));
        let occupant = NewOccupant { id: 9 }.set(|occupant| occupant.office.create(office));
        desk.occupant.upsert(occupant, |occupant| occupant.id.to(10))
    });
    let desk = desk.await?;
    show(json!([desk.region, desk.code, desk.number, desk.occupant_id]))
}

async fn a_row_that_refers_to_itself_is_related_to_itself_under_its_new_key(db: &Client) -> Outcome {
    let office =
        |region: i32, code: &'static str| db.office().update(move |office| office.region_code.eq((region, code)));
    office(1, "a").set(|office| office.up.connect(|up| up.region_code.eq((1, "a")))).await?;
    let new = NewOffice { region: 7, code: "n".into(), name: "new".into() };
    let renamed = office(1, "a").set(|office| (office.region.to(95), office.up.upsert(new, |up| up.name.to("self"))));
    let renamed = renamed.await?;
    show(json!([[json!(renamed.region), json!(renamed.name), json!(renamed.up_region)], offices(db).await?]))
}

async fn two_relations_may_name_one_new_row(db: &Client) -> Outcome {
    let handover = db.handover().create(NewHandover {}).set(|handover| {
        let from = handover.from.connect_or_create(|runner| runner.id.eq(50), NewRunner { id: 50 });
        let to = handover.to.connect_or_create(|runner| runner.id.eq(50), NewRunner { id: 50 });
        (from, to)
    });
    let handover = handover.await?;
    let runners = db.runner().count().filter(|runner| runner.id.gt(40)).await?;
    show(json!([handover.from_id, handover.to_id, runners]))
}

async fn a_list_may_name_the_row_that_it_creates(db: &Client) -> Outcome {
    let office = db.office().update(|office| office.region_code.eq((1, "a"))).set(|office| {
        let staff =
            [77, 77].map(|id| office.staff.connect_or_create(move |occupant| occupant.id.eq(id), NewOccupant { id }));
        (office.region.to(95), staff)
    });
    office.await?;
    let occupants = db.occupant().find_many().order_by(|occupant| occupant.id.asc()).await?;
    let show_one =
        |occupant: &purlin_tests::db::Occupant| json!([occupant.id, occupant.office_region, occupant.office_code]);
    show(occupants.iter().map(show_one).collect::<Vec<_>>())
}

async fn a_new_row_with_the_key_of_a_deleted_one_is_another(db: &Client) -> Outcome {
    let office = db.office().update(|office| office.region_code.eq((1, "a"))).set(|office| {
        let gone = office.parts.delete(|part| part.region_code.eq((1, "b")));
        let new = NewOffice { region: 1, code: "b".into(), name: "new".into() };
        let other = office.parts.update(|part| part.region_code.eq((2, "b")), |part| part.parts.create(new));
        let newer = NewOffice { region: 7, code: "n".into(), name: "newer".into() };
        let again = office.parts.connect_or_create(|part| part.name.eq("west"), newer);
        (office.code.to("z"), [gone, other, again])
    });
    office.await?;
    offices(db).await
}
