#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewComment, NewPost};

async fn create(db: &Client) {
    let hello = NewPost { title: "Hello".into() };
    let _ = db.comment().create(NewComment { text: "Nice".into() }).set(|comment| comment.post.create(hello)).await;
}

fn main() {}
