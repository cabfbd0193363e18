//! New rows that cannot be without others: each of the ways to give a required foreign key, and what rustc knows of it. The
//! cases that do not compile are in `compile_fail`.

mod links;

use links::db::{
    Check, Clerk, Client, Hall, NewCheck, NewClerk, NewHall, NewPassport, NewPerson, NewSeat, NewShow, NewTicket,
    NewVenue, NewWorkplace, Person, Show, Ticket, TicketFields,
};
use purlin::field::First;
use purlin::{Error, New, NewRow, NewRowOf, Set, Unlinked};

use std::sync::atomic::{AtomicU32, Ordering};

use futures_executor::block_on;

const TABLES: &str = r#"
CREATE TABLE "Person" ("id" INTEGER NOT NULL PRIMARY KEY, "name" TEXT NOT NULL DEFAULT '');
CREATE TABLE "Passport" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "holderId" INTEGER NOT NULL UNIQUE REFERENCES "Person" ("id")
);
CREATE TABLE "Workplace" ("personId" INTEGER NOT NULL PRIMARY KEY REFERENCES "Person" ("id"), "desk" TEXT NOT NULL);
CREATE TABLE "Seat" ("row" INTEGER NOT NULL, "number" INTEGER NOT NULL, PRIMARY KEY ("row", "number"));
CREATE TABLE "Ticket" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "row" INTEGER NOT NULL, "number" INTEGER NOT NULL,
  "ownerId" INTEGER NOT NULL REFERENCES "Person" ("id"), "price" INTEGER NOT NULL DEFAULT 0,
  FOREIGN KEY ("row", "number") REFERENCES "Seat" ("row", "number")
);
CREATE TABLE "Venue" ("id" INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE "Hall" (
  "venueId" INTEGER NOT NULL REFERENCES "Venue" ("id"), "number" INTEGER NOT NULL, PRIMARY KEY ("venueId", "number")
);
CREATE TABLE "Show" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "venueId" INTEGER NOT NULL REFERENCES "Venue" ("id"),
  "hallNumber" INTEGER, FOREIGN KEY ("venueId", "hallNumber") REFERENCES "Hall" ("venueId", "number")
);
CREATE TABLE "Clerk" (
  "id" INTEGER NOT NULL PRIMARY KEY, "bossId" INTEGER NOT NULL REFERENCES "Clerk" ("id"),
  "venueId" INTEGER NOT NULL DEFAULT 1 REFERENCES "Venue" ("id")
);
CREATE TABLE "Check" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ticketId" INTEGER NOT NULL REFERENCES "Ticket" ("id")
);
INSERT INTO "Person" VALUES (1, 'Ada'), (2, 'Bob');
INSERT INTO "Seat" VALUES (1, 1), (1, 2);
INSERT INTO "Venue" VALUES (1);
INSERT INTO "Hall" VALUES (1, 1);
"#;

