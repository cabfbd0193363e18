//! Several queries as one.

use std::time::Duration;

use futures_util::join;
use purlin::{Error, TransactionOptions};
use purlin_tests::db::{Client, NewTag, NewUser};
use purlin_tests::result::{code, refused, show};
use purlin_tests::{Outcome, cases};
use serde_json::json;

/// What the application's own code reports when it gives up.
#[derive(Debug)]
enum Failure {
    OutOfStock,
    Database(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

fn tag(name: &str) -> NewTag {
    NewTag { name: name.into() }
}

fn user(email: &str) -> NewUser {
    NewUser { email: email.into() }
}

cases!(
    commits_when_the_work_succeeds,
    rolls_back_when_the_work_fails_and_gives_its_error,
    rolls_back_when_a_query_fails,
    sees_its_own_writes_and_nobody_else_does,
    reads_the_state_of_its_own_writes_by_key,
    queries_begun_together_run_one_after_the_other,
    a_failed_query_can_be_survived,
    ends_by_its_timeout,
    is_closed_after_its_end,
    several_writes_fail_together;
    only on SQLite:
    // PostgreSQL runs transactions side by side.
    increments_side_by_side_all_count,
    waits_for_its_turn_no_longer_than_allowed,
);

async fn commits_when_the_work_succeeds(db: &Client) -> Outcome {
    let given = db
        .transaction(async |tx| {
            let first = tx.user().create(user("new@acme.io")).await?;
            tx.user().update(|user| user.id.eq(1)).set(|row| row.manager_id.to(first.id)).await?;
            Ok::<_, Error>(first.email)
        })
        .await?;
    let manager = db.user().find_unique(|user| user.id.eq(1)).or_not_found().await?.manager_id;
    show(json!([given, manager]))
}

async fn rolls_back_when_the_work_fails_and_gives_its_error(db: &Client) -> Outcome {
    let result: Result<(), Failure> = db
        .transaction(async |tx| {
            tx.tag().delete_many().await?;
            Err(Failure::OutOfStock)
        })
        .await;
    let error = match result {
        Err(Failure::OutOfStock) => "out of stock".to_owned(),
        Err(Failure::Database(error)) => error.to_string(),
        Ok(()) => "none".to_owned(),
    };
    show(json!([error, db.tag().count().await?]))
}

async fn rolls_back_when_a_query_fails(db: &Client) -> Outcome {
    let result = db
        .transaction(async |tx| {
            tx.tag().create(tag("fresh")).await?;
            tx.tag().create(tag("rust")).await?;
            Ok::<_, Error>(())
        })
        .await;
    show(json!([refused(result), db.tag().count().await?]))
}

async fn sees_its_own_writes_and_nobody_else_does(db: &Client) -> Outcome {
    let counts = db
        .transaction(async |tx| {
            tx.tag().create(tag("fresh")).await?;
            Ok::<_, Error>([tx.tag().count().await?, db.tag().count().await?])
        })
        .await?;
    show(json!([counts, db.tag().count().await?]))
}

async fn reads_the_state_of_its_own_writes_by_key(db: &Client) -> Outcome {
    let names = db
        .transaction(async |tx| {
            tx.user().update(|user| user.id.eq(1)).set(|user| user.name.to("Changed")).await?;
            let inside = tx.user().find_unique(|user| user.id.eq(1)).or_not_found().await?.name;
            let outside = db.user().find_unique(|user| user.id.eq(1)).or_not_found().await?.name;
            Ok::<_, Error>([inside, outside])
        })
        .await?;
    show(names)
}

async fn queries_begun_together_run_one_after_the_other(db: &Client) -> Outcome {
    let results = db
        .transaction(async |tx| {
            let (create, update, count) = join!(
                tx.tag().create(tag("fresh")).into_future(),
                tx.tag().update(|tag| tag.name.eq("rust")).set(|tag| tag.name.to("crab")).into_future(),
                tx.tag().count().into_future(),
            );
            Ok::<_, Error>(json!([create?.name, update?.name, count?]))
        })
        .await?;
    show(results)
}

async fn a_failed_query_can_be_survived(db: &Client) -> Outcome {
    let refusal = db
        .transaction(async |tx| {
            tx.tag().create(tag("before")).await?;
            let refusal = refused(tx.tag().create(tag("rust")).await);
            tx.tag().create(tag("after")).await?;
            Ok::<_, Error>(refusal)
        })
        .await?;
    let kept = db.tag().count().filter(|tag| tag.name.is_in(["before", "after"])).await?;
    show(json!([refusal, kept]))
}

async fn ends_by_its_timeout(db: &Client) -> Outcome {
    let options = TransactionOptions { timeout: Duration::from_millis(50), ..TransactionOptions::default() };
    let result = db
        .transaction_with(options, async |tx| {
            tx.tag().create(tag("fresh")).await?;
            std::thread::sleep(Duration::from_millis(300));
            tx.tag().create(tag("late")).await?;
            Ok::<_, Error>(())
        })
        .await;
    show(json!([code(result), db.tag().count().await?]))
}

async fn waits_for_its_turn_no_longer_than_allowed(db: &Client) -> Outcome {
    let options = TransactionOptions { max_wait: Duration::from_millis(50), ..TransactionOptions::default() };
    let result = db
        .transaction(async |_| {
            // On a thread of its own, for inside the first it would be refused at once.
            let other = db.clone();
            let second = std::thread::spawn(move || {
                futures_executor::block_on(
                    other.transaction_with(options, async |tx| tx.tag().create(tag("fresh")).await),
                )
            });
            Ok::<_, Error>(code(second.join().expect("it is refused")))
        })
        .await?;
    show(json!([result, db.tag().count().await?]))
}

async fn is_closed_after_its_end(db: &Client) -> Outcome {
    let leaked = db.transaction(async |tx| Ok::<_, Error>(tx.clone())).await?;
    let late = leaked.tag().create(tag("late")).await;
    show(json!([code(late), db.tag().count().await?]))
}

async fn several_writes_fail_together(db: &Client) -> Outcome {
    let result = db
        .transaction(async |tx| {
            tx.user().update_many().set(|user| user.visits.to(0)).await?;
            tx.post().create(purlin_tests::db::NewPost { title: "New".into() }).set(|post| post.author_id.to(99)).await
        })
        .await;
    let visits = db.user().find_unique(|user| user.id.eq(1)).or_not_found().await?.visits;
    show(json!([refused(result), visits]))
}

async fn increments_side_by_side_all_count(db: &Client) -> Outcome {
    let add = || async {
        db.transaction(async |tx| {
            let user = tx.user().find_unique(|user| user.id.eq(1)).or_not_found().await?;
            tx.user().update(|user| user.id.eq(1)).set(|row| row.visits.to(user.visits + 1)).await?;
            Ok::<_, Error>(())
        })
        .await
    };
    let (first, second, third) = join!(add(), add(), add());
    first?;
    second?;
    third?;
    show(db.user().find_unique(|user| user.id.eq(1)).or_not_found().await?.visits)
}
