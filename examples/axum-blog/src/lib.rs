//! The founding page of Purlin, rendered by Rust: axum answers, maud writes the HTML, and each component says by a
//! fragment what it needs of a row.
//!
//! Where to find things: [`app`] has the routes, [`database`] opens and fills the database, `components` holds a file
//! for each part of a page, `api` what the TypeScript page in `web` is made of. `db.rs` is what `purlin generate` wrote.

#![forbid(unsafe_code)]

mod actions;
mod api;
mod components;
pub mod database;
pub mod db;
mod failure;
mod format;
mod pages;
mod seed;

use axum::Router;
use axum::http::header;
use axum::routing::{get, post};

use crate::db::Client;
use crate::failure::Failure;

pub use crate::api::{TYPES, export_types};
pub use crate::seed::seed;

/// Both blogs wear the same style sheet; it lives with the other one.
const STYLE: &str = include_str!("../../next-blog/src/app/globals.css");

/// The blog on a database.
pub fn app(db: Client) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/posts", post(actions::add_post))
        .route("/posts/{id}", get(pages::article))
        .route("/posts/{id}/publish", post(actions::publish))
        .route("/authors", get(api::authors))
        .route("/authors.js", get(api::script))
        .route("/api/users", get(api::users))
        .route("/blog.css", get(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)))
        .fallback(async || Failure::NotFound)
        .with_state(db)
}
