//! PostgreSQL: the database that a schema describes, and the script that creates it.

mod lower;
mod render;

pub use lower::lower;
pub use render::create_script;
