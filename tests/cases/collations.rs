//! Relations by texts that the database compares in ways of their own: a foreign key leads to what its key says is equal.

use purlin::{Condition, Filter, Select};
use purlin_tests::db::{Client, Customer, CustomerFields, LoyaltyCard, MailingList, Parcel, Purchase, PurchaseFields};
use purlin_tests::result::show;
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(Customer)]
struct Related {
    email: String,
    #[select(order_by(|purchase| purchase.id.asc()))]
    purchases: Vec<PurchaseId>,
    #[select(order_by(|parcel| parcel.id.desc()).take(2))]
    parcels: Vec<ParcelId>,
    #[select(order_by(|list| list.name.asc()))]
    lists: Vec<ListName>,
    card: Option<Holder>,
}

#[derive(Serialize, Select)]
#[select(Purchase)]
struct PurchaseId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Parcel)]
struct ParcelId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Parcel)]
struct Noted {
    id: i32,
    note: String,
}

#[derive(Serialize, Select)]
#[select(MailingList)]
struct ListName {
    name: String,
}

#[derive(Serialize, Select)]
#[select(LoyaltyCard)]
struct Holder {
    holder: String,
}

#[derive(Select)]
#[select(Customer)]
struct Counted {
    #[select(count(purchases))]
    purchases: i64,
    #[select(count(parcels))]
    parcels: i64,
    #[select(count(lists))]
    lists: i64,
}

#[derive(Serialize, Select)]
#[select(Customer)]
struct Email {
    email: String,
}

#[derive(Serialize, Select)]
#[select(Purchase)]
struct Bought {
    id: i32,
    customer: Option<Email>,
}

#[derive(Serialize, Select)]
#[select(Purchase)]
struct Buyer {
    id: i32,
    buyer: Option<String>,
}

#[derive(Serialize, Select)]
#[select(MailingList)]
struct Audience {
    name: String,
    #[select(order_by(|customer| customer.email.asc()))]
    customers: Vec<Shopper>,
}

#[derive(Serialize, Select)]
#[select(Customer)]
struct Shopper {
    email: String,
    #[select(order_by(|purchase| purchase.id.asc()))]
    purchases: Vec<PurchaseId>,
}

cases!(
    only on SQLite:
    // Columns with a collation of SQLite.
    a_foreign_key_that_ignores_case,
    a_key_that_ignores_case,
    writes_where_a_foreign_key_ignores_case,
    a_key_that_ignores_spaces_at_its_end,
    writes_where_a_key_ignores_case,
);

async fn customers<F: Condition<Customer>>(db: &Client, condition: impl FnOnce(CustomerFields) -> F) -> Outcome {
    let rows = db.customer().find_many().filter(condition).order_by(|customer| customer.email.asc()).await?;
    show(rows.iter().map(|customer| customer.email.as_str()).collect::<Vec<_>>())
}

async fn purchases<F: Condition<Purchase>>(db: &Client, condition: impl FnOnce(PurchaseFields) -> F) -> Outcome {
    let rows = db.purchase().find_many().filter(condition).order_by(|purchase| purchase.id.asc()).await?;
    show(rows.iter().map(|purchase| purchase.id).collect::<Vec<_>>())
}

/// A condition that each row satisfies.
fn anything<M>() -> Filter<M> {
    Filter::all(Vec::<Filter<M>>::new())
}

