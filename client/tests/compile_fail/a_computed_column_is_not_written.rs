#[path = "../secrets/db.rs"]
mod db;

use db::{Client, NewAccount};

async fn write(db: &Client) {
    let new = NewAccount { email: "ada@acme.io".into(), hash: "x".into() };
    let _ = db.account().create(new).set(|account| account.domain.to("acme.io")).await;
}

fn main() {}
