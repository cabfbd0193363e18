//! The formatter: what it writes, that it writes it only once, and that the schema says the same afterwards.

mod invariants;
mod samples;

use invariants::layout;
use purlin_schema::format::format;
use purlin_schema::{Rule, SourceFile, lexer, parse};
use samples::samples;

fn formatted(text: &str) -> String {
    let files = [SourceFile { path: "schema.prisma".into(), text: text.into() }];
    format(&files).pop().expect("there is a text a file")
}

/// `NAME.prisma` becomes `NAME.formatted.prisma`, and that stays as it is.
#[test]
fn each_case_is_written_as_expected() {
    let files = samples("format");
    let find = |name: &str| files.iter().find(|(other, _)| other == name).map(|(_, file)| file.text.as_str());
    let inputs: Vec<_> = files.iter().filter(|(name, _)| !name.ends_with(".formatted")).collect();
    assert_eq!(inputs.len() * 2, files.len(), "each input has its expected text");
    for (name, file) in inputs {
        let expected = find(&format!("{name}.formatted")).unwrap_or_default();
        let written = formatted(&file.text);
        assert_eq!(written, expected, "{name}\n{written}");
        assert_eq!(formatted(expected), expected, "{name}, once more");
    }
}

/// The halves of relations that are added are whole: nothing is left to say about the schema.
#[test]
fn what_is_added_is_valid() {
    let (_, file) = samples("format").into_iter().find(|(name, _)| name == "relations").expect("the case exists");
    let (_, before) = parse(std::slice::from_ref(&file));
    assert!(before.iter().any(|diagnostic| diagnostic.rule == Rule::MissingBackRelation), "{before:?}");
    let (_, after) = parse(&[SourceFile { text: formatted(&file.text), ..file }]);
    assert_eq!(after, []);
}

/// Where the usual name of the field that leads back is taken, the advice names another one, and the formatter writes it.
#[test]
fn a_field_that_leads_back_gets_a_name_that_is_free() {
    let source = |text: &str| SourceFile { path: "schema.prisma".into(), text: text.into() };
    for (text, added) in [
        (
            "model User {\n  id Int @id\n  posts Post[]\n}\nmodel Post {\n  id Int @id\n  authorId Int\n  editorId Int\n  \
             author User @relation(fields: [authorId], references: [id])\n  \
             editor User @relation(\"Ed\", fields: [editorId], references: [id])\n}\n",
            &["editorPosts Post[] @relation(\"Ed\")"][..],
        ),
        // Both are missing, and the second proposal knows the first.
        (
            "model User {\n  id Int @id\n}\nmodel Post {\n  id Int @id\n  authorId Int\n  editorId Int\n  \
             author User @relation(\"Au\", fields: [authorId], references: [id])\n  \
             editor User @relation(\"Ed\", fields: [editorId], references: [id])\n}\n",
            &["posts Post[] @relation(\"Au\")", "editorPosts Post[] @relation(\"Ed\")"],
        ),
        // The name is that of a column.
        (
            "model User {\n  id Int @id\n  posts Int\n}\nmodel Post {\n  id Int @id\n  authorId Int\n  \
             author User @relation(fields: [authorId], references: [id])\n}\n",
            &["authorPosts Post[]"],
        ),
        // A list, whose other half holds the key: that of the other relation is left alone.
        (
            "model User {\n  id Int @id\n  posts Post[]\n  drafts Post[] @relation(\"Drafts\")\n}\nmodel Post {\n  id Int @id\n  \
             user User @relation(fields: [userId], references: [id])\n  userId Int\n}\n",
            &["draftsUser User? @relation(\"Drafts\", fields: [draftsUserId], references: [id])"],
        ),
        (
            "model User {\n  id Int @id\n  profile Int\n}\nmodel Profile {\n  id Int @id\n  ownerId Int @unique\n  \
             owner User @relation(fields: [ownerId], references: [id])\n}\n",
            &["ownerProfile Profile?"],
        ),
    ] {
        let spaces = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        let before = parse(&[source(text)]).1;
        assert_eq!(before.len(), added.len(), "{before:?}");
        let written = formatted(text);
        for (line, diagnostic) in added.iter().zip(&before) {
            assert_eq!(diagnostic.rule, Rule::MissingBackRelation);
            let help = diagnostic.help.as_deref().unwrap_or_default();
            assert!(help.contains(", or let `purlin format` add it"), "{help}");
            assert!(help.contains(&format!("`{} ", name(line))), "{help}");
            assert!(spaces(&written).contains(line), "{written}");
        }
        assert_eq!(parse(&[source(&written)]).1, [], "{written}");
        check(text);
    }
}

