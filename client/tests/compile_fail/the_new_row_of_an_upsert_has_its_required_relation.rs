#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewPost};

async fn upsert(db: &Client) {
    let hello = NewPost { title: "Hello".into() };
    let _ = db.post().upsert(|post| post.id.eq(1), hello, |post| post.author.connect(|user| user.id.eq(1))).await;
}

fn main() {}
