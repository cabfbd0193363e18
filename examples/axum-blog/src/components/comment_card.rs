//! What a reader answered to a post.

use maud::{Markup, Render, html};
use purlin::{DateTime, Select};

use super::byline::Author;
use crate::db::Comment;
use crate::format::day;

#[derive(Select)]
#[select(Comment)]
pub(crate) struct CommentCard {
    body: String,
    created_at: DateTime,
    author: Author,
}

impl Render for CommentCard {
    fn render(&self) -> Markup {
        html! {
            div.comment {
                (self.author.byline(day(self.created_at)))
                p { (self.body) }
            }
        }
    }
}
