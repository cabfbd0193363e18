//! Fills the database with the people, posts and comments of `content.rs`, in one transaction.

mod content;

use std::collections::HashMap;
use std::error::Error;

use purlin::{DateTime, Select, Unlinked};

use self::content::{ANSWERS, Article, PEOPLE, TAGS};
use crate::db::{Client, NewComment, NewPost, NewTag, NewUser, Post, User};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What comments need of the people that were created.
#[derive(Select)]
#[select(User)]
struct Created {
    id: i32,
    email: String,
    posts: Vec<CreatedPost>,
}

#[derive(Select)]
#[select(Post)]
struct CreatedPost {
    id: i32,
    title: String,
}

/// Replaces what is in the database by the example, and says of how much it consists.
pub async fn seed(db: &Client) -> Result<String> {
    db.transaction(async |db| {
        // Their posts and comments go with the people (onDelete: Cascade).
        db.user().delete_many().await?;
        db.tag().delete_many().await?;
        db.tag().create_many(TAGS.iter().map(|name| NewTag { name: (*name).into() })).await?;

        let mut authors = HashMap::new();
        let mut posts = HashMap::new();
        for person in PEOPLE {
            let at = instant(person.created_at)?;
            let articles = person.posts.iter().map(new_post).collect::<Result<Vec<_>>>()?;
            let created = db
                .user()
                .create(NewUser { email: person.email.into(), name: person.name.into() })
                .set(|user| [user.bio.to(person.bio), user.created_at.to(at)])
                .set(|user| articles.into_iter().map(move |post| user.posts.create(post)))
                .select::<Created>()
                .await?;
            authors.insert(created.email, created.id);
            posts.extend(created.posts.into_iter().map(|post| (post.title, post.id)));
        }

        let mut comments = Vec::new();
        for answer in ANSWERS {
            let (post, author, at) =
                (known(&posts, answer.post)?, known(&authors, answer.author)?, instant(answer.created_at)?);
            comments
                .push(NewComment { body: answer.body.into() }.set(|comment| {
                    (comment.post_id.to(post), comment.author_id.to(author), comment.created_at.to(at))
                }));
        }
        let comments = db.comment().create_many(comments).await?;
        Ok(format!("{} people, {} posts, {} tags, {comments} comments", authors.len(), posts.len(), TAGS.len()))
    })
    .await
}

fn new_post(article: &Article) -> Result<Unlinked<Post>> {
    let at = instant(article.created_at)?;
    Ok(NewPost { title: article.title.into() }.set(|post| {
        let columns = [
            post.content.to(article.content),
            post.published.to(article.published),
            post.views.to(article.views),
            post.created_at.to(at),
        ];
        (columns, article.tags.iter().map(move |name| post.tags.connect(|tag| tag.name.eq(*name))))
    }))
}

fn instant(text: &str) -> Result<DateTime> {
    text.parse().map_err(|_| format!("content.rs has {text}, which is no instant").into())
}

fn known(ids: &HashMap<String, i32>, key: &str) -> Result<i32> {
    ids.get(key).copied().ok_or_else(|| format!("content.rs names {key}, which it does not define").into())
}
