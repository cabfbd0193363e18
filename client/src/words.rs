//! The words that queries are made of, beside the grammar of [`purlin_query::shape`].

#[path = "../tests/blog/db.rs"]
mod db;

use purlin_query::shape::Code::{
    Add, All, And, Ascending, Connect, ConnectOrCreate, Contains, Counts, Descending, Disconnect, End, Equals, Every,
    Field, FindMany, Greater, In, IsNotNull, IsNull, NestedCreate, NestedCreateMany, NestedDelete, NestedDeleteMany,
    NestedUpdate, NestedUpdateMany, NestedUpsert, Not, NullsLast, Or, OrderBy, Relation, Set, SetNull, SetRelated,
    Skip, Take, Where,
};
use purlin_query::shape::{Code, decode};
use purlin_query::value::Value;

use crate::expression::{EncodedQuery, Expression};
use crate::filter::Condition;
use crate::model::Model;
use crate::select::Select;
use crate::write::written;
use crate::{Filter, New, Sets};
use db::{NewPost, NewUser, Post, User};

const USER: db::UserFields = User::FIELDS;
const POST: db::PostFields = Post::FIELDS;

/// What stands in a shape: a code, or a number.
struct Word(u16);

impl From<Code> for Word {
    fn from(code: Code) -> Self {
        Self(code as u16)
    }
}

impl From<u16> for Word {
    fn from(number: u16) -> Self {
        Self(number)
    }
}

macro_rules! words {
    ($($word:expr),* $(,)?) => { [$(Word::from($word).0),*] };
}

#[test]
fn a_filter_is_its_code_its_field_and_its_value() {
    let filter = (USER.visits.gt(3) | USER.name.is_null()) & USER.email.is_in(["a", "b", "c"]);
    assert_eq!(filter.expression.words.as_slice(), words![And, 2, Or, 2, Greater, 4, IsNull, 2, In, 1]);
    let list = ["a", "b", "c"].map(|text| Value::Text(text.into()));
    assert_eq!(filter.expression.values.as_slice(), [Value::Int(3), Value::List(list.into())]);
}

#[test]
fn null_is_part_of_the_shape() {
    assert_eq!(USER.name.eq(None::<&str>).expression.words.as_slice(), words![IsNull, 2]);
    assert_eq!(USER.name.ne(None::<&str>).expression.words.as_slice(), words![IsNotNull, 2]);
    let writes = changes(|user| [user.name.to(None::<String>), user.visits.add(1)]);
    assert_eq!(writes.words.as_slice(), words![SetNull, 2, Add, 4]);
}

#[test]
fn a_condition_on_related_rows_holds_its_condition() {
    let filter: Filter<User> = !USER.posts.every(|post| post.author.is(|author| author.id.eq(1)));
    assert_eq!(filter.expression.words.as_slice(), words![Not, Every, 8, Code::Some, 7, Equals, 0]);
}

#[test]
fn a_nested_write_ends_where_its_row_ends() {
    let new = New::from(NewUser { email: "a".into() }).set(|user| {
        [user.posts.create(NewPost { title: "t".into() }), user.manager.connect(|manager| manager.id.eq(1))]
    });
    assert_eq!(new.writes.words.as_slice(), words![Set, 1, NestedCreate, 8, Set, 1, End, Connect, 6, Equals, 0]);
    assert_eq!(new.writes.values.as_slice(), [Value::Text("a".into()), Value::Text("t".into()), Value::Int(1)]);
}

/// What a closure assigns to a row that is there.
fn changes<S: Sets<User>>(sets: impl FnOnce(db::UserFields) -> S) -> Expression {
    written(sets)
}

/// The query that updates a row of User so.
fn update(writes: Expression) -> EncodedQuery {
    let mut query = EncodedQuery::new(Code::Update, User::INDEX);
    query.append(USER.id.eq(1).into_expression());
    query.append(writes);
    query.words.extend(words![End, Field, 0, End]);
    query
}

