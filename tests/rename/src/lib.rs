//! A page of a Rust server: a component says what it shows, and the page loads just that.

use purlin::Select;

pub mod db;

/// A list entry: the component and its fragment in one.
#[derive(Select)]
#[select(db::Post)]
pub struct PostEntry {
    pub title: String,
}

impl PostEntry {
    pub fn html(&self) -> String {
        format!("<li>{}</li>", self.title)
    }
}

#[derive(Select)]
#[select(db::User)]
pub struct UserSection {
    pub name: String,
    pub posts: Vec<PostEntry>,
}

pub async fn page(db: &db::Client) -> Result<String, purlin::Error> {
    let users = db.user().find_many().select::<UserSection>().await?;
    Ok(users.iter().flat_map(|user| &user.posts).map(PostEntry::html).collect())
}
