//! The founding page.
fn main() {}
