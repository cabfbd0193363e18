//! Reads, writes and transactions on SQLite.

mod blog;

use blog::db::{NewComment, NewPost, NewSeat, NewTag, NewUser, Post, PostType, Role, Tag, User};
use blog::{Scratch, block_on};
use purlin::field::{JoinTable, Many, Refined};
use purlin::{Error, Filter, Key, Select};

type Result<T = ()> = std::result::Result<T, Error>;

#[derive(Debug, PartialEq, Select)]
#[select(User)]
struct UserCard {
    email: String,
    name: Option<String>,
    #[select(filter(|post| post.published.eq(true)).order_by(|post| post.id.desc()).take(2))]
    posts: Vec<PostCard>,
    #[select(count(posts))]
    posts_count: i64,
}

#[derive(Debug, PartialEq, Select)]
#[select(Post)]
struct PostCard {
    title: String,
    #[select(with = by_name)]
    tags: Vec<TagName>,
}

#[derive(Debug, PartialEq, Select)]
#[select(Tag)]
struct TagName {
    name: String,
}

fn by_name(tags: Many<Post, Tag, JoinTable>) -> Refined<Post, Tag> {
    tags.order_by(|tag| tag.name.asc())
}

/// Ada with three posts, two of them published and one of these tagged, and Grace whom Ada manages.
async fn seeded() -> Result<Scratch> {
    let db = Scratch::new();
    db.user()
        .create(NewUser { email: "ada@acme.io".into() })
        .set(|user| {
            [
                user.name.to("Ada"),
                user.role.to(Role::Admin),
                user.posts.create(NewPost { title: "Draft".into() }),
                user.posts.create(NewPost { title: "Notes".into() }.set(|post| {
                    [
                        post.published.to(true),
                        post.views.to(10),
                        post.r#type.to(PostType::Note),
                        post.tags.create(NewTag { name: "rust".into() }),
                        post.tags.create(NewTag { name: "data".into() }),
                    ]
                })),
                user.posts.create(NewPost { title: "Essay".into() }.set(|post| post.published.to(true))),
            ]
        })
        .await?;
    db.user()
        .create(NewUser { email: "grace@navy.mil".into() })
        .set(|user| user.manager.connect(|manager| manager.email.eq("ada@acme.io")))
        .await?;
    Ok(db)
}

fn emails(users: &[User]) -> Vec<&str> {
    users.iter().map(|user| user.email.as_str()).collect()
}

#[test]
fn fragments_load_what_they_say() -> Result {
    block_on(async {
        let db = seeded().await?;
        let cards = db.user().find_many().order_by(|user| user.id.asc()).select::<UserCard>().await?;
        let tags = ["data", "rust"].map(|name| TagName { name: name.into() });
        let ada = UserCard {
            email: "ada@acme.io".into(),
            name: Some("Ada".into()),
            posts: vec![
                PostCard { title: "Essay".into(), tags: vec![] },
                PostCard { title: "Notes".into(), tags: tags.into() },
            ],
            posts_count: 3,
        };
        let grace = UserCard { email: "grace@navy.mil".into(), name: None, posts: vec![], posts_count: 0 };
        assert_eq!(cards, [ada, grace]);
        Ok(())
    })
}

#[test]
fn a_call_refines_the_relations_of_a_fragment() -> Result {
    block_on(async {
        let db = seeded().await?;
        let search = String::from("ote");
        let card = db
            .user()
            .find_unique(|user| user.email.eq("ada@acme.io"))
            .or_not_found()
            .select::<UserCard>()
            .with(|card| {
                card.posts
                    .filter(|post| post.title.contains(&search))
                    .with(|post| post.tags.filter(|tag| tag.name.ne("data")))
            })
            .await?;
        let tags = vec![TagName { name: "rust".into() }];
        assert_eq!(card.posts, [PostCard { title: "Notes".into(), tags }]);
        Ok(())
    })
}

