//! The form for a new post of an author.

use maud::{Markup, Render, html};

/// A form that was sent and will not do: what to mend, and what was typed.
pub(crate) struct Refused {
    pub(crate) problem: &'static str,
    pub(crate) author_id: Option<i32>,
    pub(crate) title: String,
    pub(crate) content: String,
}

impl Refused {
    pub(crate) fn is_for(&self, author_id: i32) -> bool {
        self.author_id == Some(author_id)
    }
}

pub(crate) struct AddPostForm<'a> {
    pub(crate) author_id: i32,
    pub(crate) author: &'a str,
    pub(crate) refused: Option<&'a Refused>,
}

impl Render for AddPostForm<'_> {
    fn render(&self) -> Markup {
        let Self { author_id, author, refused } = self;
        let problem_id = refused.map(|_| format!("problem-{author_id}"));
        html! {
            form.composer method="post" action="/posts" {
                input type="hidden" name="authorId" value=(author_id);
                // The focus also brings the reader down to the form that needs mending.
                input
                    name="title"
                    placeholder="Title of a new post"
                    aria-label={ "Title of a new post by " (author) }
                    aria-invalid=[refused.map(|_| "true")]
                    aria-describedby=[&problem_id]
                    autocomplete="off"
                    autofocus[refused.is_some()]
                    value=[refused.map(|refused| &refused.title)];
                button { "Add post" }
                textarea
                    name="content"
                    rows="4"
                    placeholder="What happened? You can also leave this empty."
                    aria-label="Text" {
                    @if let Some(refused) = refused { (refused.content) }
                }
                @if let Some(refused) = refused {
                    p.problem id=[&problem_id] role="alert" { (refused.problem) }
                }
            }
        }
    }
}
