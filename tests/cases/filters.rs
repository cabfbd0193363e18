//! Conditions on columns.

use purlin::{Condition, DateTime, Filter};
use purlin_tests::db::{Client, Comment, CommentFields, Post, PostFields, PostKind, Role, User, UserFields};
use purlin_tests::result::show;
use purlin_tests::{Outcome, cases};
use serde_json::json;

async fn users<F: Condition<User>>(db: &Client, condition: impl FnOnce(UserFields) -> F) -> Outcome {
    let rows = db.user().find_many().filter(condition).order_by(|user| user.id.asc()).await?;
    show(rows.iter().map(|user| user.id).collect::<Vec<_>>())
}

async fn posts<F: Condition<Post>>(db: &Client, condition: impl FnOnce(PostFields) -> F) -> Outcome {
    let rows = db.post().find_many().filter(condition).order_by(|post| post.id.asc()).await?;
    show(rows.iter().map(|post| post.id).collect::<Vec<_>>())
}

async fn comments<F: Condition<Comment>>(db: &Client, condition: impl FnOnce(CommentFields) -> F) -> Outcome {
    let rows = db.comment().find_many().filter(condition).order_by(|comment| comment.id.asc()).await?;
    show(rows.iter().map(|comment| comment.id).collect::<Vec<_>>())
}

fn instant(text: &str) -> DateTime {
    text.parse().expect("an instant")
}

cases!(
    several_fields_must_all_hold,
    equality_distinguishes_case,
    null_is_a_value_to_equal,
    not_null,
    the_negation_of_null_is_not_null,
    not_leaves_out_nulls,
    not_in_leaves_out_nulls,
    a_negated_condition_leaves_out_nulls,
    in_a_list,
    in_a_list_with_duplicates,
    in_a_list_of_hundreds,
    in_an_empty_list_is_nothing,
    not_in_an_empty_list_is_everything,
    ranges,
    inclusive_ranges,
    text_compares_by_code_point,
    contains,
    contains_ignores_the_case_of_ascii,
    starts_with,
    ends_with,
    a_percent_sign_is_literal,
    an_underscore_is_literal,
    a_backslash_is_literal,
    a_negated_pattern_leaves_out_nulls,
    booleans,
    enums_by_their_names_in_the_schema,
    enum_lists,
    instants,
    floats,
    and_or_not_nest,
    a_list_of_negations_excludes_each,
    all_of_nothing_is_everything_and_any_of_nothing_is_nothing,
    conditions_that_are_not_given_are_left_out,
    each_condition_under_one_not_is_negated,
    negations_of_negations,
    null_in_the_place_of_a_list,
    thousands_of_conditions,
);

async fn several_fields_must_all_hold(db: &Client) -> Outcome {
    users(db, |user| user.role.eq(Role::Member) & user.visits.eq(3)).await
}

async fn equality_distinguishes_case(db: &Client) -> Outcome {
    let upper = users(db, |user| user.name.eq("EVE")).await?;
    let lower = users(db, |user| user.name.eq("eve")).await?;
    show(json!({ "EVE": upper, "eve": lower }))
}

async fn null_is_a_value_to_equal(db: &Client) -> Outcome {
    users(db, |user| user.name.is_null()).await
}

async fn not_null(db: &Client) -> Outcome {
    users(db, |user| user.score.is_not_null()).await
}

async fn the_negation_of_null_is_not_null(db: &Client) -> Outcome {
    users(db, |user| !user.score.is_null()).await
}

async fn not_leaves_out_nulls(db: &Client) -> Outcome {
    users(db, |user| user.score.ne(4.5)).await
}

async fn not_in_leaves_out_nulls(db: &Client) -> Outcome {
    users(db, |user| user.score.is_not_in([4.5, 0.0])).await
}

async fn a_negated_condition_leaves_out_nulls(db: &Client) -> Outcome {
    users(db, |user| !user.score.eq(4.5)).await
}

async fn in_a_list(db: &Client) -> Outcome {
    users(db, |user| user.email.is_in(["cy@navy.mil", "ada@acme.io", "nobody@acme.io"])).await
}

async fn in_a_list_with_duplicates(db: &Client) -> Outcome {
    users(db, |user| user.id.is_in([2, 2, 2])).await
}

async fn in_a_list_of_hundreds(db: &Client) -> Outcome {
    users(db, |user| user.id.is_in(4..900)).await
}

async fn in_an_empty_list_is_nothing(db: &Client) -> Outcome {
    users(db, |user| user.id.is_in([0; 0])).await
}

async fn not_in_an_empty_list_is_everything(db: &Client) -> Outcome {
    users(db, |user| user.score.is_not_in([0.0; 0])).await
}

async fn ranges(db: &Client) -> Outcome {
    users(db, |user| user.visits.gt(0) & user.visits.lt(10)).await
}

async fn inclusive_ranges(db: &Client) -> Outcome {
    users(db, |user| user.visits.gte(0) & user.visits.lte(3)).await
}

async fn text_compares_by_code_point(db: &Client) -> Outcome {
    users(db, |user| user.name.gte("Bob")).await
}

async fn contains(db: &Client) -> Outcome {
    posts(db, |post| post.title.contains("ph")).await
}

async fn contains_ignores_the_case_of_ascii(db: &Client) -> Outcome {
    posts(db, |post| post.title.contains("GAM")).await
}

async fn starts_with(db: &Client) -> Outcome {
    posts(db, |post| post.title.starts_with("snake")).await
}

async fn ends_with(db: &Client) -> Outcome {
    posts(db, |post| post.title.ends_with("a")).await
}

async fn a_percent_sign_is_literal(db: &Client) -> Outcome {
    posts(db, |post| post.title.contains("%")).await
}

