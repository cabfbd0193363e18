//! Queries that the compiler refuses, with the messages that their authors read, and what a model restricts.

use purlin_query::catalog::Catalog;
use purlin_query::dialect::Dialect;
use purlin_query::plan::Plan;
use purlin_query::shape::{Code, decode};
use purlin_query::{Error, Limits, compile};

use crate::{call, catalog_of};

fn blog() -> Catalog {
    catalog_of(include_str!("blog.prisma"))
}

fn restricted() -> Catalog {
    catalog_of(include_str!("restricted.prisma"))
}

/// The plan of a query on SQLite.
fn plan(catalog: &Catalog, query: &str, limits: &Limits) -> Result<Plan, Error> {
    compile(catalog, Dialect::Sqlite, &call::words(catalog, query), limits)
}

fn error(catalog: &Catalog, query: &str, limits: &Limits) -> Error {
    plan(catalog, query, limits).err().unwrap_or_else(|| panic!("it is not refused: {query}"))
}

fn messages(catalog: &Catalog, cases: &[(&str, &str)]) {
    for (query, message) in cases {
        assert_eq!(error(catalog, query, &Limits::default()).to_string(), *message, "{query}");
    }
}

#[test]
fn what_the_schema_does_not_allow() {
    messages(
        &blog(),
        &[
            (
                "user.findUnique({ where: { managerId: null }, select: {} })",
                "`where` must name one row of User by a unique key: `id`, `email`",
            ),
            ("user.create({ data: {}, select: {} })", "`User.email` is required and has no default: give it a value"),
            (
                "post.create({ data: { title: $ }, select: {} })",
                "`Post.authorId` is required and has no default: give it a value, or connect or create `author`",
            ),
            // Rows of a list are columns only.
            (
                "post.createMany({ data: [{ title: $ }] })",
                "`Post.authorId` is required and has no default: give it a value",
            ),
            (
                "user.findMany({ where: { id: { contains: $ } }, select: {} })",
                "`User.id` is Int, which has no operator `contains`",
            ),
            (
                "user.findMany({ where: { posts: { some: { createdAt: { startsWith: $ } } } }, select: {} })",
                "`Post.createdAt` is DateTime, which has no operator `startsWith`",
            ),
            (
                "document.deleteMany({ where: { body: { lt: $ } } })",
                "`Document.body` is Json, which has no operator `lt`",
            ),
            (
                "user.update({ where: { id: $ }, data: { email: null }, select: {} })",
                "`User.email` is required, it cannot be null",
            ),
            (
                "user.create({ data: { email: $, posts: { create: { title: $, author: { connect: { id: $ } } } } }, select: {} })",
                "`Post.author` is set by the relation around it: leave it out",
            ),
        ],
    );
}

#[test]
fn what_a_model_restricts() {
    let view = "Report is a view: its rows are only read";
    let shape = "no Shape can be created: a required column of it has a type that clients do not write, and no default";
    let computed = "`Account.domain` is computed by the database: it is not written";
    let no_list = "`Account.email` is no list: has, hasEvery, hasSome, isEmpty and push are for lists";
    let a_list =
        "`Account.tags` is a list: compare it by equals, has, hasEvery, hasSome or isEmpty, change it by set or push";
    let no_lists = "`Account.tags` is a list, and this version of Purlin has no lists on SQLite";
    messages(
        &restricted(),
        &[
            ("report.create({ data: { accountId: $ } })", view),
            ("report.createMany({ data: [{ accountId: $ }] })", view),
            ("report.update({ where: { accountId: $ }, data: {} })", view),
            ("report.updateMany({ where: { accountId: $ }, data: {} })", view),
            ("report.delete({ where: { accountId: $ } })", view),
            ("report.deleteMany({ where: { accountId: $ } })", view),
            ("account.update({ where: { id: $ }, data: { reports: { create: {} } } })", view),
            ("account.update({ where: { id: $ }, data: { reports: { connect: { accountId: $ } } } })", view),
            (
                "report.findUnique({ where: { accountId: $ } })",
                "Report has no unique key, so no row of it can be named",
            ),
            ("shape.create({ data: { id: $ } })", shape),
            ("shape.createMany({ data: [{ id: $ }] })", shape),
            ("account.update({ where: { id: $ }, data: { shapes: { create: { id: $ } } } })", shape),
            ("account.updateMany({ where: { id: $ }, data: { domain: $ } })", computed),
            ("account.createMany({ data: [{ email: $, secret: $, domain: $ }] })", computed),
            ("account.findMany({ where: { email: { has: $ } } })", no_list),
            ("account.updateMany({ where: { id: $ }, data: { email: { push: $ } } })", no_list),
            ("account.findMany({ where: { tags: { contains: $ } } })", a_list),
            ("account.findMany({ where: { tags: { in: $ } } })", a_list),
            ("account.findMany({ where: { tags: null } })", a_list),
            // What lists can do, SQLite refuses.
            ("account.findMany({})", no_lists),
            ("account.findMany({ where: { tags: { has: $ } }, select: { id: true } })", no_lists),
            ("account.findMany({ where: { tags: { isEmpty: true } }, select: { id: true } })", no_lists),
            ("account.findMany({ where: { tags: { equals: $ } }, select: { id: true } })", no_lists),
            ("account.updateMany({ where: { id: $ }, data: { tags: { push: $ } } })", no_lists),
            ("account.updateMany({ where: { id: $ }, data: { tags: $ } })", no_lists),
            ("account.createMany({ data: [{ email: $, secret: $, tags: $ }] })", no_lists),
        ],
    );
}

