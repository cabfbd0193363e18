//! Writes the Rust clients that are not checked in: that of `names/schema.prisma`, as projects do, and, where the cases run on
//! PostgreSQL, that of the same schema for it.

use std::path::Path;
use std::{env, fs};

fn main() {
    if env::var_os("CARGO_FEATURE_POSTGRES").is_some() {
        on_postgres();
    }
    purlin_codegen::build("names/schema.prisma");
}

/// `schema.prisma` with another provider.
fn on_postgres() {
    println!("cargo::rerun-if-changed=schema.prisma");
    let out = env::var_os("OUT_DIR").expect("Cargo sets it");
    let out = Path::new(&out);
    let text = fs::read_to_string("schema.prisma").expect("the schema is there");
    let schema = out.join("postgres.prisma");
    let text = text.replace("provider = \"sqlite\"", "provider = \"postgresql\"");
    fs::write(&schema, text).expect("the folder of the build takes it");
    purlin_codegen::build(&schema);
    fs::rename(out.join("db.rs"), out.join("postgres.rs")).expect("the client was written");
}
