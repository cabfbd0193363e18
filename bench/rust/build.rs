//! Generates the client that is measured.

fn main() {
    purlin_codegen::build("../schema.prisma");
}
