//! Rows that get another key while a nested write runs: the call goes on with the row that it meant, whoever has its old key or
//! a part of it.

use purlin_tests::db::{Client, NewDesk, NewDrawer, NewOffice};
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
