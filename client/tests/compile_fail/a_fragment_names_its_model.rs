#[path = "../blog/db.rs"]
mod db;

use purlin::Select;

#[derive(Select)]
struct UserCard {
    id: i32,
}

fn main() {}