#[test]
fn an_operation_on_related_rows_is_its_code_its_relation_and_its_parts() {
    let hello = || NewPost { title: "t".into() };
    let cases: Vec<(Expression, Vec<u16>)> = vec![
        (
            changes(|user| {
                user.comments.create_many(
                    ["a", "b"].map(|text| db::NewComment { text: text.into() }.set(|comment| comment.post_id.to(1))),
                )
            }),
            words![NestedCreateMany, 9, 2, 1, 3].to_vec(),
        ),
        (
            changes(|user| user.posts.connect_or_create(|post| post.id.eq(1), hello())),
            words![ConnectOrCreate, 8, Equals, 0, Set, 1, End].to_vec(),
        ),
        (
            changes(|user| user.reports.disconnect(|report| report.id.eq(1))),
            words![Disconnect, 7, Where, Equals, 0].to_vec(),
        ),
        (changes(|user| user.reports.disconnect_all()), words![SetRelated, 7, 0].to_vec()),
        (
            changes(|user| user.posts.set_to(|post| [1, 2].map(|id| post.id.eq(id)))),
            words![SetRelated, 8, 2, Equals, 0, Equals, 0].to_vec(),
        ),
        (
            changes(|user| user.posts.update(|post| post.id.eq(1), |post| post.views.add(1))),
            words![NestedUpdate, 8, Where, Equals, 0, Add, 3, End].to_vec(),
        ),
        (
            changes(|user| user.posts.update_many(|post| post.views.gt(1), |post| post.views.to(0))),
            words![NestedUpdateMany, 8, Greater, 3, Set, 3, End].to_vec(),
        ),
        (
            changes(|user| user.posts.update_all(|post| post.views.to(0))),
            words![NestedUpdateMany, 8, And, 0, Set, 3, End].to_vec(),
        ),
        (
            changes(|user| user.posts.upsert(|post| post.id.eq(1), hello(), |post| post.views.add(1))),
            words![NestedUpsert, 8, Where, Equals, 0, Set, 1, End, Add, 3, End].to_vec(),
        ),
        (changes(|user| user.posts.delete(|post| post.id.eq(1))), words![NestedDelete, 8, Where, Equals, 0].to_vec()),
        (
            changes(|user| user.posts.delete_many(|post| post.views.gt(1))),
            words![NestedDeleteMany, 8, Greater, 3].to_vec(),
        ),
        (changes(|user| user.posts.delete_all()), words![NestedDeleteMany, 8, And, 0].to_vec()),
        (
            changes(|user| user.manager.update(|manager| manager.visits.add(1))),
            words![NestedUpdate, 6, All, Add, 4, End].to_vec(),
        ),
        (
            changes(|user| user.manager.update_if(|manager| manager.visits.gt(1), |manager| manager.visits.add(1))),
            words![NestedUpdate, 6, Where, Greater, 4, Add, 4, End].to_vec(),
        ),
        (
            changes(|user| user.manager.upsert(NewUser { email: "a".into() }, |_| ())),
            words![NestedUpsert, 6, All, Set, 1, End, End].to_vec(),
        ),
        (
            changes(|user| {
                user.manager.upsert_if(|manager| manager.visits.gt(1), NewUser { email: "a".into() }, |_| ())
            }),
            words![NestedUpsert, 6, Where, Greater, 4, Set, 1, End, End].to_vec(),
        ),
        (changes(|user| user.manager.disconnect()), words![Disconnect, 6, All].to_vec()),
        (
            changes(|user| user.manager.disconnect_if(|manager| manager.visits.gt(1))),
            words![Disconnect, 6, Where, Greater, 4].to_vec(),
        ),
        (changes(|user| user.manager.delete()), words![NestedDelete, 6, All].to_vec()),
        (
            changes(|user| user.manager.delete_if(|manager| manager.visits.gt(1))),
            words![NestedDelete, 6, Where, Greater, 4].to_vec(),
        ),
    ];
    for (writes, words) in cases {
        assert_eq!(writes.words.as_slice(), words);
        assert_eq!(writes.refused, None);
        let query = update(writes);
        let decoded = decode(User::CATALOG, &query.words, &purlin_query::Limits::default());
        assert!(decoded.is_ok(), "{words:?}: {decoded:?}");
    }
}

