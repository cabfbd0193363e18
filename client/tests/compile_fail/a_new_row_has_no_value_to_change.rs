#[path = "../blog/db.rs"]
mod db;

use db::{Client, NewUser};

async fn create(db: &Client) {
    let ada = NewUser { email: "ada@acme.io".into() };
    let _ = db.user().create(ada).set(|user| [user.name.to("Ada"), user.visits.add(1)]).await;
}

fn main() {}
