//! The code of docs/rust.md about opening, writing and errors: it compiles, it does what the page says, and the page has it.

mod blog;

use blog::{Scratch, block_on, db};

use db::{Client, NewPost, NewTag, NewUser, User};
use purlin::{Error, Meta};

fn open() -> Result<Client, Box<dyn std::error::Error>> {
    dotenvy::dotenv().ok(); // a server has no .env, and sets the variables of the process
    let db = Client::open(&std::env::var("DATABASE_URL")?)?;
    Ok(db)
}

async fn write(db: &Client, titles: &[&str]) -> Result<(), Error> {
    let ada = db
        .user()
        .create(NewUser { email: "ada@acme.io".into() })
        .set(|user| [user.name.to("Ada"), user.visits.to(1)])
        .set(|user| titles.iter().map(move |title| user.posts.create(NewPost { title: (*title).into() })))
        .await?;

    let post = db
        .post()
        .create(NewPost { title: "Notes".into() })
        .set(|post| post.author.connect(|user| user.id.eq(ada.id)))
        .set(|post| post.tags.create(NewTag { name: "rust".into() }))
        .await?;

    let emails = ["bob@acme.io", "cleo@acme.io"];
    let count: u64 = db.user().create_many(emails.map(|email| NewUser { email: email.into() })).await?;

    db.post().update(|row| row.id.eq(post.id)).set(|row| [row.published.to(true), row.views.add(1)]).await?;
    db.user().update(|user| user.id.eq(ada.id)).set(|user| user.name.to_null()).await?;
    let changed: u64 = db.post().update_many().filter(|post| post.views.eq(0)).set(|post| post.views.to(1)).await?;
    let gone: u64 = db.post().delete_many().filter(|post| post.published.eq(false)).await?;

    assert_eq!((count, changed, gone), (2, 2, 2));
    Ok(())
}

/// Visits are counted from the first one, which makes the user.
async fn visit(db: &Client, email: &str) -> Result<User, Error> {
    db.user()
        .upsert(
            |user| user.email.eq(email),
            NewUser { email: email.into() }.set(|user| user.visits.to(1)),
            |user| user.visits.add(1),
        )
        .await
}

/// Replaces the tags of a post, and makes those that are missing.
async fn tag(db: &Client, id: i32, names: &[&str]) -> Result<(), Error> {
    db.post()
        .update(|post| post.id.eq(id))
        .set(|post| post.tags.disconnect_all())
        .set(|post| {
            names
                .iter()
                .map(move |name| post.tags.connect_or_create(|tag| tag.name.eq(*name), NewTag { name: (*name).into() }))
        })
        .await?;
    Ok(())
}

/// Edits a post by way of its author, who must be the author.
async fn edit(db: &Client, author: i32, id: i32, title: &str) -> Result<User, Error> {
    db.user()
        .update(|user| user.id.eq(author))
        .set(|user| {
            [
                user.visits.add(1),
                user.posts.update(
                    |post| post.id.eq(id),
                    |post| [post.title.to(title), post.comments.delete_many(|comment| comment.text.eq(""))],
                ),
            ]
        })
        .await
}

async fn move_posts(db: &Client, from: i32, to: i32) -> Result<u64, Error> {
    db.transaction(async |tx| {
        tx.user().update(|user| user.id.eq(to)).set(|user| user.visits.add(1)).await?;
        tx.post().update_many().filter(|post| post.author_id.eq(from)).set(|post| post.author_id.to(to)).await
    })
    .await
}

async fn join(db: &Client, email: &str) -> Result<String, Box<dyn std::error::Error>> {
    let (id, host) = db
        .transaction(async |tx| {
            let user = tx.user().create(NewUser { email: email.into() }).await?;
            let host = tx.user().find_first().order_by(|user| user.id.asc()).or_not_found().await?;
            Ok::<_, purlin::Error>((user.id, host.email))
        })
        .await?;
    Ok(format!("user {id}, invited by {host}"))
}

async fn sign_up(db: &Client, email: &str) -> Result<User, String> {
    match db.user().create(NewUser { email: email.into() }).await {
        Ok(user) => Ok(user),
        Err(error) if error.is_unique_violation() => Err(format!("{} is taken", key_of(&error))),
        Err(error) if error.is_busy() || error.is_timeout() => Err("try again later".to_owned()),
        Err(error) => Err(format!("{}: {error}", error.code().unwrap_or("error"))),
    }
}

/// The fields of the unique key that refused a write.
fn key_of(error: &Error) -> String {
    match error.meta().iter().find(|(name, _)| *name == "target") {
        Some((_, Meta::List(fields))) => fields.join(", "),
        _ => "a value".to_owned(),
    }
}

