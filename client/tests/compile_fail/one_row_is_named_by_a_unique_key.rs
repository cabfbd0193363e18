#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn update(db: &Client) {
    let _ = db.user().update(|user| user.name.eq("Ada")).set(|user| user.visits.add(1)).await;
}

fn main() {}
