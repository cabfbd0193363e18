#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewPost};

async fn update(db: &Client) {
    let _ = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.posts.update(|post| post.title.eq("Hello"), |post| post.views.add(1)))
        .await;
    let hello = NewPost { title: "Hello".into() };
    let _ = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.posts.connect_or_create(|post| post.title.eq("Hello"), hello))
        .await;
}

fn main() {}
