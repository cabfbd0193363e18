//! Writes the Rust client of `names/schema.prisma`, as projects do that do not check theirs in.

fn main() {
    purlin_codegen::build("names/schema.prisma");
}
