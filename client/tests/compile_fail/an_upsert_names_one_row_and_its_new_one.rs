#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewPost, NewUser};

async fn upsert(db: &Client) {
    let ada = NewUser { email: "ada@acme.io".into() };
    let _ = db.user().upsert(|user| user.name.eq("Ada"), ada, |user| user.visits.add(1)).await;
    let post = NewPost { title: "Hello".into() };
    let _ = db.user().upsert(|user| user.id.eq(1), post, |user| user.visits.add(1)).await;
}

fn main() {}
