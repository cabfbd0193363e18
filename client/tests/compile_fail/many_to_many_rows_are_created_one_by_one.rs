#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewTag};

async fn create(db: &Client) {
    let tags = ["rust", "sql"].map(|name| NewTag { name: name.into() });
    let _ = db.post().update(|post| post.id.eq(1)).set(|post| post.tags.create_many(tags)).await;
}

fn main() {}
