#[path = "../blog/db.rs"]
mod db;

use db::*;
use purlin::Select;

#[derive(Select)]
#[select(User)]
struct UserCard {
    #[select(where(|post| post.published.eq(true)))]
    posts: Vec<PostTitle>,
}

#[derive(Select)]
#[select(Post)]
struct PostTitle {
    title: String,
}

fn main() {}
