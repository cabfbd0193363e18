#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewTag, NewUser};

async fn write(db: &Client) {
    let ada = || NewUser { email: "ada@acme.io".into() };
    let _ = db.user().find_unique(|user| user.id.eq(1) && user.name.eq("Ada")).await;
    let _ = db.user().update(|user| user.id.eq(1) && user.name.eq("Ada")).await;
    let _ = db.user().delete(|user| user.id.eq(1) || user.id.eq(2)).await;
    let _ = db.user().upsert(|user| user.id.eq(1) && user.name.eq("Ada"), ada(), |_| ()).await;
    let post = db.post().update(|post| post.id.eq(1));
    let post = post.set(|post| post.author.connect(|user| user.id.eq(1) && user.name.eq("Ada")));
    let tag = NewTag { name: "rust".into() };
    let _ = post.set(|post| post.tags.connect_or_create(|tag| tag.id.eq("1") || tag.name.eq("rust"), tag)).await;
}

fn main() {}
