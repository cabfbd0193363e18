#[path = "../blog/db.rs"]
mod db;

use db::Client;

async fn find(db: &Client) {
    let _ = db.user().find_many().filter(|user| user.posts.some(|post| post.views.gt(1) || post.published.eq(true))).await;
    let user = db.user().update(|user| user.id.eq(1));
    let user = user.set(|user| user.posts.delete_many(|post| post.views.gt(1) && post.published.eq(true)));
    let _ = user.set(|user| user.posts.update_many(|post| !(post.views.gt(1) && post.id.gt(1)), |post| post.views.to(1))).await;
}

fn main() {}
