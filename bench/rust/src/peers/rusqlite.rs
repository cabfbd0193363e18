//! rusqlite by hand: cached statements, one per level, stitched into structs, the levels of a read in one transaction.

use std::{collections::HashMap, error::Error, hash::Hash};

use bigdecimal::BigDecimal;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, ToSql, types::Type};
use serde::Serialize;

use super::{CONNECTION, Peer, Result};
use crate::queries::Query;

#[derive(Serialize)]
struct User {
    id: i32,
    email: String,
    name: String,
    age: i32,
    created_at: DateTime<Utc>,
    bio: Option<String>,
    balance: BigDecimal,
    followers: i64,
    avatar: Option<Vec<u8>>,
}

#[derive(Serialize)]
struct Post {
    id: i32,
    title: String,
    content: String,
    published: bool,
    created_at: DateTime<Utc>,
    views: i32,
    rating: Option<f64>,
    author_id: i32,
}

#[derive(Serialize)]
struct Comment {
    id: i32,
    body: String,
    created_at: DateTime<Utc>,
    post_id: i32,
    author_id: i32,
    author: User,
}

#[derive(Serialize)]
struct Tag {
    id: i32,
    name: String,
}

#[derive(Serialize)]
struct UserWith<P> {
    #[serde(flatten)]
    user: User,
    posts: Vec<P>,
}

#[derive(Serialize)]
struct PostWith {
    #[serde(flatten)]
    post: Post,
    comments: Vec<Comment>,
    tags: Vec<Tag>,
}

const USER: &str = r#"SELECT "id", "email", "name", "age", "createdAt", "bio", "balance", "followers", "avatar"
    FROM "User" WHERE "id" = ?1"#;
const USERS: &str = r#"SELECT "id", "email", "name", "age", "createdAt", "bio", "balance", "followers", "avatar"
    FROM "User" WHERE "id" > ?1 ORDER BY "id" LIMIT ?2"#;
const POSTS: &str = r#"SELECT "id", "title", "content", "published", "createdAt", "views", "rating", "authorId"
    FROM "Post" WHERE "authorId" IN (SELECT "id" FROM "User" WHERE "id" > ?1 ORDER BY "id" LIMIT ?2)"#;
const COMMENTS: &str = r#"SELECT c."id", c."body", c."createdAt", c."postId", c."authorId",
        u."id", u."email", u."name", u."age", u."createdAt", u."bio", u."balance", u."followers", u."avatar"
    FROM "Comment" c JOIN "User" u ON u."id" = c."authorId"
    WHERE c."postId" IN (SELECT "id" FROM "Post" WHERE "authorId" IN
        (SELECT "id" FROM "User" WHERE "id" > ?1 ORDER BY "id" LIMIT ?2))"#;
const TAGS: &str = r#"SELECT j."A", t."id", t."name" FROM "_PostToTag" j JOIN "Tag" t ON t."id" = j."B"
    WHERE j."A" IN (SELECT "id" FROM "Post" WHERE "authorId" IN
        (SELECT "id" FROM "User" WHERE "id" > ?1 ORDER BY "id" LIMIT ?2))"#;

// A third faster over a row of users than rusqlite's own conversion, which looks for several formats.
fn date(row: &Row<'_>, at: usize) -> rusqlite::Result<DateTime<Utc>> {
    let date = DateTime::parse_from_rfc3339(row.get_ref(at)?.as_str()?);
    date.map(|date| date.to_utc()).map_err(|error| conversion(at, error))
}

fn decimal(row: &Row<'_>, at: usize) -> rusqlite::Result<BigDecimal> {
    row.get_ref(at)?.as_str()?.parse().map_err(|error| conversion(at, error))
}

fn conversion(at: usize, error: impl Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, Type::Text, Box::new(error))
}

