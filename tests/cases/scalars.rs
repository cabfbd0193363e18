//! Values of each type, exact in both directions, in rows and in related rows, and in conditions.

use purlin::{DateTime, Decimal, Json, New, Select};
use purlin_tests::db::{Client, NewSample, NewWide, Role, Sample, SampleFields, Wide};
use purlin_tests::result::{big_int, bytes, code, date_time, decimal, show};
use purlin_tests::{Outcome, cases};
use serde_json::{Value, json};

#[derive(Select)]
#[select(Sample)]
struct Tree {
    #[select(order_by(|child| child.id.asc()))]
    children: Vec<Leaf>,
}

#[derive(Select)]
#[select(Sample)]
struct Leaf {
    big_int: i64,
    decimal: Decimal,
    date_time: DateTime,
    json: Json,
    bytes: Vec<u8>,
    role: Role,
    optional_big_int: Option<i64>,
    optional_decimal: Option<Decimal>,
    optional_date_time: Option<DateTime>,
    optional_json: Option<Json>,
    optional_bytes: Option<Vec<u8>>,
    optional_role: Option<Role>,
    optional_boolean: Option<bool>,
}

#[derive(Select)]
#[select(Wide)]
struct WideTree {
    big_int: i64,
    parent: Option<Wide>,
    #[select(order_by(|child| child.big_int.asc()))]
    children: Vec<Wide>,
}

fn instant(text: &str) -> DateTime {
    text.parse().expect("an instant")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal number")
}

/// Writes each of the values to a row of its own and reads all back in that order.
async fn round_trip<T>(
    db: &Client,
    values: impl IntoIterator<Item = T>,
    set: impl Fn(SampleFields, T) -> purlin::Set<Sample, purlin::NewRow> + Copy,
    read: impl Fn(&Sample) -> Value,
) -> Outcome {
    for value in values {
        db.sample().create(NewSample {}).set(|sample| set(sample, value)).await?;
    }
    let rows = db.sample().find_many().order_by(|sample| sample.id.asc()).await?;
    show(rows.iter().map(read).collect::<Vec<_>>())
}

async fn wide(db: &Client, keys: impl IntoIterator<Item = (i64, &str, &str, Vec<u8>)>) -> Result<(), purlin::Error> {
    for (big_int, decimal, date_time, bytes) in keys {
        db.wide().create(NewWide { big_int, decimal: number(decimal), date_time: instant(date_time), bytes }).await?;
    }
    Ok(())
}

/// Neighbours that a lossy road would make equal.
async fn neighbours(db: &Client) -> Result<(), purlin::Error> {
    wide(
        db,
        [
            (9_007_199_254_740_992, "0.1000000000000000000001", "2024-01-01T00:00:00.001Z", vec![0]),
            (9_007_199_254_740_993, "0.1000000000000000000002", "2024-01-01T00:00:00.002Z", vec![0, 0]),
            (9_007_199_254_740_994, "0.1000000000000000000003", "2024-01-01T00:00:00.003Z", vec![]),
        ],
    )
    .await
}

fn keys(rows: &[Wide]) -> Vec<Value> {
    rows.iter().map(|row| big_int(row.big_int)).collect()
}

cases!(
    strings,
    booleans,
    integers,
    big_integers,
    floats,
    decimals,
    instants,
    json_documents,
    bytes_of_each_value,
    enums,
    null_of_each_type,
    json_null_is_not_the_null_of_the_database,
    wide_values_in_related_rows,
    wide_values_as_keys,
    wide_values_in_lists,
    wide_values_by_order,
    wide_values_sort_by_value,
    a_wide_foreign_key,
    decimals_are_equal_by_value,
    floats_are_equal_exactly,
    json_is_equal_as_a_whole,
    json_is_compared_by_value,
    json_is_equal_in_any_order_of_members;
    only on SQLite:
    // JSON that is stored as bytes; and the greatest float, which JSONB writes out in 309 digits, too many for serde_json.
    json_in_bytes_is_read_as_it_is_found,
    numbers_of_json_at_the_top,
);

