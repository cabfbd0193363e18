#[path = "../blog/db.rs"]
mod db;

use db::Post;
use purlin::Select;

#[derive(Select)]
#[select(Post)]
struct PostCard {
    author: Author,
}

struct Author {
    email: String,
}

fn main() {}
