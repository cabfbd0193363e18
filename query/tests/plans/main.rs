//! The plans of queries, as people read them: each snapshot has the query, how its statements depend on each other, and the
//! SQL of each database. `cargo insta review` shows what a change does to them.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

mod call;
mod one_trip;
mod refused;

use std::fmt::Write as _;

use purlin_query::catalog::Catalog;
use purlin_query::dialect::Dialect;
use purlin_query::{Limits, compile};
use purlin_schema::source::SourceFile;

const DATABASES: [(&str, &str, Dialect); 4] = [
    ("SQLite", "sqlite", Dialect::Sqlite),
    ("PostgreSQL", "postgresql", Dialect::Postgres),
    ("MySQL", "mysql", Dialect::Mysql),
    ("MariaDB", "mysql", Dialect::Mariadb),
];

/// The catalog of the tests' schema, for a database.
fn catalog(provider: &str) -> Catalog {
    catalog_of(&include_str!("blog.prisma").replace("\"sqlite\"", &format!("\"{provider}\"")))
}

/// The catalog of a schema.
fn catalog_of(schema: &str) -> Catalog {
    let files = [SourceFile { path: "schema.prisma".into(), text: schema.to_owned() }];
    let (schema, diagnostics) = purlin_schema::parse(&files);
    assert!(diagnostics.is_empty(), "{}", purlin_schema::report::text(&files, &diagnostics, false));
    purlin_codegen::lower::lower(&schema)
}

/// The plan of a query on each database; databases whose plans are the same share one.
fn plans(query: &str) -> String {
    let mut plans: Vec<(String, String)> = Vec::new();
    for (name, provider, dialect) in DATABASES {
        let catalog = catalog(provider);
        let plan = match compile(&catalog, dialect, &call::words(&catalog, query), &Limits::default()) {
            Ok(plan) => plan.explain(&catalog),
            Err(error) => format!("error: {error}\n"),
        };
        match plans.iter_mut().find(|(_, other)| *other == plan) {
            Some((names, _)) => {
                let _ = write!(names, ", {name}");
            }
            None => plans.push((name.to_owned(), plan)),
        }
    }
    let mut text = format!("{}\n", query.trim());
    for (names, plan) in plans {
        let _ = write!(text, "\n-- {names}\n{plan}");
    }
    text
}

/// Each test is named after what its plan shows.
macro_rules! plans {
    ($($name:ident: $query:literal,)*) => {
        $(
            #[test]
            fn $name() {
                insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                    insta::assert_snapshot!(stringify!($name), plans($query));
                });
            }
        )*
    };
}

