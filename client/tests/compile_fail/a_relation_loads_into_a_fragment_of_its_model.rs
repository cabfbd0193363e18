#[path = "../blog/db.rs"]
mod db;

use db::{Comment, User};
use purlin::Select;

#[derive(Select)]
#[select(User)]
struct UserCard {
    posts: Vec<CommentText>,
}

#[derive(Select)]
#[select(Comment)]
struct CommentText {
    text: String,
}

fn main() {}
