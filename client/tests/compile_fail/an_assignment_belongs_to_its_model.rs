#[path = "../blog/db.rs"]
mod db;

use db::{Client, Post};

async fn rename(db: &Client) {
    let post = <Post as purlin::Model>::FIELDS;
    let _ = db.user().update(|user| user.id.eq(1)).set(|_| post.title.to("Ada")).await;
}

fn main() {}
