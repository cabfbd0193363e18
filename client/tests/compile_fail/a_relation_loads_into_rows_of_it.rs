#[path = "../blog/db.rs"]
mod db;

use db::User;
use purlin::Select;

#[derive(Select)]
#[select(User)]
struct UserCard {
    posts: Vec<String>,
}

fn main() {}