async fn strings(db: &Client) -> Outcome {
    let long = "ß".repeat(3);
    let values = ["", " a ", "line\nbreak\ttab\r", "'\"`\\%_", "日本語 🦀 e\u{301}", "\u{1}\u{7f}\u{feff}", &long];
    round_trip(db, values, |sample, value| sample.string.to(value), |row| json!(row.string)).await
}

async fn booleans(db: &Client) -> Outcome {
    round_trip(db, [true, false], |sample, value| sample.boolean.to(value), |row| json!(row.boolean)).await
}

async fn integers(db: &Client) -> Outcome {
    let values = [0, -1, i32::MAX, i32::MIN];
    round_trip(db, values, |sample, value| sample.int.to(value), |row| json!(row.int)).await
}

async fn big_integers(db: &Client) -> Outcome {
    let values = [0, 9_007_199_254_740_993, -9_007_199_254_740_993, i64::MAX, i64::MIN];
    round_trip(db, values, |sample, value| sample.big_int.to(value), |row| big_int(row.big_int)).await
}

async fn floats(db: &Client) -> Outcome {
    let values = [0.0, 1.0, -2.5, 0.1 + 0.2, 1e308, 5e-324, 123_456_789_012_345_680.0];
    round_trip(db, values, |sample, value| sample.float.to(value), |row| json!(row.float)).await
}

async fn decimals(db: &Client) -> Outcome {
    let values = [
        "0",
        "-0.5",
        "1.10",
        "100",
        "12345678901234567890123456789012345.678901234567890123456789",
        "0.000000000000000000000000000001",
        "-99999999999999999999",
        "0.1000000000000000055511151231257827",
    ];
    round_trip(db, values.map(number), |sample, value| sample.decimal.to(value), |row| decimal(&row.decimal)).await
}

async fn instants(db: &Client) -> Outcome {
    let values = [
        "1970-01-01T00:00:00Z",
        "2024-02-29T23:59:59.999Z",
        "1969-12-31T23:59:59.999Z",
        "2024-06-01T12:00:00+05:30",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
    ];
    round_trip(db, values.map(instant), |sample, value| sample.date_time.to(value), |row| date_time(row.date_time))
        .await
}

async fn json_documents(db: &Client) -> Outcome {
    let values = [
        json!({ "b": [1, 2.5, -3e10, "x", null, true, { "deep": { "er": [] } }], "a": "日本 \" \\ \n" }),
        json!([]),
        json!("text"),
        json!(0),
        json!(false),
        json!({ "__proto__": 1, "": {} }),
    ];
    round_trip(db, values, |sample, value| sample.json.to(value), |row| row.json.clone()).await
}

async fn bytes_of_each_value(db: &Client) -> Outcome {
    let all: Vec<u8> = (0..=255).collect();
    round_trip(db, [vec![], vec![0], all], |sample, value| sample.bytes.to(value), |row| bytes(&row.bytes)).await
}

async fn enums(db: &Client) -> Outcome {
    let values = [Role::Admin, Role::Member, Role::PowerUser];
    round_trip(db, values, |sample, value| sample.role.to(value), |row| json!(row.role)).await
}

async fn null_of_each_type(db: &Client) -> Outcome {
    let nothing = db.sample().create(NewSample {}).await?;
    let all = db
        .sample()
        .create(NewSample {})
        .set(|sample| {
            [
                sample.optional_string.to("text"),
                sample.optional_boolean.to(false),
                sample.optional_int.to(0),
                sample.optional_big_int.to(-1_i64),
                sample.optional_float.to(0.5),
                sample.optional_decimal.to(number("0.5")),
                sample.optional_date_time.to(instant("2024-01-01T00:00:00Z")),
                sample.optional_json.to(json!({ "a": 1 })),
                sample.optional_bytes.to(vec![1]),
                sample.optional_role.to(Role::PowerUser),
            ]
        })
        .await?;
    let gone = db
        .sample()
        .update(|sample| sample.id.eq(all.id))
        .set(|sample| {
            [
                sample.optional_string.to_null(),
                sample.optional_boolean.to_null(),
                sample.optional_int.to_null(),
                sample.optional_big_int.to_null(),
                sample.optional_float.to_null(),
                sample.optional_decimal.to_null(),
                sample.optional_date_time.to_null(),
                sample.optional_json.to_null(),
                sample.optional_bytes.to_null(),
                sample.optional_role.to_null(),
            ]
        })
        .await?;
    let optional = |row: &Sample| {
        json!([
            row.optional_string,
            row.optional_boolean,
            row.optional_int,
            row.optional_big_int.map(big_int),
            row.optional_float,
            row.optional_decimal.as_ref().map(decimal),
            row.optional_date_time.map(date_time),
            row.optional_json,
            row.optional_bytes.as_deref().map(bytes),
            row.optional_role,
        ])
    };
    show([optional(&nothing), optional(&all), optional(&gone)])
}

