#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewTag};

async fn write(db: &Client) {
    let _ = db.user().find_unique(|user| user.id.eq(1) | user.id.eq(2)).await;
    let _ = db.seat().update(|seat| !seat.row_number.eq((1, 1))).await;
    let _ = db.post().upsert(|post| post.title.eq("Hello"), NewTag { name: "rust".into() }, |_| ()).await;
    let _ = db.post().update(|post| post.id.eq(1)).set(|post| post.tags.set_to(|tag| [tag.id.gt("1")])).await;
    let _ = db.user().delete(|user| user.manager.is(|user| user.id.eq(1))).await;
}

fn main() {}
