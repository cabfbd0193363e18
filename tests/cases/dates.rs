//! Dates are instants, in whatever form the file holds them.

use purlin::{DateTime, Filter, New, Select};
use purlin_tests::db::{Client, NewSlot, NewVisit, NewWide, Slot, SlotFields, Visit, VisitFields, Wide, WideFields};
use purlin_tests::result::{code, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

cases!(
    dates_compare_as_instants,
    dates_sort_as_instants,
    pages_of_dates,
    a_unique_date_is_found_in_any_form,
    related_rows_are_found_by_dates_in_any_form,
    conditions_on_dates_of_related_rows,
    rows_sort_by_the_dates_of_related_rows,
    bulk_writes_find_dates_in_any_form,
    a_unique_date_is_unique_in_any_form,
    a_foreign_key_takes_the_form_of_its_key,
    a_date_beyond_the_years_is_not_stored,
    dates_that_no_column_holds_are_bounds,
);

fn at(text: &str) -> DateTime {
    text.parse().expect("an instant")
}

/// Of the first of March 2024.
fn hour(hour: u32) -> DateTime {
    at(&format!("2024-03-01T{hour:02}:00:00Z"))
}

async fn visits(db: &Client, filter: impl FnOnce(VisitFields) -> Filter<Visit>) -> Result<Vec<i32>, purlin::Error> {
    let rows = db.visit().find_many().filter(filter).order_by(|visit| visit.id.asc()).await?;
    Ok(rows.iter().map(|visit| visit.id).collect())
}

/// The visits that a condition finds by each of the columns: without an index, with a unique one, and with a plain one.
macro_rules! by_each_column {
    ($db:expr, |$date:ident| $condition:expr) => {
        json!([
            visits($db, |VisitFields { at: $date, .. }| $condition.into()).await?,
            visits($db, |VisitFields { opened: $date, .. }| $condition.into()).await?,
            visits($db, |VisitFields { closed: $date, .. }| $condition.into()).await?,
        ])
    };
}

async fn dates_compare_as_instants(db: &Client) -> Outcome {
    let some = [hour(8), hour(14), at("2024-03-02T00:00:00Z")];
    show(json!({
        "equals": by_each_column!(db, |date| date.eq(hour(12))),
        "not": by_each_column!(db, |date| date.ne(hour(12))),
        "gt": by_each_column!(db, |date| date.gt(hour(10))),
        "gte": by_each_column!(db, |date| date.gte(hour(10))),
        "lt": by_each_column!(db, |date| date.lt(hour(10))),
        "lte": by_each_column!(db, |date| date.lte(hour(10))),
        "in": by_each_column!(db, |date| date.is_in(some)),
        "notIn": by_each_column!(db, |date| !date.is_in(some)),
        "between": by_each_column!(db, |date| date.gt(hour(8)) & date.lt(hour(11))),
        "none": by_each_column!(db, |date| date.eq(at("2024-03-01T12:00:00.001Z"))),
        "null": by_each_column!(db, |date| date.is_null()),
    }))
}

async fn dates_sort_as_instants(db: &Client) -> Outcome {
    let ids = |rows: Vec<Visit>| rows.iter().map(|visit| visit.id).collect::<Vec<_>>();
    show(json!([
        ids(db.visit().find_many().order_by(|visit| visit.at.asc()).await?),
        ids(db.visit().find_many().order_by(|visit| visit.at.desc()).await?),
        ids(db.visit().find_many().order_by(|visit| visit.opened.asc()).await?),
        ids(db.visit().find_many().order_by(|visit| visit.opened.desc()).await?),
        ids(db.visit().find_many().order_by(|visit| visit.closed.asc()).await?),
        ids(db.visit().find_many().order_by(|visit| visit.closed.desc()).await?),
    ]))
}

async fn pages_of_dates(db: &Client) -> Outcome {
    let ids = |rows: Vec<Visit>| rows.iter().map(|visit| visit.id).collect::<Vec<_>>();
    let page = db.visit().find_many().order_by(|visit| visit.opened.desc()).skip(1).take(3).await?;
    let last = db.visit().find_many().order_by(|visit| visit.closed.asc()).last(2).await?;
    let first = db.visit().find_first().filter(|visit| visit.at.gt(hour(9))).order_by(|visit| visit.at.asc()).await?;
    show(json!([ids(page), ids(last), first.map(|visit| visit.id)]))
}

async fn a_unique_date_is_found_in_any_form(db: &Client) -> Outcome {
    let mut found = Vec::new();
    for date in (8..15).map(hour).chain([at("2024-03-02T00:00:00Z"), at("2024-03-02T01:00:00Z"), hour(15)]) {
        found.push(db.visit().find_unique(|visit| visit.opened.eq(date)).await?.map(|visit| visit.id));
    }
    show(found)
}

#[derive(Serialize, Select)]
#[select(Slot)]
struct Rooms {
    room: String,
    #[select(order_by(|visit| visit.id.asc()))]
    visits: Vec<VisitOfRoom>,
}

#[derive(Serialize, Select)]
#[select(Visit)]
struct VisitOfRoom {
    id: i32,
    slot: Option<Room>,
}

#[derive(Serialize, Select)]
#[select(Slot)]
struct Room {
    room: String,
}

async fn related_rows_are_found_by_dates_in_any_form(db: &Client) -> Outcome {
    show(db.slot().find_many().order_by(|slot| slot.start.asc()).select::<Rooms>().await?)
}

async fn conditions_on_dates_of_related_rows(db: &Client) -> Outcome {
    let rooms = |filter: fn(SlotFields) -> Filter<Slot>| async move {
        let rows = db.slot().find_many().filter(filter).order_by(|slot| slot.room.asc()).await?;
        Ok::<_, purlin::Error>(rows.into_iter().map(|slot| slot.room).collect::<Vec<_>>())
    };
    show(json!({
        "is": visits(db, |visit| visit.slot.is(|slot| slot.start.gt(hour(8)))).await?,
        "some": rooms(|slot| slot.visits.some(|visit| visit.at.eq(hour(12)))).await?,
        "every": rooms(|slot| slot.visits.every(|visit| visit.closed.lte(hour(12)))).await?,
        "none": rooms(|slot| slot.visits.none(|visit| visit.opened.gt(hour(14)))).await?,
    }))
}

async fn rows_sort_by_the_dates_of_related_rows(db: &Client) -> Outcome {
    let order = |visit: VisitFields| [visit.slot.by(|slot| slot.start.desc()), visit.id.asc()];
    let rows = db.visit().find_many().filter(|visit| visit.slot_start.is_not_null()).order_by(order).await?;
    show(rows.iter().map(|visit| visit.id).collect::<Vec<_>>())
}

async fn bulk_writes_find_dates_in_any_form(db: &Client) -> Outcome {
    let changed =
        db.visit().update_many().filter(|visit| visit.at.lt(hour(10))).set(|visit| visit.at.to(hour(20))).await?;
    let moved = visits(db, |visit| visit.at.eq(hour(20))).await?;
    let old = db.visit().delete_many().filter(|visit| visit.closed.lt(at("2024-01-01T00:00:00Z"))).await?;
    let deleted = db.visit().delete_many().filter(|visit| visit.closed.lt(hour(10))).await?;
    show(
        json!({ "changed": changed, "moved": moved, "old": old, "deleted": deleted, "left": db.visit().count().await? }),
    )
}

async fn a_unique_date_is_unique_in_any_form(db: &Client) -> Outcome {
    let opened = |date: DateTime| -> New<Visit> { NewVisit {}.set(|visit| visit.opened.to(date)) };
    let mut created = Vec::new();
    for date in [hour(8), hour(9), hour(10), hour(11), hour(12), hour(13), hour(14), hour(15)] {
        created.push(code(db.visit().create(opened(date)).await));
    }
    let taken = db.visit().update(|visit| visit.id.eq(10)).set(|visit| visit.opened.to(hour(9))).await;
    let own = db.visit().update(|visit| visit.id.eq(5)).set(|visit| visit.opened.to(hour(12))).await;
    let many = db.visit().create_many([opened(hour(16)), opened(hour(13))]).await;
    let all = db.visit().update_many().set(|visit| visit.opened.to(hour(17))).await;
    let others = db.visit().create_many([opened(hour(18)), opened(hour(19)), NewVisit {}.into()]).await;
    let moved = db.visit().update_many().filter(|visit| visit.id.eq(10)).set(|visit| visit.opened.to(hour(21))).await;
    let key = db.slot().create(NewSlot { start: hour(9), room: "south".to_owned() }).await;
    show(json!({
        "created": created,
        "taken": code(taken),
        "own": code(own),
        "many": code(many),
        "all": code(all),
        "others": others?,
        "moved": moved?,
        "key": code(key),
        "count": db.visit().count().await?,
    }))
}

async fn a_foreign_key_takes_the_form_of_its_key(db: &Client) -> Outcome {
    db.visit().create(NewVisit {}.set(|visit| visit.slot.connect(|slot| slot.start.eq(hour(9))))).await?;
    db.visit().create(NewVisit {}.set(|visit| visit.slot_start.to(hour(8)))).await?;
    db.visit().create_many([NewVisit {}.set(|visit| visit.slot_start.to(hour(11)))]).await?;
    db.visit().update(|visit| visit.id.eq(3)).set(|visit| visit.slot.connect(|slot| slot.start.eq(hour(9)))).await?;
    let visit = NewVisit {};
    db.slot()
        .create(NewSlot { start: hour(20), room: "south".to_owned() }.set(|slot| slot.visits.create(visit)))
        .await?;
    let nowhere = db.visit().create(NewVisit {}.set(|visit| visit.slot_start.to(hour(21)))).await;
    let rows = db.slot().find_many().order_by(|slot| slot.start.asc()).select::<Rooms>().await?;
    let counts = rows.iter().map(|slot| (slot.room.clone(), slot.visits.len())).collect::<Vec<_>>();
    show(json!({ "visits": counts, "nowhere": code(nowhere) }))
}

async fn dates_that_no_column_holds_are_bounds(db: &Client) -> Outcome {
    let late = || DateTime::MAX_UTC;
    let early = || DateTime::MIN_UTC;
    // The last millisecond of the year 9999, and the one after it; the first of the year 0, and the one before it.
    let edges = [253_402_300_799_999, 253_402_300_800_000, -62_167_219_200_000, -62_167_219_200_001]
        .map(|millis| DateTime::from_timestamp_millis(millis).expect("an instant"));
    for (key, date) in (1..).zip([edges[0], edges[2], hour(12)]) {
        db.wide()
            .create(NewWide {
                big_int: key,
                decimal: key.into(),
                date_time: date,
                bytes: vec![u8::try_from(key).unwrap_or(0)],
            })
            .await?;
    }
    let mut wide = Vec::new();
    for date in [late(), early(), edges[1], edges[3]] {
        let count =
            |filter: fn(WideFields, DateTime) -> Filter<Wide>| db.wide().count().filter(move |wide| filter(wide, date));
        wide.push([
            count(|wide, date| wide.date_time.lt(date)).await?,
            count(|wide, date| wide.date_time.lte(date)).await?,
            count(|wide, date| wide.date_time.gt(date)).await?,
            count(|wide, date| wide.date_time.gte(date)).await?,
            count(|wide, date| wide.date_time.eq(date).into()).await?,
            count(|wide, date| wide.date_time.ne(date)).await?,
            count(|wide, date| wide.date_time.is_in([date, hour(12)])).await?,
        ]);
    }
    show(json!({
        "lt late": by_each_column!(db, |date| date.lt(late())),
        "gt late": by_each_column!(db, |date| date.gt(late())),
        "gte early": by_each_column!(db, |date| date.gte(early())),
        "lte early": by_each_column!(db, |date| date.lte(early())),
        "in": by_each_column!(db, |date| date.is_in([late(), hour(12), early()])),
        "key": db.visit().find_unique(|visit| visit.opened.eq(late())).await?.is_none(),
        "wide": wide,
    }))
}

async fn a_date_beyond_the_years_is_not_stored(db: &Client) -> Outcome {
    let late = || DateTime::from_timestamp_millis(253_402_300_800_000).expect("an instant");
    let created = db.visit().create(NewVisit {}.set(|visit| visit.at.to(late()))).await;
    let many = db.visit().create_many([NewVisit {}.set(|visit| visit.closed.to(late()))]).await;
    let changed = db.visit().update(|visit| visit.id.eq(1)).set(|visit| visit.opened.to(late())).await;
    show(json!([created.is_err(), many.is_err(), changed.is_err(), db.visit().count().await?]))
}