async fn json_in_bytes_is_read_as_it_is_found(db: &Client) -> Outcome {
    let found = db.sample().find_many().filter(|sample| sample.json.eq(json!({ "a": [1, "é"] }))).await?;
    let broken = db.sample().count().filter(|sample| sample.json.eq(json!("x"))).await?;
    let others = db.sample().find_many().filter(|sample| sample.id.gt(1)).await;
    show(json!([found.into_iter().map(|sample| sample.json).collect::<Vec<_>>(), broken, code(others)]))
}

async fn json_null_is_not_the_null_of_the_database(db: &Client) -> Outcome {
    db.sample().create(NewSample {}).set(|sample| sample.optional_json.to(Json::Null)).await?;
    db.sample().create(NewSample {}).set(|sample| sample.optional_json.to_null()).await?;
    let json_null = db.sample().find_many().filter(|sample| sample.optional_json.eq(Json::Null)).await?;
    let database_null = db.sample().find_many().filter(|sample| sample.optional_json.is_null()).await?;
    let either = db
        .sample()
        .find_many()
        .filter(|sample| sample.optional_json.eq(Json::Null) | sample.optional_json.is_null())
        .order_by(|sample| sample.id.asc())
        .await?;
    show([json_null, database_null, either].map(|rows| rows.iter().map(|row| row.id).collect::<Vec<_>>()))
}

async fn wide_values_in_related_rows(db: &Client) -> Outcome {
    let child = NewSample {}.set(|sample| {
        [
            sample.big_int.to(i64::MAX),
            sample.decimal.to(number("12345678901234567890.000000000000000000001")),
            sample.date_time.to(instant("2024-02-29T23:59:59.999Z")),
            sample.json.to(json!({ "n": [1, "é"] })),
            sample.bytes.to(vec![0, 127, 128, 255]),
            sample.role.to(Role::PowerUser),
            sample.optional_big_int.to(i64::MIN),
            sample.optional_boolean.to(true),
        ]
    });
    let parent = db
        .sample()
        .create(NewSample {})
        .set(|sample| [sample.children.create(child), sample.children.create(New::from(NewSample {}))])
        .select::<Tree>()
        .await?;
    let leaf = |leaf: &Leaf| {
        json!([
            big_int(leaf.big_int),
            decimal(&leaf.decimal),
            date_time(leaf.date_time),
            leaf.json,
            bytes(&leaf.bytes),
            leaf.role,
            leaf.optional_big_int.map(big_int),
            leaf.optional_decimal.as_ref().map(decimal),
            leaf.optional_date_time.map(date_time),
            leaf.optional_json,
            leaf.optional_bytes.as_deref().map(bytes),
            leaf.optional_role,
            leaf.optional_boolean,
        ])
    };
    show(parent.children.iter().map(leaf).collect::<Vec<_>>())
}

async fn wide_values_as_keys(db: &Client) -> Outcome {
    neighbours(db).await?;
    let found = [
        db.wide().find_unique(|wide| wide.big_int.eq(9_007_199_254_740_993_i64)).await?,
        db.wide().find_unique(|wide| wide.decimal.eq(number("0.1000000000000000000003"))).await?,
        db.wide().find_unique(|wide| wide.date_time.eq(instant("2024-01-01T00:00:00.001Z"))).await?,
        db.wide().find_unique(|wide| wide.bytes.eq(vec![0, 0])).await?,
        db.wide().find_unique(|wide| wide.big_int.eq(9_007_199_254_740_995_i64)).await?,
    ];
    show(found.map(|row| row.map(|row| big_int(row.big_int))))
}

