#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn update(db: &Client) {
    let _ = db.post().update(|post| post.id.eq(1)).set(|post| post.author.connect(|user| user.visits.eq(1))).await;
}

fn main() {}
