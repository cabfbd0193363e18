//! Fields that the schema declares `@server`: loaded where they are asked for by name, and then not to be shown.

use purlin::{Select, ServerOnly};
use purlin_tests::db::{Account, Client, Login, NewAccount, NewLogin};
use purlin_tests::result::show;
use purlin_tests::{Outcome, cases};
use serde_json::json;

#[derive(Select)]
#[select(Account)]
struct Secrets {
    login: String,
    hash: ServerOnly<String>,
    api_key: Option<ServerOnly<String>>,
    pin: Option<ServerOnly<i32>>,
    seen: ServerOnly<purlin::DateTime>,
}

#[derive(Select)]
#[select(Account)]
struct WithLogins {
    id: i32,
    login: String,
    hash: ServerOnly<String>,
    logins: Vec<Login>,
}

#[derive(Select)]
#[select(Login)]
struct Token {
    token: ServerOnly<String>,
}

cases!(
    left_out_by_default,
    given_by_name,
    left_out_of_relations,
    given_beside_all_others,
    named_by_a_secret_key,
    compared_and_sorted,
    written_as_plain_values,
);

async fn accounts(db: &Client) -> Result<(), purlin::Error> {
    let new = |login: &str| NewAccount { login: login.into(), hash: format!("hash of {login}") };
    db.account()
        .create(new("ada"))
        .set(|account| (account.api_key.to("key"), account.pin.to(7), account.logins.create(NewLogin {})))
        .await?;
    db.account().create(new("bob")).await?;
    Ok(())
}

async fn left_out_by_default(db: &Client) -> Outcome {
    accounts(db).await?;
    let created = db.account().create(NewAccount { login: "eve".into(), hash: "x".into() }).await?;
    let found = db.account().find_many().order_by(|account| account.id.asc()).await?;
    let updated = db.account().update(|account| account.id.eq(1)).set(|account| account.pin.to(8)).await?;
    show(json!([created, found, updated]))
}

async fn given_by_name(db: &Client) -> Outcome {
    accounts(db).await?;
    let rows = db.account().find_many().order_by(|account| account.id.asc()).select::<Secrets>().await?;
    let revealed = rows.iter().map(|row| {
        let key = row.api_key.as_ref().map(ServerOnly::reveal);
        let pin = row.pin.as_ref().map(ServerOnly::reveal);
        let seen = row.seen.reveal().format("datetime:%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        json!({ "login": row.login, "hash": row.hash.reveal(), "apiKey": key, "pin": pin, "seen": seen })
    });
    show(revealed.collect::<Vec<_>>())
}

async fn left_out_of_relations(db: &Client) -> Outcome {
    accounts(db).await?;
    let row = db.account().find_unique(|account| account.id.eq(1)).or_not_found().select::<WithLogins>().await?;
    show(json!({ "logins": row.logins }))
}

async fn given_beside_all_others(db: &Client) -> Outcome {
    accounts(db).await?;
    let row = db.account().find_unique(|account| account.id.eq(1)).or_not_found().select::<WithLogins>().await?;
    show(json!({ "id": row.id, "login": row.login, "hash": row.hash.into_inner() }))
}

async fn named_by_a_secret_key(db: &Client) -> Outcome {
    accounts(db).await?;
    show(db.account().find_unique(|account| account.api_key.eq("key")).await?)
}

async fn compared_and_sorted(db: &Client) -> Outcome {
    accounts(db).await?;
    let rows = db
        .account()
        .find_many()
        .filter(|account| account.hash.starts_with("hash of"))
        .order_by(|account| account.hash.desc())
        .await?;
    let none = db.account().count().filter(|account| account.api_key.is_null()).await?;
    let related = db.account().count().filter(|account| account.logins.some(|login| login.token.eq("t"))).await?;
    show(json!([rows, none, related]))
}

async fn written_as_plain_values(db: &Client) -> Outcome {
    accounts(db).await?;
    db.login().create_many([NewLogin {}.set(|login| (login.token.to("u"), login.account_id.to(2)))]).await?;
    db.account().update_many().set(|account| account.api_key.to_null()).await?;
    let tokens = db.login().find_many().order_by(|login| login.id.asc()).select::<Token>().await?;
    let keys = db.account().count().filter(|account| account.api_key.is_not_null()).await?;
    show(json!([tokens.iter().map(|row| row.token.reveal()).collect::<Vec<_>>(), keys]))
}
