//! Finding the schema and the database, and `validate`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use support::{Project, USER, said};

#[test]
fn validate_says_what_is_wrong() {
    let project = Project::of(USER);
    assert_eq!(project.done("validate"), "Valid prisma/schema.prisma: 1 model\n");
    assert_eq!(project.done("validate --format json").trim(), r#"{"diagnostics":[]}"#);

    project.schema("model User {\n  id Int @id\n  größe Strng\n}");
    let said = project.run("validate --format json prisma/schema.prisma");
    assert_eq!((said.code, said.err.as_str()), (1, ""));
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let [only] = json.pointer("/diagnostics").and_then(|list| list.as_array()).unwrap().as_slice() else {
        panic!("{json}")
    };
    let field = |name: &str| only.get(name).cloned().unwrap();
    assert_eq!(field("severity"), "error");
    assert_eq!(
        (field("line"), field("column"), field("endLine"), field("endColumn")),
        (8.into(), 9.into(), 8.into(), 14.into())
    );
    assert_eq!(field("file"), "prisma/schema.prisma");

    let err = project.fails(1, "validate");
    assert!(err.contains("Strng") && err.contains("did you mean `String`?") && err.contains("has 1 error"), "{err}");
    assert!(!err.contains('\u{1b}'), "no colors in a pipe: {err:?}");
    assert!(project.fails(1, "validate --color always").contains('\u{1b}'));
}

#[test]
fn validate_writes_annotations_for_github() {
    let project = Project::of(USER);
    assert_eq!(project.done("validate --format github"), "");
    project.schema("model User {\n  id Int @id\n  name Strng\n}");
    let expected = |file: &str| {
        format!(
            "::error file={file},line=8,col=8,endLine=8,endColumn=13,title=unknown-type::field `name`: there is no type, \
             model or enum `Strng`%0Ahelp: did you mean `String`?\n"
        )
    };
    let outside = said(project.command("validate --format github").env_remove("GITHUB_WORKSPACE").output().unwrap());
    assert_eq!((outside.code, outside.out, outside.err.as_str()), (1, expected("prisma/schema.prisma"), ""));
    let root = project.path("").canonicalize().unwrap();
    let mut inside = project.command("validate --format github ../prisma");
    std::fs::create_dir(root.join("app")).unwrap();
    let inside = said(inside.current_dir(root.join("app")).env("GITHUB_WORKSPACE", &root).output().unwrap());
    assert_eq!((inside.code, inside.out), (1, expected("prisma/schema.prisma")));
    // Nobody asked for another form.
    let text = said(project.command("validate").env("GITHUB_ACTIONS", "true").output().unwrap());
    assert_eq!((text.code, text.out.as_str()), (1, ""));
    assert!(text.err.contains("error[unknown-type]"), "{}", text.err);
}

#[test]
fn explain_tells_more() {
    let project = Project::of("model User {\n  id Int @id\n  posts Post[]\n}\n\nmodel Post {\n  id Int @id\n}");
    for command in ["validate", "generate"] {
        let err = project.fails(1, command);
        assert!(err.contains("help: `purlin explain missing-back-relation` tells more"), "{err}");
    }
    let page = project.done("explain missing-back-relation");
    assert!(page.starts_with("A relation has a field on one side only [missing-back-relation]\n\n"), "{page}");
    assert!(
        page.contains("\n\nWrong:\n\n    datasource db {\n") && page.contains("\n\nRight:\n\n    datasource"),
        "{page}"
    );
    assert!(project.done("explain --color always syntax").contains('\u{1b}'));

    let list = project.done("explain");
    assert!(list.lines().any(|line| line.starts_with("missing-back-relation ") && line.ends_with("on one side only")));
    assert!(list.lines().any(|line| line.starts_with("P2002 ") && line.ends_with("a unique constraint failed")));
    assert!(list.lines().count() > purlin_schema::Rule::ALL.len());

    let err = project.fails(2, "explain missing-back-relatoin");
    assert!(err.contains("did you mean `purlin explain missing-back-relation`?"), "{err}");
    assert!(project.fails(2, "explain nonsense").contains("`purlin explain` lists all of them"));
}

/// The codes of Prisma's form in the sources of everything that prints one.
fn codes_in_sources() -> std::collections::BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths: Vec<_> = [
        "driver/src",
        "migrate/src",
        "client/src",
        "query/src",
        "codegen/src",
        "node/src",
        "node/package/src",
        "cli/src",
        "macros/src",
    ]
    .map(|folder| root.join(folder))
    .into();
    let mut codes = std::collections::BTreeSet::new();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| ["rs", "ts", "mjs"].iter().any(|known| ending == *known)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
            let is_code = |word: &&str| {
                word.len() == 5
                    && word.strip_prefix('P').is_some_and(|digits| digits.chars().all(|digit| digit.is_ascii_digit()))
            };
            codes.extend(words.filter(is_code).map(str::to_owned));
        }
    }
    codes
}

