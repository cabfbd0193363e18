#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn count(db: &Client) {
    let _ = db.user().count().filter(|user| user.visits.contains("3")).await;
}

fn main() {}