/// The relations from each side.
async fn read(db: &Client) -> Outcome {
    let down = db.customer().find_many().order_by(|customer| customer.email.asc()).select::<Related>().await?;
    let counted = db.customer().find_many().order_by(|customer| customer.email.asc()).select::<Counted>().await?;
    let counts: Vec<_> = counted.iter().map(|counted| [counted.purchases, counted.parcels, counted.lists]).collect();
    let up = db.purchase().find_many().order_by(|purchase| purchase.id.asc()).select::<Bought>().await?;
    let twice = db.mailing_list().find_many().order_by(|list| list.name.asc()).select::<Audience>().await?;
    let by_count = db
        .customer()
        .find_many()
        .order_by(|customer| [customer.purchases.count().desc(), customer.email.asc()])
        .await?;
    let by_nick = db
        .purchase()
        .find_many()
        .order_by(|purchase| [purchase.customer.by(|customer| customer.nick.asc()), purchase.id.asc()])
        .await?;
    show(json!({
        "down": down,
        "counts": counts,
        "up": up,
        "twice": twice,
        "some": customers(db, |customer| customer.purchases.some(|_| anything())).await?,
        "none": customers(db, |customer| customer.purchases.none(|_| anything())).await?,
        "every": customers(db, |customer| customer.purchases.every(|purchase| purchase.id.lt(4))).await?,
        "indexed": customers(db, |customer| customer.parcels.some(|parcel| parcel.id.eq(3))).await?,
        "joined": customers(db, |customer| customer.lists.some(|list| list.name.eq("Red"))).await?,
        "unjoined": customers(db, |customer| customer.lists.none(|_| anything())).await?,
        "card": customers(db, |customer| customer.card.is(|_| anything())).await?,
        "noCard": customers(db, |customer| customer.card.is_null()).await?,
        "is": purchases(db, |purchase| purchase.customer.is(|customer| customer.nick.eq("Ann"))).await?,
        "isNot": purchases(db, |purchase| purchase.customer.is_not(|customer| customer.email.eq("Ann@x"))).await?,
        "byCount": by_count.iter().map(|customer| customer.email.as_str()).collect::<Vec<_>>(),
        "byNick": by_nick.iter().map(|purchase| purchase.id).collect::<Vec<_>>(),
    }))
}

async fn a_key_that_ignores_case(db: &Client) -> Outcome {
    read(db).await
}

async fn a_foreign_key_that_ignores_case(db: &Client) -> Outcome {
    read(db).await
}

async fn a_key_that_ignores_spaces_at_its_end(db: &Client) -> Outcome {
    read(db).await
}

/// Changes of related rows.
async fn write(db: &Client) -> Outcome {
    let ann = || db.customer().update(|customer| customer.email.eq("Ann@x"));
    ann().set(|customer| customer.purchases.set_to(|purchase| [purchase.id.eq(1)])).await?;
    ann().set(|customer| customer.parcels.update_all(|parcel| parcel.note.to("new"))).await?;
    ann().set(|customer| customer.parcels.update(|parcel| parcel.id.eq(2), |parcel| parcel.note.to("newer"))).await?;
    let parcels = db.parcel().find_many().order_by(|parcel| parcel.id.asc()).select::<Noted>().await?;
    ann().set(|customer| customer.parcels.delete(|parcel| parcel.id.eq(2))).await?;
    ann().set(|customer| customer.parcels.delete_all()).await?;
    ann().set(|customer| customer.lists.disconnect_all()).await?;
    db.customer()
        .update(|customer| customer.email.eq("bob@x"))
        .set(|customer| customer.lists.disconnect(|list| list.name.eq("red")))
        .await?;
    let bought = db.purchase().find_many().order_by(|purchase| purchase.id.asc()).select::<Buyer>().await?;
    ann().set(|customer| customer.purchases.disconnect(|purchase| purchase.id.eq(1))).await?;
    let deleted = db
        .customer()
        .delete_many()
        .filter(|customer| {
            customer.purchases.none(|_| anything())
                & customer.parcels.none(|_| anything())
                & customer.lists.none(|_| anything())
                & customer.card.is_null()
        })
        .await?;
    let kept = db.parcel().find_many().order_by(|parcel| parcel.id.asc()).select::<ParcelId>().await?;
    show(json!({
        "parcels": parcels,
        "bought": bought,
        "kept": kept,
        "joined": customers(db, |customer| customer.lists.some(|_| anything())).await?,
        "deleted": deleted,
        "left": customers(db, |_| anything()).await?,
    }))
}

async fn writes_where_a_key_ignores_case(db: &Client) -> Outcome {
    write(db).await
}

async fn writes_where_a_foreign_key_ignores_case(db: &Client) -> Outcome {
    write(db).await
}
