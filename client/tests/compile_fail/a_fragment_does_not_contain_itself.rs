#[path = "../blog/db.rs"]
mod db;

use db::User;
use purlin::Select;

#[derive(Select)]
#[select(User)]
struct Employee {
    email: String,
    reports: Vec<Employee>,
}

fn main() {}
