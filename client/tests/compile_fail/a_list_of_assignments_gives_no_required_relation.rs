#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewPost};

async fn create(db: &Client) {
    let hello = NewPost { title: "Hello".into() };
    let _ = db.post().create(hello).set(|post| [post.views.to(1), post.author_id.to(1)]).await;
}

fn main() {}