/// Runs a test on a database of its own.
fn on_database(work: impl AsyncFnOnce(&Client) -> Result<(), Error>) -> Result<(), Error> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("purlin-new-rows-{}-{}.db", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(name);
    let db = Client::builder().sqlite(|sqlite| sqlite.create_file()).open(&format!("file:{}", path.display()))?;
    let result = block_on(async {
        let tables: &purlin::Db = db.as_ref();
        tables.execute_script(TABLES).await?;
        let result = work(&db).await;
        db.close().await?;
        result
    });
    for ending in ["", "-wal", "-shm"] {
        // It is in the folder for temporary files: the system removes what is left.
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    result
}

fn columns(ticket: &Ticket) -> (i32, i32, i32) {
    (ticket.row, ticket.number, ticket.owner_id)
}

#[test]
fn several_relations_are_given_in_any_order_and_way() -> Result<(), Error> {
    on_database(async |db| {
        let by_columns = db
            .ticket()
            .create(NewTicket {})
            .set(|ticket| ticket.owner_id.to(1))
            .set(|ticket| (ticket.number.to(2), ticket.price.to(7), ticket.row.to(1)))
            .await?;
        assert_eq!((columns(&by_columns), by_columns.price), ((1, 2, 1), 7));

        let connected = db
            .ticket()
            .create(NewTicket {}.set(|ticket| ticket.seat.connect(|seat| seat.row_number.eq((1, 1)))))
            .set(|ticket| ticket.owner.create(NewPerson { id: 3 }))
            .await?;
        assert_eq!(columns(&connected), (1, 1, 3));

        let at_once = db
            .ticket()
            .create(NewTicket {})
            .set(|ticket| {
                (
                    ticket.owner.connect_or_create(|person| person.id.eq(4), NewPerson { id: 4 }),
                    ticket.seat.create(NewSeat { row: 2, number: 1 }),
                    [ticket.price.to(1)],
                )
            })
            .await?;
        assert_eq!(columns(&at_once), (2, 1, 4));
        Ok(())
    })
}

#[test]
fn either_way_may_be_chosen_at_run_time() -> Result<(), Error> {
    on_database(async |db| {
        for by_name in [true, false] {
            let owner = |ticket: TicketFields| {
                if by_name { ticket.owner.connect(|person| person.id.eq(2)) } else { ticket.owner_id.to(2) }
            };
            let new = NewTicket {}.set(|ticket| [ticket.price.to(3)]).set(owner);
            let created = db.ticket().create(new).set(|ticket| (ticket.row.to(1), ticket.number.to(1))).await?;
            assert_eq!(columns(&created), (1, 1, 2));
        }
        Ok(())
    })
}

#[test]
fn a_row_of_another_takes_its_key_from_there_and_the_rest_from_its_own() -> Result<(), Error> {
    on_database(async |db| {
        let seated = |row, number| NewTicket {}.set(move |ticket| (ticket.row.to(row), ticket.number.to(number)));
        db.person()
            .update(|person| person.id.eq(1))
            .set(|person| [person.tickets.create(seated(1, 1)), person.name.to("Ada King")])
            .set(|person| person.tickets.create_many([seated(1, 1), seated(1, 2)]))
            .set(|person| person.tickets.upsert(|ticket| ticket.id.eq(99), seated(1, 2), |ticket| ticket.price.to(1)))
            .set(|person| person.tickets.connect_or_create(|ticket| ticket.id.eq(99), seated(1, 2)))
            .await?;
        let owned = |owner| NewTicket {}.set(move |ticket| ticket.owner_id.to(owner));
        db.seat().create(NewSeat { row: 3, number: 3 }).set(|seat| seat.tickets.create(owned(2))).await?;
        let mut tickets: Vec<_> = db.ticket().find_many().await?.iter().map(columns).collect();
        tickets.sort_unstable();
        assert_eq!(tickets, [(1, 1, 1), (1, 1, 1), (1, 2, 1), (1, 2, 1), (1, 2, 1), (3, 3, 2)]);
        Ok(())
    })
}

#[test]
fn a_complete_row_is_created_many_at_a_time_and_where_there_was_none() -> Result<(), Error> {
    on_database(async |db| {
        let complete = |owner| -> New<Ticket> {
            NewTicket {}.set(move |ticket| (ticket.row.to(1), ticket.number.to(1), ticket.owner_id.to(owner)))
        };
        assert_eq!(db.ticket().create_many([complete(1), complete(2)]).await?, 2);
        let upserted = db.ticket().upsert(|ticket| ticket.id.eq(9), complete(2), |_| ()).await?;
        assert_eq!(columns(&upserted), (1, 1, 2));
        // A row that has the key already may be created in a relation that gives it too.
        let check = |ticket: New<Ticket>| NewCheck {}.set(|check| check.ticket.create(ticket));
        let created: Check = db.check().create(check(complete(1))).await?;
        assert_eq!(created.ticket_id, upserted.id + 1);
        Ok(())
    })
}

#[test]
fn a_key_may_be_the_rows_own_or_a_part_of_it() -> Result<(), Error> {
    on_database(async |db| {
        let place = db.workplace().create(NewWorkplace { desk: "a".into() }).set(|place| place.person_id.to(1)).await?;
        assert_eq!(place.person_id, 1);
        let passport = db.passport().create(NewPassport {}).set(|row| row.holder.connect(|person| person.id.eq(2)));
        assert_eq!(passport.await?.holder_id, 2);
        let person: Person = db
            .person()
            .create(NewPerson { id: 5 })
            .set(|person| [person.workplace.create(NewWorkplace { desk: "b".into() })])
            .set(|person| person.passport.create(NewPassport {}))
            .await?;
        assert_eq!(db.passport().count().filter(|passport| passport.holder_id.eq(person.id)).await?, 1);
        let hall: Hall = db.hall().create(NewHall { number: 2 }).set(|hall| hall.venue_id.to(1)).await?;
        assert_eq!((hall.venue_id, hall.number), (1, 2));
        db.venue().create(NewVenue { id: 2 }).set(|venue| venue.halls.create(NewHall { number: 1 })).await?;
        assert_eq!(db.hall().count().filter(|hall| hall.venue_id.eq(2)).await?, 1);
        Ok(())
    })
}

#[test]
fn relations_that_share_a_column_give_it_alike() -> Result<(), Error> {
    on_database(async |db| {
        let by_venue = db.show().create(NewShow {}).set(|show| show.venue.connect(|venue| venue.id.eq(1))).await?;
        let by_hall =
            db.show().create(NewShow {}).set(|show| show.hall.connect(|hall| hall.venue_id_number.eq((1, 1)))).await?;
        let place = |show: &Show| (show.venue_id, show.hall_number);
        assert_eq!((place(&by_venue), place(&by_hall)), ((1, None), (1, Some(1))));
        db.hall()
            .update(|hall| hall.venue_id_number.eq((1, 1)))
            .set(|hall| hall.shows.create_many([NewShow {}, NewShow {}]))
            .await?;
        db.venue().update(|venue| venue.id.eq(1)).set(|venue| venue.shows.create(NewShow {})).await?;
        assert_eq!(db.show().count().filter(|show| show.hall_number.eq(1)).await?, 3);
        assert_eq!(db.show().count().filter(|show| show.hall_number.is_null()).await?, 2);
        Ok(())
    })
}

#[test]
fn a_row_may_belong_to_itself() -> Result<(), Error> {
    on_database(async |db| {
        let boss: Clerk = db.clerk().create(NewClerk { id: 1 }).set(|clerk| clerk.boss_id.to(1)).await?;
        assert_eq!((boss.boss_id, boss.venue_id), (1, 1));
        db.clerk()
            .update(|clerk| clerk.id.eq(1))
            .set(|clerk| {
                clerk.helpers.create(NewClerk { id: 2 }.set(|helper| helper.helpers.create(NewClerk { id: 3 })))
            })
            .await?;
        assert_eq!(db.clerk().count().filter(|clerk| clerk.boss.is(|boss| boss.id.eq(2))).await?, 1);
        Ok(())
    })
}

/// In an update an assignment of a foreign key is one like any other: its rows have all of theirs.
#[test]
fn a_change_of_a_key_is_of_the_type_of_other_changes() -> Result<(), Error> {
    on_database(async |db| {
        let moved = |ticket: TicketFields| -> Set<Ticket> { ticket.owner_id.to(2) };
        let new =
            NewTicket {}.set(|ticket| (ticket.row.to(1), ticket.number.to(1))).set(|ticket| ticket.owner_id.to(1));
        let ticket = db.ticket().create(new).await?;
        let changed = db
            .ticket()
            .update(|row| row.id.eq(ticket.id))
            .set(|row| [row.price.to(1), row.seat.connect(|seat| seat.row_number.eq((1, 2))), moved(row)])
            .await?;
        assert_eq!(columns(&changed), (1, 2, 2));
        let all = db.ticket().update_many().set(|row| [row.price.to(1), row.owner_id.to(1)]).await?;
        assert_eq!(all, 1);
        Ok(())
    })
}

/// Functions say in their types what a row lacks, or what an assignment gives.
#[test]
fn functions_name_what_a_row_lacks() -> Result<(), Error> {
    fn numbered(id: i32) -> Unlinked<Ticket> {
        NewTicket {}.set(|ticket| ticket.id.to(id))
    }
    fn in_row(ticket: TicketFields, row: i32) -> Set<Ticket, NewRow, First> {
        ticket.row.to(row)
    }
    fn priced<C>(ticket: TicketFields) -> Set<Ticket, C> {
        ticket.price.to(5)
    }
    async fn create(db: &Client, new: impl NewRowOf<Person, Lacks = ()>) -> Result<Person, Error> {
        db.person().create(new).await
    }
    on_database(async |db| {
        let new = numbered(7).set(|ticket| in_row(ticket, 1)).set(priced);
        let ticket = db.ticket().create(new).set(|ticket| (ticket.number.to(1), ticket.owner_id.to(1))).await?;
        assert_eq!((ticket.id, columns(&ticket), ticket.price), (7, (1, 1, 1), 5));
        assert_eq!(create(db, NewPerson { id: 8 }).await?.id, 8);
        assert_eq!(create(db, NewPerson { id: 9 }.set(|person| person.name.to("Cleo"))).await?.name, "Cleo");
        Ok(())
    })
}
