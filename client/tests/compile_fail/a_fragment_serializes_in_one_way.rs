#[path = "../blog/db.rs"]
mod db;

use db::User;
use purlin::Select;

#[derive(Select, serde::Serialize)]
#[select(User, json)]
struct Card {
    id: i32,
}

fn main() {}