plans! {
    find_many_with_two_levels: "user.findMany({ where: { email: { contains: $ } }, orderBy: { email: desc }, take: $, skip: $,
        include: { posts: { select: { title: true, tags: true } } } })",
    to_one_relations_from_both_sides: "user.findUnique({ where: { email: $ },
        select: { email: true, manager: { select: { email: true } }, profile: { select: { id: true } } } })",
    the_last_children_of_each_parent: "tag.findMany({
        select: { id: true, posts: { where: { views: { gt: $ } }, take: -$, select: { title: true } } } })",
    a_page_of_children: "user.findMany({ select: { email: true, posts: { where: { views: { gt: $ } },
        orderBy: { views: desc }, take: $, skip: $, select: { title: true, _count: { select: { tags: true } } } } } })",
    a_page_of_children_by_a_key_of_two_columns: "document.findMany({
        select: { slug: true, children: { take: $, select: { slug: true } } } })",
    children_by_a_key_of_two_columns: "document.findMany({ select: { slug: true, children: { select: { slug: true } } } })",
    filters_on_related_rows: "user.findFirst({ where: {
        posts: { some: { tags: { some: { id: { in: $ } } } } },
        reports: { every: { managerId: { not: null } } },
        profile: { isNot: {} },
        NOT: { OR: [{ managerId: null }, { email: { startsWith: $ } }] } }, select: { id: true } })",
    order_by_a_relation_and_by_a_count: "user.findMany({
        orderBy: [{ manager: { manager: { email: { sort: asc, nulls: last } } } }, { posts: { _count: desc } }],
        take: -$, select: { id: true } })",
    counts_of_each_row_that_no_index_finds: "user.findMany({ where: { name: $ }, take: $, select: { email: true,
        _count: { select: { posts: { where: { views: { gt: $ } } }, reports: true } } } })",
    counts_of_one_row: "user.findUnique({ where: { id: $ }, select: { _count: { select: { posts: true } } } })",
    a_sort_key_that_was_there_before_is_dropped: "user.findMany({
        orderBy: [{ email: desc }, { manager: { email: asc } }, { email: asc }, { manager: { email: desc } }],
        select: { id: true } })",
    decimals_compare_by_value: "tag.findMany({ where: { price: { lte: $ } }, orderBy: { price: asc },
        select: { price: true } })",
    json_compares_by_value: "document.findMany({ where: { body: $, digest: { not: $ } }, select: { slug: true } })",
    json_of_a_list: "document.findMany({ where: { body: { in: $ } }, select: { slug: true } })",
    texts_are_searched_literally: "user.findMany({ where: { AND: [{ email: { contains: $ } }, { email: { endsWith: $ } },
        { name: { startsWith: $ } }] }, select: { id: true } })",
    lists: "tag.findMany({ where: { AND: [{ id: { in: $ } }, { price: { notIn: $ } }] },
        select: { id: true } })",
    count_a_page: "user.count({ where: { managerId: null }, take: $, select: { _all: true, managerId: true } })",
    a_negated_condition_on_a_row_may_be_unknown: "user.count({ where: {
        manager: { isNot: { managerId: $ } },
        AND: [{ NOT: { manager: { is: { OR: [{ email: $ }, { NOT: { managerId: null } }] } } } },
            { NOT: { manager: { isNot: { managerId: $ } } } }] } })",
    create_with_parents_and_children: "post.create({ data: { title: $,
        author: { create: { email: $, manager: { connect: { id: $ } } } },
        tags: { create: { price: null }, connect: { id: $ } } },
        include: { author: { select: { email: true } }, _count: { select: { tags: true } } } })",
    create_a_row_of_defaults: "tag.create({ data: {}, select: { id: true } })",
    create_with_a_key_of_two_columns: "document.create({ data: { tenant: $, slug: $, body: $ } })",
    numbers_that_the_database_computes_are_checked: "post.create({ data: { title: $, authorId: $ }, select: { title: true } })",
    create_rows_of_two_kinds: "tag.createMany({ data: [{ price: $ }, { id: $, price: $ }] })",
    create_rows_with_computed_numbers: "post.createMany({ data: [{ title: $, authorId: $ }] })",
    update_and_connect: "user.update({ where: { id: $ }, data: { email: $, posts: { connect: { id: $ } } } })",
    update_the_key: "document.update({ where: { tenant: $, slug: $ }, data: { tenant: { increment: $ }, slug: $, body: null },
        select: { tenant: true, body: true } })",
    a_place_of_one_to_one_is_free_before_it_is_taken: "profile.update({ where: { id: $ },
        data: { user: { connect: { email: $ } } }, select: { id: true } })",
    update_many_by_arithmetic: "post.updateMany({ where: { views: { lt: $ } }, data: { views: { increment: $ } } })",
    update_many_by_division: "post.updateMany({ data: { views: { divide: $ } } })",
    update_many_by_what_they_refer_to: "user.updateMany({ where: { reports: { some: { email: $ } } }, data: { name: $ } })",
    arithmetic_of_decimals: "tag.updateMany({ where: { id: $ }, data: { price: { multiply: $ } } })",
    upsert_a_row: "user.upsert({ where: { email: $ }, create: { email: $, name: $ }, update: { name: $ },
        select: { id: true, name: true } })",
    upsert_that_changes_nothing: "user.upsert({ where: { email: $ }, create: { email: $ }, update: {},
        select: { id: true } })",
    upsert_with_related_rows: "user.upsert({ where: { email: $ },
        create: { email: $, posts: { create: { title: $ } } },
        update: { posts: { create: { title: $ } } }, include: { posts: { select: { title: true } } } })",
    connect_or_create_what_the_row_refers_to: "post.create({
        data: { title: $, author: { connectOrCreate: { where: { email: $ }, create: { email: $ } } } },
        select: { id: true } })",
    connect_or_create_what_refers_to_the_row: "user.update({ where: { id: $ }, data: { posts: { connectOrCreate: {
        where: { id: $ }, create: { title: $ } } } }, select: { id: true } })",
    connect_or_create_through_a_join_table: "post.update({ where: { id: $ }, data: { tags: { connectOrCreate: {
        where: { id: $ }, create: { id: $ } } } }, select: { id: true } })",
    disconnect_what_the_row_refers_to: "user.update({ where: { id: $ }, data: { manager: { disconnect: true } },
        select: { id: true } })",
    disconnect_what_the_row_refers_to_by_a_condition: "user.update({ where: { id: $ },
        data: { manager: { disconnect: { name: $ } } }, select: { id: true } })",
    disconnect_what_refers_to_the_row: "user.update({ where: { id: $ }, data: { reports: { disconnect: { id: $ } } },
        select: { id: true } })",
    disconnect_through_a_join_table: "post.update({ where: { id: $ }, data: { tags: { disconnect: { id: $ } } },
        select: { id: true } })",
    disconnect_by_a_key_of_two_columns: "document.update({ where: { tenant: $, slug: $ },
        data: { children: { disconnect: { tenant: $, slug: $ } } }, select: { slug: true } })",
    set_what_refers_to_the_row: "user.update({ where: { id: $ }, data: { reports: { set: [{ id: $ }, { email: $ }] } },
        select: { id: true } })",
    set_what_cannot_be_without_the_row: "user.update({ where: { id: $ }, data: { posts: { set: [{ id: $ }] } },
        select: { id: true } })",
    set_through_a_join_table: "post.update({ where: { id: $ }, data: { tags: { set: [{ id: $ }] } }, select: { id: true } })",
    update_what_the_row_refers_to: "post.update({ where: { id: $ }, data: { title: $, author: { update: { name: $ } } },
        select: { id: true } })",
    update_what_refers_to_the_row: "user.update({ where: { id: $ }, data: { posts: { update: {
        where: { id: $ }, data: { title: $, tags: { create: { id: $ } } } } } }, select: { id: true } })",
    update_through_a_join_table: "post.update({ where: { id: $ }, data: { tags: { update: {
        where: { id: $ }, data: { price: $ } } } }, select: { id: true } })",
    update_many_of_related_rows: "user.update({ where: { id: $ }, data: { posts: { updateMany: {
        where: { views: { gt: $ } }, data: { title: $ } } } }, select: { id: true } })",
    upsert_what_the_row_refers_to: "user.update({ where: { id: $ }, data: { manager: { upsert: {
        create: { email: $ }, update: { name: $ } } } }, select: { id: true } })",
    upsert_what_refers_to_the_row: "user.update({ where: { id: $ }, data: { profile: { upsert: {
        where: { id: $ }, create: {}, update: { id: $ } } } }, select: { id: true } })",
    upsert_through_a_join_table: "post.update({ where: { id: $ }, data: { tags: { upsert: {
        where: { id: $ }, create: { id: $ }, update: { price: $ } } } }, select: { id: true } })",
    delete_what_the_row_refers_to: "user.update({ where: { id: $ }, data: { manager: { delete: true } },
        select: { id: true } })",
    delete_what_refers_to_the_row: "user.update({ where: { id: $ }, data: { posts: { delete: { id: $ } } },
        select: { id: true } })",
    the_row_is_found_again_after_what_it_refers_to_got_another_key: "post.update({ where: { id: $ },
        data: { author: { update: { id: $ } }, tags: { connect: { id: $ } } }, select: { authorId: true } })",
    a_row_that_may_be_the_related_one_is_found_again_too: "user.update({ where: { id: $ },
        data: { manager: { update: { id: $ } } }, select: { name: true } })",
    disconnect_what_a_changed_row_refers_to_by_a_condition: "post.update({ where: { id: $ }, data: { author: { update: {
        manager: { disconnect: { name: $ } } } } }, select: { id: true } })",
    delete_what_cannot_be_without_the_row: "user.update({ where: { id: $ }, data: { profile: { delete: true } },
        select: { id: true } })",
    connect_to_a_place_by_a_key: "user.update({ where: { id: $ }, data: { badge: { connect: { code: $ } } },
        select: { id: true } })",
    connect_to_a_place_by_a_place: "user.update({ where: { id: $ }, data: { badge: { connect: { userId: $ } } },
        select: { id: true } })",
    connect_to_a_place_what_cannot_be_without_one: "user.update({ where: { id: $ }, data: { profile: { connect: {
        userId: $ } } }, select: { id: true } })",
    connect_to_a_place_or_create: "user.update({ where: { id: $ }, data: { badge: { connectOrCreate: { where: { code: $ },
        create: { code: $ } } } }, select: { id: true } })",
    connect_by_a_key_that_changes: "user.update({ where: { id: $ }, data: { id: $, badge: { connect: { userId: $ } } },
        select: { id: true } })",
    connect_a_row_to_itself_under_its_new_key: "user.update({ where: { id: $ }, data: { id: $, reports: { connect: { id: $ } } },
        select: { id: true } })",
    set_rows_whose_keys_change_with_the_row: "document.update({ where: { tenant: $, slug: $ }, data: { tenant: $,
        children: { set: [{ tenant: $, slug: $ }] } }, select: { slug: true } })",
    delete_several_rows_that_refer_to_the_row: "user.update({ where: { id: $ }, data: { reports: { delete: [{ id: $ }, { email: $ }] } },
        select: { id: true } })",
    replace_what_refers_to_the_row: "user.update({ where: { id: $ }, data: { profile: { delete: true, create: {} } },
        select: { id: true } })",
    a_changed_row_keeps_the_row_that_it_is_changed_in: "user.update({ where: { id: $ }, data: { posts: { update: {
        where: { id: $ }, data: { authorId: $ } } } }, select: { id: true } })",
    many_changed_rows_keep_the_row_that_they_are_changed_in: "user.update({ where: { id: $ }, data: { reports: {
        updateMany: { where: { name: $ }, data: { managerId: null } } } }, select: { id: true } })",
    an_upserted_row_keeps_the_row_that_it_is_changed_in: "user.update({ where: { id: $ }, data: { posts: { upsert: {
        where: { id: $ }, create: { title: $ }, update: { author: { connect: { id: $ } } } } } }, select: { id: true } })",
    delete_through_a_join_table: "post.update({ where: { id: $ }, data: { tags: { delete: { id: $ } } },
        select: { id: true } })",
    delete_many_of_related_rows: "user.update({ where: { id: $ }, data: { posts: { deleteMany: { views: { lt: $ } } } },
        select: { id: true } })",
    create_many_related_rows: "user.create({ data: { email: $, posts: { createMany: { data: [{ title: $ }] } } },
        select: { id: true } })",
    delete_a_row: "profile.delete({ where: { id: $ } })",
    delete_what_is_shown_with_its_children: "user.delete({ where: { id: $ },
        select: { email: true, posts: { select: { title: true } } } })",
    delete_many_by_related_rows: "user.deleteMany({ where: { manager: { is: { name: $ } } } })",
}
