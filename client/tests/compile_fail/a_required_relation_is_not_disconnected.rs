#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn of_the_row(db: &Client) {
    let _ = db.post().update(|post| post.id.eq(1)).set(|post| post.author.disconnect()).await;
    let _ = db.post().update(|post| post.id.eq(1)).set(|post| post.author.delete()).await;
}

async fn of_the_related_rows(db: &Client) {
    let _ = db.user().update(|user| user.id.eq(1)).set(|user| user.posts.disconnect(|post| post.id.eq(1))).await;
    let _ = db.user().update(|user| user.id.eq(1)).set(|user| user.posts.disconnect_all()).await;
}

fn main() {}
