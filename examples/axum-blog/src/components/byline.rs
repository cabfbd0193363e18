//! A name with its initials in a disc; the disc's tint follows from the id.

use maud::{Markup, html};
use purlin::Select;

use crate::db::User;

/// What a byline needs of a user.
#[derive(Select)]
#[select(User)]
pub(crate) struct Author {
    id: i32,
    name: String,
}

impl Author {
    pub(crate) fn byline(&self, aside: Markup) -> Markup {
        byline(self.id, Name::Line(&self.name), Some(aside))
    }
}

/// How a byline shows the name.
#[derive(Clone, Copy)]
pub(crate) enum Name<'a> {
    Heading(&'a str),
    Line(&'a str),
}

pub(crate) fn byline(id: i32, name: Name<'_>, aside: Option<Markup>) -> Markup {
    let (Name::Heading(text) | Name::Line(text)) = name;
    let initials: String = text.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let hue = (i64::from(id) * 67) % 360;
    html! {
        div.byline {
            span.disc style={ "--hue:" (hue) } aria-hidden="true" { (initials) }
            div {
                @match name {
                    Name::Heading(text) => h2.name { (text) },
                    Name::Line(text) => p.name { (text) },
                }
                @if let Some(aside) = aside { p.aside { (aside) } }
            }
        }
    }
}
