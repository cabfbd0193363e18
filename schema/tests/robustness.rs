//! No input makes the parser panic, hang or lose text.

mod invariants;
mod samples;

use invariants::{resolved, tokens};
use purlin_schema::{SourceFile, parse};
use samples::samples;

fn check(text: String) {
    let files = [SourceFile { path: "schema.prisma".into(), text }];
    // Drawing costs several times what parsing does, so only some texts are drawn.
    if files[0].text.len().is_multiple_of(32) {
        resolved::check(&files);
    } else {
        resolved::check_undrawn(&files);
    }
    tokens::check(&files[0].text);
}

fn all() -> Vec<String> {
    samples("cases").into_iter().chain(samples("resolve")).map(|(_, file)| file.text).collect()
}

#[test]
fn a_text_may_end_anywhere() {
    for text in all() {
        for (end, _) in text.char_indices() {
            check(text[..end].to_owned());
        }
    }
}

/// At each place one change: a character is missing, another one stands there, or one more.
#[test]
fn any_character_may_be_wrong() {
    let others =
        ['{', '}', '(', ')', '[', ']', '"', '@', '\n', '/', '\\', '-', '.', ':', ',', '=', '?', 'é', '\0', '\u{feff}'];
    for text in all() {
        for (nth, (at, char)) in text.char_indices().enumerate() {
            let (before, rest) = text.split_at(at);
            let after = &rest[char.len_utf8()..];
            let other = others[(nth / 3) % others.len()];
            check(match nth % 3 {
                0 => format!("{before}{after}"),
                1 => format!("{before}{other}{after}"),
                _ => format!("{before}{other}{rest}"),
            });
        }
    }
}

#[test]
fn line_breaks_of_windows_mean_the_same() {
    for (name, file) in samples("cases").into_iter().chain(samples("resolve")) {
        let codes = |text: String| {
            let (_, diagnostics) = parse(&[SourceFile { path: "schema.prisma".into(), text }]);
            diagnostics.into_iter().map(|diagnostic| (diagnostic.rule, diagnostic.message)).collect::<Vec<_>>()
        };
        assert_eq!(codes(file.text.replace('\n', "\r\n")), codes(file.text), "{name}");
    }
}

#[test]
fn nesting_does_not_overflow_the_stack() {
    for open in ["[", "a(", "{a:", "[a([{b:"] {
        check(format!("model A {{\n  id Int @default({})\n}}\n", open.repeat(100_000)));
        check(format!("generator g {{\n  a = {}\n}}\n", open.repeat(100_000)));
    }
}

/// Each of these is slow only if something takes quadratic time: it would then run for minutes.
#[test]
#[expect(clippy::disallowed_types, reason = "only the test measures time")]
fn large_inputs_take_linear_time() {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let model = |body: String| format!("model A {{\n  id Int @id\n{body}}}\n");
    let count = 20_000;
    let inputs = [
        model(lines(count, &|n| format!("  field{n} Int @unique @default({n})\n"))),
        model(lines(count, &|n| format!("  field{n} Missing{n}\n"))),
        model(lines(count, &|n| format!("  @@index([missing{n}])\n"))),
        model(lines(count, &|_| "  @@index([id])\n".to_owned())),
        model(lines(count, &|_| "  a Int @default(\n".to_owned())),
        model(lines(count, &|n| format!("  field{n} A\n"))),
        model(format!("  a Int {}\n", "@id ".repeat(count))),
        model(format!("  @@index([{}])\n", "id, ".repeat(count))),
        model(format!("  a Int @map({})\n", "x: 1, ".repeat(count))),
        lines(count, &|n| format!("model M{n} {{\n  id Int @id\n  next M{}? @relation(\"r{n}\")\n}}\n", n + 1)),
        // As many keys as relations that look for theirs among them.
        model(lines(count, &|n| {
            format!(
                "  k{n} Int @unique\n  r{n} A? @relation(\"r{n}\", fields: [k{n}], references: [k{n}])\n  b{n} A? @relation(\"r{n}\")\n"
            )
        })),
        lines(count, &|n| format!("enum E{n} {{\n  A\n}}\n")),
        lines(count, &|_| "model {\n".to_owned()),
        lines(count, &|_| "modle A {\n".to_owned()),
        lines(count, &|_| "model A {\n".to_owned()),
        lines(count, &|_| "}\n".to_owned()),
        lines(count, &|_| "/* ".to_owned()),
        lines(count, &|_| "\"".to_owned()),
        " ".repeat(count) + &"\t}".repeat(count),
        format!(
            "enum E {{\n{}}}\nmodel A {{\n  id Int @id\n{}}}\n",
            lines(count, &|n| format!("  V{n}\n")),
            lines(count, &|n| format!("  f{n} E @default(V{n})\n"))
        ),
        lines(count, &|n| format!("model M{n} {{\n  id Int @id\n  a A[]\n}}\n")) + "model A {\n  id Int @id\n}\n",
        // Mixins that include each other in a chain, and each all the later ones.
        lines(count, &|n| format!("mixin M{n} {{\n  @@include(M{})\n  a{n} Int\n}}\n", n + 1))
            + &model("@@include(M0)\n".to_owned()),
        lines(200, &|n| {
            format!(
                "mixin M{n} {{\n{}  a{n} Int\n}}\n",
                lines(200 - n, &|more| format!("  @@include(M{})\n", n + more + 1))
            )
        }) + &lines(200, &|n| format!("model A{n} {{\n  id Int @id\n  @@include(M{n})\n}}\n")),
        model(lines(count, &|n| {
            format!("  /// @was(\"w{n}\")\n  f{n} Int /// @server\n  /// @@check(\"f{n} > 0\")\n")
        })),
        model(lines(count, &|n| format!("  @@include(Missing{n})\n"))),
        format!(
            "datasource db {{\n  provider = \"postgresql\"\n  schemas = [{}]\n}}\n{}",
            lines(count, &|n| format!("\"s{n}\",")),
            lines(count, &|n| format!(
                "model M{n} {{\n  id Int @id\n  @@index([id], map: \"same\")\n  @@schema(\"s{n}\")\n}}\n"
            ))
        ),
        format!(
            "datasource db {{\n  provider = \"mysql\"\n  relationMode = \"prisma\"\n}}\n{}",
            lines(count, &|n| {
                format!(
                    "model M{n} {{\n  id Int @id\n  next M{0}? @relation(\"r{n}\", fields: [id], references: [id])\n  last M{1}[] @relation(\"r{1}\")\n}}\n",
                    (n + 1) % count,
                    (n + count - 1) % count
                )
            })
        ),
        lines(count, &|n| format!("type T{n} {{\n  next T{}\n}}\n", (n + 1) % count)),
    ];
    for (nth, text) in inputs.into_iter().enumerate() {
        let start = std::time::Instant::now();
        check(text);
        // Measured on a debug build: three seconds for the slowest.
        assert!(start.elapsed().as_secs() < 60, "input {nth} took {:?}", start.elapsed());
    }
}
