//! The authors as JSON, the page of the browser that shows them, and the types that it is checked against.

use std::fs;
use std::path::Path;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use maud::{Markup, html};
use purlin::typescript::{self, ExportError};

use crate::components::page::page;
use crate::components::user_card::UserCard;
use crate::db::Client;
use crate::failure::Failure;

/// The page, compiled.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web/dist/authors.js");

/// The types that the page is checked against.
pub const TYPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web/types.ts");

/// Writes the types of what `GET /api/users` returns.
pub fn export_types(path: impl AsRef<Path>) -> Result<(), ExportError> {
    typescript::export::<Vec<UserCard>>(path)
}

pub(crate) async fn users(State(db): State<Client>) -> Result<Json<Vec<UserCard>>, Failure> {
    Ok(Json(UserCard::all(&db).await?))
}

pub(crate) async fn authors() -> Markup {
    page(
        Some("Authors"),
        html! {
            main {
                h1 { "Authors" }
                ol.posts #authors { li { "One moment." } }
                script type="module" src="/authors.js" {}
            }
        },
    )
}

/// Read when it is asked for: whoever works on the page compiles it while the server runs.
pub(crate) async fn script() -> Result<impl IntoResponse, Failure> {
    let text = fs::read_to_string(SCRIPT).map_err(|_| {
        eprintln!("error: there is no {SCRIPT}: compile it by `npx --package typescript tsc --project web`");
        Failure::NotFound
    })?;
    Ok(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `cargo run -p axum-blog -- types` writes the file.
    #[test]
    fn the_page_is_checked_against_the_types_of_today() -> Result<(), ExportError> {
        typescript::check::<Vec<UserCard>>(TYPES)
    }
}
