#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn write(db: &Client) {
    let _ = db.user().update(|user| user.name.eq("Ada")).set(|user| user.visits.add(1)).await;
    let _ = db.user().find_unique(|user| user.email.contains("ada")).await;
    let _ = db.seat().delete(|seat| seat.row.eq(1)).await;
}

fn main() {}
