#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewPost, NewTag, NewUser};

async fn create(db: &Client) {
    let ada = NewUser { email: "ada@acme.io".into() };
    let _ = db.user().create(ada).set(|user| user.posts.update(|post| post.id.eq(1), |post| post.views.add(1))).await;
    let ada = NewUser { email: "ada@acme.io".into() };
    let _ = db.user().create(ada).set(|user| [user.name.to("Ada"), user.manager.disconnect()]).await;
}

fn parts() {
    let post = NewPost { title: "Hello".into() };
    let _ = post.set(|post| (post.title.to("Hi"), post.tags.set_to(|tag| [tag.name.eq("rust")])));
}

async fn create_nested(db: &Client) {
    let rust = NewTag { name: "rust".into() }.set(|tag| tag.posts.delete_all());
    let _ = db.post().update(|post| post.id.eq(1)).set(|post| post.tags.create(rust)).await;
}

fn main() {}
