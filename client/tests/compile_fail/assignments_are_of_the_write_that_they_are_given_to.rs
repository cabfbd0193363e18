#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewUser, User};
use purlin::Set;

async fn create(db: &Client, changes: Vec<Set<User>>) {
    let _ = db.user().create(NewUser { email: "ada@acme.io".into() }).set(|_| changes).await;
}

fn main() {}
