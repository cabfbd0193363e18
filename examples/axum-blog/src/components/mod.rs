//! The parts of the pages. A component that shows a row owns a fragment: a struct that says which fields it needs, and
//! how they become HTML. A parent holds its children's structs and knows nothing of their fields; one query loads all.

pub(crate) mod add_post;
pub(crate) mod article;
mod byline;
mod comment_card;
pub(crate) mod drawings;
pub(crate) mod notice;
pub(crate) mod page;
mod post_card;
pub(crate) mod user_card;
