//! What is created on PostgreSQL. That a server takes it is tested in `driver/tests/postgres`.

use purlin_migrate::postgres;
use purlin_schema::source::SourceFile;

fn script(schema: &str) -> String {
    let files = [SourceFile { path: "schema.prisma".into(), text: schema.to_owned() }];
    let (schema, diagnostics) = purlin_schema::parse(&files);
    assert!(diagnostics.is_empty(), "{}", purlin_schema::report::text(&files, &diagnostics, false));
    postgres::create_script(&postgres::lower(&schema))
}

#[test]
fn each_kind_of_object_is_created_in_its_order() {
    insta::assert_snapshot!(script(include_str!("postgres/shop.prisma")));
}

#[test]
fn relations_that_the_client_keeps_whole_have_no_foreign_keys() {
    let script = script(
        r#"
datasource db {
  provider     = "postgresql"
  relationMode = "prisma"
}
model User {
  id    Int    @id
  posts Post[]
  tags  Tag[]
}
model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [id])
  @@index([authorId])
}
model Tag {
  id    Int    @id
  users User[]
}
"#,
    );
    assert!(!script.contains("FOREIGN KEY"), "{script}");
    assert!(script.contains("CREATE TABLE \"_TagToUser\""), "{script}");
}

#[test]
fn a_type_of_an_extension_brings_the_extension() {
    let script = script(
        r#"
datasource db {
  provider = "postgresql"
}
model User {
  id    Int    @id
  email String @unique @db.Citext
}
"#,
    );
    assert!(script.starts_with("-- CreateExtension\nCREATE EXTENSION IF NOT EXISTS \"citext\";\n"), "{script}");
}