async fn wide_values_in_lists(db: &Client) -> Outcome {
    neighbours(db).await?;
    let find = || db.wide().find_many().order_by(|wide| wide.big_int.asc());
    let decimals = ["0.1000000000000000000002", "0.2"].map(number);
    let instants = ["2024-01-01T00:00:00.002Z", "2024-01-01T00:00:00.003Z"].map(instant);
    show([
        keys(&find().filter(|wide| wide.big_int.is_in([9_007_199_254_740_993_i64, 1])).await?),
        keys(&find().filter(|wide| wide.decimal.is_in(decimals)).await?),
        keys(&find().filter(|wide| wide.date_time.is_not_in(instants)).await?),
        keys(&find().filter(|wide| wide.bytes.is_in([vec![0, 0], vec![]])).await?),
    ])
}

async fn wide_values_by_order(db: &Client) -> Outcome {
    neighbours(db).await?;
    let find = || db.wide().find_many().order_by(|wide| wide.big_int.asc());
    show([
        keys(&find().filter(|wide| wide.big_int.gt(9_007_199_254_740_993_i64)).await?),
        keys(&find().filter(|wide| wide.decimal.lte(number("0.1000000000000000000002"))).await?),
        keys(&find().filter(|wide| wide.date_time.lt(instant("2024-01-01T00:00:00.002Z"))).await?),
    ])
}

async fn wide_values_sort_by_value(db: &Client) -> Outcome {
    let rows = [
        (10, "10", "0999-01-01T00:00:00Z", vec![1]),
        (9, "9", "2024-01-01T00:00:00Z", vec![2]),
        (-100, "-100.5", "1969-12-31T23:59:59.999Z", vec![3]),
        (i64::MAX, "99999999999999999999", "1970-01-01T00:00:00Z", vec![4]),
        (2, "9.5", "9999-01-01T00:00:00Z", vec![5]),
    ];
    wide(db, rows).await?;
    let by_number = db.wide().find_many().order_by(|wide| wide.big_int.asc()).await?;
    let by_decimal = db.wide().find_many().order_by(|wide| wide.decimal.desc()).await?;
    let by_instant = db.wide().find_many().order_by(|wide| wide.date_time.asc()).await?;
    show([keys(&by_number), keys(&by_decimal), keys(&by_instant)])
}

async fn a_wide_foreign_key(db: &Client) -> Outcome {
    neighbours(db).await?;
    let parent = 9_007_199_254_740_993_i64;
    db.wide().update_many().filter(|wide| wide.big_int.ne(parent)).set(|wide| wide.parent_id.to(parent)).await?;
    let rows = db.wide().find_many().order_by(|wide| wide.big_int.asc()).select::<WideTree>().await?;
    let shown = rows.iter().map(|row| {
        json!([big_int(row.big_int), row.parent.as_ref().map(|parent| big_int(parent.big_int)), keys(&row.children)])
    });
    show(shown.collect::<Vec<_>>())
}

async fn decimals_are_equal_by_value(db: &Client) -> Outcome {
    for value in ["1.10", "1.1", "1.1000000000000000000001"] {
        db.sample().create(NewSample {}).set(|sample| sample.decimal.to(number(value))).await?;
    }
    let equal = db.sample().count().filter(|sample| sample.decimal.eq(number("1.100"))).await?;
    let not = db.sample().count().filter(|sample| sample.decimal.ne(number("1.1"))).await?;
    let hundred = db.sample().create(NewSample {}).set(|sample| sample.decimal.to(number("1e2"))).await?;
    show(json!([equal, not, decimal(&hundred.decimal)]))
}

