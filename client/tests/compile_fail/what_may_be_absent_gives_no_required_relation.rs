#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewPost};

async fn create(db: &Client, author: Option<i32>) {
    let hello = NewPost { title: "Hello".into() };
    let _ = db.post().create(hello).set(|post| author.map(|id| post.author_id.to(id))).await;
}

fn main() {}
