//! Values that nobody gives.

use purlin::{DateTime, Decimal, New};
use purlin_tests::db::{
    Client, Generated, NewBigIntKey, NewEnumKey, NewGenerated, NewIntKey, NewLoneKey, NewPairKey, NewPost, NewTag,
    NewTextKey, NewUser, Role,
};
use purlin_tests::result::{big_int, bytes, date_time, decimal, refused, show};
use purlin_tests::{Outcome, cases};
use serde_json::{Value, json};

const DIGITS: &str = "0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// How a generated text is made: its length, and whether all its characters are of the alphabet.
fn form(text: &str, alphabet: &[&str]) -> Value {
    json!([text.len(), text.chars().all(|character| alphabet.iter().any(|part| part.contains(character)))])
}

/// A UUID's form: its length, the places of its dashes, its version and whether its variant is the usual one.
fn uuid(text: &str) -> Value {
    let dashes: Vec<_> = text.match_indices('-').map(|(place, _)| place).collect();
    let variant = text.chars().nth(19).is_some_and(|character| "89ab".contains(character));
    json!([text.len(), dashes, text.chars().nth(14), variant])
}

fn literals(row: &Generated) -> Value {
    json!({
        "string": row.string,
        "boolean": row.boolean,
        "int": row.int,
        "bigInt": big_int(row.big_int),
        "float": row.float,
        "decimal": decimal(&row.decimal),
        "dateTime": date_time(row.date_time),
        "json": row.json,
        "bytes": bytes(&row.bytes),
        "role": row.role,
    })
}

cases!(
    generated_text_has_its_form,
    generated_text_differs_from_row_to_row,
    literals_of_each_type,
    literals_in_many_rows,
    given_values_win,
    counted_keys_go_on_after_the_greatest,
    now_is_one_instant_for_a_whole_write,
    now_is_the_present,
    literals_of_keys,
    literals_of_keys_in_many_rows,
    keys_with_literals_that_are_given,
    identifiers_of_many_rows_ascend,
);

async fn generated_text_has_its_form(db: &Client) -> Outcome {
    let row = db.generated().create(NewGenerated {}).await?;
    let base32 = ["0123456789ABCDEFGHJKMNPQRSTVWXYZ"];
    show(json!({
        "uuid": uuid(&row.uuid),
        "uuidV7": uuid(&row.uuid_v7),
        "cuid": [form(&row.cuid, &[DIGITS, LOWER]), row.cuid.get(..1)],
        "cuid2": form(&row.cuid2, &[DIGITS, LOWER]),
        "ulid": form(&row.ulid, &base32),
        "nanoid": form(&row.nanoid, &[DIGITS, LOWER, UPPER, "_-"]),
        "short": form(&row.short, &[DIGITS, LOWER, UPPER, "_-"]),
    }))
}

async fn generated_text_differs_from_row_to_row(db: &Client) -> Outcome {
    let rows = ["one", "two", "three"].map(|name| NewTag { name: name.into() });
    db.tag().create_many(rows).await?;
    let mut rows = db.tag().find_many().filter(|tag| tag.name.is_in(["one", "two", "three"])).await?;
    rows.sort_by(|left, right| left.id.cmp(&right.id));
    rows.dedup_by(|left, right| left.id == right.id);
    show(rows.len())
}

async fn literals_of_each_type(db: &Client) -> Outcome {
    show(literals(&db.generated().create(NewGenerated {}).await?))
}

async fn literals_in_many_rows(db: &Client) -> Outcome {
    db.generated().create_many([New::from(NewGenerated {}), NewGenerated {}.set(|row| row.int.to(1))]).await?;
    let rows = db.generated().find_many().order_by(|row| row.id.asc()).await?;
    show(rows.iter().map(|row| json!([row.int, row.role, decimal(&row.decimal)])).collect::<Vec<_>>())
}

async fn given_values_win(db: &Client) -> Outcome {
    let instant: DateTime = "2001-01-01T00:00:00Z".parse().expect("an instant");
    let row = db
        .generated()
        .create(NewGenerated {})
        .set(|row| {
            [
                row.uuid.to("mine"),
                row.now.to(instant),
                row.string.to(""),
                row.boolean.to(false),
                row.int.to(0),
                row.big_int.to(0),
                row.float.to(0.0),
                row.decimal.to(Decimal::from(0)),
                row.date_time.to(instant),
                row.json.to(json!({})),
                row.bytes.to(vec![]),
                row.role.to(Role::Member),
            ]
        })
        .await?;
    show(json!([row.uuid, date_time(row.now), literals(&row)]))
}

