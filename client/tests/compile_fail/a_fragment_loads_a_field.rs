#[path = "../blog/db.rs"]
mod db;

use purlin::Select;

#[derive(Select)]
#[select(db::User)]
struct Nothing {}

fn main() {}
