//! Every scalar type is exact both ways: at the top, inside includes, in filters, and as JSON.

mod blog;

use blog::db::{NewSample, Role, Sample};
use blog::{Scratch, block_on};
use purlin::{DateTime, Decimal, Error, Json, New, Select};
use serde_json::json;

type Result<T = ()> = std::result::Result<T, Error>;

fn instant(micros: i64) -> DateTime {
    DateTime::from_timestamp_micros(micros).expect("in the range of dates")
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

/// Values at the edges of each type.
fn edges() -> [NewSample; 3] {
    let plain = NewSample {
        string: "Ünïcödé 🦀 '\"\\".into(),
        boolean: true,
        int: i32::MAX,
        big_int: i64::MAX,
        float: 0.1 + 0.2,
        decimal: decimal("12345678901234567890.123456789"),
        date_time: instant(1_700_000_000_123_000),
        json: json!({ "a": [1, 2.5, null, "x"], "__proto__": { "deep": true } }),
        bytes: (0..=255).collect(),
        role: Role::PowerUser,
    };
    let low = NewSample {
        string: String::new(),
        boolean: false,
        int: i32::MIN,
        big_int: i64::MIN,
        float: f64::MIN_POSITIVE,
        decimal: decimal("-0.000000000000000000001"),
        date_time: instant(-62_135_596_800_000_000),
        json: Json::Null,
        bytes: vec![],
        role: Role::Admin,
    };
    let middle = NewSample {
        int: 0,
        big_int: 9_007_199_254_740_993,
        float: -1e300,
        decimal: decimal("100"),
        date_time: instant(253_402_300_799_999_000),
        json: json!("text"),
        role: Role::Member,
        ..plain.clone()
    };
    [plain, low, middle]
}

/// The sample with the same values in the nullable columns.
fn full(new: NewSample) -> New<Sample> {
    let NewSample { string, boolean, int, big_int, float, decimal, date_time, json, bytes, role } = new.clone();
    New::from(new).set(|sample| {
        [
            sample.optional_string.to(string),
            sample.optional_boolean.to(boolean),
            sample.optional_int.to(int),
            sample.optional_big_int.to(big_int),
            sample.optional_float.to(float),
            sample.optional_decimal.to(decimal),
            sample.optional_date_time.to(date_time),
            sample.optional_json.to(json),
            sample.optional_bytes.to(bytes),
            sample.optional_role.to(role),
        ]
    })
}

fn assert_same(row: &Sample, new: &NewSample, optional: bool) {
    let required = NewSample {
        string: row.string.clone(),
        boolean: row.boolean,
        int: row.int,
        big_int: row.big_int,
        float: row.float,
        decimal: row.decimal.clone(),
        date_time: row.date_time,
        json: row.json.clone(),
        bytes: row.bytes.clone(),
        role: row.role,
    };
    assert_eq!(required, *new);
    let expected = optional.then(|| new.clone());
    let nullable = || {
        Some(NewSample {
            string: row.optional_string.clone()?,
            boolean: row.optional_boolean?,
            int: row.optional_int?,
            big_int: row.optional_big_int?,
            float: row.optional_float?,
            decimal: row.optional_decimal.clone()?,
            date_time: row.optional_date_time?,
            json: row.optional_json.clone()?,
            bytes: row.optional_bytes.clone()?,
            role: row.optional_role?,
        })
    };
    assert_eq!(nullable(), expected);
}

#[test]
fn values_come_back_as_they_went() -> Result {
    block_on(async {
        let db = Scratch::new();
        for new in edges() {
            assert_same(&db.sample().create(new.clone()).await?, &new, false);
            assert_same(&db.sample().create(full(new.clone())).await?, &new, true);
        }
        let many = db.sample().create_many(edges().map(full)).await?;
        assert_eq!(many, 3);
        let rows = db.sample().find_many().order_by(|sample| sample.id.desc()).take(3).await?;
        for (row, new) in rows.iter().rev().zip(edges()) {
            assert_same(row, &new, true);
        }
        Ok(())
    })
}

#[test]
fn values_are_exact_inside_includes() -> Result {
    #[derive(Debug, Select)]
    #[select(Sample)]
    struct Family {
        id: i32,
        #[select(order_by(|sample| sample.id.asc()))]
        children: Vec<Sample>,
    }
    #[derive(Debug, Select)]
    #[select(Sample)]
    struct Child {
        parent: Option<Sample>,
    }

    block_on(async {
        let db = Scratch::new();
        let [first, second, third] = edges();
        let children = [second.clone(), third.clone()].map(full);
        let parent = full(first.clone());
        let family = db
            .sample()
            .create(parent)
            .set(|sample| children.map(|child| sample.children.create(child)))
            .select::<Family>()
            .await?;
        for (child, new) in family.children.iter().zip([&second, &third]) {
            assert_same(child, new, true);
        }
        assert_eq!(family.children.len(), 2);
        let children =
            db.sample().find_many().filter(|sample| sample.parent_id.eq(family.id)).select::<Child>().await?;
        assert_eq!(children.len(), 2);
        for child in children {
            assert_same(&child.parent.expect("each has a parent"), &first, true);
        }
        Ok(())
    })
}

#[test]
fn filters_take_every_type() -> Result {
    block_on(async {
        let db = Scratch::new();
        db.sample().create_many(edges().map(full)).await?;
        let first = edges()[0].clone();
        let found = db
            .sample()
            .find_many()
            .filter(|sample| {
                sample.string.eq(&first.string)
                    & sample.boolean.eq(true)
                    & sample.int.gte(i32::MAX)
                    & sample.big_int.gt(9_007_199_254_740_993_i64)
                    & sample.float.eq(0.1 + 0.2)
                    & sample.decimal.eq(&first.decimal)
                    & sample.date_time.is_in([first.date_time])
                    & sample.bytes.eq(first.bytes.as_slice())
                    & sample.role.eq(Role::PowerUser)
                    & sample.optional_decimal.gt(12_345_678_901_234_567_i64)
                    & sample.optional_json.is_not_null()
            })
            .await?;
        assert_eq!(found.len(), 1);
        let not_finite = db.sample().count().filter(|sample| sample.float.eq(f64::NAN)).await;
        assert!(not_finite.is_err_and(|error| error.is_invalid()));
        let absurd = db.sample().count().filter(|sample| sample.decimal.eq(decimal("1e999999999"))).await;
        assert!(absurd.is_err_and(|error| error.is_invalid()));
        Ok(())
    })
}

#[test]
fn rows_serialize_as_the_typescript_client_gives_them() -> Result {
    block_on(async {
        let db = Scratch::new();
        let [new, ..] = edges();
        let row = db.sample().create(New::from(new).set(|sample| sample.optional_big_int.to(1))).await?;
        let expected = json!({
            "id": 1,
            "string": "Ünïcödé 🦀 '\"\\",
            "boolean": true,
            "int": 2_147_483_647,
            "bigInt": "9223372036854775807",
            "float": 0.1 + 0.2,
            "decimal": "12345678901234567890.123456789",
            "dateTime": "2023-11-14T22:13:20.123Z",
            "json": { "a": [1, 2.5, null, "x"], "__proto__": { "deep": true } },
            "bytes": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElK\
                      S0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlp\
                      eYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj\
                      5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w==",
            "role": "POWER_USER",
            "optionalString": null,
            "optionalBoolean": null,
            "optionalInt": null,
            "optionalBigInt": "1",
            "optionalFloat": null,
            "optionalDecimal": null,
            "optionalDateTime": null,
            "optionalJson": null,
            "optionalBytes": null,
            "optionalRole": null,
            "parentId": null,
        });
        assert_eq!(serde_json::to_value(&row).expect("a row is JSON"), expected);
        assert_eq!(serde_json::from_str::<Role>("\"MEMBER\"").ok(), Some(Role::Member));
        let unknown = serde_json::from_str::<Role>("\"Member\"").expect_err("names are the schema's");
        assert!(unknown.to_string().starts_with("`Member` is not one of ADMIN, MEMBER, POWER_USER"), "{unknown}");
        Ok(())
    })
}

/// The columns that a derived `Serialize` writes in another form than a default row.
#[derive(Debug, PartialEq, Select, serde::Serialize, serde::Deserialize)]
#[select(Sample)]
#[serde(rename_all = "camelCase")]
struct Wide {
    #[serde(with = "purlin::json")]
    big_int: i64,
    #[serde(with = "purlin::json")]
    decimal: Decimal,
    #[serde(with = "purlin::json")]
    date_time: DateTime,
    #[serde(with = "purlin::json")]
    bytes: Vec<u8>,
    #[serde(with = "purlin::json")]
    json: Json,
    #[serde(with = "purlin::json")]
    float: f64,
    role: Role,
    #[serde(with = "purlin::json", default)]
    optional_big_int: Option<i64>,
    #[serde(with = "purlin::json", default)]
    optional_decimal: Option<Decimal>,
    #[serde(with = "purlin::json", default)]
    optional_date_time: Option<DateTime>,
    #[serde(with = "purlin::json", default)]
    optional_bytes: Option<Vec<u8>>,
}

#[test]
fn a_fragment_serializes_as_the_columns_of_a_default_row() -> Result {
    block_on(async {
        let db = Scratch::new();
        for new in edges() {
            let row = db
                .sample()
                .create(
                    New::from(new).set(|sample| [sample.optional_big_int.to(i64::MIN), sample.optional_bytes.to(b"a")]),
                )
                .await?;
            let fragment =
                db.sample().find_unique(|sample| sample.id.eq(row.id)).select::<Wide>().or_not_found().await?;
            let row = serde_json::to_value(&row).expect("a row is JSON");
            let written = serde_json::to_value(&fragment).expect("a fragment is JSON");
            let columns = written.as_object().expect("an object");
            assert_eq!(columns.len(), 11);
            for (name, value) in columns {
                assert_eq!(value, &row[name], "{name}");
            }
            // What is written is read again, but for what milliseconds lose.
            let read: Wide = serde_json::from_value(written).expect("the form is read too");
            let date_time = DateTime::from_timestamp_millis(fragment.date_time.timestamp_millis()).expect("a date");
            assert_eq!(read, Wide { date_time, ..fragment });
        }
        Ok(())
    })
}

#[test]
fn money_of_a_request_is_stored_as_it_was_written() -> Result {
    #[derive(serde::Deserialize)]
    struct Body {
        #[serde(deserialize_with = "purlin::json::deserialize")]
        price: Decimal,
    }
    block_on(async {
        let db = Scratch::new();
        for body in [r#"{ "price": 0.1 }"#, r#"{ "price": "0.1" }"#, r#"{ "price": "0.10" }"#] {
            let [new, ..] = edges();
            let Body { price } = serde_json::from_str(body).expect("a price");
            let row = db.sample().create(NewSample { decimal: price, ..new }).await?;
            assert_eq!(row.decimal.to_string(), "0.1", "{body}");
        }
        Ok(())
    })
}

#[test]
fn stored_json_that_cannot_be_read_says_why_and_stays() -> Result {
    block_on(async {
        let db = Scratch::new();
        let client: &purlin::Db = db.as_ref();
        let [new, ..] = edges();
        db.sample().create(new).await?;
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        for (stored, found) in [
            ("oops {", "text that is not JSON"),
            (&*deep, "JSON that nests deeper than 127 levels"),
            ("[1e999]", "JSON with a number beyond those of 64-bit floats"),
            (r#""\ud800""#, "JSON with half of a surrogate pair"),
        ] {
            client.execute_script(&format!(r#"UPDATE "Sample" SET "json" = '{stored}', "int" = 1"#))?;
            let expected = format!("`Sample.json` is Json in the schema, but the database holds {found} there");
            let read = db.sample().find_first().await.map(drop);
            let updated = db.sample().update(|sample| sample.id.eq(1)).set(|sample| sample.int.to(5)).await.map(drop);
            let deleted = db.sample().delete(|sample| sample.id.eq(1)).await.map(drop);
            for (title, result) in [("read", read), ("update", updated), ("delete", deleted)] {
                let error = result.expect_err(title);
                assert_eq!((error.code(), error.to_string()), (Some("P2023"), expected.clone()), "{title}");
            }
            assert_eq!(db.sample().count().filter(|sample| sample.int.eq(1)).await?, 1, "{found}");
        }
        Ok(())
    })
}
