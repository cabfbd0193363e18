//! The frame of every page.

use maud::{DOCTYPE, Markup, html};

use super::drawings::roof;

/// A whole document around `content`.
pub(crate) fn page(title: Option<&str>, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="description" content="Notes from people who raise timber frames";
                title { @if let Some(title) = title { (title) " · " } "Ridge & Rafter" }
                link rel="stylesheet" href="/blog.css";
            }
            body {
                nav.masthead { a href="/" { (roof()) "Ridge & Rafter" } }
                (content)
                footer.colophon { "Fragments and handlers on one typed client. One query a page." }
            }
        }
    }
}