async fn counted_keys_go_on_after_the_greatest(db: &Client) -> Outcome {
    let first = db.user().create(NewUser { email: "a@acme.io".into() }).await?;
    let given = db.user().create(NewUser { email: "b@acme.io".into() }).set(|user| user.id.to(100)).await?;
    let next = db.user().create(NewUser { email: "c@acme.io".into() }).await?;
    db.user().delete(|user| user.id.eq(next.id)).await?;
    let after = db.user().create(NewUser { email: "d@acme.io".into() }).await?;
    show([first.id, given.id, next.id, after.id])
}

async fn now_is_one_instant_for_a_whole_write(db: &Client) -> Outcome {
    let post = |title: &str| NewPost { title: title.into() };
    let author = db
        .user()
        .create(NewUser { email: "new@acme.io".into() })
        .set(|user| [user.posts.create(post("One")), user.posts.create(post("Two"))])
        .await?;
    let posts = db.post().find_many().filter(|post| post.author_id.eq(author.id)).await?;
    let first = posts.first().map(|post| post.created_at);
    show(
        posts
            .iter()
            .map(|post| Some(post.created_at) == first && post.updated_at == post.created_at)
            .collect::<Vec<_>>(),
    )
}

async fn now_is_the_present(db: &Client) -> Outcome {
    let now = || DateTime::from(std::time::SystemTime::now());
    // The database keeps milliseconds.
    let second = std::time::Duration::from_secs(1);
    let before = now() - second;
    let row = db.generated().create(NewGenerated {}).await?;
    show(before <= row.now && row.now <= now() + second)
}

async fn literals_of_keys(db: &Client) -> Outcome {
    show(json!([
        db.int_key().create(NewIntKey {}).await?.id,
        big_int(db.big_int_key().create(NewBigIntKey {}).await?.id),
        db.text_key().create(NewTextKey {}).await?.id,
        db.enum_key().create(NewEnumKey {}).await?.id,
        db.pair_key().create(NewPairKey {}).await.map(|key| (key.row, key.number))?,
        db.lone_key().create(NewLoneKey {}).await?.id,
        refused(db.int_key().create(NewIntKey {}).await),
    ]))
}

async fn literals_of_keys_in_many_rows(db: &Client) -> Outcome {
    let given = NewIntKey {}.set(|key| [key.id.to(1), key.note.to("given")]);
    let created = db.int_key().create_many([given, NewIntKey {}.set(|key| key.note.to("left out"))]).await?;
    let rows = db.int_key().find_many().order_by(|key| key.id.asc()).await?;
    let pairs = [NewPairKey {}.set(|key| key.row.to(1)), NewPairKey {}.set(|key| key.number.to(1))];
    db.pair_key().create_many(pairs).await?;
    let pairs = db.pair_key().find_many().order_by(|key| key.row.asc()).await?;
    show(json!([
        created,
        rows.iter().map(|row| json!([row.id, row.note])).collect::<Vec<_>>(),
        pairs.iter().map(|row| (row.row, row.number)).collect::<Vec<_>>(),
    ]))
}

async fn keys_with_literals_that_are_given(db: &Client) -> Outcome {
    let first = db.int_key().create(NewIntKey {}.set(|key| key.id.to(100))).await?;
    let second = db.int_key().create(NewIntKey {}).await?;
    show([first.id, second.id])
}

async fn identifiers_of_many_rows_ascend(db: &Client) -> Outcome {
    let rows = (0..300).map(|number| match number % 3 {
        0 => New::from(NewGenerated {}),
        1 => NewGenerated {}.set(|row| row.int.to(1)),
        _ => NewGenerated {}.set(|row| [row.float.to(1.5), row.boolean.to(false)]),
    });
    db.generated().create_many(rows).await?;
    let rows = db.generated().find_many().order_by(|row| row.id.asc()).await?;
    let ascends = |column: fn(&Generated) -> &str| rows.iter().map(column).is_sorted_by(|one, next| one < next);
    show(json!([
        rows.len(),
        ascends(|row| &row.ulid),
        ascends(|row| &row.uuid_v7),
        ascends(|row| &row.cuid),
        rows.iter().take(6).map(|row| json!([row.int, row.float])).collect::<Vec<_>>(),
    ]))
}
