//! Parts of a list: `take` and `skip`, of the rows of a query and of the related rows of each row.

use purlin::Select;
use purlin_tests::db::{Client, Post, Tag, User};
use purlin_tests::result::show;
use purlin_tests::{Outcome, cases};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize, Select)]
#[select(User)]
struct Author {
    id: i32,
    #[select(order_by(|post| post.id.asc()))]
    posts: Vec<PostId>,
}

#[derive(Serialize, Select)]
#[select(Post)]
struct PostId {
    id: i32,
}

#[derive(Serialize, Select)]
#[select(Tag)]
struct Topic {
    name: String,
    #[select(order_by(|post| [post.views.desc(), post.id.asc()]).take(1))]
    posts: Vec<PostId>,
}

fn ids(rows: &[User]) -> Vec<i32> {
    rows.iter().map(|user| user.id).collect()
}

cases!(
    take,
    take_nothing,
    take_more_than_there_is,
    skip,
    skip_all,
    skip_and_take,
    the_last_in_the_order_asked_for,
    the_last_by_key_when_no_order_is_asked_for,
    skip_counts_from_the_end_with_the_last,
    the_first_after_some,
    count_within_bounds,
    take_of_each_row,
    the_last_of_each_row,
    skip_of_each_row,
    take_of_each_row_many_to_many,
);

async fn take(db: &Client) -> Outcome {
    show(ids(&db.user().find_many().order_by(|user| user.id.asc()).take(2).await?))
}

async fn take_nothing(db: &Client) -> Outcome {
    show(ids(&db.user().find_many().take(0).await?))
}

async fn take_more_than_there_is(db: &Client) -> Outcome {
    show(ids(&db.user().find_many().order_by(|user| user.id.asc()).take(99).await?))
}

async fn skip(db: &Client) -> Outcome {
    show(ids(&db.user().find_many().order_by(|user| user.id.asc()).skip(3).await?))
}

async fn skip_all(db: &Client) -> Outcome {
    show(ids(&db.user().find_many().skip(5).await?))
}

async fn skip_and_take(db: &Client) -> Outcome {
    show(ids(&db.user().find_many().order_by(|user| user.id.desc()).skip(1).take(2).await?))
}

async fn the_last_in_the_order_asked_for(db: &Client) -> Outcome {
    show(ids(&db.user().find_many().order_by(|user| [user.visits.desc(), user.id.asc()]).last(3).await?))
}

async fn the_last_by_key_when_no_order_is_asked_for(db: &Client) -> Outcome {
    show(ids(&db.user().find_many().last(2).await?))
}

async fn skip_counts_from_the_end_with_the_last(db: &Client) -> Outcome {
    show(ids(&db.user().find_many().order_by(|user| user.id.asc()).last(2).skip(1).await?))
}

async fn the_first_after_some(db: &Client) -> Outcome {
    let second = db.user().find_first().order_by(|user| user.id.desc()).skip(1).await?;
    let none = db.user().find_first().filter(|user| user.visits.gt(1000)).await?;
    show(json!([second.map(|user| user.id), none.map(|user| user.id)]))
}

async fn count_within_bounds(db: &Client) -> Outcome {
    let all = db.user().count().await?;
    let some = db.user().count().filter(|user| user.visits.gt(0)).await?;
    let skipped = db.user().count().skip(2).await?;
    let taken = db.user().count().skip(2).take(1).await?;
    show([all, some, skipped, taken])
}

async fn take_of_each_row(db: &Client) -> Outcome {
    show(
        db.user()
            .find_many()
            .order_by(|user| user.id.asc())
            .select::<Author>()
            .with(|author| author.posts.order_by(|post| post.id.desc()).take(1))
            .await?,
    )
}

async fn the_last_of_each_row(db: &Client) -> Outcome {
    show(
        db.user()
            .find_many()
            .filter(|user| user.posts.some(|post| post.id.gt(0)))
            .order_by(|user| user.id.asc())
            .select::<Author>()
            .with(|author| author.posts.last(1))
            .await?,
    )
}

async fn skip_of_each_row(db: &Client) -> Outcome {
    show(
        db.user()
            .find_many()
            .order_by(|user| user.id.asc())
            .take(3)
            .select::<Author>()
            .with(|author| author.posts.skip(1))
            .await?,
    )
}

async fn take_of_each_row_many_to_many(db: &Client) -> Outcome {
    show(db.tag().find_many().order_by(|tag| tag.name.asc()).select::<Topic>().await?)
}