#[test]
fn default_rows_need_no_fragment() -> Result {
    block_on(async {
        let db = seeded().await?;
        let post = db.post().find_first().filter(|post| post.title.eq("Notes")).or_not_found().await?;
        assert_eq!((post.views, post.published, post.r#type), (10, true, Some(PostType::Note)));
        assert!(post.created_at <= post.updated_at);
        assert_eq!(db.post().find_first().filter(|post| post.title.eq("none")).await?, None);
        Ok(())
    })
}

#[test]
fn filters_combine() -> Result {
    block_on(async {
        let db = seeded().await?;
        let count = |filter: Filter<User>| {
            let db = &db;
            async move { db.user().count().filter(|_| filter).await }
        };
        let user = <User as purlin::Model>::FIELDS;
        assert_eq!(count(user.name.is_null() | user.role.eq(Role::Admin)).await?, 2);
        assert_eq!(count((user.name.is_null() & user.role.eq(Role::Admin)) | user.visits.gt(3)).await?, 0);
        assert_eq!(count(!user.email.ends_with("acme.io")).await?, 1);
        assert_eq!(count(user.email.is_in(["ada@acme.io", "nobody"]) & user.id.gte(1)).await?, 1);
        assert_eq!(count(user.email.is_in(Vec::<String>::new())).await?, 0);
        assert_eq!(count(user.email.is_not_in(Vec::<&str>::new())).await?, 2);
        assert_eq!(count(user.name.eq(None::<&str>)).await?, 1);
        assert_eq!(count(user.posts.some(|post| post.tags.some(|tag| tag.name.eq("rust")))).await?, 1);
        assert_eq!(count(user.posts.every(|post| post.published.eq(true))).await?, 1);
        assert_eq!(count(user.posts.none(|post| post.published.eq(true))).await?, 1);
        assert_eq!(count(user.manager.is(|manager| manager.name.starts_with("A"))).await?, 1);
        assert_eq!(count(user.manager.is_not(|manager| manager.name.eq("Ada"))).await?, 1);
        assert_eq!(count(user.manager.is_null()).await?, 1);
        assert_eq!(count(user.manager.is_not_null()).await?, 1);
        assert_eq!(count(Filter::given([None, Some(user.visits.lt(1))])).await?, 2);
        assert_eq!(count(Filter::given([None::<Filter<User>>])).await?, 2);
        assert_eq!(count(Filter::any([user.id.eq(1), user.id.eq(2)])).await?, 2);
        let nothing = || Filter::any(Vec::<Filter<User>>::new());
        assert_eq!(count(nothing()).await?, 0);
        assert_eq!(count(nothing() & user.id.gte(1)).await?, 0);
        assert_eq!(count(!nothing()).await?, 2);
        Ok(())
    })
}

#[test]
fn rows_are_sorted_and_paged() -> Result {
    block_on(async {
        let db = seeded().await?;
        let users = db.user().find_many().order_by(|user| user.name.asc().nulls_last()).await?;
        assert_eq!(emails(&users), ["ada@acme.io", "grace@navy.mil"]);
        let users = db.user().find_many().order_by(|user| user.posts.count().asc()).await?;
        assert_eq!(emails(&users), ["grace@navy.mil", "ada@acme.io"]);
        let users = db.user().find_many().order_by(|user| user.manager.by(|manager| manager.email.desc())).await?;
        assert_eq!(emails(&users), ["grace@navy.mil", "ada@acme.io"]);

        let titles = |posts: Vec<Post>| posts.into_iter().map(|post| post.title).collect::<Vec<_>>();
        let by = |post: blog::db::PostFields| [post.published.asc(), post.title.desc()];
        assert_eq!(titles(db.post().find_many().order_by(by).take(2).await?), ["Draft", "Notes"]);
        assert_eq!(titles(db.post().find_many().order_by(by).last(2).await?), ["Notes", "Essay"]);
        assert_eq!(titles(db.post().find_many().order_by(by).skip(1).take(1).await?), ["Notes"]);
        Ok(())
    })
}

#[test]
fn to_one_relations_load_into_a_fragment_or_an_option_of_one() -> Result {
    #[derive(Debug, PartialEq, Select)]
    #[select(Post)]
    struct Byline {
        title: String,
        author: Author,
    }
    #[derive(Debug, PartialEq, Select)]
    #[select(User)]
    struct Author {
        email: String,
        manager: Option<Box<Manager>>,
    }
    #[derive(Debug, PartialEq, Select)]
    #[select(User)]
    struct Manager {
        email: String,
        #[select(filter(|user| user.visits.gt(100)))]
        manager: Option<TopManager>,
    }
    #[derive(Debug, PartialEq, Select)]
    #[select(User)]
    struct TopManager {
        id: i32,
    }

    block_on(async {
        let db = seeded().await?;
        let new = NewPost { title: "Compilers".into() };
        let byline = db
            .post()
            .create(new)
            .set(|post| post.author.connect(|user| user.email.eq("grace@navy.mil")))
            .select::<Byline>()
            .await?;
        let manager = Some(Box::new(Manager { email: "ada@acme.io".into(), manager: None }));
        let author = Author { email: "grace@navy.mil".into(), manager };
        assert_eq!(byline, Byline { title: "Compilers".into(), author });
        Ok(())
    })
}

#[test]
fn a_fragment_can_be_generic_over_the_fragments_in_it() -> Result {
    #[derive(Debug, PartialEq, Select)]
    #[select(User)]
    struct With<P: Select<Model = Post>> {
        id: i32,
        #[select(order_by(|post| post.id.asc()).take(1))]
        posts: Vec<P>,
    }

    block_on(async {
        let db = seeded().await?;
        let rows = db.user().find_unique(|user| user.id.eq(1)).select::<With<Post>>().or_not_found().await?;
        assert_eq!(rows.posts.iter().map(|post| post.title.as_str()).collect::<Vec<_>>(), ["Draft"]);
        let cards = db.user().find_unique(|user| user.id.eq(1)).select::<With<PostCard>>().or_not_found().await?;
        assert_eq!(cards, With { id: 1, posts: vec![PostCard { title: "Draft".into(), tags: vec![] }] });
        Ok(())
    })
}

#[test]
fn a_fragment_includes_another_of_the_same_row() -> Result {
    #[derive(Debug, PartialEq, Select)]
    #[select(User)]
    struct Profile {
        visits: i32,
        #[select(flatten)]
        card: UserCard,
        id: i32,
        #[select(flatten)]
        row: Box<User>,
        #[select(filter(|post| post.published.eq(false)))]
        posts: Vec<PostCard>,
    }
    #[derive(Debug, PartialEq, Select)]
    #[select(Post)]
    struct Authored {
        #[select(flatten)]
        card: PostCard,
        author: Profile,
    }

    block_on(async {
        let db = seeded().await?;
        let profile = db.user().find_unique(|user| user.id.eq(1)).select::<Profile>().or_not_found().await?;
        assert_eq!((profile.visits, profile.id, profile.row.id, profile.row.role), (0, 1, 1, Role::Admin));
        assert_eq!((profile.card.email, profile.card.name), (profile.row.email, profile.row.name));
        assert_eq!(profile.card.posts_count, 3);
        // Each has its own posts, though both read one row.
        let titles = |posts: &[PostCard]| posts.iter().map(|post| post.title.clone()).collect::<Vec<_>>();
        assert_eq!(
            (titles(&profile.card.posts), titles(&profile.posts)),
            (vec!["Essay".into(), "Notes".into()], vec!["Draft".into()])
        );

        let post = db
            .post()
            .find_first()
            .filter(|post| post.title.eq("Notes"))
            .select::<Authored>()
            .with(|post| post.card.tags.filter(|tag| tag.name.eq("data")))
            .with(|post| post.author.with(|author| author.card.posts.take(1)))
            .with(|post| post.author.with(|author| author.posts.filter(|post| post.title.ne("Draft"))))
            .or_not_found()
            .await?;
        assert_eq!(post.card.tags, [TagName { name: "data".into() }]);
        assert_eq!(titles(&post.author.card.posts), ["Essay"]);
        assert_eq!(post.author.posts, []);
        assert_eq!(post.author.row.email, "ada@acme.io");
        Ok(())
    })
}

#[test]
fn a_generic_fragment_includes_another_of_the_same_row() -> Result {
    #[derive(Debug, PartialEq, Select)]
    #[select(User)]
    struct Ranked<T: Select<Model = User>> {
        #[select(flatten)]
        user: T,
        visits: i32,
    }

    block_on(async {
        let db = seeded().await?;
        let key = |user: blog::db::UserFields| user.id.eq(1);
        let row = db.user().update(key).set(|user| user.visits.to(7)).select::<Ranked<User>>().await?;
        assert_eq!((row.user.visits, row.visits), (7, 7));
        let card = db.user().find_unique(key).select::<Ranked<UserCard>>().or_not_found().await?;
        assert_eq!((card.user.posts.len(), card.visits), (2, 7));
        Ok(())
    })
}

#[test]
fn assignments_come_in_any_collection() -> Result {
    block_on(async {
        let db = Scratch::new();
        let titles = ["a", "b"];
        let name = Some("Ada");
        let user = db
            .user()
            .create(NewUser { email: "ada@acme.io".into() })
            .set(|user| {
                let posts = titles.iter().map(move |title| user.posts.create(NewPost { title: (*title).into() }));
                (name.map(|name| user.name.to(name)), [user.visits.to(1), user.role.to(Role::Admin)], posts)
            })
            .set(|user| vec![user.posts.create(NewPost { title: "c".into() })])
            .select::<UserCard>()
            .await?;
        assert_eq!((user.name.as_deref(), user.posts_count), (name, 3));
        Ok(())
    })
}

#[test]
fn closing_lets_go_of_the_file() -> Result {
    block_on(async {
        let db = seeded().await?;
        assert_eq!(db.user().find_many().await?.len(), 2);
        assert!(db.has_log());
        db.close().await?;
        assert!(!db.has_log(), "the last connection to close removes it");
        // Whoever asks again opens it again.
        assert_eq!(db.user().count().await?, 2);

        let inside = db.transaction(async |tx| tx.close().await).await;
        assert!(inside.is_err_and(|error| error.is_invalid()));
        Ok(())
    })
}

#[test]
fn writes_give_what_they_made() -> Result {
    block_on(async {
        let db = seeded().await?;
        let ada = db
            .user()
            .update(|user| user.email.eq("ada@acme.io"))
            .set(|user| [user.visits.add(5), user.name.to_null()])
            .await?;
        assert_eq!((ada.visits, ada.name), (5, None));
        let ada = db.user().update(|user| user.id.eq(ada.id)).set(|user| user.visits.mul(3)).await?;
        assert_eq!(ada.visits, 15);

        let published = db.post().update_many().filter(|post| post.published.eq(false)).set(|post| post.views.to(1));
        assert_eq!(published.await?, 1);
        let gone = db.post().delete(|post| post.id.eq(1)).await?;
        assert_eq!((gone.title.as_str(), gone.views), ("Draft", 1));
        assert_eq!(db.post().delete_many().await?, 2);
        assert_eq!(db.post().count().await?, 0);
        Ok(())
    })
}

#[test]
fn many_rows_are_created_at_once() -> Result {
    block_on(async {
        let db = Scratch::new();
        let plain = ["a", "b"].map(|name| purlin::New::from(NewUser { email: name.into() }));
        let named = NewUser { email: "c".into() }.set(|user| [user.name.to("C"), user.visits.to(2)]);
        let nulled = NewUser { email: "d".into() }.set(|user| [user.name.to_null(), user.visits.to(3)]);
        let rows = plain.into_iter().chain([named, nulled]);
        assert_eq!(db.user().create_many(rows).await?, 4);
        let users = db.user().find_many().order_by(|user| user.email.asc()).await?;
        let users: Vec<_> = users.iter().map(|user| (&*user.email, user.name.as_deref(), user.visits)).collect();
        assert_eq!(users, [("a", None, 0), ("b", None, 0), ("c", Some("C"), 2), ("d", None, 3)]);

        let nested = NewUser { email: "e".into() }.set(|user| user.posts.create(NewPost { title: "no".into() }));
        assert!(db.user().create_many([nested]).await.is_err_and(|error| error.is_invalid()));
        Ok(())
    })
}

#[test]
fn a_compound_key_names_a_row() -> Result {
    block_on(async {
        let db = Scratch::new();
        db.seat().create_many([(1, 1), (1, 2)].map(|(row, number)| NewSeat { row, number })).await?;
        db.seat().update(|seat| seat.row_number.eq((1, 2))).set(|seat| seat.holder.to("Ada")).await?;
        let seat = db.seat().find_unique(|seat| seat.row_number.eq((1, 2))).or_not_found().await?;
        assert_eq!(seat.holder.as_deref(), Some("Ada"));
        let key = db.seat().find_unique(|seat| seat.row_number.eq((1, 2)) & seat.holder.is_null());
        assert_eq!(key.await?, None);
        Ok(())
    })
}

#[test]
fn errors_say_what_they_are() -> Result {
    block_on(async {
        let db = seeded().await?;
        let missing = db.user().find_unique(|user| user.id.eq(99)).or_not_found().await.expect_err("no such user");
        assert!(missing.is_not_found());
        assert_eq!(missing.code(), Some("P2025"));
        let missing = db.user().delete(|user| user.id.eq(99)).await.expect_err("no such user");
        assert!(missing.is_not_found());
        let twice = db.user().create(NewUser { email: "ada@acme.io".into() }).await.expect_err("the email is taken");
        assert!(twice.is_unique_violation());
        assert_eq!(twice.code(), Some("P2002"));
        let orphan = db.comment().create(NewComment { text: "?".into() }).set(|comment| comment.post_id.to(99));
        assert!(orphan.await.is_err_and(|error| error.is_foreign_key_violation()));
        Ok(())
    })
}

/// A predicate for each kind that programs tell apart, and one for all that constraints refuse.
#[test]
fn the_kinds_of_errors_are_told_apart() -> Result {
    type Predicate = (&'static str, fn(&Error) -> bool);
    const KINDS: [Predicate; 9] = [
        ("unique", Error::is_unique_violation),
        ("foreign key", Error::is_foreign_key_violation),
        ("null", Error::is_null_violation),
        ("relation", Error::is_relation_violation),
        ("constraint", Error::is_constraint_violation),
        ("connection", Error::is_connection_error),
        ("schema", Error::is_schema_mismatch),
        ("inconsistent", Error::is_inconsistent),
        ("conflict", Error::is_write_conflict),
    ];
    fn kinds<T>(result: Result<T>) -> Vec<&'static str> {
        let Err(error) = result else { return vec!["none"] };
        KINDS.iter().filter(|(_, is)| is(&error)).map(|(name, _)| *name).collect()
    }
    block_on(async {
        let db = seeded().await?;
        db.as_ref()
            .execute_script(
                r#"DROP TABLE "Seat"; DROP TABLE "Sample";
            CREATE TABLE "Seat" ("row" INTEGER CHECK ("row" > 0), "number" INTEGER, "holder" TEXT NOT NULL,
              PRIMARY KEY ("row", "number"));
            UPDATE "User" SET "role" = 'NOBODY' WHERE "id" = 2;"#,
            )
            .await?;
        assert_eq!(kinds(db.user().find_unique(|user| user.id.eq(1)).await), ["none"]);
        let twice = db.user().create(NewUser { email: "ada@acme.io".into() });
        assert_eq!(kinds(twice.await), ["unique", "constraint"]);
        let orphan = db.comment().create(NewComment { text: "?".into() }).set(|comment| comment.post_id.to(99));
        assert_eq!(kinds(orphan.await), ["foreign key", "constraint"]);
        let seat = |row: i32| NewSeat { row, number: 1 };
        assert_eq!(kinds(db.seat().create(seat(1)).await), ["null", "constraint"]);
        let outside = db.seat().create(seat(0).set(|seat| seat.holder.to("Ann")));
        assert_eq!(kinds(outside.await), ["constraint"]);
        let alone = db.user().update(|user| user.id.eq(1)).set(|user| user.posts.set_to(|_| Vec::<Key<Post>>::new()));
        assert_eq!(kinds(alone.await), ["relation", "constraint"]);
        assert_eq!(kinds(db.sample().count().await), ["schema"]);
        assert_eq!(kinds(db.user().find_unique(|user| user.id.eq(2)).await), ["inconsistent"]);
        assert_eq!(kinds(blog::db::Client::open("postgresql://localhost/blog")), ["connection"]);
        let nowhere = blog::db::Client::open("file:/no/such/folder/blog.db")?;
        assert_eq!(kinds(nowhere.user().count().await), ["connection"]);
        Ok(())
    })
}

#[test]
fn a_transaction_commits_or_leaves_nothing() -> Result {
    #[derive(Debug)]
    enum Failure {
        TooPoor(i32),
        Database(Error),
    }
    impl From<Error> for Failure {
        fn from(error: Error) -> Self {
            Self::Database(error)
        }
    }

    async fn pay(db: &blog::db::Client, amount: i32) -> std::result::Result<i32, Failure> {
        db.transaction(async |tx| {
            let payer = tx.user().update(|user| user.id.eq(1)).set(|user| user.visits.sub(amount)).await?;
            tx.user().update(|user| user.id.eq(2)).set(|user| user.visits.add(amount)).await?;
            if payer.visits < 0 { Err(Failure::TooPoor(payer.visits)) } else { Ok(payer.visits) }
        })
        .await
    }

    block_on(async {
        let db = seeded().await?;
        db.user().update_many().set(|user| user.visits.to(10)).await?;
        assert!(matches!(pay(&db, 4).await, Ok(6)));
        assert!(matches!(pay(&db, 7).await, Err(Failure::TooPoor(-1))));
        db.user().delete(|user| user.id.eq(2)).await?;
        assert!(matches!(pay(&db, 1).await, Err(Failure::Database(error)) if error.is_not_found()));
        db.user().create(NewUser { email: "grace@navy.mil".into() }).set(|user| user.visits.to(14)).await?;
        let visits = db.user().find_many().order_by(|user| user.id.asc()).await?;
        assert_eq!(visits.iter().map(|user| user.visits).collect::<Vec<_>>(), [6, 14]);

        let failed: std::result::Result<(), Failure> = db
            .transaction(async |tx| {
                let new = NewUser { email: "eve@acme.io".into() };
                let eve = tx.user().upsert(|user| user.email.eq("eve@acme.io"), new, |_| ()).await?;
                let title = NewPost { title: "Hers".into() };
                let hers = |user: blog::db::UserFields| user.posts.upsert(|post| post.id.eq(99), title, |_| ());
                tx.user().update(|user| user.id.eq(eve.id)).set(hers).await?;
                assert_eq!(tx.post().count().filter(|post| post.title.eq("Hers")).await?, 1);
                Err(Failure::TooPoor(eve.visits))
            })
            .await;
        assert!(matches!(failed, Err(Failure::TooPoor(0))));
        assert_eq!(db.user().count().filter(|user| user.email.eq("eve@acme.io")).await?, 0);
        assert_eq!(db.post().count().filter(|post| post.title.eq("Hers")).await?, 0);

        let kept = db.transaction(async |tx| Ok::<_, Error>(tx.clone())).await?;
        let late = kept.user().count().await.expect_err("the transaction is over");
        assert!(late.is_transaction_closed());
        assert_eq!(late.code(), Some("P2028"));
        Ok(())
    })
}

#[test]
fn futures_are_send() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let db = Scratch::new();
    let query = send(async {
        db.transaction(async |tx| tx.user().find_many().select::<UserCard>().await).await.map(|cards| cards.len())
    });
    assert_eq!(block_on(query), Ok(0));
}

/// Names that other libraries have for conditions, and those of the standard library.
#[test]
fn conditions_have_the_names_of_others_too() -> Result {
    block_on(async {
        let db = seeded().await?;
        let views = |condition: fn(purlin::field::Column<Post, i32>) -> Filter<Post>| {
            db.post().count().filter(move |post| condition(post.views))
        };
        assert_eq!(views(|views| views.ge(10)).await?, views(|views| views.gte(10)).await?);
        assert_eq!(views(|views| views.ge(10)).await?, 1);
        assert_eq!(views(|views| views.le(9)).await?, views(|views| views.lte(9)).await?);
        Ok(())
    })
}

#[test]
fn a_null_in_a_list_finds_no_row_and_hides_none() -> Result {
    block_on(async {
        let db = seeded().await?;
        let count = |condition: Filter<User>| db.user().count().filter(move |_| condition.clone());
        let name = <User as purlin::Model>::FIELDS.name;
        // Grace has no name.
        assert_eq!(count(name.is_in([Some("Ada"), None])).await?, 1);
        assert_eq!(count(name.is_in([None::<&str>])).await?, 0);
        assert_eq!(count(name.is_in([Some("Ada"), None]) | name.is_null()).await?, 2);
        // Of no value that is left, `is_not_in` is true of each row.
        assert_eq!(count(name.is_not_in([Some("Ada"), None])).await?, 0);
        assert_eq!(count(name.is_not_in([None::<&str>])).await?, 2);
        Ok(())
    })
}
