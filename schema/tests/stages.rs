//! Which findings are shown beside which others.

use purlin_schema::{Severity, SourceFile, parse};

/// The codes of the errors in a schema, each with its line.
fn errors(text: &str) -> Vec<(usize, &'static str)> {
    let files = [SourceFile { path: "schema.prisma".into(), text: text.into() }];
    let diagnostics = parse(&files).1.into_iter().filter(|it| it.severity == Severity::Error);
    let line = |start: usize| text[..start].matches('\n').count() + 1;
    diagnostics.map(|diagnostic| (line(diagnostic.span.start), diagnostic.code())).collect()
}

/// The codes alone.
fn codes(text: &str) -> Vec<&'static str> {
    errors(text).into_iter().map(|(_, code)| code).collect()
}

#[test]
fn independent_mistakes_are_shown_together() {
    let text = "
model A {
  id   Int @id @id
  name Strng
  name String
  age  Int @default(\"x\")
  born
}

enum Color {
}

modl B {
  id Int
}
";
    assert_eq!(
        errors(text),
        [
            (3, "repeated-attribute"),
            (3, "repeated-attribute"),
            (4, "unknown-type"),
            (5, "duplicate-field"),
            (6, "wrong-value"),
            (7, "missing-type"),
            (10, "empty-enum"),
            (13, "unknown-block"),
        ]
    );
}

#[test]
fn the_configuration_hides_only_what_it_decides() {
    let wrong = "datasource db {\n  provider = \"sqlite\"\n  colour = \"red\"\n}\n";
    assert_eq!(codes(wrong), ["unknown-property"]);
    assert_eq!(codes(&format!("{wrong}model A {{\n  id Foo @id\n}}\n")), ["unknown-property", "unknown-type"]);
    assert_eq!(codes(&format!("{wrong}model A {{\n  id Int @di\n}}\n")), ["unknown-property", "unknown-attribute"]);
    assert_eq!(codes(&format!("{wrong}model A {{\n  id Int\n}}\n")), ["unknown-property", "no-identity"]);
    // Which types a database has is open while it is open which database is meant.
    let model = "model A {\n  id Int @id\n  b Int[] @db.Nothing\n}\n";
    assert_eq!(codes(&format!("{wrong}{model}")), ["unknown-property", "scalar-list", "native-type"]);
    let unknown = wrong.replace("sqlite", "sqlit");
    assert_eq!(codes(&format!("{unknown}{model}")), ["unknown-provider", "unknown-property"]);
    // The keys of a model do not hang on the database.
    assert_eq!(
        codes(&format!("{unknown}model A {{\n  id Int\n}}\n")),
        ["unknown-provider", "unknown-property", "no-identity"]
    );
}

#[test]
fn a_field_that_occurs_twice_is_judged_twice_and_blames_nothing_else() {
    let text = "
model User {
  id    Int @id
  posts Post[]
}

model Post {
  id     Int  @id
  author User @relation(fields: [id], references: [id])
  id     Strng
  id     Int  @id @default(\"x\")
}
";
    assert_eq!(
        errors(text),
        [(10, "duplicate-field"), (10, "unknown-type"), (11, "duplicate-field"), (11, "wrong-value")]
    );
    // One of the two is a relation: whether `references` may name it is open.
    let relation = "
model User {
  id Post
  id    Int @id
}

model Post {
  id     Int  @id
  author User @relation(fields: [id], references: [id])
}
";
    assert_eq!(errors(relation), [(4, "duplicate-field")]);
}

#[test]
fn an_id_that_is_given_twice_is_one_mistake() {
    assert_eq!(codes("model A {\n  a Int @id @id\n  b Int @id\n}\n"), ["repeated-attribute", "repeated-attribute"]);
    assert_eq!(codes("model A {\n  a Int @id\n  b Int @id\n}\n"), ["second-id"]);
    // Each id is judged by itself all the same.
    assert_eq!(codes("model A {\n  a Int @id\n  b Int?\n  @@id([b])\n}\n"), ["second-id", "optional-id"]);
}

#[test]
fn a_provider_with_a_mistyped_name_is_one_mistake() {
    for property in ["provder = \"sqlite\"", "providers = \"mysql\"", "database = \"postgresql\""] {
        assert_eq!(codes(&format!("datasource db {{\n  {property}\n}}\n")), ["missing-provider"], "{property}");
    }
    let other = "datasource db {\n  colour = \"red\"\n}\n";
    assert_eq!(codes(other), ["missing-provider", "unknown-property"]);
    let unreadable = "datasource db {\n  provider \"sqlite\"\n}\n";
    assert_eq!(codes(unreadable), ["syntax"]);
}

#[test]
fn a_datasource_that_is_wrong_in_itself_is_not_the_second_one() {
    let one = "datasource db {\n  provider = \"sqlite\"\n}\n";
    let two = "datasource other {\n  provider = \"mysql\"\n}\n";
    assert_eq!(codes(&format!("{one}{two}")), ["second-datasource", "second-datasource"]);
    assert_eq!(codes(&format!("{one}{}", two.replace("mysql", "purlin-rust"))), ["unknown-provider"]);
    assert_eq!(codes(&format!("{one}{}", two.replace("provider", "colour"))), ["missing-provider"]);
}

#[test]
fn a_list_on_a_database_without_lists_is_one_mistake() {
    let text = "
datasource db {
  provider = \"sqlite\"
}

model Post {
  id       Int       @id
  comments Comment[]
}

model Comment {
  id     Int   @id
  postId Int[]
  post   Post  @relation(fields: [postId], references: [id])
}
";
    assert_eq!(errors(text), [(13, "scalar-list")]);
    assert_eq!(errors(&text.replace("sqlite", "postgresql")), [(14, "foreign-key-type")]);
}

#[test]
fn a_block_whose_first_line_is_wrong_is_one_mistake() {
    for header in ["model {", "datasource { db", "modl A {", "m?odel A {"] {
        let text = format!("{header}\n  id Int @id\n  b  Int\n}}\n\nmodel B {{\n  id Int @id\n}}\n");
        let errors = errors(&text);
        assert!(errors.len() == 1 && errors[0].0 == 1, "{header}: {errors:?}");
    }
}

#[test]
fn a_brace_in_a_line_that_cannot_be_read_does_not_end_the_block() {
    for line in ["@@index([}id])", "name String @default(\"x\"}", "name String @unique(map: \"u\"} // why"] {
        let text = format!("model A {{\n  id Int @id\n  {line}\n  age Int\n}}\n");
        let errors = errors(&text);
        assert!(errors.len() == 1 && errors[0].0 == 3, "{line}: {errors:?}");
    }
}

#[test]
fn a_name_on_a_line_that_cannot_be_read_is_not_missed_elsewhere() {
    let text = "
model A {
  id  Int @id
  nme Int Int
  b   Int @@

  @@index([nme])
  @@index([b])
  @@index([zzz])
}

model {
  id Int @id
}
";
    assert_eq!(errors(text), [(4, "syntax"), (5, "syntax"), (9, "unknown-field"), (12, "syntax")]);
}

#[test]
fn a_relation_that_is_ambiguous_hides_only_itself() {
    let text = "
model Before {
  a Int
}

model Letter {
  id       Int    @id
  sender   Person
  receiver Person

  @@index([id], name: \"a\", map: \"b\")
}

model Person {
  id   Int    @id
  pets Animal
}

model Animal {
  name String
}
";
    let expected = [
        (2, "no-identity"),
        (8, "ambiguous-relation"),
        (11, "name-and-map"),
        (16, "missing-back-relation"),
        (19, "no-identity"),
    ];
    assert_eq!(errors(text), expected);
}

#[test]
fn a_block_whose_name_is_taken_is_judged_by_itself() {
    let text = "
model A {
  id Int @id
}

model A {
  id   Int @uniq
  name String @default(3)
  name String
}

enum Kind {
  X
}

enum Kind {
  Y
  Y
}
";
    let expected = [
        (6, "duplicate-name"),
        (7, "unknown-attribute"),
        (8, "wrong-value"),
        (9, "duplicate-field"),
        (16, "duplicate-name"),
        (18, "duplicate-value"),
    ];
    assert_eq!(errors(text), expected);
}

#[test]
fn a_name_that_a_model_and_an_enum_have_is_one_mistake() {
    let text = "
model User {
  id   Int  @id
  role Role @default(ADMIN) @unique

  @@index([role])
}

model Role {
  id Int @id
}

enum Role {
  ADMIN
}
";
    assert_eq!(errors(text), [(13, "duplicate-name")]);
}

#[test]
fn an_id_of_a_view_is_one_mistake() {
    let text = "
datasource db {
  provider = \"sqlite\"
}

generator client {
  provider = \"purlin-typescript\"
}

view Author {
  id    Int    @id
  posts Post[]
}

model Post {
  id       Int    @id
  authorId Int
  author   Author @relation(fields: [authorId], references: [id])
}
";
    assert_eq!(errors(text), [(11, "view-constraint")]);
}

/// Two models that are right but for what `line` does to the field `author`, and beside them a model that is wrong.
fn beside(line: &str) -> String {
    format!(
        "
model User {{
  id    Int    @id
  posts Post[]
}}

model Post {{
  id       Int  @id
  {line}
  authorId Int
}}

model Tag {{
  id    Int   @id
  notes Note[]
}}

model Note {{
  id    Int  @id
  tagId Int
  tag   Tag  @relation(fields: [tagId], references: [name])
}}
"
    )
}

#[test]
fn a_mistake_in_one_model_hides_no_relation_of_others() {
    for (line, code) in [
        ("author User @relation(fields: [authorId], references: [id]) @frob", "unknown-attribute"),
        ("author User @relation(fields: [authorId], references: [id], onDelete: Casc)", "unknown-action"),
        ("author User @relation(fields: [authorId, references: [id])", "syntax"),
        ("author", "missing-type"),
        ("author Usr @relation(fields: [authorId], references: [id])", "unknown-type"),
        ("author User[]? @relation(fields: [authorId], references: [id])", "optional-list"),
    ] {
        let text = beside(line).replace("[name]", "[tagId]").replace("  tagId Int\n", "  tagId String\n");
        let text = text.replace("model Tag {\n", "model Tag {\n  tagId Int\n");
        assert_eq!(errors(&text), [(9, code), (22, "foreign-key-type"), (22, "references-no-key")], "{line}");
    }
}

#[test]
fn what_a_broken_end_would_have_made_is_not_missed() {
    for line in [
        "author",
        "author @relation(fields: [authorId], references: [id])",
        "author User @relaton(fields: [authorId], references: [id])",
        "author User @relation(field: [authorId], references: [id])",
        "author User @relation(fields: [authorId], references: [id])) ",
        "author Usr @relation(fields: [authorId], references: [id])",
        "author User | @relation(fields: [authorId], references: [id])",
        "author User ; @relation(fields: [authorId], references: [id])",
        "author User = @relation(fields: [authorId], references: [id])",
        "author Int @relation(fields: [authorId], references: [id])",
        "author User @relation(fields: [writerId], references: [id])",
        "author User @relation(fields: [authorId], references: [key])",
    ] {
        let errors = errors(&beside(line).replace("[name]", "[id]"));
        assert!(errors.iter().all(|(number, _)| *number == 9) && !errors.is_empty(), "{line}: {errors:?}");
    }
}

#[test]
fn a_key_that_may_be_on_a_broken_line_is_not_missed() {
    let model = |line: &str| format!("model A {{\n  {line}\n  b Int\n}}\n");
    for line in
        ["id Int @idd", "id Int @id(foo: 1)", "id Int @@id", "id Int @", "id", "@@id([b)", "@@ids([b])", "id Foo @id"]
    {
        let codes = codes(&model(line));
        assert!(!codes.contains(&"no-identity") && !codes.is_empty(), "{line}: {codes:?}");
    }
    // What has nothing to do with a key hides none.
    for line in
        ["name String @default(3)", "name Strng", "name", "name String @mapp(\"x\")", "@@index([zzz])", "@@map(\"\")"]
    {
        let codes = codes(&model(line));
        assert!(codes.contains(&"no-identity") && codes.len() == 2, "{line}: {codes:?}");
    }
}

#[test]
fn a_type_that_does_not_fit_its_default_is_one_mistake() {
    let text = "
model User {
  id    Int    @id @default(uuid())
  posts Post[]
}

model Post {
  id       Int    @id
  authorId String
  author   User   @relation(fields: [authorId], references: [id])
}
";
    assert_eq!(errors(text), [(3, "default-type")]);
    assert_eq!(errors(&text.replace(" @default(uuid())", "")), [(10, "foreign-key-type")]);
    for default in ["\"x\"", "true", "now()"] {
        let text = text.replace("uuid()", default);
        assert!(errors(&text).iter().all(|(line, _)| *line == 3), "{default}: {:?}", errors(&text));
    }
}

#[test]
fn an_enum_or_a_model_that_is_declared_twice_may_have_what_is_missed() {
    let text = "
model User {
  id    Int   @id
  kind  Kind  @default(B)
  state State @default(Y)
  posts Post[]
}

model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [code])
}

enum Kind {
  A
}

enum Kind {
  B
}

enum State {
  X
}

model User {
  code Int @id
}
";
    let expected = [(5, "unknown-enum-value"), (19, "duplicate-name"), (27, "duplicate-name")];
    assert_eq!(errors(text), expected);
}

#[test]
fn what_stands_below_a_brace_too_many_is_not_missed() {
    let text = "
model User {
  id    Int    @id
  posts Post[]
}

model Post {
  id       Int  @id
}
  authorId Int
  author   User @relation(fields: [authorId], references: [id])
}
";
    let errors = errors(text);
    assert!(errors.iter().all(|(line, code)| *line > 8 && matches!(*code, "syntax" | "unknown-block")), "{errors:?}");
}