/// The formatter is offered for nothing that it leaves alone.
#[test]
fn the_formatter_is_offered_only_for_what_it_adds() {
    for text in [
        // It cannot tell what to refer to.
        "model User {\n  name String\n  posts Post[]\n}\nmodel Post {\n  id Int @id\n}\n",
        // The columns of the relation are not there.
        "model User {\n  id Int @id\n}\nmodel Post {\n  id Int @id\n  author User @relation(fields: [absent], references: [id])\n}\n",
        // The name of the relation would have to be escaped.
        "model User {\n  id Int @id\n}\nmodel Post {\n  id Int @id\n  a Int\n  \
         author User @relation(\"a\\\"b\", fields: [a], references: [id])\n}\n",
        // Of a model to itself it is not offered: which half is missing is open.
        "model User {\n  id Int @id\n  friends User[] @relation(\"F\")\n}\n",
    ] {
        let files = [SourceFile { path: "schema.prisma".into(), text: text.into() }];
        let (_, diagnostics) = purlin_schema::parse_all_stages(&files);
        let found: Vec<_> = diagnostics.iter().filter(|it| it.rule == Rule::MissingBackRelation).collect();
        assert!(!found.is_empty(), "{text}: {diagnostics:?}");
        assert!(found.iter().all(|it| !it.help.as_deref().unwrap_or_default().contains("purlin format")), "{found:?}");
    }
}

fn check(text: &str) {
    layout::check(&[SourceFile { path: "schema.prisma".into(), text: text.into() }]);
}

fn all() -> Vec<(String, SourceFile)> {
    ["cases", "resolve", "format"].into_iter().flat_map(samples).collect()
}

#[test]
fn formatting_keeps_the_meaning_and_is_done_once() {
    for (_, file) in all() {
        check(&file.text);
    }
}

#[test]
fn line_breaks_of_windows_become_those_of_unix() {
    for (name, file) in all() {
        assert_eq!(formatted(&file.text.replace('\n', "\r\n")), formatted(&file.text), "{name}");
    }
}

/// Numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap_or_default()
    }
}

/// Texts with a few tokens taken out, put in, or put elsewhere.
#[test]
fn damaged_texts_lose_nothing() {
    const SEED: u64 = 0x5eed_0001;
    println!("seed: {SEED:#x}");
    const PIECES: [&str; 27] = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "@",
        "@@",
        "\n",
        "\n\n",
        " ",
        "// c\n",
        "/// d\n",
        "/* e */",
        "/* f\n g */",
        "/*",
        ",",
        ":",
        "?",
        "!",
        "=",
        "@@map(\"x\")",
        "model",
        "model B {",
        "é",
        "@id",
    ];
    let mut random = Random(SEED);
    for (_, file) in all() {
        let tokens = lexer::lex(&file.text);
        let words: Vec<&str> = tokens.iter().map(|token| &file.text[token.start..token.end]).collect();
        for _ in 0..100 {
            let mut words = words.clone();
            // A part of the text, so that the changes meet.
            let start = random.below(words.len());
            words = words[start..].iter().take(10 + random.below(150)).copied().collect();
            for _ in 0..1 + random.below(4) {
                let at = random.below(words.len() + 1);
                match random.below(4) {
                    0 if at < words.len() => drop(words.remove(at)),
                    1 if at < words.len() => {
                        let other = random.below(words.len());
                        words.swap(at, other);
                    }
                    _ => words.insert(at, PIECES[random.below(PIECES.len())]),
                }
            }
            check(&words.concat());
        }
    }
}

