#[path = "../blog/db.rs"]
mod db;

use db::{Post, User};
use purlin::Select;

#[derive(Select)]
#[select(User, json)]
struct Card {
    id: i32,
    posts: Vec<Headline>,
}

#[derive(Select)]
#[select(Post)]
struct Headline {
    title: String,
}

fn main() {}
