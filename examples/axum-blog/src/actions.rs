//! What the forms do.

use axum::extract::rejection::PathRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::components::add_post::Refused;
use crate::db::{Client, NewPost};
use crate::failure::Failure;
use crate::pages;

/// A form as it was sent; what is missing is empty, and refused in words below.
#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[derive(Default)]
pub(crate) struct AddPost {
    author_id: String,
    title: String,
    content: String,
}

pub(crate) async fn add_post(State(db): State<Client>, Form(form): Form<AddPost>) -> Result<Response, Failure> {
    let title = form.title.trim().to_owned();
    // Forms send line ends as CRLF.
    let content = form.content.replace("\r\n", "\n").trim().to_owned();
    let author_id = form.author_id.parse::<i32>().ok();

    let problem = match author_id {
        _ if title.chars().count() < 3 => "A title needs at least 3 characters.",
        None => "A post needs an author.",
        Some(author_id) => {
            let created = db
                .post()
                .create(NewPost { title: title.clone() })
                .set(|post| post.author_id.to(author_id))
                .set(|post| post.content.to(&content))
                .await;
            match created {
                Ok(_) => return Ok(Redirect::to(&format!("/#user-{author_id}")).into_response()),
                // The page was open while the author left: the foreign key says so, no second query has to ask.
                Err(error) if error.is_foreign_key_violation() => "This author no longer exists.",
                Err(error) => return Err(error.into()),
            }
        }
    };
    let refused = Refused { problem, author_id, title, content };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, pages::users(&db, Some(&refused)).await?).into_response())
}

pub(crate) async fn publish(
    State(db): State<Client>,
    id: Result<Path<i32>, PathRejection>,
) -> Result<Redirect, Failure> {
    let Path(id) = id.map_err(|_| Failure::NotFound)?;
    db.post().update(|post| post.id.eq(id)).set(|post| post.published.to(true)).await?;
    Ok(Redirect::to(&format!("/posts/{id}")))
}