#[test]
fn a_view_is_read_and_a_column_of_the_server_by_its_name() {
    let catalog = restricted();
    for (query, sql) in [
        // A view without a key has no order but the one that is asked for.
        ("report.findMany({ take: $ })", "SELECT t0.\"accountId\" FROM \"Report\" AS t0 LIMIT ?"),
        (
            "shape.findMany({ select: { account: { select: { id: true, secret: true } } } })",
            "SELECT t0.\"id\", t0.\"secret\" FROM \"Account\" AS t0",
        ),
        (
            "account.update({ where: { secret: $ }, data: { secret: $ }, select: { id: true } })",
            "UPDATE \"Account\" AS t0 SET \"secret\" = ? WHERE t0.\"secret\" = ? RETURNING \"id\"",
        ),
    ] {
        let plan = plan(&catalog, query, &Limits::default());
        let explained = plan.unwrap_or_else(|error| panic!("{query}: {error}")).explain(&catalog);
        assert!(explained.contains(sql), "{explained}");
    }
    let account = catalog.models.first().expect("Account is the first");
    let shown: Vec<&str> = account.shown_columns().map(|(_, field, _)| &*field.name).collect();
    assert_eq!(shown, ["id", "email", "domain", "tags"]);
}

#[test]
fn what_goes_beyond_a_limit() {
    let catalog = blog();
    let exceeded = |query: &str, limits: &Limits| {
        let error = error(&catalog, query, limits);
        assert_eq!(error.code(), Some("P2029"), "{error}");
        (error.exceeded().expect("it names a limit"), error.to_string())
    };
    let nots = |depth: usize| {
        let filter = "{ NOT: ".repeat(depth) + "{ managerId: null }" + &" }".repeat(depth);
        format!("user.deleteMany({{ where: {filter} }})")
    };
    let (limit, message) = exceeded(&nots(33), &Limits::default());
    assert_eq!(limit, ("filterDepth", 32));
    assert!(message.ends_with("ask for less, or raise the `filterDepth` limit of the client"), "{message}");
    // No option raises what the stack and SQLite can take.
    let (limit, message) = exceeded(&nots(65), &Limits::NONE);
    assert_eq!(limit, ("filterDepth", 64));
    assert_eq!(message, "the query nests conditions deeper than 64 levels: ask for less");

    let compiles = |query: &str, limits: Limits| plan(&catalog, query, &limits).is_ok();
    let read = "user.findMany({ where: { managerId: null }, orderBy: { id: asc }, include: { manager: { select: { id: true } } } })";
    for most in [0, 1, 3, 4] {
        assert_eq!(exceeded(read, &Limits { nodes: most, ..Limits::NONE }).0, ("nodes", most.into()));
    }
    assert!(compiles(read, Limits { nodes: 5, ..Limits::NONE }));
    let rows = "tag.createMany({ data: [{ price: $ }, { id: $, price: $ }] })";
    assert_eq!(exceeded(rows, &Limits { data_nodes: 4, ..Limits::NONE }).0, ("dataNodes", 4));
    assert!(compiles(rows, Limits { data_nodes: 5, ..Limits::NONE }));
}

#[test]
fn a_group_of_many_is_balanced() {
    let catalog = blog();
    let query = format!(
        "user.findMany({{ where: {{ OR: [{}] }}, select: {{ id: true }} }})",
        ["{ managerId: null }"; 20].join(", ")
    );
    let plan = plan(&catalog, &query, &Limits::default()).expect("it compiles");
    let sql = plan.explain(&catalog).replace("t0.\"managerId\" IS NULL", "x").replace(" OR ", " ");
    assert!(sql.contains("WHERE (((x x x x x) (x x x x x)) ((x x x x x) (x x x x x)))"), "{sql}");
}

#[test]
fn a_plan_knows_its_size() {
    let catalog = blog();
    let bytes = |members: usize| {
        let members = vec!["{ id: $ }"; members].join(", ");
        let query = format!("user.findMany({{ where: {{ OR: [{members}] }}, select: {{ id: true }} }})");
        plan(&catalog, &query, &Limits::default()).expect("it compiles").bytes()
    };
    // A member is at least its SQL, `t0."id" = ?`.
    assert!(bytes(1) < 2_000, "{}", bytes(1));
    assert!(bytes(1_000) > bytes(1) + 999 * 11, "{}", bytes(1_000));
}

#[test]
fn no_words_make_the_decoder_panic() {
    let catalogs = [blog(), restricted()];
    let mut state = 7_u32;
    for catalog in catalogs.iter().cycle().take(200_000) {
        let words: Vec<u16> = (0..24)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let choice = (state >> 16) as usize;
                if choice & 1 == 0 { Code::ALL[(choice >> 1) % Code::ALL.len()].1 } else { (choice >> 1) as u16 % 6 }
            })
            .collect();
        let _ = decode(catalog, &words, &Limits::NONE);
    }
}
