#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn count(db: &Client, search: Option<&str>) {
    let _ = db.user().count().filter(|user| search.map(|text| user.email.contains(text))).await;
}

fn main() {}
