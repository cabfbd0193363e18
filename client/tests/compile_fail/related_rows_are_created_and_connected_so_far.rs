#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewTag};

async fn unlink(db: &Client) {
    let _ = db.post().update(|post| post.id.eq(1)).set(|post| post.tags.disconnect(|tag| tag.name.eq("rust"))).await;
    let _ = db.post().update(|post| post.id.eq(1)).set(|post| post.tags.set(|tag| [tag.name.eq("rust")])).await;
    let _ = db.user().update(|user| user.id.eq(1)).set(|user| user.posts.delete(|post| post.id.eq(1))).await;
    let _ = db.comment().update(|comment| comment.id.eq(1)).set(|comment| comment.author.disconnect()).await;
    let _ = db.comment().update(|comment| comment.id.eq(1)).set(|comment| comment.author.update(|user| user.visits.add(1))).await;
}

async fn link(db: &Client) {
    let rust = NewTag { name: "rust".into() };
    let _ = db.post().update(|post| post.id.eq(1)).set(|post| post.tags.connect_or_create(|tag| tag.name.eq("rust"), rust)).await;
}

fn main() {}
