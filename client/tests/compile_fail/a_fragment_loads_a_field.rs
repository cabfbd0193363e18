#[path = "../blog/db.rs"]
mod db;

use db::User;
use purlin::Select;

#[derive(Select)]
#[select(User)]
struct Nothing {}

fn main() {}
