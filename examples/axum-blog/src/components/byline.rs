//! A name with its initials in a disc; the disc's tint follows from the id.

use maud::{Markup, html};
use purlin::Select;

use crate::db::User;

/// What a byline needs of a user.
#[derive(Select)]
#[select(User, json)]
pub(crate) struct Author {
    pub(crate) id: i32,
    pub(crate) name: String,
}

impl Author {
    /// The name as a line of text.
    pub(crate) fn byline(&self, aside: Markup) -> Markup {
        self.beside_disc(html! { p.name { (self.name) } p.aside { (aside) } })
    }

    /// The name as a heading.
    pub(crate) fn heading(&self, aside: Option<&str>) -> Markup {
        self.beside_disc(html! { h2.name { (self.name) } @if let Some(aside) = aside { p.aside { (aside) } } })
    }

    fn beside_disc(&self, text: Markup) -> Markup {
        let initials: String = self.name.split_whitespace().filter_map(|word| word.chars().next()).collect();
        let hue = (i64::from(self.id) * 67) % 360;
        html! {
            div.byline {
                span.disc style={ "--hue:" (hue) } aria-hidden="true" { (initials) }
                div { (text) }
            }
        }
    }
}
