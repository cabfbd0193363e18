//! A post in the list of its author's.

use maud::{Markup, Render, html};
use purlin::{DateTime, Select};

use crate::db::Post;
use crate::format::{day, views};

/// What a list shows of a post.
#[derive(Select)]
#[select(Post, json)]
pub(crate) struct PostCard {
    id: i32,
    title: String,
    content: String,
    published: bool,
    views: i32,
    created_at: DateTime,
}

impl Render for PostCard {
    fn render(&self) -> Markup {
        html! {
            li.post {
                a href={ "/posts/" (self.id) } {
                    h3 { (self.title) }
                    @if !self.content.is_empty() { p.excerpt { (self.content) } }
                    p.meta {
                        @if self.published { span { (views(self.views)) } } @else { span.draft { "Draft" } }
                        (day(self.created_at))
                    }
                }
            }
        }
    }
}
