#[path = "../secrets/db.rs"]
mod db;

use db::Account;
use purlin::{Select, ServerOnly};

#[derive(Select)]
#[select(Account, json)]
struct Shown {
    id: i32,
    hash: ServerOnly<String>,
}

fn main() {}