#[test]
fn the_page_has_this_code() {
    let code: Vec<&str> = include_str!("guide.rs").lines().map(str::trim).collect();
    let page = include_str!("../../docs/rust.md");
    let (_, sections) = page.split_once("\n## Open\n").expect("the page has the section");
    let (sections, _) = sections.split_once("\n## Conditions\n").expect("the section of conditions comes after these");
    let blocks: Vec<&str> =
        sections.split("```rust\n").skip(1).filter_map(|block| block.split("\n```").next()).collect();
    assert_eq!(blocks.len(), 6, "opening, writes, related rows, two transactions, errors");
    for block in blocks {
        let lines: Vec<&str> = block.lines().map(str::trim).collect();
        assert!(code.windows(lines.len()).any(|window| window == lines), "this is not in tests/guide.rs:\n{block}");
    }
}

/// In a process of its own: `.env` belongs to the current folder.
#[test]
fn it_opens_what_the_env_file_names() {
    const INSIDE: &str = "PURLIN_GUIDE_INSIDE";
    if std::env::var_os(INSIDE).is_some() {
        let db = open().expect(".env names the database");
        block_on(db.close()).expect("nothing else uses it");
        return;
    }
    let folder = std::env::temp_dir().join(format!("purlin-guide-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("src")).expect("a folder can be made");
    for (files, expected) in [(&[".env"][..], true), (&[][..], false)] {
        let _ = std::fs::remove_file(folder.join(".env"));
        files.iter().for_each(|name| {
            let line = "DATABASE_URL=\"file:./guide.db?mode=rwc\"\n";
            std::fs::write(folder.join(name), line).expect("a file can be written");
        });
        let inside = std::process::Command::new(std::env::current_exe().expect("the test has a path"))
            .args(["it_opens_what_the_env_file_names", "--exact"])
            .current_dir(folder.join("src"))
            .env(INSIDE, "1")
            .env_remove("DATABASE_URL")
            .output()
            .expect("the test runs");
        assert_eq!(inside.status.success(), expected, "{files:?}: {}", String::from_utf8_lossy(&inside.stdout));
    }
    std::fs::remove_dir_all(folder).expect("the folder can be removed");
}

#[test]
fn it_writes() -> Result<(), Error> {
    let db = Scratch::new();
    block_on(async {
        write(&db, &["One", "Two"]).await?;
        let left = db.post().find_many().await?;
        assert_eq!(left.iter().map(|post| &*post.title).collect::<Vec<_>>(), ["Notes"]);
        let db: &Client = &db;
        let [from, to] = ["ada@acme.io", "bob@acme.io"].map(|email| async move {
            Ok::<i32, Error>(db.user().find_unique(move |user| user.email.eq(email)).or_not_found().await?.id)
        });
        assert_eq!(move_posts(db, from.await?, to.await?).await?, 1);
        Ok(())
    })
}

#[test]
fn it_writes_related_rows() -> Result<(), Error> {
    let db = Scratch::new();
    block_on(async {
        assert_eq!(visit(&db, "ada@acme.io").await?.visits, 1);
        let ada = visit(&db, "ada@acme.io").await?;
        assert_eq!(ada.visits, 2);
        let post = db.post().create(NewPost { title: "Notes".into() }).set(|post| post.author_id.to(ada.id)).await?;
        for names in [&["rust", "sql"][..], &["rust", "new"], &["rust"]] {
            tag(&db, post.id, names).await?;
        }
        let tags = db.tag().count().filter(|tag| tag.posts.some(|of| of.id.eq(post.id))).await?;
        assert_eq!((tags, db.tag().count().await?), (1, 3));
        assert_eq!(edit(&db, ada.id, post.id, "More notes").await?.visits, 3);
        assert_eq!(db.post().find_unique(|row| row.id.eq(post.id)).or_not_found().await?.title, "More notes");
        let bob = visit(&db, "bob@acme.io").await?;
        let other = edit(&db, bob.id, post.id, "Not his").await;
        assert!(other.is_err_and(|error| error.is_not_found()));
        assert_eq!(db.user().find_unique(|user| user.id.eq(bob.id)).or_not_found().await?.visits, 1);
        Ok(())
    })
}

#[test]
fn a_transaction_returns_what_its_function_makes_of_other_errors_too() -> Result<(), Box<dyn std::error::Error>> {
    let db = Scratch::new();
    for expected in ["user 1, invited by ada@acme.io", "user 2, invited by ada@acme.io"] {
        let email = if expected.contains("user 1") { "ada@acme.io" } else { "bob@acme.io" };
        assert_eq!(block_on(join(&db, email))?, expected);
    }
    assert!(block_on(join(&db, "bob@acme.io")).is_err_and(|error| error.is::<Error>()));
    Ok(())
}

#[test]
fn the_key_that_refuses_a_write_is_named() {
    let db = Scratch::new();
    let twice = block_on(async { (sign_up(&db, "ada@acme.io").await, sign_up(&db, "ada@acme.io").await) });
    assert!(twice.0.is_ok());
    assert_eq!(twice.1.expect_err("the address is taken"), "email is taken");
}
