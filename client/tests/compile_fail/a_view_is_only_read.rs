#[path = "../secrets/db.rs"]
mod db;

use db::Client;

async fn write(db: &Client) {
    let _ = db.usage().find_many().await;
    let _ = db.usage().delete_many().await;
    let _ = db.account().update(|account| account.id.eq(1)).set(|account| account.usage.connect(|usage| usage.account_id.eq(1))).await;
}

fn main() {}
