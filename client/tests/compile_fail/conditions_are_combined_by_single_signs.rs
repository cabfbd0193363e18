#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn count(db: &Client) {
    let _ = db.user().count().filter(|user| user.visits.gt(1) && user.name.eq("Ada")).await;
}

fn main() {}
