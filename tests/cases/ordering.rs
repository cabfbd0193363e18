//! Sort keys.

use purlin::Orders;
use purlin_tests::db::{Client, Post, PostFields, User, UserFields};
use purlin_tests::result::show;
use purlin_tests::{Outcome, cases};

async fn users<O: Orders<User>>(db: &Client, order: impl FnOnce(UserFields) -> O) -> Outcome {
    let rows = db.user().find_many().order_by(order).await?;
    show(rows.iter().map(|user| user.id).collect::<Vec<_>>())
}

async fn posts<O: Orders<Post>>(db: &Client, order: impl FnOnce(PostFields) -> O) -> Outcome {
    let rows = db.post().find_many().order_by(order).await?;
    show(rows.iter().map(|post| post.id).collect::<Vec<_>>())
}

cases!(
    by_one_column,
    by_several_columns,
    text_by_code_point_with_nulls_first,
    nulls_last,
    nulls_first,
    nulls_last_descending,
    instants,
    by_a_related_row,
    by_a_related_row_two_levels_up,
    by_the_number_of_related_rows,
    by_the_number_of_related_rows_many_to_many,
    by_the_number_of_rows_of_a_related_row,
);

async fn by_one_column(db: &Client) -> Outcome {
    users(db, |user| user.email.desc()).await
}

async fn by_several_columns(db: &Client) -> Outcome {
    users(db, |user| [user.visits.desc(), user.id.desc()]).await
}

async fn text_by_code_point_with_nulls_first(db: &Client) -> Outcome {
    users(db, |user| user.name.asc()).await
}

async fn nulls_last(db: &Client) -> Outcome {
    users(db, |user| [user.score.asc().nulls_last(), user.id.asc()]).await
}

async fn nulls_first(db: &Client) -> Outcome {
    users(db, |user| [user.score.desc().nulls_first(), user.id.asc()]).await
}

async fn nulls_last_descending(db: &Client) -> Outcome {
    users(db, |user| [user.score.desc(), user.id.asc()]).await
}

async fn instants(db: &Client) -> Outcome {
    posts(db, |post| [post.published_at.desc(), post.id.asc()]).await
}

async fn by_a_related_row(db: &Client) -> Outcome {
    posts(db, |post| [post.author.by(|author| author.name.desc()), post.id.asc()]).await
}

async fn by_a_related_row_two_levels_up(db: &Client) -> Outcome {
    posts(db, |post| {
        [post.author.by(|author| author.manager.by(|manager| manager.name.desc().nulls_last())), post.id.desc()]
    })
    .await
}

async fn by_the_number_of_related_rows(db: &Client) -> Outcome {
    users(db, |user| [user.posts.count().desc(), user.id.asc()]).await
}

async fn by_the_number_of_related_rows_many_to_many(db: &Client) -> Outcome {
    posts(db, |post| [post.tags.count().asc(), post.id.desc()]).await
}

async fn by_the_number_of_rows_of_a_related_row(db: &Client) -> Outcome {
    posts(db, |post| [post.author.by(|author| author.comments.count().desc()), post.id.asc()]).await
}
