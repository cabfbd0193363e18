#[path = "../blog/db.rs"]
mod db;

use db::{Post, User};
use purlin::Select;

#[derive(Select)]
#[select(Post)]
struct PostCard {
    title: String,
    #[select(flatten)]
    byline: Author,
}

#[derive(Select)]
#[select(User)]
struct Author {
    email: String,
}

fn main() {}
