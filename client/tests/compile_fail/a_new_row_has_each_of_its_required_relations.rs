#[path = "../links/db.rs"]
mod db;

use db::{Client, NewClerk, NewShow, NewTicket};

async fn create(db: &Client) {
    let _ = db.ticket().create(NewTicket {}).set(|ticket| ticket.owner_id.to(1)).set(|ticket| ticket.row.to(1)).await;
    let _ = db.ticket().create(NewTicket {}).set(|ticket| ticket.seat.connect(|seat| seat.row_number.eq((1, 1)))).await;
    let _ = db.show().create(NewShow {}).set(|show| show.hall_number.to(1)).await;
    let _ = db.clerk().create(NewClerk { id: 1 }).set(|clerk| clerk.helpers.create(NewClerk { id: 2 })).await;
}

fn main() {}
