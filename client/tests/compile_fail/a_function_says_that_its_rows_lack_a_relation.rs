#[path = "../blog/db.rs"]
mod db;

use db::{NewPost, Post};
use purlin::New;

fn draft(title: &str) -> New<Post> {
    NewPost { title: title.into() }.set(|post| post.published.to(false))
}

fn main() {}