async fn an_underscore_is_literal(db: &Client) -> Outcome {
    posts(db, |post| post.title.starts_with("snake_")).await
}

async fn a_backslash_is_literal(db: &Client) -> Outcome {
    comments(db, |comment| comment.text.ends_with(r"\slash")).await
}

async fn a_negated_pattern_leaves_out_nulls(db: &Client) -> Outcome {
    users(db, |user| !user.name.starts_with("A")).await
}

async fn booleans(db: &Client) -> Outcome {
    let published = posts(db, |post| post.published.eq(true)).await?;
    let not_published = posts(db, |post| post.published.ne(true)).await?;
    show(json!({ "published": published, "notPublished": not_published }))
}

async fn enums_by_their_names_in_the_schema(db: &Client) -> Outcome {
    users(db, |user| user.role.eq(Role::PowerUser)).await
}

async fn enum_lists(db: &Client) -> Outcome {
    let roles = users(db, |user| user.role.is_in([Role::Admin, Role::PowerUser])).await?;
    let kinds = posts(db, |post| post.kind.is_not_in([PostKind::Note])).await?;
    show(json!({ "in": roles, "notIn": kinds }))
}

async fn instants(db: &Client) -> Outcome {
    let new_year = instant("2024-01-01T00:00:00Z");
    let before = posts(db, |post| post.published_at.lt(new_year)).await?;
    let from = posts(db, |post| post.published_at.gte(new_year)).await?;
    let exactly = posts(db, |post| post.published_at.eq(instant("2024-02-29T12:30:00.123Z"))).await?;
    show(json!({ "before": before, "from": from, "exactly": exactly }))
}

async fn floats(db: &Client) -> Outcome {
    users(db, |user| user.score.gt(0.0) & user.score.lte(4.5)).await
}

async fn and_or_not_nest(db: &Client) -> Outcome {
    users(db, |user| {
        (user.role.eq(Role::Admin) | (user.visits.eq(3) & !user.name.eq("Bob"))) & user.email.ends_with("@acme.io")
    })
    .await
}

async fn a_list_of_negations_excludes_each(db: &Client) -> Outcome {
    users(db, |user| !user.role.eq(Role::Admin) & !user.visits.eq(3)).await
}

async fn all_of_nothing_is_everything_and_any_of_nothing_is_nothing(db: &Client) -> Outcome {
    let none = || Vec::<Filter<User>>::new();
    let all = users(db, |_| Filter::all(none())).await?;
    let any = users(db, |_| Filter::any(none())).await?;
    let not = users(db, |_| !Filter::any(none())).await?;
    show(json!({ "AND": all, "OR": any, "NOT": not }))
}

async fn conditions_that_are_not_given_are_left_out(db: &Client) -> Outcome {
    let (name, visits) = (None::<&str>, Some(10));
    let all = users(db, |user| {
        Filter::given([name.map(|name| user.name.eq(name)), visits.map(|count| user.visits.eq(count))])
    })
    .await?;
    let any = users(db, |user| {
        let conditions = [name.map(|name| user.name.eq(name)), visits.map(|count| user.visits.eq(count))];
        Filter::any(conditions.into_iter().flatten())
    })
    .await?;
    let nothing = users(db, |user| Filter::given([name.map(|name| user.name.eq(name))])).await?;
    show(json!({ "all": all, "any": any, "nothing": nothing }))
}

async fn each_condition_under_one_not_is_negated(db: &Client) -> Outcome {
    show(json!({
        "int": users(db, |user| !user.visits.eq(3) & !user.visits.gt(5)).await?,
        "float": users(db, |user| !user.score.lt(1.0) & !user.score.gt(4.0)).await?,
        "string": users(db, |user| !user.name.is_in(["Ada"]) & !user.name.contains("b")).await?,
        "enum": users(db, |user| !user.role.is_in([Role::Admin]) & !user.role.eq(Role::PowerUser)).await?,
        "dateTime": posts(db, |post| {
            let from = instant("2024-02-01T00:00:00Z");
            !post.published_at.gte(from) & !post.published_at.lt(instant("2024-01-01T00:00:00Z"))
        })
        .await?,
        "null": users(db, |user| user.score.is_not_null() & !user.score.gt(4.0)).await?,
        "lists": users(db, |user| !user.visits.is_in([3]) & !user.visits.is_not_in([0, 10])).await?,
    }))
}

async fn negations_of_negations(db: &Client) -> Outcome {
    show(json!({
        "twice": users(db, |user| user.visits.gte(0) & user.visits.lt(5)).await?,
        "thrice": users(db, |user| !user.visits.gte(0) & !user.visits.lt(-5)).await?,
        "beside": users(db, |user| user.visits.eq(3) & !user.visits.gt(5)).await?,
        "null": users(db, |user| user.score.is_null()).await?,
    }))
}

async fn null_in_the_place_of_a_list(db: &Client) -> Outcome {
    show(json!({
        "in": users(db, |user| user.score.is_null()).await?,
        "notIn": users(db, |user| user.score.is_not_null()).await?,
        "not": users(db, |user| !user.name.is_null()).await?,
        "beside": posts(db, |post| post.kind.is_null() & post.views.gt(1)).await?,
    }))
}

async fn thousands_of_conditions(db: &Client) -> Outcome {
    let any = users(db, |user| Filter::any((0..1_900).map(|number| user.visits.eq(number)))).await?;
    let folded =
        users(db, |user| (1..1_900).fold(user.visits.eq(0), |filter, number| filter | user.visits.eq(number))).await?;
    let all = users(db, |user| Filter::all((0..1_900).map(|number| user.visits.ne(number)))).await?;
    let none = users(db, |user| Filter::all((0..1_900).map(|number| !user.visits.eq(number)))).await?;
    show(json!([any, folded, all, none]))
}
