#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn count(db: &Client) {
    let _ = db.post().count().filter(|post| post.published.gt(false)).await;
}

fn main() {}