#[test]
fn a_block_that_is_not_closed_is_reported_where_the_next_begins() {
    let text = "
model User {
  id Int @id

enum Kind {
  A
}
";
    assert_eq!(errors(text), [(5, "unclosed-block")]);
    assert_eq!(
        errors(&text.replace("\nenum Kind {", "}\nenum Kind {").replace("  A\n}", "  A\n")),
        [(5, "unclosed-block")]
    );
    assert_eq!(errors("generator g {\n  provider = \"x\"\n\nmodel A {\n  id Int @id\n}\n"), [(4, "unclosed-block")]);
}

#[test]
fn a_schema_for_another_database_is_judged_but_for_what_the_database_can() {
    let text = "
datasource db {
  provider = \"cockroachdb\"
}

model User {
  id    Int    @id @default(sequence())
  name  String @db.String(20) @frob
  posts Post[]
}
";
    assert_eq!(errors(text), [(3, "foreign-provider"), (8, "unknown-attribute"), (9, "unknown-type")]);
    assert_eq!(errors(&text.replace("cockroachdb", "sqlserver")).len(), 3);
    // The language of a document database is another one.
    assert_eq!(codes(&text.replace("cockroachdb", "mongodb")), ["foreign-provider"]);
}

#[test]
fn a_relation_of_a_model_that_is_declared_twice_is_judged_by_itself() {
    let text = "
model User {
  id Int @id
}

model User {
  id     Int   @id
  boss   User? @relation(\"\", fields: [id], references: [id])
  friend User? @relation(fields: [id], references: [id], onDelete: Casc, map: 3)
}
";
    assert_eq!(errors(text), [(6, "duplicate-name"), (8, "empty-name"), (9, "unknown-action"), (9, "wrong-value")]);
}

#[test]
fn a_type_that_does_not_exist_hides_only_relations_that_it_may_be_part_of() {
    let text = "
model User {
  id    Int    @id
  posts Post[]
}

model Post {
  id   Int  @id
  name Strng
}
";
    assert_eq!(errors(text), [(4, "missing-back-relation"), (9, "unknown-type")]);
    assert_eq!(errors(&text.replace("Strng", "Usr")), [(9, "unknown-type")]);
    assert_eq!(errors(&text.replace("Strng", "User2[]")), [(9, "unknown-type")]);
    assert_eq!(errors(&text.replace("Strng", "")), [(9, "missing-type")]);
    assert_eq!(errors(&text.replace("name Strng", "author User @@")), [(9, "syntax")]);
}

/// What is open is looked up, not searched for: the work is that of reading the schema.
#[test]
#[expect(clippy::disallowed_types, reason = "only the test measures time")]
fn many_findings_are_weighed_in_linear_time() {
    let many = |line: &dyn Fn(usize) -> String| (0..4_000).map(line).collect::<String>();
    let names = (0..4_000).map(|index| format!("r{index}")).collect::<Vec<_>>().join(", ");
    let texts = [
        // Fields of one model that each lead to another, and fields that are open.
        format!(
            "model A {{\n{}}}\nmodel B {{\n{}}}\n",
            many(&|it| format!("  r{it} B\n")),
            many(&|it| format!("  r{it} Nothing\n"))
        ),
        // A list whose every entry is wrong, and one attribute over and over.
        format!("model A {{\n{}  @@index([{names}])\n}}\n", many(&|it| format!("  r{it} A\n"))),
        format!("model A {{\n  id Int @id{}\n}}\n", " @frob @id @default(1)".repeat(4_000)),
        // Each property twice.
        format!("datasource db {{\n{}}}\n", many(&|_| "  relationMode = \"x\"\n".to_owned())),
        format!(
            "mixin M {{\n{}}}\n{}",
            many(&|it| format!("  a{it} Nothing\n")),
            (0..40).map(|it| format!("model A{it} {{\n  @@include(M)\n}}\n")).collect::<String>()
        ),
    ];
    for text in texts {
        let begin = std::time::Instant::now();
        assert!(!errors_of(&text).is_empty());
        assert!(begin.elapsed() < std::time::Duration::from_secs(20), "{:?}: {}", begin.elapsed(), &text[..40]);
    }
}

/// The findings alone, without their lines.
fn errors_of(text: &str) -> Vec<purlin_schema::Diagnostic> {
    parse(&[SourceFile { path: "schema.prisma".into(), text: text.into() }]).1
}
