#[path = "../blog/db.rs"]
mod db;

use db::{Client, User};
use purlin::Select;

#[derive(Select)]
#[select(User)]
struct UserCard {
    id: i32,
}

async fn cards(db: &Client) {
    let _ = db.user().find_many().select::<UserCard>().with(|card| card.posts.take(3)).await;
}

fn main() {}