/// Each missing field is written into the file of its model.
#[test]
fn the_ends_of_a_relation_may_lie_in_different_files() {
    let file = |path: &str, text: &str| SourceFile { path: path.into(), text: text.into() };
    let files = [
        file("post.prisma", "model Post {\n  id Int @id\n  author User\n}\n"),
        file("notes.prisma", "// nothing to do\n"),
        file("user.prisma", "model User {\n  id String @id\n  drafts Draft[]\n}\n"),
        file("draft.prisma", "model Draft {\n  id Int @id\n}\n"),
    ];
    let expected = [
        "model Post {\n  id     Int    @id\n  author User   @relation(fields: [userId], references: [id])\n  userId String\n}\n",
        "// nothing to do\n",
        "model User {\n  id     String  @id\n  drafts Draft[]\n  posts  Post[]\n}\n",
        "model Draft {\n  id     Int     @id\n  user   User?   @relation(fields: [userId], references: [id])\n  userId String?\n}\n",
    ];
    assert_eq!(format(&files), expected);
    // A line that cannot be read, in any of them, may be what is missing.
    let damaged = [file("a.prisma", "model A {\n  id Int @id\n  b B\n}\n"), file("b.prisma", "model B {\n  a A[\n}\n")];
    assert_eq!(format(&damaged), ["model A {\n  id Int @id\n  b  B\n}\n", "model B {\n  a A[\n}\n"]);
}

/// Each of these is slow only if something takes quadratic time: it would then run for minutes.
#[test]
#[expect(clippy::disallowed_types, reason = "only the test measures time")]
fn large_inputs_take_linear_time() {
    let count = 10_000;
    let lines = |line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let model = |body: String| format!("model A {{\n  id Int @id\n{body}}}\n");
    let inputs = [
        model(lines(&|n| format!("  field{n} Int @unique @default({n}) // {n}\n"))),
        model(lines(&|n| format!("  // {n}\n  @@index([field{n}])\n"))),
        model(lines(&|n| format!("  b{n} B{n}[]\n"))) + &lines(&|n| format!("model B{n} {{\n  id Int @id\n}}\n")),
        lines(&|n| format!("model M{n} {{\n  id Int @id\n  next M{}?\n}}\n", n + 1)),
        model(format!("  a Int {}\n", "@id ".repeat(count))),
        model(format!("  @@index([{}])\n", "id, // c\n".repeat(count))),
        model(format!("  {} Int\n{}", "a".repeat(count), lines(&|n| format!("  f{n} Int @id\n")))),
        model(lines(&|_| "  a Int junk {\n".to_owned())),
        model("/* c */ ".repeat(count)),
        "/* c */ ".repeat(count),
        " ".repeat(count) + &"\t}".repeat(count),
        "model A {\n".repeat(count),
        "\n \n".repeat(count),
        format!("/*\n{}*/", " a\n".repeat(count)),
        format!("generator g {{\n  a = {}\n}}\n", "[".repeat(count)),
        format!("generator g {{\n  a = [{}]\n}}\n", "[\n[1]], ".repeat(count)),
    ];
    for (nth, text) in inputs.into_iter().enumerate() {
        let start = std::time::Instant::now();
        let once = formatted(&text);
        assert!(once.len() < 20 * text.len() + 1000, "input {nth} grew to {}", once.len());
        assert_eq!(formatted(&once), once, "input {nth}");
        assert!(start.elapsed().as_secs() < 60, "input {nth} took {:?}", start.elapsed());
    }
}
