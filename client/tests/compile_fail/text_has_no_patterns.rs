#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn count(db: &Client) {
    let _ = db.user().count().filter(|user| user.email.like("a%")).await;
}

fn main() {}
