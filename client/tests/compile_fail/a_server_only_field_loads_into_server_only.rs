#[path = "../secrets/db.rs"]
mod db;

use db::Account;
use purlin::Select;

#[derive(Select)]
#[select(Account)]
struct Shown {
    id: i32,
    hash: String,
}

fn main() {}
