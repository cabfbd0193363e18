#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn update(db: &Client) {
    let _ = db.user().update(|user| user.id.eq(1)).set(|user| user.email.to_null()).await;
}

fn main() {}
