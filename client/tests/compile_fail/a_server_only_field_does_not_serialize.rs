#[path = "../secrets/db.rs"]
mod db;

use db::Account;
use purlin::{Select, ServerOnly};

#[derive(Select, serde::Serialize)]
#[select(Account)]
struct Shown {
    id: i32,
    hash: ServerOnly<String>,
}

fn main() {}