#[test]
fn rows_of_several_kinds_are_created_in_their_order() {
    let post = |title: &str| NewPost { title: title.into() };
    let rows = [post("a").into(), post("b").into(), post("c").set(|post| post.views.to(7)), post("d").into()];
    let writes = changes(|user| user.posts.create_many(rows));
    let words = words![NestedCreateMany, 8, 1, 1, NestedCreateMany, 8, 2, 1, 3, NestedCreateMany, 8, 1, 1];
    assert_eq!(writes.words.as_slice(), words);
    let text = |text: &str| Value::Text(text.into());
    let values = [vec![text("a"), text("b")], vec![text("c"), Value::Int(7)], vec![text("d")]].map(Value::List);
    assert_eq!(writes.values.as_slice(), values);
}

#[test]
fn what_is_refused_in_the_depth_keeps_the_query_from_being_asked() {
    let everything = || crate::Filter::given([None::<Filter<db::Comment>>]);
    let deep = changes(|user| {
        user.posts.update(|post| post.id.eq(1), |post| (post.views.add(1), post.comments.delete_many(|_| everything())))
    });
    let message = update(deep).refused.map(|error| error.to_string()).unwrap_or_default();
    assert!(message.contains("`delete_many` came out empty") && message.contains("use `delete_all`"), "{message}");
    let many = changes(|user| {
        user.posts.update(
            |post| post.id.eq(1),
            |post| post.comments.update_many(|_| everything(), |comment| comment.text.to("x")),
        )
    });
    assert!(update(many).refused.is_some_and(|error| error.to_string().contains("use `update_all`")));
    let nested = NewPost { title: "t".into() }.set(|post| post.tags.connect(|tag| tag.name.eq("a")));
    let nested = changes(|user| user.posts.create_many([nested]));
    assert!(update(nested).refused.is_some_and(|error| error.to_string().contains("use `create` for related rows")));
}

#[derive(purlin_macros::Select)]
#[select(User)]
#[allow(dead_code, reason = "only its selection is looked at")]
struct UserCard {
    id: i32,
    #[select(filter(|post| post.views.gt(5)).order_by(|post| [post.author.by(|user| user.name.asc().nulls_last()), post.id.desc()]).take(2))]
    posts: Vec<PostTitle>,
    #[select(count(comments).filter(|comment| comment.text.contains("!")))]
    comments_count: i64,
}

#[derive(purlin_macros::Select)]
#[select(Post)]
#[allow(dead_code, reason = "only its selection is looked at")]
struct PostTitle {
    title: String,
}

#[test]
fn a_fragment_is_a_selection() {
    let mut query = EncodedQuery::new(FindMany, User::INDEX);
    query.code(End);
    UserCard::selection().write(&mut query, &[]);
    let posts = words![
        Relation, 8, Where, Greater, 3, OrderBy, Ascending, NullsLast, 1, 7, Field, 2, OrderBy, Descending, 0, Field,
        0, Take, End, Field, 1, End,
    ];
    let words = [
        words![FindMany, 0, End, Field, 0].to_vec(),
        posts.to_vec(),
        words![Counts, 1, 9, Where, Contains, 1, End].to_vec(),
    ];
    assert_eq!(query.words.as_slice(), words.concat());
    assert_eq!(query.values.as_slice(), [Value::Int(5), Value::Int(2), Value::Text("!".into())]);
    assert!(decode(User::CATALOG, &query.words, &purlin_query::Limits::default()).is_ok());
}

#[test]
fn a_refinement_narrows_the_fragment() {
    let mut query = EncodedQuery::default();
    let refine =
        UserCard::slots(0).posts.filter(|post| post.published.eq(true)).order_by(|post| post.views.desc()).skip(1);
    UserCard::selection().write(&mut query, &[refine.into()]);
    let posts = words![
        Field, 0, Relation, 8, Where, And, 2, Greater, 3, Equals, 2, OrderBy, Descending, 0, Field, 3, Take, Skip, End,
        Field, 1, End,
    ];
    assert_eq!(query.words.get(..posts.len()), Some(posts.as_slice()));
    let values = [Value::Int(5), Value::Boolean(true), Value::Int(2), Value::Int(1), Value::Text("!".into())];
    assert_eq!(query.values.as_slice(), values);
    assert_eq!(POST.views.field, 3);
}
