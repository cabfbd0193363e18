//! Transactions that cannot go on: those that wait for themselves, and those that the database has ended.

mod blog;

use std::future::{Future, IntoFuture};
use std::sync::mpsc::channel;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use blog::db::{NewTag, NewUser};
use blog::{Scratch, block_on};
use purlin::Error;

type Result<T = ()> = std::result::Result<T, Error>;

#[test]
fn a_write_of_the_client_inside_its_own_transaction_is_told_so_at_once() {
    block_on(async {
        let db = Scratch::new();
        let began = Instant::now();
        let result: Result = db
            .transaction(async |tx| {
                tx.tag().create(NewTag { name: "inside".into() }).await?;
                db.tag().create(NewTag { name: "outside".into() }).await?;
                Ok(())
            })
            .await;
        let error = result.expect_err("it would wait for itself");
        assert!(error.is_invalid(), "{error}");
        assert!(error.to_string().contains("use the client that the closure"), "the remedy: {error}");
        assert!(began.elapsed() < Duration::from_secs(2), "it did not wait for the timeout");
        assert_eq!(db.tag().count().await.expect("it counts"), 0);
    });
}

#[test]
fn a_transaction_inside_another_is_told_so_at_once() {
    block_on(async {
        let db = Scratch::new();
        let result: Result = db.transaction(async |_| db.transaction(async |_| Ok(())).await).await;
        assert!(result.expect_err("it would wait for itself").is_invalid());
        let result: Result = db.transaction(async |tx| tx.transaction(async |_| Ok(())).await).await;
        assert!(result.expect_err("there is one already").is_invalid());
    });
}

#[test]
fn reads_of_the_client_and_other_databases_are_free_inside_a_transaction() {
    block_on(async {
        let (db, other) = (Scratch::new(), Scratch::new());
        db.transaction(async |tx| {
            tx.tag().create(NewTag { name: "inside".into() }).await?;
            assert_eq!(db.tag().count().await?, 0, "the snapshot before");
            other.tag().create(NewTag { name: "elsewhere".into() }).await?;
            other.transaction(async |tx| tx.tag().create(NewTag { name: "nested".into() }).await.map(drop)).await
        })
        .await
        .expect("nothing waits for itself");
        db.tag().create(NewTag { name: "after".into() }).await.expect("the transaction is over");
        assert_eq!(db.tag().count().await.expect("it counts"), 2);
        assert_eq!(other.tag().count().await.expect("it counts"), 2);
    });
}

#[test]
fn a_close_or_a_script_inside_a_transaction_is_told_so_at_once() {
    block_on(async {
        let db = Scratch::new();
        let began = Instant::now();
        db.transaction(async |tx| {
            let error = db.as_ref().close().await.expect_err("it would wait for itself");
            assert!(error.to_string().contains("use the client that the closure"), "the remedy: {error}");
            let error = db.as_ref().execute_script("SELECT 1").await.expect_err("it would wait for itself");
            assert!(error.is_invalid(), "{error}");
            tx.tag().create(NewTag { name: "inside".into() }).await.map(drop)
        })
        .await
        .expect("nothing waits for itself");
        assert!(began.elapsed() < Duration::from_secs(2), "it did not wait for the timeout");
        db.as_ref().close().await.expect("the transaction is over");
        assert_eq!(db.tag().count().await.expect("it counts"), 1);
    });
}

#[test]
fn a_close_is_over_when_the_transaction_is_and_the_file_is_free() {
    let db = Scratch::new();
    let (begun, has_begun) = channel();
    let (go, may_go) = channel::<()>();
    std::thread::scope(|scope| {
        let db = &db;
        let transaction = scope.spawn(move || {
            block_on(db.transaction(async |tx| {
                tx.tag().create(NewTag { name: "one".into() }).await?;
                begun.send(()).expect("the test waits");
                may_go.recv().expect("the test goes on");
                tx.tag().create(NewTag { name: "two".into() }).await.map(drop)
            }))
        });
        has_begun.recv().expect("it begins");
        let mut closes: Vec<_> = (0..3).map(|_| Box::pin(db.as_ref().close())).collect();
        for close in &mut closes {
            let polled = close.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending(), "the transaction is not over");
        }
        assert!(db.has_log());
        go.send(()).expect("the transaction waits");
        for close in closes {
            block_on(close).expect("nothing is lost");
            assert!(!db.has_log(), "the file is free");
        }
        transaction.join().expect("it does not panic").expect("nothing has stopped it");
    });
    assert_eq!(block_on(db.tag().count().into_future()).expect("it counts"), 2);
}

#[test]
fn a_read_of_a_database_in_memory_inside_its_transaction_is_told_so_at_once() {
    block_on(async {
        let file = Scratch::new();
        let db = blog::db::Client::open("file::memory:").expect("a URL");
        db.as_ref().execute_script(r#"CREATE TABLE "Tag" (id INTEGER PRIMARY KEY, name TEXT)"#).await.expect("a table");
        let began = Instant::now();
        db.transaction(async |tx| {
            let error = db.tag().count().await.expect_err("it would wait for itself");
            assert!(error.is_invalid(), "{error}");
            assert_eq!(file.tag().count().await?, 0, "another database");
            tx.tag().count().await.map(drop)
        })
        .await
        .expect("nothing waits for itself");
        assert!(began.elapsed() < Duration::from_secs(2), "it did not wait for the timeout");
    });
}

#[test]
fn what_follows_a_rollback_of_the_database_has_no_effect() {
    block_on(async {
        let db = Scratch::new();
        let trigger =
            r#"CREATE TRIGGER t BEFORE INSERT ON "Tag" WHEN NEW.name = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'no'); END"#;
        db.as_ref().execute_script(trigger).await.expect("a trigger");
        let result: Result = db
            .transaction(async |tx| {
                tx.user().create(NewUser { email: "ada@acme.io".into() }).await?;
                tx.tag().create(NewTag { name: "bad".into() }).await.expect_err("the trigger refuses it");
                // A program that goes on all the same.
                let error = tx.tag().create(NewTag { name: "good".into() }).await.map(drop).expect_err("it is over");
                assert!(error.is_transaction_closed(), "{error}");
                Ok(())
            })
            .await;
        let error = result.expect_err("there is nothing to commit");
        assert!(error.is_transaction_closed(), "{error}");
        assert_eq!(db.user().count().await.expect("it counts"), 0);
        assert_eq!(db.tag().count().await.expect("it counts"), 0);
    });
}
