#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewUser};

async fn create(db: &Client) {
    let _ = db.user().create(NewUser {}).await;
}

fn main() {}
