//! Decimals are numbers, in whatever form the file holds them.

use purlin::{Decimal, Filter, New, Select};
use purlin_tests::db::{Charge, Client, Fee, FeeFields, NewCharge, NewFee};
use purlin_tests::result::{code, show};
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

cases!(
    decimals_compare_as_numbers,
    decimals_sort_as_numbers,
    a_unique_decimal_is_found_in_any_form,
    related_rows_are_found_by_decimals_in_any_form,
    a_unique_decimal_is_unique_in_any_form,
    a_foreign_key_takes_the_form_of_its_decimal,
    rows_are_changed_and_deleted_by_decimals_in_any_form;
    only on SQLite:
    // Decimals in several forms.
    pages_of_related_rows_go_by_the_value,
);

#[derive(Serialize, Select)]
#[select(Fee)]
struct Pages {
    label: String,
    charges: Vec<ChargeId>,
}

#[derive(Serialize, Select)]
#[select(Charge)]
struct ChargeId {
    id: i32,
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

async fn fees(db: &Client, filter: impl FnOnce(FeeFields) -> Filter<Fee>) -> Result<String, purlin::Error> {
    let rows = db.fee().find_many().filter(filter).order_by(|fee| fee.label.asc()).await?;
    Ok(rows.into_iter().map(|fee| fee.label).collect())
}

/// The fees that a condition finds by each of the columns: by the key, by a unique one, and without an index.
macro_rules! by_each_column {
    ($db:expr, |$decimal:ident| $condition:expr) => {
        json!([
            fees($db, |FeeFields { amount: $decimal, .. }| $condition.into()).await?,
            fees($db, |FeeFields { code: $decimal, .. }| $condition.into()).await?,
            fees($db, |FeeFields { plain: $decimal, .. }| $condition.into()).await?,
        ])
    };
}

async fn decimals_compare_as_numbers(db: &Client) -> Outcome {
    let some = || ["2.00", "-2.5", "7"].map(decimal);
    show(json!({
        "equals": by_each_column!(db, |decimal| decimal.eq(self::decimal("2"))),
        "zero": by_each_column!(db, |decimal| decimal.eq(self::decimal("-0"))),
        "long": by_each_column!(db, |decimal| decimal.eq(self::decimal("12345678901234567890.123"))),
        "not": by_each_column!(db, |decimal| decimal.ne(self::decimal("10"))),
        "gt": by_each_column!(db, |decimal| decimal.gt(self::decimal("2.0"))),
        "gte": by_each_column!(db, |decimal| decimal.gte(self::decimal("2.0"))),
        "lt": by_each_column!(db, |decimal| decimal.lt(self::decimal("3.250"))),
        "lte": by_each_column!(db, |decimal| decimal.lte(self::decimal("3.250"))),
        "in": by_each_column!(db, |decimal| decimal.is_in(some())),
        "notIn": by_each_column!(db, |decimal| !decimal.is_in(some())),
    }))
}

async fn decimals_sort_as_numbers(db: &Client) -> Outcome {
    let labels = |rows: Vec<Fee>| rows.into_iter().map(|fee| fee.label).collect::<String>();
    show(json!([
        labels(db.fee().find_many().order_by(|fee| fee.amount.asc()).await?),
        labels(db.fee().find_many().order_by(|fee| fee.code.desc()).await?),
        labels(db.fee().find_many().order_by(|fee| fee.plain.asc()).skip(1).take(3).await?),
    ]))
}

async fn a_unique_decimal_is_found_in_any_form(db: &Client) -> Outcome {
    let mut found = Vec::new();
    for text in ["-2.5", "0", "1.50", "2", "3.25", "10", "12345678901234567890.123", "11"] {
        let by_key = db.fee().find_unique(|fee| fee.amount.eq(decimal(text))).await?;
        let by_code = db.fee().find_unique(|fee| fee.code.eq(decimal(text))).await?;
        found.push([by_key, by_code].map(|fee| fee.map(|fee| fee.amount.to_string())));
    }
    show(found)
}

async fn related_rows_are_found_by_decimals_in_any_form(db: &Client) -> Outcome {
    let charges = |filter: fn(FeeFields) -> Filter<Fee>| async move {
        let rows =
            db.charge().find_many().filter(|charge| charge.fee.is(filter)).order_by(|charge| charge.id.asc()).await?;
        Ok::<_, purlin::Error>(rows.into_iter().map(|charge| charge.id).collect::<Vec<_>>())
    };
    let by_fee =
        db.charge().find_many().order_by(|charge| [charge.fee.by(|fee| fee.amount.desc()), charge.id.asc()]).await?;
    show(json!({
        "some": fees(db, |fee| fee.charges.some(|charge| charge.id.gt(0))).await?,
        "none": fees(db, |fee| fee.charges.none(|charge| charge.id.gt(0))).await?,
        "grouped": fees(db, |fee| fee.groups.some(|group| group.id.eq(1))).await?,
        "is": charges(|fee| fee.plain.gt(decimal("1.5"))).await?,
        "sorted": by_fee.into_iter().map(|charge| charge.id).collect::<Vec<_>>(),
    }))
}

async fn a_unique_decimal_is_unique_in_any_form(db: &Client) -> Outcome {
    let fee = |amount: &str, code: &str| -> New<Fee> {
        NewFee { amount: decimal(amount), label: "new".to_owned() }.set(|fee| fee.code.to(decimal(code)))
    };
    let mut created = Vec::new();
    for (amount, number) in [("2", "20"), ("20", "2"), ("-2.5", "21"), ("21", "0"), ("22", "10"), ("23", "23")] {
        created.push(code(db.fee().create(fee(amount, number)).await));
    }
    let taken = db.fee().update(|fee| fee.amount.eq(decimal("1.5"))).set(|fee| fee.code.to(decimal("10"))).await;
    let own = db.fee().update(|fee| fee.amount.eq(decimal("2"))).set(|fee| fee.code.to(decimal("2"))).await;
    let many = db.fee().create_many([fee("30", "31"), fee("32", "3.25")]).await;
    let others = db.fee().create_many([fee("33", "34"), fee("35", "36")]).await;
    show(json!({
        "created": created,
        "taken": code(taken),
        "own": code(own),
        "many": code(many),
        "others": others?,
        "count": db.fee().count().await?,
    }))
}

async fn a_foreign_key_takes_the_form_of_its_decimal(db: &Client) -> Outcome {
    db.charge().create(NewCharge {}.set(|charge| charge.fee_amount.to(decimal("10")))).await?;
    db.charge().create(NewCharge {}.set(|charge| charge.fee.connect(|fee| fee.amount.eq(decimal("0"))))).await?;
    db.charge().create_many([NewCharge {}.set(|charge| charge.fee_amount.to(decimal("-2.5")))]).await?;
    db.charge().update(|charge| charge.id.eq(5)).set(|charge| charge.fee_amount.to(decimal("3.25"))).await?;
    let fee = || db.fee().update(|fee| fee.amount.eq(decimal("10")));
    fee().set(|fee| fee.groups.connect(|group| group.id.eq(2))).await?;
    fee().set(|fee| fee.charges.create(NewCharge {})).await?;
    let nowhere = db.charge().create(NewCharge {}.set(|charge| charge.fee_amount.to(decimal("11")))).await;
    let mut counts = Vec::new();
    for text in ["-2.5", "0", "1.5", "2", "3.25", "10"] {
        counts.push(db.charge().count().filter(|charge| charge.fee_amount.eq(decimal(text))).await?);
    }
    show(json!({
        "charges": counts,
        "grouped": fees(db, |fee| fee.groups.some(|group| group.id.eq(2))).await?,
        "nowhere": code(nowhere),
    }))
}

async fn rows_are_changed_and_deleted_by_decimals_in_any_form(db: &Client) -> Outcome {
    let changed = db.fee().update(|fee| fee.amount.eq(decimal("2"))).set(|fee| fee.plain.add(decimal("0.5"))).await?;
    let many = db.fee().update_many().filter(|fee| fee.code.gt(decimal("3"))).set(|fee| fee.label.to("new")).await?;
    let gone = db.fee().delete(|fee| fee.amount.eq(decimal("0"))).await?;
    let deleted = db.fee().delete_many().filter(|fee| fee.code.eq(decimal("3.25"))).await?;
    show(json!({
        "changed": changed.plain.map(|plain| plain.to_string()),
        "many": many,
        "gone": gone.label,
        "deleted": deleted,
        "left": db.fee().count().await?,
    }))
}

async fn pages_of_related_rows_go_by_the_value(db: &Client) -> Outcome {
    let fees = || {
        db.fee().find_many().filter(|fee| fee.charges.some(|charge| charge.id.gt(0))).order_by(|fee| fee.label.asc())
    };
    let all = fees().select::<Pages>().with(|fee| fee.charges.order_by(|charge| charge.id.asc())).await?;
    let first = fees().select::<Pages>().with(|fee| fee.charges.order_by(|charge| charge.id.asc()).take(2)).await?;
    let later =
        fees().select::<Pages>().with(|fee| fee.charges.order_by(|charge| charge.id.asc()).skip(1).take(3)).await?;
    show((all, first, later))
}
