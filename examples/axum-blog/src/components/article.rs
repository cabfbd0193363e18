//! One post with its author, its tags, and its comments with their authors: three levels, loaded by one query.

use maud::{Markup, Render, html};
use purlin::{DateTime, Select};

use super::byline::Author;
use super::comment_card::CommentCard;
use crate::db::{Post, Tag};
use crate::format::{day, views};

#[derive(Select)]
#[select(Post)]
pub(crate) struct Article {
    id: i32,
    pub(crate) title: String,
    content: String,
    published: bool,
    views: i32,
    created_at: DateTime,
    author: Author,
    #[select(order_by(|tag| tag.name.asc()))]
    tags: Vec<Label>,
    #[select(order_by(|comment| [comment.created_at.asc(), comment.id.asc()]))]
    comments: Vec<CommentCard>,
}

/// A tag in the list of a post's.
#[derive(Select)]
#[select(Tag)]
struct Label {
    name: String,
}

impl Render for Article {
    fn render(&self) -> Markup {
        html! {
            article.article {
                header {
                    ul.tags {
                        @for tag in &self.tags { li { (tag.name) } }
                        @if !self.published { li.draft { "Draft" } }
                    }
                    h1 { (self.title) }
                    (self.author.byline(html! {
                        (day(self.created_at))
                        @if self.published { " · " (views(self.views)) }
                    }))
                }
                div.prose { @for paragraph in self.content.split("\n\n") { p { (paragraph) } } }
                @if !self.published {
                    form.publish method="post" action={ "/posts/" (self.id) "/publish" } {
                        p { "Only people with the address see this draft." }
                        button { "Publish" }
                    }
                }
                section.comments {
                    h2 {
                        @match self.comments.len() {
                            0 => "No comments yet",
                            1 => "1 comment",
                            comments => { (comments) " comments" },
                        }
                    }
                    @for comment in &self.comments { (comment) }
                }
                a.back href="/" { "← All authors" }
            }
        }
    }
}
