//! The pages: each asks the database once, for the fragment of its outermost component.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use maud::{Markup, html};

use crate::components::add_post::Refused;
use crate::components::article::Article;
use crate::components::drawings::frame;
use crate::components::page::page;
use crate::components::user_card::UserCard;
use crate::db::Client;
use crate::failure::Failure;

pub(crate) async fn home(State(db): State<Client>) -> Result<Markup, Failure> {
    users(&db, None).await
}

/// All users with their posts; `refused` is what one of the forms was sent with, and why that will not do.
pub(crate) async fn users(db: &Client, refused: Option<&Refused>) -> Result<Markup, Failure> {
    let users = UserCard::all(db).await?;
    let homeless = refused.filter(|refused| !users.iter().any(|user| refused.is_for(user.author.id)));
    Ok(page(
        None,
        html! {
            main {
                header.opening {
                    div {
                        h1 { "Notes from people who raise timber frames" }
                        p {
                            "Four desks, one workshop. Pick an author, read what they learned, or write the next post "
                            "yourself."
                        }
                    }
                    (frame())
                }
                @if let Some(refused) = homeless { p.problem role="alert" { (refused.problem) } }
                @for user in &users { (user.section(refused)) }
            }
        },
    ))
}

pub(crate) async fn article(State(db): State<Client>, id: Result<Path<i32>, PathRejection>) -> Result<Markup, Failure> {
    // Anybody can type an address; one that cannot be an id leads nowhere.
    let Path(id) = id.map_err(|_| Failure::NotFound)?;
    let article = db.post().find_unique(|post| post.id.eq(id)).or_not_found().select::<Article>().await?;
    Ok(page(Some(&article.title), html! { main { (article) } }))
}