#[test]
fn explain_knows_each_code_that_a_message_shows() {
    let project = Project::new();
    let codes = codes_in_sources();
    for code in ["P1012", "P2018", "P3005", "P3019"] {
        assert!(codes.contains(code), "{code} is not found in {codes:?}");
    }
    let list = project.done("explain");
    for code in codes {
        let page = project.done(&format!("explain {code}"));
        assert!(page.contains(&format!(" [{code}]\n\n")) && page.lines().count() >= 3, "{page}");
        assert!(list.contains(&format!("\n{code} ")), "{code}");
    }
}

#[test]
fn explain_knows_the_codes_of_a_running_client() {
    let project = Project::new();
    for code in ["P2002", "p2002"] {
        assert!(project.done(&format!("explain {code}")).starts_with("a unique constraint failed [P2002]\n\n"));
    }
    assert!(project.done("explain P2025").contains("row"));
    let err = project.fails(2, "explain P9999");
    assert!(err.contains("there is no error `P9999`"), "{err}");
}

#[test]
fn validate_prints_the_first_of_many_errors() {
    let fields: String = (0..200).map(|index| format!("  a{index} Nothing\n")).collect();
    let project = Project::of(&format!("model User {{\n  id Int @id\n{fields}}}"));
    let err = project.fails(1, "validate");
    assert_eq!(err.matches("error[unknown-type]").count(), 50, "{err}");
    assert!(err.contains("not shown: 150 more errors; `purlin validate --format json` lists all\n"), "{err}");
    assert!(err.contains("has 200 errors"), "{err}");
}

#[test]
fn validate_is_in_trouble_without_files() {
    let project = Project::new();
    assert!(project.fails(2, "validate nowhere.prisma").contains("nowhere.prisma"));
    let err = project.fails(2, "validate");
    assert!(
        err.contains("looked for schema.prisma, prisma/schema.prisma, prisma/schema") && err.contains("purlin init"),
        "{err}"
    );
    project.fails(2, "validate --format yaml");
    assert!(project.fails(2, "nonsense").contains("unrecognized subcommand"));
    for command in ["db pull --print", "studio", "migrate diff", "migrate squash"] {
        let err = project.fails(2, command);
        let name = command.trim_end_matches(" --print");
        assert!(err.contains(&format!("`purlin {name}` is not supported yet")) && err.contains("help: "), "{err}");
    }
    project.write("broken.prisma", "");
    std::fs::write(project.path("broken.prisma"), [0xff, 0xfe]).unwrap();
    project.fails(2, "validate broken.prisma");
}

#[test]
fn a_folder_is_one_schema() {
    let project = Project::new();
    project
        .write("prisma/schema/base.prisma", "datasource db {\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}\n");
    project.write("prisma/schema/models/user.prisma", USER);
    project.write("prisma/schema/notes.txt", "nonsense");
    assert_eq!(project.done("validate"), "Valid prisma/schema: 1 model\n");
    project.done("db push");
    assert!(project.path("dev.db").exists());
}

#[test]
fn the_schema_is_found_where_the_settings_say() {
    let project = Project::new();
    project.write("data/mine.prisma", "datasource db {\n  provider = \"sqlite\"\n}\n");
    project.write("purlin.toml", "schema = \"data/mine.prisma\"\nurl = \"file:./from-toml.db\"\n");
    project.done("db push");
    assert!(project.path("from-toml.db").exists());
    assert!(project.fails(2, "validate --schema other.prisma").contains("other.prisma"));
    project.write("purlin.toml", "shcema = \"x\"\n");
    let err = project.fails(2, "db push");
    assert!(err.contains("purlin.toml") && err.contains("shcema"), "{err}");
}

/// The places that name the database, each stronger than the next.
#[test]
fn the_database_is_found_in_order() {
    let schema = |url: &str| format!("datasource db {{\n  provider = \"sqlite\"\n{url}}}\n");
    let project = Project::new();
    project.write("prisma/schema.prisma", &schema(""));
    let err = project.fails(2, "db push");
    assert!(err.contains("nothing says where the database is") && err.contains("DATABASE_URL"), "{err}");
    let made = |name: &str, arguments: &str| {
        project.done(arguments);
        assert!(project.path(name).exists(), "{name}");
    };
    project
        .write(".env", "# comment\nexport OTHER=x\nDATABASE_URL=\"file:./6-dotenv.db\"\nMINE='file:./4-variable.db'\n");
    made("6-dotenv.db", "db push");
    let output = project.command("db push").env("DATABASE_URL", "file:./5-environment.db").output().unwrap();
    assert_eq!(said(output).code, 0);
    assert!(project.path("5-environment.db").exists());
    project.write("prisma.config.ts", "export default { datasource: { url: process.env.MINE } }");
    made("4-variable.db", "db push");
    project.write("prisma.config.ts", "export default { datasource: { url: 'file:./3-config.db' } }");
    made("3-config.db", "db push");
    project.write("prisma/schema.prisma", &schema("  url = \"file:./2-schema.db\"\n"));
    made("2-schema.db", "db push");
    project.write("purlin.toml", "url = { env = \"TOML\" }\n");
    project.write("prisma/.env", "TOML=file:./1-toml.db");
    made("1-toml.db", "db push");
    made("0-said.db", "db push --url file:./0-said.db");

    project.write("purlin.toml", "url = { env = \"MISSING\" }\n");
    let err = project.fails(2, "db push");
    assert!(err.contains("the environment variable MISSING is not set; purlin.toml takes"), "{err}");
    let err = project.fails(2, "db push --url postgresql://u:secret@h/d");
    assert!(err.contains("is for `postgresql`") && !err.contains("secret"), "{err}");
}

