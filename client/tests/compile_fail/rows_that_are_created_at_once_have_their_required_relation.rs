#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewPost};

async fn create(db: &Client) {
    let titles = ["One", "Two"];
    let _ = db.post().create_many(titles.map(|title| NewPost { title: title.into() })).await;
}

fn main() {}
