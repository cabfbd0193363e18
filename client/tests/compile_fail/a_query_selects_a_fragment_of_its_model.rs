#[path = "../blog/db.rs"]
mod db;

use db::{Client, Comment};
use purlin::Select;

#[derive(Select)]
#[select(Comment)]
struct CommentText {
    text: String,
}

async fn texts(db: &Client) {
    let _ = db.user().find_many().select::<CommentText>().await;
}

fn main() {}
