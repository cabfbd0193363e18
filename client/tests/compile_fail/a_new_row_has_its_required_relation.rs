#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewPost};

async fn create(db: &Client) {
    let _ = db.post().create(NewPost { title: "Hello".into() }).await;
    let _ = db.post().create(NewPost { title: "Hello".into() }).set(|post| post.published.to(true)).await;
    let hello = NewPost { title: "Hello".into() }.set(|post| post.views.to(1));
    let _ = db.post().create(hello).await;
}

fn main() {}
