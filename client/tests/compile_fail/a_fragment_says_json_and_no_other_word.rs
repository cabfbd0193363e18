#[path = "../blog/db.rs"]
mod db;

use db::User;
use purlin::Select;

#[derive(Select)]
#[select(User, jason)]
struct Card {
    id: i32,
}

#[derive(Select)]
#[select(User, json, typescript = "user card")]
struct Named {
    id: i32,
}

#[derive(Select)]
#[select(User, typescript = "Card")]
struct WithoutJson {
    id: i32,
}

fn main() {}
