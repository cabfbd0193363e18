//! Ours: fragments of the generated models.

use purlin::{DateTime, Decimal, Select};
use serde::Serialize;

use super::{Peer, Result};
use crate::{db, queries::Query};

#[derive(Select, Serialize)]
#[select(db::User)]
struct User {
    id: i32,
    email: String,
    name: String,
    age: i32,
    created_at: DateTime,
    bio: Option<String>,
    balance: Decimal,
    followers: i64,
    avatar: Option<Vec<u8>>,
}

#[derive(Select, Serialize)]
#[select(db::User)]
struct UserWithPosts {
    id: i32,
    email: String,
    name: String,
    age: i32,
    created_at: DateTime,
    bio: Option<String>,
    balance: Decimal,
    followers: i64,
    avatar: Option<Vec<u8>>,
    posts: Vec<Post>,
}

#[derive(Select, Serialize)]
#[select(db::Post)]
struct Post {
    id: i32,
    title: String,
    content: String,
    published: bool,
    created_at: DateTime,
    views: i32,
    rating: Option<f64>,
    author_id: i32,
}

#[derive(Select, Serialize)]
#[select(db::User)]
struct UserWithAll {
    id: i32,
    email: String,
    name: String,
    age: i32,
    created_at: DateTime,
    bio: Option<String>,
    balance: Decimal,
    followers: i64,
    avatar: Option<Vec<u8>>,
    posts: Vec<PostWithAll>,
}

#[derive(Select, Serialize)]
#[select(db::Post)]
struct PostWithAll {
    id: i32,
    title: String,
    content: String,
    published: bool,
    created_at: DateTime,
    views: i32,
    rating: Option<f64>,
    author_id: i32,
    comments: Vec<Comment>,
    tags: Vec<Tag>,
}

#[derive(Select, Serialize)]
#[select(db::Comment)]
struct Comment {
    id: i32,
    body: String,
    created_at: DateTime,
    post_id: i32,
    author_id: i32,
    author: User,
}

#[derive(Select, Serialize)]
#[select(db::Tag)]
struct Tag {
    id: i32,
    name: String,
}

pub(crate) struct Purlin(db::Client);

impl Purlin {
    pub(crate) fn open(file: &str) -> Result<Self> {
        Ok(Self(db::Client::open(&format!("file:{file}"))?))
    }

    async fn page<T: Select<Model = db::User>>(&self, after: i32, query: Query) -> Result<Vec<T>> {
        let take = query.width().cast_unsigned();
        Ok(self
            .0
            .user()
            .find_many()
            .filter(|user| user.id.gt(after))
            .order_by(|user| user.id.asc())
            .take(take)
            .select::<T>()
            .await?)
    }
}

impl Peer for Purlin {
    const NAME: &'static str = "purlin";

    async fn user(&mut self, id: i32) -> Result<impl Serialize> {
        Ok(self.0.user().find_unique(|user| user.id.eq(id)).select::<User>().await?)
    }

    async fn users(&mut self, after: i32) -> Result<impl Serialize> {
        self.page::<User>(after, Query::Q2).await
    }

    async fn users_with_posts(&mut self, after: i32) -> Result<impl Serialize> {
        self.page::<UserWithPosts>(after, Query::Q3).await
    }

    async fn users_with_all(&mut self, after: i32) -> Result<impl Serialize> {
        self.page::<UserWithAll>(after, Query::Q4).await
    }
}
