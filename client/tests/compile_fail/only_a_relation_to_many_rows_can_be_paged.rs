#[path = "../blog/db.rs"]
mod db;

use db::{Client, Post, User};
use purlin::Select;

#[derive(Select)]
#[select(Post)]
struct PostCard {
    author: Author,
}

#[derive(Select)]
#[select(User)]
struct Author {
    id: i32,
}

async fn cards(db: &Client) {
    let _ = db.post().find_many().select::<PostCard>().with(|card| card.author.take(3)).await;
}

fn main() {}
