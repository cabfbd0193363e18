#[path = "../blog/db.rs"]
mod db;

use db::{Client, Post};
use purlin::Filter;

async fn count(db: &Client, published: Filter<Post>) {
    let _ = db.user().count().filter(|user| user.visits.gt(3) & published).await;
}

fn main() {}
