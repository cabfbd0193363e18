#[path = "../blog/db.rs"]
mod db;

use db::User;
use purlin::Select;

#[derive(Select)]
#[select(User)]
struct UserCard {
    email: String,
    #[select(flatten)]
    card: Box<UserCard>,
}

fn main() {}