async fn floats_are_equal_exactly(db: &Client) -> Outcome {
    db.sample().create(NewSample {}).set(|sample| sample.float.to(0.1 + 0.2)).await?;
    let sum = db.sample().count().filter(|sample| sample.float.eq(0.1 + 0.2)).await?;
    let rounded = db.sample().count().filter(|sample| sample.float.eq(0.3)).await?;
    show([sum, rounded])
}

async fn json_is_equal_as_a_whole(db: &Client) -> Outcome {
    db.sample().create(NewSample {}).set(|sample| sample.json.to(json!({ "a": [1, { "b": null }] }))).await?;
    let equal = db.sample().count().filter(|sample| sample.json.eq(json!({ "a": [1, { "b": null }] }))).await?;
    let other = db.sample().count().filter(|sample| sample.json.eq(json!({ "a": [1, { "b": 0 }] }))).await?;
    let not = db.sample().count().filter(|sample| sample.json.ne(json!({ "a": 2 }))).await?;
    show([equal, other, not])
}

async fn numbers_of_json_at_the_top(db: &Client) -> Outcome {
    let values = [
        json!(1e21),
        json!(9_223_372_036_854_775_808_u64),
        json!(9_007_199_254_740_993_i64),
        json!(-9_223_372_036_854_775_808_i64),
        json!(0.1),
        json!(1e-7),
        json!(5e-324),
        json!(f64::MAX),
        json!(-123_456.789_012_345_67),
        json!(1e20),
        json!(1.0),
        json!(-0.0),
        json!(u64::MAX),
    ];
    let mut found = Vec::new();
    for value in values {
        db.sample().delete_many().await?;
        let row = NewSample {}.set(|sample| sample.json.to(value.clone()));
        let written = db.sample().create(row).await?;
        let rows = db.sample().find_many().filter(|sample| sample.json.eq(value.clone())).await?;
        let others = db.sample().count().filter(|sample| sample.json.ne(value.clone())).await?;
        found.push(json!([
            written.json == value,
            rows.iter().map(|row| row.json == value).collect::<Vec<_>>(),
            others
        ]));
    }
    show(found)
}

async fn json_is_compared_by_value(db: &Client) -> Outcome {
    for value in [json!(1), json!([1, 2.5]), json!({ "a": 1e21, "b": "1.0" })] {
        db.sample().create(NewSample {}.set(|sample| sample.json.to(value))).await?;
    }
    let mut counts = Vec::new();
    for value in [json!(1.0), json!([1, 2.5]), json!([1, 2]), json!({ "a": 1e21, "b": "1.0" }), json!("1")] {
        counts.push(db.sample().count().filter(|sample| sample.json.eq(value.clone())).await?);
    }
    show(counts)
}

async fn json_is_equal_in_any_order_of_members(db: &Client) -> Outcome {
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("it is JSON");
    let stored = [
        r#"{"tags":[1],"theme":"dark"}"#,
        r#"{"b":{"d":[{"z":1,"y":2}],"c":null},"a":"é"}"#,
        r#"{"10":0,"9":0,"x":{}}"#,
        r#"[{"k":1,"j":2},{"j":2,"k":1}]"#,
    ];
    for text in stored {
        db.sample().create(NewSample {}.set(|sample| sample.json.to(json(text)))).await?;
    }
    let mut counts = Vec::new();
    for text in [
        r#"{"theme":"dark","tags":[1]}"#,
        r#"{"a":"\u00e9","b":{"c":null,"d":[{"y":2,"z":1}]}}"#,
        r#"{"x":{},"9":0,"10":0}"#,
        r#"[{"j":2,"k":1},{"k":1,"j":2}]"#,
        r#"{"theme":"dark","tags":[1],"more":null}"#,
        r#"{"theme":"dark"}"#,
        r#"{"b":{"d":[{"y":1,"z":2}],"c":null},"a":"é"}"#,
        r#"[{"j":1,"k":2},{"k":1,"j":2}]"#,
    ] {
        let equal = db.sample().count().filter(|sample| sample.json.eq(json(text))).await?;
        let other = db.sample().count().filter(|sample| sample.json.ne(json(text))).await?;
        counts.push([equal, other]);
    }
    show(counts)
}
