//! `purlin format`

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use std::{
    io::Write,
    process::{Command, Stdio},
};

use support::{Project, Said, said};

const MESSY: &str = "model User {\nid Int @id\n    email   String @unique\n}";
const TIDY: &str = "model User {\n  id    Int    @id\n  email String @unique\n}\n";
const BROKEN: &str = "model Post {\n id Int @id\n title String @map(\n}\n";

#[test]
fn only_what_changes_is_written() {
    let project = Project::new();
    project.write("prisma/schema.prisma", MESSY);
    assert_eq!(project.done("format"), "Formatted prisma/schema.prisma\n");
    assert_eq!(project.read("prisma/schema.prisma"), TIDY);
    let before = std::fs::metadata(project.path("prisma/schema.prisma")).unwrap().modified().unwrap();
    assert_eq!(project.done("format prisma/schema.prisma"), "Formatted prisma/schema.prisma: nothing to change\n");
    let after = std::fs::metadata(project.path("prisma/schema.prisma")).unwrap().modified().unwrap();
    assert_eq!(before, after, "the file was not touched");
    assert_eq!(std::fs::read_dir(project.path("prisma")).unwrap().count(), 1, "nothing is left over");
}

#[test]
fn check_writes_nothing_and_lists() {
    let project = Project::new();
    project.write("prisma/schema/user.prisma", MESSY);
    project.write("prisma/schema/tag.prisma", "model Tag {\n  id Int @id\n}\n");
    let said = project.run("format --check");
    assert_eq!((said.code, said.out.as_str()), (1, "prisma/schema/user.prisma\n"));
    assert!(said.err.contains("1 file is not formatted") && said.err.contains("run `purlin format`"), "{}", said.err);
    assert_eq!(project.read("prisma/schema/user.prisma"), MESSY);
    project.done("format");
    project.done("format --check");
}

#[test]
fn missing_fields_go_into_the_file_of_their_model() {
    let project = Project::new();
    project.write("prisma/schema/post.prisma", "model Post {\n  id Int @id\n  author User\n}\n");
    project.write("prisma/schema/user.prisma", TIDY);
    assert_eq!(
        project.done("format"),
        "Formatted prisma/schema/post.prisma\nAdded to Post: userId Int\nFormatted prisma/schema/user.prisma\nAdded to User: posts Post[]\n"
    );
    assert!(project.read("prisma/schema/post.prisma").contains("  userId Int\n"));
    assert!(project.read("prisma/schema/user.prisma").contains("  posts Post[]\n"));
    project.done("validate");
}

#[test]
fn a_file_with_syntax_errors_stays_as_it_is() {
    let project = Project::new();
    project.write("prisma/schema/post.prisma", BROKEN);
    project.write("prisma/schema/user.prisma", MESSY);
    let said = project.run("format");
    assert_eq!((said.code, said.out.as_str()), (1, "Formatted prisma/schema/user.prisma\n"));
    assert!(said.err.contains("post.prisma:4:1") && said.err.contains("has 1 syntax error"), "{}", said.err);
    assert_eq!(project.read("prisma/schema/post.prisma"), BROKEN);
    assert_eq!(project.read("prisma/schema/user.prisma"), TIDY);

    // What is written as in old versions of the language is put right, and is no error afterwards.
    project.write("prisma/schema/post.prisma", "model Post {\n  id: Int! @id\n}\n");
    project.done("format");
    assert_eq!(project.read("prisma/schema/post.prisma"), "model Post {\n  id Int @id\n}\n");
    assert!(project.fails(2, "format nowhere.prisma").contains("nowhere.prisma"));
}

#[test]
fn editors_use_standard_input_and_output() {
    let project = Project::new();
    let through = |arguments: &str, text: &str| -> Said {
        let mut command: Command = project.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        said(child.wait_with_output().unwrap())
    };
    let done = through("format -", MESSY);
    assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, TIDY, ""));
    let broken = through("format -", BROKEN);
    assert_eq!((broken.code, broken.out.as_str()), (1, BROKEN));
    assert!(broken.err.contains("standard input:4:1"), "{}", broken.err);
    assert_eq!(through("format - --check", TIDY).code, 0);
    let unformatted = through("format - --check", MESSY);
    assert_eq!((unformatted.code, unformatted.out.as_str()), (1, ""));
}

#[cfg(unix)]
#[test]
fn links_permissions_and_read_only_files_are_respected() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let project = Project::new();
    project.write("shared/real.prisma", MESSY);
    std::fs::set_permissions(project.path("shared/real.prisma"), std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink(project.path("shared/real.prisma"), project.path("schema.prisma")).unwrap();
    project.done("format");
    assert!(project.path("schema.prisma").is_symlink());
    assert_eq!(project.read("shared/real.prisma"), TIDY);
    let mode = |name: &str| std::fs::metadata(project.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("shared/real.prisma"), 0o640);

    project.write("locked.prisma", MESSY);
    std::fs::set_permissions(project.path("locked.prisma"), std::fs::Permissions::from_mode(0o440)).unwrap();
    assert!(project.fails(2, "format locked.prisma").contains("it is read-only"));
    assert_eq!(project.read("locked.prisma"), MESSY);
}

/// What the command writes and what the pages show passes the check that the pages advise.
#[test]
fn schemas_that_are_written_and_shown_are_laid_out() {
    for provider in ["sqlite", "postgresql", "mysql"] {
        for client in ["typescript", "rust"] {
            let project = Project::new();
            project.done(&format!("init --provider {provider} --client {client}"));
            project.done("format --check");
        }
    }
    let both = Project::new();
    both.write("package.json", "{}");
    both.write("Cargo.toml", "");
    both.done("init");
    both.done("format --check");
    for (name, page) in [
        ("README.md", include_str!("../../README.md")),
        ("node/package/README.md", include_str!("../../node/package/README.md")),
        ("docs/schema.md", include_str!("../../docs/schema.md")),
        ("docs/server-only.md", include_str!("../../docs/server-only.md")),
        ("next-blog", concat!("```prisma\n", include_str!("../../examples/next-blog/prisma/schema.prisma"), "```")),
        ("axum-blog", concat!("```prisma\n", include_str!("../../examples/axum-blog/prisma/schema.prisma"), "```")),
    ] {
        let schemas: Vec<&str> =
            page.split("```prisma\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        assert!(!schemas.is_empty(), "{name}");
        for schema in schemas {
            let project = Project::new();
            project.write("schema.prisma", schema);
            let said = project.run("format --check");
            assert_eq!(said.code, 0, "{name}: {schema}\n{}{}", said.out, said.err);
        }
    }
}
