#[path = "../secrets/db.rs"]
mod db;

fn shown(account: db::Account) -> String {
    account.hash
}

fn main() {}