#[test]
fn a_schema_for_a_database_without_commands_gives_clients_and_nothing_else() {
    for provider in ["mysql"] {
        let project = Project::new();
        let schema = format!(
            "datasource db {{\n  provider = \"{provider}\"\n  url = env(\"DATABASE_URL\")\n}}\n\n\
             generator client {{\n  provider = \"purlin-typescript\"\n}}\n\n{USER}"
        );
        project.write("prisma/schema.prisma", &schema);
        project.write("purlin.toml", "[seed]\ncommand = \"exit 0\"\n");
        let clear = "`db` and `migrate` do not work on MySQL yet";
        for command in
            ["db push", "db execute --file x.sql", "db seed", "migrate dev", "migrate deploy", "migrate status"]
        {
            project.write("x.sql", "SELECT 1");
            let err = project.fails(1, command);
            assert!(err.starts_with("error: ") && err.contains(clear), "{command}: {err}");
        }
        let said = project.run("validate");
        assert!(said.code == 0 && said.out.contains("Valid") && said.err.contains(clear), "{}", said.err);
        let said = project.run("validate --format json");
        assert_eq!((said.code, said.out.trim(), said.err.as_str()), (0, r#"{"diagnostics":[]}"#, ""));
        let said = project.run("generate");
        assert!(
            said.code == 0 && said.out.contains("the TypeScript client") && said.err.contains(clear),
            "{}",
            said.err
        );
        // What is wrong with it is no reason for the others to tell of anything else.
        project.write("prisma/schema.prisma", &schema.replace("String?", "Sting?"));
        let err = project.fails(1, "db push");
        assert!(err.starts_with("error: ") && err.contains(clear), "{err}");
        let err = project.fails(1, "generate");
        assert!(err.contains("Sting"), "{err}");
    }
}

/// A name in the database with a NUL would be refused by SQL, and late.
#[test]
fn a_name_with_a_control_character_is_refused_at_once() {
    for line in ["name String @map(\"na\\u0000me\")", "@@map(\"Us\\ter\")", "@@index([id], map: \"\\u0007\")"] {
        let project = Project::of(&format!(
            "generator client {{\n  provider = \"purlin-typescript\"\n}}\nmodel User {{\n  id Int @id\n  {line}\n}}\n"
        ));
        for command in ["validate", "generate", "db push"] {
            let err = project.fails(1, command);
            assert!(err.contains("error[control-character]"), "{command}, {line}: {err}");
        }
        assert!(!project.path("dev.db").exists());
    }
}

/// In each round in which others may follow, and in no other.
#[test]
fn errors_that_hide_others_say_so() {
    let project = Project::of("");
    let rounds = [
        // The text, then the attributes, then the ends of the relation, then its columns.
        (
            "model User {\n  id Int @id\n}\nmodel Post {\n  id Int @id\n  authorId Strng\n  author User @relation(fields: [authorId], references: [id])\n}\n",
            true,
        ),
        (
            "model User {\n  id Int @id\n}\nmodel Post {\n  id Int @di\n  authorId String\n  author User @relation(fields: [authorId], references: [id])\n}\n",
            true,
        ),
        (
            "model User {\n  id Int @id\n}\nmodel Post {\n  id Int @id\n  authorId String\n  author User @relation(fields: [authorId], references: [id])\n}\n",
            true,
        ),
        (
            "model User {\n  id Int @id\n  posts Post[]\n}\nmodel Post {\n  id Int @id\n  a Int\n  one User @relation(fields: [a], references: [id])\n  two User @relation(fields: [a], references: [id])\n}\n",
            true,
        ),
        // A model without a key hides nothing.
        ("model User {\n  name String\n}\n", false),
        (
            "model User {\n  id Int @id\n  name Int? @default(1)\n  @@index([name], map: \"a\")\n  @@index([id], map: \"a\")\n}\n",
            false,
        ),
    ];
    for (models, more) in rounds {
        project.schema(models);
        let err = project.fails(1, "validate");
        assert_eq!(err.ends_with("tells more; once these are right, others may show up\n"), more, "{err}");
        assert_eq!(err.ends_with("` tells more\n"), !more, "{err}");
    }
}