fn user(row: &Row<'_>, at: usize) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(at)?,
        email: row.get(at + 1)?,
        name: row.get(at + 2)?,
        age: row.get(at + 3)?,
        created_at: date(row, at + 4)?,
        bio: row.get(at + 5)?,
        balance: decimal(row, at + 6)?,
        followers: row.get(at + 7)?,
        avatar: row.get(at + 8)?,
    })
}

fn post(row: &Row<'_>) -> rusqlite::Result<Post> {
    Ok(Post {
        id: row.get(0)?,
        title: row.get(1)?,
        content: row.get(2)?,
        published: row.get(3)?,
        created_at: date(row, 4)?,
        views: row.get(5)?,
        rating: row.get(6)?,
        author_id: row.get(7)?,
    })
}

fn comment(row: &Row<'_>) -> rusqlite::Result<Comment> {
    Ok(Comment {
        id: row.get(0)?,
        body: row.get(1)?,
        created_at: date(row, 2)?,
        post_id: row.get(3)?,
        author_id: row.get(4)?,
        author: user(row, 5)?,
    })
}

fn post_tag(row: &Row<'_>) -> rusqlite::Result<(i32, Tag)> {
    Ok((row.get(0)?, Tag { id: row.get(1)?, name: row.get(2)? }))
}

fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: &[&dyn ToSql],
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
}

fn group<K: Hash + Eq, T>(rows: impl IntoIterator<Item = (K, T)>) -> HashMap<K, Vec<T>> {
    let mut groups = HashMap::new();
    for (key, row) in rows {
        groups.entry(key).or_insert_with(Vec::new).push(row);
    }
    groups
}

fn stitch<P>(users: Vec<User>, posts: impl IntoIterator<Item = (i32, P)>) -> Vec<UserWith<P>> {
    let mut posts = group(posts);
    users.into_iter().map(|user| UserWith { posts: posts.remove(&user.id).unwrap_or_default(), user }).collect()
}

pub(crate) struct Rusqlite(Connection);

impl Rusqlite {
    pub(crate) fn open(file: &str) -> Result<Self> {
        let connection = Connection::open(file)?;
        connection.execute_batch(CONNECTION)?;
        Ok(Self(connection))
    }
}

impl Peer for Rusqlite {
    const NAME: &'static str = "rusqlite";

    async fn user(&mut self, id: i32) -> Result<impl Serialize> {
        Ok(self.0.prepare_cached(USER)?.query_row([id], |row| user(row, 0))?)
    }

    async fn users(&mut self, after: i32) -> Result<impl Serialize> {
        Ok(all(&self.0, USERS, &[&after, &Query::Q2.width()], |row| user(row, 0))?)
    }

    async fn users_with_posts(&mut self, after: i32) -> Result<impl Serialize> {
        let roots: &[&dyn ToSql] = &[&after, &Query::Q3.width()];
        let snapshot = self.0.transaction()?;
        let users = all(&snapshot, USERS, roots, |row| user(row, 0))?;
        let posts = all(&snapshot, POSTS, roots, post)?;
        snapshot.commit()?;
        Ok(stitch(users, posts.into_iter().map(|post| (post.author_id, post))))
    }

    async fn users_with_all(&mut self, after: i32) -> Result<impl Serialize> {
        let roots: &[&dyn ToSql] = &[&after, &Query::Q4.width()];
        let snapshot = self.0.transaction()?;
        let users = all(&snapshot, USERS, roots, |row| user(row, 0))?;
        let posts = all(&snapshot, POSTS, roots, post)?;
        let comments = all(&snapshot, COMMENTS, roots, comment)?;
        let tags = all(&snapshot, TAGS, roots, post_tag)?;
        snapshot.commit()?;
        let mut comments = group(comments.into_iter().map(|comment| (comment.post_id, comment)));
        let mut tags = group(tags);
        let posts = posts.into_iter().map(|post| {
            let comments = comments.remove(&post.id).unwrap_or_default();
            let tags = tags.remove(&post.id).unwrap_or_default();
            (post.author_id, PostWith { post, comments, tags })
        });
        Ok(stitch(users, posts))
    }
}
