//! sea-orm with its model loader (`load_many`, `load_one`): its entity loader reaches two relations deep, Q4 is three.

use sea_orm::{
    ColumnTrait, ConnectOptions, Database, DatabaseConnection, EntityTrait, LoaderTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Serialize;

use super::{CONNECTION, Peer, Result};
use crate::queries::Query;

mod user {
    use sea_orm::entity::prelude::*;

    // SQLite has no exact decimal, and sea-orm's `Decimal` reads a float there: exact money is a string to its users.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "User", rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub email: String,
        pub name: String,
        pub age: i32,
        pub created_at: DateTimeUtc,
        pub bio: Option<String>,
        pub balance: String,
        pub followers: i64,
        pub avatar: Option<Vec<u8>>,
        #[sea_orm(has_many)]
        pub posts: HasMany<super::post::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod post {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "Post", rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub title: String,
        pub content: String,
        pub published: bool,
        pub created_at: DateTimeUtc,
        pub views: i32,
        pub rating: Option<f64>,
        pub author_id: i32,
        #[sea_orm(belongs_to, from = "author_id", to = "id")]
        pub author: HasOne<super::user::Entity>,
        #[sea_orm(has_many)]
        pub comments: HasMany<super::comment::Entity>,
        #[sea_orm(has_many, via = "post_tag")]
        pub tags: HasMany<super::tag::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod comment {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "Comment", rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub body: String,
        pub created_at: DateTimeUtc,
        pub post_id: i32,
        pub author_id: i32,
        #[sea_orm(belongs_to, from = "post_id", to = "id")]
        pub post: HasOne<super::post::Entity>,
        #[sea_orm(belongs_to, from = "author_id", to = "id")]
        pub author: HasOne<super::user::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod tag {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "Tag")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub name: String,
        #[sea_orm(has_many, via = "post_tag")]
        pub posts: HasMany<super::post::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod post_tag {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "_PostToTag")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false, column_name = "A")]
        pub post_id: i32,
        #[sea_orm(primary_key, auto_increment = false, column_name = "B")]
        pub tag_id: i32,
        #[sea_orm(belongs_to, from = "post_id", to = "id")]
        pub post: HasOne<super::post::Entity>,
        #[sea_orm(belongs_to, from = "tag_id", to = "id")]
        pub tag: HasOne<super::tag::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Serialize)]
struct UserWith<P> {
    #[serde(flatten)]
    user: user::Model,
    posts: Vec<P>,
}

#[derive(Serialize)]
struct PostWith {
    #[serde(flatten)]
    post: post::Model,
    comments: Vec<CommentWith>,
    tags: Vec<tag::Model>,
}

#[derive(Serialize)]
struct CommentWith {
    #[serde(flatten)]
    comment: comment::Model,
    author: Option<user::Model>,
}

pub(crate) struct SeaOrm(DatabaseConnection);

impl SeaOrm {
    pub(crate) async fn open(file: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(format!("sqlite://{file}"));
        options.sqlx_logging(false).map_sqlx_sqlite_opts(|sqlite| {
            CONNECTION
                .lines()
                .filter_map(|line| line.strip_prefix("PRAGMA ")?.strip_suffix(';')?.split_once(" = "))
                .fold(sqlite, |sqlite, (name, value)| sqlite.pragma(name, value))
        });
        Ok(Self(Database::connect(options).await?))
    }

    async fn page(&self, after: i32, query: Query) -> Result<Vec<user::Model>> {
        Ok(user::Entity::find()
            .filter(user::Column::Id.gt(after))
            .order_by_asc(user::Column::Id)
            .limit(u64::try_from(query.width())?)
            .all(&self.0)
            .await?)
    }
}

impl Peer for SeaOrm {
    const NAME: &'static str = "sea-orm";

    async fn user(&mut self, id: i32) -> Result<impl Serialize> {
        Ok(user::Entity::find_by_id(id).one(&self.0).await?)
    }

    async fn users(&mut self, after: i32) -> Result<impl Serialize> {
        self.page(after, Query::Q2).await
    }

    async fn users_with_posts(&mut self, after: i32) -> Result<impl Serialize> {
        let users = self.page(after, Query::Q3).await?;
        let posts = users.load_many(post::Entity, &self.0).await?;
        Ok(users.into_iter().zip(posts).map(|(user, posts)| UserWith { user, posts }).collect::<Vec<_>>())
    }

    async fn users_with_all(&mut self, after: i32) -> Result<impl Serialize> {
        let users = self.page(after, Query::Q4).await?;
        let posts = users.load_many(post::Entity, &self.0).await?;
        let post_counts: Vec<usize> = posts.iter().map(Vec::len).collect();
        let posts: Vec<post::Model> = posts.into_iter().flatten().collect();
        let comments = posts.load_many(comment::Entity, &self.0).await?;
        let tags = posts.load_many(tag::Entity, &self.0).await?;
        let comment_counts: Vec<usize> = comments.iter().map(Vec::len).collect();
        let comments: Vec<comment::Model> = comments.into_iter().flatten().collect();
        let authors = comments.load_one(user::Entity, &self.0).await?;

        let mut comments = comments.into_iter().zip(authors).map(|(comment, author)| CommentWith { comment, author });
        let mut posts = posts.into_iter().zip(comment_counts).zip(tags).map(|((post, count), tags)| PostWith {
            post,
            comments: comments.by_ref().take(count).collect(),
            tags,
        });
        Ok(users
            .into_iter()
            .zip(post_counts)
            .map(|(user, count)| UserWith { user, posts: posts.by_ref().take(count).collect() })
            .collect::<Vec<_>>())
    }
}
