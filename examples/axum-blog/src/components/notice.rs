//! The pages that stand in for one that is not there or cannot be read.

use maud::{Markup, html};

use super::page::page;

pub(crate) fn not_found() -> Markup {
    page(
        None,
        html! {
            main.notice {
                p.meta { "404" }
                h1 { "Nothing is built here" }
                p { "The page was taken down, or nobody has raised it yet." }
                a href="/" { "Back to the workshop" }
            }
        },
    )
}

pub(crate) fn broken() -> Markup {
    page(
        None,
        html! {
            main.notice {
                p.meta { "Something gave way" }
                h1 { "The page could not be read" }
                p { "The server’s log has the cause. " code { "purlin migrate status" } " tells how the database stands." }
                a href="/" { "Back to the workshop" }
            }
        },
    )
}
