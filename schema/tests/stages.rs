//! Which findings are shown beside which others.

use purlin_schema::{SourceFile, parse};

/// The codes that a schema gives.
fn codes(text: &str) -> Vec<&'static str> {
    let files = [SourceFile { path: "schema.prisma".into(), text: text.into() }];
    parse(&files).1.into_iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn the_configuration_hides_only_what_depends_on_it() {
    let wrong = "datasource db {\n  provider = \"sqlite\"\n  colour = \"red\"\n}\n";
    assert_eq!(codes(wrong), ["unknown-property"]);
    assert_eq!(codes(&format!("{wrong}model A {{\n  id Foo\n}}\n")), ["unknown-property", "unknown-type"]);
    assert_eq!(codes(&format!("{wrong}model A {{\n  id Int @di\n}}\n")), ["unknown-property", "unknown-attribute"]);
    assert_eq!(codes(&format!("{wrong}model A {{\n  id Int\n}}\n")), ["unknown-property"]);
}

#[test]
fn a_relation_that_is_ambiguous_hides_what_comes_after_it() {
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
    // An attribute that is wrong by itself hides both.
    assert_eq!(codes(text), ["name-and-map"]);
    assert_eq!(codes(&text.replace("name: \"a\", ", "")), ["no-identity", "ambiguous-relation"]);
}
