#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewPost};

async fn update(db: &Client) {
    let hello = NewPost { title: "Hello".into() };
    let _ = db.user().update_many().set(|user| user.posts.create(hello)).await;
    let _ = db.user().update_many().set(|user| user.posts.delete_all()).await;
    let _ = db
        .user()
        .update(|user| user.id.eq(1))
        .set(|user| user.posts.update_all(|post| post.author.connect(|user| user.id.eq(2))))
        .await;
}

fn main() {}
