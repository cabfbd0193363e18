#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewComment, NewUser};

async fn create(db: &Client) {
    let nice = || NewComment { text: "Nice".into() };
    let ada = NewUser { email: "ada@acme.io".into() };
    let _ = db.user().create(ada).set(|user| user.comments.create(nice())).await;
    let user = db.user().update(|user| user.id.eq(1));
    let user = user.set(|user| user.comments.create_many([nice()]));
    let user = user.set(|user| user.comments.connect_or_create(|comment| comment.id.eq(1), nice()));
    let _ = user.set(|user| user.comments.upsert(|comment| comment.id.eq(1), nice(), |_| ())).await;
}

fn main() {}
