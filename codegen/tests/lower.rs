//! What of a schema the clients see.

use purlin_codegen::lower::lower;
use purlin_query::catalog::{Arity, Catalog, Default, Key, Model, Relation, Through, Type};
use purlin_schema::source::SourceFile;

fn catalog(models: &str) -> Catalog {
    let text = format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{models}");
    let files = [SourceFile { path: "schema.prisma".into(), text }];
    let (schema, diagnostics) = purlin_schema::parse(&files);
    let errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == purlin_schema::Severity::Error);
    assert!(!errors, "{}", purlin_schema::report::text(&files, &diagnostics, false));
    lower(&schema)
}

fn names(model: &Model) -> Vec<&str> {
    model.fields.iter().map(|field| field.name.as_ref()).collect()
}

fn relation(catalog: &Catalog, model: usize, field: u16) -> &Relation {
    catalog.models.get(model).and_then(|model| model.relation(field)).expect("it is a relation")
}

#[test]
fn what_is_ignored_is_not_there_and_the_others_are_counted_anew() {
    let catalog = catalog(
        r#"
model Log {
  id Int @id
  @@ignore
}

model User {
  secret String  @ignore
  id     Int     @id
  posts  Post[]
  drafts Post[]  @relation("drafts") @ignore
}

model Post {
  id       Int   @id
  draft    Int?  @ignore
  authorId Int
  author   User  @relation(fields: [authorId], references: [id])
  ownerId  Int?
  owner    User? @relation("drafts", fields: [ownerId], references: [id])
}
"#,
    );
    let [user, post] = catalog.models.as_ref().as_array().expect("two models");
    assert_eq!((names(user), names(post)), (vec!["id", "posts"], vec!["id", "authorId", "author", "ownerId"]));
    assert_eq!(*relation(&catalog, 0, 1), Relation::referenced(1, 2, Arity::Many, &[0], &[1]));
    assert_eq!(*relation(&catalog, 1, 2), Relation::foreign(0, 1, Arity::One, &[1], &[0]));
}

#[test]
fn the_ends_of_a_join_table_are_its_columns() {
    let catalog = catalog(
        r#"
model Tag {
  name  String @id
  posts Post[]
}

model Post {
  id   Int   @id
  tags Tag[]
}
"#,
    );
    let through = |from, to| Through::new("_PostToTag", from, to);
    assert_eq!(*relation(&catalog, 0, 1), Relation::through(1, 1, &[0], &[0], through("B", "A")));
    assert_eq!(*relation(&catalog, 1, 1), Relation::through(0, 1, &[0], &[0], through("A", "B")));
}

#[test]
fn the_first_key_is_the_primary_one_or_one_of_required_columns() {
    let catalog = catalog(
        r#"
model Seat {
  row    Int
  number Int
  code   String? @unique
  place  String  @unique

  @@unique([row, number])
  @@unique([number, place], name: "spot")
}

model Row {
  a Int
  b Int @unique

  @@id([a, b])
}
"#,
    );
    let seat =
        [Key::new("place", &[3]), Key::new("code", &[2]), Key::new("row_number", &[0, 1]), Key::new("spot", &[1, 3])];
    assert_eq!(catalog.models[0].keys.as_ref(), seat);
    assert_eq!(catalog.models[1].keys.as_ref(), [Key::new("a_b", &[0, 1]), Key::new("b", &[1])]);
}

#[test]
fn partial_keys_name_no_row() {
    let catalog = catalog(
        r#"
generator client {
  provider = "purlin-rust"
}

model Task {
  id    Int    @id
  slug  String
  place Int

  @@unique([place])
  @@unique([slug], where: raw("place > 0"))
}
"#,
    );
    let task = catalog.models.first().expect("it is there");
    assert_eq!(&*task.keys, [Key::new("id", &[0]), Key::new("place", &[2])]);
}

#[test]
fn both_ends_of_a_self_relation_are_told_apart() {
    let catalog = catalog(
        r#"
model Node {
  id       Int    @id
  parentId Int?   @unique
  parent   Node?  @relation("Tree", fields: [parentId], references: [id])
  child    Node?  @relation("Tree")
}
"#,
    );
    assert_eq!(*relation(&catalog, 0, 2), Relation::foreign(0, 3, Arity::Optional, &[1], &[0]));
    assert_eq!(*relation(&catalog, 0, 3), Relation::referenced(0, 2, Arity::Optional, &[0], &[1]).indexed());
}

#[test]
fn columns_keep_their_names_types_and_defaults() {
    let catalog = catalog(
        r#"
enum Role {
  ADMIN @map("admin")
}

model Sample {
  id      String    @id @default(uuid(7))
  name    String?   @map("full_name")
  count   BigInt    @default(0)
  role    Role      @default(ADMIN)
  made    DateTime  @default(now())
  changed DateTime  @updatedAt
  slug    String    @default(nanoid(10))

  @@map("samples")
}
"#,
    );
    let model = &catalog.models[0];
    assert_eq!((model.name.as_ref(), model.table.as_ref()), ("Sample", "samples"));
    let columns: Vec<_> = model
        .columns()
        .map(|(_, _, column)| (column.name.as_ref(), column.ty, column.nullable, column.default, column.updated_at))
        .collect();
    let expected = [
        ("id", Type::String, false, Default::Uuid(7), false),
        ("full_name", Type::String, true, Default::None, false),
        ("count", Type::BigInt, false, Default::Database, false),
        ("role", Type::Enum(0), false, Default::Database, false),
        ("made", Type::DateTime, false, Default::Now, false),
        ("changed", Type::DateTime, false, Default::None, true),
        ("slug", Type::String, false, Default::Nanoid(10), false),
    ];
    assert_eq!(columns, expected);
    assert_eq!(catalog.enums[0].values[0].db_name, "admin");
}
