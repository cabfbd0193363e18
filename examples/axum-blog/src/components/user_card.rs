//! An author of the first page: name and bio, posts, and the form for the next one.

use maud::{Markup, html};
use purlin::Select;

use super::add_post::{AddPostForm, Refused};
use super::byline::Author;
use super::post_card::PostCard;
use crate::db::{Client, User};

/// An author with all posts.
#[derive(Select)]
#[select(User, json)]
pub(crate) struct UserCard {
    #[select(flatten)]
    pub(crate) author: Author,
    bio: Option<String>,
    #[select(order_by(|post| [post.created_at.desc(), post.id.desc()]))]
    posts: Vec<PostCard>,
}

impl UserCard {
    /// The cards of all users, in the order in which they came.
    pub(crate) async fn all(db: &Client) -> Result<Vec<Self>, purlin::Error> {
        db.user().find_many().order_by(|user| user.id.asc()).select::<Self>().await
    }

    /// The section of the page; `refused` may be for another user's form.
    pub(crate) fn section(&self, refused: Option<&Refused>) -> Markup {
        let Self { author, bio, posts } = self;
        let Author { id, name } = author;
        html! {
            section.author id={ "user-" (id) } aria-label=(name) {
                (author.heading(bio.as_deref()))
                div {
                    ol.posts { @for post in posts { (post) } }
                    (AddPostForm {
                        author_id: *id,
                        author: name,
                        refused: refused.filter(|refused| refused.is_for(*id)),
                    })
                }
            }
        }
    }
}
