#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn count(db: &Client) {
    let _ = db.sample().count().filter(|sample| sample.decimal.gt(1.5)).await;
}

fn main() {}
